"""`backdesk tables`: exchange rates, allowances and budgets, as finance loads them."""

import json
from pathlib import Path
from typing import Annotated

import typer

from backend.refusals import Refusal
from backend.words import say

tables = typer.Typer(
    help="What finance loads: exchange rates, mileage, per diem, budgets. Each row holds from a day on.",
    no_args_is_help=True,
)

Home = Annotated[Path | None, typer.Option("--home", help="The company's home; default: BACKDESK_HOME.")]
MAY_LOAD = ("finance", "admin")
"""Those whose business it is."""


class _DryRun(Exception):
    """Undoes the transaction of a dry run."""


@tables.command("list")
def list_(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="One table alone, with its rows.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="JSON, and nothing else.")] = False,
    home: Home = None,
) -> None:
    """List the tables that there are, or the rows of one."""
    from sqlalchemy import select

    from backend import people, table_files
    from backend import tables as rows_of
    from bot.commands_people import table
    from bot.reaching import reach

    app = reach(home)
    with app.store.looking() as session:
        names = [name] if name else list(table_files.forms(app.kinds))
        forms = {each: table_files.form_of(app.kinds, each) for each in names}
        employers = {each.id: each.name for each in session.scalars(select(people.Employer))}
        rows = {
            each: [
                {"since": row.since.isoformat(), "employer": employers.get(row.employer_id or 0, ""), **row.values}
                for row in rows_of.held(session, each)
            ]
            for each in names
        }
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
    elif name:
        head = ("since", "employer", *forms[name].model_fields)
        table(head, [[str(row.get(column, "")) for column in head] for row in rows[name]])
    else:
        table(
            ("table", "rows", "columns"),
            [
                (each, str(len(rows[each])), ", ".join(("since", "employer", *forms[each].model_fields)))
                for each in names
            ],
        )


@tables.command("load")
def load(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Which table: rates, mileage, per_diem, ...")],
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="Its rows; the first line names the columns.")],
    who: Annotated[str, typer.Option("--as", metavar="WHO", help="Who loads it: a handle or an e-mail address.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    home: Home = None,
) -> None:
    """Load rows into a table: new ones are added, one for the same thing and day takes the place of what is there."""
    from backend import people, table_files
    from bot.reaching import reach

    app = reach(home)
    rows = table_files.read(file)
    added = replaced = 0
    priced: list[int] = []
    try:
        with app.store.writing() as session:
            app.furnish(session)
            by = people.find(session, who)
            if not {each.role for each in by.roles} & set(MAY_LOAD):
                raise Refusal("{who} has no role for that: finance and admins load tables.", who=by.name)
            added, replaced, priced = table_files.load(session, app.kinds, name, rows, by=by)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    text = (
        "A dry run: {new} new rows in {name}, {replaced} replaced. Nothing was written."
        if dry_run
        else "{name}: {new} new rows, {replaced} replaced."
    )
    typer.echo(say("en", text, name=name, new=added, replaced=replaced))
    if priced:
        numbers = ", ".join(str(each) for each in priced)
        typer.echo(say("en", "Requests that have a rate now: {numbers}.", numbers=numbers))
