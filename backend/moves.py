"""Moves: an open step goes to whoever's turn it is now, when somebody leaves, goes away, comes back or is replaced."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backend import escalations, events, people, requests, stand_ins, steps, timers
from backend.events import Event
from backend.kinds import Sort
from backend.leave import PRESENCE, LeaveDay
from backend.people import Person, StandIn
from backend.requests import PENDING, Request, Step
from backend.routes import MANAGER
from backend.store import now

EARLY = time(8, 0)
"""When people hear, where they work, of what changes hands that day."""

REST = "person.rest"

LEFT, AWAY, BACK, STAND_IN, REPLACED, ROLE = "left", "away", "back", "stand_in", "manager", "role"
"""Why a step changes hands."""


def look_again(session: Session, timer: timers.Timer) -> None:
    """Somebody's leave, stand-in or last day has come or gone: what that moves, moves."""
    person = session.get(Person, int(timer.subject.removeprefix("person:")))
    if person is not None and person.erased_at is None:
        presence_changed(session, person, by=None)


def presence_changed(session: Session, person: Person, *, by: Person | None) -> None:
    """Moves the open steps of somebody who is away, back, stood in for or gone today; looks again when that ends.

    Those that stay are timed anew, by when the person works now. Where they are many, the rest follows by a timer.
    """
    _look_at_steps(session, person, by=by)
    if not people.works_here(session, person):
        _tell_of_what_is_left(session, person, by=by)
    day = _next_day(session, person)
    if day is not None:
        due = datetime.combine(day, EARLY, tzinfo=ZoneInfo(person.place.timezone))
        timers.set_timer(session, name=PRESENCE, subject=f"person:{person.id}", due_at=due)


def look_at_rest(session: Session, timer: timers.Timer) -> None:
    """The next of the open steps of somebody who is away, back, stood in for or gone."""
    person_id, after = timer.subject.removeprefix("person:").split(":")
    person = session.get(Person, int(person_id))
    if person is not None and person.erased_at is None:
        _look_at_steps(session, person, by=None, after=int(after))


def _look_at_steps(session: Session, person: Person, *, by: Person | None, after: int = 0) -> None:
    found = _touched(session, person, after=after)
    held = {each.role for each in person.roles} | {MANAGER}
    for step in found:
        theirs = person.id in (step.owner_id, step.acting) or held & set(step.roles)
        if theirs and not review(session, step, by=by) and step.state == "open":
            escalations.retime(session, step)
    if len(found) == escalations.BATCH:
        subject = f"person:{person.id}:{found[-1].id}"
        timers.set_timer(session, name=REST, subject=subject, due_at=now(session))


def manager_changed(session: Session, person: Person, *, by: Person | None) -> None:
    """What waits for the manager of a person waits for their new one."""
    wanted = select(Step).join(Request).where(Request.person_id == person.id, Step.state.in_(("open", "waiting")))
    for step in session.scalars(wanted.order_by(Step.number, Step.id)).all():
        owner = people.manager_of(session, person)
        if (
            not still_open(session, step, "waiting")
            or step.roles != [MANAGER]
            or step.owner_id is None
            or owner is None
            or owner.id in (step.owner_id, person.id)
        ):
            continue
        was = _asked(session, step)
        step.owner_id, step.owner = owner.id, owner
        session.flush()
        if step.state == "open":
            _moved(session, step, was=was, reason=REPLACED, by=by)


def roles_changed(session: Session, person: Person, *, lost: Iterable[str], by: Person | None) -> None:
    """What waits for the holders of roles that a person has lost waits for the others, or goes up."""
    gone = set(lost)
    wanted = select(Step).where(Step.state == "open", Step.owner_id.is_(None)).order_by(Step.number, Step.id)
    for step in [each for each in session.scalars(wanted) if gone & set(each.roles)]:
        if still_open(session, step) and person not in steps.candidates(session, step):
            steps.replace(session, step)
            _moved(session, step, was=[person], reason=ROLE, by=by)


def review(session: Session, step: Step, *, by: Person | None) -> bool:
    """Sees whose turn an open step is today, and moves it where that is somebody else than who was told."""
    return still_open(session, step) and hand_over(session, step, by=by)


