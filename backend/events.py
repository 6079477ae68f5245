"""What happened: one row for every change, written in the transaction that made it, chained by digests.

The chained part holds ids, kind, time and a salted digest. Names, comments, amounts and free text lie in the
detail row, which retention or an erasure may delete without breaking the chain. The same rows are the outbox:
each event owes a delivery to every subscriber of its kind.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import ForeignKey, Index, Text, event, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.forms import plain
from backend.people import Person
from backend.store import Base, Moment, now, write_new

GENESIS = "0" * 64


class Event(Base):
    """One entry of the chain. Never changed, never deleted: triggers refuse it on both databases."""

    __tablename__ = "events"
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(Moment)
    actor_id: Mapped[int | None]
    for_id: Mapped[int | None]
    subject: Mapped[str] = mapped_column(index=True)
    detail_digest: Mapped[str]
    previous: Mapped[str]
    digest: Mapped[str]


class Detail(Base):
    """What an event was about, in words and figures; may be erased. `salt` keeps its digest from being guessed."""

    __tablename__ = "event_details"
    event_seq: Mapped[int] = mapped_column(ForeignKey("events.seq"), primary_key=True, autoincrement=False)
    salt: Mapped[str]
    body: Mapped[str] = mapped_column(Text)


class Head(Base):
    """The newest entry of the chain; locked last in every transaction that records something."""

    __tablename__ = "event_head"
    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int]
    digest: Mapped[str]


class Delivery(Base):
    """An event that a subscriber has still to be told of, or was told of, or could not be told of.

    cause  the heard message or press that led to it, if one did
    to_id  the one person who is told, where the others were told before
    """

    __tablename__ = "deliveries"
    __table_args__ = (Index("deliveries_due", "state", "due_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(index=True)
    subscriber: Mapped[str]
    cause: Mapped[str | None]
    to_id: Mapped[int | None]
    state: Mapped[str] = mapped_column(default="due")
    due_at: Mapped[datetime] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(default="")


class EventPerson(Base):
    """Whom an event's detail speaks of, so that an export or an erasure finds it."""

    __tablename__ = "event_people"
    event_id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(primary_key=True, index=True)


@dataclass(frozen=True)
class Happening:
    """An event as its subscribers see it. `to_id` is the one person to tell of it; None: all whom it concerns."""

    id: str
    kind: str
    at: datetime
    actor_id: int | None
    for_id: int | None
    subject: str
    detail: dict[str, Any]
    to_id: int | None = None


def record(
    session: Session,
    kind: str,
    *,
    by: Person | None,
    subject: str,
    on_behalf_of: Person | None = None,
    about: tuple[Person, ...] = (),
    detail: Mapping[str, Any] | None = None,
) -> str:
    """Writes down that something happened; it joins the chain when the transaction commits.

    kind     "request.submitted": a noun and the office's verb in the past
    by       who did it; None is Backdesk itself (a timer)
    subject  "request:12"
    about    whom the detail speaks of, besides `by`
    detail   everything that names, costs or explains; erasable
    Returns the event's id.
    """
    event_id = uuid4().hex
    pending: list[dict[str, Any]] = session.info.setdefault("events", [])
    pending.append(
        {
            "id": event_id,
            "kind": kind,
            "at": now(session),
            "actor_id": by.id if by else None,
            "for_id": on_behalf_of.id if on_behalf_of else None,
            "subject": subject,
            "body": json.dumps(plain(dict(detail or {})), ensure_ascii=False, sort_keys=True),
            "people": {
                each.id for each in (*about, *((by,) if by else ()), *((on_behalf_of,) if on_behalf_of else ()))
            },
        }
    )
    subscribers: Mapping[str, list[str]] = session.info.get("subscribers", {})
    for name in subscribers.get(kind, []):
        owe(session, event_id, subscriber=name)
    return event_id


def owe(session: Session, event_id: str, *, subscriber: str, to: Person | None = None) -> None:
    """Owes a subscriber the news of an event; with `to`, for that person alone."""
    session.info.setdefault("owed", []).append(
        {
            "event_id": event_id,
            "subscriber": subscriber,
            "cause": session.info.get("cause"),
            "to_id": to.id if to else None,
            "due_at": now(session),
        }
    )


def write_owed(session: Session) -> list[str]:
    """Writes all that is owed by now, at once; the ids of the events that it is the news of."""
    rows: list[dict[str, Any]] = session.info.pop("owed", [])
    if rows:
        session.execute(insert(Delivery), rows)
    return [each["event_id"] for each in rows]


