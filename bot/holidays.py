"""The card of a year's public holidays, which HR confirms."""

from sqlalchemy.orm import Session

from backend import holiday_years, people
from backend.holiday_years import CONFIRMED, OPEN, QUESTIONED, Days
from backend.people import Person
from backend.words import say, write
from bot.message import Button, Card
from bot.offered import button, comment_field

SHOWN = "shown"


def holidays_card(session: Session, year: int, reader: Person) -> Card:
    """The days off of a year, place by place; who holds HR may confirm them or say what is to be different."""
    language, subject = reader.language, f"holidays:{year}"
    row = holiday_years.state(session, year)
    state = row.state if row is not None else OPEN
    made: list[Button] = []
    if state != CONFIRMED and people.has_role(reader, "hr"):
        held = f":{SHOWN}={holiday_years.digest(holiday_years.listed(session, year))}"
        label = say(language, "Confirm")
        made.append(
            button(session, reader, verb=f"confirm_holidays{held}", subject=subject, label=label, style="primary")
        )
        label = say(language, "Something is different")
        form = (comment_field(language, say(language, "What should be different?")),)
        made.append(button(session, reader, verb=f"question_holidays{held}", subject=subject, label=label, form=form))
    return Card(
        kind="holidays",
        subject=subject,
        state=STATES[state],
        title=say(language, "Public holidays of {year}", year=year),
        facts=tuple(facts_of(session, year, language)),
        buttons=tuple(made),
    )


def facts_of(session: Session, year: int, language: str) -> list[tuple[str, str]]:
    """The days off of a year by place, a line each, and what HR said to them."""
    row = holiday_years.state(session, year)
    facts = [(place, _said(days, language)) for place, days in holiday_years.listed(session, year).items()]
    who = session.get(Person, row.by_id) if row is not None and row.by_id else None
    if row is not None and who is not None:
        name = say(language, "{who} on {day}", who=who.name, day=row.at.date())
        title = say(language, "Confirmed by") if row.state == CONFIRMED else say(language, "To be different")
        facts.append((title, name if row.state == CONFIRMED else f"{name}: “{row.comment}”"))
    return facts


STATES = {OPEN: "pending", CONFIRMED: "confirmed", QUESTIONED: "questioned"}
"""How the card is said to stand."""


def _said(days: Days, language: str) -> str:
    """The days with their names, a line each."""
    return "\n".join(
        f"{write(language, day)}: {name}" + (f" ({say(language, 'half a day')})" if half else "")
        for day, name, half in days
    )
