"""Which days people work: their week, their place's public holidays, and the days it adds."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.people import WEEKDAYS, LocalDay, Person, Place

HALF = Decimal("0.5")


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
    local = _local_day(session, place, day)
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


def _local_day(session: Session, place: Place, day: date) -> LocalDay | None:
    return session.scalar(select(LocalDay).where(LocalDay.place_id == place.id, LocalDay.day == day))


@cache
def public_holidays(country: str, region: str | None, year: int) -> dict[date, str]:
    """Public holidays by day, from the `holidays` library (country ISO 3166-1, region ISO 3166-2)."""
    import holidays

    return dict(holidays.country_holidays(country, subdiv=region, years=year))
