"""Notices of what is told by itself: scheduled posts, budgets that are nearly spent, and holidays to confirm."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import budget_watch, chats, events, holiday_years, people, schedules, steps
from backend.budgets import Budget
from backend.events import Happening
from backend.forms import Data
from backend.kinds import Sort
from backend.people import Person
from backend.requests import Step
from backend.schedules import ScheduledPost, What
from backend.store import now
from backend.words import Money, say
from bot import quiet, waiting
from bot.message import Post, as_doc, post_from
from bot.notices import tell
from bot.replies import Reply, draw
from tools.bulletin import Occasion
from tools.look import Found
from tools.look_post import POSTS

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger()

LONG = timedelta(days=7)
"""What has waited longer than that, those whom it waits for hear of when the report is told."""


def post_issued(session: Session, app: "App", happening: Happening) -> None:
    """A scheduled post is due: it goes to its channel, or to each of its readers by a delivery of their own.

    Those who are not at work get it when they are.
    """
    row = session.get(ScheduledPost, int(happening.subject.partition(":")[2]))
    if row is None or not happening.detail:
        return
    since = schedules.time_before(row, datetime.fromisoformat(happening.detail["due"]))
    if happening.to_id is not None:
        _to_reader(session, app, happening, row, session.get_one(Person, happening.to_id), since=since)
        return
    if row.what == What.HOLIDAYS:
        holiday_years.ask(session, Occasion(session, None, now(session)).today.year + 1)
    if schedules.for_team(row.to_whom):
        _to_channel(session, app, happening, row, since=since)
    asked = _waiting_long(session, happening) if row.what == What.REPORT else {}
    readers = schedules.readers(session, row)
    if row.what == What.WAITING:
        concerned = steps.concerned(session)
        readers = [each for each in readers if each.id in concerned]
    for reader in dict.fromkeys((*readers, *asked)):
        if not quiet.hold(session, reader, happening=happening, waits=asked.get(reader, ())):
            events.owe(session, happening.id, subscriber="notices", to=reader)


def reply_of(found: Found) -> Reply:
    """What was found, to show to somebody: with its card, tables and pictures."""
    one = f"request:{found.requests[0]}" if len(found.requests) == 1 else None
    return Reply(found.text, card=found.card or one, finding=found.finding, sheets=found.sheets, charts=found.charts)


def budget_reached(session: Session, app: "App", happening: Happening) -> None:
    """A budget is spent to 80 or 100 %: who keeps it and finance hear so, once."""
    detail = happening.detail
    if not detail:
        return
    first, last = (date.fromisoformat(detail[name]) for name in ("first", "last"))
    budget = Budget(
        cost_centre=detail["cost_centre"],
        category=detail["category"],
        year=detail["year"],
        start=None if detail["year"] else first,
        end=None if detail["year"] else last,
        amount=Decimal(detail["amount"]),
        owner=detail["owner"],
    )
    words: dict[str, object] = {
        "budget": ", ".join(filter(None, (budget.cost_centre, budget.category))),
        "period": budget.period,
        "percent": detail["percent"],
        "spent": Money(Decimal(detail["spent"]), detail["currency"]),
        "whole": Money(budget.amount, detail["currency"]),
    }
    for reader in budget_watch.keepers(session, budget):
        if int(detail["percent"]) >= budget_watch.THRESHOLDS[-1]:
            sentence = "The budget of {budget} for {period} is spent: {spent} of {whole}."
        else:
            sentence = "The budget of {budget} for {period} is spent to {percent} %: {spent} of {whole}."
        text = say(reader.language, sentence, **words)
        if held := Decimal(detail["waiting"]):
            held_back = Money(held, detail["currency"])
            text += " " + say(reader.language, "Requests for {amount} wait for a decision.", amount=held_back)
        tell(session, app, reader, Reply(text), happening=happening)


def holidays_reminded(session: Session, app: "App", happening: Happening) -> None:
    """Nobody has confirmed a year's holidays yet: HR sees them again; or admins, what HR wants to be different."""
    year = int(happening.subject.partition(":")[2])
    row = holiday_years.state(session, year)
    if row is not None and row.state == holiday_years.QUESTIONED:
        _tell_admins(session, app, happening, row, first=False)
    elif row is None or row.state == holiday_years.OPEN:
        for reader in people.holders(session, "hr"):
            text = say(
                reader.language, "A reminder: the public holidays of {year} are still to be confirmed.", year=year
            )
            tell(session, app, reader, Reply(text, card=happening.subject), happening=happening)


def holidays_questioned(session: Session, app: "App", happening: Happening) -> None:
    """HR wants a year's holidays to be different: admins hear what, and every copy of the card shows it."""
    row = holiday_years.state(session, int(happening.subject.partition(":")[2]))
    if row is not None and row.state == holiday_years.QUESTIONED:
        _tell_admins(session, app, happening, row, first=True)
    _redraw(session, app, happening)


