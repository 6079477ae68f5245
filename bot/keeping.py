"""Keeping the handbook in chat: a file to add, a document to withdraw, words that mean the same, each as a card."""

import mimetypes
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import files
from backend.chats import Inbox
from backend.kinds import Fact
from backend.people import Person
from backend.refusals import Refusal
from backend.words import say
from bot import speaking
from bot.brain.handbook_words import replaces
from bot.replies import Reply
from knowledge import called, changes, golden, illustrations, library, own_words, places, proposals, publishing, reading
from knowledge.library import Document
from knowledge.proposals import Sort
from knowledge.reading import Reading
from knowledge.search import Reader, reader_of

if TYPE_CHECKING:
    from bot.app import App

Remarks = list[Fact]


def add(app: "App", person: Person, *, event: str, origin: str) -> Reply:
    """A card that publishes the file that came with the message; it is read and embedded with no transaction open."""
    with app.store.looking() as session:
        me = speaking.again(session, person)
        row = session.get(Inbox, event)
        said = row.text if row is not None else ""
        kept = [session.get_one(files.File, each) for each in (row.files if row is not None else [])]
        named = [(each.name, (app.home / "files" / each.id).read_bytes()) for each in kept]
        proposals.must_keep_something(session, me)
    if not named:
        raise Refusal("Send me the document together with these words, and I'll show you what I read before it counts.")
    (name, content), pictures = _told_apart(named)
    found, waits = _read(name, content, pictures)
    shown = {illustrations.name_of(address) for _, address in illustrations.named(found.text)}
    unnamed = [each for each in pictures if each not in shown]
    if unnamed:
        waits.append(Fact("Note", "The text names no picture {names}: it is left out.", {"names": ", ".join(unnamed)}))
    with app.store.looking() as session:
        me = speaking.again(session, person)
        found = _as_known(session, me, found, said)
        proposals.must_keep_both(session, me, found)
        remarks = [*waits, *noticed(session, found)]
    return _proposed(app, person, found, origin=origin, remarks=remarks)


def _proposed(app: "App", person: Person, found: Reading, *, origin: str, remarks: Remarks) -> Reply:
    """The card that publishes this, with what golden questions would say to it."""
    prepared = publishing.prepare(app.store, [found])[0]
    with app.store.looking() as session:
        reader = reader_of(session, speaking.again(session, person))
    remarks = [*_checked(app, prepared, reader), *remarks]
    with app.store.writing() as session:
        me = speaking.again(session, person)
        row = proposals.propose(
            session,
            me,
            sort=Sort.PUBLISH,
            origin=origin,
            held={"title": found.title},
            prepared=prepared,
            remarks=remarks,
        )
        text = say(me.language, "This is what I read. It counts when you press Publish.")
        return Reply(text, card=row.subject)


def withdraw(app: "App", person: Person, *, doc: str, origin: str) -> Reply:
    """A card that withdraws a document; what people call it is looked for in its title and path."""
    with app.store.writing() as session:
        me = speaking.again(session, person)
        document = called.called(session, doc, by=me)
        proposals.must_keep(me, document)
        row = proposals.propose(session, me, sort=Sort.WITHDRAW, origin=origin, held={"doc": document.path})
        text = say(me.language, "Shall I withdraw {title}? No answer uses it from then on.", title=document.title)
        return Reply(text, card=row.subject)


def same_words(app: "App", person: Person, *, words: str, origin: str) -> Reply:
    """A card that keeps words that mean the same."""
    with app.store.writing() as session:
        me = speaking.again(session, person)
        proposals.must_keep(me)
        line = own_words.read(words)
        row = proposals.propose(session, me, sort=Sort.SYNONYMS, origin=origin, held={"words": list(line)})
        text = say(
            me.language, "Shall I search for all of these wherever one is written: {words}?", words=", ".join(line)
        )
        return Reply(text, card=row.subject)


def _told_apart(sent: Sequence[tuple[str, bytes]]) -> tuple[tuple[str, bytes], dict[str, bytes]]:
    """The one document that was sent, and the pictures that came with it; a Refusal if there are more documents."""
    documents = [each for each in sent if len(sent) == 1 or not illustrations.is_picture(each[1])]
    if len(documents) != 1:
        raise Refusal(
            "One document at a time, please, with its pictures or in a zip: then you see of each what changes."
        )
    return documents[0], {name: content for name, content in sent if (name, content) != documents[0]}


def _read(name: str, content: bytes, pictures: Mapping[str, bytes]) -> tuple[Reading, Remarks]:
    """The one document in a file; where changes in it wait for a decision, as if all were accepted, with a remark."""
    suffix = Path(name).suffix.lower()
    if not suffix:
        name += mimetypes.guess_extension("text/plain") or ""
    try:
        return reading.read_one(content, doc=name, pictures=pictures), []
    except Refusal as refusal:
        if not isinstance(refusal, reading.Undecided):
            raise
        text = "It has tracked changes or comments: Publish takes all changes as accepted and leaves the comments out."
        return reading.read_one(content, doc=name, accept=True, pictures=pictures), [Fact("Note", text)]


