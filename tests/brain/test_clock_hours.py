"""Hours of a day, between two times or as a length, in six languages; and what is something else."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from bot.brain.clock_hours import hours_in
from bot.brain.port import Understood


@pytest.mark.parametrize(
    ("text", "hours", "part"),
    [
        ("off from 2pm to 5pm tomorrow", "3.00", "pm"),
        ("away 2 to 5pm", "3.00", "pm"),
        ("between 10 and 2pm on monday", "4.00", None),
        ("9:30-11 tomorrow", "1.50", "am"),
        ("manana de 14 a 17h", "3.00", "pm"),
        ("amanha das 9h as 11h30", "2.50", "am"),
        ("demain de 14h30 a 17h", "2.50", "pm"),
        ("am montag von 9 bis 11 uhr", "2.00", "am"),
        ("domani dalle 15:00 alle 18:00", "3.00", "pm"),
        ("2 hours at the dentist", "2", None),
        ("an hour and a half", "1.5", None),
        ("zwei stunden", "2", None),
        ("una hora y media", "1.5", None),
        ("un'ora", "1", None),
    ],
)
def test_hours_are_read_from_times_and_lengths(text: str, hours: str, part: str | None) -> None:
    found = hours_in(text)
    assert found is not None
    assert (found.hours, found.part) == (Decimal(hours), part)


@pytest.mark.parametrize(
    "text",
    ["from 7 to 11 december", "14-16 december", "vom 3.12 bis 5.12", "2 hours ago", "von 9 bis 11 am montag", "4:1"],
)
def test_days_and_what_is_over_are_no_hours(text: str) -> None:
    assert hours_in(text) is None


def test_times_of_a_day_are_no_days_of_a_month(understood: Callable[..., Understood]) -> None:
    (said,) = understood("mañana de 14 a 17h tengo médico").intents
    day = {"start": "2026-09-17", "end": "2026-09-17"}
    assert (said.intent, dict(said.args)) == (
        "time_off.submit",
        {**day, "part": "pm", "hours": "3.00", "leave_type": "medical"},
    )
