"""Finds the passages that a reader may see and that say something about a question: words and vectors, fused."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, and_, exists, or_, select, text
from sqlalchemy.orm import Session, aliased

from backend.people import Person, today
from knowledge import embedding
from knowledge.embedding import MINILM, USE
from knowledge.index import Allowed, Index
from knowledge.language import language_of
from knowledge.library import EVERYBODY, LIVE, Document, DocumentReader, Passage, Version, shelf

BY_VECTOR = 0.7
BY_WORDS = 0.3
CANDIDATES = 50
SYNONYM = 0.35
"""What a synonym of a word counts, against the word itself."""

LONGEST = 2000
"""How many characters of a question are looked at."""

_WORD = re.compile(r"\w+(?:[-'’]\w+)*")
_PIECE = re.compile(r"\w+")
_STOP = """
a about above after again all also am an and any anybody anyone are as at be because been before being both
but by can cannot cant could did do does doesn doing don done dont down during each either few for from
further get gets getting give given go going got had has hasn have haven having he her here hers him his how i
id if ill im in into is isn isnt it its ive just know let like lot many may me might more most much must my
myself need needs no nor not now of off ok okay on once one only or other our ours out over own people please
put really same say says she should so some somebody someone something still such take tell than thanks that
thats the their theirs them then there these they thing things this those though through to too under until up
us use very want wants was wasn we well were what whats when whens where wheres whether which while who whom
whos whose why will with within without won would yes yet you your yours hi hello hey
"""
STOP = frozenset(_STOP.split())
"""Words that tell nothing about what is asked."""


@dataclass(frozen=True)
class Reader:
    """Who asks, and for which day.

    person     a handle, or None
    audiences  what the person belongs to, in lower case (roles, team, employer); None: may read everything
    places     where the person works, in lower case (place, country, region); None: everywhere
    language   what the person reads
    """

    person: str | None
    audiences: frozenset[str] | None
    places: frozenset[str] | None
    day: date
    language: str = "en"


@dataclass(frozen=True)
class Hit:
    """A passage that was found.

    score   what it is ranked by, about 0 to 1
    cosine  how near its vector is to the question's, -1 to 1; words  the share of the best word match, 0 to 1
    """

    passage: int
    doc: str
    title: str
    heading: str
    body: str
    section: int
    version_id: int
    version: int
    effective: date
    start: int
    end: int
    language: str
    score: float
    cosine: float
    words: float


def reader_of(session: Session, person: Person, *, day: date | None = None, aloud: bool = False) -> Reader:
    """The reader that a person is: what they belong to, where they work, and today as it is there.

    aloud  others hear the answer: only what everybody may read
    """
    audiences = {each.role for each in person.roles} | {person.team, person.employer.name, person.handle}
    if session.scalar(select(Person.id).where(Person.manager_id == person.id).limit(1)) is not None:
        audiences |= {"manager", "managers"}
    places = {person.place.name, person.place.country, person.place.region or ""}
    return Reader(
        person=person.handle,
        audiences=frozenset() if aloud else frozenset(each.lower() for each in audiences if each),
        places=frozenset(each.lower() for each in places if each),
        day=day or today(session, person),
        language=person.language,
    )


def visible(reader: Reader) -> list[ColumnElement[bool]]:
    """The conditions, on Passage joined with Version and Document, under which a reader may be shown a passage."""
    newer = aliased(Version)
    conditions: list[ColumnElement[bool]] = [
        Document.state == LIVE,
        Version.since <= reader.day,
        or_(Version.expires.is_(None), Version.expires >= reader.day),
        ~exists().where(
            newer.document_id == Version.document_id,
            newer.since <= reader.day,
            or_(newer.since > Version.since, and_(newer.since == Version.since, newer.number > Version.number)),
        ),
    ]
    for sort, names in (("audience", reader.audiences), ("place", reader.places)):
        if names is not None:
            conditions.append(
                exists().where(
                    DocumentReader.document_id == Document.id,
                    DocumentReader.sort == sort,
                    DocumentReader.name.in_((EVERYBODY, *sorted(names))),
                )
            )
    return conditions


def allowed(session: Session, index: Index, reader: Reader) -> Allowed:
    """The passages that a reader may be shown; kept in memory until the library changes."""
    held = shelf(session)
    revision = held.revision if held else 0
    key = (reader.audiences, reader.places, reader.day)
    known = index.memory.get(key)
    if known is not None and known.revision == revision:
        return known
    query = select(Passage.id).join(Version).join(Document, Version.document_id == Document.id)
    fresh = Allowed.of(revision, session.scalars(query.where(*visible(reader))))
    while len(index.memory) >= 64:
        index.memory.pop(next(iter(index.memory)), None)
    index.memory[key] = fresh
    return fresh


def search(session: Session, index: Index, question: str, reader: Reader, *, k: int = 10) -> list[Hit]:
    """The k best passages for a question, best first, of those that the reader may see on that day."""
    question = " ".join(question.split())[:LONGEST]
    may = allowed(session, index, reader)
    if not question or not len(may.ids):
        return []
    if language_of(question) == "en":
        vector = embedding.minilm([question])[0]
        near = dict(index.nearest(session, vector, k=CANDIDATES, model=MINILM, allowed=may))
        near |= _other_languages(session, index, question, may)
        word = by_words(session, question, may, k=CANDIDATES)
    else:
        vector = embedding.use([question])[0]
        near = dict(index.nearest(session, vector, k=CANDIDATES, model=USE, allowed=may))
        word = {}
    top_cosine = max([*near.values(), 1e-6])
    top_word = max([*word.values(), 1e-6])
    scores = {
        each: BY_VECTOR * max(0.0, near.get(each, 0.0)) / top_cosine + BY_WORDS * word.get(each, 0.0) / top_word
        for each in {*near, *word}
    }
    best = sorted(scores, key=lambda each: (-scores[each], each))
    return _records(
        session, reader, best, k=k, scores=scores, near=near, words={each: word[each] / top_word for each in word}
    )


def by_words(session: Session, question: str, may: Allowed, *, k: int) -> dict[int, float]:
    """The k passages that share the most telling words with the question, synonyms counting less: id to score."""
    words = content_words(question)
    scores = _matching(session, words, may)
    others = [each for each in synonyms(words) if each not in words]
    for each, score in _matching(session, others, may).items():
        scores[each] = scores.get(each, 0.0) + SYNONYM * score
    best = sorted(scores, key=lambda each: (-scores[each], each))[:k]
    return {each: scores[each] for each in best}


def content_words(question: str, *, most: int = 32) -> list[str]:
    """The words of a question that tell what it is about, in lower case."""
    pieces = _PIECE.findall(question.lower().replace("’", "'"))
    kept = [each for each in pieces if each not in STOP and (len(each) > 1 or each.isdigit())]
    return list(dict.fromkeys(kept))[:most]


def synonyms(words: Sequence[str]) -> list[str]:
    """Other words for these, from knowledge/synonyms.txt."""
    table = _synonyms()
    text_ = f" {' '.join(words)} "
    found = [other for known, others in table.items() if f" {known} " in text_ for other in others]
    return list(dict.fromkeys(piece for each in found for piece in each.split() if piece not in STOP))


def rarity(session: Session, words: Sequence[str]) -> dict[str, float]:
    """How much each word tells: the fewer passages hold it, the more, about 0 to 7."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    total = session.execute(text("SELECT count(*) FROM passages")).scalar_one()
    count = text(
        "SELECT count(*) FROM passage_words WHERE passage_words MATCH :word"
        if sqlite
        else "SELECT count(*) FROM passage_words WHERE words @@ plainto_tsquery('english', :word)"
    )
    out: dict[str, float] = {}
    for word in words:
        among = session.execute(count, {"word": f'"{word}"' if sqlite else word}).scalar_one()
        out[word] = float(np.log(1 + (total - among + 0.5) / (among + 0.5))) if among else UNKNOWN
    return out


