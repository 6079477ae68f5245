"""The post of who is out: today, in the rest of the week and in the next, never why."""

from datetime import date, timedelta

from sqlalchemy import select

from backend import absences, calendars
from backend.people import Person, Place
from backend.schedules import What
from backend.words import say
from tools.bulletin import Bulletin, Occasion
from tools.look import Found

MOST = 40
"""People whom one part of it names; of the others it says how many there are."""


def find(occasion: Occasion) -> Found | None:
    """Who is away today, on the days of this week that are still to come, and next week."""
    today, language = occasion.today, occasion.language
    sunday = today + timedelta(days=6 - today.weekday())
    parts = [
        *_part(occasion, say(language, "Out today:"), today, today, always=True),
        *_part(occasion, say(language, "Out later this week:"), today + timedelta(days=1), sunday),
        *_part(occasion, say(language, "Out next week:"), sunday + timedelta(days=1), sunday + timedelta(days=7)),
        *_holidays(occasion, today, sunday + timedelta(days=7)),
    ]
    return Found("\n".join(parts))


def _part(occasion: Occasion, head: str, start: date, end: date, *, always: bool = False) -> list[str]:
    """A head with a line for each spell; nothing where nobody is away, but for today."""
    language = occasion.language
    found = absences.spells(occasion.session, start, end, team=occasion.team) if start <= end else []
    if not found:
        return [say(language, "Nobody is out today.")] if always else []
    if start == end == occasion.today:
        lines = [_today(each, language) for each in found[:MOST]]
    else:
        lines = [f"• {each.person.name}: {each.said_in(language)}" for each in found[:MOST]]
    if len(found) > MOST:
        lines.append("• " + say(language, "and {count} more", count=len(found) - MOST))
    return [head, *lines]


def _today(spell: absences.Spell, language: str) -> str:
    words = absences.HALVES.get(spell.part)
    name = spell.person.name
    return "• " + (say(language, "{when} ({part})", when=name, part=say(language, words)) if words else name)


def _holidays(occasion: Occasion, start: date, end: date) -> list[str]:
    """The public holidays of the places where somebody works, in these days."""
    session, language = occasion.session, occasion.language
    lines: list[str] = []
    used = select(Place).where(Place.id.in_(select(Person.place_id))).order_by(Place.name)
    for place in session.scalars(used):
        for day in calendars.span(start, end):
            if calendars.halves_free(session, place, day) and day.weekday() < 5:
                name = calendars.holiday_name(session, place, day) or ""
                words = {"place": place.name, "day": day, "name": name}
                lines.append("• " + say(language, "{place}: {day}, {name}", **words))
    return [say(language, "Holidays:"), *lines] if lines else []


POST = Bulletin(What.WHO_IS_OUT, "Who is out", find)
