"""Tells somebody in another channel what could not be told them where they wrote last."""

from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from backend import chats
from backend.chats import Posted
from backend.people import Person
from backend.words import say

if TYPE_CHECKING:
    from bot.app import App


def tell(session: Session, app: "App", person: Person, posted: Posted) -> None:
    """Posts the same once more, where the person can still be reached: another platform, else the web chat."""
    from bot.app import STORED

    found = [each for each in app.addresses(session, person) if each.channel != posted.channel]
    channel, conversation = (found[0].channel, found[0].conversation) if found else (STORED, person.handle)
    word = say(
        person.language,
        "I can't reach you on {channel} any more, so you find this here.",
        channel=posted.channel.capitalize(),
    )
    body = {**posted.body, "text": "\n\n".join(each for each in (word, posted.body.get("text", "")) if each)}
    chats.post(
        session,
        person,
        channel=channel,
        conversation=conversation,
        body=body,
        card=posted.card,
        key=f"{posted.id}:elsewhere",
    )
