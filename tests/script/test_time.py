"""What happens when nobody answers, by a clock: reminders, stand-ins, the chain and its end, in working time."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend import (
    calendars,
    escalations,
    events,
    imports,
    leave,
    moves,
    people,
    policies,
    requests,
    roster,
    snoozes,
    stand_ins,
    steps,
    timers,
)
from backend.charter import CompanyRow, EmployerRow, PlaceRow
from backend.events import Event
from backend.kinds import kinds_of
from backend.leave import Taken
from backend.people import Employer, LocalDay, Person, Place, Role
from backend.requests import Request, Step
from backend.timers import Timer
from tests.script.conftest import Line, Stage

MADRID = ZoneInfo("Europe/Madrid")
FAR = "2027-03-10"
"""A day of leave that nothing is urgent about."""


def at(moment: str) -> Line:
    """The clock moves there, in Madrid's time; what becomes due on the way happens."""
    return {"clock": datetime.fromisoformat(moment).replace(tzinfo=MADRID).isoformat()}


def asks(who: str = "ana", day: str = FAR) -> list[Line]:
    return [{"as": who, "say": submit(day)}, {"as": who, "press": "submit"}]


def submit(day: str) -> str:
    return "time_off.submit " + json.dumps({"leave_type": "vacation", "start": day, "end": day})


def moments(stage: Stage, kind: str) -> list[str]:
    """When something happened, in Madrid's time."""
    with stage.looking() as session:
        found = session.scalars(select(Event.at).where(Event.kind == kind).order_by(Event.seq)).all()
    return [f"{each.astimezone(MADRID):%a %d %b %H:%M}" for each in found]


def waits_for(stage: Stage, number: int = 1) -> str:
    """Whom a request waits for, as people read it."""
    with stage.looking() as session:
        return str(steps.waits_for(session, session.get_one(Request, number)))


def said_to(out: Sequence[Mapping[str, Any]], who: str) -> str:
    return "\n".join(each.get("text", "") for each in out if each["to"] == who)


def refs_shown(out: Sequence[Mapping[str, Any]], who: str) -> set[str]:
    """The requests whose cards somebody was shown."""
    return {str(each["card"]["ref"]) for each in out if each["to"] == who and "card" in each}


def set_policy(session: Session, **approvals: Any) -> None:
    policies.set_all(session, {"approvals": approvals}, by=None, kinds=kinds_of(session))


def set_place(session: Session, **values: Any) -> None:
    """company.toml is loaded again, with something else said of Madrid."""
    row = CompanyRow(name="Small Works", timezone="Europe/Madrid")
    place = PlaceRow(name="Madrid", country="ES", timezone="Europe/Madrid", **values)
    employer = EmployerRow(name="Small Works", currency="EUR", timezone="Europe/Madrid")
    imports.bring_in_company(session, row, employers=[employer], places=[place], by=None)


def imported(session: Session, who: str, **cells: Any) -> None:
    """A people.csv with one line is brought in that says something else of a person."""
    person = people.find(session, who)
    given = frozenset({"handle", "name", *cells})
    imports.bring_in(session, [roster.Entry(line=2, handle=who, name=person.name, given=given, **cells)], by=None)


def hire(session: Session, handle: str, *, role: str | None = None) -> Person:
    """Somebody new works for Elena."""
    elena = people.find(session, "elena")
    person = Person(
        handle=handle,
        name=f"{handle.capitalize()} Novak",
        email=f"{handle}@small.example",
        manager_id=elena.id,
        employer_id=elena.employer_id,
        place_id=elena.place_id,
        start=date(2020, 1, 1),
    )
    person.roles = [Role(role=role)] if role else []
    session.add(person)
    session.flush()
    return person


def owner_is(session: Session, person: Person) -> None:
    session.scalars(select(Employer)).one().owner_id = person.id


