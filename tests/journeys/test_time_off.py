"""Time off from the first word to the ledger and the log."""

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from backend import escalations, leave, people
from backend.events import Event
from bot.message import Address, Said
from tests.office import Office

THURSDAY = [("time_off.submit", {"start": "2026-11-26", "end": "2026-11-26"})]


def vacation(start: str, end: str) -> list[tuple[str, dict[str, str]]]:
    return [("time_off.submit", {"leave_type": "vacation", "start": start, "end": end})]


def test_from_a_word_to_the_new_balance(office_on_each: Office) -> None:
    office = office_on_each
    asked = office.says("ana", "I need Thursday off", meant=THURSDAY)
    assert asked.asked == ("leave_type",)
    assert office.presses("ana", "Vacation").asked == ("confirm",)
    sent = office.presses("ana", "Send to Maria Silva")
    assert sent.committed[0].ref == "TO-1"
    assert sent.committed[0].args == {"leave_type": "vacation", "start": "2026-11-26", "end": "2026-11-26"}
    assert office.free("ana") == Decimal(19)
    assert "Ana Costa" in office.shown("maria")[-1].text
    decided = office.presses("maria", "Approve", on="TO-1")
    assert decided.card is not None
    assert decided.card.state == "approved"
    assert "19 days" in office.shown("ana")[-1].text
    assert office.card("ana").state == "approved"
    with office.store.looking() as session:
        kinds = session.scalars(select(Event.kind).order_by(Event.seq)).all()
        days = leave.days_of(session, people.find(session, "ana"), date(2026, 11, 26), date(2026, 11, 26))
    assert kinds == ["request.submitted", "step.opened", "step.approved", "request.approved"]
    assert [(day.part, day.state) for day in days] == [("full", "booked")]


def test_a_plain_yes_sends_only_under_the_newest_card(office: Office) -> None:
    office.says("ana", "vacation thursday", meant=vacation("2026-11-26", "2026-11-26"))
    assert office.says("ana", "yes").committed[0].intent == "time_off.submit"
    assert office.says("ana", "yes").committed == ()
    assert office.state(1) == "pending"


def test_no_discards_and_nothing_is_sent(office: Office) -> None:
    office.says("ana", "vacation thursday", meant=vacation("2026-11-26", "2026-11-26"))
    assert "nothing was sent" in office.says("ana", "no").text
    assert office.free("ana") == Decimal(20)


def test_looks_good_under_somebodys_card_only_shows_the_confirm_card(office: Office) -> None:
    office.says("ana", "vacation thursday", meant=vacation("2026-11-26", "2026-11-26"))
    office.presses("ana", "submit")
    shown = office.says("maria", "looks good")
    assert shown.asked == ("confirm",)
    assert office.state(1) == "pending"
    assert office.says("maria", "yes").committed[0].intent == "approval.approve"
    assert office.state(1) == "approved"


def test_a_rejection_needs_a_reason_and_the_requester_reads_it(office: Office) -> None:
    office.says("ana", "vacation thursday", meant=vacation("2026-11-26", "2026-11-26"))
    office.presses("ana", "submit")
    assert office.presses("maria", "Reject", on="TO-1").asked == ("comment",)
    assert office.state(1) == "pending"
    office.says("maria", "we have the release", meant=[("form.update", {"comment": "we have the release"})])
    office.presses("maria", "Reject")
    assert office.state(1) == "rejected"
    assert "we have the release" in office.shown("ana")[-1].text
    assert office.free("ana") == Decimal(20)


def test_sickness_is_recorded_without_a_decision_and_the_manager_is_told(office: Office) -> None:
    office.says(
        "ana",
        "I'm ill",
        meant=[("time_off.submit", {"leave_type": "sick", "start": "2026-11-24", "end": "2026-11-24"})],
    )
    recorded = office.presses("ana", "Send")
    assert recorded.committed[0].ref == "TO-1"
    assert office.state(1) == "recorded"
    told = office.shown("maria")[-1]
    assert "nothing to decide" in told.text
    assert told.card is not None
    assert [each.verb for each in told.card.buttons] == []


def test_withdrawing_approved_leave_gives_it_back(office_on_each: Office) -> None:
    office = office_on_each
    office.says("ana", "vacation", meant=vacation("2026-11-26", "2026-11-27"))
    office.presses("ana", "submit")
    office.presses("maria", "Approve", on="TO-1")
    assert office.free("ana") == Decimal(18)
    withdrawn = office.presses("ana", "Withdraw", on="TO-1")
    assert withdrawn.committed[0].intent == "time_off.cancel"
    assert withdrawn.committed[0].args == {"request_id": 1}
    assert office.free("ana") == Decimal(20)
    assert "withdrew TO-1" in office.shown("maria")[-1].text


