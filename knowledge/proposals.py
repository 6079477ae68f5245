"""What somebody is about to do to the handbook, kept as a row until they press the button or discard it."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from backend import people
from backend.forms import plain
from backend.kinds import Fact
from backend.people import Person
from backend.refusals import Already, Refusal
from backend.store import Base, Doc, Moment, now
from knowledge import illustrations, library
from knowledge.embedding import joined, parted
from knowledge.library import Document
from knowledge.passages import cut
from knowledge.publishing import Prepared, Published, complete, publish
from knowledge.reading import Reading

OPEN, DONE, DISCARDED = "open", "done", "discarded"
KEEPERS = ("hr", "admin")
"""The roles that keep the handbook; besides them, each document's owner keeps that document."""

UNSAID: dict[str, Any] = {"audience": None, "places": None, "owner": None, "review": None}
"""What stays as it was where it is not said."""


class Sort(StrEnum):
    """What is proposed."""

    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    SYNONYMS = "synonyms"


class Proposal(Base):
    """Something that one person is about to do to the handbook.

    held     for Sort.PUBLISH the reading, what was noticed about it, the number of the version that it replaces, and
             the base: what it was compared with; for Sort.WITHDRAW {"doc"}; else {"words"}
    vectors  of what is to be published, those of each passage one after the other
    origin   the event that began it: the same message heard twice makes one proposal
    """

    __tablename__ = "handbook_proposals"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    sort: Mapped[str]
    held: Mapped[dict[str, Any]] = mapped_column(Doc, default=dict)
    vectors: Mapped[bytes] = mapped_column(LargeBinary, default=b"", deferred=True)
    state: Mapped[str] = mapped_column(default=OPEN)
    origin: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(Moment)

    person: Mapped[Person] = relationship()

    @property
    def subject(self) -> str:
        return f"proposal:{self.id}"

    @property
    def reading(self) -> Reading:
        """What is to be published."""
        held = dict(self.held["reading"])
        for name in ("effective", "expires", "review"):
            held[name] = date.fromisoformat(held[name]) if held[name] else None
        for name in ("audience", "places"):
            held[name] = tuple(held[name] or ())
        held["pictures"] = tuple((address, id) for address, id in held.get("pictures", ()))
        return Reading(**held)


def may_keep(person: Person, document: Document | None = None) -> bool:
    """True for HR and admins, and for the owner of this document."""
    owner = document is not None and document.owner_id == person.id
    return owner or any(people.has_role(person, each) for each in KEEPERS)


def must_keep(person: Person, document: Document | None = None) -> None:
    """A Refusal unless the person keeps the handbook, or this document."""
    if not may_keep(person, document):
        raise Refusal("The handbook is for HR and the owners of its documents to change, so nothing was changed.")


def must_keep_both(session: Session, person: Person, reading: Reading) -> None:
    """A Refusal unless the person keeps the document that this becomes, and what it translates where that is new."""
    document = session.scalar(select(Document).where(Document.path == reading.doc))
    must_keep(person, document)
    of = document.translation_of if document is not None else None
    for path in {of, reading.translation_of} - {None} if of != reading.translation_of else ():
        must_keep(person, session.scalar(select(Document).where(Document.path == path)))


def must_keep_something(session: Session, person: Person) -> None:
    """A Refusal unless the person keeps the handbook, or some document of it."""
    if session.scalar(select(Document.id).where(Document.owner_id == person.id).limit(1)) is None:
        must_keep(person)


def propose(
    session: Session,
    person: Person,
    *,
    sort: Sort,
    origin: str,
    held: dict[str, Any],
    prepared: Prepared | None = None,
    remarks: Sequence[Fact] = (),
) -> Proposal:
    """A proposal to confirm. `remarks` are about what is to be published; what that leaves unsaid is said as it was."""
    known = session.scalar(select(Proposal).where(Proposal.origin == origin, Proposal.person_id == person.id))
    if known is not None:
        return known
    vectors = b""
    if prepared is not None:
        illustrations.store(session, prepared.reading.kept)
        held = {**held, **_shown(session, complete(session, prepared.reading), remarks)}
        vectors = joined(prepared.vectors)
    row = Proposal(person_id=person.id, sort=sort, held=held, vectors=vectors, origin=origin, at=now(session))
    session.add(row)
    session.flush()
    return row


def propose_article(session: Session, person: Person, *, question: str, answer: str, origin: str) -> Proposal:
    """A proposal to publish an answer as an article of its own, for everybody."""
    from knowledge import embedding

    must_keep(person)
    words = "".join(each if each.isalnum() else " " for each in question.lower()).split()
    doc = f"answers/{'-'.join(words)[:60].strip('-') or 'answer'}.md"
    question = f"{question[:1].upper()}{question[1:]}"
    found = Reading(doc=doc, title=question[:120], text=f"# {question}\n\n{answer}\n", owner=person.handle)
    cuts = tuple(cut(found.text, title=found.title))
    prepared = Prepared(found, cuts, tuple(embedding.embed([each.embedded for each in cuts])))
    held = {"title": found.title}
    return propose(session, person, sort=Sort.PUBLISH, origin=origin, held=held, prepared=prepared)


