"""What a channel is: it turns a platform's events into Heard, and shows posts."""

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from starlette.routing import Route

from backend.chats import Posted
from backend.forms import Data
from backend.outbox import Pace

if TYPE_CHECKING:
    from bot.app import App


class Channel(Protocol):
    """One place where people write to us.

    name     "web", "script", ...
    ceiling  the most sensitive data it may show
    pace     how fast its platform takes posts
    inline   true (where it is there at all) where a receipt is read before the answer, and nothing said meanwhile
    """

    name: str
    ceiling: Data
    pace: Pace

    def post(self, posted: Posted, earlier: Posted | None) -> str | None:
        """Shows a post, in place of an earlier one where it names one; returns the platform's id of it.

        Raises backend.outbox.TryLater when the platform cannot take it now, CannotDeliver when it never will.
        """
        ...


@runtime_checkable
class Platform(Protocol):
    """A channel that takes in what its platform sends, besides showing posts."""

    def listening(self, app: "App") -> AbstractContextManager[None]:
        """Takes in what people do there, for as long as the block lasts."""
        ...

    def routes(self, app: "App") -> list[Route]:
        """Where the platform sends to over HTTP, below our own address; none where we ask it ourselves."""
        ...


@runtime_checkable
class Joining(Protocol):
    """A channel that asks the application for something while it posts."""

    def join(self, app: "App") -> None:
        """Says whose channel it is."""
        ...
