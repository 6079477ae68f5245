"""Scheduled posts: what is told by itself, when its cron line says so, to whom, and what it never tells."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from backend import day_starts, erasure, events, holiday_years, people, policies, schedules, tables, timers
from backend.budgets import Budget
from backend.chats import Posted
from backend.clock import StillClock
from backend.people import Person
from backend.schedules import PostRow
from bot.message import Post
from knowledge import library
from tests.office import Office

HANDLES = ("elena", "olga", "carmen", "maria", "ana", "tom")
MONDAYS = "0 9 * * mon"
EVERY_DAY = "0 9 * * *"


def schedule(office: Office, *rows: dict[str, Any]) -> None:
    """Makes these the company's scheduled posts, as loading company.toml does."""
    with office.store.writing() as session:
        found = [PostRow.model_validate({"to": "#general", "at": EVERY_DAY, **row}) for row in rows]
        schedules.set_all(session, found, by=None)


def vacation(office: Office, who: str, start: str, end: str = "", *, part: str = "", kind: str = "vacation") -> None:
    """Asks for leave, and the manager approves it."""
    args = {"leave_type": kind, "start": start, "end": end or start, **({"part": part} if part else {})}
    office.says(who, "time off", meant=[("time_off.submit", args)])
    office.presses(who, "submit")
    office.presses("maria" if who in ("ana", "tom") else "elena", "approve")


def to(office: Office, when: str) -> None:
    """Moves the clock to a moment, and does what is due then."""
    clock: StillClock = office.clock
    clock.set(datetime.fromisoformat(when))
    office.app.settle()


def texts(office: Office, where: str) -> list[str]:
    """What was posted in a channel, or to somebody."""
    return [post.text for post in office.shown(where)]


@contextmanager
def person(office: Office, handle: str) -> Generator[Person]:
    """Somebody, to be changed."""
    with office.store.writing() as session:
        yield people.find(session, handle)


def test_who_is_out_is_told_at_its_time_and_never_why(office_on_each: Office) -> None:
    office = office_on_each
    schedule(office, {"what": "who_is_out", "at": MONDAYS})
    vacation(office, "ana", "2026-11-30", "2026-12-01")
    vacation(office, "tom", "2026-12-09")
    sick = {"leave_type": "sick", "start": "2026-11-30", "end": "2026-11-30"}
    office.says("tom", "sick", meant=[("time_off.submit", sick)])
    office.presses("tom", "submit")
    to(office, "2026-11-30T08:59:00+01:00")
    assert texts(office, "#general") == []
    to(office, "2026-11-30T09:00:00+01:00")
    assert texts(office, "#general") == [
        "Out today:\n• Ana Costa, until Tue 1 Dec 2026\n• Tom Becker\n"
        "Out next week:\n• Tom Becker: Wed 9 Dec 2026\n"
        "Holidays:\n• Madrid: Tue 8 Dec 2026, Immaculate Conception"
    ]
    to(office, "2026-11-30T12:00:00+01:00")
    assert len(texts(office, "#general")) == 1
    to(office, "2026-12-07T09:00:00+01:00")
    assert texts(office, "#general")[1].startswith("Nobody is out today.\nOut later this week:\n• Tom Becker")
    assert [
        word for word in ("sick", "ill", "vacation", "Sick", "Vacation") if word in str(texts(office, "#general"))
    ] == []


def test_only_what_is_approved_is_told_with_halves_and_without_leavers(office: Office) -> None:
    schedule(office, {"what": "who_is_out"})
    vacation(office, "ana", "2026-11-25", part="am")
    vacation(office, "carmen", "2026-11-25")
    waits = {"leave_type": "vacation", "start": "2026-11-25", "end": "2026-11-25"}
    office.says("tom", "off", meant=[("time_off.submit", waits)])
    office.presses("tom", "submit")
    with person(office, "carmen") as carmen:
        carmen.end = date(2026, 11, 24)
    to(office, "2026-11-25T09:00:00+01:00")
    assert texts(office, "#general") == ["Out today:\n• Ana Costa (in the morning)"]


