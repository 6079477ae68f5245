"""The ledger of money: what requests hold back and what was spent. An entry is never changed, only countered."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.people import Employer, Person
from backend.store import Amount, Base, Moment, now

HOLD, BOOKING, CORRECTION, PAYMENT = "hold", "booking", "correction", "payment"
AMOUNTS = ("amount", "original", "owed", "due")


class MoneyEntry(Base):
    """So much money that a request holds back (while it waits) or spent, in the employer's currency.

    amount    in the employer's currency
    original  in the currency that it was spent in; rate: how many of the employer's one of those was
    owed      the part that the person is to be paid back, in the employer's currency; due: in that of the spending;
              a payment takes it off again
    payee     whom it was paid to, as far as that was said
    day       the day of the spending, by which limits of a day, month or year are counted
    """

    __tablename__ = "money_entries"
    __table_args__ = (Index("money_entries_by_day", "employer_id", "day"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"))
    kind: Mapped[str]
    sort: Mapped[str]
    category: Mapped[str]
    cost_centre: Mapped[str]
    day: Mapped[date]
    amount: Mapped[Decimal] = mapped_column(Amount)
    original: Mapped[Decimal] = mapped_column(Amount)
    currency: Mapped[str]
    rate: Mapped[Decimal] = mapped_column(Amount)
    owed: Mapped[Decimal] = mapped_column(Amount)
    due: Mapped[Decimal] = mapped_column(Amount)
    payee: Mapped[str] = mapped_column(default="")
    request: Mapped[int] = mapped_column(index=True)
    line: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


@dataclass(frozen=True)
class Spent:
    """What one line of a request costs; amounts are in the employer's currency but for `original` and `due`.

    A rate of 0 is none: nobody has set one yet, and until then it costs nothing here.
    """

    amount: Decimal
    original: Decimal
    currency: str
    day: date
    rate: Decimal = Decimal(1)
    owed: Decimal = Decimal(0)
    due: Decimal = Decimal(0)
    payee: str = ""
    category: str = ""
    cost_centre: str = ""
    line: int | None = None


def enter(
    session: Session, person: Person, spent: Spent, *, kind: str, sort: str, request: int, by: Person | None
) -> None:
    """Writes one entry; the person's employer is noted with it."""
    session.add(
        MoneyEntry(
            person_id=person.id,
            employer_id=person.employer_id,
            kind=kind,
            sort=sort,
            category=spent.category,
            cost_centre=spent.cost_centre,
            day=spent.day,
            amount=spent.amount,
            original=spent.original,
            currency=spent.currency,
            rate=spent.rate,
            owed=spent.owed,
            due=spent.due,
            payee=spent.payee,
            request=request,
            line=spent.line,
            at=now(session),
            by_id=by.id if by else None,
        )
    )


def counter(session: Session, request: int, *, by: Person | None, sorts: Iterable[str] = (HOLD, BOOKING)) -> None:
    """Writes the counter-entries that bring what a request holds or spent to nothing."""
    session.flush()
    wanted = select(MoneyEntry).where(MoneyEntry.request == request, MoneyEntry.sort.in_(tuple(sorts)))
    left: dict[tuple[object, ...], list[MoneyEntry]] = {}
    for row in session.scalars(wanted.order_by(MoneyEntry.id)):
        key = (row.person_id, row.sort, row.line, row.category, row.cost_centre, row.day, row.currency, row.rate)
        left.setdefault((*key, row.payee), []).append(row)
    for entries in left.values():
        sums = {name: sum((getattr(each, name) for each in entries), Decimal(0)) for name in AMOUNTS}
        if any(sums.values()):
            first = entries[0]
            back = replace(as_spent(first), **{name: -each for name, each in sums.items()})
            person = session.get_one(Person, first.person_id)
            enter(session, person, back, kind=first.kind, sort=first.sort, request=request, by=by)
    session.flush()


def as_spent(entry: MoneyEntry) -> Spent:
    """What an entry says."""
    return Spent(**{each.name: getattr(entry, each.name) for each in fields(Spent)})


