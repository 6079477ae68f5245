"""Turns web pages, tables, Word documents and PDFs into Markdown, so that they are read like everything else."""

import csv
import hashlib
import io
import math
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any
from urllib.parse import unquote
from xml.parsers.expat import ExpatError

from backend.refusals import Refusal
from knowledge.illustrations import OURS
from knowledge.pages.page import Illustration, Line, Page

HTML = (".html", ".htm")
TABLES = (".csv", ".tsv")
WORD = (".docx",)
WORKBOOKS = (".xlsx", ".xlsm")
PDF = (".pdf",)
PAGES = 300
"""How many pages of a PDF are read."""

UNPACKED = 50 * 1024 * 1024
"""How many bytes a packed file may have once it is unpacked."""

PARTS = 20_000
"""How many files one may hold."""
CELLS = 300_000
"""How many cells a table may have, those that are empty too."""

LAST = 1_048_576
"""The last row that a sheet can have."""

ROWS = 15
"""After how many rows of a long table its head is repeated, so that each part can be read alone."""

SHORT = 80
"""How many characters a line in bold may have to be taken for a heading."""

_SIGNS = re.compile(r"([\\`*_\[\]#|<>])")
_BLOCKS = frozenset(
    ("p", "div", "section", "article", "main", "ul", "ol", "blockquote", "pre", "header", "dl", "dt", "dd", "br", "hr")
) | {"caption", "li", "h1", "h2", "h3", "h4", "h5", "h6"}
_SILENT = frozenset(
    ("script", "style", "template", "noscript", "nav", "footer", "svg", "head", "title", "select", "button")
)
_IN_HEAD = frozenset(("title", "meta", "link", "base", "script", "style", "noscript", "template"))
_EMPTY = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
"""Tags that hold nothing, and are never ended."""

_GROUPS = frozenset(("thead", "tbody", "tfoot"))
_ENDED_BY = {
    "p": _BLOCKS - {"br"} | {"table"},
    "li": frozenset(("li",)),
    **dict.fromkeys(("dt", "dd"), frozenset(("dt", "dd"))),
    **dict.fromkeys(("td", "th"), frozenset(("td", "th", "tr")) | _GROUPS),
    **dict.fromkeys(("tr", "caption"), frozenset(("tr",)) | _GROUPS),
    **dict.fromkeys(_GROUPS, _GROUPS),
}
"""Which tags end one that was left open."""

_HOLDERS = frozenset(("table", "td", "th", "ul", "ol", "dl", "div", "section", "article", "main", "blockquote"))
"""What is left open outside of one of these is ended by nothing within."""

_UNSEEN = re.compile(r"(?:^|;)\s*display\s*:\s*none", re.IGNORECASE)
_HERE = "\x00"
"""Where a picture of a PDF has its place, while the text is made."""
_STUMBLED = (
    *(AttributeError, LookupError, TypeError, ValueError, ArithmeticError, RecursionError, NotImplementedError),
    *(OSError, EOFError, SyntaxError, ExpatError, zipfile.BadZipFile, zlib.error),
)
_PROTECTED = b"\xd0\xcf\x11\xe0"
_YES = ("1", "true")
_POINT = re.compile(r"[•◦▪‣●○■–-]\s+")
_WAITING = re.compile(r"<w:(?:ins|del|moveFrom|moveTo|commentReference|commentRangeStart)[ />]")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VANISH = re.compile(r"<\w+:vanish\b")
_STYLED = re.compile(r"word/(?:document|footnotes|endnotes)\w*\.xml")
_GOOGLE = re.compile(r"https?://www\.google\.com/url\?q=([^&]+)&.*")
_BOLD_STYLE = re.compile(r"\.(c\d+)\{[^}]*font-weight:\s*(?:700|bold)")


class Undecided(Refusal):
    """Changes or comments in a document wait for somebody's decision."""


def from_html(text: str) -> str:
    """A web page as Markdown: headings (also lines in bold alone), paragraphs, lists, tables and links; no menus."""
    page = _Page(bold=frozenset(_BOLD_STYLE.findall(text)))
    page.feed(text)
    page.close()
    return page.markdown()


