"""Colleagues found by what people call them."""

import pytest

from bot.brain.clean import clean
from bot.brain.names import names_in
from tests.brain.conftest import COLLEAGUES


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ask hanna", "hanna.berg"),
        ("Hanna's leave", "hanna.berg"),
        ("Ivo Santos", "ivo.santos"),
        ("@mark.oneill please", "mark.oneill"),
        ("<@U1HANNA> decides", "hanna.berg"),
        ("zoe klein", "zoe.klein"),
        ("for Zoë", ["zoe.martin", "zoe.klein"]),
        ("give it to Mark", "mark.oneill"),
    ],
)
def test_a_name(text: str, value: object) -> None:
    assert [each.value for each in names_in(clean(text), COLLEAGUES)] == [value]


@pytest.mark.parametrize("text", ["please mark it as done", "hannah montana", "bergamot tea"])
def test_what_is_no_name(text: str) -> None:
    assert names_in(clean(text), COLLEAGUES) == []


def test_somebody_nobody_knows_stands_as_written() -> None:
    assert [each.value for each in names_in(clean("approve Bogdan's vacation"), COLLEAGUES, strangers=True)] == [
        "Bogdan"
    ]
