"""The leave ledger: a balance is the sum of its entries, and an entry is never changed, only countered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend import timers
from backend.people import Person
from backend.store import Amount, Base, Moment, now

OPENING, GRANT, CORRECTION, CARRY, LAPSE = "opening", "grant", "correction", "carry", "lapse"
HOLD, BOOKING = "hold", "booking"

PENDING, BOOKED, GIVEN_BACK = "pending", "booked", "given back"
"""How a day of leave stands."""

PRESENCE = "person.presence"
"""The timer by which the steps of somebody who is away, or back, find whose turn it is (backend/moves.py)."""


class LeaveEntry(Base):
    """So much more or less for a person and a leave type, in its unit. Holds are what pending requests reserve.

    day     the day from which it counts; where it has none, that on which it was written
    period  what a grant is for ("2027", "2027-03"), or which year's end carries or lapses: given once
    reason  why, of a correction
    """

    __tablename__ = "leave_entries"
    __table_args__ = (Index("leave_entries_once", "person_id", "leave_type", "sort", "period", unique=True),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"))
    leave_type: Mapped[str]
    sort: Mapped[str]
    days: Mapped[Decimal] = mapped_column(Amount)
    request: Mapped[int | None] = mapped_column(index=True)
    line: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    day: Mapped[date | None]
    period: Mapped[str | None]
    reason: Mapped[str | None]

    @property
    def since(self) -> date:
        """The day from which it counts."""
        return self.day or self.at.date()


class LeaveDay(Base):
    """A day, or a part of one, that somebody is or asks to be away; `state` is pending, booked or given back.

    given_to  the request in whose favour it was given back: if that goes, the day counts again
    """

    __tablename__ = "leave_days"
    __table_args__ = (Index("leave_days_by_day", "day", "state"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    day: Mapped[date]
    part: Mapped[str]
    leave_type: Mapped[str]
    cost: Mapped[Decimal] = mapped_column(Amount)
    request: Mapped[int] = mapped_column(index=True)
    state: Mapped[str]
    given_to: Mapped[int | None] = mapped_column(index=True)


@dataclass(frozen=True)
class Taken:
    """A day that leave is asked for: which part of it, and what it costs in days."""

    day: date
    part: str
    cost: Decimal


def free(session: Session, person: Person, leave_type: str) -> Decimal:
    """Days that can still be asked for: everything granted less what is booked and what is pending."""
    return sum(_entries(session, person, leave_type), Decimal(0))


def holds(session: Session, person: Person, leave_type: str) -> list[LeaveEntry]:
    """The entries by which pending requests hold days back."""
    wanted = select(LeaveEntry).where(
        LeaveEntry.person_id == person.id, LeaveEntry.leave_type == leave_type, LeaveEntry.sort == HOLD
    )
    return list(session.scalars(wanted))


def kept(session: Session, person: Person) -> list[str]:
    """The leave types for which the person has entries."""
    rows = select(LeaveEntry.leave_type).where(LeaveEntry.person_id == person.id).distinct()
    return sorted(session.scalars(rows))


def enter(
    session: Session,
    person: Person,
    *,
    leave_type: str,
    sort: str,
    days: Decimal,
    by: Person | None,
    request: int | None = None,
    line: int | None = None,
    day: date | None = None,
    period: str | None = None,
    reason: str | None = None,
) -> None:
    """Writes one entry; the person's employer is noted with it."""
    session.add(
        LeaveEntry(
            person_id=person.id,
            employer_id=person.employer_id,
            leave_type=leave_type,
            sort=sort,
            days=days,
            request=request,
            line=line,
            at=now(session),
            by_id=by.id if by else None,
            day=day,
            period=period,
            reason=reason,
        )
    )


def mark(
    session: Session,
    person: Person,
    taken: Iterable[Taken],
    *,
    leave_type: str,
    request: int,
    state: str,
    given_to: int | None = None,
) -> None:
    """Puts days of a request into the calendar, beside those of its other lines."""
    for each in taken:
        session.add(
            LeaveDay(
                person_id=person.id,
                day=each.day,
                part=each.part,
                leave_type=leave_type,
                cost=each.cost,
                request=request,
                state=state,
                given_to=given_to,
            )
        )
    if state == BOOKED:
        look_at(session, person)
    session.flush()


