"""Looks up why a request, or what is about to be sent, goes to these people: the route, and what it looked at."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import reduce
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import chats, drafts, requests, steps
from backend.desk import Desk
from backend.drafts import Act
from backend.forms import Form, blank
from backend.kinds import Kind, Objection, Sort, kinds_of
from backend.people import Person
from backend.rates import UNPRICED
from backend.refusals import Refusal
from backend.requests import Request, Step
from backend.routes import POLICY, Route, said_conditions, said_why
from backend.words import Count, Either, InPlaceOf, Money, Title, say
from tools.look import Around, Found, Look


class WhichRoute(Form):
    """Which request; none: what is being filled in, else the request that was shown last."""

    request_id: int | None = blank("Number", default=None)


def find(around: Around, asked: WhichRoute) -> Found:
    """The rule that it follows, whom it goes to and why them, what was looked at, and what policy notes."""
    session, person = around.session, around.person
    if asked.request_id is None and (said := _of_draft(session, person)):
        return Found("\n".join(said))
    number = asked.request_id or _last_shown(session, person)
    request = requests.get(session, number) if number else None
    if request is None or not steps.may_see(session, request, person):
        if number is None:
            raise Refusal("Which request do you mean? Say its number, such as {example}.", example="TO-12")
        raise Refusal("I find no request {number} of yours.", number=number)
    return Found("\n".join(_of_request(session, request, person.language)), requests=(request.number,))


def _of_draft(session: Session, person: Person) -> list[str]:
    draft = drafts.current(session, person)
    if draft is None or draft.act != Act.SUBMIT or drafts.missing(draft, session):
        return []
    kind = kinds_of(session)[draft.kind or ""]
    desk = Desk(session, person, kind)
    try:
        form, lines = kind.whole(draft.values, draft.lines)
    except Refusal:
        return []
    if not kind.asks(form, desk):
        return [say(person.language, "Nobody has to decide this: it is recorded, and the manager is told.")]
    stops = kind.route(form, lines, desk)
    why = next((each.route for stop in stops for each in stop if each.route is not None), dict[str, Any]())
    said = [_rule(person.language, kind, why, person, what=say(person.language, "This"))]
    for who, ask in steps.preview(session, kind, form, lines, person):
        names = Either(tuple(each.name for each in who))
        said.append(_line(person.language, names if who else None, said_why(person.language, ask.why)))
    return [*said, *_looked_at(person.language, why, desk), *_notes(person.language, kind.check(form, lines, desk))]


def _of_request(session: Session, request: Request, language: str) -> list[str]:
    kind = kinds_of(session)[request.kind]
    desk = requests.desk_of(session, request, by=None)
    form, lines = requests.forms_of(kind, request)
    if not kind.asks(form, desk):
        return [say(language, "Nobody has to decide this: it is recorded, and the manager is told.")]
    why = steps.route_of(request)
    said = [_rule(language, kind, why, request.person, what=requests.ref(session, request))]
    for step in request.steps:
        if step.sort == Sort.DECISION and step.state != "skipped":
            said.append(_of_step(session, step, language))
    objections = kind.check(form, lines, desk) if request.state == requests.PENDING else []
    return [*said, *_looked_at(language, why, desk), *_notes(language, objections)]


def _rule(language: str, kind: Kind[Any], why: Mapping[str, Any], person: Person, *, what: str) -> str:
    if "route" not in why:
        return say(language, "{what} follows no rule of its own, so the manager decides.", what=what)
    route = Route.model_validate(why["route"])
    conditions = said_conditions(language, route.conditions, currency=person.employer.currency)
    stops = [*([say(language, "policy")] if route.auto else []), *(each.said_in(language) for each in route.steps)]
    words: dict[str, object] = {
        "what": what,
        "kind": Title(kind.title),
        "conditions": ", ".join(conditions),
        "to": reduce(lambda first, then: say(language, "{first}, then {next}", first=first, next=then), stops),
    }
    if not conditions:
        return say(language, "{what} follows the usual rule ({kind}): {to}.", **words)
    return say(language, "{what} follows the rule for {kind}, {conditions}: {to}.", **words)


def _of_step(session: Session, step: Step, language: str) -> str:
    why = said_why(language, step.why)
    if step.roles == [POLICY]:
        return _line(language, None, why)
    if step.state == "done" and step.opinions:
        turn = [(each.by_id, each.for_id) for each in step.opinions]
        pairs = [(session.get_one(Person, by), session.get(Person, other) if other else None) for by, other in turn]
    elif step.state == "open":
        pairs = steps.waiting_on(session, step)
    else:
        pairs = [(each, None) for each in steps.candidates(session, step)]
    names = Either(tuple(InPlaceOf(each.name, other.name) if other else each.name for each, other in pairs))
    line = _line(language, names, why)
    if step.need > 1:
        line += " " + say(language, "({count} of them)", count=step.need)
    return line


def _line(language: str, names: Either | None, why: str) -> str:
    return f"• {names.said_in(language)}: {why}" if names else f"• {why}"


def _looked_at(language: str, why: Mapping[str, Any], desk: Desk) -> Iterator[str]:
    amount, days = why.get("amount"), why.get("days")
    if amount is not None and Decimal(str(amount)) >= UNPRICED:
        yield say(language, "No rate is known for its currency, so it counts as above every limit.")
    elif amount is not None:
        yield say(language, "It costs {amount}.", amount=Money(Decimal(str(amount)), desk.currency))
    if days is not None:
        yield say(language, "It takes {days}.", days=Count(Decimal(str(days))))


def _notes(language: str, objections: list[Objection]) -> Iterator[str]:
    if objections:
        texts = " ".join(say(language, each.text, **each.values) for each in objections)
        yield say(language, "What policy notes: {texts}", texts=texts)


def _last_shown(session: Session, person: Person) -> int | None:
    """The number of the request whose card the person was shown last."""
    recent = select(chats.Posted.card).where(
        chats.Posted.person_id == person.id, chats.Posted.card.like("request:%"), chats.Posted.current.is_(True)
    )
    subject = session.scalar(recent.order_by(chats.Posted.place.desc()).limit(1))
    return int(subject.partition(":")[2]) if subject else None


LOOK = Look(
    "look_why",
    ("request.explain",),
    WhichRoute,
    find,
    "Why a request goes to these people: the route, its conditions and the limits that applied.",
)
