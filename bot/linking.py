"""Hands out the link with which somebody joins on another platform: the code in it works once."""

import re
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import structlog

from backend import signin
from backend.outbox import CannotDeliver, TryLater
from backend.people import Person
from backend.words import say
from bot import speaking
from bot.brain.clean import clean
from bot.message import Said
from bot.replies import Reply

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger()

LONGEST = 9
"""Words of a message that asks for nothing but a link."""
ASKS = re.compile(
    r"\b(links?|connect|join|conect\w*|vincul\w*|enlaza\w*|enlace|unir\w*|ligar|ligacao|associ\w*|lier|lien|relie\w*"
    r"|connecte\w*|verbind\w*|verknupf\w*|koppel\w*|colleg\w*|connett\w*)\b"
)
"""How people say it, in six languages, folded."""


@runtime_checkable
class Linked(Protocol):
    """A channel on which people make themselves known by a link."""

    name: str

    def link(self, code: str) -> str:
        """The address that opens it and shows it a code. Raises TryLater or CannotDeliver if it cannot be told."""
        ...


def link_asked_for(app: "App", heard: Said, person: Person) -> Reply | None:
    """The link that a message asks for ("link my Telegram"); None where it asks for none. Never where others read."""
    read = clean(heard.text).folded
    if not heard.address.private or heard.files or len(read.split()) > LONGEST or not ASKS.search(read):
        return None
    channel = next((each for name, each in app.channels.items() if name in read.split()), None)
    if not isinstance(channel, Linked) or channel.name == heard.address.channel:
        return None
    with app.store.writing() as session:
        me = speaking.again(session, person)
        code = signin.make_link(session, me, purpose=channel.name, by=me)
    return Reply(told(channel, code, language=person.language))


def told(channel: Linked, code: str, *, language: str) -> str:
    """What to do with a code: the address to open or, where the platform cannot be asked, what to send to the bot."""
    title = channel.name.capitalize()
    try:
        address = channel.link(code)
    except (TryLater, CannotDeliver) as no:
        log.warning("a link's address could not be found out", channel=channel.name, why=str(no))
        text = "Send this to our bot on {channel}, within 15 minutes. It works once:\n/start {code}"
        return say(language, text, channel=title, code=code)
    text = "Open this on the phone or computer where you use {channel}, within 15 minutes. It works once:\n{address}"
    return say(language, text, channel=title, address=address)
