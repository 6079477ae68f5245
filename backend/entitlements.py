"""What everybody is given: a year's leave, all at once or month by month, pro rata, each period once."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend import events, leave, leave_types, people, timers
from backend.calendars import Unit
from backend.clock import day_in
from backend.leave import GRANT, OPENING, LeaveEntry
from backend.leave_types import Accrues, LeaveType, Rounding, TimeOffLimits
from backend.people import Person
from backend.store import now

DAILY = "leave.daily"
"""The timer that goes off when a day begins (backend/day_starts.py)."""


@dataclass(frozen=True)
class LeaveYear:
    """Twelve months of leave, called after the year in which they begin."""

    start: date

    @property
    def name(self) -> str:
        return str(self.start.year)

    @property
    def end(self) -> date:
        return self.next.start - timedelta(days=1)

    @property
    def next(self) -> "LeaveYear":
        return LeaveYear(self.start.replace(year=self.start.year + 1))

    @property
    def before(self) -> "LeaveYear":
        return LeaveYear(self.start.replace(year=self.start.year - 1))

    @property
    def months(self) -> list[date]:
        """The first days of its twelve months."""
        return [_months_after(self.start, number) for number in range(12)]


def year_of(day: date, limits: TimeOffLimits) -> LeaveYear:
    """The leave year that a day lies in."""
    month, first = map(int, limits.leave_year_starts.split("-"))
    start = date(day.year, month, first)
    return LeaveYear(start if start <= day else start.replace(year=day.year - 1))


def today(session: Session) -> date:
    """The calendar day of the company."""
    return day_in(people.company(session).timezone, now(session))


def share(kind: LeaveType, person: Person, *, year: LeaveYear, limits: TimeOffLimits, months: int = 12) -> Decimal:
    """What is a person's of a yearly allowance, for the first so many months of a year, in the leave's unit.

    Part-timers get their share of a five-day week where working days are counted, and of a full week's hours where
    hours are. A month counts for who is employed on its 15th. Rounded as the leave type says.
    """
    days = kind.allowance or Decimal(0)
    if kind.unit is Unit.WORKING:
        days = days * min(sum(1 for hours in person.work_week.values() if hours), 5) / 5
    elif kind.unit is Unit.HOURS:
        days = days * sum((Decimal(str(hours or 0)) for hours in person.work_week.values()), Decimal(0))
        days = days / limits.full_week_hours
    counted = sum(1 for first in year.months[:months] if _employed(person, first + timedelta(days=14)))
    return rounded(days * counted / 12, kind.rounding)


def rounded(days: Decimal, how: Rounding) -> Decimal:
    """An amount of leave, rounded as a leave type says."""
    exact = days.quantize(Decimal("0.000001"), ROUND_HALF_UP)
    match how:
        case Rounding.HALF_UP:
            return Decimal(math.ceil(exact * 2)) / 2
        case Rounding.UP:
            return Decimal(math.ceil(exact))
        case Rounding.NEAREST_HALF:
            return (exact * 2).quantize(Decimal(1), ROUND_HALF_UP) / 2
        case Rounding.EXACT:
            return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


def grant_due(session: Session, *, by: Person | None) -> int:
    """Gives everybody what is due by now and was not given: each period once, however long nobody looked.

    A period that an opening balance covers is not given again. Returns how many balances grew.
    """
    types = [each for each in leave_types.of(session) if each.kept]
    limits, day = leave_types.limits(session), today(session)
    known = _known(session)
    grown = 0
    for person in people.everybody(session) if types else []:
        given: dict[str, Decimal] = {}
        for kind in types:
            for grant in _due(
                session, kind, person, limits=limits, day=day, known=known.get((person.id, kind.name), ())
            ):
                leave.enter(
                    session,
                    person,
                    leave_type=kind.name,
                    sort=GRANT,
                    days=grant.days,
                    by=by,
                    day=grant.day,
                    period=grant.period,
                )
                given[kind.name] = given.get(kind.name, Decimal(0)) + grant.days
        if given:
            events.record(
                session,
                "balance.granted",
                by=by,
                subject=f"person:{person.id}",
                about=(person,),
                detail={"days": given},
            )
        grown += len(given)
    session.flush()
    return grown


@dataclass(frozen=True)
class Grant:
    """Leave that is due for a period: how much, from which day."""

    period: str
    day: date
    days: Decimal


def _due(
    session: Session,
    kind: LeaveType,
    person: Person,
    *,
    limits: TimeOffLimits,
    day: date,
    known: Sequence[LeaveEntry],
) -> Iterator[Grant]:
    """The grants that a person lacks, oldest first."""
    covered = max((each.since for each in known if each.sort == OPENING), default=date.min)
    had = {period_of(each, limits): each.days for each in known if each.sort == GRANT}
    first = min((each.since for each in known), default=_begun(session, person) or day)
    year = year_of(first, limits)
    while year.start <= day:
        if kind.accrues is Accrues.YEARLY:
            yield from _yearly(kind, person, year=year, limits=limits, had=had, covered=covered)
        elif year.name not in had:
            yield from _monthly(kind, person, year=year, limits=limits, had=had, covered=covered, day=day)
        year = year.next


def _yearly(
    kind: LeaveType, person: Person, *, year: LeaveYear, limits: TimeOffLimits, had: dict[str, Decimal], covered: date
) -> Iterator[Grant]:
    ends = person.end is not None and year.start <= person.end <= year.end
    leaving = f"{year.name} until {person.end}"
    if covered >= year.start or leaving in had:
        return
    before = sum((days for period, days in had.items() if period[:4] == year.name), Decimal(0))
    due = share(kind, person, year=year, limits=limits) - before
    if year.name not in had:
        if due:
            yield Grant(leaving if ends else year.name, max(year.start, person.start or year.start), due)
    elif ends and due:
        yield Grant(leaving, year.start, due)


def _monthly(
    kind: LeaveType,
    person: Person,
    *,
    year: LeaveYear,
    limits: TimeOffLimits,
    had: dict[str, Decimal],
    covered: date,
    day: date,
) -> Iterator[Grant]:
    for number, first in enumerate(year.months, start=1):
        period = f"{year.name}-{number:02d}"
        if first > day or period in had or covered >= first:
            continue
        until, before = (share(kind, person, year=year, limits=limits, months=m) for m in (number, number - 1))
        if until != before:
            yield Grant(period, max(first, person.start or first), until - before)


def period_of(entry: LeaveEntry, limits: TimeOffLimits) -> str:
    """What a grant was for; one that does not say it was for the leave year in which it was written."""
    return entry.period or year_of(entry.since, limits).name


def _begun(session: Session, person: Person) -> date | None:
    """The day on which somebody began whom no daily grant has met yet, where one has been given since."""
    last = session.scalar(select(func.max(timers.Timer.fired_at)).where(timers.Timer.name == DAILY))
    if person.start is None or last is None or person.start <= last.date():
        return None
    return person.start


def _known(session: Session) -> dict[tuple[int, str], list[LeaveEntry]]:
    """The opening balances and grants there are, by person and leave type."""
    session.flush()
    out: dict[tuple[int, str], list[LeaveEntry]] = {}
    wanted = select(LeaveEntry).where(LeaveEntry.sort.in_((OPENING, GRANT)))
    for each in session.scalars(wanted.order_by(LeaveEntry.id)):
        out.setdefault((each.person_id, each.leave_type), []).append(each)
    return out


def _employed(person: Person, day: date) -> bool:
    return (person.start is None or person.start <= day) and (person.end is None or day <= person.end)


def _months_after(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return day.replace(year=day.year + years, month=month + 1)
