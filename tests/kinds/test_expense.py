"""Expenses keep to the contract of all kinds; a report of several lines is one card, decided line by line."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

import pytest

from backend import owing, people, policies, spending
from backend.desk import Desk
from backend.rates import UNPRICED
from bot.message import Post
from tests.kind_contract import KindContract, approve_through
from tests.office import Office
from tools.expense import KIND
from tools.expense_lines import ExpenseForm

TAXI: dict[str, Any] = {"amount": "12.00", "category": "transport", "date": "2026-11-23", "merchant": "Taxi Sol"}
LUNCH: dict[str, Any] = {"amount": "30.00", "category": "meals", "date": "2026-11-23"}
HOTEL: dict[str, Any] = {"amount": "100.00", "category": "lodging", "date": "2026-11-20", "paid_by": "company_card"}
PAID = [
    {"kind": "expense", "steps": [{"any": ["manager"]}, {"any": ["finance"], "work": "pay"}]},
    {"kind": "expense", "over": 500, "steps": [{"any": ["manager"]}, {"any": ["finance"]}]},
]


class TestExpense(KindContract):
    """Expenses, through the contract."""

    kind = KIND
    sample: ClassVar = {"amount": "23.40", "category": "transport", "date": "2026-11-23"}
    changed: ClassVar = {"amount": "24.40"}
    wrong: ClassVar = {"amount": "-5", "category": "fun", "date": "yesterday", "currency": "euro"}


@pytest.fixture
def work(office: Office) -> Office:
    """The small company."""
    return office


@pytest.fixture
def work_on_each(office_on_each: Office) -> Office:
    """The small company on each kind of database."""
    return office_on_each


def claim(work: Office, *lines: Mapping[str, Any], **form: Any) -> Post:
    """A report with these lines, drafted by Ana."""
    meant = [("expense.submit", {**form, "lines": list(lines)})]
    assert work.says("ana", "expenses", meant=meant).asked == ("confirm",)
    return work.shown("ana")[-1]


def sent(work: Office, *lines: Mapping[str, Any]) -> Post:
    claim(work, *lines)
    return work.presses("ana", "submit")


def ruled(work: Office, *, routes: list[dict[str, Any]] | None = None, **expense: Any) -> None:
    """Sets the policies of expenses."""
    with work.store.writing() as session:
        document: dict[str, Any] = {"expense": expense, "route": routes or []}
        policies.set_all(session, document, by=None, kinds=work.app.kinds)


def ledger(work: Office, number: int, sort: str) -> dict[int | None, tuple[Decimal, Decimal]]:
    """What the entries of a sort come to, by line: (amount, owed)."""
    out: dict[int | None, tuple[Decimal, Decimal]] = {}
    with work.store.looking() as session:
        for each in spending.of_request(session, number):
            if each.sort == sort:
                amount, owed = out.get(each.line, (Decimal(0), Decimal(0)))
                out[each.line] = (amount + each.amount, owed + each.owed)
    return {line: sums for line, sums in out.items() if any(sums)}


def owed_to(work: Office, who: str) -> Decimal:
    with work.store.looking() as session:
        return sum((each.amount for each in owing.owed(session, person=people.find(session, who))), Decimal(0))


def objections(work: Office) -> tuple[str, ...]:
    return work.card("ana").objections


# one line, and several


def test_one_line_is_said_shown_and_committed_flat(work: Office) -> None:
    drafted = work.says("ana", "taxi", meant=[("expense.submit", TAXI)])
    assert drafted.asked == ("confirm",)
    fields = {each.name: each.value for each in work.card("ana").fields}
    assert {**TAXI, "currency": "EUR"}.items() >= fields.items() >= TAXI.items()
    assert len(work.card("ana").lines) == 1
    flat = {name: value for name, value in TAXI.items() if name != "merchant"}
    assert work.presses("ana", "submit").committed[0].args == flat


def test_a_report_of_several_lines_is_one_card_and_commits_its_lines(work: Office) -> None:
    claim(work, TAXI, LUNCH, HOTEL, title="Berlin")
    card = work.card("ana")
    assert len(card.lines) == 3
    assert card.summary == "Berlin: Transport, Meals, Lodging, €142.00"
    assert [line["category"] for line in work.presses("ana", "submit").committed[0].args["lines"]] == [
        "transport",
        "meals",
        "lodging",
    ]


def test_a_line_is_added_in_the_form(work: Office) -> None:
    work.says("ana", "taxi", meant=[("expense.submit", TAXI)])
    work.fills("ana", {}, lines=[TAXI, LUNCH])
    assert work.card("ana").summary == "Transport, Meals, €42.00"


def test_a_line_is_added_in_chat_and_what_it_misses_is_asked_for(work: Office) -> None:
    work.says("ana", "taxi", meant=[("expense.submit", TAXI)])
    more = {"amount": "9.00", "category": "meals"}
    asked = work.says("ana", "add another: coffee 9 euros", meant=[("form.update", {"another": [more]})])
    assert asked.asked == ("date",)
    work.says("ana", "yesterday", meant=[("form.update", {"date": "2026-11-23"})])
    assert work.card("ana").summary == "Transport, Meals, €21.00"
    assert [line["date"] for line in work.presses("ana", "submit").committed[0].args["lines"]] == ["2026-11-23"] * 2


def test_what_only_follows_is_in_no_form_and_cannot_be_said(work: Office) -> None:
    claim(work, {**TAXI, "rate": "0.01", "granted": "1"})
    form = work.button("ana", "change")
    assert form.line is not None
    assert {each.name for each in form.line}.isdisjoint({"rate", "granted"})
    work.presses("ana", "submit")
    assert ledger(work, 1, "hold") == {1: (Decimal(12), Decimal(12))}


# the ledger


def test_money_is_held_while_it_waits_and_booked_when_it_is_approved(work_on_each: Office) -> None:
    work = work_on_each
    sent(work, TAXI, HOTEL)
    held = {1: (Decimal(12), Decimal(12)), 2: (Decimal(100), Decimal(0))}
    assert ledger(work, 1, "hold") == held
    assert owed_to(work, "ana") == 0
    approve_through(work, 1)
    assert ledger(work, 1, "hold") == {}
    assert ledger(work, 1, "booking") == held


def test_only_ones_own_money_is_owed_and_no_longer_once_it_is_paid(work_on_each: Office) -> None:
    work = work_on_each
    ruled(work, routes=PAID)
    sent(work, TAXI, HOTEL, {**LUNCH, "paid_by": "cash_advance"})
    approve_through(work, 1)
    assert owed_to(work, "ana") == 12
    work.presses("olga", "Done", on="EX-1")
    assert owed_to(work, "ana") == 0
    assert ledger(work, 1, "payment") == {1: (Decimal(0), Decimal(-12))}
    assert work.state(1) == "done"
    assert work.card("ana", on="EX-1").state == "paid"


def test_finance_has_nothing_to_pay_where_only_the_company_card_paid(work_on_each: Office) -> None:
    work = work_on_each
    sent(work, HOTEL)
    approve_through(work, 1)
    with work.store.looking() as session:
        work.app.furnish(session)
        assert spending.of_request(session, 1)
    assert "pay" not in [each.why for each in work.card("ana").route]
    sent(work, TAXI)
    assert "pay" in [each.why for each in work.card("ana").route]


def test_nor_where_policy_names_that_work(work: Office) -> None:
    ruled(work, routes=[{"kind": "expense", "steps": [{"any": ["manager"]}, {"any": ["finance"], "work": "pay"}]}])
    sent(work, HOTEL)
    assert [each.why for each in work.card("ana").route] == ["manager"]
    approve_through(work, 1)
    assert work.state(1) == "approved"
    sent(work, TAXI)
    assert [each.why for each in work.card("ana").route] == ["manager", "pay"]


def test_a_refused_line_is_not_paid_back(work_on_each: Office) -> None:
    work = work_on_each
    sent(work, TAXI, LUNCH)
    work.presses("maria", "Line by line", values={"line_1": True, "line_2": False, "comment": "that was private"})
    assert ledger(work, 1, "booking") == {1: (Decimal(12), Decimal(12))}
    assert ledger(work, 1, "hold") == {}


def test_withdrawing_brings_all_to_nothing(work_on_each: Office) -> None:
    work = work_on_each
    sent(work, TAXI, HOTEL)
    approve_through(work, 1)
    work.presses("ana", "Withdraw", on="EX-1")
    assert ledger(work, 1, "booking") == {}
    assert owed_to(work, "ana") == 0


def test_less_may_be_granted_than_a_line_costs_and_never_more(work: Office) -> None:
    form, (line,) = KIND.whole({}, [{**TAXI, "currency": "EUR"}])
    assert KIND.lowered(form, line, Decimal(10)) == {"amount": Decimal(10)}
    assert KIND.lowered(form, line, Decimal(12)) is None
    assert KIND.lowered(form, line, Decimal(0)) is None
    _, (foreign,) = KIND.whole({}, [{**TAXI, "currency": "USD", "rate": "0.9"}])
    granted = foreign.model_copy(update=KIND.lowered(form, foreign, Decimal("7.77")))
    assert KIND.amount(form, [granted]) == Decimal("7.77")
    _, (unknown,) = KIND.whole({}, [{**TAXI, "currency": "USD", "rate": "0"}])
    assert KIND.lowered(form, unknown, Decimal(1)) is None


# limits


def test_what_misses_a_limit_says_which_and_by_how_much_and_does_not_block(work: Office) -> None:
    ruled(work, category=[{"name": "meals", "per_item": 20, "per_day": 60, "per_month": 100}])
    claim(work, LUNCH, {**LUNCH, "amount": "64.00", "merchant": "Casa"}, {**LUNCH, "date": "2026-11-02", "amount": "9"})
    told = objections(work)
    assert "Lines 1 (€10.00), 2 (€44.00): Meals: over the €20.00 for one." in told
    assert "Meals: €34.00 over the €60.00 a day, on Mon 23 Nov 2026." in told
    assert "Meals: €3.00 over the €100.00 a month." in told
    assert "submit" in [each.verb for each in work.card("ana").buttons]


def test_what_twenty_lines_miss_alike_is_said_once_with_their_numbers(work: Office) -> None:
    ruled(work, receipt_over=5, category=[{"name": "meals", "per_item": 20, "per_day": 25, "weekend": False}])
    days = [f"2026-11-{day:02}" for day in range(2, 22)]
    claim(work, *({**LUNCH, "date": day, "amount": f"{10 + nth}.00"} for nth, day in enumerate(days)))
    assert sorted(objections(work)) == [
        "Lines 12 (€1.00), 13 (€2.00), 14 (€3.00), 15 (€4.00), 16 (€5.00), 17 (€6.00), 18 (€7.00), 19 (€8.00), "
        "20 (€9.00): Meals: over the €20.00 for one.",
        "Lines 1–20: A receipt is wanted above €5.00.",
        "Lines 6 (Sat 7 Nov 2026), 7 (Sun 8 Nov 2026), 13 (Sat 14 Nov 2026), 14 (Sun 15 Nov 2026), "
        "20 (Sat 21 Nov 2026): Meals: it is not paid on a weekend.",
        "Meals: over the €25.00 a day, on Wed 18 Nov 2026 (€1.00), Thu 19 Nov 2026 (€2.00), "
        "Fri 20 Nov 2026 (€3.00), Sat 21 Nov 2026 (€4.00).",
    ]


def test_requests_that_wait_count_for_a_limit_and_the_request_itself_only_once(work: Office) -> None:
    ruled(work, category=[{"name": "meals", "per_day": 60}])
    sent(work, {**LUNCH, "amount": "50.00"})
    assert not any("a day" in each for each in work.card("maria").objections)
    claim(work, {**LUNCH, "amount": "44.00"})
    assert "Meals: €34.00 over the €60.00 a day, on Mon 23 Nov 2026." in objections(work)


def test_what_was_rejected_no_longer_counts(work: Office) -> None:
    ruled(work, category=[{"name": "meals", "per_day": 60}])
    sent(work, {**LUNCH, "amount": "50.00"})
    work.presses("maria", "Reject", on="EX-1", values={"comment": "no"})
    claim(work, {**LUNCH, "amount": "44.00"})
    assert not any("a day" in each for each in objections(work))


def test_a_limit_a_person_counts_those_who_are_named(work: Office) -> None:
    ruled(work, receipt_over=500, category=[{"name": "meals", "per_person": 25}])
    claim(work, {**LUNCH, "amount": "80.00", "participants": "Kim Lee; Jo Park"})
    assert objections(work) == ("Meals: €5.00 over the €25.00 a person, for 3.",)


def test_a_category_asks_for_what_it_needs(work: Office) -> None:
    ruled(work, receipt_over=500, category=[{"name": "entertainment", "asks_for": ["participants", "occasion"]}])
    claim(work, {**LUNCH, "category": "entertainment", "participants": "Kim Lee"})
    assert objections(work) == ("Entertainment: please fill in “Occasion”.",)


def test_weekends_tips_and_what_is_never_paid_are_told(work: Office) -> None:
    ruled(work, receipt_over=500, not_paid=["minibar"], category=[{"name": "meals", "weekend": False, "tip": 10}])
    claim(work, {**LUNCH, "date": "2026-11-22", "tip": "5.00", "note": "Minibar and supper"})
    assert objections(work) == (
        "Meals: Sun 22 Nov 2026 is on a weekend, when it is not paid.",
        "A tip is paid up to 10 %, which is €3.00 here.",
        "It mentions “minibar”, which is not paid.",
    )


def test_tax_that_does_not_add_up_is_told(work: Office) -> None:
    ruled(work, receipt_over=500)
    claim(work, {**LUNCH, "amount": "12.10", "tax_rate": "21", "tax_base": "10.00", "tax": "2.10"})
    assert objections(work) == ()
    claim(work, {**LUNCH, "amount": "12.10", "tax_rate": "10", "tax_base": "10.00", "tax": "2.10"})
    assert objections(work) == ("The tax does not add up to the amount: is it right?",)


def test_a_receipt_is_wanted_by_category_and_never_for_mileage(work: Office) -> None:
    ruled(work, receipt_over=20, category=[{"name": "transport", "receipt_over": 50}])
    claim(work, {**TAXI, "amount": "30.00"}, {**LUNCH, "amount": "30.00"})
    assert objections(work) == ("Line 2: A receipt is wanted above €20.00.",)


def test_what_a_table_prices_is_asked_for_by_what_the_table_needs(work: Office) -> None:
    values: list[dict[str, Any]] = [{"category": "mileage"}, {"category": "per_diem"}, {"category": "meals"}]
    assert [KIND.asks_instead("amount", each) for each in values] == ["distance", "start", "amount"]
    with work.store.looking() as session:
        work.app.furnish(session)
        desk = Desk(session, people.find(session, "ana"), KIND)
        assert KIND.fill_line({"category": "entertainment", "distance": "120"}, desk)["category"] == "mileage"


def test_the_same_spending_twice_is_told_with_its_reference(work: Office) -> None:
    sent(work, TAXI)
    claim(work, {**TAXI, "merchant": "taxi sol"})
    assert objections(work) == ("EX-1 asks for €12.00 on Mon 23 Nov 2026 too: is it the same?",)
    claim(work, {**TAXI, "merchant": "Radio Taxi"})
    assert objections(work) == ()
    claim(work, LUNCH, LUNCH)
    assert "Lines 1 and 2 look the same." in objections(work)


def test_who_withdrew_a_request_may_send_it_again(work: Office) -> None:
    sent(work, TAXI)
    work.presses("ana", "Withdraw", on="EX-1")
    claim(work, TAXI)
    assert objections(work) == ()


# facts and changes


def test_the_approver_sees_what_it_comes_to(work: Office) -> None:
    ruled(work, category=[{"name": "meals", "per_month": 100}])
    sent(work, {**LUNCH, "amount": "20.00"})
    sent(work, {**LUNCH, "amount": "40.00", "date": "2026-11-20"}, HOTEL, TAXI)
    assert work.card("maria", on="EX-2").facts[:9] == (
        ("Total", "€152.00"),
        ("Meals", "€40.00"),
        ("Transport", "€12.00"),
        ("Lodging", "€100.00"),
        ("Paid back", "€52.00"),
        ("Receipts missing", "2 of 3"),
        ("In that month", "Lodging: €100.00"),
        ("In that month", "Meals: €60.00 of €100.00"),
        ("In that month", "Transport: €12.00"),
    )


def test_the_whole_report_decides_the_route(work: Office) -> None:
    ruled(work, routes=PAID)
    claim(work, {**HOTEL, "amount": "300.00"}, {**HOTEL, "amount": "250.00"})
    assert [each.who for each in work.card("ana").route] == [("maria",), ("olga",)]
    assert KIND.category(ExpenseForm(), KIND.whole({}, [TAXI, LUNCH])[1]) == ["meals", "transport"]
    assert KIND.amount(ExpenseForm(), KIND.whole({}, [{**TAXI, "rate": "0"}, LUNCH])[1]) == UNPRICED


def test_own_money_in_the_place_of_the_company_card_has_to_be_approved_again(work: Office) -> None:
    form = ExpenseForm()
    card, own = (KIND.whole({}, [{**TAXI, "paid_by": each}])[1] for each in ("company_card", "own_money"))
    with work.store.looking() as session:
        work.app.furnish(session)
        desk = Desk(session, people.find(session, "ana"), KIND)
        assert KIND.matters((form, card), (form, own), desk)
        assert not KIND.matters((form, own), (form, card), desk)
