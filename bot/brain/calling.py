"""What a language model is asked, what it may call and what it is told: the brain's side of the toolbox."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True)
class Tool:
    """Something that a model may call: its name, a sentence about it, and the JSON schema of its arguments."""

    name: str
    about: str
    schema: Mapping[str, Any]


@dataclass(frozen=True)
class Told:
    """What a model is told of a call. `ok` is false where nothing came of it; the text says why."""

    text: str
    ok: bool = True


class Tools(Protocol):
    """The tools that one message may use."""

    def offered(self) -> Sequence[Tool]: ...

    def call(self, name: str, args: Mapping[str, Any]) -> Told: ...

    def sendable(self, words: str) -> bool:
        """Whether a person may be sent these words of the model's own."""
        ...


@dataclass(frozen=True)
class Line:
    """Something that was said before: by the person, or by us."""

    text: str
    by_us: bool


@dataclass(frozen=True)
class Asked:
    """One message with everything that a model is told about it.

    text   what the person wrote
    facts  the day, who writes, their open requests and draft, one a line
    past   what was said before, oldest first
    """

    text: str
    facts: str = ""
    past: tuple[Line, ...] = ()


@dataclass
class Spent:
    """What a turn took: tokens in (of them from the server's cache), tokens out, and how often the model was asked."""

    asked: int = 0
    tokens_in: int = 0
    cached: int = 0
    tokens_out: int = 0


@dataclass(frozen=True)
class Limits:
    """How far a turn may go: seconds in all and for one tool, steps, calls in one step, tokens of what was said before.

    characters  of one message, and of what one tool tells
    """

    seconds: float = 20.0
    tool_seconds: float = 10.0
    steps: int = 6
    calls: int = 8
    past_tokens: int = 1200
    characters: int = 6000


@dataclass(frozen=True)
class Thought:
    """What a model came to.

    words   what it says itself, as it says it: nothing of it is checked yet
    mode    "native" or "structured": how it called tools
    prompt  the text that it was instructed by, with its version
    why     where it came to nothing: why
    """

    words: str = ""
    mode: str = "native"
    prompt: str = ""
    why: str = ""
    spent: Spent = field(default_factory=Spent)
