"""Work that is done apart: in a process of its own, with limits of time and memory, killed when it is over them."""

import importlib
import json
import os
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any, BinaryIO

from backend.refusals import Refusal

SECONDS = 60.0
"""How many seconds of a processor one piece of work may take."""

BUSY = 6
"""How many times as long it may take by the clock, on a machine that has other things to do."""

MEMORY = 1200 * 1024 * 1024
"""How much memory the process may ask for, in bytes, where the system can hold it to that."""

IDLE = 600.0
"""After how many seconds without work the process ends, to give its memory back."""

MOST = 200
"""After how many pieces of work a fresh process takes over."""

BEGUN = b"begun\n"
_TOO_LONG = 24
"""The signal by which the system ends what used up its processor time."""

_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "SYSTEMROOT")
_DOOR = "import backdesk; from knowledge import apart; apart.serve()"


class TooMuch(Refusal):
    """The work took longer, or more memory, than it may; the process was killed."""


class Apart:
    """One process that works off what it is given, one piece at a time, in the order of asking.

    It is started with the first piece, and again after it ended. It gets no secret of this process: only the few
    variables that Python needs.
    """

    def __init__(self, *, seconds: float = SECONDS, memory: int = MEMORY, idle: float = IDLE) -> None:
        self.seconds = seconds
        self.memory = memory
        self.idle = idle
        self._process: subprocess.Popen[bytes] | None = None
        self._done = 0
        self._line: deque[object] = deque()
        self._turn = threading.Condition()

    def run(self, task: str, content: bytes, args: Mapping[str, Any]) -> Any:
        """What the function `module:name` returns for (content, **args), both ways as JSON.

        A Refusal of it is raised here; a TooMuch if the process was killed or fell over it, which stderr tells.
        """
        asked = json.dumps({"task": task, "args": dict(args), "size": len(content)}).encode() + b"\n" + content
        with self._my_turn():
            answer = self._ask(asked)
        if "refused" in answer:
            raise Refusal(answer["refused"]["text"], **answer["refused"]["values"])
        return answer["done"]

    def close(self) -> None:
        """Ends the process, if it runs."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def _ask(self, asked: bytes) -> dict[str, Any]:
        process, late = self._running(), threading.Event()

        def kill() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(BUSY * self.seconds, kill)
        timer.daemon = True
        timer.start()
        try:
            begun, answer = _exchange(process, asked)
            if not begun and not late.is_set():  # it had just left, for want of work
                timer.cancel()
                self.close()
                return self._ask(asked)
        finally:
            timer.cancel()
        self._done += 1
        if answer:
            return json.loads(answer)
        died_of = process.wait()
        self.close()
        if late.is_set() or died_of == -_TOO_LONG:
            raise TooMuch("This takes too long to read, so I stopped: please send it smaller, or a page at a time.")
        raise TooMuch("This is too much for me to read: please send it smaller, or as a clear photo.")

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and (self._done >= MOST or self._process.poll() is not None):
            self.close()
        if self._process is None:
            self._done = 0
            self._process = subprocess.Popen(
                [sys.executable, "-c", _DOOR, str(self.memory), str(self.idle), str(self.seconds)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={name: os.environ[name] for name in _KEPT if name in os.environ},
            )
        return self._process

    @contextmanager
    def _my_turn(self) -> Generator[None]:
        """Waits until those who asked before are done."""
        me = object()
        with self._turn:
            self._line.append(me)
            self._turn.wait_for(lambda: self._line[0] is me)
        try:
            yield
        finally:
            with self._turn:
                self._line.popleft()
                self._turn.notify_all()


@cache
def apart() -> Apart:
    """The process of this process: one, however many ask."""
    import atexit

    one = Apart()
    atexit.register(one.close)
    return one


def serve() -> None:
    """What the process does: reads a line and the bytes that belong to it, works, writes a line; ends when idle."""
    memory, idle, seconds = int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])
    incoming = sys.stdin.buffer
    outgoing = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no answer
    _limit(memory)
    busy = _leave_when_idle(idle)
    while line := incoming.readline():
        busy.set()
        outgoing.write(BEGUN)
        outgoing.flush()
        _allow(seconds)
        asked = json.loads(line)
        answer = _work(asked, _exactly(incoming, asked["size"]))
        outgoing.write(json.dumps(answer).encode() + b"\n")
        outgoing.flush()
        busy.clear()


def _exchange(process: subprocess.Popen[bytes], asked: bytes) -> tuple[bool, bytes]:
    """Whether the process took it up, and the line it answered; empty if it died."""
    assert process.stdin is not None
    assert process.stdout is not None
    with suppress(BrokenPipeError):
        process.stdin.write(asked)
        process.stdin.flush()
    begun = process.stdout.readline() == BEGUN
    line = process.stdout.readline() if begun else b""
    return begun, line if line.endswith(b"\n") else b""


def _work(asked: Mapping[str, Any], content: bytes) -> dict[str, Any]:
    module, _, name = asked["task"].partition(":")
    try:
        return {"done": getattr(importlib.import_module(module), name)(content, **asked["args"])}
    except Refusal as refusal:
        return {"refused": {"text": refusal.text, "values": {name: str(each) for name, each in refusal.values.items()}}}


def _exactly(incoming: BinaryIO, size: int) -> bytes:
    content = incoming.read(size)
    return content if len(content) == size else sys.exit(0)


def _limit(memory: int) -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _allow(seconds: float) -> None:
    """From now on so many seconds of a processor, then the system ends this process."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        soft = int(time.process_time() + seconds) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _leave_when_idle(seconds: float) -> threading.Event:
    """Ends this process from a thread of its own once no work came for so long."""
    busy = threading.Event()

    def watch() -> None:
        since = time.monotonic()
        while True:
            time.sleep(min(5.0, seconds))
            if busy.is_set():
                since = time.monotonic()
            elif time.monotonic() - since > seconds:
                os._exit(0)

    threading.Thread(target=watch, daemon=True).start()
    return busy
