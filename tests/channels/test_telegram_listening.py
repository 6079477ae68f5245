"""People on Telegram: they link themselves, write, press, fill in forms, and are told what concerns them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.clock import StillClock
from tests.channels.telegram_office import ANA, TelegramOffice, on_telegram
from tests.wire.telegram import FakeTelegram

THURSDAY = [("time_off.submit", {"leave_type": "vacation", "start": "2026-11-26", "end": "2026-11-26"})]


@pytest.fixture
def server() -> Iterator[FakeTelegram]:
    with FakeTelegram() as server:
        yield server


@pytest.fixture
def office(server: FakeTelegram, sqlite_url: str, tmp_path: Path, clock: StillClock) -> Iterator[TelegramOffice]:
    with on_telegram(server, sqlite_url, tmp_path / "home", clock) as office:
        yield office


def test_a_day_off_from_the_first_word_to_the_yes(office: TelegramOffice) -> None:
    server = office.server
    assert "automated assistant" in server.texts(ANA)[0]
    office.says("ana", "I need Thursday off", meant=THURSDAY)
    card = office.presses("ana", "Send to Maria")
    assert "TO-1 waits for Maria Silva" in card.text
    asked = office.card("maria", "Approve")
    assert asked.pushed == "Ana's request needs you."
    assert "Vacation" in asked.text
    office.presses("maria", "Approve")
    assert "approved" in asked.text
    assert "Approve" not in " ".join(asked.labels)
    assert "✅ " in card.text
    assert "Maria Silva approved TO-1" in server.last(ANA).text
