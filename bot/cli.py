"""The command line: every command, its options and its exit codes."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from backend.refusals import Refusal
from bot import (
    commands_admin,
    commands_audit,
    commands_brain,
    commands_erasure,
    commands_init,
    commands_leave,
    commands_outbox,
    commands_people,
    commands_posts,
    commands_receipt,
    commands_run,
    commands_tables,
    commands_upkeep,
    demo,
)

app = typer.Typer(
    name="backdesk",
    help="The back office, in chat: answers from the handbook, time off, purchases and expenses.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.command("demo")(demo.demo)
app.command("start")(commands_run.start)
app.command("worker")(commands_run.worker)
app.command("init")(commands_init.init)
app.add_typer(commands_people.people, name="people")
commands_people.people.command("export")(commands_erasure.export)
commands_people.people.command("erase")(commands_erasure.erase)
app.add_typer(commands_upkeep.kb, name="kb")
app.add_typer(commands_leave.leave, name="leave")
app.add_typer(commands_admin.policies, name="policies")
app.add_typer(commands_tables.tables, name="tables")
app.add_typer(commands_posts.posts, name="posts")
app.add_typer(commands_receipt.receipt, name="receipt")
app.add_typer(commands_audit.audit, name="audit")
app.add_typer(commands_outbox.outbox, name="outbox")
app.command("train")(commands_brain.train)
app.command("migrate")(commands_admin.migrate)
app.command("doctor")(commands_admin.doctor)
app.command("backup")(commands_admin.backup)
app.command("restore")(commands_admin.restore)

Home = Annotated[
    Path | None, typer.Option("--home", help="The company folder; default: BACKDESK_HOME or ./backdesk-home.")
]


def run() -> None:
    """Runs a command. A refusal is one plain sentence on stderr and exit 1; wrong usage is exit 2."""
    try:
        app()
    except Refusal as refusal:
        typer.echo(str(refusal), err=True)
        sys.exit(1)
    except (FileExistsError, FileNotFoundError, NotADirectoryError, PermissionError) as error:
        if error.filename is None:
            raise
        typer.echo(f"{error.filename} cannot be used ({error.strerror}): name another file or folder.", err=True)
        sys.exit(1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


@app.command()
def script(
    file: Annotated[str, typer.Argument(help="A file of JSON lines, or - for standard input.")] = "-",
    home: Home = None,
    company: Annotated[
        str, typer.Option("--company", help="A company folder to load first; `sample` is the one inside.")
    ] = "",
    now: Annotated[str, typer.Option("--now", help="Where the clock stands at first (ISO, with its offset).")] = "",
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin with an empty database.")] = False,
) -> None:
    """Drives the bot from JSON lines: one line in for what a person does, one line out for what a person is shown."""
    from datetime import UTC, datetime

    from backend.clock import StillClock
    from bot import app as wiring
    from bot import loading, logs
    from bot.channels.script import NAME, ScriptChannel
    from bot.channels.script import run as play
    from bot.settings import Settings

    try:
        start = datetime.fromisoformat(now) if now else datetime.now(UTC)
    except ValueError as error:
        raise typer.BadParameter("--now is a moment such as 2026-11-24T10:00:00+01:00") from error
    if start.tzinfo is None:
        raise typer.BadParameter("--now needs its UTC offset, such as +01:00")
    settings = Settings.at(home)
    logs.quiet(settings)
    if fresh:
        wiring.empty(settings)
    clock = StillClock(start)
    channel = ScriptChannel(sys.stdout)
    built = wiring.build(settings, clock=clock, channels=[channel], always=[NAME])
    if company:
        loading.load(built, company)
    play(built, None if file == "-" else Path(file), channel=channel, clock=clock)


@app.command()
def chat(
    who: Annotated[str, typer.Option("--as", metavar="EMAIL", help="Whom to be: an e-mail address or a handle.")],
    home: Home = None,
) -> None:
    """The same conversation in the terminal."""
    from rich.console import Console

    from bot import app as wiring
    from bot import logs
    from bot.channels.terminal import TerminalChannel, known
    from bot.channels.terminal import chat as talk
    from bot.settings import Settings

    settings = Settings.at(home)
    logs.quiet(settings)
    console = Console()
    handle = known(wiring.build(settings), who)
    channel = TerminalChannel(handle, console)
    talk(wiring.build(settings, channels=[channel]), channel, console=console)
