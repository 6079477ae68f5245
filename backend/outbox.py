"""Delivery after commit, at least once: events to their subscribers, and posts to their channels."""

import random
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend import events
from backend.chats import ASIDE, SENT, WAITING, Posted
from backend.events import Delivery, Happening
from backend.store import Store, now

log = structlog.get_logger()

Subscriber = Callable[[Session, Happening], None]
Send = Callable[[Posted, Posted | None], str | None]
"""Sends a post (and what it replaces) to its channel; returns the channel's own id of it."""

MOST_ATTEMPTS = 12


class TryLater(Exception):
    """A channel cannot take the post now; `seconds` is when to try again, if the channel said so."""

    def __init__(self, why: str, *, seconds: float | None = None) -> None:
        super().__init__(why)
        self.seconds = seconds


class CannotDeliver(Exception):
    """The channel will never take this post: it is set aside at once."""


def tell(store: Store, subscribers: Mapping[str, Subscriber], *, most: int = 200) -> int:
    """Tells subscribers of what happened, oldest first; each in a transaction that also marks it as told.

    One that fails is tried again later, and set aside (and shown by `backdesk doctor`) after a limit; the others
    go on. Returns how many were told.
    """
    with store.looking() as session:
        due = select(Delivery.id).where(Delivery.state == "due", Delivery.due_at <= now(session))
        ids = list(session.scalars(due.order_by(Delivery.id).limit(most)))
    return sum(tell_one(store, subscribers, each) for each in ids)


def tell_one(store: Store, subscribers: Mapping[str, Subscriber], delivery_id: int) -> bool:
    """Tells one subscriber of one event; False if that was done already or has to be tried again."""
    try:
        with store.writing() as session:
            locked = select(Delivery).where(Delivery.id == delivery_id, Delivery.state == "due")
            delivery = session.scalar(locked.with_for_update(skip_locked=True))
            if delivery is None:
                return False
            session.info["cause"] = delivery.cause
            happening = events.happening(session, delivery.event_id)
            if happening is not None:
                subscribers[delivery.subscriber](session, happening)
            delivery.state = "told"
        return True
    except Exception as error:
        log.exception("delivery failed", delivery=delivery_id)
        with store.writing() as session:
            delivery = session.get_one(Delivery, delivery_id)
            delivery.attempts += 1
            delivery.error = f"{type(error).__name__}: {error}"[:500]
            delivery.state = "set aside" if delivery.attempts >= MOST_ATTEMPTS else "due"
            delivery.due_at = now(session) + _pause(delivery.attempts)
        return False


def send(store: Store, channels: Mapping[str, Send]) -> int:
    """Sends posts that wait on these channels. Returns how many were sent."""
    with store.looking() as session:
        wanted = select(Posted.channel, Posted.conversation).where(
            Posted.state == WAITING, Posted.channel.in_(list(channels)), Posted.due_at <= now(session)
        )
        places = sorted(
            {
                (channel, conversation, id)
                for channel, conversation, id in session.execute(wanted.add_columns(Posted.id))
            },
            key=lambda each: each[2],
        )
    conversations = list(dict.fromkeys((channel, conversation) for channel, conversation, _ in places))
    return sum(
        flush(store, channels, channel=channel, conversation=conversation) for channel, conversation in conversations
    )


def flush(store: Store, channels: Mapping[str, Send], *, channel: str, conversation: str) -> int:
    """Sends what waits in a conversation, first in first out, until one has to be tried again later."""
    sent = 0
    while True:
        with store.looking() as session:
            wanted = select(Posted).where(
                Posted.state == WAITING, Posted.channel == channel, Posted.conversation == conversation
            )
            first = session.scalar(wanted.order_by(Posted.id).limit(1))
        if first is None or first.due_at > store.clock.now() or not send_one(store, channels, first.id):
            return sent
        sent += 1


@dataclass(frozen=True)
class Due:
    """What is due: deliveries by id, and conversations that something waits for, each with a key for its job."""

    deliveries: list[int] = field(default_factory=list[int])
    conversations: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])
    attempt: str = "0"


