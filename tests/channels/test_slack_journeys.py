"""Days in Slack, from message to ledger: over a socket and over HTTP, each by slack-bolt and slack_sdk on the wire."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.clock import StillClock
from tests.channel_contract import THURSDAY
from tests.channels.slack_office import ANA, MARIA, SlackOffice, hired


@pytest.fixture(params=["socket", "http"])
def office(request: pytest.FixtureRequest, sqlite_url: str, tmp_path: Path, clock: StillClock) -> Iterator[SlackOffice]:
    with hired(sqlite_url, home=tmp_path / "home", clock=clock, http=request.param == "http") as office:
        yield office


def test_time_off_from_message_to_approval(office: SlackOffice) -> None:
    card = office.says(ANA, "I need Thursday off", meant=THURSDAY)
    assert "Thu 26 Nov 2026" in card.reads
    assert "automated assistant" in office.reads(ANA)
    office.presses(ANA, "Send to Maria Silva")
    asked = office.newest(MARIA)
    assert "Ana Costa asks" in asked.reads
    assert asked.text == "Ana's request needs you."
    office.presses(MARIA, "Approve")
    assert "approved" in office.reads(ANA)
    assert [each for each in office.newest(MARIA).buttons() if each["action_id"].startswith("press:approve")] == []
