"""Ties an account on a platform to somebody who works here, by a link that works once; and unties it."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend import events, people, signin
from backend.chats import Chat
from backend.people import Account, Person
from backend.refusals import Refusal


def join(session: Session, code: str, *, channel: str, account: str) -> Person:
    """Uses a link for this account, once, and says whose it is now.

    A Refusal if the link is unknown, used or too old, if the account is somebody else's, or if the person has another.
    """
    person = signin.look_link(session, code, purpose=channel)
    held = session.get(Account, (channel, account))
    if held is not None and held.person_id != person.id:
        raise Refusal("This account belongs to somebody else here: it has to be unlinked first. HR can help you.")
    others = select(Account.account).where(
        Account.channel == channel, Account.person_id == person.id, Account.account != account
    )
    if session.scalar(others.limit(1)) is not None:
        raise Refusal(
            "You are linked with another account there already: send /unlink from that one first. HR can help you."
        )
    signin.use_link(session, code, purpose=channel)
    people.link(session, person, channel=channel, account=account)
    events.record(
        session,
        "account.linked",
        by=person,
        subject=f"person:{person.id}",
        about=(person,),
        detail={"channel": channel},
    )
    return person


def unlink(session: Session, person: Person, *, channel: str, by: Person | None) -> None:
    """Unties every account that somebody has on a channel: nothing more is sent there.

    by  who does it, None for the command line. A Refusal if they have none.
    """
    mine = (Account.channel == channel, Account.person_id == person.id)
    if session.scalar(select(Account.account).where(*mine).limit(1)) is None:
        raise Refusal("{name} has no account linked there, so there is nothing to unlink.", name=person.name)
    session.execute(delete(Account).where(*mine))
    leave(session, person, channel=channel)
    events.record(
        session,
        "account.unlinked",
        by=by,
        subject=f"person:{person.id}",
        about=(person,),
        detail={"channel": channel},
    )


def leave(session: Session, person: Person, *, channel: str) -> None:
    """Forgets that somebody can be written to on a channel; they are told things elsewhere until they write again."""
    session.execute(delete(Chat).where(Chat.channel == channel, Chat.person_id == person.id))
