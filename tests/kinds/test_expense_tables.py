"""Expenses that tables reckon: other currencies, kilometres and days away."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from backend import people, rates, spending, table_files
from bot.message import Post
from tests.kind_contract import approve_through
from tests.office import Office

TAXI: dict[str, Any] = {"amount": "20.00", "currency": "USD", "category": "transport", "date": "2026-11-23"}
RATES = [
    {"since": "2026-01-01", "currency": "USD", "rate": "0.5"},
    {"since": "2026-11-20", "currency": "USD", "rate": "0.875"},
]
ROUTES = [
    {"kind": "expense", "steps": [{"any": ["manager"]}, {"any": ["finance"], "work": "pay"}]},
    {"kind": "expense", "over": 500, "steps": [{"any": ["finance"]}, {"any": ["finance"], "work": "pay"}]},
]
KM = [
    {"since": "2026-01-01", "country": "ES", "rate": "0.26"},
    {"since": "2026-01-01", "country": "DE", "rate": "0.30"},
]
DAYS = [
    {
        "since": "2026-01-01",
        "country": "DE",
        "full_day": "28",
        "partial_day": "14",
        "breakfast": "5.60",
        "lunch": "11.20",
        "dinner": "11.20",
    }
]
BERLIN: dict[str, Any] = {
    "category": "per_diem",
    "country": "de",
    "start": "2026-11-18",
    "start_time": "09:00",
    "end": "2026-11-20",
    "end_time": "18:00",
    "breakfasts": 2,
    "lunches": 1,
}


def loaded(office: Office, name: str, rows: list[dict[str, str]]) -> list[int]:
    with office.store.writing() as session:
        olga = people.find(session, "olga")
        return table_files.load(session, office.app.kinds, name, rows, by=olga)[2]


def routed(office: Office) -> None:
    from backend import policies

    with office.store.writing() as session:
        document = {"expense": {"receipt_over": 5000}, "route": ROUTES}
        policies.set_all(session, document, by=None, kinds=office.app.kinds)


def claim(office: Office, *lines: Mapping[str, Any]) -> Post:
    office.says("ana", "expenses", meant=[("expense.submit", {"lines": list(lines)})])
    return office.shown("ana")[-1]


def sums(office: Office, sort: str) -> tuple[Decimal, Decimal]:
    """What the entries of the first request come to: (amount, owed)."""
    with office.store.looking() as session:
        found = [each for each in spending.of_request(session, 1) if each.sort == sort]
        return sum((each.amount for each in found), Decimal(0)), sum((each.owed for each in found), Decimal(0))


# currencies


def test_another_currency_is_converted_at_the_rate_of_its_day_which_is_kept(office_on_each: Office) -> None:
    office = office_on_each
    loaded(office, "rates", RATES)
    claim(office, TAXI, {**TAXI, "date": "2026-11-19", "paid_by": "company_card"})
    assert ("Total", "€27.50") in office.card("ana").facts
    office.presses("ana", "submit")
    loaded(office, "rates", [{**RATES[1], "rate": "0.9"}])
    approve_through(office, 1)
    assert sums(office, "booking") == (Decimal("27.50"), Decimal("17.50"))
    with office.store.looking() as session:
        booked = [each for each in spending.of_request(session, 1) if each.sort == "booking"]
        assert [(each.original, each.currency, each.rate) for each in booked] == [
            (Decimal(20), "USD", Decimal("0.875")),
            (Decimal(20), "USD", Decimal("0.5")),
        ]


def test_amounts_are_in_the_coins_of_their_currency(office: Office) -> None:
    with office.store.writing() as session:
        people.find(session, "ana").employer.currency = "JPY"
    loaded(office, "rates", [{"since": "2026-01-01", "currency": "KWD", "rate": "501.35"}])
    claim(office, {**TAXI, "currency": "JPY", "amount": "1200.50"})
    assert "fewer decimals" in str(office.shown("ana")[-1])
    claim(office, {**TAXI, "currency": "KWD", "amount": "3.125"})
    assert dict(office.card("ana").facts)["Paid back"] == "JP¥1,567"


def test_half_a_cent_goes_up() -> None:
    assert rates.rounded(Decimal("0.125"), "EUR") == Decimal("0.13")
    assert rates.rounded(Decimal("2.005"), "EUR") == Decimal("2.01")
    assert rates.rounded(Decimal("5524.5"), "JPY") == Decimal(5525)
    assert rates.rounded(Decimal("1.2345"), "KWD") == Decimal("1.235")


def test_a_missing_rate_is_told_and_the_route_of_the_highest_amount_holds(office: Office) -> None:
    routed(office)
    claim(office, TAXI)
    told = office.card("ana")
    assert told.objections[0].startswith("There is no exchange rate for USD on Mon 23 Nov 2026: finance sets it")
    assert told.route[0].who == ("olga",)
    assert dict(told.facts)["Paid back"] == "US$20.00, once there is a rate"
    loaded(office, "rates", RATES)
    office.fills("ana", {}, lines=[TAXI])
    assert office.card("ana").objections == ()
    assert office.card("ana").route[0].who == ("maria",)


def test_a_rate_that_comes_later_prices_what_was_booked_without_one(office_on_each: Office) -> None:
    office = office_on_each
    claim(office, TAXI)
    office.presses("ana", "submit")
    assert sums(office, "hold") == (Decimal(0), Decimal(0))
    assert loaded(office, "rates", RATES) == [1]
    assert sums(office, "hold") == (Decimal("17.50"), Decimal("17.50"))
    approve_through(office, 1)
    assert sums(office, "hold") == (Decimal(0), Decimal(0))
    assert sums(office, "booking") == (Decimal("17.50"), Decimal("17.50"))
    assert loaded(office, "rates", [{**RATES[1], "rate": "0.9"}]) == []
    office.presses("ana", "Withdraw", on="EX-1")
    assert sums(office, "booking") == (Decimal(0), Decimal(0))


def test_finance_fills_in_the_rate_when_it_pays_and_cannot_pay_without_one(office: Office) -> None:
    routed(office)
    claim(office, TAXI)
    office.presses("ana", "submit")
    approve_through(office, 1)
    form = office.button("olga", "finish").form
    assert form is not None
    assert [(each.name, each.title) for each in form] == [("rate_USD", "1 USD = … EUR")]
    assert office.presses("olga", "finish").refusal == "There is no rate for USD yet: fill it in to pay this."
    assert office.presses("olga", "finish", values={"rate_USD": "-1"}).refusal
    assert office.state(1) == "approved"
    office.presses("olga", "finish", values={"rate_USD": "0.88"})
    assert office.state(1) == "done"
    assert sums(office, "booking") == (Decimal("17.60"), Decimal("17.60"))
    assert sums(office, "payment") == (Decimal(0), Decimal("-17.60"))


# kilometres


def test_kilometres_come_to_what_the_table_says(office: Office) -> None:
    loaded(office, "mileage", KM)
    claim(office, {"distance": "120", "date": "2026-11-23"})
    card = office.card("ana")
    assert card.summary == "Mileage, €31.20"
    assert card.objections == ()
    claim(office, {"distance": "120", "date": "2026-11-23", "country": "DE", "amount": "99"})
    assert office.card("ana").summary == "Mileage, €36.00"


def test_a_rate_holds_from_its_day_on(office: Office) -> None:
    loaded(office, "mileage", [*KM, {"since": "2026-11-01", "country": "ES", "rate": "0.28"}])
    claim(office, {"distance": "100", "date": "2026-10-31"}, {"distance": "100", "date": "2026-11-01"})
    assert [next(each.value for each in line if each.name == "amount") for line in office.card("ana").lines] == [
        "26.00",
        "28.00",
    ]


def test_kilometres_without_a_table_are_the_persons_amount_with_a_word_about_it(office: Office) -> None:
    claim(office, {"distance": "120", "date": "2026-11-23", "amount": "30.00"})
    assert office.card("ana").objections == (
        "Mileage: finance has set no rate for it on Mon 23 Nov 2026, so the amount is yours.",
    )
    claim(office, {"category": "mileage", "date": "2026-11-23", "amount": "30.00"})
    assert office.card("ana").objections == ("Mileage: please fill in “Distance (km)”.",)


# days away


def test_a_per_diem_follows_from_the_trip(office: Office) -> None:
    loaded(office, "per_diem", DAYS)
    claim(office, BERLIN)
    card = office.card("ana")
    assert card.summary == "Per diem (Germany, Wed 18 Nov to Fri 20 Nov 2026), €33.60"
    assert card.objections == ()
    assert {each.name: each.value for each in card.fields}["date"] == "2026-11-18"
    sent = office.presses("ana", "submit").committed[0]
    assert sent.args == {"amount": "33.60", "category": "per_diem", "date": "2026-11-18"}


def test_another_trip_gives_another_amount_and_one_that_ends_before_it_begins_none(office: Office) -> None:
    loaded(office, "per_diem", DAYS)
    claim(office, BERLIN)
    office.fills("ana", {}, lines=[{**BERLIN, "end": "2026-11-19", "breakfasts": 0, "lunches": 0}])
    assert office.card("ana").summary == "Per diem (Germany, Wed 18 Nov to Thu 19 Nov 2026), €28.00"
    office.fills("ana", {}, lines=[{**BERLIN, "end": "2026-11-17", "amount": "10"}])
    assert office.card("ana").objections == ("The trip ends before it begins: change one of them.",)
    assert "submit" not in [each.verb for each in office.card("ana").buttons]


@pytest.mark.parametrize("written", ["9 o'clock", "25:00", "12:60"])
def test_a_time_is_written_as_a_time(office: Office, written: str) -> None:
    loaded(office, "per_diem", DAYS)
    claim(office, BERLIN)
    assert office.fills("ana", {}, lines=[{**BERLIN, "start_time": written}]).refusal


def test_days_in_other_places_are_lines_of_their_own(office: Office) -> None:
    paris = {"since": "2026-01-01", "country": "FR", "city": "Paris", "full_day": "58", "partial_day": "39"}
    loaded(office, "per_diem", [*DAYS, paris])
    france = {"category": "per_diem", "country": "FR", "city": "paris", "start": "2026-11-10", "end": "2026-11-12"}
    claim(office, BERLIN, france)
    assert office.card("ana").summary.endswith("(paris, France, Tue 10 Nov to Thu 12 Nov 2026), €169.60")


def test_an_employers_own_row_comes_before_that_for_all(office: Office) -> None:
    own = {"since": "2026-01-01", "country": "ES", "rate": "0.40", "employer": "Small Works"}
    loaded(office, "mileage", [own, {"since": "2026-11-01", "country": "ES", "rate": "0.26"}])
    claim(office, {"distance": "10", "date": date(2026, 11, 23).isoformat()})
    assert office.card("ana").summary == "Mileage, €4.00"
