"""What was sent can be changed: asked again only where it matters, with the difference shown; days are given back."""

import json
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from backend import audit, drafts, orders, people, policies, spending
from backend.events import Detail, Event
from backend.forms import Data
from backend.leave import LeaveDay, LeaveEntry
from backend.requests import Request
from bot import changing
from bot.replies import hidden
from tests.backend.test_concurrency import at_once, hearing, pressed
from tests.office import Office

THURSDAY = {"leave_type": "vacation", "start": "2026-11-26", "end": "2026-11-26"}
FRIDAY = {"start": "2026-11-27", "end": "2026-11-27"}
WEEK = {"leave_type": "vacation", "start": "2026-11-30", "end": "2026-12-04"}
ORDERED = {
    "route": [
        {
            "kind": "purchase",
            "steps": [
                {"any": ["manager"]},
                {"any": ["finance"], "work": "order"},
                {"any": ["finance"], "work": "receive"},
            ],
        }
    ]
}
LAPTOP = {"item": "laptop", "quantity": 2, "total": "900.00"}


def sends(office: Office, values: dict[str, Any], *, kind: str = "time_off", who: str = "ana") -> None:
    office.says(who, "please", meant=[(f"{kind}.submit", values)])
    assert office.presses(who, "submit").committed


def changes(office: Office, values: dict[str, Any], *, on: str = "TO-1", who: str = "ana") -> None:
    """Fills in the form of the request's card, and sends the change."""
    asked = office.presses(who, "change", on=on, values=values)
    assert asked.asked == ("confirm",), asked.text
    assert office.presses(who, "amend").committed


def test_a_change_shows_what_is_different_before_it_is_sent(office: Office) -> None:
    sends(office, THURSDAY)
    asked = office.presses("ana", "change", on="TO-1", values=FRIDAY)
    assert asked.text.startswith("TO-1: First day: Thu 26 Nov 2026 → Fri 27 Nov 2026; Last day:")
    card = asked.card
    assert card is not None
    assert (card.ref, card.state) == ("TO-1", "draft")
    assert ("First day", "Thu 26 Nov 2026 → Fri 27 Nov 2026") in card.facts
    assert [each.who for each in card.route] == [("maria",)]
    with office.store.looking() as session:
        assert session.get_one(Request, 1).values["start"] == "2026-11-26"


def test_the_form_of_a_change_holds_what_was_sent(office: Office) -> None:
    sends(office, {**THURSDAY, "note": "moving house"})
    form = office.button("ana", "change", on="TO-1").form
    assert form is not None
    held = {each.name: each.value for each in form}
    assert (held["start"], held["leave_type"], held["note"]) == ("2026-11-26", "vacation", "moving house")


def test_approved_leave_that_moves_is_approved_again_and_the_card_says_by_whom_before(office: Office) -> None:
    sends(office, THURSDAY)
    office.presses("maria", "approve", on="TO-1")
    assert office.free("ana") == 19
    told = office.presses("ana", "change", on="TO-1", values=FRIDAY).card
    assert told is not None
    assert told.objections[0].startswith("TO-1 is approved as it was. With this change it waits again")
    office.presses("ana", "amend")
    assert office.state(1) == "pending"
    facts = dict(office.card("maria", on="TO-1").facts)
    assert facts["First day"] == "Thu 26 Nov 2026 → Fri 27 Nov 2026"
    assert facts["Approved before the change"] == "Maria Silva"
    assert office.free("ana") == 19
    office.presses("maria", "approve", on="TO-1")
    assert office.state(1) == "approved"
    with office.store.looking() as session:
        booked = select(LeaveDay.day).where(LeaveDay.state == "booked")
        assert [each.isoformat() for each in session.scalars(booked)] == ["2026-11-27"]


