"""The handbook as it stands in the database: documents, their versions, the passages of each, and the gaps."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import DDL, ForeignKey, Index, LargeBinary, Text, UniqueConstraint, event, false, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from backend import events
from backend.people import Person
from backend.refusals import Refusal
from backend.store import Base, Moment
from knowledge.language import language_of

LIVE = "live"
WITHDRAWN = "withdrawn"
EVERYBODY = ""
"""The audience, or the place, of a document that is for everybody, or holds everywhere."""


class Document(Base):
    """Something the company has written; it is known by its path ("policies/expenses.md").

    translation_of  the path of the document that it says in another language: both are one for those who read them
    """

    __tablename__ = "documents"
    id: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    language: Mapped[str] = mapped_column(default="en")
    review: Mapped[date | None]
    state: Mapped[str] = mapped_column(default=LIVE, index=True)
    translation_of: Mapped[str | None] = mapped_column(index=True)

    owner: Mapped[Person | None] = relationship()
    versions: Mapped[list["Version"]] = relationship(back_populates="document", order_by="Version.number")
    readers: Mapped[list["DocumentReader"]] = relationship(cascade="all, delete-orphan")

    @property
    def audience(self) -> tuple[str, ...]:
        """Who it is for; empty: everybody."""
        return tuple(sorted(each.name for each in self.readers if each.sort == "audience" and each.name))

    @property
    def places(self) -> tuple[str, ...]:
        """Where it applies; empty: everywhere."""
        return tuple(sorted(each.name for each in self.readers if each.sort == "place" and each.name))


class DocumentReader(Base):
    """For whom a document was said to be last, by an audience or a place in lower case; "" stands for all of them.

    What stays unsaid afterwards goes by it; who may read goes by the versions, each from its day on.
    """

    __tablename__ = "document_readers"
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    sort: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)


class Version(Base):
    """What a document said from a day on.

    effective  the day shown to readers
    since      the day from which searches find it: the same, or a day early where no day was stated, so that it
               is found at once in every time zone
    text       the whole document without its front matter
    """

    __tablename__ = "document_versions"
    __table_args__ = (UniqueConstraint("document_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), index=True)
    number: Mapped[int]
    title: Mapped[str]
    sha256: Mapped[str]
    effective: Mapped[date]
    since: Mapped[date]
    expires: Mapped[date | None]
    text: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime] = mapped_column(Moment)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    document: Mapped[Document] = relationship(back_populates="versions")
    readers: Mapped[list["VersionReader"]] = relationship(cascade="all, delete-orphan")


class VersionReader(Base):
    """Who may read a version, written as in DocumentReader: what stood in it for some is not for all because a later
    version is. An earlier version is for those for whom it was, and for whom the one is that holds now.
    """

    __tablename__ = "version_readers"
    version_id: Mapped[int] = mapped_column(ForeignKey("document_versions.id"), primary_key=True)
    sort: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)


class Passage(Base):
    """A piece of a version: its text as people read it, where it stands, and its two vectors (float32 bytes).

    pieces  what each piece of it means (knowledge/pieces.py); None where it was published before that was kept

    Its number is never given out again (AUTOINCREMENT), as indexes outside the database go by it.
    """

    __tablename__ = "passages"
    __table_args__ = (Index("passages_by_version", "version_id", "position"), {"sqlite_autoincrement": True})
    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("document_versions.id"))
    position: Mapped[int]
    section: Mapped[int]
    heading: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    start: Mapped[int]
    end: Mapped[int]
    content_hash: Mapped[str] = mapped_column(index=True)
    language: Mapped[str] = mapped_column(default="en")
    minilm: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    use: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    pieces: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)

    version: Mapped[Version] = relationship()


class Shelf(Base):
    """The library's own row: its key names its vector collections, its revision counts what was changed."""

    __tablename__ = "library"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    revision: Mapped[int] = mapped_column(default=0)


class Indexing(Base):
    """How far the vector index has come, so that another process can show it."""

    __tablename__ = "indexing"
    name: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int]
    indexed: Mapped[int]
    total: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment)


class Gap(Base):
    """A question that the handbook did not answer. Nobody's name stands here, and only the day.

    near  true where what comes nearest was shown instead
    """

    __tablename__ = "gaps"
    id: Mapped[int] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(Text)
    day: Mapped[date]
    language: Mapped[str] = mapped_column(default="en")
    near: Mapped[bool] = mapped_column(default=False, server_default=false())


