"""Weighs the sentences of the sections that a search found: what each is worth as an answer.

What the pieces of each passage mean was kept when it was published (knowledge/pieces.py), so nothing is read again.
The weights were fitted by logistic regression on handbooks and tried on others (docs/quality.md).
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge import embedding, judging, pieces
from knowledge.alike import words_read
from knowledge.asking import Asked, asked, asking_words, could_answer, done, says_whom
from knowledge.embedding import Matrix
from knowledge.geography import elsewhere, places_in
from knowledge.language import OURS
from knowledge.library import Passage
from knowledge.question import Question
from knowledge.search import Hit
from knowledge.sentences import Sentence, sentences, stem, stems
from knowledge.values import Wanted, wanted
from knowledge.words import content_words, letters, little, meant, rarity, unsaid

Numbers = NDArray[np.float64]

WORTH = {
    "found": 7.9, "alone": 3.5, "met": 8.0, "fits": 2.7, "contact": 2.3, "own": 3.8, "covered": 6.0, "long": -1.4,
    "held": 2.0, "judged": 1.0,
}  # fmt: skip
"""What the parts of a sentence's worth count: see Weighed."""

TELLS = 0.5
"""From what count on a word of a question tells what it is about."""

BY_ANOTHER_WORD = 0.8
"""How well a word is covered where the section has another word for the same."""

ALIKE_FROM, ALIKE_OVER = 0.5, 0.4
"""From which cosine of two words on the one covers the other, and over what range more and more."""

DONE = 0.7
"""What the verb of a question counts that asks whether one may do something with what it names."""

ASIDE = 0.25
"""What a word counts that stands in no clause which asks: people tell stories around their questions."""

FOR_OTHERS, FOR_THEM = 4.0, 2.0
"""How much less a sentence is worth that is for others than the reader (elsewhere, or with other working times), and
how much more one that is for them."""

READ = 12
"""How many sentences are read for a question in another language than theirs."""

SECTIONS = 8
"""How many sections are read for an answer."""

JUDGED = 16
"""How many of the likeliest sentences are judged."""

HEADING, LEAD = 90, 120
"""How many letters of the headings above a sentence are read, and of the head of a table above its row."""

LONG = 40
"""Of how many words on a sentence is as long as can be."""

_WORD = re.compile(r"\w+")
COMPOUNDING = frozenset({"de", "nl", "no", "sv", "da"})
"""Languages that make one word of several, and put endings to them: one word is looked for in another."""

SHORTEST = 4
"""How many letters a word has at least that is looked for in another."""

_PEOPLE = re.compile(
    r"(?:interns?|trainees?|apprentices?|students?|volunteers?|contractors?|freelancers?|temps?|consultants?|directors?|"
    r"founders?|visitors?|guests?|retirees|pensioners|partners?|spouses?|parents?|becari[oa]s?|estagi[aá]ri[oa]s?|"
    r"stagiaires?|praktikant\w*|azubis?|werkstudent\w*|stagist[aei]|aut[oó]nomos?|freiberufler\w*|stagiairs?|studenter)"
)
"""Sorts of people that a rule may be for."""


@dataclass
class Weighed:
    """A sentence and what it is worth as an answer.

    at     its place in the section
    met    how near the words of the question come to words in it, in its lead and in the headings above, the telling
           ones counting most (mean of cosines)
    alone  the same by the sentence itself
    fits   the share of the kinds of things asked for that it holds, 0 to 1
    own    how well it and its lead cover each telling word of the question, 0 to 1
    words  the same with the headings above it
    others  true where it is for others than the reader
    judged  how likely it answers the question, as log-odds, as the judge says (knowledge/judging.py)
    """

    hit: Hit
    passage: int
    sentence: Sentence
    rank: int
    at: int = 0
    met: float = 0.0
    alone: float = 0.0
    fits: float = 0.0
    worth: float = 0.0
    own: Numbers = field(default_factory=lambda: np.zeros(0))
    words: Numbers = field(default_factory=lambda: np.zeros(0))
    others: bool = False
    judged: float = 0.0

    @property
    def told(self) -> str:
        """The sentence with the line that leads to it."""
        return f"{self.sentence.lead} {self.sentence.text}" if self.sentence.lead else self.sentence.text


@dataclass(frozen=True)
class Telling:
    """What of a question tells: its words, how much each tells, and which pieces of it they are.

    weights  of each piece, none negative and one at least positive
    at       which pieces each word is made of
    counts   what each word counts for being sure
    vectors  what each word means by itself, in any language
    stemmed  each word's stem, and the stems of each other term for it
    places   which of the words name a place, and people  which a sort of people: one is much like another, but not it
    wanted   the sort of value that it asks for
    done     which of the words is the verb of what one may do; None where none is
    """

    question: Question
    rarity: dict[str, float]
    weights: Numbers
    at: dict[str, list[int]]
    kinds: frozenset[Asked]
    counts: Numbers
    vectors: Matrix
    stemmed: tuple[tuple[str, list[frozenset[str]]], ...]
    places: tuple[int, ...]
    people: tuple[int, ...]
    wanted: Wanted | None
    done: int | None

    def share(self, covered: Numbers) -> float:
        """How well they are covered together."""
        return float(covered @ self.counts / self.counts.sum()) if self.counts.any() else 1.0