def test_ledgers_follow_a_change_by_counter_entries_and_keep_what_was_written(office: Office) -> None:
    sends(office, THURSDAY)
    office.presses("maria", "approve", on="TO-1")
    with office.store.looking() as session:
        before = {each.id: each.days for each in session.scalars(select(LeaveEntry))}
    changes(office, {"start": "2026-11-26", "end": "2026-11-27"})
    with office.store.looking() as session:
        after = {each.id: each.days for each in session.scalars(select(LeaveEntry))}
    assert {entry: days for entry, days in after.items() if entry in before} == before
    assert len(after) > len(before)
    assert office.free("ana") == 18


def test_a_note_alone_is_nothing_to_decide_again(office: Office) -> None:
    sends(office, THURSDAY)
    office.presses("maria", "approve", on="TO-1")
    asked = office.presses("ana", "change", on="TO-1", values={"note": "call me if needed"})
    assert asked.card is not None
    assert asked.card.route == ()
    office.presses("ana", "amend")
    assert office.state(1) == "approved"
    told = office.shown("maria")[-1]
    assert told.text == "Ana Costa changed TO-1 (Note: nothing → call me if needed). There is nothing to decide."


def test_a_note_while_it_waits_leaves_the_step_where_it_is(office: Office) -> None:
    sends(office, THURSDAY)
    changes(office, {"note": "moving house"})
    with office.store.looking() as session:
        assert [step.state for step in session.get_one(Request, 1).steps] == ["open"]
    assert "It still waits for you." in office.shown("maria")[-1].text
    office.presses("maria", "approve", on="TO-1")
    assert office.state(1) == "approved"


def test_a_lower_amount_stays_approved_and_a_higher_one_does_not(office: Office) -> None:
    sends(office, LAPTOP, kind="purchase")
    office.presses("maria", "approve", on="PR-1")
    stood = office.state(1)
    changes(office, {"total": "800.00"}, on="PR-1")
    assert office.state(1) == stood == "approved"
    changes(office, {"total": "950.00"}, on="PR-1")
    assert office.state(1) == "pending"


def test_an_old_button_approves_nothing_that_its_card_did_not_show(office: Office) -> None:
    sends(office, THURSDAY)
    old = office.button("maria", "approve", on="TO-1").token
    changes(office, FRIDAY)
    refused = office.presses_token("maria", old)
    assert refused.refusal == "TO-1 was changed since you were shown this: look at its newest card first."
    assert office.state(1) == "pending"
    office.presses("maria", "approve", on="TO-1")
    assert office.state(1) == "approved"


def test_a_decision_that_was_begun_before_the_change_is_shown_again(office: Office) -> None:
    sends(office, THURSDAY)
    office.says("maria", "approve 1", meant=[("approval.approve", {"request_ids": [1]})])
    token = office.button("maria", "approve").token
    changes(office, FRIDAY)
    again = office.presses_token("maria", token)
    assert again.refusal == "TO-1 was changed since you were shown this: look at its newest card first."
    assert office.state(1) == "pending"
    office.says("maria", "yes")
    assert office.state(1) == "approved"


def test_a_change_that_was_begun_before_the_decision_is_shown_again(office: Office) -> None:
    sends(office, THURSDAY)
    office.presses("ana", "change", on="TO-1", values=FRIDAY)
    token = office.button("ana", "amend").token
    office.presses("maria", "approve", on="TO-1")
    again = office.presses_token("ana", token)
    assert again.refusal == "TO-1 is approved since you began this change: look at it again, and send it then."
    assert office.state(1) == "approved"
    assert office.presses("ana", "amend").committed
    assert office.state(1) == "pending"


def test_a_change_of_what_was_rejected_meanwhile_is_put_away(office: Office) -> None:
    sends(office, THURSDAY)
    office.presses("ana", "change", on="TO-1", values=FRIDAY)
    token = office.button("ana", "amend").token
    office.presses("maria", "reject", on="TO-1", values={"comment": "too late"})
    assert office.presses_token("ana", token).refusal == "TO-1 was already rejected by Maria Silva."
    assert office.card("ana").state == "discarded"


def test_nothing_different_is_asked_about_and_cannot_be_sent(office: Office) -> None:
    sends(office, THURSDAY)
    asked = office.presses("ana", "change", on="TO-1", values={"start": "2026-11-26"})
    assert asked.text == "What should be different?"
    assert asked.card is not None
    assert [each.verb for each in asked.card.buttons if each.verb == "amend"] == []