def on_leave(session: Session, who: str, *days: str) -> None:
    person = people.find(session, who)
    taken = [Taken(date.fromisoformat(each), "full", Decimal(1)) for each in days]
    leave.mark(session, person, taken, leave_type="vacation", request=900, state="booked")


# working time


def test_nobody_is_reminded_at_a_weekend_nor_does_it_go_up(stage_on_each: Stage) -> None:
    stage = stage_on_each
    out = stage.play(at("2026-11-27 16:00"), *asks(), at("2026-12-02 12:00"))
    assert moments(stage, "step.reminded") == ["Mon 30 Nov 10:00", "Tue 01 Dec 10:00"]
    assert moments(stage, "step.escalated") == ["Wed 02 Dec 10:00"]
    assert waits_for(stage) == "Elena Rossi"
    assert "Nobody has answered TO-1 yet, so it now waits for Elena Rossi." in said_to(out, "ana")


def test_nobody_is_reminded_on_a_holiday(stage: Stage) -> None:
    stage.play(at("2026-12-07 11:00"), *asks(), at("2026-12-09 12:00"))
    assert moments(stage, "step.reminded") == ["Wed 09 Dec 10:00"]


def test_days_and_hours_are_those_of_the_approvers_place(stage: Stage) -> None:
    with stage.edit("2026-11-24T09:00:00+01:00") as session:
        york = Place(name="New York", country="US", region="NY", timezone="America/New_York")
        session.add(york)
        session.flush()
        people.find(session, "maria").place_id = york.id
    stage.play(*asks(), at("2026-11-30 18:00"))
    # Thursday is Thanksgiving; ten there is four in the afternoon in Madrid
    assert moments(stage, "step.reminded") == ["Wed 25 Nov 16:00", "Fri 27 Nov 16:00"]
    assert moments(stage, "step.escalated") == ["Mon 30 Nov 16:00"]


def test_policy_may_count_in_hours_and_half_a_day_has_half_of_them(stage: Stage) -> None:
    with stage.edit("2026-12-24T09:00:00+01:00") as session:
        set_policy(session, remind="4 hours")
        madrid = people.find(session, "maria").place_id
        session.add(LocalDay(place_id=madrid, day=date(2026, 12, 24), part="pm", name="Christmas Eve"))
    stage.play(at("2026-12-24 11:00"), *asks(), at("2026-12-28 12:00"))
    # half past one is the middle of the day; Friday is Christmas
    assert moments(stage, "step.reminded") == ["Mon 28 Dec 10:30"]


def test_a_part_timer_is_reminded_on_days_that_they_work(stage: Stage) -> None:
    with stage.edit("2026-11-24T09:00:00+01:00") as session:
        people.find(session, "maria").work_week = {"thu": 6, "fri": 6}
    stage.play(*asks(), at("2026-12-03 12:00"))
    assert moments(stage, "step.reminded") == ["Thu 26 Nov 10:00", "Fri 27 Nov 10:00"]
    assert moments(stage, "step.escalated") == ["Thu 03 Dec 10:00"]


def test_reminders_become_rarer_and_never_stop(stage: Stage) -> None:
    with stage.edit("2026-11-24T09:00:00+01:00") as session:
        set_policy(session, escalate="100 days")
    stage.play(*asks(day="2027-12-10"), at("2027-03-02 12:00"))
    found = moments(stage, "step.reminded")
    assert found[:4] == ["Wed 25 Nov 10:00", "Thu 26 Nov 10:00", "Mon 30 Nov 10:00", "Fri 04 Dec 10:00"]
    assert len(found) >= 7


# all at once


def test_what_waits_for_one_person_is_reminded_of_at_once(stage_on_each: Stage) -> None:
    stage = stage_on_each
    stage.play(*asks(), at("2026-11-24 15:00"), *asks("tom"), at("2026-11-25 12:00"))
    assert moments(stage, "step.reminded") == ["Wed 25 Nov 10:00"] * 2
    assert moments(stage, "person.reminded") == ["Wed 25 Nov 10:00"]
    with stage.looking() as session:
        event_id = session.scalars(select(Event.id).where(Event.kind == "person.reminded")).one()
        found = events.happening(session, event_id)
        assert found is not None
        assert found.detail == {"steps": [1, 2]}


