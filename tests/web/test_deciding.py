"""Finer decisions in the browser: each form opens on its button, and is sent as it is filled in."""

from tests.web.conftest import Shop, seen

DESK = {"item": "desk lamp", "quantity": 1, "total": "80.00"}


def test_approving_for_less_and_asking_are_forms_on_their_buttons(demo: Shop) -> None:
    ana, maria = demo.browser("ana"), demo.browser("maria")
    ana.says("a lamp", meant=[("purchase.submit", DESK)])
    ana.presses("Send to Maria Silva")
    maria.presses("Ask a question", **{"f.long.comment": "Which desk?"})
    assert "Which desk?" in seen(ana.page())
    ana.presses("Answer", **{"f.long.comment": "The one by the door"})
    assert "The one by the door" in seen(maria.page())
    maria.presses("Lower amount", **{"f.money.amount": "60", "f.long.comment": "the smaller one"})
    assert "€60.00 instead of €80.00" in seen(ana.page())
    maria.presses("Undo")
    assert "Maria Silva took back their decision" in seen(ana.page())
