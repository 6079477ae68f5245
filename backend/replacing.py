"""Leave in whose place another absence comes: its days are given back, and count again once that goes."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import calendars, events, leave
from backend.calendars import Part, Unit
from backend.kinds import kinds_of
from backend.leave import BOOKED, BOOKING, GIVEN_BACK, HOLD, PENDING, LeaveDay, LeaveEntry
from backend.people import Person

if TYPE_CHECKING:
    from backend.requests import Request

STANDING = ("pending", "approved", "recorded", "done")
OTHER_HALF = {Part.AM: Part.PM, Part.PM: Part.AM}


def give_back(
    session: Session, person: Person, *, request: int, days: Iterable[date], to: int | None, by: Person | None
) -> None:
    """Gives back single days of a request, by counter-entries. `to` is the request that comes in their place."""
    wanted = set(days)
    for row in leave.days_of(session, person, min(wanted), max(wanted)):
        if row.request == request and row.day in wanted:
            _give_back(session, person, row, row.cost, to=to, by=by)
    leave.look_at(session, person)
    session.flush()


def take_out(
    session: Session,
    person: Person,
    *,
    request: int,
    taken: Mapping[date, Part],
    unit: Unit,
    to: int | None,
    by: Person | None,
) -> None:
    """Gives back what of a request falls on sick days or the like, to the half day; the person is told.

    unit  in which that leave is counted
    to    the request by which they are away for another reason
    """
    back, on, leave_type = Decimal(0), list[date](), ""
    for row in leave.days_of(session, person, min(taken), max(taken)):
        if row.request != request or row.day not in taken:
            continue
        other = OTHER_HALF.get(taken[row.day]) if row.part == Part.FULL else None
        kept = calendars.counts(session, person, row.day, part=other, unit=unit) if other else Decimal(0)
        state, leave_type = row.state, row.leave_type
        _give_back(session, person, row, row.cost - kept, to=to, by=by)
        if other and kept:
            left = [leave.Taken(row.day, other, kept)]
            leave.mark(session, person, left, leave_type=leave_type, request=request, state=state)
        if state == BOOKED and row.cost > kept:
            back, on = back + row.cost - kept, [*on, row.day]
    leave.look_at(session, person)
    session.flush()
    _told(session, person, "leave.given_back", request=request, because=to, on=on, days=back, of=leave_type, by=by)


def count_again(session: Session, person: Person, *, to: int, besides: Mapping[date, Part], by: Person | None) -> None:
    """What a request came in the place of counts again, and the person is told; but for what it still takes."""
    wanted = select(LeaveDay).where(LeaveDay.given_to == to, LeaveDay.state == GIVEN_BACK).order_by(LeaveDay.id)
    back: dict[tuple[int, str], dict[date, Decimal]] = {}
    for row in session.scalars(wanted).all():
        older = _request(session, row.request)
        there = leave.days_of(session, person, row.day, row.day)
        halves = [each for each in there if each.request == row.request]
        taken = any(meet(Part(row.part), Part(each.part)) for each in there if each.request not in (row.request, to))
        lost = OTHER_HALF.get(Part(halves[0].part), Part.FULL) if halves else Part(row.part)
        if besides.get(row.day) in (Part.FULL, lost) or taken or older.state not in STANDING:
            continue
        days = back.setdefault((row.request, row.leave_type), {})
        if row.day not in days:  # else it is what was left of a day that counts again whole
            for each in halves:
                each.state = GIVEN_BACK
            days[row.day] = row.cost - sum((each.cost for each in halves), Decimal(0))
            row.state = PENDING if older.state == "pending" else BOOKED
            _enter(session, person, row, -days[row.day], by=by)
        row.given_to = None
    if back:
        leave.look_at(session, person)
    session.flush()
    for (request, leave_type), days in back.items():
        on, sum_of = [day for day, cost in days.items() if cost], sum(days.values(), Decimal(0))
        _told(
            session, person, "leave.counts_again", request=request, because=to, on=on, days=sum_of, of=leave_type, by=by
        )


def meet(one: Part, other: Part) -> bool:
    """Whether two parts of a day have something of it in common."""
    return {one, other} != {Part.AM, Part.PM}


def _give_back(
    session: Session, person: Person, row: LeaveDay, days: Decimal, *, to: int | None, by: Person | None
) -> None:
    _enter(session, person, row, days, by=by)
    row.state, row.given_to = GIVEN_BACK, to


def _enter(session: Session, person: Person, row: LeaveDay, days: Decimal, *, by: Person | None) -> None:
    """Writes what a day gives or takes, where a balance is kept for it."""
    kept = select(LeaveEntry.id).where(LeaveEntry.request == row.request, LeaveEntry.leave_type == row.leave_type)
    if days and session.scalar(kept.limit(1)) is not None:
        sort = BOOKING if row.state == BOOKED else HOLD
        leave.enter(session, person, leave_type=row.leave_type, sort=sort, days=days, by=by, request=row.request)


def _told(
    session: Session,
    person: Person,
    event: str,
    *,
    request: int,
    because: int | None,
    on: list[date],
    days: Decimal,
    of: str,
    by: Person | None,
) -> None:
    if not on:
        return
    prefix = kinds_of(session)[_request(session, request).kind].prefix
    events.record(
        session,
        event,
        by=by,
        subject=f"person:{person.id}",
        about=(person,),
        detail={
            "ref": f"{prefix}-{request}",
            "number": request,
            "for": because,
            "leave_type": of,
            "days_on": on,
            "days": days,
        },
    )


def _request(session: Session, number: int) -> "Request":
    from backend.requests import Request  # requests know desks, and those know this

    return session.get_one(Request, number)
