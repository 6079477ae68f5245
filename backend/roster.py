"""Reads people.csv: who works here, for whom, where, when and under whom; every problem with its line."""

import csv
import io
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from backend.people import FULL_WEEK, WEEKDAYS
from backend.words import LANGUAGES

COLUMNS = (
    "handle",
    "email",
    "name",
    "manager",
    "employer",
    "team",
    "place",
    "roles",
    "work_week",
    "start",
    "end",
    "slack",
    "telegram",
    "language",
)
LONGEST_NAME = 200
HANDLE = re.compile(r"[^\W_][\w.+-]*", re.UNICODE)
ROLE = re.compile(r"[a-z][a-z0-9_-]*")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
HOURS_A_DAY = 8
T = TypeVar("T")


@dataclass(frozen=True)
class Entry:
    """One line of people.csv. Empty cells are None (or an empty tuple); `given` names the columns the file has.

    manager    the handle, as the file or the people already here spell it
    work_week  hours by weekday: {"mon": 8, "tue": 4}; None where the cell is empty
    """

    line: int
    handle: str
    name: str
    email: str | None = None
    manager: str | None = None
    employer: str | None = None
    team: str = ""
    place: str | None = None
    roles: tuple[str, ...] = ()
    work_week: dict[str, float] | None = None
    start: date | None = None
    end: date | None = None
    slack: str | None = None
    telegram: str | None = None
    language: str | None = None
    given: frozenset[str] = frozenset()


def read(file: Path, *, problems: list[str], notes: list[str], date_order: str = "DMY") -> list[Entry]:
    """The lines of a people.csv (UTF-8 with or without mark; comma, semicolon or tab; # starts a comment line).

    What is wrong is added to `problems`, what is only worth knowing to `notes`. Days are ISO, or in the
    company's `date_order` ("DMY", "MDY", "YMD") with / . or -.
    """
    text = text_of(file, problems=problems)
    if text is None:
        return []
    rows = csv_rows(text, file=file, problems=problems)
    if not rows:
        problems.append(f"{file.name} is empty: it needs a first line with the columns handle and name")
        return []
    line, header = rows[0]
    names = [re.sub(r"[\s-]+", "_", cell.strip().lower()) for cell in header]
    problems += [
        f"{file.name} line {line}: there is no column '{each}'" for each in ("handle", "name") if each not in names
    ]
    problems += [
        f"{file.name} line {line}: two columns are called '{each}'" for each in COLUMNS if names.count(each) > 1
    ]
    notes += [
        f"{file.name}: column '{each}' is not one that is read (there are {', '.join(COLUMNS)})"
        for each in names
        if each and each not in COLUMNS
    ]
    if "handle" not in names or "name" not in names:
        return []
    entries: list[Entry] = []
    for line, cells in rows[1:]:
        where = f"{file.name} line {line}"
        if any(cell.strip() for cell in cells[len(names) :]):
            problems.append(f"{where}: it has {len(cells)} cells, and the first line names {len(names)} columns")
            continue
        row = {name: cell.strip() for name, cell in zip(names, cells, strict=False) if name in COLUMNS}
        entry = _entry(row, line=line, where=where, given=frozenset(names), date_order=date_order, problems=problems)
        if entry is not None:
            entries.append(entry)
    _check_unique(entries, file=file, problems=problems)
    return entries


def resolve_managers(
    entries: list[Entry], *, file: Path, problems: list[str], already: dict[str, str], above: dict[str, str]
) -> list[Entry]:
    """The entries with each manager as a handle; nobody's name and circles are problems.

    already  handles of the people who are here, by lower-case handle and e-mail
    above    their managers' handles, by handle
    """
    known = dict(already)
    for each in entries:
        for key in filter(None, (each.handle, each.email)):
            known[key.lower()] = each.handle
    out: list[Entry] = []
    chain = dict(above)
    for each in entries:
        manager = known.get(each.manager.lower()) if each.manager else None
        if each.manager and manager is None:
            problems.append(f"{file.name} line {each.line}: manager '{each.manager}' is nobody in this file")
        if "manager" in each.given:
            chain.pop(each.handle, None)
            if manager is not None:
                chain[each.handle] = manager
        out.append(replace(each, manager=manager))
    lines = {each.handle: each.line for each in entries}
    for circle in _circles(chain):
        line = min((lines[each] for each in circle if each in lines), default=0)
        problems.append(f"{file.name} line {line}: the managers go in a circle: {' > '.join([*circle, circle[0]])}")
    return out


