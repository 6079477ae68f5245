"""What the company has set: limits for each kind, and who has to approve what. Changes apply to new requests."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic import Field as PydanticField
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend import events
from backend.kinds import Ask, Form, Kind, Sort, plain
from backend.people import Person
from backend.refusals import Refusal
from backend.store import Base, Doc, Moment, now
from backend.words import Either, say

ROUTES = "routes"
OR, OVER = " or ", ", over "
"""What stands between the parts of why an Ask goes where it goes."""


class Policy(Base):
    """One version of what was set for a kind, or of all routes; the newest applies."""

    __tablename__ = "policies"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(index=True)
    body: Mapped[Any] = mapped_column(Doc)
    since: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class Stop(BaseModel):
    """One stop of a route: any of these roles, all of them, or so many of them; or work for a role."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    of: int | None = PydanticField(default=None, ge=1)
    from_: tuple[str, ...] = PydanticField(default=(), alias="from")
    work: str | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "Stop":
        if sum((bool(self.any), bool(self.all), bool(self.of or self.from_))) != 1:
            raise ValueError("a step is one of {any = [...]}, {all = [...]} or {of = 2, from = [...]}")
        if bool(self.of) != bool(self.from_):
            raise ValueError("'of' and 'from' go together: {of = 2, from = [...]}")
        return self

    def asks(self, why: str) -> list[Ask]:
        """The asks of this stop, all at the same time."""
        sort = Sort.WORK if self.work else Sort.DECISION
        if self.all:
            return [Ask((role,), why or role, sort=sort, label=self.work) for role in self.all]
        roles = self.any or self.from_
        return [Ask(roles, why or OR.join(roles), need=self.of or 1, sort=sort, label=self.work)]


class Route(BaseModel):
    """Who has to approve, in order, when every condition that is named holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    kind: str
    over: Decimal | None = None
    category: str | None = None
    place: str | None = None
    employer: str | None = None
    steps: tuple[Stop, ...]

    def fits(self, *, kind: str, amount: Decimal | None, category: str | None, person: Person) -> bool:
        """True if every condition that this route names holds."""
        return (
            self.kind == kind
            and (self.over is None or (amount is not None and amount > self.over))
            and self.category in (None, category)
            and self.place in (None, person.place.name)
            and self.employer in (None, person.employer.name)
        )

    @property
    def weight(self) -> tuple[int, Decimal]:
        """How particular it is: the more conditions, then the higher the amount."""
        named = [self.over, self.category, self.place, self.employer]
        return sum(each is not None for each in named), self.over or Decimal(0)


class Approvals(Form):
    """What holds for approvals of every kind; [approvals] in policies.toml.

    top            roles asked instead of the manager of somebody who has none
    remind_days    working days after which an approver is reminded, and again
    escalate_days  working days after which a step goes to the next in the chain
    """

    top: tuple[str, ...] = ("finance", "hr")
    remind_days: int = PydanticField(default=1, ge=1)
    escalate_days: int = PydanticField(default=3, ge=1)


def limits(session: Session, kind: Kind[Any]) -> Form:
    """The limits now set for a kind, defaults where nothing is set."""
    return kind.policy.model_validate(
        {name: value for name, value in body(session, kind.name).items() if name not in kind.policy_lines}
    )


def limit_lines(session: Session, kind: Kind[Any], table: str) -> list[Any]:
    """The rows of one of a kind's policy tables (leave types, ...), as set; empty if none is."""
    return [kind.policy_lines[table].model_validate(row) for row in body(session, kind.name).get(table, [])]


def approvals(session: Session) -> Approvals:
    """What holds for approvals of every kind."""
    return Approvals.model_validate(body(session, "approvals"))


def routes(session: Session) -> list[Route]:
    """The routes now set."""
    return [Route.model_validate(each) for each in body(session, ROUTES).get("route", [])]


