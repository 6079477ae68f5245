"""What a browser is told as it happens: over a real connection, nothing lost, nothing of anybody else's."""

import json
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx
import pytest
import uvicorn
from sqlalchemy import update

from backend import chats, people
from backend.chats import Posted
from backend.store import Store
from bot.message import Post, as_doc
from bot.web.stream import Stream
from tests.office import found
from tests.waiting import until
from tests.web.conftest import Shop


@contextmanager
def served(shop: Shop) -> Generator[str]:
    """The web chat on a port of this machine."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(shop.site, log_config=None, lifespan="off", timeout_graceful_shutdown=2))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    until(lambda: server.started, what="the server")
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    shop.site.stream.close()
    server.should_exit = True
    thread.join()
    listening.close()


@dataclass
class Heard:
    """What one connection was told so far."""

    messages: list[dict[str, Any]]
    ended: threading.Event

    def posts(self) -> list[int]:
        return [each["id"] for each in self.messages if "id" in each]

    def text(self) -> str:
        return " ".join(str(each.get("html", "")) for each in self.messages)


@contextmanager
def following(address: str, *, headers: dict[str, str] | None = None) -> Generator[Heard]:
    """A browser's connection, read in a thread until it is closed."""
    heard = Heard([], threading.Event())
    began = threading.Event()
    with httpx.Client(timeout=30) as client, client.stream("GET", address, headers=headers or {}) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")

        def read() -> None:
            try:
                for line in answer.iter_lines():
                    began.set()
                    if line.startswith("data: "):
                        heard.messages.append(json.loads(line.removeprefix("data: ")))
            except httpx.ReadError:  # we hung up
                pass
            heard.ended.set()

        thread = threading.Thread(target=read, daemon=True)
        thread.start()
        assert began.wait(20)
        yield heard


def posted(shop: Shop, who: str, text: str, *, replaces: int | None = None) -> int:
    """Posts something to somebody, as another process might; its number."""
    with shop.app.store.writing() as session:
        earlier = session.get(Posted, replaces) if replaces else None
        row = chats.post(
            session,
            people.find(session, who),
            channel="web",
            conversation=who,
            body=as_doc(Post(text=text)),
            replaces=earlier,
            in_place=True,
        )
        assert row is not None
        return row.id


def test_a_post_arrives_without_loading_the_page_again(demo: Shop) -> None:
    with served(demo) as here, following(f"{here}/as/ana/events?after=0") as heard:
        number = posted(demo, "ana", "Something <new>")
        until(lambda: number in heard.posts())
        assert "Something &lt;new&gt;" in heard.text()


def test_nobody_hears_what_is_for_somebody_else(demo: Shop) -> None:
    with served(demo) as here, following(f"{here}/as/tom/events?after=0") as heard:
        posted(demo, "ana", "For Ana alone")
        number = posted(demo, "tom", "For Tom")
        until(lambda: number in heard.posts())
        assert "For Ana alone" not in heard.text()
        assert len(heard.posts()) == 1


def test_who_comes_back_hears_what_was_missed(demo: Shop) -> None:
    first = posted(demo, "ana", "one")
    second = posted(demo, "ana", "two")
    third = posted(demo, "ana", "three", replaces=second)
    with served(demo) as here, following(f"{here}/as/ana/events", headers={"last-event-id": str(first)}) as heard:
        until(lambda: third in heard.posts())
        told = {each["id"]: each["replaces"] for each in heard.messages}
        assert (told[second], told[third]) == (None, second)


def test_who_missed_very_much_loads_the_page_again(demo: Shop) -> None:
    for number in range(302):
        posted(demo, "ana", str(number))
    with served(demo) as here, following(f"{here}/as/ana/events?after=0") as heard:
        until(lambda: heard.messages == [{"reload": True}])


def test_a_card_that_is_forgotten_disappears(demo: Shop) -> None:
    number = posted(demo, "ana", "a draft")
    with demo.app.store.writing() as session:
        session.get_one(Posted, number).card = "draft:1"
    with served(demo) as here, following(f"{here}/as/ana/events?after={number}") as heard:
        until(lambda: number in demo.site.stream._cards)  # pyright: ignore[reportPrivateUsage]
        with demo.app.store.writing() as session:
            session.execute(update(Posted).values(current=False))
        until(lambda: {"retired": number} in heard.messages)


def test_who_left_is_told_nothing_more(shop: Shop) -> None:
    ana = shop.signed_in("ana")
    cookie = {"cookie": f"backdesk={ana.client.cookies['backdesk']}"}
    with served(shop) as here, following(f"{here}/events?after=0", headers=cookie) as heard:
        with shop.app.store.writing() as session:
            people.find(session, "ana").end = date(2026, 11, 23)
        posted(shop, "ana", "a secret")
        assert heard.ended.wait(20)
        assert heard.messages[-1] == {"gone": True}
        assert "a secret" not in heard.text()


def test_a_stranger_hears_nothing(shop: Shop) -> None:
    with served(shop) as here:
        assert httpx.get(f"{here}/events?after=0").status_code == 401


@pytest.mark.postgres
def test_a_lower_number_that_comes_in_later_is_told_too(postgres_store: Store) -> None:
    found(postgres_store)
    stream = Stream(postgres_store, lambda session, row: str(row.body["text"]))
    look = stream._new  # pyright: ignore[reportPrivateUsage]
    ana = frozenset({"ana"})
    with postgres_store.writing() as late:
        _post(late, "first")
        with postgres_store.writing() as soon:
            _post(soon, "second")
        assert [message["html"] for _, message in look(ana, False)] == ["second"]
    assert [message["html"] for _, message in look(ana, False)] == ["first"]
    assert look(ana, False) == []


def _post(session: Any, text: str) -> None:
    ana = people.find(session, "ana")
    chats.post(session, ana, channel="web", conversation="ana", body=as_doc(Post(text=text)))
