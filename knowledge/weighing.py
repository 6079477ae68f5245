"""Weighs the sentences of the sections that a search found: what each is worth as an answer, and how sure that is.

What the pieces of each passage mean was kept when it was published (knowledge/pieces.py), so nothing is read again.
The weights were fitted by logistic regression on handbooks and tried on others (docs/quality.md).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge import embedding, pieces
from knowledge.asking import Asked, asked, could_answer, elsewhere, places_in, says_whom
from knowledge.embedding import Matrix
from knowledge.library import Passage
from knowledge.question import Question
from knowledge.search import Hit
from knowledge.sentences import Sentence, sentences, stem, stems
from knowledge.words import content_words, meant, rarity

Numbers = NDArray[np.float64]

WORTH = {"found": 7.8, "alone": 4.0, "shared": 0.3, "fits": 0.9, "beside": 2.1, "contact": 1.4, "first": 0.6}
"""What the parts of a sentence's worth count: see Weighed."""

SURE_BY = {"covered": 4.95, "cosine": 8.5, "place": -1.5}
SURE_FROM = {True: 7.06, False: 4.3}
"""What counts for being sure: how well a section covers the question's words, how near its meaning is, and whether a
place is named that it does not speak of; and from where on, for questions in English and in other languages."""

BY_ANOTHER_WORD = 0.8
"""How well a word is covered where the section has another word for the same."""

READ = 24
"""How many sentences are read for a question that MiniLM does not understand."""

_WORD = re.compile(r"\w+")


@dataclass
class Weighed:
    """A sentence and what it is worth as an answer.

    at       its place in the section
    met      how near the words of the question come to words in it, in its lead and in the headings above, the telling
             ones counting most (mean of cosines)
    alone    the same by the sentence itself
    shared   the share of the question's words that stand in it, telling ones counting more
    fits     the share of the kinds of things asked for that it holds, 0 to 1
    beside   how near it stands to the best sentence of its section
    words    how near each telling word of the question comes to a word of it or of the headings
    """

    hit: Hit
    passage: int
    sentence: Sentence
    rank: int
    at: int = 0
    met: float = 0.0
    alone: float = 0.0
    shared: float = 0.0
    fits: float = 0.0
    beside: float = 0.0
    worth: float = 0.0
    words: Numbers = field(default_factory=lambda: np.zeros(0))

    @property
    def told(self) -> str:
        """The sentence with the line that leads to it."""
        return f"{self.sentence.lead} {self.sentence.text}" if self.sentence.lead else self.sentence.text


@dataclass(frozen=True)
class Telling:
    """What of a question tells: its words, how much each tells, and which pieces of it they are.

    weights  of each piece, none negative and one at least positive
    at       which pieces each word is made of
    """

    question: Question
    rarity: dict[str, float]
    weights: Numbers
    at: dict[str, list[int]]
    others: dict[str, frozenset[str]]
    kinds: frozenset[Asked]

    @property
    def shares(self) -> Numbers:
        """How much each word counts; they add up to 1."""
        counts = np.array(list(self.rarity.values()) or [1.0])
        return counts / counts.sum()


def telling(session: Session, question: Question) -> Telling:
    """What of a question tells, in this library."""
    counts = rarity(session, content_words(question.text))
    starts = [int(start) for start, _ in question.pieces.spans]
    places = {found.group(): found.span() for found in reversed(list(_WORD.finditer(question.plain.lower())))}
    at = {
        word: [each for each, start in enumerate(starts) if places[word][0] <= start < places[word][1]]
        for word in counts
        if word in places
    }
    weights = np.zeros(len(starts))
    for word, those in at.items():
        weights[those] = counts[word]
    if not weights.any():
        weights[:] = 1.0
    return Telling(question, counts, weights, at, meant(question.text), asked(question.text))


def weigh(session: Session, tells: Telling, found: Sequence[Hit]) -> list[Weighed]:
    """The sentences of these sections, with what each is worth, in the order of the sections."""
    out: list[Weighed] = []
    for rank, hit in enumerate(found):
        section = _section(session, tells, hit, rank)
        best = max(section, key=lambda one: one.met + 0.5 * one.shared, default=None)
        for each in section:
            each.beside = float(np.exp(-abs(each.at - best.at) / 1.5)) if best is not None else 0.0
        out += section
    if tells.question.language != "en":
        _by_use(tells, out)
    for each in out:
        each.worth = (
            WORTH["found"] * each.hit.score
            + WORTH["alone"] * each.alone
            + WORTH["shared"] * each.shared
            + WORTH["fits"] * each.fits
            + WORTH["beside"] * each.beside
            + WORTH["contact"] * says_whom(each.sentence.text)
            + WORTH["first"] * (each.rank == 0)
        )
    return out