def unpriced(session: Session, *, request: int | None = None) -> list[tuple[MoneyEntry, Spent]]:
    """What was entered without a rate (by a request) and is still in force: the first entry, and what is left of it."""
    session.flush()
    wanted = select(MoneyEntry).where(MoneyEntry.rate == 0)
    if request is not None:
        wanted = wanted.where(MoneyEntry.request == request)
    rows: dict[tuple[object, ...], list[MoneyEntry]] = {}
    for row in session.scalars(wanted.order_by(MoneyEntry.id)):
        key = (row.request, row.person_id, row.sort, row.line, row.category, row.cost_centre, row.day, row.currency)
        rows.setdefault((*key, row.payee), []).append(row)
    out: list[tuple[MoneyEntry, Spent]] = []
    for same in rows.values():
        left = {name: sum((getattr(each, name) for each in same), Decimal(0)) for name in AMOUNTS}
        if left["original"]:
            out.append((same[0], replace(as_spent(same[0]), **left)))
    return out


def alike(session: Session, person: Person, spent: Spent, *, kind: str, besides: int | None = None) -> list[int]:
    """The person's requests that hold or spent the same amount on the same day at the same payee, by number."""
    session.flush()
    wanted = select(MoneyEntry).where(
        MoneyEntry.person_id == person.id,
        MoneyEntry.kind == kind,
        MoneyEntry.day == spent.day,
        MoneyEntry.currency == spent.currency,
    )
    sums: dict[tuple[int, int | None], Decimal] = {}
    for each in session.scalars(wanted):
        if each.request != besides and each.payee.casefold() == spent.payee.casefold():
            key = (each.request, each.line)
            sums[key] = sums.get(key, Decimal(0)) + each.original
    return sorted({request for (request, _), original in sums.items() if original == spent.original})


def usual_category(session: Session, person: Person, payee: str, *, kind: str) -> str | None:
    """The category in which this payee was paid most often by the person, else at their employer; None: never."""
    if not payee.strip():
        return None
    same = (MoneyEntry.kind == kind, func.lower(MoneyEntry.payee) == payee.strip().lower(), MoneyEntry.category != "")
    for whose in (MoneyEntry.person_id == person.id, MoneyEntry.employer_id == person.employer_id):
        count = func.count(MoneyEntry.request.distinct())
        wanted = select(MoneyEntry.category).where(*same, whose, MoneyEntry.sort.in_((HOLD, BOOKING)))
        found = session.scalar(wanted.group_by(MoneyEntry.category).order_by(count.desc(), MoneyEntry.category))
        if found is not None:
            return found
    return None


def entries(
    session: Session,
    *,
    employer: Employer,
    start: date,
    end: date,
    kind: str | None = None,
    person: Person | None = None,
    category: str | None = None,
    cost_centre: str | None = None,
    besides: int | None = None,
) -> list[MoneyEntry]:
    """The entries of an employer with a day from start to end, inclusive; `besides` leaves one request out."""
    session.flush()
    wanted = select(MoneyEntry).where(
        MoneyEntry.employer_id == employer.id, MoneyEntry.day >= start, MoneyEntry.day <= end
    )
    if kind is not None:
        wanted = wanted.where(MoneyEntry.kind == kind)
    if person is not None:
        wanted = wanted.where(MoneyEntry.person_id == person.id)
    if category is not None:
        wanted = wanted.where(MoneyEntry.category == category)
    if cost_centre is not None:
        same = (MoneyEntry.cost_centre == cost_centre, func.lower(MoneyEntry.cost_centre) == cost_centre.lower())
        wanted = wanted.where(or_(*same))
    if besides is not None:
        wanted = wanted.where(MoneyEntry.request != besides)
    return list(session.scalars(wanted.order_by(MoneyEntry.id)))


def pay(session: Session, request: int, *, by: Person | None) -> Decimal:
    """Notes that what a request owes was paid. Returns how much that was, in the employer's currency."""
    paid = Decimal(0)
    left: dict[tuple[int | None, str], list[MoneyEntry]] = {}
    for each in of_request(session, request):
        if each.sort in (BOOKING, PAYMENT):
            left.setdefault((each.line, each.category), []).append(each)
    for entries in left.values():
        owed, first = sum((each.owed for each in entries), Decimal(0)), entries[0]
        if owed:
            paid += owed
            nothing = replace(as_spent(first), amount=Decimal(0), original=Decimal(0), due=Decimal(0), rate=Decimal(1))
            person = session.get_one(Person, first.person_id)
            enter(session, person, replace(nothing, owed=-owed), kind=first.kind, sort=PAYMENT, request=request, by=by)
    session.flush()
    return paid


def of_request(session: Session, request: int) -> list[MoneyEntry]:
    """Every entry of a request, in the order they were written."""
    session.flush()
    return list(session.scalars(select(MoneyEntry).where(MoneyEntry.request == request).order_by(MoneyEntry.id)))
