"""What the button that somebody presses is about: a draft, or a request."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from backend.drafts import Draft
from backend.refusals import Refusal
from backend.requests import Request

Values = Mapping[str, Any]
"""What was filled in with a press."""


def draft_of(session: Session, subject: str) -> Draft:
    """The draft that a button is about; a Refusal where it is gone, or was about something else."""
    draft = session.get(Draft, int(subject.partition(":")[2])) if subject.startswith("draft:") else None
    if draft is None:
        raise Refusal("I no longer have that draft. Tell me again what you need and I'll start a new one.")
    return draft


def number_in(values: Values, name: str) -> int:
    """The number that a press came with under this name; a Refusal where there is none."""
    said = str(values.get(name, ""))
    if not (said.isdecimal() and len(said) < 10):
        raise Refusal("That was not one of the choices.")
    return int(said)


def request_of(session: Session, subject: str) -> Request | None:
    """The request that a button is about; None where it is about something else."""
    sort, _, number = subject.partition(":")
    return session.get(Request, int(number)) if sort == "request" else None
