"""Approving for less: a lower amount for a line, or for the whole where there are no lines; what was asked is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from backend import requests
from backend.forms import Form, plain, validated
from backend.kinds import Kind, kinds_of
from backend.refusals import Refusal
from backend.requests import Request
from backend.words import Money, say

WHOLE = 0
"""Where a line's position is wanted, and there are no lines."""


@dataclass(frozen=True)
class Lowered:
    """So much was asked and so much less is granted; `values` are those that differ then."""

    position: int
    asked: Decimal
    granted: Decimal
    currency: str
    values: Mapping[str, Any]

    def as_doc(self) -> dict[str, Any]:
        """What was lowered, as a JSON document."""
        amounts = {"asked": plain(self.asked), "granted": plain(self.granted), "currency": self.currency}
        return {"line": self.position, **amounts}

    def grant(self, request: Request) -> None:
        """Notes what is granted beside what was asked."""
        line = next((each for each in request.lines if each.position == self.position), None)
        if line is None:
            request.granted = {**(request.granted or {}), **self.values}
        else:
            line.granted = {**(line.granted or {}), **self.values}


def amounts(session: Session, request: Request) -> dict[int, Decimal]:
    """What may be approved for less: the amount that each line (or 0, the whole) stands at now."""
    kind = kinds_of(session)[request.kind]
    form, lines = requests.forms_of(kind, request)
    rows = [(each.nth or WHOLE, each) for each in lines] if kind.line else [(WHOLE, None)]
    out: dict[int, Decimal] = {}
    for position, line in rows:
        amount = kind.amount(form, [line] if line else [])
        if amount is not None and amount > 0 and kind.lowered(form, line, amount / 2) is not None:
            out[position] = amount
    return out


def lower(session: Session, request: Request, wanted: Mapping[int, Decimal]) -> list[Lowered]:
    """What is granted when these amounts are approved, by position; those that stay as they are are left out.

    A Refusal says which amount cannot be.
    """
    if not wanted:
        return []
    kind = kinds_of(session)[request.kind]
    form, lines = requests.forms_of(kind, request)
    by_position = {each.nth or WHOLE: each for each in lines}
    standing = amounts(session, request)
    out: list[Lowered] = []
    for position, amount in sorted(wanted.items()):
        asked = standing.get(position)
        if asked is None:
            raise Refusal(
                "{ref} has nothing there that could be approved for less: approve or reject it.",
                ref=requests.ref(session, request),
            )
        if amount == asked:
            continue
        if not 0 < amount < asked:
            most = Money(asked, currency(request, kind, form))
            raise Refusal("Choose an amount above 0 and below {most}.", field="amount", most=most)
        line = by_position.get(position)
        values = kind.lowered(form, line, amount)
        assert values is not None
        row: Form = line or form
        before = row.model_dump()
        validated(type(row), {**before, **values})
        changed = {name: plain(value) for name, value in values.items() if before.get(name) != value}
        out.append(Lowered(position, asked, amount, currency(request, kind, form), changed))
    return out


def currency(request: Request, kind: Kind[Any], form: Form) -> str:
    """The currency that the amounts of a request are in."""
    return kind.currency(form) or request.person.employer.currency


def said(lowered: Mapping[str, Any], language: str) -> str:
    """What as_doc wrote down, as people read it: "line 2: €40.00 instead of €60.00"."""
    amounts = {name: Money(Decimal(lowered[name]), lowered["currency"]) for name in ("asked", "granted")}
    if lowered["line"] == WHOLE:
        return say(language, "{granted} instead of {asked}", **amounts)
    return say(language, "line {line}: {granted} instead of {asked}", line=lowered["line"], **amounts)
