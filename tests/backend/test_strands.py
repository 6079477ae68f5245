"""Nothing strands and nothing is done twice at the edges: nobody above, people who leave, cards that are old."""

from datetime import date

import pytest
from sqlalchemy import delete, select

from backend import decisions, escalations, people, policies, requests, steps
from backend.events import Event
from backend.people import Role
from backend.requests import Step
from tests.office import Office


def vacation(start: str, end: str) -> list[tuple[str, dict[str, str]]]:
    return [("time_off.submit", {"leave_type": "vacation", "start": start, "end": end})]


def send(office: Office, who: str, start: str, end: str) -> None:
    office.says(who, "vacation", meant=vacation(start, end))
    assert office.presses(who, "submit").committed


def leaves(office: Office, *handles: str) -> None:
    """These people's last day was last week."""
    with office.store.writing() as session:
        for handle in handles:
            people.find(session, handle).end = date(2026, 11, 20)


def test_somebody_without_a_manager_is_decided_by_those_at_the_top(office: Office) -> None:
    with office.store.writing() as session:
        people.find(session, "ana").manager_id = None
    send(office, "ana", "2026-11-26", "2026-11-26")
    assert office.card("olga").ref == office.card("carmen").ref == "TO-1"
    assert office.presses("carmen", "approve").committed


def test_where_nobody_could_decide_it_is_refused_and_nothing_is_kept(office: Office) -> None:
    leaves(office, "elena", "olga", "carmen", "maria", "tom")
    office.says("ana", "vacation", meant=vacation("2026-11-26", "2026-11-26"))
    told = office.presses("ana", "submit")
    assert "nobody here who could decide" in told.text
    assert office.free("ana") == 20
    with office.store.looking() as session:
        assert session.scalars(select(Event.kind)).all() == []


def test_a_step_whose_owner_leaves_goes_up_at_its_first_reminder(office_on_each: Office) -> None:
    office = office_on_each
    send(office, "ana", "2026-12-21", "2026-12-21")
    leaves(office, "maria")
    office.advance(days=1)
    assert office.card("elena").ref == "TO-1"
    assert any("now waits for Elena Rossi" in post.text for post in office.shown("ana"))
    assert office.presses("elena", "approve").committed


def test_a_step_that_nobody_else_can_take_is_reminded_of_forever(office: Office) -> None:
    leaves(office, "elena", "olga", "carmen", "tom")
    send(office, "ana", "2026-12-21", "2026-12-21")
    before = len(office.shown("maria"))
    office.advance(days=14)
    office.advance(days=14)
    assert len(office.shown("maria")) > before
    with office.store.looking() as session:
        assert escalations.without_timer(session) == []
    assert office.presses("maria", "approve", on="TO-1").committed


def test_it_goes_up_to_everybody_once_and_stays_with_the_last(office: Office) -> None:
    send(office, "ana", "2026-12-21", "2026-12-21")
    for _ in range(12):
        office.advance(days=7)
    with office.store.looking() as session:
        gone_up = select(Event).where(Event.kind == "step.escalated").order_by(Event.seq)
        had = session.scalars(select(Step)).one().had or []
        assert len(had) == len(set(had)) == len(session.scalars(gone_up).all()) == 3
        assert session.get_one(people.Person, had[0]).handle == "maria"
    assert any(post.card and post.card.ref == "TO-1" for post in office.shown("elena"))


def test_two_of_them_where_there_is_only_one_asks_the_one(office: Office) -> None:
    route = {"route": [{"kind": "time_off", "steps": [{"of": 2, "from": ["finance"]}]}]}
    with office.store.writing() as session:
        policies.set_all(session, route, by=None, kinds=office.app.kinds)
    send(office, "ana", "2026-11-26", "2026-11-26")
    office.presses("olga", "approve")
    assert office.state(1) == "approved"


