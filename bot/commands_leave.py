"""`backdesk leave`: what HR and managers enter for others, days off for everybody, corrections, and balances."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backend.refusals import Refusal
from backend.words import Count, Span, say

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from backend.people import Person
    from bot.app import App

leave = typer.Typer(help="Leave of others: entered for them, for everybody, or corrected.", no_args_is_help=True)

Home = Annotated[Path | None, typer.Option("--home", help="The company's home; default: BACKDESK_HOME.")]
As = Annotated[str, typer.Option("--as", metavar="WHO", help="Who does it: a handle or an e-mail address.")]
Who = Annotated[str, typer.Argument(metavar="WHO", help="Whose it is: a handle or an e-mail address.")]
Type = Annotated[str, typer.Argument(metavar="TYPE", help="The kind of leave: vacation, sick, ...")]


@leave.command("record")
def record(
    who: Who,
    leave_type: Type,
    start: Annotated[str, typer.Argument(metavar="START", help="The first day: 2026-12-24.")],
    by: As,
    end: Annotated[str, typer.Argument(metavar="[END]", help="The last day; default: the first.")] = "",
    part: Annotated[str, typer.Option("--part", metavar="am|pm|half", help="Only a part of one day.")] = "",
    hours: Annotated[str, typer.Option("--hours", help="So many hours of one day, where hours are counted.")] = "",
    note: Annotated[str, typer.Option("--note", help="A note that the person and the approvers read.")] = "",
    home: Home = None,
) -> None:
    """Record or ask for time off for somebody, who is told of it; who enters it does not decide it."""
    from backend import for_others, people, requests, steps
    from backend.kinds import kinds_of

    with _reach(home).store.writing() as session:
        filer, person = _who(session, by), people.find(session, who)
        values = {
            "leave_type": leave_type,
            "start": start,
            "end": end or start,
            "part": part,
            "hours": hours,
            "note": note,
        }
        kind = kinds_of(session)["time_off"]
        good, wrong = kind.read({name: value for name, value in values.items() if value})
        for name, problem in wrong.items():
            raise Refusal("{title}: {problem}", title=name, problem=problem)
        request = for_others.file(session, kind, values=good, person=person, by=filer, reason=note)
        ref, what = requests.ref(session, request), requests.summary(session, request, "en")
        if request.state == requests.PENDING:
            text = "{ref}, {what}, was asked for {name}; it waits for {who}."
            typer.echo(say("en", text, ref=ref, what=what, name=person.name, who=steps.waits_for(session, request)))
        else:
            typer.echo(say("en", "{ref}, {what}, was recorded for {name}.", ref=ref, what=what, name=person.name))


@leave.command("shutdown")
def shutdown(
    start: Annotated[str, typer.Argument(metavar="START", help="The first day: 2026-12-24.")],
    end: Annotated[str, typer.Argument(metavar="END", help="The last day.")],
    by: As,
    place: Annotated[str, typer.Option("--place", help="Everybody who works at this place.")] = "",
    team: Annotated[str, typer.Option("--team", help="Everybody in this team.")] = "",
    all_: Annotated[bool, typer.Option("--all", help="Everybody.")] = False,
    leave_type: Annotated[str, typer.Option("--type", help="The kind of leave that it counts as.")] = "vacation",
    reason: Annotated[str, typer.Option("--reason", help="Why, for those who are told.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    home: Home = None,
) -> None:
    """Book days off for everybody at a place, in a team or in the company; what they do not work is left out."""
    from backend import for_others, leave_types, requests

    first, last = _day(start), _day(end)
    if last < first:
        raise Refusal("The last day is before the first: change one of them.")
    if (last - first).days > 60:
        raise Refusal("That is more than two months: please check the dates.")
    if sum((bool(place), bool(team), all_)) != 1:
        raise typer.BadParameter("say for whom: one of --place, --team or --all")
    with _reach(home).store.writing() as session:
        filer = _who(session, by)
        for_others.must_be_hr(filer)
        kind = leave_types.named(leave_types.of(session), leave_type)
        found = for_others.closings(
            session, _those(session, place=place, team=team), start=first, end=last, leave_type=leave_type
        )
        for each in found:
            days = ", ".join(Span(*span).said_in("en") for span in each.spans) or say("en", "nothing")
            away = (
                say("en", "; away already on {days}", days=Count(Decimal(len(each.left_out)))) if each.left_out else ""
            )
            over = say("en", "; {days} more than is left", days=kind.said(each.short)) if each.short else ""
            typer.echo(f"{each.person.name.ljust(24)}{days}  ({kind.said(each.cost).said_in('en')}{away}{over})")
        if dry_run:
            typer.echo(say("en", "Nothing was changed."))
            return
        made = for_others.close(session, found, leave_type=leave_type, reason=reason, by=filer)
        refs = ", ".join(requests.ref(session, each) for each in made) or say("en", "nothing")
        typer.echo(say("en", "Booked: {refs}. Everybody is told.", refs=refs))


@leave.command("correct")
def correct(
    who: Who,
    leave_type: Type,
    days: Annotated[str, typer.Argument(metavar="DAYS", help="What to add, or take away: 1.5, or -- -2.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; the person reads it.")],
    by: As,
    home: Home = None,
) -> None:
    """Add to a balance, or take from it, with a reason; the person is told."""
    from backend import corrections, leave_types, people

    try:
        amount = Decimal(days.replace(",", "."))
    except InvalidOperation as error:
        raise Refusal("Say how much to add or take away, such as 1.5 or -2.") from error
    with _reach(home).store.writing() as session:
        person = people.find(session, who)
        left = corrections.correct(
            session, person, leave_type=leave_type, days=amount, reason=reason, by=_who(session, by)
        )
        said = leave_types.named(leave_types.of(session), leave_type).said(left)
        typer.echo(say("en", "{name} now has {days} ({kind}).", name=person.name, days=said, kind=leave_type))


@leave.command("balance")
def balance(
    who: Who,
    by: As,
    home: Home = None,
) -> None:
    """Show what somebody has left of each kind of leave, and what that is made up of."""
    from backend import people
    from tools.look import Around
    from tools.look_balance import WhichLeave, find

    app = _reach(home)
    with app.store.looking() as session:
        app.furnish(session)
        asked = WhichLeave(whose=people.find(session, who).handle, entries=True)
        typer.echo(find(Around(session, _who(session, by), app.ask_handbook), asked).text)


def _reach(home: Path | None) -> "App":
    from bot.reaching import reach

    return reach(home)


def _who(session: "Session", who: str) -> "Person":
    """Who does it; a Refusal unless they work here."""
    from backend import people

    person = people.find(session, who)
    if not people.works_here(session, person):
        raise Refusal("{name} does not work here at the moment.", name=person.name)
    return person


def _those(session: "Session", *, place: str, team: str) -> "Sequence[Person]":
    from backend import people

    found = [
        each
        for each in people.everybody(session)
        if (not place or each.place.name.casefold() == place.casefold())
        and (not team or each.team.casefold() == team.casefold())
    ]
    if not found:
        raise Refusal("Nobody works there: check the place or the team.")
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refusal("{day} is no day: write it like 2026-12-24.", day=text) from error
