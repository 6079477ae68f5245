"""Looks up who is away, without ever saying why."""

from datetime import date

from backend import leave, people
from backend.kinds import Form, blank
from backend.people import Person
from backend.words import Span, say
from tools.look import Around, Found, Look


class When(Form):
    """From when to when; one person or one team, or everybody in the person's own team."""

    start: date | None = blank("First day", default=None)
    end: date | None = blank("Last day", default=None)
    person: str | None = blank("Person", default=None)
    team: str | None = blank("Team", default=None)


def find(around: Around, asked: When) -> Found:
    """Who is away and on which days: never the kind of absence."""
    session, me = around.session, around.person
    start = asked.start or people.today(session, me)
    end = max(asked.end or start, start)
    only = people.find(session, asked.person) if asked.person else None
    days: dict[int, list[date]] = {}
    for row in leave.away(session, start, end):
        days.setdefault(row.person_id, []).append(row.day)
    lines: list[str] = []
    for person_id, away in days.items():
        other = session.get_one(Person, person_id)
        wanted = other.id == only.id if only else (asked.team is None or other.team.lower() == asked.team.lower())
        if wanted:
            lines.append(say(me.language, "{name} is away {when}.", name=other.name, when=Span(min(away), max(away))))
    if lines:
        return Found("\n".join(lines))
    if only:
        return Found(say(me.language, "{name} is not away {when}.", name=only.name, when=Span(start, end)))
    return Found(say(me.language, "Nobody is away {when}.", when=Span(start, end)))


LOOK = Look("look_who_is_out", ("who_is_out",), When, find, "Who is away on which days, never why.")
