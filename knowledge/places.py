"""Places that a document names in its headings or in a column, so that HR can say whether it holds only there."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.people import Place
from knowledge.geography import country_names
from knowledge.passages import blocks, plain
from knowledge.reading import Reading

_COLUMN = re.compile(
    r"^(?:places?|locations?|offices?|country|countries|sites?|city|lugar|oficina|pa[ií]s|sede|local|escrit[oó]rio|"
    r"lieu|bureau|pays|site|ort|standort|land|b[uü]ro|luogo|ufficio|paese)$",
    re.IGNORECASE,
)


def named(session: Session, reading: Reading) -> tuple[str, ...]:
    """The places of the company, or their countries, that the title, a heading or a column for places names."""
    known: dict[str, str] = {}
    for place in session.scalars(select(Place).order_by(Place.name)):
        known[place.name.lower()] = place.name
        known.setdefault(place.country.lower(), place.country)
    said = [reading.title]
    for each in blocks(reading.text):
        if each.level:
            said.append(each.heading)
        elif each.sort == "table":
            said += _cells(plain(reading.text[each.start : each.end]))
    found = {name for words in said for key, name in known.items() if _holds(words, key)}
    return tuple(sorted(found))


def by_office(session: Session, question: str) -> str:
    """A question with the company's own place where it names the country that only this one lies in.

    "in Germany" is in Berlin, where the company has no other place there.
    """
    countries: dict[str, list[str]] = {}
    for place in session.scalars(select(Place)):
        countries.setdefault(place.country.upper(), []).append(place.name)
    for code, names in countries.items():
        if len(names) == 1 and names[0].lower() not in question.lower():
            called = "|".join(re.escape(each) for each in country_names(code))
            question = re.sub(rf"\b(?:{called})\b", lambda _, name=names[0]: name, question) if called else question
    return question


def _holds(words: str, place: str) -> bool:
    """True where words name a place; a country's two letters count only in capitals by themselves."""
    if len(place) <= 2:
        return words.strip() == place.upper()
    return re.search(rf"\b{re.escape(place)}\b", words, re.IGNORECASE) is not None


def _cells(table: str) -> list[str]:
    """What stands in the columns for places of a table, and its heads."""
    rows = [[cell.strip() for cell in line.split(" | ")] for line in table.splitlines() if line.strip()]
    if not rows:
        return []
    at = [position for position, head in enumerate(rows[0]) if _COLUMN.match(head)]
    return rows[0] + [row[position] for row in rows[1:] for position in at if position < len(row)]
