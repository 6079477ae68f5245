"""Whose turn it is: nobody decides their own, stand-ins, leave, leavers, new managers, lost roles, assistants."""

import random
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from backend import (
    decisions,
    escalations,
    events,
    filing,
    imports,
    leave,
    people,
    policies,
    requests,
    roster,
    stand_ins,
    steps,
)
from backend.events import Event
from backend.people import Person, Role
from backend.refusals import Refusal
from backend.requests import Opinion, Request, Step
from bot import cli
from bot.message import Post
from tests.office import Office

RUN = CliRunner()
COLUMNS = frozenset({"handle", "name", "manager", "roles", "end"})


def asks(office: Office, who: str, day: str = "2026-12-21", until: str = "") -> Post:
    values = {"leave_type": "vacation", "start": day, "end": until or day}
    office.says(who, "vacation", meant=[("time_off.submit", values)])
    return office.presses(who, "submit")


def is_on_leave(office: Office, who: str, start: str, end: str, *, by: str) -> None:
    """Somebody's leave is asked for and approved."""
    ref = asks(office, who, start, end).committed[0].ref
    office.presses(by, "approve", on=ref)


def names(office: Office, who: str, other: str, start: str, end: str) -> Post:
    office.says(who, "x", meant=[("approvals.delegate", {"to": other, "start": start, "end": end})])
    return office.says(who, "yes")


def set_policy(office: Office, **document: Any) -> None:
    with office.store.writing() as session:
        policies.set_all(session, document, by=None, kinds=office.app.kinds)


def set_manager(office: Office, who: str, other: str | None) -> None:
    with office.store.writing() as session:
        people.find(session, who).manager_id = people.find(session, other).id if other else None


def imported(office: Office, who: str, **cells: Any) -> None:
    """A people.csv with one line is brought in: the person as they are, but for these cells."""
    with office.store.writing() as session:
        person = people.find(session, who)
        now: dict[str, Any] = {
            "manager": person.manager.handle if person.manager else None,
            "roles": tuple(each.role for each in person.roles),
            "end": person.end,
        }
        entry = roster.Entry(line=2, handle=who, name=person.name, given=COLUMNS, **{**now, **cells})
        imports.bring_in(session, [entry], by=None)
    office.app.settle()


def waits_for(office: Office, number: int) -> str:
    """Whom a request waits for, as people read it."""
    with office.store.looking() as session:
        office.app.furnish(session)
        return str(steps.waits_for(session, session.get_one(Request, number)))


def moves(office: Office) -> list[tuple[list[str], list[str], str]]:
    """From whom to whom steps have moved, and why, in order."""
    with office.store.looking() as session:
        ids = session.scalars(select(Event.id).where(Event.kind == "step.moved").order_by(Event.seq)).all()
        found = [each.detail for each in (events.happening(session, each) for each in ids) if each]
        return [(each["from"], each["to"], each["reason"]) for each in found]


def texts(office: Office, who: str) -> str:
    return "\n".join(post.text for post in office.shown(who))


def decided_for(office: Office) -> list[tuple[str, str | None]]:
    """Who decided, and for whom, as the log has it."""
    with office.store.looking() as session:
        rows = session.scalars(select(Event).where(Event.kind == "step.approved").order_by(Event.seq)).all()
        by = {each.id: each.handle for each in session.scalars(select(Person))}
        return [(by[each.actor_id or 0], by.get(each.for_id or 0)) for each in rows]


# nobody decides their own


def test_who_holds_the_role_is_not_asked_about_their_own_and_it_goes_up(office: Office) -> None:
    set_policy(office, route=[{"kind": "time_off", "steps": [{"any": ["finance"]}]}])
    asks(office, "olga")
    assert waits_for(office, 1) == "Elena Rossi"


def test_the_only_ones_at_the_top_do_not_decide_their_own(office: Office) -> None:
    set_policy(office, approvals={"top": ["admin"]})
    asks(office, "elena")
    assert "Elena" not in waits_for(office, 1)
    refused = office.says("elena", "approve 1", meant=[("approval.approve", {"request_ids": [1]})])
    assert refused.refusal


