"""The Bot API as Backdesk calls it: one client on an event loop of its own, with time limits and errors told apart."""

import asyncio
import logging
import os
import threading
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from backend.outbox import CannotDeliver, TryLater
from bot.channels.telegram_markup import Rows

if TYPE_CHECKING:
    from ssl import SSLContext

    from telegram import Bot, InlineKeyboardMarkup

T = TypeVar("T")

SECONDS = 40.0
"""How long one post may take in all, whatever the client's own limits say."""
NOT_ACCEPTED = 300.0
"""Seconds until another try where the token is not accepted: somebody has to mend it."""

GONE = ("chat not found", "user is deactivated", "peer_id_invalid", "group chat was deactivated", "have no rights",
        "not enough rights", "need administrator rights", "chat_write_forbidden", "topic_closed",
        "message thread not found", "group chat was upgraded")  # fmt: skip
"""What Telegram says where a chat will not be written to again."""


class Unreachable(CannotDeliver):
    """This chat takes nothing from us any more: the person blocked the bot, or the bot was removed."""


class NoSuchMethod(CannotDeliver):
    """What stands in for Telegram does not have this method."""


class Revoked(TryLater):
    """The bot's token is not accepted."""


@cache
def _trusted() -> "SSLContext":
    """Whom connections trust, as httpx has it: read once and not for each client."""
    from httpx import create_ssl_context

    return create_ssl_context()


class Wire:
    """Calls the Bot API from any thread; `bot` is for those who are on its loop already."""

    def __init__(self, token: str, *, api_url: str = "") -> None:
        self._token = token
        self._url = api_url.rstrip("/") or "https://api.telegram.org"
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._bot: Bot | None = None
        self._accepted = False

    @property
    def bot_id(self) -> str:
        """The bot's number, which is the first half of its token."""
        return self._token.partition(":")[0]

    @property
    def bot(self) -> "Bot":
        """The client; made when it is first needed."""
        with self._lock:
            if self._bot is None:
                os.environ.setdefault("PTB_TIMEDELTA", "true")  # otherwise the library warns at each 429
                logging.getLogger("httpx").setLevel(logging.WARNING)  # it would log addresses, which hold the token
                from telegram import Bot
                from telegram.request import HTTPXRequest

                class Client(Bot):
                    """The library's own, which can also give updates as they were sent."""

                    async def updates(self, *, offset: int, seconds: int, wanted: list[str]) -> list[dict[str, Any]]:
                        said = {"offset": offset, "timeout": seconds, "allowed_updates": wanted}
                        return await self._post("getUpdates", said, read_timeout=seconds + 15)

                limits: dict[str, Any] = {"connect_timeout": 5, "write_timeout": 15, "pool_timeout": 10}
                limits["httpx_kwargs"] = {"verify": _trusted()}
                self._bot = Client(
                    self._token,
                    base_url=f"{self._url}/bot",
                    base_file_url=f"{self._url}/file/bot",
                    request=HTTPXRequest(16, read_timeout=15, media_write_timeout=30, **limits),
                    get_updates_request=HTTPXRequest(1, read_timeout=15, **limits),
                )
            return self._bot

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The loop on which everything of this channel happens."""
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._loop.run_forever, name="telegram", daemon=True)
                self._thread.start()
            return self._loop

    async def updates(self, *, offset: int, seconds: int, wanted: list[str]) -> list[dict[str, Any]]:
        """What happened since, as it was sent: one update that the library cannot read does not hold up the others."""
        client: Any = self.bot
        return await self.asked(lambda: client.updates(offset=offset, seconds=seconds, wanted=wanted)) or []

    def do(self, work: Coroutine[Any, Any, T], *, seconds: float = SECONDS) -> T:
        """Does something on the loop and waits for it. Raises TryLater, CannotDeliver or what the work raises."""
        done = asyncio.run_coroutine_threadsafe(work, self.loop)
        try:
            return done.result(seconds)
        except TimeoutError as error:
            done.cancel()
            raise TryLater("Telegram does not answer", unsure=True) from error

    async def asked(self, call: Callable[[], Awaitable[T]]) -> T | None:
        """What a call returns; None where there was nothing to change. Raises TryLater or CannotDeliver."""
        from telegram import error

        try:
            answer = await call()
            self._accepted = True
            return answer
        except error.RetryAfter as wait:
            after = wait.retry_after
            seconds = after.total_seconds() if isinstance(after, timedelta) else float(after)
            raise TryLater("Telegram asks to wait", seconds=seconds) from None
        except error.InvalidToken as no:
            if self._accepted and "not found" in str(no).lower():  # of a token that is not accepted it says 401
                raise NoSuchMethod("Telegram does not know what it was asked") from None
            raise Revoked("Telegram does not accept the bot's token", seconds=NOT_ACCEPTED, everywhere=True) from None
        except error.Forbidden as no:
            raise Unreachable(no.message) from None
        except error.BadRequest as bad:
            said = bad.message.lower()
            if "message is not modified" in said:
                return None
            if any(each in said for each in GONE):
                raise Unreachable(bad.message) from None
            raise CannotDeliver(bad.message) from None
        except error.ChatMigrated as moved:
            raise Unreachable(moved.message) from None
        except error.Conflict as twice:
            raise TryLater(f"another process listens for this bot: {twice.message}", seconds=15) from None
        except error.NetworkError as broken:
            # refused at the door, or told that it failed: surely not done; anything else: perhaps
            unsure = broken.__cause__ is not None and "Connect" not in type(broken.__cause__).__name__
            raise TryLater(f"Telegram cannot be reached: {broken.message}", unsure=unsure) from None

    def close(self) -> None:
        """Lets go of the connections and of the loop."""
        loop, thread, bot = self._loop, self._thread, self._bot
        if loop is None or thread is None:
            return
        if bot is not None:
            asyncio.run_coroutine_threadsafe(_let_go(bot), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
        self._loop = self._thread = self._bot = None


async def _let_go(bot: "Bot") -> None:
    for each in bot._request:  # pyright: ignore[reportPrivateUsage]
        await each.shutdown()


def markup(rows: Rows) -> "InlineKeyboardMarkup | None":
    """A keyboard as the client takes it."""
    from telegram import InlineKeyboardButton, InlineKeyboardMarkup

    if not rows:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(each.label, callback_data=each.data) for each in row] for row in rows]
    )
