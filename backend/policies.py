"""What the company has set: limits for each kind, and who has to approve what. Changes apply to new requests."""

from collections.abc import Collection, Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AliasChoices, BeforeValidator, PlainSerializer, ValidationError, model_validator
from pydantic import Field as PydanticField
from sqlalchemy import ForeignKey, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend import events, mistakes, routes
from backend.calendars import Pause, pause
from backend.forms import Data, Form, plain
from backend.kinds import Ask, Kind, kinds_of
from backend.mistakes import Names, Problem
from backend.people import Employer, Person, Place, Role
from backend.refusals import Refusal
from backend.routes import MANAGER, Asked, Route, Stop
from backend.store import Base, Doc, Moment, known, now

if TYPE_CHECKING:
    from backend.requests import Request

ROUTES = "routes"


class Policy(Base):
    """One version of what was set for a kind, or of all routes; the newest applies."""

    __tablename__ = "policies"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(index=True)
    body: Mapped[Any] = mapped_column(Doc)
    since: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


Length = Annotated[Pause, BeforeValidator(pause), PlainSerializer(str)]


class Approvals(Form):
    """What holds for approvals of every kind; [approvals] in policies.toml.

    top               roles asked instead of the manager of somebody who has none; or { of = 2, from = [roles] }
    top_of            how many of them have to say yes
    remind            working time ("1 day", "4 hours") after which whoever it waits for is reminded, and again
    escalate          working time after which it goes to the next in the chain
    urgent_within_days  days before it has to be decided from which on a request is urgent; left out: none ever is
    urgent_remind, urgent_escalate  the same of urgent ones, of which people also hear outside working hours
    snooze_days       working days by which an approver may put off what waits for them
    absence_stand_in  while an approver is on approved leave, their stand-in decides, else their manager
    """

    top: tuple[str, ...] = ("finance", "hr")
    top_of: int = PydanticField(default=1, ge=1)
    remind: Length = PydanticField(default=Pause(1), validation_alias=AliasChoices("remind", "remind_days"))
    escalate: Length = PydanticField(default=Pause(3), validation_alias=AliasChoices("escalate", "escalate_days"))
    urgent_within_days: int | None = PydanticField(default=None, ge=0)
    urgent_remind: Length = Pause(2, hours=True)
    urgent_escalate: Length = Pause(1)
    undo_minutes: int = PydanticField(default=30, ge=0)
    snooze_days: int = PydanticField(default=5, ge=1)
    absence_stand_in: bool = True

    @model_validator(mode="before")
    @classmethod
    def _as_a_step(cls, values: Any) -> Any:
        """`top` may be written as the step of a route is."""
        top = values.get("top") if isinstance(values, Mapping) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        if not isinstance(top, Mapping):
            return values  # pyright: ignore[reportUnknownVariableType]
        stop = Stop.model_validate(top)
        if stop.work:
            raise ValueError("top names who decides: leave out work")
        need = len(stop.all) or stop.of or 1
        return {**values, "top": stop.roles, "top_of": need}  # pyright: ignore[reportUnknownVariableType]


class Channels(Form):
    """The most sensitive data that may travel by each platform; [channels] in policies.toml."""

    slack: Data = Data.PRIVATE
    telegram: Data = Data.PRIVATE


def limits(session: Session, kind: Kind[Any]) -> Form:
    """The limits now set for a kind, defaults where nothing is set."""

    def read() -> Form:
        rows = kind.policy_lines
        return kind.policy.model_validate({n: v for n, v in body(session, kind.name).items() if n not in rows})

    return known(session, ("limits", kind.name), of=(Policy,), read=read)


def limit_lines(session: Session, kind: Kind[Any], table: str) -> list[Any]:
    """The rows of one of a kind's policy tables (leave types, ...), as set; empty if none is."""
    form = kind.policy_lines[table]
    rows = known(
        session,
        ("limits", kind.name, table),
        of=(Policy,),
        read=lambda: [form.model_validate(row) for row in body(session, kind.name).get(table, [])],
    )
    return list(rows)


def approvals(session: Session) -> Approvals:
    """What holds for approvals of every kind."""
    return known(session, "approvals", of=(Policy,), read=lambda: Approvals.model_validate(body(session, "approvals")))


def ceiling(session: Session, channel: str) -> Data | None:
    """The most sensitive data that policy lets travel by a platform; None for a channel that is ours."""
    if channel not in Channels.model_fields:
        return None
    return getattr(Channels.model_validate(body(session, "channels")), channel)


def urgent(session: Session, request: "Request") -> bool:
    """True if policy calls a request urgent now: few days are left until it has to be decided."""
    found = urgent_from(session, request)
    return found is not None and found[0] <= now(session) < found[1]


def urgent_from(session: Session, request: "Request") -> tuple[datetime, datetime] | None:
    """From when until when a request is urgent (aware), by the days where its requester works; None: never."""
    within = approvals(session).urgent_within_days
    if within is None:
        return None
    from backend import requests

    kind = kinds_of(session)[request.kind]
    day = kind.due(*requests.forms_of(kind, request))
    if day is None:
        return None
    midnight = datetime.combine(day, time(), tzinfo=ZoneInfo(request.person.place.timezone))
    return midnight - timedelta(days=within), midnight + timedelta(days=1)


