"""The order as a supplier reads it: a PDF, the same bytes whenever it is made from the same order."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import escape
from io import BytesIO
from typing import Any, cast

from backend.words import Money, Title, say, write

FONT, BOLD = "Vera", "VeraBd"
"""Bitstream Vera comes with reportlab and has the letters of Western European languages."""


@dataclass(frozen=True)
class Ordered:
    """One line of an order; price is for one piece, where it is known."""

    item: str
    quantity: int
    price: Decimal | None
    total: Decimal
    link: str = ""


@dataclass(frozen=True)
class Sheet:
    """Everything that stands on an order.

    ref       "PO-3"; request: "PR-12"
    buyer     the employer that orders, with its address and tax id
    language  that it is written in
    """

    ref: str
    request: str
    day: date
    buyer: str
    address: str
    tax_id: str
    vendor: str
    deliver_to: str
    contact: str
    needed_by: date | None
    cost_centre: str
    currency: str
    lines: tuple[Ordered, ...]
    language: str = "en"

    @property
    def total(self) -> Decimal:
        return sum((each.total for each in self.lines), Decimal(0))


def pdf(sheet: Sheet) -> bytes:
    """The order as a PDF of A4 pages. Letters that the font lacks are written without their accents, or as "?"."""
    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.lib.units import mm
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

    for name in (FONT, BOLD):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, f"{name}.ttf"))
    known = cast(Any, pdfmetrics.getFont(FONT)).face.charToGlyph
    plain = ParagraphStyle("plain", fontName=FONT, fontSize=9, leading=13)
    right = ParagraphStyle("right", parent=plain, alignment=2)
    strong = ParagraphStyle("strong", parent=plain, fontName=BOLD)
    large = ParagraphStyle("large", parent=strong, fontSize=16, leading=22)

    def words(text: str, style: Any = plain) -> Any:
        return Paragraph("<br/>".join(escape(_printable(each, known)) for each in text.splitlines()), style)

    def titled(title: Title, style: Any = strong) -> Any:
        return words(title.said_in(sheet.language), style)

    def money(amount: Decimal | None, style: Any = right) -> Any:
        return words("" if amount is None else Money(amount, sheet.currency).said_in(sheet.language), style)

    facts = [
        (Title("Order number"), sheet.ref),
        (Title("Request"), sheet.request),
        (Title("Date"), write(sheet.language, sheet.day)),
        (Title("Vendor"), sheet.vendor),
        (Title("Deliver to"), sheet.deliver_to),
        (Title("Needed by"), write(sheet.language, sheet.needed_by)),
        (Title("Contact"), sheet.contact),
        (Title("Cost centre"), sheet.cost_centre),
    ]
    figures = (Title("Quantity"), Title("Price each"), Title("Total"))
    rows = [[titled(Title("Item")), *(titled(each, right) for each in figures)]]
    for each in sheet.lines:
        item = f"{each.item}\n{each.link}" if each.link else each.item
        rows.append([words(item), words(str(each.quantity), right), money(each.price), money(each.total)])
    bold = ParagraphStyle("bold", parent=right, fontName=BOLD)
    rows.append([titled(Title("In all")), "", "", money(sheet.total, bold)])
    tax_id = say(sheet.language, "Tax id: {tax_id}", tax_id=sheet.tax_id) if sheet.tax_id else ""
    line, none = colors.HexColor("#999999"), colors.white
    story: list[Any] = [
        words(sheet.buyer, strong),
        words("\n".join(filter(None, (sheet.address, tax_id)))),
        Spacer(1, 8 * mm),
        words(say(sheet.language, "Purchase order {order}", order=sheet.ref), large),
        Spacer(1, 4 * mm),
        Table(
            [[titled(title), words(text)] for title, text in facts if text],
            colWidths=[38 * mm, 132 * mm],
            style=[("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBELOW", (0, 0), (-1, -1), 0.25, none)],
        ),
        Spacer(1, 8 * mm),
        Table(
            rows,
            colWidths=[86 * mm, 22 * mm, 30 * mm, 32 * mm],
            repeatRows=1,
            style=[("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBELOW", (0, 0), (-1, -1), 0.5, line)],
        ),
    ]
    out = BytesIO()
    title = _printable(f"{sheet.ref} {sheet.buyer}", known)
    page = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=20 * mm, rightMargin=20 * mm, title=title, author=sheet.buyer, invariant=1
    )
    page.build(story)
    return out.getvalue()


def _printable(text: str, known: Any) -> str:
    """The text in letters that the font has: the others without their accents, or as "?"."""
    out: list[str] = []
    for letter in unicodedata.normalize("NFC", text).replace("\u202f", " ").replace("\xa0", " "):
        if ord(letter) in known:
            out.append(letter)
        else:
            bare = [each for each in unicodedata.normalize("NFKD", letter) if ord(each) in known]
            out.append("".join(bare) or "?")
    return "".join(out)