def look_at(session: Session, person: Person) -> None:
    """When a person is here and when away has changed: whose turn their steps are is looked at soon."""
    timers.set_timer(session, name=PRESENCE, subject=f"person:{person.id}", due_at=now(session))


def unmark(session: Session, request: int) -> None:
    """Gives back every day of a request; none of them is to count again."""
    left = or_(LeaveDay.state != GIVEN_BACK, LeaveDay.given_to.is_not(None))
    for row in session.scalars(select(LeaveDay).where(LeaveDay.request == request, left)):
        if row.state == BOOKED:
            look_at(session, session.get_one(Person, row.person_id))
        row.state, row.given_to = GIVEN_BACK, None


def counter(session: Session, request: int, *, by: Person | None, sorts: tuple[str, ...] = (HOLD, BOOKING)) -> None:
    """Writes the counter-entries that bring what a request holds or booked to nothing."""
    session.flush()
    sums: dict[tuple[int, str, str, int | None], Decimal] = {}
    for row in session.scalars(select(LeaveEntry).where(LeaveEntry.request == request, LeaveEntry.sort.in_(sorts))):
        key = (row.person_id, row.leave_type, row.sort, row.line)
        sums[key] = sums.get(key, Decimal(0)) + row.days
    for (person_id, leave_type, sort, line), days in sums.items():
        person = session.get(Person, person_id)
        if days and person is not None:
            enter(session, person, leave_type=leave_type, sort=sort, days=-days, by=by, request=request, line=line)
    session.flush()


def days_of(session: Session, person: Person, start: date, end: date) -> list[LeaveDay]:
    """The days, asked for or booked, of a person from start to end, inclusive."""
    wanted = select(LeaveDay).where(
        LeaveDay.person_id == person.id,
        LeaveDay.day >= start,
        LeaveDay.day <= end,
        LeaveDay.state.in_(("pending", "booked")),
    )
    return list(session.scalars(wanted.order_by(LeaveDay.day, LeaveDay.id)))


def away(session: Session, start: date, end: date) -> list[LeaveDay]:
    """The booked days of everybody from start to end, inclusive."""
    wanted = select(LeaveDay).where(LeaveDay.day >= start, LeaveDay.day <= end, LeaveDay.state == "booked")
    return list(session.scalars(wanted.order_by(LeaveDay.day, LeaveDay.person_id)))


def entries(session: Session, person: Person, leave_type: str) -> list[LeaveEntry]:
    """Every entry of a balance, oldest first."""
    session.flush()
    wanted = select(LeaveEntry).where(LeaveEntry.person_id == person.id, LeaveEntry.leave_type == leave_type)
    return list(session.scalars(wanted.order_by(LeaveEntry.id)))


def taken(
    session: Session, person: Person, leave_type: str, *, start: date, end: date | None = None, state: str = ""
) -> Decimal:
    """What leave costs its balance on days from start to end (or ever after), booked and asked for or only one."""
    counted = select(LeaveEntry.request).where(
        LeaveEntry.person_id == person.id, LeaveEntry.leave_type == leave_type, LeaveEntry.request.is_not(None)
    )
    wanted = select(LeaveDay.cost).where(
        LeaveDay.person_id == person.id,
        LeaveDay.leave_type == leave_type,
        LeaveDay.day >= start,
        LeaveDay.state.in_((state,) if state else ("pending", "booked")),
        LeaveDay.request.in_(counted),
    )
    rows = session.scalars(wanted.where(LeaveDay.day <= end) if end else wanted)
    return sum(rows, Decimal(0))


def days_away(session: Session, person: Person, leave_type: str, *, start: date, end: date) -> Decimal:
    """How many days of this leave are booked from start to end, also where no balance is kept."""
    wanted = select(LeaveDay.cost).where(
        LeaveDay.person_id == person.id,
        LeaveDay.leave_type == leave_type,
        LeaveDay.day.between(start, end),
        LeaveDay.state == "booked",
    )
    return sum(session.scalars(wanted), Decimal(0))


def _entries(session: Session, person: Person, leave_type: str) -> list[Decimal]:
    session.flush()
    wanted = select(LeaveEntry.days).where(LeaveEntry.person_id == person.id, LeaveEntry.leave_type == leave_type)
    return list(session.scalars(wanted))
