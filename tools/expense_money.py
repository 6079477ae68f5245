"""What the lines of an expense report come to: in the employer's currency, to be paid back, by table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import time
from decimal import Decimal
from typing import Any

from backend import allowances
from backend.allowances import Mileage, PerDiem, Trip
from backend.desk import Desk
from backend.rates import UNKNOWN, Rate, rate_of, rounded
from backend.spending import Spent
from tools.expense_lines import Category, ExpenseLine, PaidBy, Vehicle, moment


def cost(line: ExpenseLine) -> Decimal:
    """What a line costs in the employer's currency, or what was granted of it; 0 while there is no rate for it."""
    spent = rounded(line.amount * line.rate, line.into or line.currency)
    return spent if line.granted is None else min(spent, line.granted)


def owed(line: ExpenseLine) -> Decimal:
    """What of it is paid back: all that was one's own money."""
    return cost(line) if line.paid_by is PaidBy.OWN else Decimal(0)


def total(lines: Iterable[ExpenseLine]) -> Decimal:
    """What lines cost in all."""
    return sum((cost(each) for each in lines), Decimal(0))


def spent(line: ExpenseLine) -> Spent:
    """A line as the ledger notes it."""
    own = line.paid_by is PaidBy.OWN
    return Spent(
        amount=cost(line),
        original=line.amount,
        currency=line.currency,
        day=line.date,
        rate=line.rate,
        owed=owed(line),
        due=line.amount if own else Decimal(0),
        payee=line.merchant,
        category=line.category.value,
        line=line.nth,
    )


def priced(lines: Iterable[ExpenseLine], desk: Desk) -> list[Spent]:
    """The lines as the ledger notes them: the team pays, at today's rate where there was none when they were sent."""
    out: list[Spent] = []
    for line in lines:
        rate = rate_for(line.currency, line.date, desk) if line.rate == UNKNOWN else line.rate
        now = replace(spent(line), cost_centre=desk.person.team)
        if line.rate == UNKNOWN != rate:
            amount, owes = (rounded(each * rate, desk.currency) for each in (now.original, now.due))
            now = replace(now, rate=rate, amount=amount, owed=owes)
        out.append(now)
    return out


def rate_for(currency: str, day: Any, desk: Desk) -> Decimal:
    """How many of the employer's currency one of that was on a day; 0 where finance has set no rate."""
    if currency == desk.currency:
        return Decimal(1)
    return rate_of(desk.table(Rate, on=day), currency, own=desk.currency)


def by_table(values: Mapping[str, Any], desk: Desk) -> Decimal | None:
    """What a line comes to by the tables of its day; None where its category has none, or a row or value is missing."""
    day = values.get("date") or desk.today
    country = str(values.get("country") or "")
    match values.get("category"):
        case Category.MILEAGE if values.get("distance"):
            vehicle = str(values.get("vehicle") or Vehicle.CAR)
            rows, words = desk.table(Mileage, on=day), {"vehicle": vehicle, "country": country}
            return allowances.driven(rows, values["distance"], **words, currency=desk.currency)
        case Category.PER_DIEM:
            trip = None if missing_for_table(values) else _trip(values)
            row = allowances.place(desk.table(PerDiem, on=day), country=country, city=str(values.get("city") or ""))
            return None if trip is None or row is None else allowances.per_diem(row, trip, currency=desk.currency)
        case _:
            return None


def missing_for_table(values: Mapping[str, Any]) -> Sequence[str]:
    """The fields without which a line of mileage or per diem cannot be reckoned."""
    needed = {Category.MILEAGE: ("distance",), Category.PER_DIEM: ("start", "end")}
    out = [each for each in needed.get(values.get("category", ""), ()) if values.get(each) is None]
    elsewhere = values.get("category") == Category.PER_DIEM and values.get("city") and not values.get("country")
    return [*out, "country"] if elsewhere else out


def _trip(values: Mapping[str, Any]) -> Trip | None:
    start = moment(values.get("start"), str(values.get("start_time") or ""), time.min)
    end = moment(values.get("end"), str(values.get("end_time") or ""), time(23, 59))
    if start is None or end is None or end < start:
        return None
    count = {name: int(values.get(name) or 0) for name in ("nights", "breakfasts", "lunches", "dinners")}
    return Trip(start, end, **count)
