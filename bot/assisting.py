"""Assistants: whom an approver names in chat to prepare for them, and to decide within limits; and that it ends."""

from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from backend import drafts, people, stand_ins
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
    """Whose assistance ends; left out: that of the only assistant."""

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
    """What a draft of ending it holds; a Refusal where there is no such assistant."""
    there = {each.assistant.handle for each in stand_ins.assistants_of(session, person)}
    if not there:
        raise Refusal("You have no assistant.")
    if asked.to is None:
        return {"to": there.pop()} if len(there) == 1 else {}
    other = people.find(session, asked.to)
    if other.handle not in there:
        raise Refusal("{name} is no assistant of {other}.", name=other.name, other=person.name)
    return {"to": other.handle}


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
    who = people.find(session, str(draft.values["to"])).name
    return say(person.language, "Shall I end it? {who} will then no longer see what waits for you.", who=who)


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
    """Ends the assistance of a draft."""
    other = people.find(session, str(draft.values["to"]))
    stand_ins.end_assistance(session, person, assistant=other, by=person)
    drafts.close(draft, session, by=person)
    text = say(person.language, "{other} is no longer your assistant; they are told.", other=other.name)
    return Reply(text, card=f"draft:{draft.id}", committed=(Intent("approvals.unassist", {"to": other.handle}),))
