"""Finds the nearest passages to a vector: in Chroma where this process may use it, otherwise with numpy.

The database is the truth and Chroma a copy that can be thrown away. Chroma answers only for the revision of the
library that it was last brought up to; until then, and wherever it cannot answer exactly, the vectors kept in the
database are ranked instead. So nothing that was withdrawn a moment ago is found, and nothing published is missed.
"""

import os
import sys
import weakref
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from pathlib import Path
from threading import Lock
from typing import IO, Protocol

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from backend import private
from backend.store import Store, now
from knowledge.chroma import STEP, ChromaIndex, client, steps, trouble
from knowledge.embedding import MINILM, SIZE, USE, Matrix
from knowledge.library import LIVE, Document, Indexing, Passage, Version, shelf

Ids = NDArray[np.int64]

CANDIDATES = 50
"""How many passages each way of searching may name."""

AT_HAND = 5_000
"""So many passages are ranked here, exactly, in less time than it takes to ask Chroma for two models."""

KNOWN = 16
"""Of how many sorts of readers it is remembered where their passages are."""

MOST = 600
"""How many passages Chroma is asked for at most, to find enough that a reader may see."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Allowed:
    """The passages that may be found, as of a revision of the library. Sorted, without repeats.

    current  false where some of them were replaced since, so that Chroma no longer has them
    """

    revision: int
    ids: Ids
    members: frozenset[int] = field(repr=False)
    current: bool = True

    @classmethod
    def of(cls, revision: int, ids: Iterable[int], *, current: bool = True) -> "Allowed":
        members = frozenset(ids)
        return cls(revision, np.array(sorted(members), dtype=np.int64), members, current)


class VectorIndex(Protocol):
    """Ranks passages by how near their vector is to a given one."""

    def nearest(
        self, session: Session, vector: Matrix, *, k: int, model: str, allowed: Allowed
    ) -> list[tuple[int, float]]:
        """The k nearest of the allowed passages: (passage id, cosine), nearest first."""
        ...


class DatabaseIndex:
    """Ranks the vectors kept in the database, exactly; those it has seen stay in memory."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._ids: Ids = np.zeros(0, dtype=np.int64)
        self._rows: dict[str, Matrix] = {model: np.zeros((0, size), dtype=np.float32) for model, size in SIZE.items()}
        self._places: dict[int, tuple[Allowed, Ids]] = {}

    def nearest(
        self, session: Session, vector: Matrix, *, k: int, model: str, allowed: Allowed
    ) -> list[tuple[int, float]]:
        at, rows = self._with(session, allowed, model)
        if not len(at):
            return []
        if len(at) == len(rows):
            scores = rows @ vector
        else:
            scores = (rows @ vector)[at] if 4 * len(at) >= len(rows) else rows[at] @ vector
        count = min(k, len(scores))
        best = np.argpartition(-scores, count - 1)[:count]
        best = best[np.argsort(-scores[best], kind="stable")]
        return [(int(allowed.ids[each]), float(scores[each])) for each in best]

    def _with(self, session: Session, allowed: Allowed, model: str) -> tuple[Ids, Matrix]:
        """The vectors held, and where the allowed ones are among them; what is missing is read first."""
        with self._lock:
            known = self._places.get(id(allowed))
            if known is None:
                missing = np.setdiff1d(allowed.ids, self._ids, assume_unique=True)
                if len(missing):
                    self._load(session, [int(each) for each in missing])
                    self._places.clear()
                while len(self._places) >= KNOWN:
                    self._places.pop(next(iter(self._places)))
                known = self._places[id(allowed)] = (allowed, np.searchsorted(self._ids, allowed.ids))
            return known[1], self._rows[model]

    def _load(self, session: Session, missing: list[int]) -> None:
        found: dict[int, dict[str, bytes]] = {}
        for some in steps(missing, 500):
            query = select(Passage.id, Passage.minilm, Passage.use).where(Passage.id.in_(some))
            for row in session.execute(query):
                found[row.id] = {MINILM: row.minilm, USE: row.use}
        if not found:
            return
        ids = np.concatenate([self._ids, np.array(list(found), dtype=np.int64)])
        order = np.argsort(ids)
        for model in SIZE:
            fresh = np.stack([np.frombuffer(each[model], dtype=np.float32) for each in found.values()])
            self._rows[model] = np.concatenate([self._rows[model], fresh])[order]
        self._ids = ids[order]