def test_what_somebody_put_off_comes_at_the_moment_that_they_chose(stage: Stage) -> None:
    stage.play(*asks(), *asks("tom"))
    with stage.edit("2026-11-24T10:05:00+01:00") as session:
        moment = datetime(2026, 11, 25, 10, 15, tzinfo=MADRID)
        snoozes.snooze(requests.lock(session, 1), session, by=people.find(session, "maria"), at=moment)
    stage.play(at("2026-11-24 10:05"), at("2026-11-25 12:00"))
    assert moments(stage, "step.reminded") == ["Wed 25 Nov 10:00", "Wed 25 Nov 10:15"]


def test_nudged_once_a_day_put_off_and_approved_from_a_digest(stage: Stage) -> None:
    nudge: Line = {"as": "ana", "press": "nudge", "on": "TO-1"}
    out = stage.play(
        *asks(),
        *asks(day="2027-03-12"),
        *asks("tom", "2027-03-11"),
        nudge,
        nudge,
        {"as": "maria", "press": "snooze", "on": "TO-3", "with": {"when": "monday"}},
        at("2026-11-25 12:00"),
        {"as": "maria", "press": "approve_all"},
        {"as": "maria", "press": "approve"},
        at("2026-11-30 12:00"),
    )
    assert said_to(out, "maria").count("Ana Costa asks whether you can look at TO-1") == 1
    assert [each["refusal"] for each in out if each["line"] == 8] == [
        "You asked Maria Silva about TO-1 today already. You can do so again on Wed 25 Nov 2026."
    ]
    by_itself = [each for each in out if each["line"] is None and each["to"] == "maria"]
    assert by_itself[0]["text"].startswith("A reminder: 2 requests wait for you.")
    approved = next(each["committed"] for each in out if each["line"] == 12 and "committed" in each)
    assert approved[0]["args"] == {"request_ids": [1, 2]}
    assert by_itself[-1]["card"]["ref"] == "TO-3"
    assert moments(stage, "step.reminded")[-1] == "Mon 30 Nov 09:00"


def test_each_holder_of_a_role_is_reminded_once(stage: Stage) -> None:
    with stage.edit("2026-11-24T09:00:00+01:00") as session:
        carmen = people.find(session, "carmen")
        carmen.roles.append(Role(role="finance"))
        route = [{"kind": "time_off", "steps": [{"any": ["finance"]}]}]
        policies.set_all(session, {"route": route}, by=None, kinds=kinds_of(session))
    stage.play(*asks(), *asks("tom"), *asks("maria"), at("2026-11-25 12:00"))
    assert len(moments(stage, "step.reminded")) == 3
    assert moments(stage, "person.reminded") == ["Wed 25 Nov 10:00"] * 2


# somebody is away, or gone


def test_it_waits_for_the_manager_while_the_approver_is_away_and_comes_back(stage: Stage) -> None:
    stage.play(*asks())
    with stage.edit("2026-11-24T11:00:00+01:00") as session:
        on_leave(session, "maria", "2026-11-25", "2026-11-26")
    stage.play(at("2026-11-25 09:30"))
    assert waits_for(stage) == "Elena Rossi, for Maria Silva"
    stage.play(at("2026-11-27 09:30"))
    assert waits_for(stage) == "Maria Silva"
    # each had their own time: Elena was told on Wednesday, Maria again on Friday
    stage.play(at("2026-12-01 12:00"))
    assert moments(stage, "step.reminded") == ["Thu 26 Nov 10:00", "Mon 30 Nov 10:00", "Tue 01 Dec 10:00"]


