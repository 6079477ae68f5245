"""Made-up receipts and invoices as lines with boxes: written with the mistakes of reading, and really looked at."""

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from knowledge.pages.page import PICTURE, TEXT, Box, Line, Page, Paper

_HEAD = re.compile(r"^=== ", flags=re.MULTILINE)


@dataclass(frozen=True)
class Made:
    """A paper, and what stands on it; `merchants` are the names that it may be called by."""

    paper: Paper
    merchants: tuple[str, ...]
    day: str
    total: str


def alike(a: str, b: str) -> bool:
    """True for two spellings of one name."""
    left, right = (re.sub(r"[^A-Z0-9]", "", each.upper()) for each in (a, b))
    return SequenceMatcher(None, left, right, autojunk=False).ratio() > 0.9


def made() -> Iterator[Made]:
    """Every paper of the files beside this one: === MERCHANT | DAY | TOTAL | OTHER NAME, then its lines."""
    for file, how in (("malaysia", PICTURE), ("europe", PICTURE), ("invoices", TEXT)):
        text = (Path(__file__).parent / "papers" / f"{file}.txt").read_text("utf-8")
        for block in _HEAD.split(text)[1:]:
            head, _, body = block.partition("\n")
            merchant, day, total, *others = head.split(" | ")
            paper = _picture(body, seed=merchant) if how == PICTURE else _text(body)
            yield Made(paper, (merchant, *others), day, total.replace(",", ""))


def looked_at() -> Iterator[Made]:
    """152 papers of 50 countries and trades, set by a browser, photographed by arithmetic and read by the models."""
    for row in (Path(__file__).parent / "papers" / "looked_at.jsonl").read_text("utf-8").splitlines():
        doc = json.loads(row)
        pages = tuple(_page(number, each) for number, each in enumerate(doc["pages"], 1))
        sort = "pdf" if doc["name"].endswith(".pdf") else "jpeg"
        yield Made(Paper(sort, pages, len(pages)), tuple(doc["merchants"]), doc["day"], doc["total"])


def _page(number: int, doc: dict[str, Any]) -> Page:
    wide, high = doc["size"]
    return Page(number, wide, high, tuple(_line(*each) for each in doc["lines"]), doc["how"])


def _line(
    text: str, left: float, top: float, right: float, bottom: float, score: float, others: tuple[str, ...] = ()
) -> Line:
    return Line(text, Box(left, top, right, bottom), score, tuple(others))


def _picture(body: str, *, seed: str) -> Paper:
    """As a scan is read: it leans a little, and no two lines are equally high or equally surely read."""
    chance = random.Random(seed)
    lean = chance.uniform(-0.004, 0.004)
    lines: list[Line] = []
    for text, box in _places(body):
        top = box.top + lean * box.centre + chance.uniform(-1.5, 1.5)
        placed = Box(box.left, top, box.right, top + chance.uniform(15, 18))
        lines.append(Line(text, placed, round(chance.uniform(0.93, 0.995), 3)))
    return _paper(lines, how=PICTURE)


def _text(body: str) -> Paper:
    return _paper([Line(text, box) for text, box in _places(body)], how=TEXT)


def _paper(lines: list[Line], *, how: str) -> Paper:
    wide, high = max(line.box.right for line in lines), max(line.box.bottom for line in lines)
    return Paper("jpeg" if how == PICTURE else "pdf", (Page(1, wide + 20, high + 20, tuple(lines), how),), 1)


def _places(body: str) -> Iterator[tuple[str, Box]]:
    """What stands apart by two blanks or more is a line of its own."""
    for row, raw in enumerate(body.strip("\n").split("\n")):
        for found in re.finditer(r"\S+(?: \S+)*", raw):
            top = 42.0 + 22 * row
            yield found[0], Box(20 + found.start() * 9, top, 20 + found.end() * 9, top + 14)
