"""Finer decisions: for less, sent back with a question, undone, many at once; and what the card shows to decide."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from backend import asking, audit, escalations, people, policies, requests
from backend.clock import StillClock
from backend.events import Event
from backend.refusals import Refusal
from backend.requests import Opinion, Request
from backend.spending import MoneyEntry
from bot.message import Post
from tests.kind_contract import ledgers
from tests.kinds.supplies import KIND
from tests.office import Meant, Office, hire

PENS: dict[str, object] = {"item": "pens", "quantity": 10, "price": "1.20"}
PAPER: dict[str, object] = {"item": "paper", "price": "40.00", "day": "2026-11-26"}
TONER: dict[str, object] = {"item": "toner", "price": "60.00", "day": "2026-11-27"}
THEN_OLGA = [{"kind": "supplies", "steps": [{"any": ["manager"]}, {"any": ["finance"]}]}]


@pytest.fixture
def work(database_url: str, tmp_path: Path, clock: StillClock) -> Iterator[Office]:
    """The small company, which orders supplies; its manager, then finance decide. On each kind of database."""
    with hire(database_url, home=tmp_path / "home", clock=clock) as office:
        office.app.kinds.add(KIND)
        rules(office, route=THEN_OLGA)
        yield office


def rules(office: Office, **document: Any) -> None:
    with office.store.writing() as session:
        policies.set_all(session, document, by=None, kinds=office.app.kinds)


def order(work: Office, *lines: dict[str, object], who: str = "ana") -> Post:
    work.says(who, "supplies", meant=[("supplies.submit", {"reason": "front desk", "lines": list(lines)})])
    return work.presses(who, "submit")


def leave(office: Office, who: str = "ana", day: str = "2026-11-26", *, leave_type: str = "vacation") -> Post:
    office.says(who, "leave", meant=[("time_off.submit", {"leave_type": leave_type, "start": day, "end": day})])
    return office.presses(who, "submit")


def fact(office: Office, who: str, title: str, *, on: str) -> str:
    """What a person's newest card about a request says under a title; empty if it has none."""
    return next((text for name, text in office.card(who, on=on).facts if name == title), "")


def verbs(office: Office, who: str, *, on: str) -> list[str]:
    return [each.verb for each in office.card(who, on=on).buttons]


def texts(office: Office, who: str) -> list[str]:
    return [post.text for post in office.shown(who)]


def past(office: Office) -> list[str]:
    """The kinds of all events but those of posts and policy, in order."""
    with office.store.looking() as session:
        kinds = session.scalars(select(Event.kind).order_by(Event.seq)).all()
        return [each for each in kinds if each.partition(".")[0] in ("request", "step", "question")]


def sound(office: Office) -> bool:
    """Whether the log holds and every open step has a timer."""
    with office.store.looking() as session:
        office.app.furnish(session)
        return audit.verify(session).sound and escalations.without_timer(session) == []


# for less


def test_the_requester_hears_what_was_asked_what_is_granted_and_why(work: Office) -> None:
    order(work, TONER)
    told = work.presses("maria", "lower", on="SU-1", values={"amount": "45", "comment": "the cheap one"})
    assert told.committed[0].intent == "approval.approve"
    assert "€45.00 instead of €60.00" in told.text
    work.presses("olga", "approve", on="SU-1")
    said = next(text for text in texts(work, "ana") if "approved SU-1:" in text)
    assert "€45.00 instead of €60.00" in said
    assert "Maria Silva" in said
    assert work.state(1) == "approved"


def test_what_was_asked_is_kept_beside_what_is_granted(work: Office) -> None:
    order(work, TONER)
    work.presses("maria", "lower", on="SU-1", values={"amount": "45", "comment": "the cheap one"})
    with work.store.looking() as session:
        work.app.furnish(session)
        request = session.get_one(Request, 1)
        assert request.lines[0].values["price"] == "60.00"
        _, lines = requests.forms_of(KIND, request)
        assert KIND.amount(None, lines) == 45  # pyright: ignore[reportArgumentType]
    assert fact(work, "olga", "In all", on="SU-1") == "45"


