"""Steps: who a request waits for, whose turn it is, and the work that comes after a decision."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backend import escalations, events, people, policies, requests, timers
from backend.desk import Desk
from backend.kinds import Ask, Kind, Sort, kinds_of
from backend.people import Person
from backend.refusals import Already, Refusal
from backend.requests import (
    APPROVED,
    DONE,
    REJECTED,
    Request,
    Step,
    decided_by,
)
from backend.routes import MANAGER, POLICY
from backend.store import now
from backend.words import Either, Title

REQUESTER = "requester"
"""The role of whoever asked: only for work, such as to receive what was ordered."""


def who_would(session: Session, requester: Person, ask: Ask) -> tuple[list[str], Person | None, int]:
    """Whom an ask of a route would go to, never the requester: (roles, one person or None, how many of them).

    Where nobody else is a role's holder it goes up: to the manager's manager and on, else to those at the top.
    """
    roles, need = list(ask.roles), ask.need
    if roles == [REQUESTER] and ask.sort is Sort.WORK:
        return roles, requester, 1
    if ask.roles == (MANAGER,):
        owner = people.manager_of(session, requester)
        if owner is not None and owner.id != requester.id:
            return roles, owner, 1
        rules = policies.approvals(session)
        roles, need = list(rules.top), rules.top_of
    found = holders(session, roles, requester)
    if found:
        return roles, None, min(need, len(found))
    return roles, above(session, [requester], besides=[requester]), 1


def above(session: Session, of: Sequence[Person], *, besides: Collection[Person]) -> Person | None:
    """The nearest one above these people who is none of `besides`: up the managers, else a holder of a top role."""
    out = {each.id for each in besides}
    for person in of:
        seen = {person.id}
        manager = people.manager_of(session, person)
        while manager is not None and manager.id not in seen:
            if manager.id not in out:
                return manager
            seen.add(manager.id)
            manager = people.manager_of(session, manager)
    for role in (*policies.approvals(session).top, "admin", "hr", "finance"):
        for holder in people.holders(session, role):
            if holder.id not in out:
                return holder
    return None


def preview(
    session: Session, kind: Kind[Any], form: Any, lines: list[Any], requester: Person
) -> list[tuple[list[Person], Ask]]:
    """The route that a request would take, for the draft's card: who, and the ask that names them."""
    desk = Desk(session, requester, kind)
    if not kind.asks(form, desk):
        manager = people.manager_of(session, requester)
        return [([manager], Ask(("manager",), "is told"))] if manager else []
    out: list[tuple[list[Person], Ask]] = []
    for ask in (each for stop in kind.route(form, lines, desk) for each in stop if each.sort is Sort.DECISION):
        if ask.auto:
            out.append(([], ask))
            continue
        roles, owner, _ = who_would(session, requester, ask)
        out.append(([owner] if owner else holders(session, roles, requester), ask))
    return out


def add(session: Session, request: Request, ask: Ask, *, position: int) -> None:
    """Writes an ask as a step of a request; one that policy itself says yes to is done at once, by nobody."""
    roles, owner, need = (list(ask.roles), None, 1) if ask.auto else who_would(session, request.person, ask)
    step = Step(
        number=request.number,
        position=position,
        sort=ask.sort.value,
        roles=roles,
        owner_id=owner.id if owner else None,
        need=need,
        why=ask.why,
        label=ask.label,
        route=dict(ask.route) if ask.route is not None else None,
    )
    session.add(step)
    session.flush()
    if ask.auto:
        step.state, step.opened_at, step.closed_at = "done", now(session), now(session)
        events.record(
            session,
            "step.approved",
            by=None,
            subject=step.subject,
            about=(request.person,),
            detail={"number": request.number, "comment": "", "policy": ask.why},
        )
        session.flush()


def route_of(request: Request) -> dict[str, Any]:
    """The route that a request was given last, and what it looked at; empty where it was given none."""
    return next((dict(each.route) for each in reversed(request.steps) if each.route is not None), dict[str, Any]())


def by_policy(request: Request) -> Step | None:
    """The step by which policy itself approved what a request says now, if it did."""
    live = [each for each in request.steps if each.sort == Sort.DECISION and each.state != "skipped"]
    return live[-1] if live and live[-1].roles == [POLICY] else None


def open_next(session: Session, request: Request, *, by: Person | None) -> None:
    waiting = [step for step in request.steps if step.state == "waiting"]
    if not waiting:
        return
    position = min(step.position for step in waiting)
    for step in waiting:
        if step.position == position:
            step.state = "open"
            step.opened_at = now(session)
            escalations.on_step_opened(session, step)
            events.record(
                session,
                "step.opened",
                by=by,
                subject=step.subject,
                about=(request.person,),
                detail={"number": request.number, "step": step.id, "sort": step.sort},
            )


