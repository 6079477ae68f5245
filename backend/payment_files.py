"""The files of a payment: a CSV for anybody, and a SEPA credit transfer (pain.001.001.09) for the bank."""

import csv
import io
import re
import unicodedata
from xml.etree import ElementTree

from sqlalchemy.orm import Session

from backend import payments
from backend.cells import cell
from backend.payments import Payable, Payment
from backend.people import Employer
from backend.refusals import Refusal
from backend.store import now

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
SEPA = "EUR"
_ALLOWED = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
HEAD = ("payment", "name", "handle", "iban", "amount", "currency", "requests")


def as_csv(session: Session, payment: Payment) -> bytes:
    """A row for each person: who gets how much, where to, and for which requests."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEAD)
    currency = session.get_one(Employer, payment.employer_id).currency
    for each in payments.shares(session, payment):
        iban = each.account.iban if each.account else ""
        amount, refs = f"{each.amount:.2f}", " ".join(each.refs)
        row = (payment.ref, each.person.name, each.person.handle, iban, amount, currency, refs)
        writer.writerow(map(cell, row))
    return out.getvalue().encode("utf-8-sig")


def as_sepa(session: Session, payment: Payment) -> bytes:
    """The same as a credit transfer that banks take; a Refusal says whose account is missing."""
    employer = session.get_one(Employer, payment.employer_id)
    own, shares = payments.own_account(session, employer), payments.shares(session, payment)
    if employer.currency != SEPA:
        raise Refusal("A SEPA file is in euros, and this payment is in {currency}.", currency=employer.currency)
    if own is None:
        raise Refusal("There is no IBAN of {employer} yet: load it into the table of accounts.", employer=employer.name)
    without = [each.person.name for each in shares if each.account is None]
    if without:
        raise Refusal("There is no IBAN yet for {names}: load it into the table of accounts.", names=", ".join(without))
    document = ElementTree.Element("Document", xmlns=NAMESPACE)
    root = ElementTree.SubElement(document, "CstmrCdtTrfInitn")
    total = f"{sum(each.amount for each in shares):.2f}"
    stamp = payment.made_at.strftime("%Y%m%d")
    message = f"BACKDESK-{stamp}-{payment.id}"
    _put(
        root,
        "GrpHdr",
        ("MsgId", message),
        ("CreDtTm", payment.made_at.strftime("%Y-%m-%dT%H:%M:%S")),
        ("NbOfTxs", str(len(shares))),
        ("CtrlSum", total),
    )
    _put(root[0], "InitgPty", ("Nm", _plain(employer.name, 70)))
    info = _put(root, "PmtInf", ("PmtInfId", message), ("PmtMtd", "TRF"), ("BtchBookg", "true"))
    _put(info, "", ("NbOfTxs", str(len(shares))), ("CtrlSum", total))
    _put(_put(info, "PmtTpInf"), "SvcLvl", ("Cd", "SEPA"))
    _put(info, "ReqdExctnDt", ("Dt", now(session).date().isoformat()))
    _put(info, "Dbtr", ("Nm", _plain(employer.name, 70)))
    _put(_put(info, "DbtrAcct"), "Id", ("IBAN", own.iban))
    _agent(info, "DbtrAgt", own.bic)
    _put(info, "", ("ChrgBr", "SLEV"))
    for nth, each in enumerate(shares, start=1):
        _transfer(info, each, id=f"{message}-{nth}")
    return ElementTree.tostring(document, encoding="UTF-8", xml_declaration=True)


def _transfer(info: ElementTree.Element, share: Payable, *, id: str) -> None:
    assert share.account is not None
    one = _put(info, "CdtTrfTxInf")
    _put(one, "PmtId", ("EndToEndId", id[:35]))
    amount = ElementTree.SubElement(_put(one, "Amt"), "InstdAmt", Ccy=SEPA)
    amount.text = f"{share.amount:.2f}"
    if share.account.bic:
        _agent(one, "CdtrAgt", share.account.bic)
    _put(one, "Cdtr", ("Nm", _plain(share.person.name, 70)))
    _put(_put(one, "CdtrAcct"), "Id", ("IBAN", share.account.iban))
    _put(one, "RmtInf", ("Ustrd", _plain("Expenses " + " ".join(share.refs), 140)))


def _agent(into: ElementTree.Element, name: str, bic: str) -> None:
    bank = _put(_put(into, name), "FinInstnId")
    if bic:
        _put(bank, "", ("BICFI", bic))
    else:
        _put(bank, "Othr", ("Id", "NOTPROVIDED"))


def _put(into: ElementTree.Element, name: str, *texts: tuple[str, str]) -> ElementTree.Element:
    """An element with simple ones in it; without a name, those are put into `into` itself."""
    element = ElementTree.SubElement(into, name) if name else into
    for each, text in texts:
        ElementTree.SubElement(element, each).text = text
    return element


def _plain(text: str, most: int) -> str:
    """The letters that every bank takes."""
    flat = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _ALLOWED.sub(" ", flat).strip()[:most] or "-"
