"""`backdesk people export` and `people erase`: what we hold about somebody, and its end."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backend.refusals import Refusal
from backend.words import say

if TYPE_CHECKING:
    from backend.renaming import Words

Home = Annotated[Path | None, typer.Option("--home", help="The company's home; default: BACKDESK_HOME.")]
WRITTEN = frozenset({".csv", ".jsonl", ".md", ".toml", ".txt"})
"""What the files of a company folder end with."""
Who = Annotated[str, typer.Argument(metavar="WHO", help="A handle or an e-mail address.")]


def export(
    who: Who,
    file: Annotated[Path | None, typer.Argument(help="Where to; default: standard output.")] = None,
    home: Home = None,
) -> None:
    """Write everything that is held about a person as one JSON document."""
    from backend import holdings, people
    from bot.reaching import reach

    app = reach(home)
    with app.store.looking() as session:
        app.furnish(session)
        document = holdings.of(session, people.find(session, who))
    text = json.dumps(document, ensure_ascii=False, indent=2)
    if file is None:
        typer.echo(text)
        return
    try:
        file.touch(mode=0o600)
        file.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise Refusal("{file} cannot be written: {why}.", file=file, why=error.strerror) from error
    typer.echo(say("en", "What is held about {who} is in {file}.", who=who, file=file))


def erase(
    who: Who,
    reason: Annotated[str, typer.Option("--reason", help="Why; kept in the log.")] = "",
    by: Annotated[str, typer.Option("--by", metavar="WHO", help="Who does it, for the log.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    home: Home = None,
) -> None:
    """Erase what names somebody who has left; dates and amounts stay, and the log can still be proved."""
    from sqlalchemy import func, select

    from backend import erasure, people, renaming
    from backend.files import SMALL
    from bot.reaching import reach

    app = reach(home)
    with app.store.looking() as session:
        try:
            person = people.find(session, who)
        except Refusal as error:
            erased = select(func.count()).select_from(people.Person).where(people.Person.erased_at.is_not(None))
            if session.scalar(erased):
                text = "Nobody here is called {who}. If they were erased before, it is done already: no name is left."
                raise Refusal(text, who=who) from error
            raise
        name, already = person.name, person.erased_at is not None
        words = renaming.words_of(session, person)
    if not yes and not already:
        text = "Erase {name} for good? There is no way back. Their receipts and messages are deleted too."
        if not typer.confirm(say("en", text, name=name)):
            raise Refusal("Nothing was erased.")
    with app.store.writing() as session:
        person = people.find(session, who)
        done = erasure.erase(session, person, by=people.find(session, by) if by else None, reason=reason)
    for each in done.files:
        for kept in (each, f"{each}{SMALL}"):
            (app.home / "files" / kept).unlink(missing_ok=True)
    erasure.scrub(app.store)
    typer.echo(
        say(
            "en",
            "Done: {name} is now {handle}. The details of {details} entries and {files} files were erased; "
            "{requests} requests keep their dates and amounts.",
            name=name,
            handle=done.handle,
            details=done.details,
            files=len(done.files),
            requests=done.requests,
        )
    )
    for each in left_in(app.home, words):
        typer.echo(say("en", "{file} still names them: take them out of it by hand.", file=each))


def left_in(home: Path, words: "Words") -> list[Path]:
    """The files of a company folder, which people write by hand, that still name somebody."""
    texts = [each for each in home.rglob("*") if each.suffix in WRITTEN and each.is_file()]
    return sorted(each for each in texts if words.search(each.read_text(encoding="utf-8", errors="replace")))
