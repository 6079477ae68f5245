"""Work that came in: one thing after the other in each conversation, several conversations at once."""

import asyncio
import heapq
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import structlog

log = structlog.get_logger()

THREADS = 3


class Lanes:
    """Does work in threads. Used from one event loop."""

    def __init__(self, threads: int = THREADS) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="slack")
        self._lanes: dict[str, list[tuple[float, int, Callable[[], None]]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._number = count()

    @property
    def idle(self) -> bool:
        """True while nothing is under way."""
        return not self._tasks and not self._lanes

    def put(self, lane: str, at: float, job: Callable[[], None]) -> None:
        """Puts a job into a lane; those that wait are done in the order of `at`, then as they came."""
        waiting = self._lanes.get(lane)
        if waiting is not None:
            heapq.heappush(waiting, (at, next(self._number), job))
            return
        self._lanes[lane] = [(at, next(self._number), job)]
        self.soon(self._run(lane))

    def soon(self, work: Coroutine[Any, Any, None]) -> None:
        """Does something in the background, kept until it is done."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def do(self, job: Callable[[], None]) -> None:
        """Does one thing in a thread; what goes wrong is logged."""
        try:
            await asyncio.get_running_loop().run_in_executor(self._pool, job)
        except Exception:
            log.exception("something that came from Slack could not be done")

    async def _run(self, lane: str) -> None:
        waiting = self._lanes[lane]
        while waiting:
            await self.do(heapq.heappop(waiting)[2])
        del self._lanes[lane]

    async def finish(self, *, seconds: float) -> None:
        """Waits for what is under way; what is left when the time is over stays for the next process."""
        for waiting in self._lanes.values():
            waiting.clear()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        self._pool.shutdown(wait=False, cancel_futures=True)
