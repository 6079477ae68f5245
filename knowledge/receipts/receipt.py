"""What was read from a receipt or an invoice, and how sure of each part of it the reading is."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from knowledge.pages.page import Note, notes_from

RECEIPT, INVOICE = "receipt", "invoice"

FIELDS = ("merchant", "date", "total", "currency", "tax", "tax_id", "document_number", "category")
"""The names under which confidences, candidates and questions stand."""


@dataclass(frozen=True)
class Tax:
    """One line of tax: the rate in %, what it is taken of, and how much it is; what is not printed is None."""

    rate: Decimal | None
    base: Decimal | None
    tax: Decimal | None


@dataclass(frozen=True)
class Receipt:
    """A receipt or an invoice as read; what could not be read is None or empty.

    merchant            the seller, as printed
    day                 when it was paid, or the invoice's date
    total               what was paid or is to be paid, tax included
    currency            three letters; the company's own if none is printed (then with less confidence)
    taxes               its lines of tax
    tax_id              the seller's, without blanks
    document_number     of the receipt or invoice
    category            a category's name: meals, transport, lodging, ..., or None
    our_tax_id_on_it    whether the company's own tax id is printed; None if the company has none
    kind                RECEIPT or INVOICE (one that names its buyer, to be paid or matched with an order)
    order_number        the purchase order that an invoice names
    confidence          how likely each of FIELDS is right, 0 to 1; a field that was not found is missing
    ask                 which of FIELDS to ask about, the doubtful ones
    candidates          for each field the values it may have, as text, likeliest first (dates in ISO, plain decimals)
    numbers             every number printed, sorted, as often as it stands there: to tell copies from others
    lines               the text, line by line
    codes               what a fiscal code on it says: name of the fact to its value, as text
    pages_read, pages   of how many pages how many were read
    notes               what to say about the reading
    error               why nothing could be read, in one sentence; then all else is empty
    sha256              of the file
    picture_hash        256 bits in hexadecimal that stay near for the same picture; "" where there is none
    """

    merchant: str | None = None
    day: date | None = None
    total: Decimal | None = None
    currency: str | None = None
    taxes: tuple[Tax, ...] = ()
    tax_id: str | None = None
    document_number: str | None = None
    category: str | None = None
    our_tax_id_on_it: bool | None = None
    kind: str = RECEIPT
    order_number: str | None = None
    confidence: Mapping[str, float] = field(default_factory=dict[str, float])
    ask: tuple[str, ...] = ()
    candidates: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    numbers: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict[str, str])
    pages_read: int = 0
    pages: int = 0
    notes: tuple[Note, ...] = ()
    error: Note | None = None
    sha256: str = ""
    picture_hash: str = ""

    def as_doc(self) -> dict[str, Any]:
        """As JSON can hold it: days in ISO, amounts as text."""
        doc = asdict(self)
        doc["day"] = self.day.isoformat() if self.day else None
        doc["total"] = None if self.total is None else str(self.total)
        doc["taxes"] = [
            {name: None if value is None else str(value) for name, value in asdict(each).items()} for each in self.taxes
        ]
        return doc

    @classmethod
    def from_doc(cls, doc: Mapping[str, Any]) -> "Receipt":
        """The receipt that `as_doc` wrote down."""
        held = dict(doc)
        held["day"] = date.fromisoformat(doc["day"]) if doc["day"] else None
        held["total"] = _amount(doc["total"])
        held["taxes"] = tuple(Tax(**{name: _amount(value) for name, value in each.items()}) for each in doc["taxes"])
        held["candidates"] = {name: tuple(values) for name, values in doc["candidates"].items()}
        held["notes"] = notes_from(doc["notes"])
        held["error"] = Note(**doc["error"]) if doc["error"] else None
        for name in ("ask", "numbers", "lines"):
            held[name] = tuple(doc[name])
        return cls(**held)


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
