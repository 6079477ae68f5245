"""A time limit that holds: work is done in a thread of its own, and left behind where it takes too long."""

import queue
import threading
import time
from collections.abc import Callable, Generator, Iterable
from typing import Any, TypeVar

T = TypeVar("T")


class TooSlow(Exception):
    """The time was up."""


class Deadline:
    """The moment at which an answer has to be there."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds that are left; never below 0."""
        return max(0.0, self._at - time.monotonic())

    def pieces(self, begin: Callable[[], Iterable[T]]) -> Generator[T]:
        """What comes of it piece by piece; TooSlow at the deadline, and whatever went wrong there."""
        arrived: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        gone = threading.Event()

        def work() -> None:
            try:
                for each in begin():
                    if gone.is_set():
                        return
                    arrived.put(("piece", each))
            except Exception as error:  # noqa: BLE001 (it is raised where it is waited for)
                arrived.put(("failed", error))
            else:
                arrived.put(("over", None))

        threading.Thread(target=work, name="backdesk-model", daemon=True).start()
        try:
            while True:
                try:
                    sort, value = arrived.get(timeout=self.left) if self.left else arrived.get_nowait()
                except queue.Empty:
                    raise TooSlow("the time was up") from None
                match sort:
                    case "piece":
                        yield value
                    case "failed":
                        raise value
                    case _:
                        return
        finally:
            gone.set()


def within(seconds: float, work: Callable[[], T]) -> T:
    """The result of some work; TooSlow if it takes longer, and whatever went wrong in it."""
    return next(iter(Deadline(seconds).pieces(lambda: [work()])))
