"""The terminal keeps to the contract of all channels, and a person can talk and press in it."""

import io
from itertools import pairwise
from pathlib import Path

import pytest
from rich.console import Console

from bot.channels.port import Channel
from bot.channels.terminal import TerminalChannel, chat
from tests.channel_contract import THURSDAY, ChannelContract
from tests.office import Office


class Counted(TerminalChannel):
    """A terminal whose posts can be read back one by one."""

    def __init__(self, who: str) -> None:
        self.out = io.StringIO()
        self.ends: list[int] = []
        super().__init__(who, Console(file=self.out, width=80))

    def post(self, posted: object, earlier: object) -> str | None:
        done = super().post(posted, earlier)  # pyright: ignore[reportArgumentType]
        self.ends.append(self.out.tell())
        return done


class TestTerminal(ChannelContract):
    """The terminal, through the contract."""

    def make(self, who: str) -> Channel:
        return Counted(who)

    def texts(self, channel: Channel) -> list[str]:
        assert isinstance(channel, Counted)
        whole = channel.out.getvalue()
        return [whole[start:end].replace("│", "") for start, end in pairwise([0, *channel.ends])]


def test_a_person_talks_presses_and_leaves(office: Office, monkeypatch: object) -> None:
    out = io.StringIO()
    console = Console(file=out, width=80)
    typed = iter(["I need Thursday off", "1", "what", "quit"])
    console.input = lambda *_, **__: next(typed)  # type: ignore[method-assign,assignment]
    channel = TerminalChannel("ana", console)
    office.app.channels["terminal"] = channel
    office.brain.meant = THURSDAY
    chat(office.app, channel, console=console)
    assert "Hello Ana" in out.getvalue()
    assert "Sent. TO-1 waits for Maria Silva" in out.getvalue()
    assert office.state(1) == "pending"


def test_what_comes_with_a_post_is_saved_by_its_number(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    out = io.StringIO()
    console = Console(file=out, width=80)
    typed = iter(["preview of the report", "1", "2", "quit"])
    console.input = lambda *_, **__: next(typed)  # type: ignore[method-assign,assignment]
    channel = TerminalChannel("olga", console)
    office.app.channels["terminal"] = channel
    office.brain.meant = (("posts.preview", {"what": "report"}),)
    chat(office.app, channel, console=console)
    assert "(1) The figures as a table: report.csv" in out.getvalue()
    assert "Saved as report.csv." in out.getvalue()
    assert [each.name for each in tmp_path.iterdir() if each.suffix] == ["report.csv"]