def from_table(text: str, *, doc: str) -> str:
    """Rows of comma- or tab-separated values as a Markdown table."""
    try:
        dialect = csv.Sniffer().sniff(text[:4000], delimiters=",;\t|")
    except csv.Error:
        dialect = csv.excel
    try:
        rows = [[" ".join(cell.split()) for cell in row] for row in csv.reader(io.StringIO(text), dialect)]
    except csv.Error as error:
        raise damaged(doc) from error
    return _table([row for row in rows if any(row)])


def from_word(content: bytes, *, doc: str, accept: bool = False) -> tuple[str, dict[str, bytes]]:
    """A Word document as Markdown, and what its pictures hold by their addresses in it.

    Lines in bold alone count as headings. A Refusal if it is protected or damaged, and Undecided if changes or comments
    in it wait for somebody's decision, unless they are accepted: then changes count as made, and comments are left out.
    """
    import mammoth  # pyright: ignore[reportMissingTypeStubs]
    from mammoth.docx.files import InvalidFileReferenceError  # pyright: ignore
    from mammoth.images import img_element  # pyright: ignore

    parts = _parts(content, doc=doc)
    if not accept and any(_WAITING.search(part) for part in parts.values()):
        raise Undecided(
            "{name} has tracked changes or comments: decide on them in Word, then add it again.",
            name=doc,
        )
    if any(_VANISH.search(part) for part in parts.values()):
        content = _without_hidden(content, doc=doc)
    pictures: dict[str, bytes] = {}

    def picture(image: Any) -> dict[str, str]:
        try:
            with image.open() as opened:
                held: bytes = opened.read()
        except InvalidFileReferenceError:  # it lies elsewhere, and is not fetched
            return {}
        address = f"{OURS}{hashlib.sha256(held).hexdigest()}"
        pictures[address] = held
        return {"src": address}

    with _sound(doc):
        page: Any = mammoth.convert_to_html(
            io.BytesIO(content),
            style_map="p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh",
            convert_image=img_element(picture),
        )
    return from_html(str(page.value)), pictures


def _without_hidden(content: bytes, *, doc: str) -> bytes:
    """A Word document without the words that are hidden in it, by themselves or by the style that they have."""
    from xml.etree.ElementTree import Element, tostring

    from defusedxml.ElementTree import fromstring

    def hides(about: Element | None) -> bool:
        mark = about.find(f"{_W}rPr/{_W}vanish") if about is not None else None
        return mark is not None and mark.get(f"{_W}val", "1") not in ("0", "false", "off")

    out = io.BytesIO()
    with _sound(doc), _zip(content, doc=doc) as held, zipfile.ZipFile(out, "w") as made:
        read = {each: _unpack(held, each, doc=doc) for each in held.namelist()}
        trees = {name: fromstring(part) for name, part in read.items() if b"vanish" in part or _STYLED.search(name)}
        styles = [style for tree in trees.values() for style in tree.iter(f"{_W}style") if hides(style)]
        hidden = {style.get(f"{_W}styleId") for style in styles}
        for name, tree in trees.items():
            for holder in tree.iter():
                about = holder.find(f"{_W}pPr/{_W}pStyle")
                whole = about is not None and about.get(f"{_W}val") in hidden
                for run in holder.findall("*" if whole else f"{_W}r"):
                    style = run.find(f"{_W}rPr/{_W}rStyle")
                    if whole or hides(run) or (style is not None and style.get(f"{_W}val") in hidden):
                        holder.remove(run)
            read[name] = tostring(tree)
        for name, part in read.items():
            made.writestr(name, part)
    return out.getvalue()