def _section(session: Session, tells: Telling, hit: Hit, rank: int) -> list[Weighed]:
    """Every sentence of the section that a hit stands in, and how it meets the question."""
    query = (
        select(Passage.id, Passage.heading, Passage.body, Passage.pieces)
        .where(Passage.version_id == hit.version_id, Passage.section == hit.section)
        .order_by(Passage.position)
    )
    out: list[Weighed] = []
    for row in session.execute(query):
        read = pieces.unpack(row.pieces) if row.pieces else _read_now(f"{row.heading}\n{row.body}")
        out += _met(tells, hit, rank, row.id, row.heading, row.body, read, at=len(out))
    return out


def _met(
    tells: Telling, hit: Hit, rank: int, passage: int, heading: str, body: str, read: pieces.Pieces, *, at: int
) -> list[Weighed]:
    """The sentences of one passage, each with how it meets the question."""
    near: Matrix = tells.question.pieces.vectors @ read.vectors.T
    begins = len(heading) + 1
    above = _most(near, read.within(0, begins))
    wanted = {stem(word): share for word, share in zip(tells.rarity, tells.shares, strict=False)}
    headed = stems(heading)
    leads: dict[str, Numbers] = {}
    out: list[Weighed] = []
    for each in sentences(body):
        own = _most(near, read.within(begins + each.start, begins + each.start + len(each.text)))
        leads[each.text] = own
        whole = np.maximum(np.maximum(own, leads.get(each.lead, own)), above)
        one = Weighed(hit, passage, each, rank, at + len(out))
        one.alone = float(own @ tells.weights / tells.weights.sum())
        one.met = float(whole @ tells.weights / tells.weights.sum())
        held = stems(one.told) | headed
        one.shared = sum(share for word, share in wanted.items() if word in held)
        one.fits = float(np.mean([could_answer(each.text, kind) for kind in tells.kinds]))
        one.words = np.array([whole[those].mean() if (those := tells.at.get(word)) else 0.0 for word in tells.rarity])
        out.append(one)
    return out


def _most(near: Matrix, those: NDArray[np.int64]) -> Numbers:
    """For each piece of the question how near the nearest of those pieces comes."""
    return near[:, those].max(axis=1).astype(np.float64) if len(those) else np.zeros(len(near))


@lru_cache(maxsize=512)
def _read_now(text: str) -> pieces.Pieces:
    """The pieces of a passage that was published before they were kept."""
    seen = embedding.reading(text)
    return pieces.unpack(pieces.pack(seen.pieces, seen.spans))


def _by_use(tells: Telling, weighed: Sequence[Weighed]) -> None:
    """Lets USE, which knows more languages, say how near the likeliest sentences are."""
    likely = sorted(weighed, key=lambda one: -(one.hit.score + one.shared + 0.2 * one.met))[:READ]
    if likely:
        for each, near in zip(likely, embedding.use([one.told for one in likely]) @ tells.question.use, strict=True):
            each.alone = float(near)


def parts_of_sure(tells: Telling, weighed: Sequence[Weighed]) -> dict[str, float]:
    """What being sure is made of; see SURE_BY."""
    best = sorted((each for each in weighed if not each.sentence.head), key=lambda one: -one.worth)[:3]
    if not best:
        return dict.fromkeys(SURE_BY, 0.0)
    ranks = list(dict.fromkeys(each.rank for each in best))
    sections = [[each for each in weighed if each.rank == rank] for rank in ranks]
    said = " ".join([best[0].hit.heading, *(each.told for each in sections[0])])
    named = places_in(tells.question.text) <= places_in(said) or elsewhere(said)
    return {
        "covered": max(float(_covered(tells, section) @ tells.shares) for section in sections),
        "cosine": best[0].hit.cosine,
        "place": 0.0 if named else 1.0,
    }


def _covered(tells: Telling, section: Sequence[Weighed]) -> Numbers:
    """How well a section covers each word of the question, 0 to 1: by the word, another word for it, or the meaning."""
    if not tells.rarity:
        return np.ones(1)
    held = stems(" ".join([section[0].hit.heading, *(each.told for each in section)]))
    near = np.clip((np.max([each.words for each in section], axis=0) - 0.3) / 0.6, 0.0, 1.0)
    for at, word in enumerate(tells.rarity):
        if stem(word) in held:
            near[at] = 1.0
        elif held & {stem(other) for other in tells.others.get(word, frozenset())}:
            near[at] = max(near[at], BY_ANOTHER_WORD)
    return near


def confidence(tells: Telling, weighed: Sequence[Weighed]) -> float:
    """How sure it is, 0 to 1, that the sentences answer the question."""
    if not weighed:
        return 0.0
    measure = sum(SURE_BY[name] * value for name, value in parts_of_sure(tells, weighed).items())
    return float(1 / (1 + np.exp(SURE_FROM[tells.question.language == "en"] - measure)))
