"""Pages of one receipt that come as files of their own: which belong together, in which order, what they say as one."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from functools import reduce
from typing import Any

from knowledge.receipts.comparing import ALIKE, ASK, DIFFERENT, DUPLICATE, apart, compare, likeness
from knowledge.receipts.receipt import FIELDS, Receipt

ONE, PERHAPS, OWN = "one", "perhaps", "own"
"""Whether two pictures are of one receipt: plainly; it has to be asked; each is a receipt of its own."""

SURE = 0.5
"""From this confidence on, a total is one."""

COPY = 0.5
"""Which share of the lines of the shorter of two pictures stands on both when they show the same."""


def together(first: Receipt, second: Receipt) -> str:
    """Whether the second goes on where the first ends, or the other way round: ONE, PERHAPS or OWN.

    Said by "page 2 of 3", by lines that stand at the end of one and at the beginning of the other, or by the number of
    the document. Else a first page without a total goes on in one that has it, if that does not begin anew with who
    sold and when. What says none of these may be a page, or a picture that could not be read.
    """
    if first.error or second.error or _shows_the_same(first, second):
        return OWN
    mine, other = _page_of(first), _page_of(second)
    if mine and other and mine[1] == other[1]:
        return OWN if mine[0] == other[0] or _differ(first, second, surely=True) else ONE
    if overlap(first.lines, second.lines) or overlap(second.lines, first.lines):
        if not _differ(first, second, surely=True):
            return ONE
        return OWN if _begins_anew(first) and _begins_anew(second) else PERHAPS
    if _differ(first, second, surely=False):
        return OWN
    if first.document_number and first.document_number == second.document_number:
        return ONE
    anew = _named(second) and second.day is not None
    if _sums_up(first) and _sums_up(second):
        return OWN
    if not _sums_up(first):
        less = _sums_up(second) and (second.total or 0) < (first.total or 0)
        return PERHAPS if anew or less or not _sums_up(second) else ONE
    return OWN if anew else PERHAPS


def groups(pages: Sequence[Receipt], *, most: int) -> list[list[int]]:
    """Which files that came one after the other are pages of one receipt: their places from 0, each in reading order.

    A page that says nothing of its own belongs to the receipt before it where a later one sums up what both begin.
    """
    out: list[list[int]] = []
    for nth, page in enumerate(pages):
        if out and len(out[-1]) < most and _goes_on([pages[at] for at in out[-1]], page, pages[nth + 1 :]):
            out[-1].append(nth)
        else:
            out.append([nth])
    return [[each[at] for at in ordered([pages[nth] for nth in each])] for each in out]


def ordered(pages: Sequence[Receipt]) -> list[int]:
    """The places of a receipt's pages in reading order: as numbered, as they overlap, else as they came."""
    marks = [_page_of(each) for each in pages]
    if all(marks):
        return sorted(range(len(pages)), key=lambda at: marks[at] or (0, 0))
    out = list(range(min(1, len(pages))))
    for at in range(1, len(pages)):
        earlier = overlap(pages[at].lines, pages[out[0]].lines) > overlap(pages[out[-1]].lines, pages[at].lines)
        out.insert(0 if earlier else len(out), at)
    return out


def whole(docs: Sequence[Mapping[str, Any]]) -> Receipt | None:
    """The receipt that the readings of its pages, as `as_doc` wrote them, make; None where nothing was read."""
    pages = [Receipt.from_doc(each) for each in docs if each]
    good = [each for each in pages if each.error is None]
    return joined(good) if good else next(iter(pages), None)


def joined(pages: Sequence[Receipt]) -> Receipt:
    """Pages as the receipt that they are: the total from the last that has one, other facts from who is surer."""
    return reduce(_with_next, pages)


def compare_pages(a: Sequence[Receipt], b: Sequence[Receipt]) -> str:
    """What compare() says of two receipts of one or several pages: one page in common is the same receipt."""
    if len(a) == len(b) == 1:
        return compare(a[0], b[0])
    good = [[each for each in pages if each.error is None] for pages in (a, b)]
    found = {compare(one, other) for one in a for other in b}
    found |= {compare(joined(good[0]), joined(good[1]))} if all(good) else set()
    if DUPLICATE in found:
        return DUPLICATE
    return ASK if ASK in found or any(_same_end(one, other) for one in a for other in b) else DIFFERENT


