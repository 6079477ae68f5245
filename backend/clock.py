"""What time it is: the machine's clock, or one that stands still until it is moved."""

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Tells the time; everything that asks for "now" asks here."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class RealClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class StillClock:
    """A clock that stands still until somebody moves it; for scripts and tests."""

    def __init__(self, at: datetime) -> None:
        self._at = _aware(at)

    def now(self) -> datetime:
        return self._at

    def set(self, at: datetime) -> None:
        self._at = _aware(at)

    def advance(self, by: timedelta) -> None:
        self._at += by


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a moment needs its UTC offset")
    return at.astimezone(UTC)


def day_in(zone: str, at: datetime) -> date:
    """The calendar day of a moment in a time zone such as "Europe/Madrid"."""
    return at.astimezone(ZoneInfo(zone)).date()
