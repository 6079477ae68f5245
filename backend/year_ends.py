"""The end of a leave year: what is left is carried over, and lapses only where the person was told in time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend import chats, entitlements, events, leave, leave_types, people
from backend.clock import day_in
from backend.entitlements import LeaveYear, year_of
from backend.leave import BOOKING, CARRY, GRANT, HOLD, LAPSE, OPENING, LeaveEntry
from backend.leave_types import LeaveType, TimeOffLimits
from backend.people import Person
from backend.store import Amount, Base, Moment, now

LEAD = 7
"""Days between the notice and the last day on which it is in time, so that it can be delivered again."""

OPEN, USED, LAPSED, KEPT = "open", "used", "lapsed", "kept"


class Remainder(Base):
    """What is left of a leave year for somebody, and what became of it.

    days       what the notice said would lapse; nothing where none was given
    lapses_on  the last day on which it can be taken
    event      the event whose notice told the person, and when a channel took that
    state      open, used (nothing had to lapse), lapsed, or kept (there was no notice in time)
    """

    __tablename__ = "leave_remainders"
    __table_args__ = (UniqueConstraint("person_id", "leave_type", "year"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    leave_type: Mapped[str]
    year: Mapped[str]
    days: Mapped[Decimal] = mapped_column(Amount)
    lapses_on: Mapped[date]
    event: Mapped[str | None]
    delivered_at: Mapped[datetime | None] = mapped_column(Moment)
    carried: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(default=OPEN)


@dataclass(frozen=True)
class _Case:
    """One leave year of one balance, as it stands today."""

    person: Person
    kind: LeaveType
    year: LeaveYear
    lapses_on: date
    row: Remainder | None


@dataclass(frozen=True)
class AtRisk:
    """What somebody would lose before long: so many days (or hours) of a year's leave, after a day.

    told       true where a notice said so; delivered_at: when that reached them
    """

    person: Person
    kind: LeaveType
    year: str
    days: Decimal
    lapses_on: date
    told: bool
    delivered_at: datetime | None


def at_risk(session: Session, *, until: date, person: Person | None = None) -> list[AtRisk]:
    """What would lapse from today until a day, of one person or of everybody, by name."""
    day, limits = entitlements.today(session), leave_types.limits(session)
    out: list[AtRisk] = []
    for case in _cases(session, day=day, limits=limits, only=person):
        days = lapsing(session, case.person, case.kind, year=case.year, until=case.lapses_on)
        if days and day <= case.lapses_on <= until:
            row = case.row
            told, when = row is not None and row.event is not None, row.delivered_at if row else None
            out.append(AtRisk(case.person, case.kind, case.year.name, days, case.lapses_on, told, when))
    return sorted(out, key=lambda each: (each.person.name, each.lapses_on))


def close_due(session: Session) -> None:
    """Tells people what would lapse, notes what was delivered, carries over, and lets lapse what was told in time."""
    day, limits = entitlements.today(session), leave_types.limits(session)
    kept: list[dict[str, Any]] = []
    about: list[Person] = []
    for case in list(_cases(session, day=day, limits=limits)):
        in_time = case.lapses_on - timedelta(days=limits.notice_before_lapse_days)
        row = case.row
        if (row is None or row.event is None) and in_time - timedelta(days=LEAD) <= day <= in_time:
            row = _announce(session, case)
        if row is not None and row.event and row.delivered_at is None:
            _note_delivery(session, case.person, row)
        if day > case.year.end and (row is None or not row.carried):
            row = row or _row(session, case)
            _carry(session, case, row)
        if row is not None and day > case.lapses_on:
            stays = _close(session, case, row, in_time=in_time)
            if stays:
                kept.append({"who": case.person.handle, "leave_type": case.kind.name, "days": stays})
                about.append(case.person)
    if kept:
        events.record(
            session,
            "lapse.missed",
            by=None,
            subject="company:1",
            about=tuple(dict.fromkeys(about)),
            detail={"kept": kept},
        )
    session.flush()


def left_of(session: Session, person: Person, kind: LeaveType, *, year: LeaveYear) -> Decimal:
    """What is left when a leave year ends: all that was given until then, less what is taken on days until then."""
    total = Decimal(0)
    for each in leave.entries(session, person, kind.name):
        if each.sort in (HOLD, BOOKING) or (each.sort != CARRY and each.since <= year.end):
            total += each.days
    return total + leave.taken(session, person, kind.name, start=year.next.start)


def lapsing(session: Session, person: Person, kind: LeaveType, *, year: LeaveYear, until: date) -> Decimal:
    """What of a year's leave would lapse after a day: days taken use the oldest first, and some may stay."""
    old = left_of(session, person, kind, year=year)
    if until > year.end:
        old -= leave.taken(session, person, kind.name, start=year.next.start, end=until)
    return max(max(old, Decimal(0)) - (kind.carry_over or Decimal(0)), Decimal(0))


