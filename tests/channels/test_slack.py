"""Slack keeps to the contract of all channels, and to what Slack itself asks of what it is sent."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from backend.clock import StillClock
from bot.channels.port import Channel
from bot.channels.slack import Slack as SlackChannel
from bot.settings import Settings
from tests.channel_contract import ChannelContract
from tests.wire import slack as wire
from tests.wire.slack import Slack


@pytest.fixture
def slack() -> Iterator[Slack]:
    with Slack() as server:
        yield server
    assert server.wrong == []


def configured(server: Slack, home: Path, database: str) -> Settings:
    """The settings of an installation that talks to this Slack."""
    return Settings.at(home).model_copy(
        update={
            "database_url": database,
            "slack_bot_token": SecretStr(wire.TOKEN),
            "slack_app_token": SecretStr(wire.APP_TOKEN),
            "slack_api_url": server.api,
        }
    )


class TestSlack(ChannelContract):
    """Slack, through the contract."""

    @pytest.fixture
    def clock(self, clock: StillClock, slack: Slack, database_url: str, tmp_path: Path) -> StillClock:
        self.server = slack
        self.settings = configured(slack, tmp_path / "home", database_url)
        return clock

    def place_of(self, who: str) -> str:
        return f"U{who.upper()}"

    def make(self, who: str) -> Channel:
        self.server.join(f"{who}@small.example", id=f"U{who.upper()}")
        return SlackChannel(self.settings)

    def texts(self, channel: Channel) -> list[str]:
        rows = [each for who in ("UANA", "UMARIA") for each in self.server.shown(who)]
        return [text for each in sorted(rows, key=lambda each: each.ts) for text in each.log]
