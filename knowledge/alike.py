"""How alike single words are in meaning, in any of the languages: by USE, each word read once and kept in memory."""

from collections.abc import Iterable, Sequence
from functools import cache
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from knowledge import embedding
from knowledge.embedding import SIZE, USE, Matrix

KEPT = 20_000
"""How many words are kept at most: some 20 MB."""


class Words:
    """The words that were read, with their vectors."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._rows: dict[str, NDArray[np.float16]] = {}

    def vectors(self, words: Sequence[str]) -> Matrix:
        """What each word means: (n, 512), each of length 1."""
        self.learn(words)
        if not words:
            return np.zeros((0, SIZE[USE]), dtype=np.float32)
        with self._lock:
            return np.stack([self._rows[each] for each in words]).astype(np.float32)

    def learn(self, words: Iterable[str]) -> None:
        """Reads those words that were not read yet."""
        with self._lock:
            missing = [each for each in dict.fromkeys(words) if each not in self._rows]
            if len(self._rows) + len(missing) > KEPT:
                missing = list(dict.fromkeys(words))
                self._rows.clear()
            if missing:
                self._rows |= dict(zip(missing, embedding.use(missing).astype(np.float16), strict=True))


@cache
def words_read() -> Words:
    """The words of this process."""
    return Words()
