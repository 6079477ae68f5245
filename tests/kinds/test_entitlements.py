"""What people are given of leave, what goes into the next year, and what lapses."""

from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from backend import day_starts, entitlements, leave, people, policies, timers
from backend.calendars import Unit
from backend.chats import Posted
from backend.entitlements import LeaveYear, share
from backend.events import Event
from backend.leave import LeaveEntry
from backend.leave_types import Accrues, LeaveType, Rounding, TimeOffLimits
from backend.people import Person
from tests.office import Office

LIMITS = TimeOffLimits()
WEEK = {"mon": 8, "tue": 8, "wed": 8, "thu": 8, "fri": 8}


def vacation(**rules: Any) -> dict[str, Any]:
    return {"name": "vacation", "title": "Vacation", "allowance": "23", **rules}


def set_policy(office: Office, *types: dict[str, Any], **limits: Any) -> None:
    """Sets the kinds of leave, and lets the office look at each day's start."""
    with office.store.writing() as session:
        document = {"time_off": {**limits, "leave_type": list(types)}}
        policies.set_all(session, document, by=None, kinds=office.app.kinds)
        day_starts.watch(session)


def entries(office: Office, who: str = "ana", *, sort: str = "") -> list[tuple[str, date, Decimal]]:
    """What a balance of vacation is made of, besides leave."""
    with office.store.looking() as session:
        found = leave.entries(session, people.find(session, who), "vacation")
        return [(each.sort, each.since, each.days) for each in found if sort in ("", each.sort)]


def happened(office: Office, kind: str) -> int:
    with office.store.looking() as session:
        return len(session.scalars(select(Event.id).where(Event.kind == kind)).all())


def test_a_years_days_are_given_once_when_the_year_begins(office_on_each: Office) -> None:
    office = office_on_each
    set_policy(office, vacation())
    office.advance(days=30)
    assert office.free("ana") == Decimal(20)
    office.advance(days=10)
    assert entries(office, sort="grant") == [("grant", date(2027, 1, 1), Decimal(23))]
    office.advance(days=20)
    assert office.free("ana") == Decimal(43)


def test_a_year_that_an_opening_balance_covers_is_not_given_again(office: Office) -> None:
    set_policy(office, vacation())
    office.advance(days=3)
    assert entries(office) == [("opening", date(2026, 11, 24), Decimal(20))]


def test_months_are_given_one_by_one_and_make_the_year(office: Office) -> None:
    set_policy(office, vacation(accrues="monthly"))
    office.advance(days=45)
    assert [day for _, day, _ in entries(office, sort="grant")] == [date(2026, 12, 1), date(2027, 1, 1)]
    for _ in range(12):
        office.advance(days=28)
    given = [days for _, day, days in entries(office, sort="grant") if day.year == 2027]
    assert len(given) == 12
    assert sum(given) == Decimal(23)


def test_what_was_due_while_nobody_looked_is_given_with_its_own_day(office: Office) -> None:
    set_policy(office, vacation(accrues="monthly"))
    office.advance(days=130)
    assert [day for _, day, _ in entries(office, sort="grant")] == [
        date(2026, 12, 1),
        *(date(2027, month, 1) for month in (1, 2, 3, 4)),
    ]


def test_another_office_at_the_same_minute_gives_nothing_twice(office_on_each: Office) -> None:
    office = office_on_each
    set_policy(office, vacation())
    office.advance(days=60)
    with office.store.writing() as session:
        assert entitlements.grant_due(session, by=None) == 0


def test_somebody_who_begins_gets_their_share_on_that_day(office: Office) -> None:
    set_policy(office, vacation())
    office.advance(days=40)
    with office.store.writing() as session:
        tom = people.find(session, "tom")
        zoe = Person(handle="zoe", name="Zoe Zed", employer=tom.employer, place=tom.place, work_week=dict(WEEK))
        zoe.start, zoe.manager = date(2027, 7, 16), tom.manager
        session.add(zoe)
    office.advance(days=100)
    assert entries(office, "zoe") == []
    office.advance(days=110)
    assert entries(office, "zoe") == [("grant", date(2027, 7, 16), Decimal(10))]


