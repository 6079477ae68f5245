"""`backdesk people`: brings employees in from a file, shows what would change, and lists who works here."""

import sys
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backend.refusals import Refusal
from backend.words import say

if TYPE_CHECKING:
    from backend.company import Loaded
    from bot.app import App

people = typer.Typer(help="Employees, managers, roles, teams, places and work weeks.", no_args_is_help=True)

Home = Annotated[Path | None, typer.Option("--home", help="The company's home; default: BACKDESK_HOME.")]


class _DryRun(Exception):
    """Undoes the transaction of a dry run."""


def import_people(app: "App", file: Path, *, dry_run: bool = False) -> "Loaded":
    """Brings a people.csv in, with company.toml, policies.toml, requests.jsonl and balances.jsonl beside it.

    Where there is no company.toml beside it, the company has to be here already. With `dry_run` everything is
    done and undone: what is returned is exactly what would change. A Refusal lists every problem.
    """
    from backend import company, imports

    if file.is_dir():
        file = file / "people.csv"
    if not file.is_file():
        raise Refusal("There is no file {file}.", file=file)
    with app.store.looking() as session:
        already, above = imports.managers_here(session)
    whole = (file.parent / "company.toml").is_file()
    loaded: Loaded | None = None
    try:
        with app.store.writing() as session:
            if whole:
                folder = company.read(file.parent, kinds=app.kinds, people_file=file, already=already, above=above)
                loaded = company.load(session, folder, by=None)
            else:
                loaded = company.load_people(session, file, by=None)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    if loaded is None:
        raise RuntimeError("an import ended without a result")
    return loaded


@people.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="people.csv, or the company folder it lies in.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    home: Home = None,
) -> None:
    """Bring people in from a file: shows what changes, who is missing from it, and how the balances reconcile."""
    from bot.app import build
    from bot.settings import Settings

    loaded = import_people(build(Settings.at(home)), file, dry_run=dry_run)
    show(loaded, dry_run=dry_run)


@people.command("list")
def list_(
    everybody: Annotated[bool, typer.Option("--all", help="Also who has left or has not started yet.")] = False,
    home: Home = None,
) -> None:
    """List who works here."""
    from sqlalchemy import select

    from backend import people as staff
    from backend import roster
    from bot.app import build
    from bot.settings import Settings

    with build(Settings.at(home)).store.looking() as session:
        staff.company(session)
        if everybody:
            found = list(session.scalars(select(staff.Person).order_by(staff.Person.handle)))
        else:
            found = staff.everybody(session)
        rows = [
            (
                each.handle,
                each.name,
                each.team,
                each.manager.handle if each.manager else "",
                each.place.name,
                ", ".join(sorted(role.role for role in each.roles)),
                roster.written(each.work_week),
                each.start.isoformat() if each.start else "",
                each.end.isoformat() if each.end else "",
            )
            for each in found
        ]
    table(("handle", "name", "team", "manager", "place", "roles", "work week", "start", "end"), rows)


@people.command()
def link(
    who: Annotated[str, typer.Argument(metavar="WHO", help="A handle or an e-mail address.")],
    purpose: Annotated[str, typer.Option("--for", metavar="web|telegram", help="What the link signs in to.")] = "web",
    home: Home = None,
) -> None:
    """Print a link that signs one person in once, within 15 minutes: to the web chat, or to the bot on Telegram."""
    from backend import people as staff
    from backend import signin
    from bot import linking
    from bot.app import build
    from bot.reaching import web_address
    from bot.settings import Settings

    if purpose not in (signin.WEB, signin.TELEGRAM):
        raise typer.BadParameter("--for is web or telegram")
    settings = Settings.at(home)
    if purpose == signin.TELEGRAM and not settings.telegram_bot_token.get_secret_value():
        raise Refusal("There is no bot on Telegram yet: set TELEGRAM_BOT_TOKEN, which @BotFather gives you.")
    with build(settings).store.writing() as session:
        token = signin.make_link(session, staff.find(session, who), purpose=purpose, by=None)
    if purpose == signin.TELEGRAM:
        from bot.channels.telegram import Telegram

        channel = Telegram(settings)
        typer.echo(linking.told(channel, token, language="en"))
        channel.close()
        return
    typer.echo(f"{web_address(settings)}/sign-in/{token}")


@people.command()
def unlink(
    who: Annotated[str, typer.Argument(metavar="WHO", help="A handle or an e-mail address.")],
    channel: Annotated[str, typer.Option("--from", metavar="telegram|slack", help="Which account.")] = "telegram",
    home: Home = None,
) -> None:
    """Untie somebody's account on a platform: nothing more is sent there, and what is written there is refused."""
    from backend import linking
    from backend import people as staff
    from bot.app import build
    from bot.settings import Settings

    if channel not in ("telegram", "slack"):
        raise typer.BadParameter("--from is telegram or slack")
    with build(Settings.at(home)).store.writing() as session:
        person = staff.find(session, who)
        linking.unlink(session, person, channel=channel, by=None)
        name = person.name
    typer.echo(say("en", "{name} is no longer linked with {channel}.", name=name, channel=channel.capitalize()))


