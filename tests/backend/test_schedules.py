"""When a post comes next by its cron line, in a time zone and through the changes of clocks; which lines are none."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from backend import schedules
from backend.schedules import PostRow, ScheduledPost


def post(cron: str, zone: str = "Europe/Madrid") -> ScheduledPost:
    return ScheduledPost(what="who_is_out", to_whom="#general", cron=cron, timezone=zone, team="", show_amounts=False)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("cron", "after", "then"),
    [
        ("0 9 * * mon", "2026-11-24T10:00:00+01:00", "2026-11-30T09:00:00+01:00"),
        ("0 9 * * mon", "2026-11-30T09:00:00+01:00", "2026-12-07T09:00:00+01:00"),
        ("0 9 * * mon-fri", "2026-11-27T09:00:00+01:00", "2026-11-30T09:00:00+01:00"),
        ("0 9 l * *", "2027-02-01T09:00:00+01:00", "2027-02-28T09:00:00+01:00"),
        ("0 9 1 jan,jul *", "2026-11-24T10:00:00+01:00", "2027-01-01T09:00:00+01:00"),
        ("0 9 * * *", "2027-03-27T09:00:00+01:00", "2027-03-28T09:00:00+02:00"),
        ("0 9 * * *", "2026-10-24T09:00:00+02:00", "2026-10-25T09:00:00+01:00"),
        ("30 2 * * *", "2027-03-27T12:00:00+01:00", "2027-03-28T03:30:00+02:00"),
        ("30 2 * * *", "2026-10-24T12:00:00+02:00", "2026-10-25T02:30:00+02:00"),
        ("30 2 * * *", "2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"),
    ],
)
def test_the_next_time_is_by_the_clock_on_the_wall(cron: str, after: str, then: str) -> None:
    assert schedules.next_time(post(cron), moment(after)) == moment(then)


def test_the_time_before_is_that_of_the_line() -> None:
    weekly = post("0 9 * * mon")
    assert schedules.time_before(weekly, moment("2026-11-30T09:00:00+01:00")) == moment("2026-11-23T09:00:00+01:00")
    assert schedules.time_before(weekly, moment("2026-10-26T09:00:00+01:00")) == moment("2026-10-19T09:00:00+02:00")


LINES = st.sampled_from(("0 9 * * mon", "30 2 * * *", "0 */2 * * *", "15 23 l * *", "0 0 29 feb *", "59 1 * * sun"))
ZONES = st.sampled_from(("Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"))
MOMENTS = st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2031, 1, 1), timezones=st.just(UTC))


@given(LINES, ZONES, MOMENTS)
def test_the_next_time_is_always_later_and_comes_as_the_line_says(line: str, zone: str, after: datetime) -> None:
    row = post(line, zone)
    then = schedules.next_time(row, after)
    assert then > after
    assert schedules.next_time(row, then) > then


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"at": "0 9 * *"}, "'0 9 * *' is no cron line"),
        ({"at": "61 9 * * mon"}, "'61 9 * * mon' is no cron line"),
        ({"at": "0 0 31 2 *"}, "'0 0 31 2 *' is no cron line"),
        ({"at": "every monday"}, "'every monday' is no cron line"),
        ({"at": "r 9 * * *"}, "'r 9 * * *' is no cron line"),
        ({"at": "*/5 * * * *"}, "'*/5 * * * *' is more often than once an hour"),
        ({"at": "0,30 9 * * *"}, "'0,30 9 * * *' is more often than once an hour"),
        ({"what": "gossip"}, "'gossip' is not one of who_is_out, waiting, lapsing, budgets, holidays, report"),
        ({"timezone": "Madrid"}, "'Madrid' is not a time zone"),
        ({"to": " "}, "say to whom"),
        ({"to": "everyone"}, "only lapsing and waiting go to everyone"),
        ({"what": "waiting"}, "waiting is for people, not for a channel that a team reads"),
        ({"what": "lapsing", "to": "telegram:-100123"}, "lapsing is for people"),
        ({"what": "budgets"}, "#general would see amounts of money"),
    ],
)
def test_a_post_that_cannot_be_is_told_with_what_to_write(changed: dict[str, str], said: str) -> None:
    with pytest.raises(ValidationError) as told:
        PostRow.model_validate({"what": "who_is_out", "to": "#general", "at": "0 9 * * mon", **changed})
    assert said in str(told.value)


def test_where_a_post_to_a_team_goes() -> None:
    assert schedules.channels("#general", ["web", "slack", "telegram"]) == [("slack", "#general")]
    assert schedules.channels("telegram:-100123", ["slack", "telegram"]) == [("telegram", "-100123")]
    assert schedules.channels("slack:C0123", ["slack"]) == [("slack", "C0123")]
    assert schedules.channels("#general", ["web", "terminal"]) == []
