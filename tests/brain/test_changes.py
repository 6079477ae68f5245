"""A change is understood by rule, for a request of one's own that is named; nothing else is taken for one."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.brain.port import Known, Understood

DAY = {"leave_type": "vacation", "start": "2026-09-21", "end": "2026-09-21"}
WEEK = {"leave_type": "vacation", "start": "2026-10-05", "end": "2026-10-09"}
MINE = (
    Known(31, "TO-31", "time_off", "ivo.santos", "Vacation, Mon 21 Sep 2026", "pending", DAY, waiting_for_me=False),
    Known(32, "TO-32", "time_off", "ivo.santos", "Vacation, 5 to 9 Oct 2026", "approved", WEEK, waiting_for_me=False),
    Known(33, "TO-33", "time_off", "mark.oneill", "Vacation", "pending", DAY, waiting_for_me=True),
)
SAID: list[tuple[str, dict[str, Any]]] = [
    ("change 31 to friday", {"request_id": 31, "start": "2026-09-18", "end": "2026-09-18"}),
    ("please move TO-31 to 2 October", {"request_id": 31, "start": "2026-10-02", "end": "2026-10-02"}),
    ("could you reschedule #32 to 12 October", {"request_id": 32, "start": "2026-10-12"}),
    ("change my request 32 to 5 to 7 October", {"request_id": 32, "start": "2026-10-05", "end": "2026-10-07"}),
    ("cambia la 31 al viernes", {"request_id": 31, "start": "2026-09-18", "end": "2026-09-18"}),
    ("verschiebe TO-31 auf Freitag", {"request_id": 31, "start": "2026-09-18", "end": "2026-09-18"}),
    ("edit TO-31", {"request_id": 31}),
    ("actually make 31 friday", {"request_id": 31, "start": "2026-09-18", "end": "2026-09-18"}),
]


@pytest.mark.parametrize(("text", "args"), SAID, ids=[text for text, _ in SAID])
def test_a_change_of_ones_own_request_is_understood(
    understood: Callable[..., Understood], text: str, args: dict[str, Any]
) -> None:
    assert [(each.intent, dict(each.args)) for each in understood(text, known=MINE).intents] == [
        ("request.change", args)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "change 33 to friday",
        "change TO-77 to friday",
        "change of plans, cancel #31",
        "move my meeting to friday",
        "cancel 31",
        "how is 31",
        "change 31 desks",
        "make it friday",
        "make 31",
    ],
)
def test_nothing_else_is_taken_for_a_change(understood: Callable[..., Understood], text: str) -> None:
    assert "request.change" not in {each.intent for each in understood(text, known=MINE).intents}
