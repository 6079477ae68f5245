"""What each piece of a passage means where it stands, kept small beside the passage, so that answers are found at once.

MiniLM reads a passage when it is published; of what it says of each piece of a word, the 48 directions that tell most
are kept, as bytes. They were taken from the sample handbook (the first eigenvectors of its pieces).
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
Spans = NDArray[np.int32]

DIRECTIONS = Path(__file__).parent / "models" / "pieces.npy"
SIZE = 48


@dataclass(frozen=True)
class Pieces:
    """The pieces of a text, in order.

    vectors  what each means there, of length 1: (n, 48)
    spans    where each stands in the text: (n, 2), start and end
    """

    vectors: Matrix
    spans: Spans

    def within(self, start: int, end: int) -> NDArray[np.int64]:
        """Which pieces stand in this range of the text."""
        return np.flatnonzero((self.spans[:, 0] >= start) & (self.spans[:, 1] <= end))


def small(rows: Matrix) -> Matrix:
    """What MiniLM says of pieces, (n, 384), in the directions that are kept: (n, 48), each of length 1."""
    kept = rows @ _directions()
    return kept / np.maximum(np.linalg.norm(kept, axis=1, keepdims=True), 1e-9)


def pack(rows: Matrix, spans: Spans) -> bytes:
    """The bytes that are kept beside a passage: for each piece where it stands (two numbers) and 48 signed bytes."""
    places = np.minimum(spans, 0xFFFF).astype("<u2").view(np.uint8).reshape(len(rows), 4)
    values = np.rint(small(rows) * 127).astype(np.int8).view(np.uint8)
    return np.concatenate([places, values], axis=1).tobytes()


def unpack(kept: bytes) -> Pieces:
    """The pieces that such bytes hold."""
    rows = np.frombuffer(kept, dtype=np.uint8).reshape(-1, 4 + SIZE)
    spans = np.ascontiguousarray(rows[:, :4]).view("<u2").astype(np.int32)
    values = np.ascontiguousarray(rows[:, 4:]).view(np.int8).astype(np.float32)
    return Pieces(values / np.float32(127), spans)


@cache
def _directions() -> Matrix:
    return np.load(DIRECTIONS).astype(np.float32).T
