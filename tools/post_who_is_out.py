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

LOOKED_AHEAD = timedelta(days=60)
"""How far the end of somebody's days away is looked for."""


def find(occasion: Occasion) -> Found | None:
    """Who is away today, on the days of this week that are still to come, and next week."""
    today, language = occasion.today, occasion.language
    sunday = today + timedelta(days=6 - today.weekday())
    next_sunday = sunday + timedelta(days=7)
    found = absences.spells(occasion.session, today, next_sunday + LOOKED_AHEAD, team=occasion.team)
    now_out = [each for each in found if each.start == today]
    later = [each for each in found if today < each.start <= sunday]
    next_week = [each for each in found if sunday < each.start <= next_sunday]
    parts = [
        *_part(language, say(language, "Out today:"), [_today(each, language) for each in now_out]),
        *_part(language, say(language, "Out later this week:"), [_said(each, language) for each in later]),
        *_part(language, say(language, "Out next week:"), [_said(each, language) for each in next_week]),
        *_holidays(occasion, today, next_sunday),
    ]
    if not now_out:
        parts.insert(0, say(language, "Nobody is out today."))
    return Found("\n".join(parts))


def _part(language: str, head: str, lines: list[str]) -> list[str]:
    """A head with its lines; nothing where there are none."""
    shown = [f"• {each}" for each in lines[:MOST]]
    if len(lines) > MOST:
        shown.append("• " + say(language, "and {count} more", count=len(lines) - MOST))
    return [head, *shown] if shown else []


def _today(spell: absences.Spell, language: str) -> str:
    name, words = spell.person.name, absences.HALVES.get(spell.part)
    if words:
        return say(language, "{when} ({part})", when=name, part=say(language, words))
    return say(language, "{name}, until {day}", name=name, day=spell.end) if spell.end > spell.start else name


def _said(spell: absences.Spell, language: str) -> str:
    return f"{spell.person.name}: {spell.said_in(language)}"


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
