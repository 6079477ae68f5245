"""Several things with a price each in one message: the lines of one request, and what is said once for all of them."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from backend.forms import Blank, Widget
from backend.kinds import Kind
from bot.brain import amounts, slots
from bot.brain.clean import clean, fold
from bot.brain.dates import Lean
from bot.brain.hearing import QUESTION, Heard
from bot.brain.numbers import ARTICLES
from bot.brain.things import content_in

MOST = 30
"""Lines that one message can have."""

_JOINT = re.compile(
    r"\s*(?:(?<!\d)[,;](?:\s|$)|[,;](?!\d)|\.(?=\s)|:(?=\s)|\n|[&+]"
    r"|\b(?:and|plus|as well as|y|e|ed|et|und|sowie|piu)\b)[\s,-]*"
    r"(?:(?:also|then|and|another|tambien|tambem|aussi|auch|anche|noch|y|e|et|und)\s+)*"
)
_TOTAL = re.compile(
    r"\b(?:total|totale|in all|altogether|en tout|insgesamt|zusammen|gesamt|in sum|suma|soma|somme|summe|somma)\b"
)
_ONE = "|".join(sorted({*ARTICLES, "one", "two", "three", "four", "five", "some"}))
_LINKING = re.compile(
    r"\s+(?:for|on|in|at|from|with|each|yesterday|today|to|by|para|por|de|del|en|em|no|na|do|da|pour|du|des|d'|le|fur"
    r"|furs|fuers|fuer|am|im|beim|vom|von|zum|di|per|al|alla|nel|a|au|ayer|ontem|hier|gestern|ieri)\b"
)


_OF_ITS_OWN = re.compile(rf"(?:{_ONE}|\d{{1,4}})\s+[a-z]")
"""What begins like this is one more thing, and no price or seller of the one before."""
_WITH = re.compile(r"\b(?:with|including|con|com|avec|mit)\b")
"""What follows may be a part of the thing: "a chair with a back and a headrest"."""


@dataclass(frozen=True)
class _Piece:
    """A stretch of a message between two joints; `led` where a colon ends it."""

    start: int
    end: int
    money: bool
    thing: bool
    led: bool = False


def values_in(heard: Heard, kind: Kind[Any]) -> dict[str, Any]:
    """What a fresh message says for a kind: its fields, with `lines` where it names several things."""
    found = lines_in(heard, kind)
    if found is None:
        return slots.values_in(heard, kind)
    own, lines = found
    return {**own, "lines": lines}


def requests_in(heard: Heard, kind: Kind[Any]) -> list[dict[str, Any]]:
    """What a message says for a kind: once, or for each thing apart where they cannot be lines of one request.

    Two currencies are two requests.
    """
    found = _cut(heard, kind)
    said = _read(found[0], kind, found[2]) if found else []
    codes = [each["currency"] for each in said if each.get("currency")]
    alone = kind.line is not None and "currency" not in kind.split({"currency": ""})[1]
    return said if alone and len(codes) == len(said) and len(set(codes)) > 1 else [values_in(heard, kind)]


def lines_in(heard: Heard, kind: Kind[Any]) -> tuple[dict[str, Any], list[dict[str, Any]]] | None:
    """(what is said once for the whole form, its lines), or None where a message does not name two or more things."""
    found = _cut(heard, kind)
    if found is None:
        return None
    parts, beside, money = found
    own: dict[str, Any] = {}
    lines: list[dict[str, Any]] = []
    for each in _read(parts, kind, money):
        of_form, of_line = kind.split(each)
        if not _agrees(own, of_form):
            return None
        own |= of_form
        lines.append(of_line)
    shared = slots.values_in(beside, kind) if beside is not None else {}
    for_all = {each.name: shared[each.name] for each in kind.sayable() if each.name in shared and _is_common(each)}
    of_form, of_line = kind.split(for_all)
    return {**of_form, **own}, _completed(lines, of_line, kind)


def _cut(heard: Heard, kind: Kind[Any]) -> tuple[list[tuple[Heard, bool]], Heard | None, str] | None:
    """(the parts, what is said beside them, the field of the price) of a message that names two or more things."""
    money = next((each.name for each in kind.sayable() if each.widget is Widget.MONEY and not each.free_text), None)
    if kind.line is None or money is None or QUESTION.match(heard.folded):
        return None
    pieces = _pieces(heard, kind)
    parts = _parts(heard, kind, pieces) if len(pieces) > 1 else None
    return None if parts is None else (*parts, money)


def _read(parts: Sequence[tuple[Heard, bool]], kind: Kind[Any], money: str) -> list[dict[str, Any]]:
    return [slots.values_in(each, kind, awaiting=money if priced else None) for each, priced in parts]


def _pieces(heard: Heard, kind: Kind[Any]) -> list[_Piece]:
    """The stretches between the joints of a message; no joint stands within a day or a name."""
    closed = [each.span for each in [*heard.days(Lean.PAST), *heard.names, *heard.amounts]]
    joints = [
        each for each in _JOINT.finditer(heard.folded) if not any(start < each.start() < end for start, end in closed)
    ]
    counted = any(slots.is_count(each) for each in kind.sayable())
    out: list[_Piece] = []
    start = 0
    for joint in [*joints, None]:
        end = joint.start() if joint else len(heard.folded)
        if heard.folded[start:end].strip(" ,;.:-"):
            part = heard.clause(start, end)
            spans = [*part.spans(Lean.PAST), *(each.span for each in [*part.names, *part.counts])]
            led = joint is not None and ":" in joint[0]
            out.append(_Piece(start, end, _priced(part, counted=counted), bool(content_in(part, spans)), led))
        start = joint.end() if joint else end
    return out


def _priced(part: Heard, *, counted: bool) -> bool:
    """Whether an amount of money stands in a part; where nothing is counted, any number that measures nothing is one.

    counted  the kind asks how many: "3 pens" is no price then
    """
    if part.amounts:
        return True
    days = tuple(each.span for each in part.days(Lean.PAST))
    found = amounts.amounts_in(part.folded, hidden=(*days, *(each.span for each in part.refs)), bare=True)
    rest = [part.folded[each.span[1] :] for each in found]
    return any(not counted or not re.match(r"\s+[a-z]", each) or _LINKING.match(each) for each in rest)


def _parts(
    heard: Heard, kind: Kind[Any], pieces: Sequence[_Piece]
) -> tuple[list[tuple[Heard, bool]], Heard | None] | None:
    """(the parts, each with whether it has its price; what is said beside them); None: it does not come out even."""
    parts: list[tuple[int, int]] = []
    beside: list[tuple[int, int]] = []
    waiting: _Piece | None = None  # a thing whose price is still to come
    unpriced: list[tuple[int, int]] = []
    sums: list[tuple[int, int]] = []
    for nth, each in enumerate(pieces):
        after = pieces[nth + 1] if nth + 1 < len(pieces) else None
        if each.money and _TOTAL.search(heard.folded[each.start : each.end]) and len(parts) > 1 and after is None:
            sums.append((each.start, each.end))
        elif each.money and (each.thing or waiting is not None):
            parts.append((waiting.start if waiting else each.start, each.end))
            waiting = None
        elif each.money and after is not None and after.thing and not after.money:
            waiting = each  # "34, taxi": its thing comes after it
        elif each.money:
            return None
        elif not each.thing or each.led:
            beside.append((each.start, each.end))
        elif waiting is not None and waiting.money:
            parts.append((waiting.start, each.end))
            waiting = None
        elif (after is None or _one_more(heard, after)) and _names_a_thing(
            heard.clause(each.start, each.end), kind, first=not parts and not unpriced
        ):
            unpriced.append((each.start, each.end))
        elif after is not None and after.money and not _complete(parts, pieces, nth):
            waiting = waiting or each
        elif parts:
            beside.append((each.start, each.end))
        else:
            waiting = each
    if (waiting is not None and waiting.money) or not 2 <= len(parts) + len(unpriced) <= MOST:
        return None
    if _taken_back(heard, sorted([*parts, *unpriced])):
        return None
    heard_parts = [(heard.clause(*each), each in parts) for each in sorted([*parts, *unpriced])]
    if any(amounts.EXTRA.search(each.folded) for each, _ in heard_parts) or not _adds_up(heard, parts, sums):
        return None
    text = ", ".join(heard.text[start:end] for start, end in beside)
    return heard_parts, Heard(replace(heard.turn, text=text), clean(text), heard.language) if text else None


def _one_more(heard: Heard, after: _Piece) -> bool:
    """Whether what comes next begins with how many of another thing, and not with the price of this one."""
    priced = any(each.span[0] == after.start for each in heard.amounts)
    return not priced and bool(_OF_ITS_OWN.match(heard.folded[after.start :]))


def _complete(parts: Sequence[tuple[int, int]], pieces: Sequence[_Piece], nth: int) -> bool:
    """Whether what comes next has a thing of its own, so that this one goes without a price."""
    return bool(parts) and pieces[nth + 1].thing and pieces[nth + 1].money


def _names_a_thing(part: Heard, kind: Kind[Any], *, first: bool) -> bool:
    """Whether a part without a price is a thing that is counted, or one of it: "2 monitors at 199 and a keyboard"."""
    if not any(slots.is_count(each) for each in kind.sayable()) or _WITH.search(part.folded):
        return False
    main = next((each.name for each in kind.sayable() if each.required and each.widget is Widget.LINE), "")
    thing = re.escape(fold(str(slots.values_in(part, kind).get(main, "")))) if main else ""
    before = "" if first else "^"
    return bool(thing and re.search(rf"{before}(?<!\w)(?:{_ONE}|\d{{1,4}})\s+{thing}", part.folded))


def _taken_back(heard: Heard, parts: Sequence[tuple[int, int]]) -> bool:
    pairs = itertools.pairwise(parts)
    return any(amounts.corrected(heard.folded, one[1], other[1]) for one, other in pairs)


def _adds_up(heard: Heard, parts: Sequence[tuple[int, int]], sums: Sequence[tuple[int, int]]) -> bool:
    """Whether a total that is said is that of the parts."""
    if not sums:
        return True
    found = [_amount(heard.clause(start, end)) for start, end in parts]
    return _amount(heard.clause(*sums[0])) == sum(found, Decimal(0))


def _amount(part: Heard) -> Decimal:
    found = part.amounts or amounts.amounts_in(part.folded, bare=True)
    best = amounts.settled(found, part.folded)
    if best is None:
        return Decimal(0)
    return best.value * part.counts[0].value if best.each and part.counts else best.value


def _agrees(own: dict[str, Any], more: dict[str, Any]) -> bool:
    """Whether what is said once for the whole form is not said twice and otherwise."""
    return all(own.get(name, value) == value for name, value in more.items())


def _is_common(blank: Blank) -> bool:
    """What may be said once for all lines: a day, a reason, whose money it was."""
    return not blank.required or blank.widget is Widget.DATE


def _completed(lines: Sequence[dict[str, Any]], shared: dict[str, Any], kind: Kind[Any]) -> list[dict[str, Any]]:
    """The lines with what was said once: beside them, in one currency, in the last or (a day) in the nearest one."""
    currencies = {each["currency"] for each in lines if each.get("currency")}
    common = {**shared, **({"currency": currencies.pop()} if len(currencies) == 1 else {})}
    for each in kind.sayable():
        alone = [line for line in lines if each.name in line] == [lines[-1]]
        if each.widget is Widget.CHOICE and not each.required and alone:
            common.setdefault(each.name, lines[-1][each.name])
    out = [{**{name: value for name, value in common.items() if name not in each}, **each} for each in lines]
    for name in [each.name for each in kind.sayable() if each.widget is Widget.DATE and each.required]:
        known: Any = next((each[name] for each in out if name in each), None)
        for each in out if known is not None else ():
            known = each.setdefault(name, known)
    return out
