"""What a browser is told as it happens: one look at the database for everybody who is connected, fanned out."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from backend.chats import Posted
from backend.store import Store

log = structlog.get_logger()

CHANNEL = "web"
EVERY = 0.15
"""Seconds between two looks at the database while anybody is connected."""

MOST_LINES = 30
"""Connections that one person may hold; another one ends the oldest."""

HEARTBEAT = 10.0
RETIRED_EVERY = 2.0
LATE = 100
"""How far back each look reaches: on PostgreSQL a lower number may be committed after a higher one."""

A_MINUTE = timedelta(minutes=1)
MOST_MISSED = 300
"""Posts after which a browser that comes back is told to load the page anew."""


@dataclass(eq=False)
class Line:
    """One connected browser and what it has still to be told."""

    handle: str
    waiting: asyncio.Queue[dict[str, Any] | None] = field(default_factory=asyncio.Queue[dict[str, Any] | None])


class Stream:
    """Looks for new posts while anybody is connected, and tells those whom they are for.

    draw    a post as HTML, for its reader
    """

    def __init__(self, store: Store, draw: Callable[[Session, Posted], str]) -> None:
        self._store = store
        self._draw = draw
        self._lines: dict[Line, None] = {}
        self._looking: asyncio.Task[None] | None = None
        self._nudged = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._told: dict[int, None] = {}
        self._last = 0
        self._cards: dict[int, str] = {}
        self._closed = False
        self._began = self._grew = store.clock.now()
        self._highest = 0

    def nudge(self) -> None:
        """Something was posted just now: look at once. Called from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._nudged.set)

    def close(self) -> None:
        """Ends every connection, so that the process can stop. Called from any thread."""
        self._closed = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._hang_up)

    def tell(self, handle: str, message: dict[str, Any]) -> None:
        """Tells one person's browsers something that is no post: what they wrote themselves, in another tab."""
        for line in self._lines:
            if line.handle == handle:
                line.waiting.put_nowait(message)

    async def follow(self, handle: str, *, after: int, still_there: Callable[[], bool]) -> AsyncIterator[str]:
        """Server-sent events for one browser: what it missed since a post's number, and then what is new.

        still_there  false once the person may no longer read here: asked at every heartbeat and before each post
        """
        self._loop = asyncio.get_running_loop()
        line = Line(handle)
        await self._begin(line)
        try:
            yield "retry: 1000\n\n"
            missed = await run_in_threadpool(self._missed, handle, after)
            told: set[int] = set()
            if not await run_in_threadpool(still_there):
                yield _event({"gone": True})
                return
            if missed is None:
                yield _event({"reload": True})
                missed = []
            for message in missed:
                told.add(message["id"])
                yield _event(message)
            while not self._closed:
                try:
                    message = await asyncio.wait_for(line.waiting.get(), HEARTBEAT)
                except TimeoutError:
                    message = {}
                if message is None:
                    return
                if not await run_in_threadpool(still_there):
                    yield _event({"gone": True})
                    return
                if not message:
                    yield ": still here\n\n"
                elif message.get("id") not in told:
                    yield _event(message)
        finally:
            self._lines.pop(line, None)
            if not self._lines and self._looking is not None:
                self._looking.cancel()
                self._looking = None

    async def _begin(self, line: Line) -> None:
        if self._looking is None:
            self._last = await run_in_threadpool(self._newest)
            self._began = self._store.clock.now()
        theirs = [each for each in self._lines if each.handle == line.handle]
        for each in theirs[: len(theirs) - MOST_LINES + 1]:
            each.waiting.put_nowait(None)
        self._lines[line] = None
        if self._looking is None:
            self._looking = asyncio.create_task(self._look())

    async def _look(self) -> None:
        since_retired = 0.0
        while not self._closed:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._nudged.wait(), EVERY)
            self._nudged.clear()
            since_retired += EVERY
            check = since_retired >= RETIRED_EVERY
            try:
                handles = frozenset(each.handle for each in self._lines)
                for handle, message in await run_in_threadpool(self._new, handles, check):
                    self.tell(handle, message)
            except Exception:
                log.exception("the web chat could not look for new posts")
                await asyncio.sleep(1)
            if check:
                since_retired = 0.0

    def _newest(self) -> int:
        with self._store.looking() as session:
            return session.scalar(select(func.max(Posted.id))) or 0

    def _new(self, handles: frozenset[str], check: bool) -> list[tuple[str, dict[str, Any]]]:
        """What was posted since the last look, and (now and then) which cards are no longer shown."""
        out: list[tuple[str, dict[str, Any]]] = []
        with self._store.looking() as session:
            newest = session.scalar(select(func.max(Posted.id))) or 0
            if newest != self._highest:
                self._highest, self._grew = newest, self._store.clock.now()
            elif not check and self._store.clock.now() - self._grew > A_MINUTE:
                return []
            wanted = select(Posted).where(Posted.channel == CHANNEL, Posted.id > self._last - LATE)
            for row in session.scalars(wanted.order_by(Posted.id)):
                if row.id in self._told:
                    continue
                self._told[row.id] = None
                if row.id <= self._last and not self._told_late(row):
                    continue
                self._last = max(self._last, row.id)
                if row.conversation in handles:
                    out.append((row.conversation, self._message(session, row)))
            if check:
                out += [(handle, {"retired": number}) for number, handle in self._retired(session, handles)]
        while len(self._told) > 10 * LATE:
            self._told.pop(next(iter(self._told)))
        return out

    def _told_late(self, row: Posted) -> bool:
        """True if a row with a lower number came in after a higher one; those from before we looked did not."""
        return row.current and row.made_at >= self._began - A_MINUTE

    def _retired(self, session: Session, handles: frozenset[str]) -> list[tuple[int, str]]:
        """Cards that stopped being current without another in their place."""
        wanted = select(Posted.id, Posted.conversation).where(
            Posted.channel == CHANNEL,
            Posted.conversation.in_(sorted(handles)),
            Posted.card.is_not(None),
            Posted.current.is_(True),
        )
        now_shown = {row.id: row.conversation for row in session.execute(wanted)}
        before = self._cards.items()
        gone = {number: handle for number, handle in before if number not in now_shown and handle in handles}
        self._cards = now_shown
        if not gone:
            return []
        really = select(Posted.id).where(Posted.id.in_(sorted(gone)), Posted.current.is_(False))
        return [(number, gone[number]) for number in session.scalars(really)]

    def _missed(self, handle: str, after: int) -> list[dict[str, Any]] | None:
        """What a browser did not hear since a post's number; None if that is too much to tell one by one."""
        with self._store.looking() as session:
            mine = select(Posted).where(Posted.channel == CHANNEL, Posted.conversation == handle)
            late = mine.where(Posted.id > after - LATE, Posted.id <= after, Posted.current.is_(True))
            newer = mine.where(Posted.id > after).order_by(Posted.id).limit(MOST_MISSED + 1)
            rows = [*session.scalars(late.order_by(Posted.id)), *session.scalars(newer)]
            if len(rows) > MOST_MISSED:
                return None
            return [self._message(session, row) for row in rows]

    def _message(self, session: Session, row: Posted) -> dict[str, Any]:
        return {
            "id": row.id,
            "replaces": row.replaces,
            "in_place": row.in_place,
            "html": self._draw(session, row),
        }

    def _hang_up(self) -> None:
        for line in self._lines:
            line.waiting.put_nowait(None)
        if self._looking is not None:
            self._looking.cancel()


def _event(message: dict[str, Any]) -> str:
    number = f"id: {message['id']}\n" if "id" in message else ""
    return f"{number}data: {json.dumps(message, ensure_ascii=False)}\n\n"
