"""Watches budgets: what of each is spent and waits, and tells once when 80 % and when all of it is spent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, UniqueConstraint, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend import budgets, events, people, tables
from backend.budgets import Budget
from backend.clock import day_in
from backend.people import Employer, Person
from backend.spending import HOLD, MoneyEntry, of_request
from backend.store import Amount, Base, Moment, now

THRESHOLDS = (80, 100)
"""Percent of a budget that is spent: whoever keeps it is told at each."""


class BudgetNotice(Base):
    """That a budget, as large as it was then, was spent to so many percent: told once."""

    __tablename__ = "budget_notices"
    __table_args__ = (UniqueConstraint("employer_id", "cost_centre", "category", "first", "last", "amount", "percent"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"))
    cost_centre: Mapped[str]
    category: Mapped[str]
    first: Mapped[date]
    last: Mapped[date]
    amount: Mapped[Decimal] = mapped_column(Amount)
    percent: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment)


@dataclass(frozen=True)
class Standing:
    """How a budget stands, in the employer's currency: what is spent of it, and what waits for a decision.

    people  the ids of those whose requests that comes from
    """

    budget: Budget
    employer: Employer
    spent: Decimal
    waiting: Decimal
    people: frozenset[int]

    @property
    def percent(self) -> Decimal:
        """What is spent of it, in percent; of nothing, everything is."""
        if not self.budget.amount:
            return Decimal(100) if self.spent > 0 else Decimal(0)
        return self.spent / self.budget.amount * 100

    @property
    def left(self) -> Decimal:
        return self.budget.amount - self.spent - self.waiting


def standing(session: Session, *, employer: Employer, on: date) -> list[Standing]:
    """How each budget of an employer stands whose period holds a day, by cost centre."""
    rows = tables.rows(session, budgets.NAME, Budget, employer=employer, on=on)
    now_held = [each for each in rows if each.first <= on <= each.last]
    found = [_standing(session, each, employer) for each in now_held]
    return sorted(found, key=lambda each: (each.budget.cost_centre.casefold(), each.budget.category.casefold()))


def look(session: Session, *, request: int | None = None) -> None:
    """Notes which budgets have reached a threshold: those that a request's money counts against, or all of today."""
    for employer, found in _to_look_at(session, request):
        for each in found:
            reached = [percent for percent in THRESHOLDS if each.percent >= percent]
            new = [percent for percent in reached if not _told(session, each, percent)]
            if new and _note(session, each, new):
                _record(session, each, employer, percent=max(new))
    session.flush()


def keepers(session: Session, budget: Budget) -> list[Person]:
    """Who keeps a budget: its owner, if it has one who works here, and finance."""
    handle = budget.owner.casefold()
    owners = [each for each in people.everybody(session) if each.handle.casefold() == handle] if handle else []
    return list(dict.fromkeys([*owners, *people.holders(session, "finance")]))


def _to_look_at(session: Session, request: int | None) -> Iterable[tuple[Employer, list[Standing]]]:
    if request is None:
        for employer in session.scalars(select(Employer).order_by(Employer.id)):
            yield employer, standing(session, employer=employer, on=day_in(employer.timezone, now(session)))
        return
    entries = [each for each in of_request(session, request) if each.sort != HOLD and each.amount]
    if not entries:
        return
    employer = session.get_one(Employer, entries[0].employer_id)
    touched: dict[tuple[object, ...], Budget] = {}
    for day in sorted({each.day for each in entries}):
        for row in tables.rows(session, budgets.NAME, Budget, employer=employer, on=day):
            if any(row.covers(each.cost_centre, each.category, each.day) for each in entries):
                touched[row.cost_centre, row.category, row.first, row.last] = row
    yield employer, [_standing(session, each, employer) for each in touched.values()]


def _standing(session: Session, budget: Budget, employer: Employer) -> Standing:
    same = func.lower(MoneyEntry.cost_centre) == budget.cost_centre.lower()
    wanted = select(MoneyEntry.sort, MoneyEntry.amount, MoneyEntry.person_id).where(
        MoneyEntry.employer_id == employer.id,
        MoneyEntry.day >= budget.first,
        MoneyEntry.day <= budget.last,
        or_(MoneyEntry.cost_centre == budget.cost_centre, same),
    )
    if budget.category:
        wanted = wanted.where(MoneyEntry.category == budget.category)
    spent = waiting = Decimal(0)
    whose: dict[int, Decimal] = {}
    for sort, amount, person_id in session.execute(wanted):
        if sort == HOLD:
            waiting += amount
        else:
            spent += amount
            whose[person_id] = whose.get(person_id, Decimal(0)) + amount
    return Standing(budget, employer, spent, waiting, frozenset(id for id, each in whose.items() if each))


def _key(each: Standing) -> dict[str, object]:
    budget = each.budget
    return {
        "employer_id": each.employer.id,
        "cost_centre": budget.cost_centre,
        "category": budget.category,
        "first": budget.first,
        "last": budget.last,
        "amount": budget.amount,
    }


def _note(session: Session, each: Standing, reached: list[int]) -> bool:
    """Writes down that thresholds were reached; False where another process did so at this moment."""
    try:
        with session.begin_nested():
            session.add_all(BudgetNotice(**_key(each), percent=percent, at=now(session)) for percent in reached)
    except IntegrityError:
        return False
    return True


def _told(session: Session, each: Standing, percent: int) -> bool:
    wanted = select(BudgetNotice.id).filter_by(**_key(each), percent=percent)
    return session.scalar(wanted.limit(1)) is not None


def _record(session: Session, each: Standing, employer: Employer, *, percent: int) -> None:
    budget = each.budget
    events.record(
        session,
        "budget.reached",
        by=None,
        subject=f"table:{budgets.NAME}",
        detail={
            "employer": employer.name,
            "cost_centre": budget.cost_centre,
            "category": budget.category,
            "first": budget.first,
            "last": budget.last,
            "year": budget.year,
            "owner": budget.owner,
            "percent": percent,
            "spent": each.spent,
            "waiting": each.waiting,
            "amount": budget.amount,
            "currency": employer.currency,
        },
    )
