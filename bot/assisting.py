"""Assistants: whom an approver names to prepare for them, and to decide within limits; and that this ends."""

from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from backend import drafts, moves, people, stand_ins
from backend.drafts import Draft
from backend.forms import Form, blank, plain
from backend.kinds import kinds_of
from backend.people import Person
from backend.refusals import Refusal
from backend.words import Count, Money, Title, say
from bot.message import Intent
from bot.replies import Reply


class Assistance(Form):
    """Who is to assist the person, in which kind of request, and up to which amount or how many days they decide."""

    to: str | None = blank("To", default=None)
    up_to: Decimal | None = blank("Up to", default=None, gt=0)
    up_to_days: Decimal | None = blank("Up to days", default=None, gt=0)
    kind: str | None = blank("Kind", default=None)


class AssistanceOver(Form):
    """Who assists, or stands in, no more; left out: the only one who does."""

    to: str | None = blank("To", default=None)


def named(session: Session, person: Person, asked: Assistance) -> dict[str, Any]:
    """What a draft of naming an assistant holds; a Refusal says what cannot be."""
    if asked.kind and asked.kind not in kinds_of(session):
        raise Refusal(
            "There is no kind {kind}; there are {kinds}.", kind=asked.kind, kinds=", ".join(kinds_of(session))
        )
    values = plain(asked.model_dump(exclude_none=True))
    if asked.to:
        other = people.find(session, asked.to)
        if other.id == person.id:
            raise Refusal("Nobody is their own assistant: name somebody else.")
        values["to"] = other.handle
    return values


def over(session: Session, person: Person, asked: AssistanceOver) -> dict[str, Any]:
    """What a draft of ending it holds; a Refusal where there is no such assistant or stand-in."""
    there = {each.handle for each in _helping(session, person)}
    if not there:
        raise Refusal("Nobody stands in for you, and you have no assistant.")
    if asked.to is None:
        return {"to": there.pop()} if len(there) == 1 else {}
    other = people.find(session, asked.to)
    if other.handle not in there:
        raise Refusal("{name} neither assists {other} nor stands in for them.", name=other.name, other=person.name)
    return {"to": other.handle}


def _helping(session: Session, person: Person) -> list[Person]:
    """Who assists a person, or stands in for them."""
    assistants = [each.assistant for each in stand_ins.assistants_of(session, person)]
    return [*assistants, *stand_ins.stand_ins_of(session, person)]


def question(session: Session, draft: Draft, person: Person) -> str:
    """Asks whether to name this assistant, with what they may do."""
    language, values = person.language, draft.values
    who = people.find(session, str(values["to"])).name
    text = say(
        language, "Shall I make {who} your assistant? They see what waits for you, and may ask about it.", who=who
    )
    limits: list[object] = []
    if values.get("up_to"):
        limits.append(Money(Decimal(values["up_to"]), person.employer.currency))
    if values.get("up_to_days"):
        limits.append(Count(Decimal(values["up_to_days"])))
    for limit in limits:
        text += " " + say(language, "They may decide up to {limit} for you.", limit=limit)
    if not limits:
        text += " " + say(language, "They decide nothing.")
    if values.get("kind"):
        titles = Title(kinds_of(session)[values["kind"]].title)
        text += " " + say(language, "That holds for: {kinds}.", kinds=titles)
    return text


def ending(session: Session, draft: Draft, person: Person) -> str:
    """Asks whether to end it."""
    other = people.find(session, str(draft.values["to"]))
    if other in stand_ins.stand_ins_of(session, person):
        return say(person.language, "Shall I end it? {who} will then no longer decide for you.", who=other.name)
    return say(person.language, "Shall I end it? {who} will then no longer see what waits for you.", who=other.name)


def name(session: Session, person: Person, draft: Draft) -> Reply:
    """Names the assistant of a draft."""
    values = draft.values
    other = people.find(session, str(values["to"]))
    limits = {each: Decimal(values[each]) for each in ("up_to", "up_to_days") if values.get(each)}
    kinds = [values["kind"]] if values.get("kind") else []
    stand_ins.assist(session, person, assistant=other, kinds=kinds, by=person, **limits)
    drafts.close(draft, session, by=person)
    text = say(person.language, "{other} is your assistant from now on; they are told.", other=other.name)
    return Reply(text, card=f"draft:{draft.id}", committed=(Intent("approvals.assist", dict(values)),))


def end(session: Session, person: Person, draft: Draft) -> Reply:
    """Ends what the colleague of a draft does for the person: standing in, assisting, or both."""
    other = people.find(session, str(draft.values["to"]))
    text = "{other} is no longer your assistant; they are told."
    if any(each.assistant_id == other.id for each in stand_ins.assistants_of(session, person)):
        stand_ins.end_assistance(session, person, assistant=other, by=person)
    if other in stand_ins.stand_ins_of(session, person):
        stand_ins.end(session, person, other=other, by=person)
        moves.presence_changed(session, person, by=person)
        text = "{other} no longer stands in for you; they are told."
    drafts.close(draft, session, by=person)
    committed = Intent("approvals.unassist", {"to": other.handle})
    return Reply(say(person.language, text, other=other.name), card=f"draft:{draft.id}", committed=(committed,))
