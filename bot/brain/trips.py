"""What is said of a trip that a table pays by the day: from when to when, how many nights, which meals, where."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from backend.forms import Blank, Widget
from backend.kinds import Kind
from bot.brain import numbers
from bot.brain.choices import chosen
from bot.brain.dates import Lean, kept_day
from bot.brain.hearing import QUESTION, Heard
from bot.brain.negations import NOT, WITHOUT
from bot.brain.places import place_in, unknown_place_in

FIELDS = frozenset({"start", "end", "country", "city", "nights", "breakfasts", "lunches", "dinners"})
"""What a form has to ask for that is about such a trip."""

_MANY = r"(?P<many>\d{1,3}|[a-z]+)"
_NIGHTS = re.compile(rf"\b{_MANY}\s+(?:nights?|noches?|noites?|nuits?|nachte?n?|nott[ei])\b")
_HOTEL = re.compile(r"\b(?:hotel|hostel|airbnb|hostal|albergo|pension|bill|factura|fatura|facture|rechnung|fattura)\b")
_WITHOUT_BILL = re.compile(
    r"\b(?:without|no|sin|sem|sans|ohne|senza)\s+(?:(?:a|an|any|una?|uma|eine|hotel)\s+)*"
    r"(?:hotel|bill|factura|fatura|facture|rechnung|hotelrechnung|fattura)\b"
)
_MEALS = {
    "breakfasts": r"breakfasts?|desayunos?|pequenos?[ -]almocos?|cafes? da manha|petits?[ -]dejeuners?|fruhstucke?"
    r"|colazion[ei]|prime colazioni",
    "lunches": r"lunch(?:es)?|comidas?|almuerzos?|(?<!pequeno[ -])(?<!pequenos[ -])almocos?"
    r"|(?<!petit[ -])(?<!petits[ -])dejeuners?|mittagessen|pranz[oi]",
    "dinners": r"dinners?|suppers?|cenas?|jantar(?:es)?|diners?|abendessen|cen[ae]",
}
_GIVEN = (
    r"(?:included|provided|paid|free|incluid[oa]s?|pagad[oa]s?|invitad[oa]s?|pag[oa]s?|inclus[oaei]?s?|compris(?:es)?|offerts?"
    r"|payes?|inklusive|inbegriffen|enthalten|gestellt|dabei|frei|offert[oaie]|pagat[oaie])"
)
_BEFORE = r"(?:with|including|incl\.?|con|com|avec|mit|inklusive|inkl\.?|compreso)"
_GIVEN_MEALS = (
    rf"\b(?:(?P<before>{_BEFORE})\s+)?(?:(?P<many>\d{{{{1,3}}}})\s+)?(?:{{meals}})\b"
    rf"(?P<listed>(?:\s*(?:,|and|y|e|et|und|&)\s*\w+){{{{0,2}}}}\s+(?:\w+\s+)?{_GIVEN}\b)?"
)
_NOT = re.compile(rf"\b(?:{WITHOUT}|{NOT})\s+(?:\w+\s+){{0,2}}$")
_BOARD = (
    (
        re.compile(
            r"\b(?:full board|pension completa|pensao completa|pension complete|vollpension|pensione completa"
            r"|all meals|todas las comidas|todas as refeicoes|tous les repas|alle mahlzeiten|tutti i pasti)\b"
        ),
        ("breakfasts", "lunches", "dinners"),
    ),
    (
        re.compile(r"\b(?:half[ -]board|media pension|meia pensao|demi-?pension|halbpension|mezza pensione)\b"),
        ("breakfasts", "dinners"),
    ),
)
_CLOCK = re.compile(r"(?<![\d.,:])(?P<hour>[01]?\d|2[0-3])[:.h](?P<minute>[0-5]\d)(?![\d.,]|\s*(?:€|eur|%))")


def details_in(
    heard: Heard, kind: Kind[Any], said: Mapping[str, Any], *, awaiting: str | None = None
) -> dict[str, Any]:
    """The details of a trip for a kind that asks for them instead of an amount; {} where it does not.

    said      what the draft holds, and what was read of the message
    awaiting  the field that was just asked for
    """
    blanks = {each.name: each for each in kind.sayable()}
    money = next((each.name for each in blanks.values() if each.widget is Widget.MONEY and each.required), None)
    if money is None or not blanks.keys() >= FIELDS or kind.asks_instead(money, {**said, "start": None}) != "start":
        return {}
    out = _days(heard)
    if awaiting == "country" or "country" not in out:
        out |= _where(heard, blanks["country"], awaiting=awaiting)
    start, end = (kept_day({**said, **out}.get(name)) for name in ("start", "end"))
    nights = (end - start).days if start and end else None
    told = _nights(heard)
    if told is not None and start and end is None:
        out["end"], nights = (start + timedelta(days=told)).isoformat(), told
    if told is not None and (_WITHOUT_BILL.search(heard.folded) or not _HOTEL.search(heard.folded)):
        out["nights"] = told
    return out | _meals(heard, told if nights is None else nights) | _times(heard)


def claimed(heard: Heard) -> str | None:
    """The intent of the kind whose trips are named in a message that tells their days: "diaria dal 9 all'11"."""
    if QUESTION.match(heard.folded) or heard.folded.rstrip().endswith("?"):
        return None
    for kind in heard.turn.kinds.values():
        for blank in kind.sayable() if {each.name for each in kind.sayable()} >= FIELDS else ():
            found = chosen(heard.folded, blank.options, fuzzy=False) if blank.options and blank.required else None
            if found is not None and {"start", "end"} <= details_in(heard, kind, {blank.name: found[0]}).keys():
                return kind.intent
    return None


def _days(heard: Heard) -> dict[str, Any]:
    days = heard.said_days(Lean.PAST)
    found = next((each for each in days if each.start and each.end and each.start < each.end), None)
    if found is None or found.start is None or found.end is None:
        first = next((each.start for each in days if each.start), None)
        return {"start": first.isoformat(), "date": first.isoformat()} if first and _nights(heard) else {}
    over = found.end <= heard.today or not found.weekdays  # weekdays are those of a trip that is over
    back = timedelta(days=0 if over else 7)
    start, end = (each - back for each in (found.start, found.end))
    return {"start": start.isoformat(), "end": end.isoformat(), "date": start.isoformat()}


def _where(heard: Heard, country: Blank, *, awaiting: str | None) -> dict[str, Any]:
    found = place_in(heard)
    if found is None and awaiting is None:
        found = unknown_place_in(heard)
    code = heard.text.strip(" .!").upper()
    if found is None and awaiting == country.name and re.fullmatch("[A-Z]{2}", code):
        return {"country": code}
    if found is None:
        return {}
    return {name: value for name, value in (("country", found.country), ("city", found.city)) if value}


def _nights(heard: Heard) -> int | None:
    found = _NIGHTS.search(heard.folded)
    return None if found is None else int(found["many"]) if found["many"].isdigit() else numbers.word(found["many"])


def _meals(heard: Heard, nights: int | None) -> dict[str, Any]:
    """How many of each meal others provided: as many as are said, else one for each night, or day for lunch."""
    out: dict[str, Any] = {}
    each_day = {"breakfasts": nights, "dinners": nights, "lunches": None if nights is None else nights + 1}
    for board, names in _BOARD:
        if board.search(heard.folded):
            return {name: each_day[name] for name in names if each_day[name]}
    for name, words in _MEALS.items():
        for found in re.finditer(_GIVEN_MEALS.format(meals=words), heard.folded):
            said = found["listed"]
            if _NOT.search(heard.folded[: found.start()]) or not (found["before"] or said or found["many"]):
                continue
            if said and _NOT.search(said.rsplit(None, 1)[0] + " "):
                continue  # "breakfast not included"
            count = int(found["many"]) if found["many"] else each_day[name]
            if count:
                out[name] = count
    return out


def _times(heard: Heard) -> dict[str, Any]:
    """Two times of day: when the trip began, and when it ended."""
    found = [f"{int(each['hour']):02d}:{each['minute']}" for each in _CLOCK.finditer(heard.folded)]
    return dict(zip(("start_time", "end_time"), found, strict=True)) if len(found) == 2 else {}
