"""Earlier requests of a kind, by the same person, their team or for the same cost centre: what a new one is like."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from backend.kinds import Kind
from backend.people import Person
from backend.requests import REJECTED, WITHDRAWN, Request, forms_of
from backend.spending import MoneyEntry


@dataclass(frozen=True)
class Earlier:
    """An earlier request that was not rejected or withdrawn.

    amount  in the employer's currency
    mine    the same person asked; same_centre: the same cost centre pays
    """

    ref: str
    who: str
    amount: Decimal
    form: Any
    lines: list[Any]
    mine: bool
    same_team: bool
    same_centre: bool


def requests_of(
    session: Session, person: Person, kind: Kind[Any], *, since: date, cost_centre: str, besides: int | None
) -> list[Earlier]:
    """Those made from a day on at the person's employer, newest first, a hundred at most; `besides` is left out."""
    start = datetime.combine(since, time.min, tzinfo=ZoneInfo(person.place.timezone))
    paid = select(MoneyEntry.request).where(
        MoneyEntry.employer_id == person.employer_id,
        MoneyEntry.kind == kind.name,
        MoneyEntry.cost_centre == cost_centre,
        MoneyEntry.day >= since,
    )
    centre = set(session.scalars(paid)) if cost_centre else set[int]()
    theirs = [Request.person_id == person.id, Request.number.in_(centre)]
    if person.team:
        theirs.append(Person.team == person.team)
    wanted = (
        select(Request)
        .join(Request.person)
        .where(
            Request.kind == kind.name,
            Request.employer_id == person.employer_id,
            Request.made_at >= start,
            Request.state.not_in((REJECTED, WITHDRAWN)),
            Request.number != (besides or 0),
            or_(*theirs),
        )
        .options(joinedload(Request.person), selectinload(Request.lines))
        .order_by(Request.number.desc())
        .limit(100)
    )
    out: list[Earlier] = []
    for each in session.scalars(wanted):
        form, lines = forms_of(kind, each)
        out.append(
            Earlier(
                ref=f"{kind.prefix}-{each.number}",
                who=each.person.name,
                amount=kind.amount(form, lines) or Decimal(0),
                form=form,
                lines=lines,
                mine=each.person_id == person.id,
                same_team=bool(person.team) and each.person.team == person.team,
                same_centre=each.number in centre,
            )
        )
    return out
