"""Orders about a colleague by name: an assistant with limits, its end, a balance corrected; and other sentences."""

from typing import Any

import pytest

from bot.brain.entrusted import entrusted
from bot.brain.hearing import hear
from tests.brain.conftest import turn


def said(text: str) -> tuple[str, dict[str, Any]] | None:
    found = entrusted(hear(turn(text)))
    return None if found is None else (found.intent, dict(found.args))


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("make Hanna my assistant", {}),
        ("Hanna may approve expenses for me up to 150 euros", {"up_to": "150", "kind": "expense"}),
        ("let Hanna decide on my behalf up to 3 days", {"up_to_days": "3"}),
        ("Hanna es mi asistente hasta 200 euros", {"up_to": "200"}),
        ("Hanna ist ab jetzt meine Assistentin, bis 80 €", {"up_to": "80"}),
    ],
)
def test_an_assistant_is_named_with_limits(text: str, limits: dict[str, str]) -> None:
    assert said(text) == ("approvals.assist", {"to": "hanna.berg", **limits})


@pytest.mark.parametrize(
    "text", ["Hanna is no longer my assistant", "Hanna ya no es mi asistente", "Hanna ist nicht mehr meine Assistentin"]
)
def test_an_assistance_ends(text: str) -> None:
    assert said(text) == ("approvals.unassist", {"to": "hanna.berg"})


@pytest.mark.parametrize(
    ("text", "days", "comment"),
    [
        ("give Hanna 2 more vacation days because of the move", "2", "the move"),
        ("please take 1.5 days off Hanna's vacation: booked twice", "-1.5", "booked twice"),
        ("correct Hanna's vacation balance by -3", "-3", None),
        ("añade 2 días de vacaciones a Hanna porque trabajó el sábado", "2", "trabajó el sábado"),
        ("zieh Hanna 1 Tag vom Urlaub ab, war doppelt", "-1", None),
    ],
)
def test_a_balance_is_corrected_by_so_much(text: str, days: str, comment: str | None) -> None:
    found = said(text)
    assert found is not None
    intent, args = found
    assert (intent, args["to"], args["leave_type"], args["days"]) == ("balance.correct", "hanna.berg", "vacation", days)
    assert comment in (None, args.get("comment"))


@pytest.mark.parametrize(
    "text",
    [
        "give Hanna Friday off",
        "add a laptop for Hanna to my order",
        "Hanna approves for me from Monday until Friday",
        "is Hanna my assistant?",
        "I paid an assistant 200 euros",
        "take 2 days off next week",
        "how many days did Hanna take from her vacation",
        "correct my last expense to 40 euros",
        "approve 2 vacation days for Hanna",
    ],
)
def test_other_sentences_mean_something_else(text: str) -> None:
    assert said(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "I'm back, end Hanna's stand-in",
        "Hanna no longer covers for me",
        "take my approvals back from Hanna",
        "quita a Hanna como sustituta",
        "Hanna vertritt mich nicht mehr",
    ],
)
def test_standing_in_ends(text: str) -> None:
    assert said(text) == ("approvals.unassist", {"to": "hanna.berg"})


def test_a_stand_in_until_the_end_of_the_week_is_none_that_ends() -> None:
    assert said("Hanna covers for me until the end of the week") is None
