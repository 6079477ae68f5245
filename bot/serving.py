"""Runs a Backdesk: the web chat first, then delivery and timers, then the models, until it is stopped."""

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

    personas  anybody may be played (the demo); otherwise people sign in
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
            await super().startup(sockets)
            told()
            loading.start()

        def handle_exit(self, sig: int, frame: Any) -> None:
            site.stream.close()
            super().handle_exit(sig, frame)

    def load() -> None:
        time.sleep(0.2)  # the first page goes first
        stack.enter_context(app.running())
        for each in app.channels.values():
            if isinstance(each, Platform):
                stack.enter_context(each.listening(app))
        warm(app)
        ready.set()

    loading = threading.Thread(target=load, name="loading", daemon=True)
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
    """Loads what answers need: the brain and the handbook's index, so that the first message does not wait long."""
    from bot.channels.web import tried

    tried("the brain", lambda: app.brain)
    tried("the handbook's index", lambda: app.index)
    if app.hosted is not None:
        tried("the language model", app.hosted.load)
