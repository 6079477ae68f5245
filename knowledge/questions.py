"""Questions that the handbook did not answer, put to whom it may concern: the document's owner, or HR."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from backend import events, people
from backend.people import Person
from backend.refusals import Already, Refusal
from backend.store import Base, Moment, now
from knowledge.library import Document

OFFERED, ASKED, ANSWERED = "offered", "asked", "answered"
LONGEST = 2000
"""How many characters a question, or its answer, may have."""


class OwnerQuestion(Base):
    """A question of somebody's that the handbook did not answer.

    to_id        who may answer it: the owner of the document that came nearest, or somebody in HR
    document_id  the document that came nearest
    state        offered (only its asker knows of it), asked or answered
    answer       while it is asked: what was written and is not sent yet
    """

    __tablename__ = "owner_questions"
    id: Mapped[int] = mapped_column(primary_key=True)
    asker_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    to_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))
    question: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(default=OFFERED)
    at: Mapped[datetime] = mapped_column(Moment)

    asker: Mapped[Person] = relationship(foreign_keys=[asker_id])
    to: Mapped[Person] = relationship(foreign_keys=[to_id])

    @property
    def subject(self) -> str:
        return f"owner_question:{self.id}"


def offer(session: Session, asker: Person, *, question: str, doc: str | None) -> OwnerQuestion | None:
    """A question that could be put to somebody; nobody hears of it before it is asked. None where nobody could answer.

    doc  the path of the document that comes nearest, if one does
    """
    document = session.scalar(select(Document).where(Document.path == doc)) if doc else None
    owner = document.owner if document is not None else None
    asked = [owner] if owner is not None and people.works_here(session, owner) else people.holders(session, "hr")
    asked = [each for each in asked if each.id != asker.id]
    if not asked:
        return None
    row = OwnerQuestion(
        asker_id=asker.id,
        to_id=asked[0].id,
        document_id=document.id if document else None,
        question=" ".join(question.split())[:LONGEST],
        at=now(session),
    )
    session.add(row)
    session.flush()
    return row


def get(session: Session, number: int) -> OwnerQuestion:
    """The question of this number; a Refusal if there is none."""
    row = session.get(OwnerQuestion, number, with_for_update=True)
    if row is None:
        raise Refusal("I no longer have that question. Ask it once more.")
    return row


def ask(question: OwnerQuestion, session: Session, *, by: Person) -> None:
    """Puts the question to whom it is for; a Refusal unless it is the asker's own, Already if it was put."""
    if question.asker_id != by.id:
        raise Refusal("That question is somebody else's, so I did nothing.")
    if question.state != OFFERED:
        raise Already("{who} has that question already.", who=question.to.name)
    question.state, question.at = ASKED, now(session)
    events.record(session, "owner_question.asked", by=by, subject=question.subject, about=(question.to,))
    session.flush()


def put_down(question: OwnerQuestion, session: Session, *, text: str, by: Person) -> bool:
    """Keeps what somebody wrote as the answer that they may send; False where the question does not wait for them."""
    if question.to_id != by.id or question.state != ASKED:
        return False
    question.answer = text.strip()[:LONGEST]
    session.flush()
    return True


def answer(question: OwnerQuestion, session: Session, *, text: str, by: Person) -> None:
    """Answers the question; its asker is told. A Refusal unless it was put to this person, or they are in HR."""
    if question.to_id != by.id and not people.has_role(by, "hr"):
        raise Refusal("That question was put to {who}, so I did nothing.", who=question.to.name)
    if question.state == ANSWERED:
        raise Already("That question is answered already.")
    if question.state == OFFERED:
        raise Refusal("Nobody has asked that.")
    if not text.strip():
        raise Refusal("What is the answer? A sentence or two are enough.", field="comment")
    question.answer, question.state, question.at = text.strip()[:LONGEST], ANSWERED, now(session)
    events.record(session, "owner_question.answered", by=by, subject=question.subject, about=(question.asker,))
    session.flush()
