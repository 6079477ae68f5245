"""`backdesk outbox`: what could not be delivered, sent again or left."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from backend.refusals import Refusal
from backend.words import say

outbox = typer.Typer(help="What could not be delivered: see it, send it again, or leave it.", no_args_is_help=True)

Home = Annotated[Path | None, typer.Option("--home", help="The company's home; default: BACKDESK_HOME.")]
Ids = Annotated[list[str] | None, typer.Argument(metavar="[ID...]", help="As `outbox list` shows them: post:12.")]


@outbox.command("list")
def list_(
    everything: Annotated[
        bool, typer.Option("--all", help="Also what waits, and what may have been shown twice.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, one object a line, and nothing else.")] = False,
    home: Home = None,
) -> None:
    """List what could not be delivered: to whom, on which channel and why; never what it says."""
    from backend import undelivered
    from bot.reaching import reach

    with reach(home).store.looking() as session:
        items = undelivered.listed(session, everything=everything)
    for each in items:
        if as_json:
            doc = asdict(each) | {"since": each.since.isoformat(timespec="seconds")}
            typer.echo(json.dumps(doc, ensure_ascii=False))
        else:
            since = each.since.isoformat(timespec="minutes")
            where = f"{each.to} ({each.channel})" if each.channel else each.to
            tried = say("en", "attempts: {count}", count=each.attempts)
            typer.echo("  ".join(part for part in (each.id, each.state, where, since, tried, each.why) if part))
    if not items and not as_json:
        typer.echo(say("en", "Nothing was set aside."))


@outbox.command()
def retry(ids: Ids = None, home: Home = None) -> None:
    """Send again what was set aside: these, or all of it."""
    from backend import undelivered
    from bot.reaching import reach

    with reach(home).store.writing() as session:
        done = undelivered.again(session, ids or [])
    if not done:
        raise Refusal("Nothing was set aside.")
    text = "Back in line: {ids}. What runs sends it within seconds."
    typer.echo(say("en", text, ids=", ".join(done)))


@outbox.command()
def leave(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="As `outbox list` shows them: post:12.")],
    home: Home = None,
) -> None:
    """Leave what was set aside for good: nobody is shown it, and doctor no longer speaks of it."""
    from backend import undelivered
    from bot.reaching import reach

    with reach(home).store.writing() as session:
        done = undelivered.leave(session, ids)
    typer.echo(say("en", "Left for good: {ids}.", ids=", ".join(done)))