def from_workbook(content: bytes, *, doc: str) -> str:
    """A workbook as Markdown: a table for each sheet under its name, values as they were last computed."""
    from openpyxl import load_workbook

    _parts(content, doc=doc)
    with _sound(doc):
        book: Any = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheets = [
            (str(sheet.title), _cells(sheet, content, doc=doc))
            for sheet in book.worksheets
            if sheet.sheet_state == "visible"
        ]
        book.close()
    pieces: list[str] = []
    for title, rows in sheets:
        kept = [row for row in rows if any(row)]
        used = max((at + 1 for row in kept for at, cell in enumerate(row) if cell), default=0)
        if kept:
            pieces += [f"## {_escaped(title)}", _table([row[:used] for row in kept], escaped=True)]
    return "\n\n".join(pieces)


def _cells(sheet: Any, content: bytes, *, doc: str) -> list[list[str]]:
    """The cells of a sheet that are not hidden as Markdown, each with the link that lies on it."""
    out: list[list[str]] = []
    folder, _, name = str(sheet._worksheet_path).lstrip("/").rpartition("/")
    with _zip(content, doc=doc) as held:
        part = _part(held, f"{folder}/{name}", doc=doc)
        beside = f"{folder}/_rels/{name}.rels"
        addresses = _addresses(part, _part(held, beside, doc=doc)) if beside in held.namelist() else {}
    rows = {_attribute(tag, "r") for tag in re.findall(r"<row\b[^>]*>", part) if _attribute(tag, "hidden") in _YES}
    tags = [tag for tag in re.findall(r"<col\b[^>]*>", part) if _attribute(tag, "hidden") in _YES]
    columns = [range(int(_attribute(tag, "min")) - 1, int(_attribute(tag, "max"))) for tag in tags]
    sheet.reset_dimensions()  # a sheet may say that it is as wide as it likes
    count = 0
    for number, row in enumerate(sheet.iter_rows(), 1):
        if number > LAST:
            raise _too_many()
        if str(number) in rows or all(cell.value is None for cell in row):
            continue
        count += len(row)
        if count > CELLS:
            raise _too_many()
        shown = [cell for at, cell in enumerate(row) if not any(at in hidden for hidden in columns)]
        cells = [(_escaped(_value(cell.value)), addresses.get(getattr(cell, "coordinate", ""))) for cell in shown]
        out.append([f"[{text}]({address})" if text and address else text for text, address in cells])
    return out


def _addresses(part: str, beside: str) -> dict[str, str]:
    """Where the links of a sheet lead, by cell."""
    tags = re.findall(r"<Relationship\b[^>]*>", beside)
    lead = {_attribute(tag, "Id"): _attribute(tag, "Target") for tag in tags}
    tags = re.findall(r"<hyperlink\b[^>]*>", part)
    found = {_attribute(tag, "ref").partition(":")[0]: lead.get(_attribute(tag, "r:id"), "") for tag in tags}
    return {cell: to for cell, to in found.items() if re.fullmatch(r"(?:https?://|mailto:)[^\s()<>]+", to)}


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf"\s{name}=\"([^\"]*)\"", tag)
    return unescape(found[1]) if found else ""


def from_pdf(content: bytes, *, doc: str) -> str:
    """A PDF as Markdown, its text or, where it is scanned, what can be seen: headings by size, tables by columns.

    The pictures in its text come with it, each in its own address.
    """
    from knowledge.pages import reading

    try:
        paper = reading.here(content, most=PAGES, illustrated=True)
    except Refusal as refusal:
        if "password" in refusal.text:
            raise _locked(doc) from refusal
        raise Refusal("{name} cannot be read. {why}", name=doc, why=str(refusal)) from refusal
    if paper.in_all > len(paper.pages):
        raise Refusal("{name} has {count} pages, which are too many to read: split it.", name=doc, count=paper.in_all)
    text = _linked(_of_pages(paper.pages), [link for page in paper.pages for link in page.links])
    shown = iter([f"![]({each.address})" for page in paper.pages for each in _downwards(page)])
    return re.sub(_HERE, lambda _: next(shown), text)


