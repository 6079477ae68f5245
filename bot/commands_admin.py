"""`backdesk doctor`, `migrate`, `backup`, `restore` and `policies`: what an admin types."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from backend.refusals import Refusal
from backend.words import say

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

policies = typer.Typer(help="Who has to approve what, and within which limits.", no_args_is_help=True)

Home = Annotated[Path | None, typer.Option("--home", help="The company's home; default: BACKDESK_HOME.")]
Json = Annotated[bool, typer.Option("--json", help="JSON, and nothing else.")]


def doctor(as_json: Json = False, home: Home = None) -> None:
    """Check every dependency, key and connection in one table; exit 1 if something is broken."""
    from bot import logs
    from bot.doctor import State, examine
    from bot.settings import Settings

    settings = Settings.at(home)
    logs.quiet(settings)
    checks = examine(settings)
    broken = [each for each in checks if each.state is State.BROKEN]
    if as_json:
        typer.echo(json.dumps({"ok": not broken, "checks": [each.as_doc() for each in checks]}, ensure_ascii=False))
    else:
        wide = max(len(each.name) for each in checks)
        for each in checks:
            todo = f"  > {each.todo}" if each.todo else ""
            typer.echo(f"{each.name.ljust(wide)}  {each.state.value.ljust(7)}  {each.found}{todo}")
    if broken:
        names = ", ".join(each.name for each in broken)
        raise Refusal("Something is broken: {names}. The table says what to do.", names=names)


def migrate(home: Home = None) -> None:
    """Bring the database to the schema of this version."""
    from sqlalchemy.exc import OperationalError

    from backend import private, schema
    from backend.store import Store
    from bot.reaching import first_line, whole_schema
    from bot.settings import Settings

    settings = Settings.at(home)
    whole_schema()
    private.folder(settings.home)
    store = Store(settings.database)
    try:
        applied = schema.migrate(store)
    except OperationalError as error:
        raise Refusal("The database cannot be reached: {why}", why=first_line(error)) from error
    finally:
        store.close()
    if applied:
        typer.echo(say("en", "The database is now at {revision}.", revision=", ".join(applied)))
    else:
        typer.echo(say("en", "The database is up to date; nothing was changed."))


def backup(
    file: Annotated[Path, typer.Argument(help="The zip to write; an earlier backup there is replaced.")],
    home: Home = None,
) -> None:
    """Write a copy of everything that can be put back, beside a running Backdesk."""
    from importlib.metadata import version

    from backend import backups
    from bot.reaching import reach_store
    from bot.settings import Settings

    settings = Settings.at(home)
    store = reach_store(settings)
    made = backups.backup(store, home=settings.home, to=file, version=version("backdesk"))
    text = "{file} holds the database (to log entry {seq}) and {files} files. Keep it where only you can read it."
    typer.echo(say("en", text, file=file, seq=made.head["seq"], files=made.files))


def restore(
    file: Annotated[Path, typer.Argument(help="A backup.")],
    replace: Annotated[bool, typer.Option("--replace", help="In the place of what is there now.")] = False,
    as_it_is: Annotated[bool, typer.Option("--as-it-is", help="Even if its log was tampered with.")] = False,
    home: Home = None,
) -> None:
    """Put a backup back, into an empty home and database; it is checked and proved before anything is touched."""
    from backend import backups
    from backend.store import Store
    from bot.reaching import whole_schema
    from bot.settings import Settings
    from knowledge.index import Index

    settings = Settings.at(home)
    whole_schema()
    lock = None
    if settings.home.is_dir() and (settings.home / "index.lock").is_file() and not settings.chroma_url:
        lock = Index(Store("sqlite://"), home=settings.home)
        if not lock.owner:
            raise Refusal("{home} is in use: stop what is running there first.", home=settings.home)
    try:
        done = backups.restore(file, url=settings.database, home=settings.home, replace=replace, as_it_is=as_it_is)
    finally:
        if lock is not None:
            lock.close()
    text = "Restored as of {moment}: the log is at entry {seq}, with {files} files. The index is made again by itself."
    typer.echo(say("en", text, moment=done.made_at, seq=done.head["seq"], files=done.files))


@policies.command("show")
def show(
    kind: Annotated[str, typer.Argument(metavar="[KIND]", help="One kind alone: time_off, purchase, ...")] = "",
    as_json: Json = False,
    home: Home = None,
) -> None:
    """Show the limits and routes in force."""
    from bot import rules

    _print(home, lambda session: rules.in_force(session, kind), rules.lines, as_json=as_json)


@policies.command("explain")
def explain(
    ref: Annotated[str, typer.Argument(metavar="REF", help="A request: TO-12, #12 or 12.")],
    as_json: Json = False,
    home: Home = None,
) -> None:
    """Say why a request went to these people: its route, its steps, and who may decide now."""
    from bot import rules

    _print(home, lambda session: rules.explained(session, ref), rules.told, as_json=as_json)


def _print(
    home: Path | None,
    find: Callable[["Session"], dict[str, Any]],
    lines: Callable[[Mapping[str, Any]], Iterator[str]],
    *,
    as_json: bool,
) -> None:
    """Prints what is found in a company's database, in lines or as JSON."""
    from bot.reaching import reach

    app = reach(home)
    with app.store.looking() as session:
        app.furnish(session)
        found = find(session)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    for line in lines(found):
        typer.echo(line)
