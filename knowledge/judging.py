"""Judges how likely a sentence answers a question: small networks that were trained to read both together.

In English they read what MiniLM says of each piece of a word where it stands; in other languages, and from one to
another, what the Universal Sentence Encoder says of each word. They know what weighing found of the sentence, too.
What they were trained on, and how, stands in docs/decisions/0009-a-trained-judge.md.
"""

import hashlib
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from knowledge import embedding
from knowledge.alike import words_read
from knowledge.embedding import Matrix

MODELS = Path(__file__).parent / "models"
SHA256 = {
    "pieces": "b2854acf964bb31c0ef82e247610055f3885cb0f516839e6caff1216eab289eb",
    "words": "706036320ecf5c784ea34b392e4b440c11d2612c811e8006c56b47dea2446f19",
}

LETTERS, PIECES = 600, 96
"""How many letters, and then pieces or words, of a text are read."""

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+|[$€£%?]")

HEADING, LEAD = 90, 120
"""How many letters of the headings above a sentence are read, and of the head of a table above its row."""


def told(heading: str, lead: str, text: str, *, row: bool) -> str:
    """A sentence as it is judged: under its two innermost headings, after the line that leads to it."""
    above = " > ".join(heading.split(" > ")[-2:])[:HEADING]
    lead = lead[:LEAD] if row else lead
    return f"{above}: {lead} {text}" if lead else f"{above}: {text}"


def answering(question: str, sentences: Sequence[str], measures: Matrix, *, english: bool) -> list[float]:
    """For each sentence (see told) how likely it answers the question, as log-odds.

    measures  what weighing found of each sentence: (n, 13)
    english   whether both are in English, which MiniLM knows; otherwise they are read word by word, by USE
    """
    if not sentences:
        return []
    asked, *held = _pieces([question, *sentences]) if english else _words([question, *sentences])
    wide = max(map(len, held))
    rows = np.zeros((len(held), wide, asked.shape[1]), dtype=np.float32)
    there = np.zeros((len(held), wide), dtype=bool)
    for at, each in enumerate(held):
        rows[at, : len(each)] = each
        there[at, : len(each)] = True
    feed = {
        "asked": asked[None].repeat(len(held), axis=0),
        "asked_there": np.ones((len(held), len(asked)), dtype=bool),
        "told": rows,
        "told_there": there,
        "measures": measures,
    }
    return [float(each) for each in _network("pieces" if english else "words").run(["score"], feed)[0]]


def _pieces(texts: Sequence[str]) -> list[Matrix]:
    """What MiniLM says of each piece of a word of each text: (n, 384)."""
    return [each[:PIECES] for each in embedding.pieces_of([text[:LETTERS] for text in texts])]


def _words(texts: Sequence[str]) -> list[Matrix]:
    """What USE says of each word of each text, by itself: (n, 512)."""
    said = [(_WORD.findall(text[:LETTERS].lower().replace("’", "'")) or ["?"])[:PIECES] for text in texts]
    known = list(dict.fromkeys(word for each in said for word in each))
    at = {word: row for row, word in enumerate(known)}
    vectors = words_read().vectors(known)
    return [vectors[[at[word] for word in each]] for each in said]


@cache
def _network(name: str) -> Any:
    import onnxruntime  # pyright: ignore[reportMissingTypeStubs]

    held = (MODELS / f"judge_{name}.onnx").read_bytes()
    if hashlib.sha256(held).hexdigest() != SHA256[name]:
        raise RuntimeError(f"judge_{name}.onnx is not the file that was tested: install Backdesk again")
    runtime: Any = onnxruntime
    options: Any = runtime.SessionOptions()
    options.intra_op_num_threads = 1
    return runtime.InferenceSession(held, options, providers=["CPUExecutionProvider"])
