"""Finer decisions said in chat: what is one, in six languages, and what is something else."""

from typing import Any

import pytest

from bot.brain.finer import finer
from bot.brain.hearing import hear
from bot.brain.local import LocalBrain
from bot.brain.port import Known, Pending
from tests.brain.conftest import turn

WAITS = Known(214, "EX-214", "expense", "zoe.klein", "Taxi", "pending", {}, True)
MINE = Known(215, "TO-215", "time_off", "ivo.santos", "Vacation", "pending", {}, False)


def said(text: str, **more: Any) -> tuple[str, dict[str, Any]] | None:
    found = finer(hear(turn(text, known=(WAITS, MINE), **more)))
    return None if found is None else (found.intent, dict(found.args))


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("ask Zoë about 214: which client was it?", "which client was it?"),
        ("send 214 back: which client was it?", "which client was it?"),
        ("please send back EX-214, where is the receipt?", "where is the receipt?"),
        ("pregunta a Zoë sobre 214: ¿qué cliente era?", "qué cliente era?"),
        ("pergunta sobre 214: que cliente era?", "que cliente era?"),
        ("demande à Zoë pour 214 : quel client ?", "quel client ?"),
        ("frag Zoë zu 214: welcher Kunde war das?", "welcher Kunde war das?"),
        ("schick 214 zurück: welcher Kunde war das?", "welcher Kunde war das?"),
        ("chiedi a Zoë di 214: quale cliente era?", "quale cliente era?"),
    ],
)
def test_a_question_sends_back_what_waits(text: str, question: str) -> None:
    assert said(text) == ("approval.send_back", {"request_ids": [214], "comment": question})


@pytest.mark.parametrize(
    ("text", "amount", "why"),
    [
        ("approve 214 for 60 euros, that is the limit", "60", "that is the limit"),
        ("approve EX-214 up to €45.50 because of the limit", "45.50", "because of the limit"),
        ("aprueba 214 por 60 euros porque es el límite", "60", "es el límite"),
        ("genehmige 214 bis 60 Euro, mehr geht nicht", "60", "mehr geht nicht"),
    ],
)
def test_an_amount_after_it_approves_for_less(text: str, amount: str, why: str) -> None:
    args = {"request_ids": [214], "amount": amount, "comment": why}
    assert said(text) == ("approval.approve", args)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("undo", []),
        ("undo that please", []),
        ("undo my decision on 214", [214]),
        ("take back my approval of EX-214", [214]),
        ("deshaz mi decisión", []),
        ("desfaz a aprovação", []),
        ("annule ma décision", []),
        ("nimm meine Entscheidung zurück", []),
        ("annulla la decisione", []),
    ],
)
def test_a_decision_is_taken_back(text: str, numbers: list[int]) -> None:
    assert said(text) == ("approval.undo", {"request_ids": numbers} if numbers else {})


@pytest.mark.parametrize(
    "text",
    [
        "ask about 215: is it approved?",  # their own
        "send 214 to finance",
        "approve 214",
        "approve 214 for Zoë",
        "undo my vacation request",
        "can you undo the booking for Friday?",
        "I need 214 euros back",
    ],
)
def test_what_is_something_else(text: str) -> None:
    assert said(text) is None


def test_undo_in_the_middle_of_a_form_is_not_about_a_decision() -> None:
    assert said("undo", pending=Pending("time_off.submit", {}, "start")) is None


@pytest.mark.parametrize("text", ["45", "45 euros", "€45", "45,00 €"])
def test_the_amount_that_was_asked_for_is_heard(brain: LocalBrain, text: str) -> None:
    pending = Pending("approval.approve", {"request_ids": [214]}, "amount")
    (intent,) = brain.understand(turn(text, pending=pending)).intents
    assert (intent.intent, float(intent.args["amount"])) == ("form.update", 45)
