"""Publishes documents: cuts them, makes the vectors of what is new in them, and writes each version whole."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend import events
from backend.clock import day_in
from backend.people import Company, Person
from backend.refusals import Refusal
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
    widened        true where it is now for some for whom it was not
    """

    doc: str
    title: str
    version: int
    outcome: str
    passages: int
    effective: date
    unknown_owner: str | None = None
    widened: bool = False


def publish_all(
    store: Store,
    readings: Sequence[Reading],
    *,
    by: Person | None,
    progress: Progress | None = None,
    problems: list[tuple[str, Refusal]] | None = None,
) -> list[Published]:
    """Publishes documents: makes their vectors first, with no transaction open, then writes each whole.

    A run that is stopped leaves whole documents behind, and running it again does the rest. Progress is told in
    passages. An owner whom nobody knows is left out, and named in what is returned.

    problems  takes which documents may not be published, and why; without it, that is a Refusal
    """
    ordered = sorted(readings, key=lambda each: each.translation_of is not None)  # originals say who may read
    with store.looking() as session:
        wanted = [each for each in ordered if not _stands(session, each)]
    cuts = {each.doc: cut(each.text, title=each.title) for each in wanted}
    total = sum(len(each) for each in cuts.values())
    out: dict[str, Published] = {}

    def write(group: Sequence[Prepared]) -> None:
        with store.writing() as session:
            for each in group:
                try:
                    out[each.reading.doc] = publish(session, each, by=by)
                except Refusal as problem:
                    if problems is None:
                        raise
                    problems.append((each.reading.doc, problem))

    same = [Prepared(each, (), ()) for each in ordered if each.doc not in cuts]
    write([each for each in same if each.reading.translation_of is None])
    done = 0
    for group in _groups(wanted, cuts):
        prepared = prepare(store, group, progress=_later(progress, done=done, total=total))
        write(prepared)
        done += sum(len(each.cuts) for each in prepared)
    write([each for each in same if each.reading.translation_of is not None])
    if progress is not None:
        progress(total, total)
    return [out[each.doc] for each in readings if each.doc in out]


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
    """Writes one document as it now reads: a new version if it says something new, otherwise what was said of it.

    A Refusal, and nothing is written, where a translation would be for others than what it translates.
    """
    path = prepared.reading.doc
    document = session.scalar(select(Document).where(Document.path == path).with_for_update())
    reading = complete(session, prepared.reading)
    prepared = replace(prepared, reading=reading)
    owner_id = _owner_id(session, reading)
    unknown = reading.owner if owner_id is None else None
    latest = newest_version(session, document) if document else None
    same_text = latest is not None and latest.sha256 == reading.sha256
    changes = _for_whom(reading, document) if document is not None else []
    widened = any(_wider(those or (), than=before) for those, before in changes)
    narrowed = any(_wider(before, than=those or ()) for those, before in changes)
    if document is None:
        document = Document(path=path, title=reading.title)
        session.add(document)
        outcome = "new"
    elif not same_text:
        outcome = "replaced"
    elif document.state == WITHDRAWN:
        outcome = "back"
    elif _details(document) != (owner_id, reading.review, reading.audience, reading.places, reading.translation_of):
        outcome = "details"
    else:
        assert latest is not None
        count = passage_count(session, latest)
        return Published(path, document.title, latest.number, "unchanged", count, latest.effective, unknown)
    document.title = reading.title
    document.owner_id = owner_id
    document.review = reading.review
    document.state = LIVE
    document.language = language_of(reading.text)
    document.translation_of = reading.translation_of
    reviews.watch(session, document)
    session.flush()
    if latest is None or not same_text:
        latest = _add_version(session, document, prepared, number=latest.number + 1 if latest else 1, by=by)
    those = _readers(reading)
    latest.readers = [VersionReader(sort=sort, name=name) for sort, name in those]
    others = translations(session, document, withdrawn=True)
    for each in (document, *others):
        each.readers = [DocumentReader(sort=sort, name=name) for sort, name in those]
    if latest.since <= now(session).astimezone(UTC).date() or not narrowed:
        for version in [newest_version(session, each) for each in others]:
            assert version is not None
            version.readers = [VersionReader(sort=sort, name=name) for sort, name in those]
    changed(session)
    events.record(
        session,
        "knowledge.published",
        by=by,
        subject=f"document:{document.id}",
        detail={"doc": path, "title": document.title, "version": latest.number, "effective": latest.effective},
    )
    session.flush()
    count = passage_count(session, latest)
    return Published(path, document.title, latest.number, outcome, count, latest.effective, unknown, widened)


def complete(session: Session, reading: Reading) -> Reading:
    """The reading with what it leaves unsaid as it was; a new document is for everybody, everywhere.

    A translation is for those for whom the original is: a Refusal where it was said to be for fewer.
    """
    document = _called(session, reading.doc)
    of = reading.translation_of
    if not reading.whole and document is not None:
        of = of or document.translation_of
        owner = document.owner.handle if document.owner else None
        reading = replace(
            reading,
            audience=document.audience if reading.audience is None else reading.audience,
            places=document.places if reading.places is None else reading.places,
            owner=owner if reading.owner is None else reading.owner,
            review=reading.review or document.review,
        )
    of = None if of == reading.doc else of
    original = _called(session, of) if of else None
    if original is not None:
        if any(_wider(those, than=said or ()) for said, those in _for_whom(reading, original)):
            raise _for_the_same(reading.doc, original.path)
        reading = replace(reading, audience=original.audience, places=original.places)
    if document is None:
        for each in session.scalars(select(Document).where(Document.translation_of == reading.doc)):
            if any(_wider(said or (), than=those) for said, those in _for_whom(reading, each)):
                raise _for_the_same(each.path, reading.doc)
    audience, places = reading.audience or (), reading.places or ()
    return replace(reading, audience=audience, places=places, translation_of=of, whole=True)


def _called(session: Session, path: str) -> Document | None:
    return session.scalar(select(Document).where(Document.path == path))


def _for_the_same(doc: str, original: str) -> Refusal:
    return Refusal(
        "{doc} is {original} in another language, for the same people and places: say the same in both, or rename it.",
        doc=doc,
        original=original,
    )


def _for_whom(reading: Reading, document: Document) -> list[tuple[tuple[str, ...] | None, tuple[str, ...]]]:
    """The audience and the places that a reading names, each with those of a document."""
    return [(reading.audience, document.audience), (reading.places, document.places)]


def _wider(those: tuple[str, ...], *, than: tuple[str, ...]) -> bool:
    """True if some are meant who were not; none named is everybody."""
    return bool(than) and (not those or not set(those) <= set(than))


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


def _stands(session: Session, reading: Reading) -> bool:
    document = session.scalar(select(Document).where(Document.path == reading.doc))
    latest = newest_version(session, document) if document else None
    return latest is not None and latest.sha256 == reading.sha256


def _details(document: Document) -> tuple[object, ...]:
    return document.owner_id, document.review, document.audience, document.places, document.translation_of


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
