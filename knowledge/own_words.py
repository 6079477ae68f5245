"""The company's own words for things: lines of words that mean the same, beside those that come with Backdesk."""

import re
from collections.abc import Sequence

from sqlalchemy import Text, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend import events
from backend.people import Person
from backend.refusals import Refusal
from backend.store import Base
from knowledge.library import changed


class SynonymLine(Base):
    """Words that mean the same, by commas, in lower case."""

    __tablename__ = "synonym_lines"
    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(Text, unique=True)


def read(line: str) -> tuple[str, ...]:
    """The words of a line, by commas or equals signs; what follows a # is a remark. Fewer than two are a Refusal."""
    parts = line.partition("#")[0].replace("=", ",").replace(";", ",").lower().split(",")
    words = tuple(dict.fromkeys(" ".join(each.split())[:80] for each in parts if each.strip()))
    if len(words) < 2:
        raise Refusal("Give at least two words that mean the same, such as: offsite, away days.")
    return words


def lines(session: Session) -> list[tuple[str, ...]]:
    """The company's lines, in order."""
    return [tuple(each.words.split(", ")) for each in session.scalars(select(SynonymLine).order_by(SynonymLine.words))]


def add(session: Session, words: Sequence[str], *, by: Person | None) -> None:
    """Adds a line; one that shares a word with it is joined with it."""
    joined = list(words)
    for row in session.scalars(select(SynonymLine)).all():
        held = row.words.split(", ")
        if set(held) & set(joined):
            joined += [each for each in held if each not in joined]
            session.delete(row)
    session.flush()
    session.add(SynonymLine(words=", ".join(joined)))
    _changed(session, by=by)


def replace_all(session: Session, every: Sequence[Sequence[str]], *, by: Person | None) -> None:
    """Puts these lines in the place of all."""
    session.execute(delete(SynonymLine))
    session.flush()
    for words in dict.fromkeys(tuple(each) for each in every):
        session.add(SynonymLine(words=", ".join(words)))
    _changed(session, by=by)


def held(session: Session, question: str) -> frozenset[str]:
    """The single words, in small letters, of each of these terms that the question holds."""
    low = question.lower()
    terms = {each for line in lines(session) for each in line if re.search(rf"(?<!\w){re.escape(each)}(?!\w)", low)}
    return frozenset(word for each in terms for word in re.findall(r"\w+", each))


def beside(session: Session, question: str) -> str:
    """The question with the other words of each line that it holds one of; as it is where it holds none."""
    low = question.lower()
    found = [
        other
        for line in lines(session)
        if any(re.search(rf"(?<!\w){re.escape(each)}(?!\w)", low) for each in line)
        for other in line
        if other not in low
    ]
    return f"{question} ({', '.join(dict.fromkeys(found))})" if found else question


def _changed(session: Session, *, by: Person | None) -> None:
    session.flush()
    changed(session)
    detail = {"lines": [", ".join(each) for each in lines(session)]}
    events.record(session, "synonyms.changed", by=by, subject="library:1", detail=detail)