def test_changing_what_is_over_is_refused_with_who_can_correct_it(office: Office) -> None:
    sends(office, THURSDAY)
    office.presses("maria", "approve", on="TO-1")
    change = office.button("ana", "change", on="TO-1").token
    office.advance(days=10)
    refused = office.presses_token("ana", change)
    assert refused.refusal == "TO-1 is already over; HR can correct it."


def test_nobody_changes_the_request_of_somebody_else(office: Office) -> None:
    sends(office, THURSDAY)
    assert [each.verb for each in office.card("maria", on="TO-1").buttons if each.verb in ("change", "withdraw")] == []
    token = office.button("ana", "change", on="TO-1").token
    assert office.presses_token("maria", token, values=FRIDAY).refusal is not None


def test_what_is_recorded_is_changed_without_a_decision_and_the_manager_hears(office: Office) -> None:
    sends(office, {**THURSDAY, "leave_type": "sick"})
    changes(office, {"end": "2026-11-27"})
    assert office.state(1) == "recorded"
    assert "There is nothing to decide." in office.shown("maria")[-1].text
    with office.store.looking() as session:
        assert len(session.scalars(select(LeaveDay).where(LeaveDay.state == "booked")).all()) == 2


def test_every_change_is_on_record_with_what_was_before(office: Office) -> None:
    sends(office, THURSDAY)
    changes(office, FRIDAY)
    with office.store.looking() as session:
        wanted = select(Detail.body).join(Event, Event.seq == Detail.event_seq).where(Event.kind == "request.amended")
        detail = json.loads(session.scalars(wanted).one())
        assert audit.verify(session).sound
    assert (detail["before"]["values"]["start"], detail["after"]["values"]["start"]) == ("2026-11-26", "2026-11-27")
    assert detail["anew"] is True


@pytest.mark.parametrize("turn", range(4))
def test_a_change_and_a_decision_at_once_have_one_winner_and_one_sentence(office_on_each: Office, turn: int) -> None:
    office = office_on_each
    sends(office, THURSDAY)
    office.presses("ana", "change", on="TO-1", values=FRIDAY)
    send, yes = office.button("ana", "amend").token, office.button("maria", "approve", on="TO-1").token
    since = len(office.channel.shown)
    works = [hearing(office, pressed("ana", send)), hearing(office, pressed("maria", yes))]
    at_once(works if turn % 2 else works[::-1])
    office.app.settle()
    answers = [
        next(
            each
            for handle, each, _ in office.channel.shown[since:]
            if handle == who and (each.committed or each.refusal)
        )
        for who in ("ana", "maria")
    ]
    assert sorted(bool(each.committed) for each in answers) == [False, True]
    refusal = next(each.refusal for each in answers if each.refusal)
    assert refusal in (
        "TO-1 was changed since you were shown this: look at its newest card first.",
        "TO-1 is approved since you began this change: look at it again, and send it then.",
    )
    with office.store.looking() as session:
        request = session.get_one(Request, 1)
        said = (request.state, request.values["start"])
        held = sum(session.scalars(select(LeaveEntry.days).where(LeaveEntry.request == 1)), Decimal(0))
        assert audit.verify(session).sound
    assert said in (("approved", "2026-11-26"), ("pending", "2026-11-27"))
    assert held == -1


def test_giving_back_days_needs_nobody_and_the_card_says_what_remains(office: Office) -> None:
    sends(office, WEEK)
    office.presses("maria", "approve", on="TO-1")
    assert office.free("ana") == 15
    done = office.presses("ana", "give_back", on="TO-1", values={"start": "2026-12-04", "end": "2026-12-04"})
    assert done.committed[0].intent == "request.give_back"
    assert done.committed[0].args == {"request_id": 1, "start": "2026-12-04", "end": "2026-12-04"}
    assert office.state(1) == "approved"
    assert office.free("ana") == 16
    assert office.card("ana", on="TO-1").summary == "Vacation, Mon 30 Nov to Thu 3 Dec 2026"
    assert "Ana Costa changed TO-1" in office.shown("maria")[-1].text


