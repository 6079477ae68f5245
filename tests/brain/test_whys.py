"""Why a request goes to somebody: what is that question, in six languages, and what is another."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.brain.hearing import hear
from bot.brain.port import Colleague, Known, Pending, Turn
from bot.brain.whys import why
from tools import all_kinds

KINDS = all_kinds()
KNOWN = Known(214, "TO-214", "time_off", "ana", "Vacation", "pending", {}, True)
MARIA = Colleague("maria.silva", "Maria Silva", "works", None)


def turn(text: str, *, pending: Pending | None = None, shown: tuple[str, ...] = ()) -> Turn:
    return Turn(
        text=text,
        speaker="ana",
        now=datetime(2026, 11, 24, 10, tzinfo=ZoneInfo("Europe/Madrid")),
        currency="EUR",
        day_first=True,
        colleagues=(MARIA,),
        kinds=KINDS,
        known=(KNOWN,),
        pending=pending,
        shown=shown,
    )


@pytest.mark.parametrize(
    "text",
    [
        "why does this need finance?",
        "Why does it need two people to approve it?",
        "so why did that go to Maria?",
        "why does Maria have to approve this?",
        "¿por qué necesita esto a finanzas?",
        "porque é que isto precisa de aprovação?",
        "pourquoi cela doit passer par Maria ?",
        "warum braucht das die Finanzabteilung?",
        "perché questo ha bisogno di un'approvazione?",
    ],
)
def test_it_is_asked_of_what_was_shown_last(text: str) -> None:
    asked = why(hear(turn(text, shown=("EX-12", "TO-3"))))
    assert asked is not None
    assert (asked.intent, asked.args) == ("request.explain", {"request_id": 12})


def test_a_number_and_an_open_draft_come_first() -> None:
    named = why(hear(turn("why does TO-214 go to Maria?", shown=("EX-12",))))
    assert named is not None
    assert named.args == {"request_id": 214}
    drafting = Pending("expense.submit", {"amount": "700"}, "confirm")
    this = why(hear(turn("why does this need finance?", pending=drafting, shown=("EX-12",))))
    assert this is not None
    assert this.args == {}


@pytest.mark.parametrize(
    "text",
    [
        "why is 214 still pending?",
        "why was TO-214 rejected?",
        "why has Maria not approved 214 yet?",
        "why do I need a doctor's note?",
        "why do we need finance to buy a chair?",
        "why does my manager need to know where I am?",
        "does this need finance?",
        "warum dauert das so lange?",
    ],
)
def test_other_questions_stay_what_they_are(text: str) -> None:
    assert why(hear(turn(text, shown=("EX-12",)))) is None


def test_of_nothing_that_was_shown_nothing_is_asked() -> None:
    assert why(hear(turn("why does this need finance?"))) is None
