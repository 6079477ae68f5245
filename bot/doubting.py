"""What is in doubt on a draft: how it is asked, marked on the card, and answered by a button."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from backend import doubts, drafts
from backend.doubts import Doubt
from backend.drafts import Draft
from backend.forms import Blank
from backend.kinds import Kind, Objection, kinds_of
from backend.people import Person
from backend.words import say
from bot.fields import form_field, shown
from bot.message import Button, Field
from bot.offered import button


def first(session: Session, draft: Draft) -> Doubt | None:
    """The doubt that is asked about now: what is missing comes first, but for what a form asks for after it."""
    missing, found = drafts.missing(draft, session), doubts.of(draft, session)
    if not found or not missing:
        return found[0] if found else None
    names = [each.name for each in kinds_of(session)[draft.kind or ""].sayable()]
    before = len(draft.lines) == 1 and names.index(found[0].blank.name) <= names.index(missing[0].name)
    return found[0] if before else None


def question(session: Session, draft: Draft, doubt: Doubt, person: Person) -> str:
    """Asks for what is right: "Amount: €28.00 or €20.00?"."""
    language = person.language
    said = [_said(session, draft, doubt, each, language) for each in _values(draft, doubt)]
    title = say(language, doubt.blank.title)
    if len(said) > 1:
        several = say(language, "{some} or {last}", some=", ".join(said[:-1]), last=said[-1])
        text = say(language, "{title}: {values}?", title=title, values=several)
    elif said:
        text = say(language, "{title}: I read {value}. Is that right?", title=title, value=said[0])
    else:
        text = say(language, doubt.blank.question)
    if len(draft.lines) > 1:
        return say(language, "Line {line}: {problem}", line=doubt.line, problem=text)
    return text


def choices(session: Session, draft: Draft, person: Person) -> list[Button]:
    """A button for each value that the doubt which is asked about may have."""
    asked = first(session, draft)
    if asked is None or asked.blank.name not in draft.asked:
        return []
    where = f"{asked.line}." if len(draft.lines) > 1 else ""
    return [
        button(
            session,
            person,
            verb=f"choose:{where}{asked.blank.name}={value}",
            subject=f"draft:{draft.id}",
            label=_said(session, draft, asked, value, person.language),
        )
        for value in _values(draft, asked)
    ]


def marked(session: Session, draft: Draft, fields: Sequence[Field], *, line: int, language: str) -> tuple[Field, ...]:
    """The fields of a line, with those that may be wrong marked."""
    names = {each.blank.name for each in doubts.of(draft, session) if each.line == line}
    problem = say(language, "please check")
    return tuple(replace(each, problem=problem) if each.name in names else each for each in fields)


def explanations(
    session: Session, draft: Draft, person: Person, kind: Kind[Any], found: Sequence[Objection]
) -> list[Button]:
    """For what may be a duplicate: the button with which somebody says why it is none."""
    made: list[Button] = []
    blanks = {each.name: each for each in kind.sayable()}
    for name in dict.fromkeys(each.unless for each in found if each.unless):
        held = [draft.values.get(name), *(line.get(name) for line in draft.lines)]
        if name in blanks and not any(held):
            field = replace(form_field(blanks[name], {}, person.language), required=True)
            label = say(person.language, "It is another one")
            words = {"verb": "explain", "subject": f"draft:{draft.id}", "label": label}
            made.append(button(session, person, form=(field,), **words))
    return made


def settle_first(session: Session, draft: Draft) -> bool:
    """A plain yes to what was asked: what was read is right. False where nothing is in doubt."""
    found = first(session, draft)
    if found is None or found.blank.name not in draft.asked:
        return False
    doubts.settle(draft, session, names=[found.blank.name], line=found.line)
    return True


def _values(draft: Draft, doubt: Doubt) -> list[str]:
    """What it may be, with what is filled in now among it."""
    held = draft.lines[doubt.line - 1].get(doubt.blank.name)
    out = list(doubt.candidates)
    return out if held in (None, "") or str(held) in out else [str(held), *out]


def _said(session: Session, draft: Draft, doubt: Doubt, value: str, language: str) -> str:
    currency = str(draft.lines[doubt.line - 1].get("currency") or drafts.desk_of(draft, session).currency)
    blank: Blank = doubt.blank
    return shown(blank, value, language, currency)
