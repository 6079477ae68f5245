"""Filing: a request is sent, or taken back. One press, one transaction."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from backend import decisions, events, requests, steps
from backend.desk import Desk
from backend.kinds import Kind, Sort, kinds_of, plain
from backend.people import Person
from backend.refusals import Refusal
from backend.requests import (
    APPROVED,
    CLOSED,
    PENDING,
    RECORDED,
    WITHDRAWN,
    Line,
    Request,
    desk_of,
    forms_of,
    lines_of,
    next_number,
)
from backend.store import now


def submit(
    session: Session,
    kind: Kind[Any],
    *,
    values: Mapping[str, Any],
    lines: Sequence[Mapping[str, Any]] = (),
    requester: Person,
    by: Person,
    number: int | None = None,
) -> Request:
    """Makes a request: numbers it, writes its route as steps, reserves what it takes, and tells nobody yet.

    number  only for requests brought in from elsewhere, which keep theirs
    A Refusal says what is missing or wrong; objections that do not block are no refusal.
    """
    desk = Desk(session, requester, kind)
    form, line_forms = kind.whole(*kind.filled(values, lines, desk))
    for objection in kind.check(form, line_forms, desk):
        if objection.blocks:
            raise Refusal(objection.text, field=objection.field, **objection.values)
    if kind.line and not line_forms:
        raise Refusal("There are no lines yet: add at least one.")
    asks = kind.asks(form, desk)
    stops = kind.route(form, line_forms, desk)
    if not asks:
        stops = [[each for each in stop if each.sort is Sort.WORK] for stop in stops]
    request = Request(
        number=number or next_number(session),
        kind=kind.name,
        person_id=requester.id,
        by_id=by.id,
        employer_id=requester.employer_id,
        values=plain(form.model_dump(exclude_none=True)),
        state=PENDING,
        made_at=now(session),
    )
    request.person = requester
    request.lines = [
        Line(position=position, values=plain(each.model_dump(exclude_none=True)))
        for position, each in enumerate(line_forms, start=1)
    ]
    session.add(request)
    session.flush()
    for position, stop in enumerate([each for each in stops if each], start=1):
        for ask in stop:
            steps.add(session, request, ask, position=position)
    session.refresh(request, ["steps"])
    if any(not steps.candidates(session, step) for step in request.steps):
        raise Refusal("There is nobody here who could decide this: ask HR or an admin to say who does.")
    desk = desk_of(session, request, by=by)
    if asks:
        kind.reserve(form, line_forms, desk)
    events.record(
        session,
        "request.submitted",
        by=by,
        subject=request.subject,
        about=(requester,),
        detail={"number": request.number, "kind": kind.name, "values": request.values, "lines": lines_of(request)},
    )
    if asks and any(each.sort == Sort.DECISION for each in request.steps):
        steps.open_next(session, request, by=by)
    else:
        decisions.settle(session, request, RECORDED if not asks else APPROVED, by=by)
    session.flush()
    return request


def withdraw(request: Request, session: Session, *, by: Person) -> Request:
    """Takes a request back, waiting or approved; what it took from ledgers is given back by counter-entries."""
    request = requests.lock(session, request.number)
    if by.id not in (request.person_id, request.by_id):
        raise Refusal(
            "{ref} belongs to {who}; only they can withdraw it.",
            ref=requests.ref(session, request),
            who=request.person.name,
        )
    if request.state in CLOSED:
        raise steps.already(session, request)
    kind = kinds_of(session)[request.kind]
    form, _ = forms_of(kind, request)
    if request.state != PENDING and kind.settled(form, desk_of(session, request, by=by)):
        raise Refusal("{ref} is already over; HR can correct it.", ref=requests.ref(session, request))
    decisions.settle(session, request, WITHDRAWN, by=by)
    session.flush()
    return request
