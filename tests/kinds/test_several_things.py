"""Several things said in one message: one request with a line for each, from the first word to the decision."""

from typing import Any

from tests.kinds.test_expense_tables import DAYS, loaded
from tests.office import Office

TAXI_AND_LUNCH: dict[str, Any] = {
    "lines": [{"amount": "34", "category": "transport"}, {"amount": "12", "category": "meals"}]
}
TRIP: dict[str, Any] = {"category": "per_diem", "start": "2026-11-09", "end": "2026-11-11", "date": "2026-11-09"}


def test_two_expenses_are_one_report_and_one_answer_is_the_day_of_both(office: Office) -> None:
    asked = office.says("ana", "34 for a taxi and 12 for lunch", meant=[("expense.submit", TAXI_AND_LUNCH)])
    assert asked.text == "When was it?"
    told = office.says("ana", "monday", meant=[("form.update", {"date": "2026-11-23"})])
    assert told.text == "Transport, Meals, €46.00. Shall I send it?"
    sent = office.says("ana", "yes").committed[0]
    lines = [(each["amount"], each["category"], each["date"]) for each in sent.args["lines"]]
    assert lines == [("34", "transport", "2026-11-23"), ("12", "meals", "2026-11-23")]


def test_what_one_line_lacks_is_asked_with_its_name(office: Office) -> None:
    lines = [{"item": "monitors", "quantity": 2, "unit_price": "199"}, {"item": "keyboard", "quantity": 1}]
    asked = office.says("ana", "2 monitors at 199 and a keyboard", meant=[("purchase.submit", {"lines": lines})])
    assert asked.text == "2. keyboard, 1: What does it cost in all?"
    told = office.says("ana", "80", meant=[("form.update", {"total": "80"})])
    assert told.text == "2 × monitors, keyboard, €478.00. Shall I send it?"


def test_more_lines_are_put_beside_what_is_open(office: Office) -> None:
    office.says("ana", "I want to submit an expense", meant=[("expense.submit", {})])
    more = [{**each, "date": "2026-11-23"} for each in TAXI_AND_LUNCH["lines"]]
    told = office.says("ana", "taxi 34 and lunch 12, both on monday", meant=[("form.update", {"another": more})])
    assert told.text == "Transport, Meals, €46.00. Shall I send it?"


def test_a_per_diem_is_reckoned_from_what_is_said_and_says_which_country(office: Office) -> None:
    loaded(office, "per_diem", [{**DAYS[0], "country": "PT"}])
    trip = {**TRIP, "country": "PT", "city": "Lisbon", "nights": 2, "breakfasts": 2}
    said = office.says("ana", "per diem for Lisbon", meant=[("expense.submit", trip)])
    assert said.text == "Per diem (Lisbon, Portugal, Mon 9 Nov to Wed 11 Nov 2026), €44.80. Shall I send it?"


def test_the_country_of_an_unknown_city_is_asked_for_and_not_guessed(office: Office) -> None:
    loaded(office, "per_diem", [{**DAYS[0], "country": "PT"}, {**DAYS[0], "country": "", "full_day": "99"}])
    asked = office.says("ana", "per diem for Melgaço", meant=[("expense.submit", {**TRIP, "city": "Melgaço"})])
    assert (asked.asked, asked.text) == (("country",), "Which country was it in?")
    told = office.says("ana", "in Portugal", meant=[("form.update", {"country": "PT"})])
    assert told.text.startswith("Per diem (Melgaço, Portugal, Mon 9 Nov to Wed 11 Nov 2026), €56.00")
