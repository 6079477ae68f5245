"""Tells whether a message is about a hard subject: harassment, a death, illness, pregnancy, pay, wrongdoing, danger.

Such a message gets a kind line with a confidential contact first, is never kept as a gap, never leaves this machine.
Who tells nothing, and asks for the rule alone, gets the answer with the contact, and no kind line.
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

SURE = 0.95
AHEAD = 5.0
"""From which sum on a message is about a subject: what the weights learnt from all sentences say of its meaning, and
by how much it is nearer to a sentence about one than to any ordinary one, that many times."""

FEWEST = 4
"""How many words a message has at least whose meaning is looked at beside its words."""

BRIEF = 6
"""How many words a part of a message has at most that names a rule without a question ("paternity leave, please")."""


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
    vector = embedding.use([_spoken(text)])[0]
    held = _vectors()
    nearness = {name: float((held[name] @ vector).max()) for name in sentences()}
    ordinary = nearness.pop("unlike")
    best = max(nearness, key=lambda name: nearness[name])
    weights = held["weights"]
    sure = float(weights[:-1] @ vector + weights[-1]) + AHEAD * (nearness[best] - ordinary)
    return Subject(best) if sure >= SURE else None


def asks_for_a_rule(text: str, subject: Subject) -> bool:
    """Whether a message about a hard subject only asks what holds ("how long is parental leave?"), and tells nothing.

    Of danger nobody only asks; of harassment nobody does who speaks of themselves at all.
    """
    if subject is Subject.DANGER:
        return False
    rules, asks = _rules(), False
    theirs = rules["nearby" if subject is Subject.HARASSMENT else "themselves"]
    for part in _PART.split(fold(text[:LONGEST])):
        piece = rules["wishes"].sub(" ", part if subject is Subject.HARASSMENT else rules["supposed"].sub(" ", part))
        if theirs.search(piece):
            return False
        words = piece.split()
        named = len(words) <= BRIEF and rules["rule"].search(piece) and not rules["first_person"].search(piece)
        if named or rules["asks"].match(" ".join(words)):
            asks = True
        elif words and subject_of(part) is not None:
            return False
    return asks


_PART = re.compile(r"[.!?;:,\n¿¡()\"]+")


@cache
def _rules() -> dict[str, re.Pattern[str]]:
    """How a rule is asked for, and how people speak of themselves."""
    people = "|".join(_table()["people"])
    return {name: _any([each.replace("{people}", people) for each in said]) for name, said in _table()["rule"].items()}


def _spoken(text: str) -> str:
    return text.lower().rstrip(" .!?")


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
    """The sentences' vectors and the weights as shipped; made now where the sentences or the model are other ones."""
    if VECTORS.is_file():
        with np.load(VECTORS) as held:
            if str(held["key"]) == _key():
                return {name: held[name].astype(np.float32) for name in (*sentences(), "weights")}
    return _made()


def _made() -> dict[str, NDArray[np.float32]]:
    made = {name: embedding.use([_spoken(each) for each in said]) for name, said in sentences().items()}
    return {**made, "weights": _learnt(made)}


def _learnt(made: dict[str, NDArray[np.float32]]) -> NDArray[np.float32]:
    """What tells sentences about a subject from ordinary ones: a weight for each direction, and one to add."""
    math: Any = np  # what is inferred of its arrays is of no use here
    held = math.vstack(list(made.values())).astype(np.float64)
    rows = math.hstack([held, math.ones((len(held), 1))])
    hard = math.concatenate([math.full(len(each), float(name != "unlike")) for name, each in made.items()])
    share = math.where(hard > 0, 0.5 / hard.mean(), 0.5 / (1 - hard.mean())) / len(hard)
    shrink = math.append(math.full(rows.shape[1] - 1, 1 / len(hard)), 0.0)
    weights = math.zeros(rows.shape[1])
    step = math.zeros(rows.shape[1])
    for _ in range(400):
        told = 1 / (1 + math.exp(-(rows @ weights)))
        step = 0.9 * step - 2.0 * (rows.T @ ((told - hard) * share) + shrink * weights)
        weights = weights + step
    return weights.astype(np.float32)


def _key() -> str:
    return embedding.content_hash("\n".join(f"{name}\t{each}" for name, said in sentences().items() for each in said))


def ship(to: Path = VECTORS) -> int:
    """Writes the vectors of the sentences, and the weights learnt from them; how many sentences there are."""
    made = {name: each.astype(np.float16) for name, each in _made().items()}
    np.savez_compressed(to, key=np.array(_key()), **made)  # pyright: ignore[reportArgumentType]
    _vectors.cache_clear()
    return sum(map(len, sentences().values()))


if __name__ == "__main__":
    print(f"{ship()} sentences")  # noqa: T201  (a command for developers)
