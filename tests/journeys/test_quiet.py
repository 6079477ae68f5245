"""Quiet manners: nothing outside working hours, reminders gathered, put off, asked again, two lines for the top."""

from datetime import datetime

import pytest
from sqlalchemy import select

from backend import people, policies, timers
from backend.events import Event
from backend.held import Held
from bot.brain.port import Turn, Understood
from bot.message import Post
from tests.office import Listener, Office

LATE = "2026-11-24T21:00:00+01:00"
"""Tuesday evening; everybody works from 9 to 18 in Madrid."""


def at(office: Office, moment: str) -> None:
    """Moves the clock on to a moment; what becomes due on the way happens at its own time."""
    to = datetime.fromisoformat(moment)
    office.app.settle()
    while (due := _next_due(office, to)) < to:
        office.clock.set(due)
        office.app.settle()
    office.clock.set(to)
    office.app.settle()


def _next_due(office: Office, to: datetime) -> datetime:
    with office.store.looking() as session:
        return timers.next_due(session) or to


def leave(office: Office, who: str = "ana", day: str = "2026-12-03") -> Post:
    meant = [("time_off.submit", {"leave_type": "vacation", "start": day, "end": day})]
    office.says(who, "vacation", meant=meant)
    return office.presses(who, "submit")


def texts(office: Office, who: str) -> list[str]:
    return [post.text for post in office.shown(who)]


def recorded(office: Office, kind: str) -> list[str]:
    """The subjects of all events of a kind, in order."""
    with office.store.looking() as session:
        return list(session.scalars(select(Event.subject).where(Event.kind == kind).order_by(Event.seq)))


# outside working hours


def test_what_comes_in_the_evening_is_told_in_the_morning(office_on_each: Office) -> None:
    office = office_on_each
    at(office, LATE)
    told = leave(office)
    assert "waits for Maria Silva" in told.text
    at(office, "2026-11-25T08:55:00+01:00")
    assert office.shown("maria") == []
    at(office, "2026-11-25T09:00:00+01:00")
    assert [post.card.ref for post in office.shown("maria") if post.card] == ["TO-1"]
    assert office.presses("maria", "approve").committed
    at(office, "2026-11-25T12:00:00+01:00")
    with office.store.looking() as session:
        assert session.scalars(select(Held)).all() == []


def test_it_is_told_as_it_stands_in_the_morning_and_not_at_all_where_its_reason_has_gone(
    office_on_each: Office,
) -> None:
    office = office_on_each
    at(office, LATE)
    leave(office)
    office.presses("ana", "withdraw", on="TO-1")
    at(office, "2026-11-25T12:00:00+01:00")
    assert office.shown("maria") == []


def test_who_writes_at_night_is_here_and_is_told_at_once(office_on_each: Office) -> None:
    office = office_on_each
    at(office, LATE)
    leave(office)
    office.says("maria", "what is new?")
    assert office.card("maria").ref == "TO-1"
    leave(office, "tom")
    assert office.card("maria").ref == "TO-2"
    office.advance(minutes=16)
    leave(office, "tom", day="2026-12-04")
    assert office.card("maria").ref == "TO-2"


class Slow(Listener):
    """A brain that thinks so long that everything that is due is delivered meanwhile."""

    def __init__(self, office: Office) -> None:
        super().__init__()
        self.office = office

    def understand(self, turn: Turn) -> Understood:
        self.office.app.settle()
        return super().understand(turn)


def test_what_was_held_back_comes_after_the_answer_and_never_between(office: Office) -> None:
    at(office, LATE)
    leave(office)
    office.app.brain = office.brain = Slow(office)
    at(office, "2026-11-24T22:00:00+01:00")
    answer = office.says("maria", "hello", meant=[("small_talk", {})])
    assert [post.text for post in office.shown("maria")] == [answer.text, "Ana Costa asks: Vacation, Thu 3 Dec 2026."]


