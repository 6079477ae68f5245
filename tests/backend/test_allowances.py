"""Per diem and mileage by table: what German and Spanish rules, and a company's own, come to."""

from datetime import datetime
from decimal import Decimal

import pytest

from backend.allowances import Mileage, PerDiem, Trip, driven, per_diem, place
from backend.forms import validated
from backend.refusals import Refusal

GERMAN = PerDiem(
    country="DE",
    full_day=Decimal(28),
    partial_day=Decimal(14),
    breakfast=Decimal("5.60"),
    lunch=Decimal("11.20"),
    dinner=Decimal("11.20"),
    night=Decimal(20),
)
"""§ 9 (4a) EStG since 2020; R 9.7 LStR."""

SPANISH = PerDiem(
    country="ES",
    full_day=Decimal("53.34"),
    partial_day=Decimal("53.34"),
    last_day=Decimal("26.67"),
    single_day=Decimal("26.67"),
    hours=Decimal(0),
)
"""Art. 9 RD 439/2007: days with a night away, and days without one."""


def trip(start: str, end: str, **meals: int) -> Trip:
    return Trip(datetime.fromisoformat(start), datetime.fromisoformat(end), **meals)


@pytest.mark.parametrize(
    ("away", "comes_to"),
    [
        # breakfast twice and one lunch, on three days: 14 + (28 - 5.60 - 11.20) + (14 - 5.60)
        (trip("2026-11-23T09:00", "2026-11-25T18:00", breakfasts=2, lunches=1), "33.60"),
        (trip("2026-11-23T09:00", "2026-11-25T18:00"), "56.00"),
        (trip("2026-11-23T08:00", "2026-11-23T16:00"), "0.00"),
        (trip("2026-11-23T08:00", "2026-11-23T16:01"), "14.00"),
        (trip("2026-11-23T08:00", "2026-11-24T01:00"), "28.00"),
        # what is provided takes off at most what the day gives: 14 - 11.20, 14 - 5.60 - 11.20 is nothing
        (trip("2026-11-23T08:00", "2026-11-24T18:00", breakfasts=1, lunches=1, dinners=2), "0.00"),
        (trip("2026-11-23T08:00", "2026-11-24T18:00", dinners=1), "16.80"),
        (trip("2026-11-23T08:00", "2026-11-26T18:00", nights=3), "144.00"),
        (trip("2026-11-23T08:00", "2026-11-24T18:00", nights=9), "48.00"),
    ],
)
def test_german_days_meals_and_nights(away: Trip, comes_to: str) -> None:
    assert per_diem(GERMAN, away, currency="EUR") == Decimal(comes_to)


@pytest.mark.parametrize(
    ("away", "comes_to"),
    [
        (trip("2026-11-23T09:00", "2026-11-25T18:00"), "133.35"),
        (trip("2026-11-23T09:00", "2026-11-23T17:00"), "26.67"),
    ],
)
def test_spanish_days_with_and_without_a_night_away(away: Trip, comes_to: str) -> None:
    assert per_diem(SPANISH, away, currency="EUR") == Decimal(comes_to)


def test_the_city_comes_before_the_country_and_both_before_anywhere() -> None:
    rows = [
        PerDiem(country=country, city=city, full_day=Decimal(full), partial_day=Decimal(1))
        for country, city, full in (("FR", "", 53), ("FR", "Paris", 58), ("", "", 42))
    ]
    found = [place(rows, country=country, city=city) for country, city in (("FR", "paris"), ("FR", "Lyon"), ("JP", ""))]
    assert [row.full_day for row in found if row] == [58, 53, 42]
    assert place(rows[:2], country="JP", city="Paris") is None


def test_a_city_needs_its_country() -> None:
    with pytest.raises(Refusal, match="country"):
        validated(PerDiem, {"city": "Paris", "full_day": 1, "partial_day": 1})


def test_kilometres_are_paid_by_vehicle_and_country_and_rounded_half_up() -> None:
    rows = [
        Mileage(country="ES", rate=Decimal("0.26")),
        Mileage(country="DE", rate=Decimal("0.30")),
        Mileage(vehicle="bicycle", rate=Decimal("0.15")),
    ]
    assert driven(rows, Decimal(120), vehicle="car", country="ES", currency="EUR") == Decimal("31.20")
    assert driven(rows, Decimal("12.1"), vehicle="bicycle", country="ES", currency="EUR") == Decimal("1.82")
    assert driven(rows, Decimal(10), vehicle="car", country="PT", currency="EUR") is None
    assert driven(rows, Decimal(10), vehicle="motorcycle", country="ES", currency="EUR") is None
