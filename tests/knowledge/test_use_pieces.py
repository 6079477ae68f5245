"""What USE says of the pieces of a text adds up to what the package says of the whole."""

from typing import Any

import numpy as np
import pytest

from knowledge import embedding
from knowledge.use_pieces import said, use_pieces_of

TEXTS = [
    "wie viele Urlaubstage bekomme ich im Jahr?",
    "Every employee has 30 days of paid vacation a year.",
    "",
    "¿y si me pongo malo? " * 150,
    "𝔘rlaub \u200b 休暇",
]


def test_the_pieces_add_up_to_the_vector_of_the_whole() -> None:
    model: Any = embedding.loaded_use()._model
    whole = np.stack([rows.sum(axis=0) / np.sqrt(len(rows)) for rows in said(TEXTS)])
    first = np.maximum(whole @ model.d0, 0)
    second = np.maximum(whole @ model.p1 + first @ model.d1, 0)
    last = np.tanh(second @ model.p3 + np.maximum(second @ model.d2, 0) @ model.d3)
    last /= np.linalg.norm(last, axis=1, keepdims=True)
    assert np.abs(last - embedding.use(TEXTS)).max() < 1e-4


def test_a_text_is_read_alike_alone_and_beside_others() -> None:
    for text, rows in zip(TEXTS, use_pieces_of(TEXTS), strict=True):
        (alone,) = use_pieces_of([text])
        assert rows == pytest.approx(alone, abs=1e-4)
        assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(len(rows)), abs=1e-4)


def test_words_that_mean_the_same_are_near_in_two_languages() -> None:
    german, english = use_pieces_of(["mein Urlaub im Jahr", "my vacation in the year"])
    near = german @ english.T
    assert near.max(axis=1)[-1] > 0.6
    assert near.argmax(axis=1)[-1] == len(english) - 1
