"""Which sort of value a question asks for, narrower than its kind: so many days, an amount of money, a time of day."""

import re
from dataclasses import dataclass
from functools import lru_cache

from knowledge.sentences import stem

_NUMBER = (
    r"(?:\d[\d.,]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|sixty|"
    r"ninety|hundred|an?|half|once|twice|un[ao]?|d[oa]is|duas|dos|deux|due|zwei|ein\w*|tr[eêè]s|trois|drei|tre|"
    r"quatro|cuatro|quatre|vier|quattro|cinco|cinq|f[uü]nf|cinque|seis|sechs|sei|dez|diez|dix|zehn|dieci)"
)
_SPAN = (
    r"(?:(?:working|business|calendar|week|full|consecutive|paid) ?)?(?:days?|weeks?|months?|years?|hours?|hrs?|"
    r"minutes?|mins?|seconds?|quarters?|d[ií]as?|semanas?|mes(?:es)?|m[eê]s|a[nñ]os?|horas?|minut[oe]s?|minuti|jours?|semaines?|"
    r"mois|ans?|ann[eé]es?|heures?|tage?n?|wochen?|monate?n?|jahre?n?|stunden?|minuten|giorn[oi]|settiman[ae]|mes[ei]|"
    r"ann[oi]|or[ae])\b"
)
_DURATION = re.compile(
    rf"\b{_NUMBER}[ -]{{1,2}}(?:(?:or|to|and|o|a|bis|oder|ou|à)? ?\d* ?)?(?:\w+ )?{_SPAN}|"
    r"\b\d+ ?(?:d|h|hrs?|mins?|yrs?)\b|\d ?%|"
    r"\b(?:immediately|right away|at once|same day|the next day|asap|as soon as|straight away|indefinite\w*|"
    r"permanent\w*|forever|unlimited|daily|weekly|monthly|yearly|annual\w*|quarterly|fortnightly|"
    r"every|each (?:day|week|month|year)|"
    r"until|till|by the|within|at any time|sofort|inmediatamente|imediatamente|imm[eé]diatement|subito|hasta|at[eé]|"
    r"jusqu\w*|bis|fino|noon|midnight|tomorrow|today)\b",
    re.IGNORECASE,
)
_COINS = "eur|usd|gbp|chf|sek|nok|dkk|inr|aud|cad|brl"
_MONEY = re.compile(
    rf"(?:[$€£¥₹]|\b(?:{_COINS}|r\$)) ?\d|"
    rf"\d[\d.,]*k? ?(?:[$€£¥₹%]|(?:{_COINS}|kr|euros?|dollars?|pounds?|bucks|per ?cent|percent|cents?|reais|kroner)\b)|"
    r"\b(?:free|no cost|at no|nothing|all (?:the )?costs?|in full|fully|full(?: amount)?|unlimited|half|double|twice|"
    r"gratis|gratuit\w*|kostenlos|actual costs?|minimum wage|rate)\b|"
    r"\b\d{2,}(?:[.,]\d{2,3})*\b(?!(?:st|nd|rd|th|:|[-/]\d))",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"\b\d{1,2}(?::|h|\.)\d\d\b|\b\d{1,2} ?(?:am|pm|a\.m|p\.m|o'?clock|uhr|h)\b|\b(?:noon|midnight|midday|"
    r"whenever|flexible|any time)\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(rf"\b{_NUMBER}\b|\d|\b(?:no limit|unlimited|none|no|all|every|any|several)\b", re.IGNORECASE)
_TIMES = re.compile(r"^(?:day|week|month|year|hour|minute|time|holiday|vacation|leave|pto|dia|jour|tag|giorno)", re.I)

_HOW_MANY = re.compile(r"\bhow many (?:of (?:the|my|our) )?((?:[\w'-]+ ?){1,4})")
_HOW_LONG = re.compile(
    r"\bhow (?:long|soon|quickly|fast|far (?:ahead|in advance))\b|"
    r"\bhow much (?:[\w-]+ ){0,2}(?:notice|time|vacation|holidays?|leave|pto)\b|"
    r"\bnotice period\b|\b(?:wie lange|cu[aá]nto tiempo|quanto tempo|combien de temps)\b"
)
_COSTS = "budget|allowance|stipend|bonus|price|costs?|fee|salary"
_HOW_MUCH = re.compile(
    rf"\bhow much (?:[\w-]+ ){{0,2}}(?:{_COSTS})\b|"
    r"\bhow much (?:money|is|are|do|does|did|can|could|may|will|would|should|am)\b|"
    rf"\b(?:{_COSTS}|euros?|dollars?|pounds?|bucks|\$|€|£)\b.{{0,40}}"
    r"\b(?:how (?:much|many|high|big)|what|limit|max\w*|amount)\b|"
    rf"\b(?:what|how (?:high|big)|max\w*|limit).{{0,30}}\b(?:{_COSTS})\b(?! me\b| us\b)|"
    r"\b(?:what|how much)\b.{0,30}\b(?:get|paid|pays?|charge|rate)\b.{0,20}\bper (?!person)\w+"
)
_TIME_OF_DAY = re.compile(
    r"\bwhat time\b|\bcore hours\b|\bat what hour\b|\b(?:um wie viel uhr|a qu[eé] hora|a que horas)\b"
)
_OTHERS = """
do does did are is can may should will would i we you they people of for per a the in to my our have has need needs must
get gets there could at on if after before be been when each every until
"""
_STOP = frozenset(_OTHERS.split())
"""Words before which what is counted ends."""


@dataclass(frozen=True)
class Wanted:
    """A sort of value: what it looks like, and the stem of what is counted where that is so many of something."""

    looks: re.Pattern[str]
    counted: str = ""

    def held(self, text: str) -> bool:
        """True if a text holds such a value."""
        if self.counted:
            return _counts(text, self.counted)
        return bool(self.looks.search(text))


@lru_cache(maxsize=64)
def wanted(question: str) -> Wanted | None:
    """The sort of value that a question asks for; None where it asks for none, or it cannot be told which."""
    low = question.lower().replace("’", "'")
    if found := _HOW_MANY.search(low):
        noun = _noun(found[1].split())
        if noun and _TIMES.match(noun):
            return Wanted(_DURATION)
        return Wanted(_FIGURE, stem(noun)) if noun else None
    if _TIME_OF_DAY.search(low):
        return Wanted(_CLOCK)
    if _HOW_LONG.search(low):
        return Wanted(_DURATION)
    return Wanted(_MONEY) if _HOW_MUCH.search(low) else None


def _noun(words: list[str]) -> str:
    """What is counted: the last of the words after "how many" before another sort of word."""
    kept: list[str] = []
    for word in words:
        if word in _STOP:
            break
        kept.append(word)
    return kept[-1] if kept else ""


def _counts(text: str, counted: str) -> bool:
    """True for a figure within a few words of what is counted."""
    words = [each for each in re.split(r"[^\w'%-]+", text) if each]
    at = [place for place, word in enumerate(words) if stem(word) == counted]
    figures = [place for place, word in enumerate(words) if _FIGURE.fullmatch(word) or word[0].isdigit()]
    return any(abs(place - figure) <= _NEAR for place in at for figure in figures)


_NEAR = 4
"""Within how many words of a figure what is counted stands."""