UNKNOWN = 3.0
"""What a word tells that stands in no passage: people tell stories around their questions."""


@cache
def _synonyms() -> dict[str, tuple[str, ...]]:
    out: dict[str, tuple[str, ...]] = {}
    file = Path(__file__).parent / "synonyms.txt"
    for line in file.read_text(encoding="utf-8").splitlines() if file.is_file() else ():
        terms = [each.strip().lower() for each in line.partition("#")[0].split(",") if each.strip()]
        for each in terms:
            out[each] = tuple(dict.fromkeys((*out.get(each, ()), *(other for other in terms if other != each))))
    return out


def _other_languages(session: Session, index: Index, question: str, may: Allowed) -> dict[int, float]:
    """Passages of documents that are not in English, ranked by the vectors that understand them."""
    query = select(Passage.id).join(Version).join(Document, Version.document_id == Document.id)
    ids = may.members & set(session.scalars(query.where(Document.language != "en", Document.state == LIVE)))
    if not ids:
        return {}
    vector = embedding.use([question])[0]
    return dict(index.nearest(session, vector, k=CANDIDATES, model=USE, allowed=Allowed.of(may.revision, ids)))


def _matching(session: Session, words: Sequence[str], may: Allowed) -> dict[int, float]:
    if not words:
        return {}
    sqlite = session.get_bind().dialect.name == "sqlite"
    rank = _sqlite_words if sqlite else _postgres_words
    for limit in (10 * CANDIDATES, -1 if sqlite else None):
        rows = rank(session, words, limit)
        kept = {each: score for each, score in rows if each in may.members and score > 0}
        if len(kept) >= CANDIDATES or len(rows) < 10 * CANDIDATES:
            return kept
    return kept


