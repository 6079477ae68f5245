"""An office whose brain is a model behind a server of our own, with the real client between them."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from backend import drafts, requests
from backend.events import Event
from backend.model_turns import ModelTurn
from bot.brain.models import open_model
from bot.message import Post
from bot.settings import Settings
from knowledge import embedding
from knowledge.hard_subjects import subject_of
from knowledge.index import Index
from knowledge.publishing import publish_all
from tests.knowledge.conftest import EXPENSES, LEAVE, PAY, doc
from tests.office import Office
from tests.wire.openai import Server

SECONDS = 60.0
"""How long a turn may take here, where nothing hangs."""


@pytest.fixture(scope="session", autouse=True)
def libraries() -> None:
    """Brings the client and the encoder into memory, so that no time limit is spent on that."""
    settings = Settings.at().model_copy(update={"model": "tiny", "openai_base_url": "http://127.0.0.1:9/v1"})
    open_model(settings, seconds=1)
    embedding.load()
    subject_of("is there anything I should know about the office")


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        yield server


class Hosted:
    """The office, its server, and what can be seen of both."""

    def __init__(self, office: Office, server: Server) -> None:
        self.office, self.server = office, server
        self.took = 0.0
        self.set(model="tiny", openai_base_url=server.url, model_seconds=SECONDS)

    def set(self, **settings: Any) -> None:
        """Other settings, as if it had been started with them."""
        self.office.app.settings = self.office.app.settings.model_copy(update=settings)
        self.office.app.__dict__.pop("hosted", None)

    def says(self, text: str, *, who: str = "ana", **more: Any) -> Post:
        """Says something, and notes how long it took."""
        begun = time.monotonic()
        post = self.office.says(who, text, **more)
        self.took = time.monotonic() - begun
        return post

    @property
    def by_local(self) -> bool:
        """Whether the local brain was asked."""
        return bool(self.office.brain.heard)

    def turns(self) -> list[ModelTurn]:
        """What was noted of the turns."""
        with self.office.store.looking() as session:
            return list(session.scalars(select(ModelTurn).order_by(ModelTurn.id)))

    def events(self) -> list[str]:
        """The kinds of everything on the record."""
        with self.office.store.looking() as session:
            return list(session.scalars(select(Event.kind).order_by(Event.seq)))

    def drafts(self) -> list[dict[str, Any]]:
        """The open drafts of everybody: act, kind, values."""
        with self.office.store.looking() as session:
            found = session.scalars(select(drafts.Draft).where(drafts.Draft.state == "open"))
            return [{"act": each.act, "kind": each.kind, **each.values} for each in found]

    def states(self) -> dict[int, str]:
        """How every request stands."""
        with self.office.store.looking() as session:
            return {each.number: each.state for each in session.scalars(select(requests.Request))}


@pytest.fixture
def hosted(office: Office, server: Server) -> Hosted:
    return Hosted(office, server)


@pytest.fixture
def handbook(hosted: Hosted) -> Hosted:
    """The same with a handbook."""
    store = hosted.office.store
    publish_all(store, [doc(LEAVE, "leave.md"), doc(EXPENSES, "expenses.md"), doc(PAY, "pay.md")], by=None)
    hosted.office.app.__dict__["index"] = Index(store)
    return hosted
