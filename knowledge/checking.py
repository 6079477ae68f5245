"""Reads the handbook for somebody else's answer, and checks that answer: each sentence and number stands there.

The words of an answer may come from anywhere. It is taken only if every sentence names the passages that it rests on,
and those hold its numbers, its negations and nearly all of its words (or, in another language, its meaning).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from backend.store import Store
from knowledge import embedding
from knowledge.citing import ANSWERED, Citation, Finding
from knowledge.counted import counts_alike
from knowledge.index import Index
from knowledge.language import common, language_of
from knowledge.library import Document, Passage, Version
from knowledge.quantities import uncounted
from knowledge.search import Reader, search, visible
from knowledge.sentences import sentences, stem

SOURCES = 8
"""How many passages are handed over."""
LONGEST = 1200
"""Characters of one."""
HELD = 0.75
"""The share of a sentence's telling words that its passages must hold, where both are in one language."""
TOGETHER = 2
"""From so many sentences of its passages a sentence may take its numbers."""
NEAR = 0.45
"""How near its meaning must be to a sentence of theirs (cosine) where the languages differ."""

_MARK = re.compile(r"\s*[\[(]\s*(\d{1,2}(?:\s*[,;]\s*\d{1,2})*)\s*[\])]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_LINK = re.compile(
    r"(?:https?:|www\.)\S+|\S+@\S+|@\w+|\b[\w-]+(?:\.[\w-]+)*\.(?:[a-z]{2,3}|info|online|site|shop|link)\b(?:/\S*)?",
    re.IGNORECASE,
)
_NO = re.compile(
    r"\b(?:not|no|never|none|neither|nor|without|cannot|can't|don't|doesn't|isn't|aren't|won't|except|unless|"
    r"nunca|sin|ni|excepto|nao|sem|nem|exceto|pas|jamais|sans|ne|sauf|nicht|kein|keine|keinen|keiner|nie|ohne|"
    r"non|mai|senza|tranne)\b"
)
_OPPOSITES = (
    (
        r"above|over(?= \W*\d)|more|least|minimum|exceed\w*|más|mínimo|minimo|mais|plus|mehr|über|uber|mindestens"
        r"|più|oltre|almeno",
        r"below|under(?= \W*\d)|less|most|maximum|fewer|menos|máximo|maximo|moins|weniger|unter|höchstens"
        r"|hochstens|meno|massimo",
    ),
    (
        r"after|afterwards|después|despues|depois|après|apres|nach|dopo",
        r"before|beforehand|antes|avant|vor|prima",
    ),
)
"""Words that turn a rule round: a sentence with one of a pair is not held by one that has the other alone."""


@dataclass(frozen=True)
class Source:
    """A passage that an answer may rest on."""

    passage: int
    doc: str
    title: str
    heading: str
    text: str
    version: int
    effective: date


def sources(store: Store, index: Index, question: str, reader: Reader) -> tuple[Source, ...]:
    """The passages that come nearest to a question, best first, of those that this reader may see."""
    with store.looking() as session:
        hits = search(session, index, question, reader, k=SOURCES)
    return tuple(
        Source(each.passage, each.doc, each.title, each.heading, each.body[:LONGEST], each.version, each.effective)
        for each in hits
    )


def checked(store: Store, words: str, given: Sequence[Source], reader: Reader) -> Finding | None:
    """An answer in somebody's words as a finding with its citations; None unless all of it stands in its passages.

    words  each sentence followed by the numbers of its passages, from 1, in brackets
    """
    parts = _parts(words)
    if not parts or any(not numbers or not all(1 <= n <= len(given) for n in numbers) for _, numbers in parts):
        return None
    with store.looking() as session:
        query = (
            select(Passage.id)
            .join(Version, Passage.version_id == Version.id)
            .join(Document, Version.document_id == Document.id)
            .where(Passage.id.in_([each.passage for each in given]), *visible(reader))
        )
        allowed = set(session.scalars(query))
    quotes: dict[int, list[str]] = {}
    for sentence, numbers in parts:
        passages = [given[number - 1] for number in numbers]
        if any(each.passage not in allowed for each in passages) or not stands_in(sentence, passages):
            return None
        for number, each in zip(numbers, passages, strict=True):
            quote = _nearest(sentence, each.text)
            if quote not in quotes.setdefault(number, []):
                quotes[number].append(quote)
    citations = tuple(
        Citation(each.doc, each.title, each.heading, " … ".join(quotes[number]), each.version, each.effective,
                 each.passage)
        for number in quotes
        for each in (given[number - 1],)
    )  # fmt: skip
    text = " ".join(sentence for sentence, _ in parts)
    retrieved = tuple(dict.fromkeys((each.doc, each.heading) for each in given))
    return Finding(ANSWERED, text, citations, retrieved, 1.0, words=text)


