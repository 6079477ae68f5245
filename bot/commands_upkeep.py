"""`backdesk kb`, the upkeep of what is there: versions and their differences, reviews, the company's words, thumbs."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from backend.refusals import Refusal
from backend.words import say
from bot.commands_kb import Home, Json, app_at, kb

Doc = Annotated[str, typer.Argument(metavar="DOC", help="Its path in the handbook, its file name or its title.")]


@kb.command("history")
def history(doc: Doc, as_json: Json = False, home: Home = None) -> None:
    """List the versions of a document."""
    from bot.commands_people import table
    from knowledge import library

    with app_at(home).store.looking() as session:
        rows = [
            (each.number, each.effective.isoformat(), each.added_at.date().isoformat(), each.title)
            for each in library.find(session, doc).versions
        ]
    if as_json:
        for number, effective, added, title in rows:
            _line({"version": number, "effective": effective, "added": added, "title": title})
        return
    table(("version", "effective", "added", "title"), [(str(number), *rest) for number, *rest in rows])


@kb.command("diff")
def diff(
    doc: Doc,
    since: Annotated[int | None, typer.Option("--from", metavar="VERSION", help="Default: the one before.")] = None,
    until: Annotated[int | None, typer.Option("--to", metavar="VERSION", help="Default: the newest.")] = None,
    home: Home = None,
) -> None:
    """Show what is different between two versions of a document, line by line."""
    from knowledge import changes, library

    with app_at(home).store.looking() as session:
        texts = {each.number: each.text for each in library.find(session, doc).versions}
    new = until if until is not None else max(texts)
    old = since if since is not None else new - 1
    for number in (old, new):
        if number not in texts:
            raise Refusal("There is no version {version} of {doc}.", version=number, doc=doc)
    typer.echo("\n".join(changes.lines(texts[old], texts[new])))


@kb.command("review")
def review(doc: Doc, home: Home = None) -> None:
    """Note that a document was looked at and is still right; the next review is in a year."""
    from knowledge import library, reviews

    with app_at(home).store.writing() as session:
        document = library.find(session, doc)
        day = reviews.confirm(document, session, by=None)
        text = "{doc} is right as it is; the next review is on {day}."
        typer.echo(say("en", text, doc=document.path, day=day))


@kb.command("synonyms")
def synonyms(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="Lines of words that mean the same, by commas.")
    ] = None,
    home: Home = None,
) -> None:
    """Show the company's own words for things or, with a file, put its lines in their place."""
    from knowledge import own_words

    app = app_at(home)
    if file is not None:
        if not file.is_file():
            raise Refusal("There is no file {file}.", file=file)
        lines = file.read_text(encoding="utf-8-sig", errors="replace").splitlines()
        every = [own_words.read(line) for line in lines if line.partition("#")[0].strip()]
        with app.store.writing() as session:
            own_words.replace_all(session, every, by=None)
    with app.store.looking() as session:
        for words in own_words.lines(session):
            typer.echo(", ".join(words))


@kb.command("ratings")
def ratings(as_json: Json = False, home: Home = None) -> None:
    """Show the thumbs up and down on answers, by document. Who pressed them is not kept."""
    from bot.commands_people import table
    from knowledge import ratings as rated

    with app_at(home).store.looking() as session:
        rows = rated.figures(session)
    if as_json:
        for doc, title, up, down in rows:
            _line({"doc": doc, "title": title, "up": up, "down": down})
    elif rows:
        table(("doc", "up", "down"), [(doc, str(up), str(down)) for doc, _, up, down in rows])
    else:
        typer.echo(say("en", "Nobody has rated an answer yet."))


def _line(value: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
