"""Looks up how much leave somebody has left, and what that is made up of."""

from decimal import Decimal

from backend import entitlements, for_others, leave, leave_types, people, year_ends
from backend.forms import Form, blank
from backend.leave import BOOKING, CARRY, CORRECTION, GRANT, HOLD, LAPSE, OPENING, LeaveEntry
from backend.leave_types import LeaveType
from backend.people import Person
from backend.refusals import Refusal
from backend.words import say
from tools.look import Around, Found, Look

ENTRIES = {
    OPENING: "{day}: {amount} when the balance was opened",
    GRANT: "{day}: {amount} given",
    CORRECTION: "{day}: {amount} corrected by {who}: {reason}",
    LAPSE: "{day}: {amount} lapsed",
}

TAKEN = {"booked": "{amount} taken or booked", "pending": "{amount} waiting for a decision"}


class WhichLeave(Form):
    """Which kind of leave, and whose; none: all that a balance is kept for, of whoever asks.

    entries  also what the balance is made up of
    """

    leave_type: str | None = blank("Kind of leave", default=None)
    whose: str | None = blank("Whose", default=None)
    entries: bool = blank("What it is made up of", default=False)


def find(around: Around, asked: WhichLeave) -> Found:
    """What can still be asked for, and how much of what is spoken for waits; only to those who may know it."""
    session, reader = around.session, around.person
    person = people.find(session, asked.whose) if asked.whose else reader
    if not for_others.may_file_for(session, person, by=reader):
        raise Refusal("I show {name}'s balances only to {name}, their managers and HR.", name=person.name)
    lines: list[str] = []
    rows: list[dict[str, object]] = []
    for kind in leave_types.of(session):
        if asked.leave_type not in (None, kind.name) or (not kind.kept and asked.leave_type is None):
            continue
        if not kind.kept:
            lines.append(_without_balance(around, kind, person))
            continue
        free = leave.free(session, person, kind.name)
        waits = -sum((each.days for each in leave.holds(session, person, kind.name)), Decimal(0))
        lines.append(_line(kind, person, free=free, waits=waits, reader=reader))
        if asked.entries:
            lines += [f"• {each}" for each in _made_up(around, kind, person)]
        rows.append({"leave_type": kind.name, "free": str(free), "waiting": str(waits)})
    return Found("\n".join(lines) or say(reader.language, "There is no such kind of leave here."), rows=tuple(rows))


def _without_balance(around: Around, kind: LeaveType, person: Person) -> str:
    """What was taken so far in this leave year of a kind that nobody has an allowance of."""
    session, language = around.session, around.person.language
    today = entitlements.today(session)
    start = entitlements.year_of(today, leave_types.limits(session)).start
    days = leave.days_away(session, person, kind.name, start=start, end=today)
    return say(
        language,
        "{kind}: {days} taken since {day}; no balance is kept.",
        kind=say(language, kind.title),
        days=kind.said(days),
        day=start,
    )


def _line(kind: LeaveType, person: Person, *, free: Decimal, waits: Decimal, reader: Person) -> str:
    language = reader.language
    if person.id == reader.id:
        text = say(language, "{kind}: you have {days} left.", kind=say(language, kind.title), days=kind.said(free))
    else:
        words = {"kind": say(language, kind.title), "name": person.name, "days": kind.said(free)}
        text = say(language, "{kind}: {name} has {days} left.", **words)
    if waits:
        text += " " + say(language, "({days} more, not decided yet.)", days=kind.said(waits))
    return text


def _made_up(around: Around, kind: LeaveType, person: Person) -> list[str]:
    """What a balance is made up of in this leave year, line by line; the lines add up to it."""
    session, language = around.session, around.person.language
    year = entitlements.year_of(entitlements.today(session), leave_types.limits(session))
    found = leave.entries(session, person, kind.name)
    out: list[str] = []
    before = year_ends.left_of(session, person, kind, year=year.before)
    if before:
        text = say(language, "{amount} left from before {day}", amount=kind.said(before), day=year.start)
        out.append(text)
    counted = [each for each in found if each.since >= year.start and each.sort not in (HOLD, BOOKING, CARRY)]
    for each in sorted(counted, key=lambda each: (each.since, each.id)):
        out.append(_entry(around, kind, each))
    for state in TAKEN:
        taken = leave.taken(session, person, kind.name, start=year.start, state=state)
        if taken:
            out.append(say(language, TAKEN[state], amount=kind.said(-taken)))
    return out


def _entry(around: Around, kind: LeaveType, entry: LeaveEntry) -> str:
    by = around.session.get(Person, entry.by_id) if entry.by_id else None
    language = around.person.language
    return say(
        language,
        ENTRIES[entry.sort],
        day=entry.since,
        amount=kind.said(entry.days),
        who=by.name if by else say(language, "nobody"),
        reason=entry.reason or "",
    )


LOOK = Look("look_balance", ("time_off.balance",), WhichLeave, find, "How many days of leave the person has left.")
