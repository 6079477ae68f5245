"""Timers: rows that say when something is due, found by one indexed look. Nothing sleeps."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Index, func, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.store import Base, Moment, Store, now

log = structlog.get_logger()

PUT_OFF = timedelta(minutes=10)
"""How long after it failed a timer is tried again."""


class Timer(Base):
    """Something due at a moment: `name` says what, `subject` about what. `state` is open, done or cancelled.

    since  from when it counts, where it is due after a pause; None where somebody chose the moment itself
    """

    __tablename__ = "timers"
    __table_args__ = (Index("timers_due", "state", "due_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    due_at: Mapped[datetime] = mapped_column(Moment)
    since: Mapped[datetime | None] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(default="open")
    fired_at: Mapped[datetime | None] = mapped_column(Moment)


Due = Callable[[Session, Timer], None]


def set_timer(session: Session, *, name: str, subject: str, due_at: datetime, since: datetime | None = None) -> None:
    """Sets a timer; an open one of the same name and subject is moved instead. See Timer.since."""
    set_timers(session, {name: due_at}, subject=subject, since=since)


def set_timers(session: Session, due: Mapping[str, datetime], *, subject: str, since: datetime | None) -> None:
    """Sets several timers about one subject, each by its name to a moment."""
    wanted = select(Timer).where(Timer.name.in_(due), Timer.subject == subject, Timer.state == "open")
    there = {each.name: each for each in session.scalars(wanted)}
    for name, due_at in due.items():
        if name in there:
            there[name].due_at, there[name].since = due_at, since
        else:
            session.add(Timer(name=name, subject=subject, due_at=due_at, since=since))


def is_set(session: Session, *, name: str, subject: str) -> bool:
    """True if a timer of this name is open for a subject."""
    wanted = select(Timer.id).where(Timer.name == name, Timer.subject == subject, Timer.state == "open")
    return session.scalar(wanted.limit(1)) is not None


def open_of(session: Session, subject: str) -> list[Timer]:
    """The open timers about a subject."""
    wanted = select(Timer).where(Timer.subject == subject, Timer.state == "open")
    return list(session.scalars(wanted.order_by(Timer.id)))


def cancel(session: Session, subject: str) -> None:
    """Cancels every open timer about a subject."""
    session.execute(update(Timer).where(Timer.subject == subject, Timer.state == "open").values(state="cancelled"))


def next_due(session: Session) -> datetime | None:
    """When the next open timer is due; None if none is set."""
    return session.scalar(select(Timer.due_at).where(Timer.state == "open").order_by(Timer.due_at).limit(1))


def sweep(store: Store, what: Mapping[str, Due], *, most: int = 200, alone: Collection[str] = ()) -> int:
    """Does what is due, each in a transaction of its own. Returns how many were done.

    One that fails is logged and put off, so that it keeps no other from its turn.

    alone  names of timers of which one goes off at a time, however many workers sweep: it does others with it
    """
    with store.looking() as session:
        due = select(Timer.id).where(Timer.state == "open", Timer.due_at <= now(session))
        ids = list(session.scalars(due.order_by(Timer.due_at, Timer.name, Timer.id).limit(most)))
    done = 0
    for timer_id in ids:
        try:
            done += _go_off(store, what, timer_id, alone=alone)
        except DBAPIError:
            raise  # the database is away, or somebody was quicker: the next sweep comes to it
        except Exception:
            log.exception("a timer failed; it is put off", timer=timer_id)
            with store.writing() as session:
                session.get_one(Timer, timer_id).due_at = now(session) + PUT_OFF
    return done


def _go_off(store: Store, what: Mapping[str, Due], timer_id: int, *, alone: Collection[str]) -> bool:
    """Does one timer; False if somebody else has done it, or does it (or one that goes off alone) at this moment."""
    with store.writing() as session:
        name = session.scalar(select(Timer.name).where(Timer.id == timer_id)) if alone else None
        if name in alone and not _alone(session, str(name)):
            return False
        locked = select(Timer).where(Timer.id == timer_id, Timer.state == "open").with_for_update(skip_locked=True)
        timer = session.scalar(locked)
        if timer is None or timer.due_at > now(session):
            return False
        timer.state = "done"
        timer.fired_at = now(session)
        what[timer.name](session, timer)
        return True


def _alone(session: Session, name: str) -> bool:
    """True if no other worker does timers of this name until this transaction ends; SQLite has one writer anyway."""
    if session.get_bind().dialect.name != "postgresql":
        return True
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(func.hashtext(name)))))
