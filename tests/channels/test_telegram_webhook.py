"""Telegram calls us: by a secret, over the web server, kept before it is acknowledged."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import httpx
import pytest
import uvicorn
from pydantic import SecretStr

from backend import people
from backend.clock import StillClock
from backend.store import Store
from bot.app import App
from bot.channels import web
from bot.channels.telegram import NAME, PATH, Telegram
from bot.commands_run import bind
from tests.channels.telegram_office import ANA, CHATS, TelegramOffice, settings_for
from tests.office import Listener, found
from tests.waiting import until
from tests.wire.telegram import SECRET, FakeTelegram

WORD = "a-secret-word"


@contextmanager
def served(app: App, port: int) -> Generator[None]:
    """The web server, in a thread, until the block ends."""
    listening = bind("127.0.0.1", port)
    server = uvicorn.Server(uvicorn.Config(web.build(app, personas=False), log_config=None, lifespan="off"))
    thread = Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    until(lambda: server.started, what="the web server")
    yield
    server.should_exit = True
    thread.join(10)
    listening.close()


@pytest.fixture
def server() -> Iterator[FakeTelegram]:
    with FakeTelegram() as server:
        yield server


@pytest.fixture
def port() -> int:
    with bind("127.0.0.1", 0) as free:
        return int(free.getsockname()[1])


@pytest.fixture
def office(
    server: FakeTelegram, sqlite_url: str, tmp_path: Path, clock: StillClock, port: int
) -> Iterator[TelegramOffice]:
    settings = settings_for(
        server,
        tmp_path / "home",
        database_url=sqlite_url,
        telegram_webhook_secret=SecretStr(WORD),
        public_url=f"http://127.0.0.1:{port}",
    )
    store, brain, channel = Store(sqlite_url, clock=clock), Listener(), Telegram(settings)
    app = App(settings, store, channels=[channel], brain=brain)
    found(store)
    with store.writing() as session:
        people.link(session, people.find(session, "ana"), channel=NAME, account=str(CHATS["ana"]))
    office = TelegramOffice(app, channel, server, clock, brain)
    with served(app, port):
        office.listen()
        until(lambda: bool(server.webhook), what="the webhook")
        yield office
        office.deafen()
    channel.close()
    store.close()


def update(number: int, text: str = "help") -> dict[str, object]:
    sender = {"id": ANA, "is_bot": False, "first_name": "Ana"}
    chat = {"id": ANA, "type": "private"}
    return {
        "update_id": number,
        "message": {"message_id": number, "date": 1_700_000_000, "chat": chat, "from": sender, "text": text},
    }


def test_what_telegram_sends_is_answered(office: TelegramOffice) -> None:
    assert office.server.webhook["secret_token"] == WORD
    assert "Hello Ana" in office.says("ana", "/start")[-1]
    assert [status for _, status in office.server.delivered] == [200]
    assert office.server.made("getUpdates") == []


def test_without_the_secret_nothing_is_taken(office: TelegramOffice, port: int) -> None:
    url = f"http://127.0.0.1:{port}{PATH}"
    answers = [
        httpx.post(url, json=update(1)),
        httpx.post(url, json=update(1), headers={SECRET: "a guess"}),
        httpx.post(url, json=update(1), headers={SECRET.encode(): "a gu\u00e9ss".encode()}),
        httpx.post(url, content=b"{", headers={SECRET: WORD}),
        httpx.post(url, json=["no update"], headers={SECRET: WORD}),
        httpx.get(url),
    ]
    assert [each.status_code for each in answers] == [401, 401, 401, 400, 400, 405]
    office.settle()
    assert office.server.chat(ANA) == []


def test_a_delivery_that_comes_again_is_done_once(office: TelegramOffice, port: int) -> None:
    office.says("ana", "/start")
    office.brain.meant = [("help", {})]
    for _ in range(3):
        answer = httpx.post(f"http://127.0.0.1:{port}{PATH}", json=update(7), headers={SECRET: WORD})
        assert answer.status_code == 200
    office.settle()
    assert len(office.brain.heard) == 1
    assert len(office.server.chat(ANA)) == 2


def test_what_cannot_be_kept_is_not_acknowledged(office: TelegramOffice, port: int) -> None:
    office.app.store.engine.dispose()
    with office.app.store.engine.connect() as connection:
        connection.exec_driver_sql("ALTER TABLE received RENAME TO elsewhere")
        connection.commit()
    answer = httpx.post(f"http://127.0.0.1:{port}{PATH}", json=update(8), headers={SECRET: WORD})
    assert answer.status_code == 500
    with office.app.store.engine.connect() as connection:
        connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO received")
        connection.commit()
