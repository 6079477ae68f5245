"""The first hello: what this is, said before anything else is told on a platform."""

from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from backend import chats, people
from backend.people import Person
from backend.words import say
from bot.message import Address
from bot.replies import Reply, post

if TYPE_CHECKING:
    from bot.app import App


def introduce(session: Session, app: "App", person: Person, address: Address) -> None:
    """Before somebody is told something on a platform for the first time, they hear who it is that tells them."""
    if address.channel in people.NAMED_BY_HANDLE or not address.private:
        return
    chat = session.get(chats.Chat, (address.channel, address.conversation, person.id))
    if chat is None or not chat.greeted:
        chats.greeted(session, person, channel=address.channel, conversation=address.conversation)
        post(session, app, person, Reply(greeting(person)), address=address, cause=None)


def greeting(person: Person) -> str:
    """The first hello: what this is, and three examples."""
    return say(
        person.language,
        "Hello {name}, I'm Backdesk, an automated assistant. You can write to me as you would to a colleague:\n"
        "• “I need Thursday off”\n"
        "• “How many days of vacation can I carry over?”\n"
        "• “I paid 34 euros for a taxi yesterday”\n"
        "I show you what I understood, and nothing is sent before you press Send.",
        name=person.first_name,
    )
