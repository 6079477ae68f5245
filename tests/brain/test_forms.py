"""Messages while a draft is open: answers, corrections, yes, no, and interruptions."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.brain.port import Pending, Understood

LEAVE: dict[str, Any] = {"leave_type": "vacation", "start": "2026-10-05", "end": "2026-10-07"}
DAY: dict[str, Any] = {"leave_type": "vacation", "start": "2026-10-05", "end": "2026-10-05"}
CHAIRS: dict[str, Any] = {"item": "chair", "quantity": 2, "total": "300", "currency": "EUR"}

ANSWERS: list[tuple[str, dict[str, Any], str | None, str, str, dict[str, Any]]] = [
    (
        "time_off.submit",
        DAY,
        "confirm",
        "no, make it thursday",
        "form.update",
        {"start": "2026-09-17", "end": "2026-09-17"},
    ),
    ("time_off.submit", LEAVE, "confirm", "actually until the 9th", "form.update", {"end": "2026-10-09"}),
    ("time_off.submit", DAY, "confirm", "only the afternoon", "form.update", {"part": "pm"}),
    ("time_off.submit", DAY, "confirm", "sick leave I mean", "form.update", {"leave_type": "sick"}),
    (
        "time_off.submit",
        {"leave_type": "vacation"},
        "start",
        "5 to 9 october",
        "form.update",
        {"start": "2026-10-05", "end": "2026-10-09"},
    ),
    (
        "time_off.submit",
        {"start": "2026-10-05", "end": "2026-10-05"},
        "leave_type",
        "it's a personal one",
        "form.update",
        {"leave_type": "personal"},
    ),
    (
        "time_off.submit",
        {"leave_type": "vacation", "start": "2026-10-05"},
        "end",
        "the 8th",
        "form.update",
        {"end": "2026-10-08"},
    ),
    ("purchase.submit", CHAIRS, "confirm", "sorry, 4 chairs", "form.update", {"quantity": 4}),
    ("purchase.submit", CHAIRS, "confirm", "3 not 2", "form.update", {"quantity": 3}),
    ("purchase.submit", {}, "item", "a desk lamp please", "form.update", {"item": "desk lamp"}),
    ("purchase.submit", {"item": "lamp"}, "total", "around 45", "form.update", {"total": "45"}),
    ("purchase.submit", CHAIRS, "vendor", "doesn't matter", "form.update", {"vendor": ""}),
    ("expense.submit", {"amount": "12"}, "category", "it was for parking", "form.update", {"category": "transport"}),
    ("expense.submit", {"amount": "12"}, "date", "last monday", "form.update", {"date": "2026-09-14"}),
    (
        "approval.reject",
        {"request_ids": [9]},
        "comment",
        "we have enough of those",
        "form.update",
        {"comment": "we have enough of those"},
    ),
    (
        "approvals.delegate",
        {"to": "hanna.berg"},
        "dates",
        "from monday until the 25th",
        "form.update",
        {"start": "2026-09-21", "end": "2026-09-25"},
    ),
    ("time_off.submit", LEAVE, "confirm", "yes please", "form.confirm", {}),
    ("time_off.submit", LEAVE, "confirm", "👍", "form.confirm", {}),
    ("time_off.submit", LEAVE, "confirm", "no", "form.cancel", {}),
    ("time_off.submit", LEAVE, "leave_type", "never mind", "form.cancel", {}),
    ("purchase.submit", {}, "item", "thank you!", "small_talk", {}),
    ("time_off.submit", DAY, "leave_type", "how many days do I have left?", "time_off.balance", {}),
    ("purchase.submit", CHAIRS, "confirm", "what is the limit for furniture?", "policy.ask", {}),
    ("time_off.submit", DAY, "leave_type", "approve 44", "approval.approve", {"request_ids": [44]}),
    (
        "time_off.submit",
        {},
        "start",
        "first expense a taxi for 20 euros from yesterday",
        "expense.submit",
        {"amount": "20", "currency": "EUR", "category": "transport", "date": "2026-09-15"},
    ),
]


@pytest.mark.parametrize(
    ("intent", "values", "awaiting", "text", "meant", "args"), ANSWERS, ids=[each[3] for each in ANSWERS]
)
def test_a_message_in_a_form(
    understood: Callable[..., Understood],
    intent: str,
    values: dict[str, Any],
    awaiting: str | None,
    text: str,
    meant: str,
    args: dict[str, Any],
) -> None:
    (found,) = understood(text, pending=Pending(intent, values, awaiting)).intents
    assert (found.intent, dict(found.args)) == (meant, args)
