"""Turns web pages, tables and Word documents into Markdown, so that they are read like everything else."""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from xml.etree import ElementTree

from backend.refusals import Refusal

HTML = (".html", ".htm")
TABLES = (".csv", ".tsv")
WORD = (".docx",)

UNPACKED = 50 * 1024 * 1024
"""How many bytes a packed file may have once it is unpacked."""

ROWS = 15
"""After how many rows of a long table its head is repeated, so that each part can be read alone."""

SHORT = 80
"""How many characters a line in bold may have to be taken for a heading."""

_SIGNS = re.compile(r"([\\`*_\[\]#|<>])")
_BLOCKS = frozenset(
    ("p", "div", "section", "article", "main", "ul", "ol", "blockquote", "pre", "header", "dl", "dt", "dd", "br", "hr")
)
_SILENT = frozenset(("script", "style", "template", "noscript", "nav", "footer", "svg", "head", "select", "button"))
_PROTECTED = b"\xd0\xcf\x11\xe0"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def from_html(text: str) -> str:
    """A web page as Markdown: its headings, paragraphs, lists, tables and links; scripts and menus are left out."""
    page = _Page()
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
        raise _damaged(doc) from error
    return _table([row for row in rows if any(row)])


def from_word(content: bytes, *, doc: str) -> str:
    """A Word document as Markdown; lines in bold alone count as headings.

    A Refusal if it is protected or damaged, or if changes or comments in it wait for somebody's decision.
    """
    body = _part(content, "word/document.xml", doc=doc)
    waiting = ("ins", "del", "moveFrom", "moveTo", "commentReference", "commentRangeStart")
    if any(body.find(f".//{_W}{each}") is not None for each in waiting):
        raise Refusal(
            "{name} has tracked changes or comments: decide on them in Word, then add it again.",
            name=doc,
        )
    levels = _levels(content, doc=doc)
    inside = body.find(f"{_W}body")
    pieces: list[str] = []
    for each in inside if inside is not None else ():
        if each.tag == f"{_W}tbl":
            rows = [[_words(cell) for cell in row.findall(f"{_W}tc")] for row in each.findall(f"{_W}tr")]
            pieces.append(_table([row for row in rows if any(row)]))
        elif each.tag == f"{_W}p" and (text := _words(each)):
            pieces.append(_paragraph(each, text, levels))
    return "\n\n".join(piece for piece in pieces if piece)


def unpacked(content: bytes, *, doc: str) -> Iterator[tuple[str, bytes]]:
    """The files in a zip, as (path, content) in order; a Refusal if it is protected, damaged or far too large."""
    with _zip(content, doc=doc) as held:
        for each in sorted(held.infolist(), key=lambda one: one.filename):
            if not each.is_dir():
                yield each.filename, _unpack(held, each.filename, doc=doc)


