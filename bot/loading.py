"""Loads a company folder: its people, policies and requests into the database, its handbook into the library."""

from collections.abc import Callable
from pathlib import Path

from backend import company
from backend.store import Store
from bot.app import App

Progress = Callable[[int, int], None]


def load(app: App, folder: str | Path, *, progress: Progress | None = None) -> company.Loaded:
    """Loads a company folder ("sample" is the one that comes with Backdesk); loading twice changes nothing.

    A Refusal lists everything that is wrong with the folder, and nothing is loaded.
    """
    found = company.read(company.folder_of(folder), kinds=app.kinds)
    with app.store.writing() as session:
        loaded = company.load(session, found, by=None)
    publish(app.store, [str(each) for each in found.handbook], progress=progress)
    return loaded


def publish(store: Store, files: list[str], *, progress: Progress | None = None) -> None:
    """Publishes Markdown files to the library."""
    if not files:
        return
    from knowledge import publishing
    from knowledge.reading import read_file

    publishing.publish_all(store, [read_file(Path(each)) for each in files], by=None, progress=progress)
