"""Invoices: what a supplier asks for, matched with the order that it is for, and approved as policy says."""

import re
from collections.abc import Mapping, Sequence
from datetime import date as Day
from decimal import Decimal
from typing import Any, ClassVar

from pydantic import Field

from backend.desk import Desk
from backend.forms import MOST_FILES, Files, Form, Widget, blank
from backend.invoicing import Ordered
from backend.kinds import Ask, Fact, Kind, Objection, Prefilled, Sort
from backend.rates import UNKNOWN, UNPRICED, Rate, rounded
from backend.words import Money, say
from knowledge.receipts import ASK, DUPLICATE, INVOICE, Receipt, compare_pages
from knowledge.receipts.comparing import same_merchant
from tools.expense_money import rate_for

SURELY, PERHAPS = 3, 0
"""How well a file suits this kind: an invoice with its order, or anything else."""


class InvoiceForm(Form):
    """What is said once: which order it is for."""

    order: str = blank("Order", question="Which order is it for? Write its number, such as PO-3.", pattern=r"^PO-\d+$")
    note: str = blank("Note", widget=Widget.LONG, free_text=True, default="")


class InvoiceLine(Form):
    """One invoice for that order."""

    amount: Decimal = blank(
        "Amount", question="What does it come to, with tax?", widget=Widget.MONEY, gt=0, max_digits=12, decimal_places=2
    )
    currency: str = blank("Currency", default="EUR", pattern="^[A-Z]{3}$")
    date: Day = blank("Date", question="When is it from?")
    merchant: str = blank("Vendor", default="", max_length=200)
    document_number: str = blank("Document number", free_text=True, default="", max_length=60)
    tax: Decimal | None = blank("Tax", widget=Widget.MONEY, free_text=True, default=None, ge=0, decimal_places=2)
    tax_id: str = blank("Tax number", free_text=True, default="", max_length=40)
    receipt: Files = blank("Invoice", free_text=True, default=(), max_length=MOST_FILES)
    not_twice: str = blank("No duplicate, because", free_text=True, default="", max_length=500)
    rate: Decimal = blank("Exchange rate", free_text=True, told=False, default=Decimal(1), ge=0, decimal_places=6)


class InvoiceLimits(Form):
    """By how much an invoice may differ from its order, and who pays it.

    tolerance_percent  of what was ordered, with or without tax; tolerance_amount: in money; the larger one holds
    pays               the role that pays it once it is approved; empty: nobody has to
    """

    tolerance_percent: Decimal = Field(default=Decimal(2), ge=0, le=100)
    tolerance_amount: Decimal = Field(default=Decimal(5), ge=0)
    pays: str = "finance"


Lines = Sequence[InvoiceLine]


class Invoice(Kind[InvoiceForm]):
    """Asks for a supplier to be paid."""

    name = "invoice"
    prefix = "IN"
    title = "Invoice"
    form = InvoiceForm
    line = InvoiceLine
    policy = InvoiceLimits
    tables: ClassVar[Mapping[str, type[Form]]] = {"rates": Rate}
    done_word = "paid"
    keeper = "finance"
    reads = True

    def suits(self, read: Mapping[str, Any], desk: Desk) -> int:
        receipt = Receipt.from_doc(read)
        return SURELY if receipt.kind == INVOICE and _order_of(receipt, desk) is not None else PERHAPS

    def prefill(self, read: Mapping[str, Any], desk: Desk) -> Prefilled:
        receipt = Receipt.from_doc(read)
        order = _order_of(receipt, desk)
        names = {"total": "amount"}
        taxes = [each.tax for each in receipt.taxes if each.tax is not None]
        values: dict[str, Any] = {
            "order": order.ref if order else None,
            "amount": receipt.total if receipt.total and receipt.total > 0 else None,
            "currency": receipt.currency,
            "date": receipt.day,
            "merchant": (receipt.merchant or "")[:200] or None,
            "document_number": (receipt.document_number or "")[:60] or None,
            "tax_id": (receipt.tax_id or "")[:40] or None,
            "tax": sum(taxes, Decimal(0)) if taxes else None,
        }
        filled = {name: value for name, value in values.items() if value is not None}
        doubts = {names.get(each, each): list(receipt.candidates.get(each, ()))[:4] for each in receipt.ask}
        return Prefilled(filled, {name: found for name, found in doubts.items() if name in filled})

    def fill_line(self, values: dict[str, Any], desk: Desk) -> dict[str, Any]:
        out = {"currency": desk.currency, **values}
        return {**out, "rate": rate_for(str(out["currency"]), out.get("date") or desk.today, desk)}

    def summary(self, form: InvoiceForm, lines: Lines, language: str) -> str:
        vendor = next((each.merchant for each in lines if each.merchant), say(language, self.title))
        sums: dict[str, Decimal] = {}
        for each in lines:
            sums[each.currency] = sums.get(each.currency, Decimal(0)) + each.amount
        amount = " + ".join(Money(sum_, currency).said_in(language) for currency, sum_ in sums.items())
        return ", ".join(each for each in (vendor, form.order, amount) if each)

    def amount(self, form: InvoiceForm, lines: Lines) -> Decimal | None:
        """In the employer's currency; more than any limit as long as a rate is missing."""
        if any(each.rate == UNKNOWN for each in lines):
            return UNPRICED
        return sum((each.amount * each.rate for each in lines), Decimal(0))

    def work(self, form: InvoiceForm, lines: Lines, desk: Desk) -> list[list[Ask]]:
        limits: InvoiceLimits = desk.limits
        return [[Ask((limits.pays,), limits.pays, sort=Sort.WORK, label="pay the invoice")]] if limits.pays else []

    def reserve(self, form: InvoiceForm, lines: Lines, desk: Desk) -> None:
        desk.note_files(page for each in lines for page in each.receipt)

    def check(self, form: InvoiceForm, lines: Lines, desk: Desk) -> list[Objection]:
        order = _named(form.order, desk)
        if order is None:
            text = "{ref} is no order of yours: its invoice is sent by whoever ordered it, or by finance."
            return [Objection(text, {"ref": form.order}, "order", blocks=True)]
        out = [*_differences(order, lines, desk)]
        for line in lines:
            out += _sent_before(line, desk)
        return out

    def facts(self, form: InvoiceForm, lines: Lines, desk: Desk) -> list[Fact]:
        order = _named(form.order, desk)
        if order is None:
            return []
        values = {"ref": order.ref, "request": order.request, "total": Money(order.total, order.currency)}
        out = [Fact("Order", "{ref} ({request}): {total}", values)]
        if order.invoiced:
            out.append(Fact("Invoiced before", "{amount}", {"amount": Money(order.invoiced, order.currency)}))
        return out


