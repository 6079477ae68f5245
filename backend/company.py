"""A company folder: company.toml, people.csv, policies.toml, tables, requests.jsonl, balances.jsonl, a handbook."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import (
    charter,
    day_starts,
    entitlements,
    events,
    history,
    imports,
    mistakes,
    opening,
    people,
    policies,
    roster,
    schedules,
    table_files,
)
from backend.charter import CompanyRow, EmployerRow, PlaceRow
from backend.history import BalanceRow, RequestRow
from backend.imports import Differences
from backend.kinds import Kind, kinds_of
from backend.mistakes import Names
from backend.opening import Reconciled
from backend.people import Person
from backend.refusals import Refusal

SAMPLE = Path(__file__).parent / "sample"


MOST_PROBLEMS = 40


@dataclass(frozen=True)
class Folder:
    """A company folder as read: everything in it is sound, and nothing is loaded yet.

    policies  policies.toml as written; None where there is no such file
    handbook  its documents, for the library to publish
    notes     what is worth knowing and no problem
    """

    path: Path
    company: CompanyRow
    employers: tuple[EmployerRow, ...]
    places: tuple[PlaceRow, ...]
    people: tuple[roster.Entry, ...]
    policies: dict[str, Any] | None
    requests: tuple[RequestRow, ...]
    balances: tuple[BalanceRow, ...]
    handbook: tuple[Path, ...]
    notes: tuple[str, ...]


def folder_of(name: str | Path) -> Path:
    """The folder that a name stands for: "sample" is the company that comes with Backdesk."""
    path = Path(name)
    return SAMPLE if str(name) == "sample" and not (path / "company.toml").is_file() else path


def read(
    folder: str | Path,
    *,
    kinds: Mapping[str, Kind[Any]] | None = None,
    people_file: Path | None = None,
    already: Mapping[str, str] | None = None,
    above: Mapping[str, str] | None = None,
) -> Folder:
    """Reads and checks a company folder; nothing is written anywhere.

    kinds        the kinds of request in use: with them, policies.toml and requests.jsonl are checked too
    people_file  another file in place of its people.csv
    already      handles of the people who are here, by lower-case handle and e-mail: the file may name them as managers
    above        the handles of their managers, by handle
    A Refusal lists every problem with its file and line.
    """
    path = folder_of(folder)
    if not path.is_dir():
        raise Refusal("There is no folder {folder}.", folder=path)
    problems: list[str] = []
    notes: list[str] = []
    company = charter.read(path / "company.toml", problems=problems, notes=notes)
    employers, places = charter.employers_of(company), charter.places_of(company, problems=problems)
    file = people_file or path / "people.csv"
    entries = roster.read(file, problems=problems, notes=notes, date_order=company.date_order)
    entries = roster.resolve_managers(
        entries, file=file, problems=problems, already=dict(already or {}), above=dict(above or {})
    )
    problems += unknown_names(
        entries, file=file, employers=[e.name for e in employers], places=[p.name for p in places]
    )
    handles = {key.lower(): each.handle for each in entries for key in (each.handle, each.email) if key}
    for key, handle in (already or {}).items():
        handles.setdefault(key, handle)
    problems += [
        f"company.toml [[employer]] {each.name}: owner '{each.owner}' is nobody in people.csv; write a handle"
        for each in employers
        if each.owner and each.owner.lower() not in handles
    ]
    zone = ZoneInfo(company.timezone)
    requests = history.read_requests(path / "requests.jsonl", handles=handles, zone=zone, problems=problems)
    balances = history.read_balances(path / "balances.jsonl", handles=handles, problems=problems)
    names = _names(entries, company, places)
    problems += schedules.unknown(
        path / "company.toml", company.post, handles=handles, roles=names.held, teams=names.teams, notes=notes
    )
    rules = _policies(path / "policies.toml", kinds=kinds, names=names, problems=problems, notes=notes)
    if kinds is not None:
        problems += [each for row in requests for each in history.check(row, kinds)]
    handbook = (path / company.handbook).resolve()
    refuse(problems)
    return Folder(
        path=path,
        company=company,
        employers=employers,
        places=places,
        people=tuple(entries),
        policies=rules,
        requests=tuple(requests),
        balances=tuple(balances),
        handbook=tuple(sorted(each for each in handbook.rglob("*.md") if not each.name.startswith("."))),
        notes=tuple(notes),
    )


def refuse(problems: list[str]) -> None:
    """A Refusal that lists the problems, if there are any."""
    if not problems:
        return
    shown = problems[:MOST_PROBLEMS]
    if len(problems) > len(shown):
        shown.append(f"and {len(problems) - len(shown)} more")
    listed = shown[0] if len(shown) == 1 else "\n  " + "\n  ".join(shown)
    raise Refusal("Nothing was loaded; please mend this first: {problems}", problems=listed)


def unknown_names(entries: list[roster.Entry], *, file: Path, employers: list[str], places: list[str]) -> list[str]:
    """A problem for every employer or place in people.csv that the company does not have."""
    out: list[str] = []
    for each in entries:
        for word, name, names in (("employer", each.employer, employers), ("place", each.place, places)):
            if name and name.lower() not in {known.lower() for known in names}:
                out.append(f"{file.name} line {each.line}: {word} '{name}' is not one of {', '.join(names)}")
    return out


def _policies(
    file: Path, *, kinds: Mapping[str, Kind[Any]] | None, names: Names, problems: list[str], notes: list[str]
) -> dict[str, Any] | None:
    if not file.is_file():
        notes.append("policies.toml: there is none, so the usual limits hold and managers approve")
        return None
    text, document = charter.toml(file, problems=problems)
    if document is not None and kinds is not None:
        found = policies.check(document, kinds, names=names)
        problems += [each.told(text) for each in found]
        notes += mistakes.notes(document, names, text=text) if not found else []
    return document


def _names(entries: Sequence[roster.Entry], company: CompanyRow, places: Sequence[PlaceRow]) -> Names:
    """What routes may not name, and what they have to know."""
    return Names(
        handles=frozenset(each.handle.casefold() for each in entries),
        people=frozenset(each.name.casefold() for each in entries),
        held=frozenset(role for each in entries for role in each.roles),
        places=frozenset(each.name.casefold() for each in places),
        employers=frozenset(each.name.casefold() for each in charter.employers_of(company)),
        teams=frozenset(each.team.casefold() for each in entries if each.team),
    )


@dataclass(frozen=True)
class Loaded:
    """What loading a company folder, or a people.csv, did.

    company    what changed of the company, its employers, places and policies, in words
    requests   the numbers of the requests that were brought in
    granted    how many balances got the year's days, having no opening balance
    """

    company: tuple[str, ...]
    people: Differences
    requests: tuple[int, ...]
    reconciliation: tuple[Reconciled, ...]
    granted: int
    notes: tuple[str, ...]

    @property
    def changed(self) -> bool:
        return bool(self.company or self.people.changes or self.requests or self.granted)


def load(session: Session, folder: Folder, *, by: Person | None) -> Loaded:
    """Brings a company folder into the database; what is there already stays, and loading twice changes nothing.

    The handbook is not part of it: knowledge publishes folder.handbook. A Refusal lists every problem, and then
    nothing of it may be committed.
    """
    changed = imports.bring_in_company(session, folder.company, employers=folder.employers, places=folder.places, by=by)
    kinds = kinds_of(session)
    if folder.policies is not None:
        changed += [f"policies of {name}" for name in policies.set_all(session, folder.policies, by=by, kinds=kinds)]
    problems = imports.taken(session, list(folder.people), file=folder.path / "people.csv")
    tables = table_files.bring_in(session, folder.path, kinds, by=by, problems=problems)
    changed += [f"table {name}" for name in tables]
    refuse(problems)
    differences = imports.bring_in(session, folder.people, by=by)
    changed += imports.name_owners(session, folder.employers, by=by)
    changed += schedules.set_all(session, folder.company.post, by=by)
    numbers = opening.bring_in(session, folder.requests, by=by, problems=problems)
    refuse(problems)
    return _opened(
        session,
        by=by,
        company=changed,
        people=differences,
        requests=numbers,
        balances=folder.balances,
        notes=folder.notes,
    )


def load_people(session: Session, file: Path, *, by: Person | None) -> Loaded:
    """Brings a people.csv alone into the company that is here, with the balances.jsonl beside it if there is one.

    A Refusal lists every problem, and then nothing of it may be committed.
    """
    problems: list[str] = []
    notes: list[str] = []
    entries = roster.read(file, problems=problems, notes=notes, date_order=people.company(session).date_order)
    already, above = imports.managers_here(session)
    entries = roster.resolve_managers(entries, file=file, problems=problems, already=already, above=above)
    employers, places = (
        list(session.scalars(select(row.name).order_by(row.id))) for row in (people.Employer, people.Place)
    )
    problems += unknown_names(entries, file=file, employers=employers, places=places)
    problems += imports.taken(session, entries, file=file)
    handles = {**already, **{key.lower(): each.handle for each in entries for key in (each.handle, each.email) if key}}
    balances = history.read_balances(file.parent / "balances.jsonl", handles=handles, problems=problems)
    refuse(problems)
    differences = imports.bring_in(session, entries, by=by)
    return _opened(session, by=by, company=[], people=differences, requests=[], balances=balances, notes=notes)


def _opened(
    session: Session,
    *,
    by: Person | None,
    company: Sequence[str],
    people: Differences,
    requests: Sequence[int],
    balances: Sequence[BalanceRow],
    notes: Sequence[str],
) -> Loaded:
    reconciliation = opening.open_balances(session, balances, by=by)
    loaded = Loaded(
        company=tuple(company),
        people=people,
        requests=tuple(requests),
        reconciliation=tuple(reconciliation),
        granted=entitlements.grant_due(session, by=by),
        notes=tuple(notes),
    )
    if loaded.changed:
        counts = {"people": len(people.changes), "missing": len(people.missing), "requests": len(requests)}
        events.record(session, "people.imported", by=by, subject="company:1", detail=counts)
    day_starts.watch(session)
    session.flush()
    return loaded