def test_who_opens_the_page_at_night_finds_what_waits(office: Office) -> None:
    at(office, LATE)
    leave(office)
    leave(office, "tom")
    office.app.arrive("maria")
    office.app.settle()
    assert [post.text for post in office.shown("maria")] == [
        "2 requests wait for you. The oldest is TO-1 of Ana Costa, since Tue 24 Nov 2026."
    ]


def test_the_answer_to_a_press_comes_at_any_hour_and_the_other_is_told_in_the_morning(office: Office) -> None:
    leave(office)
    at(office, LATE)
    assert "You approved TO-1" in office.presses("maria", "approve").text
    before = len(office.shown("ana"))
    at(office, "2026-11-25T09:00:00+01:00")
    assert any("Maria Silva approved TO-1" in text for text in texts(office, "ana")[before:])


def test_what_became_of_leave_that_begins_before_the_next_working_day_is_told_at_once(office: Office) -> None:
    leave(office, day="2026-11-25")
    at(office, "2026-11-24T20:00:00+01:00")
    office.presses("maria", "approve")
    assert any("Maria Silva approved TO-1" in text for text in texts(office, "ana"))


def test_what_policy_calls_urgent_is_told_at_any_hour(office: Office) -> None:
    with office.store.writing() as session:
        rules = {"approvals": {"urgent_within_days": 10}}
        policies.set_all(session, rules, by=None, kinds=office.app.kinds)
    at(office, LATE)
    leave(office)
    assert office.card("maria").ref == "TO-1"


def test_a_holiday_entered_meanwhile_puts_it_off_once_more(office: Office) -> None:
    at(office, LATE)
    leave(office)
    with office.store.writing() as session:
        madrid = people.find(session, "maria").place
        session.add(people.LocalDay(place_id=madrid.id, day=datetime(2026, 11, 25).date(), name="A feast"))
    at(office, "2026-11-25T18:00:00+01:00")
    assert office.shown("maria") == []
    at(office, "2026-11-26T09:00:00+01:00")
    assert office.card("maria").ref == "TO-1"


def test_several_that_came_overnight_are_one_message(office_on_each: Office) -> None:
    office = office_on_each
    at(office, LATE)
    leave(office)
    leave(office, "tom")
    leave(office, "tom", day="2026-12-04")
    office.presses("tom", "withdraw", on="TO-3")
    at(office, "2026-11-25T09:00:00+01:00")
    told = office.shown("maria")
    assert len(told) == 1
    assert told[0].text == "2 requests wait for you. The oldest is TO-1 of Ana Costa, since Tue 24 Nov 2026."
    card = told[0].card
    assert card is not None
    assert [title for title, _ in card.facts] == ["TO-1 Ana Costa", "TO-2 Tom Becker"]
    assert [each.verb for each in card.buttons] == ["approve_all", "open", "open"]
    assert recorded(office, "notices.gathered") == [f"person:{_id(office, 'maria')}"]


def test_an_installation_may_do_without_quiet_hours(office: Office) -> None:
    office.app.settings = office.app.settings.model_copy(update={"quiet": False})
    at(office, LATE)
    leave(office)
    assert office.card("maria").ref == "TO-1"


# the digest


def test_reminders_come_together_and_what_is_within_policy_is_approved_together(office_on_each: Office) -> None:
    office = office_on_each
    leave(office)
    leave(office, "tom")
    leave(office, "tom", day="2026-11-20")  # in the past: policy objects
    before = len(office.shown("maria"))
    at(office, "2026-11-25T12:00:00+01:00")
    digest = office.shown("maria")[before:]
    assert len(digest) == 1
    assert digest[0].text.startswith("A reminder: 3 requests wait for you.")
    card = digest[0].card
    assert card is not None
    assert "in the past" in dict(card.facts)["TO-3 Tom Becker"]
    confirm = office.presses("maria", "approve_all")
    assert confirm.asked == ("confirm",)
    assert office.presses("maria", "approve").committed[0].args == {"request_ids": [1, 2]}
    assert [office.state(number) for number in (1, 2, 3)] == ["approved", "approved", "pending"]


