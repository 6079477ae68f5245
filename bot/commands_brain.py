"""`backdesk train`: teaches the brain that needs no model the company's own way of saying things."""

from pathlib import Path
from typing import Annotated

import typer

Home = Annotated[Path | None, typer.Option("--home", help="The company's home; default: BACKDESK_HOME.")]


def train(home: Home = None) -> None:
    """Teach the local brain what your people say: examples.toml in the company's home, as {intent = ["...", "..."]}."""
    from bot.brain import classify
    from bot.brain.likelihoods import signs_of
    from bot.settings import Settings
    from tools import all_kinds

    kinds = all_kinds()
    folder = Settings.at(home).home
    more = classify.of_company(folder, kinds)
    classify.classifier(kinds, signs_of=signs_of, home=folder, more=more)
    typer.echo(f"{len(more)} examples of your own are learnt. A running Backdesk uses them after its next start.")