def unpacked(content: bytes, *, doc: str) -> Iterator[tuple[str, bytes]]:
    """The files in a zip, as (path, content) in order; a Refusal if it is protected, damaged or far too large."""
    with _zip(content, doc=doc) as held:
        for each in sorted(held.infolist(), key=lambda one: one.filename):
            if not each.is_dir():
                yield each.filename, _unpack(held, each.filename, doc=doc)


@dataclass(frozen=True)
class _Open:
    """A tag that is not ended yet, and whether what stands in it is left out."""

    tag: str
    silent: bool


class _Page(HTMLParser):
    """Collects the blocks of a page while it is read; a table within a table is part of the cell that it stands in."""

    def __init__(self, *, bold: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.bold = bold
        self.open: list[_Open] = []
        self.strong: list[str] = []
        self.weak = False
        self.done: list[str] = []
        self.line: list[str] = []
        self.mark = ""
        self.links: list[str] = []
        self.tables = 0
        self.rows: list[list[str]] = []
        self.in_cell = False

    @property
    def silent(self) -> bool:
        return bool(self.open) and self.open[-1].silent

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        while (place := self._ended_by(tag)) is not None:
            self._end_from(place)
        silent = self.silent or tag in _SILENT or "hidden" in held or bool(_UNSEEN.search(held.get("style") or ""))
        if tag not in _EMPTY:
            self.open.append(_Open(tag, silent))
        if not silent:
            self._begin(tag, held)

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self.open) - 1, -1, -1):
            if self.open[place].tag == tag:
                self._end_from(place)
                return
            if self.open[place].tag == "table":
                return

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.line.append(_escaped(data))
            self.weak = self.weak or bool(data.strip() and not self.strong)

    def markdown(self) -> str:
        """All that was read, a blank line between the blocks, none between the points of a list.

        A line in bold at the beginning is the title where there is no other.
        """
        self._end_from(0)
        self._flush()
        if self.done and self.done[0].startswith("### ") and not any(each.startswith("# ") for each in self.done):
            self.done[0] = self.done[0].removeprefix("##")
        out: list[str] = []
        for before, each in pairwise(["", *self.done]):
            out += ["\n" if each.startswith("- ") and before.startswith("- ") else "\n\n", each]
        return "".join(out).strip()

    def _ended_by(self, tag: str) -> int | None:
        """The place of the tag, left open, that this one ends."""
        for place in range(len(self.open) - 1, -1, -1):
            name = self.open[place].tag
            if tag in _ENDED_BY.get(name, ()) or (name == "head" and tag not in _IN_HEAD):
                return place
            if name in _HOLDERS:
                return None
        return None

    def _end_from(self, place: int) -> None:
        """Ends the tags from this place on, the innermost first."""
        while len(self.open) > place:
            ended = self.open.pop()
            if not ended.silent:
                self._end(ended.tag)

    def _begin(self, tag: str, held: Mapping[str, str | None]) -> None:
        classes = (held.get("class") or "").split()
        if tag in ("b", "strong") or (tag == "span" and (self.strong or self.bold.intersection(classes))):
            self.strong.append(tag)
        elif tag in ("table", "tr", "td", "th"):
            self._begin_of_table(tag)
        elif tag == "a":
            address = held.get("href") or ""
            self.links.append(unquote(found[1]) if (found := _GOOGLE.fullmatch(address)) else address)
            self.line.append("[")
        elif tag == "img" and held.get("src"):
            self.line.append(f"![{_escaped(held.get('alt') or '')}]({_address(str(held['src']))})")
            self.weak = True  # a picture alone is no heading
        elif tag in _BLOCKS:
            self._flush()
            if self.in_cell:
                return
            if tag == "p" and "title" in classes:
                self.mark = "# "
            elif tag == "li":
                self.mark = "- "
            elif tag[1:].isdigit():
                self.mark = f"{'#' * int(tag[1])} "

    def _begin_of_table(self, tag: str) -> None:
        self._flush()
        if tag == "table":
            self.tables += 1
            self.rows = self.rows if self.tables > 1 else []
        elif self.tables == 1 and tag == "tr":
            self.rows.append([])
        elif self.tables == 1:
            self.rows += [] if self.rows else [[]]
            self.in_cell = True

    def _end(self, tag: str) -> None:
        if self.strong and tag == self.strong[-1]:
            self.strong.pop()
        elif tag in ("td", "th") and self.tables == 1 and self.in_cell:
            self.rows[-1].append(" ".join("".join(self.line).split()))
            self.line, self.in_cell = [], False
        elif tag == "table":
            self._flush()
            self.tables -= 1
            if not self.tables:
                self.done.append(_table([row for row in self.rows if any(row)], escaped=True))
        elif tag == "a":
            address = self.links.pop()
            self.line.append(f"]({address})" if address and " " not in address else "]()")
        elif tag in _BLOCKS or tag in ("td", "th"):
            self._flush()

    def _flush(self) -> None:
        """What was read since is a block of its own; in a cell a table has no blocks, and a space stands between."""
        if self.in_cell:
            self.line.append(" ")
            self.weak = False
            return
        text = " ".join("".join(self.line).split())
        if text:
            alone = not self.mark and not self.weak and len(text) <= SHORT and not text.endswith((".", ",", ";", ":"))
            self.done.append(("### " if alone else self.mark) + text)
            self.mark = ""
        self.weak = False
        self.line = []


