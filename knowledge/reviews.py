"""Reviews: a document is looked at again by its day; its owner is reminded, and answers say where that is overdue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import events, people, timers
from backend.people import Company, Person
from backend.refusals import Refusal
from backend.store import now
from backend.words import say
from knowledge.library import LIVE, Document, Version, changed

DUE = "document.review"
PAUSE = timedelta(days=7)
"""Until an owner is reminded again."""

NEXT = 365
"""After how many days a document that was found right is looked at again."""

DOUBT = 0.85
"""What is left of the confidence in an answer from a document whose review is overdue."""


@dataclass(frozen=True)
class Due:
    """A document that is to be looked at by a day; or that has expired, or will, on it."""

    document: Document
    day: date
    expired: bool = False


def watch(session: Session, document: Document) -> None:
    """Sets the reminder for the day on which the document is to be looked at; none where it names no day."""
    subject = f"document:{document.id}"
    if document.review is None:
        timers.cancel(session, subject)
        return
    session.flush()
    company = session.get(Company, 1)
    zone = ZoneInfo(company.timezone if company else "UTC")
    due = datetime.combine(document.review, time(9), tzinfo=zone)
    timers.set_timer(session, name=DUE, subject=f"document:{document.id}", due_at=due)


def remind(session: Session, timer: timers.Timer) -> None:
    """A document is to be looked at: its owner, or HR, is told, and again each week until it was."""
    document = session.get(Document, int(timer.subject.partition(":")[2]))
    if document is None or document.state != LIVE or document.review is None:
        return
    if document.review > now(session).date():
        watch(session, document)
        return
    detail = {"doc": document.path, "title": document.title}
    events.record(session, "document.reminded", by=None, subject=timer.subject, detail=detail)
    timers.set_timer(session, name=DUE, subject=timer.subject, due_at=now(session) + PAUSE)


def confirm(document: Document, session: Session, *, by: Person | None) -> date:
    """Somebody looked at the document and it is right: the day on which it is to be looked at next.

    by  None: whoever types commands here. A Refusal unless they keep the document
    """
    from knowledge.proposals import must_keep

    if by is not None:
        must_keep(by, document)
    if document.state != LIVE:
        raise Refusal("{title} is withdrawn: there is nothing to review.", title=document.title)
    day = document.review = now(session).date() + timedelta(days=NEXT)
    watch(session, document)
    changed(session)
    detail = {"doc": document.path, "title": document.title, "next": day.isoformat()}
    events.record(session, "document.reviewed", by=by, subject=f"document:{document.id}", detail=detail)
    return day


def whose(session: Session, document: Document) -> list[Person]:
    """Who looks at a document: its owner while they work here, else HR."""
    owner = document.owner
    return [owner] if owner is not None and people.works_here(session, owner) else people.holders(session, "hr")


def overdue(session: Session, docs: list[str], *, day: date) -> list[Document]:
    """Which of these documents should have been looked at by that day."""
    late = select(Document).where(Document.path.in_(docs), Document.review < day)
    return list(session.scalars(late.order_by(Document.path)))


def doubt(session: Session, titles: Mapping[str, str], *, day: date, language: str) -> str:
    """What an answer from these documents adds: that one has expired or its review is overdue, and who knows; or "".

    titles  what each is called where it is quoted, by its path
    """
    over = expired(session, list(titles), day=day)
    late = overdue(session, list(titles), day=day)
    if over:
        held, end = over[0].document, over[0].expires
        words = {"title": titles[held.path], "day": end, "owner": held.owner.name if held.owner else ""}
        if held.owner is None:
            return say(language, "{title} held until {day} and nothing came in its place: better ask HR.", **words)
        return say(language, "{title} held until {day} and nothing came in its place: better ask {owner}.", **words)
    if late:
        title, due = titles[late[0].path], late[0].review
        if late[0].owner is None:
            return say(language, "{title} was due for a review on {day}: better ask HR.", title=title, day=due)
        words = {"title": title, "day": due, "owner": late[0].owner.name}
        return say(language, "{title} was due for a review on {day}: better ask {owner}.", **words)
    return ""


def expired(session: Session, docs: Sequence[str], *, day: date) -> list[Version]:
    """The versions of these documents that hold by then, but for their last day, which is over."""
    query = select(Version).join(Version.document)
    found = session.scalars(
        query.where(Document.path.in_(docs), Version.since <= day).order_by(Version.since, Version.number)
    )
    newest = {each.document_id: each for each in found}
    return [each for each in newest.values() if each.expires is not None and each.expires < day]


def due(session: Session, *, by: date) -> list[Due]:
    """The live documents to be looked at by that day, and those that expire by then; the earliest first."""
    query = select(Document).where(Document.state == LIVE, Document.review <= by)
    found = [Due(each, each.review) for each in session.scalars(query) if each.review is not None]
    live = list(session.scalars(select(Document.path).where(Document.state == LIVE)))
    over = {each.document_id: each for each in expired(session, live, day=by)}
    found = [each for each in found if each.document.id not in over]
    found += [Due(each.document, each.expires, expired=True) for each in over.values() if each.expires is not None]
    return sorted(found, key=lambda each: (each.day, each.document.path))


def any_expired(session: Session, *, day: date) -> bool:
    """True if something of the handbook has a last day that is over."""
    over = select(Version.id).join(Version.document).where(Document.state == LIVE, Version.expires < day)
    return session.scalar(over.limit(1)) is not None