def test_the_person_at_the_top_is_decided_by_two_where_policy_says_so(office_on_each: Office) -> None:
    office = office_on_each
    set_policy(office, approvals={"top": {"of": 2, "from": ["finance", "hr"]}})
    asks(office, "elena")
    office.presses("olga", "approve", on="TO-1")
    assert (office.state(1), waits_for(office, 1)) == ("pending", "Carmen Vidal")
    office.presses("carmen", "approve", on="TO-1")
    assert office.state(1) == "approved"


def test_a_stand_in_does_not_decide_their_own_for_the_approver_and_it_goes_up(office_on_each: Office) -> None:
    office = office_on_each
    names(office, "maria", "ana", "2026-11-24", "2026-12-31")
    asks(office, "ana")
    with office.store.writing() as session, pytest.raises(Refusal):
        decisions.decide(requests.lock(session, 1), session, by=people.find(session, "ana"), outcome="approved")
    assert waits_for(office, 1) == "Elena Rossi, for Maria Silva"
    office.presses("elena", "approve", on="TO-1")
    assert decided_for(office) == [("elena", "maria")]


def test_an_assistant_does_not_decide_their_own_not_even_a_line(office: Office) -> None:
    assist(office, "maria", "ana", up_to="1000", up_to_days="10")
    asks(office, "ana")
    assert "approve" not in [each.verb for each in office.card("ana", on="TO-1").buttons]
    with office.store.writing() as session:
        ana, request = people.find(session, "ana"), requests.lock(session, 1)
        with pytest.raises(Refusal, match="your own request"):
            decisions.decide(request, session, by=ana, outcome="approved", lines={1: "approved"})


@pytest.mark.parametrize("seed", range(6))
def test_in_any_small_company_nobody_decides_their_own_and_somebody_can(office: Office, seed: int) -> None:
    chance = random.Random(seed)
    with office.store.writing() as session:
        everybody = people.everybody(session)
        roles = ["finance", "hr", "admin", "legal"]
        for person in everybody:
            others = [each for each in everybody if each is not person]
            person.manager_id = chance.choice([None, *(each.id for each in others)])
            person.roles = [Role(role=each) for each in roles if chance.random() < 0.3]
            if chance.random() < 0.5:
                day = date(2026, 11, 24)
                people.name_stand_in(session, person, other=chance.choice(others), start=day, end=day)
        top = {"of": chance.randint(1, 2), "from": chance.sample(roles, 2)}
        stops = [{"any": [chance.choice(["manager", *roles])]}, {"of": 2, "from": chance.sample(roles, 2)}]
        document = {"route": [{"kind": "time_off", "steps": stops}], "approvals": {"top": top}}
        policies.set_all(session, document, by=None, kinds=office.app.kinds)
    kind = office.app.kinds["time_off"]
    for number, person in enumerate(("ana", "tom", "maria", "elena"), start=1):
        with office.store.writing() as session:
            me, day = people.find(session, person), f"2026-12-{13 + number}"
            values = {"leave_type": "vacation", "start": day, "end": day}
            filing.submit(session, kind, values=values, requester=me, by=me)
        for _ in range(4):
            decide_once(office, number)
        assert office.state(number) == "approved"
    with office.store.looking() as session:
        said = session.execute(
            select(Opinion.by_id, Request.person_id).join(Step, Step.id == Opinion.step_id).join(Request)
        )
        assert [each for each in said if each[0] == each[1]] == []


def decide_once(office: Office, number: int) -> None:
    """The first who may says yes, where it still waits; the one who asked may never."""
    with office.store.writing() as session:
        request = requests.lock(session, number)
        for step in [each for each in request.steps if each.state == "open"]:
            assert not steps.may_take(session, step, request.person)[0]
            heard = {each.by_id for each in step.opinions}
            able = [each for each in people.everybody(session) if steps.may_take(session, step, each)[0]]
            decisions.decide(request, session, by=next(e for e in able if e.id not in heard), outcome="approved")
            return


