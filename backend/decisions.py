"""Decisions: yes or no to a step that waits, and what follows when a request is decided. One press, one transaction."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from backend import escalations, events, leave, lowering, moves, requests, spending, steps, timers
from backend.forms import LONGEST_TEXT
from backend.kinds import Sort, kinds_of
from backend.people import Person
from backend.refusals import Refusal
from backend.requests import (
    APPROVED,
    PENDING,
    RECORDED,
    REJECTED,
    Opinion,
    Request,
    Step,
    desk_of,
    forms_of,
)
from backend.store import now


def decide(
    request: Request,
    session: Session,
    *,
    by: Person,
    outcome: str,
    comment: str = "",
    lines: Mapping[int, str] | None = None,
    amounts: Mapping[int, Decimal] | None = None,
) -> Request:
    """Says yes ("approved") or no ("rejected") to the step that waits for this person.

    lines    where the kind has lines: what is said to single ones, by position; the rest get `outcome`
    amounts  what is approved instead of what was asked, by the line's position; 0 stands for a request without lines
    A Refusal says who it waits for, or who decided it already.
    """
    request = requests.lock(session, request.number)
    step, on_behalf_of = theirs(session, request, by)
    said = {line.position: outcome for line in request.lines if line.state != REJECTED}
    for position, word in (lines or {}).items():
        if position not in said or word not in (APPROVED, REJECTED):
            raise Refusal("{ref} has no line {line} to decide.", ref=requests.ref(session, request), line=position)
        said[position] = outcome if outcome == REJECTED else word
    if said and all(word == REJECTED for word in said.values()):
        outcome = REJECTED
    kept = {} if outcome == REJECTED else {n: each for n, each in (amounts or {}).items() if said.get(n) != REJECTED}
    less = lowering.lower(session, request, kept)
    if (less or REJECTED in (outcome, *said.values())) and not comment.strip():
        raise Refusal("Please say why, so that {who} knows.", field="comment", who=request.person.first_name)
    if len(comment) > LONGEST_TEXT:
        raise Refusal("That reason is too long: {most} characters are the most.", field="comment", most=LONGEST_TEXT)
    opinion = Opinion(
        step_id=step.id,
        by_id=by.id,
        for_id=on_behalf_of.id if on_behalf_of else None,
        outcome=outcome,
        comment=comment.strip(),
        lowered=[each.as_doc() for each in less] or None,
        before=_standing(request),
        at=now(session),
    )
    session.add(opinion)
    set_committed_value(step, "opinions", [*step.opinions, opinion])
    for each in less:
        each.grant(request)
    for line in request.lines:
        line.state = said.get(line.position, line.state)
    events.record(
        session,
        f"step.{outcome}",
        by=by,
        on_behalf_of=on_behalf_of,
        subject=step.subject,
        about=(request.person,),
        detail={
            "number": request.number,
            "comment": comment.strip(),
            "lines": {str(k): v for k, v in (lines or {}).items()},
            **({"lowered": [each.as_doc() for each in less]} if less else {}),
        },
    )
    if outcome == REJECTED:
        steps.close(session, step)
        _reject(session, request, by=by)
    elif sum(each.outcome == APPROVED for each in step.opinions) >= step.need:
        carry_on(session, step, by=by)
    else:  # the other yes may have to come from somebody else by now
        moves.review(session, step, by=by)
    if request.state == PENDING and (less or REJECTED in said.values()):
        hold_again(session, request, by=by)
    _drop_questions(session, request, by=by)
    session.flush()
    return request


def _reject(session: Session, request: Request, *, by: Person) -> None:
    """Ends a request with a no; a no to a change of what was approved leaves that as it was, with its work."""
    stood = (request.before or {}).get("stood")
    if stood is None:
        settle(session, request, REJECTED, by=by)
        return
    for step in request.steps:
        if step.state in ("open", "waiting"):
            steps.close(session, step, "skipped")
        elif step.id in stood["work"]:
            step.state, step.closed_at = "waiting", None
    requests.put_back(request, stood)
    settle(session, request, stood["state"], by=by, event="request.change_rejected")


def carry_on(session: Session, step: Step, *, by: Person | None) -> None:
    """Closes a step that has all the yeses that it can get, and opens what comes next or settles the request."""
    request = step.request
    steps.close(session, step)
    if any(each.state == "open" for each in request.steps):
        return  # the others of this stop have still to decide
    if any(each.state == "waiting" and each.sort == Sort.DECISION for each in request.steps):
        steps.open_next(session, request, by=by)
    else:
        settle(session, request, APPROVED, by=by)


def decide_each(
    numbers: Iterable[int], session: Session, *, by: Person, outcome: str, comment: str = ""
) -> tuple[list[Request], dict[int, Refusal]]:
    """Says the same to several requests: (those decided, why not by number). One that cannot be stops no other."""
    done: list[Request] = []
    refused: dict[int, Refusal] = {}
    for number in sorted(set(numbers)):
        noted = {name: len(session.info.get(name, ())) for name in ("events", "owed")}
        try:
            with session.begin_nested():
                done.append(decide(requests.lock(session, number), session, by=by, outcome=outcome, comment=comment))
        except Refusal as refusal:
            refused[number] = refusal
            for name, count in noted.items():
                del session.info.get(name, [])[count:]
    return done, refused


def theirs(session: Session, request: Request, by: Person, *, asking: bool = False) -> tuple[Step, Person | None]:
    """The step of a locked request that this person may decide now (or ask about), and for whom, where they stand in.

    A Refusal says who it waits for, or who decided it already.
    """
    may_act = steps.may_prepare if asking else steps.may_take
    if request.state != PENDING:
        raise steps.already(session, request)
    if request.person_id == by.id:
        raise Refusal("You can't decide your own request; it waits for {who}.", who=steps.waits_for(session, request))
    for step in request.steps:
        if step.state == "open" and step.sort == Sort.DECISION:
            may, on_behalf_of = may_act(session, step, by)
            if may and by.id not in {each.by_id for each in step.opinions}:
                return step, on_behalf_of
    prepared = [steps.may_prepare(session, step, by) for step in request.steps if step.state == "open"]
    owner = next((each for may, each in prepared if may), None)
    if owner is not None:
        raise Refusal(
            "{ref} is more than you may decide for {who}: ask about it, or leave it to them.",
            ref=requests.ref(session, request),
            who=owner.name,
        )
    raise Refusal(
        "{ref} waits for {who}, who can decide it.",
        ref=requests.ref(session, request),
        who=steps.waits_for(session, request),
    )


def _standing(request: Request) -> dict[str, Any]:
    """How a request stands: all that a decision may change, which undoing it brings back."""
    return {
        "state": request.state,
        "version": request.version,
        "granted": request.granted,
        "lines": {str(each.position): [each.state, each.granted] for each in request.lines},
        "steps": {str(each.id): each.state for each in request.steps},
    }


def _drop_questions(session: Session, request: Request, *, by: Person | None) -> None:
    """Questions need no answer any more once their step is closed, or whoever asked has decided."""
    for question in [each for each in requests.questions(request) if each.state == "open"]:
        step = next(each for each in request.steps if each.id == question.step_id)
        if step.state == "open" and (by is None or question.by_id != by.id):
            continue
        question.state = "moot"
        if step.state == "open":  # others have still to decide: they are watched again
            timers.cancel(session, step.subject)
            escalations.on_step_opened(session, step)


def take_back(session: Session, request: Request, *, by: Person | None, booked: bool = True) -> None:
    """Writes the counter-entries that bring what a request holds (and what it booked) to nothing, days and money."""
    leave.counter(session, request.number, by=by, sorts=(leave.HOLD, leave.BOOKING) if booked else (leave.HOLD,))
    leave.unmark(session, request.number)
    sorts = (spending.HOLD, spending.BOOKING) if booked else (spending.HOLD,)
    spending.counter(session, request.number, by=by, sorts=sorts)


def hold_again(session: Session, request: Request, *, by: Person | None) -> None:
    """Takes back all that a request holds or booked and, as it stands now, holds back what it takes."""
    take_back(session, request, by=by)
    kind = kinds_of(session)[request.kind]
    form, lines = forms_of(kind, request)
    kind.reserve(form, lines, desk_of(session, request, by=by))


def settle(session: Session, request: Request, state: str, *, by: Person | None, event: str = "") -> None:
    """Brings a request to a decided state: ledgers, remaining steps, work, and the event.

    event  what is recorded; left out: that it is in this state now
    """
    kind = kinds_of(session)[request.kind]
    desk = desk_of(session, request, by=by)
    before, request.state = request.state, state
    request.decided_at = now(session)
    good = state in (APPROVED, RECORDED)
    take_back(session, request, by=by, booked=not good)
    for step in request.steps:
        if step.state in ("open", "waiting") and not (good and step.sort == Sort.WORK):
            steps.close(session, step, "skipped")
    form, lines = forms_of(kind, request)
    for line in request.lines:
        if line.state == PENDING:
            line.state = state
    _drop_questions(session, request, by=by)
    if good:
        kind.apply(form, lines, desk)
        steps.open_next(session, request, by=by)
    elif before in (APPROVED, RECORDED):
        kind.undo(form, lines, desk)
    events.record(
        session,
        event or f"request.{state}",
        by=by,
        subject=request.subject,
        about=(request.person,),
        detail={"number": request.number, "kind": request.kind, "before": before},
    )
