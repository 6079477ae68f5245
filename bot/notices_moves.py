"""Notices about whose turn it is: a step has moved, somebody has left, somebody is to prepare for somebody."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from backend import moves, people, requests, steps
from backend.events import Happening
from backend.people import Person
from backend.requests import Request, Step
from backend.words import Count, Either, Money, Title, say
from bot.notices import ask, tell
from bot.replies import Reply

if TYPE_CHECKING:
    from bot.app import App

WHY = {
    moves.LEFT: "{ref} now waits for {who}, since {name} does not work here any more.",
    moves.AWAY: "{ref} now waits for {who} while {name} is away.",
    moves.BACK: "{ref} waits for {who} again.",
    moves.STAND_IN: "{ref} now waits for {who}.",
    moves.REPLACED: "{ref} now waits for {who}, who is your manager now.",
    moves.ROLE: "{ref} now waits for {who}, since {name} has other work now.",
}
"""What the requester hears, by the reason why a step has moved."""

MOST_SHOWN = 10
"""Requests of somebody who has left that are shown as cards; of the others the numbers are told."""


def step_moved(session: Session, app: "App", happening: Happening) -> None:
    """A step has moved: whose turn it is now gets its card, and the requester hears who has it."""
    step = session.get(Step, int(happening.subject.partition(":")[2]))
    if step is None or step.state != "open":
        return
    turn = [person for person, _ in steps.waiting_on(session, step)]
    for person in turn:
        ask(session, app, happening, step, person, first=True)
    requester = step.request.person
    if requester in turn or requests.asked(step) is not None or not people.works_here(session, requester):
        return
    names = [people.find(session, each).name for each in happening.detail["from"]]
    text = say(
        requester.language,
        WHY[str(happening.detail["reason"])],
        ref=requests.ref(session, step.request),
        who=steps.waits_for(session, step.request),
        name=Either(tuple(names)),
    )
    tell(session, app, requester, Reply(text), happening=happening)


def step_exhausted(session: Session, app: "App", happening: Happening) -> None:
    """Nobody is left to whom a step could go: admins hear who has it, and nothing of what it says."""
    step = session.get(Step, int(happening.subject.partition(":")[2]))
    if step is None or step.state != "open":
        return
    turn = [person for person, _ in steps.waiting_on(session, step)]
    happening = replace(happening, subject=f"employer:{step.request.employer_id}")  # else it would say whose it is
    for reader in [each for each in people.holders(session, "admin") if each not in turn]:
        if turn:
            text = say(
                reader.language,
                "Nobody has answered a request, and there is nobody left to whom it could go. It stays with {who}, "
                "who is reminded until it is done.",
                who=Either(tuple(each.name for each in turn)),
            )
        else:
            text = say(
                reader.language,
                "There is nobody who could decide a request. Name an owner of {employer} in company.toml, "
                "and load it again.",
                employer=step.request.person.employer.name,
            )
        tell(session, app, reader, Reply(text), happening=happening)


def person_left(session: Session, app: "App", happening: Happening) -> None:
    """Somebody has left: their manager sees what is still open of theirs."""
    person = session.get_one(Person, int(happening.subject.partition(":")[2]))
    manager = steps.above(session, person, besides={person.id})
    numbers = [int(each) for each in happening.detail["numbers"]]
    found = [each for number in numbers if (each := session.get(Request, number)) and each.state == requests.PENDING]
    if manager is None or not found:
        return
    text = say(
        manager.language,
        "{name} does not work here any more. Still open of theirs: {refs}. "
        "Whoever they wait for decides them; reject what is no longer needed.",
        name=person.name,
        refs=", ".join(requests.ref(session, each) for each in found),
    )
    tell(session, app, manager, Reply(text), happening=happening)
    for request in found[:MOST_SHOWN]:
        text = say(
            manager.language,
            "{ref} waits for {who}.",
            ref=requests.ref(session, request),
            who=steps.waits_for(session, request),
        )
        tell(session, app, manager, Reply(text, card=request.subject), happening=happening, again=False)


def assistant_named(session: Session, app: "App", happening: Happening) -> None:
    """Somebody is to prepare for somebody: they hear for whom, and what they may decide themselves."""
    person = session.get_one(Person, int(happening.subject.partition(":")[2]))
    other = people.find(session, str(happening.detail["to"]))
    limits: list[object] = []
    if happening.detail["up_to"] is not None:
        limits.append(Money(Decimal(happening.detail["up_to"]), person.employer.currency))
    if happening.detail["up_to_days"] is not None:
        limits.append(Count(Decimal(happening.detail["up_to_days"])))
    for reader, sentence in ((other, TO_ASSISTANT), (person, TO_APPROVER)):
        if reader.id == happening.actor_id:
            continue  # they were answered where they said so
        text = say(reader.language, sentence, name=person.name, other=other.name)
        for limit in limits:
            said = (
                "You may decide up to {limit} for them."
                if reader is other
                else "They may decide up to {limit} for you."
            )
            text += " " + say(reader.language, said, limit=limit)
        kinds = [Title(app.kinds[each].title) for each in happening.detail["kinds"] if each in app.kinds]
        if kinds:
            titles = ", ".join(each.said_in(reader.language) for each in kinds)
            text += " " + say(reader.language, "That holds for: {kinds}.", kinds=titles)
        tell(session, app, reader, Reply(text), happening=happening)


TO_ASSISTANT = "You are {name}'s assistant now: you see what waits for them, and may ask about it."
TO_APPROVER = "{other} is your assistant now: they see what waits for you, and may ask about it."


def assistant_ended(session: Session, app: "App", happening: Happening) -> None:
    """Somebody no longer prepares for somebody: both hear so."""
    person = session.get_one(Person, int(happening.subject.partition(":")[2]))
    other = people.find(session, str(happening.detail["to"]))
    for reader in (each for each in (other, person) if each.id != happening.actor_id):
        text = say(reader.language, "{other} is no longer {name}'s assistant.", name=person.name, other=other.name)
        tell(session, app, reader, Reply(text), happening=happening)


def stand_in_ended(session: Session, app: "App", happening: Happening) -> None:
    """Somebody no longer stands in: they hear so."""
    person = session.get_one(Person, int(happening.subject.partition(":")[2]))
    other = people.find(session, str(happening.detail["to"]))
    text = say(other.language, "You no longer decide for {name}: they do so themselves again.", name=person.name)
    tell(session, app, other, Reply(text), happening=happening)


NOTICES: dict[str, Callable[[Session, "App", Happening], None]] = {
    "step.moved": step_moved,
    "step.exhausted": step_exhausted,
    "person.left": person_left,
    "assistant.named": assistant_named,
    "assistant.ended": assistant_ended,
    "stand_in.ended": stand_in_ended,
}