def text_of(file: Path, *, problems: list[str]) -> str | None:
    """A text file's content: UTF-8, or UTF-16 where its mark says so; None and a problem if it cannot be read."""
    try:
        raw = file.read_bytes()
    except OSError as error:
        problems.append(f"{file.name}: it cannot be read ({error.strerror})")
        return None
    try:
        text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        problems.append(f"{file.name} line {line}: it is not UTF-8 text; save the file as UTF-8 (CSV UTF-8 in Excel)")
        return None
    if "\0" in text:
        problems.append(f"{file.name}: it is not a text file")
        return None
    return text


def week(text: str) -> dict[str, float]:
    """A work week as hours by weekday, read from text; a ValueError says what is wrong with it.

    Days and ranges of days, each with hours if they are not eight: "mon-fri", "mon,tue,wed", "mon:8;tue:8;wed:4",
    "mon-thu:8.5;fri:6". A day off is left out or has 0.
    """
    hours: dict[str, float] = {}
    for part in re.split(r"[;,\s]+", text.strip().lower().replace(" - ", "-")):
        found = re.fullmatch(r"([a-z]+)(?:-([a-z]+))?(?:[:=]([0-9]+(?:\.[0-9]+)?)h?)?", part)
        if found is None:
            raise ValueError(f"'{part}' is not a work day; write it like mon-fri, mon,tue,wed or mon:8;tue:8;wed:4")
        first, last, count = found.groups()
        each_day = float(count) if count else float(HOURS_A_DAY)
        if each_day > 24:
            raise ValueError(f"'{part}' has more than 24 hours")
        start, end = _weekday(first), _weekday(last or first)
        for step in range((end - start) % 7 + 1):
            name = WEEKDAYS[(start + step) % 7]
            if name in hours:
                raise ValueError(f"it says {name} twice")
            hours[name] = each_day
    worked = {
        name: int(hours[name]) if hours[name].is_integer() else hours[name] for name in WEEKDAYS if hours.get(name)
    }
    if not worked:
        raise ValueError("it has no working day")
    return worked


def day(text: str, *, date_order: str = "DMY") -> date:
    """A day: 2026-11-26, or with / . or - in the company's order; a ValueError says how to write it."""
    found = re.fullmatch(r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})", text.strip())
    if found is None:
        raise ValueError(f"'{text}' is not a day; write it like 2026-11-26")
    order = "YMD" if len(found.group(1)) == 4 else date_order
    numbers = {letter: int(number) for letter, number in zip(order, found.groups(), strict=True)}
    if numbers["Y"] < 1000:
        raise ValueError(f"'{text}' needs a year of four figures, like 2026-11-26")
    try:
        return date(numbers["Y"], numbers["M"], numbers["D"])
    except ValueError:
        raise ValueError(f"'{text}' is not in the calendar; write it like 2026-11-26") from None


def written(hours: dict[str, float]) -> str:
    """A work week as people.csv has it: mon:8;tue:8."""
    return (
        "mon-fri" if hours == FULL_WEEK else ";".join(f"{name}:{hours[name]:g}" for name in WEEKDAYS if hours.get(name))
    )


def _weekday(text: str) -> int:
    full = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    for number, name in enumerate(full):
        if len(text) >= 3 and name.startswith(text):
            return number
    raise ValueError(f"'{text}' is not a weekday; they are {', '.join(WEEKDAYS)}")


