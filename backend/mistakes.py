"""Mistakes in policies.toml: what is wrong, on which line, and what to write instead."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, cast

from pydantic import ValidationError

from backend.forms import Widget
from backend.kinds import Kind
from backend.roster import ROLE
from backend.routes import MANAGER, Route, collide


@dataclass(frozen=True)
class Names:
    """Names that routes may not use, or have to know; all in small letters. Empty: not known, and not looked at.

    handles  of people, who stand in no route; people: their names
    held     roles that somebody holds
    """

    handles: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    held: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    employers: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Problem:
    """One mistake: in which table (the so-manieth of that name, from 1), at which key, and what to write instead."""

    table: str
    text: str
    key: str = ""
    number: int = 0

    @property
    def where(self) -> str:
        """The table as it is written: [expense], [[route]] number 2."""
        return f"[[{self.table}]] number {self.number}" if self.number else f"[{self.table}]"

    def __str__(self) -> str:
        return f"{self.where}: {self.key + ': ' if self.key else ''}{self.text}"

    def told(self, text: str) -> str:
        """The sentence with the line on which it is, in the text of the file."""
        head, line = _lines(text, self.table, max(self.number, 1), self.key)
        if not head:
            return f"policies.toml: {self}"
        key = f"{self.key} (line {line}): " if line else f"{self.key}: " if self.key else ""
        return f"policies.toml line {head}: {self.where}: {key}{self.text}"


def route_problems(
    rows: Any, kinds: Mapping[str, Kind[Any]], document: Mapping[str, Any], names: Names | None
) -> list[Problem]:
    """What is wrong with the routes: each by itself, and those that can never hold."""
    if not isinstance(rows, list):
        return [Problem("route", "write every route under a line of its own: [[route]]")]
    out: list[Problem] = []
    good: list[tuple[int, Route]] = []
    for number, row in enumerate(cast(list[Any], rows), start=1):
        try:
            route = Route.model_validate(row)
        except ValidationError as error:
            out += [_of_route(number, *said(each)) for each in error.errors()]
            continue
        good.append((number, route))
        out += [_of_route(number, *each) for each in _of_sound(route, kinds, document, names)]
    for first, second in collide(good):
        text = f"it says when to apply just as number {first} does, so that number {first} never holds: take one out"
        out.append(_of_route(second, text, "kind"))
    return out


def notes(document: Mapping[str, Any], names: Names, *, text: str) -> list[str]:
    """What is worth knowing about sound routes: roles that nobody holds, teams that nobody is in."""
    out: list[str] = []
    for number, row in enumerate(document.get("route", []), start=1):
        route = Route.model_validate(row)
        roles = dict.fromkeys(role for stop in route.steps for role in stop.roles)
        for role in roles:
            if role != MANAGER and role not in names.held:
                said_ = f"nobody holds the role '{role}' yet; until somebody does, it goes to the manager"
                out.append(_of_route(number, said_, "steps").told(text))
        if route.team is not None and route.team.casefold() not in names.teams:
            key = "department" if "department" in row else "team"
            out.append(_of_route(number, f"nobody is in the team '{route.team}' yet", key).told(text))
    top = document.get("approvals", {}).get("top", ())
    roles = [role for each in top.values() if isinstance(each, list) for role in each] if isinstance(top, dict) else top  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
    for role in cast(list[str], roles):
        if role not in names.held:
            out.append(Problem("approvals", f"nobody holds the role '{role}' yet", key="top").told(text))
    return out


def role_problems(role: str, names: Names | None) -> Iterator[str]:
    """What is wrong with what stands in a role's place: a person, or nothing that could be a role."""
    key = role.casefold()
    if names is not None and (key in names.people or (key in names.handles and key not in names.held)):
        yield f"'{role}' is a person; write a role that they hold, like finance, since people come and go"
    elif not ROLE.fullmatch(role):
        yield f"'{role}' is no role; write one from people.csv in small letters, like finance, or {MANAGER}"


