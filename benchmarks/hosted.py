"""A turn with a hosted model that takes no time: CPU of the loop and all around it, over the same with no model."""

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

from benchmarks.offices import founded
from bot.app import App
from bot.brain.hosted import HostedBrain
from bot.brain.scripted import ScriptedBrain
from bot.brain.scripted_model import Saying, scripted_model
from bot.message import Address, Said

ROUNDS = 40


def measure() -> str:
    """One line: CPU milliseconds that a turn with two questions to the model costs more than one without a model."""
    with (
        tempfile.TemporaryDirectory() as folder,
        founded(f"sqlite:///{folder}/backdesk.db", home=Path(folder)) as office,
    ):
        meant: list[tuple[str, dict[str, Any]]] = [("time_off.balance", {})]
        office.app.__dict__["brain"] = ScriptedBrain([meant] * (ROUNDS + 1))
        office.app.__dict__["hosted"] = None
        without = _spent(office.app)
        call: Saying = [("look_balance", {})]
        sayings: list[Saying] = [call, ""] * (ROUNDS + 1)
        office.app.__dict__["hosted"] = HostedBrain(lambda: scripted_model(sayings), name="scripted")
        with_ = _spent(office.app)
    return f"hosted: {(with_ - without) * 1000:.0f} ms of CPU above the {without * 1000:.0f} ms of a turn without"


def _spent(app: App) -> float:
    spent: list[float] = []
    for _ in range(ROUNDS + 1):
        before = time.process_time()
        app.hear(Said(uuid4().hex, Address("memory", "ana"), "ana", "how much holiday is there for me?"))
        spent.append(time.process_time() - before)
    return statistics.median(spent[1:])