def test_a_leavers_share_is_taken_back_for_the_months_that_they_are_not_here(office: Office) -> None:
    set_policy(office, vacation())
    office.advance(days=40)
    with office.store.writing() as session:
        people.find(session, "ana").end = date(2027, 6, 30)
    office.advance(days=2)
    assert sum(days for sort, _, days in entries(office) if sort == "grant") == Decimal("11.5")


def test_the_leave_year_may_begin_in_april(office: Office) -> None:
    set_policy(office, vacation(), leave_year_starts="04-01")
    office.advance(days=100)
    assert entries(office, sort="grant") == []
    office.advance(days=40)
    assert entries(office, sort="grant") == [("grant", date(2027, 4, 1), Decimal(23))]


# shares


@given(
    allowance=st.integers(min_value=0, max_value=4000).map(lambda n: Decimal(n) / 100),
    rounding=st.sampled_from(list(Rounding)),
    days=st.integers(min_value=1, max_value=7),
    start=st.dates(date(2026, 6, 1), date(2028, 3, 1)) | st.none(),
    lasts=st.integers(min_value=0, max_value=900) | st.none(),
    first=st.sampled_from([date(2027, 1, 1), date(2027, 4, 6)]),
    cuts=st.sets(st.integers(min_value=1, max_value=11)),
)
def test_the_parts_of_a_year_always_make_the_whole(
    allowance: Decimal,
    rounding: Rounding,
    days: int,
    start: date | None,
    lasts: int | None,
    first: date,
    cuts: set[int],
) -> None:
    kind = LeaveType(name="v", title="V", allowance=allowance, rounding=rounding, accrues=Accrues.MONTHLY)
    week = dict.fromkeys(list(people.WEEKDAYS)[:days], 8)
    end = date.fromordinal((start or first).toordinal() + lasts) if lasts is not None else None
    person = Person(handle="x", name="X", work_week=week, start=start, end=end)
    year = LeaveYear(first)
    upto = [share(kind, person, year=year, limits=LIMITS, months=m) for m in (0, *sorted(cuts), 12)]
    parts = [after - before for before, after in pairwise(upto)]
    assert upto[0] == 0
    assert sum(parts) == share(kind, person, year=year, limits=LIMITS)
    assert all(part >= 0 for part in parts)


@pytest.mark.parametrize(
    ("rounding", "days"), [("half_up", "14"), ("up", "14"), ("nearest_half", "14"), ("exact", "13.8")]
)
def test_a_part_timers_share_is_rounded_as_policy_says(rounding: str, days: str) -> None:
    kind = LeaveType(name="v", title="V", allowance=Decimal(23), rounding=Rounding(rounding))
    person = Person(handle="x", name="X", work_week={"mon": 8, "tue": 8, "wed": 4})
    assert share(kind, person, year=LeaveYear(date(2027, 1, 1)), limits=LIMITS) == Decimal(days)


def test_hours_are_given_by_the_hours_of_the_week() -> None:
    kind = LeaveType(name="v", title="V", allowance=Decimal(184), unit=Unit.HOURS, rounding=Rounding.EXACT)
    person = Person(handle="x", name="X", work_week=dict.fromkeys(WEEK, 6))
    assert share(kind, person, year=LeaveYear(date(2027, 1, 1)), limits=LIMITS) == Decimal(138)


# years that end


def test_what_was_told_in_time_lapses_and_the_person_hears_it(office_on_each: Office) -> None:
    office = office_on_each
    set_policy(office, vacation(carry_over="5", carry_over_until="03-31"))
    through(office, date(2027, 4, 2))
    told = [post.text for post in office.shown("ana")]
    assert any("15 days of Vacation from 2026" in text and "Wed 31 Mar 2027" in text for text in told)
    assert entries(office, sort="lapse") == [("lapse", date(2027, 3, 31), Decimal(-15))]
    assert office.free("ana") == Decimal(28)
    assert any("15 days of Vacation from 2026 have lapsed" in text for text in told)
    assert happened(office, "lapse.delivered") == 6