def owed(session: Session) -> Due:
    """What this transaction owes: the deliveries and posts that it has just written."""
    session.flush()
    deliveries: list[Delivery] = session.info.pop("deliveries", [])
    posts: list[Posted] = [each for each in session.info.pop("posts", []) if each.state == WAITING]
    firsts: dict[tuple[str, str], Posted] = {}
    for each in posts:
        firsts.setdefault((each.channel, each.conversation), each)
    return Due(
        deliveries=[each.id for each in deliveries],
        conversations=[(channel, talk, f"{first.id}:0") for (channel, talk), first in firsts.items()],
    )


def overdue(session: Session, channels: Collection[str], *, grace: timedelta = timedelta(seconds=2)) -> Due:
    """What has been due for a while: its job was lost, or it has to be tried again."""
    late = now(session) - grace
    told = session.execute(
        select(Delivery.id, Delivery.attempts)
        .where(Delivery.state == "due", Delivery.due_at <= late)
        .order_by(Delivery.id)
        .limit(200)
    ).all()
    heads = (
        select(func.min(Posted.id).label("id"))
        .where(Posted.state == WAITING, Posted.channel.in_(list(channels)))
        .group_by(Posted.channel, Posted.conversation)
        .subquery()
    )
    posts = session.scalars(select(Posted).join(heads, heads.c.id == Posted.id).where(Posted.due_at <= late).limit(200))
    minute = f"{now(session):%Y%m%d%H%M}"
    return Due(
        deliveries=[id for id, _ in told],
        conversations=[(each.channel, each.conversation, f"{each.id}:{each.attempts}:{minute}") for each in posts],
        attempt=f"{max((attempts for _, attempts in told), default=0)}:{minute}",
    )


def send_one(store: Store, channels: Mapping[str, Send], post_id: int) -> bool:
    """Sends one post; no transaction is open while the channel works."""
    with store.looking() as session:
        post = session.get_one(Posted, post_id)
        earlier = session.get(Posted, post.replaces) if post.replaces else None
        if post.state != WAITING:
            return True
    try:
        external = channels[post.channel](post, earlier)
    except Exception as error:
        with store.writing() as session:
            post = session.get_one(Posted, post_id)
            post.attempts += 1
            post.error = f"{type(error).__name__}: {error}"[:500]
            never = isinstance(error, CannotDeliver) or post.attempts >= MOST_ATTEMPTS
            post.state = ASIDE if never else WAITING
            seconds = error.seconds if isinstance(error, TryLater) else None
            post.due_at = now(session) + (timedelta(seconds=seconds) if seconds else _pause(post.attempts))
        if not isinstance(error, TryLater | CannotDeliver):
            log.exception("sending failed", post=post_id)
        return False
    with store.writing() as session:
        post = session.get_one(Posted, post_id)
        post.state = SENT
        post.sent_at = now(session)
        post.external = external
    return True


def next_due(session: Session) -> datetime | None:
    """When the next thing that is still to come has to be told or sent; None if there is none."""
    told = select(func.min(Delivery.due_at)).where(Delivery.state == "due", Delivery.due_at > now(session))
    sent = select(func.min(Posted.due_at)).where(Posted.state == WAITING, Posted.due_at > now(session))
    return min((each for each in (session.scalar(told), session.scalar(sent)) if each is not None), default=None)


def set_aside(session: Session) -> Sequence[str]:
    """What could not be delivered, a line each, for `backdesk doctor`."""
    told = session.scalars(select(Delivery).where(Delivery.state == "set aside")).all()
    posts = session.scalars(select(Posted).where(Posted.state == ASIDE)).all()
    return [
        *(f"event {each.event_id} to {each.subscriber}: {each.error}" for each in told),
        *(f"post {each.id} to {each.channel}: {each.error}" for each in posts),
    ]


def _pause(attempts: int) -> timedelta:
    """Doubling from 2 seconds to 10 minutes, with up to a fifth of jitter."""
    return timedelta(seconds=min(600, 2**attempts) * random.uniform(0.8, 1.0))