def test_one_of_a_digest_is_opened_where_one_looks_and_the_digest_follows(office: Office) -> None:
    leave(office)
    leave(office, "tom")
    at(office, "2026-11-25T12:00:00+01:00")
    opened = office.presses("maria", "Open TO-1")
    assert opened.card is not None
    assert [each.verb for each in opened.card.buttons][:2] == ["approve", "reject"]
    assert office.card("maria").ref == "TO-1"
    office.presses("maria", "approve", on="TO-1")
    last = [post for post in office.shown("maria") if post.card and post.card.kind == "approvals"][-1]
    assert last.card is not None
    assert [title for title, _ in last.card.facts] == ["TO-2 Tom Becker"]
    assert last.text == "One request waits for you: TO-2 of Tom Becker, since Tue 24 Nov 2026."


def test_a_request_of_somebody_elses_cannot_be_opened(office: Office) -> None:
    leave(office)
    leave(office, "tom")
    at(office, "2026-11-25T12:00:00+01:00")
    token = office.button("maria", "Open TO-1").token
    assert office.presses_token("tom", token).refusal
    with office.store.writing() as session:
        from backend import buttons

        forged = buttons.offer(session, people.find(session, "tom"), verb="open", subject="request:1")
    assert office.presses_token("tom", forged).refusal == "That request is not yours to see."


def test_a_reminder_whose_reason_has_gone_is_not_sent(office: Office) -> None:
    leave(office)
    leave(office, "tom")
    office.presses("maria", "approve", on="TO-1")
    office.presses("maria", "approve", on="TO-2")
    before = len(office.shown("maria"))
    at(office, "2026-11-26T12:00:00+01:00")
    assert len(office.shown("maria")) == before


# two lines a day for the top


def test_who_is_at_the_top_gets_two_lines_once_a_day(office: Office) -> None:
    leave(office, "maria")
    at(office, "2026-11-24T12:00:00+01:00")
    leave(office, "olga")
    before = len(office.shown("elena"))
    at(office, "2026-11-25T18:00:00+01:00")
    told = office.shown("elena")[before:]
    assert [post.text for post in told] == [
        "2 requests wait for you. The oldest is TO-1 of Maria Silva, since Tue 24 Nov 2026.\n"
        "Press Show them to go through them, or ask me what waits."
    ]
    shown = office.presses("elena", "show")
    assert shown.card is not None
    assert [title for title, _ in shown.card.facts] == ["TO-1 Maria Silva", "TO-2 Olga Petrova"]
    assert [each.verb for each in shown.card.buttons] == ["approve_all", "open", "open"]


# put off


def test_put_off_until_tomorrow_it_is_reminded_of_then_and_the_requester_sees_it(office_on_each: Office) -> None:
    office = office_on_each
    leave(office)
    told = office.presses("maria", "snooze", values={"day": "2026-11-26"})
    assert told.text == "I'll remind you of TO-1 on Thu 26 Nov 2026, 09:00."
    assert told.committed[0].intent == "approvals.snooze"
    status = office.says("ana", "how is it?", meant=[("request.status", {"request_id": 1})])
    assert status.text.endswith("waits for Maria Silva. Maria Silva looks at it on Thu 26 Nov 2026.")
    before = len(office.shown("maria"))
    at(office, "2026-11-26T08:59:00+01:00")
    assert len(office.shown("maria")) == before
    at(office, "2026-11-26T09:00:00+01:00")
    assert "A reminder" in office.shown("maria")[-1].text
    assert recorded(office, "step.snoozed") == ["step:1"]


