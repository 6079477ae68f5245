"""What somebody did, taken in once, and its answer put in line where it may be read."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from backend import chats, held
from backend.people import Person
from bot import following, speaking
from bot.message import Address, Called, Heard, Intent, Said
from bot.readable import LONGEST
from bot.replies import Reply, own_chat, post

if TYPE_CHECKING:
    from bot.app import App

SORTS: dict[type[Heard], str] = {Said: "said", Called: "called"}


def begin(session: Session, heard: Heard, person: Person, *, sort: str) -> tuple[chats.Inbox, Person] | None:
    """Takes in what somebody did, and that they are here: its row, and who they are; None if it was done before."""
    row = take_in(session, heard, sort=sort, person=person)
    if row is None:
        return None
    me = session.merge(person, load=False)
    _visit(session, heard, me)
    return row, me


def take_in(session: Session, heard: Heard, *, sort: str, person: Person | None = None) -> chats.Inbox | None:
    """The row of what was heard; None if it is answered already."""
    session.info["cause"] = heard.event
    return chats.take_in(
        session,
        event=heard.event,
        channel=heard.address.channel,
        conversation=heard.address.conversation,
        sort=sort,
        text=heard.text[:LONGEST] if isinstance(heard, Said) else "",
        person=person,
    )


def _visit(session: Session, heard: Heard, person: Person) -> None:
    address = heard.address
    chat = chats.visit(
        session, person, channel=address.channel, conversation=address.conversation, private=address.private
    )
    chat.greeted = True


def answer(
    app: "App",
    heard: Heard,
    person: Person,
    replies: list[Reply],
    *,
    understood: tuple[Intent, ...] = (),
    then: Callable[[Session, Person], None] | None = None,
) -> None:
    """Puts the replies in line, each where it may be read; nothing where it was answered meanwhile.

    then  what is put in line after them, in the same transaction
    """
    with app.store.writing() as session:
        if take_in(session, heard, sort=SORTS.get(type(heard), "pressed")) is None:
            return  # another process answered it meanwhile
        me = speaking.again(session, person)
        for nth, reply in enumerate(replies):
            address = where(session, app, reply, heard.address, me)
            if isinstance(heard, Said) and address.private:
                reply = following.up(session, me, reply, question=heard.text)
            post(session, app, me, reply, address=address, cause=heard.event, understood=understood if nth == 0 else ())
        if then is not None:
            then(session, me)
        done(session, heard, me)


def where(session: Session, app: "App", reply: Reply, address: Address, person: Person) -> Address:
    """Cards and anything personal go to the private chat; what the handbook says may stay where it was asked."""
    if reply.finding is not None and reply.card is None and not reply.private:
        return address
    return own_chat(session, app, person, address)


def done(session: Session, heard: Heard, person: Person) -> None:
    """It is answered; what was held back from the person comes after the answer, never between the two."""
    row = session.get_one(chats.Inbox, heard.event)
    row.state, row.understood = "done", None
    held.come(session, person)
