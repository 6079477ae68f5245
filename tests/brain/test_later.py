"""Putting off and asking again, said in chat: what is one, until when, in six languages; and what is something else."""

from typing import Any

import pytest

from bot.brain.hearing import hear
from bot.brain.later import later
from bot.brain.local import LocalBrain
from bot.brain.moments import moment_in
from bot.brain.owed import arrived
from bot.brain.port import Known, Pending
from tests.brain.conftest import turn

WAITS = Known(214, "EX-214", "expense", "zoe.klein", "Taxi", "pending", {}, True)
MINE = Known(215, "TO-215", "time_off", "ivo.santos", "Vacation", "pending", {}, False)
BOTH = (WAITS, MINE)


def said(text: str, *, known: tuple[Known, ...] = BOTH, **more: Any) -> tuple[str, dict[str, Any]] | None:
    found = later(hear(turn(text, known=known, **more)))
    return None if found is None else (found.intent, dict(found.args))


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("in 2 hours", "2026-09-16T11:30"),
        ("in half an hour", "2026-09-16T10:00"),
        ("in 45 minutes", "2026-09-16T10:15"),
        ("dentro de una hora", "2026-09-16T10:30"),
        ("daqui a duas horas", "2026-09-16T11:30"),
        ("dans trois heures", "2026-09-16T12:30"),
        ("in zwei Stunden", "2026-09-16T11:30"),
        ("tra un'ora", "2026-09-16T10:30"),
        ("fra 2 ore", "2026-09-16T11:30"),
        ("tomorrow", "2026-09-17T09:00"),
        ("tomorrow at 9", "2026-09-17T09:00"),
        ("tomorrow at 3pm", "2026-09-17T15:00"),
        ("tomorrow afternoon", "2026-09-17T14:00"),
        ("until Monday", "2026-09-21T09:00"),
        ("next monday at 14:30", "2026-09-21T14:30"),
        ("next week", "2026-09-21T09:00"),
        ("on the 21st at noon", "2026-09-21T12:00"),
        ("thursday at 11", "2026-09-17T11:00"),
        ("donnerstag um 11", "2026-09-17T11:00"),
        ("at 4", "2026-09-16T16:00"),
        ("at 9", "2026-09-17T09:00"),
        ("mañana a las 10", "2026-09-17T10:00"),
        ("hasta el lunes", "2026-09-21T09:00"),
        ("amanhã às 9h", "2026-09-17T09:00"),
        ("na segunda-feira às 14:30", "2026-09-21T14:30"),
        ("lundi à 9h", "2026-09-21T09:00"),
        ("demain à 14h30", "2026-09-17T14:30"),
        ("morgen um 9 Uhr", "2026-09-17T09:00"),
        ("am Montag um 14:30", "2026-09-21T14:30"),
        ("domani alle 9", "2026-09-17T09:00"),
        ("fino a lunedì", "2026-09-21T09:00"),
    ],
)
def test_a_moment_is_read(text: str, until: str) -> None:
    found = moment_in(hear(turn(text)), bare=True)
    assert found is not None
    assert found.at.isoformat(timespec="minutes").startswith(until)


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("snooze 214 until Monday", "2026-09-21T09:00"),
        ("remind me of EX-214 tomorrow at 9", "2026-09-17T09:00"),
        ("please remind me about 214 in 2 hours", "2026-09-16T11:30"),
        ("put off 214 until tomorrow afternoon", "2026-09-17T14:00"),
        ("put 214 off until Monday", "2026-09-21T09:00"),
        ("recuérdame la 214 mañana a las 10", "2026-09-17T10:00"),
        ("lembra-me do 214 amanhã às 9h", "2026-09-17T09:00"),
        ("rappelle-moi la 214 lundi à 9h", "2026-09-21T09:00"),
        ("erinnere mich am Montag an 214", "2026-09-21T09:00"),
        ("kannst du mich morgen um 9 an 214 erinnern", "2026-09-17T09:00"),
        ("ricordami la 214 domani alle 9", "2026-09-17T09:00"),
    ],
)
def test_what_waits_is_put_off_by_its_number(text: str, until: str) -> None:
    found = said(text)
    assert found is not None
    assert found[0] == "approvals.snooze"
    assert found[1]["request_id"] == 214
    assert found[1]["until"].startswith(until)


