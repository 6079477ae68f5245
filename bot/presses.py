"""Presses: each verb of a button and the one thing it commits. The only road to a commit."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from backend import (
    buttons,
    drafts,
    requests,
    steps,
)
from backend.drafts import Act, Draft
from backend.people import Person
from backend.refusals import Already
from bot import (
    assisting,
    cards,
    confirming,
    correcting,
    decision_presses,
    draft_presses,
    handbook_presses,
    later,
    paying,
    questions,
    request_presses,
)
from bot.offered import AMOUNT, COMMENT, UNTIL
from bot.pressed import Values, draft_of, request_of
from bot.replies import Reply

Press = Callable[[Session, Person, str, Values], Reply]


def press(session: Session, person: Person, token: str, values: Values) -> Reply:
    """Takes the button and does what it says, in the caller's transaction.

    A Refusal leaves the button as it was; Already says who was first.
    """
    button = buttons.look(session, token, person=person)
    verb, _, rest = button.verb.partition(":")
    held = dict([rest.split("=", 1)]) if rest else dict[str, str]()
    version = int(held.pop("version", "0"))
    values = {**values, **held}
    if verb in OPENING:
        if button.taken_at is not None:
            raise Already("This card was changed since: use the newest one.")
        return OPENING[verb](session, person, button.subject, values)
    if (
        verb in UNSAID
        and button.subject.startswith("request:")
        and not any(map(values.get, SAYING.get(verb, (COMMENT,))))
    ):
        return _ask_for(session, person, button.subject, token, act=UNSAID[verb], values=values)
    try:
        buttons.take(button, session)
    except Already:
        request = request_of(session, button.subject)
        raise (
            steps.already(session, request)
            if request and request.state != requests.PENDING
            else Already("That was done already.")
        ) from None
    _must_be_as_shown(session, button.subject, version=version)
    return COMMITTING[verb](session, person, button.subject, values)


def _must_be_as_shown(session: Session, subject: str, *, version: int) -> None:
    """Already, if a request was changed since the card was drawn whose button this is."""
    sort, _, number = subject.partition(":")
    if sort != "request":
        return
    request = requests.lock(session, int(number))
    if version != request.version:
        ref = requests.ref(session, request)
        raise Already("{refs} was changed since you were shown this: look at its newest card first.", refs=ref)


def main_verb(draft: Draft) -> str:
    """What a plain yes to this draft presses."""
    return "submit" if draft.act == Act.SUBMIT else cards.ACTS[draft.act][0]


COMMITTING: dict[str, Press] = {
    "submit": draft_presses.submit,
    "discard": draft_presses.discard,
    "approve": decision_presses.approve,
    "reject": decision_presses.reject,
    "lower": decision_presses.lower,
    "decide_lines": decision_presses.decide_lines,
    "send_back": decision_presses.send_back,
    "answer": request_presses.answer,
    "undo": decision_presses.undo,
    "withdraw": request_presses.withdraw,
    "amend": draft_presses.amend,
    "give_back": request_presses.give_back,
    "finish": request_presses.finish,
    "stand_in": draft_presses.stand_in,
    "confirm_holidays": confirming.confirm,
    "question_holidays": confirming.question,
    "snooze": request_presses.snooze,
    "nudge": request_presses.nudge,
    "assist": lambda session, person, subject, values: assisting.name(session, person, draft_of(session, subject)),
    "unassist": lambda session, person, subject, values: assisting.end(session, person, draft_of(session, subject)),
    "correct": lambda session, person, subject, values: correcting.correct(session, person, draft_of(session, subject)),
    "make_payment": paying.make,
    "pay": paying.pay,
    "drop_payment": paying.drop,
    **handbook_presses.COMMITTING,
}
"""Verbs whose button is taken: they work once."""


OPENING: dict[str, Press] = {
    "change": draft_presses.change,
    "choose": draft_presses.choose,
    "mean": draft_presses.mean,
    "explain": draft_presses.explain,
    "one_receipt": draft_presses.one_receipt,
    "separate": draft_presses.separate,
    "approve_all": decision_presses.approve_all,
    "open": request_presses.open_card,
    "show": request_presses.show,
    **handbook_presses.OPENING,
}
"""Verbs that only begin a draft or work on one, and may be pressed again."""


UNSAID = {
    "reject": Act.REJECT,
    "lower": Act.LOWER,
    "send_back": Act.SEND_BACK,
    "answer": Act.ANSWER,
    "snooze": Act.SNOOZE,
}
"""Verbs that need something said; pressed without it, the bot asks for it."""


SAYING = {"snooze": (later.WHEN, later.DAY, UNTIL)}
"""What says it, where that is not the comment."""


def _ask_for(session: Session, person: Person, subject: str, token: str, *, act: Act, values: Values) -> Reply:
    request = request_of(session, subject)
    assert request is not None
    if request.state != requests.PENDING and act is not Act.SNOOZE:
        raise steps.already(session, request)
    known = {AMOUNT: values[AMOUNT]} if act is Act.LOWER and values.get(AMOUNT) else {}
    draft = drafts.draft(session, person, act=act, origin=f"why:{token}", about=[request.number], values=known)
    if draft.state != "open":
        draft.state = "open"
    return questions.about(session, draft)