def test_the_next_approver_sees_what_was_lowered_by_whom_and_why(work: Office) -> None:
    order(work, TONER)
    work.presses("maria", "lower", on="SU-1", values={"amount": "45", "comment": "the cheap one"})
    decided = fact(work, "olga", "Decided so far", on="SU-1")
    assert "Maria Silva" in decided
    assert "€45.00 instead of €60.00" in decided
    assert "the cheap one" in decided


def test_a_lower_amount_needs_a_reason_and_is_asked_for_what_is_unsaid(work: Office) -> None:
    order(work, TONER)
    assert work.presses("maria", "lower", on="SU-1").asked == ("amount",)
    assert work.says("maria", "45", meant=[("form.update", {"amount": "45"})]).asked == ("comment",)
    assert work.says("maria", "cheaper", meant=[("form.update", {"comment": "cheaper"})]).asked == ("confirm",)
    assert work.state(1) == "pending"
    assert work.says("maria", "yes").committed
    assert "€45.00 instead of €60.00" in fact(work, "olga", "Decided so far", on="SU-1")


def test_an_amount_that_is_not_lower_is_refused_and_the_button_still_works(work: Office) -> None:
    order(work, TONER)
    for amount in ("0", "-5", "61", "60", "much", "NaN", "1e9"):
        assert work.presses("maria", "lower", on="SU-1", values={"amount": amount, "comment": "so"}).refusal, amount
        assert work.state(1) == "pending"
    assert work.presses("maria", "lower", on="SU-1", values={"amount": "59", "comment": "so"}).committed


def test_one_form_approves_lowers_and_refuses_lines(work: Office) -> None:
    order(work, PENS, PAPER, TONER)
    form = work.button("maria", "decide_lines", on="SU-1").form or ()
    assert [each.name for each in form] == [
        *("line_1", "amount_1", "line_2", "amount_2", "line_3", "amount_3"),
        "comment",
    ]
    assert "nothing was decided" in (work.presses("maria", "decide_lines", on="SU-1").refusal or "")
    assert work.state(1) == "pending"
    values = {each.name: each.value for each in form} | {"line_2": False, "amount_3": "50", "comment": "less"}
    told = work.presses("maria", "decide_lines", on="SU-1", values=values)
    assert "line 3: €50.00 instead of €60.00" in told.text
    assert "line 2" in told.text
    granted = [[each.shown for each in line if each.name == "granted"] for line in work.card("olga", on="SU-1").lines]
    assert granted == [[], [], ["€50.00"]]
    assert work.free("ana", "personal") == 1  # the day of the line that was refused is free again


def test_a_no_to_every_line_says_what_was_asked(work: Office) -> None:
    order(work, PENS, PAPER)
    asked = work.card("maria", on="SU-1").summary
    values = {"line_1": False, "line_2": False, "comment": "not this year"}
    assert work.presses("maria", "decide_lines", on="SU-1", values=values).committed[0].intent == "approval.reject"
    assert work.card("ana", on="SU-1").summary == asked


def test_lines_decided_twice_are_lowered_from_what_was_granted(work: Office) -> None:
    order(work, PAPER, TONER)
    work.presses("maria", "decide_lines", on="SU-1", values={"amount_2": "50", "comment": "less"})
    told = work.presses("olga", "decide_lines", on="SU-1", values={"amount_2": "55", "comment": "more"})
    assert told.refusal
    work.presses("olga", "decide_lines", on="SU-1", values={"amount_2": "30", "comment": "still less"})
    said = next(text for text in texts(work, "ana") if "approved SU-1:" in text)
    assert "line 2: €50.00 instead of €60.00" in said
    assert "line 2: €30.00 instead of €50.00" in said


def test_leave_cannot_be_approved_for_less(office: Office) -> None:
    leave(office)
    assert "lower" not in verbs(office, "maria", on="TO-1")


# undone


def test_an_approval_is_undone_and_everything_is_as_before(office_on_each: Office) -> None:
    office = office_on_each
    leave(office)
    before = ledgers(office)
    office.presses("maria", "approve", on="TO-1")
    told = office.presses("maria", "undo", on="TO-1")
    assert told.committed[0].intent == "approval.undo"
    assert office.state(1) == "pending"
    assert ledgers(office) == before
    assert any("Maria Silva took back" in text for text in texts(office, "ana"))
    assert office.card("ana", on="TO-1").state == "pending"
    assert past(office)[-2:] == ["step.undone", "request.reopened"]
    assert sound(office)
    assert office.presses("maria", "approve", on="TO-1").committed
    assert office.free("ana") == 19


