"""Payments: what is owed to people, taken into one batch, written into one file for the bank, and marked paid once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from pydantic import field_validator
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from backend import events, owing, people, requests, steps, tables
from backend.forms import blank
from backend.kinds import Sort
from backend.people import Employer, Person
from backend.refusals import Already, Refusal
from backend.requests import Request, Step
from backend.store import Amount, Base, Moment, now

NOTHING = Decimal(0)
OPEN, PAID, DROPPED = "open", "paid", "dropped"
PAY = "pay"
"""The label of the work that a payment does."""
ACCOUNTS = "accounts"
"""The table of bank accounts that finance loads."""


class BankAccount(tables.Row):
    """Where somebody is paid; without a person, the account of the employer that the row is for."""

    key: ClassVar[tuple[str, ...]] = ("person",)
    person: str = blank("Person", default="")
    iban: str = blank("IBAN", min_length=15, max_length=42)
    bic: str = blank("BIC", default="", pattern="^([A-Z]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?)?$")

    @field_validator("iban", mode="after")
    @classmethod
    def _checked(cls, value: str) -> str:
        plain = "".join(value.split()).upper()
        turned = plain[4:] + plain[:4]
        if not plain.isalnum() or int("".join(str(int(each, 36)) for each in turned)) % 97 != 1:
            raise ValueError("That is no IBAN: its check digits do not fit.")
        return plain


class Payment(Base):
    """A batch: what one employer pays to its people at one time. `state` is open, paid or dropped."""

    __tablename__ = "payments"
    id: Mapped[int] = mapped_column(primary_key=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"))
    state: Mapped[str] = mapped_column(default=OPEN)
    made_at: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    items: Mapped[list["PaymentItem"]] = relationship(order_by="PaymentItem.id")

    @property
    def ref(self) -> str:
        return f"PAY-{self.id}"

    @property
    def total(self) -> Decimal:
        """In the employer's currency."""
        return sum((each.amount for each in self.items), Decimal(0))


