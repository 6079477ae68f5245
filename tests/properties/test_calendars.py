"""Days are counted as a slow and obvious count does, for every week, half day, holiday and unit."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from backend import people
from backend.calendars import Unit, public_holidays
from backend.desk import Desk
from backend.people import WEEKDAYS, LocalDay
from tests.office import Office
from tests.properties.reference import SPAIN, Calendar, cost, wanted
from tools.time_off import KIND, LeaveType, TimeOff, TimeOffForm

HALF_DAYS = {
    date(2026, 12, 24): "pm",
    date(2026, 12, 31): "pm",
    date(2026, 6, 3): "am",
    date(2026, 9, 9): "full",
    date(2026, 12, 25): "am",
}
DAYS = st.dates(date(2026, 1, 1), date(2027, 3, 1))
WEEKS = st.frozensets(st.integers(0, 6), min_size=1)


class Counted(TimeOff):
    """Time off, every kind of which counts in one unit."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit

    def leave_types(self, desk: Desk | None) -> tuple[LeaveType, ...]:
        return (LeaveType(name="vacation", title="Vacation", unit=self.unit),)


@pytest.fixture
def session(office: Office) -> Iterator[Session]:
    """The small company, whose place has half days off."""
    with office.store.writing() as session:
        place = people.find(session, "ana").place
        session.add_all(LocalDay(place_id=place.id, day=day, part=part) for day, part in HALF_DAYS.items())
    with office.store.writing() as session:
        yield session


def form_of(start: date, length: int, halves: tuple[str, bool, bool]) -> dict[str, Any]:
    """Leave as somebody could ask for it: part of a day for one day, midday at either end for several."""
    part, from_midday, until_midday = halves
    one = {"part": part, "from_midday": False, "until_midday": False}
    several = {"part": "full", "from_midday": from_midday, "until_midday": until_midday}
    return {"start": start, "end": start + timedelta(days=length), **(several if length else one)}


HALVES = st.tuples(st.sampled_from(["full", "am", "pm", "half"]), st.booleans(), st.booleans())
LEAVES = st.builds(form_of, DAYS, st.integers(0, 30), HALVES)


@given(leave=LEAVES, week=WEEKS, unit=st.sampled_from([Unit.WORKING, Unit.CALENDAR, Unit.SIX_DAY]))
def test_days_are_counted_as_the_obvious_count_does(
    session: Session, leave: dict[str, Any], week: frozenset[int], unit: Unit
) -> None:
    ana = people.find(session, "ana")
    ana.work_week = {WEEKDAYS[each]: 4 for each in week}
    kind = Counted(unit)
    form = TimeOffForm(leave_type="vacation", **leave)
    calendar = Calendar(week=week, half_days=HALF_DAYS)
    assert kind.cost(form, Desk(session, ana, kind)) == cost(calendar, wanted(**leave), unit=unit.value)


@given(leave=LEAVES, week=WEEKS)
def test_a_day_costs_nothing_a_half_or_one_and_parts_add_up(
    session: Session, leave: dict[str, Any], week: frozenset[int]
) -> None:
    ana = people.find(session, "ana")
    ana.work_week = {WEEKDAYS[each]: 4 for each in week}
    form = TimeOffForm(leave_type="vacation", **leave)
    taken = KIND.taken(form, Desk(session, ana, KIND))
    assert {each.cost for each in taken} <= {Decimal(0), Decimal("0.5"), Decimal(1)}
    assert [each.day for each in taken] == [leave["start"] + timedelta(days=n) for n in range(len(taken))]
    assert taken[-1].day == leave["end"]


def test_the_holidays_are_the_official_ones() -> None:
    both = {**public_holidays("ES", None, 2026), **public_holidays("ES", None, 2027)}
    assert {day for day in both if day <= date(2027, 3, 26)} == SPAIN
