"""A circuit breaker: after some failures in a row a server is left alone for a while, and then tried by one."""

import threading
import time
from collections.abc import Callable

AFTER = 3
"""Failures in a row after which it is left alone."""
FIRST, LONGEST = 15.0, 600.0
"""Seconds for which it is left alone: the first time, and at most; doubled each time in between."""


class Breaker:
    """Whether a server is asked just now. Threads share it.

    clock  seconds that only grow
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._pause = FIRST
        self._until: float | None = None
        self._trying = False

    def let_through(self) -> bool:
        """True if it may be asked now. After a pause one is let through, until that one says how it went."""
        with self._lock:
            if self._until is None:
                return True
            if self._clock() < self._until or self._trying:
                return False
            self._trying = True
            return True

    def went_well(self) -> None:
        """It answered."""
        with self._lock:
            self._failures, self._pause, self._until, self._trying = 0, FIRST, None, False

    def failed(self, *, seconds: float | None = None) -> None:
        """It did not answer. `seconds`: it said itself for how long it is to be left alone."""
        with self._lock:
            self._failures += 1
            if seconds is not None:
                self._until = self._clock() + min(max(seconds, 0.0), LONGEST)
            elif self._trying or self._failures >= AFTER:
                self._until = self._clock() + self._pause
                self._pause = min(2 * self._pause, LONGEST)
            self._trying = False
