"""Brings people.csv and company.toml into the database: what would change, and then changing it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from backend import escalations, events, moves, people, roster
from backend.charter import CompanyRow, EmployerRow, PlaceRow
from backend.people import FULL_WEEK, Account, Company, Employer, LocalDay, Person, Place, Role
from backend.store import now

LINKED = ("slack", "telegram")
N = TypeVar("N", Employer, Place)
YEARS_AHEAD = 5


@dataclass(frozen=True)
class Change:
    """What the file changes about one person: `what` is new, changed or ends; fields as (column, before, after)."""

    handle: str
    name: str
    what: str
    fields: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Differences:
    """What bringing a people.csv in changed: the changes, and the handles of people whom it does not name."""

    changes: tuple[Change, ...]
    missing: tuple[str, ...]


def bring_in(session: Session, entries: Sequence[roster.Entry], *, by: Person | None) -> Differences:
    """Makes the people here as the file says, column by column; columns that it does not have stay as they are.

    Who is missing from the file is listed and left alone; only `end` ends somebody. The entries' managers,
    employers and places are names that are known (roster.resolve_managers, company.read).
    """
    before = {each.handle.lower(): each for each in _everybody_ever(session)}
    accounts = _accounts(session)
    known = {key: _cells(each, accounts.get(each.id, {})) for key, each in before.items()}
    employers = {each.name.lower(): each for each in session.scalars(select(Employer).order_by(Employer.id))}
    places = {each.name.lower(): each for each in session.scalars(select(Place).order_by(Place.id))}
    language = people.company(session).language
    here = dict(before)
    _free_emails(session, entries, here)
    for each in entries:
        person = here.get(each.handle.lower())
        if person is None:
            person = Person(handle=each.handle, name=each.name, employer=_first(employers), place=_first(places))
            person.work_week, person.language, person.team = dict(FULL_WEEK), language, ""
            session.add(person)
            here[each.handle.lower()] = person
        given = each.given
        cells = {
            "name": each.name,
            "email": each.email,
            "team": each.team,
            "employer": employers[each.employer.lower()] if each.employer else _first(employers),
            "place": places[each.place.lower()] if each.place else _first(places),
            "work_week": dict(each.work_week or FULL_WEEK),
            "start": each.start,
            "end": each.end,
            "language": each.language or language,
        }
        _set(person, {column: value for column, value in cells.items() if column in given})
        if "roles" in given:
            _set_roles(person, each.roles)
    session.flush()
    for each in entries:
        person = here[each.handle.lower()]
        if "manager" in each.given:
            _set(person, {"manager": here[each.manager.lower()] if each.manager else None})
        for channel in LINKED:
            account: str | None = getattr(each, channel)
            if account and accounts.get(person.id, {}).get(channel) != account:
                _link(session, person, channel=channel, account=account)
    session.flush()
    changes = _changes(session, entries, here=here, known=known, by=by)
    for change in changes:
        _follow(session, here[change.handle.lower()], change, by=by)
    alive = [each.handle for each in here.values() if each.erased_at is None and people.works_here(session, each)]
    return Differences(tuple(changes), tuple(roster.missing(entries, alive)))


def managers_here(session: Session) -> tuple[dict[str, str], dict[str, str]]:
    """Who is here, for roster.resolve_managers: handles by handle and e-mail, and managers' handles by handle."""
    everybody = _everybody_ever(session)
    already = {key.lower(): each.handle for each in everybody for key in (each.handle, each.email) if key}
    by_id = {each.id: each.handle for each in everybody}
    above = {each.handle: by_id[each.manager_id] for each in everybody if each.manager_id in by_id}
    return already, above


