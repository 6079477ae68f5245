"""What we hold about somebody, in one document: the answer to "what do you hold about me?"."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Table, or_, select
from sqlalchemy.orm import Session

from backend import requests, trail
from backend.people import Person
from backend.requests import Line, Opinion, Request, Step
from backend.store import Base, now

SECRET = ("token", "token_hash", "csrf", "salt")
"""Columns that open doors; they are in no export."""

TWO_SIDED = frozenset(
    {"stand_ins.stand_in_id", "assistants.assistant_id", "opinions.by_id", "opinions.for_id", "steps.owner_id"}
)
"""References by which a row is about this person as much as about another: it is given whole."""


def of(session: Session, person: Person) -> dict[str, Any]:
    """Everything that is held about a person, as one JSON document.

    Every table that refers to people is looked through, so none is forgotten. A row that is about somebody else,
    in which this person only acted, is counted under `acted_in` and not shown: it belongs to the other.
    """
    held: dict[str, Any] = {}
    acted: dict[str, int] = {}
    for table, own, others in about_people():
        if table.name == Person.__tablename__:
            continue
        rows = _rows(session, table, own, person) if own else []
        held[table.name] = rows
        for column in others:
            count = len(_rows(session, table, [column], person))
            if count:
                acted[f"{table.name}.{column}"] = count
    held[Request.__tablename__] = [_request(session, each) for each in _own_requests(session, person)]
    return {
        "about": "what Backdesk holds about one person",
        "made_at": now(session).isoformat(),
        "person": {
            **_document(_columns(session, Person.__table__, person.id)),
            "manager": person.manager.handle if person.manager else None,
            "employer": person.employer.name,
            "place": person.place.name,
        },
        "held": held,
        "events": [each.as_doc() for each in trail.entries(session, about=person.handle)],
        "acted_in": acted,
    }


def about_people() -> Iterator[tuple[Table, list[str], list[str]]]:
    """Every table that refers to people: (table, columns that make a row theirs, columns by which they only acted)."""
    for table in Base.metadata.sorted_tables:
        columns = [
            column.name
            for column in table.columns
            if any(key.column.table.name == Person.__tablename__ for key in column.foreign_keys)
        ]
        if columns:
            own = [each for each in columns if each == "person_id" or f"{table.name}.{each}" in TWO_SIDED]
            yield table, own, [each for each in columns if each not in own]


def _rows(session: Session, table: Table, columns: list[str], person: Person) -> list[dict[str, Any]]:
    wanted = select(table).where(or_(*(table.c[each] == person.id for each in columns)))
    found = session.execute(wanted.order_by(*table.primary_key.columns)).mappings()
    return [_document(row) for row in found]


def _columns(session: Session, table: Any, key: int) -> Mapping[Any, Any]:
    return session.execute(select(table).where(table.c.id == key)).mappings().one()


def _own_requests(session: Session, person: Person) -> list[Request]:
    return list(session.scalars(select(Request).where(Request.person_id == person.id).order_by(Request.number)))


def _request(session: Session, request: Request) -> dict[str, Any]:
    """A request with its lines, steps and what was said to them; others are named by handle."""
    return {
        **_document({column.name: getattr(request, column.name) for column in Request.__table__.columns}),
        "ref": requests.ref(session, request),
        "lines": [_line(each) for each in request.lines],
        "steps": [_step(session, each) for each in request.steps],
    }


def _line(line: Line) -> dict[str, Any]:
    return _document({column.name: getattr(line, column.name) for column in Line.__table__.columns})


def _step(session: Session, step: Step) -> dict[str, Any]:
    return {
        **_document({column.name: getattr(step, column.name) for column in Step.__table__.columns}),
        "opinions": [_opinion(session, each) for each in step.opinions],
    }


def _opinion(session: Session, opinion: Opinion) -> dict[str, Any]:
    by = session.get(Person, opinion.by_id)
    return {
        "by": by.handle if by else None,
        "outcome": opinion.outcome,
        "comment": opinion.comment,
        "at": opinion.at.isoformat(),
    }


def _document(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name): _plain(value) for name, value in row.items() if name not in SECRET}


def _plain(value: Any) -> Any:
    match value:
        case Decimal():
            return f"{value.normalize():f}"
        case datetime() | date():
            return value.isoformat()
        case bytes():
            return value.hex()
        case _:
            return value