def may_take(session: Session, step: Step, person: Person) -> tuple[bool, Person | None]:
    """Whether this person may decide or do an open step, and for whom, where they stand in.

    Never their own request, however the roles fall; work on it where it is theirs by policy, such as to receive.
    """
    if not people.works_here(session, person):
        return False, None
    if step.request.person_id == person.id:
        return step.sort == Sort.WORK and step.owner_id == person.id and step.roles == [REQUESTER], None
    owners = {each.id for each in candidates(session, step)}
    if person.id in owners:
        return True, None
    for other in people.stands_in_for(session, person):
        if other.id in owners:
            return True, other
    return False, None


def candidates(session: Session, step: Step) -> list[Person]:
    """Those a step waits for: its owner, or all holders of its roles but the requester."""
    if step.owner is not None:
        return [step.owner]
    return holders(session, step.roles, step.request.person)


def holders(session: Session, roles: Sequence[str], requester: Person) -> list[Person]:
    out: list[Person] = []
    for role in roles:
        manager = people.manager_of(session, requester) if role == "manager" else None
        for each in [manager] if manager else people.holders(session, role):
            if each.id != requester.id and each not in out:
                out.append(each)
    return out


def close(session: Session, step: Step, state: str = "done") -> None:
    step.state = state
    step.closed_at = now(session)
    timers.cancel(session, step.subject)


def finish(step: Step, session: Session, *, by: Person, said: Mapping[str, Any] | None = None) -> Request:
    """Marks work as done: ordered, paid, fetched. The last one finishes the request.

    said  what is told of it, by the names of the kind's `tells`; where some is left to do, the step stays open
    """
    request = requests.lock(session, step.number)
    session.refresh(step)
    if step.state != "open" or step.sort != Sort.WORK:
        raise Already("That is done already.")
    may, on_behalf_of = may_take(session, step, by)
    if not may:
        raise Refusal("That is for {who} to do.", who=_names(candidates(session, step)))
    kind = kinds_of(session)[request.kind]
    form, lines = requests.forms_of(kind, request)
    label = step.label or ""
    if not kind.told(form, lines, label, said or {}, requests.desk_of(session, request, by=by)):
        events.record(
            session,
            "step.part_done",
            by=by,
            on_behalf_of=on_behalf_of,
            subject=step.subject,
            about=(request.person,),
            detail={"number": request.number, "label": label, "said": dict(said or {})},
        )
        session.flush()
        return request
    close(session, step)
    events.record(
        session,
        "step.done",
        by=by,
        on_behalf_of=on_behalf_of,
        subject=step.subject,
        about=(request.person,),
        detail={"number": request.number, "label": step.label, "said": dict(said or {})},
    )
    if not any(each.state == "open" for each in request.steps):
        if any(each.state == "waiting" for each in request.steps):
            open_next(session, request, by=by)
        elif request.state == APPROVED:
            request.state = DONE
            events.record(
                session,
                "request.done",
                by=by,
                subject=request.subject,
                about=(request.person,),
                detail={"number": request.number},
            )
    session.flush()
    return request


def waiting_for(session: Session, person: Person) -> list[Step]:
    """The open steps, decisions and work, that this person may take now, oldest first."""
    wanted = select(Step).where(Step.state == "open").order_by(Step.opened_at, Step.id)
    others = [person.id, *(each.id for each in people.stands_in_for(session, person))]
    mine = session.scalars(wanted.where(or_(Step.owner_id.in_(others), Step.owner_id.is_(None))))
    return [
        step
        for step in mine
        if may_take(session, step, person)[0] and person.id not in {o.by_id for o in step.opinions}
    ]


def may_see(session: Session, request: Request, person: Person) -> bool:
    """Whether this person may see a request: their own, one they filed, or one that is or was theirs to take."""
    if person.id in (request.person_id, request.by_id):
        return True
    if any(opinion.by_id == person.id for step in request.steps for opinion in step.opinions):
        return True
    return any(step.state in ("open", "done") and may_take(session, step, person)[0] for step in request.steps)


def waits_for(session: Session, request: Request) -> Either:
    """The names of those a request waits for now: "Maria Silva"."""
    open_ = [step for step in request.steps if step.state == "open"]
    who = [[request.person] if requests.asked(step) else candidates(session, step) for step in open_]
    return _names([each for some in who for each in some])


def already(session: Session, request: Request) -> Already:
    """The word that a request is decided or closed already, and by whom."""
    state = Title("finished" if request.state == DONE else request.state)
    last = decided_by(request)
    who = session.get(Person, last[0].by_id) if last and request.state in (APPROVED, REJECTED, DONE) else None
    if who is None:
        return Already("{ref} was already {state}.", ref=requests.ref(session, request), state=state)
    return Already("{ref} was already {state} by {who}.", ref=requests.ref(session, request), state=state, who=who.name)


def _names(who: Sequence[Person]) -> Either:
    return Either(tuple(dict.fromkeys(each.name for each in who)))
