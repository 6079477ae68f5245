"""Forms that are filled in step by step, where a platform has no forms of its own: how far each is."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.people import Person
from backend.store import Base, Doc, Moment, now


class Filling(Base):
    """A form that somebody is filling in; there is one in a conversation at a time.

    token    of the button that opened it
    post     the post on which that button stands
    message  the platform's id of the message in which it is asked
    values   what was said so far, by field; lines: the same for each line, where the form has lines
    line     the line that is being filled in, counted from 0; None: the form itself
    field    the field that is asked for now; "" where all of them are shown to choose from
    page     the sheet of choices, or the month of the calendar, that is shown
    """

    __tablename__ = "fillings"
    __table_args__ = (UniqueConstraint("channel", "conversation", "person_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str]
    conversation: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    token: Mapped[str]
    post: Mapped[int]
    message: Mapped[str]
    values: Mapped[dict[str, Any]] = mapped_column(Doc)
    lines: Mapped[list[dict[str, Any]] | None] = mapped_column(Doc)
    line: Mapped[int | None]
    field: Mapped[str] = mapped_column(default="")
    page: Mapped[str] = mapped_column(default="")
    begun_at: Mapped[datetime] = mapped_column(Moment)


def begin(
    session: Session,
    person: Person,
    *,
    channel: str,
    conversation: str,
    token: str,
    post: int,
    message: str,
    values: dict[str, Any],
    lines: list[dict[str, Any]] | None,
) -> Filling:
    """Begins to fill a form in; one that was open in this conversation is put away."""
    end(session, person, channel=channel, conversation=conversation)
    row = Filling(
        channel=channel,
        conversation=conversation,
        person_id=person.id,
        token=token,
        post=post,
        message=message,
        values=values,
        lines=lines,
        begun_at=now(session),
    )
    session.add(row)
    session.flush()
    return row


def current(session: Session, person: Person, *, channel: str, conversation: str) -> Filling | None:
    """The form that the person is filling in there, if there is one."""
    wanted = select(Filling).where(
        Filling.channel == channel, Filling.conversation == conversation, Filling.person_id == person.id
    )
    return session.scalar(wanted)


def end(session: Session, person: Person, *, channel: str, conversation: str) -> None:
    """Puts a form away: it was sent, or is not wanted any more."""
    found = current(session, person, channel=channel, conversation=conversation)
    if found is not None:
        session.delete(found)
        session.flush()
