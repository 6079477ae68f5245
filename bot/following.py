"""What follows an answer from the handbook: thumbs where it was found, the offer to ask its owner where it was not."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.people import Person
from bot import handbook_cards
from bot.replies import Reply
from knowledge import questions
from knowledge.library import Document


def up(session: Session, person: Person, reply: Reply, *, question: str) -> Reply:
    """The reply with what can be pressed after it; nothing is offered after what is for the person alone."""
    finding = reply.finding
    if finding is None or reply.private or reply.card is not None:
        return reply
    doc = finding.citations[0].doc if finding.citations else None
    if finding.outcome != "answered":
        row = questions.offer(session, person, question=question, doc=doc)
        return reply if row is None else replace(reply, card=row.subject)
    document = session.scalar(select(Document).where(Document.path == doc))
    return reply if document is None else replace(reply, choices=handbook_cards.thumbs(session, person, document))
