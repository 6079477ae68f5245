"""An invoice sent in chat finds its order, says where it differs, and goes to whom policy says."""

from typing import Any

import pytest

from backend import policies
from bot.message import Attachment
from tests.office import Office
from tests.papers import paper

DESKS = [
    ("purchase.submit", {"item": "standing desk", "quantity": 2, "total": "800.00", "vendor": "Nordholz Büro GmbH"})
]


def bill(**says: Any) -> Attachment:
    """An invoice for those desks."""
    facts = {"kind": "invoice", "merchant": "Nordholz Büro", "day": "2026-11-24", "total": "800.00", "tax_id": "DE1"}
    return paper("invoice.pdf", **{**facts, "document_number": "R-1", "order_number": "PO-1", **says})


@pytest.fixture
def ordered(office: Office) -> Office:
    """Ana's desks are approved: PO-1."""
    office.says("ana", "desks", meant=DESKS)
    office.presses("ana", "submit")
    office.presses("maria", "approve")
    return office


def sends(office: Office, who: str, file: Attachment) -> tuple[str, dict[str, object], list[str]]:
    """Somebody sends a file: the kind of draft, what is filled in, and what speaks against it."""
    office.says(who, "", files=(file,))
    card = office.card(who)
    return card.kind, {each.name: each.value for each in card.fields}, list(card.objections)


def test_the_invoice_of_an_order_is_filled_in_and_goes_to_whom_policy_says(ordered: Office) -> None:
    route = [
        {"kind": "invoice", "over": 500, "steps": [{"any": ["finance"]}]},
        {"kind": "invoice", "steps": [{"any": ["manager"]}]},
    ]
    with ordered.store.writing() as session:
        policies.set_all(session, {"route": route}, by=None, kinds=ordered.app.kinds)
    kind, held, objections = sends(ordered, "ana", bill())
    assert kind == "invoice"
    assert {
        "order": "PO-1",
        "amount": "800.00",
        "merchant": "Nordholz Büro",
        "document_number": "R-1",
    }.items() <= held.items()
    assert objections == ["Not everything has arrived: 2 still to come."]
    assert ("Order", "PO-1 (PR-1): €800.00") in ordered.card("ana").facts
    ref = ordered.presses("ana", "submit").committed[0].ref
    ordered.presses("olga", "approve", on=ref)
    ordered.presses("olga", "finish", on=ref)
    assert ordered.state(2) == "done"


@pytest.mark.parametrize(
    ("says", "objection"),
    [
        ({"total": "900.00"}, "€100.00 more than what is left of the order, €800.00."),
        ({"total": "700.00"}, "€100.00 less than what is left of the order, €800.00."),
        ({"merchant": "Somebody Else Ltd"}, "It is from Somebody Else Ltd; the order went to Nordholz Büro GmbH."),
        ({"currency": "USD"}, "It is in USD; the order was in EUR."),
    ],
)
def test_what_differs_from_the_order_is_said(ordered: Office, says: dict[str, Any], objection: str) -> None:
    assert objection in sends(ordered, "ana", bill(**says))[2]


def test_small_differences_and_tax_on_top_are_none(ordered: Office) -> None:
    assert len(sends(ordered, "ana", bill(total="808.00"))[2]) == 1
    assert len(sends(ordered, "ana", bill(total="968.00", taxes=[("21", "800.00", "168.00")]))[2]) == 1


def test_an_invoice_without_a_number_finds_the_only_order_of_that_vendor_and_amount(ordered: Office) -> None:
    kind, held, _ = sends(ordered, "olga", bill(order_number=None))
    assert (kind, held["order"]) == ("invoice", "PO-1")


def test_who_did_not_order_it_cannot_send_its_invoice(ordered: Office) -> None:
    assert sends(ordered, "tom", bill())[0] == "expense"
    values = {"order": "PO-1", "amount": "800.00", "date": "2026-11-24"}
    ordered.says("tom", "an invoice", meant=[("invoice.submit", values)])
    assert "PO-1 is no order of yours" in ordered.card("tom").objections[0]
    assert "submit" not in [each.verb for each in ordered.card("tom").buttons]


def test_an_invoice_is_sent_once_and_a_second_one_counts_what_was_invoiced(ordered: Office) -> None:
    ordered.says("ana", "", files=(bill(total="500.00"),))
    ordered.presses("ana", "submit")
    assert "This invoice is on IN-2 already." in sends(ordered, "ana", bill(total="500.00"))[2]
    rest = sends(ordered, "ana", bill(total="300.00", document_number="R-2"))[2]
    assert rest == ["Not everything has arrived: 2 still to come."]
    assert ("Invoiced before", "€500.00") in ordered.card("ana").facts