def test_what_nobody_was_told_of_stays_and_hr_hears_it(office: Office) -> None:
    set_policy(office, vacation(carry_over="5", carry_over_until="03-31"))
    office.advance(days=150)  # the program was off meanwhile
    assert entries(office, sort="lapse") == []
    assert office.free("ana") == Decimal(43)
    assert happened(office, "lapse.announced") == 0
    heard = office.shown("carmen")[-1].text
    assert "no notice reached the person in time" in heard
    assert "Ana Costa: 15 days of Vacation" in heard
    office.advance(days=30)
    assert happened(office, "lapse.missed") == 1


def test_a_notice_that_reached_the_person_too_late_lets_nothing_lapse(office: Office) -> None:
    set_policy(office, vacation(carry_over="5", carry_over_until="03-31"))
    through(office, date(2027, 2, 22))
    with office.store.writing() as session:
        ana = people.find(session, "ana")
        for post in session.scalars(select(Posted).where(Posted.person_id == ana.id)):
            post.sent_at = datetime.fromisoformat("2027-03-02T09:00:00+01:00")
    through(office, date(2027, 4, 2))
    assert entries(office, sort="lapse") == []
    assert entries(office, "tom", sort="lapse") == [("lapse", date(2027, 3, 31), Decimal(-15))]
    assert "Ana Costa: 15 days of Vacation" in office.shown("carmen")[-1].text


def test_days_taken_use_the_oldest_first(office: Office) -> None:
    set_policy(office, vacation(carry_over="5", carry_over_until="03-31"))
    through(office, date(2027, 1, 4))
    book(office, "2027-02-01", "2027-02-05")
    book(office, "2027-05-03", "2027-05-07")
    through(office, date(2027, 4, 2))
    assert entries(office, sort="lapse") == [("lapse", date(2027, 3, 31), Decimal(-10))]
    assert office.free("ana") == Decimal(23)


def test_leave_booked_for_the_next_year_does_not_lessen_what_is_left_of_this_one(office: Office) -> None:
    set_policy(office, vacation(carry_over="5", carry_over_until="03-31"))
    book(office, "2026-12-01", "2026-12-02")
    book(office, "2027-05-03", "2027-05-07")
    through(office, date(2027, 1, 2))
    assert entries(office, sort="carry") == [
        ("carry", date(2026, 12, 31), Decimal(-18)),
        ("carry", date(2027, 1, 1), Decimal(18)),
    ]
    assert office.free("ana") == Decimal(20 - 2 - 5 + 23)


def test_without_a_day_it_lapses_with_the_year(office: Office) -> None:
    set_policy(office, vacation(carry_over="5"), notice_before_lapse_days=14)
    through(office, date(2027, 1, 2))
    assert entries(office, sort="lapse") == [("lapse", date(2027, 1, 1), Decimal(-15))]
    assert office.free("ana") == Decimal(28)


def test_a_type_that_says_nothing_carries_everything_over(office: Office) -> None:
    set_policy(office, vacation())
    through(office, date(2027, 4, 2))
    assert office.free("ana") == Decimal(43)
    assert happened(office, "lapse.missed") == 0


def through(office: Office, day: date) -> None:
    """Goes day by day, as a program that is never off."""
    while office.clock.now().date() < day:
        office.advance(days=1)


def book(office: Office, start: str, end: str) -> None:
    office.says("ana", "off", meant=[("time_off.submit", {"leave_type": "vacation", "start": start, "end": end})])
    sent = office.presses("ana", "submit")
    office.presses("maria", "Approve", on=sent.committed[0].ref)


def test_the_timer_is_set_once(office: Office) -> None:
    set_policy(office, vacation())
    set_policy(office, vacation(accrues="monthly"))
    office.advance(days=5)
    with office.store.looking() as session:
        wanted = select(timers.Timer).where(timers.Timer.name == entitlements.DAILY, timers.Timer.state == "open")
        assert len(session.scalars(wanted).all()) == 1
        assert session.scalars(select(LeaveEntry).where(LeaveEntry.sort == leave.GRANT)).all() == []