def test_a_team_reads_of_its_own_people(office: Office) -> None:
    schedule(office, {"what": "who_is_out", "team": "Works", "to": "#works"}, {"what": "who_is_out", "team": "office"})
    vacation(office, "ana", "2026-11-25")
    to(office, "2026-11-25T09:00:00+01:00")
    assert texts(office, "#works") == ["Out today:\n• Ana Costa"]
    assert texts(office, "#general") == ["Nobody is out today."]


def test_a_post_that_was_missed_goes_out_once_however_late(office_on_each: Office) -> None:
    office = office_on_each
    schedule(office, {"what": "who_is_out"})
    to(office, "2026-12-15T17:30:00+01:00")
    assert len(texts(office, "#general")) == 1
    to(office, "2026-12-16T09:00:00+01:00")
    assert len(texts(office, "#general")) == 2


def test_a_line_counts_where_it_says_and_through_the_change_of_clocks(office: Office) -> None:
    schedule(office, {"what": "who_is_out", "timezone": "America/New_York", "to": "#us"}, {"what": "who_is_out"})
    to(office, "2026-11-24T14:59:00+00:00")
    assert [len(texts(office, where)) for where in ("#us", "#general")] == [1, 0]


# to people


def test_what_waits_goes_to_those_for_whom_something_waits(office: Office) -> None:
    schedule(office, {"what": "waiting", "to": "everyone"})
    args = {"leave_type": "vacation", "start": "2026-12-21", "end": "2026-12-21"}
    office.says("ana", "off", meant=[("time_off.submit", args)])
    office.presses("ana", "submit")
    before = {who: len(office.shown(who)) for who in HANDLES}
    to(office, "2026-11-25T09:00:00+01:00")
    assert [who for who in HANDLES if len(office.shown(who)) > before[who]] == ["maria"]
    assert office.shown("maria")[-1].text.startswith("One request waits for you:\nTO-1: Ana Costa, Vacation")
    office.presses("maria", "approve", on="TO-1")
    assert office.state(1) == "approved"


def test_a_role_gets_it_by_its_holders_and_a_handle_by_itself(office: Office) -> None:
    schedule(office, {"what": "who_is_out", "to": "finance"}, {"what": "who_is_out", "to": "tom"})
    to(office, "2026-11-25T09:00:00+01:00")
    assert {who: texts(office, who) for who in HANDLES if texts(office, who)} == {
        "olga": ["Nobody is out today."],
        "tom": ["Nobody is out today."],
    }


def test_outside_somebodys_hours_it_comes_when_they_are_at_work(office: Office) -> None:
    schedule(office, {"what": "who_is_out", "to": "tom", "at": "0 6 * * *"})
    to(office, "2026-11-25T08:00:00+01:00")
    assert texts(office, "tom") == []
    to(office, "2026-11-25T09:00:00+01:00")
    assert texts(office, "tom") == ["Nobody is out today."]


def test_who_has_left_gets_nothing(office: Office) -> None:
    schedule(office, {"what": "who_is_out", "to": "tom"})
    with person(office, "tom") as tom:
        tom.end = date(2026, 11, 24)
    to(office, "2026-11-26T09:00:00+01:00")
    assert texts(office, "tom") == []


def test_a_post_that_is_taken_out_is_told_no_more(office: Office) -> None:
    schedule(office, {"what": "who_is_out"}, {"what": "who_is_out", "to": "#works"})
    schedule(office, {"what": "who_is_out", "to": "#works"})
    to(office, "2026-11-25T09:00:00+01:00")
    assert [len(texts(office, where)) for where in ("#general", "#works")] == [0, 1]
    with office.store.looking() as session:
        due = [
            each for each in schedules.all_of(session) if timers.is_set(session, name="post.due", subject=each.subject)
        ]
        assert [each.to_whom for each in due] == ["#works"]


def test_leave_that_lapses_is_told_to_each_and_all_of_it_to_hr(office: Office) -> None:
    types = [{"name": "vacation", "title": "Vacation", "allowance": 20, "carry_over": 5}]
    with office.store.writing() as session:
        policies.set_all(session, {"time_off": {"leave_type": types}}, by=None, kinds=office.app.kinds)
        day_starts.watch(session)
    schedule(office, {"what": "lapsing", "to": "everyone", "at": "0 9 1 12 *"})
    for day in ("2026-11-25", "2026-11-26", "2026-12-01"):
        to(office, f"{day}T09:00:00+01:00")
    assert office.shown("ana")[-1].text == (
        "This lapses unless you take it in time:\n• 15 days of Vacation from 2026, by Thu 31 Dec 2026\n"
        "Tell me when you would like to be away, and I'll ask for it."
    )
    hr = office.shown("carmen")[-1]
    assert "• Ana Costa: 15 days of Vacation from 2026, by Thu 31 Dec 2026 (told on Wed 25 Nov 2026)" in hr.text
    assert hr.sheets[0].name == "lapsing.csv"
    assert len(hr.sheets[0].rows) == len(HANDLES)


