"""Buttons: each belongs to one person, works once, and is taken in the transaction of its effect."""

import secrets
from datetime import datetime

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.people import Person
from backend.refusals import Already, Refusal
from backend.store import Base, Moment, known, look_again, now


class Button(Base):
    """Something that one person may press once: a verb on a subject. The token is 12 characters."""

    __tablename__ = "buttons"
    __table_args__ = (Index("buttons_live", "person_id", "subject"),)
    token: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    verb: Mapped[str]
    subject: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(Moment)
    taken_at: Mapped[datetime | None] = mapped_column(Moment)


def offer(session: Session, person: Person, *, verb: str, subject: str) -> str:
    """The token of a button; copies of a card share the one that was not pressed yet."""
    tokens = _live(session, person.id, subject)
    if verb not in tokens:
        tokens[verb] = secrets.token_urlsafe(9)
        session.add(Button(token=tokens[verb], person_id=person.id, verb=verb, subject=subject, made_at=now(session)))
    return tokens[verb]


def _live(session: Session, person_id: int, subject: str) -> dict[str, str]:
    """The tokens of somebody's buttons on a subject that were not pressed yet, by verb; read once a transaction."""

    def read() -> dict[str, str]:
        mine = (Button.person_id == person_id, Button.subject == subject, Button.taken_at.is_(None))
        return {each.verb: each.token for each in session.execute(select(Button.verb, Button.token).where(*mine))}

    return known(session, ("buttons", person_id, subject), of=(), read=read)


def look(session: Session, token: str, *, person: Person) -> Button:
    """The button behind a token, locked; a Refusal if there is none or if it is somebody else's."""
    token = token.replace("\0", "")  # no database takes it, and no token holds it
    locked = select(Button).where(Button.token == token).with_for_update().execution_options(populate_existing=True)
    button = session.scalar(locked)
    if button is None:
        raise Refusal("That button no longer works: write to me and I'll show you where things stand.")
    if button.person_id != person.id:
        raise Refusal("That button was meant for somebody else, so I did nothing.")
    return button


def take(button: Button, session: Session) -> None:
    """Takes a button, once: a second press raises Already. Undone if the transaction is, so no press is burnt."""
    if button.taken_at is not None:
        raise Already("That was done already.")
    button.taken_at = now(session)
    look_again(session)
