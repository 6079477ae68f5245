"""Telegram calls us: by a secret, over the web server, kept before it is acknowledged."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from backend.clock import StillClock
from bot.channels.telegram import PATH
from bot.commands_run import bind
from tests.channels.telegram_office import ANA, TelegramOffice, on_telegram
from tests.wire.telegram import SECRET, FakeTelegram

WORD = "a-secret-word"


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
    words = {"telegram_webhook_secret": SecretStr(WORD), "public_url": f"http://127.0.0.1:{port}"}
    with on_telegram(server, sqlite_url, tmp_path / "home", clock, linked=["ana"], started=False, **words) as office:
        yield office


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
