"""The log's head, told to somebody every day, so that a copy of it lies where nobody here can rewrite it."""

from datetime import time

from sqlalchemy.orm import Session

from backend import events, people, timers

DAILY = "audit.head"
SUBJECT = "audit:head"
AT = time(7, 0)
"""When it is told, by the company's clock."""


def watch(session: Session) -> None:
    """Sets the daily timer, unless it is set already."""
    if not timers.is_set(session, name=DAILY, subject=SUBJECT):
        timers.set_timer(session, name=DAILY, subject=SUBJECT, due_at=people.next_time(session, AT))


def tell(session: Session, timer: timers.Timer) -> None:
    """Records the newest entry as it stands, for the notice that tells it, and sets the timer for tomorrow."""
    seq, digest = events.newest(session)
    events.record(session, "audit.head_told", by=None, subject=SUBJECT, detail={"seq": seq, "digest": digest})
    timers.set_timer(session, name=DAILY, subject=SUBJECT, due_at=people.next_time(session, AT))
