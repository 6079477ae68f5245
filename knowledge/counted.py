"""Whether the numbers of a sentence count in it what they count in the text that it rests on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge import embedding
from knowledge.language import common
from knowledge.quantities import BARE, NTH, Quantity, quantities, units_named
from knowledge.sentences import Sentence, stem

NEARER = 0.03
"""By so much (cosine) another number of its sort must stand nearer in meaning, in another language, to be a doubt."""
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_PART = re.compile(
    r"[,;:()|.]|\b(?:and|but|or|while|y|o|pero|mientras|e|ou|mas|enquanto|et|mais|tandis|und|oder|aber|während|ma|mentre"
    r"|after|before|until|from|within|for|antes|después|hasta|desde|depois|até|après|avant|jusqu|nach|vor|bis|ab|dopo"
    r"|prima|fino)\b"
)
_CLOSE = 14
"""So many characters behind a number its rate stands at most: "2 days a week"."""
_CELL = re.compile(r"\s*\|\s*")
_NONE: frozenset[tuple[str, str]] = frozenset()
_ALWAYS = frozenset({"year", "half day", "minute"})
"""What a sentence may leave unsaid: that days are counted a year."""


@dataclass(frozen=True)
class _Counted:
    """A quantity, the words beside it, the others of its statement, the units in its table's head."""

    quantity: Quantity
    beside: str
    words: frozenset[str]
    others: frozenset[tuple[str, str]]
    each: str
    named: frozenset[str]
    coined: frozenset[str]


def counts_alike(sentence: str, held: Sequence[Sentence], *, headings: Sequence[str], mine: str, theirs: str) -> bool:
    """Whether each quantity of a sentence stands in what holds it, with the same unit and beside the same words.

    held      the sentences and rows that it may take its numbers from
    headings  of their passages
    mine      the language of the sentence
    theirs    the language of what holds it
    """
    said = _statement(sentence, mine)
    if not said:
        return True
    known = [each for one in held for each in _told(one, theirs)]
    known += [each for one in headings for each in _statement(one, theirs)]
    same = mine == theirs
    spans = {each.quantity.sort for each in said if each.quantity.value == "1"}
    return all(_is_held(each, known, same=same, spans=spans) for each in said)


def _is_held(one: _Counted, known: Sequence[_Counted], *, same: bool, spans: set[str]) -> bool:
    if one.quantity.value == "1" and any(one.quantity.sort in each.named for each in known):
        return True
    right = [each for each in known if _matches(each, one, same=same)]
    right = [each for each in right if not each.each or each.each in _ALWAYS or each.each in spans]
    if not right:
        return False
    if one.quantity.each:
        return True
    wrong = [each for each in known if each not in right and not each.quantity.each and _comparable(each, one)]
    wrong = [each for each in wrong if each.quantity.sort == one.quantity.sort or not _said_too(each, one)]
    if not wrong:
        return True
    if same:
        return max(_near(one, each) for each in right) >= max(_near(one, each) for each in wrong)
    rows = embedding.use([one.beside, *(each.beside for each in right), *(each.beside for each in wrong)])
    near = [float(each) for each in rows[1:] @ rows[0]]
    return max(near[: len(right)]) + NEARER >= max(near[len(right) :])


def _said_too(held: _Counted, one: _Counted) -> bool:
    """Whether the sentence says this number as well, of its own sort: the two cannot have changed places."""
    return (held.quantity.value, held.quantity.sort) in one.others


def _comparable(held: _Counted, one: _Counted) -> bool:
    """Whether a reader could take one number for the other."""
    return held.quantity.family == one.quantity.family or (held.quantity.sort == BARE and _headed(held, one))


def _headed(held: _Counted, one: _Counted) -> bool:
    """Whether the head of its table gives a bare number the unit of the other."""
    sort = one.quantity.sort
    return sort in held.named or (sort.endswith(" day") and "day" in held.named)


def _matches(held: _Counted, one: _Counted, *, same: bool) -> bool:
    theirs, mine = held.quantity, one.quantity
    if theirs.sort == mine.sort == BARE:
        return theirs.value == mine.value and (not same or bool(one.coined & held.coined) or not one.coined)
    if theirs.holds(mine):
        return True
    if theirs.value != mine.value:
        return False
    if {theirs.sort, mine.sort} == {BARE, NTH}:
        return not same
    if theirs.sort == BARE:
        return _headed(held, one)
    # "22 days of vacation and 5 of sick leave"
    return mine.sort == BARE and theirs.sort in one.named


def _near(one: _Counted, other: _Counted) -> float:
    return len(one.words & other.words) + 0.5 * len(one.others & other.others)


def _told(sentence: Sentence, language: str) -> list[_Counted]:
    """What a sentence counts; each cell of a row with the head of its column and what the row is about."""
    if not sentence.row or not sentence.lead:
        return _statement(sentence.told, language)
    heads, cells = _CELL.split(sentence.lead), _CELL.split(sentence.text)
    out: list[_Counted] = []
    about = frozenset((each.quantity.value, each.quantity.sort) for each in _statement(cells[0], language))
    for at, cell in enumerate(cells):
        head = heads[at] if at < len(heads) else ""
        before = f"{head} {cells[0]}" if at else head
        whole = frozenset(_telling(f"{before} {cell}", language))
        named = units_named(sentence.lead)
        for each in _statement(cell, language):
            out.append(
                _Counted(
                    each.quantity,
                    f"{before} {cell}",
                    whole,
                    about if at else _NONE,
                    each.each,
                    named,
                    each.coined | whole,
                )
            )
    return out


def _statement(text: str, language: str) -> list[_Counted]:
    found = quantities(text, language=language)
    every = frozenset((each.value, each.sort) for each in found)
    firm = [each for each in found if not each.each]
    out: list[_Counted] = []
    for each in found:
        before = text[max((one.end for one in firm if one.end <= each.start), default=0) : each.start]
        after = text[each.end : min((one.start for one in firm if one.start >= each.end), default=len(text))]
        if len(before) < each.start and (apart := _PART.search(before)):
            before = before[apart.start() :]
        if each.end + len(after) < len(text) and (apart := _PART.search(after)):
            after = after[: apart.start()]
        rates = [one.sort for one in found if one.each and each.end <= one.start < each.end + _CLOSE]
        rates = [one for one in rates if not _PART.search(text[each.end : each.end + 1])]
        behind = _WORD.findall(text[each.end :].lower())[:3] + _WORD.findall(before.lower())[-2:]
        out.append(
            _Counted(
                each,
                f"{before} {text[each.start : each.end]} {after}",
                frozenset(_telling(f"{before} {after}", language)),
                every - {(each.value, each.sort)},
                rates[0] if rates and not each.each else "",
                frozenset(one.sort for one in found if one.end <= each.start),
                frozenset(_telling(" ".join(behind), language)),
            )
        )
    return out


def _telling(text: str, language: str) -> set[str]:
    small = common(language) | common("en")
    return {stem(each) for each in _WORD.findall(text.lower()) if each not in small and len(each) > 1}
