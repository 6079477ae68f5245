"""Opens PDFs: their words with boxes where they hold text, a picture of the page where they are scans."""

import io
import re
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from backend.refusals import Refusal
from knowledge.pages.page import TEXT, Box, Line, Page

if TYPE_CHECKING:
    from PIL.Image import Image

DOTS = 200
"""Dots per inch at which a scan is drawn."""

SIDE = 2400
"""The longest side of a drawn page, in pixels, however large the paper is."""

LEAST = 30
"""A page with fewer letters than this is looked at as a picture."""

MOST = 40_000
"""How many letters of a page are read."""

ATTACHED = 2_000_000
"""How many bytes an attached invoice may have."""

MOST_LINKS = 200
"""How many links of a page are kept."""

_INVOICE = re.compile(rb"<(?:\w+:)?(CrossIndustryInvoice|CrossIndustryDocument|Invoice|CreditNote)\b")


class Pdf:
    """An open PDF; a Refusal says why it cannot be opened."""

    def __init__(self, content: bytes) -> None:
        import pypdfium2

        self._content = content
        try:
            self._document = pypdfium2.PdfDocument(content)
            self.in_all = len(self._document)
        except pypdfium2.PdfiumError as error:
            if "password" in str(error).lower():
                raise Refusal("This PDF is locked with a password: please send a copy without one.") from error
            raise _damaged() from error
        if not self.in_all:
            raise _damaged()

    def words(self, number: int) -> Page | None:
        """The page with its own text; None if it has none that can be read, so that it has to be looked at."""
        import pdfplumber
        from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

        if not LEAST <= self._letters(number) <= MOST:
            return None
        try:
            with pdfplumber.open(io.BytesIO(self._content), pages=[number]) as document:
                page: Any = document.pages[0]
                words = page.extract_words(x_tolerance_ratio=0.3, y_tolerance=2, extra_attrs=["upright"])
                width, height = float(page.width), float(page.height)
                links = _links(page.hyperlinks, words)
        except (PdfminerException, MalformedPDFException, ValueError, KeyError, TypeError, IndexError, RecursionError):
            return None
        text = "".join(each["text"] for each in words)
        if len(text) < LEAST or len(re.findall(r"\(cid:\d+\)|[\x00-\x08\ufffd\ue000-\uf8ff]", text)) * 10 > len(text):
            return None
        return Page(number, width, height, _lines([each for each in words if each["upright"]]), TEXT, links=links)

    def picture(self, number: int) -> "Image":
        """The page drawn in RGB, never larger than is worth reading."""
        import pypdfium2

        try:
            page: Any = self._document[number - 1]
            width, height = page.get_size()
            scale = min(DOTS / 72, SIDE / max(width, height, 1))
            return page.render(scale=scale).to_pil().convert("RGB")
        except (pypdfium2.PdfiumError, ValueError) as error:
            raise _damaged() from error

    def illustrated(self, pages: Sequence[Page], *, until: float) -> list[Page]:
        """The pages with the pictures in their text; none is begun after that time (monotonic)."""
        from knowledge.pages import embedded

        return embedded.illustrated(self._document, pages, until=until)

    def attached(self) -> str:
        """The invoice as data (XML) that is attached; "" if there is none."""
        from pypdf import PdfReader
        from pypdf.errors import PyPdfError

        broken = (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError)
        with suppress(*broken, zlib.error):
            for each in PdfReader(io.BytesIO(self._content)).attachment_list:
                if (each.name or "").lower().endswith(".xml"):
                    data = bytes(each.content)
                    if len(data) <= ATTACHED and _INVOICE.search(data[:4000]):
                        return data.decode("utf-8-sig", errors="replace")
        return ""

    def _letters(self, number: int) -> int:
        import pypdfium2

        with suppress(pypdfium2.PdfiumError):
            return int(self._document[number - 1].get_textpage().count_chars())
        return 0


def _links(found: Sequence[Any], words: Sequence[Any]) -> tuple[tuple[str, str], ...]:
    """The words that lie in the boxes of links, and where these lead."""
    out: list[tuple[str, str]] = []
    for each in found[:MOST_LINKS]:
        inside = [
            word["text"]
            for word in words
            if each["x0"] <= (word["x0"] + word["x1"]) / 2 <= each["x1"]
            and each["top"] <= (word["top"] + word["bottom"]) / 2 <= each["bottom"]
        ]
        if inside and isinstance(each.get("uri"), str):
            out.append((" ".join(inside).strip(" .,;:()"), each["uri"].strip()))
    return tuple(out)


def _lines(words: Sequence[Any]) -> tuple[Line, ...]:
    """Words that stand close together in one row as one line."""
    lines: list[Line] = []
    for row in _rows(words):
        held: list[Any] = []
        for word in row:
            if held and word["x0"] - held[-1]["x1"] > 0.9 * min(_high(word), _high(held[-1])):
                lines.append(_line(held))
                held = []
            held.append(word)
        lines.append(_line(held))
    return tuple(lines)


def _rows(words: Sequence[Any]) -> Iterator[list[Any]]:
    row: list[Any] = []
    for word in sorted(words, key=lambda each: ((each["top"] + each["bottom"]) / 2, each["x0"])):
        if row:
            middle = sum((each["top"] + each["bottom"]) / 2 for each in row) / len(row)
            if abs((word["top"] + word["bottom"]) / 2 - middle) > 0.4 * min(_high(word), _high(row[-1])):
                yield sorted(row, key=lambda each: each["x0"])
                row = []
        row.append(word)
    if row:
        yield sorted(row, key=lambda each: each["x0"])


def _line(words: Sequence[Any]) -> Line:
    box = Box(
        min(each["x0"] for each in words),
        min(each["top"] for each in words),
        max(each["x1"] for each in words),
        max(each["bottom"] for each in words),
    )
    return Line(" ".join(each["text"] for each in words), box)


def _high(word: Any) -> float:
    return word["bottom"] - word["top"]


def _damaged() -> Refusal:
    return Refusal("This PDF is damaged: please send it again, or a photo of it.")
