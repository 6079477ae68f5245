"""Purchase orders: their numbers, which run by employer without gaps, and what of each line has arrived."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.people import Employer, Person
from backend.store import Base, Moment, known, now


class Order(Base):
    """What a supplier is told to deliver, under a number; a request keeps the one that it was given.

    placed_at  when the supplier was told; None while it is still to be placed
    closed  why what had not arrived is not waited for any more; empty while it is
    """

    __tablename__ = "orders"
    __table_args__ = (UniqueConstraint("employer_id", "number"),)
    request: Mapped[int] = mapped_column(ForeignKey("requests.number"), primary_key=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"))
    number: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(Moment)
    placed_at: Mapped[datetime | None] = mapped_column(Moment)
    closed: Mapped[str] = mapped_column(default="")

    @property
    def ref(self) -> str:
        return f"PO-{self.number}"


class Arrival(Base):
    """So many pieces of a line that somebody received. Several add up."""

    __tablename__ = "arrivals"
    id: Mapped[int] = mapped_column(primary_key=True)
    request: Mapped[int] = mapped_column(ForeignKey("requests.number"), index=True)
    line: Mapped[int]
    quantity: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


def of(session: Session, request: int) -> Order | None:
    """The order of a request, if it was given a number."""
    return known(session, ("order", request), of=(Order,), read=lambda: session.get(Order, request))


def number(session: Session, request: int, *, employer: Employer) -> Order:
    """Gives a request its order number, the next of the employer; one that it has already stays.

    The employer's row is locked until the transaction ends, so that numbers have no gaps and none is given twice.
    """
    known = of(session, request)
    if known is not None:
        return known
    # not FOR UPDATE: whoever writes a row that names the employer would wait for it, and it for them
    session.execute(select(Employer.id).where(Employer.id == employer.id).with_for_update(key_share=True))
    last = session.scalar(select(func.max(Order.number)).where(Order.employer_id == employer.id)) or 0
    order = Order(request=request, employer_id=employer.id, number=last + 1, made_at=now(session), closed="")
    session.add(order)
    session.flush()
    return order


def note_placed(session: Session, request: int) -> None:
    """Notes that the supplier was told."""
    order = of(session, request)
    if order is not None:
        order.placed_at = now(session)
    session.flush()


def arrived(session: Session, request: int) -> dict[int, int]:
    """How many pieces have arrived, by line."""
    sums = select(Arrival.line, func.sum(Arrival.quantity)).where(Arrival.request == request).group_by(Arrival.line)
    return {line: int(quantity) for line, quantity in session.execute(sums)}


def receive(session: Session, request: int, *, quantities: Mapping[int, int], by: Person | None, closed: str) -> None:
    """Notes what arrived, by line, and, with a reason, that no more is waited for."""
    for line, quantity in sorted(quantities.items()):
        if quantity:
            session.add(
                Arrival(request=request, line=line, quantity=quantity, at=now(session), by_id=by.id if by else None)
            )
    order = of(session, request)
    if order is not None and closed:
        order.closed = closed
    session.flush()