class PaymentItem(Base):
    """What one person gets for one request, in the employer's currency; `left_out`: why it was not paid after all."""

    __tablename__ = "payment_items"
    id: Mapped[int] = mapped_column(primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payments.id"), index=True)
    request: Mapped[int] = mapped_column(ForeignKey("requests.number"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    amount: Mapped[Decimal] = mapped_column(Amount)
    left_out: Mapped[str] = mapped_column(default="")


@dataclass(frozen=True)
class Payable:
    """One person's share of a batch, and where it goes; no account where finance has loaded none."""

    person: Person
    amount: Decimal
    refs: tuple[str, ...]
    account: BankAccount | None


def payable(session: Session, person: Person) -> dict[int, list[tuple[Request, Decimal]]]:
    """What this person may pay now, by whom it is owed to: approved, not paid, and in no open batch."""
    taken = select(PaymentItem.request).join(Payment, Payment.id == PaymentItem.payment_id)
    busy = set(session.scalars(taken.where(Payment.state == OPEN)))
    out: dict[int, list[tuple[Request, Decimal]]] = {}
    for each in owing.owed(session):
        if each.employer.id != person.employer_id:
            continue
        for number, amount in each.by_request.items():
            request = session.get_one(Request, number)
            if number not in busy and amount > 0 and step_of(session, request, person) is not None:
                out.setdefault(each.person.id, []).append((request, amount))
    return out


def step_of(session: Session, request: Request, person: Person) -> Step | None:
    """The open work of paying a request, where it is this person's to do."""
    for step in request.steps:
        mine = step.state == "open" and step.sort == Sort.WORK and step.label == PAY
        if mine and steps.may_take(session, step, person)[0]:
            return step
    return None


def make(session: Session, *, by: Person) -> Payment:
    """Takes all that may be paid now into one batch; a Refusal if there is nothing."""
    session.execute(select(Employer.id).where(Employer.id == by.employer_id).with_for_update(key_share=True))
    found = payable(session, by)
    if not found:
        raise Refusal("There is nothing to pay back now.")
    payment = Payment(employer_id=by.employer_id, made_at=now(session), by_id=by.id)
    session.add(payment)
    session.flush()
    for person_id, rows in found.items():
        for request, amount in rows:
            item = PaymentItem(payment_id=payment.id, request=request.number, person_id=person_id, amount=amount)
            payment.items.append(item)
    session.flush()
    _record(session, payment, "payment.made", by=by)
    return payment


def pay(payment: Payment, session: Session, *, by: Person) -> list[PaymentItem]:
    """Marks everything in a batch as paid, once. Returns what was left out, since it is owed no more as it was."""
    payment = _locked(session, payment, by=by)
    left_out: list[PaymentItem] = []
    for item in payment.items:
        request = requests.lock(session, item.request)
        step, owed = step_of(session, request, by), _owed(session, item)
        if step is None or owed != item.amount:
            item.left_out = "changed"
            left_out.append(item)
        else:
            steps.finish(step, session, by=by)
    payment.state, payment.closed_at = PAID, now(session)
    session.flush()
    _record(session, payment, "payment.paid", by=by)
    return left_out


def drop(payment: Payment, session: Session, *, by: Person) -> None:
    """Gives a batch up; what was in it waits to be paid as before."""
    payment = _locked(session, payment, by=by)
    payment.state, payment.closed_at = DROPPED, now(session)
    session.flush()
    _record(session, payment, "payment.dropped", by=by)


def may_see(session: Session, payment: Payment, person: Person) -> bool:
    """Finance of the employer, and nobody else: a batch says what everybody gets."""
    return person.employer_id == payment.employer_id and people.has_role(person, "finance")


def shares(session: Session, payment: Payment) -> list[Payable]:
    """What each person gets, by their names; what was left out is not in it."""
    employer = session.get_one(Employer, payment.employer_id)
    accounts = _accounts(session, employer)
    held: dict[int, list[PaymentItem]] = {}
    for each in payment.items:
        if not each.left_out:
            held.setdefault(each.person_id, []).append(each)
    out: list[Payable] = []
    for person_id, items in held.items():
        person = session.get_one(Person, person_id)
        refs = tuple(requests.ref(session, session.get_one(Request, each.request)) for each in items)
        amount = sum((each.amount for each in items), Decimal(0))
        out.append(Payable(person, amount, refs, accounts.get(person.handle)))
    return sorted(out, key=lambda each: each.person.name)


def own_account(session: Session, employer: Employer) -> BankAccount | None:
    """The account that an employer pays from."""
    return _accounts(session, employer).get("")


def _accounts(session: Session, employer: Employer) -> Mapping[str, BankAccount]:
    found = tables.rows(session, ACCOUNTS, BankAccount, employer=employer, on=now(session).date())
    return {each.person: each for each in found}


def _owed(session: Session, item: PaymentItem) -> Decimal:
    found = owing.owed(session, person=session.get_one(Person, item.person_id))
    return sum((each.by_request.get(item.request, Decimal(0)) for each in found), Decimal(0))


def _locked(session: Session, payment: Payment, *, by: Person) -> Payment:
    locked = select(Payment).where(Payment.id == payment.id).with_for_update().execution_options(populate_existing=True)
    payment = session.scalars(locked).one()
    if not may_see(session, payment, by):
        raise Refusal("Payments are for finance.")
    if payment.state != OPEN:
        text = "{ref} was already paid." if payment.state == PAID else "{ref} was given up."
        raise Already(text, ref=payment.ref)
    return payment


def _record(session: Session, payment: Payment, kind: str, *, by: Person) -> None:
    detail = {
        "ref": payment.ref,
        "requests": [each.request for each in payment.items if not each.left_out],
        "left_out": [each.request for each in payment.items if each.left_out],
        "total": sum((each.amount for each in payment.items if not each.left_out), Decimal(0)),
    }
    about = tuple({each.person_id: session.get_one(Person, each.person_id) for each in payment.items}.values())
    events.record(session, kind, by=by, subject=f"payment:{payment.id}", about=about, detail=detail)
