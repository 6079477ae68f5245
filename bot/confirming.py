"""What HR presses on the card of a year's public holidays."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from backend import holiday_years
from backend.people import Person
from backend.words import say
from bot.holidays import SHOWN
from bot.message import Intent
from bot.offered import COMMENT
from bot.replies import Reply


def confirm(session: Session, person: Person, subject: str, values: Mapping[str, Any]) -> Reply:
    """Confirms a year's holidays as they were shown."""
    year = int(subject.partition(":")[2])
    holiday_years.confirm(session, year, shown=str(values.get(SHOWN) or ""), by=person)
    text = say(person.language, "Confirmed: these are the public holidays of {year}.", year=year)
    return Reply(text, card=subject, committed=(Intent("holidays.confirm", {"year": year}),))


def question(session: Session, person: Person, subject: str, values: Mapping[str, Any]) -> Reply:
    """Says what is to be different about a year's holidays."""
    year, comment = int(subject.partition(":")[2]), str(values.get(COMMENT) or "")
    holiday_years.question(session, year, shown=str(values.get(SHOWN) or ""), comment=comment, by=person)
    text = say(person.language, "Noted. The admins are told; you are asked again once it is changed.")
    return Reply(text, card=subject, committed=(Intent("holidays.question", {"year": year, "comment": comment}),))
