"""Nothing strands: each open step is reminded of, and then goes up the chain, in the approver's working time."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Integer, String, cast, exists, func, literal, or_, select
from sqlalchemy.orm import Session

from backend import calendars, events, people, policies, timers
from backend.calendars import Pause
from backend.people import Person
from backend.store import now
from backend.timers import Timer

if TYPE_CHECKING:
    from backend.requests import Step

REMIND, ESCALATE, RETIME = "step.remind", "step.escalate", "step.retime"
TOGETHER = timedelta(hours=1)
"""Whoever is reminded is reminded of what would be due in this time as well."""
MOST_TOGETHER = 200
SOON = timedelta(minutes=5)
BATCH = 100
"""Steps that one transaction times anew; the others follow by a timer."""


def on_step_opened(session: Session, step: "Step") -> None:
    """Sets the timers of a step that has just been opened, or has come to somebody else."""
    step.reminded = 0
    since, watched = now(session), _watched(session, step)
    names = (REMIND, ESCALATE) if step.stays_since is None else (REMIND,)
    due = {name: _due(session, step, name, watched=watched, since=since) for name in names}
    timers.set_timers(session, due, subject=step.subject, since=since)


def remind(session: Session, timer: Timer) -> None:
    """A step has waited: those whom it waits for are reminded, and again, more and more rarely.

    What they would be reminded of soon after goes with it, so that each of them hears once.
    """
    first = _open_step(session, timer)
    if first is None:
        return
    from backend import moves

    waited: list[Step] = []
    for step in _together(session, first):
        if not moves.still_open(session, step, wait=False):
            _look_later(session, step, REMIND)
        elif not moves.hand_over(session, step, by=None):  # else whoever's turn has come was told of it
            waited.append(step)
            step.reminded += 1
            _set_reminder(session, step)
            note_down(session, step, "step.reminded")
    reminded(session, waited)


def reminded(session: Session, waited: "list[Step]") -> None:
    """Each of those whom these steps wait for is reminded, once, of all of theirs."""
    theirs: dict[int, list[int]] = {}
    for step in waited:
        for person in _turn(session, step):
            theirs.setdefault(person.id, []).append(step.id)
    for person_id, ids in theirs.items():
        events.record(
            session,
            "person.reminded",
            by=None,
            subject=f"person:{person_id}",
            about=(session.get_one(Person, person_id),),
            detail={"steps": ids},
        )


def escalate(session: Session, timer: Timer) -> None:
    """A step has waited too long: it goes to the stand-in or the next in the chain, who is told why."""
    step = _open_step(session, timer)
    if step is None or step.stays_since is not None:
        return
    from backend import moves

    if not moves.still_open(session, step, wait=False):
        _look_later(session, step, ESCALATE)
    elif not moves.hand_over(session, step, by=None):  # else it has come to somebody who has their own time for it
        _go_up(session, step)
        on_step_opened(session, step)


def retime(session: Session, step: "Step") -> None:
    """Counts anew when the timers of an open step are due, as calendars and policies are now."""
    from backend import asking

    watched = _watched(session, step)
    for timer in [each for each in timers.open_of(session, step.subject) if each.since is not None]:
        if timer.name == asking.REMIND:
            due = asking.due(session, step, since=timer.since or now(session))
        else:
            due = _due(session, step, timer.name, watched=watched, since=timer.since or now(session))
            due = _put_off(session, step, timer.name, due)
        timer.due_at = due if due > now(session) else calendars.next_at_work(session, watched, now(session))
    session.flush()


def retime_all(session: Session, *, after: int = 0) -> None:
    """Calendars or policies have changed: what is open is timed anew, some of it now, the rest by a timer.

    after  the id of the last step that was
    """
    from backend.requests import Step

    wanted = select(Step).where(Step.state == "open", Step.id > after).order_by(Step.id).limit(BATCH)
    found = list(session.scalars(wanted))
    for step in found:
        retime(session, step)
    if len(found) == BATCH:
        timers.set_timer(session, name=RETIME, subject=f"steps:{found[-1].id}", due_at=now(session))


def retime_rest(session: Session, timer: Timer) -> None:
    """The next of the steps that are to be timed anew."""
    retime_all(session, after=int(timer.subject.removeprefix("steps:")))


def without_timer(session: Session, *, most: int = 100) -> list["Step"]:
    """Open steps that no timer watches, no more than `most`: a self-check that should find none."""
    from backend.requests import Step

    of_it = literal("step:") + cast(Step.id, String)
    watched = exists().where(Timer.subject == of_it, Timer.state == "open")
    return list(session.scalars(select(Step).where(Step.state == "open", ~watched).order_by(Step.id).limit(most)))


def growing(length: Pause, *, times: int) -> Pause:
    """A pause after so many reminders: the same twice, and then twice as much each time, up to calendars.LONGEST."""
    return length.times(2 ** min(max(times - 1, 0), 10))


def note_down(session: Session, step: "Step", kind: str, **detail: object) -> None:
    """Writes down what happened to a step by itself."""
    events.record(
        session,
        kind,
        by=None,
        subject=step.subject,
        about=(step.request.person,),
        detail={"number": step.number, "step": step.id, **detail},
    )


def _set_reminder(session: Session, step: "Step") -> None:
    """Sets the next reminder of a step, later where those whom it waits for have put it off."""
    since = now(session)
    due = _due(session, step, REMIND, watched=_watched(session, step), since=since)
    due = _put_off(session, step, REMIND, due)
    timers.set_timer(session, name=REMIND, subject=step.subject, due_at=due, since=since)


def _put_off(session: Session, step: "Step", name: str, due: datetime) -> datetime:
    """When a timer is due that would be due otherwise: later, where those whom it waits for have put the step off."""
    from backend import snoozes

    some = select(snoozes.Snooze.step_id).where(snoozes.Snooze.step_id == step.id).limit(1)
    return due if session.scalar(some) is None else snoozes.put_off(session, step, name=name, due=due)


def _look_later(session: Session, step: "Step", name: str) -> None:
    """Somebody is deciding a step at this moment: its timer is looked at again once they have."""
    timers.set_timer(session, name=name, subject=step.subject, due_at=now(session) + SOON)


def _due(session: Session, step: "Step", name: str, *, watched: Person, since: datetime) -> datetime:
    """When a step is reminded of, or goes up, by policy and in the working time of the first whom it waits for."""
    rules = policies.approvals(session)
    length = growing(rules.remind, times=step.reminded) if name == REMIND else rules.escalate
    first = not step.had and (name == ESCALATE or not step.reminded)
    patience = _patience(session, step) if first else 0
    begins = calendars.after(session, watched, since, Pause(patience)) if patience else since
    due = calendars.after(session, watched, begins, length)
    if rules.urgent_within_days is None:
        return due
    urgent = policies.urgent_from(session, step.request)
    if urgent is None or not urgent[0] < due or not now(session) < urgent[1]:
        return due
    length = rules.urgent_remind if name == REMIND else rules.urgent_escalate
    return min(due, calendars.after(session, watched, max(urgent[0], since), length))


def _patience(session: Session, step: "Step") -> int:
    """The working days for which nobody is reminded of a piece of work, since it takes them by its nature."""
    from backend import requests

    if step.label is None:
        return 0
    kind, desk = requests.kinds_of(session)[step.request.kind], requests.desk_of(session, step.request, by=None)
    return kind.patience(*requests.forms_of(kind, step.request), step.label, desk)


def _together(session: Session, first: "Step") -> "list[Step]":
    """A step that is reminded of, and those that the same people would be reminded of soon; their timers are done."""
    from backend.requests import Step

    out, told = [first], list[Person]()
    soon = Timer.due_at <= now(session) + TOGETHER
    due = or_(Timer.since.is_not(None), Timer.due_at <= now(session))  # what somebody chose themselves comes when it is
    while fresh := [each for step in out for each in _turn(session, step) if each not in told]:
        told += dict.fromkeys(fresh)
        ids = {each.id for each in told}
        theirs = [Step.owner_id.in_(ids), Step.acting.in_(ids)]
        if any(each.roles for each in told):
            theirs.append(Step.owner_id.is_(None))
        wanted = (
            select(Timer, Step)
            .join(Step, Step.id == cast(func.substr(Timer.subject, len("step:") + 1), Integer))
            .where(Timer.name == REMIND, Timer.state == "open", soon, due)
            .where(Step.state == "open", or_(*theirs))
            .order_by(Timer.due_at, Timer.id)
            .limit(MOST_TOGETHER)
            .with_for_update(of=Timer, skip_locked=True)
        )
        for timer, step in session.execute(wanted):
            if not set(told).isdisjoint(_turn(session, step)):
                timer.state, timer.fired_at = "done", now(session)
                out.append(step)
        session.flush()
    return out


def _go_up(session: Session, step: "Step") -> None:
    """Gives a step to the next in the chain; nobody gets it twice but the employer's owner, with whom it stays."""
    from backend import steps

    above, last = _next_in_chain(session, step)
    if above is not None:
        before = step.owner_id
        step.had = [*(step.had or []), *(each.id for each in steps.candidates(session, step))]
        step.owner_id, step.owner = above.id, above
        step.need = len(step.opinions) + 1
        who = steps.acting(session, step)
        step.acting = who.id if who else None
        session.flush()
        note_down(session, step, "step.escalated", was=before)
    if last:
        step.stays_since = now(session)
        note_down(session, step, "step.exhausted")


