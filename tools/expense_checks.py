"""What policy misses in an expense report: said on the card, with the limit and by how much, and nothing is blocked."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from backend.desk import Desk
from backend.forms import blanks_in
from backend.kinds import Objection
from backend.rates import UNKNOWN
from backend.words import Count, Money, Places, Title
from tools import expense_receipts
from tools.expense_lines import (
    WITHOUT_RECEIPT,
    Category,
    CategoryLimits,
    ExpenseForm,
    ExpenseLimits,
    ExpenseLine,
)
from tools.expense_money import by_table, cost, missing_for_table, spent, total
from tools.expense_several import by_rule

SATURDAY = 5
TITLES = {each.name: each.title for each in blanks_in(ExpenseLine)}


def objections(form: ExpenseForm, lines: Sequence[ExpenseLine], desk: Desk) -> list[Objection]:
    """Everything that a report misses, line by line, and then what its lines miss together."""
    limits: ExpenseLimits = desk.limits
    by_category = limits_of(desk)
    found: list[tuple[int, Objection]] = []
    for line in lines:
        of_category = by_category.get(line.category)
        of_receipt = list(expense_receipts.objections(line, limits, desk))
        for each in (
            *_days(line, limits, of_category, desk),
            *_rates(line, desk),
            *_amounts(line, of_category, desk),
            *_said(form, line, limits, of_category, desk),
            *_tables(line, desk),
            *_twice(line, desk, besides={each.values.get("ref") for each in of_receipt}),
            *of_receipt,
        ):
            found.append((line.nth or 1, each))
    out = [each for _, each in found] if len(lines) == 1 else by_rule(found)
    out += [*_alike(lines), *expense_receipts.alike(lines, desk), *_together(lines, by_category, desk)]
    return sorted(out, key=lambda each: not each.blocks)


def limits_of(desk: Desk) -> dict[Category, CategoryLimits]:
    """The limits of each category that has some."""
    rows: list[CategoryLimits] = desk.limit_lines("category")
    return {each.name: each for each in rows}


def receipt_limit(line: ExpenseLine, limits: ExpenseLimits, of_category: CategoryLimits | None) -> Decimal:
    """The amount above which a line's category wants a receipt, in the employer's currency."""
    own = of_category.receipt_over if of_category else None
    return limits.receipt_over if own is None else own


def lacks_receipt(line: ExpenseLine, limits: ExpenseLimits, of_category: CategoryLimits | None) -> bool:
    """Whether a receipt is wanted and not there; one in a currency without a rate is always wanted."""
    if line.receipt or line.category in WITHOUT_RECEIPT:
        return False
    return line.rate == UNKNOWN or cost(line) > receipt_limit(line, limits, of_category)


def month_of(day: date) -> tuple[date, date]:
    """The first and the last day of a day's month."""
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def _days(
    line: ExpenseLine, limits: ExpenseLimits, of_category: CategoryLimits | None, desk: Desk
) -> Iterator[Objection]:
    if line.date > desk.today:
        yield Objection("{day} is in the future: is the date right?", {"day": line.date}, "date")
    elif (desk.today - line.date).days > limits.oldest_days:
        days = Count(Decimal(limits.oldest_days))
        yield Objection("That is more than {days} ago.", {"days": days}, "date", limit="oldest_days")
    if of_category is not None and not of_category.weekend and line.date.weekday() >= SATURDAY:
        values = {"day": line.date, "category": Title(line.category.named)}
        yield Objection(
            "{category}: {day} is on a weekend, when it is not paid.",
            values,
            "date",
            limit=f"{line.category.value}.weekend",
        )


def _rates(line: ExpenseLine, desk: Desk) -> Iterator[Objection]:
    if line.rate == UNKNOWN:
        values = {"currency": line.currency, "day": line.date}
        yield Objection(
            "There is no exchange rate for {currency} on {day}: finance sets it, and until then it is approved like "
            "the highest amount.",
            values,
            "currency",
        )


def _amounts(line: ExpenseLine, of_category: CategoryLimits | None, desk: Desk) -> Iterator[Objection]:
    if of_category is None:
        return
    if of_category.per_item is not None and cost(line) > of_category.per_item:
        yield Objection(
            "{category}: {over} over the {limit} for one.",
            _over(line.category, cost(line), of_category.per_item, desk),
            "amount",
            limit=f"{line.category.value}.per_item",
        )
    if of_category.per_person is not None and cost(line) > of_category.per_person * line.heads:
        values = _over(line.category, cost(line), of_category.per_person * line.heads, desk)
        each = Money(of_category.per_person, desk.currency)
        yield Objection(
            "{category}: {over} over the {each} a person, for {count}.",
            {**values, "each": each, "count": line.heads},
            "amount",
            limit=f"{line.category.value}.per_person",
        )
    if of_category.tip is not None and (line.tip or 0) > line.amount * of_category.tip / 100:
        most = Money(line.amount * of_category.tip / 100, line.currency)
        values = {"most": most, "percent": of_category.tip}
        yield Objection(
            "A tip is paid up to {percent} %, which is {most} here.", values, "tip", limit=f"{line.category.value}.tip"
        )


def _over(category: Category, amount: Decimal, limit: Decimal, desk: Desk) -> dict[str, object]:
    over, most = Money(amount - limit, desk.currency), Money(limit, desk.currency)
    return {"category": Title(category.named), "over": over, "limit": most}


