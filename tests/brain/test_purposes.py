"""What a thing is for, told while its draft is open, is the reason on the form; anything else is not."""

from collections.abc import Callable

import pytest

from bot.brain.port import Pending, Understood

CHAIRS = Pending(
    "purchase.submit", {"item": "chairs", "quantity": 2, "unit_price": "180", "currency": "EUR"}, awaiting="confirm"
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("they're for the meeting room", "the meeting room"),
        ("for the new hires in engineering", "the new hires in engineering"),
        ("because the old ones broke", "the old ones broke"),
        ("es para el equipo nuevo", "el equipo nuevo"),
        ("c'est pour la salle de réunion", "la salle de réunion"),
        ("die sind für den neuen Kollegen", "den neuen Kollegen"),
        ("sono per la sala riunioni", "la sala riunioni"),
    ],
)
def test_what_it_is_for(understood: Callable[..., Understood], text: str, reason: str) -> None:
    said = understood(text, pending=CHAIRS).intents[0]
    assert (said.intent, said.args) == ("form.update", {"reason": reason})


@pytest.mark.parametrize(
    "text",
    ["for friday", "for 250 each", "per favore", "for two days", "for how long?", "for what do I need approval?"],
)
def test_what_is_no_reason(understood: Callable[..., Understood], text: str) -> None:
    assert "reason" not in understood(text, pending=CHAIRS).intents[0].args
