"""Chats: where each person writes to us, what was heard (once), and what was posted, waiting to be sent or sent."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.people import Person
from backend.store import Base, Doc, Moment, now, write_new

NEVER = datetime.fromtimestamp(0, UTC)
"""When somebody wrote last who never did."""
WAITING, SENT, ASIDE = "waiting", "sent", "set aside"


class Chat(Base):
    """A conversation with a person on a channel; `private` if only they read it."""

    __tablename__ = "chats"
    channel: Mapped[str] = mapped_column(primary_key=True)
    conversation: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    private: Mapped[bool] = mapped_column(default=True)
    last_at: Mapped[datetime] = mapped_column(Moment)
    greeted: Mapped[bool] = mapped_column(default=False)


class Inbox(Base):
    """Something heard, by the channel's own id of it, so that it is done once. `state` is new or done.

    understood  while it is being answered: what it was understood as, so that it is answered alike after a crash
    """

    __tablename__ = "inbox"
    event: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str]
    conversation: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    sort: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    files: Mapped[list[str]] = mapped_column(Doc, default=list)
    at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(default="new")
    understood: Mapped[dict[str, Any] | None] = mapped_column(Doc)


class Posted(Base):
    """One thing to show to one person, or in a channel that a team reads, in order within a conversation.

    person_id  whom it is for; nobody in particular in a team's channel
    body       the post, as bot.message writes it
    card       what its card is about ("request:12", "draft:7"), if it has one
    replaces   the earlier post that this one takes the place of
    in_place   true where the earlier post is changed where it stands; otherwise the new one comes at the end
    place      where it stands among the posts: its own id, or that of the post that it brings up to date
    current    false once a newer post has taken its place
    key        what must not be posted twice: "<event>:<subscriber>:<person>"
    cause      the heard event that led to it, if one did
    held_by    who is sending it, until `held_until` at most
    failing_at when it failed for the first time
    unsure     how often it may have been shown although nobody knows: the answer was lost, or whoever sent it died
    """

    __tablename__ = "posts"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("posts_due", "state", "due_at"),
        Index("posts_by_chat", "channel", "conversation", "id"),
        Index("posts_by_card", "card", "current"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    channel: Mapped[str]
    conversation: Mapped[str]
    private: Mapped[bool] = mapped_column(default=True)
    body: Mapped[dict[str, Any]] = mapped_column(Doc)
    card: Mapped[str | None]
    replaces: Mapped[int | None]
    in_place: Mapped[bool] = mapped_column(default=False)
    place: Mapped[int] = mapped_column(default=0)
    current: Mapped[bool] = mapped_column(default=True)
    key: Mapped[str | None]
    cause: Mapped[str | None]
    state: Mapped[str] = mapped_column(default=WAITING)
    due_at: Mapped[datetime] = mapped_column(Moment)
    made_at: Mapped[datetime] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(default="")
    external: Mapped[str | None]
    held_by: Mapped[str | None]
    held_until: Mapped[datetime | None] = mapped_column(Moment)
    failing_at: Mapped[datetime | None] = mapped_column(Moment)
    unsure: Mapped[int] = mapped_column(default=0, server_default="0")


def take_in(
    session: Session,
    *,
    event: str,
    channel: str,
    conversation: str,
    sort: str,
    text: str = "",
    files: Sequence[str] = (),
    person: Person | None = None,
) -> Inbox | None:
    """Notes that something was heard; None if it was heard and done before, the row if it has (still) to be done.

    The row is locked until the transaction ends, so that two processes that hear the same event answer it once.
    """
    row = write_new(
        session,
        Inbox,
        event=event,
        channel=channel,
        conversation=conversation,
        person_id=person.id if person else None,
        sort=sort,
        text=text,
        files=list(files),
        at=now(session),
    )
    if row is None:
        locked = select(Inbox).where(Inbox.event == event).with_for_update().execution_options(populate_existing=True)
        row = session.scalars(locked).one()
    return row if row.state == "new" else None


def visit(session: Session, person: Person, *, channel: str, conversation: str, private: bool) -> Chat:
    """Notes that the person wrote to us here, just now."""
    chat = _chat(session, person, channel=channel, conversation=conversation, private=private, last_at=now(session))
    chat.last_at = now(session)
    return chat


def greeted(session: Session, person: Person, *, channel: str, conversation: str) -> None:
    """Notes that the person knows who we are here; they have written nothing yet."""
    _chat(session, person, channel=channel, conversation=conversation, private=True, last_at=NEVER).greeted = True
    session.flush()


def _chat(
    session: Session, person: Person, *, channel: str, conversation: str, private: bool, last_at: datetime
) -> Chat:
    """The conversation, made where this is its first sign, whoever else makes it at this moment."""
    key = (channel, conversation, person.id)
    words = {"channel": channel, "conversation": conversation, "person_id": person.id}
    found = session.get(Chat, key) or write_new(session, Chat, private=private, last_at=last_at, **words)
    return found or session.get_one(Chat, key)


def private_chat(session: Session, person: Person, *, on: Sequence[str]) -> Chat | None:
    """The private chat among these channels in which the person wrote last."""
    wanted = select(Chat).where(Chat.person_id == person.id, Chat.private.is_(True), Chat.channel.in_(on))
    return session.scalar(wanted.order_by(Chat.last_at.desc()).limit(1))


def post(
    session: Session,
    person: Person | None,
    *,
    channel: str,
    conversation: str,
    body: dict[str, Any],
    private: bool = True,
    card: str | None = None,
    replaces: Posted | None = None,
    in_place: bool = False,
    quiet: bool = False,
    key: str | None = None,
    cause: str | None = None,
) -> Posted | None:
    """Puts a post in line for a conversation; None if one with this key stands there already.

    person  whom it is for; None for the channel of a team
    quiet  nobody did anything here: an earlier post is brought up to date, and is no newer for it
    """
    if key is not None and session.scalar(select(Posted.id).where(Posted.key == key)) is not None:
        return None
    row = Posted(
        person_id=person.id if person else None,
        channel=channel,
        conversation=conversation,
        private=private,
        body=body,
        card=card,
        replaces=replaces.id if replaces else None,
        in_place=in_place and replaces is not None,
        key=key,
        cause=cause or session.info.get("cause"),
        due_at=now(session),
        made_at=now(session),
    )
    if channel in session.info.get("stored", ()):  # shown straight from here: there is nowhere to send it
        row.state, row.sent_at = SENT, now(session)
    if replaces is not None:
        replaces.current = False
    session.add(row)
    session.flush()
    row.place = replaces.place if quiet and replaces is not None else row.id
    session.flush()
    session.info.setdefault("posts", []).append(row)
    return row


def copies(session: Session, *cards: str) -> list[Posted]:
    """Every post that now shows a card about this, or about one of these."""
    wanted = select(Posted).where(Posted.card.in_(cards), Posted.current.is_(True))
    return list(session.scalars(wanted.order_by(Posted.id)))


def last_card(session: Session, person: Person, *, channel: str, conversation: str) -> Posted | None:
    """The last post with a card that this person was shown in this conversation, as it stands now."""
    wanted = select(Posted).where(
        Posted.person_id == person.id,
        Posted.channel == channel,
        Posted.conversation == conversation,
        Posted.card.is_not(None),
        Posted.current.is_(True),
    )
    return session.scalar(wanted.order_by(Posted.place.desc()).limit(1))


def newest_of_card(session: Session, person: Person, *, card: str) -> Posted | None:
    """What this person was told last with a card ("draft:7"), wherever that was."""
    wanted = select(Posted).where(Posted.person_id == person.id, Posted.card == card)
    return session.scalar(wanted.order_by(Posted.place.desc()).limit(1))


def last_post(session: Session, person: Person, *, channel: str, conversation: str) -> Posted | None:
    """The post that stands last in this conversation, with a card or without."""
    return next(iter(last_posts(session, person, channel=channel, conversation=conversation, limit=1)), None)


def last_posts(session: Session, person: Person, *, channel: str, conversation: str, limit: int) -> Sequence[Posted]:
    """The posts that stand last in this conversation, newest first."""
    wanted = select(Posted).where(
        Posted.person_id == person.id,
        Posted.channel == channel,
        Posted.conversation == conversation,
        Posted.current.is_(True),
    )
    return session.scalars(wanted.order_by(Posted.place.desc()).limit(limit)).all()


def history(session: Session, *, channel: str, conversation: str, limit: int = 100) -> tuple[list[Inbox], list[Posted]]:
    """The latest of what was heard and posted in a conversation, oldest first; replaced posts are left out."""
    heard = select(Inbox).where(Inbox.channel == channel, Inbox.conversation == conversation, Inbox.sort == "said")
    posted = select(Posted).where(
        Posted.channel == channel, Posted.conversation == conversation, Posted.current.is_(True)
    )
    return (
        list(reversed(session.scalars(heard.order_by(Inbox.at.desc()).limit(limit)).all())),
        list(reversed(session.scalars(posted.order_by(Posted.id.desc()).limit(limit)).all())),
    )
