"""Listens to Telegram: fetches updates or is sent them, keeps them before it acknowledges, does them in order."""

import asyncio
import hmac
import json
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import structlog

from backend.connections import Watched
from backend.outbox import CannotDeliver, TryLater
from backend.received import Parcel
from backend.words import LANGUAGES
from bot.channels.intake import Intake
from bot.channels.telegram import PATH
from bot.channels.telegram_commands import commands, described
from bot.channels.telegram_hearing import Hearing
from bot.channels.telegram_wire import NoSuchMethod, Revoked

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from bot.app import App
    from bot.channels.telegram import Telegram

log = structlog.get_logger()

NAME = "telegram"
WANTED = ["message", "callback_query", "my_chat_member"]
LONG_POLL = 50
"""Seconds that Telegram may wait until there is something to tell."""
LARGEST = 1024 * 1024
"""Bytes of an update."""
LOOK_AGAIN = 20.0
"""Seconds between two looks for what was kept and not done."""
THREADS = 3
"""So many conversations are worked on at once: more would only keep the acknowledgements waiting."""


class Listening:
    """One bot's ear. Everything but the work itself happens on the channel's loop."""

    def __init__(self, app: "App", channel: "Telegram") -> None:
        self._app = app
        self._channel = channel
        self._hearing = Hearing(app, channel)
        self._watched = Watched(app.store, NAME)
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="telegram-work")
        self._intake = Intake(app.store, NAME, line_up=self._line_up)
        self._queues: dict[str, deque[Parcel]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._running: Future[None] | None = None
        self._secret = channel.settings.telegram_webhook_secret.get_secret_value()

    def start(self) -> None:
        """Begins to take in what people do, in the background."""
        self._running = asyncio.run_coroutine_threadsafe(self._listen(), self._channel.wire.loop)

    def stop(self) -> None:
        """Stops listening; what is under way is finished, the rest is kept for the next start."""
        if self._running is None:
            return
        self._running.cancel()
        asyncio.run_coroutine_threadsafe(self._end(), self._channel.wire.loop).result(30)
        self._pool.shutdown()
        self._watched.down()

    @property
    def by_webhook(self) -> bool:
        """True if Telegram sends updates to us; otherwise we ask for them."""
        return bool(self._secret and self._channel.settings.public_url)

    async def webhook(self, request: "Request") -> "Response":
        """What Telegram sends: kept, then acknowledged, then done."""
        from starlette.responses import Response

        said = request.headers.get("x-telegram-bot-api-secret-token", "")
        if not self.by_webhook or not hmac.compare_digest(said.encode(), self._secret.encode()):
            return Response(status_code=401)
        body = await request.body()
        update = _read(body)
        if update is None:
            return Response(status_code=400)
        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self._arrived([update]), self._channel.wire.loop))
        return Response()

    # inside, on the channel's loop

    async def _listen(self) -> None:
        again = asyncio.create_task(self._look_again())
        try:
            while True:
                try:
                    await self._introduce()
                    if self.by_webhook:
                        await asyncio.Event().wait()
                    await self._poll()
                except Exception:
                    log.exception("telegram: listening went wrong; it begins again")
                    await asyncio.sleep(5)
        finally:
            again.cancel()

    async def _introduce(self) -> None:
        """Says who we are: how we listen, and the menu of commands in every language. Tried until it works."""
        while True:
            try:
                await self._say_how()
                self._watched.up()
                return
            except (TryLater, CannotDeliver) as no:
                await self._wait(no)

    async def _say_how(self) -> None:
        wire, bot = self._channel.wire, self._channel.wire.bot
        me = await wire.asked(bot.get_me)
        self._channel.username = (me.username if me else None) or ""
        await self._hand_out_menu()
        if self.by_webhook:
            url = self._channel.settings.public_url.rstrip("/") + PATH
            await wire.asked(
                lambda: bot.set_webhook(url, secret_token=self._secret, allowed_updates=WANTED, max_connections=40)
            )
        else:
            with suppress(NoSuchMethod):  # then nobody can have set one either
                await wire.asked(bot.delete_webhook)

    async def _hand_out_menu(self) -> None:
        """The commands, in every language; a menu that is not taken is no reason not to listen."""
        from telegram import BotCommand, BotCommandScopeAllPrivateChats

        wire, bot, known = self._channel.wire, self._channel.wire.bot, commands(self._app.kinds)
        try:
            for language in LANGUAGES:
                menu = [BotCommand(name, about) for name, about in described(known, language)]
                scope, code = BotCommandScopeAllPrivateChats(), "" if language == "en" else language
                await wire.asked(
                    lambda m=menu, s=scope, c=code: bot.set_my_commands(m, scope=s, language_code=c or None)
                )
        except CannotDeliver as no:
            log.warning("telegram: there is no menu of commands", why=str(no))

    async def _poll(self) -> None:
        offset = 0
        while True:
            try:
                found = await self._channel.wire.updates(offset=offset, seconds=LONG_POLL, wanted=WANTED)
            except (TryLater, CannotDeliver) as no:
                await self._wait(no)
                continue
            self._watched.up()
            if found:
                await self._arrived(found)
                offset = int(found[-1]["update_id"]) + 1

    async def _wait(self, no: Exception) -> None:
        seconds = no.seconds if isinstance(no, TryLater) and no.seconds else 3.0
        self._watched.down(str(no) if isinstance(no, Revoked) else "")
        log.warning("telegram: not connected", why=str(no), again_in=seconds)
        await asyncio.sleep(min(seconds, 60.0))

    async def _arrived(self, updates: Sequence[dict[str, Any]]) -> None:
        """Keeps updates; when this returns they may be acknowledged."""
        bot = self._channel.wire.bot_id
        await self._intake.keep([Parcel(f"{NAME}:{bot}:{each['update_id']}", each) for each in updates])
        for each in updates:
            if "callback_query" in each:
                self._soon(self._release(each["callback_query"].get("id")))

    async def _release(self, query: Any) -> None:
        """Lets a pressed button go at once: every press is answered, whatever becomes of it."""
        try:
            await self._channel.wire.asked(lambda: self._channel.wire.bot.answer_callback_query(str(query)))
        except (TryLater, CannotDeliver) as no:
            log.info("telegram: a press could not be answered", why=str(no))

    def _line_up(self, parcel: Parcel) -> None:
        place = conversation(parcel.body)
        queue = self._queues.setdefault(place, deque())
        queue.append(parcel)
        if len(queue) == 1:
            self._soon(self._work(place, queue))

    async def _work(self, place: str, queue: deque[Parcel]) -> None:
        """Does what arrived in a conversation, one after the other."""
        loop = asyncio.get_running_loop()
        while queue:
            parcel = queue[0]
            try:
                await loop.run_in_executor(self._pool, self._do, parcel)
                self._intake.done(parcel.event)
            except TryLater as later:
                log.warning("telegram: done later", event_id=parcel.event, why=str(later))
                self._intake.left(parcel.event)
            except Exception:
                log.exception("an update could not be done", event_id=parcel.event)
                self._intake.left(parcel.event)
            queue.popleft()
        del self._queues[place]

    def _do(self, parcel: Parcel) -> None:
        self._hearing.one(parcel.event, parcel.body)
        self._watched.heard()

    async def _look_again(self) -> None:
        """Does what was kept and not done: by a process that died, or while something was out of order."""
        while True:
            await self._intake.take_left_over()
            await asyncio.sleep(LOOK_AGAIN)

    def _soon(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _end(self) -> None:
        for queue in self._queues.values():
            while len(queue) > 1:
                queue.pop()  # kept, and done after the next start
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._intake.close()


def conversation(body: dict[str, Any]) -> str:
    """What is done one after the other: everything of one chat."""
    for sort in WANTED:
        found: dict[str, Any] = body.get(sort) or {}
        inside: dict[str, Any] = found.get("message") or found
        chat: dict[str, Any] = inside.get("chat") or found.get("from") or {}
        if chat:
            return str(chat.get("id", ""))
    return ""


def _read(body: bytes) -> dict[str, Any] | None:
    """An update as it was sent; None if this is none."""
    try:
        update: Any = json.loads(body) if len(body) <= LARGEST else None
    except ValueError:
        return None
    return update if isinstance(update, dict) and isinstance(update.get("update_id"), int) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
