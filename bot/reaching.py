"""Reaches the company that is there, for commands that look or mend: nothing is made, nothing is migrated."""

from pathlib import Path
from typing import TYPE_CHECKING

from backend.refusals import Refusal

if TYPE_CHECKING:
    from backend.store import Store
    from bot.app import App
    from bot.settings import Settings

ADDRESS = "web-address"
"""The file of the home that says where the web chat was last started."""


def reach(home: Path | None) -> "App":
    """The application over the database that is there; a Refusal if there is none, or if it is to be migrated."""
    from bot.app import App
    from bot.settings import Settings

    settings = Settings.at(home)
    return App(settings, reach_store(settings))


def reach_store(settings: "Settings") -> "Store":
    """The database that is there, at the schema of this version; a Refusal otherwise."""
    from sqlalchemy.exc import DatabaseError

    from backend import schema
    from backend.store import Store

    file = database_file(settings)
    if file is not None and not file.is_file():
        raise Refusal("There is no company in {home} yet: run `backdesk people import` first.", home=settings.home)
    store = Store(settings.database)
    try:
        if not schema.up_to_date(store):
            raise Refusal("The database is of another version of Backdesk: run `backdesk migrate` first.")
    except DatabaseError as error:
        raise Refusal("The database cannot be read: {why}", why=first_line(error)) from error
    whole_schema()
    return store


def whole_schema() -> None:
    """Makes every table known, also those of the handbook."""
    import backend.connections
    import backend.fillings
    import backend.model_turns
    import backend.received
    import backend.signin
    import bot.app
    import knowledge.library

    _ = (
        backend.connections,
        backend.fillings,
        backend.model_turns,
        backend.received,
        backend.signin,
        bot.app,
        knowledge.library,
    )


def web_address(settings: "Settings") -> str:
    """Where the web chat is reached: its public name, where this home last started it, or what is set."""
    if settings.public_url:
        return settings.public_url.rstrip("/")
    noted = settings.home / ADDRESS
    if noted.is_file():
        return noted.read_text(encoding="utf-8").strip()
    return local_address(settings.web_host, settings.web_port)


def local_address(host: str, port: int) -> str:
    """The address of this machine, for one that listens on all of its names too."""
    name = "localhost" if host in ("", "0.0.0.0", "::") else f"[{host}]" if ":" in host else host  # noqa: S104
    return f"http://{name}:{port}"


def database_file(settings: "Settings") -> Path | None:
    """The file of the embedded database; None where the database is a server."""
    from sqlalchemy import make_url

    url = make_url(settings.database)
    return Path(url.database or "") if url.drivername.startswith("sqlite") else None


def first_line(error: BaseException) -> str:
    """What went wrong, in a line and without secrets."""
    told = str(getattr(error, "orig", None) or error).strip().splitlines()
    return (told[0] if told else type(error).__name__)[:300]
