"""Allowances by table: so much a kilometre, so much a day away. Which amounts hold is for finance to load.

The tables can say what the rules of Germany and of Spain ask for, and what a company pays beside or instead of them:

- Germany, § 9 (4a) EStG: 28 euros for each whole day away, 14 for the days of leaving and coming back with a night
  between, 14 for a day of more than 8 hours without one; meals that are provided take off 20, 40 and 40 % of the
  whole day's rate, never below nothing for a day. A night without a bill: 20 euros (R 9.7 LStR). By car: 30 cents a
  kilometre (§ 9 (1) no. 4a EStG, § 5 BRKG).
- Spain, art. 9 RD 439/2007 (RIRPF): what stays untaxed is 53.34 euros for a day with a night away in Spain and 91.35
  abroad, 26.67 and 48.08 without one; 26 cents a kilometre (Orden HFP/792/2023).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import ClassVar

from pydantic import model_validator

from backend.forms import blank
from backend.rates import rounded
from backend.tables import Row


class Mileage(Row):
    """What a kilometre in one's own vehicle is paid with, in the employer's currency; all countries where none."""

    key: ClassVar[tuple[str, ...]] = ("vehicle", "country")
    vehicle: str = blank("Vehicle", default="car")
    country: str = blank("Country", default="", pattern="^([A-Z]{2})?$")
    rate: Decimal = blank("A kilometre", ge=0, max_digits=10, decimal_places=4)


class PerDiem(Row):
    """What a day away is paid with, in the employer's currency; for a city, a country, or (neither) anywhere else.

    full_day           a calendar day that is wholly spent away
    partial_day        the day of leaving, and the day of coming back where last_day does not say otherwise
    last_day           the day of coming back
    single_day         a day without a night away that is longer than `hours`; default: as partial_day
    hours              how long such a day has to be
    breakfast          what one that is provided takes off, at most what that day gives
    lunch              the same
    dinner             the same
    night              a night for which there is no bill
    """

    key: ClassVar[tuple[str, ...]] = ("country", "city")
    country: str = blank("Country", default="", pattern="^([A-Z]{2})?$")
    city: str = blank("City", default="", max_length=80)
    full_day: Decimal = blank("Whole day", ge=0, max_digits=10, decimal_places=2)
    partial_day: Decimal = blank("Part of a day", ge=0, max_digits=10, decimal_places=2)
    last_day: Decimal | None = blank("Last day", default=None, ge=0, max_digits=10, decimal_places=2)
    single_day: Decimal | None = blank("Day without a night", default=None, ge=0, max_digits=10, decimal_places=2)
    hours: Decimal = blank("Longer than hours", default=Decimal(8), ge=0, le=24)
    breakfast: Decimal = blank("Breakfast", default=Decimal(0), ge=0, max_digits=10, decimal_places=2)
    lunch: Decimal = blank("Lunch", default=Decimal(0), ge=0, max_digits=10, decimal_places=2)
    dinner: Decimal = blank("Dinner", default=Decimal(0), ge=0, max_digits=10, decimal_places=2)
    night: Decimal = blank("Night", default=Decimal(0), ge=0, max_digits=10, decimal_places=2)

    @model_validator(mode="after")
    def _city_of_a_country(self) -> "PerDiem":
        if self.city and not self.country:
            raise ValueError("a city needs its country")
        return self


@dataclass(frozen=True)
class Trip:
    """A trip to one place: when it began and ended, nights without a bill, and the meals that others provided."""

    start: datetime
    end: datetime
    nights: int = 0
    breakfasts: int = 0
    lunches: int = 0
    dinners: int = 0


def driven(rows: Iterable[Mileage], distance: Decimal, *, vehicle: str, country: str, currency: str) -> Decimal | None:
    """What so many kilometres are paid with; None where no row says so."""
    fitting = {each.country: each for each in rows if each.vehicle == vehicle}
    row = fitting.get(country) or fitting.get("")
    return None if row is None else rounded(distance * row.rate, currency)


def place(rows: Iterable[PerDiem], *, country: str, city: str) -> PerDiem | None:
    """The row for a place: of the city, else of the country, else of anywhere."""
    known = {(each.country, each.city.casefold()): each for each in rows}
    wanted = ((country, city.casefold()), (country, ""), ("", ""))
    return next((known[key] for key in wanted if key in known), None)


def per_diem(row: PerDiem, trip: Trip, *, currency: str) -> Decimal:
    """What a trip is paid with, day by day: each day's rate less the meals of that day, and the nights.

    Breakfasts are taken off the mornings after a night first, dinners the evenings before one, lunches the whole days.
    """
    days = _days(trip.start.date(), trip.end.date())
    whole = days[1:-1]
    given = [_rate(row, trip, each) for each in days]
    off = [Decimal(0)] * len(days)
    ends = [days[0], days[-1]][: len(days)]
    for count, amount, order in (
        (trip.breakfasts, row.breakfast, [*days[1:], days[0]]),
        (trip.lunches, row.lunch, [*whole, *ends]),
        (trip.dinners, row.dinner, [*days[:-1], days[-1]]),
    ):
        for each in order[:count]:
            off[days.index(each)] += amount
    paid = sum((max(one - other, Decimal(0)) for one, other in zip(given, off, strict=True)), Decimal(0))
    return rounded(paid + row.night * min(trip.nights, len(days) - 1), currency)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=nth) for nth in range((last - first).days + 1)]


def _rate(row: PerDiem, trip: Trip, day: date) -> Decimal:
    first, last = trip.start.date(), trip.end.date()
    if first == last:
        long = trip.end - trip.start > timedelta(hours=float(row.hours))
        single = row.partial_day if row.single_day is None else row.single_day
        return single if long else Decimal(0)
    if day == first:
        return row.partial_day
    if day == last:
        return row.partial_day if row.last_day is None else row.last_day
    return row.full_day
