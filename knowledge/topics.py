"""What the questions were about that the handbook did not answer: topics of several questions, never the questions."""

from collections import Counter
from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.language import common
from knowledge.library import Gap
from knowledge.words import content_words

LEAST = 5
"""Questions in the smallest topic that is told of."""

SHORTEST = 4


def unanswered(
    session: Session, *, start: date, end: date, besides: Collection[str] = ()
) -> tuple[int, dict[str, int]]:
    """How many questions found no answer from one day to another, and how many of them about each topic.

    besides  words that no topic is called by, in small letters: names
    A topic is called by the one or two words that at least five questions share; the others have no topic.
    """
    wanted = select(Gap.question, Gap.language).where(Gap.day >= start, Gap.day <= end).order_by(Gap.id)
    rows = [_words(question, language, besides) for question, language in session.execute(wanted)]
    left: list[frozenset[str]] = [each for each in rows if each]
    topics: dict[str, int] = {}
    while left:
        word, count = max(Counter(word for each in left for word in each).items(), key=lambda pair: (pair[1], pair[0]))
        if count < LEAST:
            break
        about = [each for each in left if word in each]
        others = Counter(other for each in about for other in each if other != word)
        beside = [other for other, shared in sorted(others.items()) if shared >= max(LEAST, 0.6 * count)][:1]
        topics[" ".join([word, *beside])] = count
        left = [each for each in left if word not in each]
    return len(rows), topics


def _words(question: str, language: str, besides: Collection[str]) -> frozenset[str]:
    """The words of a question that could name a topic."""
    known = common(language)
    return frozenset(
        each
        for each in content_words(question)
        if len(each) >= SHORTEST and each.isalpha() and each not in known and each not in besides
    )
