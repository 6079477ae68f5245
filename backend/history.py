"""Reads what was before Backdesk: requests.jsonl (requests keep their numbers) and balances.jsonl (days free)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from backend import roster
from backend.kinds import Kind

STATUSES = {
    "pending": "pending",
    "approved": "approved",
    "rejected": "rejected",
    "refused": "rejected",
    "withdrawn": "withdrawn",
    "cancelled": "withdrawn",
    "canceled": "withdrawn",
    "recorded": "recorded",
    "ordered": "approved",
    "done": "done",
    "paid": "done",
    "received": "done",
    "delivered": "done",
}
"""What a request from before may be called, and the state that it has here."""


BALANCE_FIELDS = frozenset({"who", "leave_type", "days", "as_of"})


@dataclass(frozen=True)
class RequestRow:
    """A line of requests.jsonl: a request from before, with the number that it keeps."""

    line: int
    number: int
    kind: str
    by: str
    status: str
    values: dict[str, Any]
    lines: tuple[dict[str, Any], ...] = ()
    submitted: datetime | None = None
    decided: datetime | None = None


@dataclass(frozen=True)
class BalanceRow:
    """A line of balances.jsonl: days free on a date, after what is booked and waiting; None: no balance is kept."""

    line: int
    who: str
    leave_type: str
    days: Decimal | None
    as_of: date


def read_requests(file: Path, *, handles: Mapping[str, str], zone: ZoneInfo, problems: list[str]) -> list[RequestRow]:
    """The lines of a requests.jsonl; an empty list if there is no such file. `handles` maps handles and e-mails."""
    rows: list[RequestRow] = []
    seen: dict[int, int] = {}
    for line, row in _json_lines(file, problems=problems):
        where = f"{file.name} line {line}"
        number, by, status = row.pop("id", None), str(row.pop("by", "")), str(row.pop("status", "")).lower()
        kind, lines = str(row.pop("kind", "")), row.pop("lines", [])
        submitted, decided = (
            _when(row.pop(each, None), where=f"{where}: {each}", zone=zone, problems=problems)
            for each in ("submitted", "decided")
        )
        handle = handles.get(by.lower())
        before = len(problems)
        if not isinstance(number, int) or isinstance(number, bool) or number < 1:
            problems.append(f"{where}: id is not a number from 1 up")
        elif number in seen:
            problems.append(f"{where}: number {number} is on line {seen[number]} already")
        if handle is None:
            problems.append(f"{where}: '{by}' is nobody in people.csv")
        if status not in STATUSES:
            problems.append(f"{where}: status '{status}' is not one of {', '.join(STATUSES)}")
        if not isinstance(lines, list) or not all(isinstance(each, dict) for each in lines):  # pyright: ignore[reportUnknownVariableType]
            problems.append(f"{where}: lines is not a list of objects")
        if len(problems) == before and handle is not None and isinstance(number, int):
            seen[number] = line
            rows.append(
                RequestRow(
                    line=line,
                    number=number,
                    kind=kind,
                    by=handle,
                    status=STATUSES[status],
                    values=row,
                    lines=tuple(lines),  # pyright: ignore[reportUnknownArgumentType]
                    submitted=submitted,
                    decided=decided,
                )
            )
    return rows


def check(row: RequestRow, kinds: Mapping[str, Kind[Any]]) -> list[str]:
    """What its kind finds wrong with a line."""
    where = f"requests.jsonl line {row.line}"
    kind = kinds.get(row.kind)
    if kind is None:
        return [f"{where}: there is no kind '{row.kind}'; there are {', '.join(kinds)}"]
    own, of_line = kind.split(row.values)
    wrong = kind.read(own)[1] | (kind.read(of_line, line=True)[1] if of_line else {})
    out = [f"{where}: {name}: {text}" for name, text in wrong.items()]
    for each in row.lines:
        out += [f"{where}: lines: {name}: {text}" for name, text in kind.read(each, line=True)[1].items()]
    return out


def read_balances(file: Path, *, handles: Mapping[str, str], problems: list[str]) -> list[BalanceRow]:
    """The lines of a balances.jsonl; an empty list if there is no such file. `handles` as in read()."""
    rows: list[BalanceRow] = []
    seen: dict[tuple[str, str], int] = {}
    for line, row in _json_lines(file, problems=problems):
        where = f"{file.name} line {line}"
        who, leave_type = str(row.get("who", "")), str(row.get("leave_type", ""))
        handle = handles.get(who.lower())
        if handle is None:
            problems.append(f"{where}: '{who}' is nobody in people.csv")
        if not leave_type:
            problems.append(f"{where}: leave_type is missing")
        days = _decimal(row.get("days"), where=f"{where}: days", problems=problems)
        as_of = _when(row.get("as_of"), where=f"{where}: as_of", zone=ZoneInfo("UTC"), problems=problems)
        if row.get("as_of") is None:
            problems.append(f"{where}: as_of is missing; on which day are these days free?")
        problems += [f"{where}: there is no '{each}' in a balance" for each in row.keys() - BALANCE_FIELDS]
        key = (who.lower(), leave_type)
        if key in seen:
            problems.append(f"{where}: {leave_type} of {who} is on line {seen[key]} already")
        seen[key] = line
        if handle is not None and as_of is not None:
            rows.append(BalanceRow(line=line, who=handle, leave_type=leave_type, days=days, as_of=as_of.date()))
    return rows


def _json_lines(file: Path, *, problems: list[str]) -> list[tuple[int, dict[str, Any]]]:
    text = roster.text_of(file, problems=problems) if file.is_file() else None
    rows: list[tuple[int, dict[str, Any]]] = []
    for number, line in enumerate((text or "").splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith(("#", "//")):
            continue
        try:
            row = json.loads(line, parse_float=Decimal)
        except (ValueError, RecursionError) as error:
            problems.append(f"{file.name} line {number}: it is not JSON ({error})")
            continue
        if isinstance(row, dict):
            rows.append((number, row))  # pyright: ignore[reportUnknownArgumentType]
        else:
            problems.append(f"{file.name} line {number}: it is not a JSON object")
    return rows


def _decimal(value: Any, *, where: str, problems: list[str]) -> Decimal | None:
    if value is None:
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if isinstance(value, bool) or not number.is_finite():
        problems.append(f"{where} '{value}' is not a number")
        return None
    return number


def _when(value: Any, *, where: str, zone: ZoneInfo, problems: list[str]) -> datetime | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        problems.append(f"{where} '{value}' is not a day; write it like 2026-11-24")
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
