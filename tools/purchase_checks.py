"""What should be known before something is bought: the budget, what was asked before, what looks split."""

import re
from collections.abc import Iterable
from decimal import Decimal

from backend import budgets
from backend.desk import Desk
from backend.kinds import Fact, Objection
from backend.rates import UNKNOWN
from backend.words import Money
from tools.purchase_lines import PurchaseForm, PurchaseLine, cost, in_all, named

WORD = re.compile(r"\w+")
ALIKE = 0.5
"""The share of words that two items have in common when they are taken for alike."""
MOST = 3
"""Earlier requests that are named."""


def centre_of(form: PurchaseForm, desk: Desk) -> str:
    """The cost centre that pays: what was said, else the person's team; written as its budget writes it."""
    return budgets.named(desk, form.cost_centre or desk.person.team, on=desk.today)


def left(form: PurchaseForm, lines: Iterable[PurchaseLine], desk: Desk) -> list[budgets.Left]:
    """What is left of the budgets that it counts against."""
    amounts = [(desk.today, "", cost(form, each)) for each in lines]
    return budgets.left_after(desk, amounts, centre=centre_of(form, desk))


def unpriced(form: PurchaseForm) -> Objection | None:
    """That there is no rate for its currency yet."""
    if form.rate != UNKNOWN:
        return None
    text = "There is no exchange rate for {currency} yet: it goes to those who approve the largest amounts."
    return Objection(text, {"currency": form.currency}, "currency")


def split(form: PurchaseForm, lines: list[PurchaseLine], desk: Desk, *, days: int) -> Objection | None:
    """That it looks like a part of something larger: alone below a limit of the routes, above it with the others."""
    cost_here = in_all(form, lines)
    others = (
        [
            each
            for each in desk.earlier(days=days, cost_centre=centre_of(form, desk))
            if each.mine or each.same_centre
            if _same_vendor(form, each.form) or any(_alike(one.item, two.item) for one in lines for two in each.lines)
        ]
        if days
        else []
    )
    for limit in sorted(desk.thresholds(), reverse=True):
        parts = [each for each in others if each.amount <= limit]
        together = cost_here + sum((each.amount for each in parts), Decimal(0))
        if parts and cost_here <= limit < together:
            values = {
                "refs": ", ".join(each.ref for each in parts[:MOST]),
                "together": Money(together, desk.currency),
                "limit": Money(limit, desk.currency),
            }
            text = "With {refs} it comes to {together}, and above {limit} more people decide: is it one purchase?"
            return Objection(text, values, "total", limit="split_days")
    return None


def before(lines: list[PurchaseLine], form: PurchaseForm, desk: Desk, *, days: int) -> Fact | None:
    """What the same team asked for lately that is alike."""
    if not days:
        return None
    found = [
        f"{each.ref}: {', '.join(named(two, most=60) for two in same)} ({each.who})"
        for each in desk.earlier(days=days, cost_centre=centre_of(form, desk))
        if each.same_team and (same := [two for two in each.lines if any(_alike(one.item, two.item) for one in lines)])
    ]
    return Fact("Asked for lately", "{requests}", {"requests": "; ".join(found[:MOST])}) if found else None


def _same_vendor(one: PurchaseForm, other: PurchaseForm) -> bool:
    return bool(one.vendor) and one.vendor.casefold() == other.vendor.casefold()


def _alike(one: str, other: str) -> bool:
    first, second = _words(one), _words(other)
    return bool(first) and bool(second) and len(first & second) >= ALIKE * len(first | second)


def _words(item: str) -> set[str]:
    return {word.rstrip("s") or word for word in WORD.findall(item.casefold()) if len(word) > 1}