# stand-ins


def test_a_named_stand_in_gets_what_is_open_and_gives_it_back(office_on_each: Office) -> None:
    office = office_on_each
    asks(office, "ana")
    names(office, "maria", "tom", "2026-11-24", "2026-11-25")
    assert office.card("tom").ref == "TO-1"
    assert "You decide for Maria Silva." in texts(office, "tom")
    assert waits_for(office, 1) == "Tom Becker, for Maria Silva"
    office.advance(days=2)
    assert waits_for(office, 1) == "Maria Silva"
    assert moves(office) == [(["maria"], ["tom"], "stand_in"), (["tom"], ["maria"], "back")]
    assert "TO-1 waits for Maria Silva again." in texts(office, "ana")
    assert office.card("tom", on="TO-1").buttons == ()


def test_a_stand_in_that_begins_later_gets_the_card_that_morning(office: Office) -> None:
    asks(office, "ana", "2027-01-11")
    names(office, "maria", "tom", "2026-11-26", "2026-11-27")
    assert not [post for post in office.shown("tom") if post.card]
    office.advance(days=2)
    assert office.card("tom").ref == "TO-1"


def test_both_may_decide_and_the_trail_names_both(office: Office) -> None:
    names(office, "maria", "tom", "2026-11-24", "2026-11-30")
    asks(office, "ana", "2026-12-21")
    asks(office, "ana", "2026-12-22")
    office.presses("tom", "approve", on="TO-1")
    office.presses("maria", "approve", on="TO-2")
    assert decided_for(office) == [("tom", "maria"), ("maria", None)]


def test_whoever_stands_in_for_somebody_cannot_name_them_for_those_days(office: Office) -> None:
    names(office, "tom", "maria", "2026-11-24", "2026-11-30")
    told = names(office, "maria", "tom", "2026-11-26", "2026-12-01")
    assert told.refusal is not None
    assert "You stand in for Tom Becker from Tue 24 Nov 2026 to Mon 30 Nov 2026" in told.refusal
    assert names(office, "maria", "tom", "2026-12-01", "2026-12-02").committed


def test_two_who_stand_in_for_each_other_send_it_up(office: Office) -> None:
    with office.store.writing() as session:
        maria, tom = people.find(session, "maria"), people.find(session, "tom")
        for one, other in ((maria, tom), (tom, maria)):
            people.name_stand_in(session, one, other=other, start=date(2026, 11, 24), end=date(2026, 11, 30))
    asks(office, "ana")
    assert waits_for(office, 1) == "Elena Rossi, for Maria Silva"


# leave


def test_approved_leave_of_the_approver_moves_open_steps_to_their_manager_and_back(office_on_each: Office) -> None:
    office = office_on_each
    asks(office, "ana", "2027-01-11")
    is_on_leave(office, "maria", "2026-11-26", "2026-11-27", by="elena")
    assert waits_for(office, 1) == "Maria Silva"
    office.advance(days=2)
    assert waits_for(office, 1) == "Elena Rossi, for Maria Silva"
    assert office.card("elena").ref == "TO-1"
    assert "TO-1 now waits for Elena Rossi, for Maria Silva while Maria Silva is away." in texts(office, "ana")
    office.advance(days=4)
    assert waits_for(office, 1) == "Maria Silva"
    assert moves(office)[-2:] == [(["maria"], ["elena"], "away"), (["elena"], ["maria"], "back")]


def test_a_request_that_comes_while_the_approver_is_on_leave_goes_to_their_stand_in(office: Office) -> None:
    names(office, "maria", "tom", "2026-11-24", "2026-11-27")
    is_on_leave(office, "maria", "2026-11-24", "2026-11-27", by="elena")
    before = len(office.shown("maria"))
    sent = asks(office, "ana", "2027-01-11")
    assert "TO-2 waits for Tom Becker, for Maria Silva" in sent.text
    assert len(office.shown("maria")) == before
    office.presses("tom", "approve", on="TO-2")
    assert decided_for(office)[-1] == ("tom", "maria")