def test_undoing_leave_that_came_in_the_place_of_older_days_brings_those_back(office: Office) -> None:
    leave(office)
    office.presses("maria", "approve", on="TO-1")
    leave(office, leave_type="personal")
    office.presses("maria", "approve", on="TO-2")
    assert office.free("ana") == 20
    assert office.presses("maria", "undo", on="TO-2").committed
    assert office.free("ana") == 19
    office.presses("maria", "approve", on="TO-2")
    assert office.free("ana") == 20
    assert sound(office)


def test_a_rejection_is_undone_and_the_days_are_held_again(office_on_each: Office) -> None:
    office = office_on_each
    leave(office)
    before = ledgers(office)
    office.presses("maria", "reject", on="TO-1", values={"comment": "no"})
    assert office.free("ana") == 20
    office.presses("maria", "undo", on="TO-1")
    assert (office.state(1), ledgers(office)) == ("pending", before)


def test_undoing_brings_back_lines_amounts_and_steps(work: Office) -> None:
    order(work, PAPER, TONER)
    before = ledgers(work)
    work.presses("maria", "decide_lines", on="SU-1", values={"line_1": False, "amount_2": "50", "comment": "less"})
    assert ledgers(work) != before
    work.presses("maria", "undo", on="SU-1")
    assert ledgers(work) == before
    assert [len(line) for line in work.card("maria", on="SU-1").lines] == [3, 3]
    with work.store.looking() as session:
        assert [each.state for each in session.get_one(Request, 1).steps] == ["open", "waiting"]
    assert any("nothing to do for you now" in text for text in texts(work, "olga"))
    assert "approve" not in verbs(work, "olga", on="SU-1")
    assert sound(work)


def test_a_decision_is_undone_once(office: Office) -> None:
    leave(office)
    office.presses("maria", "approve", on="TO-1")
    token = office.button("maria", "undo", on="TO-1").token
    office.presses_token("maria", token)
    assert office.presses_token("maria", token).refusal
    assert "undo" not in verbs(office, "maria", on="TO-1")
    assert past(office).count("step.undone") == 1


def test_after_the_window_it_says_what_to_do_instead(office: Office) -> None:
    leave(office)
    office.presses("maria", "approve", on="TO-1")
    office.advance(minutes=31)
    told = office.presses("maria", "undo", on="TO-1")
    assert told.refusal == "It was decided more than 30 minutes ago: ask Ana to withdraw TO-1, and to send it again."
    assert office.state(1) == "approved"


def test_policy_sets_how_long_it_can_be_undone(office: Office) -> None:
    rules(office, approvals={"undo_minutes": 0})
    leave(office)
    office.presses("maria", "approve", on="TO-1")
    office.advance(minutes=1)
    assert "0 minutes" in (office.presses("maria", "undo", on="TO-1").refusal or "")


def test_what_the_next_has_decided_cannot_be_undone_by_the_first(work: Office) -> None:
    order(work, TONER)
    work.presses("maria", "approve", on="SU-1")
    token = work.button("maria", "undo", on="SU-1").token
    work.presses("olga", "approve", on="SU-1")
    assert "undo" not in verbs(work, "maria", on="SU-1")
    assert "Olga Petrova has decided SU-1 since" in (work.presses_token("maria", token).refusal or "")
    assert work.presses("olga", "undo", on="SU-1").committed
    assert work.presses("maria", "undo", on="SU-1").committed


def test_leave_that_has_begun_stays_approved(office: Office) -> None:
    leave(office, day="2026-11-24")
    office.presses("maria", "approve", on="TO-1")
    assert "undo" not in verbs(office, "maria", on="TO-1")


def test_undo_can_be_said_and_is_confirmed(office: Office) -> None:
    leave(office)
    office.presses("maria", "approve", on="TO-1")
    assert office.says("maria", "undo that", meant=[("approval.undo", {})]).asked == ("confirm",)
    assert office.state(1) == "approved"
    assert office.says("maria", "yes").committed[0].intent == "approval.undo"
    assert office.state(1) == "pending"


