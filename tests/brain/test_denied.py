"""What is not meant, what is only quoted, what is taken back in the same breath: it is not proposed."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.brain.port import SURE, Known, Pending, Understood

Said = list[tuple[str, dict[str, Any]]]
DENIED: list[tuple[str, Said]] = [
    (
        "not the printer, it is a scanner for 140 euros that I'd like to order",
        [("purchase.submit", {"item": "scanner", "quantity": 1, "total": "140", "currency": "EUR"})],
    ),
    (
        "no quiero la silla cara, pide la lámpara de 45 euros",
        [("purchase.submit", {"item": "lámpara", "quantity": 1, "total": "45", "currency": "EUR"})],
    ),
    (
        "yesterday I didn't pay the hotel but the train: 31 euros, please reimburse me",
        [("expense.submit", {"amount": "31", "currency": "EUR", "date": "2026-09-15", "category": "transport"})],
    ),
    (
        "I'm not asking for leave yet, I'd only like to know how many vacation days are left",
        [("time_off.balance", {"leave_type": "vacation"})],
    ),
    (
        "ich will keinen Urlaub am Donnerstag, sondern am Freitag",
        [("time_off.submit", {"start": "2026-09-18", "end": "2026-09-18", "leave_type": "vacation"})],
    ),
    ("approve 31, sorry, I mean 32", [("approval.approve", {"request_ids": [32]})]),
    ("bitte die 44 genehmigen", [("approval.approve", {"request_ids": [44]})]),
    (
        "approve 31 but reject 32, it is over budget",
        [
            ("approval.approve", {"request_ids": [31]}),
            ("approval.reject", {"request_ids": [32], "comment": "it is over budget"}),
        ],
    ),
    (
        "please don't approve 31, it is too dear",
        [("approval.reject", {"request_ids": [31], "comment": "it is too dear"})],
    ),
    (
        "I'm not feeling well, I stay in bed today",
        [("time_off.submit", {"start": "2026-09-16", "end": "2026-09-16", "leave_type": "sick"})],
    ),
]
MAILS: list[tuple[str, Said]] = [
    (
        "please order\n\n--- Forwarded message ---\nFrom: Hanna Berg\nSubject: the big room\n\n"
        "Could we have two webcams at 60 euros each?",
        [("purchase.submit", {"item": "webcams", "quantity": 2, "unit_price": "60", "currency": "EUR"})],
    ),
    ("They wrote 'your stay on 2 October is confirmed.' Which hotels may I book?", [("policy.ask", {})]),
    ("oye, who is off mañana?", [("who_is_out", {"start": "2026-09-17", "end": "2026-09-17"})]),
]
OTHER: list[tuple[str, Said]] = [
    ("I'd like to know who decides about orders over 900 euros", [("policy.ask", {})]),
    ("we want to understand whether a bicycle counts as equipment", [("policy.ask", {})]),
    ("let me know if we may take the first class", [("policy.ask", {})]),
    ("ich möchte wissen, wer morgen fehlt", [("who_is_out", {"start": "2026-09-17", "end": "2026-09-17"})]),
    ("I cannot find anything about moving house", [("policy.ask", {})]),
    ("my hotel bill has still not been reimbursed", [("request.status", {"kind": "expense", "item": "hotel"})]),
    ("don't approve 31 yet please", [("request.status", {"request_id": 31})]),
    ("approve three one five", [("approval.approve", {"request_ids": [315]})]),
    (
        "would anybody mind if I was away on Friday?",
        [("time_off.submit", {"start": "2026-09-18", "end": "2026-09-18"})],
    ),
    (
        "parking was 8.40 yesterday, level 3",
        [("expense.submit", {"amount": "8.40", "date": "2026-09-15", "category": "transport"})],
    ),
    ("anything waiting for me?", [("approvals.list", {})]),
    ("my train receipt is gone, what should I do?", [("policy.ask", {})]),
    ("we worked all weekend, do I get that time back?", [("policy.ask", {})]),
    ("how high was the training budget in May?", [("policy.ask", {})]),
    ("do we have a canteen?", [("policy.ask", {})]),
    ("list the expenses that are still to be paid", [("payments.owed", {})]),
    (
        "trying to work out whether I can take a week in May. How many vacation days have I got?",
        [("time_off.balance", {"leave_type": "vacation"})],
    ),
    (
        "three days off at the end of october please",
        [("time_off.submit", {"start": "2026-10-28", "end": "2026-10-30"})],
    ),
]


@pytest.mark.parametrize(("text", "expected"), DENIED + MAILS + OTHER, ids=lambda value: str(value)[:60])
def test_what_is_meant_is_understood(understood: Callable[..., Understood], text: str, expected: Said) -> None:
    found = understood(text)
    assert [(each.intent, dict(each.args)) for each in found.intents] == expected


@pytest.mark.parametrize("text", ["I never asked for Friday off", "ich habe nie gesagt, dass ich Urlaub will"])
def test_what_is_only_denied_is_not_proposed(understood: Callable[..., Understood], text: str) -> None:
    found = understood(text)
    assert found.confidence < SURE or found.intents[0].intent in ("small_talk", "out_of_scope", "request.status")


def test_where_it_begins_is_moved_and_where_it_ends_stays(understood: Callable[..., Understood]) -> None:
    held = {"leave_type": "vacation", "start": "2026-10-05", "end": "2026-10-09"}
    found = understood("let it begin one day later", pending=Pending("time_off.submit", held, "confirm"))
    assert [(each.intent, each.args) for each in found.intents] == [("form.update", {"start": "2026-10-06"})]


def test_the_whole_thing_is_what_is_open(understood: Callable[..., Understood]) -> None:
    held = {"leave_type": "vacation", "start": "2026-10-05", "end": "2026-10-09"}
    found = understood("let's drop the whole thing", pending=Pending("time_off.submit", held, "confirm"))
    assert [each.intent for each in found.intents] == ["form.cancel"]


def test_the_one_request_that_bears_a_thing_is_changed(understood: Callable[..., Understood]) -> None:
    mine = Known(
        31,
        "PR-31",
        "purchase",
        "ivo.santos",
        "desk lamp, €40.00",
        "pending",
        {"item": "desk lamp", "total": "40"},
        False,
    )
    found = understood("my lamp order, could you make it three?", known=(mine,))
    assert found.intents[0].intent == "request.change"
    assert found.intents[0].args["request_id"] == 31
    assert found.intents[0].args["quantity"] == 3


def test_a_request_is_told_by_the_weekday_that_it_is_about(understood: Callable[..., Understood]) -> None:
    thursday = Known(
        31, "TO-31", "time_off", "mark.oneill", "", "pending", {"start": "2026-10-01", "end": "2026-10-01"}, True
    )
    monday = Known(
        32, "TO-32", "time_off", "mark.oneill", "", "pending", {"start": "2026-10-12", "end": "2026-10-12"}, True
    )
    found = understood("approve Mark's monday", known=(thursday, monday), speaker="hanna.berg")
    assert found.intents[0].args == {"request_ids": [32]}


def test_why_somebody_is_asked_is_told_of_the_thing_that_is_named(understood: Callable[..., Understood]) -> None:
    desk = Known(31, "PR-31", "purchase", "mark.oneill", "standing desk, €480.00", "pending", {}, True)
    open_ = Pending("approval.approve", {"request_ids": [31]}, "confirm")
    found = understood("why does the desk need me?", known=(desk,), pending=open_, speaker="hanna.berg")
    assert [(each.intent, each.args) for each in found.intents] == [("request.explain", {"request_id": 31})]


def test_a_room_is_no_price(understood: Callable[..., Understood]) -> None:
    pending = Pending("purchase.submit", {"item": "lamp", "quantity": 1}, "total")
    found = understood("book a meeting room for tomorrow at 11", pending=pending)
    assert [each.intent for each in found.intents] == ["out_of_scope"]
