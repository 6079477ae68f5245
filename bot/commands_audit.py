"""`backdesk audit`: reads the log, prints its head to keep elsewhere, and proves that nothing in it was changed."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backend.refusals import Refusal
from backend.words import say

if TYPE_CHECKING:
    from backend.audit import Verdict

audit = typer.Typer(
    help="The log: what was done, by whom, and the proof that nothing was changed.", no_args_is_help=True
)

Home = Annotated[Path | None, typer.Option("--home", help="The company's home; default: BACKDESK_HOME.")]
About = Annotated[str, typer.Option("--about", metavar="REF|WHO", help="A request (TO-12), or a handle or e-mail.")]
Since = Annotated[str, typer.Option("--since", metavar="DATE", help="From this day or moment on.")]
Json = Annotated[bool, typer.Option("--json", help="JSON, and nothing else.")]


@audit.command("list")
def list_(
    about: About = "",
    since: Since = "",
    limit: Annotated[int, typer.Option("--limit", min=1, help="The newest so many.")] = 50,
    as_json: Json = False,
    home: Home = None,
) -> None:
    """List what was done, newest last, with its detail where that was not erased; --json prints one entry a line."""
    from backend import trail
    from bot.reaching import reach

    with reach(home).store.looking() as session:
        start = trail.moment(session, since) if since else None
        rows = trail.entries(session, about=about or None, since=start, limit=limit)
        if as_json:
            trail.write_jsonl(rows, sys.stdout)
            return
        count = 0
        for entry in rows:
            who = (entry.who or "Backdesk") + (f" for {entry.on_behalf_of}" if entry.on_behalf_of else "")
            detail = "(erased)" if entry.detail is None else json.dumps(entry.detail, ensure_ascii=False)
            when = entry.at.isoformat(timespec="seconds")
            typer.echo(f"{entry.seq:>6}  {when}  {who}  {entry.kind}  {entry.subject}  {_one_line(detail)}")
            count += 1
        if not count:
            typer.echo(say("en", "Nothing is on record for that."))


@audit.command()
def export(
    file: Annotated[Path | None, typer.Argument(help="Where to; default: standard output.")] = None,
    form: Annotated[str, typer.Option("--format", help="csv or jsonl.")] = "",
    about: About = "",
    since: Since = "",
    home: Home = None,
) -> None:
    """Write the whole log as CSV (safe to open in a spreadsheet) or as JSON, one entry a line."""
    from backend import trail
    from bot.reaching import reach

    chosen = form or ("jsonl" if file is not None and file.suffix in (".jsonl", ".json") else "csv")
    if chosen not in ("csv", "jsonl"):
        raise typer.BadParameter("--format is csv or jsonl")
    with reach(home).store.looking() as session:
        start = trail.moment(session, since) if since else None
        rows = trail.entries(session, about=about or None, since=start)
        write = trail.write_csv if chosen == "csv" else trail.write_jsonl
        if file is None:
            write(rows, sys.stdout)
            return
        try:
            with file.open("w", encoding="utf-8", newline="") as out:
                count = write(rows, out)
        except OSError as error:
            raise Refusal("{file} cannot be written: {why}.", file=file, why=error.strerror) from error
    typer.echo(say("en", "{count} entries are in {file}.", count=count, file=file))


@audit.command("head")
def head_(as_json: Json = False, home: Home = None) -> None:
    """Print the newest entry and its digest as one JSON line, to keep elsewhere as an anchor."""
    from backend import audit as proof
    from bot.reaching import reach

    with reach(home).store.looking() as session:
        newest = proof.head(session)
    typer.echo(json.dumps(newest))
    if not as_json:
        text = "Entry {seq} is the newest. Keep that line where nobody here can change it, and check with `{check}`."
        typer.echo(say("en", text, seq=newest["seq"], check="backdesk audit verify --anchor FILE"), err=True)


@audit.command()
def verify(
    anchor: Annotated[
        Path | None, typer.Option("--anchor", metavar="FILE", help="Heads kept elsewhere, one a line.")
    ] = None,
    as_json: Json = False,
    home: Home = None,
) -> None:
    """Recompute the whole log: sound, erased lawfully, or tampered with, naming the first broken entry (exit 1)."""
    from backend import audit as proof
    from bot.reaching import reach

    kept: list[proof.Anchor] = []
    if anchor is not None:
        try:
            kept = proof.anchors(anchor.read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError) as error:
            raise Refusal("The anchor file {file} cannot be read.", file=anchor) from error
    with reach(home).store.looking() as session:
        verdict = proof.verify(session, against=kept)
    if as_json:
        typer.echo(json.dumps(verdict.as_doc(), ensure_ascii=False))
    else:
        show(verdict)
    if verdict.first is not None:
        text = "The log was tampered with. First broken entry: {first}"
        raise Refusal(text, first=_one_line(str(verdict.first)))


def show(verdict: "Verdict") -> None:
    """Prints a verdict."""
    for each in verdict.erasures:
        day = each.at.date().isoformat() if each.at else "?"
        text = "Erased lawfully on {day}: the details of {count} entries, as entry {seq} records."
        typer.echo(say("en", text, day=day, count=each.count, seq=each.seq))
    for each in verdict.broken:
        typer.echo(_one_line(str(each)))
    if verdict.more:
        typer.echo(say("en", "And {count} more.", count=verdict.more))
    if verdict.sound:
        typer.echo(say("en", "Sound: {count} entries, the newest is {seq}.", count=verdict.entries, seq=verdict.seq))
        typer.echo(f"{verdict.seq} {verdict.digest}")
    if verdict.anchors and verdict.sound:
        typer.echo(say("en", "It agrees with all {count} anchors.", count=verdict.anchors))


def _one_line(text: str) -> str:
    """The text without line breaks and control characters, which a forged entry may hold."""
    return "".join(each if each.isprintable() else " " for each in text)