def test_only_who_decided_can_undo(office: Office) -> None:
    leave(office)
    office.presses("maria", "approve", on="TO-1")
    assert "undo" not in verbs(office, "ana", on="TO-1")
    told = office.says("elena", "undo 1", meant=[("approval.undo", {"request_ids": [1]})])
    assert told.refusal == "There is no decision of yours about TO-1 to undo."


# sent back with a question


def asks(office: Office, question: str = "Which train?", *, on: str = "TO-1") -> Post:
    return office.presses("maria", "send_back", on=on, values={"comment": question})


def test_a_question_goes_to_the_requester_and_its_answer_comes_back_on_the_card(office_on_each: Office) -> None:
    office = office_on_each
    leave(office)
    told = asks(office)
    assert told.committed[0].intent == "approval.send_back"
    assert office.card("maria", on="TO-1").state == "sent back"
    card = office.card("ana", on="TO-1")
    assert (card.state, card.buttons[0].verb) == ("sent back", "answer")
    assert fact(office, "ana", "Maria Silva asks", on="TO-1") == "Which train?"
    answered = office.presses("ana", "answer", on="TO-1", values={"comment": "The one at nine"})
    assert answered.committed[0].intent == "request.answer"
    assert any("Ana Costa answered about TO-1: “The one at nine”" in text for text in texts(office, "maria"))
    assert fact(office, "maria", "Answer", on="TO-1") == "The one at nine"
    assert office.card("maria", on="TO-1").state == "pending"
    assert office.presses("maria", "approve", on="TO-1").committed
    assert past(office) == [
        *("request.submitted", "step.opened", "step.sent_back", "step.answered"),
        *("step.approved", "request.approved"),
    ]
    assert sound(office)


def test_the_next_thing_written_in_chat_is_the_answer_and_is_confirmed(office: Office) -> None:
    leave(office)
    asks(office, "Is it urgent?")
    shown = office.shown("ana")[-1]
    assert (shown.asked, shown.pending) == (("comment",), True)
    assert office.says("ana", "yes", meant=[("form.confirm", {})]).asked == ("confirm",)
    assert office.state(1) == "pending"
    assert fact(office, "maria", "Answer", on="TO-1") == ""
    told = office.says("ana", "yes")
    assert told.committed[0].args == {"request_id": 1, "comment": "yes"}
    assert fact(office, "maria", "Answer", on="TO-1") == "yes"


def test_what_somebody_is_busy_with_comes_before_the_answer(office: Office) -> None:
    leave(office)
    office.says("ana", "vacation", meant=[("time_off.submit", {"leave_type": "vacation"})])
    asks(office)
    told = office.says("ana", "just friday", meant=[("form.update", {"start": "2026-11-27", "end": "2026-11-27"})])
    assert told.asked == ("confirm",)
    office.says("ana", "yes")
    assert office.state(2) == "pending"
    assert office.shown("ana")[-1].asked == ("comment",)


def test_it_waits_for_the_requester_who_is_reminded_and_never_lapses(office_on_each: Office) -> None:
    office = office_on_each
    leave(office, day="2027-06-01")
    asks(office)
    assert "Ana Costa" in office.says("ana", "status", meant=[("request.status", {})]).text
    before = len(office.shown("maria"))
    for _ in range(30):
        office.advance(days=2)
    reminders = [text for text in texts(office, "ana") if text.startswith("A reminder: TO-1 waits for your answer")]
    assert len(reminders) > 3
    assert len(office.shown("maria")) == before  # it is not hers to do, and it did not go up
    assert office.state(1) == "pending"
    assert sound(office)
    office.presses("ana", "answer", on="TO-1", values={"comment": "Sorry"})
    assert sound(office)
    office.advance(days=5)
    assert any("still waits for an answer to TO-1" in text for text in texts(office, "maria"))


def test_who_asked_may_decide_without_the_answer_and_the_question_is_closed(office: Office) -> None:
    leave(office)
    asks(office)
    token = office.button("ana", "answer", on="TO-1").token
    assert office.presses("maria", "approve", on="TO-1").committed
    assert "answer" not in verbs(office, "ana", on="TO-1")
    told = office.presses_token("ana", token, values={"comment": "late"})
    assert told.refusal == "There is no open question about TO-1."
    assert office.says("ana", "anything", meant=[("form.update", {"comment": "x"})]).asked == ()


