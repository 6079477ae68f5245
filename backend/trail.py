"""Reads the log: entries about a person or a request, with who did it, for whom, and the detail that is still there."""

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import IO, Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, aliased

from backend import people
from backend.cells import cell
from backend.events import Detail, Event, EventPerson
from backend.people import Company, Person
from backend.refusals import Refusal
from backend.requests import Request, Step

REFERENCE = re.compile(r"^(?:[A-Za-z]{2,4}-|#)?(\d{1,9})$")
COLUMNS = ("seq", "at", "kind", "who", "on_behalf_of", "subject", "detail", "erased", "id", "digest")


@dataclass(frozen=True)
class Entry:
    """An entry of the log as people read it.

    who     a handle; None for Backdesk itself
    detail  None once it was erased
    """

    seq: int
    id: str
    at: datetime
    kind: str
    who: str | None
    on_behalf_of: str | None
    subject: str
    detail: dict[str, Any] | None
    digest: str

    def as_doc(self) -> dict[str, Any]:
        """The entry as a JSON document."""
        return {
            "seq": self.seq,
            "at": self.at.isoformat(),
            "kind": self.kind,
            "who": self.who,
            "on_behalf_of": self.on_behalf_of,
            "subject": self.subject,
            "detail": self.detail,
            "erased": self.detail is None,
            "id": self.id,
            "digest": self.digest,
        }


def entries(
    session: Session, *, about: str | None = None, since: datetime | None = None, limit: int | None = None
) -> Iterator[Entry]:
    """The entries, oldest first; with a limit the newest so many.

    about  a request's reference (TO-12, #12, 12), or a handle or e-mail: what they did and what was about them
    A Refusal if there is no such request or person.
    """
    conditions: list[ColumnElement[bool]] = []
    if about is not None:
        conditions.append(_about(session, about))
    if since is not None:
        conditions.append(Event.at >= since)
    if limit is not None:
        newest = session.scalars(select(Event.seq).where(*conditions).order_by(Event.seq.desc()).limit(limit)).all()
        if not newest:
            return
        conditions.append(Event.seq >= newest[-1])
    who, other = aliased(Person), aliased(Person)
    wanted = (
        select(Event, who.handle, other.handle, Detail.body)
        .outerjoin(who, who.id == Event.actor_id)
        .outerjoin(other, other.id == Event.for_id)
        .outerjoin(Detail, Detail.event_seq == Event.seq)
        .where(*conditions)
        .order_by(Event.seq)
        .execution_options(yield_per=1000)
    )
    found: Any = session.execute(wanted)
    for event, handle, other_handle, body in found:
        yield Entry(
            seq=event.seq,
            id=event.id,
            at=event.at,
            kind=event.kind,
            who=handle,
            on_behalf_of=other_handle,
            subject=event.subject,
            detail=None if body is None else json.loads(body),
            digest=event.digest,
        )


def moment(session: Session, text: str) -> datetime:
    """A day (its midnight in the company's time zone) or a moment with or without its offset; a Refusal otherwise."""
    company = session.get(Company, 1)
    zone = ZoneInfo(company.timezone if company else "UTC")
    try:
        if len(text) == len("2026-11-24"):
            return datetime.combine(date.fromisoformat(text), time(), tzinfo=zone)
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refusal("{said} is no date: write 2026-11-24 or 2026-11-24T10:00.", said=text) from error
    return found if found.tzinfo else found.replace(tzinfo=zone)


def write_csv(rows: Iterator[Entry], file: IO[str]) -> int:
    """Writes entries as CSV, safe to open in a spreadsheet; returns how many."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    count = 0
    for entry in rows:
        document = entry.as_doc()
        document["detail"] = "" if entry.detail is None else json.dumps(entry.detail, ensure_ascii=False)
        document["erased"] = "yes" if entry.detail is None else "no"
        writer.writerow([cell(document[name]) for name in COLUMNS])
        count += 1
    return count


def write_jsonl(rows: Iterator[Entry], file: IO[str]) -> int:
    """Writes entries as JSON, one a line; returns how many."""
    count = 0
    for entry in rows:
        file.write(json.dumps(entry.as_doc(), ensure_ascii=False) + "\n")
        count += 1
    return count


def _about(session: Session, about: str) -> ColumnElement[bool]:
    found = REFERENCE.match(about.strip())
    if found:
        number = int(found.group(1))
        if session.get(Request, number) is None:
            raise Refusal("There is no request {number}.", number=number)
        steps = session.scalars(select(Step.id).where(Step.number == number))
        return Event.subject.in_([f"request:{number}", *(f"step:{each}" for each in steps)])
    person = people.find(session, about)
    named = select(EventPerson.event_id).where(EventPerson.person_id == person.id)
    return or_(
        Event.actor_id == person.id,
        Event.for_id == person.id,
        Event.subject == f"person:{person.id}",
        Event.id.in_(named),
    )
