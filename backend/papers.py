"""Papers: the files that come with an approved request, made when somebody who may see it opens them."""

from sqlalchemy.orm import Session

from backend import requests, steps
from backend.kinds import Paper, kinds_of
from backend.people import Person
from backend.refusals import Refusal
from backend.requests import APPROVED, DONE, RECORDED, Request

GIVEN = frozenset({APPROVED, RECORDED, DONE})
"""The states in which there are papers."""


def of(request: Request, session: Session, *, reader: Person) -> list[Paper]:
    """The papers of a request that this person may open; none before it is approved."""
    if request.state not in GIVEN or not steps.may_see(session, request, reader):
        return []
    kind = kinds_of(session)[request.kind]
    return kind.papers(*requests.forms_of(kind, request), requests.desk_of(session, request, by=None))


def find(session: Session, number: int, name: str, *, reader: Person) -> Paper:
    """The paper of a request by its name; a Refusal if there is none that this person may open."""
    request = requests.get(session, number)
    for each in of(request, session, reader=reader) if request else ():
        if each.name == name:
            return each
    raise Refusal("There is no such file here: open the request's card again and use its link.")


def link(request: Request, paper: Paper) -> str:
    """The address of a paper, below that of the web chat."""
    return f"papers/{request.number}/{paper.name}"