def test_a_question_is_asked_for_and_only_one_at_a_time(office: Office) -> None:
    leave(office)
    assert office.presses("maria", "send_back", on="TO-1").asked == ("comment",)
    office.says("maria", "Which train?", meant=[("form.update", {"comment": "Which train"})])
    assert office.says("maria", "yes").committed
    assert "send_back" not in verbs(office, "maria", on="TO-1")
    told = office.says("maria", "ask", meant=[("approval.send_back", {"request_ids": [1], "comment": "And when?"})])
    assert told.asked == ("confirm",)
    assert "was asked: “Which train?”" in (office.says("maria", "yes").refusal or "")


def test_withdrawing_closes_the_question(office: Office) -> None:
    leave(office)
    asks(office)
    office.presses("ana", "withdraw", on="TO-1")
    assert office.card("ana", on="TO-1").state == "withdrawn"
    office.advance(days=10)
    assert not any(text.startswith("A reminder") for text in texts(office, "ana"))


def test_nobody_else_may_ask_or_answer(office: Office) -> None:
    leave(office)
    told = office.says("tom", "ask", meant=[("approval.send_back", {"request_ids": [1], "comment": "Why?"})])
    assert told.refusal == "Request 1 is not yours to decide, so nothing was changed."
    with office.store.writing() as session, pytest.raises(Refusal):
        asking.answer(requests.lock(session, 1), session, by=people.find(session, "tom"), text="me")


# many at once


def test_all_within_policy_are_approved_with_one_press_each_with_its_facts(office_on_each: Office) -> None:
    office = office_on_each
    leave(office, "ana", "2026-11-26")
    leave(office, "tom", "2026-11-27")
    leave(office, "tom", "2026-11-20")  # in the past: policy objects
    told = office.says("maria", "what waits?", meant=[("approvals.list", {})])
    assert told.card is not None
    opening = [("open", f"Open TO-{number}") for number in (1, 2, 3)]
    assert [(each.verb, each.label) for each in told.card.buttons] == [("approve_all", "Approve all 2"), *opening]
    confirm = office.presses("maria", "approve_all")
    assert confirm.card is not None
    assert confirm.asked == ("confirm",)
    shown = dict(confirm.card.facts)
    assert "Balance afterwards: 19 days" in shown["TO-1 Ana Costa"]
    assert "Balance afterwards" in shown["TO-2 Tom Becker"]
    assert "in the past" in shown["Look at TO-3 by itself"]
    assert [office.state(number) for number in (1, 2, 3)] == ["pending"] * 3
    done = office.presses("maria", "approve")
    assert done.committed[0].args == {"request_ids": [1, 2]}
    assert [office.state(number) for number in (1, 2, 3)] == ["approved", "approved", "pending"]
    with office.store.looking() as session:
        assert len(session.scalars(select(Opinion)).all()) == 2
    assert sound(office)


def test_what_was_decided_meanwhile_is_named_and_the_rest_is_done(office_on_each: Office) -> None:
    office = office_on_each
    leave(office, "ana", "2026-11-26")
    leave(office, "tom", "2026-11-27")
    office.says("maria", "what waits?", meant=[("approvals.list", {})])
    office.presses("maria", "approve_all")
    token = office.button("maria", "approve").token
    office.presses("ana", "withdraw", on="TO-1")
    done = office.presses_token("maria", token)
    assert done.committed[0].args == {"request_ids": [2]}
    assert "Not decided: TO-1. TO-1 was already withdrawn." in done.text
    assert [office.state(number) for number in (1, 2)] == ["withdrawn", "approved"]
    assert past(office).count("step.approved") == 1
    assert sound(office)


def test_the_list_is_counted_anew_when_its_button_is_pressed(office: Office) -> None:
    leave(office, "ana", "2026-11-26")
    leave(office, "tom", "2026-11-27")
    office.says("maria", "what waits?", meant=[("approvals.list", {})])
    token = office.button("maria", "approve_all").token
    office.presses("maria", "approve", on="TO-1")
    office.presses("maria", "approve", on="TO-2")
    assert office.presses_token("maria", token).refusal
    leave(office, "tom", "2026-11-30")
    assert office.presses_token("maria", token).asked == ("confirm",)


