"""A channel that keeps what it is given in memory: for tests and for trying things out."""

from dataclasses import dataclass, field

from backend.chats import Posted
from backend.forms import Data
from backend.outbox import Pace
from bot.message import Post, post_from


@dataclass
class MemoryChannel:
    """Shows every post by keeping it: (handle's conversation, post, whether it took an earlier one's place)."""

    name: str = "memory"
    ceiling: Data = Data.BANK
    pace: Pace = field(default_factory=Pace)
    shown: list[tuple[str, Post, bool]] = field(default_factory=list[tuple[str, Post, bool]])

    def post(self, posted: Posted, earlier: Posted | None) -> str | None:
        self.shown.append((posted.conversation, post_from(posted.body), earlier is not None))
        return str(posted.id)
