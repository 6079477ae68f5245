"""Finds the passages that a reader may see and that say something about a question: words and vectors, fused."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, not_, or_, select
from sqlalchemy.orm import Session, aliased

from backend.people import FULL_WEEK, Person, Place, Role, today
from knowledge.embedding import MINILM, USE
from knowledge.index import CANDIDATES, Allowed, Index
from knowledge.library import EVERYBODY, LIVE, Document, Passage, Shelf, Version, VersionReader
from knowledge.question import read
from knowledge.words import by_words

BY_MINILM = 0.5
BY_USE = 0.3
BY_WORDS = 0.2
"""What the two sorts of vectors and the words count; where MiniLM does not know the language, USE has its share too."""

REVISION = select(Shelf.revision)

_PART = re.compile(
    r"part[- ]?tim|tiempo parcial|media jornada|tempo parcial|meio per[ií]odo|temps partiel|teilzeit|tempo parziale"
)

PART_TIME, FULL_TIME = "part-time", "full-time"
"""Audiences that nobody has to be put into: whoever works fewer hours than a full week is part-time."""


@dataclass(frozen=True)
class Reader:
    """Who asks, and for which day.

    person     a handle, or None
    audiences  what the person belongs to, in lower case (roles, team, employer); None: may read everything
    places     where the person works, in lower case (place, country, region); None: everywhere
    language   what the person reads
    today      which day it is, where what held on an earlier one is looked for, which the vector index no longer has
    lapsed     true where what has expired is looked for as well, if nothing came in its place
    """

    person: str | None
    audiences: frozenset[str] | None
    places: frozenset[str] | None
    day: date
    language: str = "en"
    today: date | None = None
    lapsed: bool = False

    @property
    def past(self) -> bool:
        """True where the day is over."""
        return self.today is not None


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
    day = day or today(session, person)
    audiences = {each.role for each in person.roles} | {person.team, person.employer.name, person.handle}
    audiences |= {PART_TIME if works_part_time(person) else FULL_TIME}
    here = (Person.manager_id == person.id, Person.erased_at.is_(None), (Person.end.is_(None)) | (Person.end >= day))
    if session.scalar(select(Person.id).where(*here).limit(1)) is not None:
        audiences |= {"manager", "managers"}
    places = {person.place.name, person.place.country, person.place.region or ""}
    return Reader(
        person=person.handle,
        audiences=frozenset() if aloud else frozenset(each.lower() for each in audiences if each),
        places=frozenset(each.lower() for each in places if each),
        day=day,
        language=person.language,
    )


def reader_like(session: Session, whom: str, *, day: date, language: str = "en") -> Reader:
    """A reader who works where, how long, in which role or team these words say: "a part-timer in Berlin"."""
    low = whom.lower()

    def said(name: str) -> bool:
        return re.search(rf"\b{re.escape(name.lower())}s?\b", low) is not None

    where = [each for each in session.scalars(select(Place)) if said(each.name)]
    names = {*session.scalars(select(Role.role).distinct()), *session.scalars(select(Person.team).distinct())}
    held = {each.lower() for each in names if each and said(each)}
    held |= {"manager", "managers"} if "manager" in low else set()
    held.add(PART_TIME if _PART.search(low) else FULL_TIME)
    places = {name.lower() for each in where for name in (each.name, each.country, each.region or "") if name}
    return Reader(person=None, audiences=frozenset(held), places=frozenset(places), day=day, language=language)


def works_part_time(person: Person) -> bool:
    """True for who works fewer hours a week than a full one has."""
    return sum(person.work_week.values()) < sum(FULL_WEEK.values())


@lru_cache(maxsize=256)
def visible(reader: Reader) -> tuple[ColumnElement[bool], ...]:
    """The conditions, on Passage joined with Version and Document, under which a reader may be shown a passage."""
    return (*_may_read(reader), _in_one_language(reader))


def _may_read(reader: Reader) -> tuple[ColumnElement[bool], ...]:
    """The same, in whichever language."""
    return (*_holds(reader, Version, Document), *addressed(reader))


def _holds(reader: Reader, version: Any, document: Any) -> tuple[ColumnElement[bool], ...]:
    """The conditions under which a version is the one that holds on a reader's day."""
    newer = aliased(Version)
    conditions: tuple[ColumnElement[bool], ...] = (
        document.state == LIVE,
        version.since <= reader.day,
        ~exists().where(
            newer.document_id == version.document_id,
            newer.since <= reader.day,
            or_(newer.since > version.since, and_(newer.since == version.since, newer.number > version.number)),
        ),
    )
    return conditions if reader.lapsed else (*conditions, _lasts(reader, version))


