"""Publishes documents: cuts them, makes the vectors of what is new in them, and writes each version whole."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend import events
from backend.clock import day_in
from backend.people import Company, Person
from backend.store import Store, now
from knowledge import embedding, illustrations, reviews
from knowledge.embedding import Progress, Vectors
from knowledge.language import language_of
from knowledge.library import (
    EVERYBODY,
    LIVE,
    WITHDRAWN,
    Document,
    DocumentReader,
    Passage,
    Version,
    VersionReader,
    changed,
    newest_version,
    passage_count,
    translations,
)
from knowledge.passages import Cut, cut
from knowledge.reading import Reading


@dataclass(frozen=True)
class Prepared:
    """A document ready to be published: its passages, cut and with their vectors."""

    reading: Reading
    cuts: tuple[Cut, ...]
    vectors: tuple[Vectors, ...]


@dataclass(frozen=True)
class Published:
    """What publishing did to one document.

    outcome   "new", "replaced", "details" (only owner, audience, ... changed), "back" (was withdrawn), "unchanged"
    unknown_owner  whom it names as its owner, where nobody is called that
    """

    doc: str
    title: str
    version: int
    outcome: str
    passages: int
    effective: date
    unknown_owner: str | None = None


def publish_all(
    store: Store, readings: Sequence[Reading], *, by: Person | None, progress: Progress | None = None
) -> list[Published]:
    """Publishes documents: makes their vectors first, with no transaction open, then writes each whole.

    A run that is stopped leaves whole documents behind, and running it again does the rest. Progress is told in
    passages. An owner whom nobody knows is left out, and named in what is returned.
    """
    ordered = sorted(readings, key=lambda each: each.translation_of is not None)  # originals say who may read
    with store.looking() as session:
        wanted = [each for each in ordered if not _stands(session, each)]
    cuts = {each.doc: cut(each.text, title=each.title) for each in wanted}
    total = sum(len(each) for each in cuts.values())
    out: dict[str, Published] = {}
    with store.writing() as session:
        for reading in ordered:
            if reading.doc not in cuts:
                out[reading.doc] = publish(session, Prepared(reading, (), ()), by=by)
    done = 0
    for group in _groups(wanted, cuts):
        prepared = prepare(store, group, progress=_later(progress, done=done, total=total))
        with store.writing() as session:
            for each in prepared:
                out[each.reading.doc] = publish(session, each, by=by)
        done += sum(len(each.cuts) for each in prepared)
    if progress is not None:
        progress(total, total)
    return [out[each.doc] for each in readings]


def prepare(store: Store, readings: Sequence[Reading], *, progress: Progress | None = None) -> list[Prepared]:
    """Cuts documents and makes the vectors of what is new in them; sections that stand already keep theirs."""
    cuts = [cut(each.text, title=each.title) for each in readings]
    hashes = [embedding.content_hash(each.embedded) for some in cuts for each in some]
    known: dict[str, Vectors] = {}
    with store.looking() as session:
        for at in range(0, len(hashes), 500):
            rows = session.execute(
                select(Passage.content_hash, Passage.minilm, Passage.use, Passage.pieces).where(
                    Passage.content_hash.in_(hashes[at : at + 500]), Passage.pieces.is_not(None)
                )
            )
            known |= {row.content_hash: Vectors(row.minilm, row.use, row.pieces) for row in rows}
    texts = {embedding.content_hash(each.embedded): each.embedded for some in cuts for each in some}
    missing = [key for key in texts if key not in known]
    there = len(texts) - len(missing)
    fresh = embedding.embed(
        [texts[key] for key in missing],
        progress=_later(progress, done=there, total=len(texts)),
    )
    known |= dict(zip(missing, fresh, strict=True))
    return [
        Prepared(reading, tuple(some), tuple(known[embedding.content_hash(each.embedded)] for each in some))
        for reading, some in zip(readings, cuts, strict=True)
    ]


def publish(session: Session, prepared: Prepared, *, by: Person | None) -> Published:
    """Writes one document as it now reads: a new version if it says something new, otherwise what was said of it."""
    original = _original(session, prepared.reading)
    if original is not None:
        prepared = replace(
            prepared, reading=replace(prepared.reading, audience=original.audience, places=original.places)
        )
    reading = prepared.reading
    owner_id = _owner_id(session, reading)
    unknown = reading.owner if owner_id is None else None
    document = session.scalar(select(Document).where(Document.path == reading.doc).with_for_update())
    latest = newest_version(session, document) if document else None
    same_text = latest is not None and latest.sha256 == reading.sha256
    if document is None:
        document = Document(path=reading.doc, title=reading.title)
        session.add(document)
        outcome = "new"
    elif not same_text:
        outcome = "replaced"
    elif document.state == WITHDRAWN:
        outcome = "back"
    elif _details(session, document) != _details_of(session, reading):
        outcome = "details"
    else:
        assert latest is not None
        count = passage_count(session, latest)
        return Published(reading.doc, document.title, latest.number, "unchanged", count, latest.effective, unknown)
    document.title = reading.title
    document.owner_id = owner_id
    document.review = reading.review
    document.state = LIVE
    document.language = language_of(reading.text)
    document.translation_of = reading.translation_of
    reviews.watch(session, document)
    both = (document, *translations(session, document))
    session.flush()
    if latest is None or not same_text:
        latest = _add_version(session, document, prepared, number=latest.number + 1 if latest else 1, by=by)
        stand = [latest]
    else:
        stand = [each for each in (newest_version(session, one) for one in both) if each is not None]
    those = _readers(reading)
    for one in both:
        one.readers = [DocumentReader(sort=sort, name=name) for sort, name in those]
    for each in stand:
        each.readers = [VersionReader(sort=sort, name=name) for sort, name in those]
    changed(session)
    events.record(
        session,
        "knowledge.published",
        by=by,
        subject=f"document:{document.id}",
        detail={"doc": document.path, "title": document.title, "version": latest.number, "effective": latest.effective},
    )
    session.flush()
    count = passage_count(session, latest)
    return Published(reading.doc, document.title, latest.number, outcome, count, latest.effective, unknown)


def _readers(reading: Reading) -> list[tuple[str, str]]:
    """Whom a document as it now reads is for: (sort, name)."""
    both = (("audience", reading.audience), ("place", reading.places))
    return [(sort, name) for sort, names in both for name in names or (EVERYBODY,)]


def _add_version(
    session: Session, document: Document, prepared: Prepared, *, number: int, by: Person | None
) -> Version:
    reading = prepared.reading
    moment = now(session)
    company = session.get(Company, 1)
    version = Version(
        document_id=document.id,
        number=number,
        title=reading.title,
        sha256=reading.sha256,
        effective=reading.effective or day_in(company.timezone if company else "UTC", moment),
        since=reading.effective or moment.astimezone(UTC).date() - timedelta(days=1),
        expires=reading.expires,
        text=reading.text,
        added_at=moment,
        added_by_id=by.id if by else None,
    )
    session.add(version)
    session.flush()
    illustrations.store(session, reading.kept)
    illustrations.belong(session, version, reading.pictures)
    session.add_all(
        Passage(
            version_id=version.id,
            position=each.position,
            section=each.section,
            heading=each.heading,
            body=each.body,
            start=each.start,
            end=each.end,
            content_hash=embedding.content_hash(each.embedded),
            language=language_of(each.body, otherwise=document.language),
            minilm=vectors.minilm,
            use=vectors.use,
            pieces=vectors.pieces,
        )
        for each, vectors in zip(prepared.cuts, prepared.vectors, strict=True)
    )
    session.flush()
    return version


def _original(session: Session, reading: Reading) -> Document | None:
    """The document that this one says in another language: both are for the same people and places."""
    return session.scalar(select(Document).where(Document.path == reading.translation_of))


def _stands(session: Session, reading: Reading) -> bool:
    document = session.scalar(select(Document).where(Document.path == reading.doc))
    latest = newest_version(session, document) if document else None
    return latest is not None and latest.sha256 == reading.sha256


def _details(session: Session, document: Document) -> tuple[object, ...]:
    return document.owner_id, document.review, document.audience, document.places, document.translation_of


def _details_of(session: Session, reading: Reading) -> tuple[object, ...]:
    return _owner_id(session, reading), reading.review, reading.audience, reading.places, reading.translation_of


def owner_of(session: Session, reading: Reading) -> Person | None:
    """The person that the document names as its owner; None where it names nobody, or nobody who is known."""
    key = (reading.owner or "").lower()
    return session.scalar(select(Person).where((func.lower(Person.handle) == key) | (func.lower(Person.email) == key)))


def _owner_id(session: Session, reading: Reading) -> int | None:
    owner = owner_of(session, reading)
    return owner.id if owner is not None else None


def _groups(readings: Sequence[Reading], cuts: dict[str, list[Cut]], *, about: int = 64) -> list[list[Reading]]:
    """Documents in groups of about so many passages: one transaction each, a document never in two of them."""
    out: list[list[Reading]] = []
    held = about
    for each in readings:
        if held >= about:
            out.append([])
            held = 0
        out[-1].append(each)
        held += len(cuts[each.doc])
    return out


def _later(progress: Progress | None, *, done: int, total: int) -> Progress | None:
    """The progress of a part of the work, told as that of the whole."""
    if progress is None:
        return None
    return lambda some, _: progress(done + some, total)