# what the card shows


def test_the_card_tells_of_earlier_requests_of_the_same_kind_to_who_decides_alone(office: Office) -> None:
    leave(office, day="2026-11-26")
    assert fact(office, "maria", "Earlier", on="TO-1") == "none of this kind in the last year"
    office.presses("maria", "reject", on="TO-1", values={"comment": "no"})
    leave(office, day="2026-11-27")
    assert fact(office, "maria", "Earlier", on="TO-2") == "1 of this kind in the last year; the last, TO-1, is rejected"
    assert fact(office, "ana", "Earlier", on="TO-2") == ""


def test_looks_good_under_a_card_decides_nothing(office: Office) -> None:
    leave(office)
    assert office.says("maria", "looks good").asked == ("confirm",)
    assert office.state(1) == "pending"


def test_the_card_tells_the_rule_that_is_missed_in_words(office: Office) -> None:
    rules(office, time_off={"notice_days": 5})
    leave(office)
    assert "notice_days" not in str(office.card("maria", on="TO-1"))
    assert any("5 days of notice" in text for text in office.card("maria", on="TO-1").objections)


def test_what_waits_tells_of_questions_that_were_asked(office: Office) -> None:
    leave(office)
    asks(office)
    waits: Meant = [("approvals.list", {})]
    assert office.says("ana", "what waits for me?", meant=waits).text == "TO-1: Maria Silva asks “Which train?”"
    assert "(sent back to Ana Costa)" in office.says("maria", "what waits for me?", meant=waits).text


def test_a_change_answers_the_question(office_on_each: Office) -> None:
    office = office_on_each
    leave(office)
    asks(office)
    office.presses("ana", "change", on="TO-1", values={"note": "the train at nine"})
    office.presses("ana", "amend")
    assert office.card("maria", on="TO-1").state == "pending"
    assert "answer" not in verbs(office, "ana", on="TO-1")
    assert office.presses("maria", "approve", on="TO-1").committed
    assert sound(office)


@pytest.mark.parametrize(
    ("intent", "values"),
    [
        ("expense.submit", {"amount": "60.00", "category": "transport", "date": "2026-11-23"}),
        ("purchase.submit", {"item": "headset", "quantity": 2, "unit_price": "30.00"}),
    ],
)
def test_what_is_granted_is_what_the_ledger_says(office: Office, intent: str, values: dict[str, Any]) -> None:
    office.says("ana", "please", meant=[(intent, values)])
    ref = office.presses("ana", "submit").committed[0].ref
    office.presses("maria", "lower", on=ref, values={"amount": "45.50", "comment": "the usual price"})
    assert office.state(1) == "approved"
    with office.store.looking() as session:
        booked = session.scalars(select(MoneyEntry.amount).where(MoneyEntry.sort == "booking")).all()
        held = session.scalars(select(MoneyEntry.amount).where(MoneyEntry.sort == "hold")).all()
    assert (sum(booked), sum(held)) == (Decimal("45.50"), 0)


AWAY = "Also away in the team"


def test_a_card_that_waits_says_who_is_away_by_now(office: Office) -> None:
    leave(office, "ana")
    leave(office, "tom")
    first, other = (int(each.ref.partition("-")[2]) for each in (office.card("ana"), office.card("tom")) if each.ref)
    assert fact(office, "maria", AWAY, on=f"TO-{other}") == "nobody"
    office.presses("maria", "approve", on=f"TO-{first}")
    assert fact(office, "maria", AWAY, on=f"TO-{other}") == "Ana Costa"


def test_a_chat_that_is_looked_at_shows_what_is_so_by_now(office: Office) -> None:
    with office.store.writing() as session:
        team, people.find(session, "ana").team = people.find(session, "ana").team, "elsewhere"
    leave(office, "ana")
    office.presses("maria", "approve")
    leave(office, "tom")
    ref = office.card("tom").ref or ""
    assert fact(office, "maria", AWAY, on=ref) == "nobody"
    with office.store.writing() as session:
        people.find(session, "ana").team = team
    office.app.arrive("maria")
    office.app.settle()
    assert fact(office, "maria", AWAY, on=ref) == "Ana Costa"