def test_a_day_in_the_middle_can_be_given_back(office: Office) -> None:
    sends(office, WEEK)
    office.presses("maria", "approve", on="TO-1")
    office.presses("ana", "give_back", on="TO-1", values={"start": "2026-12-02", "end": "2026-12-02"})
    assert office.free("ana") == 16
    assert "2 Dec" in office.card("ana", on="TO-1").summary
    with office.store.looking() as session:
        days = session.scalars(select(LeaveDay.day).where(LeaveDay.state == "booked").order_by(LeaveDay.day)).all()
    assert [each.day for each in days] == [30, 1, 3, 4]


def test_giving_back_all_days_withdraws_it(office: Office) -> None:
    sends(office, THURSDAY)
    office.presses("maria", "approve", on="TO-1")
    office.presses("ana", "give_back", on="TO-1", values={"start": "2026-11-26", "end": "2026-11-26"})
    assert office.state(1) == "withdrawn"
    assert office.free("ana") == 20


def test_days_that_are_over_are_not_given_back(office: Office) -> None:
    sends(office, WEEK)
    office.presses("maria", "approve", on="TO-1")
    office.advance(days=8)  # Wednesday
    refused = office.presses("ana", "give_back", on="TO-1", values={"start": "2026-12-01", "end": "2026-12-02"})
    assert refused.refusal == "Only days from Wed 2 Dec 2026 to Fri 4 Dec 2026 can be given back here."


def test_shorter_leave_is_nothing_to_decide_again(office: Office) -> None:
    sends(office, WEEK)
    office.presses("maria", "approve", on="TO-1")
    changes(office, {"end": "2026-12-02"})
    assert office.state(1) == "approved"
    assert office.free("ana") == Decimal(17)


def test_said_in_chat_a_change_names_the_request_and_is_only_drafted(office: Office) -> None:
    sends(office, {"leave_type": "vacation", "start": "2026-11-26", "end": "2026-11-27"})
    asked = office.says(
        "ana", "move TO-1 to 3 December", meant=[("request.change", {"request_id": 1, "start": "2026-12-03"})]
    )
    assert asked.asked == ("confirm",)
    assert "Last day: Fri 27 Nov 2026 → Fri 4 Dec 2026" in asked.text
    assert office.state(1) == "pending"
    done = office.says("ana", "yes")
    assert done.committed[0].intent == "request.change"
    assert done.committed[0].args == {"request_id": 1, "start": "2026-12-03", "end": "2026-12-04"}


def test_nothing_of_somebody_else_is_changed_in_chat(office: Office) -> None:
    sends(office, THURSDAY)
    refused = office.says("tom", "move 1", meant=[("request.change", {"request_id": 1, "start": "2026-12-03"})])
    assert refused.refusal == "I find no request 1 of yours."


def test_what_is_made_up_in_chat_gets_into_no_change(office: Office) -> None:
    sends(office, THURSDAY)
    made_up = {"request_id": 1, "start": "soon", "lines": "all", "nothing": 1}
    asked = office.says("ana", "change 1", meant=[("request.change", made_up)])
    assert asked.text == "What should be different?"


@pytest.mark.parametrize("number", [None, "1", -1, 10**30, True])
def test_a_number_that_is_none_is_refused(office: Office, number: object) -> None:
    refused = office.says("tom", "change it", meant=[("request.change", {"request_id": number})])
    assert refused.refusal is not None
    assert "I find no request" in refused.refusal


