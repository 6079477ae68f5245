"""Photo, card, correction, approval, and the batch in which finance pays it back: once, with one file for the bank."""

from typing import Any
from xml.etree import ElementTree

import pytest

from backend import papers, people, policies, tables
from backend.kinds import Paper
from backend.payments import ACCOUNTS, BankAccount
from backend.refusals import Refusal
from tests.office import Office
from tests.papers import taxi

ROUTE: list[dict[str, Any]] = [
    {"kind": "expense", "steps": [{"any": ["manager"]}, {"any": ["finance"], "work": "pay"}]}
]
OWED: list[tuple[str, dict[str, Any]]] = [("payments.owed", {})]
OURS, ANAS, TOMS = "ES9121000418450200051332", "DE89370400440532013000", "FR1420041010050500013M02606"


@pytest.fixture
def paying(office: Office) -> Office:
    """Finance pays what the manager approved; the bank accounts are known."""
    with office.store.writing() as session:
        policies.set_all(session, {"expense": {}, "route": ROUTE}, by=None, kinds=office.app.kinds)
        rows = [{"since": "2026-01-01", "person": who, "iban": iban} for who, iban in (("", OURS), ("ana", ANAS))]
        tables.load(session, ACCOUNTS, BankAccount, rows, by=None)
    return office


def approved(office: Office, who: str, **says: Any) -> str:
    """Somebody sends a photo, changes the amount, sends the claim, and it is approved."""
    office.says(who, "", files=(taxi(**says),))
    office.fills(who, {"amount": "27.50"})
    ref = office.presses(who, "submit").committed[0].ref or ""
    office.presses("maria", "approve", on=ref)
    return ref


def file(office: Office, name: str, *, who: str = "olga") -> Paper:
    with office.store.looking() as session:
        office.app.furnish(session)
        return papers.find(session, 0, name, reader=people.find(session, who))


def test_from_the_photo_to_the_payment(paying: Office) -> None:
    refs = [
        approved(paying, "ana"),
        approved(paying, "ana", day="2026-11-20", total="40.00"),
        approved(paying, "tom", merchant="Bus"),
    ]
    paying.says("olga", "pay back the expenses", meant=OWED)
    card = paying.card("olga")
    assert card.summary == "€82.50"
    assert card.facts == (("Ana Costa", f"€55.00 ({refs[0]}, {refs[1]})"), ("Tom Becker", f"€27.50 ({refs[2]})"))
    paying.presses("olga", "make_payment")
    assert [each.name for each in paying.card("olga").papers] == ["PAY-1.csv", "PAY-1.xml"]
    rows = file(paying, "PAY-1.csv").make().decode("utf-8-sig").split("\r\n")
    assert rows[1] == f"PAY-1,Ana Costa,ana,{ANAS},55.00,EUR,{refs[0]} {refs[1]}"
    with pytest.raises(Refusal, match="no IBAN yet for Tom Becker"):
        file(paying, "PAY-1.xml")
    with paying.store.writing() as session:
        tables.load(session, ACCOUNTS, BankAccount, [{"since": "2026-01-01", "person": "tom", "iban": TOMS}], by=None)
    root = ElementTree.fromstring(file(paying, "PAY-1.xml").make())
    name = {"x": root.tag[1:].partition("}")[0]}
    assert name["x"].endswith("pain.001.001.09")
    assert [each.text for each in root.iterfind(".//x:CtrlSum", name)] == ["82.50", "82.50"]
    assert [each.text for each in root.iterfind(".//x:CdtTrfTxInf//x:IBAN", name)] == [ANAS, TOMS]
    post = paying.presses("olga", "pay")
    assert "PAY-1 is paid" in post.text
    assert [paying.state(int(each[3:])) for each in refs] == ["done", "done", "done"]
    assert "paid" in paying.shown("ana")[-1].text


def test_a_batch_is_paid_once_and_what_is_in_one_is_in_no_other(paying: Office) -> None:
    approved(paying, "ana")
    paying.says("olga", "pay", meant=OWED)
    paying.presses("olga", "make_payment")
    assert "nothing to pay back" in paying.says("olga", "pay", meant=OWED).text
    first, second = paying.button("olga", "pay", on="PAY-1").token, paying.button("olga", "pay", on="PAY-1").token
    paying.presses_token("olga", first)
    assert "already" in paying.presses_token("olga", second).text
    assert paying.state(1) == "done"


def test_what_was_given_up_can_be_paid_again_and_what_was_withdrawn_is_left_out(paying: Office) -> None:
    ref = approved(paying, "ana")
    approved(paying, "tom", merchant="Bus")
    paying.says("olga", "pay", meant=OWED)
    paying.presses("olga", "make_payment")
    paying.presses("olga", "drop_payment", on="PAY-1")
    paying.says("olga", "pay", meant=OWED)
    paying.presses("olga", "make_payment")
    paying.presses("ana", "withdraw", on=ref)
    post = paying.presses("olga", "pay", on="PAY-2")
    assert ref in post.text
    assert [paying.state(1), paying.state(2)] == ["withdrawn", "done"]


def test_nobody_but_finance_sees_or_makes_a_payment(paying: Office) -> None:
    approved(paying, "ana")
    assert "for finance" in (paying.says("tom", "pay", meant=OWED).refusal or "")
    paying.says("olga", "pay", meant=OWED)
    paying.presses("olga", "make_payment")
    with pytest.raises(Refusal, match="no such file"):
        file(paying, "PAY-1.csv", who="maria")


def test_an_iban_with_a_slip_is_refused(office: Office) -> None:
    slip = [{"since": "2026-01-01", "person": "ana", "iban": "DE89370400440532013001"}]
    with office.store.writing() as session, pytest.raises(Refusal, match="check digits"):
        tables.load(session, ACCOUNTS, BankAccount, slip, by=None)
