"""Which of the amounts on a paper is what was paid: by the words beside it, and by sums that come out."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from knowledge.pages.page import Line
from knowledge.receipts.amounts import Amount, amounts, mended
from knowledge.receipts.days import days, plain
from knowledge.receipts.labels import SUMMARY, Label, label_of

Rows = Sequence[Sequence[Line]]
CENT = Decimal("0.01")
ROUNDED = Decimal("0.05")

ALL = frozenset((Label.FINAL, Label.GRAND, Label.TOTAL, Label.DUE))
"""What says that an amount is the total."""

WORTH = {
    Label.FINAL: 5.0,
    Label.GRAND: 4.5,
    Label.TOTAL: 4.0,
    Label.DUE: 3.4,
    Label.PAID: 1.2,
    Label.BALANCE: 2.0,
    Label.BEFORE: 0.8,
}
"""What the words beside an amount are worth."""

PROOF = {"change": 2.5, "rounded": 2.5, "paid": 1.6, "parts": 1.6, "items": 1.2, "summary": 1.0}
"""What a sum that comes out is worth."""


@dataclass(frozen=True)
class Printed:
    """An amount where it stands: in which row, under which label, how surely its digits were read."""

    amount: Amount
    row: int
    label: Label
    score: float
    summary: bool

    @property
    def value(self) -> Decimal:
        return self.amount.value


@dataclass
class Candidate:
    """A value that may be the total, with what speaks for it."""

    value: Decimal
    points: float = 0.0
    labels: set[Label] = field(default_factory=set[Label])
    times: int = 0
    proofs: set[str] = field(default_factory=set[str])
    score: float = 0.0
    row: int = 0


def printed(rows: Rows) -> list[Printed]:
    """Every amount of the paper with its label; a label alone in its row belongs to the amounts of the next."""
    texts = ["  ".join(line.text for line in row) for row in rows]
    heads = [_head(rows[place - 1] if place else (), row) for place, row in enumerate(rows)]
    found = [_of_row(row) for row in rows]
    labels = [_label(text) for text in texts]
    out: list[Printed] = []
    summary = False
    for place, held in enumerate(found):
        words = plain(texts[place])
        summary = summary or (bool(SUMMARY.search(words)) and (place > len(rows) * 0.3))
        label = labels[place]
        if label is Label.NONE and not _worded(texts[place]):
            label = labels[place - 1] if place and not found[place - 1] and not heads[place] else Label.NONE
            held = [(each, score, heads[place].get(line, Label.NONE), line) for each, score, _, line in held]
        sure = [each for each in held if each[0].sure]
        for amount, score, of_cell, _ in sure or (held if label in _TELLING else []):
            own = label
            if len(sure) > 1 and of_cell is not Label.NONE:
                own = of_cell
            if own is Label.BALANCE and any(each.label is Label.PAID and each.value > amount.value for each in out):
                own = Label.CHANGE
            out.append(Printed(amount, place, own, score, summary and own not in (Label.GRAND, Label.FINAL)))
    return out


_TELLING = (Label.FINAL, Label.TOTAL, Label.GRAND, Label.DUE, Label.PAID, Label.CHANGE, Label.BEFORE)


def candidates(rows: Rows) -> list[Candidate]:
    """The values that may be the total, likeliest first."""
    held = printed(rows)
    by_value: dict[Decimal, Candidate] = defaultdict(lambda: Candidate(Decimal(0)))
    last = max((each.row for each in held), default=1) or 1
    for each in held:
        candidate = by_value[each.value]
        candidate.value = each.value
        candidate.times += 1
        candidate.score = max(candidate.score, each.score)
        worth = WORTH.get(each.label, 0.0)
        if each.amount.negative and each.label is not Label.PAID:
            worth = 0.0
        if each.summary:
            worth *= 0.25
        if not each.amount.sure:
            worth *= 0.4
        if each.label in (Label.TOTAL, Label.GRAND, Label.FINAL):
            worth += 0.6 * each.row / last
        if each.label not in candidate.labels or (worth > 0 and not each.summary):
            candidate.points = max(candidate.points, worth) + (0.3 if candidate.points and worth else 0)
        if worth > 0 and not each.summary:
            candidate.labels.add(each.label)
            candidate.row = each.row
        elif worth > 0:
            candidate.row = candidate.row or each.row
    _prove(by_value, held)
    out = [each for each in by_value.values() if each.points > 0 or each.proofs]
    if not out:
        out = _largest(by_value)
    return sorted(out, key=lambda each: (weight(each), each.value), reverse=True)


def weight(candidate: Candidate) -> float:
    """What speaks for it in all."""
    return candidate.points + sum(PROOF[each] for each in candidate.proofs)


def _prove(by_value: dict[Decimal, Candidate], held: Sequence[Printed]) -> None:
    """Adds the sums that come out: each is one more reason to believe a value."""
    one = _values(held)
    for value in _implied(one, by_value):
        by_value[value] = Candidate(value, score=0.9)
    before_tax, without_tax = _before_tax(held)
    for value in without_tax & by_value.keys():
        by_value[value].points -= 2.0
    for value, rest in _beforehand(one, by_value):
        by_value[value].proofs.add("parts")
        by_value[rest].points -= 3.0
    for candidate in by_value.values():
        value = candidate.value
        if value <= 0:
            continue
        if value in before_tax:
            candidate.proofs.add("parts")
        given = [each for each in one[Label.PAID] if each > value]
        if any(paid - change == value for paid in given for change in one[Label.CHANGE] if change > 0):
            candidate.proofs.add("change")
        elif value in one[Label.PAID] and candidate.labels - {Label.PAID}:
            candidate.proofs.add("paid")
        more = [Decimal(0), *one[Label.TAX], *_sums(one[Label.TAX])]
        extra = [Decimal(0), *one[Label.EXTRA], *(-each for each in one[Label.DISCOUNT])]
        adjust = [Decimal(0), *one[Label.ROUNDING], *(-each for each in one[Label.ROUNDING])]
        parts = [
            before + tax + added + turn
            for before in one[Label.BEFORE]
            for tax in more
            for added in extra
            for turn in adjust
            if tax or added or turn
        ]
        turned = [total + turn for total in one[Label.TOTAL] + one[Label.GRAND] for turn in adjust if turn]
        if value in turned and candidate.labels:
            candidate.proofs.add("rounded")
        if value in parts:
            candidate.proofs.add("parts")
        elif value in one[Label.BEFORE]:
            candidate.points += 0.3
        items = [
            each.value if not each.amount.negative else -each.value
            for each in held
            if each.label is Label.NONE and each.amount.sure
        ]
        items = items[:60]
        if items and len(items) > 1 and (sum(items) == value or _last_in_rows(held) == value):
            candidate.proofs.add("items")
        nets = [(a.value, b.value) for a in held if a.summary for b in held if b.row == a.row and b is not a]
        if any(net + tax == value for net, tax in nets if 0 < tax < net):
            candidate.proofs.add("summary")


def _before_tax(held: Sequence[Printed]) -> tuple[set[Decimal], set[Decimal]]:
    """The totals that are a total further up with its tax, or with one more amount that stands between them.

    And the totals further up to which a tax between the two was added.
    """
    labelled = [each for each in held if each.label in ALL and not each.summary and each.amount.sure]
    out: set[Decimal] = set()
    without: set[Decimal] = set()
    for lower in labelled:
        for upper in labelled:
            if upper.row < lower.row and upper.value < lower.value:
                between = [each.value for each in held if upper.row < each.row < lower.row or each.label is Label.TAX]
                if lower.value - upper.value in between:
                    out.add(lower.value)
                taxes = [each.value for each in held if upper.row < each.row < lower.row and each.label is Label.TAX]
                if lower.value - upper.value in [*taxes, sum(taxes)] and lower.value != upper.value:
                    without.add(upper.value)
    return out, without - out


def _beforehand(one: dict[Label, list[Decimal]], by_value: dict[Decimal, Candidate]) -> list[tuple[Decimal, Decimal]]:
    """What it came to, and what is left of it, where some was paid beforehand."""
    return [
        (rest + paid, rest)
        for paid in one[Label.BEFOREHAND]
        for label in (Label.DUE, Label.FINAL, Label.BALANCE, Label.TOTAL)
        for rest in one[label]
        if paid > 0 and rest + paid in by_value
    ]


def _implied(one: dict[Label, list[Decimal]], by_value: dict[Decimal, Candidate]) -> list[Decimal]:
    """What was handed over without the change, where a total differs from it by one digit: that was misread."""
    kept = {paid - change for paid in one[Label.PAID] for change in one[Label.CHANGE] if paid > change > 0}
    read = [str(each) for label in (Label.TOTAL, Label.GRAND, Label.FINAL, Label.DUE) for each in one[label]]
    near = {value for value in kept for text in read if len(text) == len(str(value)) and _one_apart(text, str(value))}
    seen = [Decimal(each) for each in read]
    return sorted(each for each in near - by_value.keys() if all(abs(each - other) > ROUNDED for other in seen))


def _one_apart(a: str, b: str) -> bool:
    return sum(left != right for left, right in zip(a, b, strict=True)) == 1


def _values(held: Sequence[Printed]) -> dict[Label, list[Decimal]]:
    out: dict[Label, list[Decimal]] = {label: [] for label in Label}
    for each in held:
        if each.value not in out[each.label] and len(out[each.label]) < 6:
            out[each.label].append(each.value)
    return out


def _sums(values: Sequence[Decimal]) -> list[Decimal]:
    """What two or more of the taxes come to."""
    out = [a + b for place, a in enumerate(values) for b in values[place + 1 :]]
    return [*out, sum(values, Decimal(0))] if len(values) > 2 else out


def _last_in_rows(held: Sequence[Printed]) -> Decimal:
    """What the last amounts of the rows without a label come to: the column of the items."""
    rows: dict[int, Decimal] = {}
    for each in held:
        if each.label is Label.NONE and each.amount.sure and not each.summary:
            rows[each.row] = -each.value if each.amount.negative else each.value
    return sum(rows.values(), Decimal(0)) if len(rows) > 1 else Decimal(-1)


def _largest(by_value: dict[Decimal, Candidate]) -> list[Candidate]:
    """Where no word tells: the largest amounts."""
    found = sorted((each for each in by_value.values() if each.value > 0), key=lambda each: each.value, reverse=True)[
        :3
    ]
    for place, each in enumerate(found):
        each.points = 0.6 - 0.1 * place
    return found


def _head(above: Sequence[Line], row: Sequence[Line]) -> dict[Line, Label]:
    """What the heads of a table say of what stands below each of them."""
    if len(above) < 2 or len(row) < 2 or any(amounts(each.text) for each in above):
        return {}
    nearest = {line: min(above, key=lambda each: abs(each.box.right - line.box.right)) for line in row}
    return {
        line: label_of(head.text)
        for line, head in nearest.items()
        if min(head.box.right, line.box.right) > max(head.box.left, line.box.left)
    }


def _of_row(row: Sequence[Line]) -> list[tuple[Amount, float, Label, Line]]:
    """The amounts in a row with how surely they were read, what the words right before them say, and their line."""
    out: list[tuple[Amount, float, Label, Line]] = []
    for place, line in enumerate(row):
        text = mended(line.text)
        words = plain(text)
        for day in days(words, day_first=True):
            text = text[: day.start] + "x" * (day.end - day.start) + text[day.end :]
        found = amounts(text)
        since = 0
        for amount in found:
            before = text[since : amount.start]
            if not any(letter.isalpha() for letter in before) and place and not since:
                before = row[place - 1].text if not amounts(row[place - 1].text) else ""
            out.append((amount, line.score, label_of(before) if before else Label.NONE, line))
            since = amount.end
    return out


def _label(text: str) -> Label:
    return label_of(_without_amounts(plain(text)))


def _worded(text: str) -> bool:
    """True if there are words beside the amounts."""
    return sum(letter.isalpha() for letter in _without_amounts(text)) > 3


def _without_amounts(text: str) -> str:
    text = mended(text)
    for amount in amounts(text):
        text = text[: amount.start] + " " * (amount.end - amount.start) + text[amount.end :]
    return text
