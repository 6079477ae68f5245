"""Nothing strands: each open step is reminded of, and then goes up the chain, on the approver's working calendar."""

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import calendars, events, people, policies, timers
from backend.people import Person
from backend.store import now

if TYPE_CHECKING:
    from backend.requests import Step

REMIND, ESCALATE = "step.remind", "step.escalate"
MORNING = time(10, 0)
LONGEST_PAUSE = 20
"""Working days: nobody waits longer for the next reminder."""


def on_step_opened(session: Session, step: "Step") -> None:
    """Sets the timers of a step that has just been opened."""
    watched, patience = _watched(session, step), _patience(session, step)
    for name in (REMIND, ESCALATE):
        _set(session, step, name, watched=watched, patience=patience)


def remind(session: Session, timer: timers.Timer) -> None:
    """A step has waited: its approvers are reminded, and again, more and more rarely."""
    step = _open_step(session, timer)
    if step is None:
        return
    from backend import moves

    moved = moves.review(session, step, by=None, wait=False)
    if step.state != "open":
        return
    if not moved:  # else whoever's turn has come was told of it
        _record(session, step, "step.reminded")
    _set(session, step, REMIND, watched=_watched(session, step))


def escalate(session: Session, timer: timers.Timer) -> None:
    """A step has waited too long: it goes to the stand-in or the next in the chain, who is told why."""
    step = _open_step(session, timer)
    if step is None:
        return
    _go_up(session, step)
    on_step_opened(session, step)


def _set(session: Session, step: "Step", name: str, *, watched: Person, patience: int = 0) -> None:
    """Sets a timer of a step: after the policy's days twice, and then after twice as many each time.

    watched   on whose working days; patience: days to add before it goes off for the first time
    """
    rules = policies.approvals(session)
    days = rules.remind_days if name == REMIND else rules.escalate_days
    before = timers.fired(session, name=name, subject=step.subject)
    days = min(days * 2 ** max(before - 1, 0), LONGEST_PAUSE) + (0 if before else patience)
    timers.set_timer(session, name=name, subject=step.subject, due_at=morning_after(session, watched, days))


def _patience(session: Session, step: "Step") -> int:
    """The working days for which nobody is reminded of a piece of work, since it takes them by its nature."""
    from backend import requests

    if step.label is None:
        return 0
    kind, desk = requests.kinds_of(session)[step.request.kind], requests.desk_of(session, step.request, by=None)
    return kind.patience(*requests.forms_of(kind, step.request), step.label, desk)


def _go_up(session: Session, step: "Step") -> None:
    """Gives a step to the next in the chain; nobody gets it twice, and the last of them is reminded once more."""
    above = _next_in_chain(session, step)
    if above is None:
        _record(session, step, "step.reminded")
        return
    from backend import steps

    before = step.owner_id
    step.had = [*(step.had or []), *(each.id for each in steps.candidates(session, step))]
    step.owner_id, step.owner = above.id, above
    step.need = len(step.opinions) + 1
    who = steps.acting(session, step)
    step.acting = who.id if who else None
    session.flush()
    _record(session, step, "step.escalated", was=before)


def without_timer(session: Session) -> list["Step"]:
    """Open steps that no timer watches: a self-check that should find none."""
    from backend.requests import Step

    watched = set(session.scalars(select(timers.Timer.subject).where(timers.Timer.state == "open")))
    return [step for step in session.scalars(select(Step).where(Step.state == "open")) if step.subject not in watched]


def _next_in_chain(session: Session, step: "Step") -> Person | None:
    from backend import steps

    current = steps.candidates(session, step)
    asked = [each for each, _ in steps.waiting_on(session, step)]
    spoken = {each.by_id for each in step.opinions}
    taken = {each.id for each in (*current, *asked)} | step.request.party | spoken | set(step.had or [])
    for each in current:
        stand_in = people.stand_in_for(session, each)
        if stand_in is not None and stand_in.id not in taken:
            return stand_in
    return steps.above(session, (current or [step.request.person])[0], besides=taken)


def _open_step(session: Session, timer: timers.Timer) -> "Step | None":
    from backend.requests import Step

    step = session.get(Step, int(timer.subject.removeprefix("step:")))
    return step if step is not None and step.state == "open" else None


def _record(session: Session, step: "Step", kind: str, **detail: object) -> None:
    events.record(
        session,
        kind,
        by=None,
        subject=step.subject,
        about=(step.request.person,),
        detail={"number": step.number, "step": step.id, **detail},
    )


def _watched(session: Session, step: "Step") -> Person:
    """The first of those whom a step waits for, on whose working days it is reminded of."""
    from backend import steps

    return next((each for each, _ in steps.waiting_on(session, step)), step.request.person)


def morning_after(session: Session, person: Person, days: int) -> datetime:
    """Ten in the morning, where a person works, after so many of their working days."""
    zone = ZoneInfo(person.place.timezone)
    local = now(session).astimezone(zone)
    day, left = local.date(), days
    for _ in range(366):
        day += timedelta(days=1)
        if calendars.works_on(session, person, day):
            left -= 1
        if left == 0:
            break
    return datetime.combine(day, MORNING, tzinfo=zone)