def test_two_of_them_one_of_whom_leaves_goes_up_for_the_second_yes(office: Office) -> None:
    route = {"route": [{"kind": "time_off", "steps": [{"of": 2, "from": ["finance", "hr"]}]}]}
    with office.store.writing() as session:
        policies.set_all(session, route, by=None, kinds=office.app.kinds)
    send(office, "ana", "2026-12-21", "2026-12-21")
    office.presses("olga", "approve")
    assert office.state(1) == "pending"
    leaves(office, "carmen")
    with office.store.writing() as session:
        session.execute(delete(Role).where(Role.role == "hr"))
    office.advance(days=6)
    with office.store.looking() as session:
        office.app.furnish(session)
        step = session.scalars(select(Step)).one()
        takers = [each.handle for each in steps.candidates(session, step)]
    assert takers not in ([], ["olga"])
    assert office.presses(takers[0], "approve", on="TO-1").committed
    assert office.state(1) == "approved"


def test_the_newer_request_keeps_its_days_whichever_is_approved_first(office: Office) -> None:
    send(office, "ana", "2026-11-26", "2026-11-27")
    send(office, "ana", "2026-11-27", "2026-11-30")
    office.presses("maria", "approve", on="TO-2")
    office.presses("maria", "approve", on="TO-1")
    assert office.free("ana") == 17
    office.presses("ana", "Withdraw", on="TO-1")
    assert office.free("ana") == 18


@pytest.mark.parametrize("values", [{}, {"end": "2026-11-27"}])
def test_a_sent_draft_is_not_changed_any_more(office: Office, values: dict[str, str]) -> None:
    office.says("ana", "vacation", meant=vacation("2026-11-26", "2026-11-26"))
    change = office.button("ana", "change").token
    office.presses("ana", "submit")
    told = office.presses_token("ana", change, values=values)
    assert told.refusal == "This was already sent."
    assert told.card is None


def test_a_tool_that_refuses_answers_and_leaves_the_open_draft_open(office: Office) -> None:
    office.says("ana", "vacation", meant=vacation("2026-11-26", "2026-11-26"))
    told = office.says("ana", "approve 77", meant=[("approval.approve", {"request_ids": [77]})])
    assert told.refusal == "There is no request 77."
    assert office.shown("ana")[-1].text.startswith("Back to what we were doing.")
    assert office.says("ana", "yes").committed


@pytest.mark.parametrize(
    "meant",
    [
        ("time_off.cancel", {"request_id": "many"}),
        ("approval.approve", {"request_ids": "all"}),
        ("approval.approve", {"outcome": "burn"}),
        ("approvals.delegate", {"to": "nobody"}),
        ("approvals.delegate", {"to": "tom", "start": "soon", "end": 7}),
        ("who_is_out", {"start": "soon"}),
        ("request.status", {"request_id": {"a": 1}}),
        ("time_off.submit", {"lines": 7}),
        ("no.such_intent", {"x": 1}),
    ],
)
def test_whatever_a_brain_makes_up_gets_a_kind_answer(office: Office, meant: tuple[str, dict[str, object]]) -> None:
    told = office.says("maria", "please", meant=[meant])
    assert told.text
    assert "went wrong" not in told.text


def test_a_stand_in_is_changed_by_days_that_can_be_read_alone(office: Office) -> None:
    office.says("maria", "tom", meant=[("approvals.delegate", {"to": "tom", "start": "2026-11-24"})])
    told = office.says("maria", "soon", meant=[("form.update", {"end": "soon"})])
    assert told.asked == ("end",)
    assert office.says("maria", "friday", meant=[("form.update", {"end": "2026-11-27"})]).asked == ("confirm",)


def test_a_rejection_can_be_given_its_reason_by_the_form(office: Office) -> None:
    send(office, "ana", "2026-11-26", "2026-11-26")
    office.presses("maria", "reject")
    told = office.presses("maria", "Say why", values={"comment": "the release"})
    assert told.asked == ("confirm",)
    assert office.presses("maria", "reject").committed[0].args == {"request_ids": [1], "comment": "the release"}


def test_a_rejection_that_comes_too_late_says_who_decided(office: Office) -> None:
    send(office, "ana", "2026-11-26", "2026-11-26")
    office.presses("maria", "reject")
    office.says("maria", "the release", meant=[("form.update", {"comment": "the release"})])
    late = office.button("maria", "reject").token
    with office.store.writing() as session:
        decisions.decide(requests.lock(session, 1), session, by=people.find(session, "maria"), outcome="approved")
    assert office.presses_token("maria", late).refusal == "TO-1 was already approved by Maria Silva."