def detail_digest(salt: str, body: str) -> str:
    """SHA-256 of the salt and the detail, in hex."""
    return hashlib.sha256(f"{salt}\n{body}".encode()).hexdigest()


def entry_digest(
    *,
    seq: int,
    id: str,
    kind: str,
    at: datetime,
    actor_id: int | None,
    for_id: int | None,
    subject: str,
    detail: str,
    previous: str,
) -> str:
    """SHA-256 over the chained part of an entry, its detail's digest and the digest before it, in hex."""
    chained = [seq, id, kind, at.isoformat(timespec="microseconds"), actor_id, for_id, subject, detail, previous]
    return hashlib.sha256(json.dumps(chained, separators=(",", ":")).encode()).hexdigest()


def happening(session: Session, event_id: str, *, to_id: int | None = None) -> Happening | None:
    """The event with its detail (empty once erased); with `to_id`, for that person alone."""
    row = session.scalar(select(Event).where(Event.id == event_id))
    if row is None:
        return None
    detail = session.get(Detail, row.seq)
    return Happening(
        id=row.id,
        kind=row.kind,
        at=row.at,
        actor_id=row.actor_id,
        for_id=row.for_id,
        subject=row.subject,
        detail=json.loads(detail.body) if detail else {},
        to_id=to_id,
    )


APPEND_ONLY_DDL = {
    "sqlite": [
        f"CREATE TRIGGER events_no_{verb.lower()} BEFORE {verb} ON events "
        "BEGIN SELECT RAISE(ABORT, 'events are never changed'); END"
        for verb in ("UPDATE", "DELETE")
    ]
    + [  # REPLACE deletes without telling the trigger above
        "CREATE TRIGGER events_no_replace BEFORE INSERT ON events "
        "WHEN EXISTS (SELECT 1 FROM events WHERE seq = NEW.seq OR id = NEW.id) "
        "BEGIN SELECT RAISE(ABORT, 'events are never changed'); END"
    ],
    "postgresql": [
        "CREATE FUNCTION events_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'events are never changed'; END $$",
        "CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE ON events "
        "FOR EACH ROW EXECUTE FUNCTION events_refuse()",
        "CREATE TRIGGER events_no_truncate BEFORE TRUNCATE ON events EXECUTE FUNCTION events_refuse()",
    ],
}
"""What makes the database itself refuse to change or delete entries, by dialect."""


def newest(session: Session) -> tuple[int, str]:
    """The chain's newest entry: its number and digest; (0, zeros) while it is empty."""
    head = session.get(Head, 1)
    return (head.seq, head.digest) if head else (0, GENESIS)


def chain(session: Session) -> None:
    """Joins what this transaction recorded to the chain. Called once, at the end, by the store's commit."""
    pending: list[dict[str, Any]] = session.info.pop("events", [])
    if not pending:
        return
    session.flush()
    locked = select(Head).where(Head.id == 1).with_for_update().execution_options(populate_existing=True)
    head = session.scalar(locked)
    if head is None:  # the first entry of all; two transactions may be at it at once
        write_new(session, Head, id=1, seq=0, digest=GENESIS)
        head = session.scalars(locked).one()
    seq, previous = head.seq, head.digest
    entries: list[dict[str, Any]] = []
    details: list[dict[str, Any]] = []
    for each in pending:
        salt, seq = secrets.token_hex(16), seq + 1
        of_detail = detail_digest(salt, each["body"])
        chained = {name: each[name] for name in ("id", "kind", "at", "actor_id", "for_id", "subject")}
        digest = entry_digest(seq=seq, detail=of_detail, previous=previous, **chained)
        entries.append({**chained, "seq": seq, "detail_digest": of_detail, "previous": previous, "digest": digest})
        details.append({"event_seq": seq, "salt": salt, "body": each["body"]})
        previous = digest
    session.execute(insert(Event), entries)
    session.execute(insert(Detail), details)
    named = [{"event_id": each["id"], "person_id": id} for each in pending for id in sorted(each["people"])]
    if named:
        session.execute(insert(EventPerson), named)
    head.seq, head.digest = seq, previous
    session.flush()


@event.listens_for(Session, "before_commit")
def _join_the_chain(session: Session) -> None:  # pyright: ignore[reportUnusedFunction]
    if "clock" in session.info and not session.in_nested_transaction():
        write_owed(session)
        chain(session)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:  # pyright: ignore[reportUnusedFunction]
    session.info.pop("events", None)
    session.info.pop("owed", None)


def length(session: Session) -> int:
    """How many entries the chain holds."""
    return session.scalar(select(func.count()).select_from(Event)) or 0
