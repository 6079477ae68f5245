"""The adapter by which an outside scorer drives Backdesk: JSON lines on standard input and output.

`parse` goes to the local brain alone and has no side effects; `reset` and `user` go through the conversation.
"""

import backdesk  # noqa: F401, I001  # pyright: ignore[reportUnusedImport]  (puts the folders on the path)

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.brain.local import LocalBrain
from bot.brain.port import SURE, Colleague, Pending, Turn
from bot.message import Post
from tests.evals.world import World
from tools import all_kinds

SPEAKER = "ana.costa"
PEOPLE = (
    ("ana.costa", "Ana Costa", "U01ANA", "maria.silva", "engineering"),
    ("maria.silva", "Maria Silva", "U02MARIA", "elena.rossi", "engineering"),
    ("tom.becker", "Tom Becker", "U03TOM", "maria.silva", "engineering"),
    ("priya.nair", "Priya Nair", "U04PRIYA", "maria.silva", "engineering"),
    ("jonas.weber", "Jonas Weber", "U05JONAS", "maria.silva", "engineering"),
    ("lucia.fernandez", "Lucía Fernández", "U06LUCIA", "elena.rossi", "sales"),
    ("diego.romero", "Diego Romero", "U07DIEGO", "lucia.fernandez", "sales"),
    ("sofia.almeida", "Sofia Almeida", "U08SOFIA", "lucia.fernandez", "sales"),
    ("ben.carter", "Ben Carter", "U09BEN", "marc.dubois", "design"),
    ("marc.dubois", "Marc Dubois", "U10MARC", "elena.rossi", "design"),
    ("olga.petrova", "Olga Petrova", "U11OLGA", "elena.rossi", "finance"),
    ("elena.rossi", "Elena Rossi", "U12ELENA", None, "management"),
)
"""The people of the sample company."""


class Adapter:
    """Answers one request line at a time."""

    def __init__(self) -> None:
        self._brain = LocalBrain()
        self._kinds = all_kinds()
        self._colleagues = tuple(
            Colleague(handle, name, team, manager, slack) for handle, name, slack, manager, team in PEOPLE
        )
        self._brain.load(self._kinds)
        self._world = World(self._brain)

    def answer(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        match asked["op"]:
            case "parse":
                return self.parse(asked)
            case "reset":
                speaker = asked.get("speaker") or asked["seed"]["default_speaker"]
                self._world.reset(asked["seed"], now=asked["now"], speaker=speaker)
                return {}
            case "user":
                return self.turn(self._world.says(asked["text"]))
            case other:
                raise ValueError(f"no such op: {other}")

    def parse(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """What one message says, with the draft of its context open if it has one."""
        context = asked.get("context")
        pending = None
        if context:
            pending = Pending(context["pending"]["intent"], context["pending"]["args"], context.get("awaiting"))
        turn = Turn(
            text=asked["text"],
            speaker=asked.get("speaker") or SPEAKER,
            now=datetime.fromisoformat(asked["now"]),
            currency="EUR",
            day_first=True,
            colleagues=self._colleagues,
            kinds=self._kinds,
            pending=pending,
        )
        found = self._brain.understand(turn)
        return {
            "intents": [
                {"intent": each.intent, "args": flat}
                for each in found.intents
                for flat in _flat(
                    self._kinds.reported(each.intent, each.args, pending=pending.intent if pending else None)
                )
            ],
            "confidence": round(found.confidence, 3),
            "sure": found.confidence >= SURE,
            "alternatives": [each.intent for each in found.alternatives],
        }

    @staticmethod
    def turn(posts: Sequence[Post]) -> dict[str, Any]:
        """What the speaker was shown for one message, as one reply."""
        said = [intent for post in posts for intent in post.understood]
        done = [intent for post in posts for intent in post.committed]
        asked = [post.asked for post in posts if post.asked]
        return {
            "reply": "\n".join(post.text for post in posts),
            "asked": list(asked[-1]) if asked else [],
            "calls": [{"intent": each.intent, "args": flat} for each in done for flat in _flat(each.args)],
            "intents": [each.intent for each in said],
            "pending": any(post.pending for post in posts),
        }

    def close(self) -> None:
        self._world.close()


def _flat(args: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The arguments as the format has them, which knows no lines: one call for each line of a request."""
    own = {name: value for name, value in args.items() if name != "lines"}
    lines: Sequence[Mapping[str, Any]] = args.get("lines") or ({},)
    return [{**own, **each} for each in lines]


def main() -> None:
    adapter = Adapter()
    try:
        for line in sys.stdin:
            print(json.dumps(adapter.answer(json.loads(line)), ensure_ascii=False), flush=True)
    finally:
        adapter.close()


if __name__ == "__main__":
    main()
