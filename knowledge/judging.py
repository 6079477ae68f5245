"""Judges how likely a sentence answers a question: small networks that were trained to read both together.

They read what a model that is there already says of each piece of a word where it stands: MiniLM in English, USE in
other languages and from one to another. They know what weighing found of the sentence, too.
What they were trained on, and how, stands in docs/decisions/0009-a-trained-judge.md.
"""

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from knowledge import embedding
from knowledge.embedding import Matrix
from knowledge.use_pieces import use_pieces_of

MODELS = Path(__file__).parent / "models"
SHA256 = {
    "minilm": "8d9d9bba86759a4f7c2d2de698e9db22b6fca9ab0eab2775d75cd914489cccb2",
    "use": "d5d733e15dbb755276a4ed3652983695b2974cb8472942f934589f4b563044b5",
}

LETTERS, PIECES = 600, 96
"""How many letters, and then pieces, of a text are read."""


def answering(question: str, sentences: Sequence[str], measures: Matrix, *, english: bool) -> list[float]:
    """For each sentence, under what stands above it, how likely it answers the question, as log-odds.

    measures  what weighing found of each sentence: (n, 13)
    english   whether all are in English, which MiniLM knows; otherwise USE reads them
    """
    if not sentences:
        return []
    asked, *held = pieces_of([question, *sentences], english=english)
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
    return [float(each) for each in _network("minilm" if english else "use").run(["score"], feed)[0]]


def pieces_of(texts: Sequence[str], *, english: bool) -> list[Matrix]:
    """What is read of each text: a row for each of its pieces, of 384 numbers in English, and of 512 elsewhere."""
    begun = [text[:LETTERS] for text in texts]
    return [rows[:PIECES] for rows in (embedding.pieces_of(begun) if english else use_pieces_of(begun))]


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
