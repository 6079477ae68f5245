"""`backdesk init`: a new company folder to edit."""

import shutil
from pathlib import Path
from typing import Annotated

import typer

from backend.refusals import Refusal

STARTER = Path(__file__).parent.parent / "backend" / "starter"


def write_starter(folder: Path) -> list[Path]:
    """Writes a commented company folder that loads as it stands. Returns its files, relative to it.

    A Refusal if there is something in the folder already.
    """
    if folder.exists() and not folder.is_dir():
        raise Refusal("{folder} is a file: name a folder that is new or empty.", folder=folder)
    if folder.is_dir() and any(folder.iterdir()):
        raise Refusal("{folder} is not empty: name a folder that is new or empty.", folder=folder)
    shutil.copytree(STARTER, folder, dirs_exist_ok=True)
    return sorted(each.relative_to(folder) for each in folder.rglob("*") if each.is_file())


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The new folder; it is made if it is not there.")],
) -> None:
    """Write a new company folder to edit: company.toml, people.csv, policies.toml and handbook/."""
    files = write_starter(folder)
    typer.echo(f"Your company folder is in {folder}: " + ", ".join(str(each) for each in files) + ".")
    typer.echo(f"Edit it, and then: BACKDESK_HOME={folder} backdesk people import {folder / 'people.csv'}")