def _said(
    form: ExpenseForm, line: ExpenseLine, limits: ExpenseLimits, of_category: CategoryLimits | None, desk: Desk
) -> Iterator[Objection]:
    if lacks_receipt(line, limits, of_category):
        limit = Money(receipt_limit(line, limits, of_category), desk.currency)
        yield Objection("A receipt is wanted above {limit}.", {"limit": limit}, "receipt", limit="receipt_over")
    for name in of_category.asks_for if of_category else ():
        if getattr(line, name) in (None, ""):
            values = {"category": Title(line.category.named), "what": Title(TITLES[name])}
            yield Objection("{category}: please fill in “{what}”.", values, name)
    text = " ".join((line.merchant, line.note, line.occasion, form.title, form.reason))
    for word in limits.unpaid_in(text):
        yield Objection("It mentions “{word}”, which is not paid.", {"word": word}, "note", limit="not_paid")
    if line.taxes:
        sums = {sum((each.base + each.tax for each in line.taxes), Decimal(0)) + tip for tip in (0, line.tip or 0)}
        rated = all(abs(each.base * each.rate / 100 - each.tax) <= Decimal("0.02") for each in line.taxes)
        if line.amount not in sums or not rated:
            yield Objection("The tax does not add up to the amount: is it right?", field="tax_lines")
    elif line.tax_base is not None and line.tax is not None:
        sums = {line.tax_base + line.tax, line.tax_base + line.tax + (line.tip or 0)}
        rated = line.tax_rate is None or abs(line.tax_base * line.tax_rate / 100 - line.tax) <= Decimal("0.02")
        if line.amount not in sums or not rated:
            yield Objection("The tax does not add up to the amount: is it right?", field="tax")


def _tables(line: ExpenseLine, desk: Desk) -> Iterator[Objection]:
    if line.category not in WITHOUT_RECEIPT:
        return
    missing = missing_for_table(dict(line))
    for name in missing:
        values = {"category": Title(line.category.named), "what": Title(TITLES[name])}
        yield Objection("{category}: please fill in “{what}”.", values, name)
    if missing:
        return
    amount = by_table(dict(line), desk)
    if amount is None:
        values = {"category": Title(line.category.named), "day": line.date}
        yield Objection(
            "{category}: finance has set no rate for it on {day}, so the amount is yours.", values, "amount"
        )
    elif line.amount > amount:
        yield Objection("By the table it comes to {amount}.", {"amount": Money(amount, desk.currency)}, "amount")


def _twice(line: ExpenseLine, desk: Desk, *, besides: set[object]) -> Iterator[Objection]:
    """Other requests for the same amount and day, but for those of which the receipt says it already."""
    for ref in desk.alike(spent(line)):
        if ref in besides:
            continue
        values = {"ref": ref, "amount": Money(line.amount, line.currency), "day": line.date}
        yield Objection("{ref} asks for {amount} on {day} too: is it the same?", values, "amount")


def _alike(lines: Sequence[ExpenseLine]) -> Iterator[Objection]:
    seen: dict[tuple[object, ...], int | None] = {}
    for line in lines:
        key = (line.date, line.amount, line.currency, line.merchant.casefold(), line.category)
        if key in seen:
            yield Objection("Lines {one} and {other} look the same.", {"one": seen[key], "other": line.nth}, "amount")
        seen.setdefault(key, line.nth)


def _together(
    lines: Sequence[ExpenseLine], by_category: dict[Category, CategoryLimits], desk: Desk
) -> Iterator[Objection]:
    for category, limits in by_category.items():
        mine = [each for each in lines if each.category is category]
        if limits.per_day is not None:
            yield from _too_much_a_day(category, mine, limits.per_day, desk)
        for start, end in sorted({month_of(each.date) for each in mine}) if limits.per_month is not None else ():
            here = total(each for each in mine if start <= each.date <= end)
            spent_ = here + desk.spent(start, end, kind="expense", mine=True, category=category.value)
            if limits.per_month is not None and spent_ > limits.per_month:
                values = _over(category, spent_, limits.per_month, desk)
                yield Objection(
                    "{category}: {over} over the {limit} a month.",
                    values,
                    "amount",
                    limit=f"{category.value}.per_month",
                )


def _too_much_a_day(
    category: Category, lines: Sequence[ExpenseLine], limit: Decimal, desk: Desk
) -> Iterator[Objection]:
    """The days on which more was spent than is paid: one sentence, however many they are."""
    over: list[tuple[date, Money]] = []
    for day in sorted({each.date for each in lines}):
        here = total(each for each in lines if each.date == day)
        spent_ = here + desk.spent(day, day, kind="expense", mine=True, category=category.value)
        if spent_ > limit:
            over.append((day, Money(spent_ - limit, desk.currency)))
    values: dict[str, object] = {"category": Title(category.named), "limit": Money(limit, desk.currency)}
    named = f"{category.value}.per_day"
    if len(over) == 1:
        values |= {"over": over[0][1], "day": over[0][0]}
        yield Objection("{category}: {over} over the {limit} a day, on {day}.", values, "amount", limit=named)
    elif over:
        values["days"] = Places(tuple(over))
        yield Objection("{category}: over the {limit} a day, on {days}.", values, "amount", limit=named)