def test_own_leave_is_no_working_time_where_nobody_stands_in(stage: Stage) -> None:
    with stage.edit("2026-11-24T09:00:00+01:00") as session:
        set_policy(session, absence_stand_in=False)
    stage.play(*asks())
    with stage.edit("2026-11-24T11:00:00+01:00") as session:
        on_leave(session, "maria", "2026-11-25", "2026-11-26")
    stage.play(at("2026-11-27 12:00"))
    assert moments(stage, "step.reminded") == ["Fri 27 Nov 10:00"]


def test_leave_that_is_taken_back_times_what_is_open_anew(stage: Stage) -> None:
    with stage.edit("2026-11-24T09:00:00+01:00") as session:
        set_policy(session, absence_stand_in=False)
        on_leave(session, "maria", "2026-11-25", "2026-11-26")
    stage.play(*asks())
    with stage.edit("2026-11-24T11:00:00+01:00") as session:
        leave.unmark(session, 900)
    stage.play(at("2026-11-25 12:00"))
    assert moments(stage, "step.reminded") == ["Wed 25 Nov 10:00"]


def test_the_stand_in_is_asked_before_it_goes_up(stage: Stage) -> None:
    with stage.edit("2026-11-24T09:00:00+01:00") as session:
        maria, carmen = (people.find(session, each) for each in ("maria", "carmen"))
        stand_ins.name(session, maria, other=carmen, start=date(2026, 11, 26), end=date(2026, 11, 30), by=maria)
        moves.presence_changed(session, maria, by=maria)
    out = stage.play(*asks(), at("2026-11-26 12:00"))
    assert waits_for(stage) == "Carmen Vidal, for Maria Silva"
    assert refs_shown(out, "carmen") == {"TO-1"}


def test_what_waits_for_somebody_who_leaves_goes_on_with_the_time_of_the_next(stage: Stage) -> None:
    stage.play(*asks())
    with stage.edit("2026-11-25T12:00:00+01:00") as session:
        imported(session, "maria", end=date(2026, 11, 24))
    assert waits_for(stage) == "Elena Rossi"
    stage.play(at("2026-11-30 12:00"))
    assert moments(stage, "step.reminded") == ["Thu 26 Nov 10:00", "Fri 27 Nov 10:00"]
    assert moments(stage, "step.escalated") == ["Mon 30 Nov 10:00"]


# what is changed while it runs


def test_an_edited_policy_times_what_is_open_anew(stage_on_each: Stage) -> None:
    stage = stage_on_each
    stage.play(*asks())
    with stage.edit("2026-11-24T10:30:00+01:00") as session:
        set_policy(session, remind="3 hours", escalate="1 day")
    stage.play(at("2026-11-24 10:30"), at("2026-11-25 12:00"))
    assert moments(stage, "step.reminded") == ["Tue 24 Nov 13:00", "Tue 24 Nov 16:00"]
    assert moments(stage, "step.escalated") == ["Wed 25 Nov 10:00"]


def test_what_is_overdue_by_a_policy_that_is_edited_at_night_waits_for_the_morning(stage: Stage) -> None:
    stage.play(*asks())
    with stage.edit("2026-11-24T22:00:00+01:00") as session:
        set_policy(session, remind="1 hour")
    stage.play(at("2026-11-24 22:00"), at("2026-11-25 09:59"))
    assert moments(stage, "step.reminded") == ["Wed 25 Nov 09:00"]


def test_an_edited_calendar_times_what_is_open_anew(stage: Stage) -> None:
    stage.play(*asks())
    with stage.edit("2026-11-24T15:00:00+01:00") as session:
        set_place(session, days=["2026-11-25"], hours="12:00-20:00")
    stage.play(at("2026-11-24 15:00"), at("2026-11-30 14:00"))
    assert moments(stage, "step.reminded") == ["Thu 26 Nov 13:00", "Fri 27 Nov 13:00"]
    assert moments(stage, "step.escalated") == ["Mon 30 Nov 13:00"]