def test_a_weekend_in_the_middle_of_leave_is_leave_and_half_a_day_is_not(office: Office) -> None:
    is_on_leave(office, "maria", "2026-11-26", "2026-12-01", by="elena")
    values = {"leave_type": "vacation", "start": "2026-11-25", "end": "2026-11-25", "part": "am"}
    office.says("maria", "half", meant=[("time_off.submit", values)])
    office.presses("maria", "submit")
    office.presses("elena", "approve", on="TO-2")
    seen: list[bool] = []
    for _ in range(9):
        with office.store.looking() as session:
            seen.append(stand_ins.away(session, people.find(session, "maria")))
        office.clock.advance(timedelta(days=1))
    assert seen == [False, False, *[True] * 6, False]


def test_leave_that_is_withdrawn_brings_the_steps_back_at_once(office: Office) -> None:
    is_on_leave(office, "maria", "2026-11-24", "2026-11-27", by="elena")
    asks(office, "ana", "2027-01-11")
    assert waits_for(office, 2) == "Elena Rossi, for Maria Silva"
    with office.store.writing() as session:
        leave.unmark(session, 1)
    office.app.settle()
    assert waits_for(office, 2) == "Maria Silva"
    assert moves(office)[-1] == (["elena"], ["maria"], "back")


def test_a_stand_in_who_is_on_leave_too_passes_it_on(office: Office) -> None:
    asks(office, "ana", "2027-01-11")
    names(office, "maria", "tom", "2026-11-24", "2026-11-30")
    set_manager(office, "tom", "carmen")
    is_on_leave(office, "tom", "2026-11-24", "2026-11-25", by="carmen")
    assert waits_for(office, 1) == "Carmen Vidal, for Maria Silva"


def test_where_policy_says_no_leave_moves_nothing(office: Office) -> None:
    set_policy(office, approvals={"absence_stand_in": False})
    is_on_leave(office, "maria", "2026-11-24", "2026-11-27", by="elena")
    asks(office, "ana", "2027-01-11")
    assert waits_for(office, 2) == "Maria Silva"


def test_of_two_holders_the_one_who_is_here_is_waited_for(office: Office) -> None:
    set_policy(office, route=[{"kind": "expense", "steps": [{"any": ["finance", "hr"]}]}])
    is_on_leave(office, "olga", "2026-11-24", "2026-11-27", by="elena")
    values = {"amount": "80", "category": "transport", "date": "2026-11-23"}
    office.says("ana", "taxi", meant=[("expense.submit", values)])
    office.presses("ana", "submit")
    assert waits_for(office, 2) == "Carmen Vidal"


# leavers, new managers, lost roles


def test_what_waits_for_a_leaver_waits_for_the_next_manager(office_on_each: Office) -> None:
    office = office_on_each
    asks(office, "ana", "2027-01-11")
    imported(office, "maria", end=date(2026, 11, 20))
    assert waits_for(office, 1) == "Elena Rossi"
    assert office.card("elena").ref == "TO-1"
    assert "TO-1 now waits for Elena Rossi, since Maria Silva does not work here any more." in texts(office, "ana")
    assert moves(office) == [(["maria"], ["elena"], "left")]


def test_a_last_day_that_is_still_to_come_moves_them_the_morning_after(office: Office) -> None:
    asks(office, "ana", "2027-01-11")
    imported(office, "maria", end=date(2026, 11, 25))
    assert waits_for(office, 1) == "Maria Silva"
    office.advance(days=2)
    assert moves(office) == [(["maria"], ["elena"], "left")]