def taken(session: Session, entries: Sequence[roster.Entry], *, file: Path) -> list[str]:
    """A problem for every e-mail and account in the file that belongs to somebody here whom it does not name."""
    named = {each.handle.lower() for each in entries}
    owners: dict[tuple[str, str], str] = {}
    accounts = _accounts(session)
    for person in _everybody_ever(session):
        if person.handle.lower() not in named:
            for column, value in {"email": person.email, **accounts.get(person.id, {})}.items():
                owners[column, (value or "").lower()] = person.handle
    return [
        f"{file.name} line {each.line}: {column} '{value}' belongs to {owner} already"
        for each in entries
        for column, value in (("email", each.email), ("slack", each.slack), ("telegram", each.telegram))
        if value and (owner := owners.get((column, value.lower())))
    ]


def bring_in_company(
    session: Session,
    row: CompanyRow,
    *,
    employers: Iterable[EmployerRow],
    places: Iterable[PlaceRow],
    by: Person | None,
) -> list[str]:
    """Makes company, employers and places as company.toml says. Returns what changed, in words; nothing if nothing did.

    Employers and places that the file no longer names stay, since people and requests may belong to them.
    """
    changed: list[str] = []
    company = session.get(Company, 1)
    wanted = {
        name: getattr(row, name) for name in ("name", "timezone", "currency", "date_order", "language", "confidential")
    }
    if company is None:
        company = Company(id=1, last_number=0, **wanted)
        session.add(company)
        changed.append(f"company {row.name}")
    elif _set(company, wanted):
        changed.append(f"company {row.name}")
    for each in places:
        place = session.scalar(select(Place).where(Place.name == each.name))
        values = {name: getattr(each, name) for name in ("country", "region", "timezone", "hours")}
        if place is None:
            place = Place(name=each.name, **values)
            session.add(place)
            changed.append(f"place {each.name}")
        elif _set(place, values):
            changed.append(f"place {each.name}")
        session.flush()
        if _set_local_days(session, place, each):
            changed.append(f"days of {each.name}")
    for each in employers:
        employer = session.scalar(select(Employer).where(Employer.name == each.name))
        place = session.scalar(select(Place).where(Place.name == each.place)) if each.place else None
        values = {name: getattr(each, name) for name in ("currency", "timezone", "address", "tax_id", "confidential")}
        values["calendar_place_id"] = place.id if place else None
        if employer is None:
            session.add(Employer(name=each.name, **values))
            changed.append(f"employer {each.name}")
        elif _set(employer, values):
            changed.append(f"employer {each.name}")
    session.flush()
    if changed:
        events.record(session, "company.changed", by=by, subject="company:1", detail={"changed": changed})
        escalations.retime_all(session)
    return changed


def name_owners(session: Session, employers: Iterable[EmployerRow], *, by: Person | None) -> list[str]:
    """Makes the people whom company.toml names the owners of its employers. Returns what changed, in words."""
    changed: list[str] = []
    for each in employers:
        owner = people.find(session, each.owner) if each.owner else None
        employer = session.scalars(select(Employer).where(Employer.name == each.name)).one()
        if _set(employer, {"owner_id": owner.id if owner else None}):
            changed.append(f"owner of {each.name}")
    session.flush()
    if changed:
        events.record(session, "company.changed", by=by, subject="company:1", detail={"changed": changed})
    return changed


def _everybody_ever(session: Session) -> list[Person]:
    return list(session.scalars(select(Person).options(selectinload(Person.roles)).order_by(Person.id)))


def _accounts(session: Session) -> dict[int, dict[str, str]]:
    out: dict[int, dict[str, str]] = {}
    for each in session.scalars(select(Account).where(Account.channel.in_(LINKED))):
        out.setdefault(each.person_id, {})[each.channel] = each.account
    return out


def _cells(person: Person, accounts: dict[str, str]) -> dict[str, str]:
    return {
        "name": person.name,
        "email": person.email or "",
        "manager": person.manager.handle if person.manager else "",
        "employer": person.employer.name,
        "team": person.team,
        "place": person.place.name,
        "roles": ";".join(sorted(each.role for each in person.roles)),
        "work_week": roster.written(person.work_week),
        "start": person.start.isoformat() if person.start else "",
        "end": person.end.isoformat() if person.end else "",
        "slack": accounts.get("slack", ""),
        "telegram": accounts.get("telegram", ""),
        "language": person.language,
    }