# previews


PREVIEWS = {
    "who_is_out": {"ana", "tom", "maria", "elena", "olga", "carmen"},
    "budgets": {"elena", "olga"},
    "holidays": {"elena", "carmen"},
    "report": {"elena", "olga", "carmen"},
}


@pytest.mark.parametrize("what", PREVIEWS)
def test_a_preview_is_for_those_who_may_read_it(office: Office, what: str) -> None:
    shown = {who: office.says(who, "a preview", meant=[("posts.preview", {"what": what})]) for who in HANDLES}
    assert {who for who, post in shown.items() if post.refusal is None} == PREVIEWS[what]


def test_a_preview_changes_nothing_and_names_the_posts(office: Office) -> None:
    with office.store.looking() as session:
        before = events.length(session)
    shown = office.says("elena", "a preview", meant=[("posts.preview", {})])
    assert shown.text.splitlines()[1:3] == ["• Who is out", "• What waits for you"]
    for what in schedules.What:
        office.says("elena", "a preview", meant=[("posts.preview", {"what": what.value})])
    assert office.says("ana", "a preview", meant=[("posts.preview", {"what": "waiting"})]).text == (
        "There is nothing to tell now, so this would not be posted."
    )
    with office.store.looking() as session:
        assert events.length(session) == before
        assert holiday_years.state(session, 2027) is None


# holidays


def ask_about_holidays(office: Office) -> None:
    schedule(office, {"what": "holidays", "to": "hr", "at": "0 9 1 12 *"})
    to(office, "2026-12-01T09:00:00+01:00")


def test_hr_confirms_next_years_holidays_once(office_on_each: Office) -> None:
    office = office_on_each
    ask_about_holidays(office)
    card = office.card("carmen")
    assert (card.title, card.state) == ("Public holidays of 2027", "pending")
    places = dict(card.facts)
    assert list(places) == ["Madrid"]
    assert "Fri 1 Jan 2027" in places["Madrid"]
    token = office.button("carmen", "Confirm").token
    shown = office.presses("carmen", "Confirm")
    assert shown.card is not None
    assert (shown.text, shown.card.state, shown.card.buttons) == (
        "Confirmed: these are the public holidays of 2027.",
        "confirmed",
        (),
    )
    assert office.presses_token("carmen", token).refusal == "That was done already."
    before = len(office.shown("carmen"))
    to(office, "2026-12-20T09:00:00+01:00")
    assert len(office.shown("carmen")) == before


def test_nobody_else_confirms_them(office: Office) -> None:
    ask_about_holidays(office)
    token = office.button("carmen", "Confirm").token
    assert office.presses_token("elena", token).refusal is not None
    assert office.says("elena", "preview", meant=[("posts.preview", {"what": "holidays"})]).card is not None
    assert office.card("elena").buttons == ()
    with person(office, "carmen") as carmen:
        carmen.roles = []
    assert office.presses_token("carmen", token).refusal == "Holidays are for HR to confirm, so nothing was changed."
    with office.store.looking() as session:
        row = holiday_years.state(session, 2027)
        assert row is not None
        assert row.state == "open"


def test_unconfirmed_holidays_are_reminded_each_week(office: Office) -> None:
    ask_about_holidays(office)
    before = len(office.shown("carmen"))
    to(office, "2026-12-09T12:00:00+01:00")
    assert [post.text for post in office.shown("carmen")[before:]] == [
        "A reminder: the public holidays of 2027 are still to be confirmed."
    ]
    to(office, "2026-12-16T12:00:00+01:00")
    assert len(office.shown("carmen")) == before + 2
    office.presses("carmen", "Confirm")
    to(office, "2026-12-30T12:00:00+01:00")
    assert len(office.shown("carmen")) == before + 3


