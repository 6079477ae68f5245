"""Nudges: who asked for something may ask those it waits for to look at it, once a day."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend import events, held, people, requests, steps
from backend.events import Event
from backend.people import Person
from backend.refusals import Refusal
from backend.requests import Request

NUDGED = "request.nudged"


def nudge(request: Request, session: Session, *, by: Person) -> list[tuple[Person, datetime]]:
    """Asks those for whom a request waits to look at it. Returns who they are, each with when they will see it.

    A Refusal says why not, and when it can be done again.
    """
    request = requests.lock(session, request.number)
    who = must_be_possible(request, session, by=by)
    events.record(
        session,
        NUDGED,
        by=by,
        subject=request.subject,
        about=(request.person, *who),
        detail={"number": request.number, "who": [each.handle for each in who]},
    )
    session.flush()
    return [(each, held.told_at(session, each)) for each in who]


def must_be_possible(request: Request, session: Session, *, by: Person) -> list[Person]:
    """Those whom a nudge about a request would reach; a Refusal if there can be none now."""
    ref = requests.ref(session, request)
    if by.id not in (request.person_id, request.by_id):
        raise Refusal("{ref} belongs to {who}: only they can ask about it like that.", ref=ref, who=request.person.name)
    if not any(each.state == "open" for each in request.steps):
        raise steps.already(session, request)
    who = whom(session, request)
    if not who:
        raise Refusal("{ref} waits for you: there is nobody to nudge.", ref=ref)
    last = session.scalar(select(func.max(Event.at)).where(Event.kind == NUDGED, Event.subject == request.subject))
    today = people.today(session, by)
    if last is not None and people.day_in(by.place.timezone, last) >= today:
        raise Refusal(
            "You asked {who} about {ref} today already. You can do so again on {day}.",
            who=steps.waits_for(session, request),
            ref=ref,
            day=today + timedelta(days=1),
        )
    return who


def whom(session: Session, request: Request) -> list[Person]:
    """Those for whom a request waits, but for whose it is."""
    found = [
        person
        for step in request.steps
        if step.state == "open" and requests.asked(step) is None
        for person, _ in steps.waiting_on(session, step)
    ]
    return [each for each in dict.fromkeys(found) if each.id not in request.party]
