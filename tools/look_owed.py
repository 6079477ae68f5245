"""Looks up what is to be paid back to people, for finance."""

from backend import payments, people
from backend.forms import Form
from backend.refusals import Refusal
from backend.words import say
from tools.look import Around, Found, Look


class Nothing(Form):
    """There is nothing to say with it."""


def find(around: Around, nothing: Nothing) -> Found:
    """What may be paid back now; a Refusal for anybody but finance."""
    session, me = around.session, around.person
    if not people.has_role(me, "finance"):
        raise Refusal("Payments are for finance. Ask me how your requests stand, and I'll tell you which are paid.")
    found = payments.payable(session, me)
    if not found:
        return Found(say(me.language, "There is nothing to pay back now."))
    text = say(me.language, "{count} people are to be paid back:", count=len(found))
    if len(found) == 1:
        text = say(me.language, "One person is to be paid back:")
    return Found(text, card=f"owed:{me.id}")


LOOK = Look("look_owed", ("payments.owed",), Nothing, find, "What is to be paid back to people (for finance).")
