"""Runs a Backdesk until it is stopped: the web chat, delivery and timers, the models, and what listens to platforms."""

import asyncio
import signal
import socket
import threading
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.app import App


def serve(app: "App", listening: socket.socket, *, personas: bool, told: "Callable[[], None]") -> None:
    """Serves the web chat until the process is stopped; `told` is called as soon as it answers.

    personas  anybody may be played (the demo), and the page answers first, to be looked at; otherwise people sign in,
              and all that an answer needs is loaded before anything is heard: who writes then waits for nothing
    """
    import uvicorn

    from bot.channels import web
    from bot.channels.port import Platform

    ready = threading.Event()
    site = web.build(app, personas=personas, ready=ready)
    stack = ExitStack()

    class Server(uvicorn.Server):
        """Uvicorn, which says when it answers, and lets go of the connections that never end."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            if not personas:
                await asyncio.to_thread(load)
            await super().startup(sockets)
            told()
            if personas:
                loading.start()

        def handle_exit(self, sig: int, frame: Any) -> None:
            site.stream.close()
            super().handle_exit(sig, frame)

    def load() -> None:
        stack.enter_context(app.running())
        warm(app)
        for each in app.channels.values():
            if isinstance(each, Platform):
                stack.enter_context(each.listening(app))
        ready.set()

    def load_later() -> None:
        time.sleep(0.2)  # the first page goes first
        load()

    loading = threading.Thread(target=load_later, name="loading", daemon=True)
    config = uvicorn.Config(
        site,
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=3,
        proxy_headers=False,
        server_header=False,
    )
    signal.signal(signal.SIGTERM, _as_ctrl_c)  # uvicorn raises the signal once more when it is done
    try:
        Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        pass
    finally:
        if loading.ident is not None:
            loading.join(30)
        stack.close()
        app.store.close()


def _as_ctrl_c(number: int, frame: Any) -> None:
    raise KeyboardInterrupt


def warm(app: "App") -> None:
    """Loads what answers need, by way of a first one that nobody reads: no message waits for it."""
    from bot.channels.web import tried

    tried("the brain", lambda: _understand(app))
    tried("the handbook's index", lambda: _look_up(app))
    if app.hosted is not None:
        tried("the language model", app.hosted.load)


def _understand(app: "App") -> None:
    from bot.brain.local import LocalBrain
    from bot.brain.port import Turn

    brain, now = app.brain, app.store.clock.now()
    if isinstance(brain, LocalBrain):
        brain.load(app.kinds)
    said = "I need Thursday off"
    brain.understand(
        Turn(text=said, speaker="", now=now, currency="EUR", day_first=True, colleagues=(), kinds=app.kinds)
    )


def _look_up(app: "App") -> None:
    from knowledge.search import Reader

    app.ask_as("How many days off are there?", Reader(None, frozenset(), frozenset(), app.store.clock.now().date()))