def _same_end(one: Receipt, other: Receipt) -> bool:
    """Whether two pages sum up the same to the same: the last page of a receipt says nothing of who sold, and when."""
    alike = len(one.numbers) >= _FEW and likeness(one.numbers, other.numbers) >= ALIKE
    return alike and one.total is not None and one.total == other.total and not _differ(one, other, surely=True)


_FEW = 3
"""Numbers that a page has at least of which it is known again."""


def overlap(first: Sequence[str], second: Sequence[str]) -> int:
    """How many lines at the end of one stand at the beginning of the other, but for a cut line or two at the edge.

    Two lines, of which one has a number, are the least that counts.
    """
    mine, other = [_bare(each) for each in first], [_bare(each) for each in second]
    mine, other = [each for each in mine if each], [each for each in other if each]
    for cut in range(min(_EDGE, len(mine)) + 1):
        for begun in range(min(_EDGE - cut, len(other)) + 1):
            end, start = mine[: len(mine) - cut], other[begun:]
            for count in range(min(len(end), len(start), _FAR), 1, -1):
                shared = end[-count:]
                told = sum(len(each) for each in shared) >= _LEAST and any(_AMOUNT.search(each) for each in shared)
                if told and all(_alike(*each) for each in zip(shared, start, strict=False)):
                    return count
    return 0


_EDGE, _FAR, _LEAST = 2, 40, 14
_AMOUNT = re.compile(r"\d")
_HELD = {"date": "day", "tax": "taxes"}
"""What a receipt holds under another name than it asks for it."""
_LATER = ("total", "tax", "currency")
"""What stands at the end of a receipt."""
_PAGE = re.compile(
    r"\b(?:page|pages|pag|pagina|página|pág|seite|blatt|hoja|feuille|foglio|folha|part|parte|teil|p)\b[.:\s]*"
    r"(\d{1,2})\s*(?:of|de|di|da|von|sur|/)\s*(\d{1,2})\b",
    re.IGNORECASE,
)


def _goes_on(group: Sequence[Receipt], page: Receipt, later: Sequence[Receipt]) -> bool:
    held = joined([group[at] for at in ordered(group)])
    if together(held, page) == ONE:
        return True
    if _begins_anew(page) or _sums_up(held) or _sums_up(page) or together(held, page) == OWN:
        return False
    between = [held, page]
    for each in later:
        if each.error or _shows_the_same(between[-1], each):
            return False
        if _sums_up(each):
            return not _begins_anew(each) and together(joined(between), each) == ONE
        if _begins_anew(each):
            return False
        between.append(each)
    return False


def _with_next(first: Receipt, second: Receipt) -> Receipt:
    facts: dict[str, object] = {}
    confidence, candidates, ask = dict(first.confidence), dict(first.candidates), set(first.ask)
    for name in FIELDS:
        held = _HELD.get(name, name)
        mine, other = getattr(first, held), getattr(second, held)
        if other in (None, ()) or (mine not in (None, ()) and not _better(name, first, second)):
            continue
        facts[held] = other
        ask.discard(name)
        for both, part in ((confidence, second.confidence), (candidates, second.candidates)):
            both.pop(name, None)
            if name in part:
                both[name] = part[name]  # pyright: ignore[reportArgumentType]
        if name in second.ask:
            ask.add(name)
    again = overlap(first.lines, second.lines)
    if _two_sums(first, second, goes_on=again > 0):
        ask.add("total")
        candidates["total"] = (str(second.total), str(first.total))
    lines = (*first.lines, *second.lines[_after(first.lines, second.lines, again) :])
    numbers = Counter(first.numbers) + Counter(second.numbers)
    for each in second.lines[: _after(first.lines, second.lines, again)]:
        numbers -= Counter(_NUMBER.findall(each))
    return replace(
        first,
        **facts,  # pyright: ignore[reportArgumentType]
        our_tax_id_on_it=first.our_tax_id_on_it or second.our_tax_id_on_it,
        order_number=first.order_number or second.order_number,
        confidence=confidence,
        candidates=candidates,
        ask=tuple(each for each in FIELDS if each in ask),
        numbers=tuple(sorted(numbers.elements())),
        lines=lines,
        codes={**second.codes, **first.codes},
        pages_read=first.pages_read + second.pages_read,
        pages=first.pages + second.pages,
        notes=tuple(dict.fromkeys((*first.notes, *second.notes))),
        sha256="",
        picture_hash="",
    )


