"""Tables from files: a CSV for each, as finance keeps them; in a company folder they lie in tables/."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from backend import rates, roster, tables
from backend.forms import Form
from backend.kinds import Kind
from backend.people import Person
from backend.refusals import Refusal
from backend.tables import Row

FOLDER = "tables"
"""Where a company folder has them: tables/rates.csv, tables/per_diem.csv."""


def forms(kinds: Mapping[str, Kind[Any]]) -> dict[str, type[Form]]:
    """Every table that a kind of request looks at, by name."""
    return {name: form for kind in kinds.values() for name, form in kind.tables.items()}


def form_of(kinds: Mapping[str, Kind[Any]], name: str) -> type[Row]:
    """The form of a table's rows; a Refusal lists the tables that there are."""
    known = forms(kinds)
    form = known.get(name)
    if form is None or not issubclass(form, Row):
        raise Refusal("There is no table {name}; there are {tables}.", name=name, tables=", ".join(known))
    return form


def read(file: Path) -> list[dict[str, str]]:
    """The rows of a CSV (UTF-8; comma, semicolon or tab; its first line names the columns); a Refusal says what is not.

    Columns are the fields of the table's rows, `since` (2026-01-31) and, where a row is for one, `employer`.
    """
    problems: list[str] = []
    text = roster.text_of(file, problems=problems)
    lines = roster.csv_rows(text, file=file, problems=problems) if text is not None else []
    out: list[dict[str, str]] = []
    head = [each.strip() for each in lines[0][1]] if lines else []
    twice = [each for each in dict.fromkeys(head) if each and head.count(each) > 1]
    problems += [f"{file.name}: two columns are called '{each}'" for each in twice]
    for number, cells in lines[1:]:
        if len(cells) > len(head):
            problems.append(f"{file.name} line {number}: it has more cells than there are columns")
        out.append({name: cell.strip() for name, cell in zip(head, cells, strict=False)})
    if not lines and not problems:
        problems.append(f"{file.name}: it is empty")
    if problems:
        raise Refusal("{problems}. Nothing was loaded.", problems="; ".join(problems))
    return out


def load(
    session: Session, kinds: Mapping[str, Kind[Any]], name: str, rows: list[dict[str, str]], *, by: Person | None
) -> tuple[int, int, list[int]]:
    """Loads a table, and prices what waited for its rates. Returns (new, replaced, requests that were priced)."""
    added, replaced = tables.load(session, name, form_of(kinds, name), rows, by=by)
    return added, replaced, rates.price(session, by=by) if name == rates.NAME else []


def bring_in(
    session: Session, folder: Path, kinds: Mapping[str, Kind[Any]], *, by: Person | None, problems: list[str]
) -> list[str]:
    """Loads the tables of a company folder. Returns the names of those that changed; what is wrong is a problem."""
    changed: list[str] = []
    for file in sorted((folder / FOLDER).glob("*.csv")):
        try:
            added, replaced, _ = load(session, kinds, file.stem, read(file), by=by)
        except Refusal as refusal:
            problems.append(f"{FOLDER}/{file.name}: {refusal}")
        else:
            changed += [file.stem] if added or replaced else []
    return changed
