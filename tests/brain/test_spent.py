"""A sum of what was spent is asked for in six languages; what may be spent, and what is claimed, is something else."""

from typing import Any

import pytest

from bot.brain.hearing import hear
from bot.brain.spent import spent
from tests.brain.conftest import turn

MONTH = {"start": "2026-09-01", "end": "2026-09-30"}
AUGUST = {"start": "2026-08-01", "end": "2026-08-31"}


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ("what did I spend this month?", MONTH),
        ("¿cuánto he gastado este mes?", MONTH),
        ("quanto gastei este mês?", MONTH),
        ("combien ai-je dépensé ce mois-ci ?", MONTH),
        ("wie viel habe ich diesen Monat ausgegeben?", MONTH),
        ("quanto ho speso questo mese?", MONTH),
        ("how much did my team spend on travel in August?", {**AUGUST, "whose": "reports", "category": "travel"}),
        ("¿cuánto ha gastado mi equipo en viajes en agosto?", {**AUGUST, "whose": "reports", "category": "travel"}),
        (
            "wie viel hat mein Team im August für Reisen ausgegeben?",
            {**AUGUST, "whose": "reports", "category": "travel"},
        ),
        ("how much did Hanna spend in August?", {**AUGUST, "person": "hanna.berg"}),
        (
            "what did we spend on meals in 2025?",
            {"start": "2025-01-01", "end": "2025-12-31", "whose": "company", "category": "meals"},
        ),
        ("how much have I spent since August?", {"start": "2026-08-01"}),
    ],
)
def test_a_sum_is_asked_for(text: str, args: dict[str, Any]) -> None:
    found = spent(hear(turn(text)))
    assert found is not None
    assert (found.intent, found.args) == ("spending.sum", args)


@pytest.mark.parametrize(
    "text",
    [
        "how much can I spend on lunch?",
        "I spent 34 euros on a taxi yesterday",
        "where are my expenses?",
        "¿cuánto puedo gastar en comidas?",
    ],
)
def test_something_else_is_no_sum(text: str) -> None:
    assert spent(hear(turn(text))) is None
