"""`backdesk start` and `backdesk worker`: what runs for as long as the company works."""

import signal
import socket
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backend.refusals import Refusal
from backend.words import say

if TYPE_CHECKING:
    from bot.app import App

Home = Annotated[Path | None, typer.Option("--home", help="The company's home; default: BACKDESK_HOME.")]


def start(
    home: Home = None,
    host: Annotated[str, typer.Option("--host", help="Where the web chat listens.")] = "",
    port: Annotated[int | None, typer.Option("--port", min=1, max=65535, help="The web chat's port.")] = None,
) -> None:
    """Run everything that is configured: the web chat, delivery and timers."""
    from bot.reaching import ADDRESS, local_address
    from bot.serving import serve

    app = ready(home)
    host, port = host or app.settings.web_host, port or app.settings.web_port
    listening = bind(host, port)
    local = local_address(host, port)
    (app.home / ADDRESS).write_text(f"{local}\n", encoding="utf-8")
    address = app.settings.public_url or f"{local}/"
    typer.echo(say("en", "People sign in by a one-time link: `backdesk people link WHO` makes one."))
    serve(app, listening, personas=False, told=lambda: typer.echo(say("en", "Running: {address}", address=address)))


def worker(home: Home = None) -> None:
    """Run delivery and timers alone; on PostgreSQL any number of workers share the work."""
    app = ready(home)
    stop = threading.Event()

    def stopped(sent: int, frame: object) -> None:
        stop.set()

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, stopped)
    with app.running():
        typer.echo(say("en", "A worker is running. Stop it with Ctrl-C."))
        stop.wait()
    app.store.close()


def ready(home: Path | None) -> "App":
    """The company's application, its database up to date; a Refusal if there is no company yet."""
    from backend import people, schema
    from bot import logs
    from bot.app import build, configured
    from bot.settings import Settings

    settings = Settings.at(home)
    logs.start(settings)
    app = build(settings, channels=configured(settings))
    if not schema.up_to_date(app.store):
        raise Refusal("The database is not up to date: run `backdesk migrate` first.")
    with app.store.looking() as session:
        people.company(session)
    return app


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; a Refusal if the port is taken or not allowed."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise Refusal("Nothing can listen on {host}:{port}: choose another port.", host=host, port=port) from error
    listening.listen(512)
    return listening
