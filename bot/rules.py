"""What policies say, as people read it: limits and routes in force, and why a request went where it did."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import people, policies, requests, steps
from backend.events import Event
from backend.kinds import Kind, kinds_of, plain
from backend.policies import ROUTES, Policy, Route, Stop
from backend.refusals import Refusal
from backend.requests import Request, Step
from backend.trail import REFERENCE
from backend.words import say


def in_force(session: Session, kind: str = "") -> dict[str, Any]:
    """The limits, tables and routes in force, of all kinds or of one, as a JSON document.

    A Refusal if there is no such kind.
    """
    kinds = kinds_of(session)
    if kind and kind not in kinds:
        raise Refusal("There is no kind {kind}; there are {kinds}.", kind=kind, kinds=", ".join(kinds))
    chosen = [each for name, each in kinds.items() if kind in ("", name)]
    return {
        "kinds": {each.name: _limits(session, each) for each in chosen},
        "approvals": plain(policies.approvals(session).model_dump()),
        "routes": [_route(each) for each in policies.routes(session) if kind in ("", each.kind)],
    }


def lines(tables: Mapping[str, Any]) -> Iterator[str]:
    """What in_force() says, in lines to print."""
    for name, kind in tables["kinds"].items():
        yield f"{kind['title']} ({name})"
        for limit, value in kind["limits"].items():
            yield f"  {limit.ljust(16)} {_said(value)}"
        for table, rows in kind["tables"].items():
            yield f"  {table}"
            for row in rows:
                said = (f"{key} {_said(value)}" for key, value in row.items() if value not in (None, []))
                yield "    " + "  ".join(said)
        routes = [each for each in tables["routes"] if each["kind"] == name]
        for route in routes:
            yield f"  {say('en', 'goes to')}: {route['to']}   [{route['when']}]"
        if all(each["when"] != "always" for each in routes):
            yield f"  {say('en', 'otherwise') if routes else say('en', 'goes to')}: manager"
        yield ""
    yield say("en", "Approvals of every kind")
    for limit, value in tables["approvals"].items():
        yield f"  {limit.ljust(16)} {_said(value)}"


def explained(session: Session, ref: str) -> dict[str, Any]:
    """Why a request went to these people, as a JSON document; a Refusal if there is no such request."""
    found = REFERENCE.match(ref.strip())
    request = requests.get(session, int(found.group(1))) if found else None
    if request is None:
        raise Refusal("There is no request {ref}.", ref=ref)
    kind = kinds_of(session)[request.kind]
    form, line_forms = requests.forms_of(kind, request)
    asks = kind.asks(form, requests.desk_of(session, request, by=None))
    amount, category = kind.amount(form, line_forms), kind.category(form)
    route = _fitting(session, request, amount=amount, category=category)
    return {
        "ref": requests.ref(session, request),
        "kind": kind.name,
        "requester": request.person.handle,
        "state": requests.state_word(session, request),
        "sent_at": request.made_at.isoformat(),
        "amount": None if amount is None else f"{amount:f}",
        "category": category,
        "asks": asks,
        "route": None if route is None else _route(route),
        "steps": [_step(session, request, each) for each in request.steps],
    }


def told(found: Mapping[str, Any]) -> Iterator[str]:
    """What explained() says, in lines to print."""
    yield f"{found['ref']} ({found['kind']}) of {found['requester']}, sent {found['sent_at']}: {found['state']}"
    if not found["asks"]:
        yield say("en", "Nobody has to decide: it is recorded by its own Send, and the manager is told.")
    elif found["route"] is None:
        yield say("en", "No route of policies.toml fitted when it was sent, so the manager decides.")
    else:
        text = "The most particular route that fitted when it was sent: [{when}] goes to {to}."
        yield say("en", text, when=found["route"]["when"], to=found["route"]["to"])
    for number, step in enumerate(found["steps"], start=1):
        owner = f" > {step['owner']}" if step["owner"] else ""
        yield f"  {number}. {step['sort']}, {step['why']}: {', '.join(step['roles'])}{owner}  [{step['state']}]"
        for opinion in step["opinions"]:
            behalf = f" for {opinion['on_behalf_of']}" if opinion["on_behalf_of"] else ""
            yield f"       {opinion['by']}{behalf}: {opinion['outcome']}, {opinion['at']}"
        if step["state"] == "open":
            who = ", ".join(step["may_decide"]) or say("en", "nobody")
            yield "       " + say("en", "may take it now: {who}", who=who)


def _limits(session: Session, kind: Kind[Any]) -> dict[str, Any]:
    return {
        "title": kind.title,
        "limits": plain(policies.limits(session, kind).model_dump()),
        "tables": {
            name: [plain(each.model_dump()) for each in policies.limit_lines(session, kind, name)]
            for name in kind.policy_lines
        },
    }


def _route(route: Route) -> dict[str, Any]:
    conditions = [
        f"over {route.over:f}" if route.over is not None else "",
        f"category {route.category}" if route.category else "",
        f"place {route.place}" if route.place else "",
        f"employer {route.employer}" if route.employer else "",
    ]
    return {
        "kind": route.kind,
        "when": ", ".join(each for each in conditions if each) or "always",
        "to": ", then ".join(_stop(each) for each in route.steps),
    }


def _stop(stop: Stop) -> str:
    work = f" ({stop.work})" if stop.work else ""
    if stop.all:
        return " and ".join(stop.all) + work
    if stop.from_:
        return f"{stop.of} of {', '.join(stop.from_)}{work}"
    return " or ".join(stop.any) + work


def _fitting(session: Session, request: Request, *, amount: Decimal | None, category: str | None) -> Route | None:
    """The route that was chosen by the policies in force when the request was sent."""
    came = select(Event.at).where(Event.subject == request.subject).order_by(Event.seq).limit(1)
    then = session.scalar(came) or request.made_at
    known = select(Policy).where(Policy.name == ROUTES, Policy.since <= then)
    newest = session.scalar(known.order_by(Policy.id.desc()).limit(1))
    routes = [Route.model_validate(each) for each in newest.body.get("route", [])] if newest else []
    fitting = [
        (route.weight, number, route)
        for number, route in enumerate(routes)
        if route.fits(kind=request.kind, amount=amount, category=category, person=request.person)
    ]
    return max(fitting, key=lambda each: each[:2])[2] if fitting else None


def _step(session: Session, request: Request, step: Step) -> dict[str, Any]:
    takers = people.everybody(session) if step.state == "open" else []
    return {
        "position": step.position,
        "sort": step.sort,
        "roles": list(step.roles),
        "why": step.why,
        "label": step.label,
        "owner": step.owner.handle if step.owner else None,
        "state": step.state,
        "opinions": [_opinion(session, each) for each in step.opinions],
        "may_decide": [each.handle for each in takers if steps.may_take(session, step, each)[0]],
    }


def _opinion(session: Session, opinion: requests.Opinion) -> dict[str, Any]:
    by = session.get(people.Person, opinion.by_id)
    behalf = session.get(people.Person, opinion.for_id) if opinion.for_id else None
    return {
        "by": by.handle if by else None,
        "on_behalf_of": behalf.handle if behalf else None,
        "outcome": opinion.outcome,
        "at": opinion.at.isoformat(),
    }


def _said(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case list() | tuple():
            return ", ".join(str(each) for each in value)  # pyright: ignore[reportUnknownArgumentType,reportUnknownVariableType]
        case _:
            return str(value)
