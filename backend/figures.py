"""Figures about requests in a time, of groups of five people or more: smaller ones are put together or left out."""

import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend import calendars
from backend.people import Person
from backend.requests import APPROVED, REJECTED, Opinion, Request, Step

LEAST = 5
"""People in the smallest group that figures are told of."""

OTHERS = "others"


@dataclass
class Group:
    """So many requests, and the ids of whose they are."""

    requests: int = 0
    people: set[int] = field(default_factory=set[int])

    @property
    def large(self) -> bool:
        """True if it is of enough people to be told of."""
        return len(self.people) >= LEAST

    def __iadd__(self, other: "Group") -> "Group":
        self.requests += other.requests
        self.people |= other.people
        return self


Counts = dict[str, dict[str, int]]
"""How many requests by kind and state; "others" stands for those that are counted together."""


@dataclass(frozen=True)
class Pace:
    """How many working hours passed until a decision: the median, and in how many nine of ten were made."""

    median: float
    most: float


def counts(session: Session, *, since: datetime, until: datetime) -> tuple[Counts, bool]:
    """How many requests were sent in a time, by kind and by how they stand now; and whether some are left out."""
    wanted = (
        select(Request.kind, Request.state, Request.person_id, func.count())
        .where(Request.made_at >= since, Request.made_at < until)
        .group_by(Request.kind, Request.state, Request.person_id)
    )
    groups: dict[str, dict[str, Group]] = {}
    for kind, state, person_id, number in session.execute(wanted):
        group = groups.setdefault(kind, {}).setdefault(state, Group())
        group += Group(number, {person_id})
    large = {kind: states for kind, states in groups.items() if _all(states.values()).large}
    rest: dict[str, Group] = {}
    for kind in groups.keys() - large.keys():
        for state, group in groups[kind].items():
            rest.setdefault(state, Group())
            rest[state] += group
    if _all(rest.values()).large:
        large[OTHERS], rest = rest, {}
    out: Counts = {}
    left_out = bool(rest)
    for kind, states in large.items():
        told = {state: group.requests for state, group in states.items() if group.large}
        small = _all(group for group in states.values() if not group.large)
        if small.large:
            told[OTHERS] = small.requests
        left_out = left_out or bool(small.requests and not small.large)
        if told:
            out[kind] = told
    return out, left_out


def paces(session: Session, *, since: datetime, until: datetime) -> dict[str, Pace]:
    """How long the decisions of a time took, by kind ("" for all), in the working hours of those who decided."""
    wanted = (
        select(Request, Opinion.by_id, Opinion.at)
        .join(Step, Step.number == Request.number)
        .join(Opinion, Opinion.step_id == Step.id)
        .where(Request.decided_at >= since, Request.decided_at < until, Request.state.in_((APPROVED, REJECTED, "done")))
        .where(Opinion.undone_at.is_(None))
        .order_by(Opinion.id)
    )
    last: dict[int, tuple[Request, int]] = {request.number: (request, by) for request, by, _ in session.execute(wanted)}
    hours: dict[str, list[float]] = {}
    whose: dict[str, set[int]] = {}
    at_work = _at_work(session, last.values())
    for request, by in last.values():
        spent = _between(at_work[by], request.made_at, request.decided_at or request.made_at)
        for key in ("", request.kind):
            hours.setdefault(key, []).append(spent)
            whose.setdefault(key, set()).add(request.person_id)
    return {key: _pace(hours[key]) for key in sorted(hours) if len(whose[key]) >= LEAST}


Shifts = list[tuple[datetime, datetime]]


def _at_work(session: Session, decided: Iterable[tuple[Request, int]]) -> Mapping[int, Shifts]:
    """When each of those who decided was at work, from the first day that anything waited for them."""
    begun: dict[int, tuple[datetime, datetime]] = {}
    for request, by in decided:
        first, last = begun.get(by, (request.made_at, request.made_at))
        begun[by] = min(first, request.made_at), max(last, request.decided_at or request.made_at)
    a_day = timedelta(days=1)
    return {
        by: list(calendars.shifts(session, session.get_one(Person, by), (first - a_day).date(), (last + a_day).date()))
        for by, (first, last) in begun.items()
    }


def _between(shifts: Shifts, start: datetime, end: datetime) -> float:
    """The working hours from one moment to another."""
    spans = (min(until, end) - max(begin, start) for begin, until in shifts if begin < end and until > start)
    return sum((each for each in spans), timedelta()).total_seconds() / 3600


def _pace(hours: list[float]) -> Pace:
    ordered = sorted(hours)
    return Pace(statistics.median(ordered), ordered[max(-(-len(ordered) * 9 // 10) - 1, 0)])


def _all(groups: Iterable[Group]) -> Group:
    total = Group()
    for each in groups:
        total += each
    return total
