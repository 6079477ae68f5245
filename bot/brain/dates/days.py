"""Days, points in the calendar as they were written, and counting in working days."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Lean(StrEnum):
    """Which way a day without a year or week is read."""

    FUTURE = "future"
    PAST = "past"


@dataclass(frozen=True)
class Days:
    """Days that were said: first and last, inclusive.

    start, end  None where that end was not said ("from monday", "until friday" has today as its start)
    span        where it stands in the text
    single      one day was said, not two ends
    numbered    said by the day of the month alone, without a month
    beside      said by another day in the message: "the friday before that"
    ending      the end of a month or week was said, and no day
    """

    start: date | None
    end: date | None
    span: tuple[int, int]
    said_start: bool = True
    said_end: bool = True
    single: bool = False
    weekdays: tuple[int, int] | None = None
    week: bool = False
    beside: bool = False
    numbered: bool = False
    ending: bool = False


@dataclass(frozen=True)
class Point:
    """One day or period as written, before it is known which year, month or week is meant."""

    kind: str
    day: int = 0
    month: int = 0
    year: int = 0
    weekday: int = 0
    week: int | None = None
    coming: bool = False
    start: date | None = None
    end: date | None = None
    bare: bool = False
    beside: bool = False
    ending: bool = False


def working_days_from(start: date, count: int) -> date:
    """The last of `count` working days (Monday to Friday) that begin on or after a day."""
    day = start
    while day.weekday() > 4:
        day += timedelta(days=1)
    for _ in range(max(0, min(count, 1000) - 1)):
        day += timedelta(days=3 if day.weekday() == 4 else 1)
    return day


def working_day_before(day: date) -> date:
    """The nearest day from Monday to Friday before a day."""
    return day - timedelta(days={0: 3, 6: 2}.get(day.weekday(), 1))


def day_from(start: date, number: int) -> date:
    """The first day with this number in its month, from a day on."""
    for step in range(13):
        total = start.year * 12 + start.month - 1 + step
        year, month = total // 12, total % 12 + 1
        if number <= monthrange(year, month)[1] and date(year, month, number) >= start:
            return date(year, month, number)
    return start


def working_days(start: date, end: date) -> int:
    """How many days from Monday to Friday lie between two days, both counted."""
    return sum((start + timedelta(days=i)).weekday() < 5 for i in range(min((end - start).days, 800) + 1))


def kept_day(value: object) -> date | None:
    """A day as a draft or a call keeps it (ISO 8601); None where there is none, or it cannot be read."""
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


def safe(year: int, month: int, day: int) -> date:
    """This day of the month, or its last one where it has fewer."""
    return date(year, month, min(day, monthrange(year, month)[1]))
