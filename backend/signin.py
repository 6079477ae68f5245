"""Signing in to the web chat: links that work once, and the sessions they open. Only digests of tokens are kept."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, delete, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend import events
from backend.people import Person, works_here
from backend.refusals import Refusal
from backend.store import Base, Moment, now

LINK_LASTS = timedelta(minutes=15)
IDLE = timedelta(hours=12)
LASTS = timedelta(days=7)
NOTED_EVERY = timedelta(minutes=5)
"""How often it is written down that a session is in use."""

WEB, TELEGRAM = "web", "telegram"


class SignInLink(Base):
    """A link that shows once who somebody is; `purpose` is what it is good for: "web" or "telegram"."""

    __tablename__ = "sign_in_links"
    token_hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    purpose: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class WebSession(Base):
    """A browser in which somebody is signed in; `csrf` stands in every form that it is given."""

    __tablename__ = "web_sessions"
    token_hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    csrf: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


@dataclass(frozen=True)
class SignedIn:
    """Who a cookie belongs to, and the token that their forms carry."""

    person: Person
    csrf: str


def make_link(session: Session, person: Person, *, purpose: str = WEB, by: Person | None) -> str:
    """A new token for a person, good once within 15 minutes; `by` is who made it, None for the command line.

    A Refusal if the person does not work here.
    """
    if not works_here(session, person):
        raise Refusal("{name} does not work here at the moment, so there is no link to make.", name=person.name)
    token = secrets.token_urlsafe(32)
    session.add(
        SignInLink(
            token_hash=digest(token),
            person_id=person.id,
            purpose=purpose,
            made_at=now(session),
            expires_at=now(session) + LINK_LASTS,
        )
    )
    events.record(
        session,
        "sign_in.link_made",
        by=by,
        subject=f"person:{person.id}",
        about=(person,),
        detail={"purpose": purpose},
    )
    return token


def look_link(session: Session, token: str, *, purpose: str = WEB) -> Person:
    """Whom a link is for, without using it; a Refusal if it is unknown, used or too old, or the person is gone."""
    return _person_of(session, _link(session, token, purpose=purpose))


def use_link(session: Session, token: str, *, purpose: str = WEB) -> Person:
    """Uses a link, once, and says whom it was for; a Refusal as in look_link. Undone if the transaction is."""
    row = _link(session, token, purpose=purpose, lock=True)
    person = _person_of(session, row)
    row.used_at = now(session)
    session.flush()
    events.record(
        session, "sign_in.used", by=person, subject=f"person:{person.id}", about=(person,), detail={"purpose": purpose}
    )
    return person


def open_session(session: Session, person: Person) -> str:
    """Signs a person in; returns the cookie's token. It ends after 12 hours without use, and after 7 days."""
    at = now(session)
    over = or_(WebSession.expires_at < at - LASTS, WebSession.ended_at < at - LASTS)
    session.execute(delete(WebSession).where(over))
    token = secrets.token_urlsafe(32)
    session.add(
        WebSession(
            token_hash=digest(token),
            person_id=person.id,
            csrf=secrets.token_urlsafe(24),
            created_at=at,
            seen_at=at,
            expires_at=at + LASTS,
        )
    )
    session.flush()
    return token


def who(session: Session, cookie: str) -> SignedIn | None:
    """Whose session this is; None if there is none, it is over, or the person no longer works here."""
    row = session.get(WebSession, digest(cookie)) if cookie else None
    at = now(session)
    if row is None or row.ended_at is not None or at >= row.expires_at or at - row.seen_at >= IDLE:
        return None
    person = session.get_one(Person, row.person_id)
    return SignedIn(person, row.csrf) if works_here(session, person) else None


def is_stale(session: Session, cookie: str) -> bool:
    """True if it is time to note that this session is in use."""
    row = session.get(WebSession, digest(cookie))
    return row is not None and now(session) - row.seen_at >= NOTED_EVERY


def note_use(session: Session, cookie: str) -> None:
    """Notes that a session is in use now."""
    row = session.get(WebSession, digest(cookie))
    if row is not None:
        row.seen_at = now(session)


def end(session: Session, cookie: str) -> None:
    """Signs a browser out."""
    row = session.get(WebSession, digest(cookie))
    if row is not None and row.ended_at is None:
        row.ended_at = now(session)


def end_all(session: Session, person: Person) -> int:
    """Signs a person out everywhere; returns from how many browsers."""
    rows = session.scalars(select(WebSession).where(WebSession.person_id == person.id, WebSession.ended_at.is_(None)))
    count = 0
    for row in rows:
        row.ended_at = now(session)
        count += 1
    return count


def digest(token: str) -> str:
    """SHA-256 of a token, in hex: what is kept of it."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _link(session: Session, token: str, *, purpose: str, lock: bool = False) -> SignInLink:
    wanted = select(SignInLink).where(SignInLink.token_hash == digest(token), SignInLink.purpose == purpose)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    row = session.scalar(wanted)
    if row is None:
        raise Refusal("This link is not one of ours. Ask for a new one: HR or an admin can make it.")
    if row.used_at is not None:
        raise Refusal("This link was used already: each works once. Ask for a new one.")
    if now(session) >= row.expires_at:
        raise Refusal("This link is too old: each works for 15 minutes. Ask for a new one.")
    return row


def _person_of(session: Session, row: SignInLink) -> Person:
    person = session.get_one(Person, row.person_id)
    if not works_here(session, person):
        raise Refusal("This account is not active here at the moment. HR can help you.")
    return person
