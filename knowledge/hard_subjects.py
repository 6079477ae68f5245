"""Tells whether a message is about a hard subject: harassment, a death, illness, pregnancy, pay, wrongdoing, danger.

Such a message gets a kind line with a confidential contact first, is never kept as a gap, never leaves this machine.
`python -m knowledge.hard_subjects` writes the vectors of the sentences in hard_subjects.toml next to it.
"""

import re
import tomllib
import unicodedata
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge import embedding

WORDS = Path(__file__).parent / "hard_subjects.toml"
VECTORS = Path(__file__).parent / "hard_subjects.npz"

LONGEST = 2000
"""How many characters of a message are looked at."""

NEAR = 0.5
AHEAD = 0.1
"""How near a message has to be to a sentence about a subject, and by how much nearer than to any ordinary one."""

FEWEST = 4
"""How many words a message has at least whose meaning is looked at beside its words."""


class Subject(StrEnum):
    """What is hard to speak of; the more urgent first."""

    DANGER = "danger"
    HARASSMENT = "harassment"
    PREGNANCY = "pregnancy"
    DEATH = "death"
    WHISTLEBLOWING = "whistleblowing"
    PAY = "pay"
    ILLNESS = "illness"


def subject_of(text: str) -> Subject | None:
    """The hard subject that a message is about, in any of six languages; None where it is about none.

    Call it before anything of a message is sent to a hosted model: unless it is None, nothing may be.
    """
    return _subject_of(" ".join(text[:LONGEST].split()))


@lru_cache(maxsize=256)
def _subject_of(text: str) -> Subject | None:
    folded = fold(text)
    said = _aside().sub(" ", folded)
    for subject, pattern in _patterns().items():
        if pattern.search(said):
            return subject
    if len(said.split()) < FEWEST or said != folded:
        return None
    vector = embedding.use([text])[0]
    nearness = {name: float((rows @ vector).max()) for name, rows in _vectors().items()}
    ordinary = nearness.pop("unlike")
    best = max(nearness, key=lambda name: nearness[name])
    return Subject(best) if nearness[best] >= max(NEAR, ordinary + AHEAD) else None


def fold(text: str) -> str:
    """Lower case, without accents, plain quotes."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss").replace("’", "'"))
    return "".join(each for each in plain if not unicodedata.combining(each))


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(WORDS.read_text(encoding="utf-8"))


@cache
def _aside() -> re.Pattern[str]:
    return _any(_table()["aside"])


@cache
def _patterns() -> dict[Subject, re.Pattern[str]]:
    people = "|".join(_table()["people"])
    out: dict[Subject, re.Pattern[str]] = {}
    for subject in Subject:
        held = _table()[subject]
        said = [each.replace("{people}", people) for each in held["words"]]
        if near := "|".join(held.get("of_people", ())):
            said += [rf"(?:{people})\b[^.!?]{{0,40}}\b(?:{near})", rf"(?:{near})\b[^.!?]{{0,40}}\b(?:{people})"]
        out[subject] = _any(said)
    return out


def _any(patterns: list[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b")


def sentences() -> dict[str, list[str]]:
    """The sentences of each subject, and the ordinary ones under "unlike"."""
    return {name: list(_table()[name]["said"]) for name in (*Subject, "unlike")}


@cache
def _vectors() -> dict[str, NDArray[np.float32]]:
    """The sentences' vectors as shipped; made now where the sentences or the model are other ones."""
    key = _key()
    if VECTORS.is_file():
        with np.load(VECTORS) as held:
            if str(held["key"]) == key:
                return {name: held[name].astype(np.float32) for name in sentences()}
    return {name: embedding.use(said) for name, said in sentences().items()}


def _key() -> str:
    return embedding.content_hash("\n".join(f"{name}\t{each}" for name, said in sentences().items() for each in said))


def ship(to: Path = VECTORS) -> int:
    """Writes the vectors of the sentences; how many there are."""
    made = {name: embedding.use(said).astype(np.float16) for name, said in sentences().items()}
    np.savez_compressed(to, key=np.array(_key()), **made)  # pyright: ignore[reportArgumentType]
    _vectors.cache_clear()
    return sum(map(len, made.values()))


if __name__ == "__main__":
    print(f"{ship()} sentences")  # noqa: T201  (a command for developers)
