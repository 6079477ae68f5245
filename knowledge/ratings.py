"""Thumbs up and down on answers: which document helped, on which day. Who said so is not kept."""

from datetime import date

from sqlalchemy import ForeignKey, case, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.store import Base
from knowledge.library import Document


class Rating(Base):
    """One thumb, up or down, on an answer from a document. Nobody's name stands here, and only the day."""

    __tablename__ = "answer_ratings"
    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), index=True)
    useful: Mapped[bool]
    day: Mapped[date]


def rate(session: Session, document_id: int, *, useful: bool, day: date) -> None:
    """Keeps a thumb."""
    session.add(Rating(document_id=document_id, useful=useful, day=day))
    session.flush()


def figures(session: Session, *, since: date | None = None) -> list[tuple[str, str, int, int]]:
    """For each document that was rated: (path, title, thumbs up, thumbs down), the most thumbs down first."""
    up = func.sum(case((Rating.useful, 1), else_=0))
    query = (
        select(Document.path, Document.title, up, func.count())
        .join(Rating, Rating.document_id == Document.id)
        .group_by(Document.path, Document.title)
    )
    if since is not None:
        query = query.where(Rating.day >= since)
    rows = [(path, title, int(good), int(every) - int(good)) for path, title, good, every in session.execute(query)]
    return sorted(rows, key=lambda row: (-row[3], -row[2], row[0]))
