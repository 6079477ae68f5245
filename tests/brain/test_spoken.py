"""What is spoken rather than written: taken back in the same breath, dictated, filled with pauses, handed on."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.brain.asides import without_asides
from bot.brain.clean import fold
from bot.brain.port import Pending, Understood
from bot.brain.repairs import repaired


@pytest.mark.parametrize(
    ("text", "language", "meant"),
    [
        ("buy four, no, make that six lamps at 20 euros each", "en", "buy six lamps at 20 euros each"),
        ("away from 7 to 9 December, sorry, to the 10th", "en", "away from 7 to 10th December"),
        ("off on Tuesday the 8th, no wait, the 9th", "en", "off on the 9th"),
        ("approve 31, scratch that, 33", "en", "approve 33"),
        ("frei am Montag, ach nein, Dienstag", "de", "frei am Dienstag"),
        ("eran 30, no 35", "es", "eran 30, no 35"),
        ("31 yes, 32 no", "en", "31 yes, 32 no"),
        ("yes to 31, no to 32", "en", "yes to 31, no to 32"),
        ("order six lamps, no more", "en", "order six lamps, no more"),
    ],
)
def test_what_was_taken_back_is_not_read(text: str, language: str, meant: str) -> None:
    assert " ".join(repaired(fold(text), text, language=language).split()) == meant


@pytest.mark.parametrize(
    ("text", "language", "plain"),
    [
        ("um I need uh two lamps full stop", "en", "I need two lamps."),
        ("I need, if possible, a lamp", "en", "I need a lamp"),
        ("ich brauche ähm zwei Lampen", "de", "ich brauche zwei Lampen"),
        ("um neun Uhr", "de", "um neun Uhr"),
        ("cxl 31, was off y'day", "en", "cancel 31, was off yesterday"),
        ("um", "en", "um"),
    ],
)
def test_what_only_fills_a_pause_is_not_read(text: str, language: str, plain: str) -> None:
    assert without_asides(text, language=language) == plain


def test_a_mail_handed_on_brings_its_values_to_what_is_asked_in_ones_own_words(
    understood: Callable[..., Understood],
) -> None:
    found = understood("> From: Lumen\n> 3 x desk lamp\n> unit price 20.00 EUR\nplease order these")
    assert [(each.intent, each.args["quantity"], each.args["unit_price"]) for each in found.intents] == [
        ("purchase.submit", 3, "20.00")
    ]
    found = understood("> Hanna is off to a fair\nok, is he away next week?")
    assert [(each.intent, each.args["person"]) for each in found.intents] == [("who_is_out", "hanna.berg")]
    found = understood("Fwd: Gym, 29 EUR a month\n> for all your staff\nis that something the company pays for?")
    assert [each.intent for each in found.intents] == ["policy.ask"]


OPEN: list[tuple[str, Pending, list[tuple[str, dict[str, Any]]]]] = [
    (
        "make the amount 54 and then send it",
        Pending("expense.submit", {"amount": "45", "currency": "EUR", "category": "meals"}, "confirm"),
        [("form.update", {"amount": "54"}), ("form.confirm", {})],
    ),
    (
        "forget it, the office paid for it",
        Pending("expense.submit", {"amount": "45", "currency": "EUR"}, "date"),
        [("form.cancel", {})],
    ),
    (
        "oh no, that one is fine, approve it",
        Pending("approval.reject", {"request_ids": [31]}, "comment"),
        [("form.cancel", {}), ("approval.approve", {"request_ids": [31]})],
    ),
    (
        "approve only 31",
        Pending("approval.approve", {"request_ids": [31, 32]}, "confirm"),
        [("form.cancel", {}), ("approval.approve", {"request_ids": [31]})],
    ),
]


@pytest.mark.parametrize(("text", "pending", "expected"), OPEN)
def test_what_is_changed_while_something_is_open(
    understood: Callable[..., Understood], text: str, pending: Pending, expected: list[tuple[str, dict[str, Any]]]
) -> None:
    assert [(each.intent, dict(each.args)) for each in understood(text, pending=pending).intents] == expected
