"""What a platform sent is written down before it is acknowledged, and forgotten when it is done."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import structlog
from sqlalchemy.exc import IntegrityError

from backend import received
from backend.received import Parcel
from backend.store import Store

log = structlog.get_logger()

SOON = 0.2
"""Seconds for which what is done waits for the next that comes, to be written down together."""
TRIES = 3


class Intake:
    """Keeps what came until it is done; all that comes meanwhile in one transaction. Used from one event loop.

    line_up  begins what is new, on that loop; whoever does it says done() or left() in the end
    """

    def __init__(self, store: Store, channel: str, *, line_up: Callable[[Parcel], None]) -> None:
        self._store, self._channel, self._line_up = store, channel, line_up
        self._writer = ThreadPoolExecutor(1, thread_name_prefix=f"{channel}-inbox")
        self._incoming: list[tuple[Sequence[Parcel], asyncio.Future[None]]] = []
        self._done: list[str] = []
        self._under_way: set[str] = set()
        self._writing: asyncio.Task[None] | None = None
        self._soon: asyncio.TimerHandle | None = None

    async def keep(self, parcels: Sequence[Parcel]) -> None:
        """Returns when what came is kept for sure; it is done afterwards, in order. Twice the same is done once."""
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._incoming.append((parcels, kept))
        self._begin()
        await kept

    def done(self, event: str) -> None:
        """This is done, and can be forgotten."""
        self._done.append(event)
        if self._soon is None:
            self._soon = asyncio.get_running_loop().call_later(SOON, self._begin)

    def left(self, event: str) -> None:
        """This could not be done: it is looked at again later."""
        self._under_way.discard(event)

    async def take_left_over(self) -> None:
        """Begins what was received by a process that died, or could not be done."""
        try:
            found = await asyncio.get_running_loop().run_in_executor(self._writer, self._left_over)
        except Exception:
            log.exception("could not look for what is left to do", channel=self._channel)
            return
        for each in found:
            self._take(each)

    async def close(self) -> None:
        """Writes down what is done. What is not is kept for the next start."""
        for _ in range(2):  # what is being written just now, and what was done since
            self._begin()
            if self._writing is not None:
                await self._writing
        self._writer.shutdown(wait=False)

    def _begin(self) -> None:
        if self._soon is not None:
            self._soon.cancel()
            self._soon = None
        if self._writing is None:
            self._writing = asyncio.get_running_loop().create_task(self._write())

    async def _write(self) -> None:
        """Writes down what has come in and what was done meanwhile, all of it in one transaction."""
        loop = asyncio.get_running_loop()
        while True:
            batch, self._incoming = self._incoming, []
            done, self._done = self._done, []
            parcels = [each for several, _ in batch for each in several]
            wanted = [each for each in parcels if each.event not in self._under_way]
            try:
                new = await loop.run_in_executor(self._writer, self._write_down, wanted, done)
            except Exception as error:  # noqa: BLE001
                self._done += done
                _tell(batch, error)
            else:
                self._under_way.difference_update(done)
                _tell(batch, None)
                for each in wanted:
                    if each.event in new:
                        self._take(each)
            if not self._incoming:
                break
        self._writing = None

    def _take(self, parcel: Parcel) -> None:
        if parcel.event not in self._under_way:
            self._under_way.add(parcel.event)
            self._line_up(parcel)

    # in the writer's thread

    def _write_down(self, parcels: Sequence[Parcel], done: Sequence[str]) -> set[str]:
        for attempt in range(1, TRIES + 1):
            try:
                with self._store.writing(first=True) as session:
                    received.done(session, done)
                    return received.keep(session, self._channel, parcels)
            except IntegrityError:  # another process was sent the same at this moment
                if attempt == TRIES:
                    raise
        return set()

    def _left_over(self) -> list[Parcel]:
        with self._store.writing() as session:
            return received.left_over(session, self._channel)


def _tell(batch: Sequence[tuple[Sequence[Parcel], asyncio.Future[None]]], error: Exception | None) -> None:
    """Tells those who wait that theirs is kept, or why it is not."""
    for _, kept in batch:
        if kept.done():
            continue
        if error is None:
            kept.set_result(None)
        else:
            kept.set_exception(error)
