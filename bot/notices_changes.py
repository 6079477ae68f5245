"""Notices of changes to what was approved: who hears that one was turned down."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from backend import requests
from backend.events import Happening
from backend.requests import Request
from backend.words import say
from bot.notices import decider, tell
from bot.replies import Reply

if TYPE_CHECKING:
    from bot.app import App


def change_rejected(session: Session, app: "App", happening: Happening) -> None:
    """A change of what was approved is turned down: the requester hears by whom and why, and what holds now."""
    request = session.get(Request, int(happening.subject.partition(":")[2]))
    last = requests.said_last(request) if request else None
    if request is None or last is None:
        return
    person, language = request.person, request.person.language
    text = say(
        language,
        "{who} rejected the change of {ref}: it stays as it was approved, {what}.",
        who=decider(session, last[0], language),
        ref=requests.ref(session, request),
        what=requests.summary(session, request, language),
    )
    if last[0].comment:
        text += " " + say(language, "They wrote: “{comment}”.", comment=last[0].comment)
    tell(session, app, person, Reply(text, card=request.subject), happening=happening, again=False)


NOTICES: dict[str, Callable[[Session, "App", Happening], None]] = {"request.change_rejected": change_rejected}
