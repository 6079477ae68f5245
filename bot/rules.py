"""What policies say, as people read it: limits and routes in force, and why a request went where it did."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from backend import people, policies, requests, steps
from backend.forms import plain
from backend.kinds import Kind, kinds_of
from backend.refusals import Refusal
from backend.requests import Request, Step
from backend.routes import CONDITIONS, Route
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
        "channels": plain(policies.Channels.model_validate(policies.body(session, "channels")).model_dump()),
        "approvals": plain(policies.approvals(session).model_dump()),
        "routes": [_route(each) for each in policies.all_routes(session) if kind in ("", each.kind)],
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
    yield say("en", "The most sensitive data that may travel by")
    for channel, data in tables["channels"].items():
        yield f"  {channel.ljust(16)} {data}"
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
    form, _ = requests.forms_of(kind, request)
    why = steps.route_of(request)
    return {
        "ref": requests.ref(session, request),
        "kind": kind.name,
        "requester": request.person.handle,
        "state": requests.state_word(session, request),
        "sent_at": request.made_at.isoformat(),
        "amount": why.get("amount"),
        "days": why.get("days"),
        "category": why.get("category") or None,
        "asks": kind.asks(form, requests.desk_of(session, request, by=None)),
        "route": _route(Route.model_validate(why["route"])) if "route" in why else None,
        "number": why.get("number"),
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
        text = "The most particular route that fitted when it was sent, number {number}: [{when}] goes to {to}."
        yield say("en", text, number=found["number"], when=found["route"]["when"], to=found["route"]["to"])
    looked_at = [f"{name} {_said(found[name])}" for name in ("amount", "days", "category") if found[name] is not None]
    if found["asks"] and looked_at:
        yield say("en", "It looked at: {what}.", what=", ".join(looked_at))
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
        CONDITIONS[name].format(value=f"{value:f}" if isinstance(value, Decimal) else value)
        for name, value in route.conditions.items()
    ]
    return {"kind": route.kind, "when": ", ".join(conditions) or "always", "to": route.written, "auto": route.auto}


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
