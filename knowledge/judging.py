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
    "pieces": "c93c4fbbc9df2be0a21b1865736c8a49147ad5e5f97806e882e876af6ee3afc1",
    "words": "ca8c87cb6cc34dbfebc41b5a4353e9450b99e56b6a8e68211a47bc4c95ae0f08",
}

LETTERS, PIECES = 600, 96
"""How many letters, and then pieces or words, of a text are read."""

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+|[$€£%?]")


def answering(question: str, sentences: Sequence[str], measures: Matrix, *, english: bool) -> list[float]:
    """For each sentence, under what stands above it, how likely it answers the question, as log-odds.

    measures  what weighing found of each sentence: (n, 13)
    english   whether both are in English, which MiniLM knows; otherwise they are read word by word, by USE
    """
    if not sentences:
        return []
    asked, *held = pieces_of([question, *sentences]) if english else words_of([question, *sentences])
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


def pieces_of(texts: Sequence[str]) -> list[Matrix]:
    """What MiniLM says of each piece of a word of each text: (n, 384)."""
    return [each[:PIECES] for each in embedding.pieces_of([text[:LETTERS] for text in texts])]


def words_of(texts: Sequence[str]) -> list[Matrix]:
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
