"""Searching the handbook, over a bare Chroma query and one embedding; and from publishing to answering."""

import random
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache
from itertools import cycle
from pathlib import Path

import numpy as np
from sqlalchemy import insert

from backend import schema
from backend.clock import StillClock
from backend.store import Store
from knowledge import embedding, library
from knowledge.citing import answer
from knowledge.embedding import MINILM, SIZE, USE
from knowledge.index import Index
from knowledge.library import Document, DocumentReader, Passage, Version, VersionReader
from knowledge.publishing import publish_all
from knowledge.reading import read, read_folder
from knowledge.search import Reader, search

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
DAY = NOW.date()
EACH = 50
"""Passages of a document."""

TEAMS = ("works", "finance", "sales", "people", "legal")
PLACES = ("madrid", "berlin")
QUESTIONS = 120
Asking = Callable[[str], None]


def measure(*, few: int = 3_000, many: int = 50_000, chroma: bool = False) -> str:
    """One line: milliseconds of CPU of a search, 95th percentile, over the bare parts of it in the same run.

    chroma  whether the many are put into Chroma as well, which takes minutes
    """
    with _library(few) as (store, home):
        index = Index(store, home=home)
        index.catch_up()
        _high(_bare(index), _search(store, index, [_reader(None, None)]), count=5)
        bare, searched = _high(_bare(index), _search(store, index, [_reader(None, None)]))
        seconds = _published(store, index)
        index.close()
    with _library(many) as (store, home):
        index = Index(store, home=home if chroma else None)
        index.catch_up()
        readers = [_reader(team, place) for team in TEAMS for place in PLACES]
        _high(_search(store, index, readers), count=len(readers))
        (filtered,) = _high(_search(store, index, readers))
        index.close()
    return (
        f"search: {few:,} passages {searched:.0f} ms of CPU, 95th, over one embedding and a bare Chroma query: ratio "
        f"{searched / bare:.1f}; {many:,} passages, by audience, {filtered:.0f} ms, over that: ratio "
        f"{filtered / searched:.1f}; a document of {EACH} passages is answered from after {seconds:.1f} s of CPU"
    )


def _bare(index: Index) -> Asking:
    """One embedding and one query of Chroma, and no more."""
    chroma = index._connect()  # pyright: ignore[reportPrivateUsage]

    def once(question: str) -> None:
        chroma.nearest(embedding.minilm([question])[0], k=50, model=MINILM)

    return once


def _reader(team: str | None, place: str | None) -> Reader:
    """Somebody of a team at a place; of none: who may read everything."""
    return Reader("ana", frozenset({team}) if team else None, frozenset({place}) if place else None, DAY)


def _search(store: Store, index: Index, readers: list[Reader]) -> Asking:
    """The whole search, by these readers in turn."""
    turns = cycle(readers)

    def once(question: str) -> None:
        with store.looking() as session:
            assert search(session, index, question, next(turns), k=30)

    return once


def _published(store: Store, index: Index) -> float:
    """From a document that comes in to the answer that cites it."""
    words = _words()
    chance = random.Random(1)
    sections = [f"## Part {at}\n\n{_sentence(chance, words, 60)}\n" for at in range(EACH - 1)]
    text = "# Zeppelins\n\n" + "\n".join([*sections, "## Mooring\n\nZeppelins are moored at the north mast by noon.\n"])
    reading = read(text.encode(), doc="zeppelins.md")
    before = time.process_time()
    publish_all(store, [reading], by=None)
    index.catch_up()
    finding = answer(store, index, "Where are zeppelins moored?", _reader("works", "madrid"))
    assert finding.citations[0].doc == "zeppelins.md", finding
    return time.process_time() - before


def _high(*ways: Asking, count: int = QUESTIONS) -> tuple[float, ...]:
    """The 95th percentile of each way of asking, in turns, new questions all; in milliseconds of CPU."""
    words = _words()
    chance = random.Random(time.time_ns())
    spent: tuple[list[float], ...] = tuple([] for _ in ways)
    for _ in range(count):
        for ask, each in zip(ways, spent, strict=True):
            question = f"how many {' '.join(chance.choices(words, k=6))} are there?"
            before = time.process_time()
            ask(question)
            each.append(time.process_time() - before)
    return tuple(1000 * sorted(each)[int(0.95 * count)] for each in spent)


@contextmanager
def _library(count: int) -> Generator[tuple[Store, Path]]:
    """A store with so many passages in a temporary home: words of the sample handbook, vectors at random."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/backdesk.db", clock=StillClock(NOW))
        schema.migrate(store)
        _fill(store, count)
        try:
            yield store, Path(folder)
        finally:
            store.close()


def _fill(store: Store, count: int) -> None:
    chance, numbers, words = random.Random(7), np.random.default_rng(7), _words()
    for number in range(1, count // EACH + 1):
        with store.writing() as session:
            doc = Document(id=number, path=f"doc-{number}.md", title=f"Document {number}")
            audience = library.EVERYBODY if number % 2 else TEAMS[number % len(TEAMS)]
            place = library.EVERYBODY if number % 3 else PLACES[number % 2]
            doc.readers = [DocumentReader(sort="audience", name=audience), DocumentReader(sort="place", name=place)]
            held = Version(
                document=doc, number=1, title=doc.title, sha256=str(number), effective=date(2026, 1, 1),
                since=date(2026, 1, 1), text="", added_at=NOW,
                readers=[VersionReader(sort=each.sort, name=each.name) for each in doc.readers],
            )  # fmt: skip
            session.add(held)
            session.flush()
            session.execute(insert(Passage), [_passage(held, at, chance, numbers, words) for at in range(EACH)])
    with store.writing() as session:
        library.changed(session)


def _passage(
    held: Version, at: int, chance: random.Random, numbers: np.random.Generator, words: list[str]
) -> dict[str, object]:
    heading, body = " ".join(chance.choices(words, k=4)), _sentence(chance, words, 60)
    vectors = {model: _unit(numbers.standard_normal(size)) for model, size in SIZE.items()}
    return {
        "version_id": held.id, "position": at, "section": at, "heading": heading, "body": body, "start": 0,
        "end": len(body), "content_hash": f"{chance.getrandbits(64):016x}", "language": "en",
        "minilm": vectors[MINILM], "use": vectors[USE], "pieces": None,
    }  # fmt: skip


def _unit(row: np.ndarray) -> bytes:
    return (row / np.linalg.norm(row)).astype(np.float32).tobytes()


def _sentence(chance: random.Random, words: list[str], count: int) -> str:
    return " ".join(chance.choices(words, k=count)).capitalize() + "."


@cache
def _words() -> list[str]:
    """The words of the sample handbook, as often as they stand there."""
    texts = [each.text for each in read_folder(embedding.SAMPLE.parent).readings]
    return [word.strip(".,:;#*()|-").lower() for text in texts for word in text.split() if len(word) > 2]


if __name__ == "__main__":
    print(measure(chroma="--chroma" in sys.argv))
