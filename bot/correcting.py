"""Corrections of balances in chat: HR says whose, of what, by how much and why, and confirms it on a card."""

from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from backend import corrections, drafts, leave, people
from backend.drafts import Draft
from backend.forms import Form, blank, plain
from backend.people import Person
from backend.words import Title, say
from bot.message import Intent
from bot.offered import COMMENT
from bot.replies import Reply


class Correction(Form):
    """What is added to a colleague's balance (or, below zero, taken from it), and why."""

    to: str | None = blank("To", default=None)
    leave_type: str | None = blank("Kind of leave", default=None)
    days: Decimal | None = blank("Days", default=None)
    comment: str | None = blank("Why", default=None)


def drafted(session: Session, person: Person, asked: Correction) -> dict[str, Any]:
    """What a draft of a correction holds; a Refusal says why it cannot be."""
    values = plain(asked.model_dump(exclude_none=True))
    other = people.find(session, asked.to) if asked.to else None
    corrections.must_be_allowed(other, by=person)
    if asked.leave_type:
        corrections.kind_of(session, asked.leave_type)
    if asked.days is not None:
        corrections.must_be_an_amount(asked.days)
    return {**values, **({"to": other.handle} if other else {})}


def question(session: Session, draft: Draft, person: Person) -> str:
    """Asks whether to correct the balance, with what it comes to."""
    other = people.find(session, str(draft.values["to"]))
    kind = corrections.kind_of(session, str(draft.values["leave_type"]))
    days = Decimal(draft.values["days"])
    left = leave.free(session, other, kind.name) + days
    text = "Shall I add {amount} to {name}'s balance of {kind}? Then it is {left}."
    if days < 0:
        text = "Shall I take {amount} from {name}'s balance of {kind}? Then it is {left}."
    words = {"amount": kind.said(abs(days)), "left": kind.said(left)}
    return say(person.language, text, name=other.name, kind=Title(kind.title), **words)


def correct(session: Session, person: Person, draft: Draft) -> Reply:
    """Makes the correction of a draft."""
    values = draft.values
    other = people.find(session, str(values["to"]))
    kind = corrections.kind_of(session, str(values["leave_type"]))
    days, reason = Decimal(values["days"]), str(values[COMMENT])
    left = corrections.correct(session, other, leave_type=kind.name, days=days, reason=reason, by=person)
    drafts.close(draft, session, by=person)
    text = say(
        person.language,
        "Corrected: {name} now has {left} ({kind}), and is told why.",
        name=other.name,
        left=kind.said(left),
        kind=Title(kind.title),
    )
    return Reply(text, card=f"draft:{draft.id}", committed=(Intent("balance.correct", dict(values)),))