def test_a_new_manager_gets_what_waits_for_the_old_one(office: Office) -> None:
    asks(office, "ana", "2027-01-11")
    imported(office, "ana", manager="carmen")
    assert waits_for(office, 1) == "Carmen Vidal"
    assert office.card("carmen").ref == "TO-1"
    assert "TO-1 now waits for Carmen Vidal, who is your manager now." in texts(office, "ana")
    assert office.card("maria", on="TO-1").buttons == ()
    assert office.presses("carmen", "approve", on="TO-1").committed


def test_a_lost_role_moves_what_waits_for_it(office: Office) -> None:
    set_policy(office, route=[{"kind": "time_off", "steps": [{"any": ["finance"]}]}])
    asks(office, "ana", "2027-01-11")
    with office.store.writing() as session:
        tom = people.find(session, "tom")
        tom.roles.append(Role(role="finance"))
    imported(office, "olga", roles=())
    assert waits_for(office, 1) == "Tom Becker"
    assert moves(office) == [(["olga"], ["tom"], "role")]
    assert office.card("olga", on="TO-1").buttons == ()
    imported(office, "tom", roles=())
    assert waits_for(office, 1) == "Maria Silva"


def test_what_a_leaver_asked_for_is_shown_to_their_manager(office: Office) -> None:
    asks(office, "ana", "2027-01-11")
    imported(office, "ana", end=date(2026, 11, 20))
    imported(office, "ana", end=date(2026, 11, 19))
    told = [post.text for post in office.shown("maria") if "does not work here any more" in post.text]
    assert len(told) == 1
    assert "Still open of theirs: TO-1." in told[0]
    assert office.presses("maria", "Reject", on="TO-1", values={"comment": "they have left"}).committed


def test_an_open_step_is_watched_wherever_it_moves(office: Office) -> None:
    asks(office, "ana", "2027-01-11")
    names(office, "maria", "tom", "2026-11-24", "2026-11-25")
    imported(office, "tom", end=date(2026, 11, 20))
    imported(office, "maria", end=date(2026, 11, 20))
    office.advance(days=1)
    with office.store.looking() as session:
        assert escalations.without_timer(session) == []
    assert "One request waits for you: TO-1" in texts(office, "elena")


# assistants


def assist(office: Office, who: str, other: str, *, up_to: str | None = None, up_to_days: str | None = None) -> None:
    amount, days = (Decimal(each) if each else None for each in (up_to, up_to_days))
    with office.store.writing() as session:
        person, assistant = people.find(session, who), people.find(session, other)
        stand_ins.assist(session, person, assistant=assistant, up_to=amount, up_to_days=days, by=None)
    office.app.settle()


def test_an_assistant_decides_within_limits_and_the_trail_names_both(office_on_each: Office) -> None:
    office = office_on_each
    assist(office, "maria", "tom", up_to_days="2")
    assert "You may decide up to 2 days for them." in texts(office, "tom")
    asks(office, "ana", "2027-01-11", "2027-01-12")
    assert "You decide for Maria Silva." in texts(office, "tom")
    office.presses("tom", "approve", on="TO-1")
    assert decided_for(office) == [("tom", "maria")]
    assert "Tom Becker, for Maria Silva approved TO-1" in texts(office, "ana")


def test_above_the_limits_an_assistant_only_prepares(office: Office) -> None:
    assist(office, "maria", "tom", up_to_days="2")
    asks(office, "ana", "2027-01-11", "2027-01-13")
    assert "You prepare it for Maria Silva, who decides." in texts(office, "tom")
    assert [each.verb for each in office.card("tom", on="TO-1").buttons] == ["send_back"]
    with office.store.writing() as session, pytest.raises(Refusal, match="more than you may decide for Maria Silva"):
        decisions.decide(requests.lock(session, 1), session, by=people.find(session, "tom"), outcome="approved")
    office.presses("tom", "Ask a question", on="TO-1", values={"comment": "who covers for you?"})
    assert "who covers for you?" in texts(office, "ana")
    office.presses("ana", "Answer", on="TO-1", values={"comment": "Priya"})
    office.presses("maria", "approve", on="TO-1")
    assert office.state(1) == "approved"