@pytest.mark.parametrize(
    ("values", "until"),
    [
        ({"when": "hours"}, "Tue 24 Nov 2026, 12:00"),
        ({"when": "tomorrow"}, "Wed 25 Nov 2026, 09:00"),
        ({"when": "monday"}, "Mon 30 Nov 2026, 09:00"),
        ({"day": "2026-11-27", "time": "14:30"}, "Fri 27 Nov 2026, 14:30"),
        ({"day": "2026-11-28", "time": "3pm"}, "Mon 30 Nov 2026, 09:00"),
    ],
)
def test_the_little_form_says_when(office: Office, values: dict[str, str], until: str) -> None:
    leave(office)
    assert office.presses("maria", "snooze", values=values).text == f"I'll remind you of TO-1 on {until}."


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"day": "2026-11-23"}, "That time has passed: choose a later one."),
        ({"day": "soon"}, "That is not a day."),
        ({"day": "9999-12-31"}, "That day is too far away."),
        ({"until": "later"}, "That is not a time."),
        ({"day": "2026-11-26", "time": "29"}, "That is not a time: write it like 14:30."),
        (
            {"day": "2026-12-15"},
            "TO-1 can be put off until Tue 1 Dec 2026 at the latest, so that it is not forgotten: "
            "choose an earlier time.",
        ),
    ],
)
def test_what_cannot_be_is_refused_and_the_button_still_works(office: Office, values: dict[str, str], why: str) -> None:
    leave(office)
    assert office.presses("maria", "snooze", values=values).refusal == why
    assert office.presses("maria", "snooze", values={"when": "tomorrow"}).committed


def test_pressed_without_a_form_it_asks_and_the_answer_may_be_a_button_or_words(office: Office) -> None:
    leave(office)
    asked = office.presses("maria", "snooze")
    assert asked.asked == ("until",)
    assert asked.card is not None
    assert [each.label for each in asked.card.buttons] == [
        "In 2 hours",
        "Tomorrow at 9",
        "On Monday at 9",
        "Discard",
    ]
    assert office.presses("maria", "Tomorrow at 9").text == "I'll remind you of TO-1 on Wed 25 Nov 2026, 09:00."
    office.presses("maria", "snooze", on="TO-1")
    meant = [("form.update", {"until": "2026-11-27T11:00:00+01:00"})]
    said = office.says("maria", "friday at 11", meant=meant)
    assert said.text == "Shall I remind you of TO-1 on Fri 27 Nov 2026, 11:00?"
    assert office.says("maria", "yes").text == "I'll remind you of TO-1 on Fri 27 Nov 2026, 11:00."


def test_said_in_chat_it_is_said_back_and_confirmed(office: Office) -> None:
    leave(office)
    meant = [("approvals.snooze", {"request_id": 1, "until": "2026-11-25T09:00:00+01:00"})]
    told = office.says("maria", "remind me tomorrow at 9", meant=meant)
    assert told.text == "Shall I remind you of TO-1 on Wed 25 Nov 2026, 09:00?"
    assert recorded(office, "step.snoozed") == []
    assert office.presses("maria", "Remind me of TO-1").committed
    assert recorded(office, "step.snoozed") == ["step:1"]


def test_it_cannot_be_put_off_for_ever(office: Office) -> None:
    leave(office)
    office.presses("maria", "snooze", values={"day": "2026-11-30"})
    at(office, "2026-11-30T09:30:00+01:00")
    assert office.presses("maria", "snooze", values={"day": "2026-12-01"}, on="TO-1").committed
    refused = office.presses("maria", "snooze", values={"day": "2026-12-02"}, on="TO-1")
    assert refused.refusal is not None
    assert "until Tue 1 Dec 2026 at the latest" in refused.refusal
    at(office, "2026-12-03T18:00:00+01:00")
    assert recorded(office, "step.escalated") == ["step:1"]
    assert office.card("elena", on="TO-1").ref == "TO-1"


def test_where_several_may_decide_the_others_are_reminded_all_the_same(office: Office) -> None:
    with office.store.writing() as session:
        route = [{"kind": "time_off", "steps": [{"any": ["hr", "finance"]}]}]
        policies.set_all(session, {"route": route}, by=None, kinds=office.app.kinds)
    leave(office)
    office.presses("olga", "snooze", values={"day": "2026-11-26"})
    before = len(office.shown("olga"))
    at(office, "2026-11-25T18:00:00+01:00")
    assert office.shown("carmen")[-1].text.startswith("A reminder")
    assert len(office.shown("olga")) == before
    at(office, "2026-11-26T09:00:00+01:00")
    assert office.shown("olga")[-1].text.startswith("A reminder")


