"""A day begins: what leave is due is given, and leave years end. One timer, by the company's clock."""

from datetime import time

from sqlalchemy.orm import Session

from backend import entitlements, people, timers, year_ends
from backend.entitlements import DAILY

SUBJECT = "company:1"
AT = time(0, 5)
"""When a day begins, by the company's clock."""


def watch(session: Session) -> None:
    """Sets the timer for the next day's start, unless it is set already."""
    if not is_watched(session):
        timers.set_timer(session, name=DAILY, subject=SUBJECT, due_at=people.next_time(session, AT))


def is_watched(session: Session) -> bool:
    """True if the timer is set."""
    return timers.is_set(session, name=DAILY, subject=SUBJECT)


def begin(session: Session, timer: timers.Timer) -> None:
    """Does what is due, also of days on which nobody looked, and sets the timer for tomorrow."""
    entitlements.grant_due(session, by=None)
    year_ends.close_due(session)
    timers.set_timer(session, name=DAILY, subject=SUBJECT, due_at=people.next_time(session, AT))
