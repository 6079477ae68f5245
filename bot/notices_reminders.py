"""Notices about what still waits: reminders and what came overnight, gathered for each person, and nudges."""

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import calendars, held, people, requests, snoozes, steps
from backend.chats import Posted
from backend.events import Happening
from backend.people import Person
from backend.requests import Request, Step
from backend.words import say
from bot import quiet, waiting
from bot.notices import ask, tell
from bot.replies import Reply

if TYPE_CHECKING:
    from bot.app import App


def person_reminded(session: Session, app: "App", happening: Happening) -> None:
    """Some steps still wait for somebody: they get the card of the one, or all of them in one message.

    Whoever is at the top gets two lines, once a day. What was decided or put off meanwhile is not told.
    """
    person = session.get_one(Person, int(happening.subject.partition(":")[2]))
    waits = [each for each in _steps(session, happening) if _waits_for(session, each, person)]
    if not waits:
        return
    if people.manager_of(session, person) is None:
        _tell_briefly(session, app, happening, person, waits)
    elif len(waits) == 1:
        ask(session, app, happening, waits[0], person, first=False)
    else:
        _tell_together(session, app, happening, person, waits, reminder=True)


def notices_gathered(session: Session, app: "App", happening: Happening) -> None:
    """What came for somebody while they were not at work waits for them: all of it in one message."""
    person = session.get_one(Person, int(happening.subject.partition(":")[2]))
    waits = [each for each in _steps(session, happening) if _open_to(session, each, person)]
    if len(waits) == 1:
        ask(session, app, happening, waits[0], person, first=True)
    elif waits and people.manager_of(session, person) is None:
        _tell_briefly(session, app, happening, person, waits, again=True)
    elif waits:
        _tell_together(session, app, happening, person, waits, reminder=False)


def request_nudged(session: Session, app: "App", happening: Happening) -> None:
    """The requester asks those for whom it waits to look at it: they get the card once more."""
    request = session.get(Request, int(happening.subject.partition(":")[2]))
    if request is None:
        return
    for step in request.steps:
        for person in [each for each, _ in steps.waiting_on(session, step)] if step.state == "open" else []:
            words: dict[str, object] = {
                "name": request.person.name,
                "ref": requests.ref(session, request),
                "what": requests.summary(session, request, person.language),
            }
            text = say(person.language, "{name} asks whether you can look at {ref}: {what}.", **words)
            tell(session, app, person, Reply(text, card=request.subject), happening=happening, waits=[step])


NOTICES: dict[str, Callable[[Session, "App", Happening], None]] = {
    "person.reminded": person_reminded,
    quiet.GATHERED: notices_gathered,
    "request.nudged": request_nudged,
}


def _tell_together(
    session: Session, app: "App", happening: Happening, person: Person, waits: Sequence[Step], *, reminder: bool
) -> None:
    text = waiting.headline(session, person, reminder=reminder)
    tell(session, app, person, Reply(text, card=f"waiting:{person.id}"), happening=happening, waits=waits)


def _tell_briefly(
    session: Session, app: "App", happening: Happening, person: Person, waits: Sequence[Step], *, again: bool = False
) -> None:
    """Two lines: how many wait and the oldest, and what to press. Once a day, but for `again`; else they are held."""
    today = _midnight(session, person)
    told = select(Posted.id).where(Posted.card == f"brief:{person.id}", Posted.made_at >= today)
    if not again and session.scalar(told.limit(1)) is not None:
        until = calendars.next_at_work(session, person, today + timedelta(days=1))
        ids = [each.id for each in waits]
        held.hold(session, person, event_id=happening.id, until=until, steps=ids, firm=True)
        return
    lines = [
        waiting.headline(session, person, reminder=False),
        say(person.language, "Press Show them to go through them, or ask me what waits."),
    ]
    tell(session, app, person, Reply("\n".join(lines), card=f"brief:{person.id}"), happening=happening, waits=waits)


def _midnight(session: Session, person: Person) -> datetime:
    """When the day began where the person works."""
    return datetime.combine(people.today(session, person), time(), tzinfo=ZoneInfo(person.place.timezone))


def _steps(session: Session, happening: Happening) -> list[Step]:
    found = [session.get(Step, int(each)) for each in happening.detail.get("steps", [])]
    return [each for each in found if each is not None]


def _open_to(session: Session, step: Step, person: Person) -> bool:
    return step.state == "open" and person in steps.takers(session, step)


def _waits_for(session: Session, step: Step, person: Person) -> bool:
    """Whether a step waits for this person now, and they have not put it off."""
    turn = [each for each, _ in steps.waiting_on(session, step)] if step.state == "open" else []
    return person in turn and snoozes.until(session, step, person) is None
