"""Later: the buttons and words with which somebody puts off what waits for them, or asks those they wait for."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from backend import nudges, people, requests, snoozes, steps
from backend.drafts import Draft
from backend.forms import Widget
from backend.people import Person
from backend.refusals import Refusal
from backend.requests import Request, Step
from backend.store import now
from backend.words import Either, say
from bot.message import Button, Field
from bot.offered import UNTIL, button

WHEN, DAY, TIME = "when", "day", "time"
"""What the fields of the little form are called."""

CHOICES = {"hours": "In 2 hours", "tomorrow": "Tomorrow at 9", "monday": "On Monday at 9"}
USUAL = "tomorrow"
HOURS = timedelta(hours=2)
MORNING = time(9)
MONDAY = 0

_CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?\s*(?:h|uhr)?\s*(am|pm)?", re.IGNORECASE)


def snooze_button(session: Session, request: Request, step: Step, reader: Person) -> list[Button]:
    """The button that puts a step off, with the choices and, for another time, its day and hour."""
    if not steps.may_take(session, step, reader)[0] or requests.asked(step) is not None:
        return []
    language = reader.language
    options = tuple((name, say(language, CHOICES[name])) for name in CHOICES)
    form = (
        Field(WHEN, say(language, "When?"), USUAL, dict(options)[USUAL], widget=Widget.CHOICE, options=options),
        Field(DAY, say(language, "Or on this day"), None, "", widget=Widget.DATE),
        Field(TIME, say(language, "At what time?"), None, ""),
    )
    label = say(language, "Remind me later")
    return [button(session, reader, verb="snooze", subject=request.subject, label=label, form=form)]


def choices(session: Session, draft: Draft, person: Person) -> list[Button]:
    """A button for each of the usual times."""
    return [
        button(
            session,
            person,
            verb=f"snooze:{WHEN}={name}",
            subject=f"draft:{draft.id}",
            label=say(person.language, CHOICES[name]),
        )
        for name in CHOICES
    ]


def nudge_button(session: Session, request: Request, reader: Person) -> list[Button]:
    """The button with which a requester asks those for whom it waits."""
    who = nudges.whom(session, request) if reader.id in request.party else []
    if not who:
        return []
    language = reader.language
    label = say(language, "Nudge {who}", who=who[0].first_name) if len(who) == 1 else say(language, "Nudge them")
    return [button(session, reader, verb="nudge", subject=request.subject, label=label)]


def chosen(session: Session, person: Person, said: Mapping[str, Any]) -> datetime:
    """The moment that was chosen, where the person works: a choice, a day and hour, or one that was said."""
    zone = ZoneInfo(person.place.timezone)
    today = people.today(session, person)
    if said.get(DAY):
        return datetime.combine(_day(said[DAY]), _time(said.get(TIME)), tzinfo=zone)
    match said.get(WHEN):
        case "hours":
            return now(session) + HOURS
        case "tomorrow":
            return datetime.combine(today + timedelta(days=1), MORNING, tzinfo=zone)
        case "monday":
            return datetime.combine(today + timedelta(days=7 - today.weekday()), MORNING, tzinfo=zone)
        case _:
            pass
    if not said.get(UNTIL):
        raise Refusal("When shall I remind you? Choose one, or give a day.", field=WHEN)
    try:
        moment = datetime.fromisoformat(str(said[UNTIL]))
    except ValueError as error:
        raise Refusal("That is not a time.", field=UNTIL) from error
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)


def moment_of(session: Session, person: Person, said: Mapping[str, Any]) -> datetime:
    """When the person would be reminded, in their place's time."""
    return local(person, snoozes.when(session, person, chosen(session, person, said)))


def local(person: Person, moment: datetime) -> datetime:
    """A moment in the time of the place where a person works."""
    return moment.astimezone(ZoneInfo(person.place.timezone))


def facts(session: Session, request: Request, reader: Person) -> list[tuple[str, str]]:
    """Who has put it off, and until when."""
    return [(say(reader.language, "Put off"), text) for text in snoozes.said(session, request, reader)]


def nudged(session: Session, person: Person, ref: str, told: Sequence[tuple[Person, datetime]]) -> str:
    """Who was asked, and when those who are not at work now will see it."""
    language = person.language
    text = say(language, "I asked {who} to look at {ref}.", who=Either(tuple(each.name for each, _ in told)), ref=ref)
    for each, moment in told:
        if moment > now(session):
            words = {"who": each.name, "moment": local(person, moment)}
            text += " " + say(language, "{who} sees it on {moment}, when they are at work.", **words)
    return text


def _day(said: Any) -> date:
    try:
        return date.fromisoformat(str(said))
    except ValueError as error:
        raise Refusal("That is not a day.", field=DAY) from error


def _time(said: Any) -> time:
    if not str(said or "").strip():
        return MORNING
    found = _CLOCK.fullmatch(str(said).strip())
    hour = int(found[1]) if found else 24
    if found and found[3]:
        hour = hour % 12 + (12 if found[3].lower() == "pm" else 0)
    minute = int(found[2] or 0) if found else 0
    if hour > 23 or minute > 59:
        raise Refusal("That is not a time: write it like {example}.", field=TIME, example="14:30")
    return time(hour, minute)