def _of_pages(pages: Sequence[Page]) -> str:
    """Pages as Markdown: what stands on most pages in the same place is left out, rows in columns become tables.

    A picture has its place behind the text above it, where that text ends, and before the next heading.
    """
    lines = [line for page in pages for line in page.lines]
    if not lines:
        return ""
    usual = sorted(line.box.height for line in lines)[len(lines) // 2]
    seen = Counter(_place(line, page) for page in pages for line in page.lines)
    often = {key for key, count in seen.items() if len(pages) > 2 and count > len(pages) / 2}
    out: list[str] = []
    table: list[list[str]] = []
    above: list[float] = []
    bottom, number = 0.0, 0
    for page in pages:
        above = [-math.inf for _ in above] + [each.box.middle for each in _downwards(page)]
        for row in page.rows():
            kept = [line for line in row if _place(line, page) not in often]
            if not kept:
                continue
            text = " ".join(line.text for line in kept)
            middle = min(line.box.middle for line in kept)
            if len(kept) > 1 and (not table or len(table[0]) == len(kept)):
                out += [] if table else _passed(above, middle)
                table.append([line.text for line in kept])
                bottom, number = max(line.box.bottom for line in kept), page.number
                continue
            out += _rows(table)
            table = []
            top, high = min(line.box.top for line in kept), max(line.box.height for line in kept)
            point = _POINT.match(text)
            heads = high > 1.15 * usual and len(text) <= SHORT
            below = number == page.number and top - bottom < 0.8 * usual
            if below and not heads and not point and out and not out[-1].startswith(("#", "|")):
                out[-1] += " " + _escaped(text)
            else:
                mark = f"{'#' if high > 1.6 * usual else '##'} " if heads else "- " if point else ""
                out += _passed(above, middle)
                out.append(mark + _escaped(text[point.end() :] if point and not heads else text))
            bottom, number = max(line.box.bottom for line in kept), page.number
    return "\n\n".join([*out, *_rows(table), *[_HERE] * len(above)])


def _passed(above: list[float], middle: float) -> list[str]:
    """The places of those pictures that stand higher than this on their page, which are taken away."""
    passed = [each for each in above if each < middle]
    del above[: len(passed)]
    return [_HERE] * len(passed)


def _downwards(page: Page) -> list[Illustration]:
    return sorted(page.illustrations, key=lambda each: each.box.middle)


def _linked(text: str, links: Sequence[tuple[str, str]]) -> str:
    """The text with each link at the words that lead there, in order; words that are the address stay as they are."""
    at = 0
    for words, address in links:
        said = _escaped(words)
        place = text.find(said, at) if said and not said.startswith(("http", "www.")) else -1
        if place >= 0 and re.fullmatch(r"(?:https?://|mailto:)[^\s()<>]+", address):
            link = f"[{said}]({address})"
            text = f"{text[:place]}{link}{text[place + len(said) :]}"
            at = place + len(link)
    return text


def _rows(rows: list[list[str]]) -> list[str]:
    """A table; a single row is a line like others."""
    return [_table(rows)] if len(rows) > 1 else [_escaped(" ".join(row)) for row in rows]


def _place(line: Line, page: Page) -> tuple[str, int]:
    """Words without their figures, and how far down the page they stand: the same for every foot of a page."""
    return re.sub(r"\d+", "", line.text), round(20 * line.box.middle / max(page.height, 1.0))


def _value(cell: object) -> str:
    match cell:
        case None:
            return ""
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
        case float():
            return str(int(cell)) if cell.is_integer() else f"{cell:.10g}"
        case _:
            return " ".join(str(cell).split())


def _parts(content: bytes, *, doc: str) -> dict[str, str]:
    """The parts of a packed document that are XML, by name; damaged where one cannot be unpacked."""
    with _zip(content, doc=doc) as held:
        return {name: _part(held, name, doc=doc) for name in held.namelist() if name.endswith((".xml", ".rels"))}


def _part(held: zipfile.ZipFile, name: str, *, doc: str) -> str:
    """A part of a packed document; damaged where it declares anything, so that nothing can be expanded."""
    xml = _unpack(held, name, doc=doc)
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml or b"\x00" in xml:
        raise damaged(doc)
    return xml.decode("utf-8", "replace")


def _unpack(held: zipfile.ZipFile, name: str, *, doc: str) -> bytes:
    with _sound(doc):
        return held.read(name)


def _zip(content: bytes, *, doc: str) -> zipfile.ZipFile:
    if content.startswith(_PROTECTED):
        raise _locked(doc)
    with _sound(doc):
        held = zipfile.ZipFile(io.BytesIO(content))
    if any(each.flag_bits & 1 for each in held.infolist()):
        raise _locked(doc)
    if any(each.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for each in held.infolist()):
        raise damaged(doc)
    if len(held.infolist()) > PARTS or sum(each.file_size for each in held.infolist()) > UNPACKED:
        raise Refusal("{name} holds more than 50 MB: split it into smaller files.", name=doc)
    return held


@contextmanager
def _sound(doc: str) -> Generator[None]:
    """Whatever a library stumbles over in a file is damage to it."""
    try:
        yield
    except _STUMBLED as error:
        raise damaged(doc) from error


def _table(rows: Sequence[Sequence[str]], *, escaped: bool = False) -> str:
    """A Markdown table; a long one in several parts, each under the same head."""
    if not rows:
        return ""
    width = max(len(row) for row in rows)
    if width * len(rows) > CELLS:
        raise _too_many()
    lines = [
        "| "
        + " | ".join((cell if escaped else _escaped(cell)) or " " for cell in (*row, *[""] * (width - len(row))))
        + " |"
        for row in rows
    ]
    head = f"{lines[0]}\n|{'---|' * width}"
    parts = [lines[at : at + ROWS] for at in range(1, len(lines), ROWS)] or [[]]
    return "\n\n".join("\n".join([head, *part]) for part in parts)


def _escaped(text: str) -> str:
    return _SIGNS.sub(r"\\\1", text.replace(_HERE, ""))


def _address(written: str) -> str:
    return written.strip().translate(
        {ord(" "): "%20", ord("("): "%28", ord(")"): "%29", ord("<"): "%3C", ord(">"): "%3E"}
    )


def _too_many() -> Refusal:
    return Refusal("A table in it has more than {most} cells: split it into smaller ones.", most=CELLS)


def damaged(doc: str) -> Refusal:
    """What is said of a file that cannot be read to its end."""
    return Refusal("{name} is damaged: open it, save it again and add it once more.", name=doc)


def _locked(doc: str) -> Refusal:
    return Refusal("{name} is protected by a password: save it without one and add it again.", name=doc)
