"""Amounts of money in a line of print, however the country writes them and the reading of letters bent them."""

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from knowledge.receipts.days import plain

CODES = re.findall(
    r"\w+",
    "EUR USD GBP MYR CHF SEK NOK DKK PLN CZK HUF RON BGN TRY BRL MXN ARS CLP COP PEN CAD AUD NZD SGD HKD JPY CNY INR"
    " IDR THB PHP VND KRW ZAR AED SAR ILS MAD UAH ISK",
)
SIGNS = {
    "€": "EUR", "£": "GBP", "US$": "USD", "R$": "BRL", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD",
    "S$": "SGD", "HK$": "HKD", "NZ$": "NZD", "MX$": "MXN", "RM": "MYR", "zł": "PLN", "Kč": "CZK", "Ft": "HUF",
    "₹": "INR", "Rs": "INR", "¥": "JPY", "₺": "TRY", "₪": "ILS", "Fr.": "CHF", "SFr": "CHF",
}  # fmt: skip
DOLLARS = frozenset(("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN"))
PESOS = frozenset(("MXN", "ARS", "CLP", "COP"))

AMERICAN = (
    r"\b(?:a[lkzr]|c[aot]|d[ce]|fl|ga|hi|i[dlna]|k[sy]|la|m[eadinsot]|n[evhjmycd]|o[hkr]|pa|ri"
    r"|s[cd]|t[nx]|ut|v[ta]|w[aviy]),? \d{5}(?:-\d{4})?\b"
)
"""A state of the United States and its postal code, in lower case."""

CUES = (
    (r"\bsdn\.? ?bhd\b|\b(?:selangor|johor|kuala lumpur|jalan \w+|malaysia|ringgit)\b", "MYR"),
    (r"\buen\b|\bsingapore\b|\bpte\.? ltd\b", "SGD"),
    (r"\b(?:cgst|sgst|igst|gstin|rupees?)\b", "INR"),
    (r"\bcuit\b", "ARS"),
    (r"\br\.?f\.?c\b[:. ]+[a-zñ&]{3,4}\d{6}|\bm\.n\.", "MXN"),
    (r"\bnit\b[:. ]+\d", "COP"),
    (r"\brut\b[:. ]+\d", "CLP"),
    (r"\b(?:top ?kdv|kdv|toplam)\b", "TRY"),
    (r"\blei\b|\bcod fiscal\b|\bbon fiscal\b", "RON"),
    (r"\b(?:nip|ptu)\b|\bparagon fiskalny\b", "PLN"),
    (r"\bdic\b[:. ]+cz|\bdph\b", "CZK"),
    (r"\bado ?szam\b|\bnyugta\b", "HUF"),
    (r"\bcvr\b", "DKK"),
    (r"\borg\.? ?nr\b.*\bmva\b|\bmva\b", "NOK"),
    (r"\borg\.? ?nr\b|\bkvitto\b", "SEK"),
    (r"\btrn\b[:. ]+\d{15}|\bdubai\b", "AED"),
    (r"\bthailand\b|\bbangkok\b|\btax ?(?:id|#) ?\(?\d{13}|\b(?:receipt/)?tax invoice ?\(abb\)", "THB"),
    (r"\bphilippines\b|\bvatable sales\b", "PHP"),
    (r"\bnpwp\b|\brp\.? ?\d", "IDR"),
    (r"\bseoul\b|\bkorea\b", "KRW"),
    (r"\btokyo\b|\bkyoto\b|\bosaka\b|\bjapan\b", "JPY"),
    (r"\b(cnpj|nfc-?e|ltda)\b", "BRL"),
    (r"\b(abn|pty\.?)\b", "AUD"),
    (r"\bche-?\d{3}\.?\d{3}\.?\d{3}\b|\bschweiz\b", "CHF"),
    (r"\b(hst|pst|qst)\b", "CAD"),
    (r"\b(uid nr\.?|mwst|ust-?id|tva|iva|nif|nipc|p\.? ?iva|btw)\b", "EUR"),
    (r"\bvat (reg|no)", "GBP"),
    (rf"{AMERICAN}|\bsales tax\b|\(\d{{3}}\) ?\d{{3}}-\d{{4}}", "USD"),
)
"""What stands on the paper of a country whose money is not named."""