def _named(number: str, desk: Desk) -> Ordered | None:
    """The order with that number, where its invoice is the person's to send."""
    digits = re.search(r"(\d{1,9})\s*$", number)
    return next(iter(desk.orders_in_reach(int(digits[1]))), None) if digits else None


def _order_of(receipt: Receipt, desk: Desk) -> Ordered | None:
    """The order that an invoice is for: by its number, else the only one of that vendor and amount."""
    if receipt.order_number and (named := _named(receipt.order_number, desk)) is not None:
        return named
    fitting = [
        each
        for each in desk.orders_in_reach()
        if receipt.merchant and each.vendor and same_merchant(receipt.merchant, each.vendor)
        if receipt.total is not None and any(_near(desk, amount, each.left) for amount in _amounts(receipt))
    ]
    return fitting[0] if len(fitting) == 1 else None


def _amounts(receipt: Receipt) -> list[Decimal]:
    """What it comes to, with tax and without: orders are written either way."""
    total, tax = receipt.total or Decimal(0), sum((each.tax or Decimal(0) for each in receipt.taxes), Decimal(0))
    return [total, total - tax]


def _near(desk: Desk, amount: Decimal, ordered: Decimal) -> bool:
    limits: InvoiceLimits = desk.limits
    percent = rounded(ordered * limits.tolerance_percent / 100, desk.currency)
    return abs(amount - ordered) <= max(percent, limits.tolerance_amount)


def _differences(order: Ordered, lines: Lines, desk: Desk) -> list[Objection]:
    """Where the invoice says something else than the order."""
    out: list[Objection] = []
    total, tax = sum((each.amount for each in lines), Decimal(0)), sum((each.tax or 0 for each in lines), Decimal(0))
    other = [each.currency for each in lines if each.currency != order.currency]
    if other:
        values: dict[str, object] = {"currency": other[0], "ordered": order.currency}
        out.append(Objection("It is in {currency}; the order was in {ordered}.", values, "currency"))
    elif not any(_near(desk, amount, order.left) for amount in (total, total - tax)):
        values = {"amount": Money(abs(total - order.left), order.currency), "left": Money(order.left, order.currency)}
        more = total > order.left
        text = "{amount} more than what is left of the order, {left}."
        text = text if more else "{amount} less than what is left of the order, {left}."
        out.append(Objection(text, values, "amount", limit="tolerance_percent"))
    for each in lines:
        if order.vendor and each.merchant and not same_merchant(each.merchant, order.vendor):
            values = {"vendor": order.vendor, "merchant": each.merchant}
            out.append(Objection("It is from {merchant}; the order went to {vendor}.", values, "merchant"))
    if order.missing:
        out.append(Objection("Not everything has arrived: {count} still to come.", {"count": order.missing}))
    return out


def _sent_before(line: InvoiceLine, desk: Desk) -> list[Objection]:
    """The same invoice on another request."""
    mine = [Receipt.from_doc(each) for each in desk.read_of(line.receipt)]
    found: dict[str, str] = {}
    for each in desk.twins(line.receipt):
        other = [Receipt.from_doc(page) for page in each.docs]
        verdict = DUPLICATE if each.same_file else compare_pages(mine, other) if mine and other else ""
        if verdict in (DUPLICATE, ASK) and found.get(each.ref) != DUPLICATE:
            found[each.ref] = verdict
    out: list[Objection] = []
    for ref, verdict in sorted(found.items()):
        blocks = verdict == DUPLICATE and not line.not_twice
        text = {
            (True, True): "This invoice is on {ref} already.",
            (True, False): "This invoice was sent before.",
            (False, True): "This invoice may be on {ref} already: is it the same?",
            (False, False): "This invoice may have been sent before: is it the same?",
        }[verdict == DUPLICATE, bool(ref)]
        out.append(Objection(text, {"ref": ref} if ref else {}, "receipt", blocks=blocks, unless="not_twice"))
    return out


KIND = Invoice()
