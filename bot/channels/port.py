"""What a channel is: it turns a platform's events into Heard, and shows posts."""

from typing import Protocol

from backend.chats import Posted
from backend.kinds import Data
from backend.outbox import Pace


class Channel(Protocol):
    """One place where people write to us.

    name     "web", "script", ...
    ceiling  the most sensitive data it may show
    pace     how fast its platform takes posts
    """

    name: str
    ceiling: Data
    pace: Pace

    def post(self, posted: Posted, earlier: Posted | None) -> str | None:
        """Shows a post, in place of an earlier one where it names one; returns the platform's id of it.

        Raises backend.outbox.TryLater when the platform cannot take it now, CannotDeliver when it never will.
        """
        ...
