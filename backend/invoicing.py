"""Orders as an invoice is matched with them: what was ordered, what of it has arrived, what was invoiced before."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import orders, people
from backend.kinds import kinds_of
from backend.orders import Order
from backend.people import Person
from backend.requests import REJECTED, WITHDRAWN, Request, forms_of

MOST = 300
"""Orders that are looked through, the newest."""


@dataclass(frozen=True)
class Ordered:
    """An order, for whoever may send its invoice.

    total     what was approved, in its currency
    invoiced  what other invoices in force come to
    missing   how many pieces have not arrived
    """

    ref: str
    request: str
    vendor: str
    currency: str
    total: Decimal
    invoiced: Decimal
    missing: int

    @property
    def left(self) -> Decimal:
        """What has not been invoiced yet."""
        return self.total - self.invoiced


def in_reach(
    session: Session, person: Person, *, kind: str, besides: int | None, number: int | None = None
) -> list[Ordered]:
    """The orders whose invoice this person may send: finance any of the employer, others what they asked for.

    kind     the kind of request that invoices are; besides: one of them is left out of what was invoiced
    number   that order alone
    """
    wanted = (
        select(Order, Request)
        .join(Request, Request.number == Order.request)
        .where(Order.employer_id == person.employer_id, Request.state.not_in((REJECTED, WITHDRAWN)))
        .order_by(Order.number.desc())
    )
    if number is not None:
        wanted = wanted.where(Order.number == number)
    if not people.has_role(person, "finance"):
        wanted = wanted.where((Request.person_id == person.id) | (Request.by_id == person.id))
    out: list[Ordered] = []
    for order, request in session.execute(wanted.limit(MOST)):
        of_kind = kinds_of(session)[request.kind]
        form, held = forms_of(of_kind, request)
        lines: list[Any] = list(held)
        arrived = orders.arrived(session, request.number)
        out.append(
            Ordered(
                ref=order.ref,
                request=f"{of_kind.prefix}-{request.number}",
                vendor=str(getattr(form, "vendor", "")),
                currency=of_kind.currency(form) or str(getattr(form, "currency", person.employer.currency)),
                total=sum((each.total for each in lines), Decimal(0)),
                invoiced=_invoiced(session, order.ref, person, kind=kind, besides=besides),
                missing=sum(max(0, each.quantity - arrived.get(each.nth or 0, 0)) for each in lines),
            )
        )
    return out


def _invoiced(session: Session, ref: str, person: Person, *, kind: str, besides: int | None) -> Decimal:
    wanted = select(Request).where(
        Request.kind == kind,
        Request.employer_id == person.employer_id,
        Request.values["order"].as_string() == ref,
        Request.state.not_in((REJECTED, WITHDRAWN)),
        Request.number != (besides or 0),
    )
    held = [Decimal(str(line.values["amount"])) for each in session.scalars(wanted) for line in each.lines]
    return sum(held, Decimal(0))
