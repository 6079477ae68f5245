"""What is said of receipts: that they are being read, how far that is, and what came of it."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import chats, readings
from backend.chats import Posted
from backend.drafts import Draft
from backend.people import Person
from backend.readings import WAITING, Reading
from backend.words import say
from bot import pages
from bot.message import Address, Intent, Post
from bot.replies import Reply, own_chat, post, put

if TYPE_CHECKING:
    from bot.app import App


def show(session: Session, app: "App", row: Reading, person: Person, draft: Draft, *, before: str) -> None:
    """The card, in place of the word that it is being read; at the end, where more was said since."""
    reply, kind = pages.ask(session, draft, person, before=before), app.kinds[draft.kind or ""]
    lines = [kind.args(each, line=True) for each in draft.lines]
    args = {**kind.args(draft.values), **(lines[0] if len(lines) == 1 else {"lines": lines})}
    address, notice = _address(session, app, row, person), _notice(session, row)
    here = notice is not None and not _more_since(session, notice)
    if notice is not None and not here:
        _replace(session, row, person, notice, say(person.language, "Your receipt is read: see below."))
    reply = replace(reply, instead_of=_subject(row) if here else None)
    words: dict[str, Any] = {"understood": (Intent(kind.intent, args),), "in_place": here}
    post(session, app, person, reply, address=address, cause=row.event, key=f"{_subject(row)}:{row.id}", **words)


def tell(session: Session, app: "App", row: Reading, person: Person, text: str) -> None:
    notice = _notice(session, row)
    if notice is not None:
        _replace(session, row, person, notice, text)
        return
    reply = Reply(text, refusal=text)
    address = _address(session, app, row, person)
    post(session, app, person, reply, address=address, cause=row.event, key=f"{_subject(row)}:{row.id}")


def progress(session: Session, app: "App", row: Reading, person: Person) -> None:
    """Says that it is being read, and how far that is; one message, brought up to date."""
    together = readings.batch(session, row.batch, person_id=person.id)
    left = [each for each in together if each.state == WAITING]
    count = readings.before(session, left[0]) if left else 0
    if len(together) > 1:
        done = len(together) - len(left)
        text = say(person.language, "Reading your receipts: {done} of {count} done...", done=done, count=len(together))
    elif count:
        text = say(person.language, "Reading your receipt; in line before it: {count}...", count=count)
    else:
        text = say(person.language, "Reading your receipt...")
    notice = _notice(session, row)
    if notice is not None:
        _replace(session, row, person, notice, text)
        return
    address = _address(session, app, row, person)
    body = Post(text=text, preview=say(person.language, "You have a new message."), language=person.language)
    card = _subject(row)
    put(session, person, body, address=address, card=card, cause=row.event, key=f"{card}:begun")


def _replace(session: Session, row: Reading, person: Person, notice: Posted, text: str) -> None:
    if notice.body.get("text") == text:
        return
    address = Address(notice.channel, notice.conversation, private=notice.private)
    body = Post(text=text, preview=str(notice.body.get("preview", "")), language=person.language)
    words = {"card": _subject(row), "replaces": notice, "in_place": True, "quiet": True, "cause": row.event}
    put(session, person, body, address=address, **words)


def _notice(session: Session, row: Reading) -> Posted | None:
    return next(iter(chats.copies(session, _subject(row))), None)


def _subject(row: Reading) -> str:
    """What the word about a batch is filed under."""
    return f"receipts:{row.batch}"


def _more_since(session: Session, notice: Posted) -> bool:
    """Whether anything was shown in that conversation after it."""
    here = (Posted.channel == notice.channel, Posted.conversation == notice.conversation, Posted.current.is_(True))
    return session.scalar(select(Posted.id).where(*here, Posted.place > notice.place).limit(1)) is not None


def _address(session: Session, app: "App", row: Reading, person: Person) -> Address:
    """Where the answer goes: to the private chat, wherever the photo was sent."""
    return own_chat(session, app, person, Address(row.channel, row.conversation, private=row.private))
