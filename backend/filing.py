"""Filing: a request is sent, changed, or taken back, whole or by days. One press, one transaction."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from backend import asking, decisions, events, requests, steps
from backend.desk import Desk
from backend.differences import differences
from backend.forms import plain
from backend.kinds import Kind, Sort, kinds_of
from backend.people import Person
from backend.refusals import Refusal
from backend.requests import (
    APPROVED,
    CLOSED,
    DONE,
    PENDING,
    RECORDED,
    REJECTED,
    WITHDRAWN,
    Line,
    Request,
    desk_of,
    forms_of,
    lines_of,
    next_number,
)
from backend.store import now
from backend.words import Either, Title


def submit(
    session: Session,
    kind: Kind[Any],
    *,
    values: Mapping[str, Any],
    lines: Sequence[Mapping[str, Any]] = (),
    requester: Person,
    by: Person,
    number: int | None = None,
    decided: bool = False,
) -> Request:
    """Makes a request: numbers it, writes its route as steps, reserves what it takes, and tells nobody yet.

    number   only for requests brought in from elsewhere, which keep theirs
    decided  it is recorded, since whoever files it for the requester may decide it
    A Refusal says what is missing or wrong; objections that do not block are no refusal.
    """
    desk = Desk(session, requester, kind)
    form, line_forms = _sendable(kind, values, lines, desk)
    number, made_at = number or next_number(session), now(session)
    request = requests.write(
        session, kind, form, line_forms, number=number, requester=requester, by=by, made_at=made_at
    )
    events.record(
        session,
        "request.submitted",
        by=by,
        subject=request.subject,
        about=(requester,),
        detail={"number": request.number, "kind": kind.name, "values": request.values, "lines": lines_of(request)},
    )
    _start(request, session, by=by, decided=decided)
    session.flush()
    return request


def withdraw(request: Request, session: Session, *, by: Person) -> Request:
    """Takes a request back, waiting or approved; what it took from ledgers is given back by counter-entries."""
    request = requests.lock(session, request.number)
    must_be_open(request, session, by=by)
    decisions.settle(session, request, WITHDRAWN, by=by)
    session.flush()
    return request


def amend(
    request: Request,
    session: Session,
    *,
    by: Person,
    values: Mapping[str, Any],
    lines: Sequence[Mapping[str, Any]] = (),
    given_back: tuple[date, date] | None = None,
) -> Request:
    """Changes what was sent. Where that matters (Kind.matters, or other approvers) it is approved anew.

    values, lines  what it says from now on, whole; lines are those that were not refused
    given_back     the days, first and last, that this gives back
    A Refusal says why it cannot be changed, what is wrong with it, or that nothing is different.
    """
    request = requests.lock(session, request.number)
    must_be_open(request, session, by=by)
    kind = kinds_of(session)[request.kind]
    before = forms_of(kind, request)
    after = read(request, session, values=values, lines=lines)
    found = differences(kind, before, after, desk_of(session, request, by=by))
    if not found:
        raise Refusal("Nothing is different yet: say or fill in what should change.")
    anew = matters(request, session, after=after)
    was, old = request.state, {"values": request.values, "lines": lines_of(request)}
    stood = requests.standing(request) if was != PENDING else (request.before or {}).get("stood")
    approved_by = _approved_by(request)
    if anew and was in (APPROVED, RECORDED):
        kind.undo(*before, desk_of(session, request, by=by))
    if anew or any(not each.blank.free_text for each in found):
        decisions.take_back(session, request, by=by)
    _write(request, *after, anew=anew)
    request.version += 1
    if anew and (approved_by or request.before is None or was != PENDING):
        upto = max((each.id for each in request.steps), default=0)
        request.before = {**old, "state": was, "by": approved_by, "upto": upto, "stood": stood}
    asking.changed(request, session, by=by)
    for step in request.steps if anew else ():
        if step.state in ("open", "waiting"):
            steps.close(session, step, "skipped")
    session.flush()
    events.record(
        session,
        "request.amended",
        by=by,
        subject=request.subject,
        about=(request.person,),
        detail={
            "number": request.number,
            "before": old,
            "after": {"values": request.values, "lines": lines_of(request)},
            "anew": anew,
            "given_back": list(given_back or ()),
        },
    )
    if anew:
        _start(request, session, by=by)
    elif any(not each.blank.free_text for each in found):
        taking = kind.reserve if was == PENDING else kind.apply
        taking(*forms_of(kind, request), desk_of(session, request, by=by))
    session.flush()
    return request


def without(request: Request, session: Session, *, start: date, end: date, by: Person) -> dict[str, Any] | None:
    """The values of a request without these days of it; None where none of it would be left, or it has no such days."""
    kind, desk = kinds_of(session)[request.kind], desk_of(session, request, by=by)
    form, _ = forms_of(kind, request)
    spare = kind.spare(form, desk)
    if spare is None or start < spare[0] or end > spare[1]:
        return None
    return kind.revoked(form, start, end, desk)


def revoke(request: Request, session: Session, *, by: Person, start: date, end: date) -> Request:
    """Gives back single days, from start to end; nobody has to approve that. All of them: it is withdrawn."""
    request = requests.lock(session, request.number)
    must_be_open(request, session, by=by)
    kind, desk = kinds_of(session)[request.kind], desk_of(session, request, by=by)
    form, lines = forms_of(kind, request)
    left = kind.spare(form, desk)
    if left is None:
        raise Refusal("{ref} has no days to give back.", ref=requests.ref(session, request))
    if end < start:
        raise Refusal("The last day is before the first: change one of them.", field="end")
    if start < left[0] or end > left[1]:
        raise Refusal(
            "Only days from {start} to {end} can be given back here.", field="start", start=left[0], end=left[1]
        )
    values = kind.revoked(form, start, end, desk)
    if values is None:
        return withdraw(request, session, by=by)
    kept = [each.model_dump(exclude_none=True) for each in lines]
    return amend(request, session, by=by, values=values, lines=kept, given_back=(start, end))


def read(
    request: Request, session: Session, *, values: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]
) -> tuple[Any, list[Any]]:
    """The form and lines that a change would make of a request; a Refusal says what is missing or wrong."""
    kind = kinds_of(session)[request.kind]
    return _sendable(kind, values, lines, Desk(session, request.person, kind, changing=request.number))


def _sendable(
    kind: Kind[Any], values: Mapping[str, Any], lines: Sequence[Mapping[str, Any]], desk: Desk
) -> tuple[Any, list[Any]]:
    """The finished form and its lines; a Refusal where something is missing or wrong, or there is nothing to send."""
    form, line_forms = kind.whole(*kind.filled(values, lines, desk))
    for objection in kind.check(form, line_forms, desk):
        if objection.blocks:
            raise Refusal(objection.text, field=objection.field, **objection.values)
    if kind.line and not line_forms:
        raise Refusal("There are no lines yet: add at least one.")
    return form, line_forms


def matters(request: Request, session: Session, *, after: tuple[Any, list[Any]]) -> bool:
    """Whether a change has to be approved anew: it matters to its kind, or it needs approvers that it did not need."""
    kind = kinds_of(session)[request.kind]
    before = forms_of(kind, request)
    desk = Desk(session, request.person, kind, changing=request.number)
    if kind.asks(before[0], desk) != kind.asks(after[0], desk):
        return True
    if not kind.asks(after[0], desk):
        return False
    return kind.matters(before, after, desk) or bool(_deciders(kind, after, desk) - _deciders(kind, before, desk))


def must_be_open(request: Request, session: Session, *, by: Person) -> None:
    """A Refusal unless this person may still change or withdraw a request; it says who can correct it instead."""
    ref = requests.ref(session, request)
    if by.id not in (request.person_id, request.by_id):
        raise Refusal("{ref} belongs to {who}; only they can change or withdraw it.", ref=ref, who=request.person.name)
    kind = kinds_of(session)[request.kind]
    if request.state == DONE:
        state = Title(requests.state_word(session, request))
        raise Refusal("{ref} is already {state}; {who} can correct it.", ref=ref, state=state, who=Title(kind.keeper))
    if request.state in CLOSED:
        raise steps.already(session, request)
    form, _ = forms_of(kind, request)
    if request.state != PENDING and kind.settled(form, desk_of(session, request, by=by)):
        raise Refusal("{ref} is already over; {who} can correct it.", ref=ref, who=Title(kind.keeper))
    done = [each for each in request.steps if each.sort == Sort.WORK and each.state == "done"]
    bound = next((each for each in done if kind.bound_by(each.label or "")), None)
    if bound is not None:
        holders = Either(tuple(each.name for each in steps.candidates(session, bound)))
        raise Refusal(
            "{ref} cannot be changed here any more, since “{what}” is done: please speak to {who}.",
            ref=ref,
            what=Title(bound.label or "work"),
            who=holders if holders.names else Title(kind.keeper),
        )


def _deciders(kind: Kind[Any], sent: tuple[Any, list[Any]], desk: Desk) -> set[tuple[tuple[str, ...], int]]:
    """Who has to say yes to it as it reads: roles, and how many of them."""
    stops = kind.route(*sent, desk)
    return {(each.roles, each.need) for stop in stops for each in stop if each.sort is Sort.DECISION}


def _approved_by(request: Request) -> list[int]:
    """The ids of those who have approved what a request says now."""
    upto = (request.before or {}).get("upto", 0)
    said = [opinion for step in request.steps if step.id > upto for opinion in step.opinions]
    return list(dict.fromkeys(each.by_id for each in said if each.outcome == APPROVED and each.undone_at is None))


def _write(request: Request, form: Any, lines: list[Any], *, anew: bool) -> None:
    """Puts new values into a request; lines that were refused stay as they are, where they are."""
    request.values, request.granted = plain(form.model_dump(exclude_none=True)), None
    left = [plain(each.model_dump(exclude_none=True)) for each in lines]
    rows: list[tuple[dict[str, Any], str]] = []
    for line in request.lines:
        if line.state == REJECTED:
            rows.append((line.values, line.state))
        elif left:
            rows.append((left.pop(0), PENDING if anew else line.state))
    rows += [(values, PENDING) for values in left]
    for line, (values, state) in zip(request.lines, rows, strict=False):
        line.values, line.state, line.granted = values, state, None if state != REJECTED else line.granted
    del request.lines[len(rows) :]
    for position, (values, state) in list(enumerate(rows, start=1))[len(request.lines) :]:
        request.lines.append(Line(position=position, values=values, state=state))


def _start(request: Request, session: Session, *, by: Person, decided: bool = False) -> None:
    """Writes the route of a request as steps, holds back what it takes, and opens the first step."""
    kind, desk = kinds_of(session)[request.kind], desk_of(session, request, by=by)
    form, lines = forms_of(kind, request)
    asks = kind.asks(form, desk) and not decided
    stops = kind.route(form, lines, desk)
    if not asks:
        stops = [[each for each in stop if each.sort is Sort.WORK] for stop in stops]
    past = {each.id for each in request.steps}
    first = 1 + max((each.position for each in request.steps), default=0)
    for position, stop in enumerate([each for each in stops if each], start=first):
        for ask in stop:
            steps.add(session, request, ask, position=position)
    session.refresh(request, ["steps"])
    new = [each for each in request.steps if each.id not in past]
    if any(step.state == "waiting" and not steps.candidates(session, step) for step in new):
        raise Refusal("There is nobody here who could decide this: ask HR or an admin to say who does.")
    request.state = PENDING
    if asks:
        kind.reserve(form, lines, desk)
    if asks and any(each.sort == Sort.DECISION and each.state == "waiting" for each in new):
        steps.open_next(session, request, by=by)
    else:  # nobody is asked: it is only recorded, or policy itself says yes
        state, decider = (APPROVED, None) if asks else (RECORDED, by)
        decisions.settle(session, request, state, by=decider)