def test_what_hr_wants_to_be_different_goes_to_admins_until_it_is(office: Office) -> None:
    ask_about_holidays(office)
    said = office.presses("carmen", "Something is different", values={"comment": "15 May is San Isidro"})
    assert said.card is not None
    assert (said.card.state, said.text) == (
        "questioned",
        "Noted. The admins are told; you are asked again once it is changed.",
    )
    assert "15 May is San Isidro" in office.shown("elena")[-1].text
    asked = len(office.shown("carmen"))
    to(office, "2026-12-09T12:00:00+01:00")
    assert office.shown("elena")[-1].text.startswith("A reminder: Carmen Vidal says of the public holidays of 2027")
    assert len(office.shown("carmen")) == asked
    with office.store.writing() as session:
        place = people.find(session, "ana").place_id
        session.add(people.LocalDay(place_id=place, day=date(2027, 5, 15), name="San Isidro"))
    to(office, "2026-12-16T12:00:00+01:00")
    assert len(office.shown("carmen")) == asked + 1
    assert "San Isidro" in dict(office.card("carmen").facts)["Madrid"]
    assert office.presses("carmen", "Confirm").refusal is None


def test_holidays_that_changed_since_they_were_shown_are_not_confirmed(office: Office) -> None:
    ask_about_holidays(office)
    with office.store.writing() as session:
        place = people.find(session, "ana").place_id
        session.add(people.LocalDay(place_id=place, day=date(2027, 5, 15), name="San Isidro"))
    refused = office.presses("carmen", "Confirm")
    assert refused.refusal == "The holidays of 2027 were changed since you were shown this."


# budgets


def budget(office: Office, amount: int, **more: object) -> None:
    row = {"since": "2026-01-01", "cost_centre": "works", "amount": amount, "year": 2026, **more}
    with office.store.writing() as session:
        tables.load(session, "budgets", Budget, [row], by=None)
    office.app.settle()


def buy(office: Office, who: str, total: str) -> None:
    office.says(who, "buy", meant=[("purchase.submit", {"item": "server", "total": total})])
    office.presses(who, "submit")


def approve(office: Office) -> None:
    office.presses("maria", "approve")


def told_of_budgets(office: Office, who: str) -> list[str]:
    return [text for text in texts(office, who) if text.startswith("The budget of")]


def test_a_budget_is_told_of_once_at_80_and_once_at_100_percent(office_on_each: Office) -> None:
    office = office_on_each
    budget(office, 1000, owner="maria")
    buy(office, "ana", "790")
    approve(office)
    assert told_of_budgets(office, "olga") == []
    buy(office, "tom", "20")
    assert told_of_budgets(office, "olga") == []
    approve(office)
    at_80 = "The budget of works for 2026 is spent to 80 %: €810.00 of €1,000.00."
    assert told_of_budgets(office, "olga") == told_of_budgets(office, "maria") == [at_80]
    buy(office, "ana", "50")
    approve(office)
    assert len(told_of_budgets(office, "olga")) == 1
    buy(office, "tom", "140")
    buy(office, "ana", "5")
    office.presses("maria", "approve", on="PR-4")
    assert told_of_budgets(office, "olga")[1:] == [
        "The budget of works for 2026 is spent: €1,000.00 of €1,000.00. Requests for €5.00 wait for a decision."
    ]
    assert told_of_budgets(office, "ana") == []


def test_a_leap_over_both_is_told_once_and_a_larger_budget_begins_anew(office: Office) -> None:
    budget(office, 1000)
    buy(office, "ana", "1500")
    approve(office)
    assert told_of_budgets(office, "olga") == ["The budget of works for 2026 is spent: €1,500.00 of €1,000.00."]
    budget(office, 1800)
    assert told_of_budgets(office, "olga")[1:] == [
        "The budget of works for 2026 is spent to 80 %: €1,500.00 of €1,800.00."
    ]
    budget(office, 1800, since="2026-02-01")
    assert len(told_of_budgets(office, "olga")) == 2


