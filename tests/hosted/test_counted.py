"""A number of a model's sentence counts what it counts in the passage, or the sentence is not sent."""

from collections.abc import Sequence
from datetime import date

import pytest

from knowledge.checking import Source, stands_in
from knowledge.quantities import quantities
from tests.hosted.sentences import HONEST, PASSAGES, WRONG


def stand(pairs: Sequence[tuple[str, str]]) -> list[str]:
    """Those of these sentences that stand in their passages."""
    return [
        sentence
        for name, sentence in pairs
        if stands_in(sentence, [Source(1, "d.md", "T", "Handbook", PASSAGES[name], 1, date(2026, 1, 1))])
    ]


def test_nearly_no_sentence_with_a_number_in_the_wrong_place_is_sent() -> None:
    assert len(stand(WRONG)) <= len(WRONG) // 40


def test_most_honest_sentences_are_sent() -> None:
    assert len(stand(HONEST)) >= len(HONEST) * 0.85


@pytest.mark.parametrize(
    ("text", "language", "counted"),
    [
        ("within twenty-five working days", "en", [("25", "working day")]),
        ("zweihundertfünfzig Euro pro Nacht", "de", [("250", "EUR"), ("1", "night")]),
        ("1.200,50 € antes del 3 de abril de 2027", "es", [("1200.5", "EUR"), ("2027-4-3", "date")]),
        ("3 à 5 jours, 20 %", "fr", [("3", "day"), ("5", "day"), ("20", "%")]),
        ("alle 17:30, ogni venerdì", "it", [("1050", "clock"), ("d4", "weekday")]),
        ("38 cents, by the 5th, at 6 pm, form HR-17", "en",
         [("0.38", "money"), ("5", "nth"), ("1080", "clock"), ("hr17", "code")]),
        ("you may march on, once it is done", "en", []),
        ("until May 2027 or in March", "en", [("2027-5-", "date"), ("-3-", "date")]),
        ("meio dia por semana", "pt", [("1", "half day"), ("1", "week")]),
    ],
)  # fmt: skip
def test_a_number_is_read_with_what_it_counts(text: str, language: str, counted: list[tuple[str, str]]) -> None:
    assert [(each.value, each.sort) for each in quantities(text, language=language)] == counted
