"""A yes that says again what it is a yes to."""

import pytest

from bot.brain.agreeing import agrees


@pytest.mark.parametrize(
    ("text", "to"),
    [
        ("yes, reject it please", "reject"),
        ("si, rechazala", "reject"),
        ("sim, pode pedir", "submit"),
        ("ja, bitte bestellen", "submit"),
        ("ok, approve", "approve"),
        ("yes, withdraw it", "withdraw"),
    ],
)
def test_a_yes_with_its_verb_is_a_yes(text: str, to: str) -> None:
    assert agrees(text, to=to)


@pytest.mark.parametrize(
    ("text", "to"),
    [("yes, reject it", "approve"), ("yes, but on friday", "submit"), ("yes?", "submit"), ("send it", "submit")],
)
def test_a_yes_to_something_else_is_none(text: str, to: str) -> None:
    assert not agrees(text, to=to)
