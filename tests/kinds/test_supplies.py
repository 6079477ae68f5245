"""A kind with lines keeps to the contract of all kinds, and its lines are drawn, filled in and decided one by one."""

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from sqlalchemy import select

from backend.clock import StillClock
from backend.leave import LeaveDay, LeaveEntry
from bot.message import Post
from tests.kind_contract import KindContract, ledgers
from tests.kinds.supplies import KIND
from tests.office import Office, hire

PENS: dict[str, object] = {"item": "pens", "quantity": 10, "price": "1.20"}
PAPER: dict[str, object] = {"item": "paper", "price": "4.00", "day": "2026-11-26"}
TONER: dict[str, object] = {"item": "toner", "price": "60.00", "day": "2026-11-27"}


class TestSupplies(KindContract):
    """A kind with lines, through the contract; one line is said flat."""

    kind = KIND
    sample: ClassVar = {"reason": "front desk", "item": "paper", "price": "4.00", "day": "2026-11-26"}
    changed: ClassVar = {"price": "5.00", "quantity": 3}
    wrong: ClassVar = {"price": "cheap", "quantity": 0, "day": "soon", "reason": "x"}


@pytest.fixture
def work(database_url: str, tmp_path: Path, clock: StillClock) -> Iterator[Office]:
    """The small company, which orders supplies, on each kind of database."""
    with hire(database_url, home=tmp_path / "home", clock=clock) as office:
        office.app.kinds.add(KIND)
        yield office


def order(work: Office, *lines: dict[str, object]) -> Post:
    """A draft with these lines, sent."""
    meant = [("supplies.submit", {"reason": "front desk", "lines": list(lines)})]
    assert work.says("ana", "supplies please", meant=meant).asked == ("confirm",)
    return work.presses("ana", "submit")


def test_lines_stand_in_the_form_and_on_the_card(work: Office) -> None:
    work.says("ana", "supplies", meant=[("supplies.submit", {"reason": "front desk", "lines": [PENS, PAPER]})])
    card = work.card("ana")
    assert [[each.name for each in line] for line in card.lines] == [
        ["item", "quantity", "price"],
        ["item", "price", "day"],
    ]
    form = work.button("ana", "change")
    assert form.line is not None
    assert [each.name for each in form.line] == ["item", "quantity", "price", "day"]
    assert [next(each.value for each in line) for line in form.lines] == ["pens", "paper"]


def test_filling_in_takes_the_lines_that_were_sent(work: Office) -> None:
    work.says("ana", "supplies", meant=[("supplies.submit", {"reason": "front desk", "lines": [PENS]})])
    work.fills("ana", {"reason": "back desk"}, lines=[PAPER, TONER])
    card = work.card("ana")
    assert [line[0].value for line in card.lines] == ["paper", "toner"]
    assert card.fields[0].value == "back desk"


def test_what_is_wrong_in_a_line_is_told_and_the_rest_is_kept(work: Office) -> None:
    work.says("ana", "supplies", meant=[("supplies.submit", {"reason": "front desk", "lines": [PENS]})])
    told = work.fills("ana", {}, lines=[PENS, {**PAPER, "price": "cheap"}])
    assert told.refusal
    assert "line 2, price" in told.refusal
    assert [line[0].value for line in work.card("ana").lines] == ["pens", "paper"]
    assert "submit" not in [each.verb for each in work.card("ana").buttons]


def test_an_order_without_lines_asks_for_the_first(work: Office) -> None:
    asked = work.says("ana", "supplies", meant=[("supplies.submit", {"reason": "front desk"})])
    assert asked.asked == ("item",)
    work.says("ana", "pens", meant=[("form.update", {"item": "pens"})])
    assert work.says("ana", "2", meant=[("form.update", {"price": "2"})]).asked == ("confirm",)


def test_several_lines_are_committed_as_lines_and_one_flat(work: Office) -> None:
    assert order(work, PENS, TONER).committed[0].args == {"reason": "front desk", "lines": [PENS, TONER]}
    assert order(work, PENS).committed[0].args == {"reason": "front desk", **PENS}


def test_each_line_holds_its_own_ledger_entry(work: Office) -> None:
    order(work, PENS, PAPER, TONER)
    with work.store.looking() as session:
        held = session.scalars(select(LeaveEntry).where(LeaveEntry.request == 1, LeaveEntry.days != 0)).all()
        assert {entry.line: entry.days for entry in held} == {2: -1, 3: -1}
        assert session.scalars(select(LeaveDay.state)).all() == ["pending", "pending"]


def test_one_line_is_refused_and_the_rest_approved(work: Office) -> None:
    order(work, PENS, PAPER, TONER)
    before = work.free("ana", "personal")
    decided = work.presses(
        "maria",
        "Line by line",
        values={"line_1": True, "line_2": "false", "line_3": "true", "comment": "we have paper"},
    )
    assert decided.committed[0].intent == "approval.approve"
    assert "line 2" in decided.text
    assert work.state(1) == "approved"
    assert work.free("ana", "personal") == before + 1
    assert any("Not approved: line 2." in post.text and "we have paper" in post.text for post in work.shown("ana"))
    states = [[each.value for each in line if each.name == "state"] for line in work.card("ana").lines]
    assert states == [[], ["rejected"], []]
    with work.store.looking() as session:
        booked = select(LeaveDay).where(LeaveDay.state == "booked")
        assert [each.day.isoformat() for each in session.scalars(booked)] == ["2026-11-27"]
        lines = session.scalars(select(LeaveEntry.line).where(LeaveEntry.sort == "booking", LeaveEntry.days != 0)).all()
        assert lines == [3]


def test_refusing_every_line_rejects_and_gives_all_back(work: Office) -> None:
    before = ledgers(work)
    order(work, PAPER, TONER)
    work.presses("maria", "Line by line", values={"line_1": False, "line_2": False, "comment": "no"})
    assert work.state(1) == "rejected"
    assert ledgers(work) == before


def test_a_refused_line_needs_a_reason_and_must_be_there(work: Office) -> None:
    order(work, PENS, TONER)
    assert work.presses("maria", "Line by line", values={"line_2": False}).refusal
    assert work.presses("maria", "approve", values={"lines": {"9": "rejected"}, "comment": "no"}).refusal
    assert work.presses("maria", "approve", values={"lines": {"2": "maybe"}, "comment": "no"}).refusal
    assert work.presses("maria", "approve", values={"lines": "all", "comment": "no"}).refusal
    assert work.state(1) == "pending"
    assert work.presses("maria", "approve", values={"lines": {"2": "rejected"}, "comment": "no"}).committed


def test_withdrawing_a_partly_approved_order_gives_back_the_rest(work: Office) -> None:
    before = ledgers(work)
    order(work, PAPER, TONER)
    work.presses("maria", "Line by line", values={"line_1": False, "comment": "no"})
    work.presses("ana", "Withdraw")
    assert ledgers(work) == before


@pytest.mark.parametrize("lines", [5, "pens", [1, 2], [None], [[]], [PENS] * 101])
def test_lines_that_are_none_are_refused(work: Office, lines: object) -> None:
    work.says("ana", "supplies", meant=[("supplies.submit", {"reason": "front desk", "lines": [PENS]})])
    told = work.presses("ana", "change", values={"lines": lines})
    assert told.refusal
    assert "went wrong" not in told.text
