"""Stays connected to Slack by a socket that we open: no address of ours has to be reachable from outside."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager
from typing import Any

import structlog

from backend.outbox import TryLater
from bot.channels.slack_calls import Revoked
from bot.channels.slack_listening import Listening, quiet

log = structlog.get_logger()

LOOK_AGAIN = 60.0
"""Seconds between two looks for what was left over."""
MEET_AGAIN = 60
"""So many looks later, colleagues who were not in Slack are looked for again."""
AT_ONCE, BETWEEN = 20, 1.3
"""So many at once, and then seconds between two of them: Slack answers some 50 a minute."""
RECONNECT = (1, 2, 5, 10, 30, 60)
WATCH = 1.0


@contextmanager
def listening_to(listening: Listening) -> Generator[None]:
    """Listens until the block ends, in a thread and an event loop of its own: by a socket, if there is an app token."""
    socket = bool(listening.settings.slack_app_token.get_secret_value())
    stop = asyncio.Event()

    def run() -> None:
        loop = listening.loop
        loop.run_until_complete(_stay(listening, stop, _hold_socket if socket else _hold_nothing))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()

    thread = threading.Thread(target=run, name="slack", daemon=True)
    thread.start()
    try:
        yield
    finally:
        listening.loop.call_soon_threadsafe(stop.set)
        thread.join(15)
        listening.watched.down()


async def _stay(
    listening: Listening, stop: asyncio.Event, hold: Callable[[Listening, asyncio.Event], Coroutine[Any, Any, None]]
) -> None:
    chores = asyncio.create_task(_chores(listening))
    try:
        await hold(listening, stop)
    finally:
        chores.cancel()
        await listening.lanes.finish(seconds=10)
        await listening.intake.close()


async def _hold_nothing(listening: Listening, stop: asyncio.Event) -> None:
    """Requests come over HTTP, by way of the web chat's address."""
    await stop.wait()


async def _hold_socket(listening: Listening, stop: asyncio.Event) -> None:
    from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler

    token = listening.settings.slack_app_token.get_secret_value()
    handler = AsyncSocketModeHandler(listening.bolt, token, logger=quiet, ping_interval=5)
    tries = 0
    try:
        while not stop.is_set():
            try:
                if not await handler.client.is_connected():
                    listening.note(listening.watched.down)
                    await asyncio.wait_for(handler.client.connect_to_new_endpoint(force=True), 30)
                tries = 0
                listening.note(listening.watched.up)
                await _wait(stop, WATCH)
            except Exception as error:  # noqa: BLE001
                code = str(getattr(error, "response", {}).get("error") or "")
                log.warning("Slack cannot be reached", why=code or type(error).__name__)
                why = f"the socket: Slack says {code}" if code else ""
                listening.note(lambda why=why: listening.watched.down(why))
                await _wait(stop, RECONNECT[min(tries, len(RECONNECT) - 1)])
                tries += 1
    finally:
        await handler.close_async()


async def _chores(listening: Listening) -> None:
    """Now and then: what was left over by a process that died, and colleagues who were not met yet."""
    turn = 0
    while True:
        await listening.intake.take_left_over()
        if turn % MEET_AGAIN == 0:
            await _meet_everybody(listening)
        await asyncio.sleep(LOOK_AGAIN)
        turn += 1


async def _meet_everybody(listening: Listening) -> None:
    """Looks for those colleagues in Slack who never wrote there, so that they can be told something."""
    try:
        for nth, email in enumerate(await asyncio.to_thread(listening.members.not_met)):
            await asyncio.to_thread(listening.members.meet, email)
            await asyncio.sleep(BETWEEN if nth >= AT_ONCE else 0)
    except Revoked as error:
        why = f"Slack says {error.code}: install the app again, and set SLACK_BOT_TOKEN"
        await asyncio.to_thread(listening.watched.trouble, why)
    except TryLater as error:
        log.info("not everybody could be looked for in Slack yet", why=str(error))


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
