"""Receipts made for tests: as lines with boxes, as pictures and as PDFs, all from the same plain text."""

import io
import re
from typing import TYPE_CHECKING

from knowledge.pages.page import PICTURE, Box, Line, Page, Paper

if TYPE_CHECKING:
    from PIL.Image import Image

CAFE = """
   CASA LUIS COMIDAS S.L.
   NIF B12345674
   Calle Mayor 5, 28013 Madrid
   Factura simplificada: T-000417
   Fecha: 17/11/2026  14:22
   2 Menu del dia      12,50     25,00
   2 Cafe solo          1,80      3,60
   Base imponible 10%            26,00
   IVA 10%                        2,60
   TOTAL EUR                     28,60
   Efectivo                      50,00
   Cambio                        21,40
   Gracias por su visita
"""


def paper(text: str, **kept: str) -> Paper:
    """As it would have been read without a mistake."""
    lines: list[Line] = []
    down = 20.0
    for raw in text.strip("\n").split("\n"):
        down += 22
        for found in re.finditer(r"\S+(?: \S+)*", raw):
            box = Box(20 + found.start() * 9, down, 20 + found.end() * 9, down + 16)
            lines.append(Line(found[0], box, 0.98))
    return Paper("jpeg", (Page(1, 560, down + 40, tuple(lines), PICTURE),), 1, **kept)  # pyright: ignore[reportArgumentType]


def picture(text: str = CAFE, *, size: int = 26) -> "Image":
    """As a clean scan, dark on light."""
    from PIL import Image, ImageDraw, ImageFont

    rows = text.strip("\n").split("\n")
    drawn = Image.new("RGB", (42 * size // 2 + 120, len(rows) * size * 3 // 2 + 120), "#f4f2ec")
    pen, font = ImageDraw.Draw(drawn), ImageFont.load_default(size)
    for place, raw in enumerate(rows):
        for found in re.finditer(r"\S+(?: \S+)*", raw):
            pen.text((60 + found.start() * size * 0.5, 60 + place * size * 1.5), found[0], "#222222", font)
    return drawn


def saved(drawn: "Image", sort: str = "JPEG", **words: object) -> bytes:
    """The bytes of its file."""
    out = io.BytesIO()
    drawn.save(out, sort, **words)
    return out.getvalue()


def pdf(text: str = CAFE, *, pages: int = 1, size: tuple[float, float] = (595, 842)) -> bytes:
    """As a PDF with a text layer."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size)
    for _ in range(pages):
        for place, raw in enumerate(text.strip("\n").split("\n")):
            for found in re.finditer(r"\S+(?: \S+)*", raw):
                canvas.drawString(50 + found.start() * 7, size[1] - 60 - place * 18, found[0])
        canvas.showPage()
    canvas.save()
    return out.getvalue()
