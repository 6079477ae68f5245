"""Readings: the files that were sent as receipts, worked off in the order they came, and what was read from each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend import requests, steps
from backend.files import File
from backend.forms import files_of
from backend.people import Person
from backend.requests import REJECTED, WITHDRAWN, Request
from backend.store import Base, Doc, Moment, now

WAITING, READ = "waiting", "read"
HELD = timedelta(minutes=7)
"""How long a file is held by one who neither reads it nor says why not; reading gives up sooner."""
MOST_ATTEMPTS = 3
FAR = timedelta(days=800)
"""How far back pictures are compared with each other: nobody hands in what is older."""
NEAR = 20
"""Of how many of the 256 bits of a picture's hash two copies of one picture may differ."""


class Reading(Base):
    """A file to be read, or what was read of it.

    batch    what was sent together and becomes one draft: a message, or an album; "" for a file put into a form
    event    the message that it came with, and where that was answered: channel, conversation, private
    said     what was asked for with it: {"kind": "expense", "values": {...}}; empty where nothing was
    doc      what was read, as the reader writes it
    day, total, document, picture  of what was read, by which the same receipt is found again
    request  the request that it is part of
    draft    the draft that it went into
    held_by  who is reading it, until `held_until` at most
    """

    __tablename__ = "readings"
    __table_args__ = (
        Index("readings_due", "state", "id"),
        Index("readings_by_batch", "batch"),
        Index("readings_alike", "total", "day"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[str] = mapped_column(ForeignKey("files.id"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    batch: Mapped[str] = mapped_column(default="")
    event: Mapped[str] = mapped_column(default="")
    channel: Mapped[str] = mapped_column(default="")
    conversation: Mapped[str] = mapped_column(default="")
    private: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str] = mapped_column(default="")
    said: Mapped[dict[str, Any]] = mapped_column(Doc, default=dict)
    state: Mapped[str] = mapped_column(default=WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    held_by: Mapped[str | None]
    held_until: Mapped[datetime | None] = mapped_column(Moment)
    doc: Mapped[dict[str, Any] | None] = mapped_column(Doc)
    day: Mapped[date | None]
    total: Mapped[str | None]
    document: Mapped[str | None] = mapped_column(index=True)
    picture: Mapped[str] = mapped_column(default="")
    request: Mapped[int | None] = mapped_column(index=True)
    draft: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(Moment)


@dataclass(frozen=True)
class Twin:
    """Another reading that may be of the same receipt.

    ref   the request that it is part of, for who may see that; "" for anybody else
    docs  what was read of its pages
    """

    ref: str
    docs: Sequence[Mapping[str, Any]]
    same_file: bool = False


def put_in_line(session: Session, file: File, *, person: Person, **words: Any) -> Reading:
    """Notes that a file is to be read; the row that it has already stays as it is."""
    row = of(session, file.id)
    if row is None:
        row = Reading(file_id=file.id, person_id=person.id, at=now(session), **words)
        session.add(row)
        session.flush()
        session.info["to_read"] = True
    return row


def of(session: Session, file_id: str) -> Reading | None:
    """The reading of a file."""
    return session.scalar(select(Reading).where(Reading.file_id == file_id))


def docs(session: Session, files: Iterable[str]) -> list[Mapping[str, Any]]:
    """What was read of each of these files; nothing of those that were not read yet."""
    rows = (of(session, each) for each in files)
    return [row.doc for row in rows if row is not None and row.doc]


def batch(session: Session, name: str, *, person_id: int) -> list[Reading]:
    """What was sent together, in the order it came."""
    wanted = select(Reading).where(Reading.batch == name, Reading.person_id == person_id)
    return list(session.scalars(wanted.order_by(Reading.id)))


def before(session: Session, row: Reading) -> int:
    """How many files wait to be read before this one."""
    return session.scalar(select(func.count()).where(Reading.state == WAITING, Reading.id < row.id)) or 0


def claim(session: Session, *, holder: str, event: str | None = None) -> Reading | None:
    """Holds the next file to be read (of one message), so that nobody else reads it; None if there is none."""
    moment = now(session)
    free = or_(Reading.held_by.is_(None), Reading.held_by == holder, Reading.held_until <= moment)
    wanted = select(Reading).where(Reading.state == WAITING, free)
    if event is not None:
        wanted = wanted.where(Reading.event == event)
    row = session.scalar(wanted.order_by(Reading.id).limit(1).with_for_update(skip_locked=True))
    if row is not None:
        row.held_by, row.held_until = holder, moment + HELD
        row.attempts += 1
        session.flush()
    return row


def waits(session: Session, *, holder: str) -> bool:
    """Whether there is anything that this one could read now."""
    free = or_(Reading.held_by.is_(None), Reading.held_by == holder, Reading.held_until <= now(session))
    return session.scalar(select(Reading.id).where(Reading.state == WAITING, free).limit(1)) is not None


def release(session: Session, holder: str) -> None:
    """Lets go of what somebody who died was reading."""
    mine = or_(Reading.held_by == holder, Reading.held_by.startswith(f"{holder}/", autoescape=True))
    session.execute(update(Reading).where(Reading.state == WAITING, mine).values(held_until=now(session)))


def note(row: Reading, session: Session, doc: Mapping[str, Any]) -> None:
    """Writes down what was read."""
    row.doc, row.state = dict(doc), READ
    row.held_by = row.held_until = None
    row.day = date.fromisoformat(doc["day"]) if doc.get("day") else None
    row.total = str(doc["total"]) if doc.get("total") is not None else None
    row.document = f"{doc['tax_id']} {doc['document_number']}" if doc.get("document_number") else None
    row.picture = str(doc.get("picture_hash") or "")
    session.flush()


def use(session: Session, file_ids: Iterable[str], *, request: int, person: Person) -> None:
    """Notes which request these files are part of; one that was never read is put in line for it."""
    for each in file_ids:
        file = session.get(File, each)
        if file is not None:
            put_in_line(session, file, person=person).request = request
    session.flush()


def twins(session: Session, files: Iterable[str], *, besides: int | None, reader: Person) -> list[Twin]:
    """What is part of other requests in force and may be the receipt of these pages, whoever sent it; each once."""
    out: dict[tuple[int, int], Twin] = {}
    for each in files:
        for place, twin in _twins(session, each, besides=besides, reader=reader):
            out[place] = twin if place not in out or twin.same_file else out[place]
    return list(out.values())


def _twins(
    session: Session, file_id: str, *, besides: int | None, reader: Person
) -> Iterator[tuple[tuple[int, int], Twin]]:
    """What may be the same as one page: the number of the request and the place of the line, and what is there."""
    file, mine = session.get(File, file_id), of(session, file_id)
    if file is None:
        return
    keys = [File.original == file.original, File.sha256 == file.sha256]
    if mine is not None and mine.doc is not None:
        keys += [Reading.total == mine.total] if mine.total else []
        keys += [Reading.day == mine.day] if mine.day else []
        keys += [Reading.document == mine.document] if mine.document else []
        keys += [Reading.id.in_(near)] if (near := _near(session, mine)) else []
    wanted = (
        select(Reading, File, Request)
        .join(File, File.id == Reading.file_id)
        .join(Request, Request.number == Reading.request)
        .where(
            or_(*keys),
            Reading.file_id != file_id,
            Reading.request != (besides or 0),
            Request.state.not_in((REJECTED, WITHDRAWN)),
        )
    )
    for row, other, request in session.execute(wanted.order_by(Reading.id).limit(200)):
        for line in request.lines:
            pages = next((held for value in line.values.values() if row.file_id in (held := files_of(value))), ())
            if pages:
                ref = requests.ref(session, request) if steps.may_see(session, request, reader) else ""
                same = (bool(file.original) and file.original == other.original) or file.sha256 == other.sha256
                yield (request.number, line.position), Twin(ref, docs(session, pages), same_file=same)


def _near(session: Session, mine: Reading) -> Sequence[int]:
    """The pictures that look nearly the same."""
    if not mine.picture:
        return []
    bits = int(mine.picture, 16)
    wanted = select(Reading.id, Reading.picture).where(
        Reading.picture != "", Reading.request.is_not(None), Reading.at > mine.at - FAR, Reading.id != mine.id
    )
    return [id for id, picture in session.execute(wanted) if (bits ^ int(picture, 16)).bit_count() <= NEAR]
