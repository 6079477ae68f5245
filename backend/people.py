"""Who works here: employers, places, people, their roles and accounts, and who stands in for whom."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, UniqueConstraint, func, or_, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column, relationship

from backend.clock import day_in
from backend.refusals import Refusal
from backend.store import Base, Doc, Moment, known, now

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FULL_WEEK = {"mon": 8, "tue": 8, "wed": 8, "thu": 8, "fri": 8}


class Company(Base):
    """The company as a whole; there is one row. Request numbers run through it.

    confidential  with whom people can talk in confidence: a handle, or a name and how to reach them
    """

    __tablename__ = "company"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    timezone: Mapped[str] = mapped_column(default="UTC")
    currency: Mapped[str] = mapped_column(default="EUR")
    date_order: Mapped[str] = mapped_column(default="DMY")
    language: Mapped[str] = mapped_column(default="en")
    confidential: Mapped[str] = mapped_column(default="", server_default="")
    last_number: Mapped[int] = mapped_column(default=0)


class Employer(Base):
    """A legal entity: people, leave, budgets and order numbers belong to one.

    owner_id      the person with whom it ends what nobody has answered
    confidential  as the company's, where this employer has somebody of its own
    """

    __tablename__ = "employers"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    currency: Mapped[str]
    timezone: Mapped[str]
    address: Mapped[str] = mapped_column(default="")
    tax_id: Mapped[str] = mapped_column(default="")
    calendar_place_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"))
    owner_id: Mapped[int | None]
    confidential: Mapped[str] = mapped_column(default="", server_default="")


HOURS = "09:00-18:00"
"""When people work where their place says nothing else."""


class Place(Base):
    """Where people work: its public holidays, its time zone, and from when to when its working day goes."""

    __tablename__ = "places"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    country: Mapped[str]
    region: Mapped[str | None]
    timezone: Mapped[str]
    hours: Mapped[str] = mapped_column(default=HOURS, server_default=HOURS)


class LocalDay(Base):
    """A day that a place has off besides its public holidays; `part` is full, am or pm."""

    __tablename__ = "local_days"
    __table_args__ = (UniqueConstraint("place_id", "day"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    day: Mapped[date]
    part: Mapped[str] = mapped_column(default="full")
    name: Mapped[str] = mapped_column(default="")


class Person(Base):
    """Somebody who works, or worked, here. `work_week` maps weekdays to hours: {"mon": 8, ...}."""

    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    handle: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    email: Mapped[str | None] = mapped_column(unique=True)
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"))
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    team: Mapped[str] = mapped_column(default="")
    work_week: Mapped[dict[str, Any]] = mapped_column(Doc, default=lambda: dict(FULL_WEEK))
    start: Mapped[date | None]
    end: Mapped[date | None]
    language: Mapped[str] = mapped_column(default="en")
    erased_at: Mapped[datetime | None] = mapped_column(Moment)

    manager: Mapped["Person | None"] = relationship(remote_side=[id])
    employer: Mapped[Employer] = relationship(lazy="joined", innerjoin=True)
    place: Mapped[Place] = relationship(lazy="joined", innerjoin=True)
    roles: Mapped[list["Role"]] = relationship(back_populates="person", cascade="all, delete-orphan")

    @property
    def first_name(self) -> str:
        return self.name.split()[0]


class Role(Base):
    """A role that a person holds (hr, finance, admin, ...)."""

    __tablename__ = "roles"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[Person] = relationship(back_populates="roles")


class Account(Base):
    """Who somebody is on a channel: a Slack user id, a Telegram chat id."""

    __tablename__ = "accounts"
    channel: Mapped[str] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    linked_at: Mapped[datetime] = mapped_column(Moment)


class StandIn(Base):
    """Somebody decides for somebody else from one day to another, inclusive."""

    __tablename__ = "stand_ins"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    stand_in_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    start: Mapped[date]
    end: Mapped[date]


def company(session: Session) -> Company:
    """The company; a Refusal if none has been loaded yet."""
    found = session.get(Company, 1)
    if found is None:
        raise Refusal("There is no company here yet: run `backdesk init` and `backdesk people import` first.")
    return found


def next_time(session: Session, at: time) -> datetime:
    """When a time of the day comes next, by the company's clock."""
    zone = ZoneInfo(company(session).timezone)
    local = now(session).astimezone(zone)
    day = local.date() if local.time() < at else local.date() + timedelta(days=1)
    return datetime.combine(day, at, tzinfo=zone)


def today(session: Session, person: Person) -> date:
    """The calendar day where the person works."""
    return day_in(person.place.timezone, now(session))


def find(session: Session, who: str) -> Person:
    """The person with this handle or e-mail; a Refusal if nobody has it."""
    key = "".join(each for each in who.strip().lower() if each.isprintable()).encode("utf-8", "ignore").decode()
    person = session.scalar(
        select(Person).where(or_(func.lower(Person.handle) == key, func.lower(Person.email) == key))
    )
    if person is None:
        raise Refusal(
            "Nobody here is called {who}: use a handle or an e-mail address from the people list.", who=key[:100]
        )
    return person


