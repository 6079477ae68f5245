"""Papers: the files that come with an approved request, made when somebody who may see it opens them."""

import re

from sqlalchemy.orm import Session

from backend import payment_files, payments, requests, steps
from backend.kinds import Paper, kinds_of
from backend.payments import Payment
from backend.people import Person
from backend.refusals import Refusal
from backend.requests import APPROVED, DONE, RECORDED, Request

NO_REQUEST = 0
"""In the address of a paper: it is of no request, but of a payment."""

GIVEN = frozenset({APPROVED, RECORDED, DONE})
"""The states in which there are papers."""


def of(request: Request, session: Session, *, reader: Person) -> list[Paper]:
    """The papers of a request that this person may open; none before it is approved."""
    if request.state not in GIVEN or not steps.may_see(session, request, reader):
        return []
    kind = kinds_of(session)[request.kind]
    return kind.papers(*requests.forms_of(kind, request), requests.desk_of(session, request, by=None))


def find(session: Session, number: int, name: str, *, reader: Person) -> Paper:
    """The paper of a request by its name; a Refusal if there is none that this person may open.

    number  of the request; 0 for the file of a payment
    """
    if number == NO_REQUEST and (paper := _of_payment(session, name, reader)) is not None:
        return paper
    request = requests.get(session, number)
    for each in of(request, session, reader=reader) if request else ():
        if each.name == name:
            return each
    raise Refusal("There is no such file here: open the request's card again and use its link.")


def payment_link(name: str) -> str:
    """The address of a payment's file, below that of the web chat."""
    return f"papers/{NO_REQUEST}/{name}"


def _of_payment(session: Session, name: str, reader: Person) -> Paper | None:
    """A file of a payment, made now; None if there is none for this person."""
    found = re.fullmatch(r"PAY-(\d{1,9})\.(csv|xml)", name)
    payment = session.get(Payment, int(found[1])) if found else None
    if found is None or payment is None or not payments.may_see(session, payment, reader):
        return None
    bank = found[2] == "xml"
    content = payment_files.as_sepa(session, payment) if bank else payment_files.as_csv(session, payment)
    return Paper(name, payment.ref, "application/xml" if bank else "text/csv", lambda: content)


def link(request: Request, paper: Paper) -> str:
    """The address of a paper, below that of the web chat."""
    return f"papers/{request.number}/{paper.name}"
