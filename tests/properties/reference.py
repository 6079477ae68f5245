"""Counting days of leave the slow and obvious way: day by day, half by half, from a list of holidays."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

HALVES = ("am", "pm")
SPAIN = frozenset(
    date.fromisoformat(day)
    for day in ("2026-01-01", "2026-01-06", "2026-04-03", "2026-05-01", "2026-08-15", "2026-10-12", "2026-12-08")
) | frozenset(date.fromisoformat(day) for day in ("2026-12-25", "2027-01-01", "2027-01-06", "2027-03-26"))
"""National holidays of Spain from January 2026 to March 2027, from the official list."""


@dataclass(frozen=True)
class Calendar:
    """Somebody's week (0 is Monday), their place's holidays, and its half-days off by day."""

    week: frozenset[int] = frozenset(range(5))
    holidays: frozenset[date] = SPAIN
    half_days: Mapping[date, str] = field(default_factory=dict[date, str])

    def off(self, day: date, half: str) -> bool:
        return day in self.holidays or self.half_days.get(day) in (half, "full")


def wanted(start: date, end: date, *, part: str, from_midday: bool, until_midday: bool) -> list[tuple[date, str]]:
    """Every half of every day that is asked for; "half" stands for one half, whichever counts."""
    out: list[tuple[date, str]] = []
    day = start
    while day <= end:
        if part == "half":
            out.append((day, "half"))
        for half in HALVES:
            if part in HALVES and half != part:
                continue
            if part == "half":
                continue
            if part == "full" and day == start and from_midday and half == "am":
                continue
            if part == "full" and day == end and until_midday and half == "pm":
                continue
            out.append((day, half))
        day += timedelta(days=1)
    return out


def cost(calendar: Calendar, halves: list[tuple[date, str]], *, unit: str) -> Decimal:
    """What these halves cost, in days."""
    return sum((Decimal("0.5") for day, half in halves if _counts(calendar, day, half, unit)), Decimal(0))


def _counts(calendar: Calendar, day: date, half: str, unit: str) -> bool:
    if unit == "calendar":
        return True
    if half == "half":
        return _counts(calendar, day, "am", unit) or _counts(calendar, day, "pm", unit)
    if unit == "six_day":
        return day.weekday() != 6 and not calendar.off(day, half)
    return day.weekday() in calendar.week and not calendar.off(day, half)