def test_an_order_is_withdrawn_until_it_is_placed(office: Office) -> None:
    with office.store.writing() as session:
        policies.set_all(session, ORDERED, by=None, kinds=office.app.kinds)
    for _ in range(2):
        sends(office, LAPTOP, kind="purchase")
    for ref in ("PR-1", "PR-2"):
        office.presses("maria", "approve", on=ref)
    assert office.presses("ana", "withdraw", on="PR-1").committed
    old = office.button("ana", "withdraw", on="PR-2").token
    office.presses("olga", "finish", on="PR-2")
    refused = office.presses_token("ana", old)
    assert refused.refusal == (
        "PR-2 cannot be changed here any more, since “order” is done: please speak to Olga Petrova."
    )
    assert office.state(2) == "approved"
    assert [each.verb for each in office.card("ana", on="PR-2").buttons] == ["nudge"]
    said = office.says("ana", "cancel 2", meant=[("request.cancel", {"request_id": 2})])
    assert said.refusal == refused.refusal


def test_what_was_secret_before_a_change_is_not_told_where_the_channel_may_not_show_it(office: Office) -> None:
    sends(office, {**THURSDAY, "leave_type": "sick"})
    office.presses("ana", "change", on="TO-1", values={"leave_type": "vacation"})
    with office.store.looking() as session:
        office.app.furnish(session)
        draft = drafts.all_open(session, people.find(session, "ana"))[0]
        told = changing.changes(session, draft, ceiling=Data.PRIVATE)
        assert hidden(session, people.find(session, "ana"), f"draft:{draft.id}", ceiling=Data.PRIVATE)
    assert told == [("Kind of leave", "(shown in the web chat)")]


def test_a_no_to_a_change_leaves_what_was_approved_as_it_was(office_on_each: Office) -> None:
    office = office_on_each
    sends(office, THURSDAY)
    office.presses("maria", "approve", on="TO-1")
    changes(office, {"start": "2026-11-26", "end": "2026-11-30"})
    assert office.state(1) == "pending"
    answer = office.presses("maria", "reject", on="TO-1", values={"comment": "too many are away"})
    assert answer.text == "You rejected the change of TO-1: it stays as it was. Ana will be told why."
    assert office.state(1) == "approved"
    told = office.shown("ana")[-1].text
    assert told.startswith("Maria Silva rejected the change of TO-1: it stays as it was approved,")
    assert told.endswith("They wrote: “too many are away”.")
    assert office.free("ana") == 19
    with office.store.looking() as session:
        booked = select(LeaveDay.day).where(LeaveDay.state == "booked")
        assert [each.isoformat() for each in session.scalars(booked)] == ["2026-11-26"]
    card = office.card("ana", on="TO-1")
    assert [each.value for each in card.fields if each.name in ("start", "end")] == ["2026-11-26", "2026-11-26"]
    refused = office.says("maria", "undo", meant=[("approval.undo", {"request_ids": [1]})])
    assert refused.refusal == "TO-1 stays as it was approved: ask Ana to send the change again."
    changes(office, FRIDAY)
    office.presses("maria", "approve", on="TO-1")
    assert office.state(1) == "approved"
    assert office.free("ana") == 19


def test_a_change_that_was_changed_again_and_refused_goes_back_to_what_was_approved(office: Office) -> None:
    with office.store.writing() as session:
        policies.set_all(session, ORDERED, by=None, kinds=office.app.kinds)
    sends(office, LAPTOP, kind="purchase")
    office.presses("maria", "approve", on="PR-1")
    with office.store.looking() as session:
        order = orders.of(session, 1)
        booked = sum(each.amount for each in spending.of_request(session, 1))
    assert order is not None
    changes(office, {"total": "1200.00"}, on="PR-1")
    changes(office, {"total": "1500.00", "quantity": 3}, on="PR-1")
    office.presses("maria", "reject", on="PR-1", values={"comment": "too much"})
    assert office.state(1) == "approved"
    with office.store.looking() as session:
        request = session.get_one(Request, 1)
        assert (request.lines[0].values["total"], request.lines[0].values["quantity"]) == ("900.00", 2)
        assert sum(each.amount for each in spending.of_request(session, 1)) == booked
        same = orders.of(session, 1)
        assert same is not None
        assert same.number == order.number
        assert [each.label for each in request.steps if each.state in ("open", "waiting")] == ["order", "receive"]
    office.presses("olga", "finish", on="PR-1")
    assert [each.verb for each in office.card("ana", on="PR-1").buttons] == ["nudge"]
