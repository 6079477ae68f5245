"""A name that is printed over two or three lines."""

import re
from collections.abc import Sequence

from knowledge.pages.page import Line
from knowledge.receipts.amounts import amounts
from knowledge.receipts.days import days, plain
from knowledge.receipts.naming import CONTACT, STRONG, TRADE, bare, like_a_name

_TRADES_ALONE = re.compile(
    rf"(?:(?:&|and) )?(?:{TRADE.pattern}|machinery|furniture|supply|supplies|industries|products|marketing|sales"
    rf"|services|holdings)(?: \(?m?\)? ?(?:{STRONG.pattern}))?\W*"
)
_TRADE_ALONE = re.compile(rf"\W*{TRADE.pattern}\W*")
REGISTRATION = re.compile(
    r"\W*(?:(?:co|company|roc|ssm|business|reg\w*)\b[^\d]{0,20})?[a-z]{0,3}\d{5,}\W?[a-z]?\s*[)\]]?\W*$"
)


_OPEN_END = re.compile(
    r"[&,-]$| (?:de|of|y|e|und|et|il|lo|la|le|el|los|las|do|da|dos|das|del|della|dello|dei|di|du|des|the|and|zur|zum|am"
    r"|im|der|die|den|van|het|au|aux|al)$",
    re.IGNORECASE,
)
"""How a name ends that goes on in the line below."""


def wrapped(rows: Sequence[Sequence[Line]], place: int, spot: int, text: str, *, usual: float) -> str:
    """The name with the lines that it is wrapped over, above and below.

    usual  how high the letters of the paper usually are
    """
    line = rows[place][spot]
    parts = [text]
    at, near = place, line
    while at + 1 < len(rows) and len(parts) < 3 and (lower := under(rows[at + 1], near)):
        more = bare(lower.text)
        whole = " ".join(parts)
        goes_on = _belongs_below(whole, more) or _registered_below(rows, at + 1, near, lower, whole)
        large = _one_sign(near, lower, more, usual=usual) and not STRONG.search(plain(whole))
        if not (goes_on or large) or lower.box.top - near.box.bottom > 1.1 * near.box.height:
            break
        parts.append(re.sub(r"^8 ?(?=[A-Za-z]{3})", "& ", more))
        at, near = at + 1, lower
    at, near = place, line
    while at > 0 and len(parts) < 3 and (upper := under(rows[at - 1], near)):
        more = bare(upper.text)
        if not _belongs_above(" ".join(parts), more) or near.box.top - upper.box.bottom > 1.1 * near.box.height:
            break
        parts.insert(0, more)
        at, near = at - 1, upper
    return " ".join(parts)


def _one_sign(upper: Line, lower: Line, more: str, *, usual: float) -> bool:
    """True if both lines are set in letters of one size that is far larger than the paper's: a shop's sign."""
    small, large = sorted((upper.box.height, lower.box.height))
    middles = abs(upper.box.centre - lower.box.centre)
    lefts = abs(upper.box.left - lower.box.left)
    return small > 1.6 * usual and large < 1.35 * small and min(middles, lefts) < large and like_a_name(more)


def _registered_below(rows: Sequence[Sequence[Line]], at: int, upper: Line, lower: Line, name: str) -> bool:
    """True if a line as high as the name stands between it and a number of registration: that ends the name."""
    below = under(rows[at + 1], lower) if at + 1 < len(rows) else None
    words = plain(lower.text)
    return (
        below is not None
        and bool(REGISTRATION.match(plain(below.text)))
        and not STRONG.search(plain(name))
        and not STRONG.search(words)
        and like_a_name(lower.text)
        and not (set(re.findall(r"[a-z]{3,}", words)) & set(re.findall(r"[a-z]{3,}", plain(name))))
        and upper.text.isupper() == lower.text.isupper()
        and 0.8 < lower.box.height / (upper.box.height or 1) < 1.25
    )


def _open(text: str) -> int:
    """How many brackets are opened and not closed; one alone within a word is a letter that was misread."""
    alone = ")" not in text
    return len(re.findall(r"(?<![A-Za-z])\(" if alone else r"\(", text)) - text.count(")")


def _belongs_below(name: str, more: str) -> bool:
    """True if the line below goes on with the name."""
    words = plain(more)
    if not more or days(words, day_first=True) or CONTACT.search(words):
        return False
    if amounts(more) and not STRONG.search(words):
        return False
    if _open(name) > 0 or _OPEN_END.search(name.rstrip()):
        return True
    if STRONG.search(plain(name)):
        return False
    if _TRADE_ALONE.fullmatch(words) is None and _TRADE_ALONE.fullmatch(plain(name)) and like_a_name(more):
        return True
    start = re.match(r"(?:&|8 ?(?=[a-z]{3})|co\.|and |und |y |e |et |\)|s[db]n|bhd|(?:enterprise|trading)\W*$)", words)
    of_trade = _TRADES_ALONE.fullmatch(words) or (" - " in name and re.fullmatch(r"\w+, (?:lda|s\.?a|s\.?l)\.?", words))
    alone = len(more.split()) <= 2 and re.match(r"(?:unipessoal|ltd|gmbh|s\.?l\.?u?$|s\.?a\.?$|lda|s\.?r\.?l)", words)
    return bool(start or alone or of_trade) or (
        bool(STRONG.search(words)) and len(more.split()) <= 3 and _open(more) < 0
    )


def _belongs_above(name: str, more: str) -> bool:
    """True if the line above is where the name begins."""
    if not more or not like_a_name(more) or STRONG.search(plain(more)):
        return False
    words = plain(name)
    if _open(name) < 0 or _open(more) > 0:
        return True
    if re.match(r"(?:&|co\.|and |und |et |s[db]n\.? ?b|bhd|enterprise)", words):
        return True
    return len(words.split()) <= 2 and bool(
        re.match(r"(?:unipessoal|ltd|limited$|gmbh|s\.l\.|s\.a\.|lda|s\.r\.l)", words)
    )


def under(row: Sequence[Line], line: Line) -> Line | None:
    """The line of a row that stands below (or above) this one."""
    for each in row:
        across = min(each.box.right, line.box.right) - max(each.box.left, line.box.left)
        if across > 0.4 * min(each.box.width, line.box.width):
            return each
    return None
