"""Notices about the channels themselves: one that does not work, accounts that were closed, posts that nobody takes."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from backend import people
from backend.chats import Posted
from backend.events import Happening
from backend.people import Person
from backend.words import say
from bot.greeting import greeting, introduce
from bot.message import Address, post_from
from bot.replies import Reply, post

if TYPE_CHECKING:
    from bot.app import App


def channel_failed(session: Session, app: "App", happening: Happening) -> None:
    """Something is wrong with a channel that only an admin can mend."""
    channel, why = str(happening.detail.get("channel")), str(happening.detail.get("why"))
    for admin in people.holders(session, "admin"):
        text = say(admin.language, "{channel} needs you: {why}.", channel=channel.capitalize(), why=why)
        _tell(session, app, happening, admin, text, but=channel)


def account_closed(session: Session, app: "App", happening: Happening) -> None:
    """Somebody's account on a channel is no more: where they still work here, admins hear that they are not reached."""
    person = session.get(Person, int(happening.subject.partition(":")[2]))
    if person is None or not people.works_here(session, person):
        return
    channel = str(happening.detail.get("channel"))
    if people.account_on(session, person, channel=channel) is not None:
        return  # they have another by now
    for admin in people.holders(session, "admin"):
        text = say(
            admin.language,
            "{name} can no longer be reached in {channel}: that account was closed. "
            "What comes for them waits in the web chat.",
            name=person.name,
            channel=channel.capitalize(),
        )
        _tell(session, app, happening, admin, text, but="")


def post_set_aside(session: Session, app: "App", happening: Happening) -> None:
    """What a platform will never show to an account comes to its person's other one, or into the web chat."""
    row = session.get(Posted, int(happening.subject.partition(":")[2]))
    person = session.get(Person, row.person_id) if row is not None and row.person_id else None
    if row is None or person is None or not (row.private and row.current) or row.channel in people.NAMED_BY_HANDLE:
        return
    text = post_from(row.body).text
    if text == greeting(person):
        return  # whoever is told something elsewhere is greeted there first
    reply, address = Reply(text, card=row.card), app.private(session, person, row.channel)
    if address is None or address.conversation == row.conversation:
        address = Address("web", person.handle)
    introduce(session, app, person, address)
    post(session, app, person, reply, address=address, cause=None, key=f"{happening.id}:web")


def _tell(session: Session, app: "App", happening: Happening, admin: Person, text: str, *, but: str) -> None:
    """Tells an admin in the web chat, and where else they are told things, except on the channel that does not work."""
    web = Address("web", admin.handle)
    others = [each for each in app.addresses(session, admin) if each.channel not in (but, web.channel)]
    for address in (web, *others):
        key = f"{happening.id}:{admin.id}:{address.channel}"
        post(session, app, admin, Reply(text), address=address, cause=None, key=key)


NOTICES: dict[str, Callable[[Session, "App", Happening], None]] = {
    "channel.failed": channel_failed,
    "account.closed": account_closed,
    "post.set_aside": post_set_aside,
}
