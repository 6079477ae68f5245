"""Opens the books: requests from before keep their numbers, and balances start at what is free on a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import events, filing, leave, people, requests
from backend.desk import Desk
from backend.forms import Widget
from backend.history import BalanceRow, RequestRow
from backend.kinds import Kind, kinds_of
from backend.leave import OPENING, LeaveEntry
from backend.people import Person
from backend.refusals import Refusal
from backend.requests import Request
from backend.store import now


@dataclass(frozen=True)
class Reconciled:
    """A line of the reconciliation: what the file says is free on the day, what the ledger says, in days."""

    handle: str
    name: str
    leave_type: str
    as_of: date
    file_says: Decimal
    ledger_says: Decimal

    @property
    def difference(self) -> Decimal:
        return self.ledger_says - self.file_says


def bring_in(session: Session, rows: Sequence[RequestRow], *, by: Person | None, problems: list[str]) -> list[int]:
    """Makes the requests that are not here yet. Returns their numbers.

    Those that wait go through the engine: steps, timers and holds as if sent now, save the day they were made.
    Those that were decided are written as they are; leave that is not over is booked. What cannot be made is
    added to `problems`: the caller must not commit then.
    """
    here = {each.number: each for each in session.scalars(select(Request))}
    by_handle = {each.handle: each for each in session.scalars(select(Person))}
    made: list[int] = []
    for row in rows:
        person = by_handle[row.by]
        known = here.get(row.number)
        if known is not None:
            if (known.kind, known.person_id) != (row.kind, person.id):
                problems.append(f"requests.jsonl line {row.line}: number {row.number} belongs to another request here")
            continue
        try:
            _make(session, row, person=person, by=by)
            made.append(row.number)
        except Refusal as refusal:
            problems.append(f"requests.jsonl line {row.line}: {refusal}")
    company = people.company(session)
    company.last_number = max([company.last_number, *(row.number for row in rows)])
    session.flush()
    return made


def open_balances(session: Session, rows: Sequence[BalanceRow], *, by: Person | None) -> list[Reconciled]:
    """Writes an opening entry for every balance that has none, so that what is free is what the file says.

    Requests in the books already, booked or waiting, are counted as part of that figure. A balance that was
    opened before stays as it is, and the difference shows.
    """
    sums, opened = _ledger(session)
    by_handle = {each.handle: each for each in session.scalars(select(Person))}
    out: list[Reconciled] = []
    told: dict[Person, dict[str, str]] = {}
    for row in rows:
        if row.days is None:
            continue
        person = by_handle[row.who]
        key = (person.id, row.leave_type)
        says = opened.get(key)
        if says is None:
            missing = row.days - sums.get(key, Decimal(0))
            leave.enter(session, person, leave_type=row.leave_type, sort=OPENING, days=missing, by=by, day=row.as_of)
            told.setdefault(person, {})[row.leave_type] = f"{row.days} as of {row.as_of.isoformat()}"
            says = row.days
        out.append(
            Reconciled(
                handle=person.handle,
                name=person.name,
                leave_type=row.leave_type,
                as_of=row.as_of,
                file_says=row.days,
                ledger_says=says,
            )
        )
    for person, days in told.items():
        _record(session, "balance.opened", person=person, by=by, detail={"days": days})
    session.flush()
    return out


def _make(session: Session, row: RequestRow, *, person: Person, by: Person | None) -> None:
    kind = kinds_of(session)[row.kind]
    made_at = row.submitted or now(session)
    values = _filled(kind, row.values, made_on=made_at.date())
    if row.status == requests.PENDING:
        request = filing.submit(
            session, kind, values=values, lines=row.lines, requester=person, by=person, number=row.number
        )
        request.made_at = made_at
        return
    form, lines = kind.whole(*kind.filled(values, row.lines, Desk(session, person, kind)))
    good = row.status in (requests.APPROVED, requests.RECORDED, requests.DONE)
    state = row.status
    if state == requests.APPROVED and not kind.asks(form, Desk(session, person, kind)):
        state = requests.RECORDED
    request = requests.write(
        session,
        kind,
        form,
        lines,
        number=row.number,
        requester=person,
        by=person,
        made_at=made_at,
        state=state,
        decided_at=row.decided or made_at,
    )
    desk = requests.desk_of(session, request, by=by)
    desk.brought_in = made_at.date()
    if good and not kind.settled(form, desk):
        kind.apply(form, lines, desk)
    events.record(
        session,
        "request.imported",
        by=by,
        subject=request.subject,
        about=(person,),
        detail={"number": row.number, "kind": kind.name, "state": state, "values": request.values},
    )


def _record(session: Session, kind: str, *, person: Person, by: Person | None, detail: Mapping[str, object]) -> None:
    events.record(session, kind, by=by, subject=f"person:{person.id}", about=(person,), detail=detail)


def _filled(kind: Kind[Any], values: Mapping[str, Any], *, made_on: date) -> dict[str, Any]:
    """The values; where the only day that the kind needs is not told, it is the day on which the request was made."""
    needed = [each.name for each in kind.sayable() if each.required and each.widget is Widget.DATE]
    if len(needed) == 1 and not values.get(needed[0]):
        return {**values, needed[0]: made_on}
    return dict(values)


def _ledger(session: Session) -> tuple[dict[tuple[int, str], Decimal], dict[tuple[int, str], Decimal]]:
    """By person and leave type: the sum of all entries, and the sum as it was when the balance was opened."""
    session.flush()
    sums: dict[tuple[int, str], Decimal] = {}
    opened: dict[tuple[int, str], Decimal] = {}
    for each in session.scalars(select(LeaveEntry).order_by(LeaveEntry.id)):
        key = (each.person_id, each.leave_type)
        sums[key] = sums.get(key, Decimal(0)) + each.days
        if each.sort == OPENING:
            opened[key] = sums[key]
    return sums, opened
