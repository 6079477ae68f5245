"""Corrections of balances: HR adds or takes away, always with a reason, and the person is told."""

from decimal import Decimal

from sqlalchemy.orm import Session

from backend import entitlements, events, leave, leave_types, people
from backend.forms import LONGEST_TEXT
from backend.leave import CORRECTION
from backend.leave_types import LeaveType
from backend.people import Person
from backend.refusals import Refusal

MOST = Decimal(1000)
"""Days or hours that one correction may add or take away."""


def correct(session: Session, person: Person, *, leave_type: str, days: Decimal, reason: str, by: Person) -> Decimal:
    """Adds so much to a balance (or takes it away, below zero), in the leave's unit. Returns what is left then."""
    must_be_allowed(person, by=by)
    kind = kind_of(session, leave_type)
    must_be_an_amount(days)
    if not reason.strip():
        raise Refusal("Please say why, so that {who} knows.", field="reason", who=person.first_name)
    if len(reason) > LONGEST_TEXT:
        raise Refusal("That reason is too long: {most} characters are the most.", field="reason", most=LONGEST_TEXT)
    leave.enter(
        session,
        person,
        leave_type=kind.name,
        sort=CORRECTION,
        days=days,
        by=by,
        day=entitlements.today(session),
        reason=reason.strip(),
    )
    left = leave.free(session, person, kind.name)
    events.record(
        session,
        "balance.corrected",
        by=by,
        subject=f"person:{person.id}",
        about=(person,),
        detail={"leave_type": kind.name, "days": days, "reason": reason.strip(), "left": left},
    )
    return left


def must_be_allowed(person: Person | None, *, by: Person) -> None:
    """A Refusal unless somebody may correct the balances of a person, or of anybody where nobody is named yet."""
    if not people.has_role(by, "hr"):
        raise Refusal("Only HR can correct balances: ask HR to do it.")
    if person is not None and by.id == person.id:
        raise Refusal("You can't correct your own balance: ask somebody else in HR.")


def must_be_an_amount(days: Decimal) -> None:
    """A Refusal unless a correction may be so much."""
    if not days.is_finite() or not 0 < abs(days) <= MOST or days != days.quantize(Decimal("0.01")):
        raise Refusal("Say how much to add or take away, such as 1.5 or -2.")


def kind_of(session: Session, leave_type: str) -> LeaveType:
    """The kind of leave of that name, of which balances are kept; a Refusal names those."""
    kept = [each for each in leave_types.of(session) if each.kept]
    found = next((each for each in kept if each.name == leave_type), None)
    if found is None:
        kinds = ", ".join(each.name for each in kept)
        raise Refusal("There is no balance of {kind}; there are {kinds}.", kind=leave_type, kinds=kinds)
    return found
