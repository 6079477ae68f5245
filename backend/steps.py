"""Steps: who a request waits for, whose turn it is, and the work that comes after a decision."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from backend import escalations, events, people, policies, requests, stand_ins, timers
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
from backend.words import Either, InPlaceOf, Title

REQUESTER = "requester"
"""The role of whoever asked: only for work, such as to receive what was ordered."""


def who_would(
    session: Session, requester: Person, ask: Ask, *, filer: Person | None = None
) -> tuple[list[str], Person | None, int]:
    """Whom an ask of a route would go to, never the requester: (roles, one person or None, how many of them).

    Nor does a decision go to the filer, who asked for somebody else.

    Where nobody else is a role's holder it goes up: to the manager's manager and on, else to those at the top.
    """
    roles, need = list(ask.roles), ask.need
    if roles == [REQUESTER] and ask.sort is Sort.WORK:
        return roles, requester, 1
    party = {requester.id, *((filer.id,) if filer is not None and ask.sort is Sort.DECISION else ())}
    if ask.roles == (MANAGER,):
        owner = people.manager_of(session, requester)
        if owner is not None and owner.id in party:
            owner = people.manager_of(session, owner)
        if owner is not None and owner.id not in party:
            return roles, owner, 1
        rules = policies.approvals(session)
        roles, need = list(rules.top), rules.top_of
    found = [each for each in holders(session, roles, requester) if each.id not in party]
    if found:
        return roles, None, min(need, len(found))
    return roles, above(session, requester, besides=party), 1


def above(session: Session, person: Person, *, besides: Collection[int]) -> Person | None:
    """The nearest one above a person who is none of `besides` (ids): up the managers, else a holder of a top role."""
    return next((each for each in stand_ins.above(session, person) if each.id not in besides), None)


def preview(
    session: Session,
    kind: Kind[Any],
    form: Any,
    lines: list[Any],
    requester: Person,
    *,
    filer: Person | None = None,
    decided: bool = False,
) -> list[tuple[list[Person], Ask]]:
    """The route that a request would take, for the draft's card: who, and the ask that names them.

    filer    who asks for it, where that is not the requester
    decided  it would only be recorded
    """
    desk = Desk(session, requester, kind)
    if decided or not kind.asks(form, desk):
        manager = people.manager_of(session, requester)
        told = requester if manager is not None and filer is not None and manager.id == filer.id else manager
        return [([told], Ask(("manager",), "is told"))] if told else []
    out: list[tuple[list[Person], Ask]] = []
    for ask in (each for stop in kind.route(form, lines, desk) for each in stop if each.sort is Sort.DECISION):
        if ask.auto:
            out.append(([], ask))
            continue
        roles, owner, _ = who_would(session, requester, ask, filer=filer)
        found = [owner] if owner else holders(session, roles, requester)
        out.append(([each for each in found if filer is None or each.id != filer.id], ask))
    return out


def add(session: Session, request: Request, ask: Ask, *, position: int) -> None:
    """Writes an ask as a step of a request; one that policy itself says yes to is done at once, by nobody."""
    roles, owner, need = list(ask.roles), None, 1
    if not ask.auto:
        roles, owner, need = who_would(session, request.person, ask, filer=request.filer)
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
            replace(session, step)
            who = acting(session, step)
            step.acting = who.id if who else None
            escalations.on_step_opened(session, step)
            events.record(
                session,
                "step.opened",
                by=by,
                subject=step.subject,
                about=(request.person,),
                detail={"number": request.number, "step": step.id, "sort": step.sort},
            )


def replace(session: Session, step: Step) -> bool:
    """Gives a step to whom it goes now, where nobody is left of those it went to. True if it changed hands."""
    heard = {each.by_id for each in step.opinions}
    left = [each for each in candidates(session, step) if each.id not in heard and people.works_here(session, each)]
    if left:
        return False
    requester = step.request.person
    owner: Person | None = None
    if step.roles in ([MANAGER], [REQUESTER]):
        owner = people.manager_of(session, requester)
    if owner is None or owner.id in {*step.request.party, *heard}:
        owner = above(session, step.owner or requester, besides={*step.request.party, *heard})
    if owner is None or owner.id == step.owner_id:
        return False
    step.owner_id, step.owner = owner.id, owner
    step.need = len(heard) + 1
    session.flush()
    return True


def may_take(session: Session, step: Step, person: Person) -> tuple[bool, Person | None]:
    """Whether this person may decide or do an open step, and for whom, where they stand in.

    Never their own request, however the roles fall; work on it where it is theirs by policy, such as to receive.
    """
    if not people.works_here(session, person):
        return False, None
    if step.request.person_id == person.id:
        return step.sort == Sort.WORK and step.roles == [REQUESTER], None
    owners = candidates(session, step)
    if step.sort == Sort.DECISION and step.request.by_id == person.id:
        return False, None
    if person in owners:
        return True, None
    for owner in owners:
        if person in stand_ins.in_place_of(session, owner, besides=_spoken(step, owners, person)):
            return True, owner
    row = _assistance(session, step, person)
    return (True, row.person) if row is not None and _within(session, step, row) else (False, None)


def may_prepare(session: Session, step: Step, person: Person) -> tuple[bool, Person | None]:
    """Whether this person may ask about an open step, and for whom: who may take it, and assistants of those."""
    may, on_behalf_of = may_take(session, step, person)
    row = None if may else _assistance(session, step, person)
    return (True, row.person) if row is not None else (may, on_behalf_of)


def _spoken(step: Step, owners: Sequence[Person], besides: Person | None = None) -> set[int]:
    """The ids of those who stand in for nobody here: who asked, who has spoken, and other owners who are asked too."""
    heard = {each.by_id for each in step.opinions if besides is None or each.by_id != besides.id}
    return {*step.request.party, *heard, *(each.id for each in owners if step.need > 1)}


def _assistance(session: Session, step: Step, person: Person) -> stand_ins.Assistant | None:
    """By which a person prepares an open decision for one of those whom it waits for."""
    if person.id in step.request.party or step.sort != Sort.DECISION or not people.works_here(session, person):
        return None
    owners = {each.id for each in candidates(session, step)}
    rows = stand_ins.assists(session, person, kind=step.request.kind)
    return next((each for each in rows if each.person_id in owners), None)


def _within(session: Session, step: Step, row: stand_ins.Assistant) -> bool:
    request = step.request
    kind = kinds_of(session)[request.kind]
    form, lines = requests.forms_of(kind, request)
    days = kind.days(form, requests.desk_of(session, request, by=None))
    return row.within(amount=kind.amount(form, lines), days=days)


def waiting_on(session: Session, step: Step) -> list[tuple[Person, Person | None]]:
    """Whom an open step waits for now, each with the one for whom they act where that is somebody else.

    Who is on leave, or gone, is not waited for: their stand-in is, or the others whose yes is enough.
    """
    heard = {each.by_id for each in step.opinions}
    owners = [each for each in candidates(session, step) if each.id not in heard]
    out: list[tuple[Person, Person | None]] = []
    out += [(each, None) for each in owners if stand_ins.decides(session, each)]
    if len(out) >= max(step.need - len(heard), 1):
        return out
    for owner in [each for each in owners if (each, None) not in out]:
        besides = {*_spoken(step, owners), *((each.id for each, _ in out) if step.need > 1 else ())}
        chain = stand_ins.in_place_of(session, owner, besides=besides)
        out.append((chain[-1], owner) if chain else (owner, None))
    return out


def takers(session: Session, step: Step) -> list[Person]:
    """Who is shown the card of a step: whom it waits for, whoever else here may take it, and their assistants."""
    owners = candidates(session, step)
    out = [each for each, _ in waiting_on(session, step)]
    out += [each for each in owners if not stand_ins.gone(session, each)]
    out += [each for owner in owners if (each := people.stand_in_for(session, owner)) is not None]
    kind = step.request.kind
    out += [each.assistant for owner in owners for each in stand_ins.assistants_of(session, owner, kind=kind)]
    return [each for each in dict.fromkeys(out) if may_prepare(session, step, each)[0]]


def acting(session: Session, step: Step) -> Person | None:
    """Who acts now in the place of a step's owner, if anybody does."""
    return next((each for each, owner in waiting_on(session, step) if owner is not None), None)


