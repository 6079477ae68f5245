"""The three brains under one contract: the local one, the scripted one, and a hosted one before a scripted model."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from bot.brain.hosted import HostedBrain
from bot.brain.local import LocalBrain
from bot.brain.port import Turn, Understood
from bot.brain.scripted import ScriptedBrain
from bot.brain.scripted_model import Saying, scripted_model
from tests.brain_contract import BrainContract, Meaning
from tests.office import Office

CALLS = {
    "time_off.submit": "draft_time_off",
    "form.update": "draft_update",
    "time_off.balance": "look_balance",
    "time_off.cancel": "draft_withdrawal",
}


class TestLocal(BrainContract):
    @pytest.fixture(autouse=True)
    def _brain(self, brain: LocalBrain) -> None:
        self.brain = brain

    def teach(self, office: Office, said: Mapping[str, Sequence[Meaning]]) -> None:
        office.app.__dict__["brain"] = self.brain


class Taught:
    """A brain that asks a scripted one, which is made for each sentence."""

    def __init__(self, said: Mapping[str, Sequence[Meaning]]) -> None:
        self._said = said

    def understand(self, turn: Turn) -> Understood:
        return ScriptedBrain([self._said.get(turn.text, [("out_of_scope", {})])]).understand(turn)


class TestScripted(BrainContract):
    def teach(self, office: Office, said: Mapping[str, Sequence[Meaning]]) -> None:
        office.app.__dict__["brain"] = Taught(said)


class TestHosted(BrainContract):
    def teach(self, office: Office, said: Mapping[str, Sequence[Meaning]]) -> None:
        def answer(messages: list[Any]) -> Saying:
            meant = said.get(str(messages[-1].content), ())
            return [(CALLS[intent], dict(args)) for intent, args in meant if intent in CALLS] or "OUTSIDE"

        office.app.__dict__["hosted"] = HostedBrain(lambda: scripted_model(answer), name="scripted")
        office.app.__dict__["brain"] = Taught({})
