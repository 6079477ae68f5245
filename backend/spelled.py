"""Numbers written in words, in six languages, and amounts written in either comma or point style."""

import re
from decimal import Decimal, InvalidOperation

_UNITS = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis "
    "diecisiete dieciocho diecinueve veinte veintiuno veintidos veintitres veinticuatro veinticinco veintiseis "
    "veintisiete veintiocho veintinueve treinta",
    "pt": "zero um dois tres quatro cinco seis sete oito nove dez onze doze treze catorze quinze dezasseis dezassete "
    "dezoito dezanove vinte",
    "fr": "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize - - - vingt",
    "de": "null ein zwei drei vier funf sechs sieben acht neun zehn elf zwolf dreizehn vierzehn funfzehn sechzehn "
    "siebzehn achtzehn neunzehn zwanzig",
    "it": "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici "
    "diciassette diciotto diciannove venti",
}
_MORE = {
    "en": {
        "thirty": 30,
        "forty": 40,
        "fourty": 40,
        "fifty": 50,
        "sixty": 60,
        "seventy": 70,
        "eighty": 80,
        "ninety": 90,
        "couple": 2,
        "dozen": 12,
        "fiver": 5,
        "tenner": 10,
        "single": 1,
    },
    "es": {
        "un": 1,
        "una": 1,
        "cuarenta": 40,
        "cincuenta": 50,
        "sesenta": 60,
        "setenta": 70,
        "ochenta": 80,
        "noventa": 90,
        "cien": 100,
        "ciento": 100,
        "doscientos": 200,
        "trescientos": 300,
        "cuatrocientos": 400,
        "quinientos": 500,
        "seiscientos": 600,
        "setecientos": 700,
        "ochocientos": 800,
        "novecientos": 900,
        "docena": 12,
        "par": 2,
    },
    "pt": {
        "uma": 1,
        "duas": 2,
        "dezesseis": 16,
        "dezessete": 17,
        "dezenove": 19,
        "trinta": 30,
        "quarenta": 40,
        "cinquenta": 50,
        "sessenta": 60,
        "setenta": 70,
        "oitenta": 80,
        "noventa": 90,
        "cem": 100,
        "cento": 100,
        "duzentos": 200,
        "trezentos": 300,
        "quatrocentos": 400,
        "quinhentos": 500,
        "seiscentos": 600,
        "setecentos": 700,
        "oitocentos": 800,
        "novecentos": 900,
        "duzia": 12,
        "par": 2,
    },
    "fr": {
        "une": 1,
        "trente": 30,
        "quarante": 40,
        "cinquante": 50,
        "soixante": 60,
        "septante": 70,
        "huitante": 80,
        "octante": 80,
        "nonante": 90,
        "quinzaine": 15,
        "vingtaine": 20,
        "trentaine": 30,
        "quarantaine": 40,
        "cinquantaine": 50,
        "soixantaine": 60,
        "centaine": 100,
        "dizaine": 10,
        "douzaine": 12,
    },
    "de": {
        "eine": 1,
        "einen": 1,
        "einem": 1,
        "einer": 1,
        "eins": 1,
        "zwo": 2,
        "fuenf": 5,
        "zwoelf": 12,
        "dreissig": 30,
        "dreisig": 30,
        "vierzig": 40,
        "funfzig": 50,
        "sechzig": 60,
        "siebzig": 70,
        "achtzig": 80,
        "neunzig": 90,
        "dutzend": 12,
        "paar": 2,
    },
    "it": {
        "un": 1,
        "una": 1,
        "trenta": 30,
        "quaranta": 40,
        "cinquanta": 50,
        "sessanta": 60,
        "settanta": 70,
        "ottanta": 80,
        "novanta": 90,
        "duecento": 200,
        "trecento": 300,
        "quattrocento": 400,
        "cinquecento": 500,
        "seicento": 600,
        "settecento": 700,
        "ottocento": 800,
        "novecento": 900,
        "dozzina": 12,
        "paio": 2,
    },
}
HUNDREDS = {"hundred": 100, "cent": 100, "cents": 100, "hundert": 100, "cento": 100}
THOUSANDS = {"thousand": 1000, "grand": 1000, "mil": 1000, "mille": 1000, "tausend": 1000, "mila": 1000}
_JOIN = {"and", "y", "e", "et", "und"}


def _table() -> dict[str, int]:
    table: dict[str, int] = {}
    for words in _UNITS.values():
        for value, word in enumerate(words.split()):
            if word != "-":
                table.setdefault(word, value)
    for more in _MORE.values():
        for word, value in more.items():
            table.setdefault(word, value)
    return table


WORDS = _table()


def words_of(language: str) -> frozenset[str]:
    """The folded words that are numbers in this language."""
    return frozenset({*_UNITS.get(language, "").split(), *_MORE.get(language, {})} - {"-"})


