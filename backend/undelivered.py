"""What could not be delivered: shown without what it says, sent again, or left for good."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backend import events, outbox
from backend.chats import ASIDE, SENT, WAITING, Posted
from backend.events import Delivery
from backend.outbox import DUE
from backend.people import Person
from backend.refusals import Refusal
from backend.store import now

LEFT = "left"
"""Somebody has said that it need not be delivered any more."""


@dataclass(frozen=True)
class Item:
    """Something that was not delivered yet, or may have been shown twice.

    id     "post:12", or "event:7" where a subscriber could not be told of something
    state  waiting, set aside, or unsure: sent, but perhaps twice
    to     whom it is for (a handle, or a team's channel); for an event, the subscriber
    """

    id: str
    state: str
    channel: str
    to: str
    since: datetime
    attempts: int
    why: str


def listed(session: Session, *, everything: bool = False, limit: int = 200) -> list[Item]:
    """What was set aside, the oldest first; with `everything`, also what waits and what may have been shown twice."""
    wanted = Posted.state.in_((ASIDE, WAITING)) if everything else Posted.state == ASIDE
    if everything:
        wanted = or_(wanted, Posted.unsure > 0)
    told = (outbox.ASIDE, DUE) if everything else (outbox.ASIDE,)
    items = [_post(session, each) for each in session.scalars(select(Posted).where(wanted).order_by(Posted.id))]
    rows = select(Delivery).where(Delivery.state.in_(told)).order_by(Delivery.id)
    return [*items, *(_event(each) for each in session.scalars(rows))][:limit]


def again(session: Session, ids: Sequence[str] = ()) -> list[str]:
    """Puts what was set aside back in line, due now: these, or all of it. Returns their ids.

    A Refusal if one of them was not set aside. A card that was since shown in a newer state is not shown again.
    """
    done: list[str] = []
    for row in _aside(session, ids):
        if isinstance(row, Posted):
            row.state = SENT if _shown_since(session, row) else WAITING
            row.attempts, row.failing_at, row.due_at = 0, None, now(session)
            session.info.setdefault("posts", []).append(row)
            done.append(f"post:{row.id}")
        else:
            row.state, row.attempts, row.due_at = DUE, 0, now(session)
            session.info.setdefault("again", []).append(row)
            done.append(f"event:{row.id}")
        events.record(session, "post.retried", by=None, subject=done[-1])
    session.flush()
    return done


def leave(session: Session, ids: Sequence[str]) -> list[str]:
    """Leaves what was set aside for good: it is no longer shown as undelivered. Returns their ids.

    A Refusal if one of them was not set aside.
    """
    rows = _aside(session, ids)
    done = [f"post:{row.id}" if isinstance(row, Posted) else f"event:{row.id}" for row in rows]
    for row, id in zip(rows, done, strict=True):
        row.state = LEFT
        events.record(session, "post.left", by=None, subject=id)
    session.flush()
    return done


def _aside(session: Session, ids: Sequence[str]) -> list[Posted | Delivery]:
    """The rows that were set aside, locked: those named, or all."""
    if not ids:
        posts = select(Posted).where(Posted.state == ASIDE).order_by(Posted.id).with_for_update()
        told = select(Delivery).where(Delivery.state == outbox.ASIDE).order_by(Delivery.id).with_for_update()
        return [*session.scalars(posts), *session.scalars(told)]
    found: list[Posted | Delivery] = []
    for id in ids:
        sort, _, number = id.rpartition(":")
        row: Posted | Delivery | None = None
        if number.isascii() and number.isdigit() and len(number) < 16:
            table = {"post": Posted, "": Posted, "event": Delivery}.get(sort)
            row = session.get(table, int(number), with_for_update=True) if table else None
        if row is None or row.state not in (ASIDE, outbox.ASIDE):
            raise Refusal("{id} was not set aside: `backdesk outbox list` shows what was.", id=id)
        found.append(row)
    return found


def _shown_since(session: Session, row: Posted) -> bool:
    """True if a newer state of the same card was shown meanwhile."""
    following = select(Posted).where(Posted.replaces == row.id).limit(1)
    later = session.scalar(following)
    while later is not None:
        if later.state == SENT:
            return True
        later = session.scalar(select(Posted).where(Posted.replaces == later.id).limit(1))
    return False


def _post(session: Session, row: Posted) -> Item:
    person = session.get(Person, row.person_id) if row.person_id is not None else None
    state = row.state if row.state in (ASIDE, WAITING) else "unsure"
    to = person.handle if person else row.conversation
    return Item(f"post:{row.id}", state, row.channel, to, row.made_at, row.attempts, row.error)


def _event(row: Delivery) -> Item:
    state = "waiting" if row.state == DUE else row.state
    return Item(f"event:{row.id}", state, "", row.subscriber, row.due_at, row.attempts, row.error)
