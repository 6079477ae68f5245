"""Routes: who has to approve what, in order, as policies.toml writes it; read, checked and chosen from."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pydantic import AliasChoices, BaseModel, ConfigDict, model_validator
from pydantic import Field as PydanticField

from backend.kinds import Ask, Sort
from backend.people import Person
from backend.words import Count, Either, Money, Title, say

OR, OVER, LONGER, UP_TO, AT_MOST = " or ", ", over ", ", longer than ", ", up to ", ", at most "
POLICY = "policy"
"""What stands between the parts of why an Ask goes where it goes, and what stands for no person at all."""

MANAGER = "manager"
"""The one role that nobody holds by name: it is the requester's own manager."""


class Stop(BaseModel):
    """One stop of a route: any of these roles, all of them, or so many of them; or work for a role."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    of: int | None = PydanticField(default=None, ge=1)
    from_: tuple[str, ...] = PydanticField(default=(), alias="from")
    work: str | None = PydanticField(default=None, min_length=1)

    @model_validator(mode="after")
    def _one_way(self) -> "Stop":
        if sum((bool(self.any), bool(self.all), bool(self.of or self.from_))) != 1:
            raise ValueError("a step is one of {any = [...]}, {all = [...]} or {of = 2, from = [...]}")
        if bool(self.of) != bool(self.from_):
            raise ValueError("'of' and 'from' go together: {of = 2, from = [...]}")
        return self

    @property
    def roles(self) -> tuple[str, ...]:
        """Every role that it names."""
        return self.any or self.all or self.from_

    @property
    def written(self) -> str:
        """It as one reads it: "manager or hr", "2 of finance, hr", "finance (pay)"."""
        work = f" ({self.work})" if self.work else ""
        if self.all:
            return " and ".join(self.all) + work
        if self.from_:
            return f"{self.of} of {', '.join(self.from_)}{work}"
        return OR.join(self.any) + work

    def said_in(self, language: str) -> str:
        """It as people of a language read it."""
        names = [say(language, each) for each in self.roles]
        if self.all:
            said = say(language, "{some} and {last}", some=", ".join(names[:-1]), last=names[-1])
            said = names[0] if len(names) == 1 else said
        elif self.from_:
            said = say(language, "{count} of {names}", count=self.of, names=", ".join(names))
        else:
            said = Either(tuple(names)).said_in(language)
        return f"{said} ({say(language, self.work)})" if self.work else said

    def asks(self, why: str = "") -> list[Ask]:
        """The asks of this stop, all at the same time; `why` is added to the roles."""
        sort = Sort.WORK if self.work else Sort.DECISION
        if self.all:
            return [Ask((role,), role + why, sort=sort, label=self.work) for role in self.all]
        return [Ask(self.roles, OR.join(self.roles) + why, need=self.of or 1, sort=sort, label=self.work)]


class Route(BaseModel):
    """Who has to approve, in order, when every condition that is named holds.

    over, up_to            the amount in the employer's currency: above it; at most it
    over_days, up_to_days  how many days it takes: more; at most so many
    team                   the requester's team; `department` says the same
    auto                   nobody has to approve: up_to (or up_to_days) says until where, and steps hold work alone
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    kind: str
    over: Decimal | None = PydanticField(default=None, ge=0)
    up_to: Decimal | None = PydanticField(default=None, gt=0)
    over_days: Decimal | None = PydanticField(default=None, ge=0)
    up_to_days: Decimal | None = PydanticField(default=None, gt=0)
    category: str | None = None
    team: str | None = PydanticField(default=None, validation_alias=AliasChoices("team", "department"))
    place: str | None = None
    employer: str | None = None
    auto: bool = False
    steps: tuple[Stop, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> "Route":
        decisions = [each for each in self.steps if not each.work]
        if self.auto and self.up_to is None and self.up_to_days is None:
            raise ValueError("auto = true needs a limit: add up_to = 50 (an amount) or up_to_days = 1")
        if self.auto and decisions:
            raise ValueError("auto = true means that nobody decides: leave out the steps that are no work")
        if not self.auto and not decisions:
            raise ValueError('it names nobody who decides: add steps = [{ any = ["manager"] }], or auto = true')
        return self

    @property
    def conditions(self) -> dict[str, Any]:
        """The conditions that it names, by name, in the order they are said."""
        names = ("over", "up_to", "over_days", "up_to_days", "category", "team", "place", "employer")
        return {name: value for name in names if (value := getattr(self, name)) is not None}

    @property
    def weight(self) -> tuple[int, Decimal, Decimal, Decimal, Decimal, bool]:
        """How particular it is: the more conditions, then the higher what it is over, then the lower what it is up to.

        Of two alike, one that asks somebody comes before one that asks nobody.
        """
        nothing, everything = Decimal(0), Decimal("Infinity")
        return (
            len(self.conditions),
            self.over or nothing,
            self.over_days or nothing,
            -(self.up_to or everything),
            -(self.up_to_days or everything),
            not self.auto,
        )

    @property
    def impossible(self) -> bool:
        """True if nothing can ever be over and up to what it says."""
        amount = self.over is not None and self.up_to is not None and self.up_to <= self.over
        return amount or (
            self.over_days is not None and self.up_to_days is not None and self.up_to_days <= self.over_days
        )

    def fits(self, asked: "Asked") -> bool:
        """True if every condition that this route names holds."""
        amount, days, person = asked.amount, asked.days, asked.person
        return (
            self.kind == asked.kind
            and (self.over is None or (amount is not None and amount > self.over))
            and (self.up_to is None or (amount is not None and amount <= self.up_to))
            and (self.over_days is None or (days is not None and days > self.over_days))
            and (self.up_to_days is None or (days is not None and days <= self.up_to_days))
            and (self.category is None or self.category in asked.categories)
            and (self.team is None or self.team.casefold() == person.team.casefold())
            and (self.place is None or self.place.casefold() == person.place.name.casefold())
            and (self.employer is None or self.employer.casefold() == person.employer.name.casefold())
        )

    @property
    def written(self) -> str:
        """Whom it goes to, as one reads it: "manager, then 2 of finance, hr, then finance (pay)"."""
        stops = [each.written for each in self.steps]
        return ", then ".join([POLICY, *stops] if self.auto else stops)

    def stops(self, currency: str) -> list[list[Ask]]:
        """The asks of its steps, in order; each says what took it there."""
        out = [[Ask((POLICY,), POLICY + self._until(currency), auto=True)]] if self.auto else []
        for stop in self.steps:
            out.append(stop.asks("" if MANAGER in stop.roles else self._beyond()))
        return out

    def _beyond(self) -> str:
        amount = f"{OVER}{self.over:f}" if self.over is not None else ""
        return amount or (f"{LONGER}{self.over_days:f}" if self.over_days is not None else "")

    def _until(self, currency: str) -> str:
        return f"{UP_TO}{self.up_to:f} {currency}" if self.up_to is not None else f"{AT_MOST}{self.up_to_days:f}"


@dataclass(frozen=True)
class Asked:
    """What routes look at of a request.

    amount      in the employer's currency; infinite where no rate is known, so that it is over every limit
    categories  those of the request and of its lines
    """

    kind: str
    person: Person
    amount: Decimal | None = None
    days: Decimal | None = None
    categories: frozenset[str] = field(default_factory=frozenset[str])


def thresholds(routes: Sequence[Route], person: Person, *, kind: str) -> list[Decimal]:
    """The amounts above which requests of that kind from this person go another way."""
    asked = Asked(kind=kind, person=person)
    unlimited = {"over": None, "up_to": None, "over_days": None, "up_to_days": None, "category": None}
    fitting = [each for each in routes if each.model_copy(update=unlimited).fits(asked)]
    return sorted({limit for each in fitting for limit in (each.over, each.up_to) if limit is not None})


def chosen(routes: Sequence[Route], asked: Asked) -> tuple[int, Route] | None:
    """The most particular route that fits, with its number from 1; the later of two alike. None: there is none."""
    fitting = [(route.weight, number, route) for number, route in enumerate(routes, start=1) if route.fits(asked)]
    return max(fitting, key=lambda each: each[:2])[1:] if fitting else None


def said_why(language: str, why: str) -> str:
    """Why an Ask goes where it goes, as people of a language read it: "finance or HR, over 1,000"."""
    for mark in _SAID:
        roles, found, limit = why.partition(mark)
        if found:
            said = Either(tuple(say(language, each) for each in roles.split(OR))).said_in(language)
            return say(language, _SAID[mark], role=said, amount=_limit(mark, limit))
    return Either(tuple(say(language, each) for each in why.split(OR))).said_in(language)


_SAID = {
    OVER: "{role}, over {amount}",
    LONGER: "{role}, over {amount}",
    UP_TO: "{role} (up to {amount})",
    AT_MOST: "{role} (up to {amount})",
}


def _limit(mark: str, limit: str) -> object:
    if mark == UP_TO:
        amount, _, currency = limit.partition(" ")
        return Money(Decimal(amount), currency)
    return Decimal(limit) if mark == OVER else Count(Decimal(limit))


def said_conditions(language: str, conditions: Mapping[str, Any], *, currency: str) -> list[str]:
    """The conditions of a route as people of a language read them: "over €1,000.00", "in the team sales"."""
    out: list[str] = []
    for name, value in conditions.items():
        shown: object = value
        if name in ("over", "up_to"):
            shown = Money(Decimal(str(value)), currency)
        elif name in ("over_days", "up_to_days"):
            shown = Count(Decimal(str(value)))
        elif name == "category":
            shown = Title(str(value).replace("_", " ").capitalize())
        out.append(say(language, CONDITIONS[name], value=shown))
    return out


CONDITIONS = {
    "over": "over {value}",
    "up_to": "up to {value}",
    "over_days": "longer than {value}",
    "up_to_days": "at most {value}",
    "category": "category {value}",
    "team": "team {value}",
    "place": "place {value}",
    "employer": "employer {value}",
}


def collide(routes: Collection[tuple[int, Route]]) -> list[tuple[int, int]]:
    """Pairs of routes, by number, with the same conditions: the first of them never holds."""
    seen: dict[tuple[Any, ...], int] = {}
    out: list[tuple[int, int]] = []
    for number, route in routes:
        key = (route.kind, *((name, str(value).casefold()) for name, value in route.conditions.items()))
        if key in seen:
            out.append((seen[key], number))
        seen[key] = number
    return out