def test_an_overlap_is_said_and_the_newer_request_takes_the_days(office: Office) -> None:
    office.says("ana", "vacation", meant=vacation("2026-11-26", "2026-11-27"))
    office.presses("ana", "submit")
    office.presses("maria", "Approve", on="TO-1")
    again = office.says("ana", "vacation", meant=vacation("2026-11-27", "2026-11-30"))
    assert again.card is not None
    assert any("TO-1" in each for each in again.card.objections)
    office.presses("ana", "submit")
    office.presses("maria", "Approve", on="TO-2")
    assert office.free("ana") == Decimal(17)


def test_the_person_at_the_top_is_decided_by_another_and_never_by_themselves(office: Office) -> None:
    office.says("elena", "vacation", meant=vacation("2026-11-26", "2026-11-26"))
    office.presses("elena", "submit")
    assert office.card("olga").ref == "TO-1"
    refused = office.says("elena", "approve 1", meant=[("approval.approve", {"request_ids": [1]})])
    assert refused.refusal
    assert office.state(1) == "pending"


def test_another_persons_button_does_nothing(office: Office) -> None:
    office.says("ana", "vacation", meant=vacation("2026-11-26", "2026-11-26"))
    office.presses("ana", "submit")
    token = office.button("maria", "Approve", on="TO-1").token
    assert office.presses_token("tom", token).refusal
    assert office.state(1) == "pending"
    assert office.presses("maria", "Approve", on="TO-1").committed


def test_a_stand_in_decides_and_the_trail_names_both(office: Office) -> None:
    office.says(
        "maria",
        "tom approves for me",
        meant=[("approvals.delegate", {"to": "tom", "start": "2026-11-24", "end": "2026-11-30"})],
    )
    office.says("maria", "yes")
    office.says("ana", "vacation", meant=vacation("2026-11-26", "2026-11-26"))
    office.presses("ana", "submit")
    office.presses("tom", "Approve", on="TO-1")
    assert office.state(1) == "approved"
    with office.store.looking() as session:
        decided = session.scalar(select(Event).where(Event.kind == "step.approved"))
        assert decided is not None
        names = [session.get_one(people.Person, each).handle for each in (decided.actor_id, decided.for_id) if each]
    assert names == ["tom", "maria"]
    assert "Tom Becker, for Maria Silva approved TO-1" in office.shown("ana")[-1].text


def test_what_nobody_answers_is_said_again_more_and_more_rarely(office: Office) -> None:
    office.says("ana", "vacation", meant=vacation("2027-06-21", "2027-06-23"))
    office.presses("ana", "submit")
    for _ in range(120):
        office.advance(days=1)
    reminded = [post for who in ("maria", "elena", "olga", "carmen") for post in office.shown(who)]
    assert 5 < len(reminded) < 40
    with office.store.looking() as session:
        assert escalations.without_timer(session) == []


def test_silence_reminds_and_then_goes_up(office: Office) -> None:
    office.says("ana", "vacation", meant=vacation("2026-12-21", "2026-12-23"))
    office.presses("ana", "submit")
    before = len(office.shown("maria"))
    office.advance(days=1, hours=1)
    assert office.shown("maria")[before].text.startswith("A reminder")
    office.advance(days=2)
    assert office.card("elena").ref == "TO-1"
    assert "now waits for Elena Rossi" in office.shown("ana")[-1].text
    office.presses("elena", "Approve", on="TO-1")
    assert office.state(1) == "approved"


def test_the_same_message_heard_twice_is_done_once(office: Office) -> None:
    office.says("ana", "vacation", meant=vacation("2026-11-26", "2026-11-26"), event="e1")
    count = len(office.channel.shown)
    office.brain.meant = vacation("2026-11-26", "2026-11-26")
    office.app.hear(Said("e1", Address("memory", "ana"), "ana", "vacation"))
    office.app.settle()
    assert len(office.channel.shown) == count


def test_the_first_hello_comes_once_and_shows_three_examples(office: Office) -> None:
    hello = office.opens("ana")
    assert hello[0].text.count("•") == 3
    assert office.opens("ana") == []


def test_a_card_that_is_only_brought_up_to_date_does_not_become_the_newest(office: Office) -> None:
    office.says("ana", "vacation", meant=vacation("2026-12-10", "2026-12-10"))
    office.presses("ana", "submit")
    office.says("ana", "vacation", meant=vacation("2026-11-26", "2026-11-26"))
    office.presses("maria", "Approve", on="TO-1")
    assert office.card("ana", on="TO-1").state == "approved"
    assert office.says("ana", "yes").committed[0].ref == "TO-2"