def test_budgets_are_listed_for_finance_and_with_leave_in_a_channel(office: Office) -> None:
    budget(office, 1000)
    buy(office, "ana", "300")
    approve(office)
    buy(office, "tom", "800")
    schedule(
        office,
        {"what": "budgets", "to": "finance"},
        {"what": "budgets", "to": "#finance", "show_amounts": True},
    )
    to(office, "2026-11-25T09:00:00+01:00")
    line = "• works, 2026: 30 % spent (€300.00 of €1,000.00), €800.00 waiting, €100.00 over"
    for where in ("olga", "#finance"):
        post = office.shown(where)[-1]
        assert post.text.splitlines() == ["Budgets today:", line]
        assert post.sheets[0].rows[0][1:2] + post.sheets[0].rows[0][6:] == (
            "works",
            "1000.00",
            "300.00",
            "800.00",
            "-100.00",
            "30",
        )
        assert (post.charts[0].rows, post.charts[0].series[0][1], post.charts[0].marks) == (
            ("works",),
            (30.0,),
            (80.0, 100.0),
        )


# the report


def hire_more(office: Office, *handles: str) -> None:
    """More people for Maria's team."""
    with office.store.writing() as session:
        like = people.find(session, "ana")
        for handle in handles:
            other = Person(handle=handle, name=f"{handle.capitalize()} Person", email=f"{handle}@small.example")
            other.manager_id, other.employer_id, other.place_id = like.manager_id, like.employer_id, like.place_id
            other.team, other.start = like.team, like.start
            session.add(other)


def off(office: Office, who: str, day: str) -> None:
    args = {"leave_type": "unpaid", "start": day, "end": day}
    office.says(who, "off", meant=[("time_off.submit", args)])
    office.presses(who, "submit")


TEAM = ("ana", "tom", "uma", "vic", "wim")


def a_week_of_work(office: Office) -> None:
    """Five people ask for leave on Tuesday; four are approved at once, one is approved on Thursday. Two buy."""
    hire_more(office, "uma", "vic", "wim")
    for nth, who in enumerate(TEAM):
        off(office, who, f"2026-12-{14 + nth}")
        if who != "wim":
            office.presses("maria", "approve")
    buy(office, "ana", "300")
    buy(office, "tom", "20")
    to(office, "2026-11-26T12:00:00+01:00")
    office.presses("maria", "approve", on="TO-5")


def report(office: Office, to_whom: str = "hr", **more: Any) -> Post:
    schedule(office, {"what": "report", "to": to_whom, "at": MONDAYS, **more})
    to(office, "2026-11-30T09:00:00+01:00")
    return next(post for post in office.shown({"hr": "carmen"}.get(to_whom, to_whom)) if "Operations" in post.text)


def test_the_report_tells_of_five_people_or_more_and_of_no_names(office_on_each: Office) -> None:
    office = office_on_each
    a_week_of_work(office)
    post = report(office)
    assert post.text == (
        "Operations from Mon 23 Nov 2026 to Sun 29 Nov 2026\n"
        "Requests that were sent, and how they stand now:\n• Time off: 5 approved\n"
        "Working hours until a decision:\n"
        "• All kinds: half within 0, nine of ten within 20\n• Time off: half within 0, nine of ten within 20\n"
        "Every question found an answer in the handbook.\n"
        "What fewer than 5 people had to do with is counted with others, or left out."
    )
    told = str(post)
    assert [who for who in (*TEAM, "maria") if who.lower() in told.lower().replace("person", "")] == []
    assert post.sheets[0].rows[0] == ("Requests", "Time off: approved", "5", "number")
    assert (post.charts[0].rows, post.charts[0].series) == (("Time off",), (("approved", (5.0,)),))


def test_four_people_are_not_told_of(office: Office) -> None:
    for nth, who in enumerate(("ana", "tom", "carmen", "olga")):
        off(office, who, f"2026-12-{14 + nth}")
    post = report(office)
    assert "No kind of request was sent by 5 people or more." in post.text
    assert post.charts == ()
    assert [row for row in post.sheets[0].rows if row[0] == "Requests"] == []


def test_small_groups_are_counted_together_where_that_makes_a_large_one(office: Office) -> None:
    hire_more(office, "uma", "vic", "wim")
    for nth, who in enumerate(TEAM[:4]):
        off(office, who, f"2026-12-{14 + nth}")
    buy(office, "wim", "300")
    post = report(office)
    assert "• Others: 5 pending" in post.text