class Index:
    """The vector index of this process.

    home        the company's folder: its embedded Chroma is used if this process gets the folder's index lock
    chroma_url  a Chroma server, used instead
    at_hand     up to how many passages that a reader may see are ranked without Chroma
    Neither home nor server: the database alone.
    """

    def __init__(
        self, store: Store, *, home: Path | None = None, chroma_url: str | None = None, at_hand: int = AT_HAND
    ) -> None:
        self.store = store
        self.home = home
        self.chroma_url = chroma_url
        self.at_hand = at_hand
        self.memory: dict[object, Allowed] = {}
        self.counts: dict[str, int] = {}
        self.counted = -1
        self._lock = Lock()
        self._database = DatabaseIndex()
        self._chroma: ChromaIndex | None = None
        self._size = 0
        self._revision = -1
        self._held = _take(home / "index.lock") if home is not None and not chroma_url else None
        if self._held is not None:
            weakref.finalize(self, self._held.close)

    @property
    def owner(self) -> bool:
        """True if this process is the one that may write to Chroma (or one of several, where it is a server)."""
        return self._held is not None or bool(self.chroma_url)

    def nearest(
        self, session: Session, vector: Matrix, *, k: int, model: str = MINILM, allowed: Allowed
    ) -> list[tuple[int, float]]:
        """The k nearest of the allowed passages: (passage id, cosine), nearest first."""
        chroma = self._chroma
        if chroma is not None and self._revision == allowed.revision and self._worth_asking(allowed, k):
            wanted = min(self._size, max(k, 3 * k * self._size // (2 * len(allowed.ids))))
            try:
                found = chroma.nearest(vector, k=wanted, model=model)
            except trouble() as error:
                self._give_up(error)
                found = []
            kept = [each for each in found if each[0] in allowed.members][:k]
            if len(kept) >= min(k, len(allowed.ids)):
                return kept
        return self._database.nearest(session, vector, k=k, model=model, allowed=allowed)

    def _worth_asking(self, allowed: Allowed, k: int) -> bool:
        """True where Chroma has all that may be found, and finds it faster than it is ranked here."""
        may = len(allowed.ids)
        return allowed.current and may > self.at_hand and 3 * k * self._size <= 2 * MOST * may

    def catch_up(self, progress: Progress | None = None) -> int:
        """Brings Chroma to what the database says: adds what is missing, drops what is too much.

        Returns how many passages were added or dropped; 0 for a process that may not touch Chroma, or while
        Chroma does not answer. How far it is stands in the database, for others to show.
        """
        if not self.owner:
            return 0
        with self._lock:
            try:
                return self._catch_up(progress)
            except trouble() as error:
                self._give_up(error)
                return 0

    def rebuild(self, progress: Progress | None = None) -> int:
        """Throws Chroma's copy away and makes it again; how many passages it then holds."""
        if not self.owner:
            return 0
        with self._lock:
            self._revision = -1
            self._connect().rebuild()
            return self._catch_up(progress)

    def behind(self, session: Session) -> tuple[int, int] | None:
        """How far the owner has come: (indexed, of how many), or None once it has caught up or there is none."""
        row = session.get(Indexing, "vectors")
        held = shelf(session)
        if row is None or held is None or (row.revision == held.revision and row.indexed >= row.total):
            return None
        wanted = len(_wanted(session))
        return (min(row.indexed, wanted) if row.revision == held.revision else 0, wanted)

    def close(self) -> None:
        """Gives the index lock back."""
        if self._held is not None:
            self._held.close()
            self._held = None
        self._chroma = None
        self._revision = -1

    def _give_up(self, error: BaseException) -> None:
        """Goes on without Chroma until the next time it is brought up to date; answers come from the database."""
        import structlog

        structlog.get_logger().warning("chroma does not answer; the database is searched instead", error=str(error))
        self._chroma = None
        self._revision = -1

    def _connect(self) -> ChromaIndex:
        if self._chroma is None:
            with self.store.looking() as session:
                row = shelf(session)
            assert row is not None, "there is nothing to index before something is published"
            self._chroma = ChromaIndex(client(self.home, self.chroma_url), key=row.key)
        return self._chroma

    def _catch_up(self, progress: Progress | None) -> int:
        with self.store.looking() as session:
            row = shelf(session)
            if row is None or row.revision == self._revision:
                return 0
            revision = row.revision
            wanted = _wanted(session)
        chroma = self._connect()
        missing = sorted(set(wanted) - chroma.ids())
        surplus = chroma.stray(set(wanted))
        there = len(wanted) - len(missing)
        self._say(revision, there, len(wanted))
        chroma.drop(surplus)
        for keys in steps(missing, STEP):
            chroma.put(keys, self._vectors([wanted[key] for key in keys]))
            there += len(keys)
            self._say(revision, there, len(wanted))
            if progress is not None:
                progress(there, len(wanted))
        self._size = len(wanted)
        self._revision = revision
        return len(missing) + len(surplus)

    def _vectors(self, ids: list[int]) -> dict[str, Matrix]:
        with self.store.looking() as session:
            query = select(Passage.id, Passage.minilm, Passage.use).where(Passage.id.in_(ids))
            rows = {row.id: row for row in session.execute(query)}
        return {
            MINILM: np.stack([np.frombuffer(rows[each].minilm, dtype=np.float32) for each in ids]),
            USE: np.stack([np.frombuffer(rows[each].use, dtype=np.float32) for each in ids]),
        }

    def _say(self, revision: int, indexed: int, total: int) -> None:
        with self.store.writing() as session:
            session.merge(Indexing(name="vectors", revision=revision, indexed=indexed, total=total, at=now(session)))


def _wanted(session: Session) -> dict[str, int]:
    """What Chroma should hold: the passages that hold now or later, by key. The key changes with the content."""
    day = now(session).astimezone(UTC).date() - timedelta(days=1)
    newer = aliased(Version)
    replaced = exists().where(
        newer.document_id == Version.document_id,
        newer.since <= day,
        or_(newer.since > Version.since, and_(newer.since == Version.since, newer.number > Version.number)),
    )
    query = (
        select(Passage.id, Passage.content_hash)
        .join(Version, Passage.version_id == Version.id)
        .join(Document, Version.document_id == Document.id)
        .where(Document.state == LIVE, ~replaced)
    )
    return {f"{row.id}-{row.content_hash[:12]}": row.id for row in session.execute(query)}


def _take(path: Path) -> IO[bytes] | None:
    """The lock file, opened and locked, or None if another process holds it. Closing it lets go."""
    private.folder(path.parent)
    file = path.open("ab")
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    os.set_inheritable(file.fileno(), False)
    return file