class _Page(HTMLParser):
    """Collects the blocks of a page while it is read."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.done: list[str] = []
        self.line = ""
        self.mark = ""
        self.silent: list[str] = []
        self.links: list[str] = []
        self.rows: list[list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        if self.silent or tag in _SILENT:
            self.silent += [tag] if tag in _SILENT else []
        elif tag in ("td", "th"):
            self.line = ""
        elif tag == "tr" and self.rows is not None:
            self.rows.append([])
        elif tag == "table":
            self._flush()
            self.rows = []
        elif tag == "li" or re.fullmatch(r"h[1-6]", tag):
            self._flush()
            self.mark = "- " if tag == "li" else "#" * int(tag[1]) + " "
        elif tag == "a":
            self.links.append(held.get("href") or "")
            self.line += "["
        elif tag == "img" and held.get("src"):
            self.line += f"![{_escaped(held.get('alt') or '')}]({held['src']})"
        elif tag in _BLOCKS:
            self._flush()

    def handle_endtag(self, tag: str) -> None:
        if self.silent:
            if tag == self.silent[-1]:
                self.silent.pop()
        elif tag in ("td", "th") and self.rows:
            self.rows[-1].append(" ".join(self.line.split()))
            self.line = ""
        elif tag == "table" and self.rows is not None:
            rows, self.rows = self.rows, None
            self.done.append(_table([row for row in rows if any(row)], escaped=True))
        elif tag == "a" and self.links:
            address = self.links.pop()
            self.line += f"]({address})" if address and " " not in address else "]()"
        elif tag == "li" or tag in _BLOCKS or re.fullmatch(r"h[1-6]", tag):
            self._flush()

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.line += _escaped(data)

    def markdown(self) -> str:
        """All that was read, a blank line between the blocks, none between the points of a list."""
        self._flush()
        out = ""
        for each in self.done:
            out += ("\n" if each.startswith("- ") and out.rpartition("\n")[2].startswith("- ") else "\n\n") + each
        return out.strip()

    def _flush(self) -> None:
        text = " ".join(self.line.split())
        if self.rows is None and text:
            self.done.append(self.mark + text)
            self.mark = ""
        if self.rows is None:
            self.line = ""
        else:
            self.line += " "


def _paragraph(paragraph: ElementTree.Element, text: str, levels: dict[str, int]) -> str:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    level = levels.get(style.get(f"{_W}val", ""), 0) if style is not None else 0
    if level:
        return f"{'#' * level} {text}"
    if paragraph.find(f"{_W}pPr/{_W}numPr") is not None:
        return f"- {text}"
    runs = [run for run in paragraph.iter(f"{_W}r") if "".join(each.text or "" for each in run.iter(f"{_W}t")).strip()]
    if len(text) <= SHORT and not text.endswith((".", ",", ";", ":")) and runs and all(_bold(run) for run in runs):
        return f"### {text}"
    return text


def _bold(run: ElementTree.Element) -> bool:
    mark = run.find(f"{_W}rPr/{_W}b")
    return mark is not None and mark.get(f"{_W}val", "true") not in ("0", "false", "off")


def _words(element: ElementTree.Element) -> str:
    signs = {f"{_W}tab": " ", f"{_W}br": " "}
    texts = (each.text or "" if each.tag == f"{_W}t" else signs.get(each.tag, "") for each in element.iter())
    return _escaped(" ".join("".join(texts).split()))


def _levels(content: bytes, *, doc: str) -> dict[str, int]:
    """Which styles are headings, and of which level; their names are English in every language of Word."""
    out: dict[str, int] = {}
    with _zip(content, doc=doc) as held:
        if "word/styles.xml" not in held.namelist():
            return out
    for style in _part(content, "word/styles.xml", doc=doc).iter(f"{_W}style"):
        name = style.find(f"{_W}name")
        found = re.fullmatch(r"heading ([1-6])|title", name.get(f"{_W}val", "").lower()) if name is not None else None
        if found:
            out[style.get(f"{_W}styleId", "")] = int(found.group(1) or 1)
    return out


def _part(content: bytes, name: str, *, doc: str) -> ElementTree.Element:
    with _zip(content, doc=doc) as held:
        xml = _unpack(held, name, doc=doc)
        try:
            if b"<!" in xml or b"\x00" in xml:
                raise _damaged(doc)
            return ElementTree.fromstring(xml)  # noqa: S314  nothing is declared in it, so nothing can be expanded
        except ElementTree.ParseError as error:
            raise _damaged(doc) from error


def _unpack(held: zipfile.ZipFile, name: str, *, doc: str) -> bytes:
    try:
        return held.read(name)
    except (KeyError, zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError) as error:
        raise _damaged(doc) from error


def _zip(content: bytes, *, doc: str) -> zipfile.ZipFile:
    if content.startswith(_PROTECTED):
        raise _locked(doc)
    try:
        held = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile as error:
        raise _damaged(doc) from error
    if any(each.flag_bits & 1 for each in held.infolist()):
        raise _locked(doc)
    if sum(each.file_size for each in held.infolist()) > UNPACKED:
        raise Refusal("{name} holds more than 50 MB: split it into smaller files.", name=doc)
    return held


def _table(rows: Sequence[Sequence[str]], *, escaped: bool = False) -> str:
    """A Markdown table; a long one in several parts, each under the same head."""
    if not rows:
        return ""
    width = max(len(row) for row in rows)
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
    return _SIGNS.sub(r"\\\1", text)


def _damaged(doc: str) -> Refusal:
    return Refusal("{name} is damaged: open it, save it again and add it once more.", name=doc)


def _locked(doc: str) -> Refusal:
    return Refusal("{name} is protected by a password: save it without one and add it again.", name=doc)
