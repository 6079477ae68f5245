"""From an approved purchase to goods on the shelf: an order number, the order as a PDF, ordered, received in part."""

import io
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from backend import budgets, decisions, erasure, orders, papers, people, requests, tables
from backend.clock import StillClock
from backend.events import Event
from backend.orders import Arrival, Order
from backend.people import Employer
from backend.requests import Request
from tests.kinds.test_purchase import buy, fact, rules
from tests.office import Office, hire

CHAIRS: dict[str, object] = {"item": "office chair", "quantity": 5, "unit_price": "120.00"}
LAMP: dict[str, object] = {"item": "Leselampe für Zoë, 5 €", "total": "45.50"}


@pytest.fixture
def work(database_url: str, tmp_path: Path, clock: StillClock) -> Iterator[Office]:
    """The small company, on each kind of database."""
    with hire(database_url, home=tmp_path / "home", clock=clock) as office:
        yield office


def approved(office: Office, *lines: dict[str, object], **values: str) -> str:
    """A purchase of Ana's that Maria approved; returns its reference."""
    ref = buy(office, *lines, who="ana", **values)
    office.presses("maria", "Approve", on=ref)
    return ref


def asked(office: Office, who: str = "ana", number: int = 1) -> str:
    return office.says(who, "how does it stand", meant=[("request.status", {"request_id": number})]).text


def opened(office: Office, who: str, number: int = 1) -> dict[str, str]:
    """The text of each paper of a request, by its name, as this person may open it."""
    with office.store.looking() as session:
        office.app.furnish(session)
        request = session.get_one(Request, number)
        found = papers.of(request, session, reader=people.find(session, who))
        made = {each.name: (each.make(), each.make()) for each in found}
    assert all(one == other for one, other in made.values())
    return {name: _text(content) for name, (content, _) in made.items()}


def verbs(office: Office, who: str, *, on: str) -> list[str]:
    return [each.verb for each in office.card(who, on=on).buttons]


def _approve(office: Office, number: int, *, then: Exception | None = None) -> None:
    """Maria's approval in a transaction of its own, which fails at its end where an error is given."""
    with office.store.writing() as session:
        office.app.furnish(session)
        maria = people.find(session, "maria")
        decisions.decide(requests.lock(session, number), session, by=maria, outcome="approved")
        if then:
            raise then


