"""What was spent is told as a sum by category: to oneself, to managers of their people, to finance of anybody."""

from datetime import date
from typing import Any

import pytest

from tests.kind_contract import approve_through
from tests.office import Office

NOVEMBER: dict[str, Any] = {"start": date(2026, 11, 1).isoformat(), "end": date(2026, 11, 30).isoformat()}


def spend(office: Office, who: str, amount: str, category: str) -> int:
    args = {"amount": amount, "category": category, "date": "2026-11-20"}
    office.says(who, "an expense", meant=[("expense.submit", args)])
    sent = office.presses(who, "submit").committed[0]
    return int(str(sent.ref).partition("-")[2])


def asks(office: Office, who: str, **args: str) -> str:
    return office.says(who, "what was spent?", meant=[("spending.sum", {**NOVEMBER, **args})]).text


def test_waiting_approved_and_paid_are_told_apart(office: Office) -> None:
    first = spend(office, "ana", "20.00", "transport")
    approve_through(office, first)
    spend(office, "ana", "12.00", "meals")
    told = asks(office, "ana")
    assert told.splitlines()[0] == "Your expenses, Sun 1 Nov to Mon 30 Nov 2026:"
    assert "• Meals: €12.00 (€12.00 waits)" in told
    assert "• Transport: €20.00 (€20.00 " in told
    assert "In all: €32.00" in told


def test_travel_is_what_a_trip_costs(office: Office) -> None:
    spend(office, "ana", "20.00", "transport")
    spend(office, "ana", "12.00", "meals")
    assert "Meals" not in asks(office, "ana", category="travel")


def test_a_manager_sees_those_who_report_to_them_and_finance_anybody(office: Office) -> None:
    spend(office, "ana", "20.00", "transport")
    spend(office, "tom", "5.00", "transport")
    told = asks(office, "maria", whose="reports")
    assert "• Transport: €25.00 (€25.00 waits)" in told
    assert "€20.00" in told
    assert "€5.00" in asks(office, "maria", person="tom")
    assert "€5.00" in asks(office, "olga", person="tom")
    assert "€25.00" in asks(office, "olga", whose="company")


@pytest.mark.parametrize("words", [{"person": "tom"}, {"whose": "reports"}])
def test_nobody_sees_what_others_spent(office: Office, words: dict[str, str]) -> None:
    spend(office, "tom", "5.00", "transport")
    assert "5.00" not in asks(office, "ana", **words)


def test_what_we_spent_is_ones_own_for_who_leads_nobody(office: Office) -> None:
    spend(office, "tom", "5.00", "transport")
    spend(office, "ana", "7.00", "meals")
    told = asks(office, "ana", whose="company")
    assert "€7.00" in told
    assert "5.00" not in told


def test_where_nothing_was_spent_it_says_so_with_the_days(office: Office) -> None:
    assert asks(office, "ana") == "I find no expenses of yours for Sun 1 Nov to Mon 30 Nov 2026."