def test_an_assistant_for_one_kind_sees_no_other_and_none_once_it_is_over(office: Office) -> None:
    with office.store.writing() as session:
        maria, tom = people.find(session, "maria"), people.find(session, "tom")
        stand_ins.assist(session, maria, assistant=tom, kinds=["expense"], up_to=Decimal(100), by=None)
    asks(office, "ana", "2027-01-11")
    assert not [post for post in office.shown("tom") if post.card]
    with office.store.writing() as session:
        maria, tom = people.find(session, "maria"), people.find(session, "tom")
        stand_ins.end_assistance(session, maria, assistant=tom, by=None)
    values = {"amount": "80", "category": "transport", "date": "2026-11-23"}
    office.says("ana", "taxi", meant=[("expense.submit", values)])
    office.presses("ana", "submit")
    assert not [post for post in office.shown("tom") if post.card]


def test_an_approver_names_an_assistant_in_chat_with_limits_and_ends_it(office: Office) -> None:
    meant = [("approvals.assist", {"to": "tom", "up_to_days": "2", "kind": "time_off"})]
    asked = office.says("maria", "Tom can decide time off for me up to 2 days", meant=meant)
    assert asked.text.endswith("They may decide up to 2 days for you. That holds for: Time off.")
    assert "assistant now" not in texts(office, "tom")
    assert office.says("maria", "yes").committed[0].intent == "approvals.assist"
    assert "You may decide up to 2 days for them." in texts(office, "tom")
    asks(office, "ana", "2027-01-11")
    asks(office, "ana", "2027-01-13")
    assert office.presses("tom", "approve", on="TO-1").committed
    over = office.says("maria", "no assistant any more", meant=[("approvals.unassist", {})])
    assert over.text.startswith("Shall I end it? Tom Becker")
    office.says("maria", "yes")
    assert office.presses("tom", "approve", on="TO-2").refusal
    none = office.says("maria", "remove my assistant", meant=[("approvals.unassist", {})])
    assert none.refusal == "Nobody stands in for you, and you have no assistant."


def test_a_stand_in_ends_early_and_what_waits_is_decided_by_oneself_again(office: Office) -> None:
    days = {"to": "tom", "start": "2026-11-24", "end": "2026-12-04"}
    office.says("maria", "Tom stands in for me", meant=[("approvals.delegate", days)])
    office.says("maria", "yes")
    asks(office, "ana", "2027-01-11")
    asked = office.says("maria", "I'm back, end the stand-in", meant=[("approvals.unassist", {})])
    assert asked.text == "Shall I end it? Tom Becker will then no longer decide for you."
    assert office.says("maria", "yes").text.startswith("Tom Becker no longer stands in for you")
    assert "You no longer decide for Maria Silva" in texts(office, "tom")
    assert "approve" not in [each.verb for each in office.card("tom", on="TO-1").buttons]
    assert office.presses("maria", "approve", on="TO-1").committed


def test_nobody_decides_for_themselves_as_a_stand_in(office: Office) -> None:
    said = office.says("maria", "Maria approves for me", meant=[("approvals.delegate", {"to": "maria"})])
    assert said.refusal
    assert said.refusal.startswith("That would be you yourself: name somebody else")


def test_an_admin_names_an_assistant_with_limits_and_ends_it(office: Office, tmp_path: Path) -> None:
    home = str(tmp_path / "home")
    named = ["people", "assist", "maria", "tom", "--home", home]
    made = RUN.invoke(cli.app, [*named, "--up-to", "250", "--up-to-days", "2", "--kind", "expense"])
    assert (made.exit_code, made.stdout) == (0, "Tom Becker assists Maria Silva from now on; both are told.\n")
    with office.store.looking() as session:
        (row,) = stand_ins.assistants_of(session, people.find(session, "maria"), kind="expense")
        assert (row.assistant.handle, row.up_to, row.up_to_days) == ("tom", Decimal(250), Decimal(2))
    for wrong in (["--up-to", "lots"], ["--up-to", "-1"], ["--kind", "party"]):
        assert isinstance(RUN.invoke(cli.app, [*named, *wrong]).exception, Refusal)
    assert RUN.invoke(cli.app, [*named, "--stop"]).exit_code == 0
    with office.store.looking() as session:
        assert stand_ins.assists(session, people.find(session, "tom")) == []