def _text(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_from_an_approval_to_goods_received(work: Office) -> None:
    approved(work, CHAIRS)
    assert "approved; PO-1 is still to be placed" in asked(work)
    assert any("needs work: order" in post.text for post in work.shown("olga"))
    assert work.presses("olga", "Done: order", on="PR-1").committed
    assert "ordered (PO-1)." in asked(work)
    assert any("needs work: receive" in post.text for post in work.shown("ana"))
    assert work.presses("ana", "Done: receive", on="PR-1", values={"line_1": 2}).committed
    assert "ordered (PO-1); 2 of 5 received." in asked(work)
    assert fact(work, "ana", "Order", on="PR-1") == "ordered (PO-1); 2 of 5 received"
    assert work.state(1) == "approved"
    work.presses("ana", "Done: receive", on="PR-1")  # all that was missing
    assert work.state(1) == "done"
    assert "received (PO-1)." in asked(work)
    assert work.card("ana", on="PR-1").state == "received"


def test_a_part_is_on_record_and_its_step_stays_open(work: Office) -> None:
    approved(work, CHAIRS, LAMP)
    work.presses("olga", "Done: order", on="PR-1")
    work.presses("ana", "Done: receive", on="PR-1", values={"line_2": 1})
    form = work.button("ana", "Done: receive", on="PR-1").form
    assert form is not None
    assert [(each.name, each.value) for each in form] == [("line_1", 5), ("closed", None)]
    with work.store.looking() as session:
        kinds = session.scalars(select(Event.kind).where(Event.kind.in_(["step.part_done", "step.done"]))).all()
        arrived = [(each.line, each.quantity) for each in session.scalars(select(Arrival))]
    assert list(kinds) == ["step.done", "step.part_done"]
    assert arrived == [(2, 1)]


def test_what_will_not_come_is_closed_with_a_reason(work: Office) -> None:
    approved(work, CHAIRS)
    work.presses("olga", "Done: order", on="PR-1")
    work.presses("ana", "Done: receive", on="PR-1", values={"line_1": 3, "closed": "the rest is sold out"})
    assert work.state(1) == "done"
    assert "closed (PO-1); 3 of 5 received" in asked(work)
    with work.store.looking() as session:
        assert session.scalars(select(Order.closed)).one() == "the rest is sold out"


@pytest.mark.parametrize("values", [{"line_1": 6}, {"line_1": -1}, {"line_1": "some"}, {"line_1": 0}])
def test_a_count_that_cannot_be_is_refused_and_the_press_is_not_burnt(
    office: Office, values: dict[str, object]
) -> None:
    approved(office, CHAIRS)
    office.presses("olga", "Done: order", on="PR-1")
    told = office.presses("ana", "Done: receive", on="PR-1", values=values)
    assert told.refusal
    assert "went wrong" not in told.text
    assert office.presses("ana", "Done: receive", on="PR-1", values={"line_1": 1}).committed


def test_only_who_the_work_is_for_does_it(office: Office) -> None:
    approved(office, CHAIRS)
    assert "finish" not in verbs(office, "ana", on="PR-1")  # to order is finance's, also for one's own request
    token = office.button("olga", "Done: order", on="PR-1").token
    assert office.presses_token("ana", token).refusal
    office.presses("olga", "Done: order", on="PR-1")
    assert "finish" in verbs(office, "ana", on="PR-1")
    assert "finish" not in verbs(office, "maria", on="PR-1")


def test_policy_says_who_orders_and_who_receives(office: Office) -> None:
    rules(office, purchase={"orders": "admin", "receives": "hr"})
    approved(office, CHAIRS)
    office.presses("elena", "Done: order", on="PR-1")
    office.presses("carmen", "Done: receive", on="PR-1", values={"line_1": 5})
    assert office.state(1) == "done"


def test_policy_may_leave_the_work_out(office: Office) -> None:
    rules(office, purchase={"orders": "", "receives": ""})
    approved(office, CHAIRS)
    assert [each.why for each in office.card("ana", on="PR-1").route] == ["manager"]
    assert not [post for post in office.shown("olga") if "needs work" in post.text]


def test_before_it_is_ordered_it_can_be_taken_back_and_afterwards_finance_is_named(office: Office) -> None:
    approved(office, CHAIRS)
    approved(office, LAMP)
    assert office.presses("ana", "Withdraw", on="PR-1").committed
    assert office.state(1) == "withdrawn"
    assert not [step for step in office.card("olga", on="PR-1").buttons if step.verb == "finish"]
    token = office.button("ana", "Withdraw", on="PR-2").token
    office.presses("olga", "Done: order", on="PR-2")
    assert "withdraw" not in verbs(office, "ana", on="PR-2")
    told = office.presses_token("ana", token)
    assert told.refusal == "PR-2 cannot be changed here any more, since “order” is done: please speak to Olga Petrova."
    assert office.state(2) == "approved"


def test_numbers_run_by_employer_and_only_what_is_approved_gets_one(office: Office) -> None:
    with office.store.writing() as session:
        other = Employer(name="Small Light", currency="EUR", timezone="Europe/Madrid")
        session.add(other)
        session.flush()
        people.find(session, "tom").employer_id = other.id
    approved(office, CHAIRS)
    buy(office, LAMP)
    office.presses("maria", "Reject", on="PR-2", values={"comment": "no"})
    buy(office, LAMP, who="tom")
    office.presses("maria", "Approve", on="PR-3")
    approved(office, LAMP)
    with office.store.looking() as session:
        numbers = [(each.request, each.ref) for each in session.scalars(select(Order).order_by(Order.request))]
    assert numbers == [(1, "PO-1"), (3, "PO-1"), (4, "PO-2")]


def test_numbers_have_no_gaps_when_many_are_approved_at_once(work: Office) -> None:
    for _ in range(8):
        buy(work, LAMP)

    threads = [threading.Thread(target=_approve, args=(work, number)) for number in range(1, 9)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    with work.store.looking() as session:
        assert sorted(session.scalars(select(Order.number))) == list(range(1, 9))


def test_a_transaction_that_is_undone_takes_no_number(work: Office) -> None:
    buy(work, LAMP)
    buy(work, LAMP)
    with pytest.raises(KeyError):
        _approve(work, 1, then=KeyError())
    work.presses("maria", "Approve", on="PR-2")
    with work.store.looking() as session:
        assert [(each.request, each.number) for each in session.scalars(select(Order))] == [(2, 1)]


def test_undoing_and_approving_again_keeps_the_number(office: Office) -> None:
    approved(office, LAMP)
    office.presses("maria", "Undo", on="PR-1")
    assert office.state(1) == "pending"
    office.presses("maria", "Approve", on="PR-1")
    approved(office, LAMP)
    with office.store.looking() as session:
        assert [each.number for each in session.scalars(select(Order).order_by(Order.request))] == [1, 2]


def test_the_order_is_a_pdf_with_all_that_a_supplier_needs(office: Office) -> None:
    with office.store.writing() as session:
        employer = session.scalars(select(Employer)).one()
        employer.address, employer.tax_id = "Calle Mayor 1, 28013 Madrid", "ESB12345678"
    approved(office, CHAIRS, LAMP, vendor="Müller & Söhne GmbH", needed_by="2026-12-18", cost_centre="Ausbau")
    (text,) = opened(office, "olga").values()
    for each in (
        "Small Works",
        "Calle Mayor 1, 28013 Madrid",
        "ESB12345678",
        "PO-1",
        "PR-1",
        "Tue 24 Nov 2026",
        "Müller & Söhne GmbH",
        "Fri 18 Dec 2026",
        "Ausbau",
        "office chair",
        "€120.00",
        "€600.00",
        "Leselampe für Zoë, 5 €",
        "€45.50",
        "€645.50",
        "Ana Costa",
    ):
        assert each in text, each


def test_an_order_holds_what_was_approved_and_goes_where_it_was_said(office: Office) -> None:
    buy(office, CHAIRS, LAMP, deliver_to="Rua Nova 7, Lisboa")
    values = {"line_1": False, "line_2": True, "comment": "there are chairs"}
    office.presses("maria", "Line by line", on="PR-1", values=values)
    (text,) = opened(office, "ana").values()
    assert "office chair" not in text
    assert "Rua Nova 7, Lisboa" in text


def test_letters_that_the_font_lacks_are_written_without_their_accents(office: Office) -> None:
    approved(office, {"item": "książka 本", "total": "10"}, vendor="Łódź <Books> & ñ ç ß é")
    (text,) = opened(office, "ana").values()
    assert "ksiazka ?" in text
    assert "Łódz <Books> & ñ ç ß é" in text


def test_there_is_no_order_before_it_is_approved_and_none_for_strangers(office: Office) -> None:
    buy(office, LAMP)
    assert opened(office, "ana") == {}
    office.presses("maria", "Approve", on="PR-1")
    assert list(opened(office, "ana")) == ["PO-1.pdf"]
    assert opened(office, "tom") == {}


def test_an_order_from_before_keeps_its_number_elsewhere(office: Office) -> None:
    from backend import opening
    from backend.history import RequestRow

    row = RequestRow(1, 40, "purchase", "ana", "done", {"item": "dock", "total": "189.00", "currency": "EUR"})
    with office.store.writing() as session:
        office.app.furnish(session)
        problems: list[str] = []
        assert opening.bring_in(session, [row], by=None, problems=problems) == [40]
        assert problems == []
        assert orders.of(session, 40) is None
    assert "is received." in asked(office, number=40)


def test_who_asked_hears_how_far_it_is_where_others_do_the_work(office: Office) -> None:
    rules(office, purchase={"receives": "hr"})
    approved(office, CHAIRS)
    office.presses("olga", "Done: order", on="PR-1")
    assert office.shown("ana")[-1].text == "PR-1 is ordered (PO-1)."
    office.presses("carmen", "Done: receive", on="PR-1", values={"line_1": 2})
    assert office.shown("ana")[-1].text == "PR-1 is ordered (PO-1); 2 of 5 received."
    assert not [post for post in office.shown("olga") if "2 of 5" in post.text]


def test_nobody_is_reminded_of_a_delivery_before_it_can_be_there(office: Office) -> None:
    approved(office, CHAIRS, needed_by="2026-12-04")
    office.presses("olga", "Done: order", on="PR-1")
    asked_once = len([post for post in office.shown("ana") if "needs work" in post.text])
    office.advance(days=9)
    assert len([post for post in office.shown("ana") if "needs work" in post.text]) == asked_once
    office.advance(days=6)
    assert len([post for post in office.shown("ana") if "needs work" in post.text]) > asked_once


def test_what_went_up_to_the_manager_can_still_be_received_by_who_asked(office: Office) -> None:
    rules(office, purchase={"delivery_days": 0})
    approved(office, CHAIRS)
    office.presses("olga", "Done: order", on="PR-1")
    office.advance(days=7)
    assert "finish" in verbs(office, "maria", on="PR-1")
    assert office.presses("ana", "Done: receive", on="PR-1").committed
    assert office.state(1) == "done"


def test_erasing_who_asked_takes_the_reason_for_closing(office: Office) -> None:
    approved(office, CHAIRS)
    office.presses("olga", "Done: order", on="PR-1")
    office.presses("ana", "Done: receive", on="PR-1", values={"line_1": 3, "closed": "Ana gave up"})
    with office.store.writing() as session:
        office.app.furnish(session)
        ana = people.find(session, "ana")
        ana.end = people.today(session, ana) - timedelta(days=1)
        session.flush()
        erasure.erase(session, ana, by=people.find(session, "elena"))
        assert [(each.number, each.closed) for each in session.scalars(select(Order))] == [(1, "[erased]")]


def test_what_is_left_of_a_budget_is_told_to_those_whose_business_it_is(office: Office) -> None:
    with office.store.writing() as session:
        rows = [
            {"since": "2026-01-01", "cost_centre": team, "year": 2026, "amount": 1000} for team in ("works", "sales")
        ]
        tables.load(session, budgets.NAME, budgets.Budget, rows, by=None)
    meant: list[tuple[str, dict[str, Any]]] = [("budget.left", {})]
    assert office.says("maria", "what is left of our budget?", meant=meant).text.endswith("€1,000.00 left")
    assert len(office.says("olga", "what is left of the budgets?", meant=meant).text.splitlines()) == 2
    assert office.says("ana", "what is left of our budget?", meant=meant).refusal is not None
