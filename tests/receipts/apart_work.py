"""What the process apart is given to do in tests."""

import os
import time

from backend.refusals import Refusal


def whose(content: bytes) -> int:
    """The process it runs in."""
    return os.getpid()


def size(content: bytes, *, more: str) -> list[object]:
    return [len(content), more]


def names(content: bytes) -> list[str]:
    """The variables of its environment."""
    return sorted(os.environ)


def refuse(content: bytes) -> None:
    raise Refusal("No {number} today.", number=7)


def wait(content: bytes, *, seconds: float) -> None:
    time.sleep(seconds)


def spin(content: bytes) -> None:
    while True:
        pass


def sleep(content: bytes) -> None:
    time.sleep(600)


def hoard(content: bytes, *, size: int) -> int:
    return len(bytearray(size))
