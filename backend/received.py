"""What a platform sent, kept from before it is told that we have it until it is answered: a crash loses nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, bindparam, delete, insert, select, union_all
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.chats import Inbox
from backend.store import Base, Doc, Moment, now

MOST_ATTEMPTS = 5
LEFT = timedelta(minutes=1)
"""After this long, whoever received something has died, or has lost sight of it."""
FORGOTTEN = timedelta(days=1)


class Received(Base):
    """Something that a platform sent, by its own id of it; the row goes when it is done."""

    __tablename__ = "received"
    event: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(index=True)
    body: Mapped[dict[str, Any]] = mapped_column(Doc)
    at: Mapped[datetime] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)


@dataclass(frozen=True)
class Parcel:
    """What is to be kept: the platform's id of it, and all that is needed to do it."""

    event: str
    body: dict[str, Any]


def keep(session: Session, channel: str, parcels: Sequence[Parcel]) -> set[str]:
    """Keeps what came in; returns the ids of what is new, for the rest is kept or done already."""
    wanted = {each.event: each for each in parcels}
    if not wanted:
        return set()
    connection = session.connection()
    for known in connection.scalars(_KNOWN, {"events": list(wanted)}):
        wanted.pop(known, None)
    if wanted:
        at = now(session)
        rows = [
            {"event": each.event, "channel": channel, "body": each.body, "at": at, "attempts": 0}
            for each in wanted.values()
        ]
        connection.execute(_INSERT, rows)
    return set(wanted)


_EVENTS: BindParameter[Any] = bindparam("events", expanding=True)
_KNOWN = union_all(
    select(Received.event).where(Received.event.in_(_EVENTS)), select(Inbox.event).where(Inbox.event.in_(_EVENTS))
)
_INSERT = insert(Received.__table__)  # pyright: ignore[reportArgumentType]
"""Made once: this is done before anything is acknowledged."""


def done(session: Session, events: Sequence[str]) -> None:
    """Forgets what was answered."""
    if events:
        session.connection().execute(_FORGET, {"events": list(events)})


_FORGET = delete(Received.__table__).where(Received.event.in_(_EVENTS))  # pyright: ignore[reportArgumentType]


def left_over(session: Session, channel: str) -> list[Parcel]:
    """What was received a while ago and is still not done, oldest first; after a limit it is given up."""
    given_up = (Received.attempts >= MOST_ATTEMPTS, Received.at < now(session) - FORGOTTEN)
    session.execute(delete(Received).where(Received.channel == channel, *given_up))
    wanted = select(Received).where(
        Received.channel == channel, Received.at < now(session) - LEFT, Received.attempts < MOST_ATTEMPTS
    )
    rows = list(session.scalars(wanted.order_by(Received.at).limit(200).with_for_update(skip_locked=True)))
    for each in rows:
        each.attempts += 1
        each.at = now(session)
    return [Parcel(each.event, each.body) for each in rows]
