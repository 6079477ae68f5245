"""Held notices: what would have come outside somebody's working hours waits as a row until they are at work."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend import calendars, people, timers
from backend.chats import Chat
from backend.people import Person
from backend.store import Base, Doc, Moment, now
from backend.timers import Timer

RELEASE = "notices.release"

HERE = timedelta(minutes=15)
"""How long after they wrote or pressed something a person is here: they are told at once, whatever the hour."""


class Held(Base):
    """One event of which one person is told later, as things stand then.

    steps  the steps that wait for them by it, by id; several of these are told together
    firm   true where it also waits while they are here
    come   true once they are here: it is told now, whatever the hour
    """

    __tablename__ = "held_notices"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(index=True)
    event_id: Mapped[str]
    steps: Mapped[list[int]] = mapped_column(Doc, default=list)
    firm: Mapped[bool] = mapped_column(default=False)
    come: Mapped[bool] = mapped_column(default=False)
    due_at: Mapped[datetime] = mapped_column(Moment)


def told_at(session: Session, person: Person) -> datetime:
    """When somebody is told what happens now: at once while they are at work or here, else when they next are.

    At once too, where an installation knows no quiet hours, or the person never works.
    """
    moment = now(session)
    if not session.info.get("quiet", True) or not people.works_here(session, person):
        return moment
    until = calendars.next_at_work(session, person, moment)
    return moment if until > moment and is_here(session, person) else until


def is_here(session: Session, person: Person) -> bool:
    """True if the person wrote or pressed something in the last minutes."""
    wanted = select(Chat.person_id).where(Chat.person_id == person.id, Chat.last_at > now(session) - HERE)
    return session.scalar(wanted.limit(1)) is not None


def hold(
    session: Session, person: Person, *, event_id: str, until: datetime, steps: Sequence[int] = (), firm: bool = False
) -> None:
    """Holds the notice of an event back from a person until a moment."""
    _lock(session, person)
    session.add(Held(person_id=person.id, event_id=event_id, steps=list(steps), firm=firm, due_at=until))
    session.flush()
    wake(session, person)


def come(session: Session, person: Person) -> None:
    """The person is here: what was held back from them is due now, unless it is firm."""
    if anything(session, person):
        _lock(session, person)
        for each in session.scalars(_loose(person)):
            each.due_at, each.come = now(session), True
        session.flush()
        wake(session, person)


def anything(session: Session, person: Person) -> bool:
    """True if something is held back that the person is told when they are here."""
    return session.scalar(_loose(person).limit(1)) is not None


def take(session: Session, person: Person) -> list[Held]:
    """What is due for a person, oldest first; it is held no longer. What has to wait once more is put off."""
    until = told_at(session, person)
    wanted = select(Held).where(Held.person_id == person.id, Held.due_at <= now(session)).order_by(Held.id)
    out: list[Held] = []
    for each in session.scalars(wanted).all():
        if until > now(session) and not each.come:  # a holiday or leave was entered meanwhile
            each.due_at = until
        else:
            out.append(each)
    session.execute(delete(Held).where(Held.id.in_([each.id for each in out])))
    return out


def wake(session: Session, person: Person) -> None:
    """Sets the timer for the first of what is held back from a person."""
    wanted = select(Held.due_at).where(Held.person_id == person.id).order_by(Held.due_at).limit(1)
    first = session.scalar(wanted)
    if first is not None:
        timers.set_timer(session, name=RELEASE, subject=f"person:{person.id}", due_at=first)


def _loose(person: Person) -> Select[Held]:
    return select(Held).where(Held.person_id == person.id, Held.firm.is_(False))


def _lock(session: Session, person: Person) -> None:
    """Waits for whoever is telling this person at the moment, so that no row stays behind without its timer."""
    wanted = select(Timer.id).where(Timer.name == RELEASE, Timer.subject == f"person:{person.id}")
    session.execute(wanted.where(Timer.state == "open").with_for_update())
