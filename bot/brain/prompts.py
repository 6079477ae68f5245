"""The texts that instruct a hosted model: files in prompts/, each named with a version that follows from its words."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent.parent / "prompts"


@dataclass(frozen=True)
class Prompt:
    """One text, and what it is called in the log: "turn@3f2a91c04b7d"."""

    name: str
    text: str

    @property
    def version(self) -> str:
        return f"{self.name}@{hashlib.sha256(self.text.encode()).hexdigest()[:12]}"


@cache
def prompt(name: str) -> Prompt:
    """The prompt of that name."""
    return Prompt(name, (FOLDER / f"{name}.txt").read_text(encoding="utf-8").strip())
