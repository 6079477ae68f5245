"""`backdesk posts`: what is told by itself, when it comes next, and what it would say now."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from backend.refusals import Refusal
from backend.words import say

if TYPE_CHECKING:
    from backend.people import Person
    from bot.message import Post

posts = typer.Typer(help="Posts that are told by themselves, on a cron line in company.toml.", no_args_is_help=True)

Home = Annotated[Path | None, typer.Option("--home", help="The company's home; default: BACKDESK_HOME.")]
A_WEEK = timedelta(days=7)


@posts.command("list")
def list_(
    as_json: Annotated[bool, typer.Option("--json", help="JSON, and nothing else.")] = False,
    home: Home = None,
) -> None:
    """List the scheduled posts: what, to whom, by which line, and when each comes next and came last."""
    from backend import schedules, timers
    from bot.commands_people import table
    from bot.reaching import reach

    app = reach(home)
    rows: list[dict[str, Any]] = []
    with app.store.looking() as session:
        for each in schedules.all_of(session):
            due = next((timer.due_at for timer in timers.open_of(session, each.subject)), None)
            rows.append(
                {
                    "what": each.what,
                    "to": each.to_whom,
                    "team": each.team,
                    "at": each.cron,
                    "timezone": each.timezone,
                    "next": _moment(due, each.timezone),
                    "last": _moment(each.last_at, each.timezone),
                }
            )
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
    elif rows:
        table(tuple(rows[0]), [[str(value) for value in each.values()] for each in rows])
    else:
        typer.echo(say("en", "No posts are scheduled: [[post]] in company.toml says what, to whom and when."))


@posts.command("preview")
def preview(
    what: Annotated[
        str, typer.Argument(metavar="WHAT", help="who_is_out, waiting, lapsing, budgets, holidays or report.")
    ],
    who: Annotated[
        str,
        typer.Option("--as", metavar="WHO", help="As this person would read it; default: as a team's channel would."),
    ] = "",
    team: Annotated[str, typer.Option("--team", help="Only about people of this team.")] = "",
    amounts: Annotated[
        bool, typer.Option("--amounts", help="With amounts of money, as a channel that may see them.")
    ] = False,
    files: Annotated[
        Path | None, typer.Option("--files", metavar="DIR", help="Write its pictures and tables into this folder.")
    ] = None,
    home: Home = None,
) -> None:
    """Show what a post would say now; nothing is sent."""
    from backend import people
    from backend.store import now
    from bot.holidays import facts_of
    from bot.message import Post
    from bot.reaching import reach
    from tools.bulletin import Occasion
    from tools.look_post import POSTS

    app = reach(home)
    bulletin = next((each for each in POSTS.values() if each.what == what), None)
    if bulletin is None:
        raise typer.BadParameter(f"there is no post {what}; there are {', '.join(POSTS)}", param_hint="WHAT")
    with app.store.looking() as session:
        app.furnish(session)
        reader = people.find(session, who) if who else None
        _must_be_for(bulletin.what, reader, amounts=amounts)
        if reader is not None:
            bulletin.must_be_for(reader)
        since = now(session) - A_WEEK
        occasion = Occasion(session, reader, since, team=team, amounts=amounts or reader is not None)
        found = bulletin.find(occasion)
        if found is None:
            typer.echo(say("en", "There is nothing to tell now, so this would not be posted."))
            return
        typer.echo(found.text)
        if found.card is not None and reader is not None and found.card.startswith("holidays:"):
            for title, text in facts_of(session, int(found.card.partition(":")[2]), reader.language):
                typer.echo(f"{title}\n{text}")
    _write(Post(found.text, sheets=found.sheets, charts=found.charts), files)


def _must_be_for(what: str, reader: "Person | None", *, amounts: bool) -> None:
    from backend.schedules import FOR_TEAMS, What

    if reader is None and what not in FOR_TEAMS:
        raise Refusal("This post is for people, not for a channel: name one with --as.")
    if reader is None and what == What.BUDGETS and not amounts:
        raise Refusal("This post tells amounts of money: say --amounts, or name who reads it with --as.")


def _write(post: "Post", folder: Path | None) -> None:
    from bot import attached

    if folder is None:
        for name, title in attached.names(post):
            typer.echo(f"[{name}] {title}")
        return
    folder.mkdir(parents=True, exist_ok=True)
    for each in attached.files(post):
        (folder / each.name).write_bytes(each.content)
        typer.echo(say("en", "Written: {file}", file=folder / each.name))


def _moment(at: datetime | None, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if at else ""
