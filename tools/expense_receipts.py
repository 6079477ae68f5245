"""Receipts of an expense: what a photo fills in, and what is said where it was sent before or says something else."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from backend.desk import Desk
from backend.kinds import Fact, Objection, Prefilled
from backend.words import Money, Titles
from knowledge.receipts import ASK, DUPLICATE, Receipt, compare_pages, joined, whole
from tools.expense_lines import WITHOUT_RECEIPT, Category, ExpenseLimits, ExpenseLine, TaxOfRate

FIELDS = {"total": "amount", "tax": "tax", "date": "date"}
"""What the reader calls otherwise than the form."""

TITLES = {"amount": "Amount", "date": "Date", "merchant": "Merchant", "tax_id": "Tax number"}
"""What is compared with the receipt, by what it is called."""

_CATEGORIES = frozenset(each.value for each in Category if each not in WITHOUT_RECEIPT)


def prefill(read: Mapping[str, Any], desk: Desk) -> Prefilled:
    """The values of a line, and which of them may be wrong; what was paid for before decides the category."""
    receipt = Receipt.from_doc(read)
    values: dict[str, Any] = {
        "amount": receipt.total if receipt.total and receipt.total > 0 else None,
        "currency": receipt.currency,
        "date": receipt.day,
        "merchant": receipt.merchant[:200] if receipt.merchant else None,
        "tax_id": receipt.tax_id[:40] if receipt.tax_id else None,
        "document_number": receipt.document_number[:60] if receipt.document_number else None,
        **_taxes(receipt),
    }
    doubts = {FIELDS.get(name, name): list(receipt.candidates.get(name, ()))[:4] for name in receipt.ask}
    before = desk.usual_category(receipt.merchant or "")
    if before in _CATEGORIES:
        values["category"] = before
        doubts.pop("category", None)
    elif receipt.category in _CATEGORIES:
        values["category"] = receipt.category
    if "category" in doubts:
        doubts["category"] = [each for each in doubts["category"] if each in _CATEGORIES]
    filled = {name: value for name, value in values.items() if value is not None}
    return Prefilled(filled, {name: found for name, found in doubts.items() if name in filled})


def _taxes(receipt: Receipt) -> dict[str, Any]:
    """One rate fills the fields for it; several stand together in one, with their sum."""
    whole = [each for each in receipt.taxes if None not in (each.rate, each.base, each.tax)]
    if len(receipt.taxes) > 1 and len(whole) == len(receipt.taxes):
        rates = [TaxOfRate(each.rate or Decimal(0), each.base or Decimal(0), each.tax or Decimal(0)) for each in whole]
        return {
            "tax_lines": "; ".join(each.written() for each in rates),
            "tax": sum((each.tax for each in rates), Decimal(0)),
            "tax_base": sum((each.base for each in rates), Decimal(0)),
        }
    if len(receipt.taxes) == 1:
        only = receipt.taxes[0]
        return {"tax_rate": only.rate, "tax_base": only.base, "tax": only.tax}
    return {}


def objections(line: ExpenseLine, limits: ExpenseLimits, desk: Desk) -> Iterator[Objection]:
    """What the receipt of a line speaks against it: sent before, another amount, things that are not paid."""
    if not line.receipt:
        return
    if len(line.receipt) > limits.most_pages:
        values = {"count": limits.most_pages}
        yield Objection("One receipt is of {count} files at most.", values, "receipt", blocks=True, limit="most_pages")
    yield from _sent_before(line, desk)
    receipt = read_of(line, desk)
    if receipt is None or receipt.error is not None:
        return
    sure = "total" not in receipt.ask and receipt.currency in (None, line.currency)
    if sure and receipt.total is not None and line.amount > receipt.total + (line.tip or 0):
        values = {"read": Money(receipt.total, line.currency)}
        yield Objection("The receipt says {read}, which is less.", values, "amount")
    if receipt.our_tax_id_on_it is False and "tax_id" in limits.wanted_on_receipts:
        yield Objection("The company's tax number is not on the receipt.", field="receipt", limit="wanted_on_receipts")
    for word in dict.fromkeys(found for each in receipt.lines for found in limits.unpaid_in(each)):
        values = {"word": word}
        yield Objection("The receipt mentions “{word}”, which is not paid.", values, "receipt", limit="not_paid")


def read_of(line: ExpenseLine, desk: Desk) -> Receipt | None:
    """What was read of a line's receipt, all its pages together; None where nothing was."""
    return whole(desk.read_of(line.receipt))