def csv_rows(text: str, *, file: Path, problems: list[str]) -> list[tuple[int, list[str]]]:
    first = next((each for each in text.splitlines() if each.strip() and not each.startswith("#")), "")
    delimiter = max((",", ";", "\t"), key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, list[str]]] = []
    started = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells) and not cells[0].startswith("#"):
                rows.append((started, cells))
            started = reader.line_num + 1
    except csv.Error as error:
        problems.append(f"{file.name} line {reader.line_num}: it cannot be read as a table ({error})")
    return rows


def _entry(
    row: dict[str, str], *, line: int, where: str, given: frozenset[str], date_order: str, problems: list[str]
) -> Entry | None:
    handle, name, email = row.get("handle", ""), row.get("name", ""), row.get("email", "")
    if not handle:
        problems.append(f"{where}: the handle is missing")
    elif not HANDLE.fullmatch(handle):
        problems.append(f"{where}: handle '{handle}' may hold letters, figures, dots, hyphens and nothing else")
    if not name:
        problems.append(f"{where}: the name is missing")
    for column in ("name", "team"):
        if len(row.get(column, "")) > LONGEST_NAME or not row.get(column, "").isprintable():
            problems.append(f"{where}: the {column} is too long, or holds line breaks or signs that cannot be seen")
    if email and not EMAIL.fullmatch(email):
        problems.append(f"{where}: '{email}' is not an e-mail address")
    roles = tuple(dict.fromkeys(each for each in re.split(r"[;,\s]+", row.get("roles", "").lower()) if each))
    problems += [f"{where}: '{each}' is not a role" for each in roles if not ROLE.fullmatch(each)]
    language = row.get("language", "").lower() or None
    if language and language not in LANGUAGES:
        problems.append(f"{where}: language '{language}' is not one of {', '.join(LANGUAGES)}")
    hours = _read(week, row.get("work_week"), f"{where}: work_week: ", problems)
    start, end = (
        _read(lambda text: day(text, date_order=date_order), row.get(each), f"{where}: {each}: ", problems)
        for each in ("start", "end")
    )
    if start and end and end < start:
        problems.append(f"{where}: the end {end.isoformat()} is before the start {start.isoformat()}")
    if not handle:
        return None
    return Entry(
        line=line,
        handle=handle,
        name=name,
        email=email or None,
        manager=row.get("manager") or None,
        employer=row.get("employer") or None,
        team=row.get("team", ""),
        place=row.get("place") or None,
        roles=roles,
        work_week=hours,
        start=start,
        end=end,
        slack=row.get("slack") or None,
        telegram=row.get("telegram") or None,
        language=language,
        given=given,
    )


def _read(how: Callable[[str], T], text: str | None, where: str, problems: list[str]) -> T | None:
    try:
        return how(text) if text else None
    except ValueError as error:
        problems.append(f"{where}{error}")
        return None


def _check_unique(entries: list[Entry], *, file: Path, problems: list[str]) -> None:
    for column in ("handle", "email", "slack", "telegram"):
        seen: dict[str, int] = {}
        for each in entries:
            value: str | None = getattr(each, column)
            if value and value.lower() in seen:
                problems.append(
                    f"{file.name} line {each.line}: {column} '{value}' is on line {seen[value.lower()]} already"
                )
            elif value:
                seen[value.lower()] = each.line


def _circles(above: dict[str, str]) -> list[list[str]]:
    done: set[str] = set()
    circles: list[list[str]] = []
    for handle in above:
        path: list[str] = []
        current: str | None = handle
        while current is not None and current not in done:
            if current in path:
                circles.append(path[path.index(current) :])
                break
            path.append(current)
            current = above.get(current)
        done.update(path)
    return circles


def missing(entries: Collection[Entry], handles: Collection[str]) -> list[str]:
    """The handles of people who are here and not in the file, in order."""
    named = {each.handle.lower() for each in entries}
    return sorted(each for each in handles if each.lower() not in named)
