"""The cards of all that waits for somebody: a line for each, and the two lines for whoever is at the top."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from backend import people, requests, snoozes, steps
from backend.forms import Data
from backend.kinds import Sort, kinds_of
from backend.people import Person
from backend.requests import Request, Step
from backend.words import say
from bot import deciding
from bot.message import Button, Card
from bot.offered import button

SORTS = ("waiting", "brief")
"""What the subjects of these cards begin with; a person's id follows."""

SHOWN = 10
"""Requests that the list shows, the oldest; of the others it says how many there are."""


def card_of(person: Person, waits: Sequence[Step]) -> str | None:
    """What the card of some steps is about: the one request, or all that waits for the person."""
    numbers = list(dict.fromkeys(each.request.subject for each in waits))
    return numbers[0] if len(numbers) == 1 else f"waiting:{person.id}" if numbers else None


def waiting_card(session: Session, person: Person, *, ceiling: Data = Data.BANK) -> Card:
    """The card of what waits: a line for each, a way to open it, and one to approve what is within policy together."""
    language = person.language
    waits = steps_of(session, person)
    shown = waits[:SHOWN]
    facts = [_row(session, each, person, ceiling=ceiling) for each in shown]
    if len(waits) > len(shown):
        facts.append((say(language, "and {count} more", count=len(waits) - len(shown)), ""))
    return Card(
        kind="approvals",
        subject=f"waiting:{person.id}",
        state=requests.PENDING if waits else requests.DONE,
        title=say(language, "Waiting for you"),
        facts=tuple(facts),
        buttons=(
            *deciding.all_button(session, person, count=len(deciding.sorted_out(session, person)[0])),
            *(_open_button(session, each.request, person) for each in shown),
        ),
    )


def brief_card(session: Session, person: Person) -> Card:
    """The card under the two lines of a day: what to press."""
    made: list[Button] = []
    waits = steps_of(session, person)
    if waits:
        subject, label = f"waiting:{person.id}", say(person.language, "Show them")
        made.append(button(session, person, verb="show", subject=subject, label=label, style="primary"))
        made += deciding.all_button(session, person, count=len(deciding.sorted_out(session, person)[0]))
    return Card(
        kind="approvals",
        subject=f"brief:{person.id}",
        state=requests.PENDING if waits else requests.DONE,
        title=say(person.language, "Waiting for you"),
        buttons=tuple(made),
    )


def steps_of(session: Session, person: Person) -> list[Step]:
    """The steps that wait for somebody, the oldest first, one for each request."""
    out: dict[int, Step] = {}
    for each in steps.waiting_for(session, person):
        out.setdefault(each.number, each)
    return list(out.values())


def headline(session: Session, person: Person, *, reminder: bool) -> str:
    """How many requests wait, and the oldest of them; a line. What the person has put off is not counted."""
    every = steps_of(session, person)
    waits = [each for each in every if snoozes.until(session, each, person) is None] or every
    if not waits:
        return say(person.language, "Nothing waits for you any more.")
    oldest = waits[0].request
    words: dict[str, object] = {
        "count": len(waits),
        "ref": requests.ref(session, oldest),
        "name": oldest.person.name,
        "day": people.day_in(person.place.timezone, waits[0].opened_at or oldest.made_at),
    }
    if len(waits) == 1:
        return say(person.language, "One request waits for you: {ref} of {name}, since {day}.", **words)
    if reminder:
        return say(
            person.language,
            "A reminder: {count} requests wait for you. The oldest is {ref} of {name}, since {day}.",
            **words,
        )
    return say(person.language, "{count} requests wait for you. The oldest is {ref} of {name}, since {day}.", **words)


def _open_button(session: Session, request: Request, person: Person) -> Button:
    label = say(person.language, "Open {ref}", ref=requests.ref(session, request))
    return button(session, person, verb="open", subject=request.subject, label=label)


def _row(session: Session, step: Step, reader: Person, *, ceiling: Data) -> deciding.Fact:
    """One line: whose and what it is with its facts, and what speaks against deciding it with the others."""
    request, language = step.request, reader.language
    title, text = deciding.row(session, request, reader, ceiling=ceiling)
    if step.sort == Sort.WORK:
        return title, f"{text}; {say(language, step.label or 'work')}"
    if requests.asked(step) is not None:
        return title, f"{text}; {say(language, 'sent back to {name}', name=request.person.first_name)}"
    kind = kinds_of(session)[request.kind]
    if not requests.above(kind, request.values, requests.desk_of(session, request, by=reader), ceiling):
        said = [say(language, each.text, **each.values) for each in deciding.objections(session, request)]
        text = "; ".join([text, *said])
    return title, "; ".join([text, *snoozes.said(session, request, reader)])
