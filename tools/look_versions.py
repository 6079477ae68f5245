"""Looks up the versions of a document of the handbook, and what the newest changed."""

from typing import Any

from sqlalchemy.orm import Session

from backend.forms import Form, blank
from backend.people import Person
from backend.refusals import Refusal
from backend.words import say
from knowledge import called, changes, illustrations, proposals
from knowledge.library import Version
from knowledge.search import reader_of
from tools.look import Around, Found, Look

MOST = 5
"""How many versions are told."""


class WhichDocument(Form):
    """The document as people call it, and the whole question, which is asked of the handbook by who keeps none."""

    doc: str = blank("Document")
    question: str = blank("Question", default="")


def find(around: Around, asked: WhichDocument) -> Found:
    """The versions of the document with their days, and what the newest changed, for who keeps it.

    For others it is a question like any other. Where no document is called so, who keeps them all hears what the
    handbook says to the question or, in a Refusal, that there is none; no gap is left by it.
    """
    session, person, question = around.session, around.person, asked.question or asked.doc
    try:
        document = called.called(session, asked.doc, by=person)
    except Refusal:
        if not proposals.may_keep(person) or around.ask_as is None:
            return _answered(around.ask_handbook(question, person))
        finding = around.ask_as(question, reader_of(session, person))
        if not finding.certain:
            raise
        return _answered(finding)
    if not proposals.may_keep(person, document):
        return _answered(around.ask_handbook(question, person))
    versions = document.versions[::-1]
    title = say(person.language, "The versions of {title}, the newest first:", title=document.title)
    lines = [title, *(_line(session, each, person.language) for each in versions[:MOST])]
    if len(versions) > MOST:
        lines.append(say(person.language, "and {count} more", count=len(versions) - MOST))
    told = "\n".join(lines)
    if len(versions) > 1:
        told = f"{told}\n\n{_difference(session, versions[1], versions[0], person.language)}"
    rows = tuple({"version": each.number, "effective": each.effective.isoformat()} for each in versions)
    return Found(told, rows=rows)


def _answered(finding: Any) -> Found:
    return Found(finding.text, finding=finding)


def _line(session: Session, version: Version, language: str) -> str:
    """A version, its day, and who published it."""
    text = say(language, "version {version}, effective {day}", version=version.number, day=version.effective)
    by = session.get(Person, version.added_by_id) if version.added_by_id is not None else None
    return f"• {text} ({by.name})" if by is not None else f"• {text}"


def _difference(session: Session, before: Version, after: Version, language: str) -> str:
    """What a version changed: its lines that went (-) and came (+), and its pictures."""
    head = say(language, "What version {version} changed:", version=after.number)
    shown, more = changes.shortly(before.text, after.text)
    if more:
        shown.append(say(language, "and {count} more", count=more))
    stood, stands = (
        [(address, each.id) for address, each in illustrations.of_version(session, version).items()]
        for version in (before, after)
    )
    told = changes.pictures(before.text, stood, after.text, stands)
    for title, names in (
        (say(language, "New pictures"), told.added),
        (say(language, "Pictures replaced"), told.replaced),
        (say(language, "Pictures left out"), (*told.left_out, *(each for each in told.missing if stood))),
    ):
        if names:
            shown.append(f"{title}: {'; '.join(names)}")
    return "\n".join([head, *(shown or [say(language, "Nothing of its text.")])])


LOOK = Look(
    "look_versions",
    ("handbook.versions",),
    WhichDocument,
    find,
    "Lists the versions of a document of the handbook, and what the newest changed.",
)