def test_work_can_be_put_off_too(office: Office) -> None:
    with office.store.writing() as session:
        route = [{"kind": "time_off", "steps": [{"any": ["manager"]}, {"work": "book it", "any": ["finance"]}]}]
        policies.set_all(session, {"route": route}, by=None, kinds=office.app.kinds)
    leave(office)
    office.presses("maria", "approve")
    told = office.presses("olga", "snooze", values={"when": "tomorrow"}, on="TO-1")
    assert told.text == "I'll remind you of TO-1 on Wed 25 Nov 2026, 09:00."
    assert office.presses("olga", "snooze", on="TO-1").asked == ("until",)


def test_only_who_it_waits_for_can_put_it_off(office: Office) -> None:
    leave(office)
    meant = [("approvals.snooze", {"request_id": 1, "until": "2026-11-25T09:00:00+01:00"})]
    assert office.says("tom", "snooze", meant=meant).refusal == "Request 1 does not wait for you."
    office.presses("maria", "approve")
    assert office.says("maria", "snooze", meant=meant).refusal == "Request 1 does not wait for you."


# asked again


def test_the_requester_asks_once_a_day(office_on_each: Office) -> None:
    office = office_on_each
    leave(office)
    told = office.presses("ana", "Nudge Maria", on="TO-1")
    assert told.text == "I asked Maria Silva to look at TO-1."
    assert told.committed[0].intent == "request.nudge"
    last = office.shown("maria")[-1]
    assert last.text.startswith("Ana Costa asks whether you can look at TO-1:")
    assert last.card is not None
    assert "approve" in [each.verb for each in last.card.buttons]
    again = office.presses("ana", "nudge", on="TO-1")
    assert again.refusal == ("You asked Maria Silva about TO-1 today already. You can do so again on Wed 25 Nov 2026.")
    at(office, "2026-11-25T09:00:00+01:00")
    assert office.presses("ana", "nudge", on="TO-1").committed
    assert recorded(office, "request.nudged") == ["request:1", "request:1"]


def test_asked_in_the_evening_it_is_seen_in_the_morning(office: Office) -> None:
    leave(office)
    at(office, LATE)
    before = len(office.shown("maria"))
    told = office.presses("ana", "nudge", on="TO-1")
    assert told.text == (
        "I asked Maria Silva to look at TO-1. Maria Silva sees it on Wed 25 Nov 2026, 09:00, when they are at work."
    )
    assert len(office.shown("maria")) == before
    at(office, "2026-11-25T09:00:00+01:00")
    assert any("asks whether you can look at TO-1" in text for text in texts(office, "maria")[before:])


def test_asked_for_in_chat_it_is_confirmed_first(office: Office) -> None:
    leave(office)
    told = office.says("ana", "nudge maria", meant=[("request.nudge", {"person": "maria"})])
    assert told.text == "Shall I ask Maria Silva to look at TO-1?"
    assert office.says("ana", "yes").text == "I asked Maria Silva to look at TO-1."
    refused = office.says("ana", "nudge maria", meant=[("request.nudge", {"person": "maria"})])
    assert refused.refusal is not None
    assert "today already" in refused.refusal


def test_nobody_asks_about_what_is_not_theirs_or_decided(office: Office) -> None:
    leave(office)
    meant = [("request.nudge", {"request_id": 1})]
    assert office.says("tom", "nudge", meant=meant).refusal
    token = office.button("ana", "nudge", on="TO-1").token
    office.presses("maria", "approve")
    assert office.presses_token("ana", token).refusal
    assert recorded(office, "request.nudged") == []


def _id(office: Office, who: str) -> int:
    with office.store.looking() as session:
        return people.find(session, who).id
