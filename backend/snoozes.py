"""Snoozes: whoever a step waits for may put it off until a moment of theirs, though not for ever."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend import calendars, escalations, events, people, policies, requests, steps, timers
from backend.people import Person
from backend.refusals import Already, Refusal
from backend.requests import Request, Step
from backend.store import Base, Moment, now
from backend.timers import Timer
from backend.words import say

LONGEST = timedelta(days=366)
"""No calendar looks further; policy sets what is allowed."""


class Snooze(Base):
    """A step that somebody has put off. `since` is when they first did so: from then on it is counted how long."""

    __tablename__ = "snoozes"
    step_id: Mapped[int] = mapped_column(ForeignKey("steps.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    since: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime] = mapped_column(Moment)


def snooze(request: Request, session: Session, *, by: Person, at: datetime) -> datetime:
    """Puts off what of a request waits for this person: they are reminded at a moment (aware), or when next at work.

    Returns when that is. A Refusal says why it cannot be, or until when it could.
    """
    request = requests.lock(session, request.number)
    ref = requests.ref(session, request)
    theirs = [each for each in request.steps if each.state == "open" and steps.may_take(session, each, by)[0]]
    if not theirs:
        if request.state != requests.PENDING:
            raise steps.already(session, request)
        raise Refusal("{ref} does not wait for you, so there is nothing to put off.", ref=ref)
    if any(requests.asked(each) for each in theirs):
        raise Already("{ref} waits for an answer first; I'll tell you when it is there.", ref=ref)
    until = when(session, by, at)
    for step in theirs:
        last = latest(session, step, by)
        if until.astimezone(ZoneInfo(by.place.timezone)).date() > last:
            text = (
                "{ref} can be put off until {day} at the latest, so that it is not forgotten: choose an earlier time."
            )
            raise Refusal(text, field="until", ref=ref, day=last)
        row = session.get(Snooze, (step.id, by.id))
        if row is None:
            row = Snooze(step_id=step.id, person_id=by.id, since=now(session), until=until)
            session.add(row)
        row.until = until
        session.flush()
        _move_timers(session, step)
        events.record(
            session,
            "step.snoozed",
            by=by,
            subject=step.subject,
            about=(request.person,),
            detail={"number": request.number, "step": step.id, "until": until},
        )
    session.flush()
    return until


def when(session: Session, person: Person, at: datetime) -> datetime:
    """The moment (aware) itself if the person is at work then, else when they next are; a Refusal if it has passed."""
    if at <= now(session):
        raise Refusal("That time has passed: choose a later one.", field="until")
    if at > now(session) + LONGEST:
        raise Refusal("That day is too far away.", field="until")
    return calendars.next_at_work(session, person, at)


def until(session: Session, step: Step, person: Person) -> datetime | None:
    """Until when somebody has put off a step; None if they have not, or that is over."""
    row = session.get(Snooze, (step.id, person.id))
    return row.until if row is not None and row.until > now(session) else None


def put_off(session: Session, step: Step, *, name: str, due: datetime) -> datetime:
    """When a timer of a step is due, by those for whom it waits, where it would be due at `due` by policy.

    A reminder comes as soon as the first of them wants it. Where all have put it off it goes up no earlier than
    a working day after the last of these moments.
    """
    turn = [each for each, _ in steps.waiting_on(session, step)]
    moments = [(moment, each) for each in turn if (moment := until(session, step, each)) is not None]
    if not moments:
        return due
    first, _ = min(moments, key=lambda each: each[0])
    if name == escalations.REMIND:
        return first if len(moments) == len(turn) else min(first, due)
    last, who = max(moments, key=lambda each: each[0])
    return (
        max(due, calendars.next_at_work(session, who, last + timedelta(days=1))) if len(moments) == len(turn) else due
    )


def latest(session: Session, step: Step, person: Person) -> date:
    """The last day until which somebody may put off a step, by policy, in working days since they first did so."""
    row = session.get(Snooze, (step.id, person.id))
    since = row.since if row is not None else now(session)
    first = since.astimezone(ZoneInfo(person.place.timezone)).date()
    days = dict.fromkeys(begin.date() for begin, _ in calendars.shifts_from(session, person, since))
    later = [each for each in days if each > first]
    most = policies.approvals(session).snooze_days
    return later[min(most, len(later)) - 1] if later else people.today(session, person)


def of(session: Session, request: Request) -> list[tuple[Person, datetime]]:
    """Who has put off a request that waits for them, and until when."""
    out: list[tuple[Person, datetime]] = []
    for step in request.steps:
        turn = [each for each, _ in steps.waiting_on(session, step)] if step.state == "open" else []
        out += [(each, moment) for each in turn if (moment := until(session, step, each)) is not None]
    return out


def said(session: Session, request: Request, reader: Person) -> list[str]:
    """Who looks at a request later, a sentence for each of those who have put it off."""
    zone = ZoneInfo(reader.place.timezone)
    return [
        say(reader.language, "{who} looks at it on {day}.", who=who.name, day=moment.astimezone(zone).date())
        for who, moment in of(session, request)
    ]


def _move_timers(session: Session, step: Step) -> None:
    for name in (escalations.REMIND, escalations.ESCALATE):
        wanted = select(Timer).where(Timer.name == name, Timer.subject == step.subject, Timer.state == "open")
        timer = session.scalar(wanted)
        if timer is not None:
            due = put_off(session, step, name=name, due=timer.due_at)
            timers.set_timer(session, name=name, subject=step.subject, due_at=due)