def _lasts(reader: Reader, version: Any) -> ColumnElement[bool]:
    return or_(version.expires.is_(None), version.expires >= reader.day)


def addressed(reader: Reader, version: Any = Version, document: Any = Document) -> tuple[ColumnElement[bool], ...]:
    """The conditions, on a version joined with its document, under which it is for a reader, whatever the day.

    It has to be for them itself, and so has what was published last of the document, and of what it translates, of all
    that holds by today: what is for some from a day on is so from that day, and nothing is opened before.
    """
    if reader.audiences is None and reader.places is None:
        return ()
    original = aliased(Document)
    translated = exists().where(original.path == document.translation_of, _for_others(reader, original))
    return (*_named(reader, version), ~_for_others(reader, document), ~translated)


def _named(reader: Reader, version: Any) -> tuple[ColumnElement[bool], ...]:
    """The conditions under which a version names a reader."""
    return tuple(
        exists().where(
            VersionReader.version_id == version.id,
            VersionReader.sort == sort,
            VersionReader.name.in_((EVERYBODY, *sorted(names))),
        )
        for sort, names in (("audience", reader.audiences), ("place", reader.places))
        if names is not None
    )


def _for_others(reader: Reader, document: Any) -> ColumnElement[bool]:
    """The condition under which what was published last of a document, of what holds by today, is not for a reader."""
    day = reader.today or reader.day
    last, later = aliased(Version), aliased(Version)
    return exists().where(
        last.document_id == document.id,
        last.since <= day,
        ~exists().where(later.document_id == last.document_id, later.since <= day, later.number > last.number),
        not_(and_(*_named(reader, last))),
    )


def _in_one_language(reader: Reader) -> ColumnElement[bool]:
    """A document and its translations are one: in the reader's language, else the original, of those that they may see.

    What has expired stands for none of the others.
    """
    there, language = replace(reader, lapsed=False), reader.language
    original, translated, its, theirs = aliased(Document), aliased(Document), aliased(Version), aliased(Version)
    here = exists().where(
        original.path == Document.translation_of,
        its.document_id == original.id,
        *_holds(there, its, original),
        *addressed(there, its, original),
    )
    said = exists().where(
        translated.translation_of == Document.path,
        translated.language == language,
        theirs.document_id == translated.id,
        *_holds(there, theirs, translated),
        *addressed(there, theirs, translated),
    )
    lasting = and_(Document.language == language, _lasts(reader, Version), ~here.where(original.language == language))
    return or_(
        and_(Document.translation_of.is_(None), or_(Document.language == language, ~said)),
        and_(Document.translation_of.is_not(None), or_(~here, lasting)),
    )


def allowed(session: Session, index: Index, reader: Reader) -> Allowed:
    """The passages that a reader may be shown; kept in memory until the library changes."""
    revision = session.connection().execute(REVISION).scalar() or 0
    key = (reader.audiences, reader.places, reader.day, reader.today, reader.lapsed, reader.language)

    def read_them() -> Allowed:
        versions = select(Version.id).join(Document, Version.document_id == Document.id).where(*visible(reader))
        found = session.scalars(select(Passage.id).where(Passage.version_id.in_(versions)))
        return Allowed.of(revision, found, current=not reader.past)

    return _known(index, key, revision, read_them)


def _known(index: Index, key: object, revision: int, read_them: Callable[[], Allowed]) -> Allowed:
    """What was read of this revision of the library before, or is read now; the last of them stay in memory."""
    known = index.memory.get(key)
    if known is not None and known.revision == revision:
        return known
    fresh = read_them()
    while len(index.memory) >= 128:
        index.memory.pop(next(iter(index.memory)), None)
    index.memory[key] = fresh
    return fresh


