"""What every brain is asked and answers: a turn in, what was understood out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from backend.kinds import Kinds
from bot.message import Intent


@dataclass(frozen=True)
class Colleague:
    """Somebody whom the speaker may name."""

    handle: str
    name: str
    team: str
    manager: str | None
    slack: str | None = None


@dataclass(frozen=True)
class Known:
    """An open or recent request that the speaker may mean."""

    number: int
    ref: str
    kind: str
    by: str
    summary: str
    state: str
    values: Mapping[str, Any]
    waiting_for_me: bool


@dataclass(frozen=True)
class Pending:
    """An open draft, and what was just asked: a field name, "confirm", "comment", "choice", "resume" or nothing.

    lines  what each of its lines holds, where it has several; of an only line it stands in `values`
    """

    intent: str
    values: Mapping[str, Any]
    awaiting: str | None = None
    lines: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Turn:
    """One message with everything that is needed to understand it.

    now       aware, in the company's time zone
    language  the language the conversation was in so far; a message that tells its own language overrules it
    shown     references of requests shown lately, newest first: what "it" may mean
    hr        whether the speaker enters leave for everybody
    before    what was understood of the message before, which this one may go on from
    """

    text: str
    speaker: str
    now: datetime
    currency: str
    day_first: bool
    colleagues: tuple[Colleague, ...]
    kinds: Kinds
    known: tuple[Known, ...] = ()
    pending: Pending | None = None
    language: str = "en"
    shown: tuple[str, ...] = ()
    hr: bool = False
    before: Intent | None = None


@dataclass(frozen=True)
class Understood:
    """What was understood.

    intents       what to do, in the order it was said; arguments hold only what the message says, in JSON's types.
                  With a draft open: form.update with the changed values ("" where the person leaves a field empty),
                  form.confirm, form.cancel, or any other intent, which interrupts the draft. A person whose name
                  fits several colleagues is a list of handles; one whom nobody knows stands as it was written.
    language      the language of the message
    confidence    0 to 1; below SURE nothing should be proposed: offer `alternatives` instead
    alternatives  when unsure, what it may have been, likeliest first
    """

    intents: tuple[Intent, ...]
    language: str = "en"
    confidence: float = 1.0
    alternatives: tuple[Intent, ...] = field(default=())


SURE = 0.5


class Brain(Protocol):
    """Understands a message. It proposes; it never changes anything."""

    def understand(self, turn: Turn) -> Understood: ...
