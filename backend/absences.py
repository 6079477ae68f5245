"""Who is away and on which days, as whoever may read it is told: never why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import calendars, leave, people
from backend.calendars import Part
from backend.people import Person
from backend.words import Span, say


@dataclass(frozen=True)
class Spell:
    """Somebody's days away without a day of work between them; `part` where it is half of a single day."""

    person: Person
    start: date
    end: date
    part: Part = Part.FULL

    def said_in(self, language: str) -> str:
        """The days: Thu 26 Nov 2026 (in the morning)."""
        days = Span(self.start, self.end).said_in(language)
        words = HALVES.get(self.part)
        return say(language, "{when} ({part})", when=days, part=say(language, words)) if words else days


HALVES = {Part.AM: "in the morning", Part.PM: "in the afternoon", Part.HALF: "half a day"}


def spells(session: Session, start: date, end: date, *, team: str = "") -> list[Spell]:
    """Who is away from one day to another, inclusive, by name: of everybody who works here, or of one team."""
    days: dict[int, dict[date, Part]] = {}
    for row in leave.away(session, start, end):
        theirs = days.setdefault(row.person_id, {})
        theirs[row.day] = Part.FULL if row.day in theirs else Part(row.part)  # two halves of it are the whole day
    out: list[Spell] = []
    for person in session.scalars(select(Person).where(Person.id.in_(days))):
        if people.works_here(session, person) and (not team or person.team.casefold() == team.casefold()):
            out += _spells(session, person, days[person.id])
    return sorted(out, key=lambda each: (each.person.name, each.start))


def _spells(session: Session, person: Person, days: dict[date, Part]) -> list[Spell]:
    runs: list[list[date]] = []
    for day in sorted(days):
        if runs and days[day] is Part.FULL and _follows(session, person, runs[-1], day, days):
            runs[-1].append(day)
        else:
            runs.append([day])
    return [Spell(person, run[0], run[-1], days[run[0]] if len(run) == 1 else Part.FULL) for run in runs]


def _follows(session: Session, person: Person, run: Sequence[date], day: date, days: dict[date, Part]) -> bool:
    """Whether a whole day off goes on from the run before: the person works on no day between."""
    if days[run[-1]] is not Part.FULL:
        return False
    between = calendars.span(run[-1] + timedelta(days=1), day - timedelta(days=1))
    return not any(calendars.works_on(session, person, each) for each in between)
