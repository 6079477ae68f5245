"""Amounts of money in a line of print, however the country writes them and the reading of letters bent them."""

import re
from dataclasses import dataclass
from decimal import Decimal

CODES = re.findall(
    r"\w+",
    "EUR USD GBP MYR CHF SEK NOK DKK PLN CZK HUF RON BGN TRY BRL MXN ARS CLP COP PEN CAD AUD NZD SGD HKD JPY CNY INR"
    " IDR THB PHP VND KRW ZAR AED SAR ILS MAD UAH ISK TWD KES NGN GHS EGP LKR PKR MUR QAR KWD RSD UYU CRC",
)
SIGNS = {
    "€": "EUR", "£": "GBP", "US$": "USD", "R$": "BRL", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD",
    "S$": "SGD", "HK$": "HKD", "NZ$": "NZD", "MX$": "MXN", "RM": "MYR", "zł": "PLN", "Kč": "CZK", "Ft": "HUF",
    "₹": "INR", "Rs": "INR", "¥": "JPY", "₺": "TRY", "₪": "ILS", "Fr.": "CHF", "SFr": "CHF", "R": "ZAR",
    "NT$": "TWD", "KSh": "KES", "₦": "NGN", "₱": "PHP", "₩": "KRW", "฿": "THB", "₫": "VND", "GH₵": "GHS",
}  # fmt: skip

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
