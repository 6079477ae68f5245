"""Budgets as finance loads them: what a cost centre may spend in a period, and what of it is left."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from pydantic import model_validator

from backend import tables
from backend.forms import Widget, blank
from backend.kinds import Fact, Objection
from backend.words import Money, Span

if TYPE_CHECKING:
    from backend.desk import Desk

NAME = "budgets"
"""The table that kinds which spend money name in their `tables`."""


class Budget(tables.Row):
    """What a cost centre may spend in a year, or from start to end, in the employer's currency.

    category  only what is spent on that counts; empty: everything
    owner     the handle of who keeps it, who is told with finance when it is nearly spent
    """

    key: ClassVar[tuple[str, ...]] = ("cost_centre", "category", "year", "start", "end")
    cost_centre: str = blank("Cost centre", min_length=1, max_length=60)
    category: str = blank("Category", default="", max_length=60)
    year: int | None = blank("Year", default=None, ge=1970, lt=2200)
    start: date | None = blank("First day", default=None)
    end: date | None = blank("Last day", default=None)
    amount: Decimal = blank("Amount", widget=Widget.MONEY, ge=0, max_digits=14, decimal_places=2)
    owner: str = blank("Owner", default="", max_length=60)

    @model_validator(mode="after")
    def _one_period(self) -> "Budget":
        whole = self.start is not None and self.end is not None
        if (self.year is None) != whole or (self.start is None) != (self.end is None):
            raise ValueError("A budget has a year, or a first and a last day.")
        if self.start and self.end and self.end < self.start:
            raise ValueError("The last day is before the first.")
        return self

    @property
    def first(self) -> date:
        """The first day of its period."""
        return self.start or date(self.year or 1970, 1, 1)

    @property
    def last(self) -> date:
        """The last day of its period."""
        return self.end or date(self.year or 1970, 12, 31)

    @property
    def period(self) -> object:
        """Its period as people read it: "2026", or the days."""
        return str(self.year) if self.year else Span(self.first, self.last)

    def covers(self, centre: str, category: str, day: date) -> bool:
        """Whether what that cost centre spends on that on a day counts against it."""
        same = self.cost_centre.casefold() == centre.casefold()
        return same and self.category.casefold() in ("", category.casefold()) and self.first <= day <= self.last


@dataclass(frozen=True)
class Left:
    """What is left of a budget after a request, in the employer's currency; less than nothing when it exceeds it."""

    budget: Budget
    amount: Decimal
    currency: str

    @property
    def fact(self) -> Fact:
        """What those who decide are shown."""
        return Fact(
            "Budget left afterwards",
            "{left} of {whole} ({centre}, {period})",
            {
                "left": Money(self.amount, self.currency),
                "whole": Money(self.budget.amount, self.currency),
                "centre": self._centre,
                "period": self.budget.period,
            },
        )

    @property
    def objection(self) -> Objection | None:
        """By how much the budget is exceeded; None where it is not."""
        if self.amount >= 0:
            return None
        return Objection(
            "That exceeds the budget of {centre} for {period} by {over}.",
            {
                "centre": self._centre,
                "period": self.budget.period,
                "over": Money(-self.amount, self.currency),
            },
        )

    @property
    def _centre(self) -> str:
        parts = (self.budget.cost_centre, self.budget.category)
        return ", ".join(each for each in parts if each)


def left_after(desk: "Desk", amounts: Iterable[tuple[date, str, Decimal]], *, centre: str) -> list[Left]:
    """What is left of each budget of a cost centre when this is spent, pending and booked requests counted.

    amounts  (day, category, amount in the employer's currency) of what the request costs
    """
    wanted = [each for each in amounts if each[2]]
    out: list[Left] = []
    seen: set[tuple[object, ...]] = set()
    for day in sorted({each[0] for each in wanted}):
        for row in desk.table(Budget, on=day):
            mine = sum((cost for on, what, cost in wanted if row.covers(centre, what, on)), Decimal(0))
            mark = (row.cost_centre, row.category, row.first, row.last)
            if not mine or mark in seen:
                continue
            seen.add(mark)
            spent = desk.spent(row.first, row.last, cost_centre=row.cost_centre, category=row.category or None)
            out.append(Left(row, row.amount - spent - mine, desk.currency))
    return out


def named(desk: "Desk", said: str, *, on: date) -> str:
    """The cost centre as its budget writes it, where there is one; else as it was said."""
    rows = desk.table(Budget, on=on)
    return next((each.cost_centre for each in rows if each.cost_centre.casefold() == said.casefold()), said)