ARTICLES = {"a", "an", "un", "una", "uma", "um", "une", "ein", "eine", "einen", "einem", "einer", "uno"}
"""Words for one that are more often articles than counts."""

_GERMAN = re.compile(r"^(?:(?P<th>[a-z]+?)tausend)?(?:(?P<hu>[a-z]*?)hundert)?(?P<rest>[a-z]*)$")


_ITALIAN_TENS = {
    "vent": 20, "trent": 30, "quarant": 40, "cinquant": 50, "sessant": 60, "settant": 70, "ottant": 80, "novant": 90,
}  # fmt: skip
_ITALIAN = re.compile(
    r"(?P<hundreds>(?:due|tre|quattro|cinque|sei|sette|otto|nove)?(?:cento|cent(?=[aeiou])))?"
    rf"(?:(?P<ten>{'|'.join(_ITALIAN_TENS)})[ia]?)?(?P<rest>[a-z]*)"
)


def word(text: str) -> int | None:
    """The number that one folded word stands for (0 to 9999), or None."""
    if text in WORDS:
        return WORDS[text]
    if "cent" in text or text.startswith(tuple(_ITALIAN_TENS)):
        return _italian(text)
    if "hundert" in text or "tausend" in text or "und" in text[2:]:
        return _german(text)
    return None


def _german(text: str) -> int | None:
    found = _GERMAN.match(text)
    if not found:
        return None
    total = 0
    for group, scale in (("th", 1000), ("hu", 100)):
        if found[group] is not None and (group == "th" or "hundert" in text):
            many = WORDS.get(found[group], 1 if not found[group] else -1)
            if many < 0:
                return None
            total += many * scale
    rest = found["rest"].removeprefix("und") if total else found["rest"]
    if not rest:
        return total or None
    if rest in WORDS:
        return total + WORDS[rest]
    one, _, ten = rest.partition("und")
    return total + WORDS[one] + WORDS[ten] if one in WORDS and ten in WORDS and WORDS[ten] >= 20 else None


def _italian(text: str) -> int | None:
    """Centoquaranta, ventidue, duecentocinquanta."""
    found = _ITALIAN.fullmatch(text)
    if found is None or not (found["hundreds"] or found["ten"]):
        return None
    times = (found["hundreds"] or "").removesuffix("o").removesuffix("cent")
    total = (WORDS.get(times, 1) * 100 if found["hundreds"] else 0) + _ITALIAN_TENS.get(found["ten"] or "", 0)
    if not found["rest"]:
        return total
    rest = WORDS.get(found["rest"], 0)
    return total + rest if 0 < rest < (10 if found["ten"] else 100) else None


def phrase(words: list[str], at: int) -> tuple[int, int] | None:
    """The number said by the folded words from `at` on, and how many words it takes: "two hundred and fifty"."""
    total = current = 0
    i, seen = at, False
    while i < len(words):
        each = words[i]
        if each in HUNDREDS and (seen or each not in ("cents",)):
            current = (current or 1) * 100
        elif each in THOUSANDS:
            total += (current or 1) * 1000
            current = 0
        elif (
            each == "-"
            and seen
            and i + 1 < len(words)
            and current
            and ((current % 10 == 0 and word(words[i + 1])) or words[i + 1] in ("vingt", "vingts"))
        ) or (each in _JOIN and seen and i + 1 < len(words) and (current >= 20 or total) and word(words[i + 1])):
            i += 1
            continue
        elif current % 100 == 4 and each in ("vingt", "vingts"):
            current += 76  # quatre-vingts
        elif (value := word(each)) is not None:
            if current % 100 in (60, 80) and 10 <= value < 20:
                value, current = value + current, 0  # soixante-quinze
            elif (
                seen
                and current
                and not (value < 10 <= current and current % 10 == 0)
                and not (value < 100 <= current and current % 100 == 0)
            ):
                break
            current += value
        else:
            break
        seen, i = True, i + 1
    return (total + current, i - at) if seen else None


def decimal(text: str) -> Decimal | None:
    """A written number, 1.234,50 or 1,234.50 or 1 234,50 or 1234.5, as a Decimal; None when it is not one."""
    text = text.replace(" ", "").replace("'", "")
    last = max(text.rfind(","), text.rfind("."))
    if last >= 0:
        mark, after = text[last], len(text) - last - 1
        grouping = after == 3 and (text.count(mark) > 1 or len(text[:last]) <= 3) and text[0] != "0" and last > 0
        if text.count(mark) > 1 or (grouping and ("," in text) != ("." in text)):
            text = text.replace(",", "").replace(".", "")
        else:
            text = re.sub(r"[.,]", "", text[:last]) + "." + text[last + 1 :]
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