def route_for(
    session: Session, person: Person, *, kind: str, amount: Decimal | None, category: str | None
) -> list[list[Ask]]:
    """The stops that a request of this person has to pass: the most particular route that fits, else the manager."""
    fitting = [
        each for each in routes(session) if each.fits(kind=kind, amount=amount, category=category, person=person)
    ]
    if not fitting:
        return [[Ask(("manager",), "manager")]]
    best = max(enumerate(fitting), key=lambda pair: (pair[1].weight, pair[0]))[1]
    out: list[list[Ask]] = []
    for stop in best.steps:
        asks = stop.asks("")
        if best.over is not None and "manager" not in (*stop.any, *stop.all):
            asks = [Ask(a.roles, f"{a.why}{OVER}{best.over:f}", a.need, a.sort, a.label) for a in asks]
        out.append(asks)
    return out


def said_why(language: str, why: str) -> str:
    """Why an Ask goes where it goes, as people of a language read it: "finance or HR, over 1,000"."""
    roles, over, amount = why.partition(OVER)
    said = Either(tuple(say(language, each) for each in roles.split(OR))).said_in(language)
    return said if not over else say(language, "{role}, over {amount}", role=said, amount=Decimal(amount))


def body(session: Session, name: str) -> dict[str, Any]:
    """What was last set under a name, as it was written; empty if nothing was."""
    newest = session.scalar(select(Policy).where(Policy.name == name).order_by(Policy.id.desc()).limit(1))
    return dict(newest.body) if newest else {}


def check(document: Mapping[str, Any], kinds: Mapping[str, Kind[Any]]) -> list[str]:
    """What is wrong with a policies.toml as read: one sentence each, empty if nothing is."""
    problems: list[str] = []
    for name, table in document.items():
        try:
            if name == "route":
                for number, row in enumerate(table, start=1):
                    problems += _route_problems(number, row, kinds)
            elif name == "approvals":
                Approvals.model_validate(table)
            elif name in kinds:
                kind = kinds[name]
                kind.policy.model_validate({key: value for key, value in table.items() if key not in kind.policy_lines})
                for key, row_form in kind.policy_lines.items():
                    for row in table.get(key, []):
                        row_form.model_validate(row)
            else:
                problems.append(f"[{name}]: there is no such kind; there are {', '.join(kinds)}")
        except (ValidationError, TypeError, AttributeError) as error:
            problems.append(f"[{name}]: {_first(error)}")
    return problems


def set_all(
    session: Session, document: Mapping[str, Any], *, by: Person | None, kinds: Mapping[str, Kind[Any]]
) -> list[str]:
    """Sets what a policies.toml says; unchanged parts stay as they are. Returns the names that changed.

    A Refusal lists everything that is wrong with it, and nothing is set.
    """
    problems = check(document, kinds)
    if problems:
        raise Refusal("policies.toml cannot be used as it is: {problems}", problems="; ".join(problems))
    wanted = {name: plain(table) for name, table in document.items() if name != "route"}
    wanted[ROUTES] = {"route": plain(document.get("route", []))}
    changed = [name for name, table in wanted.items() if body(session, name) != table]
    for name in changed:
        session.add(Policy(name=name, body=wanted[name], since=now(session), by_id=by.id if by else None))
        events.record(
            session,
            "policy.changed",
            by=by,
            subject=f"policy:{name}",
            detail={"before": body(session, name), "after": wanted[name]},
        )
    session.flush()
    return changed


def _route_problems(number: int, row: Any, kinds: Mapping[str, Kind[Any]]) -> list[str]:
    try:
        route = Route.model_validate(row)
    except ValidationError as error:
        return [f"[[route]] number {number}: {_first(error)}"]
    return [] if route.kind in kinds else [f"[[route]] number {number}: there is no kind {route.kind!r}"]


def _first(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        where = ".".join(str(each) for each in first["loc"])
        return f"{where}: {first['msg']}" if where else str(first["msg"])
    return str(error)
