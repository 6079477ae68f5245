"""When people work: their week, their place's hours, public holidays and the days it adds, and their own leave."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from itertools import islice
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.leave import LeaveDay
from backend.people import HOURS, WEEKDAYS, LocalDay, Person, Place
from backend.store import known

HALF = Decimal("0.5")
FORTNIGHT, YEAR = timedelta(days=14), timedelta(days=366)


class Unit(StrEnum):
    """How a leave type counts: the days that the person works, Monday to Saturday, all days, or working hours."""

    WORKING = "working"
    SIX_DAY = "six_day"
    CALENDAR = "calendar"
    HOURS = "hours"


class Part(StrEnum):
    """Which part of a day: a half is one of the two, whichever."""

    FULL = "full"
    AM = "am"
    PM = "pm"
    HALF = "half"


def span(start: date, end: date) -> Iterator[date]:
    """Every day from start to end, inclusive."""
    day = start
    while day <= end:
        yield day
        day += timedelta(days=1)


def holiday_name(session: Session, place: Place, day: date) -> str | None:
    """What the place's holiday on that day is called, whole or half; None if it has none."""
    local = _local_day(session, place, day)
    return local.name or place.name if local else public_holidays(place.country, place.region, day.year).get(day)


def halves_free(session: Session, place: Place, day: date) -> frozenset[Part]:
    """The halves of a day that the place has off: none, am, pm or both."""
    return _free(place, day, _local_day(session, place, day))


def _free(place: Place, day: date, local: LocalDay | None) -> frozenset[Part]:
    if local is not None and local.part != Part.FULL:
        free = {Part(local.part)}
    elif local is not None:
        free = {Part.AM, Part.PM}
    else:
        free = set[Part]()
    if day in public_holidays(place.country, place.region, day.year):
        free = {Part.AM, Part.PM}
    return frozenset(free)


def works_on(session: Session, person: Person, day: date) -> frozenset[Part]:
    """The halves of a day that the person works."""
    if not person.work_week.get(WEEKDAYS[day.weekday()]):
        return frozenset()
    return frozenset({Part.AM, Part.PM}) - halves_free(session, person.place, day)


def hours_of(person: Person, day: date) -> Decimal:
    """The hours that somebody's week has on such a day, holidays aside."""
    return Decimal(str(person.work_week.get(WEEKDAYS[day.weekday()]) or 0))


def days_before(session: Session, person: Person, day: date, *, since: date, most: int) -> int:
    """The days that somebody works from `since` to the eve of a day; no more than `most` are counted."""
    counted = 0
    for each in span(since, day - timedelta(days=1)):
        if counted >= most:
            break
        counted += bool(works_on(session, person, each))
    return counted


def counts(session: Session, person: Person, day: date, *, part: Part, unit: Unit) -> Decimal:
    """What leave on (a part of) a day costs in days: 0, 0.5 or 1; in hours: what the person works then.

    A day that the person does not work costs nothing in working days; a short day of a part-timer costs a
    whole one, since the allowance is given in days of that person's week. Half-day holidays cost a half.
    """
    if unit is Unit.HOURS:
        return hours_of(person, day) * counts(session, person, day, part=part, unit=Unit.WORKING)
    match unit:
        case Unit.CALENDAR:
            halves = frozenset({Part.AM, Part.PM})
        case Unit.SIX_DAY:
            halves = frozenset({Part.AM, Part.PM}) - halves_free(session, person.place, day)
            if day.weekday() == 6:
                halves = frozenset[Part]()
        case _:
            halves = works_on(session, person, day)
    match part:
        case Part.FULL:
            return HALF * len(halves)
        case Part.HALF:
            return HALF if halves else Decimal(0)
        case Part.AM | Part.PM:
            return HALF if part in halves else Decimal(0)


# hours


@dataclass(frozen=True)
class Pause:
    """A length of working time: so many working days, or working hours."""

    count: int
    hours: bool = False

    def __str__(self) -> str:
        return f"{self.count} {'hour' if self.hours else 'day'}{'s' if self.count != 1 else ''}"

    def times(self, factor: int) -> "Pause":
        """It so many times over, up to LONGEST."""
        most = LONGEST * 8 if self.hours else LONGEST
        return Pause(min(self.count * factor, max(most, self.count)), self.hours)


LONGEST = 20
"""Working days: a pause that grows grows up to these."""


def pause(written: object) -> Pause:
    """A pause as it is written: "3 days", "4 hours", or a number of days; a ValueError says how to write it."""
    found = re.fullmatch(r"\s*(\d{1,4})\s*(hour|day)?s?\s*", str(written).lower())
    if isinstance(written, Pause):
        return written
    if found is None or isinstance(written, bool) or int(found[1]) < 1:
        raise ValueError(f'\'{written}\' is no pause; write working days or hours, like "1 day" or "4 hours"')
    return Pause(int(found[1]), found[2] == "hour")