# why, and work


def expense(office: Office, amount: str, *, send: bool = True) -> Post:
    values = {"amount": amount, "category": "transport", "date": "2026-11-23"}
    drafted = office.says("ana", "taxi", meant=[("expense.submit", values)])
    return office.presses("ana", "submit") if send else drafted


FINANCE_ABOVE = [
    {"kind": "expense", "steps": [{"any": ["manager"]}, {"any": ["finance"], "work": "pay"}]},
    {"kind": "expense", "over": 500, "steps": [{"any": ["manager"]}, {"any": ["finance"]}]},
]


def test_why_it_needs_finance_is_told_with_the_rule_and_what_it_looked_at(office: Office) -> None:
    set_policy(office, route=FINANCE_ABOVE)
    expense(office, "700")
    told = office.says("ana", "why?", meant=[("request.explain", {"request_id": 1})]).text
    assert "EX-1 follows the rule for Expense, over €500.00: manager, then finance." in told
    assert "• Maria Silva: manager\n• Olga Petrova: finance, over 500" in told
    assert "It costs €700.00." in told
    assert "A receipt is wanted above" in told


def test_a_currency_without_a_rate_goes_to_the_highest_route_and_why_says_so(office: Office) -> None:
    set_policy(office, route=FINANCE_ABOVE)
    values = {"amount": "5", "currency": "CHF", "category": "transport", "date": "2026-11-23"}
    office.says("ana", "tram", meant=[("expense.submit", values)])
    told = office.says("ana", "why?", meant=[("request.explain", {})]).text
    assert "over €500.00: manager, then finance" in told
    assert "No rate is known for its currency, so it counts as above every limit." in told


def test_why_is_told_before_it_is_sent_and_the_draft_goes_on(office: Office) -> None:
    set_policy(office, route=FINANCE_ABOVE)
    expense(office, "700", send=False)
    told = office.says("ana", "why?", meant=[("request.explain", {})]).text
    assert "This follows the rule for Expense, over €500.00" in told
    assert office.shown("ana")[-1].asked == ("confirm",)


def test_why_names_who_acts_for_whom_in_the_readers_language(office: Office) -> None:
    with office.store.writing() as session:
        people.find(session, "ana").language = "es"
    asks(office, "ana", "2027-01-11")
    names(office, "maria", "tom", "2026-11-24", "2026-11-25")
    told = office.says("ana", "¿por qué?", meant=[("request.explain", {})]).text
    assert "Tom Becker, en lugar de Maria Silva" in told or "Tom Becker, por Maria Silva" in told


def test_why_tells_nobody_about_a_request_that_they_may_not_see(office: Office) -> None:
    asks(office, "maria", "2027-01-11")
    told = office.says("ana", "why?", meant=[("request.explain", {"request_id": 1})])
    assert told.refusal == "I find no request 1 of yours."


def test_what_waits_lists_decisions_and_work_apart_and_work_is_reminded_of(office: Office) -> None:
    set_policy(office, route=FINANCE_ABOVE)
    expense(office, "80")
    office.presses("maria", "approve", on="EX-1")
    with office.store.writing() as session:
        olga = people.find(session, "olga")
        people.find(session, "tom").manager_id = olga.id
    asks(office, "tom", "2027-01-11")
    told = office.says("olga", "what waits?", meant=[("approvals.list", {})]).text
    assert told.startswith("One request waits for you:\nTO-2: Tom Becker")
    assert "Your work:\nEX-1: Ana Costa, " in told
    assert told.endswith("(pay)")
    office.advance(days=1)
    assert [label for label, _ in office.card("olga").facts] == ["EX-1 Ana Costa", "TO-2 Tom Becker"]
