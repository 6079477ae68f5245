"""Notices about leave: what was entered for somebody, given back, corrected, about to lapse, lapsed or kept."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from backend import leave_types, people, requests
from backend.events import Happening
from backend.leave_types import LeaveType
from backend.people import Person
from backend.requests import Request
from backend.words import Count, Hours, Span, say
from bot.notices import tell
from bot.replies import Reply

if TYPE_CHECKING:
    from bot.app import App

MOST_NAMED = 20
"""People whom one message names; of the others it says how many there are."""


def request_filed_for(session: Session, app: "App", happening: Happening) -> None:
    """Somebody entered something for a colleague, who hears of it and may take it back."""
    request = session.get(Request, int(happening.subject.partition(":")[2]))
    by = session.get(Person, happening.actor_id) if happening.actor_id else None
    if request is None or by is None:
        return
    person = request.person
    words = {
        "who": by.name,
        "what": requests.summary(session, request, person.language),
        "ref": requests.ref(session, request),
    }
    if request.state == requests.PENDING:
        text = say(person.language, "{who} asked for time off for you: {what} ({ref}).", **words)
    else:
        text = say(person.language, "{who} recorded time off for you: {what} ({ref}).", **words)
    if happening.detail.get("reason"):
        text += " " + say(person.language, "They wrote: “{comment}”.", comment=happening.detail["reason"])
    text += " " + say(person.language, "If that is not right, press Withdraw or talk to them.")
    tell(session, app, person, Reply(text, card=request.subject), happening=happening)


def leave_given_back(session: Session, app: "App", happening: Happening) -> None:
    """Days of leave came back because something else, such as sickness, took their place: person and manager hear."""
    mine = "{amount} of {ref} ({when}) are given back to you, since you are away for another reason then."
    other = "{name} gets {amount} of {ref} ({when}) back, being away for another reason then."
    _tell_of_days(session, app, happening, mine=mine, other=other)


def leave_counts_again(session: Session, app: "App", happening: Happening) -> None:
    """What took the place of leave is gone, so that it counts again: person and manager hear."""
    mine = "{amount} of {ref} ({when}) count again, since you are not away for another reason then any more."
    other = "{amount} of {name}'s {ref} ({when}) count again: what had come in their place is gone."
    _tell_of_days(session, app, happening, mine=mine, other=other)


def _tell_of_days(session: Session, app: "App", happening: Happening, *, mine: str, other: str) -> None:
    """Days of somebody's leave came back, or count again: they and their manager hear."""
    person = _person(session, happening)
    if person is None:
        return
    days = [date.fromisoformat(each) for each in happening.detail["days_on"]]
    manager = people.manager_of(session, person)
    for reader in (person, *([manager] if manager else [])):
        words: dict[str, object] = {
            "ref": happening.detail["ref"],
            "amount": _amount(session, happening),
            "when": Span(min(days), max(days)),
            "name": person.name,
        }
        text = say(reader.language, mine if reader is person else other, **words)
        tell(session, app, reader, Reply(text), happening=happening)


def balance_corrected(session: Session, app: "App", happening: Happening) -> None:
    """HR corrected a balance: the person hears by how much, why, and what it is now."""
    person, by = _person(session, happening), session.get(Person, happening.actor_id or 0)
    if person is None or by is None:
        return
    text = "{who} corrected your balance of {kind} by {amount}: {reason}. You now have {left}."
    told = say(
        person.language,
        text,
        who=by.name,
        kind=_title(session, happening, person),
        amount=_amount(session, happening),
        reason=str(happening.detail["reason"]).rstrip("."),
        left=_said(_kind(session, happening), happening.detail["left"]),
    )
    tell(session, app, person, Reply(told), happening=happening)


def lapse_announced(session: Session, app: "App", happening: Happening) -> None:
    """Something is about to lapse: the person hears how much, and by when to take it."""
    person = _person(session, happening)
    if person is None:
        return
    text = (
        "You still have {amount} of {kind} from {year}. They lapse unless you take them by {day}. "
        "Tell me when you would like to be away, and I'll ask for it."
    )
    told = say(
        person.language,
        text,
        amount=_amount(session, happening),
        kind=_title(session, happening, person),
        year=happening.detail["year"],
        day=date.fromisoformat(happening.detail["lapses_on"]),
    )
    tell(session, app, person, Reply(told), happening=happening)


def balance_lapsed(session: Session, app: "App", happening: Happening) -> None:
    """Something lapsed: the person hears how much."""
    person = _person(session, happening)
    if person is None:
        return
    text = "{amount} of {kind} from {year} have lapsed, as I wrote to you before. HR can help if something kept you."
    told = say(
        person.language,
        text,
        amount=_amount(session, happening),
        kind=_title(session, happening, person),
        year=happening.detail["year"],
    )
    tell(session, app, person, Reply(told), happening=happening)


def lapse_missed(session: Session, app: "App", happening: Happening) -> None:
    """Something would have lapsed, but nobody was told in time: it stays, and HR hears of whom."""
    types = leave_types.of(session)
    for reader in people.holders(session, "hr"):
        lines = [
            say(
                reader.language,
                "{name}: {amount} of {kind}",
                name=people.find(session, each["who"]).name,
                amount=_said(leave_types.named(types, each["leave_type"]), each["days"]),
                kind=say(reader.language, leave_types.named(types, each["leave_type"]).title),
            )
            for each in happening.detail["kept"][:MOST_NAMED]
        ]
        more = len(happening.detail["kept"]) - len(lines)
        if more:
            lines.append(say(reader.language, "and {count} more", count=more))
        text = say(
            reader.language,
            "These stay, although they would have lapsed: no notice reached the person in time.\n{lines}",
            lines="\n".join(f"• {each}" for each in lines),
        )
        tell(session, app, reader, Reply(text), happening=happening)


NOTICES: dict[str, Callable[[Session, "App", Happening], None]] = {
    "request.filed_for": request_filed_for,
    "leave.given_back": leave_given_back,
    "leave.counts_again": leave_counts_again,
    "balance.corrected": balance_corrected,
    "lapse.announced": lapse_announced,
    "balance.lapsed": balance_lapsed,
    "lapse.missed": lapse_missed,
}


def _person(session: Session, happening: Happening) -> Person | None:
    """Whom an event is about; nobody once what it says was erased."""
    sort, _, number = happening.subject.partition(":")
    return session.get(Person, int(number)) if sort == "person" and happening.detail else None


def _kind(session: Session, happening: Happening) -> LeaveType:
    return leave_types.named(leave_types.of(session), str(happening.detail["leave_type"]))


def _title(session: Session, happening: Happening, reader: Person) -> str:
    return say(reader.language, _kind(session, happening).title)


def _amount(session: Session, happening: Happening) -> Count | Hours:
    return _said(_kind(session, happening), happening.detail["days"])


def _said(kind: LeaveType, amount: object) -> Count | Hours:
    return kind.said(Decimal(str(amount)).normalize() + 0)
