"""Tables that finance loads: rates, allowances, budgets. Each row holds from a day on, for one employer or for all."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar, TypeVar

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend import events
from backend.kinds import Form, plain, validated
from backend.people import Employer, Person
from backend.refusals import Refusal
from backend.store import Base, Doc, Moment, now
from backend.words import Title


class Row(Form):
    """One row of a table. `key` names the fields that tell rows apart; a newer row with the same ones takes over."""

    key: ClassVar[tuple[str, ...]] = ()


R = TypeVar("R", bound=Row)


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

    A row with the same key, day and employer as an earlier one takes its place. A Refusal names the first row that
    cannot be read, by its number, and nothing is loaded.
    """
    known = {each.name: each.id for each in session.scalars(select(Employer))}
    added = replaced = 0
    for number, each in enumerate(rows, start=1):
        values = {key: value for key, value in each.items() if key not in ("since", "employer")}
        try:
            row = validated(form, values)
            since = date.fromisoformat(str(each.get("since") or ""))
        except (Refusal, ValueError) as error:
            problem = str(error) if isinstance(error, Refusal) else "since is missing or no day (2026-01-31)"
            raise Refusal("Row {number} of {name}: {problem}", number=number, name=name, problem=problem) from error
        employer = str(each.get("employer") or "")
        if employer and employer not in known:
            raise Refusal("Row {number} of {name}: {problem}", number=number, name=name, problem=Title(employer))
        kept = plain(row.model_dump(exclude_none=True))
        mark = tuple(kept.get(key) for key in form.key)
        same = [
            old
            for old in _rows(session, name)
            if old.since == since
            and old.employer_id == known.get(employer)
            and tuple(old.values.get(key) for key in form.key) == mark
        ]
        if same:
            replaced += same[0].values != kept
            same[0].values, same[0].loaded_at, same[0].by_id = kept, now(session), by.id if by else None
        else:
            added += 1
            session.add(
                TableRow(
                    name=name,
                    employer_id=known.get(employer),
                    since=since,
                    values=kept,
                    loaded_at=now(session),
                    by_id=by.id if by else None,
                )
            )
            session.flush()
    events.record(
        session,
        "table.loaded",
        by=by,
        subject=f"table:{name}",
        detail={"name": name, "rows": len(rows), "new": added, "replaced": replaced},
    )
    return added, replaced


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


def _rank(row: TableRow) -> tuple[bool, date]:
    return row.employer_id is not None, row.since


def _rows(session: Session, name: str) -> list[TableRow]:
    return list(session.scalars(select(TableRow).where(TableRow.name == name).order_by(TableRow.since, TableRow.id)))
