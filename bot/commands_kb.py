"""`backdesk kb`: adds to the handbook, lists it, takes from it, searches it, and shows what people did not find."""

import json
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from backend.refusals import Refusal
from backend.words import say

if TYPE_CHECKING:
    from bot.app import App
    from knowledge.citing import Finding
    from knowledge.index import Index
    from knowledge.reading import Reading
    from knowledge.search import Reader

kb = typer.Typer(help="The handbook: its documents, its answers, and what it does not say.", no_args_is_help=True)

Home = Annotated[Path | None, typer.Option("--home", help="The company's home; default: BACKDESK_HOME.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line, and nothing else.")]

PATIENCE = 10.0
"""Seconds without progress after which `kb add` no longer waits for the process that keeps the index."""


@kb.command("add")
def add(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Documents, or folders or zips of them.")],
    audience: Annotated[str | None, typer.Option(help="Who may read them: roles, teams, employers, by `;`.")] = None,
    owner: Annotated[str | None, typer.Option(metavar="EMAIL", help="Who answers for them.")] = None,
    effective: Annotated[str | None, typer.Option(metavar="DATE", help="From when they hold: 2026-01-31.")] = None,
    place: Annotated[str | None, typer.Option(help="Where they hold: places, countries, regions, by `;`.")] = None,
    accept_changes: Annotated[
        bool, typer.Option("--accept-changes", help="Tracked changes in Word documents count as made.")
    ] = False,
    check: Annotated[
        Path | None,
        typer.Option(metavar="QUESTIONS.jsonl", help="Only show which of these would be answered otherwise."),
    ] = None,
    home: Home = None,
) -> None:
    """Publish documents: new ones, and new versions of those that changed."""
    from knowledge import places, publishing
    from knowledge.formats import Undecided
    from knowledge.publishing import publish_all
    from knowledge.reading import overruled, read_paths

    try:
        day = date.fromisoformat(effective) if effective else None
    except ValueError as error:
        raise typer.BadParameter("a date is written like 2026-01-31", param_hint="--effective") from error
    held = read_paths(paths, accept=accept_changes)
    readings = [overruled(each, audience=audience, owner=owner, effective=day, place=place) for each in held.readings]
    twice = {each.doc for each in readings if sum(other.doc == each.doc for other in readings) > 1}
    if twice:
        raise Refusal(
            "Several of these files would be the document {doc}: give the folder they lie in instead.", doc=min(twice)
        )
    if not readings and not held.problems:
        raise Refusal(
            "There is no document in there: Markdown, text, Word, PDF, HTML, Excel and CSV files can be added."
        )
    app = app_at(home)
    if owner:
        from backend import people

        with app.store.looking() as session:
            people.find(session, owner)
    _show_differences(app, readings, check)
    if check is not None:
        return
    with _progress("Reading and embedding") as told:
        done = publish_all(app.store, readings, by=None, progress=told, problems=held.problems)
    for each in done:
        if each.outcome != "unchanged":
            passages = "1 passage" if each.passages == 1 else f"{each.passages} passages"
            done_to = "details changed" if each.outcome == "details" else each.outcome
            typer.echo(f"{each.doc}: {done_to}, version {each.version}, {passages}")
    for each in done:
        if each.widened:
            typer.echo(say("en", "{doc} is now for more people than before: check who may read it.", doc=each.doc))
    with app.store.looking() as session:
        for each in readings:
            if not publishing.complete(session, each).places and (named := places.named(session, each)):
                text = "{doc} names {places}: if it holds only there, add it again with --place."
                typer.echo(say("en", text, doc=each.doc, places=", ".join(named)))
    unknown = sorted({each.unknown_owner for each in done if each.unknown_owner})
    if unknown:
        text = "Nobody here is called {names}: their documents have no owner for now."
        typer.echo(say("en", text, names=", ".join(unknown)))
    unchanged = sum(each.outcome == "unchanged" for each in done)
    if done:
        told = {"count": len(done) - unchanged, "unchanged": unchanged}
        typer.echo(say("en", "{count} published, {unchanged} unchanged.", **told))
        _indexed(app)
    for name, problem in held.problems:
        typer.echo(str(problem) if name in str(problem) else f"{name}: {problem}", err=True)
    if any(isinstance(problem, Undecided) for _, problem in held.problems):
        typer.echo(say("en", "With --accept-changes they count as made, and comments are left out."), err=True)
    if held.problems:
        raise typer.Exit(1)