def test_another_week_or_place_of_the_approver_times_what_is_open_anew(stage: Stage) -> None:
    stage.play(*asks())
    with stage.edit("2026-11-24T15:00:00+01:00") as session:
        imported(session, "maria", work_week={"fri": 8})
    stage.play(at("2026-11-24 15:00"), at("2026-11-27 12:00"))
    assert moments(stage, "step.reminded") == ["Fri 27 Nov 10:00"]


def open_many(session: Session, count: int) -> None:
    """So many requests of Ana wait for Maria."""
    ana, kind = people.find(session, "ana"), kinds_of(session)["time_off"]
    form, _ = kind.whole({"leave_type": "vacation", "start": FAR, "end": FAR})
    for number in range(101, 101 + count):
        request = requests.write(
            session, kind, form, [], number=number, requester=ana, by=ana, made_at=session.info["clock"].now()
        )
        step = Step(number=number, position=1, sort="decision", roles=["manager"], owner_id=ana.manager_id, why="x")
        step.state, step.request = "open", request
        session.add(step)
        session.flush()
        escalations.on_step_opened(session, step)


def due_days(session: Session) -> set[str]:
    """The days for which reminders are set."""
    wanted = select(Timer.due_at).where(Timer.name == escalations.REMIND, Timer.state == "open")
    return {f"{each.astimezone(MADRID):%d %b}" for each in session.scalars(wanted)}


def test_where_many_are_open_some_are_timed_anew_at_once_and_the_others_by_a_timer(stage_on_each: Stage) -> None:
    stage = stage_on_each
    with stage.edit("2026-11-24T10:00:00+01:00") as session:
        open_many(session, 230)
    with stage.edit("2026-11-24T10:30:00+01:00") as session:
        set_policy(session, remind="2 days")
        assert due_days(session) == {"25 Nov", "26 Nov"}
    with stage.looking() as session:
        assert due_days(session) == {"26 Nov"}
        named = select(func.count()).select_from(Timer).where(Timer.name == escalations.RETIME)
        assert session.scalar(named) == 2
        assert session.scalar(named.where(Timer.state == "open")) == 0


@pytest.mark.drill
def test_where_many_wait_for_somebody_who_leaves_all_of_them_move(stage: Stage) -> None:
    with stage.edit("2026-11-24T10:00:00+01:00") as session:
        open_many(session, 130)
    with stage.edit("2026-11-25T12:00:00+01:00") as session:
        imported(session, "maria", end=date(2026, 11, 24))
    with stage.looking() as session:
        owners = set(session.scalars(select(Step.owner_id)))
        assert owners == {people.find(session, "elena").id}
        assert escalations.without_timer(session) == []


# the end of the chain


def test_at_the_end_the_owner_has_it_and_keeps_it_and_admins_hear_no_content(stage_on_each: Stage) -> None:
    stage = stage_on_each
    with stage.edit("2026-11-24T09:00:00+01:00") as session:
        owner_is(session, hire(session, "vera"))
        hire(session, "igor", role="admin")
    out = stage.play(*asks(day="2027-12-10"), at("2027-03-01 12:00"))
    assert waits_for(stage) == "Vera Novak"
    with stage.looking() as session:
        step = session.get_one(Step, 1)
        had = [session.get_one(Person, each).handle for each in step.had or []]
        assert had == ["maria", "elena", "olga", "carmen"]
        assert step.state == "open"
    alerts = [each["text"] for each in out if each["to"] == "igor"]
    assert alerts == [
        "Nobody has answered a request, and there is nobody left to whom it could go. It stays with Vera Novak, "
        "who is reminded until it is done."
    ]
    assert len(moments(stage, "step.exhausted")) == 1
    assert moments(stage, "step.reminded")[-1].startswith(("Mon", "Tue", "Wed", "Thu", "Fri"))
    late = stage.play(at("2027-03-01 12:00"), {"as": "vera", "press": "approve", "on": "TO-1"})
    assert late[0]["committed"]


