"""Stand-ins: who decides in somebody's place: named for some days, while they are on leave, or as their assistant."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from backend import calendars, events, people, policies
from backend.calendars import Part
from backend.leave import LeaveDay
from backend.people import Person, StandIn
from backend.refusals import Refusal
from backend.store import Amount, Base, Doc, Moment, known, now

ADMIN = "admin"
LONGEST_BREAK = timedelta(days=10)
"""Days off in the middle of leave that are part of it: a weekend, a few holidays."""


class Assistant(Base):
    """Somebody who prepares for a busy approver, and decides for them within limits.

    up_to, up_to_days  what they may say yes or no to: amounts in the employer's currency, and days; None: none
    kinds              the kinds of request that they see; empty: all
    """

    __tablename__ = "assistants"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    assistant_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    up_to: Mapped[Decimal | None] = mapped_column(Amount)
    up_to_days: Mapped[Decimal | None] = mapped_column(Amount)
    kinds: Mapped[list[str]] = mapped_column(Doc, default=list)
    since: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    assistant: Mapped[Person] = relationship(foreign_keys=[assistant_id])

    def within(self, *, amount: Decimal | None, days: Decimal | None) -> bool:
        """True if they may decide something that costs so much and takes so many days."""
        if amount is None and days is None:
            return False
        spends = amount is None or (self.up_to is not None and amount <= self.up_to)
        takes = days is None or (self.up_to_days is not None and days <= self.up_to_days)
        return spends and takes


# away and stood in for


def away(session: Session, person: Person) -> bool:
    """True if the person is on leave today, all that they would work; days off in the middle of leave count."""
    today = people.today(session, person)

    def read() -> list[LeaveDay]:
        booked = select(LeaveDay).where(
            LeaveDay.person_id == person.id,
            LeaveDay.day >= today - LONGEST_BREAK,
            LeaveDay.day <= today + LONGEST_BREAK,
            LeaveDay.state == "booked",
        )
        return list(session.scalars(booked))

    rows = known(session, ("leave", person.id), of=(LeaveDay,), read=read)
    off: dict[date, set[Part]] = {}
    for row in rows:
        halves = {Part.AM, Part.PM} if row.part == Part.FULL else {Part(row.part)} & {Part.AM, Part.PM}
        off.setdefault(row.day, set()).update(halves)
    if not off:
        return False
    before, after = (_working_day(session, person, today, step) for step in (-1, 1))
    return all(
        each is not None and calendars.works_on(session, person, each) <= off.get(each, set())
        for each in (before, after)
    )


def _working_day(session: Session, person: Person, day: date, step: int) -> date | None:
    """The day itself if the person works on it, else the nearest before (-1) or after (1) it that they work on."""
    for count in range(LONGEST_BREAK.days + 1):
        found = day + timedelta(days=step * count)
        if calendars.works_on(session, person, found):
            return found
    return None


def decides(session: Session, person: Person) -> bool:
    """True if the person decides for themselves today: they work here, are not on leave, and named no stand-in."""
    return not gone(session, person) and people.stand_in_for(session, person) is None


def gone(session: Session, person: Person) -> bool:
    """True if the person does not work here, or is on leave and policy lets others stand in then."""
    if not people.works_here(session, person):
        return True
    return policies.approvals(session).absence_stand_in and away(session, person)


def in_place_of(session: Session, person: Person, *, besides: Collection[int]) -> list[Person]:
    """Who may decide in a person's place today, the last of them being whom it waits for; nobody: they do themselves.

    Their stand-in, else their manager; that one's if they are away too. Where these go in a circle, or come to
    somebody of `besides` (the requester; who has decided already), it goes up.
    """
    if decides(session, person):
        return []
    out: list[Person] = []
    at = person
    while (other := _next(session, at)) is not None and other.id not in {person.id, *(each.id for each in out)}:
        if other.id in besides:
            break
        out.append(other)
        if decides(session, other):
            return out
        at = other
    taken = {person.id, *besides, *(each.id for each in out)}
    for other in above(session, person):
        if other.id not in taken and decides(session, other):
            return [*out, other]
    return out


def _next(session: Session, person: Person) -> Person | None:
    named = people.stand_in_for(session, person)
    return named or (people.manager_of(session, person) if gone(session, person) else None)


def above(session: Session, person: Person) -> list[Person]:
    """Everybody above a person: the line up, then their employer's owner, then finance and HR. Admins as such never."""
    out = line(session, person)
    owner = people.owner_of(session, person.employer_id)
    rest = [*((owner,) if owner else ()), *people.holders(session, "hr"), *people.holders(session, "finance")]
    return list(dict.fromkeys([*out, *rest]))


def line(session: Session, person: Person) -> list[Person]:
    """The line up from a person: their manager and on, nearest first, then the holders of the top roles.

    Admins as such never: `top` may let them decide what somebody without a manager asks for; nothing goes up to them.
    """
    out: list[Person] = []
    manager = people.manager_of(session, person)
    while manager is not None and manager not in out and manager.id != person.id:
        out.append(manager)
        manager = people.manager_of(session, manager)
    for role in [each for each in policies.approvals(session).top if each != ADMIN]:
        out += [each for each in people.holders(session, role) if each not in out]
    return out


