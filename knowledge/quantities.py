"""What the numbers of a text count: so many days, an amount in a currency, a date, a time of day, a share, a code."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from backend.spelled import HUNDREDS, THOUSANDS, decimal, phrase, word, words_of

BARE = "of"
"""The sort of a number beside which no unit stands."""
NTH = "nth"
"""The sort of a place or of a day of whatever month."""
ANY_MONEY = "money"
"""The sort of an amount in cents, of whatever currency."""
SPANS = frozenset(
    {"minute", "hour", "day", "half day", "working day", "calendar day", "week", "month", "year", "night"}
)


class _Take(Protocol):
    def __call__(self, start: int, end: int, value: str, sort: str, each: bool = False) -> None: ...


@dataclass(frozen=True)
class Quantity:
    """A number with what it counts.

    value  the number; of a date year-month-day with "" for what is not said; of a time of day its minutes
    sort   "day", "week", "EUR", "%", "km", "date", "clock", "weekday", "nth", "code", or `BARE`
    start  where it begins in the folded text
    end    where it ends
    each   true where it says how often: "a week", "per night", "monthly"
    """

    value: str
    sort: str
    start: int
    end: int
    each: bool = False

    @property
    def family(self) -> str:
        """Sorts that can be taken for one another: all spans of time, all currencies."""
        return "span" if self.sort in SPANS else "money" if self.money else self.sort

    @property
    def money(self) -> bool:
        return self.sort == ANY_MONEY or self.sort.isupper()

    def holds(self, other: "Quantity") -> bool:
        """Whether this one says at least what the other says."""
        if self.sort == other.sort == "date":
            pairs = zip(self.value.split("-"), other.value.split("-"), strict=True)
            return all(part in ("", own) for own, part in pairs)
        if self.value != other.value:
            return False
        return self.sort == other.sort or (self.money and other.money and ANY_MONEY in (self.sort, other.sort))


_MONTHS = (
    "january jan enero janeiro janvier januar janner gennaio",
    "february feb febrero fevereiro fevrier februar febbraio",
    "march mar marzo marco mars marz",
    "april apr abril avril aprile",
    "may mayo maio mai maggio",
    "june jun junio junho juin juni giugno",
    "july jul julio julho juillet juli luglio",
    "august aug agosto aout",
    "september sept sep septiembre setembro septembre settembre",
    "october oct octubre outubro octobre oktober okt ottobre",
    "november nov noviembre novembro novembre",
    "december dec diciembre dezembro decembre dezember dez dicembre",
)
_MONTH = {name: at for at, names in enumerate(_MONTHS, start=1) for name in names.split()}
_SHORT_NAMES = "jan feb mar apr jun jul aug sept sep oct okt nov dec dez mars march may mai"
_SHORT = frozenset(_SHORT_NAMES.split())
"""Names of months that are also other words, or their beginnings: taken for one beside a day or a year alone."""
_WEEKDAYS = (
    "mondays? lunes segundas?-feiras? lundis? montags? lunedi",
    "tuesdays? martes tercas?-feiras? mardis? dienstags? martedi",
    "wednesdays? miercoles quartas?-feiras? mercredis? mittwochs? mercoledi",
    "thursdays? jueves quintas?-feiras? jeudis? donnerstags? giovedi",
    "fridays? viernes sextas?-feiras? vendredis? freitags? venerdi",
    "saturdays? sabados? samedis? samstags? sonnabends? sabat[oi]",
    "sundays? domingos? dimanches? sonntags? domenic(?:a|he)",
)
_WEEKDAY = re.compile(
    r"\b(?:" + "|".join(f"(?P<d{at}>{'|'.join(names.split())})" for at, names in enumerate(_WEEKDAYS)) + r")\b"
)
_NAMES = "|".join(sorted(_MONTH, key=len, reverse=True))
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|er|º|°|\.)?"
_YEAR = r"(?:,? ?(?:(?:of|de|del) )?(?P<year>(?:19|20)\d\d)\b)?"
_DATES = (
    re.compile(r"\b(?P<year>(?:19|20)\d\d)-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])\b"),
    re.compile(
        r"\b(?P<day>0?[1-9]|[12]\d|3[01])(?P<mark>[./])(?P<month>0?[1-9]|1[0-2])(?:(?P=mark)(?P<year>(?:19|20)\d\d)\b|\.(?!\d))"
    ),
    re.compile(rf"\b{_DAY} ?(?:(?:of|de|do) )?(?P<name>{_NAMES})\b\.?{_YEAR}"),
    re.compile(rf"\b(?P<name>{_NAMES})\b\.? (?:the )?{_DAY}(?![\d:%€£$])\b{_YEAR}"),
    re.compile(rf"\b(?P<name>{_NAMES})\b\.?,? (?:(?:of|de|del) )?(?P<year>(?:19|20)\d\d)\b"),
    re.compile(rf"\b(?P<name>{'|'.join(each for each in _MONTH if each not in _SHORT)})\b"),
    re.compile(r"(?<![\w.,€£$+-])(?<!eur )(?P<year>(?:19|20)\d\d)(?![\w%€£$]|[.,]\d| ?(?:eur|euros?|usd|gbp|chf)\b)"),
)
_ALONE = re.compile(r"(?<=[a-zà-ÿ,;] )(?:May|March|Mars|Mai|Marzo)\b")
"""A month whose name is another word in small letters, inside a sentence."""
_CLOCK = re.compile(
    r"\b(?P<hour>[01]?\d|2[0-3])"
    r"(?::(?P<minute>[0-5]\d)(?::\d\d)?|h(?P<french>[0-5]\d)?\b"
    r"|\.(?P<dotted>[0-5]\d)(?= ?(?:uhr|h|am|pm|a\.m|p\.m)))?"
    r" ?(?P<half>am\b|pm\b|a\.m\.?|p\.m\.?|uhr\b|o'clock\b|heures?(?= (?:du|et)\b))?"
)
_COINS = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "gbp": "GBP", "pound": "GBP", "pounds": "GBP",
    "libras": "GBP", "livres": "GBP", "pfund": "GBP", "sterline": "GBP", "$": "USD", "usd": "USD", "dollar": "USD",
    "dollars": "USD", "dolares": "USD", "dollari": "USD", "chf": "CHF", "franken": "CHF", "francs": "CHF",
    "r$": "BRL", "brl": "BRL", "reais": "BRL", "sek": "SEK", "nok": "NOK", "dkk": "DKK", "kr": "SEK", "pln": "PLN",
    "zloty": "PLN", "inr": "INR", "₹": "INR", "aud": "AUD", "cad": "CAD", "jpy": "JPY", "¥": "JPY",
}  # fmt: skip
_COIN = "|".join(re.escape(each) for each in sorted(_COINS, key=len, reverse=True))
_BEFORE = re.compile(rf"(?:(?<![a-z])(?P<coin>{_COIN}))\s?$")
_AFTER = re.compile(rf"\s?(?P<coin>{_COIN})(?![a-z])")
_CENTS = re.compile(r"\s?(?:cents?|centimos?|centimes?|centesimi|centavos?)\b")
_SHARE = re.compile(r"\s?(?:%|per ?cent\b|percent\b|por ciento\b|por cento\b|pour cent\b|prozent\b|per cento\b)")
_UNITS = {
    "half day": r"half[- ](?:an? )?(?:working )?days?|medi[oa]s? (?:dias?|jornadas?)|mei[oa]s? dias?|demi-? ?journees?"
    r"|halbe[nrs]? (?:arbeits|urlaubs)?tage?n?|mezz[ae] giornat[ae]",
    "half hour": r"half(?: an)? hours?|medias? horas?|meias? horas?|demi-? ?heures?"
    r"|halbe[nr]? stunden?|mezz'?[ao]? ?ore?",
    "day": r"(?:week)?days?|dias?|jornadas?|jours?|journees?|[a-z]*tage?n?|giorn[oi]|giornat[ae]",
    "week": r"weeks?|semanas?|semaines?|[a-z]*wochen?|settiman[ae]",
    "month": r"months?|mes|meses|mois|(?:kalender)?monate?n?s?|mes[ei]",
    "year": r"years?|anos?|ans?|annees?|(?:kalender)?jahre?n?s?|ann[oi]",
    "hour": r"hours?|hrs?|h|horas?|heures?|[a-z]*stunden?|or[ae]",
    "minute": r"minutes?|mins?|minut[oi]s?|minuten|minuti",
    "night": r"nights?|noches?|noites?|nuits?|nuitees?|nachte?n?|nott[ei]|ubernachtung(?:en)?|pernottament[oi]",
    "km": r"km|kilometers?|kilometres?|kilometern?|kilometros?|quilometros?|chilometr[oi]",
    "kg": r"kg|kilos?|kilogramm[eis]?s?|kilogramos?",
    "times": r"times|veces|vezes|fois|mal|volte",
}  # fmt: skip
_UNIT = re.compile("|".join(f"(?P<{name.replace(' ', '_')}>(?:{words}))(?![\\w])" for name, words in _UNITS.items()))
_WORKING = re.compile(
    r"\b(?:working|business|weekdays?|laborables?|habiles?|uteis|util|ouvres?|ouvrables?|lavorativ[oi]|ferial[ei])\b|(?:arbeits|werk)tag"
)
_CALENDAR = re.compile(
    r"\b(?:calendar|naturales|natural|corridos|calendario|calendaires?|civils?|consecutivos)\b|kalendertag"
)
_LINKS = (
    "per a an each every of in on at for to and or the by from with por de del da do das dos al la el los las cada en "
    "no na nos nas a o os as e y u par chaque du des le les et ou au aux pro je jede jeden jedem im am der die das den "
    "und oder von vor nach fur bis all alle ogni al alla il lo gli i di in per"
)
_LINKING = frozenset(_LINKS.split())
_TO = re.compile(r"\s?(?:-|–|to|and|or|a|bis|oder|und|y|o|e|ou|et|u)\s?$")
_EACH = re.compile(
    r"\b(?:a la|in der|per|an?|each|every|one|por|al|cada|un[ao]?|uma?|par|chaque|une"
    r"|pro|je|jede[nrms]?|im|eine[nrms]?|ein|ogni|al|all[ae]|ao|a"
    r"|/)\s?(?:(?:working|calendar|full|single|whole|voll\w+) )?"
)
_ADVERBS = {
    "day": r"daily|diari[oa]s?|quotidien\w*|journali\w+|taglich\w*|giornalier\w+",
    "week": r"weekly|semana(?:l|is|les)|hebdomadaire\w*|wochentlich\w*|settimanal\w+",
    "month": r"monthly|mensua(?:l|les)|mensa(?:l|is|li)|mensile|mensili|mensuel\w*|monatlich\w*",
    "year": r"yearly|annual\w*|anua(?:l|les|is|lmente)|annuel\w*|jahrlich\w*|annu[aeo]\w*",
    "hour": r"hourly|stundlich\w*",
    "night": r"nightly",
}  # fmt: skip
_ADVERB = {unit: re.compile(rf"\b(?:{words})\b") for unit, words in _ADVERBS.items()}
_DIGITS = re.compile(r"\d{1,3}(?:[  '’]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d+)*")
_GROUPED = re.compile(
    r"[a-z]{1,8}[-‑]?\d[\w-]*|\+\d[\d ()/-]{5,}\d|\b0\d[\d /-]{5,}\d|\b\d+(?:[-/]\d+){2,}\b|\b\d+\.\d+\.\d[\d.]*\b"
)
_NTH = re.compile(
    r"\b(?P<n>\d{1,3})(?:st|nd|rd|th|º|ª|°|er|eme|e)\b|\b(?P<m>\d{1,2})[º°ª]"
    r"|\b(?:am|zum|vom|dem|den|ab|bis) (?P<g>\d{1,2})\.(?!\d)"
)
_TOKEN = re.compile(r"[a-z]+|-|\d[\d.,]*")
_NO_COUNT = frozenset({"par", "paar", "couple", "single", "cents", "fiver", "tenner", "grand"})
_NOT_ALONE = frozenset({"sei", "neuf", "sept", "due", "cento", "zero", "null", "once"})
"""Number words that are other words too: taken for a number before a unit alone."""


def quantities(text: str, *, language: str) -> list[Quantity]:
    """The quantities of a text in the order in which they stand in it.

    language  of the text: which words are numbers
    """
    marked = _ALONE.sub(lambda found: f"{found.group()} ", text)
    folded = _fold(text)
    taken = bytearray(len(folded))
    out: list[Quantity] = []

    def take(start: int, end: int, value: str, sort: str, each: bool = False) -> None:
        if not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            out.append(Quantity(value, sort, start, end, each))

    _dates(folded, take)
    if marked != text:
        for found in _ALONE.finditer(text):
            take(found.start(), found.end(), f"-{_MONTH[_fold(found.group())]}-", "date")
    for found in _WEEKDAY.finditer(folded):
        take(found.start(), found.end(), str(found.lastgroup), "weekday")
    for found in _GROUPED.finditer(folded):
        if not re.match(rf"(?:{_COIN})\d", found.group()) and _whole(folded, found.start()):
            take(found.start(), found.end(), re.sub(r"[^a-z0-9]", "", found.group()), "code")
    _clocks(folded, take)
    for found in _NTH.finditer(folded):
        take(found.start(), found.end(), str(int(found["n"] or found["m"] or found["g"])), NTH)
    for start, end, value, alone in sorted(_written(folded, language)):
        if not any(taken[start:end]):
            _counted(folded, start, end, value, take, alone=alone)
    _ranges(folded, out)
    _each(folded, take)
    return sorted(out, key=lambda each: each.start)


def uncounted(text: str, *, language: str) -> str:
    """A text without its quantities."""
    at, out = 0, ""
    for each in quantities(text, language=language):
        out += text[at : each.start] + " "
        at = max(at, each.end)
    return out + text[at:]


def units_named(text: str) -> frozenset[str]:
    """The sorts whose unit or currency a text names anywhere, as the head of a table does."""
    folded = _fold(text)
    found = {str(each.lastgroup).replace("_", " ") for each in _UNIT.finditer(folded) if _whole(folded, each.start())}
    coins = re.findall(rf"(?<![a-z])(?:{_COIN})(?![a-z])", folded)
    return frozenset(found | {_COINS[each] for each in coins} | ({"%"} if _SHARE.search(folded) else set()))


def _fold(text: str) -> str:
    """Lower case without accents, character for character."""
    plain = (unicodedata.normalize("NFD", each.lower())[:1] or each for each in text.replace("’", "'"))
    return "".join("s" if each == "ß" else each for each in plain)


def _whole(text: str, at: int) -> bool:
    return at == 0 or not text[at - 1].isalnum()


def _dates(folded: str, take: _Take) -> None:
    for pattern in _DATES:
        for found in pattern.finditer(folded):
            groups = found.groupdict()
            month = _MONTH[groups["name"]] if groups.get("name") else groups.get("month")
            if (
                groups.get("name") in ("may", "march", "mai", "mars", "mar")
                and not groups.get("day")
                and not groups.get("year")
            ):
                continue
            parts = (groups.get("year"), month, groups.get("day"))
            take(found.start(), found.end(), "-".join(str(int(each)) if each else "" for each in parts), "date")


def _clocks(folded: str, take: _Take) -> None:
    for found in _CLOCK.finditer(folded):
        minute = found["minute"] or found["french"] or found["dotted"]
        if minute is None and not found["half"]:
            continue
        hour = int(found["hour"]) % 12 if (found["half"] or "")[:1] in ("a", "p") else int(found["hour"])
        hour += 12 if (found["half"] or "").startswith("p") else 0
        take(found.start(), found.end(), str(hour * 60 + int(minute or 0)), "clock")


def _written(folded: str, language: str) -> list[tuple[int, int, Decimal, bool]]:
    """(start, end, value, whether it may stand without a unit) of every number, in figures or words."""
    out: list[tuple[int, int, Decimal, bool]] = []
    for found in _DIGITS.finditer(folded):
        value = decimal(found.group().replace("’", "").replace(" ", "").replace(" ", ""))
        if value is None:
            continue
        end = found.end()
        more = re.match(
            r" ?(?:(k)(?![a-z])|(thousand|mil|mille|tausend|mila)\b|(millions?|millones|milhoes|millionen|milioni)\b)",
            folded[end:],
        )
        if more:
            value *= 1000 if more[1] or more[2] else 1_000_000
            end += more.end()
        out.append((found.start(), end, value, True))
    known = words_of(language) | set(THOUSANDS) | (set(HUNDREDS) & words_of(language)) | {"hundred"}
    tokens = [(each.group(), each.start(), each.end()) for each in _TOKEN.finditer(folded)]
    words = [
        each
        if each in known or each in ("-", "and", "y", "e", "et", "und", "hundred", "cent", "hundert")
        else each
        if language == "de" and word(each) is not None and len(each) > 3
        else "?"
        for each, _, _ in tokens
    ]
    at = 0
    while at < len(words):
        read = (
            phrase(words, at)
            if words[at] not in ("?", "-", "and", "y", "e", "et", "und") and words[at] not in _NO_COUNT
            else None
        )
        if read is None or (read[0] == 1 and read[1] == 1) or (read[0] == 100 and words[at] == "cent"):
            at += 1
            continue
        last = at + read[1] - 1
        out.append((tokens[at][1], tokens[last][2], Decimal(read[0]), words[at] not in _NOT_ALONE or read[1] > 1))
        at = last + 1
    return out


def _counted(folded: str, start: int, end: int, value: Decimal, take: _Take, *, alone: bool) -> None:
    """A number with the unit or currency beside it."""
    before = _BEFORE.search(folded[max(0, start - 4) : start])
    if before and folded[start].isdigit():
        take(start - len(before.group()), end, _plain(value), _COINS[before["coin"]])
        return
    after = folded[end:]
    if found := _CENTS.match(after):
        take(start, end + found.end(), _plain(value / 100), ANY_MONEY)
    elif found := _SHARE.match(after):
        take(start, end + found.end(), _plain(value), "%")
    elif found := _AFTER.match(after):
        take(start, end + found.end(), _plain(value), _COINS[found["coin"]])
    elif unit := _unit(folded, end):
        sort, until = unit
        if sort == "half hour":
            sort, value = "minute", value * 30
        take(start, until, _plain(value), sort)
    elif alone:
        take(start, end, _plain(value), BARE)


def _unit(folded: str, at: int) -> tuple[str, int] | None:
    """The unit that stands behind a number, at most two words away, and where it ends."""
    end = at
    for _ in range(3):
        gap = re.match(r"[ -]?\*{0,2}[ -]?|[ -]", folded[end:])
        begin = end + (gap.end() if gap else 0)
        found = _UNIT.match(folded, begin)
        if found and (begin > end or end == at):
            sort = str(found.lastgroup).replace("_", " ")
            until = found.end()
            near = folded[at:until] + " " + " ".join(folded[until : until + 24].split()[:2])
            if sort == "day":
                behind = re.split(r"[,.;:()]", near)[0]
                sort = (
                    "working day" if _WORKING.search(behind) else "calendar day" if _CALENDAR.search(behind) else sort
                )
            return sort, until
        between = re.match(r"[a-z]+", folded[begin:])
        if not between or between.group() in _LINKING:
            return None
        end = begin + between.end()
    return None


def _ranges(folded: str, out: list[Quantity]) -> None:
    """In "3 to 5 days" the first number counts days too."""
    out.sort(key=lambda each: each.start)
    for at in range(len(out) - 1):
        one, two = out[at], out[at + 1]
        counts = one.sort == BARE and two.sort not in (BARE, "date", "code", "weekday", NTH)
        if counts and _TO.fullmatch(folded[one.end : two.start]):
            out[at] = Quantity(one.value, two.sort, one.start, one.end)


def _each(folded: str, take: _Take) -> None:
    """One week each: "a week", "per week", "every week" and "weekly"; "half a day" is one half."""
    for sort, value in (("half day", "1"), ("half hour", "30")):
        for found in re.finditer(rf"\b(?:{_UNITS[sort]})\b", folded):
            take(found.start(), found.end(), value, sort.replace("half hour", "minute"))
    for found in _EACH.finditer(folded):
        unit = _UNIT.match(folded, found.end())
        if unit and _whole(folded, unit.start()):
            sort = str(unit.lastgroup).replace("_", " ")
            if sort in SPANS or sort == "km":
                take(found.start(), unit.end(), "1", sort, True)
    for sort, pattern in _ADVERB.items():
        for found in pattern.finditer(folded):
            take(found.start(), found.end(), "1", sort, True)


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")