def test_an_owner_who_was_asked_as_a_manager_has_it_again_at_the_end(stage: Stage) -> None:
    with stage.edit("2026-11-24T09:00:00+01:00") as session:
        owner_is(session, people.find(session, "maria"))
    stage.play(*asks(day="2027-12-10"), at("2027-02-01 12:00"))
    assert waits_for(stage) == "Maria Silva"
    with stage.looking() as session:
        had = session.get_one(Step, 1).had or []
        assert [session.get_one(Person, each).handle for each in had] == ["maria", "elena", "olga", "carmen"]


def test_without_an_owner_it_stays_with_the_last_who_is_reminded(stage: Stage) -> None:
    with stage.edit("2026-11-24T09:00:00+01:00") as session:
        hire(session, "igor", role="admin")
    out = stage.play(*asks(day="2027-12-10"), at("2027-02-01 12:00"))
    assert waits_for(stage) == "Carmen Vidal"
    assert "It stays with Carmen Vidal" in said_to(out, "igor")
    last = moments(stage, "person.reminded")[-1]
    more = stage.play(at("2027-02-01 12:00"), at("2027-04-15 12:00"))
    assert refs_shown(more, "carmen") == {"TO-1"}
    assert moments(stage, "person.reminded")[-1] != last


def test_an_admin_as_such_is_never_asked_about_leave_or_money(stage: Stage) -> None:
    with stage.edit("2026-11-24T09:00:00+01:00") as session:
        igor = hire(session, "igor", role="admin")
        igor.manager_id = None
        people.find(session, "ana").manager_id = None
        for who in ("elena", "olga", "carmen", "maria"):
            people.find(session, who).end = date(2026, 11, 20)
    expense = json.dumps({"amount": "12.00", "category": "transport", "date": "2026-11-23"})
    out = stage.play(*asks(), {"as": "ana", "say": f"expense.submit {expense}"}, {"as": "ana", "press": "submit"})
    assert [each["refusal"] for each in out if "refusal" in each] == [
        "There is nobody here who could decide this: ask HR or an admin to say who does."
    ] * 2
    assert said_to(out, "igor") == ""


def test_nothing_goes_up_to_an_admin_even_where_policy_names_them_at_the_top(stage: Stage) -> None:
    with stage.edit("2026-11-24T09:00:00+01:00") as session:
        hire(session, "igor", role="admin")
        set_policy(session, top=["admin", "finance"])
    out = stage.play(*asks(day="2027-12-10"), at("2027-03-01 12:00"))
    with stage.looking() as session:
        had = [session.get_one(Person, each).handle for each in session.get_one(Step, 1).had or []]
    assert had[:3] == ["maria", "elena", "olga"]
    assert "igor" not in had
    assert "TO-1" not in refs_shown(out, "igor")


def test_when_somebody_new_takes_over_it_goes_up_again_from_there(stage: Stage) -> None:
    with stage.edit("2026-11-24T09:00:00+01:00") as session:
        owner_is(session, hire(session, "vera"))
    stage.play(*asks(day="2027-12-10"), at("2027-01-07 12:00"))
    assert waits_for(stage) == "Vera Novak"
    with stage.edit("2027-01-07T13:00:00+01:00") as session:
        imported(session, "vera", end=date(2027, 1, 6))
    assert waits_for(stage) == "Maria Silva"
    with stage.looking() as session:
        open_ = select(Timer.name).where(Timer.subject == "step:1", Timer.state == "open").order_by(Timer.name)
        assert session.scalars(open_).all() == [escalations.ESCALATE, escalations.REMIND]


# work, questions, and what is urgent