@pytest.mark.parametrize(
    "text",
    [
        "remind me tomorrow at 9",
        "remind me later",
        "not now, remind me on Monday",
        "snooze it until Monday",
        "remind me to approve it tomorrow",
        "recuérdamelo mañana",
        "lembra-me mais tarde",
        "rappelle-le-moi demain",
        "erinnere mich später daran",
        "ricordamelo domani",
    ],
)
def test_under_a_card_it_needs_no_number(text: str) -> None:
    found = said(text, shown=("EX-214",))
    assert found is not None
    assert (found[0], found[1].get("request_id")) == ("approvals.snooze", 214)
    alone = said(text)
    assert alone is not None
    assert "request_id" not in alone[1]


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ("nudge Hanna about 215", {"request_id": 215}),
        ("can you chase my request?", {}),
        ("chase up TO-215 please", {"request_id": 215}),
        ("could you nudge hanna", {"person": "hanna.berg"}),
        ("please remind Hanna about my time off", {"kind": "time_off", "person": "hanna.berg"}),
        ("follow up with Hanna on 215", {"request_id": 215}),
        ("ping my manager about 215", {"request_id": 215}),
        ("dale un toque a Hanna por la 215", {"request_id": 215}),
        ("recuérdale a Hanna la 215", {"request_id": 215}),
        ("relembra a Hanna do 215", {"request_id": 215}),
        ("relance Hanna pour la 215", {"request_id": 215}),
        ("erinnere Hanna an 215", {"request_id": 215}),
        ("hake bei Hanna wegen 215 nach", {"request_id": 215}),
        ("sollecita Hanna per la 215", {"request_id": 215}),
        ("ricorda a Hanna la 215", {"request_id": 215}),
    ],
)
def test_those_one_waits_for_are_asked_again(text: str, args: dict[str, Any]) -> None:
    assert said(text) == ("request.nudge", args)


DESK = Known(216, "PR-216", "purchase", "ivo.santos", "2 × standing desks, €960.00", "pending", {}, False)


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ("can you remind Hanna about my desks", {"request_id": 216}),
        ("chase Hanna for the standing desk", {"request_id": 216}),
        ("relance Hanna pour mes desks", {"request_id": 216}),
    ],
)
def test_a_request_is_known_by_its_words(text: str, args: dict[str, Any]) -> None:
    assert said(text, known=(*BOTH, DESK)) == ("request.nudge", args)
    assert said(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "remind me to water the plants tomorrow",
        "remind me of Zoe's birthday on Monday",
        "remind me how many days I have",
        "remind Hanna to bring cake",
        "give Hanna two monitors",
        "send 215 back",
        "put 2 monitors on the list",
        "recuérdame comprar leche mañana",
        "erinnere mich an den Zahnarzt morgen",
        "what about 214 tomorrow?",
        "frag Hanna nach dem Wetter",
    ],
)
def test_anything_else_is_something_else(text: str) -> None:
    assert said(text, shown=("EX-214",)) is None


@pytest.mark.parametrize(
    "text", ["remind me tomorrow at 9", "snooze 214 until Monday", "nudge Hanna", "chase my request"]
)
def test_where_nothing_waits_it_is_something_else(text: str) -> None:
    assert said(text, known=()) is None


def test_asked_until_when_the_answer_is_a_moment(brain: LocalBrain) -> None:
    pending = Pending("approvals.snooze", {"request_ids": [214]}, "until")
    found = brain.understand(turn("thursday at 11", known=BOTH, pending=pending))
    assert [(each.intent, dict(each.args)) for each in found.intents] == [
        ("form.update", {"until": "2026-09-17T11:00:00+01:00"})
    ]


ORDERED = Known(216, "PR-216", "purchase", "ivo.santos", "3 × chairs, €400.00", "approved", {}, True)


@pytest.mark.parametrize(
    "text", ["2 of the chairs arrived", "the chair was delivered this morning", "han llegado las 216"]
)
def test_what_has_arrived_is_the_work_that_waits_for_it(text: str) -> None:
    found = arrived(hear(turn(text, known=(*BOTH, ORDERED))))
    assert found is not None
    assert (found.intent, found.args) == ("request.status", {"request_id": 216})
    assert arrived(hear(turn(text, known=BOTH))) is None


@pytest.mark.parametrize(
    "text", ["have the chairs arrived?", "a parcel arrived", "I received a bill for chairs of 40 euros"]
)
def test_other_things_that_arrive_are_nobodys_work(text: str) -> None:
    assert arrived(hear(turn(text, known=(*BOTH, ORDERED)))) is None
