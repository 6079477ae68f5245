"""Looks up who is away, without ever saying why."""

from datetime import date

from backend import absences, people
from backend.forms import Form, blank
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
    found = absences.spells(session, start, end, team=asked.team or "")
    lines = [
        say(me.language, "{name} is away {when}.", name=each.person.name, when=each.said_in(me.language))
        for each in found
        if only is None or each.person.id == only.id
    ]
    if lines:
        return Found("\n".join(lines))
    if only:
        return Found(say(me.language, "{name} is not away {when}.", name=only.name, when=Span(start, end)))
    return Found(say(me.language, "Nobody is away {when}.", when=Span(start, end)))


LOOK = Look("look_who_is_out", ("who_is_out",), When, find, "Who is away on which days, never why.")
