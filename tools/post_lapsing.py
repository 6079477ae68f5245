"""The post of leave that is about to lapse: to each person their own; HR sees everybody's, and who was told."""

from datetime import timedelta
from decimal import Decimal

from backend import people, year_ends
from backend.schedules import What
from backend.sheets import Sheet
from backend.words import Count, Hours, say, write
from backend.year_ends import AtRisk
from tools.bulletin import Bulletin, Occasion
from tools.look import Found

AHEAD = timedelta(days=92)
MOST = 30
"""People whom it names; the file that comes with it names all."""


def find(occasion: Occasion) -> Found | None:
    """What lapses in the next three months, of the reader; for HR of everybody. Nothing where nothing does."""
    reader = occasion.reader
    if reader is None:
        return None
    everybodys = people.has_role(reader, "hr")
    until = occasion.today + AHEAD
    found = year_ends.at_risk(occasion.session, until=until, person=None if everybodys else reader)
    found = [each for each in found if not occasion.team or each.person.team.casefold() == occasion.team.casefold()]
    if not found:
        return None
    return _everybodys(occasion, found) if everybodys else Found(_mine(occasion, found))


def _mine(occasion: Occasion, found: list[AtRisk]) -> str:
    language = occasion.language
    lines = [
        "• " + say(language, "{amount} of {kind} from {year}, by {day}", **_words(each, language)) for each in found
    ]
    head = say(language, "This lapses unless you take it in time:")
    return "\n".join([head, *lines, say(language, "Tell me when you would like to be away, and I'll ask for it.")])


def _everybodys(occasion: Occasion, found: list[AtRisk]) -> Found:
    language = occasion.language
    lines: list[str] = []
    for each in found[:MOST]:
        words = {**_words(each, language), "name": each.person.name, "told": _told(occasion, each)}
        lines.append("• " + say(language, "{name}: {amount} of {kind} from {year}, by {day} ({told})", **words))
    if len(found) > MOST:
        lines.append("• " + say(language, "and {count} more", count=len(found) - MOST))
    head = (
        say(language, "Name"),
        say(language, "Kind of leave"),
        say(language, "Year"),
        say(language, "Amount"),
        say(language, "Lapses after"),
        say(language, "Told"),
    )
    sheet = Sheet(
        name="lapsing.csv",
        title=say(language, "Leave about to lapse"),
        head=head,
        rows=tuple(
            (
                each.person.name,
                say(language, each.kind.title),
                each.year,
                f"{each.days.normalize():f}",
                each.lapses_on.isoformat(),
                _told(occasion, each),
            )
            for each in found
        ),
    )
    first = say(language, "Leave that lapses in the next three months:")
    return Found("\n".join([first, *lines]), sheets=(sheet,))


def _words(each: AtRisk, language: str) -> dict[str, object]:
    amount: Count | Hours = each.kind.said(each.days.normalize() + Decimal(0))
    return {"amount": amount, "kind": say(language, each.kind.title), "year": each.year, "day": each.lapses_on}


def _told(occasion: Occasion, each: AtRisk) -> str:
    """Whether the notice that the law wants has reached them."""
    language = occasion.language
    if each.delivered_at is not None:
        day = write(language, each.delivered_at.astimezone(occasion.zone).date())
        return say(language, "told on {day}", day=day)
    return say(language, "told, not delivered yet") if each.told else say(language, "not told yet")


POST = Bulletin(What.LAPSING, "Leave about to lapse", find)