def all_routes(session: Session) -> list[Route]:
    """The routes now set, in the order of policies.toml."""
    return [Route.model_validate(each) for each in body(session, ROUTES).get("route", [])]


def route_for(
    session: Session,
    person: Person,
    *,
    kind: str,
    amount: Decimal | None,
    category: str | Collection[str] | None,
    days: Decimal | None = None,
) -> list[list[Ask]]:
    """The stops that a request of this person has to pass: the most particular route that fits, else the manager.

    amount    in the employer's currency; infinite where no rate is known: the route for the highest amount holds
    category  of the request, or of each of its lines
    """
    categories = frozenset({category} if isinstance(category, str) else category or ())
    asked = Asked(kind=kind, person=person, amount=amount, days=days, categories=categories)
    found = routes.chosen(all_routes(session), asked)
    why = {"amount": amount, "days": days, "category": sorted(categories)}
    if found is None:
        return [[Ask((MANAGER,), MANAGER, route=plain(why))]]
    number, route = found
    why |= {"number": number, "route": route.model_dump(by_alias=True, exclude_defaults=True)}
    return [
        [Ask(a.roles, a.why, a.need, a.sort, a.label, auto=a.auto, route=plain(why)) for a in stop]
        for stop in route.stops(person.employer.currency)
    ]


def body(session: Session, name: str) -> dict[str, Any]:
    """What was last set under a name, as it was written; empty if nothing was."""
    return dict(known(session, "policies", of=(Policy,), read=lambda: _newest(session)).get(name, {}))


def _newest(session: Session) -> dict[str, dict[str, Any]]:
    """What was last set under each name."""
    last = select(func.max(Policy.id)).group_by(Policy.name)
    return dict(session.execute(select(Policy.name, Policy.body).where(Policy.id.in_(last))).all())


def check(document: Mapping[str, Any], kinds: Mapping[str, Kind[Any]], *, names: Names | None = None) -> list[Problem]:
    """What is wrong with a policies.toml as read, empty if nothing is.

    names  those of people, roles and places: with them, it is also told what nobody holds and what does not exist
    """
    problems: list[Problem] = []
    for name, table in document.items():
        try:
            if name == "route":
                problems += mistakes.route_problems(table, kinds, document, names)
            elif name == "approvals":
                top = Approvals.model_validate(table).top
                problems += [
                    Problem("approvals", text, key="top")
                    for role in top
                    for text in mistakes.role_problems(role, names)
                ]
            elif name == "channels":
                Channels.model_validate(table)
            elif name in kinds:
                kind = kinds[name]
                kind.policy.model_validate({key: value for key, value in table.items() if key not in kind.policy_lines})
                for key, row_form in kind.policy_lines.items():
                    for row in table.get(key, []):
                        row_form.model_validate(row)
            else:
                problems.append(Problem(name, f"there is no such kind; there are {', '.join(kinds)}"))
        except ValidationError as error:
            problems += [Problem(name, *mistakes.said(each)) for each in error.errors()]
        except (TypeError, AttributeError):
            problems.append(Problem(name, f"write it as a table: [{name}], and under it one setting a line"))
    return problems


def set_all(
    session: Session, document: Mapping[str, Any], *, by: Person | None, kinds: Mapping[str, Kind[Any]]
) -> list[str]:
    """Sets what a policies.toml says; unchanged parts stay as they are. Returns the names that changed.

    A Refusal lists everything that is wrong with it, and nothing is set.
    """
    problems = check(document, kinds, names=names_here(session))
    if problems:
        listed = "; ".join(str(each) for each in problems)
        raise Refusal("policies.toml cannot be used as it is: {problems}", problems=listed)
    wanted = {name: plain(table) for name, table in document.items() if name != "route"}
    wanted[ROUTES] = {"route": plain(document.get("route", []))}
    changed = [name for name, table in wanted.items() if body(session, name) != table]
    for name in changed:
        before = body(session, name)
        session.add(Policy(name=name, body=wanted[name], since=now(session), by_id=by.id if by else None))
        events.record(
            session,
            "policy.changed",
            by=by,
            subject=f"policy:{name}",
            detail={"before": before, "after": wanted[name]},
        )
    session.flush()
    if "approvals" in changed:
        from backend import escalations

        escalations.retime_all(session)
    return changed


def names_here(session: Session) -> Names:
    """The names of the people, roles, places and employers that are here."""
    people = list(session.execute(select(Person.handle, Person.name)))
    return Names(
        handles=frozenset(handle.casefold() for handle, _ in people),
        people=frozenset(name.casefold() for _, name in people),
        held=frozenset(session.scalars(select(Role.role))),
        places=frozenset(each.casefold() for each in session.scalars(select(Place.name))),
        employers=frozenset(each.casefold() for each in session.scalars(select(Employer.name))),
    )