def who_is(session: Session, *, channel: str, account: str) -> Person:
    """Whose account this is; a Refusal if nobody's, or somebody who does not work here (any more, or yet)."""
    linked = session.get(Account, (channel, account))
    person = session.get(Person, linked.person_id) if linked else None
    if person is None and channel in NAMED_BY_HANDLE:
        person = find(session, account)
    if person is None:
        raise Refusal("I don't know this account yet. Ask HR or an admin to link it, and then write to me again.")
    if not works_here(session, person):
        raise Refusal("This account is not active here at the moment. HR can help you.")
    return person


def account_on(session: Session, person: Person, *, channel: str) -> str | None:
    """Who somebody is on a channel; the account that was linked last. None if they are not known there."""
    wanted = select(Account.account).where(Account.channel == channel, Account.person_id == person.id)
    return session.scalar(wanted.order_by(Account.linked_at.desc()).limit(1))


NAMED_BY_HANDLE = frozenset({"script", "terminal", "web", "memory"})
"""Channels of our own, which say who somebody is by handle, having made sure of it themselves."""


def works_here(session: Session, person: Person) -> bool:
    """True if the person works here today."""
    day = today(session, person)
    return (
        person.erased_at is None
        and (person.start is None or person.start <= day)
        and (person.end is None or day <= person.end)
    )


def everybody(session: Session) -> list[Person]:
    """All who work here today, by handle."""
    return [each for each in session.scalars(select(Person).order_by(Person.handle)) if works_here(session, each)]


def directory(session: Session) -> list[tuple[int, str, str, str, str | None]]:
    """All who work here today, by handle, without their records: (id, handle, name, team, their manager's handle)."""
    boss = aliased(Person)
    wanted = (
        select(Person.id, Person.handle, Person.name, Person.team, boss.handle)
        .add_columns(Person.start, Person.end, Place.timezone)
        .join(Place, Person.place_id == Place.id)
        .outerjoin(boss, Person.manager_id == boss.id)
        .where(Person.erased_at.is_(None))
        .order_by(Person.handle)
    )
    days: dict[str, date] = {}
    out: list[tuple[int, str, str, str, str | None]] = []
    for id, handle, name, team, manager, start, end, timezone in session.execute(wanted):
        day = days.get(timezone) or days.setdefault(timezone, day_in(timezone, now(session)))
        if (start is None or start <= day) and (end is None or day <= end):
            out.append((id, handle, name, team, manager))
    return out


def has_role(person: Person, role: str) -> bool:
    """True if the person holds this role."""
    return any(each.role == role for each in person.roles)


def holders(session: Session, role: str) -> list[Person]:
    """Who holds a role and works here today, by handle."""

    def read() -> list[Person]:
        return list(session.scalars(select(Person).join(Role).where(Role.role == role).order_by(Person.handle)))

    held = known(session, ("holders", role), of=(Person, Role), read=read)
    return [each for each in held if works_here(session, each)]


def manager_of(session: Session, person: Person) -> Person | None:
    """The nearest manager up the chain who still works here; None at the top."""
    seen = {person.id}
    above = person.manager
    while above is not None and above.id not in seen:
        if works_here(session, above):
            return above
        seen.add(above.id)
        above = above.manager
    return None


def owner_of(session: Session, employer_id: int) -> Person | None:
    """The business owner of an employer, with whom it ends what nobody has answered; None: nobody who works here."""
    employer = session.get(Employer, employer_id)
    owner = session.get(Person, employer.owner_id) if employer is not None and employer.owner_id else None
    return owner if owner is not None and works_here(session, owner) else None


def stand_in_for(session: Session, person: Person) -> Person | None:
    """Who stands in for the person today, if anybody does and works here."""
    day = today(session, person)

    def read() -> StandIn | None:
        named = select(StandIn).where(StandIn.person_id == person.id, StandIn.start <= day, StandIn.end >= day)
        return session.scalar(named.order_by(StandIn.id.desc()).limit(1))

    row = known(session, ("stand-in", person.id), of=(StandIn,), read=read)
    other = session.get(Person, row.stand_in_id) if row else None
    return other if other is not None and works_here(session, other) else None


def stands_in_for(session: Session, person: Person) -> list[Person]:
    """The people for whom this person stands in today."""
    day = today(session, person)
    rows = session.scalars(
        select(StandIn).where(StandIn.stand_in_id == person.id, StandIn.start <= day, StandIn.end >= day)
    )
    return [each for each in (session.get(Person, row.person_id) for row in rows) if each is not None]


def name_stand_in(session: Session, person: Person, *, other: Person, start: date, end: date) -> StandIn:
    """Names who decides for a person from one day to another, inclusive."""
    if other.id == person.id:
        raise Refusal("You can't stand in for yourself: name somebody else.")
    if end < start:
        raise Refusal("The last day is before the first: say the days again.")
    row = StandIn(person_id=person.id, stand_in_id=other.id, start=start, end=end)
    session.add(row)
    session.flush()
    return row


def link(session: Session, person: Person, *, channel: str, account: str) -> None:
    """Ties a channel account to a person, taking it from whoever had it."""
    row = session.get(Account, (channel, account))
    if row is None:
        session.add(Account(channel=channel, account=account, person_id=person.id, linked_at=now(session)))
    else:
        row.person_id, row.linked_at = person.id, now(session)