_SIGN = "|".join(sorted((re.escape(each) for each in [*SIGNS, *CODES, "$"]), key=len, reverse=True))
_SPACED = rf"\d{{1,3}}(?: \d{{3}})+(?=\s?(?:{_SIGN})(?![A-Za-z]))"
_NUMBER = (
    rf"{_SPACED}|\d{{1,2}}(?:,\d{{2}})+,\d{{3}}(?:\.\d{{2}})?"
    r"|\d{1,3}(?:[.,'’\u00a0\u202f]\d{3})+(?:[.,]\d{2})?|\d+[.,]\d{2}|\d{1,3}(?: \d{3})+[.,]\d{2}|\d+"
)
_AMOUNT = re.compile(
    rf"(?<![\w.,:/#-])(?P<minus>[-–(]\s?)?(?P<before>(?:{_SIGN})\s?)?(?P<inner>[-–])?(?P<number>{_NUMBER})"
    rf"(?![\d]|[.,:/]\d|\s?%|\s?°)(?P<after>\s?(?:{_SIGN})(?![A-Za-z]))?(?P<trail>-(?!\s?\d)|(?<=\d\d)\s-(?![-\s]*$|\s?\d)|\))?"
)
_GROUPED = re.compile(r"\d{1,3}(?:[.,'’\u00a0\u202f ]\d{3})+|\d{1,2}(?:,\d{2})+,\d{3}")


@dataclass(frozen=True)
class Amount:
    """An amount: its value without its sign, whether it is negative, the currency that is printed with it, and where.

    sure  False where it has no cents, so that it may be a count or a number of something
    """

    value: Decimal
    negative: bool
    currency: str | None
    start: int
    end: int
    sure: bool


def amounts(text: str) -> list[Amount]:
    """The amounts in a text, from left to right; percentages, days and times are none."""
    text = mended(text)
    out: list[Amount] = []
    for found in _AMOUNT.finditer(text):
        value = value_of(found["number"])
        if value is None:
            continue
        sign = (found["before"] or found["after"] or "").strip()
        cents = bool(re.search(r"[.,]\d{2}$", found["number"]))
        negative = bool(
            found["inner"] or (found["minus"] or "").strip() in ("-", "–") or (found["trail"] or "").strip() == "-"
        )
        negative = negative or ((found["minus"] or "").startswith("(") and found["trail"] == ")")
        currency = SIGNS.get(sign) or (sign if sign in CODES else None)
        out.append(Amount(value, negative, currency, found.start(), found.end(), cents or bool(sign)))
    return out


def mended(text: str) -> str:
    """With letters that were read for digits put right, where only digits can stand. As long as before."""
    text = re.sub(r"(?<=\d)[Oo](?=[.,]?\d|\b)|(?<=[.,])[OoC](?=\d)|(?<=\d[.,]\d)[OoC]\b", "0", text)
    text = re.sub(r"^(\W*(?:RM ?)?\d{1,4}) (\d\d)$", r"\1.\2", text)
    text = re.sub(r"(?<=RM)[Oo](?=[.,]\d)", "0", text)
    text = re.sub(r"(?<![A-Za-z\d])[S§](?=\d{1,4}[.,]\d{2}\b)", "$", text)
    return re.sub(r"(?<=\d[.,]\d\d)(?=[A-Z]{1,3}\b)", lambda _: "", text)


def value_of(number: str) -> Decimal | None:
    """The value of 1.234,50, 1,234.50, 1'234.50 or 1 234,50; a number of three digits after a sign is thousands."""
    if cents := re.search(r"[.,](\d{2})$", number):
        whole = re.sub(r"\D", "", number[: cents.start()])
        return Decimal(f"{whole or 0}.{cents[1]}")
    if number.isdigit():
        return Decimal(number) if len(number) <= 7 else None
    return Decimal(re.sub(r"\D", "", number)) if _GROUPED.fullmatch(number) else None


def currency_of(text: str, *, own: str) -> tuple[str, float]:
    """The currency of a paper, and how likely it is right: printed, its country's, or ours."""
    printed: Counter[str] = Counter()
    for code in re.findall(rf"(?<![A-Za-z])({'|'.join(CODES)})(?![A-Za-z])", text):
        printed[code] += 2
    for sign, code in SIGNS.items():
        edge = r"(?![A-Za-z])" if sign[-1].isalpha() else ""
        start = r"(?<![A-Za-z])" if sign[0].isalpha() else ""
        printed[code] += len(re.findall(f"{start}{re.escape(sign)}{edge}", text))
    printed = +printed
    lower = plain(text)
    cue = next((code for pattern, code in CUES if re.search(pattern, lower)), None)
    if printed:
        ((first, count), *others) = printed.most_common(2)
        if others and others[0][1] == count:
            first = next((code for code in (own, cue) if code and printed[code] == count), first)
            return first, 0.6
        return first, 0.98 if not others or count >= 3 * others[0][1] else 0.85
    if re.search(r"\beuros?\b", lower):
        return "EUR", 0.95
    if len(re.findall(r"\$ ?\d", mended(text))) >= 1:
        if own in DOLLARS and not cue:
            return own, 0.85
        return (cue, 0.8) if cue in DOLLARS | PESOS else ("USD", 0.75)
    if cue:
        return cue, 0.9 if cue == own else 0.75
    return own, 0.7