_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def _two_sums(first: Receipt, second: Receipt, *, goes_on: bool) -> bool:
    """Whether two pages say different totals, and neither is one of the goods or what is carried over to the next."""
    if not (_sums_up(first) and _sums_up(second)) or first.total == second.total or "total" in first.ask:
        return False
    return not goes_on or (second.total or 0) < (first.total or 0)


def _after(first: Sequence[str], second: Sequence[str], again: int) -> int:
    """At which line the second says something new, where so many lines stand on both."""
    if not again:
        return 0
    ends = [
        nth
        for nth, each in enumerate(second)
        if any(_alike(_bare(each), _bare(other)) for other in first[-again - _EDGE :])
    ]
    return min(max(ends, default=-1) + 1, again + _EDGE)


def _better(name: str, first: Receipt, second: Receipt) -> bool:
    """Whether the second is to be believed rather than the first, where both say something: who sold stands on top."""
    if name == "merchant":
        return False
    if name == "currency" and _sums_up(first) != _sums_up(second):
        return _sums_up(second)
    mine, other = first.confidence.get(name, 1.0), second.confidence.get(name, 1.0)
    if name == "total" and _sums_up(first) and _sums_up(second):
        return True
    return other >= mine if name in _LATER else other > mine


def _page_of(page: Receipt) -> tuple[int, int] | None:
    """Which page of how many it says it is."""
    for each in page.lines:
        found = _PAGE.search(each)
        if found is not None and 1 <= int(found[1]) <= int(found[2]) and int(found[2]) > 1:
            return int(found[1]), int(found[2])
    return None


def _shows_the_same(first: Receipt, second: Receipt) -> bool:
    """Whether both are pictures of the same piece of paper, and not of what follows on it."""
    if (first.sha256 and first.sha256 == second.sha256) or apart(first.picture_hash, second.picture_hash) <= _SAME_BITS:
        return True
    mine, other = ([each for line in page.lines if (each := _bare(line))] for page in (first, second))
    fewer, more = sorted((mine, other), key=len)
    if not fewer or not (_sums_up(first) and _sums_up(second)):
        return False
    return sum(any(_alike(each, line) for line in more) for each in fewer) >= COPY * len(fewer)


_SAME_BITS = 20


def _sums_up(page: Receipt) -> bool:
    """Whether a total stands on a page: where none does, one of its amounts may have been taken for it."""
    return page.total is not None and page.confidence.get("total", 1.0) >= SURE


def _begins_anew(page: Receipt) -> bool:
    return _named(page) and page.day is not None


def _named(page: Receipt) -> bool:
    """Whether a page says for sure who sold: what stands on top of a second page may be anything."""
    return bool(page.merchant) and ("merchant" not in page.ask or page.tax_id is not None)


def _differ(first: Receipt, second: Receipt, *, surely: bool) -> bool:
    """Whether both say the same thing differently; `surely`: where neither would be asked about."""
    pairs = [
        ("date", first.day, second.day),
        ("tax_id", first.tax_id, second.tax_id),
        ("document_number", first.document_number, second.document_number),
        ("currency", first.currency if first.total else None, second.currency if second.total else None),
    ]
    for name, one, other in pairs:
        doubted = surely and (name in first.ask or name in second.ask)
        if one is not None and other is not None and one != other and not doubted:
            return True
    return False


def _bare(line: str) -> str:
    return re.sub(r"\W+", "", line).casefold()


def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    if re.sub(r"\D", "", one) != re.sub(r"\D", "", other):
        return False
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= 0.8
