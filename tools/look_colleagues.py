"""Looks up who works with whom: somebody's manager, who reports to them, who is in a team, how to write to somebody."""

from enum import StrEnum

from sqlalchemy.orm import Session

from backend import people
from backend.forms import Form, blank
from backend.people import Person
from backend.refusals import Refusal
from backend.words import say
from tools.look import Around, Found, Look

SHOWN = 20
"""Names in one answer; of a larger team the rest is counted."""


class About(StrEnum):
    """What is asked about somebody."""

    MANAGER = "manager"
    REPORTS = "reports"
    TEAM = "team"
    EMAIL = "email"


class WhichColleague(Form):
    """Somebody, or a team, and what is asked; nobody named is the person who asks."""

    about: About = blank("What", default=About.MANAGER)
    person: str | None = blank("Person", default=None)
    team: str | None = blank("Team", default=None)


def find(around: Around, asked: WhichColleague) -> Found:
    """What everybody who works here may know of each other; a Refusal where nobody is called so."""
    session, me = around.session, around.person
    who = people.find(session, asked.person) if asked.person else me
    if not people.works_here(session, who):
        raise Refusal("{name} does not work here any more, or not yet.", name=who.name)
    match asked.about:
        case About.MANAGER:
            return Found(_manager(session, who, me))
        case About.EMAIL:
            return Found(f"{who.name}: {who.email}")
        case About.REPORTS:
            found = [name for _, _, name, _, manager in people.directory(session) if manager == who.handle]
            if not found:
                return Found(say(me.language, "Nobody reports to {name}.", name=who.name))
            return Found(say(me.language, "To {name} report: {names}.", name=who.name, names=_names(found, me)))
        case About.TEAM:
            team = asked.team or who.team
            found = [name for _, _, name, each, _ in people.directory(session) if each.casefold() == team.casefold()]
            if not team or not found:
                return Found(say(me.language, "I find nobody in a team of that name."))
            return Found(say(me.language, "In {team}: {names}.", team=team, names=_names(found, me)))


def _manager(session: Session, who: Person, me: Person) -> str:
    boss = session.get(Person, who.manager_id) if who.manager_id else None
    if boss is None:
        return say(me.language, "{name} has no manager here.", name=who.name)
    if who.id == me.id:
        return say(me.language, "Your manager is {name} ({email}).", name=boss.name, email=boss.email)
    return say(me.language, "The manager of {who} is {name} ({email}).", who=who.name, name=boss.name, email=boss.email)


def _names(found: list[str], me: Person) -> str:
    names = ", ".join(sorted(found)[:SHOWN])
    more = len(found) - SHOWN
    return names if more <= 0 else say(me.language, "{names} and {count} more", names=names, count=more)


LOOK = Look(
    "look_colleagues",
    ("colleague.ask",),
    WhichColleague,
    find,
    "Who somebody's manager is, who reports to them, who is in a team, and anybody's work e-mail address.",
)
