"""What every file becomes when it is read: a paper of pages, a page of lines, a line with the box it stands in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from backend.refusals import Refusal
from backend.words import say

TEXT, PICTURE = "text", "picture"
"""How a page was read: its own text, or by looking at it."""


@dataclass(frozen=True)
class Note:
    """A sentence about a reading, to be said with `say(language, note.text, **note.values)`."""

    text: str
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def said_in(self, language: str) -> str:
        return say(language, self.text, **self.values)

    def refusal(self) -> Refusal:
        """The same sentence as a Refusal."""
        return Refusal(self.text, **self.values)

    @classmethod
    def of(cls, refusal: Refusal) -> "Note":
        return cls(refusal.text, dict(refusal.values))


@dataclass(frozen=True)
class Box:
    """Where something stands on its page, in the page's own units; 0, 0 is the top left."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def middle(self) -> float:
        """How far down its middle is."""
        return (self.top + self.bottom) / 2

    @property
    def centre(self) -> float:
        """How far to the right its middle is."""
        return (self.left + self.right) / 2

    def around(self, other: "Box") -> "Box":
        """The box that holds both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


@dataclass(frozen=True)
class Line:
    """Words that stand together.

    score   how sure the reading of its letters is, from 0 to 1
    others  what it was read as when looked at again, where that was something else
    """

    text: str
    box: Box
    score: float = 1.0
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Illustration:
    """A picture on a page; its `address` holds it (data:image/png;base64,...)."""

    address: str
    box: Box


@dataclass(frozen=True)
class Page:
    """One page, upright; what stands side by side in columns is a line each, so a row may hold several.

    number  from 1
    how     TEXT or PICTURE
    turned  by how many degrees it was turned clockwise to stand upright: 0, 90, 180 or 270
    links   the words that lead somewhere, in order, and where to
    illustrations  the pictures in its text, from top to bottom, where they were asked for
    """

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    how: str = TEXT
    turned: int = 0
    links: tuple[tuple[str, str], ...] = ()
    illustrations: tuple[Illustration, ...] = ()

    def rows(self) -> tuple[tuple[Line, ...], ...]:
        """The lines that stand side by side together, from top to bottom and from left to right."""
        rows: list[list[Line]] = []
        for line in sorted(self.lines, key=lambda each: each.box.middle):
            row = next((each for each in reversed(rows[-3:]) if _beside(line, each)), None)
            if row is None:
                rows.append([line])
            else:
                row.append(line)
        rows.sort(key=lambda row: sum(each.box.middle for each in row) / len(row))
        return tuple(_whole(sorted(row, key=lambda each: each.box.left)) for row in rows)


BLANK = 0.5
"""Of the height of letters: what stands no further apart is one line that was read in pieces."""


def _whole(row: Sequence[Line]) -> tuple[Line, ...]:
    """The lines of a row, those put together again that no more than a blank between two words parts: "2" "400 Ft"."""
    out: list[Line] = []
    for each in row:
        before = out[-1] if out else None
        if before is None or not _goes_on(before.box, each.box):
            out.append(each)
            continue
        score, others = min(before.score, each.score), (*before.others, *each.others)
        out[-1] = Line(f"{before.text} {each.text}", before.box.around(each.box), score, others)
    return tuple(out)


def _goes_on(first: Box, second: Box) -> bool:
    low, high = sorted((first.height, second.height))
    return high < 1.5 * low and -0.6 * low < second.left - first.right < BLANK * low


@dataclass(frozen=True)
class Paper:
    """A file that was read.

    sort          pdf, jpeg, png, heic, ...
    pages         those that were read
    in_all        how many pages it has
    notes         what the reader of it should know: that only the first pages were read, and the like
    codes         what the codes printed on it say, as text; an address in one is never opened
    attached      the invoice as data, where the file carries one (XML)
    sha256        of the file, in hexadecimal
    picture_hash  256 bits that stay near each other for the same picture, in hexadecimal; "" where none was made
    """

    sort: str
    pages: tuple[Page, ...]
    in_all: int
    notes: tuple[Note, ...] = ()
    codes: tuple[str, ...] = ()
    attached: str = ""
    sha256: str = ""
    picture_hash: str = ""

    @property
    def text(self) -> str:
        """Row by row, what stands side by side apart by two blanks, pages apart by an empty line."""
        return "\n\n".join(
            "\n".join("  ".join(line.text for line in row) for row in page.rows()) for page in self.pages
        )

    def as_doc(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return asdict(self)

    @classmethod
    def from_doc(cls, doc: Mapping[str, Any]) -> "Paper":
        """The paper that `as_doc` wrote down."""
        held: dict[str, Any] = dict(doc)
        held["pages"] = tuple(_page(each) for each in doc["pages"])
        held["notes"] = notes_from(doc["notes"])
        held["codes"] = tuple(doc["codes"])
        return cls(**held)


def _page(doc: Mapping[str, Any]) -> Page:
    lines = tuple(Line(each["text"], Box(**each["box"]), each["score"], tuple(each["others"])) for each in doc["lines"])
    shown = tuple(Illustration(each["address"], Box(**each["box"])) for each in doc.get("illustrations", ()))
    held: dict[str, Any] = {**doc, "lines": lines, "illustrations": shown}
    return Page(**held)


def _beside(line: Line, row: list[Line]) -> bool:
    """True if the line stands in the row: half as high up and down as the lower of both, and over none of them."""
    nearest = min(row, key=lambda each: abs(each.box.centre - line.box.centre))
    low = min(line.box.height, nearest.box.height)
    across = min(line.box.right, nearest.box.right) - max(line.box.left, nearest.box.left)
    return abs(line.box.middle - nearest.box.middle) < low / 2 and across < min(line.box.width, nearest.box.width) / 2


def notes_from(doc: Iterable[Mapping[str, Any]]) -> tuple[Note, ...]:
    """Notes as JSON holds them."""
    return tuple(Note(**each) for each in doc)