@kb.command("list")
def list_(
    everything: Annotated[bool, typer.Option("--all", help="Also those that were withdrawn.")] = False,
    as_json: Json = False,
    home: Home = None,
) -> None:
    """List the documents of the handbook."""
    from backend.store import now
    from bot.commands_people import table
    from knowledge import library

    with app_at(home).store.looking() as session:
        today = now(session).date()
        rows = [
            {
                "doc": each.path,
                "title": each.title,
                "version": newest.number,
                "effective": newest.effective.isoformat(),
                "expires": newest.expires.isoformat() if newest.expires else None,
                "review": each.review.isoformat() if each.review else None,
                "owner": each.owner.handle if each.owner else None,
                "audience": list(each.audience),
                "place": list(each.places),
                "language": each.language,
                "translation_of": each.translation_of,
                "state": each.state,
                "passages": library.passage_count(session, newest),
            }
            for each in library.listing(session, withdrawn=everything)
            if (newest := library.newest_version(session, each)) is not None
        ]
    if as_json:
        for row in rows:
            _line(row)
        return
    if not rows:
        typer.echo(say("en", "The handbook is empty: `backdesk kb add PATH` adds documents."))
        return
    for row in rows:
        row["state"] = _stands(row, today)
    head = ("doc", "title", "version", "effective", "owner", "audience", "place", "state", "passages")
    table(head, [tuple(_cell(row[name]) for name in head) for row in rows])


def _stands(row: dict[str, Any], today: date) -> str:
    """How a document stands on that day, in words."""
    day = today.isoformat()
    if row["state"] == "live" and row["expires"] and row["expires"] < day:
        return f"expired {row['expires']}"
    if row["state"] == "live" and row["effective"] > day:
        return f"from {row['effective']}"
    return "to review" if row["state"] == "live" and row["review"] and row["review"] < day else row["state"]


@kb.command("remove")
def remove(
    doc: Annotated[str, typer.Argument(metavar="DOC", help="Its path in the handbook, its file name or its title.")],
    home: Home = None,
) -> None:
    """Withdraw a document: no answer uses it any more, and its versions stay on record."""
    from knowledge import library

    app = app_at(home)
    with app.store.writing() as session:
        document = library.find(session, doc)
        library.withdraw(session, document, by=None)
        path = document.path
    typer.echo(say("en", "{doc} is withdrawn; no answer uses it from now on.", doc=path))
    app.index.catch_up()


@kb.command("search")
def search_(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="A question, or some words.")],
    who: Annotated[
        str | None, typer.Option("--as", metavar="EMAIL", help="As this person, or as “a part-timer in Berlin”.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document, and nothing else.")] = False,
    home: Home = None,
) -> None:
    """Search the handbook, and show what would be answered."""
    from knowledge import citing
    from knowledge.search import search

    app = app_at(home)
    reader = _reader(app, who)
    finding = citing.answer(app.store, app.index, text, reader, keep_gap=False)
    with app.store.looking() as session:
        hits = search(session, app.index, text, reader, k=10)
    if as_json:
        found = [
            {"doc": each.doc, "heading": each.heading, "score": round(each.score, 4), "version": each.version,
             "effective": each.effective.isoformat(), "passage": each.passage, "text": each.body}
            for each in hits
        ]  # fmt: skip
        _line({**_told(finding), "found": found})
        return
    typer.echo(finding.text)
    for each in finding.citations:
        source = say("en", "version {version}, effective {day}", version=each.version, day=each.effective)
        typer.echo(f"  [{each.heading}, {each.doc}, {source}]")
    typer.echo()
    for place, each in enumerate(hits, 1):
        typer.echo(f"{place:>2}. {each.score:.2f}  {each.heading}  ({each.doc})")


@kb.command("gaps")
def gaps(as_json: Json = False, home: Home = None) -> None:
    """Show what people asked and the handbook did not say. Who asked is not kept."""
    from bot.commands_people import table
    from knowledge import gaps as asked

    with app_at(home).store.looking() as session:
        groups = asked.grouped(session)
    if as_json:
        for each in groups:
            others = list(each.others)
            told = {"question": each.question, "count": each.count, "near": each.near, "last": each.last.isoformat()}
            _line({**told, "others": others})
    elif groups:
        rows = [(each.question, str(each.count), str(each.near), each.last.isoformat()) for each in groups]
        table(("question", "asked", "only near", "last"), rows)
    else:
        typer.echo(say("en", "Nobody has asked anything that the handbook does not say."))


