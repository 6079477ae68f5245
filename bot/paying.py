"""Paying people back: what is owed taken into one batch, and the batch marked as paid, once."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from backend import payments, people, requests
from backend.payments import Payment
from backend.people import Person
from backend.refusals import Refusal
from backend.words import say
from bot.message import Intent
from bot.replies import Reply


def make(session: Session, person: Person, subject: str, values: Mapping[str, Any]) -> Reply:
    """Takes all that is owed and may be paid into one batch."""
    _must_be_finance(person)
    payment = payments.make(session, by=person)
    text = say(
        person.language,
        "{ref} is ready: open a file of it for the bank, and mark it as paid once that is done.",
        ref=payment.ref,
    )
    return Reply(text, card=f"payment:{payment.id}", instead_of=subject)


def pay(session: Session, person: Person, subject: str, values: Mapping[str, Any]) -> Reply:
    """Marks a batch as paid: everybody in it is told."""
    payment = _payment(session, subject)
    left_out = payments.pay(payment, session, by=person)
    numbers = [each.request for each in payment.items if not each.left_out]
    text = say(person.language, "{ref} is paid; everybody in it is told.", ref=payment.ref)
    if left_out:
        refs = ", ".join(requests.ref(session, session.get_one(requests.Request, each.request)) for each in left_out)
        text += " " + say(person.language, "Left out, since they are no longer owed as they were: {refs}.", refs=refs)
    return Reply(text, card=subject, committed=(Intent("payment.pay", {"request_ids": numbers}, payment.ref),))


def drop(session: Session, person: Person, subject: str, values: Mapping[str, Any]) -> Reply:
    """Gives a batch up."""
    payment = _payment(session, subject)
    payments.drop(payment, session, by=person)
    text = say(person.language, "{ref} is given up; what was in it waits to be paid as before.", ref=payment.ref)
    return Reply(text, card=subject)


def _payment(session: Session, subject: str) -> Payment:
    return session.get_one(Payment, int(subject.partition(":")[2]))


def _must_be_finance(person: Person) -> None:
    if not people.has_role(person, "finance"):
        raise Refusal("Payments are for finance.")
