"""Buttons offered to one person, and the fields of the little forms that open on them."""

from decimal import Decimal

from sqlalchemy.orm import Session

from backend import buttons
from backend.forms import Widget, plain
from backend.people import Person
from backend.requests import Request
from backend.words import say, write
from bot.message import Button, Field

COMMENT, AMOUNT, LINE, LESS, UNTIL = "comment", "amount", "line_", "amount_", "until"
"""What the fields of those forms are called; a line's are followed by its position."""


def button(
    session: Session,
    person: Person,
    *,
    verb: str,
    subject: str,
    label: str,
    style: str = "",
    form: tuple[Field, ...] | None = None,
) -> Button:
    """A button for one person, with the token that the database knows it by."""
    sort, _, number = subject.partition(":")
    request = session.get(Request, int(number)) if sort == "request" else None
    if request is not None and request.version:
        verb = f"{verb}:version={request.version}"
    token = buttons.offer(session, person, verb=verb, subject=subject)
    return Button(verb=verb.split(":")[0], label=label, token=token, style=style, form=form)


def comment_field(language: str, title: str | None = None) -> Field:
    """The field in which somebody says why or, under another title, asks or answers."""
    title = title or say(language, "Why?")
    return Field(name=COMMENT, title=title, value=None, shown="", widget=Widget.LONG, required=True)


def amount_field(language: str, amount: Decimal | None, *, name: str = AMOUNT, title: str) -> Field:
    """The field in which somebody says how much, empty where nothing is proposed."""
    shown = write(language, amount) if amount is not None else ""
    return Field(name=name, title=title, value=plain(amount), shown=shown, widget=Widget.MONEY)
