"""Connections to platforms: since when each one stands, when it last brought something, and what is wrong with it.

How posts go out is in backend.sending; this is what comes in.
"""

import threading
import time
from datetime import datetime, timedelta

from sqlalchemy.orm import Mapped, Session, mapped_column

from backend import events
from backend.store import Base, Moment, Store, now

SELDOM = 15.0
"""Seconds between two notes that something came in."""
AGAIN = timedelta(hours=24)
"""How long the same trouble is told once."""


class Connection(Base):
    """How what people write on a channel reaches us.

    since     since when it stands; None while it does not
    heard_at  when it last brought something
    trouble   what is wrong, for an admin; "" while nothing is
    """

    __tablename__ = "connections"
    channel: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime | None] = mapped_column(Moment)
    heard_at: Mapped[datetime | None] = mapped_column(Moment)
    trouble: Mapped[str] = mapped_column(default="")
    trouble_at: Mapped[datetime | None] = mapped_column(Moment)


def of(session: Session, channel: str) -> Connection | None:
    """The connection of a channel, if it was ever tried."""
    return session.get(Connection, channel)


def up(session: Session, channel: str) -> None:
    """Notes that a connection stands: what was wrong is over."""
    row = _row(session, channel)
    row.since, row.trouble, row.trouble_at = row.since or now(session), "", None


def down(session: Session, channel: str, why: str = "") -> None:
    """Notes that a connection does not stand. Where an admin has to mend it, `why` says what is wrong."""
    row = _row(session, channel)
    row.since = None
    if why:
        _trouble(session, row, why)


def trouble(session: Session, channel: str, why: str) -> None:
    """Notes that something is wrong on a channel; whoever looks after it is told, once a day."""
    _trouble(session, _row(session, channel), why)


def heard(session: Session, channel: str) -> None:
    """Notes that something came in."""
    _row(session, channel).heard_at = now(session)


def _trouble(session: Session, row: Connection, why: str) -> None:
    told = row.trouble == why and row.trouble_at is not None and now(session) - row.trouble_at < AGAIN
    row.trouble = why[:500]
    if not told:
        row.trouble_at = now(session)
        events.record(
            session,
            "channel.failed",
            by=None,
            subject=f"channel:{row.channel}",
            detail={"channel": row.channel, "why": why[:500]},
        )


def _row(session: Session, channel: str) -> Connection:
    row = session.get(Connection, channel)
    if row is None:
        row = Connection(channel=channel, trouble="")
        session.add(row)
        session.flush()
    return row


class Watched:
    """A connection as the process that holds it sees it: writes down what changes, and not every message."""

    def __init__(self, store: Store, channel: str) -> None:
        self._store, self._channel = store, channel
        self._lock = threading.Lock()
        self._state: tuple[bool, str] | None = None
        self._heard = 0.0

    def up(self) -> None:
        """It stands."""
        self._note(True, "")

    def down(self, why: str = "") -> None:
        """It does not stand; `why` where an admin has to mend it."""
        self._note(False, why)

    def heard(self) -> None:
        """It brought something."""
        with self._lock:
            if time.monotonic() - self._heard < SELDOM and self._heard:
                return
            self._heard = time.monotonic()
        with self._store.writing() as session:
            heard(session, self._channel)

    def trouble(self, why: str) -> None:
        """Something is wrong, though it stands."""
        with self._store.writing() as session:
            trouble(session, self._channel, why)

    def _note(self, stands: bool, why: str) -> None:
        with self._lock:
            if self._state == (stands, why):
                return
            self._state = (stands, why)
        with self._store.writing() as session:
            if stands:
                up(session, self._channel)
            else:
                down(session, self._channel, why)
