"""The invoice as data that some PDFs carry: Factur-X, ZUGFeRD and XRechnung, in either of their two grammars."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from knowledge.receipts.receipt import Receipt, Tax

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def read(xml: str) -> Receipt | None:
    """What the data says, without any confidence; None if it cannot be read or is no invoice."""
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException, ElementTree

    try:
        root: Element = ElementTree.fromstring(xml.encode())
    except (ParseError, DefusedXmlException, ValueError):
        return None
    name = _name(root)
    if name in ("CrossIndustryInvoice", "CrossIndustryDocument"):
        return _industry(root)
    return _universal(root) if name in ("Invoice", "CreditNote") else None


def _industry(root: "Element") -> Receipt:
    seller = _first(root, "SellerTradeParty")
    sums = _first(root, "SpecifiedTradeSettlementHeaderMonetarySummation", "SpecifiedTradeSettlementMonetarySummation")
    document = _first(root, "ExchangedDocument", "HeaderExchangedDocument")
    settlement = _first(root, "ApplicableHeaderTradeSettlement", "ApplicableSupplyChainTradeSettlement")
    order = _first(root, "BuyerOrderReferencedDocument")
    taxes = tuple(
        Tax(
            _amount(_text(each, "RateApplicablePercent") or _text(each, "ApplicablePercent")),
            _amount(_text(each, "BasisAmount")),
            _amount(_text(each, "CalculatedAmount")),
        )
        for each in (settlement if settlement is not None else ())
        if _name(each) == "ApplicableTradeTax"
    )
    return Receipt(
        merchant=_text(seller, "Name"),
        day=_day(_text(_first(document, "IssueDateTime"), "DateTimeString")),
        total=_amount(_text(sums, "GrandTotalAmount")),
        currency=_text(settlement, "InvoiceCurrencyCode"),
        taxes=taxes,
        tax_id=_tax_id(seller),
        document_number=_text(document, "ID"),
        order_number=_text(order, "IssuerAssignedID") or _text(order, "ID"),
    )


def _universal(root: "Element") -> Receipt:
    seller = _first(root, "AccountingSupplierParty")
    sums = _first(root, "LegalMonetaryTotal")
    total = _first(root, "TaxTotal")
    taxes = tuple(
        Tax(_amount(_text(each, "Percent")), _amount(_text(each, "TaxableAmount")), _amount(_text(each, "TaxAmount")))
        for each in (total if total is not None else ())
        if _name(each) == "TaxSubtotal"
    )
    legal = _first(seller, "PartyLegalEntity")
    return Receipt(
        merchant=_text(_first(seller, "PartyName"), "Name") or _text(legal, "RegistrationName"),
        day=_day(_text(root, "IssueDate")),
        total=_amount(_text(sums, "TaxInclusiveAmount") or _text(sums, "PayableAmount")),
        currency=_text(root, "DocumentCurrencyCode"),
        taxes=taxes,
        tax_id=_text(_first(seller, "PartyTaxScheme"), "CompanyID"),
        document_number=next((_said(each) for each in root if _name(each) == "ID"), None),
        order_number=_text(_first(root, "OrderReference"), "ID"),
    )


def _tax_id(seller: "Element | None") -> str | None:
    """The seller's VAT number, else its national one."""
    held = {
        next(iter(each.attrib.values()), ""): _said(each)
        for register in _all(seller, "SpecifiedTaxRegistration")
        for each in register
        if _name(each) == "ID"
    }
    return held.get("VA") or next(iter(held.values()), None)


def _name(element: "Element") -> str:
    return element.tag.rpartition("}")[2]


def _all(element: "Element | None", *names: str) -> "Iterator[Element]":
    return (each for each in (element.iter() if element is not None else ()) if _name(each) in names)


def _first(element: "Element | None", *names: str) -> "Element | None":
    return next(_all(element, *names), None)


def _text(element: "Element | None", name: str) -> str | None:
    return next((text for each in _all(element, name) if (text := _said(each))), None)


def _said(element: "Element") -> str | None:
    return " ".join((element.text or "").split())[:200] or None


def _amount(text: str | None) -> Decimal | None:
    try:
        value = Decimal(text) if text else None
    except InvalidOperation:
        return None
    return value if value is not None and value.is_finite() else None


def _day(text: str | None) -> date | None:
    found = re.match(r"(\d{4})-?(\d\d)-?(\d\d)", text or "")
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
