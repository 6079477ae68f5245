"""What is owed after a commit, at least once: events to their subscribers. Posts to channels: see backend.sending."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend import events
from backend.chats import WAITING, Posted
from backend.events import Delivery, Happening
from backend.store import Store, now

log = structlog.get_logger()

Subscriber = Callable[[Session, Happening], None]
DUE, TOLD, ASIDE = "due", "told", "set aside"
MOST_ATTEMPTS = 12


class TryLater(Exception):
    """A channel cannot take the post now.

    seconds     when to try again, if the channel said so
    everywhere  nothing at all can be sent on this channel meanwhile
    unsure      it may have been shown all the same: the answer was lost
    """

    def __init__(
        self, why: str, *, seconds: float | None = None, everywhere: bool = False, unsure: bool = False
    ) -> None:
        super().__init__(why)
        self.seconds = seconds
        self.everywhere = everywhere
        self.unsure = unsure


class CannotDeliver(Exception):
    """The channel will never take this post: it is set aside at once."""


@dataclass(frozen=True)
class Pace:
    """How fast a platform takes posts; zeros: as fast as they come.

    gap        seconds from one post to the next in a conversation that one person reads
    group_gap  the same where several read
    a_second   posts in all
    """

    gap: float = 0.0
    group_gap: float = 0.0
    a_second: float = 0.0


GRACE = timedelta(seconds=2)
"""How long something may be due before another look for it."""


def tell(store: Store, subscribers: Mapping[str, Subscriber], *, most: int = 200) -> int:
    """Tells subscribers of what happened, oldest first; each in a transaction that also marks it as told.

    One that fails is tried again later, and set aside (and shown by `backdesk doctor`) after a limit; the others
    go on. Returns how many were told.
    """
    with store.looking() as session:
        due = select(Delivery.id).where(Delivery.state == DUE, Delivery.due_at <= now(session))
        ids = list(session.scalars(due.order_by(Delivery.id).limit(most)))
    return sum(tell_one(store, subscribers, each) for each in ids)


def tell_one(store: Store, subscribers: Mapping[str, Subscriber], delivery_id: int) -> bool:
    """Tells one subscriber of one event; False if that was done already or has to be tried again."""
    try:
        with store.writing() as session:
            locked = select(Delivery).where(Delivery.id == delivery_id, Delivery.state == DUE)
            delivery = session.scalar(locked.with_for_update(skip_locked=True))
            if delivery is None:
                return False
            session.info["cause"] = delivery.cause
            happening = events.happening(session, delivery.event_id, to_id=delivery.to_id)
            if happening is not None:
                subscribers[delivery.subscriber](session, happening)
            delivery.state = TOLD
        return True
    except Exception as error:
        log.exception("delivery failed", delivery=delivery_id)
        with store.writing() as session:
            delivery = session.get_one(Delivery, delivery_id)
            delivery.attempts += 1
            delivery.error = f"{type(error).__name__}: {error}"[:500]
            delivery.state = ASIDE if delivery.attempts >= MOST_ATTEMPTS else DUE
            delivery.due_at = now(session) + pause(delivery.attempts)
        return False


@dataclass(frozen=True)
class Due:
    """What is due: deliveries by id, and conversations that something waits for, each with a key for its job."""

    deliveries: list[int] = field(default_factory=list[int])
    conversations: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])
    attempt: str = "0"


def owed(session: Session) -> Due:
    """What this transaction owes: the deliveries and posts that it has just written."""
    session.flush()
    happened = events.write_owed(session)
    fresh = select(Delivery.id).where(Delivery.event_id.in_(happened), Delivery.state == DUE).order_by(Delivery.id)
    again: list[Delivery] = session.info.pop("again", [])
    posts: list[Posted] = [each for each in session.info.pop("posts", []) if each.state == WAITING]
    firsts: dict[tuple[str, str], Posted] = {}
    for each in posts:
        firsts.setdefault((each.channel, each.conversation), each)
    return Due(
        deliveries=[*(each.id for each in again), *(session.scalars(fresh) if happened else ())],
        conversations=[(channel, talk, f"{first.id}:0") for (channel, talk), first in firsts.items()],
    )


def overdue(session: Session, *, grace: timedelta = GRACE) -> Due:
    """Deliveries that have been due for a while: their job was lost, or they have to be tried again."""
    told = session.execute(
        select(Delivery.id, Delivery.attempts)
        .where(Delivery.state == DUE, Delivery.due_at <= now(session) - grace)
        .order_by(Delivery.id)
        .limit(200)
    ).all()
    attempt = f"{max((attempts for _, attempts in told), default=0)}:{lately(session)}"
    return Due(deliveries=[id for id, _ in told], attempt=attempt)


def lately(session: Session) -> str:
    """The present moment to five seconds: in the key of a job, so that what is overdue has one job and not many."""
    return str(int(now(session).timestamp() // 5))


def next_due(session: Session) -> datetime | None:
    """When the next thing that is still to come has to be told or sent; None if there is none."""
    told = select(func.min(Delivery.due_at)).where(Delivery.state == DUE, Delivery.due_at > now(session))
    sent = select(func.min(Posted.due_at)).where(Posted.state == WAITING, Posted.due_at > now(session))
    return min((each for each in (session.scalar(told), session.scalar(sent)) if each is not None), default=None)


def pause(attempts: int) -> timedelta:
    """Before the next attempt: doubling from 2 seconds to 10 minutes, with up to a fifth of jitter."""
    return timedelta(seconds=min(600, 2 ** min(attempts, 10)) * random.uniform(0.8, 1.0))