def candidates(session: Session, step: Step) -> list[Person]:
    """Those a step waits for: its owner, or all holders of its roles but the requester."""
    if step.owner is not None:
        return [step.owner]
    found = holders(session, step.roles, step.request.person)
    return [each for each in found if step.sort == Sort.WORK or each.id not in step.request.party]


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
        raise Refusal("That is for {who} to do.", who=_names(waiting_on(session, step)))
    kind = kinds_of(session)[request.kind]
    form, lines = requests.forms_of(kind, request)
    label, desk = step.label or "", requests.desk_of(session, request, by=by)
    names = {each.name for each in kind.tells(form, lines, label, desk)}
    said = {name: value for name, value in (said or {}).items() if name in names}
    if not kind.told(form, lines, label, said, desk):
        events.record(
            session,
            "step.part_done",
            by=by,
            on_behalf_of=on_behalf_of,
            subject=step.subject,
            about=(request.person,),
            detail={"number": request.number, "label": label, "said": said},
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
        detail={"number": request.number, "label": step.label, "said": said},
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
    named = people.stands_in_for(session, person)
    those = [person, *named, *(each.person for each in stand_ins.assists(session, person))]
    at_once = (selectinload(Step.opinions), selectinload(Step.request))
    wanted = select(Step).where(Step.state == "open").order_by(Step.opened_at, Step.id).options(*at_once)
    ids = {each.id for each in those}
    found = session.scalars(
        wanted.where(or_(Step.owner_id.in_(ids), Step.acting == person.id, Step.owner_id.is_(None)))
    )
    held = {role.role for each in those for role in each.roles} | {MANAGER}
    return [
        step
        for step in found
        if (step.owner_id is not None or step.acting == person.id or held & set(step.roles))
        and may_take(session, step, person)[0]
        and person.id not in {o.by_id for o in step.opinions}
    ]


def concerned(session: Session) -> set[int]:
    """The ids of all for whom something may wait now; for nobody else anything does. A few looks, however many wait."""
    is_open = Step.state == "open"
    wanted = (
        select(Step.owner_id).where(is_open),
        select(Step.acting).where(is_open),
        select(Person.manager_id),
        select(people.Role.person_id),
        select(people.StandIn.stand_in_id),
        select(stand_ins.Assistant.assistant_id),
    )
    return {each for one in wanted for each in session.scalars(one.distinct()) if each is not None}


def may_see(session: Session, request: Request, person: Person) -> bool:
    """Whether this person may see a request: their own, one they filed, or one that is or was theirs to take."""
    if person.id in (request.person_id, request.by_id):
        return True
    if any(opinion.by_id == person.id for step in request.steps for opinion in step.opinions):
        return True
    return any(step.state in ("open", "done") and may_prepare(session, step, person)[0] for step in request.steps)


def waits_for(session: Session, request: Request) -> Either:
    """The names of those a request waits for now: "Maria Silva", or "Tom Becker, for Maria Silva"."""
    who: list[tuple[Person, Person | None]] = []
    for step in request.steps:
        if step.state == "open":
            who += [(request.person, None)] if requests.asked(step) else waiting_on(session, step)
    return _names(who)


def already(session: Session, request: Request) -> Already:
    """The word that a request is decided or closed already, and by whom."""
    state = Title("finished" if request.state == DONE else request.state)
    last = decided_by(request)
    who = session.get(Person, last[0].by_id) if last and request.state in (APPROVED, REJECTED, DONE) else None
    if who is None:
        return Already("{ref} was already {state}.", ref=requests.ref(session, request), state=state)
    return Already("{ref} was already {state} by {who}.", ref=requests.ref(session, request), state=state, who=who.name)


def _names(who: Sequence[tuple[Person, Person | None]]) -> Either:
    said = [InPlaceOf(each.name, owner.name) if owner else each.name for each, owner in who]
    return Either(tuple(dict.fromkeys(said)))
