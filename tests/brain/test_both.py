"""The balance and the rule for it are asked for in one message; what has to be paid is a list, not a rule."""

from collections.abc import Callable

import pytest

from bot.brain.both import balance_and_rule
from bot.brain.hearing import hear
from bot.brain.owed import owed
from bot.brain.port import Understood
from tests.brain.conftest import turn

BOTH = [
    "how much vacation do I have left and until when can I take it?",
    "¿cuántas vacaciones me quedan y hasta cuándo puedo cogerlas?",
    "quantos dias de férias me restam e até quando os posso gozar?",
    "combien de congés me reste-t-il et jusqu'à quand puis-je les prendre ?",
    "wie viel Urlaub habe ich noch und bis wann kann ich ihn nehmen?",
    "quanti giorni di ferie mi restano e fino a quando posso usarli?",
]


MORE = [
    "combien de jours de congé me reste-t-il et jusqu'à quand dois-je les prendre ?",
    "quantos dias de férias tenho e até quando os tenho de gozar?",
    "how many vacation days do I have and by when must they be gone?",
]


@pytest.mark.parametrize("text", [*BOTH, *MORE])
def test_the_balance_and_the_rule_are_two_questions(text: str, understood: Callable[..., Understood]) -> None:
    assert [each.intent for each in understood(text).intents] == ["time_off.balance", "policy.ask"]


SICK = [
    "how many sick days have I taken this year and do I need a doctor's note?",
    "¿cuántos días de baja llevo este año y cuándo hace falta un certificado?",
    "quantos dias de doença tirei este ano e quando preciso de atestado?",
    "combien de jours de maladie ai-je pris cette année et quand faut-il un certificat ?",
    "wie viele Krankheitstage hatte ich dieses Jahr und ab wann brauche ich ein Attest?",
    "quanti giorni di malattia ho fatto quest'anno e quando serve il certificato?",
]


@pytest.mark.parametrize("text", SICK)
def test_the_days_ill_and_the_rule_for_notes_are_two_questions(text: str) -> None:
    found = balance_and_rule(hear(turn(text)))
    assert found is not None
    assert [(each.intent, each.args.get("leave_type")) for each in found] == [
        ("time_off.balance", "sick"),
        ("policy.ask", None),
    ]


@pytest.mark.parametrize("text", ["how much vacation do I have left?", "until when can I carry over vacation?"])
def test_one_of_them_is_one_question(text: str) -> None:
    assert balance_and_rule(hear(turn(text))) is None


TO_PAY = [
    "what has to be paid?",
    "what do we have to pay this week?",
    "what do I need to pay?",
    "what should we pay today?",
    "¿qué hay que pagar?",
    "o que temos de pagar?",
    "qu'est-ce qu'il faut payer ?",
    "was muss bezahlt werden?",
    "cosa dobbiamo pagare?",
]


@pytest.mark.parametrize("text", TO_PAY)
def test_what_has_to_be_paid_is_a_list(text: str) -> None:
    found = owed(hear(turn(text)))
    assert found is not None
    assert found.intent == "payments.owed"


def test_who_pays_for_what_is_a_rule() -> None:
    assert owed(hear(turn("what has to be paid for meals on a trip?"))) is None