@people.command()
def assist(
    who: Annotated[str, typer.Argument(metavar="WHO", help="The approver: a handle or an e-mail address.")],
    assistant: Annotated[str, typer.Argument(metavar="ASSISTANT", help="Who prepares for them.")],
    up_to: Annotated[str, typer.Option("--up-to", metavar="AMOUNT", help="They decide up to this amount.")] = "",
    days: Annotated[str, typer.Option("--up-to-days", metavar="DAYS", help="They decide up to so many days.")] = "",
    kind: Annotated[list[str] | None, typer.Option("--kind", help="Only this kind; may be said again.")] = None,
    stop: Annotated[bool, typer.Option("--stop", help="End it.")] = False,
    home: Home = None,
) -> None:
    """Name who prepares for a busy approver, and decides for them within limits that the approver has set."""
    from backend import people as staff
    from backend import stand_ins
    from bot.reaching import reach

    app = reach(home)
    unknown = [each for each in kind or [] if each not in app.kinds]
    if unknown:
        raise Refusal("There is no kind {kind}; there are {kinds}.", kind=unknown[0], kinds=", ".join(app.kinds))
    limits = {"up_to": _number(up_to), "up_to_days": _number(days)}
    with app.store.writing() as session:
        person, other = staff.find(session, who), staff.find(session, assistant)
        names = {"name": other.name, "other": person.name}
        if stop:
            stand_ins.end_assistance(session, person, assistant=other, by=None)
        else:
            stand_ins.assist(session, person, assistant=other, kinds=kind or [], by=None, **limits)
    text = "{name} no longer assists {other}." if stop else "{name} assists {other} from now on; both are told."
    typer.echo(say("en", text, **names))


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text) if text else None
    except InvalidOperation:
        number = Decimal("NaN")
    if number is not None and not number.is_finite():
        raise Refusal("{said} is no number: write it like 250 or 2.5.", said=text)
    return number


def show(loaded: "Loaded", *, dry_run: bool) -> None:
    """Prints what an import changed, or would change."""
    for note in loaded.notes:
        typer.echo(say("en", "Note: {note}.", note=note))
    if loaded.company:
        typer.echo(say("en", "Company: {changed}.", changed=", ".join(loaded.company)))
    if loaded.people.changes:
        table(
            ("", "handle", "name", "what changes"),
            [(each.what, each.handle, each.name, _fields(each.what, each.fields)) for each in loaded.people.changes],
        )
    if loaded.people.missing:
        names = ", ".join(loaded.people.missing)
        typer.echo(
            say("en", "Not in the file, and left as they are: {names}. Only an end date ends somebody.", names=names)
        )
    if loaded.requests:
        numbers = ", ".join(str(each) for each in loaded.requests)
        typer.echo(say("en", "Requests brought in: {numbers}.", numbers=numbers))
    if loaded.granted:
        typer.echo(say("en", "Balances that start with the year's allowance: {count}.", count=loaded.granted))
    if loaded.reconciliation:
        off = [each for each in loaded.reconciliation if each.difference]
        table(
            ("person", "leave type", "as of", "file says", "ledger says", "difference"),
            [
                (
                    each.handle,
                    each.leave_type,
                    each.as_of.isoformat(),
                    f"{each.file_says.normalize():f}",
                    f"{each.ledger_says.normalize():f}",
                    f"{each.difference.normalize():+f}" if each.difference else "0",
                )
                for each in loaded.reconciliation
            ],
        )
        text = (
            "Every balance is as the file says." if not off else "{count} balances differ from the file; correct them."
        )
        typer.echo(say("en", text, count=len(off)))
    typer.echo(_summary(loaded, dry_run=dry_run))


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Prints rows under a head, in columns as wide as what is in them."""
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    for row in (head, tuple("-" * width for width in widths), *rows):
        sys.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() + "\n")


def _fields(what: str, fields: Sequence[tuple[str, str, str]]) -> str:
    if what == "new":
        return ", ".join(
            f"{name} {after}" for name, _, after in fields if name in ("manager", "team", "place", "roles")
        )
    return ", ".join(f"{name}: {before or '-'} > {after or '-'}" for name, before, after in fields)


def _summary(loaded: "Loaded", *, dry_run: bool) -> str:
    if not loaded.changed:
        return say("en", "Nothing differs; nothing was changed.")
    counts = {what: sum(each.what == what for each in loaded.people.changes) for what in ("new", "changed", "ends")}
    if dry_run:
        text = "A dry run: {new} new, {changed} changed, {ends} ending. Nothing was written."
    else:
        text = "Done: {new} new, {changed} changed, {ends} ending."
    return say("en", text, **counts)