def holidays_confirmed(session: Session, app: "App", happening: Happening) -> None:
    """A year's holidays are confirmed: every copy of the card shows it."""
    _redraw(session, app, happening)


NOTICES: dict[str, Callable[[Session, "App", Happening], None]] = {
    "post.issued": post_issued,
    "budget.reached": budget_reached,
    "holidays.reminded": holidays_reminded,
    "holidays.questioned": holidays_questioned,
    "holidays.confirmed": holidays_confirmed,
}

SPENDING = ("request.approved", "request.recorded", "request.amended", "money.priced", "table.loaded")
"""Events after which more of a budget may be spent, or a budget be another."""


def watch_budgets(session: Session, happening: Happening) -> None:
    """Looks whether a budget has reached a threshold by what happened."""
    sort, _, number = happening.subject.partition(":")
    if sort == "request":
        budget_watch.look(session, request=int(number))
    else:
        budget_watch.look(session)


def _to_channel(session: Session, app: "App", happening: Happening, row: ScheduledPost, *, since: datetime) -> None:
    occasion = Occasion(session, None, since, team=row.team, amounts=row.show_amounts, ceiling=Data.PLAIN)
    found = POSTS[What(row.what)].find(occasion) or Found("")
    addresses = schedules.channels(row.to_whom, app.channels)
    if not addresses:
        log.warning("a post has no channel to go to", what=row.what, to=row.to_whom)
    for channel, conversation in addresses if found.text else ():
        language = occasion.language
        preview = say(language, POSTS[What(row.what)].title)
        body = Post(found.text, sheets=found.sheets, charts=found.charts, preview=preview, language=language)
        chats.post(
            session,
            None,
            channel=channel,
            conversation=conversation,
            private=False,
            body=as_doc(body),
            key=f"{happening.id}:{channel}:{conversation}",
        )


def _ceiling(session: Session, app: "App", reader: Person) -> Data:
    """The most sensitive data that all the places may show where somebody is told."""
    lowest = Data.BANK
    for address in app.addresses(session, reader):
        if lowest.above(app.ceiling(session, address.channel)):
            lowest = app.ceiling(session, address.channel)
    return lowest


def _to_reader(
    session: Session, app: "App", happening: Happening, row: ScheduledPost, reader: Person, *, since: datetime
) -> None:
    if schedules.reads(session, row, reader):
        occasion = Occasion(session, reader, since, team=row.team, ceiling=_ceiling(session, app, reader))
        found = POSTS[What(row.what)].find(occasion)
        if found is not None:
            tell(session, app, reader, reply_of(found), happening=happening)
    waits = _waiting_long(session, happening).get(reader, []) if row.what == What.REPORT else []
    if waits:
        count = len({each.number for each in waits})
        text = say(reader.language, "Waiting for you for more than a week: {count}.", count=count)
        tell(session, app, reader, Reply(text, card=waiting.card_of(reader, waits)), happening=happening)


def _waiting_long(session: Session, happening: Happening) -> dict[Person, list[Step]]:
    """What has waited long, by whom it waits for: they hear of it, and nobody else."""
    old = select(Step).where(Step.state == "open", Step.sort == Sort.DECISION, Step.opened_at < happening.at - LONG)
    asked: dict[Person, list[Step]] = {}
    for step in session.scalars(old.order_by(Step.opened_at, Step.id)):
        for person, _ in steps.waiting_on(session, step):
            asked.setdefault(person, []).append(step)
    return asked


def _tell_admins(
    session: Session, app: "App", happening: Happening, row: holiday_years.HolidayYear, *, first: bool
) -> None:
    who = session.get(Person, row.by_id) if row.by_id else None
    words: dict[str, object] = {"who": who.name if who else "", "year": row.year, "comment": row.comment}
    for reader in people.holders(session, "admin"):
        sentence = (
            "{who} says of the public holidays of {year}: “{comment}” Change the places in company.toml and load it; "
            "then HR is asked again."
        )
        text = say(reader.language, sentence, **words)
        if not first:
            text = say(reader.language, "A reminder: {text}", text=text)
        tell(session, app, reader, Reply(text), happening=happening)


def _redraw(session: Session, app: "App", happening: Happening) -> None:
    """Replaces every copy of the card of a year's holidays."""
    for copy in chats.copies(session, happening.subject):
        person = session.get_one(Person, copy.person_id)
        card = draw(session, app, person, happening.subject, channel=copy.channel)
        if card is None or post_from(copy.body).card == card:
            continue
        chats.post(
            session,
            person,
            channel=copy.channel,
            conversation=copy.conversation,
            private=copy.private,
            body={**copy.body, "card": as_doc(card)},
            card=happening.subject,
            replaces=copy,
            in_place=True,
            quiet=True,
            key=f"{happening.id}:redraw:{copy.id}",
        )
