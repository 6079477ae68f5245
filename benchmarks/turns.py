"""A turn of the local brain, from the message heard to the reply put in line: CPU by hop, and the memory it takes."""

import multiprocessing
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

from backend import people
from benchmarks.offices import founded
from bot import presses, questions, turns
from bot.brain import classify, local
from bot.brain.local import LocalBrain
from bot.message import Address, Said
from bot.toolbox import Toolbox
from knowledge import embedding
from tests.office import Office

SAID = (
    "I need Thursday off",
    "could you order two whiteboards, 90 euros each, for the meeting room",
    "who is away next week?",
    "how many vacation days do I have left?",
    "necesito el viernes libre, asuntos propios",
    "ich möchte vom 14. bis 18. Dezember Urlaub nehmen",
    "what is the capital of Peru",
    "I paid 34.50 for a taxi on Monday",
)
ROUNDS = 12
HOPS: tuple[tuple[str, Any, str], ...] = (
    ("who is it", people, "who_is"),
    ("what is known", turns, "turn_of"),
    ("embed", classify, "vectors"),
    ("intent", LocalBrain, "understand"),
    ("slots", local, "values_in"),
    ("slots", local, "asked"),
    ("draft", Toolbox, "call"),
    ("draft", Toolbox, "update"),
    ("card", questions, "about"),
)
"""Each hop, and where it begins; what one spends within another is counted once."""


class Hops:
    """CPU seconds by hop, each without those that it goes through."""

    def __init__(self) -> None:
        self.spent: defaultdict[str, float] = defaultdict(float)
        self._open = ["between"]
        self._since = time.process_time()

    def through(self, hop: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, with its time put down to a hop."""

        def timed(*args: Any, **words: Any) -> Any:
            self.to(hop)
            try:
                return function(*args, **words)
            finally:
                self.to(None)

        return timed

    def to(self, hop: str | None) -> None:
        """Into a hop, or (None) back out of it."""
        at = time.process_time()
        self.spent[self._open[-1]] += at - self._since
        self._since = at
        self._open = [*self._open, hop] if hop else self._open[:-1]


def measure() -> str:
    """One line: CPU milliseconds a turn, median and 95th percentile, over embedding alone; by hop; memory added."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as alone:
        return alone.submit(measured).result()


def measured() -> str:
    """As measure(), in this process, which ought to be a fresh one."""
    with (
        tempfile.TemporaryDirectory() as folder,
        founded(f"sqlite:///{folder}/backdesk.db", home=Path(folder)) as office,
    ):
        before = _megabytes()
        brain = LocalBrain()
        brain.load(office.app.kinds)
        office.app.__dict__["brain"] = brain
        _round(office, [], Hops())
        added = _megabytes() - before
        hops = _watched()
        turns: list[float] = []
        for _ in range(ROUNDS):
            _round(office, turns, hops)
    embedding_alone = statistics.median(_embedded(text) for text in SAID * 3)
    middle, high = statistics.median(turns), sorted(turns)[int(len(turns) * 0.95)]
    each = ", ".join(f"{hop} {spent / len(turns) * 1000:.1f}" for hop, spent in hops.spent.items() if hop != "between")
    return (
        f"turn: median {middle * 1000:.0f} ms of CPU, 95th {high * 1000:.0f} ms; over embedding: ratio "
        f"{middle / embedding_alone:.1f}; on average {each}; {added:.0f} MB"
    )


def _watched() -> Hops:
    hops = Hops()
    for hop, owner, name in HOPS:
        setattr(owner, name, hops.through(hop, getattr(owner, name)))
    presses.COMMITTING["submit"] = hops.through("commit", presses.COMMITTING["submit"])
    hops.spent.clear()
    return hops


def _round(office: Office, turns: list[float], hops: Hops) -> None:
    """Every message once, each draft thrown away but the last, which is sent; what throws away is not counted."""
    for text in (*(each for said in SAID[:-1] for each in (said, "no")), SAID[-1], "client visit", "yes"):
        counted = text in SAID or text == "yes"
        kept = dict(hops.spent)
        hops.to("the rest")
        before = time.process_time()
        office.app.hear(Said(uuid4().hex, Address("memory", "ana"), "ana", text))
        hops.to(None)
        if counted:
            turns.append(time.process_time() - before)
        else:
            hops.spent.clear()
            hops.spent.update(kept)
    office.app.settle()


def _embedded(text: str) -> float:
    before = time.process_time()
    embedding.minilm([text])
    embedding.use([text])
    return time.process_time() - before


def _megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6


if __name__ == "__main__":
    print(measured())