def opening(hours: str) -> tuple[time, time]:
    """When a working day written as "09:00-18:00" begins and ends; a ValueError says how to write it."""
    begin, _, end = hours.replace(" ", "").partition("-")
    try:
        found = time.fromisoformat(begin.zfill(5)), time.fromisoformat(end.zfill(5))
    except ValueError:
        found = (time(), time())
    if found[0] >= found[1]:
        raise ValueError(f"'{hours}' are no hours; write when the day begins and ends, like {HOURS}")
    return found


def shifts(session: Session, person: Person, start: date, end: date) -> Iterator[tuple[datetime, datetime]]:
    """When somebody works from one day to another, inclusive: (from, until) for each day that they do, in order.

    Aware, where they work. A half day off, a holiday or their own leave, ends or begins in the middle of the hours.
    """
    found = known(
        session,
        ("shifts", person.id, start, end),
        of=(LocalDay, LeaveDay, Person, Place),
        read=lambda: list(_shifts(session, person, start, end)),
    )
    return iter(found)


def _shifts(session: Session, person: Person, start: date, end: date) -> Iterator[tuple[datetime, datetime]]:
    place, zone = person.place, ZoneInfo(person.place.timezone)
    begin, close = opening(place.hours)
    off: dict[date, set[Part]] = {}
    booked = select(LeaveDay.day, LeaveDay.part).where(
        LeaveDay.person_id == person.id, LeaveDay.day >= start, LeaveDay.day <= end, LeaveDay.state == "booked"
    )
    for day, part in session.execute(booked):
        off.setdefault(day, set()).update({Part.AM, Part.PM} if part == Part.FULL else {Part(part)})
    for day in span(start, end):
        if not hours_of(person, day):
            continue
        free = halves_free(session, place, day) | off.get(day, set())
        opens, closes = (datetime.combine(day, each, tzinfo=zone) for each in (begin, close))
        middle = opens + (closes - opens) / 2
        if not free >= {Part.AM, Part.PM}:
            yield (middle if Part.AM in free else opens), (middle if Part.PM in free else closes)


def at_work(session: Session, person: Person, at: datetime) -> bool:
    """True if a moment (aware) lies in somebody's working hours: their place's, on a day and half that they work."""
    day = at.astimezone(ZoneInfo(person.place.timezone)).date()
    return any(begin <= at < end for begin, end in shifts(session, person, day, day))


def next_at_work(session: Session, person: Person, at: datetime) -> datetime:
    """A moment (aware) itself if somebody is at work then, else when they are next; itself too if never in a year."""
    return next((max(begin, at) for begin, end in shifts_from(session, person, at) if at < end), at)


def shifts_from(session: Session, person: Person, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """When somebody works from the day of a moment on, for a year; read from the database as far as is looked at."""
    first = at.astimezone(ZoneInfo(person.place.timezone)).date()
    start, end = first, first + FORTNIGHT
    while start <= first + YEAR:
        yield from shifts(session, person, start, end)
        start, end = end + timedelta(days=1), end + YEAR


def after(session: Session, person: Person, since: datetime, length: Pause) -> datetime:
    """The moment at which so much of somebody's working time has passed since a moment (aware).

    Hours are counted one by one; after days it is an hour into the last of them, when people have settled in.
    Who works on no day of a year is reckoned with as if they always did.
    """
    if length.hours:
        left = timedelta(hours=length.count)
        for begin, end in shifts_from(session, person, since):
            begin, end = max(begin, since).astimezone(UTC), end.astimezone(UTC)
            if left <= end - begin:
                return begin + left
            left -= max(end - begin, timedelta())
        return since + timedelta(hours=length.count)
    today = since.astimezone(ZoneInfo(person.place.timezone)).date()
    later = (each for each in shifts_from(session, person, since) if each[0].date() > today)
    found = next(islice(later, length.count - 1, None), None)
    return min(found[0] + timedelta(hours=1), found[1]) if found else since + timedelta(days=length.count)


def _local_day(session: Session, place: Place, day: date) -> LocalDay | None:
    return _local_days(session, place, day.year).get(day)


def _local_days(session: Session, place: Place, year: int) -> dict[date, LocalDay]:
    """The days that a place adds in a year."""

    def read() -> dict[date, LocalDay]:
        wanted = select(LocalDay).where(
            LocalDay.place_id == place.id, LocalDay.day >= date(year, 1, 1), LocalDay.day <= date(year, 12, 31)
        )
        return {each.day: each for each in session.scalars(wanted)}

    return known(session, ("local days", place.id, year), of=(LocalDay,), read=read)


@cache
def public_holidays(country: str, region: str | None, year: int) -> dict[date, str]:
    """Public holidays by day, from the `holidays` library (country ISO 3166-1, region ISO 3166-2)."""
    import holidays

    return dict(holidays.country_holidays(country, subdiv=region, years=year, language="en_US"))
