"""A small company with the web chat open: as a demo, and with signing in."""

import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from backend import people, signin
from backend.clock import StillClock
from backend.store import Store
from bot.app import App
from bot.channels import web
from bot.settings import Settings
from tests.office import Listener, Meant, found

HERE = "http://127.0.0.1:8700"
Answer = Any
"""What the test client returns: httpx's response, whichever httpx it found."""

JSON = {"accept": "application/json"}


class Browser:
    """One person's browser: opens pages, writes, presses what the page shows."""

    def __init__(self, client: TestClient, shop: "Shop", *, base: str) -> None:
        self.client = client
        self.shop = shop
        self.base = base

    def page(self, path: str = "/") -> str:
        answer = self.client.get(self.base + path, headers={"accept": "text/html"})
        assert answer.status_code == 200, answer.text
        return answer.text

    def csrf(self) -> str:
        return re.findall(r'name="csrf" value="([^"]+)"', self.page())[0]

    def send(self, path: str, data: dict[str, Any], *, headers: dict[str, str] | None = None, **more: Any) -> Answer:
        """Sends a form as the page's script does; what was due afterwards is done."""
        form = {"csrf": self.csrf(), "event": uuid4().hex, **data}
        answer = self.client.post(self.base + path, data=form, headers={**JSON, **(headers or {})}, **more)
        self.shop.app.settle()
        return answer

    def says(self, text: str, *, meant: Meant = (), **more: Any) -> Answer:
        self.shop.brain.meant = meant
        return self.send("/say", {"text": text, **more.pop("data", {})}, **more)

    def token(self, label: str) -> str:
        """The token of the last button on the page whose label starts so."""
        page = self.page()
        found = list(re.finditer(rf'<(\w+) class="[^"]*" data-verb="[\w-]+">{re.escape(label)}', page))[-1]
        opens = found[1] == "summary"
        tokens = re.findall(r'name="token" value="([^"]+)"', page[found.end() :] if opens else page[: found.start()])
        return tokens[0 if opens else -1]

    def presses(self, label: str, **fields: str) -> Answer:
        return self.send("/press", {"token": self.token(label), **fields})


class Shop:
    """The company and its web chat."""

    def __init__(self, app: App, brain: Listener, clock: StillClock, *, personas: bool) -> None:
        self.app = app
        self.brain = brain
        self.clock = clock
        self.site = web.build(app, personas=personas)

    def client(self, *, base_url: str = HERE) -> TestClient:
        return TestClient(self.site, base_url=base_url, follow_redirects=False)

    def browser(self, handle: str) -> Browser:
        """Somebody in the demo."""
        return Browser(self.client(), self, base=f"/as/{handle}")

    def link(self, handle: str, *, purpose: str = "web") -> str:
        """A new one-time link's token."""
        with self.app.store.writing() as session:
            return signin.make_link(session, people.find(session, handle), purpose=purpose, by=None)

    def signed_in(self, handle: str, *, base_url: str = HERE) -> Browser:
        """Somebody who signed in by a link."""
        client = self.client(base_url=base_url)
        assert client.post(f"/sign-in/{self.link(handle)}").status_code == 303
        return Browser(client, self, base="")


Open = Callable[..., Shop]


@pytest.fixture
def opened(sqlite_url: str, tmp_path: Path, clock: StillClock) -> Iterator[Open]:
    """Opens the web chat over the small company: opened(personas=True) for the demo."""
    store = Store(sqlite_url, clock=clock)
    found(store)
    home = tmp_path / "home"

    def open_(*, personas: bool, public_url: str = "") -> Shop:
        settings = Settings.at(home).model_copy(update={"database_url": sqlite_url, "public_url": public_url})
        brain = Listener()
        return Shop(App(settings, store, brain=brain), brain, clock, personas=personas)

    yield open_
    store.close()


@pytest.fixture
def demo(opened: Open) -> Shop:
    return opened(personas=True)


@pytest.fixture
def shop(opened: Open) -> Shop:
    return opened(personas=False)


def told(answer: Answer) -> str:
    """The sentence that an answer refuses with."""
    return str(json.loads(answer.text)["error"])


def seen(page: str) -> str:
    """A page's text as a person reads it."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", re.sub(r"(?s)<(head|script|template).*?</\1>", "", page))).split())


@pytest.fixture
def postgres_store(postgres_url: str, clock: StillClock) -> Iterator[Store]:
    """A migrated, empty store on PostgreSQL."""
    store = Store(postgres_url, clock=clock)
    yield store
    store.close()
