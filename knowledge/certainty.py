"""How sure it is that the sentences which were weighed answer the question."""

from collections.abc import Sequence

import numpy as np

from knowledge.asking import Asked
from knowledge.weighing import TELLS, Telling, Weighed, in_english

SURE_BY = {"uncovered": -5.6, "alone": 4.2, "fits": 2.8, "words": 4.5, "foreign": 2.0, "unheld": -2.5}
SURE_FROM = 4.75
"""What counts for being sure, and from where on: how much the word tells that its best section covers least, how near
the best sentences come by themselves, how well a sentence of the kind asked for covers the question, how many words
the question has, that it is in another language than the section, and that the section holds no value of the sort
that it asks for."""

IN_ENGLISH, IN_OTHERS = (0.7, 0.05), (0.1, 0.3)
"""What the measures above count beside what the judge says of the best sentence, and from where on both are an answer
(in English, and in other languages or from one to another)."""

SLOPE = 0.55
"""How steeply being sure grows with both."""

MANY = 10
"""Of how many telling words on a question has many."""

BEST = 3
"""How many of the best sentences are looked at for being sure."""

FULLY = 0.95
"""How well a word that tells has to be covered for an answer to be to the point."""


def parts_of_sure(tells: Telling, weighed: Sequence[Weighed]) -> dict[str, float]:
    """What being sure is made of; see SURE_BY. Empty where there is no sentence."""
    best = sorted((each for each in weighed if not each.sentence.head), key=lambda one: -one.worth)[:BEST]
    if not best:
        return {}
    section = [each for each in weighed if each.rank == best[0].rank]
    read = {*(each.told for each in section), *(each.told for each in best)}
    missing = (1 - np.max([each.words for each in section], axis=0)) * tells.counts
    return {
        "uncovered": float(missing.max()) if len(missing) else 0.0,
        "alone": max(each.alone for each in best),
        "fits": max(each.fits * tells.share(each.words) for each in section),
        "words": min(len(tells.rarity), MANY) / MANY,
        "foreign": float(best[0].hit.language != tells.question.language),
        "unheld": float(tells.wanted is not None and not any(map(tells.wanted.held, read))),
    }


def measured(tells: Telling, weighed: Sequence[Weighed]) -> float:
    """What the measures alone say of whether the sentences answer the question, as log-odds; very little of none."""
    parts = parts_of_sure(tells, weighed)
    return sum(weight * parts[name] for name, weight in SURE_BY.items()) - SURE_FROM if parts else -10.0


def confidence(tells: Telling, weighed: Sequence[Weighed], *, by_measures: float) -> float:
    """How sure it is, 0 to 1, that the sentences answer the question; by_measures  what the measures alone say."""
    best = max((each for each in weighed if not each.sentence.head), key=lambda one: one.judged, default=None)
    if best is None:
        return 0.0
    beside, enough = IN_ENGLISH if in_english(tells, best) else IN_OTHERS
    return float(1 / (1 + np.exp(-SLOPE * (best.judged + beside * by_measures - enough))))


def to_the_point(tells: Telling, weighed: Sequence[Weighed]) -> bool:
    """True where a question of a known kind has a word that tells much, and a best sentence holds it in full."""
    best = max((each for each in weighed if not each.sentence.head), key=lambda one: one.worth, default=None)
    if best is None or tells.kinds == frozenset({Asked.OTHER}):
        return False
    return bool(((tells.counts >= TELLS) & (best.words >= FULLY)).any())