@kb.command("check")
def check(
    questions: Annotated[
        Path, typer.Argument(metavar="QUESTIONS.jsonl", help="A question a line, and what is expected.")
    ],
    who: Annotated[str | None, typer.Option("--as", metavar="EMAIL", help="Ask as this person.")] = None,
    as_json: Json = False,
    home: Home = None,
) -> None:
    """Ask a list of questions and compare: exit 1 if an answer is not as expected.

    A line: {"question": ..., "doc": where it stands, "heading": under which heading, "says": [texts that the answer
    holds], "outcome": "answered", "closest" or "not_found"}; all but the question may be left out.
    """
    from knowledge import citing, golden

    lines = golden.read(questions)
    app = app_at(home)
    reader = _reader(app, who)
    wrong = 0
    for each in lines:
        finding = citing.answer(app.store, app.index, each["question"], reader, keep_gap=False)
        problems = golden.problems(each, finding)
        wrong += bool(problems)
        if as_json:
            _line({"question": each["question"], "right": not problems, "problems": problems, **_told(finding)})
        else:
            typer.echo(f"{'wrong' if problems else 'right'}  {each['question']}")
            for problem in problems:
                typer.echo(f"       {problem}")
    if not as_json:
        typer.echo(say("en", "{right} of {all} as expected.", right=len(lines) - wrong, all=len(lines)))
    if wrong:
        raise typer.Exit(1)


def app_at(home: Path | None) -> "App":
    """The Backdesk of this home."""
    from bot.app import build
    from bot.settings import Settings

    return build(Settings.at(home))


def _reader(app: "App", who: str | None) -> "Reader":
    """The person as a reader; without one, somebody who may read everything."""
    from backend import people
    from knowledge.search import Reader, reader_like, reader_of

    if who is None:
        return Reader(person=None, audiences=None, places=None, day=datetime.now(UTC).date())
    with app.store.looking() as session:
        try:
            return reader_of(session, people.find(session, who))
        except Refusal:
            if " " not in who.strip():
                raise
            return reader_like(session, who, day=datetime.now(UTC).date())


def _show_differences(app: "App", readings: "list[Reading]", check: Path | None) -> None:
    """Which golden questions would be answered otherwise: those given, or those that the home keeps."""
    from knowledge import golden
    from knowledge.publishing import prepare

    questions = golden.read(check) if check is not None else golden.kept(app.home)
    if not questions or not readings:
        return
    with _progress("Reading and embedding") as told:
        prepared = prepare(app.store, readings, progress=told)
    differences = golden.differences(app.store, prepared, questions)
    for each in differences:
        typer.echo(each.question)
        for sign, text in (("-", each.before), ("+", each.after)):
            typer.echo("\n".join(f"  {sign} {line}" for line in text.splitlines()))
    text = "{count} of {all} golden questions would be answered otherwise."
    typer.echo(say("en", text, count=len(differences), all=len(questions)))


def _indexed(app: "App") -> None:
    """Brings the index up to date here, or shows how the process that keeps it does."""
    index: Index = app.index
    if index.owner:
        with _progress("Indexing") as told:
            index.catch_up(told)
        return
    last, since = (-1, -1), time.monotonic()
    with _progress("Indexing (by the Backdesk that is running)") as told:
        while time.monotonic() - since < PATIENCE:
            with app.store.looking() as session:
                now_at = index.behind(session)
            if now_at is None:
                return
            told(*now_at)
            if now_at != last:
                last, since = now_at, time.monotonic()
            time.sleep(0.1)
    typer.echo(say("en", "The Backdesk that is running will index it; it can be found already."))


@contextmanager
def _progress(what: str) -> Generator[Any]:
    """A bar on the terminal's error output; yields the function that is told (done, of how many)."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=None)

        def told(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield told


def _told(finding: "Finding") -> dict[str, Any]:
    return {
        "outcome": finding.outcome,
        "answer": finding.text,
        "confidence": round(finding.confidence, 3),
        "citations": [
            {
                "doc": each.doc,
                "heading": each.heading,
                "quote": each.quote,
                "version": each.version,
                "effective": each.effective.isoformat(),
            }
            for each in finding.citations
        ],
        "retrieved": [{"doc": doc, "heading": heading} for doc, heading in finding.retrieved],
    }


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case list():
            return ", ".join(str(each) for each in value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        case _:
            return str(value)


def _line(value: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
