"""From the lines of a paper to a receipt: every field with its confidence, checked against codes and attached data."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from knowledge.pages.page import Line, Note, Paper
from knowledge.receipts import attached, fiscal
from knowledge.receipts.amounts import amounts as amounts_in
from knowledge.receipts.bent_days import loosened
from knowledge.receipts.buyers import BUYER
from knowledge.receipts.categories import category_of
from knowledge.receipts.comparing import same_merchant
from knowledge.receipts.currencies import currencies
from knowledge.receipts.dating import OLD, choices, completed
from knowledge.receipts.days import plain
from knowledge.receipts.labels import Label
from knowledge.receipts.merchants import names
from knowledge.receipts.numbering import document_numbers, order_numbers, tax_ids
from knowledge.receipts.receipt import INVOICE, RECEIPT, Receipt, Tax
from knowledge.receipts.taxing import taxes
from knowledge.receipts.totals import ALL, Candidate, Rows, candidates, printed, weight

SURE: Mapping[str, float] = {"merchant": 0.8, "date": 0.9, "total": 0.9, "currency": 0.55}
"""Below which confidence each field is asked about; the others only where two sources contradict each other.

Those of merchants and days were chosen on papers that no rule had been written for: see docs/quality.md.
"""

_CREDIT = re.compile(
    r"\W*(?:credit (?:note|memo)|gutschrift|storno(?:rechnung)?|avoir|nota de credito|factura rectificativa"
    r"|nota di credito|creditnota|creditfactuur)(?![a-z])"
)
"""The title of a paper by which money goes back."""

MOST = 4
"""How many candidates of a field are kept."""


@dataclass
class _Read:
    """A field while it is made up: its values as text, likeliest first, and how likely the first is right."""

    values: list[str] = field(default_factory=list[str])
    likely: float = 0.0
    ask: bool = False

    def told(self, value: str, *, agrees: bool, known: float) -> None:
        """Takes in what a code or attached data says; where the paper says something else, both are kept to ask."""
        if agrees or not self.values:
            self.likely = max(self.likely, known)
            self.values = [value, *(each for each in self.values if each != value and not agrees)]
        else:
            self.values = [value, *(each for each in self.values if each != value)]
            self.likely, self.ask = 0.6, True


def understand(
    paper: Paper,
    *,
    day_first: bool,
    currency: str,
    our_tax_ids: Sequence[str],
    today: date,
    our_names: Sequence[str] = (),
) -> Receipt:
    """The receipt that stands on a paper; what was not found is None and asked about."""
    rows = [row for page in paper.pages for row in page.rows()]
    lines = tuple("  ".join(line.text for line in row) for row in rows)
    text = "\n".join(lines)
    ours = {_bare(each) for each in our_tax_ids if _bare(each)}
    data = attached.read(paper.attached) if paper.attached else None
    facts = fiscal.facts(paper.codes)

    totals = candidates(rows)
    read = {
        "total": _total(totals, rows),
        "date": _date(lines, rows, day_first=day_first, today=today),
        "merchant": _merchant(paper, our_names),
        "tax_id": _tax_id(lines, ours),
        "document_number": _numbers(document_numbers(lines)),
        "currency": _currency(text, currency),
    }
    amounts = {each.value for each in printed(rows)}
    _agree(read, _of_code(facts), amounts=amounts, text=text, known=0.99)
    if data is not None:
        _agree(read, data, amounts=amounts, text=text, known=0.98)
    total = Decimal(read["total"].values[0]) if read["total"].values else None
    held, tax_likely = _taxes(lines, total, facts, data)
    merchant = read["merchant"].values[0] if read["merchant"].values else None
    category, category_likely, categories = category_of(merchant, lines)
    orders = order_numbers(lines)

    confidence = {name: round(each.likely, 3) for name, each in read.items() if each.values}
    kept = {name: tuple(each.values[:MOST]) for name, each in read.items() if each.values}
    if held:
        confidence["tax"] = round(tax_likely, 3)
    if category:
        confidence["category"], kept["category"] = category_likely, categories
    ask = [name for name, each in read.items() if each.ask or each.likely < SURE.get(name, 0.0)]
    if total is not None and total <= 0:
        ask.append("total")
    return Receipt(
        merchant=merchant,
        day=date.fromisoformat(read["date"].values[0]) if read["date"].values else None,
        total=total,
        currency=read["currency"].values[0],
        taxes=held,
        tax_id=read["tax_id"].values[0] if read["tax_id"].values else None,
        document_number=read["document_number"].values[0] if read["document_number"].values else None,
        category=category,
        our_tax_id_on_it=any(_without_country(each) in _bare(text) for each in ours) if ours else None,
        kind=_kind(lines, rows, data),
        order_number=(data.order_number if data else None) or (orders[0] if orders else None),
        confidence=confidence,
        ask=tuple(sorted(set(ask), key=list(read).index)),
        candidates=kept,
        numbers=tuple(sorted(re.findall(r"\d+(?:[.,]\d+)*", text))),
        lines=lines,
        codes=facts,
        pages_read=len(paper.pages),
        pages=paper.in_all,
        notes=(*paper.notes, *_notes(read, data, facts)),
        sha256=paper.sha256,
        picture_hash=paper.picture_hash,
    )


def _total(found: Sequence[Candidate], rows: Rows) -> _Read:
    """The total; where its digits were read in two ways and no sum bears one out, both are candidates to ask."""
    if not found:
        return _Read()
    best, likely = found[0], sure_of(found, rows)
    values = [str(each.value) for each in found if each.value > 0][:MOST] or [str(best.value)]
    again = _read_again(best.value, rows)
    if not best.labels & ALL and any(each.labels & ALL for each in found[1:]):
        likely = min(likely, 0.7)  # no word says that it is the total, but one says so of another amount
    if again and not best.proofs:
        likely = min(likely, 0.7)
        values[1:1] = [each for each in again if each not in values]
    if any(_CREDIT.match(plain(line.text)) for row in rows[: len(rows) // 2 + 1] for line in row):
        held = [each.amount.negative for each in printed(rows) if each.value == best.value]
        values[:1] = [f"-{values[0]}" if held and all(held) else values[0]]
        return _Read(values, likely, ask=True)
    return _Read(values, likely)


def _read_again(value: Decimal, rows: Rows) -> list[str]:
    """What else an amount was read as, when its line was looked at again."""
    return [
        str(other.value)
        for row in rows
        for line in row
        if any(each.value == value for each in amounts_in(line.text))
        for text in line.others
        for other in amounts_in(text)
        if other.sure and other.value != value
    ]


def evidence(found: Sequence[Candidate], rows: Rows) -> tuple[float, ...]:
    """What the confidence of a total is made of, of the first candidate.

    How many sums bear it out, its lead over the second, how surely it was read, how often it is printed, how many
    amounts of goods are larger, and whether one of the sums is a strong one.
    """
    best = found[0]
    lead = weight(best) - (weight(found[1]) if len(found) > 1 else 0.0)
    goods = (each for each in printed(rows) if each.label is Label.NONE and each.amount.sure)
    larger = sum(each.value > best.value and not each.amount.negative for each in goods)
    return (
        float(min(len(best.proofs), 3)),
        max(-1.0, min(lead, 5.0)),
        max(0.0, best.score - 0.9) * 10,
        float(min(best.times, 4)),
        float(min(larger, 2)),
        float(bool(best.proofs & {"change", "rounded", "parts"})),
    )


WEIGHTS = (-3.5, 0.99, 0.48, 4.58, 1.33, -1.7, 1.61)
"""Fitted on damaged copies of made-up papers: `python -m tests.evals.confidence`."""


def sure_of(found: Sequence[Candidate], rows: Rows) -> float:
    """How likely the first candidate is the total."""
    sum_ = WEIGHTS[0] + sum(a * b for a, b in zip(WEIGHTS[1:], evidence(found, rows), strict=True))
    return 1 / (1 + math.exp(-sum_))


def _date(lines: Sequence[str], rows: Rows, *, day_first: bool, today: date) -> _Read:
    found, open_ = choices(lines, day_first=day_first, today=today)
    if not found:
        again = [text for row in rows for line in row for text in line.others]
        seen = [plain(each) for each in (*lines, *again)]
        for held in (seen, [*map(loosened, seen)], [completed(each, today=today) for each in seen]):
            found, open_ = choices(held, day_first=day_first, today=today)
            found = [each for each in found if each.day <= today]
            if found:
                return _Read([each.day.isoformat() for each in found], 0.65, ask=True)
        return _Read()
    best = found[0]
    lead = best.points - found[1].points if len(found) > 1 else 3.0
    likely = 0.97 if best.points > 2 or len(found) == 1 else 0.93
    likely -= 0.0 if lead > 1.5 else 0.1 if lead > 0.5 else 0.25
    values = [best.day.isoformat(), *(each.isoformat() for each in sorted(best.others) if open_)]
    values += [each.day.isoformat() for each in found[1:] if each.day.isoformat() not in values]
    late = best.day > today + timedelta(days=1)
    old = best.day < today - OLD
    return _Read(values, min(likely, 0.6) if open_ else 0.3 if late else likely, open_ or late or old)


def _merchant(paper: Paper, ours: Sequence[str]) -> _Read:
    found = names(paper.pages, ours=ours)
    if not found:
        return _Read()
    lead = found[0].points - (found[1].points if len(found) > 1 else 0.0)
    likely = 1 / (1 + math.exp(-(0.45 * found[0].points + 0.7 * lead - 1.0)))
    return _Read([each.text for each in found[:MOST]], likely)


def _tax_id(lines: Sequence[str], ours: set[str]) -> _Read:
    found = [each for each in tax_ids(lines) if not any(_same_id(each.text, our) for our in ours)]
    sellers = [each for each in found if not each.buyers]
    return _Read([each.text for each in sellers], sellers[0].likely) if sellers else _Read()


def _numbers(found: Sequence[tuple[str, float]]) -> _Read:
    return _Read([text for text, _ in found], found[0][1]) if found else _Read()


def _currency(text: str, own: str) -> _Read:
    return _Read(*currencies(text, own=own))


def _of_code(facts: fiscal.Facts) -> Receipt:
    return Receipt(
        merchant=facts.get("merchant"),
        day=fiscal.day_of(facts),
        total=Decimal(facts["total"]) if "total" in facts else None,
        currency=facts.get("currency"),
        tax_id=facts.get("tax_id"),
        document_number=facts.get("document_number"),
    )


def _agree(read: dict[str, _Read], told: Receipt, *, amounts: set[Decimal], text: str, known: float) -> None:
    """Checks each field against what a code or attached data says of it."""
    if told.total is not None:
        value = str(told.total.quantize(Decimal("0.01")))
        first = Decimal(read["total"].values[0]) if read["total"].values else None
        unsure = read["total"].likely < SURE["total"] and told.total in amounts
        read["total"].told(value, agrees=first == told.total or unsure, known=known)
    if told.day:
        value = told.day.isoformat()
        agrees = value in read["date"].values
        asked = read["date"].ask
        read["date"].told(value, agrees=agrees, known=known)
        read["date"].ask = (asked and read["date"].likely < known) or not agrees
    if told.merchant:
        agrees = any(same_merchant(told.merchant, each) for each in read["merchant"].values) or plain(
            told.merchant
        ) in plain(text)
        read["merchant"].told(told.merchant, agrees=agrees, known=known)
    if told.currency:
        read["currency"].told(told.currency, agrees=True, known=known)
    if told.tax_id:
        read["tax_id"].told(told.tax_id, agrees=True, known=known)
    if told.document_number:
        read["document_number"].told(told.document_number, agrees=True, known=known)


def _taxes(
    lines: Sequence[str], total: Decimal | None, facts: fiscal.Facts, data: Receipt | None
) -> tuple[tuple[Tax, ...], float]:
    if data is not None and data.taxes:
        return data.taxes, 0.97
    if facts.get("tax"):
        parts = [each.split(":") for each in facts["tax"].split(";")]
        return tuple(Tax(*map(Decimal, each)) for each in parts), 0.98
    return taxes(lines, total=total)


def _kind(lines: Sequence[str], rows: Sequence[Sequence[Line]], data: Receipt | None) -> str:
    """An invoice names its buyer or how it is to be paid, and nobody got change."""
    if data is not None:
        return INVOICE
    words = plain("\n".join(lines))
    called = re.search(
        r"(?<![a-z])(?:invoice|rechnung|factura(?! simpl)|fatura(?! simpl)|facture|fattura|factuur)", words
    )
    held = printed(rows)
    paid = any(each.label is Label.CHANGE for each in held) or bool(
        re.search(r"(?<![a-z])(?:receipt|recibo|recu|quittung|ricevuta|date paid|paid on)(?![a-z])", words)
    )
    to_pay = re.search(
        r"\biban\b|due date|payment terms|falligkeit|zahlbar|echeance|vencimiento|vencimento"
        r"|scadenza|bonifico|transferencia|sort code",
        words,
    )
    named = any(BUYER.search(plain(each)) for each in lines)
    return INVOICE if called and not paid and (to_pay or named) else RECEIPT


def _notes(read: Mapping[str, _Read], data: Receipt | None, facts: fiscal.Facts) -> list[Note]:
    contradicted = [name for name in ("total", "date", "merchant") if read[name].ask and len(read[name].values) > 1]
    if data is not None and contradicted:
        return [Note("The data attached to this PDF says something else than its page: please check.")]
    if facts and read["total"].ask and len(read["total"].values) > 1:
        return [Note("The code on it says another amount than its text: please check.")]
    return []


def _same_id(a: str, b: str) -> bool:
    """True for the same tax id, with or without its country."""
    return _without_country(a) == _without_country(b)


def _without_country(text: str) -> str:
    return re.sub(r"^[A-Z]{2}(?=\w{8})", "", text)


def _bare(text: str) -> str:
    return re.sub(r"[^A-Z\d]", "", text.upper())
