"""A turn of the local brain: CPU to understand one message, over embedding it once with both models."""

import statistics
import time
from datetime import datetime

from bot.brain.local import LocalBrain
from bot.brain.port import Colleague, Turn
from knowledge import embedding
from tools import all_kinds

SAID = (
    "I need Thursday off",
    "could you order two whiteboards, 90 euros each, for the meeting room",
    "I paid 34.50 for a taxi on Monday",
    "who is away next week?",
    "how many days can I carry over into next year",
    "necesito el viernes libre, asuntos propios",
    "approve 214 and reject 218 because the budget is used up",
    "what is the capital of Peru",
)
ROUNDS = 10


def measure() -> str:
    """One line: CPU milliseconds a turn, median and 95th percentile, and the ratio to embedding alone."""
    kinds = all_kinds()
    brain = LocalBrain()
    brain.load(kinds)
    now = datetime.fromisoformat("2026-11-24T10:00:00+01:00")
    people = (Colleague("ana.costa", "Ana Costa", "works", None),)
    turns = [Turn(text, "ana.costa", now, "EUR", True, people, kinds) for text in SAID]
    for each in turns:
        brain.understand(each)
    spent: list[float] = []
    alone: list[float] = []
    for _ in range(ROUNDS):
        for each in turns:
            before = time.process_time()
            brain.understand(each)
            spent.append(time.process_time() - before)
            before = time.process_time()
            embedding.minilm([each.text])
            embedding.use([each.text])
            alone.append(time.process_time() - before)
    middle, high = statistics.median(spent), sorted(spent)[int(len(spent) * 0.95)]
    ratio = middle / statistics.median(alone)
    return f"turn: median {middle * 1000:.0f} ms of CPU, 95th {high * 1000:.0f} ms; over embedding: ratio {ratio:.1f}"
