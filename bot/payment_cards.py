"""The cards of what finance pays back: the list of what is owed, and a batch with its files."""

from sqlalchemy.orm import Session

from backend import papers, payments, requests
from backend.payments import Payment
from backend.people import Employer, Person
from backend.words import Money, say
from bot.message import Button, Card, Paper
from bot.offered import button

SHOWN = 20
"""People whom a card names; of the others it says how many there are."""


def owed_card(session: Session, person: Person) -> Card:
    """What this person may pay back now, a line for each colleague, and the button that takes it all into one batch."""
    language, currency = person.language, person.employer.currency
    found = payments.payable(session, person)
    rows: list[tuple[str, str]] = []
    total = sum((amount for each in found.values() for _, amount in each), start=payments.NOTHING)
    for person_id, owed in list(found.items())[:SHOWN]:
        refs = ", ".join(requests.ref(session, request) for request, _ in owed)
        amount = Money(sum((each for _, each in owed), start=payments.NOTHING), currency)
        rows.append((session.get_one(Person, person_id).name, f"{amount.said_in(language)} ({refs})"))
    if len(found) > SHOWN:
        rows.append((say(language, "and {count} more", count=len(found) - SHOWN), ""))
    subject = f"owed:{person.id}"
    label = say(language, "Take into one payment")
    made = (button(session, person, verb="make_payment", subject=subject, label=label, style="primary"),)
    return Card(
        kind="payment",
        subject=subject,
        state=requests.PENDING if found else requests.DONE,
        title=say(language, "To be paid back"),
        summary=Money(total, currency).said_in(language),
        facts=tuple(rows),
        buttons=made if found else (),
    )


def payment_card(session: Session, payment: Payment, person: Person) -> Card | None:
    """A batch as finance sees it; None for anybody else."""
    if not payments.may_see(session, payment, person):
        return None
    language = person.language
    currency = session.get_one(Employer, payment.employer_id).currency
    shares = payments.shares(session, payment)
    rows: list[tuple[str, str]] = []
    for each in shares[:SHOWN]:
        text = f"{Money(each.amount, currency).said_in(language)} ({', '.join(each.refs)})"
        rows.append((each.person.name, text if each.account else f"{text} · {say(language, 'no IBAN')}"))
    if len(shares) > SHOWN:
        rows.append((say(language, "and {count} more", count=len(shares) - SHOWN), ""))
    left = [each for each in payment.items if each.left_out]
    if left:
        refs = ", ".join(requests.ref(session, session.get_one(requests.Request, each.request)) for each in left)
        rows.append((say(language, "Left out"), refs))
    subject = f"payment:{payment.id}"
    made: list[Button] = []
    if payment.state == payments.OPEN:
        label = say(language, "Mark as paid")
        made.append(button(session, person, verb="pay", subject=subject, label=label, style="primary"))
        made.append(button(session, person, verb="drop_payment", subject=subject, label=say(language, "Give up")))
    total = Money(sum((each.amount for each in shares), start=payments.NOTHING), currency)
    return Card(
        kind="payment",
        subject=subject,
        ref=payment.ref,
        state={payments.OPEN: requests.PENDING, payments.PAID: "paid"}.get(payment.state, "discarded"),
        title=say(language, "Payment"),
        summary=total.said_in(language),
        facts=tuple(rows),
        buttons=tuple(made),
        papers=files_of(payment, language) if payment.state != payments.DROPPED else (),
    )


def files_of(payment: Payment, language: str) -> tuple[Paper, ...]:
    """The files of a batch, as links below the web chat."""
    names = ((f"{payment.ref}.csv", say(language, "List")), (f"{payment.ref}.xml", say(language, "SEPA file")))
    return tuple(Paper(name, title, papers.payment_link(name)) for name, title in names)