def test_money_is_told_to_people_and_in_a_channel_only_where_it_may_be(office: Office) -> None:
    hire_more(office, "uma", "vic", "wim")
    budget(office, 1000)
    for who in TEAM:
        buy(office, who, "100")
        approve(office)
    assert "• works, 2026: 50 %" in report(office).text
    schedule(
        office,
        {"what": "report", "to": "#general", "at": EVERY_DAY},
        {"what": "report", "to": "#money", "at": EVERY_DAY, "show_amounts": True},
    )
    to(office, "2026-12-01T09:00:00+01:00")
    assert "50 %" not in str(office.shown("#general")[-1])
    assert "• works, 2026: 50 %" in office.shown("#money")[-1].text


def test_what_waits_longest_goes_to_those_concerned_and_not_into_the_report(office: Office) -> None:
    off(office, "ana", "2026-12-21")
    schedule(office, {"what": "report", "to": "hr", "at": MONDAYS})
    to(office, "2026-12-07T09:00:00+01:00")
    told = {who: [post for post in office.shown(who) if "more than a week" in post.text] for who in HANDLES}
    assert {who: [post.text for post in posts] for who, posts in told.items() if posts} == {
        "elena": ["Waiting for you for more than a week: 1."]
    }
    card = told["elena"][0].card  # it has gone up to her meanwhile
    assert card is not None
    assert card.ref == "TO-1"
    assert "TO-1" not in office.shown("carmen")[-1].text


def test_questions_without_an_answer_are_told_by_topic(office_on_each: Office) -> None:
    office = office_on_each
    with office.store.writing() as session:
        for nth in range(6):
            library.note_gap(session, f"Where can I park my bike on level {nth}?", day=date(2026, 11, 25))
        library.note_gap(session, "Does Ana Costa snore?", day=date(2026, 11, 25))
        library.note_gap(session, "Where can I park my bike?", day=date(2026, 11, 20))
    text = report(office).text
    assert "Questions that the handbook did not answer: 7\n• park bike: 6" in text.replace("bike park", "park bike")
    assert "snore" not in text


# where it goes


def test_without_a_channel_for_teams_nothing_is_lost_but_the_post(office: Office) -> None:
    office.app.channels.pop("memory")
    schedule(office, {"what": "who_is_out"})
    to(office, "2026-11-25T09:00:00+01:00")
    with office.store.looking() as session:
        assert session.scalars(select(Posted).where(Posted.conversation == "#general")).all() == []
        assert schedules.all_of(session)[0].last_at is not None


def test_a_post_to_a_team_is_nobodys_and_is_drawn_anew_by_nothing(office: Office) -> None:
    schedule(office, {"what": "who_is_out"})
    vacation(office, "ana", "2026-11-25")
    to(office, "2026-11-25T09:00:00+01:00")
    with office.store.looking() as session:
        row = session.scalars(select(Posted).where(Posted.conversation == "#general")).one()
        assert (row.person_id, row.private, row.card, row.state) == (None, False, None, "sent")


def test_somebody_who_is_erased_is_in_no_post_and_no_line(office_on_each: Office) -> None:
    office = office_on_each
    schedule(office, {"what": "who_is_out"}, {"what": "who_is_out", "to": "tom"})
    vacation(office, "tom", "2026-11-25")
    to(office, "2026-11-25T09:00:00+01:00")
    assert "Tom Becker" in texts(office, "#general")[0]
    with person(office, "tom") as tom:
        tom.end = date(2026, 11, 25)
    to(office, "2026-11-26T09:00:00+01:00")
    with office.store.writing() as session:
        erasure.erase(session, people.find(session, "tom"), by=None)
    with office.store.looking() as session:
        bodies = str([each.body for each in session.scalars(select(Posted))])
        assert "Becker" not in bodies
        assert [each.to_whom for each in schedules.all_of(session)] == ["#general"]


def test_who_asks_hears_of_days_with_work_between_one_by_one(office: Office) -> None:
    vacation(office, "ana", "2026-11-27")
    vacation(office, "ana", "2026-11-30")
    vacation(office, "ana", "2026-12-02", part="pm")
    asked = {"start": "2026-11-24", "end": "2026-12-04"}
    assert office.says("tom", "who is away?", meant=[("who_is_out", asked)]).text == (
        "Ana Costa is away Fri 27 Nov to Mon 30 Nov 2026.\nAna Costa is away Wed 2 Dec 2026 (in the afternoon)."
    )
