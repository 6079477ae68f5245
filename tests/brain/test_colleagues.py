"""Who works with whom is asked for, in six languages; and what only looks like it."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.brain.colleagues import colleague_asked
from bot.brain.hearing import hear
from bot.brain.port import Pending, Understood
from tests.brain.conftest import turn

ASKED: list[tuple[str, dict[str, Any]]] = [
    ("who's my manager?", {"about": "manager"}),
    ("who is Mark's boss?", {"about": "manager", "person": "mark.oneill"}),
    ("who does Mark report to?", {"about": "manager", "person": "mark.oneill"}),
    ("¿quién es mi jefa?", {"about": "manager"}),
    ("quem é o gestor da Hanna?", {"about": "manager", "person": "hanna.berg"}),
    ("qui est le responsable de Hanna ?", {"about": "manager", "person": "hanna.berg"}),
    ("wer ist mein Vorgesetzter?", {"about": "manager"}),
    ("wer ist Hannas Chefin?", {"about": "manager", "person": "hanna.berg"}),
    ("chi è il mio capo?", {"about": "manager"}),
    ("who reports to Hanna?", {"about": "reports", "person": "hanna.berg"}),
    ("who is in the logistics team?", {"about": "team", "team": "logistics"}),
    ("who is on my team?", {"about": "team"}),
    ("¿quién está en el equipo de Mark?", {"about": "team", "person": "mark.oneill"}),
    ("wer ist in meinem Team?", {"about": "team"}),
    ("what's Hanna's email?", {"about": "email", "person": "hanna.berg"}),
    ("dime el correo de Hanna", {"about": "email", "person": "hanna.berg"}),
]


@pytest.mark.parametrize(("text", "args"), ASKED, ids=[text for text, _ in ASKED])
def test_who_works_with_whom(text: str, args: dict[str, Any]) -> None:
    found = colleague_asked(hear(turn(text)))
    assert found is not None
    assert (found.intent, dict(found.args)) == ("colleague.ask", args)


@pytest.mark.parametrize(
    "text",
    [
        "who is in today?",
        "who in the logistics team is off tomorrow?",
        "who is out in my team?",
        "who approves a laptop, my manager or finance?",
        "who is responsible for the printers?",
        "¿quién es el responsable de protección de datos?",
        "what do I tell my manager when I am ill?",
        "does my manager have to sign?",
        "approve Hanna's email",
    ],
)
def test_anything_else_is_something_else(text: str) -> None:
    assert colleague_asked(hear(turn(text))) is None


def test_it_is_answered_while_a_draft_is_open(understood: Callable[..., Understood]) -> None:
    draft = Pending("expense.submit", {"amount": "18.40", "category": "transport", "date": "2026-09-15"}, "confirm")
    assert understood("who is my manager?", pending=draft).intents[0].intent == "colleague.ask"
