"""Waiting for what another thread or process does: as long as it takes, up to a limit, never longer."""

import time
from collections.abc import Callable


def until(holds: Callable[[], bool], *, seconds: float = 20.0, what: str = "it") -> None:
    """Returns as soon as the condition holds; fails the test if it never does."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"{what} did not happen within {seconds} s"
        time.sleep(0.02)
