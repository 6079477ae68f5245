"""Numbers as a message writes them, and the places it names: the second, the last."""

import re

from backend.spelled import ARTICLES, HUNDREDS, THOUSANDS, WORDS, decimal, phrase, word
from bot.brain.clean import fold

__all__ = ["ARTICLES", "HUNDREDS", "THOUSANDS", "WORDS", "decimal", "nth_in", "nth_word", "phrase", "places_in", "word"]

_GERMAN_NTH = re.compile(r"(?P<n>[a-z]+?)(?:sten|ste|ster|stem|ten|te|ter|tem)")
_ODD_NTH = {"sieb": 7, "ach": 8}


def nth_word(text: str) -> int | None:
    """The place that a German word stands for, five or later: 12 for "zwolften"; None where it is none."""
    found = _GERMAN_NTH.fullmatch(text)
    value = (_ODD_NTH.get(found["n"]) or word(found["n"])) if found else None
    return value if value and 5 <= value <= 31 else None


_NTH = {
    1: "first|1st|primer[oa]?|primeir[oa]|premiere?|erste[nrs]?|prim[oa]",
    2: "second|2nd|segund[oa]|deuxieme|seconde?|zweite[nrs]?|second[oa]",
    3: "third|3rd|tercer[oa]?|terceir[oa]|troisieme|dritte[nrs]?|terz[oa]",
    4: "fourth|4th|cuart[oa]|quart[oa]|quatrieme|vierte[nrs]?",
    5: "fifth|5th|quint[oa]|cinquieme|funfte[nrs]?",
    -1: "last|ultim[oa]|derniere?|letzte[nrs]?",
}
_WHICH = re.compile(
    r"(?:(?:the|number|option|no\.?|nr\.?|la|el|a|o|le|il|lo|l'|die|der|das|den|numero|nummer|please|and|it's|its"
    r"|i mean)\s+)*"
    rf"(?:{'|'.join(f'(?P<n{n if n > 0 else 0}>{words})' for n, words in _NTH.items())}|(?P<digit>[1-9]))"
    r"(?:\s+(?:one|of them|in the list|please|request|una|uno|um|uma|bitte|por favor|svp))*\W*"
)


_PLACES = re.compile(
    rf"\b(?:{'|'.join(f'(?P<n{n if n > 0 else 0}>{words})' for n, words in _NTH.items())})\b"
    r"(?!\s+(?:half|day|week|month|quarter|year|time|of (?!them|those|these)\w+))"
)


def places_in(folded: str) -> list[int]:
    """The places that a message names among several: "the first and the third" is [1, 3]; -1 is the last."""
    return [next(n for n in _NTH if found[f"n{max(n, 0)}"]) for found in _PLACES.finditer(folded)]


def nth_in(folded: str) -> int | None:
    """Which of several is meant by its place ("the second one"): from 1, or -1 for the last; None: not said so."""
    found = _WHICH.fullmatch(folded.strip(" .!,"))
    if found is None:
        return None
    return int(found["digit"]) if found["digit"] else next(n for n in _NTH if found[f"n{max(n, 0)}"])


_DIGITS = {
    said: str(digit)
    for words in (
        "zero one two three four five six seven eight nine",
        "cero uno dos tres cuatro cinco seis siete ocho nueve",
        "zero um dois tres quatro cinco seis sete oito nove",
        "zero un deux trois quatre cinq six sept huit neuf",
        "null eins zwei drei vier funf sechs sieben acht neun",
        "zero uno due tre quattro cinque sei sette otto nove",
    )
    for digit, said in enumerate(words.split())
    if said not in ("um", "un", "sei")
}
_ONE_BY_ONE = re.compile(
    rf"\b(?:(?:{'|'.join(sorted(_DIGITS))})\s+){{2,6}}(?:{'|'.join(sorted(_DIGITS))})\b", re.IGNORECASE
)


_WORDED = re.compile(r"[^\W\d_]+|-")


def hundreds_in_digits(text: str) -> str:
    """A text's worded numbers over a hundred that are not round, in digits: those of requests are said so, too."""
    folded = fold(text)
    found = list(_WORDED.finditer(folded))
    words = [each[0] for each in found]
    out, at, i = "", 0, 0
    while i < len(words):
        said = phrase(words, i) if words[i] not in ARTICLES and words[i] != "-" else None
        if said is None or not (100 < said[0] < 10_000 and said[0] % 100):
            i += said[1] if said else 1
            continue
        start, end = found[i].start(), found[i + said[1] - 1].end()
        between = re.sub(r"[^\W\d_]|-", "", folded[start:end])
        out += text[at:start] + (str(said[0]) if not between.strip() else text[start:end])
        at, i = end, i + said[1]
    return out + text[at:]


def digits_joined(text: str) -> str:
    """A text with digits that were spoken one by one written as the number that they are: "two two one" is 221."""
    return _ONE_BY_ONE.sub(lambda found: "".join(_DIGITS[each.lower()] for each in found[0].split()), text)
