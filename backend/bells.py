"""Bells: what waits for work at one begins as soon as it is rung, and looks by itself now and then."""

import threading
import time

from sqlalchemy import event
from sqlalchemy.orm import Session

APART = 0.1
"""Seconds between two looks while there is something to do."""
BUSY = 1.0
"""Seconds after it was rung for which there may be more to do."""


class Bell(threading.Event):
    """What a thread waits at that also stops by it: setting it ends the thread, ringing lets it look at once."""

    def __init__(self) -> None:
        super().__init__()
        self._rung = threading.Event()
        self._busy = self._looked = float("-inf")

    def ring(self) -> None:
        """There is something to do."""
        self._busy = time.monotonic() + BUSY
        self._rung.set()

    def ring_after(self, session: Session) -> None:
        """There is something to do as soon as this session's transaction is committed."""

        def committed(_: Session) -> None:
            self.ring()

        event.listen(session, "after_commit", committed, once=True)

    def set(self) -> None:
        super().set()
        self._rung.set()

    def wait(self, timeout: float | None = None) -> bool:
        """Returns when it is rung or set, or after so many seconds; true if it is set."""
        self._rung.wait(APART if time.monotonic() < self._busy else timeout)
        if not self.is_set():
            self._rung.clear()
        super().wait(max(0.0, self._looked + APART - time.monotonic()))
        self._looked = time.monotonic()
        return self.is_set()
