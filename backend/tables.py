"""Tables that finance loads: rates, allowances, budgets. Each row holds from a day on, for one employer or for all."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar, TypeVar

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend import events
from backend.forms import Form, plain, validated
from backend.people import Employer, Person
from backend.refusals import Refusal
from backend.store import Base, Doc, Moment, known, now
from backend.words import say


class Row(Form):
    """One row of a table. `key` names the fields that tell rows apart; a newer row with the same ones takes over."""

    key: ClassVar[tuple[str, ...]] = ()


R = TypeVar("R", bound=Row)
Mark = tuple[Any, ...]


class TableRow(Base):
    """A row as it was loaded: it holds from `since` until a newer one with the same key does."""

    __tablename__ = "table_rows"
    __table_args__ = (Index("table_rows_by_name", "name", "since"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employers.id"))
    since: Mapped[date]
    values: Mapped[dict[str, Any]] = mapped_column(Doc)
    loaded_at: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


def load(
    session: Session, name: str, form: type[R], rows: Sequence[Mapping[str, Any]], *, by: Person | None
) -> tuple[int, int]:
    """Adds rows, each with its `since` (a day) and, where it is for one, its `employer`. Returns (new, replaced).

    A row with the same key, day and employer as one that is here takes its place; loading twice changes nothing.
    A Refusal names the first row that cannot be used, by its number from 1, and nothing is loaded.
    """
    employers = {each.name: each.id for each in session.scalars(select(Employer))}
    read = [_read(form, each, employers, name=name, number=number) for number, each in enumerate(rows, start=1)]
    here = {_mark(form, each.values, each.since, each.employer_id): each for each in _rows(session, name)}
    seen: dict[Mark, int] = {}
    added = replaced = 0
    for number, (since, employer_id, values) in enumerate(read, start=1):
        mark = _mark(form, values, since, employer_id)
        if mark in seen:
            problem = say("en", "it is for the same as row {other}", other=seen[mark])
            raise Refusal("Row {number} of {name}: {problem}", number=number, name=name, problem=problem)
        seen[mark] = number
        old = here.get(mark)
        if old is not None and old.values == values:
            continue
        replaced, added = (replaced + 1, added) if old is not None else (replaced, added + 1)
        row = old or TableRow(name=name, employer_id=employer_id, since=since)
        row.values, row.loaded_at, row.by_id = values, now(session), by.id if by else None
        session.add(row)
    session.flush()
    if added or replaced:
        events.record(
            session,
            "table.loaded",
            by=by,
            subject=f"table:{name}",
            detail={"name": name, "rows": len(rows), "new": added, "replaced": replaced},
        )
    return added, replaced


def held(session: Session, name: str) -> list[TableRow]:
    """Every row of a table that was ever loaded and not replaced, the oldest day first."""
    return _rows(session, name)


def rows(session: Session, name: str, form: type[R], *, employer: Employer, on: date) -> list[R]:
    """The rows that hold for an employer on a day; the employer's own before those for all."""
    best: dict[tuple[Any, ...], TableRow] = {}
    for each in _rows(session, name):
        if each.since > on or each.employer_id not in (None, employer.id):
            continue
        mark = tuple(each.values.get(key) for key in form.key)
        old = best.get(mark)
        if old is None or _rank(each) > _rank(old):
            best[mark] = each
    return [form.model_validate(each.values) for each in best.values()]


def _read(
    form: type[R], row: Mapping[str, Any], employers: Mapping[str, int], *, name: str, number: int
) -> tuple[date, int | None, dict[str, Any]]:
    try:
        values = validated(form, {key: value for key, value in row.items() if key not in ("since", "employer")})
        since = date.fromisoformat(str(row.get("since") or ""))
    except (Refusal, ValueError) as error:
        problem = error if isinstance(error, Refusal) else "since is missing, or no day such as 2026-01-31"
        raise Refusal("Row {number} of {name}: {problem}", number=number, name=name, problem=str(problem)) from error
    employer = str(row.get("employer") or "").strip()
    if employer and employer not in employers:
        problem = f"employer '{employer}' is not one of {', '.join(employers)}"
        raise Refusal("Row {number} of {name}: {problem}", number=number, name=name, problem=problem)
    return since, employers.get(employer), plain(values.model_dump(exclude_none=True))


def _mark(form: type[Row], values: Mapping[str, Any], since: date, employer_id: int | None) -> Mark:
    return (since, employer_id, *(values.get(key) for key in form.key))


def _rank(row: TableRow) -> tuple[bool, date]:
    return row.employer_id is not None, row.since


def _rows(session: Session, name: str) -> list[TableRow]:

    def read() -> list[TableRow]:
        wanted = select(TableRow).where(TableRow.name == name)
        return list(session.scalars(wanted.order_by(TableRow.since, TableRow.id)))

    return list(known(session, ("table", name), of=(TableRow,), read=read))
