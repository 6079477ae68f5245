"""The manifest that an admin pastes asks for what is used, and the page says why."""

import re
from typing import Any

import yaml

from tests.rules.sources import ROOT
from tools import all_kinds

MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "docs" / "slack-manifest.yaml").read_text(encoding="utf-8"))
PAGE = (ROOT / "docs" / "slack.md").read_text(encoding="utf-8")


def code() -> str:
    return "\n".join(each.read_text(encoding="utf-8") for each in (ROOT / "bot" / "channels").glob("slack*.py"))


def test_each_kind_has_its_command() -> None:
    commands = {each["command"] for each in MANIFEST["features"]["slash_commands"]}
    assert commands == {"/backdesk", *(f"/{name.replace('_', '')}" for name in all_kinds())}


def test_each_scope_has_its_reason() -> None:
    rows = [line.split("|")[1] for line in PAGE.splitlines() if line.startswith("| `")]
    told = {scope for row in rows for scope in re.findall(r"`([\w:.]+)`", row)}
    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) - told == set()


def test_each_event_that_is_asked_for_is_heard() -> None:
    events = {each.partition(".")[0] for each in MANIFEST["settings"]["event_subscriptions"]["bot_events"]}
    assert {each for each in events if f'"{each}"' not in code()} == set()


def test_it_begins_with_a_socket() -> None:
    assert MANIFEST["settings"]["socket_mode_enabled"] is True
    assert MANIFEST["settings"]["interactivity"]["is_enabled"] is True