def get(session: Session, number: int, *, by: Person) -> Proposal:
    """An open proposal of this person's; a Refusal if there is none, Already if it was done."""
    row = session.get(Proposal, number, with_for_update=True)
    if row is None or row.person_id != by.id:
        raise Refusal("I no longer have that. Tell me again what you need.")
    if row.state != OPEN:
        raise Already("That was done already.")
    return row


def carry_out(proposal: Proposal, session: Session, *, by: Person) -> Published | None:
    """Does what is proposed; who may is looked at now. What publishing did; None for the others."""
    done: Published | None = None
    match proposal.sort:
        case Sort.PUBLISH:
            must_keep_both(session, by, proposal.reading)
            done = publish(session, _prepared(proposal), by=by)
        case Sort.WITHDRAW:
            document = library.find(session, str(proposal.held["doc"]))
            must_keep(by, document)
            library.withdraw(session, document, by=by)
        case _:
            from knowledge import own_words

            must_keep(by)
            own_words.add(session, [str(each) for each in proposal.held["words"]], by=by)
    proposal.state = DONE
    session.flush()
    return done


def moved(proposal: Proposal, session: Session) -> bool:
    """True where the document is no longer what this was compared with when it was shown."""
    return proposal.sort == Sort.PUBLISH and proposal.held.get("base") != _base(session, proposal.reading)


def renewed(proposal: Proposal, session: Session) -> Reading:
    """What is to be published, compared with the document as it is now: what nobody changed in it is as it is there."""
    reading, base = proposal.reading, proposal.held.get("base", {})
    said = {name: getattr(reading, name) for name in UNSAID}
    kept = {name: value for name, value in said.items() if name not in base or plain(value) != base[name]}
    now_there = complete(session, replace(reading, **UNSAID, whole=False))
    return complete(session, replace(now_there, **kept))


def show_again(proposal: Proposal, session: Session, reading: Reading, *, remarks: Sequence[Fact]) -> None:
    """Puts this in the place of what was to be published, with what is noticed about it now."""
    proposal.held = {**proposal.held, **_shown(session, reading, remarks)}
    session.flush()


def _shown(session: Session, reading: Reading, remarks: Sequence[Fact]) -> dict[str, Any]:
    """What is held of something to be published; it replaces a version where there is one that says something else."""
    base = _base(session, reading)
    return {
        "reading": plain(asdict(replace(reading, kept=()))),
        "replaces": base["version"] if base["version"] and base["sha256"] != reading.sha256 else None,
        "base": base,
        "remarks": [[each.title, each.text, plain(dict(each.values))] for each in remarks],
    }


def _base(session: Session, reading: Reading) -> dict[str, Any]:
    """What the document is that this becomes: its newest version, and what stays of it if nothing is said."""
    document = session.scalar(select(Document).where(Document.path == reading.doc))
    newest = library.newest_version(session, document) if document is not None else None
    unsaid = complete(session, replace(reading, **UNSAID, whole=False))
    return {
        "version": newest.number if newest is not None else 0,
        "sha256": newest.sha256 if newest is not None else "",
        **{name: plain(getattr(unsaid, name)) for name in UNSAID},
    }


def change(proposal: Proposal, session: Session, *, values: dict[str, Any]) -> None:
    """Puts what was filled in into what is to be published: title, audience, place, owner and dates."""
    from knowledge.reading import day, names

    reading = dict(proposal.held["reading"])
    for name, value in values.items():
        text = " ".join(str(value or "").split())
        match name:
            case "audience" | "places":
                reading[name] = list(names(text) or ())
            case "effective" | "expires" | "review":
                found = day(text, doc=reading["doc"], name=name) if text else None
                reading[name] = found.isoformat() if found else None
            case "title":
                reading[name] = text or reading[name]
            case "owner":
                reading[name] = people.find(session, text).handle if text else None
            case _:
                pass
    proposal.held = {**proposal.held, "reading": reading}
    reading = plain(asdict(complete(session, proposal.reading)))
    proposal.held = {**proposal.held, "reading": reading}
    session.flush()


def _prepared(proposal: Proposal) -> Prepared:
    """What is to be published, with the vectors that were made when it was proposed, or made now for another title."""
    from knowledge import embedding

    reading = proposal.reading
    cuts = tuple(cut(reading.text, title=reading.title))
    if reading.title != proposal.held.get("title", reading.title):
        return Prepared(reading, cuts, tuple(embedding.embed([each.embedded for each in cuts])))
    return Prepared(reading, cuts, tuple(parted(proposal.vectors)))
