"""Purchases keep to the contract of all kinds; one line is said flat, several stand below each other."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar

from backend import policies, tables
from backend.rates import Rate
from tests.kind_contract import KindContract, waits_for
from tests.office import Office
from tools.purchase import KIND

DESK: dict[str, object] = {"item": "standing desk", "quantity": 2, "unit_price": "300"}
LAMP: dict[str, object] = {"item": "desk lamp", "total": "45.50", "link": "https://shop.example/lamp"}
OVER_500 = [
    {"kind": "purchase", "steps": [{"any": ["manager"]}]},
    {"kind": "purchase", "over": 500, "steps": [{"any": ["manager"]}, {"any": ["finance"]}]},
]


class TestPurchase(KindContract):
    """Purchases, through the contract."""

    kind = KIND
    sample: ClassVar = {"item": "headset", "quantity": 2, "total": "80.00"}
    changed: ClassVar = {"total": "95.50", "vendor": "Logitech"}
    wrong: ClassVar = {"quantity": 0, "total": "cheap", "needed_by": "soon", "item": "x"}


def ask(office: Office, *lines: dict[str, object], who: str = "ana", **values: object) -> None:
    """A draft of a purchase with these lines."""
    said = {**values, **lines[0]} if len(lines) == 1 else {**values, "lines": list(lines)}
    assert office.says(who, "please buy", meant=[("purchase.submit", said)]).asked == ("confirm",)


def buy(office: Office, *lines: dict[str, object], who: str = "ana", **values: object) -> str:
    """The same, sent; returns its reference."""
    ask(office, *lines, who=who, **values)
    return str(office.presses(who, "submit").committed[0].ref)


def rules(office: Office, **document: Any) -> None:
    with office.store.writing() as session:
        policies.set_all(session, document, by=None, kinds=office.app.kinds)


def load(office: Office, name: str, form: type[tables.Row], rows: Sequence[dict[str, object]]) -> None:
    """Loads a table, as finance does."""
    with office.store.writing() as session:
        tables.load(session, name, form, rows, by=None)


def objections(office: Office, who: str, *, on: str | None = None) -> str:
    return " ".join(office.card(who, on=on).objections)


def fact(office: Office, who: str, title: str, *, on: str | None = None) -> str:
    """What the newest card says under a title; empty if it has none."""
    return next((text for name, text in office.card(who, on=on).facts if name == title), "")


def test_a_unit_price_and_a_total_follow_from_each_other_line_by_line(office: Office) -> None:
    ask(office, DESK, LAMP)
    lines = [{each.name: each.value for each in line} for line in office.card("ana").lines]
    assert [(each["quantity"], each["total"]) for each in lines] == [(2, "600"), (1, "45.50")]
    assert "€645.50" in office.card("ana").summary


def test_one_line_shows_its_fields_flat_and_commits_them_flat(office: Office) -> None:
    ask(office, LAMP, vendor="Flexa")
    shown = {each.name: each.value for each in office.card("ana").fields}
    assert (shown["item"], shown["total"], shown["vendor"]) == ("desk lamp", "45.50", "Flexa")
    args = office.presses("ana", "submit").committed[0].args
    assert args == {"item": "desk lamp", "quantity": 1, "total": "45.50", "vendor": "Flexa"}


def test_several_lines_are_committed_as_lines(office: Office) -> None:
    ask(office, DESK, LAMP, vendor="Flexa")
    args = office.presses("ana", "submit").committed[0].args
    assert args["vendor"] == "Flexa"
    assert [each["item"] for each in args["lines"]] == ["standing desk", "desk lamp"]


def test_only_what_is_missing_in_a_line_is_asked(office: Office) -> None:
    asked = office.says("ana", "desks, 300 each", meant=[("purchase.submit", {"item": "desk", "unit_price": "300"})])
    assert asked.asked == ("quantity",)
    told = office.says("ana", "three", meant=[("form.update", {"quantity": 3})])
    assert told.asked == ("confirm",)
    assert "€900.00" in told.text


def test_a_line_that_does_not_add_up_cannot_be_sent(office: Office) -> None:
    ask(office, DESK)
    office.fills("ana", {}, lines=[{**DESK, "total": "5"}])  # the price each decides
    assert "€600.00" in office.card("ana").summary


def test_a_lower_total_can_be_approved(office: Office) -> None:
    buy(office, DESK)
    office.presses("maria", "lower", on="PR-1", values={"amount": "500", "comment": "the older model"})
    assert office.state(1) == "approved"
    assert "€500.00" in office.card("ana", on="PR-1").summary
    assert any("€500.00 instead of €600.00" in post.text for post in office.shown("ana"))


def test_routes_compare_in_the_employers_currency(office: Office) -> None:
    rules(office, route=OVER_500)
    load(office, "rates", Rate, [{"since": "2026-01-01", "currency": "USD", "rate": "0.9"}])
    buy(office, {"item": "projector", "total": "550"}, currency="USD")
    buy(office, {"item": "drone", "total": "560"}, currency="USD")
    assert [len(office.card("ana", on=ref).route) for ref in ("PR-1", "PR-2")] == [3, 4]  # with order and receive


def test_without_a_rate_it_takes_the_route_of_the_largest(office: Office) -> None:
    rules(office, route=OVER_500)
    ask(office, {"item": "cable", "total": "5"}, currency="CHF")
    assert "no exchange rate for CHF" in objections(office, "ana")
    assert [each.why for each in office.card("ana").route][1:] == ["finance, over 500"]


def test_requests_that_look_split_name_each_other(office: Office) -> None:
    rules(office, route=OVER_500)
    buy(office, {"item": "office chairs", "total": "400"})
    ask(office, {"item": "office chair", "total": "300"})
    assert "With PR-1 it comes to €700.00" in objections(office, "ana")
    office.presses("ana", "submit")
    assert "With PR-1 it comes to €700.00" in objections(office, "maria", on="PR-2")


def test_the_same_vendor_or_cost_centre_makes_a_split_too(office: Office) -> None:
    rules(office, route=OVER_500)
    buy(office, {"item": "toner", "total": "400"}, vendor="Papyrus", cost_centre="sales")
    ask(office, {"item": "envelopes", "total": "200"}, vendor="papyrus")
    assert "With PR-1" in objections(office, "ana")
    ask(office, {"item": "toner", "total": "200"}, who="carmen", cost_centre="sales")
    assert "With PR-1" in objections(office, "carmen")
    ask(office, {"item": "toner", "total": "200"}, who="carmen")
    assert "With PR-1" not in objections(office, "carmen")


def test_what_is_above_the_limit_itself_or_too_long_ago_or_taken_back_is_no_split(office: Office) -> None:
    rules(office, route=OVER_500, purchase={"split_days": 7})
    buy(office, {"item": "office chair", "total": "501"})
    ask(office, {"item": "office chair", "total": "400"})
    assert "it comes to" not in objections(office, "ana")
    office.presses("ana", "submit")
    office.presses("ana", "Withdraw", on="PR-2")
    ask(office, {"item": "office chair", "total": "300"})
    assert "it comes to" not in objections(office, "ana")
    office.presses("ana", "submit")
    office.advance(days=8)
    ask(office, {"item": "office chair", "total": "300"})
    assert "it comes to" not in objections(office, "ana")


def test_the_same_thing_asked_by_the_team_lately_is_a_fact(office: Office) -> None:
    buy(office, {"item": "4k monitors", "total": "400"}, who="tom")
    ask(office, {"item": "4k monitor", "total": "390"})
    assert fact(office, "ana", "Asked for lately") == "PR-1: 4k monitors (Tom Becker)"
    ask(office, {"item": "monitor arm", "total": "90"})
    assert fact(office, "ana", "Asked for lately") == ""
    ask(office, {"item": "4k monitor", "total": "390"}, who="carmen")
    assert fact(office, "carmen", "Asked for lately") == ""


def test_rows_from_before_become_lines(office: Office) -> None:
    form, lines = KIND.whole(*KIND.filled({"item": "dock", "total": "189", "currency": "EUR"}, [], _desk(office)))
    assert (lines[0].item, lines[0].quantity, lines[0].total) == ("dock", 1, Decimal(189))
    assert KIND.summary(form, lines, "en") == "dock, €189.00"


def test_another_cost_centre_is_decided_anew(office: Office) -> None:
    before = KIND.whole({"cost_centre": "sales"}, [{"item": "pens", "total": "5", "quantity": 1}])
    after = KIND.whole({"cost_centre": "design"}, [{"item": "pens", "total": "5", "quantity": 1}])
    less = KIND.whole({"cost_centre": "sales"}, [{"item": "pens", "total": "4", "quantity": 1}])
    assert KIND.matters(before, after, _desk(office))
    assert not KIND.matters(before, less, _desk(office))


def test_it_waits_for_the_manager_of_who_asks(office: Office) -> None:
    buy(office, LAMP)
    assert waits_for(office, 1) == ["maria"]


def _desk(office: Office) -> Any:
    from backend import people
    from backend.desk import Desk

    with office.store.looking() as session:
        office.app.furnish(session)
        return Desk(session, people.find(session, "ana"), KIND)
