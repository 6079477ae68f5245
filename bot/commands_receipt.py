"""`backdesk receipt`: what would be read from a receipt, without a conversation."""

import json
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from backend.words import say

if TYPE_CHECKING:
    from knowledge.receipts import Receipt

receipt = typer.Typer(help="Receipts and invoices, as they are read.", no_args_is_help=True)

Home = Annotated[Path | None, typer.Option("--home", help="The company's home; default: BACKDESK_HOME.")]


@receipt.command("read")
def read_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Photos, scans and PDFs.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, and nothing else.")] = False,
    home: Home = None,
) -> None:
    """Show what would be read from receipts: each field, how sure it is, and what would be asked about."""
    from knowledge.receipts import read

    words = _company(home)
    for file in files:
        found = read(file.read_bytes(), **words)
        if as_json:
            sys.stdout.write(json.dumps(told(file, found), ensure_ascii=False) + "\n")
        else:
            _show(told(file, found), found)
        sys.stdout.flush()


def told(file: Path | str, receipt: "Receipt") -> dict[str, Any]:
    """A receipt as a line of JSON."""
    doc = receipt.as_doc()
    return {
        "file": str(file),
        "merchant": doc["merchant"],
        "date": doc["day"],
        "total": doc["total"],
        "currency": doc["currency"],
        "tax": doc["taxes"],
        "tax_id": doc["tax_id"],
        "document_number": doc["document_number"],
        "category": doc["category"],
        "confidence": doc["confidence"],
        "ask": list(doc["ask"]),
        "error": receipt.error.said_in("en") if receipt.error else None,
    }


def _show(line: Mapping[str, Any], found: "Receipt") -> None:
    typer.echo(line["file"])
    if line["error"]:
        typer.echo(f"  {line['error']}")
        return
    for name in ("merchant", "date", "total", "currency", "tax_id", "document_number", "category"):
        value = line[name] or "-"
        sure = f"  ({line['confidence'][name]:.0%})" if name in line["confidence"] else ""
        others = [each for each in found.candidates.get(name, ()) if each != line[name]]
        asked = say("en", "  would be asked: {others}", others=", ".join(others) or "?") if name in line["ask"] else ""
        typer.echo(f"  {name.replace('_', ' '):<16}{value}{sure}{asked}")
    for each in line["tax"]:
        typer.echo(f"  {'tax':<16}{each['rate'] or '?'} %: {each['tax'] or '?'} of {each['base'] or '?'}")
    for each in found.notes:
        typer.echo(f"  {each.said_in('en')}")


def _company(home: Path | None) -> dict[str, Any]:
    """How the company of the home writes days and which money it pays in; without one, day first and euros."""
    from bot.settings import Settings

    today = date.today()  # noqa: DTZ011 the day where the command is typed
    words: dict[str, Any] = {"day_first": True, "currency": "EUR", "our_tax_ids": (), "today": today}
    settings = Settings.at(home)
    if not settings.database_url and not (settings.home / "backdesk.db").is_file():
        return words
    from sqlalchemy import select

    from backend import people
    from bot.app import build

    with build(settings).store.looking() as session:
        company = people.company(session)
        ids = [each.tax_id for each in session.scalars(select(people.Employer)) if each.tax_id]
        return words | {"day_first": company.date_order != "MDY", "currency": company.currency, "our_tax_ids": ids}
