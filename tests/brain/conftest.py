"""What the tests of the local brain share: one brain, the sample company's people, one moment."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from backend.kinds import Kinds
from bot.brain.local import LocalBrain
from bot.brain.port import Colleague, Turn, Understood
from tools import all_kinds

NOW = datetime(2026, 9, 16, 9, 30, tzinfo=ZoneInfo("Europe/Lisbon"))
"""A Wednesday."""

COLLEAGUES = (
    Colleague("hanna.berg", "Hanna Berg", "support", None, "U1HANNA"),
    Colleague("ivo.santos", "Ivo Santos", "support", "hanna.berg", "U2IVO"),
    Colleague("mark.oneill", "Mark O'Neill", "logistics", "hanna.berg"),
    Colleague("zoe.martin", "Zoë Martin", "logistics", "hanna.berg"),
    Colleague("zoe.klein", "Zoë Klein", "legal", "hanna.berg"),
)


def turn(text: str, *, kinds: Kinds | None = None, **more: Any) -> Turn:
    """A message of Ivo's on that morning."""
    given: dict[str, Any] = {
        "speaker": "ivo.santos",
        "now": NOW,
        "currency": "EUR",
        "day_first": True,
        "colleagues": COLLEAGUES,
    }
    return Turn(text=text, kinds=kinds if kinds is not None else all_kinds(), **{**given, **more})


@pytest.fixture(scope="session")
def brain() -> LocalBrain:
    return LocalBrain()


@pytest.fixture
def understood(brain: LocalBrain) -> Callable[..., Understood]:
    """Understands a text; keywords as in turn()."""

    def understand(text: str, **more: Any) -> Understood:
        return brain.understand(turn(text, **more))

    return understand
