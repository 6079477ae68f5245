"""An answer shown while a model writes it: as far as its sentences were checked, by changing the message, at a pace."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from backend import chats
from backend.people import Person
from bot import speaking
from bot.message import Address, Post, as_doc

if TYPE_CHECKING:
    from bot.app import App

STREAMED = frozenset({"web", "slack", "telegram"})
"""The channels on which a message can be changed while it is read."""
PACE = 1.0
"""Seconds between two changes; platforms take one a second."""


class Writing:
    """The message that an answer is written into.

    check   the finding that words so far amount to (knowledge.citing.Finding), or None if they may not be shown
    posted  the number of the post that shows it so far
    """

    def __init__(
        self, app: "App", person: Person, *, address: Address, cause: str, check: Callable[[str], Any], pace: float
    ) -> None:
        self._app, self._person, self._address, self._cause = app, person, address, cause
        self._check, self._pace = check, pace
        self._last = time.monotonic()
        self._over = address.channel not in STREAMED or not address.private
        self._text = ""
        self.posted: int | None = None

    def heard(self, words: str) -> None:
        """Shows what has arrived, up to the last sentence that names its passage, unless it is too soon for that."""
        whole = words[: words.rfind("]") + 1]
        if self._over or not whole or time.monotonic() - self._last < self._pace:
            return
        self._last = time.monotonic()
        finding = self._check(whole)
        if finding is None:
            self._over = True  # what is shown stays until the answer that is taken instead is there
        elif finding.text != self._text:
            self._text = finding.text
            self._show(f"{finding.text} …")

    def _show(self, text: str) -> None:
        address = self._address
        with self._app.store.writing() as session:
            me = speaking.again(session, self._person)
            before = session.get(chats.Posted, self.posted) if self.posted is not None else None
            row = chats.post(
                session,
                me,
                channel=address.channel,
                conversation=address.conversation,
                private=address.private,
                body=as_doc(Post(text=text, language=me.language)),
                replaces=before,
                in_place=True,
                cause=self._cause,
            )
            self.posted = row.id if row is not None else None
