"""Questions about how a request stands, whom it goes to, and what is left of a budget; and what points at nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.brain.port import Known, Pending, Understood

KNOWN = (
    Known(31, "PR-31", "purchase", "ivo.santos", "label printer", "pending", {}, False),
    Known(32, "TO-32", "time_off", "mark.oneill", "Vacation", "pending", {}, True),
)
DRAFT = Pending("time_off.submit", {"start": "2026-10-01"}, "confirm")


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ("what's the status of my label printer?", {"item": "label printer"}),
        ("did Hanna approve it?", {"request_id": 31}),
        ("¿ya ha aprobado Hanna mi impresora?", {"item": "impresora"}),
        ("hat Hanna das genehmigt?", {"request_id": 31}),
    ],
)
def test_how_it_stands(understood: Callable[..., Understood], text: str, args: dict[str, Any]) -> None:
    asked = understood(text, known=KNOWN, shown=("PR-31",)).intents[0]
    assert (asked.intent, asked.args) == ("request.status", args)


@pytest.mark.parametrize(
    "text", ["who has to approve that?", "¿quién tiene que aprobar esto?", "wer muss das genehmigen?"]
)
def test_whom_a_draft_goes_to(understood: Callable[..., Understood], text: str) -> None:
    asked = understood(text, pending=DRAFT).intents[0]
    assert (asked.intent, asked.args) == ("request.explain", {})


@pytest.mark.parametrize("text", ["who approves expenses over 500?", "who signs this kind of contract?"])
def test_who_decides_in_general_is_a_rule(understood: Callable[..., Understood], text: str) -> None:
    assert understood(text, shown=("PR-31",)).intents[0].intent == "policy.ask"


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ("how much of our budget is left?", {}),
        ("how much budget does logistics have left?", {"team": "logistics"}),
        ("¿cuánto presupuesto le queda a legal?", {"team": "legal"}),
        ("wie viel Budget ist noch übrig?", {}),
    ],
)
def test_what_is_left_of_a_budget(understood: Callable[..., Understood], text: str, args: dict[str, Any]) -> None:
    asked = understood(text).intents[0]
    assert (asked.intent, asked.args) == ("budget.left", args)


@pytest.mark.parametrize("text", ["how much training budget do I have left?", "what is the budget for a hotel?"])
def test_another_budget_is_one_of_the_handbook(understood: Callable[..., Understood], text: str) -> None:
    assert understood(text).intents[0].intent != "budget.left"


def test_whoever_is_named_is_meant_and_not_what_was_shown_last(understood: Callable[..., Understood]) -> None:
    asked = understood("aprueba lo de Mark", known=KNOWN, shown=("PR-31",), speaker="hanna.berg").intents[0]
    assert (asked.intent, asked.args) == ("approval.approve", {"person": "mark.oneill"})


@pytest.mark.parametrize(
    ("text", "day"),
    [("actually only the friday", "2026-10-02"), ("solo el viernes", "2026-10-02"), ("no, next tuesday", "2026-09-22")],
)
def test_a_bare_weekday_is_looked_for_in_the_days_of_the_draft(
    understood: Callable[..., Understood], text: str, day: str
) -> None:
    draft = Pending("time_off.submit", {"start": "2026-10-01", "end": "2026-10-02"}, "confirm")
    assert understood(text, pending=draft).intents[0].args == {"start": day, "end": day}


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("actually only wednesday and thursday", "2026-09-30", "2026-10-01"),
        ("solo el miércoles y el jueves", "2026-09-30", "2026-10-01"),
        ("nur Mittwoch und Donnerstag", "2026-09-30", "2026-10-01"),
        ("no, monday to thursday", "2026-09-21", "2026-09-24"),
        ("no, wednesday to thursday next week", "2026-09-23", "2026-09-24"),
    ],
)
def test_weekdays_are_looked_for_in_the_days_of_the_draft(
    understood: Callable[..., Understood], text: str, start: str, end: str
) -> None:
    draft = Pending("time_off.submit", {"start": "2026-09-30", "end": "2026-10-02"}, "confirm")
    assert understood(text, pending=draft).intents[0].args == {"start": start, "end": end}


def test_the_day_that_is_asked_for_is_read_first(understood: Callable[..., Understood]) -> None:
    draft = Pending("expense.submit", {"category": "per_diem", "date": "2026-09-14"}, "start")
    assert understood("monday 14 september", pending=draft).intents[0].args == {"start": "2026-09-14"}
