"""Random histories of a handbook: what is withdrawn, replaced, not yet in force or for others is never shown."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as play
from sqlalchemy import select

from backend.clock import StillClock
from backend.store import Store
from knowledge import embedding, library
from knowledge.citing import answer
from knowledge.embedding import MINILM, USE, Matrix, Vectors
from knowledge.index import Index
from knowledge.library import Document, Passage, Version
from knowledge.passages import cut
from knowledge.publishing import Prepared, publish
from knowledge.question import read
from knowledge.reading import Reading
from knowledge.search import Reader, search
from tests.conftest import NOW
from tests.waiting import until

TOPICS = ("boiler", "canteen", "garage")
CODES = {(topic, at): f"{topic[0].upper()}{at}{at}{at}{at}" for topic in TOPICS for at in range(4)}
READERS = [
    Reader("somebody", audiences, places, NOW.date(), today=NOW.date() if past else None, lapsed=lapsed)
    for audiences, places in (
        (frozenset({"hr"}), frozenset({"berlin"})),
        (frozenset({"works"}), frozenset({"madrid"})),
        (frozenset[str](), frozenset({"madrid"})),
        (None, None),
    )
    for past, lapsed in ((False, False), (False, True), (True, False))
]
"""Who asks: for today, for what has expired too, and for a month ago."""

topics = st.sampled_from(TOPICS)
texts = st.integers(0, 3)
audiences = st.sampled_from([None, (), ("hr",), ("works",), ("hr", "works")])
places = st.sampled_from([None, (), ("berlin",), ("madrid",)])
shifts = st.one_of(st.none(), st.integers(-40, 40))
lives = st.one_of(st.none(), st.none(), st.integers(0, 40))


@dataclass
class Said:
    """What a document said from a day on, as the test remembers it."""

    code: str
    since: date
    expires: date | None
    key: object
    audience: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


@dataclass
class Page:
    """A document as the test remembers it; what is unsaid of the next version goes by its audience and places."""

    versions: list[Said] = field(default_factory=list[Said])
    live: bool = True
    audience: tuple[str, ...] = ()
    places: tuple[str, ...] = ()

    def shows(self, reader: Reader) -> str | None:
        """The code that this reader may be told."""
        held = [(each.since, at, each) for at, each in enumerate(self.versions) if each.since <= reader.day]
        if not held or not self.live:
            return None
        last = max(held)[2]
        over = last.expires is not None and last.expires < reader.day and not reader.lapsed
        now = [each for each in self.versions if each.since <= (reader.today or reader.day)][-1]
        return last.code if not over and addresses(now, reader) and addresses(last, reader) else None


def addresses(said: Said, reader: Reader) -> bool:
    """Whether a version of a document is for a reader."""
    meant = reader.audiences is None or not said.audience or bool(reader.audiences & set(said.audience))
    return meant and (reader.places is None or not said.places or bool(reader.places & set(said.places)))


class Killed(BaseException):
    """The process ends here."""


class Torn:
    """Chroma as it is left by a process that is killed after the first of two collections was written."""

    def __init__(self, chroma: Any) -> None:
        self.chroma = chroma
        self.first = chroma._collections[MINILM]

    def put(self, keys: Sequence[str], vectors: dict[str, Matrix]) -> None:
        self.first.upsert(ids=list(keys), embeddings=vectors[MINILM])
        raise Killed

    def drop(self, keys: Sequence[str]) -> None:
        if keys:
            self.first.delete(ids=list(keys))
            raise Killed

    def __getattr__(self, name: str) -> Any:
        return getattr(self.chroma, name)


class Unplugged:
    """Chroma that cannot be reached, whatever it is asked."""

    def __init__(self, chroma: object) -> None:
        self.away = chroma

    def __getattr__(self, name: str) -> Any:
        raise httpx.ConnectError("nobody there")


@cache
def vectors(text: str) -> Vectors:
    return embedding.embed([text])[0]


def prepared(reading: Reading) -> Prepared:
    cuts = tuple(cut(reading.text, title=reading.title))
    return Prepared(reading, cuts, tuple(vectors(each.embedded) for each in cuts))


class Handbook(RuleBasedStateMachine):
    """HR keeps a handbook, days pass, processes die, and people ask."""

    home: Path
    template: Path
    url: str | None

    @initialize()
    def opens(self) -> None:
        self.file = self.home / f"{secrets.token_hex(6)}.db"
        shutil.copy(self.template, self.file)
        self.clock = StillClock(NOW)
        self.store = Store(f"sqlite:///{self.file}", clock=self.clock)
        self.pages: dict[str, Page] = {}
        self.turns = cycle(READERS[::5] + READERS[1::5] + READERS[2::5] + READERS[3::5] + READERS[4::5])
        self.index = self.opened()

    def opened(self) -> Index:
        return Index(self.store, home=self.home, chroma_url=self.url, at_hand=0)

    @property
    def today(self) -> date:
        return self.clock.now().date()

    @rule(topic=topics, text=texts, audience=audiences, where=places, shift=shifts, life=lives)
    def publishes(
        self,
        topic: str,
        text: int,
        audience: tuple[str, ...] | None,
        where: tuple[str, ...] | None,
        shift: int | None,
        life: int | None,
    ) -> None:
        code = CODES[topic, text]
        effective = None if shift is None else self.today + timedelta(days=shift)
        expires = None if life is None else (effective or self.today) + timedelta(days=life)
        said = f"# {topic.title()}\n\nThe code of the {topic} is {code}.\n"
        reading = Reading(f"{topic}.md", topic.title(), said, audience, where, effective=effective, expires=expires)
        with self.store.writing() as session:
            publish(session, prepared(reading), by=None)
        page = self.pages.setdefault(topic, Page())
        page.live = True
        page.audience = page.audience if audience is None else audience
        page.places = page.places if where is None else where
        key = (code, effective, expires)
        if not page.versions or page.versions[-1].key != key:
            since = effective or self.today - timedelta(days=1)
            page.versions.append(Said(code, since, expires, key))
        page.versions[-1].audience, page.versions[-1].places = page.audience, page.places

    @precondition(lambda self: any(each.live for each in self.pages.values()))
    @rule(data=st.data())
    def withdraws(self, data: st.DataObject) -> None:
        topic = data.draw(st.sampled_from(sorted(name for name, each in self.pages.items() if each.live)))
        with self.store.writing() as session:
            library.withdraw(session, library.find(session, f"{topic}.md"), by=None)
        self.pages[topic].live = False

    @rule(days=st.integers(1, 45))
    def days_pass(self, days: int) -> None:
        self.clock.advance(timedelta(days=days))

    @rule()
    def catches_up(self) -> None:
        """The index heals: Chroma holds all that may be shown, and nothing that was taken away."""
        self.index._chroma = None  # pyright: ignore[reportPrivateUsage]  (whatever was wrong with it is over)
        self.index.catch_up()
        if not self.pages:
            return
        chroma = self.index._connect()  # pyright: ignore[reportPrivateUsage]
        with self.store.looking() as session:
            rows = select(Passage.id).join(Version).join(Document, Version.document_id == Document.id)
            live = set(session.scalars(rows.where(Document.state == library.LIVE)))
            every = Reader(None, None, None, self.today, lapsed=True)
            shown = {each.passage for each in search(session, self.index, "code", every)}
        if live:
            for model, vector in ((MINILM, read("code").minilm), (USE, read("code").use)):
                held = {each for each, _ in chroma.nearest(vector, k=len(live), model=model)}
                assert shown <= held <= live

    @precondition(lambda self: bool(self.pages))
    @rule()
    def dies_while_it_catches_up(self) -> None:
        self.unplug(Torn)
        with suppress(Killed):
            self.index.catch_up()
        self.reopens()

    @precondition(lambda self: bool(self.pages))
    @rule()
    def cannot_reach_chroma(self) -> None:
        self.index.catch_up()
        self.unplug(Unplugged)

    def unplug(self, sort: type[Torn] | type[Unplugged]) -> None:
        self.index._chroma = None  # pyright: ignore[reportPrivateUsage]
        chroma: Any = sort(self.index._connect())  # pyright: ignore[reportPrivateUsage]
        self.index._chroma = chroma  # pyright: ignore[reportPrivateUsage]

    @rule()
    def reopens(self) -> None:
        self.index.close()
        self.index = self.opened()

    @invariant()
    def shows_what_it_should_and_nothing_else(self) -> None:
        """Three of the readers look at a time, in turns, and one asks."""
        turns = list(islice(self.turns, 3))
        for reader in turns:
            then = self.today - timedelta(days=30 * reader.past)
            reader = replace(reader, day=then, today=self.today if reader.past else None)
            may = {code for each in self.pages.values() if (code := each.shows(reader))}
            with self.store.looking() as session:
                hits = search(session, self.index, "What is the code of the garage?", reader, k=10)
            assert {code for each in hits for code in CODES.values() if code in each.body} == may
            assert len(hits) == len(may)
        reader = replace(turns[-1], day=self.today, today=None, lapsed=False)
        found = answer(self.store, self.index, "What is the code of the garage?", reader, keep_gap=False)
        ever = replace(reader, lapsed=True)
        may = {code for each in self.pages.values() if (code := each.shows(ever))}
        told = found.text + " ".join(each.quote for each in found.citations)
        assert {code for code in CODES.values() if code in told} <= may

    def teardown(self) -> None:
        if self.pages:
            self.index._chroma = None  # pyright: ignore[reportPrivateUsage]
            self.index.rebuild()
        self.index.close()
        self.store.close()
        self.file.unlink()


SIZE = settings(max_examples=8, stateful_step_count=12)
MANY = settings(SIZE, max_examples=int(os.environ.get("BACKDESK_DRILL_HISTORIES", "500")), stateful_step_count=15)


@pytest.fixture
def machine(sqlite_template: Path, tmp_path: Path) -> dict[str, Any]:
    return {"template": sqlite_template, "home": tmp_path, "url": None}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """A Chroma server of our own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = Path(sys.executable).parent / "chroma"
    arguments = ["run", "--path", tmp_path / "chroma", "--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen([command, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            until(lambda: answers(f"http://127.0.0.1:{port}/api/v2/heartbeat"), seconds=240, what="Chroma's start")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def answers(url: str) -> bool:
    try:
        return httpx.get(url).is_success
    except httpx.HTTPError:
        return False


def test_in_the_home(machine: dict[str, Any]) -> None:
    play(type("Embedded", (Handbook,), machine), settings=SIZE)


@pytest.mark.drill
def test_many_in_the_home(machine: dict[str, Any]) -> None:
    play(type("Embedded", (Handbook,), machine), settings=MANY)


@pytest.mark.drill
def test_many_on_a_server(machine: dict[str, Any], server: str) -> None:
    play(type("Served", (Handbook,), machine | {"url": server}), settings=MANY)