def _next_in_chain(session: Session, step: "Step") -> tuple[Person | None, bool]:
    """Whom a step goes to next, None where it stays with whom it waits for; and whether it has come to its end."""
    from backend import stand_ins, steps

    current = steps.candidates(session, step)
    spoken = {each.by_id for each in step.opinions}
    never = step.request.party | spoken
    taken = {each.id for each in (*current, *_turn(session, step))} | never | set(step.had or [])
    for each in current:
        stand_in = people.stand_in_for(session, each)
        if stand_in is not None and stand_in.id not in taken:
            return stand_in, False
    at = (current or [step.request.person])[0]
    for each in stand_ins.line(session, at):
        if each.id not in taken:
            return each, False
    owner = people.owner_of(session, step.request.employer_id)
    if owner is not None and owner.id not in never:
        return (None if owner in current else owner), True
    above = steps.above(session, at, besides=taken)
    return above, above is None


def _open_step(session: Session, timer: Timer) -> "Step | None":
    from backend.requests import Step

    step = session.get(Step, int(timer.subject.removeprefix("step:")))
    return step if step is not None and step.state == "open" else None


def _turn(session: Session, step: "Step") -> list[Person]:
    from backend import steps

    return [each for each, _ in steps.waiting_on(session, step)]


def _watched(session: Session, step: "Step") -> Person:
    """The first of those whom a step waits for, in whose working time it is counted."""
    one = session.get(Person, step.acting) if step.acting is not None else step.owner
    return one or next(iter(_turn(session, step)), step.request.person)
