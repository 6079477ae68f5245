"""A preview of a post that is asked for in chat: which post, in six languages, and what is another question."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.brain.hearing import hear
from bot.brain.port import Turn
from bot.brain.previews import preview
from tools import all_kinds

KINDS = all_kinds()


def turn(text: str) -> Turn:
    return Turn(
        text=text,
        speaker="ana",
        now=datetime(2026, 11, 24, 10, tzinfo=ZoneInfo("Europe/Madrid")),
        currency="EUR",
        day_first=True,
        colleagues=(),
        kinds=KINDS,
    )


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("send me a preview of the weekly report", "report"),
        ("Show me the operations report", "report"),
        ("can you send me the weekly report please?", "report"),
        ("preview of who is out", "who_is_out"),
        ("Could I see a preview of the budgets post?", "budgets"),
        ("preview next year's holidays", "holidays"),
        ("preview: leave about to lapse", "lapsing"),
        ("send me a preview of what's waiting", "waiting"),
        ("mándame una vista previa del informe semanal", "report"),
        ("vista previa de los presupuestos", "budgets"),
        ("pré-visualização dos feriados", "holidays"),
        ("un aperçu des budgets", "budgets"),
        ("montre-moi le rapport hebdomadaire", "report"),
        ("Zeig mir den Wochenbericht", "report"),
        ("Vorschau der Feiertage bitte", "holidays"),
        ("anteprima del rapporto settimanale", "report"),
    ],
)
def test_a_preview_names_its_post(text: str, what: str) -> None:
    found = preview(hear(turn(text)))
    assert found is not None
    assert (found.intent, found.args) == ("posts.preview", {"what": what})


def test_without_a_name_it_is_asked_which() -> None:
    found = preview(hear(turn("send me a preview of the scheduled posts")))
    assert found is not None
    assert found.args == {}


@pytest.mark.parametrize(
    "text",
    [
        "who is out tomorrow?",
        "what is my budget?",
        "preview my expense report",
        "I want to preview my leave request before I send it",
        "report a taxi of 12 euros",
        "send me the expense report",
        "which public holidays are there next year?",
        "what is waiting for me?",
        "the weekly report is late",
    ],
)
def test_other_questions_are_no_previews(text: str) -> None:
    assert preview(hear(turn(text))) is None