def telling(session: Session, question: Question, *, own: Collection[str] = ()) -> Telling:
    """What of a question tells, in this library.

    own  words for which the company has others, which stand in the question too: they need not be found themselves
    """
    beside = unsaid(question.text)
    counts = rarity(session, [*content_words(question.text), *beside])
    starts = [int(start) for start, _ in question.pieces.spans]
    spans = {found.group(): found.span() for found in reversed(list(_WORD.finditer(question.plain.lower())))}
    at = {
        word: [each for each, start in enumerate(starts) if spans[word][0] <= start < spans[word][1]]
        for word in counts
        if word in spans
    }
    weights = np.zeros(len(starts))
    for word, those in at.items():
        weights[those] = counts[word]
    if not weights.any():
        weights[:] = 1.0
    asks = asking_words(question.text)
    tell = {word: tells * little(word, question.language) for word, tells in counts.items()}
    aside = {word for word in counts if asks and word not in asks and word not in beside}
    aside = aside if len(aside) < len(counts) else set[str]()
    others = {**beside, **meant(question.text)}
    named = places_in(question.text)
    verb = done(question.text)
    verb = verb if any(tell[word] >= TELLS for word in counts if word != verb) else None
    return Telling(
        question,
        counts,
        weights,
        at,
        asked(question.text),
        np.array(
            [
                (0.0 if word in own else 1.0 if word[:5] in named else tell[word])
                * (ASIDE if word in aside else DONE if word == verb else 1.0)
                for word in counts
            ]
        ),
        words_read().vectors(list(counts)),
        tuple((stem(word), [_stemmed(each) for each in others.get(word, ())]) for word in counts),
        tuple(at for at, word in enumerate(counts) if word[:5] in named),
        tuple(at for at, word in enumerate(counts) if _PEOPLE.fullmatch(word)),
        wanted(question.text),
        list(counts).index(verb) if verb in counts else None,
    )


def _stemmed(term: tuple[str, ...]) -> frozenset[str]:
    return frozenset(term) if " " in term[0] else frozenset(map(stem, term))


def weigh(
    session: Session,
    tells: Telling,
    found: Sequence[Hit],
    *,
    others: Collection[str] = (),
    theirs: Collection[str] = (),
) -> list[Weighed]:
    """The sentences of these sections, with what each is worth, in the order of the sections.

    others, theirs  what, in lower case, a row or item for others than the reader begins with, and one for them
    """
    out: list[Weighed] = []
    for rank, hit in enumerate(found):
        out += _section(session, tells, hit, rank)
    spoken = tells.question.language
    _by_use(tells, [each for each in out if each.hit.language != spoken or spoken not in OURS])
    for each in out:
        each.others = bool(others) and _for(each, others)
        each.worth = (
            WORTH["found"] * each.hit.score
            + WORTH["alone"] * each.alone
            + WORTH["met"] * each.met
            + WORTH["fits"] * each.fits
            + WORTH["held"] * (tells.wanted is not None and tells.wanted.held(each.sentence.text))
            + WORTH["contact"] * says_whom(each.sentence.text)
            + WORTH["own"] * tells.share(each.own)
            + WORTH["covered"] * tells.share(each.words)
            + WORTH["long"] * min(len(each.sentence.text.split()), LONG) / LONG
            - FOR_OTHERS * each.others
            + FOR_THEM * (bool(theirs) and _for(each, theirs))
        )
    return out


def _for(each: Weighed, names: Collection[str]) -> bool:
    """True for a row, an item or a section that begins with one of these names: it is for those who are called so."""
    last = each.hit.heading.rpartition(" > ")[2].lower()
    text = each.sentence.text.lower() if each.sentence.row or each.sentence.item else ""
    return any(last == name or re.match(rf"{re.escape(name)}\b(?! and\b)", text) for name in names)


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
    words = Alike(tells, f"{heading} {body}")
    headed = words.to(heading)
    leads: dict[str, tuple[Numbers, Numbers]] = {}
    out: list[Weighed] = []
    for each in sentences(body):
        own = _most(near, read.within(begins + each.start, begins + each.start + len(each.text)))
        said = words.to(each.text)
        leads[each.text] = (own, said)
        lead, led = leads.get(each.lead, (own, said))
        whole = np.maximum(np.maximum(own, lead), above)
        one = Weighed(hit, passage, each, rank, at + len(out))
        one.alone = float(own @ tells.weights / tells.weights.sum())
        one.met = float(whole @ tells.weights / tells.weights.sum())
        one.own = np.maximum(_there(tells, np.maximum(own, lead)), np.maximum(said, led))
        one.fits = float(np.mean([could_answer(each.text, kind) or _done(tells, one, kind) for kind in tells.kinds]))
        one.words = np.maximum(np.maximum(_there(tells, whole), one.own), headed)
        out.append(one)
    return out