def last_day(kind: LeaveType, year: LeaveYear) -> date:
    """The last day on which what is left of a year can be taken."""
    if kind.carry_over_until is None:
        return year.end
    month, day = map(int, kind.carry_over_until.split("-"))
    found = date(year.end.year, month, day)
    return found if found > year.end else found.replace(year=found.year + 1)


def _cases(session: Session, *, day: date, limits: TimeOffLimits, only: Person | None = None) -> Iterator[_Case]:
    """The years, of balances of which something may lapse, that are not closed yet, oldest first."""
    types = [each for each in leave_types.of(session) if each.kept and each.carry_over is not None]
    if not types:
        return
    session.flush()
    first: dict[tuple[int, str], date] = {}
    given = select(LeaveEntry).where(LeaveEntry.sort.in_((OPENING, GRANT)))
    closed = select(Remainder)
    if only is not None:
        given, closed = given.where(LeaveEntry.person_id == only.id), closed.where(Remainder.person_id == only.id)
    for each in session.scalars(given):
        key = (each.person_id, each.leave_type)
        first[key] = min(first.get(key, each.since), each.since)
    rows = {(each.person_id, each.leave_type, each.year): each for each in session.scalars(closed)}
    for person in [only] if only is not None else people.everybody(session):
        for kind in types:
            begun = first.get((person.id, kind.name))
            year = year_of(begun, limits) if begun else None
            while year is not None and year.start <= day:
                row = rows.get((person.id, kind.name, year.name))
                if row is None or row.state == OPEN:
                    yield _Case(person, kind, year, row.lapses_on if row else last_day(kind, year), row)
                year = year.next


def _announce(session: Session, case: _Case) -> Remainder | None:
    days = lapsing(session, case.person, case.kind, year=case.year, until=case.lapses_on)
    if not days:
        return case.row
    row = case.row or _row(session, case)
    row.days = days
    row.event = _record(session, "lapse.announced", case, days=days, lapses_on=case.lapses_on)
    return row


def _record(session: Session, kind: str, case: _Case, **more: object) -> str:
    """Records what becomes of one person's leave of one type and year."""
    detail = {"leave_type": case.kind.name, "year": case.year.name, **more}
    subject = f"person:{case.person.id}"
    return events.record(session, kind, by=None, subject=subject, about=(case.person,), detail=detail)


def _row(session: Session, case: _Case) -> Remainder:
    row = Remainder(
        person_id=case.person.id,
        leave_type=case.kind.name,
        year=case.year.name,
        days=Decimal(0),
        lapses_on=case.lapses_on,
        carried=False,
        state=OPEN,
    )
    session.add(row)
    return row


def _note_delivery(session: Session, person: Person, row: Remainder) -> None:
    wanted = select(chats.Posted.sent_at).where(
        chats.Posted.person_id == person.id,
        chats.Posted.key.startswith(f"{row.event}:", autoescape=True),
        chats.Posted.state == chats.SENT,
    )
    sent = [each for each in session.scalars(wanted) if each is not None]
    if not sent:
        return
    row.delivered_at = min(sent)
    events.record(
        session,
        "lapse.delivered",
        by=None,
        subject=f"person:{person.id}",
        about=(person,),
        detail={"leave_type": row.leave_type, "year": row.year, "at": min(sent).isoformat()},
    )


def _carry(session: Session, case: _Case, row: Remainder) -> None:
    """Writes what goes from a year into the next: two entries that come to nothing."""
    row.carried = True
    left = left_of(session, case.person, case.kind, year=case.year)
    for days, day, year in (
        (-left, case.year.end, f"{case.year.name} out"),
        (left, case.year.next.start, f"{case.year.next.name} in"),
    ):
        if left:
            leave.enter(
                session,
                case.person,
                leave_type=case.kind.name,
                sort=CARRY,
                days=days,
                by=None,
                day=day,
                period=year,
                reason=f"{case.year.name} to {case.year.next.name}",
            )


def _close(session: Session, case: _Case, row: Remainder, *, in_time: date) -> Decimal:
    """Lets lapse what was told in time. Returns what stays because it was not."""
    due = lapsing(session, case.person, case.kind, year=case.year, until=case.lapses_on)
    zone = case.person.place.timezone
    told = row.delivered_at is not None and day_in(zone, row.delivered_at) <= in_time
    gone = min(due, row.days) if told else Decimal(0)
    row.state = LAPSED if gone else KEPT if due else USED
    if gone:
        leave.enter(
            session,
            case.person,
            leave_type=case.kind.name,
            sort=LAPSE,
            days=-gone,
            by=None,
            day=max(case.lapses_on, case.year.next.start),
            period=case.year.name,
            reason=f"not taken by {case.lapses_on.isoformat()}",
        )
        told_at = (row.delivered_at or now(session)).isoformat()
        _record(session, "balance.lapsed", case, days=gone, lapsed_on=case.lapses_on, told_at=told_at)
    return due - gone
