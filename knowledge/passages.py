"""Cuts a document into passages: at its headings, about 900 characters each, with the headings above it kept.

A passage is a range of characters of the document; its text is that range without the Markdown signs.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

ABOUT = 900
"""How many characters a passage has at most, where its blocks can be cut."""

WRAPPED = 45
"""From how many characters on a line may have been broken in the middle of a sentence."""

LONG = 10_000
"""From how many characters on a line goes on no more."""

_NEWLINE = re.compile(r"\r\n|\n|\r")
"""Where lines end in Markdown; other signs that end one elsewhere, such as a form feed, do not."""

_BEGINS = re.compile(r"^\s*(?:[-*+•>#]|\d+[.)]\s)")
_LINK = re.compile(
    r"!?\[((?:[^\[\]]++|\[[^\[\]]*+\])*+)\]"
    r"\((?:<[^<>]*+>|(?:[^()\s]++|\([^()]*+\))*+)(?:\s++[\"'][^\"')]*+[\"'])?+\)"
)
_REFERENCE = re.compile(r"!?\[([^\[\]]++)\]\[[^\[\]]*+\]")
_AUTOLINK = re.compile(r"<([^<>\s.@:]++[.@:][^<>\s]++)>")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][^<>]*+>")
_STRONG = re.compile(r"(\*\*\*|\*\*|__)(?=\S)(.{1,2000}?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=\S)([^*_\n]+?)(?<=\S)\1(?![\w*])")
_CODE = re.compile(r"(?<!`)(`{1,5}+)([^`].{0,2000}?)\1")
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+|(?<!\s)\s++#++\s*+$")
_RULE = re.compile(r"^\s*+(?:\|\s*+)?:?-{2,}+:?\s*+(?:\|\s*+:?-{2,}+:?\s*+)*+\|?\s*+$")
_FENCE = re.compile(r"^\s*(```|~~~).*$")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~])")
_ASIDE = 0xF0000
_BACK = {_ASIDE + ord(sign): sign for sign in "\\`*_{}[]()#+-.!|<>~"}
"""Signs that are meant as they stand are put aside, as letters nobody uses, while the others are taken out."""

_SENTENCE = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=[\"'(\[*_]*[A-ZÀ-Þ0-9])")


@dataclass(frozen=True)
class Block:
    """A piece of a document between two blank lines: a heading, a paragraph, a list, a table, some code.

    start, end  its range of characters
    level       1 to 6 for a heading, otherwise 0
    heading     the heading's text
    parts       where it may be cut, if it has to be: the starts of its items, rows or lines
    """

    start: int
    end: int
    sort: str
    level: int = 0
    heading: str = ""
    parts: tuple[int, ...] = ()


@dataclass(frozen=True)
class Cut:
    """One passage of a document.

    heading   the path of headings: "Expenses > Meals > Abroad"
    body      its text without Markdown signs
    section   the number of its section: passages under the same heading share it
    """

    heading: str
    body: str
    start: int
    end: int
    section: int
    position: int

    @property
    def embedded(self) -> str:
        """What the vectors are made of: the path of headings and the text."""
        return f"{self.heading}\n{self.body}"


def cut(text: str, *, title: str) -> list[Cut]:
    """The passages of a document, in order; a document of nothing but headings has one, holding them."""
    out: list[Cut] = []
    section = 0
    path: list[tuple[int, str]] = [(0, title)]
    waiting: list[Block] = []

    def flush() -> None:
        heading = " > ".join(name for _, name in path)
        for start, end in _packed(text, waiting):
            body = plain(text[start:end])
            if body:
                out.append(Cut(heading, body, start, end, section, len(out)))
        waiting.clear()

    for block in blocks(text):
        if not block.level:
            waiting.append(block)
            continue
        flush()
        section += 1
        path = [each for each in path if each[0] < block.level or each[0] == 0]
        if block.heading and not (len(path) == 1 and _same_words(block.heading, title)):
            path.append((block.level, block.heading))
    flush()
    if not out and text.strip():
        start = len(text) - len(text.lstrip())
        out.append(Cut(title, plain(text) or title, start, len(text.rstrip()), 0, 0))
    return out


def blocks(text: str) -> list[Block]:
    """The blocks of a Markdown text, in order, without comments."""
    lines = [0, *(each.end() for each in _NEWLINE.finditer(text)), len(text)]
    tokens: list[Any] = _markdown().parse(text)
    out: list[Block] = []
    for at, token in enumerate(tokens):
        if token.level != 0 or token.map is None or token.nesting < 0:
            continue
        first, last = int(token.map[0]), int(token.map[1])
        start, end = lines[first], lines[min(last, len(lines) - 1)]
        slice_ = text[start:end]
        if not slice_.strip() or (token.type == "html_block" and not plain(slice_)):
            continue
        match token.type:
            case "heading_open":
                heading = " ".join(plain(tokens[at + 1].content).split())
                out.append(Block(start, end, "heading", int(token.tag[1]), heading))
            case "bullet_list_open" | "ordered_list_open":
                out.append(Block(start, end, "list", parts=_starts(tokens, at, lines, "list_item_open")))
            case "table_open":
                out.append(Block(start, end, "table", parts=_starts(tokens, at, lines, "tr_open")))
            case "fence" | "code_block":
                out.append(Block(start, end, "code", parts=tuple(lines[first:last])))
            case "hr":
                pass
            case _:
                parts = tuple(start + each.end() for each in _SENTENCE.finditer(slice_))
                out.append(Block(start, end, "text", parts=(start, *parts)))
    return out


def plain(text: str) -> str:
    """Markdown as a person reads it: links by their text, no emphasis signs, no tags, table rows with bars."""
    ended = text.rfind("-->") + 3  # one that does not end would be looked for from each of its beginnings
    text = _COMMENT.sub("", text[:ended]) + text[ended:] if ended > 2 else text
    lines: list[str] = []
    code = hard = False
    last = ""
    for line in text.split("\n"):
        ends_hard = line.endswith(("  ", "\\"))
        if _FENCE.match(line):
            code = not code
            continue
        if code:
            lines.append(line.rstrip())
            last = ""
            continue
        if _RULE.match(line) and ("|" in line or set(line.strip()) <= {"-", " "}):
            continue
        line = _ESCAPE.sub(lambda found: chr(_ASIDE + ord(found[1])), _HEADING.sub("", line))
        for _ in range(2):
            line = _LINK.sub(r"\1", line)
        line = _REFERENCE.sub(r"\1", line)
        line = _AUTOLINK.sub(r"\1", line)
        line = _TAG.sub("", line)
        line = _STRONG.sub(r"\2", line)
        line = _EMPHASIS.sub(r"\2", line)
        line = _CODE.sub(r"\2", line)
        if line.lstrip().startswith("|"):
            line = " | ".join(cell.strip() for cell in line.strip().strip("|").split("|"))
        shown = re.sub(r"(?<=\S)[ \t]{2,}", " ", line.rstrip()).translate(_BACK)
        if lines and not hard and _goes_on(last, shown):
            lines[-1] += f" {shown.strip()}"
        else:
            lines.append(shown)
        last, hard = lines[-1], ends_hard
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _goes_on(line: str, after: str) -> bool:
    """True where a line was only broken to be short, and goes on in the one after it."""
    return (
        WRAPPED <= len(line.strip()) <= LONG
        and line.strip()[-1] not in ".!?:;|"
        and bool(after.strip())
        and not _BEGINS.match(after)
        and " | " not in line
        and " | " not in after
    )


def _packed(text: str, held: list[Block]) -> Iterator[tuple[int, int]]:
    """Ranges of about 900 characters made of whole blocks; a block that is too long is cut at its parts."""
    start = end = -1
    for block in held:
        for first, last in _pieces(text, block):
            if start >= 0 and last - start > ABOUT:
                yield _trimmed(text, start, end)
                start = -1
            if start < 0:
                start = first
            end = last
    if start >= 0:
        yield _trimmed(text, start, end)


def _pieces(text: str, block: Block) -> Iterator[tuple[int, int]]:
    if block.end - block.start <= ABOUT:
        yield block.start, block.end
        return
    cuts = [each for each in block.parts if block.start <= each < block.end] or [block.start]
    for first, last in zip([block.start, *cuts[1:]], [*cuts[1:], block.end], strict=True):
        while last - first > ABOUT:
            middle = _break(text, first, first + ABOUT)
            yield first, middle
            first = middle
        if last > first:
            yield first, last


def _break(text: str, first: int, limit: int) -> int:
    """Where to cut a run of text that has no better place: after a line, a sentence or a word, or at the limit."""
    for sign in ("\n", ". ", " "):
        at = text.rfind(sign, first + ABOUT // 3, limit)
        if at > 0:
            return at + len(sign)
    return limit


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    slice_ = text[start:end]
    lead = len(slice_) - len(slice_.lstrip("\n"))
    return start + lead, start + len(slice_.rstrip())


def _starts(tokens: list[Any], at: int, lines: list[int], type_: str) -> tuple[int, ...]:
    out: list[int] = []
    for token in tokens[at + 1 :]:
        if token.level == 0:
            break
        if token.type == type_ and token.map is not None:
            out.append(lines[int(token.map[0])])
    return tuple(dict.fromkeys(out))


def _same_words(one: str, other: str) -> bool:
    return re.sub(r"\W+", " ", one.lower()).strip() == re.sub(r"\W+", " ", other.lower()).strip()


@cache
def _markdown() -> Any:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": True}).enable("table")
