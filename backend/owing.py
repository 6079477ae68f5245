"""What the company owes to whom: approved, spent with people's own money, and not paid yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.people import Employer, Person
from backend.requests import DONE, Request
from backend.spending import BOOKING, PAYMENT, MoneyEntry


@dataclass(frozen=True)
class Owed:
    """What one person is to be paid, in the employer's currency, and for which requests how much."""

    person: Person
    employer: Employer
    amount: Decimal
    by_request: Mapping[int, Decimal]

    @property
    def requests(self) -> tuple[int, ...]:
        """The numbers of those requests."""
        return tuple(self.by_request)


def owed(session: Session, *, person: Person | None = None) -> list[Owed]:
    """What is owed to each person (or to one), by their names; who is owed nothing is left out."""
    session.flush()
    wanted = (
        select(MoneyEntry)
        .join(Request, Request.number == MoneyEntry.request)
        .where(MoneyEntry.sort.in_((BOOKING, PAYMENT)), Request.state != DONE)
        .order_by(MoneyEntry.id)
    )
    if person is not None:
        wanted = wanted.where(MoneyEntry.person_id == person.id)
    sums: dict[tuple[int, int], dict[int, Decimal]] = {}
    for each in session.scalars(wanted):
        of_request = sums.setdefault((each.person_id, each.employer_id), {})
        of_request[each.request] = of_request.get(each.request, Decimal(0)) + each.owed
    out = [
        Owed(
            person=session.get_one(Person, person_id),
            employer=session.get_one(Employer, employer_id),
            amount=sum(by_request.values(), Decimal(0)),
            by_request={number: amount for number, amount in by_request.items() if amount},
        )
        for (person_id, employer_id), by_request in sums.items()
    ]
    return sorted((each for each in out if each.amount), key=lambda each: (each.person.name, each.employer.name))
