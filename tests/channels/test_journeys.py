"""The week on web, Slack and Telegram: each journey on each, over a socket and HTTP, by polling and by webhook."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from backend.clock import StillClock
from bot.commands_run import bind
from tests.channel_journeys import Desk, Everyday, Journeys
from tests.channels.desks import SlackDesk, TelegramDesk, WebDesk
from tests.channels.slack_office import hired
from tests.channels.telegram_office import on_telegram
from tests.web.conftest import Open, opened
from tests.wire.telegram import FakeTelegram

assert opened  # a fixture
ALL = ("ana", "tom", "maria", "olga", "elena")


class TestWeb(Journeys):
    """In the browser."""

    @pytest.fixture
    def desk(self, opened: Open) -> Desk:
        return WebDesk(opened(personas=True))


class TestSlack(Journeys):
    """In Slack, over a socket."""

    @pytest.fixture
    def desk(self, sqlite_url: str, tmp_path: Path, clock: StillClock) -> Iterator[Desk]:
        with hired(sqlite_url, home=tmp_path / "home", clock=clock) as office:
            yield SlackDesk(office)


class TestSlackOverHttp(Everyday):
    """In Slack, by signed requests."""

    @pytest.fixture
    def desk(self, sqlite_url: str, tmp_path: Path, clock: StillClock) -> Iterator[Desk]:
        with hired(sqlite_url, home=tmp_path / "home", clock=clock, http=True) as office:
            yield SlackDesk(office)


class TestTelegram(Journeys):
    """On Telegram, which is asked for what is new."""

    @pytest.fixture
    def desk(self, sqlite_url: str, tmp_path: Path, clock: StillClock) -> Iterator[Desk]:
        with FakeTelegram() as server, on_telegram(server, sqlite_url, tmp_path / "home", clock, linked=ALL) as office:
            yield TelegramDesk(office)


class TestTelegramByWebhook(Everyday):
    """On Telegram, which calls us."""

    @pytest.fixture
    def desk(self, sqlite_url: str, tmp_path: Path, clock: StillClock) -> Iterator[Desk]:
        with bind("127.0.0.1", 0) as free:
            port = int(free.getsockname()[1])
        secret = SecretStr("a-secret-word")
        by: dict[str, Any] = {"telegram_webhook_secret": secret, "public_url": f"http://127.0.0.1:{port}"}
        home = tmp_path / "home"
        with FakeTelegram() as server, on_telegram(server, sqlite_url, home, clock, linked=ALL, **by) as office:
            yield TelegramDesk(office)
