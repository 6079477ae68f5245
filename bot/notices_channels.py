"""Notices about the channels themselves: one that does not work, and accounts that were closed. Admins hear of them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from backend import people
from backend.events import Happening
from backend.people import Person
from backend.words import say
from bot.message import Address
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
    for admin in people.holders(session, "admin"):
        text = say(
            admin.language,
            "{name} can no longer be reached in {channel}: that account was closed. "
            "What comes for them waits in the web chat.",
            name=person.name,
            channel=channel.capitalize(),
        )
        _tell(session, app, happening, admin, text, but="")


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
}