def _sqlite_words(session: Session, words: Sequence[str], limit: int | None) -> list[tuple[int, float]]:
    query = text(
        "SELECT rowid, -bm25(passage_words, 2.0, 1.0) FROM passage_words WHERE passage_words MATCH :words "
        "ORDER BY bm25(passage_words, 2.0, 1.0) LIMIT :limit"
    )
    quoted = " OR ".join(f'"{each}"' for each in words)
    return [(int(row[0]), float(row[1])) for row in session.execute(query, {"words": quoted, "limit": limit})]


def _postgres_words(session: Session, words: Sequence[str], limit: int | None) -> list[tuple[int, float]]:
    """PostgreSQL ranks without regard to how rare a word is, so each word's share is weighed by that here."""
    weighed = rarity(session, words)
    values: dict[str, Any] = {"limit": limit}
    ranks: list[str] = []
    matches: list[str] = []
    for at, (word, weight) in enumerate(weighed.items()):
        values |= {f"w{at}": word, f"i{at}": weight}
        one = f"plainto_tsquery('english', :w{at})"
        # 32 makes rank/(rank+1): a word that is repeated does not count over and over
        ranks.append(f":i{at} * ts_rank('{{0.1, 0.2, 0.5, 1.0}}', words, {one}, 32)")
        matches.append(f"words @@ {one}")
    query = text(
        f"SELECT passage_id, {' + '.join(ranks)} AS score FROM passage_words "
        f"WHERE {' OR '.join(matches)} ORDER BY score DESC, passage_id LIMIT :limit"
    )
    return [(int(row[0]), float(row[1])) for row in session.execute(query, values)]


def _records(
    session: Session,
    reader: Reader,
    best: Sequence[int],
    *,
    k: int,
    scores: dict[int, float],
    near: dict[int, float],
    words: dict[int, float],
) -> list[Hit]:
    """The best as records, each checked once more against what the reader may see."""
    query = (
        select(Passage, Version, Document)
        .join(Version, Passage.version_id == Version.id)
        .join(Document, Version.document_id == Document.id)
        .where(Passage.id.in_(best[: 2 * k + 10]), *visible(reader))
    )
    rows = {row.Passage.id: row for row in session.execute(query)}
    out: list[Hit] = []
    for each in best:
        if each in rows and len(out) < k:
            passage, version, document = rows[each].Passage, rows[each].Version, rows[each].Document
            out.append(
                Hit(
                    passage=passage.id,
                    doc=document.path,
                    title=version.title,
                    heading=passage.heading,
                    body=passage.body,
                    section=passage.section,
                    version_id=version.id,
                    version=version.number,
                    effective=version.effective,
                    start=passage.start,
                    end=passage.end,
                    language=passage.language,
                    score=scores[each],
                    cosine=near.get(each, 0.0),
                    words=words.get(each, 0.0),
                )
            )
    return out
