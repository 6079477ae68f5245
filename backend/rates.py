"""Exchange rates as finance loads them, and what was booked while there was none."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, ClassVar

from babel.numbers import get_currency_precision
from sqlalchemy.orm import Session

from backend import events, spending, tables
from backend.forms import blank
from backend.people import Employer, Person

NAME = "rates"
"""The table that kinds with money in several currencies name in their `tables`."""

UNKNOWN = Decimal(0)
"""The rate of a currency that finance has set none for: what is in it counts as nothing until there is one."""

UNPRICED = Decimal(10) ** 12
"""What a request counts as for its route while a rate is missing: more than any limit, so that nobody is left out."""


class Rate(tables.Row):
    """What one of a currency is in the employer's, from a day on."""

    key: ClassVar[tuple[str, ...]] = ("currency",)
    currency: str = blank("Currency", pattern="^[A-Z]{3}$")
    rate: Decimal = blank("Rate", gt=0, max_digits=14, decimal_places=6)


def places(currency: str) -> int:
    """How many decimals amounts in a currency have: two, none for the yen, three for the dinars."""
    return get_currency_precision(currency)


def rounded(amount: Decimal, currency: str) -> Decimal:
    """The amount in whole coins of its currency; half a coin goes up, as Regulation (EC) 1103/97 rounds the euro."""
    return amount.quantize(Decimal(1).scaleb(-places(currency)), rounding=ROUND_HALF_UP)


def exact(amount: Decimal | None, currency: str) -> bool:
    """Whether an amount can be paid in the coins of its currency."""
    return amount is None or amount == rounded(amount, currency)


def rate_of(rows: Iterable[Rate], currency: str, *, own: str) -> Decimal:
    """How many of the employer's currency one of that is; 0 where no row says so."""
    if currency == own:
        return Decimal(1)
    return next((each.rate for each in rows if each.currency == currency), UNKNOWN)


def price(
    session: Session,
    *,
    by: Person | None,
    request: int | None = None,
    said: Mapping[str, Decimal] | None = None,
) -> list[int]:
    """Prices what was entered without a rate, where there is one now. Returns the numbers of those requests.

    request  that one alone; said: rates by currency, for where the table has none
    The entry without a rate is countered, and one with the rate of its day takes its place.
    """
    done: set[int] = set()
    for entry, old in spending.unpriced(session, request=request):
        employer = session.get_one(Employer, entry.employer_id)
        rate = _on(session, employer, entry.currency, entry.day) or (said or {}).get(entry.currency, UNKNOWN)
        if rate == UNKNOWN:
            continue
        person = session.get_one(Person, entry.person_id)
        words: dict[str, Any] = {"kind": entry.kind, "sort": entry.sort, "request": entry.request, "by": by}
        spending.enter(session, person, replace(old, original=-old.original, due=-old.due), **words)
        amount, owed = (rounded(each * rate, employer.currency) for each in (old.original, old.due))
        priced = replace(old, rate=rate, amount=amount, owed=owed)
        spending.enter(session, person, priced, **words)
        done.add(entry.request)
        events.record(
            session,
            "money.priced",
            by=by,
            subject=f"request:{entry.request}",
            about=(person,),
            detail={"number": entry.request, "line": entry.line, "currency": entry.currency, "rate": rate},
        )
    session.flush()
    return sorted(done)


def _on(session: Session, employer: Employer, currency: str, day: date) -> Decimal:
    rows = tables.rows(session, NAME, Rate, employer=employer, on=day)
    return rate_of(rows, currency, own=employer.currency)
