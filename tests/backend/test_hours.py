"""When people work: hours, weeks, holidays, half days and leave, where they are."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from backend import calendars, leave, people
from backend.leave import Taken
from backend.people import LocalDay, Person, Place
from tests.office import Office

MADRID = ZoneInfo("Europe/Madrid")


@pytest.fixture
def session(office: Office) -> Iterator[Session]:
    with office.store.writing() as session:
        yield session


@pytest.fixture
def ana(session: Session) -> Person:
    return people.find(session, "ana")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MADRID)


@pytest.mark.parametrize(
    ("moment", "working"),
    [
        ("2026-11-23 08:59", False),  # a Monday
        ("2026-11-23 09:00", True),
        ("2026-11-23 17:59", True),
        ("2026-11-23 18:00", False),
        ("2026-11-22 11:00", False),  # a Sunday
        ("2026-12-08 11:00", False),  # the Immaculate Conception
    ],
)
def test_somebody_is_at_work_in_the_hours_of_their_place(
    session: Session, ana: Person, moment: str, working: bool
) -> None:
    assert calendars.at_work(session, ana, at(moment)) is working
    assert calendars.at_work(session, ana, at(moment).astimezone(UTC)) is working


@pytest.mark.parametrize(
    ("moment", "following"),
    [
        ("2026-11-23 11:30", "2026-11-23 11:30"),
        ("2026-11-23 06:00", "2026-11-23 09:00"),
        ("2026-11-23 19:00", "2026-11-24 09:00"),
        ("2026-11-20 18:00", "2026-11-23 09:00"),  # over a weekend
        ("2026-12-07 18:30", "2026-12-09 09:00"),  # over a holiday
    ],
)
def test_the_next_time_at_work_is_now_or_when_the_next_working_day_begins(
    session: Session, ana: Person, moment: str, following: str
) -> None:
    assert calendars.next_at_work(session, ana, at(moment)) == at(following)


def test_the_afternoon_of_a_half_day_is_off_from_the_middle_of_the_hours(session: Session, ana: Person) -> None:
    session.add(LocalDay(place_id=ana.place_id, day=date(2026, 12, 24), part="pm", name="Christmas Eve"))
    session.flush()
    assert calendars.at_work(session, ana, at("2026-12-24 13:29"))
    assert not calendars.at_work(session, ana, at("2026-12-24 13:30"))
    assert calendars.next_at_work(session, ana, at("2026-12-24 14:00")) == at("2026-12-28 09:00")


def test_a_part_timer_works_on_the_days_of_their_week(session: Session, ana: Person) -> None:
    ana.work_week = {"tue": 8, "wed": 4}
    assert not calendars.at_work(session, ana, at("2026-11-23 11:00"))
    assert calendars.next_at_work(session, ana, at("2026-11-25 20:00")) == at("2026-12-01 09:00")


def test_their_own_leave_is_no_working_time_to_the_half_day(session: Session, ana: Person) -> None:
    days = [Taken(date(2026, 11, 23), "full", Decimal(1)), Taken(date(2026, 11, 24), "am", Decimal("0.5"))]
    leave.mark(session, ana, days, leave_type="vacation", request=1, state="booked")
    assert calendars.next_at_work(session, ana, at("2026-11-23 10:00")) == at("2026-11-24 13:30")
    leave.unmark(session, 1)
    assert calendars.at_work(session, ana, at("2026-11-23 10:00"))


def test_hours_and_days_are_those_of_the_place_where_somebody_works(session: Session, ana: Person) -> None:
    auckland = Place(name="Auckland", country="NZ", region=None, timezone="Pacific/Auckland", hours="08:00-16:30")
    session.add(auckland)
    session.flush()
    ana.place = auckland
    sunday_in_madrid = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)  # Monday, 8 in the morning there
    assert calendars.at_work(session, ana, sunday_in_madrid)
    assert not calendars.at_work(session, ana, datetime(2026, 11, 23, 3, 30, tzinfo=UTC))


def test_who_works_on_no_day_of_the_year_is_never_waited_for(session: Session, ana: Person) -> None:
    ana.work_week = {}
    assert calendars.next_at_work(session, ana, at("2026-11-23 11:00")) == at("2026-11-23 11:00")


@pytest.mark.parametrize("wrong", ["", "9", "18:00-09:00", "nine to five", "09:00-25:00"])
def test_hours_that_are_none_are_refused_with_how_to_write_them(wrong: str) -> None:
    with pytest.raises(ValueError, match="like 09:00-18:00"):
        calendars.opening(wrong)
