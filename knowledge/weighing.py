"""Weighs the sentences of the sections that a search found: what each is worth as an answer, and how sure that is.

The weights were fitted on handbooks and encyclopedia pages by logistic regression and tried on a handbook that
was not among them (docs/quality.md).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge import embedding
from knowledge.asking import Asked, asked, could_answer, elsewhere, places_in, says_whom
from knowledge.embedding import Matrix
from knowledge.language import language_of
from knowledge.library import Passage
from knowledge.search import Hit
from knowledge.sentences import Sentence, sentences, stem, stems
from knowledge.words import content_words, rarity, synonyms

BY_SECTION = 8.3
BY_MEANING = 1.35
BY_WORDS = 2.9
BY_KIND = 0.97
BY_PLACE = 1.75
BY_CONTACT = 0.5
BY_LENGTH = -0.6
"""What the parts of a sentence's worth count: how well its section was found, its own meaning, the question's words
in it, whether it holds the kind of thing asked for, how near it stands to its section's best sentence, whether it says
whom to write to, and the logarithm of its length, as an answer has room for so many words."""

READ = 40
"""How many sentences are read closely: those that look best by their words and by where they stand."""

NO_SUCH_THING = 0.05
NO_SUCH_PLACE = 0.3
"""What is taken off where a sentence holds nothing of the kind asked for, or a section is not about the place."""

MIDDLE = {True: 0.79, False: 0.79}
"""The measure at which it is as likely as not that the sentences answer; for questions in English, and in others."""

_WORD = re.compile(r"\w+")
Numbers = NDArray[np.float64]


@dataclass
class Weighed:
    """A sentence and what it is worth as an answer.

    at     its place in the section
    near  how near its meaning is to the question's (cosine)
    met   how near the words of the question come to words in it, the telling ones most (mean of cosines)
    fits  the share of the kinds of things asked for that it holds, 0 to 1
    shared  the share of the question's words that it holds, telling ones counting more
    use   the same as near, by USE
    words   how near each telling word of the question comes to a word of it
    """

    hit: Hit
    passage: int
    sentence: Sentence
    rank: int
    at: int = 0
    near: float = 0.0
    met: float = 0.0
    fits: float = 0.0
    shared: float = 0.0
    use: float = 0.0
    worth: float = 0.0
    words: Numbers = field(default_factory=lambda: np.zeros(0))

    @property
    def told(self) -> str:
        """The sentence with the line that leads to it."""
        return f"{self.sentence.lead} {self.sentence.text}" if self.sentence.lead else self.sentence.text


def weigh(session: Session, question: str, found: Sequence[Hit]) -> list[Weighed]:
    """The sentences of these sections that look best, with what each is worth, in the order of the sections."""
    words = content_words(question)
    telling = rarity(session, words)
    kinds = asked(question)
    sections = [_sentences(session, hit, rank) for rank, hit in enumerate(found)]
    for section in sections:
        _look(section, telling, {stem(each) for each in synonyms(words)}, kinds)
    looked = sorted((each for section in sections for each in section), key=lambda one: -one.worth)[:READ]
    out = sorted(looked, key=lambda each: (each.rank, each.passage, each.sentence.start))
    if not out:
        return []
    for each, near in zip(out, embedding.use([e.told for e in out]) @ embedding.use([question])[0], strict=True):
        each.use = each.near = each.met = float(near)
    if language_of(question) == "en":
        _read(question, telling, [each for each in out if each.hit.language == "en"])
    for rank in range(len(found)):
        _weigh([each for each in out if each.rank == rank])
    return out


def _sentences(session: Session, hit: Hit, rank: int) -> list[Weighed]:
    """Every sentence of the section that a hit stands in."""
    query = (
        select(Passage.id, Passage.body)
        .where(Passage.version_id == hit.version_id, Passage.section == hit.section)
        .order_by(Passage.position)
    )
    rows = session.execute(query).all()
    return [Weighed(hit, row.id, one, rank, at) for row in rows for at, one in enumerate(sentences(row.body))]


def _look(section: list[Weighed], telling: dict[str, float], others: set[str], kinds: frozenset[Asked]) -> None:
    """What each sentence of a section seems worth by its words alone."""
    wanted = {stem(word): weight for word, weight in telling.items()}
    total = sum(wanted.values()) or 1.0
    for at, each in enumerate(section):
        held = stems(each.told)
        each.at = at
        each.shared = sum(weight for word, weight in wanted.items() if word in held) / total
        each.shared += 0.1 * min(2, len(held & others - set(wanted)))
        each.fits = float(np.mean([could_answer(each.sentence.text, kind) for kind in kinds]))
    best = max(section, key=lambda one: one.shared, default=None)
    for each in section:
        beside = _beside(each, best)
        each.worth = BY_SECTION * each.hit.score + 2 * each.shared + BY_KIND * each.fits + beside


def _weigh(section: list[Weighed]) -> None:
    best = max(section, key=lambda one: one.near + one.use + 0.5 * one.shared, default=None)
    for each in section:
        each.worth = (
            BY_SECTION * each.hit.score
            + BY_MEANING * each.near
            + BY_WORDS * each.met
            + BY_KIND * each.fits
            + BY_PLACE * _beside(each, best)
            + BY_CONTACT * says_whom(each.sentence.text)
            + BY_LENGTH * float(np.log1p(len(each.sentence.text.split())))
        )


def _beside(each: Weighed, best: Weighed | None) -> float:
    return float(np.exp(-abs(each.at - best.at) / 1.5)) if best is not None else 0.0


def confidence(question: str, weighed: Sequence[Weighed]) -> float:
    """How sure it is, 0 to 1, that the sentences answer the question.

    What counts is the section that does best: how near its nearest sentence is, less where it holds no such thing
    as is asked for, and whether it has something for each word of the question.
    """
    if not weighed:
        return 0.0
    best = max(
        _measure(question, [each for each in weighed if each.rank == rank]) for rank in {w.rank for w in weighed}
    )
    return float(1 / (1 + np.exp(-12.0 * (best - MIDDLE[language_of(question) == "en"]))))


def _measure(question: str, section: Sequence[Weighed]) -> float:
    near = max(each.near - (0.0 if each.fits == 1.0 else NO_SUCH_THING) for each in section)
    words = content_words(question)
    text = f"{section[0].hit.heading} {' '.join(each.told for each in section)}"
    if not (places_in(question) <= places_in(text) or elsewhere(text)):
        near -= NO_SUCH_PLACE
    if not words:
        return near
    there = content_words(text, most=300)
    least = float((embedding.words(words) @ embedding.words(there).T).max(axis=1).min()) if there else 0.0
    held = np.max([each.words for each in section], axis=0) if len(section[0].words) else np.full(1, near)
    return near + 0.3 * least + 0.3 * float(held.mean())


def _read(question: str, telling: dict[str, float], weighed: Sequence[Weighed]) -> None:
    """Reads English sentences closely: the vector of each, and those of its words where they stand."""
    if not weighed:
        return
    mine = embedding.in_context([question])[0]
    spans = [(found.span(), found.group()) for found in _WORD.finditer(question.lower())]
    at_word = {
        word: [
            at
            for at, (start, _) in enumerate(mine.spans)
            if any(first <= start < last and other == word for (first, last), other in spans)
        ]
        for word in telling
    }
    weights = np.zeros(len(mine.pieces))
    for word, pieces in at_word.items():
        weights[pieces] = telling[word]
    if not weights.any():
        weights[:] = 1.0
    texts = [f"{each.hit.heading.rpartition(' > ')[2]}. {each.sentence.text}" for each in weighed]
    for each, read in zip(weighed, embedding.in_context(texts), strict=True):
        best = _best(mine.pieces, read.pieces)
        each.near = float(mine.whole @ read.whole)
        each.met = float(best @ weights / weights.sum()) if len(best) else 0.0
        each.words = np.array([best[pieces].mean() for pieces in at_word.values() if pieces])


def _best(mine: Matrix, others: Matrix) -> Numbers:
    """For each of mine how near the nearest of the others is."""
    return (mine @ others.T).max(axis=1).astype(np.float64) if len(others) else np.zeros(len(mine))
