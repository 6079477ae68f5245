"""Whole messages: intents and arguments, in six languages, said in many ways."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.brain.port import Colleague, Understood
from tests.brain.conftest import COLLEAGUES

MESSAGES: list[tuple[str, list[tuple[str, dict[str, Any]]]]] = [
    (
        "could you put me down for holiday from 5 to 9 October?",
        [("time_off.submit", {"leave_type": "vacation", "start": "2026-10-05", "end": "2026-10-09"})],
    ),
    (
        "feeling rough, won't be in today",
        [("time_off.submit", {"start": "2026-09-16", "end": "2026-09-16", "leave_type": "sick"})],
    ),
    ("off sick since monday", [("time_off.submit", {"leave_type": "sick", "start": "2026-09-14"})]),
    (
        "need the morning of the 22nd off for the dentist",
        [("time_off.submit", {"leave_type": "medical", "start": "2026-09-22", "end": "2026-09-22", "part": "am"})],
    ),
    (
        "annual leave mon to wed next week plz",
        [("time_off.submit", {"leave_type": "vacation", "start": "2026-09-21", "end": "2026-09-23"})],
    ),
    (
        "I'll be on paternity leave from 1 November to 30 November",
        [("time_off.submit", {"leave_type": "parental", "start": "2026-11-01", "end": "2026-11-30"})],
    ),
    (
        "unpaid leave for the whole of october",
        [("time_off.submit", {"leave_type": "unpaid", "start": "2026-10-01", "end": "2026-10-31"})],
    ),
    ("two days off starting thursday", [("time_off.submit", {"start": "2026-09-17", "end": "2026-09-18"})]),
    (
        "my aunt died, I need friday off for the funeral",
        [("time_off.submit", {"leave_type": "bereavement", "start": "2026-09-18", "end": "2026-09-18"})],
    ),
    (
        "holidy 21/9 - 25/9",
        [("time_off.submit", {"leave_type": "vacation", "start": "2026-09-21", "end": "2026-09-25"})],
    ),
    ("how much leave do I still have?", [("time_off.balance", {})]),
    ("how many sick days did I take this year?", [("time_off.balance", {"leave_type": "sick"})]),
    ("please cancel my leave on 2 October", [("time_off.cancel", {"start": "2026-10-02", "end": "2026-10-02"})]),
    ("withdraw TO-31", [("time_off.cancel", {"request_id": 31})]),
    ("withdraw PR-31 please", [("request.cancel", {"request_id": 31})]),
    (
        "we need three new chairs at 120 euros each",
        [("purchase.submit", {"item": "new chairs", "quantity": 3, "unit_price": "120", "currency": "EUR"})],
    ),
    (
        "can you order a 4k monitor for 640 euros for mark",
        [("purchase.submit", {"item": "4k monitor", "quantity": 1, "total": "640", "currency": "EUR"})],
    ),
    (
        "could we get a dozen USB-C cables from Amazon, 9.99 each",
        [("purchase.submit", {"item": "USB-C cables", "quantity": 12, "unit_price": "9.99", "vendor": "Amazon"})],
    ),
    (
        "please buy me a standing desk before 1 October, roughly £350",
        [
            (
                "purchase.submit",
                {"item": "standing desk", "quantity": 1, "total": "350", "currency": "GBP", "needed_by": "2026-10-01"},
            )
        ],
    ),
    (
        "expense: cab to the station yesterday 17.60",
        [("expense.submit", {"amount": "17.60", "category": "transport", "date": "2026-09-15"})],
    ),
    (
        "I spent 45,80 € on dinner with a customer last thursday",
        [("expense.submit", {"amount": "45.80", "currency": "EUR", "category": "meals", "date": "2026-09-10"})],
    ),
    (
        "hotel in Vienna, 3 nights, 420 eur, 8 september, please reimburse",
        [("expense.submit", {"amount": "420", "currency": "EUR", "category": "lodging", "date": "2026-09-08"})],
    ),
    (
        "paid $30 for a book on tuesday",
        [("expense.submit", {"amount": "30", "currency": "USD", "category": "training", "date": "2026-09-15"})],
    ),
    ("where does request 77 stand?", [("request.status", {"request_id": 77})]),
    ("was my laptop order approved?", [("request.status", {"kind": "purchase", "item": "laptop"})]),
    ("anything waiting for my sign-off?", [("approvals.list", {})]),
    ("approve 12, 15 and 18", [("approval.approve", {"request_ids": [12, 15, 18]})]),
    ("accept Hanna's leave", [("approval.approve", {"person": "hanna.berg", "kind": "time_off"})]),
    ("decline 19, no budget left", [("approval.reject", {"request_ids": [19], "comment": "no budget left"})]),
    (
        "please reject Mark's printer because we have three",
        [("approval.reject", {"person": "mark.oneill", "item": "printer", "comment": "we have three"})],
    ),
    ("approve Zoë's expense", [("approval.approve", {"person": ["zoe.martin", "zoe.klein"], "kind": "expense"})]),
    (
        "Hanna signs for me from 21 to 25 September",
        [("approvals.delegate", {"to": "hanna.berg", "start": "2026-09-21", "end": "2026-09-25"})],
    ),
    ("who's away on friday?", [("who_is_out", {"start": "2026-09-18", "end": "2026-09-18"})]),
    (
        "is anybody from logistics off next week",
        [("who_is_out", {"start": "2026-09-21", "end": "2026-09-25", "team": "logistics"})],
    ),
    ("how many people are out next week?", [("who_is_out", {"start": "2026-09-21", "end": "2026-09-25"})]),
    ("is Mark in today?", [("who_is_out", {"person": "mark.oneill", "start": "2026-09-16", "end": "2026-09-16"})]),
    ("what is the maximum we may spend on a hotel?", [("policy.ask", {})]),
    ("do I have to hand in a sick note after two days?", [("policy.ask", {})]),
    ("what can you help with?", [("help", {})]),
    ("hey, good afternoon!", [("small_talk", {})]),
    ("how high is Mount Fuji?", [("out_of_scope", {})]),
    ("order me a taxi home", [("out_of_scope", {})]),
    (
        "approve 12 and decline 13",
        [("approval.approve", {"request_ids": [12]}), ("approval.reject", {"request_ids": [13]})],
    ),
    (
        "I'm ill today, and please expense 14 euros for the train yesterday",
        [
            ("time_off.submit", {"leave_type": "sick", "start": "2026-09-16", "end": "2026-09-16"}),
            ("expense.submit", {"amount": "14", "currency": "EUR", "category": "transport", "date": "2026-09-15"}),
        ],
    ),
    (
        "quisiera vacaciones del 5 al 9 de octubre",
        [("time_off.submit", {"leave_type": "vacation", "start": "2026-10-05", "end": "2026-10-09"})],
    ),
    (
        "hoy estoy enferma y no puedo trabajar",
        [("time_off.submit", {"leave_type": "sick", "start": "2026-09-16", "end": "2026-09-16"})],
    ),
    (
        "necesitamos dos sillas a 80 euros cada una",
        [("purchase.submit", {"item": "sillas", "quantity": 2, "unit_price": "80", "currency": "EUR"})],
    ),
    ("rechaza la 44, es demasiado caro", [("approval.reject", {"request_ids": [44], "comment": "es demasiado caro"})]),
    ("¿quién falta mañana?", [("who_is_out", {"start": "2026-09-17", "end": "2026-09-17"})]),
    (
        "queria férias de 5 a 9 de outubro",
        [("time_off.submit", {"leave_type": "vacation", "start": "2026-10-05", "end": "2026-10-09"})],
    ),
    (
        "paguei 18 euros de táxi ontem",
        [("expense.submit", {"amount": "18", "currency": "EUR", "category": "transport", "date": "2026-09-15"})],
    ),
    ("quantos dias de férias me restam?", [("time_off.balance", {"leave_type": "vacation"})]),
    (
        "je voudrais poser des congés du 5 au 9 octobre",
        [("time_off.submit", {"leave_type": "vacation", "start": "2026-10-05", "end": "2026-10-09"})],
    ),
    (
        "j'ai dépensé 32,50 euros au restaurant hier",
        [("expense.submit", {"amount": "32.50", "currency": "EUR", "category": "meals", "date": "2026-09-15"})],
    ),
    ("où en est ma demande 91 ?", [("request.status", {"request_id": 91})]),
    (
        "ich möchte vom 5. bis 9. Oktober Urlaub nehmen",
        [("time_off.submit", {"leave_type": "vacation", "start": "2026-10-05", "end": "2026-10-09"})],
    ),
    ("ich bin heute krank", [("time_off.submit", {"leave_type": "sick", "start": "2026-09-16", "end": "2026-09-16"})]),
    (
        "wir brauchen zwei Monitore für je 200 Euro",
        [("purchase.submit", {"item": "Monitore", "quantity": 2, "unit_price": "200", "currency": "EUR"})],
    ),
    ("genehmige 44", [("approval.approve", {"request_ids": [44]})]),
    (
        "vorrei ferie dal 5 al 9 ottobre",
        [("time_off.submit", {"leave_type": "vacation", "start": "2026-10-05", "end": "2026-10-09"})],
    ),
    (
        "ho pagato 25 euro di taxi ieri",
        [("expense.submit", {"amount": "25", "currency": "EUR", "category": "transport", "date": "2026-09-15"})],
    ),
    ("chi è in ferie la prossima settimana?", [("who_is_out", {"start": "2026-09-21", "end": "2026-09-25"})]),
]


@pytest.mark.parametrize(("text", "meant"), MESSAGES, ids=[text for text, _ in MESSAGES])
def test_a_message_is_understood(
    understood: Callable[..., Understood], text: str, meant: list[tuple[str, dict[str, Any]]]
) -> None:
    assert [(each.intent, dict(each.args)) for each in understood(text).intents] == meant


@pytest.mark.parametrize(
    ("text", "team"),
    [("how many people are out next week?", None), ("who is out in People next week?", "People")],
)
def test_people_are_everybody_unless_a_team_is_called_so(
    understood: Callable[..., Understood], text: str, team: str | None
) -> None:
    colleagues = (*COLLEAGUES, Colleague("ada.moss", "Ada Moss", "People", "hanna.berg"))
    intent = understood(text, colleagues=colleagues).intents[0]
    assert (intent.intent, intent.args.get("team")) == ("who_is_out", team)


@pytest.mark.parametrize(
    "text", ["Hanna should approve for me", "que Hanna apruebe por mí", "Hanna soll für mich genehmigen"]
)
def test_who_approves_for_somebody_stands_in(understood: Callable[..., Understood], text: str) -> None:
    intent = understood(text).intents[0]
    assert (intent.intent, intent.args) == ("approvals.delegate", {"to": "hanna.berg"})


def test_of_a_long_message_the_beginning_is_read(understood: Callable[..., Understood]) -> None:
    last = understood("I need Thursday off. " + "and so on " * 300 + "approve 214")
    assert [each.intent for each in last.intents] == ["time_off.submit"]
