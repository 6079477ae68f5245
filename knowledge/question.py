"""A question as it is looked for: with plain words beside what people say, its language, and what it means."""

from dataclasses import dataclass
from functools import lru_cache

from knowledge import embedding
from knowledge.embedding import Matrix
from knowledge.language import language_of
from knowledge.pieces import Pieces, small
from knowledge.words import plainly

LONGEST = 2000
"""How many characters of a question are looked at."""


@dataclass(frozen=True)
class Question:
    """A question that was read.

    text    as it was asked, in one line
    plain   the same with plain words beside those that have one
    minilm  its vector by MiniLM, of the plain text, and use  by USE
    pieces  what each piece of the plain text means
    """

    text: str
    plain: str
    language: str
    minilm: Matrix
    use: Matrix
    pieces: Pieces


def read(text: str) -> Question:
    """A question, read once; the last ones are remembered."""
    return _read(" ".join(text.split())[:LONGEST])


@lru_cache(maxsize=64)
def _read(text: str) -> Question:
    plain = plainly(text)
    seen = embedding.reading(plain)
    return Question(
        text=text,
        plain=plain,
        language=language_of(text),
        minilm=seen.whole,
        use=embedding.use([plain])[0],
        pieces=Pieces(small(seen.pieces), seen.spans),
    )
