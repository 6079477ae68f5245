"""What is sent with a message: kept, and read as receipts where it is one and the words are about it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from backend import chats, files
from backend.drafts import Draft
from backend.kinds import Kind
from backend.people import Person
from backend.refusals import Refusal
from backend.words import say
from bot import answering, keeping, kindly, receiving, speaking
from bot.brain.clean import clean
from bot.brain.handbook_words import hands_over, replaces
from bot.brain.hearing import asks
from bot.brain.port import SURE, Understood
from bot.message import Heard, Intent, Said
from bot.offered import button
from bot.replies import Reply, post
from knowledge import called
from knowledge.proposals import may_keep
from knowledge.reading import ENDINGS, PACKED

if TYPE_CHECKING:
    from bot.app import App

BESIDE = frozenset({*kindly.NOTHING, "form.confirm"})
"""What a message with a photo may be beside it, so that the photo is what it is about."""


def keep(
    session: Session, app: "App", heard: Said, me: Person, row: chats.Inbox
) -> tuple[list[files.File], list[Reply]]:
    """Keeps what came with a message, once: the files, and why some are not kept; one that is unfit spoils no other."""
    if row.files:  # the message was begun before, by a process that ended
        return [session.get_one(files.File, each) for each in row.files], []
    kept: list[files.File] = []
    unfit: list[Reply] = []
    for each in heard.files:
        words: dict[str, Any] = {"name": each.name, "content": each.content, "mime": each.mime}
        try:
            kept.append(files.keep(session, me, folder=app.home / "files", **words))
        except Refusal as refusal:
            text = say(me.language, refusal.text, **refusal.values)
            unfit.append(Reply(text, refusal=text))
    row.files = [each.id for each in kept]
    return kept, unfit


def take_in(
    app: "App",
    heard: Said,
    person: Person,
    kept: list[files.File],
    unfit: list[Reply],
    *,
    asked: tuple[str, Mapping[str, Any]] = ("", {}),
    understood: tuple[Intent, ...] = (),
) -> None:
    """Puts what came with a message in line to be read as receipts; what is none of that kind is said to be kept."""
    fit = [each for each in kept if receiving.looks_like_one(app, each)]
    replies = [*unfit, *_unread(kept, fit, person)]
    with app.store.writing() as session:
        row = answering.take_in(session, heard, sort="said")
        if row is None:
            return
        me = speaking.again(session, person)
        for reply in replies:
            address = answering.where(session, app, reply, heard.address, me)
            post(session, app, me, reply, address=address, cause=heard.event, understood=understood)
        if fit:
            receiving.take_in(session, app, heard, me, fit, kind=asked[0], said=asked[1])
        if not fit or not receiving.inline(app, heard.address):
            answering.done(session, heard, me)
    if fit:
        read_now(app, heard)


def for_the_handbook(app: "App", heard: Said, person: Person, kept: list[files.File], *, vague: bool = False) -> bool:
    """Whether a document was sent to be kept in the handbook, by somebody who may keep it there.

    So it is where it comes without a word, or with none that says more (`vague`), and is none of the sorts that
    receipts come in; where its file or the words with it name a document of the handbook; where the words hand it over.
    """
    documents = _documents(kept)
    if len(documents) != 1:
        return False
    with app.store.looking() as session:
        me = speaking.again(session, person)
        meant = called.same_file(session, documents[0].name) or keeping.named_in(session, heard.text)
        if not may_keep(me, meant):
            return False
    if vague or not heard.text.strip():
        return meant is not None or not receiving.looks_like_one(app, documents[0])
    return hands_over(heard.text) or (meant is not None and replaces(heard.text))


def is_about_it(app: "App", understood: Understood, pending: Draft | None, *, text: str) -> bool:
    """Whether what was written with a photo is about the photo, as far as it is about anything."""
    vague = understood.confidence < SURE and bool(understood.alternatives)
    return vague or all(
        each.intent in BESIDE or _read_by(app, each, pending) or _only_names(each, text) for each in understood.intents
    )


def asked_with_it(app: "App", understood: Understood, pending: Draft | None) -> tuple[str, Mapping[str, Any]]:
    """The kind of request that was asked for with a photo, and its values; ("", {}) where none was."""
    for each in understood.intents:
        if (kind := _read_by(app, each, pending)) is not None:
            return kind.name, each.args
    return "", {}


def beside(
    app: "App", heard: Said, person: Person, kept: list[files.File], replies: list[Reply]
) -> tuple[list[Reply], list[files.File]]:
    """The replies to words that ask for something else than their files, with what becomes of these; which to read.

    Where the words only ask to be told something, pictures and PDFs are read as if they had come alone. Where they
    begin something, which is one thing at a time, these are kept, and a button reads them.
    """
    fit = [] if _for_handbook(app, person, kept) else [each for each in kept if receiving.looks_like_one(app, each)]
    replies = [*replies, *_left_over(app, heard, person, [each for each in kept if each not in fit])]
    if not fit or not any(each.pending or each.asked for each in replies):
        return replies, fit
    text = "I kept {name}, but did not read it: your words ask for something else."
    names = ", ".join(each.name for each in fit)
    with app.store.writing() as session:
        me = speaking.again(session, person)
        verb, label = f"mean:intent={receiving.kinds_of(app)[0].intent}", say(me.language, "Read it as a receipt")
        choices = (button(session, me, verb=verb, subject=f"said:{heard.event}", label=label),)
    return [Reply(say(person.language, text, name=names), choices=choices), *replies], []


def sent_with(app: "App", event: str) -> list[files.File]:
    """The files that came with an earlier message."""
    with app.store.looking() as session:
        row = session.get(chats.Inbox, event)
        return [session.get_one(files.File, each) for each in (row.files if row is not None else [])]


def read_now(app: "App", heard: Heard) -> None:
    """Reads what a message brought, on a channel where that is waited for."""
    if receiving.inline(app, heard.address):
        while receiving.read_next(app, event=heard.event):
            pass


def _left_over(app: "App", heard: Said, person: Person, kept: list[files.File]) -> list[Reply]:
    """What is said of files that came with words about something else; a document is offered to the handbook."""
    if not kept:
        return []
    names, language = ", ".join(each.name for each in kept), person.language
    if not _for_handbook(app, person, kept):
        text = "{names} is kept, but I did nothing with it. Send it again with what it is for: an expense, a purchase?"
        return [Reply(say(language, text, names=names))]
    text = say(language, "{names} is kept, and not part of that. Shall it go into the handbook?", names=names)
    verb, subject, label = "mean:intent=handbook.add", f"said:{heard.event}", say(language, "Add to the handbook")
    with app.store.writing() as session:
        me = speaking.again(session, person)
        return [Reply(text, choices=(button(session, me, verb=verb, subject=subject, label=label),))]


def _for_handbook(app: "App", person: Person, kept: list[files.File]) -> bool:
    """Whether what came is one document, from somebody who may keep the handbook."""
    with app.store.looking() as session:
        return len(_documents(kept)) == 1 and may_keep(speaking.again(session, person))


def _documents(kept: list[files.File]) -> list[files.File]:
    """Those of the files that the handbook could hold; pictures come with one."""
    return [each for each in kept if each.name.lower().endswith((*ENDINGS, PACKED))]


def _unread(kept: list[files.File], fit: list[files.File], person: Person) -> list[Reply]:
    """What is said of the files that are neither picture nor PDF."""
    text = "{name} is kept. I read receipts that are a photo or a PDF: what shall I do with this one?"
    return [Reply(say(person.language, text, name=each.name)) for each in kept if each not in fit]


def _read_by(app: "App", intent: Intent, pending: Draft | None) -> Kind[Any] | None:
    """The kind of request that something said is about, where it is one that reads files."""
    name = pending.kind if intent.intent == "form.update" and pending is not None else None
    kind = app.kinds.get(name) if name else app.kinds.by_intent(intent.intent)
    return kind if kind is not None and kind.reads else None


def _only_names(intent: Intent, text: str) -> bool:
    """Whether words that may ask how a request stands ask nothing: they name what is on the photo ("my taxi")."""
    return intent.intent == "request.status" and "request_id" not in intent.args and not asks(clean(text).folded)