def hand_over(session: Session, step: Step, *, by: Person | None) -> bool:
    """Moves an open step, whose request is locked, to whose turn it is, where that is somebody else than was told."""
    told = session.get(Person, step.acting) if step.acting else None
    was = [told] if told else steps.candidates(session, step)
    if steps.replace(session, step):
        _moved(session, step, was=was, reason=LEFT, by=by)
        return True
    if step.sort == Sort.DECISION and step.opinions and not _anybody(session, step):
        from backend import decisions

        decisions.carry_on(session, step, by=by)  # nobody is left to say another yes: those that there are suffice
        return True
    turn = steps.waiting_on(session, step)
    who, owner = next(((each, owner) for each, owner in turn if owner is not None), (None, None))
    if (who.id if who else None) == step.acting:
        return False
    if who is None or owner is None:
        reason = BACK
    else:
        reason = AWAY if stand_ins.gone(session, owner) else STAND_IN
        was = [owner]
    _moved(session, step, was=was, reason=reason, by=by)
    return True


def still_open(session: Session, step: Step, *others: str, wait: bool = True) -> bool:
    """Locks the step's request, as whoever decides it does; False if it was closed meanwhile.

    wait  false: False too where somebody else has locked it
    """
    if wait:
        requests.lock(session, step.number)
    else:
        free = select(Request.number).where(Request.number == step.number).with_for_update(skip_locked=True)
        if session.scalar(free) is None:
            return False
    session.refresh(step)
    return step.state in ("open", *others)


def _anybody(session: Session, step: Step) -> bool:
    """Whether anybody who has not said anything to a step may take it."""
    spoken = {each.by_id for each in step.opinions}
    return any(each.id not in spoken and steps.may_take(session, step, each)[0] for each in people.everybody(session))


def _moved(session: Session, step: Step, *, was: list[Person], reason: str, by: Person | None) -> None:
    who = steps.acting(session, step)
    step.acting = who.id if who else None
    if reason in (LEFT, REPLACED, ROLE):
        step.stays_since = None
    session.flush()
    to = _asked(session, step)
    if requests.asked(step) is None:
        timers.cancel(session, step.subject)
        escalations.on_step_opened(session, step)
    events.record(
        session,
        "step.moved",
        by=by,
        subject=step.subject,
        about=(step.request.person, *was, *to),
        detail={
            "number": step.number,
            "step": step.id,
            "from": [each.handle for each in was],
            "to": [each.handle for each in to],
            "reason": reason,
        },
    )


def _asked(session: Session, step: Step) -> list[Person]:
    return [each for each, _ in steps.waiting_on(session, step)]


def _touched(session: Session, person: Person, *, after: int) -> list[Step]:
    """The next open steps that are a person's, that they act for, or that wait for holders of some role."""
    mine = or_(Step.owner_id == person.id, Step.acting == person.id, Step.owner_id.is_(None))
    wanted = select(Step).where(Step.state == "open", mine, Step.id > after)
    return list(session.scalars(wanted.order_by(Step.id).limit(escalations.BATCH)))


def _next_day(session: Session, person: Person) -> date | None:
    """The next day on which a person's leave, a stand-in of theirs or their time here begins or is over."""
    today = people.today(session, person)
    wanted = select(LeaveDay.day).where(
        LeaveDay.person_id == person.id, LeaveDay.day >= today, LeaveDay.state == "booked"
    )
    off = set(session.scalars(wanted))
    days = {day for day in off if day - timedelta(days=1) not in off}
    days |= {day + timedelta(days=1) for day in off if day + timedelta(days=1) not in off}
    rows = select(StandIn).where(or_(StandIn.person_id == person.id, StandIn.stand_in_id == person.id))
    for row in session.scalars(rows.where(StandIn.end >= today)):
        days |= {row.start, row.end + timedelta(days=1)}
    if person.end is not None:
        days.add(person.end + timedelta(days=1))
    return min((each for each in days if each > today), default=None)


def _tell_of_what_is_left(session: Session, person: Person, *, by: Person | None) -> None:
    """The open requests of somebody who has left are shown to their manager, once."""
    known = select(Event.id).where(Event.kind == "person.left", Event.subject == f"person:{person.id}")
    open_ = select(Request.number).where(Request.person_id == person.id, Request.state == PENDING)
    numbers = list(session.scalars(open_.order_by(Request.number)))
    if numbers and session.scalar(known.limit(1)) is None:
        events.record(
            session,
            "person.left",
            by=by,
            subject=f"person:{person.id}",
            about=(person,),
            detail={"numbers": numbers},
        )