def _changes(
    session: Session,
    entries: Sequence[roster.Entry],
    *,
    here: dict[str, Person],
    known: dict[str, dict[str, str]],
    by: Person | None,
) -> list[Change]:
    accounts = _accounts(session)
    out: list[Change] = []
    for each in entries:
        key = each.handle.lower()
        person, before = here[key], known.get(key)
        after = _cells(person, accounts.get(person.id, {}))
        fields = tuple(
            (column, (before or {}).get(column, ""), value)
            for column, value in after.items()
            if value != (before or {}).get(column, "")
        )
        if not fields:
            continue
        ends = any(column == "end" and value for column, _, value in fields)
        what = "new" if before is None else "ends" if ends else "changed"
        out.append(Change(handle=person.handle, name=person.name, what=what, fields=fields))
        events.record(
            session,
            "person.added" if before is None else "person.changed",
            by=by,
            subject=f"person:{person.id}",
            about=(person,),
            detail={"fields": {column: {"before": old, "after": new} for column, old, new in fields}},
        )
    return out


def _follow(session: Session, person: Person, change: Change, *, by: Person | None) -> None:
    """What waits for somebody who leaves, has another manager or loses a role goes to whoever is next."""
    before = {column: value for column, value, _ in change.fields}
    if change.what == "new":
        return
    if "manager" in before:
        moves.manager_changed(session, person, by=by)
    if "roles" in before:
        lost = set(before["roles"].split(";")) - {each.role for each in person.roles}
        moves.roles_changed(session, person, lost=lost, by=by)
    if before.keys() & {"end", "start", "place", "work_week"}:
        moves.presence_changed(session, person, by=by)


def _set_roles(person: Person, roles: Sequence[str]) -> None:
    for held in list(person.roles):
        if held.role not in roles:
            person.roles.remove(held)
    held_now = {each.role for each in person.roles}
    for role in roles:
        if role not in held_now:
            person.roles.append(Role(role=role))


def _free_emails(session: Session, entries: Sequence[roster.Entry], here: dict[str, Person]) -> None:
    """Empties e-mails that change, so that two people may swap theirs."""
    for each in entries:
        person = here.get(each.handle.lower())
        if person is not None and "email" in each.given and person.email != each.email:
            person.email = None
    session.flush()


def _link(session: Session, person: Person, *, channel: str, account: str) -> None:
    for old in session.scalars(select(Account).where(Account.person_id == person.id, Account.channel == channel)):
        session.delete(old)
    session.flush()
    people.link(session, person, channel=channel, account=account)
    session.flush()


def _set_local_days(session: Session, place: Place, row: PlaceRow) -> bool:
    today = now(session).date()
    wanted: dict[object, tuple[str, str]] = {}
    for each in (*row.half_days, *row.days):
        years = [each.year] if each.year else range(today.year - 1, today.year + YEARS_AHEAD + 1)
        for year in years:
            wanted[each.on(year)] = (each.part.value, each.name)
    changed = False
    for local in session.scalars(select(LocalDay).where(LocalDay.place_id == place.id)):
        part_and_name = wanted.pop(local.day, None)
        if part_and_name is None:
            if local.day >= today and local.day <= today + timedelta(days=366 * YEARS_AHEAD):
                session.delete(local)
                changed = True
        elif part_and_name != (local.part, local.name):
            local.part, local.name = part_and_name
            changed = True
    for day, (part, name) in wanted.items():
        session.add(LocalDay(place_id=place.id, day=day, part=part, name=name))
        changed = True
    session.flush()
    return changed


def _set(row: object, values: Mapping[str, object]) -> bool:
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)


def _first(named: dict[str, N]) -> N:
    return next(iter(named.values()))