def stands_in(sentence: str, passages: Sequence[Source]) -> bool:
    """Whether a sentence says no more than these passages do."""
    held = "\n".join(f"{each.heading}\n{each.text}" for each in passages)
    told = [one for each in passages for one in sentences(each.text)]
    if not told:
        return False
    mine, theirs = language_of(sentence), language_of(passages[0].text)
    if mine == theirs:
        words = _telling(uncounted(sentence, language=mine), mine)
        ranked = sorted(told, key=lambda one: -_shared(sentence, one.told))
        meant = bool(words) and len(words & _telling(held, theirs)) >= HELD * len(words)
    else:
        rows = embedding.use([sentence, *(one.told for one in told)])
        near = [float(each) for each in rows[1:] @ rows[0]]
        ranked = [told[at] for at in sorted(range(len(told)), key=lambda at: -near[at])]
        meant = max(near) >= NEAR
    nearest = ranked[0].told
    turned = _denies(sentence) != _denies(nearest) or _opposes(sentence, nearest)
    headings = [each.heading for each in passages]
    return (
        meant
        and not turned
        and _links(sentence) <= _links(held)
        and counts_alike(sentence, ranked[:TOGETHER], headings=headings, mine=mine, theirs=theirs)
    )


def _parts(words: str) -> list[tuple[str, tuple[int, ...]]]:
    """The sentences, each with the numbers of its passages; a mark counts for all sentences since the one before."""
    out: list[tuple[str, tuple[int, ...]]] = []
    for line in words.splitlines():
        at = 0
        open_: list[str] = []
        for mark in _MARK.finditer(line):
            if mark.start() == 0 or line[at : mark.start()].strip(" .") == "":
                if out and not open_:  # one more mark behind the same sentence
                    out[-1] = (out[-1][0], (*out[-1][1], *_marked(mark[1])))
                at = mark.end()
                continue
            said = line[at : mark.start()].lstrip(" .;,")
            at = mark.end()
            for one in sentences(said):
                open_.append(one.text.strip())
            for one in open_:
                out.append((_ended(one, line[at : at + 1]), _marked(mark[1])))
            open_ = []
        rest = line[at:].strip(" .;,*-")
        if rest:
            out.append((rest, ()))
    return out


def _ended(sentence: str, after: str) -> str:
    """A sentence with its full stop, which may stand behind the number."""
    return sentence if sentence[-1:] in ".!?:" else f"{sentence}{after if after in ('.', '!', '?') else '.'}"


def _marked(text: str) -> tuple[int, ...]:
    return tuple(int(each) for each in re.findall(r"\d+", text))


def _links(text: str) -> set[str]:
    """The addresses in a text: of pages, of mail, of people in chat."""
    return {each.lower().rstrip(".,;:!?)") for each in _LINK.findall(text)}


def _telling(text: str, language: str) -> set[str]:
    small = common(language) | common("en")
    return {stem(each) for each in _WORD.findall(text.lower()) if each not in small and len(each) > 2}


def _denies(text: str) -> bool:
    return bool(_NO.search(text.lower()))


def _opposes(sentence: str, held: str) -> bool:
    """Whether a sentence says "below" where what holds it says "above", or "before" for "after"."""

    def said(text: str) -> list[tuple[bool, bool]]:
        low = text.lower()
        return [(bool(re.search(rf"\b(?:{a})\b", low)), bool(re.search(rf"\b(?:{b})\b", low))) for a, b in _OPPOSITES]

    pairs = zip(said(sentence), said(held), strict=True)
    return any(mine[0] != mine[1] and mine == theirs[::-1] for mine, theirs in pairs)


def _nearest(sentence: str, text: str) -> str:
    """The sentence of a passage that shares most with this one, as it stands there."""
    return max((one.text for one in sentences(text)), key=lambda one: _shared(sentence, one), default="")


def _shared(one: str, other: str) -> int:
    """How many words and numbers two sentences share."""
    return len(_said(one) & _said(other))


def _said(text: str) -> set[str]:
    return {stem(each) for each in _WORD.findall(text.lower())} | set(_NUMBER.findall(text))
