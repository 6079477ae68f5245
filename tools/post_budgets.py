"""The post of budgets: what of each is spent, what waits and what is left, for those whose business that is."""

from decimal import Decimal

from sqlalchemy import select

from backend import budget_watch
from backend.budget_watch import THRESHOLDS, Standing
from backend.clock import day_in
from backend.people import Employer
from backend.schedules import What
from backend.sheets import Chart, Sheet
from backend.store import now
from backend.words import Money, say, write
from tools.bulletin import Bulletin, Occasion
from tools.look import Found


def find(occasion: Occasion) -> Found | None:
    """How each budget of the running period stands; of one team's cost centre where the post is about a team."""
    found = standings(occasion)
    if not found:
        return None
    language = occasion.language
    lines = [say(language, "Budgets today:"), *(f"• {line(each, language)}" for each in found)]
    return Found("\n".join(lines), sheets=(sheet(found, language),), charts=(chart(found, language),))


def standings(occasion: Occasion) -> list[Standing]:
    """The budgets of every employer, as they stand."""
    session, out = occasion.session, list[Standing]()
    for employer in session.scalars(select(Employer).order_by(Employer.id)):
        on = day_in(employer.timezone, now(session))
        out += budget_watch.standing(session, employer=employer, on=on)
    team = occasion.team.casefold()
    return [each for each in out if not team or each.budget.cost_centre.casefold() == team]


def name_of(each: Standing, language: str) -> str:
    """What a budget is called: cost centre, category, period."""
    parts = (each.budget.cost_centre, each.budget.category, write(language, each.budget.period))
    return ", ".join(part for part in parts if part)


def chart(found: list[Standing], language: str) -> Chart:
    """How much of each budget is spent, in percent."""
    return Chart(
        name="budgets.png",
        title=say(language, "Spent of each budget"),
        rows=tuple(", ".join(filter(None, (each.budget.cost_centre, each.budget.category))) for each in found),
        series=((say(language, "spent"), tuple(float(percent(each)) for each in found)),),
        unit=" %",
        marks=tuple(map(float, THRESHOLDS)),
    )


def sheet(found: list[Standing], language: str) -> Sheet:
    """The same as a table."""
    head = (
        say(language, "Employer"),
        say(language, "Cost centre"),
        say(language, "Category"),
        say(language, "First day"),
        say(language, "Last day"),
        say(language, "Currency"),
        say(language, "Budget"),
        say(language, "Spent"),
        say(language, "Waiting"),
        say(language, "Left"),
        say(language, "Percent spent"),
    )
    rows = tuple(
        (
            each.employer.name,
            each.budget.cost_centre,
            each.budget.category,
            each.budget.first.isoformat(),
            each.budget.last.isoformat(),
            each.employer.currency,
            *(f"{amount:.2f}" for amount in (each.budget.amount, each.spent, each.waiting, each.left)),
            str(percent(each)),
        )
        for each in found
    )
    return Sheet("budgets.csv", say(language, "Budgets"), head, rows)


def percent(each: Standing) -> int:
    """Whole percent, rounded down: 100 is said only of what is spent to the end."""
    return int(each.percent)


def line(each: Standing, language: str) -> str:
    words: dict[str, object] = {
        "budget": name_of(each, language),
        "percent": percent(each),
        "spent": Money(each.spent, each.employer.currency),
        "whole": Money(each.budget.amount, each.employer.currency),
        "waiting": Money(each.waiting, each.employer.currency),
        "left": Money(max(each.left, Decimal(0)), each.employer.currency),
        "over": Money(-each.left, each.employer.currency),
    }
    if each.left < 0:
        return say(
            language, "{budget}: {percent} % spent ({spent} of {whole}), {waiting} waiting, {over} over", **words
        )
    return say(language, "{budget}: {percent} % spent ({spent} of {whole}), {waiting} waiting, {left} left", **words)


POST = Bulletin(What.BUDGETS, "Budgets", find, roles=("finance", "admin"))