def search(session: Session, index: Index, question: str, reader: Reader, *, k: int = 10) -> list[Hit]:
    """The k best passages for a question, best first, of those that the reader may see on that day."""
    may = allowed(session, index, reader)
    if not question.strip() or not len(may.ids):
        return []
    asked = read(question)
    vector = asked.use
    near = dict(index.nearest(session, vector, k=CANDIDATES, model=USE, allowed=may))
    shares = _shares(near, BY_MINILM + BY_USE)
    if asked.language == "en":
        one = dict(index.nearest(session, asked.minilm, k=CANDIDATES, model=MINILM, allowed=may))
        shares = _both(_shares(one, BY_MINILM), _shares(near, BY_USE))
        foreign = _in_other_languages(session, index, may)
        if foreign.members:
            near |= dict(index.nearest(session, vector, k=CANDIDATES, model=USE, allowed=foreign))
            theirs = _shares(near, BY_MINILM + BY_USE)
            shares |= {each: theirs[each] for each in theirs if each in foreign.members}
        near |= one
    word = by_words(session, index, asked.text, may, k=CANDIDATES)
    said = _shares(word, BY_WORDS)
    least = min(shares.values(), default=0.0) if len(shares) >= CANDIDATES else 0.0
    scores = {each: shares.get(each, least) + said.get(each, 0.0) for each in {*shares, *said}}
    best = sorted(scores, key=lambda each: (-scores[each], each))
    return _records(session, reader, best, k=k, scores=scores, near=near, words=_shares(word, 1.0))


def _shares(found: dict[int, float], share: float) -> dict[int, float]:
    """What each that was found counts: this share for the best, less for the others."""
    top = max([*found.values(), 1e-6])
    return {each: share * max(0.0, value) / top for each, value in found.items()}


def _both(one: dict[int, float], other: dict[int, float]) -> dict[int, float]:
    """Both counted together; who is missing in one of them was no nearer than the last there."""
    last = [min(each.values()) if len(each) >= CANDIDATES else 0.0 for each in (one, other)]
    return {each: one.get(each, last[0]) + other.get(each, last[1]) for each in {*one, *other}}


def _in_other_languages(session: Session, index: Index, may: Allowed) -> Allowed:
    """Those passages of documents that are not in English, which only USE understands."""

    def read_them() -> Allowed:
        query = select(Passage.id).join(Version).join(Document, Version.document_id == Document.id)
        ids = query.where(Document.language != "en", Document.state == LIVE)
        return Allowed.of(may.revision, session.scalars(ids))

    foreign = _known(index, "foreign", may.revision, read_them)
    if not foreign.members:
        return foreign
    return Allowed.of(may.revision, may.members & foreign.members, current=may.current)


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
    rows: dict[int, Any] = {}
    for some in (best[:k], best[k : 2 * k]):  # others only where some of the first may not be shown
        if some and len(rows) < k:
            found = session.connection().execute(_record_of(reader), {"ids": some}).all()
            rows |= {row[0]: row for row in found}
    return [
        Hit(*rows[each], score=scores[each], cosine=near.get(each, 0.0), words=words.get(each, 0.0))
        for each in [one for one in best if one in rows][:k]
    ]


@lru_cache(maxsize=256)
def _record_of(reader: Reader) -> Select[*tuple[Any, ...]]:
    """What is read of passages named by :ids, where the reader may see them: what a Hit begins with."""
    return (
        select(
            Passage.id.label("passage"),
            Document.path.label("doc"),
            Version.title,
            Passage.heading,
            Passage.body,
            Passage.section,
            Passage.version_id,
            Version.number.label("version"),
            Version.effective,
            Passage.start,
            Passage.end,
            Passage.language,
        )
        .join(Version, Passage.version_id == Version.id)
        .join(Document, Version.document_id == Document.id)
        .where(Passage.id.in_(bindparam("ids", expanding=True)), *_may_read(reader))
    )
