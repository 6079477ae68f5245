"""In which language somebody is spoken to just now: the one they write in, where that is plain; else their own."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from backend.chats import Inbox, Posted
from backend.people import Person
from backend.store import now
from backend.words import LANGUAGES
from bot.brain.clean import clean
from bot.brain.language import language_of, surely

LATELY = timedelta(hours=2)
"""How long a conversation stays in a language that is not the person's own."""


def language_now(session: Session, person: Person, *, channel: str, conversation: str, text: str = "") -> str:
    """The language of this message; where that is not plain, of the last plain one of this conversation; else theirs.

    text  what they write just now; short words and "ok" tell nothing
    """
    said = (  # in the order of their answers: several may have come at one moment
        select(Inbox.text)
        .join(Posted, Posted.cause == Inbox.event)
        .where(
            Posted.channel == channel,
            Posted.conversation == conversation,
            Inbox.person_id == person.id,
            Inbox.sort == "said",
            Inbox.at > now(session) - LATELY,
        )
    )
    for each in (text, *session.scalars(said.order_by(Posted.id.desc()).limit(16))):
        read = clean(each[:1000])
        language = language_of(each, read.folded, otherwise=person.language)
        if language in LANGUAGES and surely(language, each, read.folded, rather_than=person.language):
            return language
    return person.language


def speak(person: Person, language: str) -> Person:
    """The person, spoken to in a language for as long as their session lasts. It is never written."""
    set_committed_value(person, "language", language)
    return person


def again(session: Session, person: Person) -> Person:
    """The same person in another session, spoken to in the same language for as long as that lasts."""
    me = speak(session.get_one(Person, person.id), person.language)
    session.info["spoken_to"] = me  # a session forgets, and reads anew, whom nobody holds on to
    return me


@contextmanager
def spoken_to(session: Session, person: Person, *, channel: str, conversation: str) -> Generator[Person]:
    """The person, spoken to as in that conversation lately; afterwards in their own language again."""
    own = person.language
    try:
        yield speak(person, language_now(session, person, channel=channel, conversation=conversation))
    finally:
        speak(person, own)