# naming


def name(session: Session, person: Person, *, other: Person, start: date, end: date, by: Person) -> StandIn:
    """Names who decides for a person from one day to another, inclusive.

    A Refusal says so where the other has named this person for some of these days.
    """
    row = people.name_stand_in(session, person, other=other, start=start, end=end)
    back = session.scalar(
        select(StandIn).where(
            StandIn.person_id == other.id, StandIn.stand_in_id == person.id, StandIn.start <= end, StandIn.end >= start
        )
    )
    if back is not None:
        raise Refusal(
            "You stand in for {name} from {start} to {end}: name somebody else, or other days.",
            name=other.name,
            start=back.start,
            end=back.end,
        )
    events.record(session, "stand_in.named", **_between(person, other, by=by, start=start, end=end))
    return row


def end(session: Session, person: Person, *, other: Person, by: Person) -> None:
    """Ends that somebody stands in for a person, from today on; a Refusal where they do not."""
    today = people.today(session, person)
    rows = [each for each in _named(session, person) if each.stand_in_id == other.id]
    if not rows:
        raise Refusal("{name} does not stand in for {other}.", name=other.name, other=person.name)
    for row in rows:
        if row.start < today:
            row.end = today - timedelta(days=1)
        else:
            session.delete(row)
    events.record(session, "stand_in.ended", **_between(person, other, by=by))
    session.flush()


def stand_ins_of(session: Session, person: Person) -> list[Person]:
    """Who stands in for a person, today or on days to come."""
    return [session.get_one(Person, each) for each in dict.fromkeys(row.stand_in_id for row in _named(session, person))]


def _named(session: Session, person: Person) -> list[StandIn]:
    wanted = select(StandIn).where(StandIn.person_id == person.id, StandIn.end >= people.today(session, person))
    return list(session.scalars(wanted.order_by(StandIn.start, StandIn.id)))


def assist(
    session: Session,
    person: Person,
    *,
    assistant: Person,
    up_to: Decimal | None = None,
    up_to_days: Decimal | None = None,
    kinds: Sequence[str] = (),
    by: Person | None,
) -> Assistant:
    """Names a person's assistant, or sets the limits of the one they have anew.

    up_to, up_to_days  an amount in the employer's currency, and days: what they decide; left out, they only prepare
    """
    if assistant.id == person.id:
        raise Refusal("Nobody is their own assistant: name somebody else.")
    if any(each is not None and each <= 0 for each in (up_to, up_to_days)):
        raise Refusal("A limit is more than nothing: leave it out where they only prepare.")
    for old in _rows(session, person_id=person.id, assistant_id=assistant.id):
        old.ended_at = now(session)
    row = Assistant(
        person_id=person.id,
        assistant_id=assistant.id,
        up_to=up_to,
        up_to_days=up_to_days,
        kinds=list(kinds),
        since=now(session),
    )
    session.add(row)
    limits = {"up_to": up_to, "up_to_days": up_to_days, "kinds": list(kinds)}
    events.record(session, "assistant.named", **_between(person, assistant, by=by, **limits))
    session.flush()
    return row


def end_assistance(session: Session, person: Person, *, assistant: Person, by: Person | None) -> None:
    """Ends it; a Refusal if it never began."""
    rows = _rows(session, person_id=person.id, assistant_id=assistant.id)
    if not rows:
        raise Refusal("{name} is no assistant of {other}.", name=assistant.name, other=person.name)
    for row in rows:
        row.ended_at = now(session)
    events.record(session, "assistant.ended", **_between(person, assistant, by=by))
    session.flush()


def _between(person: Person, other: Person, *, by: Person | None, **detail: Any) -> dict[str, Any]:
    """What an event says of two people, one of whom decides in the other's place."""
    detail = {"to": other.handle, **detail}
    return {"by": by, "subject": f"person:{person.id}", "about": (person, other), "detail": detail}


def assistants_of(session: Session, person: Person, *, kind: str | None = None) -> list[Assistant]:
    """The assistants of a person for a kind of request or at all, who work here today."""
    rows = _rows(session, person_id=person.id)
    sees = [each for each in rows if kind is None or _sees(each, kind)]
    return [each for each in sees if people.works_here(session, each.assistant)]


def assists(session: Session, person: Person, *, kind: str | None = None) -> list[Assistant]:
    """Those whom a person assists, with a kind of request or at all."""
    rows = _rows(session, assistant_id=person.id)
    return rows if kind is None else [each for each in rows if _sees(each, kind)]


def _rows(session: Session, **words: int) -> list[Assistant]:

    def read() -> list[Assistant]:
        return list(session.scalars(select(Assistant).filter_by(**words, ended_at=None).order_by(Assistant.id)))

    return known(session, ("assistants", *words.items()), of=(Assistant,), read=read)


def _sees(row: Assistant, kind: str) -> bool:
    return not row.kinds or kind in row.kinds
