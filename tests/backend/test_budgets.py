"""Budgets: what is left counts what waits and what was spent, and what exceeds it is said with the amount."""

from decimal import Decimal

import pytest

from backend import rates, tables
from backend.budgets import Budget
from backend.rates import Rate
from backend.refusals import Refusal
from tests.kind_contract import approve_through
from tests.kinds.test_purchase import ask, buy, fact, load, objections
from tests.office import Office
from tools.purchase import KIND

LEFT = "Budget left afterwards"


def budget(office: Office, amount: int, centre: str = "Works", **more: object) -> None:
    period = more or {"year": 2026}
    load(office, "budgets", Budget, [{"since": "2026-01-01", "cost_centre": centre, "amount": amount, **period}])


def test_without_a_budget_there_is_no_fact(office: Office) -> None:
    budget(office, 500, "Sales")
    ask(office, {"item": "headset", "total": "100"})
    assert fact(office, "ana", LEFT) == ""


def test_what_is_left_counts_what_waits_and_what_is_booked(office: Office) -> None:
    budget(office, 5000)
    buy(office, {"item": "server", "total": "2000"}, who="tom")
    approve_through(office, 1)
    buy(office, {"item": "printer", "total": "1000"}, who="tom")
    ask(office, {"item": "headset", "total": "750"})
    assert fact(office, "ana", LEFT) == "€1,250.00 of €5,000.00 (Works, 2026)"
    office.presses("ana", "submit")
    assert fact(office, "maria", LEFT, on="PR-3") == "€1,250.00 of €5,000.00 (Works, 2026)"


def test_what_is_withdrawn_or_rejected_is_left_again(office: Office) -> None:
    budget(office, 5000)
    buy(office, {"item": "server", "total": "2000"})
    office.presses("ana", "Withdraw", on="PR-1")
    buy(office, {"item": "printer", "total": "1000"})
    office.presses("maria", "Reject", on="PR-2", values={"comment": "no"})
    ask(office, {"item": "headset", "total": "750"})
    assert fact(office, "ana", LEFT) == "€4,250.00 of €5,000.00 (Works, 2026)"


def test_what_is_approved_for_less_counts_with_that(office: Office) -> None:
    budget(office, 5000)
    buy(office, {"item": "server", "total": "2000"})
    office.presses("maria", "lower", on="PR-1", values={"amount": "1500", "comment": "a smaller one"})
    ask(office, {"item": "headset", "total": "500"})
    assert fact(office, "ana", LEFT) == "€3,000.00 of €5,000.00 (Works, 2026)"


def test_expenses_of_the_team_count(office: Office) -> None:
    budget(office, 1000)
    taxi = {"amount": "300", "category": "transport", "date": "2026-11-23"}
    office.says("tom", "a taxi", meant=[("expense.submit", taxi)])
    office.presses("tom", "submit")
    ask(office, {"item": "headset", "total": "100"})
    assert fact(office, "ana", LEFT).startswith("€600.00 of")


def test_the_objection_says_by_how_much_it_is_exceeded(office: Office) -> None:
    budget(office, 500)
    ask(office, {"item": "headset", "total": "620"})
    assert "exceeds the budget of Works for 2026 by €120.00" in objections(office, "ana")
    assert fact(office, "ana", LEFT) == "-€120.00 of €500.00 (Works, 2026)"


def test_another_cost_centre_pays_where_it_is_said(office: Office) -> None:
    budget(office, 500)
    budget(office, 900, "Sales")
    ask(office, {"item": "headset", "total": "100"}, cost_centre="sales")
    assert fact(office, "ana", LEFT) == "€800.00 of €900.00 (Sales, 2026)"


def test_a_budget_of_a_quarter_says_its_days_and_one_of_another_time_does_not_count(office: Office) -> None:
    budget(office, 500, start="2026-10-01", end="2026-12-31")
    budget(office, 100, year=2025)
    ask(office, {"item": "headset", "total": "100"})
    assert fact(office, "ana", LEFT) == "€400.00 of €500.00 (Works, Thu 1 Oct to Thu 31 Dec 2026)"


def test_a_newer_row_takes_the_place_of_the_older(office: Office) -> None:
    budget(office, 500)
    row = {"cost_centre": "Works", "year": 2026, "amount": 800}
    load(office, "budgets", Budget, [{**row, "since": "2026-06-01"}, {**row, "since": "2026-12-01", "amount": 1}])
    ask(office, {"item": "headset", "total": "100"})
    assert fact(office, "ana", LEFT) == "€700.00 of €800.00 (Works, 2026)"


@pytest.mark.parametrize(
    "period", [{}, {"year": 2026, "start": "2026-01-01", "end": "2026-06-30"}, {"start": "2026-01-01"}]
)
def test_a_row_without_a_clear_period_is_refused(office: Office, period: dict[str, object]) -> None:
    row = {"since": "2026-01-01", "cost_centre": "Works", "amount": 5, **period}
    with office.store.writing() as session, pytest.raises(Refusal, match="year"):
        tables.load(session, "budgets", Budget, [row], by=None)


def test_another_currency_counts_with_its_rate_also_when_that_comes_later(office: Office) -> None:
    budget(office, 1000)
    buy(office, {"item": "camera", "total": "200"}, currency="USD")
    ask(office, {"item": "headset", "total": "100"})
    assert fact(office, "ana", LEFT).startswith("€900.00 of")
    load(office, "rates", Rate, [{"since": "2026-01-01", "currency": "USD", "rate": "0.9"}])
    with office.store.writing() as session:
        office.app.furnish(session)
        assert rates.price(session, by=None) == [1]
    ask(office, {"item": "headset", "total": "100"})
    assert fact(office, "ana", LEFT).startswith("€720.00 of")
    office.presses("maria", "Approve", on="PR-1")  # the hold gives way to a booking with today's rate
    ask(office, {"item": "headset", "total": "100"})
    assert fact(office, "ana", LEFT).startswith("€720.00 of")


def test_a_lower_amount_in_another_currency_is_reckoned_back() -> None:
    form, lines = KIND.whole(
        {"currency": "USD", "rate": "0.9"}, [{"item": "camera", "total": "200", "unit_price": "100", "quantity": 2}]
    )
    assert KIND.amount(form, lines) == Decimal("180.00")
    assert KIND.lowered(form, lines[0], Decimal(90)) == {"total": Decimal("100.00"), "unit_price": None}
    assert KIND.lowered(form, lines[0], Decimal(180)) is None
