"""Quiet manners: nobody is told anything outside their working hours that can wait until they are at work."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from backend import events, held, policies, steps
from backend.events import Happening
from backend.held import Held
from backend.people import Person
from backend.requests import Request, Step
from backend.store import now
from backend.timers import Timer

GATHERED = "notices.gathered"
"""What waits for somebody is told together."""


def hold(
    session: Session,
    person: Person,
    *,
    happening: Happening,
    request: Request | None = None,
    waits: Sequence[Step] = (),
) -> bool:
    """Holds a notice back where the person is not at work now; True if it is told later.

    request  what it is about, if it is about one; waits: the steps that wait for the person by it
    """
    if happening.to_id is not None or happening.kind == GATHERED:  # it was held back before, and has been released
        return False
    until = held.told_at(session, person)
    if until <= now(session):
        return False
    if request is not None and (policies.urgent(session, request) or _too_late(request, person, until)):
        return False
    held.hold(session, person, event_id=happening.id, until=until, steps=[each.id for each in waits])
    return True


@dataclass
class Due:
    """What is told to one person at a time: events one by one, and the steps that are told together."""

    events: list[str] = field(default_factory=list[str])
    steps: list[int] = field(default_factory=list[int])


def release(session: Session, timer: Timer) -> None:
    """What was held back from somebody is told, as things stand now; what waits for them comes as one digest."""
    person = session.get_one(Person, int(timer.subject.partition(":")[2]))
    due = _gathered(session, held.take(session, person), person)
    for event_id in due.events:
        events.owe(session, event_id, subscriber="notices", to=person)
    if due.steps:
        events.record(
            session,
            GATHERED,
            by=None,
            subject=f"person:{person.id}",
            about=(person,),
            detail={"steps": due.steps},
        )
    held.wake(session, person)


def _gathered(session: Session, rows: list[Held], person: Person) -> Due:
    """What of it is still to be told, and how: steps together where several wait, everything else by itself."""
    asked = [step for row in rows for each in row.steps if (step := session.get(Step, each)) is not None]
    live = [each for each in asked if each.state == "open" and person in steps.takers(session, each)]
    theirs = dict.fromkeys(each.id for each in live if steps.may_take(session, each, person)[0])
    due = Due(steps=list(theirs) if len(theirs) > 1 else [])
    last = {each: row.event_id for row in rows for each in row.steps}
    single = {last[each.id] for each in live if each.id not in due.steps}
    numbers = {each.number for each in asked if each.request.person_id != person.id}
    for row in rows:
        if row.event_id in single or (not row.steps and _number(session, row.event_id) not in numbers):
            due.events.append(row.event_id)
    due.events = list(dict.fromkeys(due.events))
    return due


def _number(session: Session, event_id: str) -> int | None:
    """The number of the request that an event is about: where that is asked about as well, its card says it all."""
    happening = events.happening(session, event_id)
    sort, _, number = (happening.subject if happening else "").partition(":")
    if sort == "step":
        step = session.get(Step, int(number))
        return step.number if step is not None else None
    return int(number) if sort == "request" else None


def _too_late(request: Request, person: Person, until: datetime) -> bool:
    """True for what became of somebody's own request, where that begins before they are at work again."""
    begins = request.values.get("start")
    if request.person_id != person.id or not begins:
        return False
    return date.fromisoformat(str(begins)) <= until.astimezone(ZoneInfo(person.place.timezone)).date()
