"""Hours of a day as people say them: "from 2pm to 5pm", "2 hours", "de 14 a 17h", "zwei Stunden"; in six languages."""

import re
from dataclasses import dataclass
from decimal import Decimal

from bot.brain import numbers

_SIGN = r"[ap]\.?m\b\.?(?!\s+(?:\w+tag|mittwoch|\d))|uhr\b|h\b|h(?:ou)?rs?\b|heures?\b|horas?\b|ore\b|o'clock\b"
"""What makes a number a time of day; a German "am Montag" does not."""
_TIME = r"(?P<hour{0}>\d{{1,2}})(?:[:h](?P<minute{0}>[0-5]\d))?\s?(?P<sign{0}>" + _SIGN + ")?"
_RANGE = re.compile(
    r"(?<![\w.,:/€$£-])" + _TIME.format(1) + r"\s*(?:-|–|\b(?:to|till?|until|and|bis|und|a|as|e|y|et|alle|ate|hasta)\b)"
    r"\s*(?:las |as |le )?" + _TIME.format(2) + r"(?![\w/-]|[.,:]\d|\s?[€$£%])"
)
_AND_A_HALF = r" and a half\b| y media\b| e meia\b| et demie\b| e mezza\b"
_LONG = re.compile(
    r"(?<![\w.,:-])(?:(?P<number>\d{1,2}(?:[.,]\d{1,2})?)(?:" + _AND_A_HALF + r")?[\s-]*"
    r"|(?P<word>half an|couple of|[a-z]+)(?:"
    + _AND_A_HALF
    + r")?[\s'-]+)(?:hours?|hrs?|h|horas?|heures?|stunden?|or[ae])(?:"
    + _AND_A_HALF
    + r")?(?!\w)"
    r"(?!\s*(?:ago|notice|earlier|later|per\b|a week|antes|vorher|uhr))"
)
_WORDS = {"half an": "0.5", "couple of": "2", "anderthalb": "1.5", "eineinhalb": "1.5"}
_ONE = frozenset(("a", "an", "una", "un", "uma", "une", "eine", "einer", "un'"))
_AT_WORK_FROM = 7
NOON, LUNCH_IS_OVER = 12 * 60, 13 * 60 + 30


@dataclass(frozen=True)
class Hours:
    """So many hours of a day, and where they stand; `part` is the half of the day that they lie in, where they do."""

    hours: Decimal
    part: str | None
    span: tuple[int, int]


def hours_in(folded: str) -> Hours | None:
    """The hours that a folded text says, between two times of a day or as a length; None if it says none."""
    return between(folded) or _long(folded)


def between(folded: str) -> Hours | None:
    """The hours from one time to another, of which one at least is written as a time: "5pm", "17:00", "17 uhr"."""
    for found in _RANGE.finditer(folded):
        if not any(found[f"{what}{nth}"] for what in ("sign", "minute") for nth in (1, 2)):
            continue
        last = _minutes(found, 2, afternoon=_afternoon(found["sign2"]))
        own = _afternoon(found["sign1"])
        first = _minutes(found, 1, afternoon=own)
        if own is None and _afternoon(found["sign2"]) is not None:  # "2 to 5pm", "10 to 2pm"
            later = _minutes(found, 1, afternoon=True)
            first = later if later < last else _minutes(found, 1, afternoon=False)
        if first < last <= 24 * 60:
            part = "pm" if first >= NOON else "am" if last <= LUNCH_IS_OVER else None
            return Hours((Decimal(last - first) / 60).quantize(Decimal("0.01")), part, found.span())
    return None


def _long(folded: str) -> Hours | None:
    for found in _LONG.finditer(folded):
        word = found["word"]
        if found["number"]:
            count = Decimal(found["number"].replace(",", "."))
        elif word in _WORDS or word in _ONE:
            count = Decimal(_WORDS.get(word, "1"))
        else:
            count = Decimal(numbers.word(word) or 0)
        if re.search(_AND_A_HALF, found[0]):
            count += Decimal("0.5")
        if 0 < count <= 24:
            return Hours(count, None, found.span())
    return None


def _afternoon(sign: str | None) -> bool | None:
    return {"a": False, "p": True}.get((sign or " ")[0]) if sign and "m" in sign else None


def _minutes(found: re.Match[str], nth: int, *, afternoon: bool | None) -> int:
    """Minutes since midnight; an hour before work begins is meant in the afternoon, unless it says otherwise."""
    hour, minute = int(found[f"hour{nth}"]), int(found[f"minute{nth}"] or 0)
    if afternoon is not None:
        hour = hour % 12 + (12 if afternoon else 0)
    elif 0 < hour < _AT_WORK_FROM:
        hour += 12
    return hour * 60 + minute
