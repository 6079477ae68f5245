"""What a brain may ask for besides the kinds of request: a flat form for each tool."""

from datetime import date, datetime
from decimal import Decimal

from backend.forms import Form, blank


class Decision(Form):
    """A decision to confirm: which requests (by number, or by whose, which kind, about what) and why.

    amount   what is approved instead of what was asked
    comment  the reason, or the question with which it is sent back
    everything  all that fits is meant; what policy objects to is left to be looked at by itself
    """

    outcome: str = blank("Outcome", pattern="^(approve|reject|send_back|undo)$")
    request_ids: tuple[int, ...] = blank("Numbers", default=())
    person: str | None = blank("Whose", default=None)
    people: tuple[str, ...] = blank("Of several people", default=())
    kind: str | None = blank("Kind", default=None)
    item: str | None = blank("About", default=None)
    amount: Decimal | None = blank("Amount", default=None)
    comment: str | None = blank("Why", default=None)
    everything: bool = blank("All of them", default=False)


class Withdrawal(Form):
    """A request to take back: by number, or by its days or kind of leave.

    only_days  those days alone are given back, of a leave that goes on besides
    """

    request_id: int | None = blank("Number", default=None)
    start: date | None = blank("First day", default=None)
    end: date | None = blank("Last day", default=None)
    leave_type: str | None = blank("Kind of leave", default=None)
    kind: str | None = blank("Kind", default=None)
    item: str | None = blank("About", default=None)
    person: str | None = blank("Whose", default=None)
    only_days: bool = blank("Only those days", default=False)


class Snoozed(Form):
    """What waits for the person to be put off: which request, and until when they are to be reminded."""

    request_id: int | None = blank("Number", default=None)
    until: datetime | None = blank("Until", default=None)


class Nudged(Form):
    """A request of the person's about which those it waits for are asked: by number, by for whom it waits, or what."""

    request_id: int | None = blank("Number", default=None)
    person: str | None = blank("Who", default=None)
    kind: str | None = blank("Kind", default=None)
    item: str | None = blank("About", default=None)


class NamedDocument(Form):
    """A document of the handbook, as people call it."""

    doc: str = blank("Document")


class SameWords(Form):
    """Words that mean the same, by commas."""

    words: str = blank("Words")


class StandInFor(Form):
    """Who decides for the person, from when to when."""

    to: str | None = blank("To", default=None)
    start: date | None = blank("First day", default=None)
    end: date | None = blank("Last day", default=None)
