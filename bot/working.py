"""Work on the cards: how far it is, and the button that says it is done, with what may be told of it."""

from sqlalchemy.orm import Session

from backend import requests
from backend.kinds import kinds_of
from backend.people import Person
from backend.requests import Request, Step
from backend.words import say
from bot.fields import form_field
from bot.message import Button
from bot.offered import button


def finish_button(session: Session, request: Request, step: Step, reader: Person) -> Button:
    """The button with which a piece of work is done, or a part of it, where its kind asks how much."""
    kind, language = kinds_of(session)[request.kind], reader.language
    form, lines = requests.forms_of(kind, request)
    desk = requests.desk_of(session, request, by=reader)
    fields = tuple(form_field(each, {}, language) for each in kind.tells(form, lines, step.label or "", desk))
    label = say(language, "Done: {what}", what=say(language, step.label or "work"))
    subject = step.subject
    return button(session, reader, verb="finish", subject=subject, label=label, style="primary", form=fields or None)


def facts(session: Session, request: Request, reader: Person) -> list[tuple[str, str]]:
    """How far the work of an approved request is; nothing while it is not approved, or where its state says all."""
    if request.state not in (requests.APPROVED, requests.DONE):
        return []
    kind = kinds_of(session)[request.kind]
    form, lines = requests.forms_of(kind, request)
    found = kind.stands(form, lines, requests.desk_of(session, request, by=None))
    return [(say(reader.language, found.title), say(reader.language, found.text, **found.values))] if found else []
