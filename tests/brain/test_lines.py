"""What is said of a kind with lines: one line flat, one more, and details that are said in passing."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.brain.port import Pending, Understood
from tools import all_kinds

OPEN: dict[str, Any] = {"amount": "18", "currency": "EUR", "category": "transport", "date": "2026-09-15"}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("add another: lunch 22 euros", {"amount": "22", "currency": "EUR", "category": "meals"}),
        ("please add another expense, parking 9 euros", {"amount": "9", "currency": "EUR", "category": "transport"}),
        ("añade otro gasto: hotel 90 euros", {"amount": "90", "currency": "EUR", "category": "lodging"}),
        ("add another one", {}),
    ],
)
def test_one_more_line_is_added_to_what_is_open(
    understood: Callable[..., Understood], text: str, line: dict[str, Any]
) -> None:
    (found,) = understood(text, pending=Pending("expense.submit", OPEN, "confirm")).intents
    assert (found.intent, dict(found.args)) == ("form.update", {"another": [line]})


def test_kilometres_and_whose_money_it_was_are_heard_and_not_reported(understood: Callable[..., Understood]) -> None:
    (drove,) = understood("I drove 75 km to a customer yesterday, please pay it back").intents
    assert drove.args["distance"] == 75
    (paid,) = understood("I paid 30 euros for a taxi yesterday with the company card").intents
    assert paid.args["paid_by"] == "company_card"
    told = all_kinds().reported(paid.intent, paid.args)
    assert told == {"amount": "30", "currency": "EUR", "category": "transport", "date": "2026-09-15"}


def test_other_numbers_and_days_stay_where_they_belong(understood: Callable[..., Understood]) -> None:
    (found,) = understood("expense: hotel for 2 nights, 180 euros, yesterday").intents
    told = {name: value for name, value in found.args.items() if name not in ("merchant", "reason")}
    assert told == {"amount": "180", "currency": "EUR", "category": "lodging", "date": "2026-09-15"}


TAXI: dict[str, Any] = {"amount": "20", "currency": "EUR", "category": "transport", "date": "2026-09-15"}
LUNCH: dict[str, Any] = {"amount": "35", "currency": "EUR", "category": "meals", "date": "2026-09-15"}


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("remove the taxi", [LUNCH]),
        ("quita la comida", [TAXI]),
        ("ohne das Taxi", [LUNCH]),
        ("take out the second one", [TAXI]),
        ("drop the 35 one", [TAXI]),
        ("the taxi was 25", [{**TAXI, "amount": "25"}, LUNCH]),
        ("it was 22, not 20", [{**TAXI, "amount": "22"}, LUNCH]),
    ],
)
def test_a_line_is_taken_out_or_said_otherwise(
    understood: Callable[..., Understood], text: str, lines: list[dict[str, Any]]
) -> None:
    pending = Pending("expense.submit", {}, "confirm", (TAXI, LUNCH))
    (found,) = understood(text, pending=pending).intents
    assert (found.intent, dict(found.args)) == ("form.update", {"lines": lines})
