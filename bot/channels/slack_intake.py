"""What came from Slack is written down before it is acknowledged, and done afterwards, in order and once."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from backend import received
from backend.connections import Watched
from backend.received import Parcel
from backend.store import Store
from bot.channels.slack_doing import Doing
from bot.channels.slack_lanes import Lanes
from bot.channels.slack_reading import Came

NAME = "slack"


class Intake:
    """Keeps what came until it is done. Used from one event loop."""

    def __init__(self, store: Store, doing: Doing, lanes: Lanes, watched: Watched) -> None:
        self._store, self._doing, self._lanes, self._watched = store, doing, lanes, watched
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="slack-inbox")
        self._incoming: list[tuple[Came, asyncio.Future[None]]] = []
        self._writing = False
        self._pending: set[str] = set()

    async def keep(self, came: Came) -> None:
        """Returns when what came is kept for sure; it is done afterwards, in order. Twice the same is done once."""
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._incoming.append((came, kept))
        if not self._writing:
            self._writing = True
            self._lanes.soon(self._write())
        await kept

    async def _write(self) -> None:
        """Writes down what has come in meanwhile, all of it in one transaction."""
        loop = asyncio.get_running_loop()
        while self._incoming:
            batch, self._incoming = self._incoming, []
            parcels = [Parcel(came.event, came.as_doc()) for came, _ in batch if came.event not in self._pending]
            try:
                new = await loop.run_in_executor(self._writer, self._write_down, parcels)
            except Exception as error:  # noqa: BLE001
                for _, kept in batch:
                    kept.set_exception(error)
                continue
            for came, kept in batch:
                if came.event in new:
                    new.discard(came.event)
                    self._in_lane(came)
                if not kept.done():
                    kept.set_result(None)
        self._writing = False

    def _write_down(self, parcels: list[Parcel]) -> set[str]:
        with self._store.writing() as session:
            return received.keep(session, NAME, parcels)

    def _in_lane(self, came: Came) -> None:
        self._pending.add(came.event)

        def work() -> None:
            try:
                self._doing.do(came)
                with self._store.writing() as session:
                    received.done(session, came.event)
                self._watched.heard()
            finally:
                self._pending.discard(came.event)

        self._lanes.put(came.conversation, came.at, work)

    async def take_left_over(self) -> None:
        """Does what was received by a process that died."""
        found: list[Parcel] = []

        def look() -> None:
            with self._store.writing() as session:
                found.extend(received.left_over(session, NAME))

        await self._lanes.do(look)
        for each in found:
            came = Came.from_doc(each.body)
            if came.event not in self._pending:
                self._in_lane(came)
