"""Undoing: whoever decided last takes it back, for a while, as long as nothing was built on it."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import decisions, escalations, events, people, policies, requests, timers
from backend.kinds import Sort, kinds_of
from backend.leave import LeaveDay
from backend.people import Person
from backend.refusals import Already, Refusal
from backend.requests import APPROVED, REJECTED, WITHDRAWN, Opinion, Request, Step
from backend.store import now


def undo(request: Request, session: Session, *, by: Person) -> Request:
    """Takes back what this person decided last: the step is open again, and ledgers follow by counter-entries.

    A Refusal says why it is too late, and what to do instead.
    """
    request = requests.lock(session, request.number)
    opinion, step, before = undoable(session, request, by)
    was = request.state
    kind = kinds_of(session)[request.kind]
    if was == APPROVED:
        form, lines = requests.forms_of(kind, request)
        kind.undo(form, lines, requests.desk_of(session, request, by=by))
    opinion.undone_at = now(session)
    request.state, request.granted = before["state"], before["granted"]
    request.decided_at = None
    for line in request.lines:
        line.state, line.granted = before["lines"].get(str(line.position), [line.state, line.granted])
    closed = [each.id for each in request.steps if _put_back(session, each, before["steps"].get(str(each.id)))]
    session.flush()
    session.refresh(step, ["opinions"])
    decisions.hold_again(session, request, by=by)
    behalf = session.get(Person, opinion.for_id) if opinion.for_id else None
    words = {"number": request.number, "step": step.id, "was": was, "closed": closed}
    events.record(
        session,
        "step.undone",
        by=by,
        on_behalf_of=behalf,
        subject=step.subject,
        about=(request.person,),
        detail=words,
    )
    if request.state != was:
        detail = {"number": request.number, "kind": request.kind, "before": was}
        events.record(
            session, "request.reopened", by=by, subject=request.subject, about=(request.person,), detail=detail
        )
    session.flush()
    return request


def may_undo(session: Session, request: Request, person: Person) -> bool:
    """Whether this person can take back what they decided, now."""
    if not any(each.by_id == person.id for step in request.steps for each in step.opinions):
        return False
    try:
        undoable(session, request, person)
    except Refusal:
        return False
    return True


def latest(session: Session, person: Person) -> int | None:
    """The number of the request that this person decided last."""
    wanted = select(Step.number).join(Opinion, Opinion.step_id == Step.id)
    wanted = wanted.where(Opinion.by_id == person.id, Opinion.undone_at.is_(None))
    return session.scalar(wanted.order_by(Opinion.id.desc()).limit(1))


def undoable(session: Session, request: Request, by: Person) -> tuple[Opinion, Step, dict[str, Any]]:
    """What this person decided last, the step, and how the request stood before.

    A Refusal says why it cannot be taken back, and what to do instead.
    """
    ref, who = requests.ref(session, request), request.person.first_name
    last = requests.said_last(request)
    if request.state == WITHDRAWN:
        raise Already("{ref} was withdrawn, so there is nothing left to undo.", ref=ref)
    if last is None or all(each.by_id != by.id for step in request.steps for each in step.opinions):
        raise Already("There is no decision of yours about {ref} to undo.", ref=ref)
    opinion, step = last
    if opinion.by_id != by.id:
        other = session.get_one(Person, opinion.by_id).name
        raise Refusal("{other} has decided {ref} since: ask them to undo theirs first.", other=other, ref=ref)
    if request.state != REJECTED and opinion.outcome == REJECTED:
        raise Refusal("{ref} stays as it was approved: ask {who} to send the change again.", ref=ref, who=who)
    before = opinion.before
    if before is None or before["version"] != request.version:
        raise Refusal("{who} has changed {ref} since, so it can't be undone: decide the change.", who=who, ref=ref)
    minutes = policies.approvals(session).undo_minutes
    if now(session) - opinion.at > timedelta(minutes=minutes):
        text = "It was decided more than {minutes} minutes ago: ask {who} to withdraw {ref}, and to send it again."
        if request.state == REJECTED:
            text = "It was decided more than {minutes} minutes ago: ask {who} to send it again."
        raise Refusal(text, minutes=minutes, who=who, ref=ref)
    if any(each.at > opinion.at for each in requests.questions(request)):
        raise Refusal("Somebody has asked {who} about {ref} since: let that be answered first.", who=who, ref=ref)
    if any(each.sort == Sort.WORK and each.state == "done" for each in request.steps):
        raise Refusal("Work on {ref} has begun, so it can't be undone: ask {who} to withdraw it.", ref=ref, who=who)
    _leave_may_change(session, request, ref=ref, who=who)
    return opinion, step, before


def _leave_may_change(session: Session, request: Request, *, ref: str, who: str) -> None:
    """A Refusal where booked leave has begun."""
    booked = select(LeaveDay.day).where(LeaveDay.request == request.number, LeaveDay.state == "booked")
    days = list(session.scalars(booked))
    if days and min(days) <= people.today(session, request.person):
        raise Refusal("That leave has begun, so it can't be undone: ask {who} to give back the days.", who=who)


def _put_back(session: Session, step: Step, state: str | None) -> bool:
    """Brings a step back to a state; True if that closes it for those whom it waited for."""
    if state is None or state == step.state:
        return False
    was_open = step.state == "open"
    step.state, step.closed_at = state, None
    if was_open:
        timers.cancel(session, step.subject)
    if state == "open":
        escalations.on_step_opened(session, step)
    elif state == "waiting":
        step.opened_at = None
    return was_open