def _pages_of(line: ExpenseLine, desk: Desk) -> list[Receipt]:
    return [Receipt.from_doc(each) for each in desk.read_of(line.receipt)]


def _sent_before(line: ExpenseLine, desk: Desk) -> Iterator[Objection]:
    """The same receipt on another request, by whomever: it blocks until somebody says why it is none."""
    verdicts: dict[str, str] = {}
    pages = _pages_of(line, desk)
    for each in desk.twins(line.receipt):
        if each.same_file:
            verdict = DUPLICATE
        elif not pages or not each.docs:
            continue
        else:
            verdict = compare_pages(pages, [Receipt.from_doc(page) for page in each.docs])
        if verdict in (DUPLICATE, ASK) and verdicts.get(each.ref) != DUPLICATE:
            verdicts[each.ref] = verdict
    for ref, verdict in sorted(verdicts.items()):
        surely = verdict == DUPLICATE
        text = {
            (True, True): "This receipt is on {ref} already.",
            (True, False): "This receipt was sent with another request already.",
            (False, True): "This may be the receipt that is on {ref}: is it the same?",
            (False, False): "This may be a receipt that was sent with another request: is it the same?",
        }[surely, bool(ref)]
        blocks = surely and not line.not_twice
        yield Objection(text, {"ref": ref} if ref else {}, "receipt", blocks=blocks, unless="not_twice")


def alike(lines: Sequence[ExpenseLine], desk: Desk) -> Iterator[Objection]:
    """The same receipt in two lines of one report."""
    seen: list[tuple[ExpenseLine, list[Receipt]]] = []
    for line in lines if len(lines) > 1 else ():
        pages = [each for each in _pages_of(line, desk) if each.error is None]
        if not pages:
            continue
        for other, earlier in seen:
            verdict = compare_pages(pages, earlier)
            if verdict == DUPLICATE or (verdict == ASK and joined(pages).total == joined(earlier).total):
                values = {"one": other.nth, "other": line.nth}
                text = "Lines {one} and {other} have the same receipt."
                blocks = verdict == DUPLICATE and not line.not_twice
                yield Objection(text, values, "receipt", blocks=blocks, unless="not_twice")
        seen.append((line, pages))


def facts(lines: Sequence[ExpenseLine], desk: Desk) -> list[Fact]:
    """What whoever decides should know: what stands as it was read, and where a line says something else."""
    out: list[Fact] = []
    agree: list[set[str]] = []
    for line in lines:
        receipt = read_of(line, desk)
        if receipt is None or receipt.error is not None:
            agree.append(set())
            continue
        values = {"amount": receipt.total, "date": receipt.day, "merchant": receipt.merchant, "tax_id": receipt.tax_id}
        agree.append({name for name, value in values.items() if value is not None and value == getattr(line, name)})
        other: list[object] = []
        if receipt.total is not None and receipt.total != line.amount:
            other.append(Money(receipt.total, receipt.currency or line.currency))
        if receipt.day is not None and receipt.day != line.date:
            other.append(receipt.day)
        out += [Fact("The receipt says", "{what}", {"what": each}) for each in other]
    same = [name for name in TITLES if agree and all(name in each for each in agree)]
    if same:
        out.insert(0, Fact("As on the receipt", "{what}", {"what": Titles(tuple(TITLES[each] for each in same))}))
    return out
