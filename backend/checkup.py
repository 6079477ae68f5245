"""The engine looks after itself: what is late, stuck or unwatched, and who is at work on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from backend import escalations, outbox, workers
from backend.chats import ASIDE, WAITING, Posted
from backend.events import Delivery
from backend.sending import Outlet
from backend.store import now
from backend.timers import Timer

log = structlog.get_logger()

LATE = timedelta(minutes=2)
"""What is due for longer, while workers run, is stuck."""


@dataclass(frozen=True)
class Waiting:
    """Posts that wait on a channel: how many, since when the oldest could have been sent, and since when it is down."""

    channel: str
    count: int
    since: datetime
    down_at: datetime | None = None
    why: str = ""


@dataclass(frozen=True)
class Checkup:
    """How the engine is.

    unwatched  the requests' numbers of open steps that no timer watches (up to 100 of them)
    late       timers that should have gone off, and since when the first
    stuck      events that somebody should have been told of, and since when the first
    waiting    posts that should have been sent, by channel
    aside      posts and events that were set aside
    unsure     posts that may have been shown twice
    """

    at: datetime
    workers: Sequence[workers.Worker]
    unwatched: Sequence[int]
    late: tuple[int, datetime | None]
    stuck: tuple[int, datetime | None]
    waiting: Sequence[Waiting]
    aside: int
    unsure: int

    @property
    def troubles(self) -> dict[str, object]:
        """What is wrong, by name, for the log; empty when all is well."""
        found: dict[str, object] = {}
        if self.unwatched:
            found["steps_without_timer"] = list(self.unwatched[:10])
        if self.late[0]:
            found["timers_late"] = self.late[0]
        if self.stuck[0]:
            found["deliveries_stuck"] = self.stuck[0]
        for each in self.waiting:
            found[f"posts_waiting_{each.channel}"] = each.count
        if self.aside:
            found["set_aside"] = self.aside
        return found


def examine(session: Session) -> Checkup:
    """Looks at everything; cheap also where a million steps are open."""
    late = now(session) - LATE
    timers = select(func.count(), func.min(Timer.due_at)).where(Timer.state == "open", Timer.due_at < late)
    stuck = select(func.count(), func.min(Delivery.due_at)).where(Delivery.state == outbox.DUE, Delivery.due_at < late)
    return Checkup(
        at=now(session),
        workers=workers.alive(session),
        unwatched=[each.number for each in escalations.without_timer(session)],
        late=_counted(session, timers),
        stuck=_counted(session, stuck),
        waiting=_waiting(session, late),
        aside=_count(session, Posted, ASIDE) + _count(session, Delivery, outbox.ASIDE),
        unsure=session.scalar(select(func.count()).select_from(Posted).where(Posted.unsure > 0)) or 0,
    )


def log_troubles(session: Session) -> None:
    """Says in the log what is wrong, if anything is."""
    troubles = examine(session).troubles
    if troubles:
        log.warning("the engine is not well: see `backdesk doctor`", **troubles)


def _counted(session: Session, wanted: Select[int, datetime]) -> tuple[int, datetime | None]:
    count, since = session.execute(wanted).one()
    return count, since


def _count(session: Session, table: type[Posted] | type[Delivery], state: str) -> int:
    return session.scalar(select(func.count()).select_from(table).where(table.state == state)) or 0


def _waiting(session: Session, late: datetime) -> list[Waiting]:
    wanted = (
        select(Posted.channel, func.count(), func.min(Posted.due_at))
        .where(Posted.state == WAITING)
        .group_by(Posted.channel)
        .having(func.min(Posted.due_at) < late)
        .order_by(Posted.channel)
    )
    found: list[Waiting] = []
    for channel, count, since in session.execute(wanted):
        outlet = session.get(Outlet, channel)
        down = outlet if outlet is not None and outlet.failures else None
        found.append(Waiting(channel, count, since, down.down_at if down else None, down.error if down else ""))
    return found
