"""What managers and HR enter for somebody else: who may, whether it has to be decided, and days off for everybody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from backend import calendars, events, filing, leave, leave_types, people
from backend.calendars import Part, span
from backend.kinds import Kind, kinds_of
from backend.people import Person
from backend.refusals import Refusal
from backend.requests import Request

HR = "hr"


@dataclass(frozen=True)
class Closing:
    """What days off for everybody mean for one person.

    spans     what is booked, each from its first to its last day; cost is what that takes
    left_out  days on which they are away already
    short     by how much it is more than they have left
    """

    person: Person
    spans: tuple[tuple[date, date], ...]
    cost: Decimal
    left_out: tuple[date, ...]
    short: Decimal


def may_file_for(session: Session, person: Person, *, by: Person) -> bool:
    """Whether somebody may enter requests for a person, and see their balances: HR, and everybody above them."""
    if by.id == person.id:
        return True
    return people.has_role(by, HR) or leads(session, person, by=by)


def leads(session: Session, person: Person, *, by: Person) -> bool:
    """Whether somebody is above a person in the chain of managers."""
    seen = {person.id}
    above = person.manager
    while above is not None and above.id not in seen:
        if above.id == by.id:
            return True
        seen.add(above.id)
        above = above.manager
    return False


def must_be_allowed(session: Session, person: Person, *, by: Person) -> None:
    """A Refusal unless somebody may enter requests for a person."""
    if not people.works_here(session, person):
        raise Refusal("{name} does not work here at the moment.", name=person.name)
    if not may_file_for(session, person, by=by):
        raise Refusal(
            "Only {name}, their managers and HR can enter that for {name}: please ask one of them.", name=person.name
        )


def must_be_hr(by: Person) -> None:
    """A Refusal unless somebody may book days off for everybody."""
    if not people.has_role(by, HR):
        raise Refusal("Only HR can book days off for others: ask HR to do it.")


def counts_as_decided(session: Session, kind: Kind[Any], person: Person, *, by: Person) -> bool:
    """Whether what somebody enters for a person needs no decision: where policy trusts managers with that."""
    if by.id == person.id or kind.name != leave_types.TIME_OFF:
        return False
    return leave_types.limits(session).managers_decide and leads(session, person, by=by)


def file(
    session: Session,
    kind: Kind[Any],
    *,
    values: Mapping[str, Any],
    lines: Sequence[Mapping[str, Any]] = (),
    person: Person,
    by: Person,
    decided: bool = False,
    reason: str = "",
) -> Request:
    """Enters a request for somebody else, who is told; a Refusal says who may.

    It is decided as their own would be, but never by whom entered it, unless policy lets managers do that.
    """
    if not kind.for_others:
        raise Refusal("Nobody can enter that for somebody else: {name} has to ask.", name=person.name)
    must_be_allowed(session, person, by=by)
    trusted = decided or counts_as_decided(session, kind, person, by=by)
    request = filing.submit(session, kind, values=values, lines=lines, requester=person, by=by, decided=trusted)
    events.record(
        session,
        "request.filed_for",
        by=by,
        on_behalf_of=person,
        subject=request.subject,
        detail={"number": request.number, "kind": kind.name, "decided": trusted, "reason": reason},
    )
    session.flush()
    return request


def closings(
    session: Session, everybody: Sequence[Person], *, start: date, end: date, leave_type: str
) -> list[Closing]:
    """What days off for these people mean for each; days that they do not work or are away anyway are left out."""
    kind = leave_types.named(leave_types.of(session), leave_type)
    out: list[Closing] = []
    for person in everybody:
        away = {row.day for row in leave.days_of(session, person, start, end)}
        works = [day for day in span(start, end) if calendars.works_on(session, person, day)]
        taken = [day for day in works if day not in away]
        cost = sum(
            (calendars.counts(session, person, day, part=Part.FULL, unit=kind.unit) for day in taken), Decimal(0)
        )
        short = max(cost - leave.free(session, person, kind.name), Decimal(0)) if kind.kept else Decimal(0)
        left_out = tuple(day for day in works if day in away)
        out.append(Closing(person, tuple(_spans(taken, left_out)), cost, left_out, short))
    return out


def close(session: Session, found: Sequence[Closing], *, leave_type: str, reason: str, by: Person) -> list[Request]:
    """Books days off for everybody they are meant for: HR enters them, each person is told."""
    must_be_hr(by)
    if leave_type not in {each.name for each in leave_types.of(session)}:
        raise Refusal("There is no such kind of leave here: choose another.", field="leave_type")
    kind = kinds_of(session)[leave_types.TIME_OFF]
    return [
        file(
            session,
            kind,
            values={"leave_type": leave_type, "start": start.isoformat(), "end": end.isoformat(), "note": reason},
            person=each.person,
            by=by,
            decided=True,
            reason=reason,
        )
        for each in found
        for start, end in each.spans
    ]


def _spans(days: Sequence[date], apart: Sequence[date]) -> list[tuple[date, date]]:
    """Days as spans from first to last; a day between two that is not to be in one parts them."""
    out: list[tuple[date, date]] = []
    for day in days:
        if out and not any(out[-1][1] < each < day for each in apart):
            out[-1] = (out[-1][0], day)
        else:
            out.append((day, day))
    return out
