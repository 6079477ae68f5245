"""Which requests somebody means: by number, by whose they are, or by the words that they answer to."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from backend import drafts, nudges, people, requests, steps, undoing
from backend.drafts import Act, Draft
from backend.kinds import kinds_of
from backend.people import Person
from backend.refusals import Refusal
from backend.requests import Request
from bot import deciding
from bot.tool_forms import Decision, Withdrawal

SEVERAL = (Act.APPROVE, Act.REJECT, Act.WITHDRAW)
"""The acts that one press can do to several requests."""

ALIKE, APART = 0.42, 0.05
"""How near (cosine) what somebody calls a request has to come to it, and how much less near another one may be."""


def to_decide(session: Session, person: Person, asked: Decision, said: str) -> tuple[list[int], list[int]]:
    """The requests that a decision is about; where that is not plain, none of them and those that it may be."""
    if asked.outcome == Act.UNDO:
        latest = undoing.latest(session, person)
        numbers = list(asked.request_ids) or ([latest] if latest else [])
        if not numbers:
            raise Refusal("You have decided nothing yet that could be undone.")
        for number in numbers:
            undoing.undoable(session, requests.lock(session, number), person)
        return numbers, []
    if asked.request_ids:
        for number in asked.request_ids:
            _may_decide(session, person, number)
        return list(asked.request_ids), []
    waiting = [each.request for each in steps.waiting_for(session, person) if each.sort == "decision"]
    if not waiting:
        raise Refusal("Nothing waits for your decision.")
    by_person = [
        called(session, [each for each in waiting if fits(session, each, whose, asked.kind)], asked.item)
        for whose in asked.people or (asked.person,)
    ]
    if not all(by_person):
        raise Refusal("Nothing like that waits for your decision. Ask me what does, and I'll list it.")
    numbers = list(dict.fromkeys(each.number for fitting in by_person for each in fitting))
    if not asked.everything:
        meant = [_told_apart(session, list(dict.fromkeys(fitting)), said) for fitting in by_person]
        if all(len(each) == 1 for each in meant):
            return list(dict.fromkeys(each[0].number for each in meant)), []
        numbers = list(dict.fromkeys(each.number for fitting in meant for each in fitting))
    if asked.everything and asked.outcome == Act.APPROVE:
        within = [each.number for each in deciding.sorted_out(session, person)[0] if each.number in numbers]
        if within:
            return within, [each for each in numbers if each not in within]
    return (numbers, []) if len(numbers) == 1 else ([], numbers)


def _may_decide(session: Session, person: Person, number: int) -> None:
    request = requests.get(session, number)
    if request is None:
        raise Refusal("There is no request {number}.", number=number)
    if request.state != requests.PENDING and steps.may_see(session, request, person):
        raise steps.already(session, request)
    if not any(steps.may_take(session, step, person)[0] for step in request.steps if step.state == "open"):
        raise Refusal("Request {number} is not yours to decide, so nothing was changed.", number=number)


def choose(session: Session, person: Person, draft: Draft, values: Mapping[str, Any], said: str) -> None:
    """Settles which request is meant, by number or by the words that only one of them answers to."""
    if not draft.candidates or (draft.about and not values.get("everything")):
        return
    numbers = [int(each) for each in values.get("request_ids") or [values.get("request_id")] if each]
    named = [each for each in draft.candidates if each in numbers]
    if not numbers:
        on = [each for each in draft.candidates if _covers(session.get_one(Request, each), values)]
        words = set(re.findall(r"\w{3,}", said.lower()))
        shared = {n: len(words & _words(session, session.get_one(Request, n))) for n in draft.candidates}
        best = max(shared.values())
        named = on if len(on) == 1 else [number for number, count in shared.items() if count == best > 0]
    nth = values.get("nth")
    if isinstance(nth, int) and -1 <= nth <= len(draft.candidates):
        named = [draft.candidates[nth - 1 if nth > 0 else -1]]
    if values.get("everything") and draft.act in SEVERAL:
        named = list(dict.fromkeys([*draft.about, *draft.candidates]))
    if len(named) == 1 or values.get("everything"):
        drafts.choose(draft, session, numbers=named, by=person)


def fits(session: Session, request: Request, person: str | None, kind: str | None) -> bool:
    """Whether a request is of the person and of the kind that were named, as far as they were."""
    if person and people.find(session, person).id != request.person_id:
        return False
    return not kind or request.kind == kind


def called(session: Session, found: list[Request], item: str | None) -> list[Request]:
    """Those of several requests that words name: word for word, or else by what they mean ("la mesa", a desk)."""
    if not item or not found:
        return found
    said = set(re.findall(r"\w{3,}", item.lower()))
    if same := [each for each in found if said & _words(session, each)]:
        return same
    from knowledge.embedding import use

    named = [requests.summary(session, each, "en").partition(",")[0] for each in found]
    near = (use([item]) @ use(named).T)[0]
    return [each for each, value in zip(found, near, strict=True) if value >= max(ALIKE, float(near.max()) - APART)]


def waits_for(session: Session, request: Request, named: str | None) -> bool:
    """Whether a request waits for somebody else, and for whoever was named."""
    who = nudges.whom(session, request)
    return people.find(session, named) in who if named else bool(who)


def _told_apart(session: Session, fitting: list[Request], said: str) -> list[Request]:
    """Those of several requests that a message has most words of: its leave, its thing, its days, its amount."""
    words = set(re.findall(r"\d+|[^\W\d]{3,}", said.lower()))
    counts = [len(words & _words(session, each)) for each in fitting]
    most = max(counts, default=0)
    return [each for each, count in zip(fitting, counts, strict=True) if count == most]


def _covers(request: Request, said: Mapping[str, Any]) -> bool:
    """Whether the days that were said are among those of a request."""
    start, end, day = request.values.get("start"), request.values.get("end"), said.get("start") or said.get("end")
    return bool(start and end and day) and str(start) <= str(day) <= str(end)


def overlaps(request: Request, asked: Withdrawal) -> bool:
    """Whether a request has a day of those that are to be taken back, and is the leave that was named."""
    if asked.leave_type and request.values.get("leave_type") != asked.leave_type:
        return False
    if asked.start is None:
        return asked.leave_type is None or request.kind == "time_off"
    start, end = request.values.get("start"), request.values.get("end")
    if not start or not end:
        return False
    last = asked.end or asked.start
    return date.fromisoformat(start) <= last and asked.start <= date.fromisoformat(end)


def _words(session: Session, request: Request) -> set[str]:
    """The words that people may name a request by: of its summary, of its kind, and how its choices are called."""
    kind = kinds_of(session)[request.kind]
    form, lines = requests.forms_of(kind, request)
    said = [kind.title, kind.summary(form, lines, "en"), request.person.name]
    held = requests.said_in(request)
    for each in kind.sayable():
        chosen = held.get(each.name)
        said += [word for option in each.options if option.value == chosen for word in option.words]
    return set(re.findall(r"\d+|[^\W\d]{3,}", " ".join(said).lower()))
