"""Decisions: yes or no to a step that waits, and what follows when a request is decided. One press, one transaction."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from backend import events, leave, requests, spending, steps
from backend.kinds import LONGEST_TEXT, Sort, kinds_of
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
) -> Request:
    """Says yes ("approved") or no ("rejected") to the step that waits for this person.

    lines  where the kind has lines: what is said to single ones, by position; the rest get `outcome`
    A Refusal says who it waits for, or who decided it already.
    """
    request = requests.lock(session, request.number)
    if request.state != PENDING:
        raise steps.already(session, request)
    if request.person_id == by.id:
        raise Refusal("You can't decide your own request; it waits for {who}.", who=steps.waits_for(session, request))
    step, on_behalf_of = _step_for(session, request, by)
    if step is None:
        raise Refusal(
            "{ref} waits for {who}, who can decide it.",
            ref=requests.ref(session, request),
            who=steps.waits_for(session, request),
        )
    said = {line.position: outcome for line in request.lines if line.state != REJECTED}
    for position, word in (lines or {}).items():
        if position not in said or word not in (APPROVED, REJECTED):
            raise Refusal("{ref} has no line {line} to decide.", ref=requests.ref(session, request), line=position)
        said[position] = outcome if outcome == REJECTED else word
    if REJECTED in (outcome, *said.values()) and not comment.strip():
        raise Refusal("Please say why, so that {who} knows.", field="comment", who=request.person.first_name)
    if len(comment) > LONGEST_TEXT:
        raise Refusal("That reason is too long: {most} characters are the most.", field="comment", most=LONGEST_TEXT)
    session.add(
        Opinion(
            step_id=step.id,
            by_id=by.id,
            for_id=on_behalf_of.id if on_behalf_of else None,
            outcome=outcome,
            comment=comment.strip(),
            at=now(session),
        )
    )
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
        },
    )
    session.flush()
    session.refresh(step, ["opinions"])
    all_lines_refused = bool(request.lines) and all(line.state == REJECTED for line in request.lines)
    if outcome == REJECTED or all_lines_refused:
        steps.close(session, step)
        settle(session, request, REJECTED, by=by)
    elif sum(each.outcome == APPROVED for each in step.opinions) >= step.need:
        steps.close(session, step)
        if any(each.state == "open" for each in request.steps):
            pass  # the others of this stop have still to decide
        elif any(each.state == "waiting" and each.sort == Sort.DECISION for each in request.steps):
            steps.open_next(session, request, by=by)
        else:
            settle(session, request, APPROVED, by=by)
    session.flush()
    return request


def _step_for(session: Session, request: Request, by: Person) -> tuple[Step | None, Person | None]:
    for step in request.steps:
        if step.state == "open" and step.sort == Sort.DECISION:
            may, on_behalf_of = steps.may_take(session, step, by)
            if may and by.id not in {each.by_id for each in step.opinions}:
                return step, on_behalf_of
    return None, None


def settle(session: Session, request: Request, state: str, *, by: Person | None) -> None:
    """Brings a request to a decided state: ledgers, remaining steps, work, and the event."""
    kind = kinds_of(session)[request.kind]
    desk = desk_of(session, request, by=by)
    before, request.state = request.state, state
    request.decided_at = now(session)
    good = state in (APPROVED, RECORDED)
    leave.counter(session, request.number, by=by, sorts=(leave.HOLD,) if good else (leave.HOLD, leave.BOOKING))
    leave.unmark(session, request.number)
    spending.counter(
        session, request.number, by=by, sorts=(spending.HOLD,) if good else (spending.HOLD, spending.BOOKING)
    )
    for step in request.steps:
        if step.state in ("open", "waiting") and not (good and step.sort == Sort.WORK):
            steps.close(session, step, "skipped")
    form, lines = forms_of(kind, request)
    for line in request.lines:
        if line.state == PENDING:
            line.state = state
    if good:
        kind.apply(form, lines, desk)
        steps.open_next(session, request, by=by)
    elif before in (APPROVED, RECORDED):
        kind.undo(form, lines, desk)
    events.record(
        session,
        f"request.{state}",
        by=by,
        subject=request.subject,
        about=(request.person,),
        detail={"number": request.number, "kind": request.kind, "before": before},
    )
