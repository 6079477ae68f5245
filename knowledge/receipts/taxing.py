"""The lines of tax on a paper: rate, base and tax, taken where the arithmetic comes out."""

import re
from collections.abc import Sequence
from decimal import Decimal

from knowledge.receipts.amounts import amounts, mended
from knowledge.receipts.days import plain
from knowledge.receipts.labels import SUMMARY, Label, label_of
from knowledge.receipts.receipt import Tax

_RATE = re.compile(r"(?<![\d.,])(\d{1,2}(?:[.,]\d{1,3})?)\s?%")
_TAXED = re.compile(
    r"(?<![a-z])(?:g\.?s\.?t|vat|tax(?:es)?|i\.?v\.?a|m\.?w\.?s\.?t|ust|umsatzst\w*"
    r"|mehrwertst\w*|tva|t\.v\.a|btw|igic|imposta|steuer\w*|sr|zr|zrl)(?![a-z])"
)
NEAR = Decimal("0.02")


def taxes(lines: Sequence[str], *, total: Decimal | None) -> tuple[tuple[Tax, ...], float]:
    """The lines of tax by falling rate, and how likely they are right (0 where there is none)."""
    found: dict[Decimal, Tax] = {}
    in_table = False
    for line in lines:
        words = plain(line)
        head = bool(SUMMARY.search(words))
        in_table = in_table or head
        rates = [Decimal(each.replace(",", ".")) for each in _RATE.findall(words)]
        if len(rates) > 1 and _TAXED.search(words):
            rates = rates[:1]
        values = [each.value for each in amounts(re.sub(_RATE, " ", mended(line))) if each.sure]
        if len(rates) != 1 and in_table and len(values) >= 2:
            rates = _implied(values)
        if len(rates) != 1 or not values or not (in_table or _TAXED.search(words)):
            continue
        line_found = _line(rates[0], values, total)
        if line_found and (rates[0] not in found or found[rates[0]].base is None):
            found[rates[0]] = line_found
    held = sorted(
        (each for each in found.values() if each.tax or each.base), key=lambda each: each.rate or 0, reverse=True
    )
    if not held and (single := _single(lines, total)):
        held = [single]
    if not held:
        return (), 0.0
    whole = sum((each.base + each.tax for each in held if each.base is not None and each.tax is not None), Decimal(0))
    sound = total is not None and abs(whole - total) <= NEAR * len(held)
    partly = all(each.base is not None and each.tax is not None for each in held)
    return tuple(held), 0.95 if sound else 0.8 if partly else 0.65


def _line(rate: Decimal, values: Sequence[Decimal], total: Decimal | None) -> Tax | None:
    """The tax at a rate out of the amounts of its row."""
    for base in values:
        for tax in values:
            if (
                tax <= base
                and base > 0
                and abs(base * rate / 100 - tax) <= max(NEAR, tax * Decimal("0.01"))
                and (tax != base)
            ):
                return Tax(rate, base, tax)
    for tax in values:
        for gross in values:
            if tax < gross and rate and abs(gross * rate / (100 + rate) - tax) <= NEAR:
                return Tax(rate, gross - tax, tax)
    if rate == 0:
        base = max(values)
        return Tax(rate, base, Decimal("0.00")) if base else None
    if len(values) == 1 and total is not None and values[0] < total:
        tax = values[0]
        if abs(total * rate / (100 + rate) - tax) <= NEAR:
            return Tax(rate, total - tax, tax)
        return Tax(rate, None, tax) if tax <= total * rate / 100 else None
    return None


def _implied(values: Sequence[Decimal]) -> list[Decimal]:
    """The rate that two amounts of a row come to, if it is a usual one."""
    if len(values) < 2 or not values[0] or not values[1]:
        return []
    high, low = max(values[:2]), min(values[:2])
    usual = [
        Decimal(each)
        for each in (
            "4",
            "5",
            "5.5",
            "6",
            "7",
            "8",
            "8.1",
            "9",
            "10",
            "12",
            "13",
            "15",
            "18",
            "19",
            "20",
            "21",
            "22",
            "23",
            "24",
            "25",
        )
    ]
    return [each for each in usual if abs(high * each / 100 - low) <= Decimal("0.006")][:1]


def _single(lines: Sequence[str], total: Decimal | None) -> Tax | None:
    """A tax that is printed without its rate."""
    if total is None:
        return None
    for line in lines:
        if label_of(line) is Label.TAX:
            values = [each.value for each in amounts(line) if each.sure]
            if len(values) == 1 and 0 < values[0] < total / 3:
                return Tax(None, None, values[0])
    return None
