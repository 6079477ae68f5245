"""Workers: the processes that deliver and watch timers; the row of each beats for as long as it lives."""

import os
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import token_hex

from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend import readings, sending
from backend.store import Base, Moment, now

SILENT_SECONDS = 5.0
"""A worker whose row has not moved for so long is dead: another one takes over what it held."""
LATELY = timedelta(seconds=30)
"""A worker that was heard of so lately counts as running."""


class Worker(Base):
    """A process that delivers. `beats` moves every second, and nobody has to compare clocks."""

    __tablename__ = "workers"
    id: Mapped[str] = mapped_column(primary_key=True)
    started_at: Mapped[datetime] = mapped_column(Moment)
    beat_at: Mapped[datetime] = mapped_column(Moment)
    beats: Mapped[int] = mapped_column(default=0)


@dataclass
class Watch:
    """What one worker has seen of the others: how far each one's beats were, and since when they stand there."""

    seen: dict[str, tuple[int, float]] = field(default_factory=dict[str, tuple[int, float]])

    def silent(self, rows: Sequence[Worker]) -> list[str]:
        """The ids of those who have not moved while this worker looked at them for SILENT_SECONDS."""
        at = time.monotonic()
        before, self.seen = self.seen, {}
        for each in rows:
            beats, since = before.get(each.id, (-1, at))
            self.seen[each.id] = (each.beats, since if beats == each.beats else at)
        return [id for id, (_, since) in self.seen.items() if at - since >= SILENT_SECONDS]

    def forget(self) -> None:
        """Begins anew: this worker could not look for a while."""
        self.seen = {}


def name() -> str:
    """A name for this process that no other ever has: machine, number and something random."""
    return f"{socket.gethostname()}:{os.getpid()}:{token_hex(4)}"


def beat(session: Session, id: str) -> None:
    """Says that a worker lives; it is entered at its first beat."""
    row = session.get(Worker, id)
    if row is None:
        row = Worker(id=id, started_at=now(session), beats=0)
        session.add(row)
    row.beats += 1
    row.beat_at = now(session)
    session.flush()


def others(session: Session, id: str) -> Sequence[Worker]:
    """All workers but this one."""
    return session.scalars(select(Worker).where(Worker.id != id)).all()


def bury(session: Session, id: str) -> None:
    """A worker is gone: what it was sending or reading is free for the others."""
    sending.release(session, id)
    readings.release(session, id)
    session.execute(delete(Worker).where(Worker.id == id))


def alive(session: Session) -> list[Worker]:
    """The workers that were heard of lately, the oldest first."""
    wanted = select(Worker).where(Worker.beat_at > now(session) - LATELY)
    return list(session.scalars(wanted.order_by(Worker.started_at, Worker.id)))