def named_in(session: Session, said: str) -> Document | None:
    """The document that a message names: by a title of one word only where it speaks of another version of it."""
    return called.named_in(session, said, fewest=1 if replaces(said) else 2)


def _as_known(session: Session, person: Person, found: Reading, said: str) -> Reading:
    """The reading in the place of the document that it is a new version of, with what its file leaves unsaid.

    That is the one whose file is called like this one, or else the one that was named with it.
    """
    stem = Path(found.doc).stem.lower()
    same = [
        each
        for each in session.scalars(select(Document).order_by(Document.path))
        if found.doc.lower() in (each.path.lower(), each.path.lower().rpartition("/")[2])
        or (stem == Path(each.path).stem.lower() and found.title.lower() == each.title.lower())
    ]
    before = same[0] if len(same) == 1 else None if same else named_in(session, said)
    if before is not None:
        by_name = found.translation_of == reading.original(found.doc)  # and that of another folder, maybe
        found = replace(found, doc=before.path, translation_of=None if by_name else found.translation_of)
    found = publishing.complete(session, found)
    return replace(found, owner=found.owner or person.handle)


def noticed(session: Session, found: Reading) -> Remarks:
    """What a card says about something to be published: its pictures, places that it names, and what changes."""
    before = session.scalar(select(Document).where(Document.path == found.doc))
    return [*_pictures(session, found, before), *_remarks(session, found, before)]


def _pictures(session: Session, found: Reading, before: Document | None) -> Remarks:
    """Which pictures it would have that the version before has not, and which of them it would lose."""
    newest = library.newest_version(session, before) if before is not None else None
    stood = illustrations.of_version(session, newest) if newest is not None else {}
    told = changes.pictures(
        newest.text if newest is not None else "",
        [(address, each.id) for address, each in stood.items()],
        found.text,
        found.pictures,
    )
    missing = (
        "{names}: named in the text, but not sent, or no picture that I can show. Send both together, or as a zip."
    )
    rows = [
        Fact("Pictures missing", missing, {"names": "; ".join(told.missing)}),
        Fact("Pictures left out", "{names}", {"names": "; ".join(told.left_out)}),
        Fact("New pictures", "{names}", {"names": "; ".join(told.added)}),
        Fact("Pictures replaced", "{names}", {"names": "; ".join(told.replaced)}),
        Fact("Pictures kept", "{names}", {"names": "; ".join(told.kept)}),
    ]
    return [each for each in rows if each.values["names"]]


def _remarks(session: Session, found: Reading, before: Document | None) -> Remarks:
    out: Remarks = []
    named = places.named(session, found) if not found.places else ()
    if named:
        text = "It names {places}: press Change to say that it holds only there."
        out.append(Fact("Note", text, {"places": ", ".join(named)}))
    newest = library.newest_version(session, before) if before is not None else None
    if newest is not None:
        found_changes = changes.between(newest.text, found.text, title=found.title)
        if found_changes.added:
            out.append(Fact("New", "{headings}", {"headings": "; ".join(found_changes.added)}))
        if found_changes.changed:
            out.append(Fact("Changed", "{headings}", {"headings": "; ".join(found_changes.changed)}))
        if found_changes.left_out:
            out.append(Fact("Left out", "{headings}", {"headings": "; ".join(found_changes.left_out)}))
        if found_changes.changed and (told := _difference(newest.text, found.text)):
            out.append(Fact("Difference", "{lines}", {"lines": told}))
        if newest.sha256 == found.sha256:
            out.append(Fact("Note", "It says the same as version {version}.", {"version": newest.number}))
    return out


def _difference(before: str, after: str) -> str:
    """The first lines that went (-) and came (+), each cut to a length that a card can show."""
    shown, more = changes.shortly(before, after)
    return "\n".join([*shown, *(["…"] if more else [])])


def _checked(app: "App", prepared: publishing.Prepared, reader: Reader) -> Remarks:
    """What the golden questions of this home would be answered otherwise, to this reader."""
    questions = golden.kept(app.home)
    if not questions:
        return []
    differences = golden.differences(app.store, [prepared], questions, reader=reader)
    if not differences:
        text = "Golden questions: all {count} are answered as before."
        return [Fact("Checked", text, {"count": len(questions)})]
    some = "\n".join(f"• {_otherwise(each, reader.language)}" for each in differences[:3])
    text = "{count} of {all} golden questions would be answered otherwise:\n{some}"
    return [Fact("Checked", text, {"some": some, "count": len(differences), "all": len(questions)})]


def _otherwise(each: golden.Difference, language: str) -> str:
    """What becomes of the answer to a question, in words."""
    now, then = (shorten(said, changes.LINE, placeholder=" …") for said in (each.before, each.after))
    match each.before in golden.UNANSWERED, each.after in golden.UNANSWERED:
        case False, True:
            text = "“{question}” would no longer be answered. The answer now: {now}"
        case True, False:
            text = "“{question}” would be answered: {then}"
        case True, True:
            text = "“{question}” would still have no answer."
        case _:
            text = "“{question}” would be answered: {then} The answer now: {now}"
    return say(language, text, question=each.question, now=now, then=then)