def said(error: Any) -> tuple[str, str]:
    """What pydantic found, as (a sentence that says what to write, the key where it is)."""
    place = [str(each) for each in error["loc"] if not isinstance(each, int)]
    step = next((each + 1 for each in error["loc"] if isinstance(each, int)), None)
    key = place[0] if place else ""
    before = f"step {step}: " if step and key == "steps" else ""
    wrong = place[-1] if place else ""
    match str(error["type"]):
        case "extra_forbidden" if key == "steps":
            like = "a step is { any = [roles] }, { all = [roles] } or { of = 2, from = [roles] }, and may name work"
            return f"{before}there is no '{wrong}'; {like}", key
        case "extra_forbidden":
            near = HINTS.get(wrong) or next(iter(get_close_matches(wrong, _KNOWN, n=1)), "")
            hint = f"did you mean {near}?" if near else f"a route has {', '.join(_KNOWN)}"
            return f"there is no '{wrong}' here; {hint}", key
        case "missing":
            return f'it is missing; write it like {wrong} = "expense"', key
        case "tuple_type" | "list_type":
            return f'{before}write a list, like {wrong} = ["finance"]', key
        case "string_type" if key == "steps":
            return f'{before}write roles in quotes, like ["finance"]', key
        case "decimal_parsing" | "decimal_type":
            return "that is no number; write it without a currency, like 500", key
        case "value_error":
            return before + str(error["msg"]).removeprefix("Value error, "), key
        case _:
            text = str(error["msg"]).removeprefix("Value error, ").removeprefix("Input ")
            return f"{before}it {text}" if str(error["msg"]).startswith("Input ") else before + text, key


HINTS = {"days": "over_days", "amount": "over", "above": "over", "max": "up_to", "below": "up_to", "who": "steps"}
"""Keys that people try, and the one that they mean."""

_KNOWN = tuple("department" if name == "team" else name for name in Route.model_fields)


def _of_route(number: int, text: str, key: str = "") -> Problem:
    return Problem("route", text, key, number)


def _of_sound(
    route: Route, kinds: Mapping[str, Kind[Any]], document: Mapping[str, Any], names: Names | None
) -> Iterator[tuple[str, str]]:
    kind = kinds.get(route.kind)
    if kind is None:
        yield f"there is no kind '{route.kind}'; there are {', '.join(kinds)}", "kind"
        return
    for stop in route.steps:
        for role in stop.roles:
            for text in role_problems(role, names):
                yield text, "steps"
    if route.impossible:
        yield "nothing is over and up to that at once, so it never holds: mend one of the two", "up_to"
    for name, hook in (("over", "amount"), ("up_to", "amount"), ("over_days", "days"), ("up_to_days", "days")):
        if name in route.conditions and getattr(type(kind), hook) is getattr(Kind, hook):
            yield f"requests of this kind have no {hook}, so it never holds: take it out", name
    categories = _categories(kind, document)
    if route.category is not None and categories and route.category not in categories:
        yield f"there is no category '{route.category}'; there are {', '.join(categories)}", "category"
    for name, known in (("place", names.places), ("employer", names.employers)) if names else ():
        value = getattr(route, name)
        if value is not None and known and value.casefold() not in known:
            yield f"there is no {name} '{value}' in company.toml, so it never holds", name


def _categories(kind: Kind[Any], document: Mapping[str, Any]) -> list[str]:
    """What a route of this kind may tell apart: the answers to its choices, and the rows of its tables."""
    blanks = [*kind.blanks(), *kind.blanks(line=True)]
    found = [option.value for each in blanks if each.widget is Widget.CHOICE for option in each.options]
    for name in kind.policy_lines:
        rows = document.get(kind.name, {}).get(name, [])
        found += [str(row["name"]) for row in cast(list[dict[str, Any]], rows) if "name" in row]
    return list(dict.fromkeys(found))


def _lines(text: str, table: str, number: int, key: str) -> tuple[int, int]:
    """The line on which the so-manieth table of a name begins, and that of a key in it; 0 where there is none."""
    lines = text.splitlines()
    heads = [at for at, each in enumerate(lines) if re.match(rf"\s*\[\[?\s*{re.escape(table)}\s*\]", each)]
    if number > len(heads):
        return 0, 0
    head = heads[number - 1]
    for at in range(head + 1, len(lines)):
        if re.match(r"\s*\[", lines[at]) and not re.match(r"\s*\[\s*[\"'{\[]", lines[at]):
            break
        if key and re.match(rf"\s*{re.escape(key)}\s*=", lines[at]):
            return head + 1, at + 1
    return head + 1, 0
