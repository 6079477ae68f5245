"""A brain that answers from a list, for tests and demonstrations."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.brain.port import Turn, Understood
from bot.message import Intent


class ScriptedBrain:
    """Gives the listed answers, one a turn; when they are used up, everything is out of scope.

    answers  each a list of (intent, arguments), in the order of the turns
    heard    the turns it was given so far
    """

    def __init__(self, answers: Iterable[Iterable[tuple[str, Mapping[str, Any]]]]) -> None:
        self._answers = iter(tuple(Intent(name, dict(args)) for name, args in answer) for answer in answers)
        self.heard: list[Turn] = []

    def understand(self, turn: Turn) -> Understood:
        self.heard.append(turn)
        intents = next(self._answers, (Intent("out_of_scope"),))
        return Understood(intents, language=turn.language)