def _done(tells: Telling, one: Weighed, kind: Asked) -> bool:
    """True where whether one may do something is asked, and a sentence says that it is done."""
    return kind is Asked.YES_NO and tells.done is not None and bool(one.own[tells.done] >= BY_ANOTHER_WORD)


class Alike:
    """How well the words of a question are found in parts of a text: by themselves, another word or the meaning."""

    def __init__(self, tells: Telling, text: str) -> None:
        self.tells = tells
        self.words = {word: at for at, word in enumerate(letters(text))}
        theirs = words_read().vectors(list(self.words))
        self.near = np.clip((tells.vectors @ theirs.T - ALIKE_FROM) / ALIKE_OVER, 0.0, 1.0)
        for each in (*tells.places, *tells.people):
            self.near[each, self.near[each] < BY_ANOTHER_WORD] = 0.0

    def to(self, text: str) -> Numbers:
        """For each telling word of the question how well this part of the text covers it, 0 to 1."""
        tells = self.tells
        those = [self.words[word] for word in letters(text) if word in self.words]
        found = self.near[:, those].max(axis=1).astype(np.float64) if those else np.zeros(len(tells.rarity))
        held, low = stems(text), text.lower()
        for at, (stemmed, others) in enumerate(tells.stemmed):
            if stemmed in held:
                found[at] = 1.0
            elif any(each <= held or (" " in min(each) and min(each) in low) for each in others):
                found[at] = max(found[at], BY_ANOTHER_WORD)
        if tells.question.language in COMPOUNDING:
            for at, word in enumerate(tells.rarity):
                if found[at] < BY_ANOTHER_WORD and any(_in_one(word, each) for each in letters(low)):
                    found[at] = BY_ANOTHER_WORD
        if tells.places and elsewhere(text):
            found[list(tells.places)] = np.maximum(found[list(tells.places)], BY_ANOTHER_WORD)
        return found


def _in_one(word: str, other: str) -> bool:
    """True where one of two words begins or ends with the other, as a part of it or without its ending."""
    short, long = sorted((word, other), key=len)
    return len(short) >= SHORTEST and (long.startswith(short) or long.endswith(short))


def _there(tells: Telling, by_piece: Numbers) -> Numbers:
    """How well each word is covered by what pieces mean, each word as its pieces together; a place never is."""
    near = np.array([by_piece[those].mean() if (those := tells.at.get(word)) else 0.0 for word in tells.rarity])
    near[[*tells.places, *tells.people]] = 0.0
    return np.clip((near - 0.3) / 0.6, 0.0, 1.0)


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
    nearest = sorted(weighed, key=lambda one: -(one.hit.score + tells.share(one.words)))[:READ]
    if nearest:
        for each, near in zip(nearest, embedding.use([one.told for one in nearest]) @ tells.question.use, strict=True):
            each.alone = float(near)


def judge(tells: Telling, weighed: Sequence[Weighed]) -> None:
    """Has the likeliest sentences judged, and lets that count in what each is worth."""
    those = likely(weighed)
    if not those:
        return
    judged: list[tuple[Weighed, float]] = []
    for english in (True, False):
        some = [each for each in those if in_english(tells, each) is english]
        found = np.array([measures(tells, each, best=those[0].worth) for each in some], dtype=np.float32)
        told = [in_place(each) for each in some]
        judged += zip(some, judging.answering(tells.question.text, told, found, english=english), strict=True)
    least = min(score for _, score in judged)
    for each in weighed:
        each.judged = least
    for each, score in judged:
        each.judged = score
    for each in weighed:
        each.worth += WORTH["judged"] * each.judged


def likely(weighed: Sequence[Weighed]) -> list[Weighed]:
    """The sentences that are judged: those worth most by the measures, best first."""
    return sorted((each for each in weighed if not each.sentence.head), key=lambda one: -one.worth)[:JUDGED]


def in_place(one: Weighed) -> str:
    """A sentence as it is judged: under its two innermost headings, after the line that leads to it."""
    above = " > ".join(one.hit.heading.split(" > ")[-2:])[:HEADING]
    lead = one.sentence.lead[:LEAD] if one.sentence.row else one.sentence.lead
    return f"{above}: {lead} {one.sentence.text}" if lead else f"{above}: {one.sentence.text}"


def measures(tells: Telling, one: Weighed, *, best: float) -> list[float]:
    """What weighing found of a sentence, as the judge was trained on it; best  what the best sentence is worth."""
    sentence = one.sentence
    return [
        one.hit.score,
        one.alone,
        one.met,
        one.fits,
        float(tells.wanted is not None and tells.wanted.held(sentence.text)),
        tells.share(one.own),
        tells.share(one.words),
        one.worth,
        one.worth - best,
        float(sentence.row),
        float(sentence.item),
        one.rank / SECTIONS,
        min(len(sentence.text.split()), LONG) / LONG,
    ]


def in_english(tells: Telling, one: Weighed) -> bool:
    """True where question and sentence are in English."""
    return tells.question.language == one.hit.language == "en"
