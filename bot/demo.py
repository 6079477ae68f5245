"""`backdesk demo`: the sample company in ./backdesk-demo, the web chat on this machine, anybody can be played."""

import os
import shutil
import socket
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backend import private
from backend.refusals import Refusal
from backend.words import say

if TYPE_CHECKING:
    from bot.app import App

FOLDER = Path("backdesk-demo")
LOADED = "demo.loaded"
"""A file that stands in the folder once the sample company is in it, whole."""

LOCK = "demo.lock"
PORT = 8700
PORTS_TRIED = 20


def demo(
    port: Annotated[
        int | None, typer.Option("--port", min=1, max=65535, help="The port; default: 8700 or the next free one.")
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin again with an empty folder.")] = False,
) -> None:
    """Start the sample company in ./backdesk-demo with the web chat, where you can play anybody."""
    listening = bind(port)
    with held(FOLDER):
        if fresh:
            empty(FOLDER)
        run(FOLDER, listening, browser=not no_browser)


def run(folder: Path, listening: socket.socket, *, browser: bool) -> None:
    """Runs the demo in a folder until it is stopped: the page first, then the models in the background."""
    from bot import logs
    from bot.app import build
    from bot.serving import serve
    from bot.settings import Settings

    own: dict[str, object] = {"public_url": "", "database_url": "", "chroma_url": "", "quiet": False}
    settings = Settings.at(folder).model_copy(update=own)
    logs.quiet(settings)
    app = build(settings)
    if not (folder / LOADED).is_file():
        load(app, folder)
    address = f"http://127.0.0.1:{listening.getsockname()[1]}/"
    serve(app, listening, personas=True, told=lambda: announce(folder, address, browser=browser))


def load(app: "App", folder: Path) -> None:
    """Brings the sample company in, and says how far it is. Stopped half-way, it goes on from there."""
    from bot import loading

    tell("Setting up the sample company in {folder} ...", folder=folder)
    shown = -1

    def progress(done: int, total: int) -> None:
        nonlocal shown
        tenth = 10 * done // total if total else 10
        if tenth != shown:
            shown = tenth
            tell("  the handbook: {done} of {total} passages", done=done, total=total)

    loading.load(app, "sample", progress=progress)
    (folder / LOADED).write_text("The sample company was loaded.\n", encoding="utf-8")


def announce(folder: Path, address: str, *, browser: bool) -> None:
    """Says where the demo is and how other commands find its home."""
    tell("Backdesk is running: {address}", address=address)
    tell("Open it, choose whom to play, and write “I need Thursday off”. Stop it with Ctrl-C.")
    tell("Other commands use this home with: export BACKDESK_HOME={home}", home=folder.resolve())
    screen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or sys.platform in ("darwin", "win32")
    if browser and screen:
        import webbrowser

        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def bind(port: int | None) -> socket.socket:
    """A socket that listens on this machine alone; a Refusal if the port that was asked for is taken."""
    for number in [port] if port else range(PORT, PORT + PORTS_TRIED):
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(("127.0.0.1", number))
            listening.listen(128)
        except OSError:
            listening.close()
            continue
        listening.set_inheritable(False)
        return listening
    if port:
        raise Refusal("Port {port} is taken or not allowed: choose another with --port.", port=port)
    raise Refusal("The ports from {first} on are taken: choose one with --port.", first=PORT)


@contextmanager
def held(folder: Path) -> Generator[None]:
    """Holds the folder, so that one demo at a time runs in it; a Refusal if another does."""
    if folder.exists() and not folder.is_dir():
        raise Refusal("{folder} is a file: move it away and start the demo again.", folder=folder)
    private.folder(folder)
    with (folder / LOCK).open("a") as lock:
        try:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except ImportError:  # there is no such lock on this system
            pass
        except OSError as error:
            text = "A demo is running in {folder} already: use that one, or stop it first."
            raise Refusal(text, folder=folder) from error
        yield


def empty(folder: Path) -> None:
    """Empties a demo's folder; a Refusal if it does not look like one."""
    held_there = [each for each in folder.iterdir() if each.name != LOCK]
    if held_there and not any(each.name == "backdesk.db" for each in held_there):
        raise Refusal("{folder} holds something that is no demo, so it was left alone: move it away.", folder=folder)
    for each in held_there:
        shutil.rmtree(each) if each.is_dir() and not each.is_symlink() else each.unlink()


def tell(text: str, **values: object) -> None:
    """One line for whoever started it, at once."""
    typer.echo(say("en", text, **values))
    sys.stdout.flush()