def test_work_is_reminded_of_and_goes_up_as_decisions_do(stage: Stage) -> None:
    with stage.edit("2026-11-24T09:00:00+01:00") as session:
        hire(session, "igor", role="admin")
        work = [{"any": ["manager"]}, {"any": ["finance"], "work": "pay"}]
        route = [{"kind": "expense", "steps": work}]
        policies.set_all(session, {"route": route}, by=None, kinds=kinds_of(session))
    expense = json.dumps({"amount": "12.00", "category": "transport", "date": "2026-11-23"})
    sent = [{"as": "ana", "say": f"expense.submit {expense}"}, {"as": "ana", "press": "submit"}]
    out = stage.play(*sent, {"as": "maria", "press": "approve"}, at("2026-11-27 12:00"))
    assert moments(stage, "step.reminded") == ["Wed 25 Nov 10:00", "Thu 26 Nov 10:00"]
    assert moments(stage, "step.escalated") == ["Fri 27 Nov 10:00"]
    assert waits_for(stage) == "Elena Rossi"
    assert "igor" not in {each["to"] for each in out}


def test_a_question_is_reminded_of_in_the_requesters_time_and_anew_by_an_edited_policy(stage: Stage) -> None:
    ask = {"as": "maria", "press": "send_back", "on": "TO-1", "with": {"comment": "Which release?"}}
    stage.play(*asks(), ask)
    with stage.edit("2026-11-24T10:30:00+01:00") as session:
        set_policy(session, remind="2 days")
        people.find(session, "ana").work_week = {"thu": 8, "mon": 8}
        moves.presence_changed(session, people.find(session, "maria"), by=None)
    stage.play(at("2026-11-24 10:30"), at("2026-11-30 12:00"))
    assert moments(stage, "question.reminded") == ["Mon 30 Nov 10:00"]
    assert moments(stage, "step.reminded") == []


def test_what_is_urgent_by_policy_is_reminded_of_sooner_and_goes_up_sooner(stage: Stage) -> None:
    with stage.edit("2026-11-24T09:00:00+01:00") as session:
        set_policy(session, urgent_within_days=2)
    stage.play(*asks(day="2026-11-26"), *asks("tom"), at("2026-11-25 12:00"))
    assert moments(stage, "step.reminded")[:2] == ["Tue 24 Nov 12:00", "Tue 24 Nov 14:00"]
    assert moments(stage, "step.escalated") == ["Wed 25 Nov 10:00"]
    assert (waits_for(stage, 1), waits_for(stage, 2)) == ("Elena Rossi", "Maria Silva")
    with stage.looking() as session:
        assert [policies.urgent(session, session.get_one(Request, each)) for each in (1, 2)] == [True, False]


def test_what_becomes_urgent_later_is_reminded_of_then(stage: Stage) -> None:
    with stage.edit("2026-11-24T09:00:00+01:00") as session:
        set_policy(session, remind="20 days", escalate="40 days", urgent_within_days=3)
    stage.play(*asks(day="2026-12-04"), at("2026-12-01 12:00"))
    assert moments(stage, "step.reminded") == ["Tue 01 Dec 11:00"]


def test_once_its_day_is_over_nothing_is_urgent_any_more(stage: Stage) -> None:
    with stage.edit("2026-11-24T09:00:00+01:00") as session:
        set_policy(session, urgent_within_days=0)
    stage.play(*asks(day="2026-11-26"))
    with stage.edit("2026-11-26T20:00:00+01:00") as session:
        assert policies.urgent(session, session.get_one(Request, 1))
    with stage.edit("2026-11-27T00:30:00+01:00") as session:
        assert not policies.urgent(session, session.get_one(Request, 1))


def test_pauses_are_written_as_days_or_hours() -> None:
    both = policies.Approvals.model_validate({"remind_days": 2, "escalate": "1 hour"})
    assert (str(both.remind), str(both.escalate)) == ("2 days", "1 hour")
    assert str(calendars.Pause(2).times(64)) == "20 days"


def test_timers_of_closed_steps_are_closed(stage: Stage) -> None:
    stage.play(*asks(), {"as": "maria", "press": "approve"})
    with stage.looking() as session:
        assert timers.open_of(session, "step:1") == []
