"""Documents that say the same, of which the newer counts, and documents that say different numbers of one thing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from knowledge import embedding
from knowledge.asking import month_names
from knowledge.search import Hit
from knowledge.sentences import Sentence, sentences, stem, stems
from knowledge.words import STOP

ALIKE = 0.85
"""The share of words that two passages have in common from which on they say the same."""

SAME_WORDS = 0.4
SAME_MEANING = 0.7
"""How many words two sentences share at least, and how near their meaning is, to speak of one thing."""

LOOKED_AT = 8
"""Among how many sections it is looked for."""

_SMALL = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_NUMBER = rf"\d[\d.,]*|\b(?:{'|'.join(_SMALL)})\b"
_MEASURED = re.compile(rf"(?P<sign>[$€£])?\s?(?P<number>{_NUMBER})[ \xa0-]?(?P<unit>[$€£%]|[^\W\d_]+)?", re.IGNORECASE)


@dataclass(frozen=True)
class Other:
    """What another document says of the same thing: its section, and the sentence in it."""

    hit: Hit
    sentence: Sentence


def newest(hits: Sequence[Hit]) -> list[Hit]:
    """The sections without those that a newer document repeats, word by word or nearly so, with the same numbers."""
    held = [(each, stems(each.body), _figures(each.body)) for each in hits[:LOOKED_AT]]
    older = {
        one.passage
        for one, words, figures in held
        for other, others, theirs in held
        if one.doc != other.doc
        and _age(one) < _age(other)
        and figures == theirs
        and len(words & others) >= ALIKE * len(words | others)
    }
    return [each for each in hits if each.passage not in older]


def other(hit: Hit, quote: str, hits: Sequence[Hit]) -> Other | None:
    """What another document says of the thing that is quoted, where its number or date is another one."""
    for said in sentences(quote):
        if not (mine := _measures(said.told)):
            continue
        for each in hits[:LOOKED_AT]:
            if each.doc == hit.doc:
                continue
            for sentence in sentences(each.body):
                theirs = _measures(sentence.told)
                shared = mine.keys() & theirs.keys()
                if any(mine[unit].isdisjoint(theirs[unit]) for unit in shared) and _same(said.told, sentence.told):
                    return Other(each, sentence)
    return None


def _same(one: str, two: str) -> bool:
    """True for two sentences that speak of one thing, by their words and by what they mean."""
    words, others = (_telling(each) for each in (one, two))
    if len(words & others) < max(2, SAME_WORDS * min(len(words), len(others))):
        return False
    vectors = embedding.use([one, two])
    return float(vectors[0] @ vectors[1]) >= SAME_MEANING


def _telling(text: str) -> set[str]:
    plain = re.sub(_NUMBER, " ", text, flags=re.IGNORECASE)
    return {each for each in stems(plain) if each not in STOP and len(each) > 1}


def _figures(text: str) -> set[str]:
    return {each.group().lower().rstrip(".,") for each in re.finditer(_NUMBER, text, re.IGNORECASE)}


def _measures(text: str) -> dict[str, set[str]]:
    """The numbers of a text by what they count; days of a month count dates."""
    out: dict[str, set[str]] = {}
    for found in _MEASURED.finditer(text.replace("’", "'")):
        number = found["number"].lower().rstrip(".,")
        number = str(_SMALL.index(number) + 1) if number in _SMALL else number.replace(",", "")
        unit = (found["sign"] or found["unit"] or "").lower()
        if unit in month_names():
            out.setdefault("date", set()).add(f"{number} {unit}")
        elif unit and unit not in STOP:
            out.setdefault(_MONEY.get(unit, stem(unit)), set()).add(number)
    return out


_MONEY = {"euro": "€", "euros": "€", "eur": "€", "dollars": "$", "usd": "$", "pounds": "£", "percent": "%"}


def _age(hit: Hit) -> tuple[date, int]:
    return hit.effective, hit.version_id