WORD_INDEX_DDL: dict[str, list[str]] = {
    "sqlite": [
        "CREATE VIRTUAL TABLE passage_words USING fts5("
        "heading, body, content='passages', content_rowid='id', tokenize='porter unicode61')",
        "CREATE TRIGGER passage_words_added AFTER INSERT ON passages BEGIN "
        "INSERT INTO passage_words(rowid, heading, body) VALUES (new.id, new.heading, new.body); END",
        "CREATE TRIGGER passage_words_removed AFTER DELETE ON passages BEGIN "
        "INSERT INTO passage_words(passage_words, rowid, heading, body) "
        "VALUES ('delete', old.id, old.heading, old.body); END",
    ],
    "postgresql": [
        "CREATE TABLE passage_words ("
        "passage_id INTEGER PRIMARY KEY REFERENCES passages(id) ON DELETE CASCADE, words tsvector NOT NULL)",
        "CREATE INDEX passage_words_gin ON passage_words USING gin (words)",
        "CREATE FUNCTION passage_words_add() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "INSERT INTO passage_words(passage_id, words) VALUES (NEW.id, "
        "setweight(to_tsvector('english', NEW.heading), 'A') || setweight(to_tsvector('english', NEW.body), 'B')); "
        "RETURN NULL; END $$",
        "CREATE TRIGGER passage_words_added AFTER INSERT ON passages FOR EACH ROW EXECUTE FUNCTION passage_words_add()",
    ],
}
"""What the word index is made of besides the tables above; a passage is never changed, so it needs no update."""

for _dialect, _statements in WORD_INDEX_DDL.items():
    for _statement in _statements:
        event.listen(Base.metadata, "after_create", DDL(_statement.replace("%", "%%")).execute_if(dialect=_dialect))


def withdraw(session: Session, document: Document, *, by: Person | None) -> None:
    """Takes a document and its translations out of every answer at once; the versions stay on record.

    A Refusal if it is out already.
    """
    if document.state == WITHDRAWN:
        raise Refusal("{doc} is withdrawn already.", doc=document.path)
    changed(session)
    for each in (document, *translations(session, document)):
        each.state = WITHDRAWN
        events.record(
            session,
            "knowledge.withdrawn",
            by=by,
            subject=f"document:{each.id}",
            detail={"doc": each.path, "title": each.title},
        )


def translations(session: Session, document: Document, *, withdrawn: bool = False) -> list[Document]:
    """The documents that say the same in other languages; withdrawn ones only when asked for."""
    said = select(Document).where(Document.translation_of == document.path).order_by(Document.path)
    return list(session.scalars(said if withdrawn else said.where(Document.state == LIVE)))


def find(session: Session, doc: str, *, among: Sequence[Document] | None = None) -> Document:
    """The document with this path, or the only one whose file name or title this is; otherwise a Refusal.

    among  where it is looked for; default: the whole handbook
    """
    held = listing(session, withdrawn=True) if among is None else among
    exact = next((each for each in held if each.path == doc), None)
    if exact is not None:
        return exact
    key = doc.strip().lower()
    matching = [
        each for each in held if key in (each.path.lower(), each.path.lower().rpartition("/")[2], each.title.lower())
    ]
    if len(matching) > 1:
        some = ", ".join(each.path for each in matching[:3])
        raise Refusal("Several documents are called {doc}: give the whole path, such as {some}.", doc=doc, some=some)
    if not matching:
        raise Refusal("There is no document called {doc}: `backdesk kb list` shows what there is.", doc=doc)
    return matching[0]


def listing(session: Session, *, withdrawn: bool = False) -> list[Document]:
    """The documents by path; withdrawn ones only when asked for."""
    query = select(Document).order_by(Document.path)
    return list(session.scalars(query if withdrawn else query.where(Document.state == LIVE)))


def newest_version(session: Session, document: Document) -> Version | None:
    """The version that was published last, whether or not it holds yet."""
    return session.scalar(
        select(Version).where(Version.document_id == document.id).order_by(Version.number.desc()).limit(1)
    )


def passage_count(session: Session, version: Version) -> int:
    """How many passages a version was cut into."""
    return session.scalar(select(func.count()).select_from(Passage).where(Passage.version_id == version.id)) or 0


def section_of(session: Session, passage: Passage) -> list[Passage]:
    """The whole section that a passage stands in: all the passages under its heading, in order."""
    return list(
        session.scalars(
            select(Passage)
            .where(Passage.version_id == passage.version_id, Passage.section == passage.section)
            .order_by(Passage.position)
        )
    )


def shelf(session: Session) -> Shelf | None:
    """The library's own row; None before anything was published."""
    return session.get(Shelf, 1)


def note_gap(session: Session, question: str, *, day: date, near: bool = False) -> None:
    """Keeps a question that found no answer, or only what comes near, without who asked."""
    text = " ".join(question.split())[:500]
    session.add(Gap(question=text, day=day, language=language_of(text), near=near))


def gaps(session: Session) -> list[tuple[str, int, date, int]]:
    """What people asked and did not find: (question, how often, last on, how often something near was shown).

    Most often first.
    """
    held: dict[str, tuple[str, int, date, int]] = {}
    for each in session.scalars(select(Gap).order_by(Gap.id)):
        key = " ".join(each.question.lower().strip(" ?!.").split())
        _, count, _, near = held.get(key, ("", 0, each.day, 0))
        held[key] = (each.question, count + 1, each.day, near + each.near)
    return sorted(held.values(), key=lambda row: (-row[1], -row[2].toordinal(), row[0]))


def changed(session: Session) -> None:
    """Counts a change of the library: whatever was kept in memory about it is out of date."""
    row = session.scalar(select(Shelf).where(Shelf.id == 1).with_for_update())
    if row is None:
        row = Shelf(id=1, key=secrets.token_hex(4), revision=0)
        session.add(row)
    row.revision += 1
    session.flush()
