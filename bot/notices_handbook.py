"""Notices about the handbook: a question for an owner, its answer, a document that is to be looked at."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from backend.events import Happening
from backend.words import say
from bot.notices import tell
from bot.replies import Reply
from knowledge import reviews
from knowledge.library import Document
from knowledge.questions import OwnerQuestion

if TYPE_CHECKING:
    from bot.app import App


def owner_question(session: Session, app: "App", happening: Happening) -> None:
    """What the handbook does not say goes to whom it is asked, with the button to answer; the answer to the asker."""
    question = session.get(OwnerQuestion, _number(happening))
    if question is None:
        return
    words = {"question": question.question, "answer": question.answer}
    if happening.kind == "owner_question.answered":
        to = question.asker
        text = say(to.language, "{name} answers “{question}”: {answer}", name=question.to.name, **words)
    else:
        to = question.to
        text = say(
            to.language,
            "{name} asks what the handbook does not say: “{question}” "
            "Write the answer here or press Answer, and I'll pass it on.",
            name=question.asker.name,
            **words,
        )
    tell(session, app, to, Reply(text, card=question.subject), happening=happening)


def document_reminded(session: Session, app: "App", happening: Happening) -> None:
    """A document is to be looked at: whoever keeps it hears so."""
    document = session.get(Document, _number(happening))
    if document is None:
        return
    for person in reviews.whose(session, document):
        text = say(person.language, "Please look at {title}: is it still right?", title=document.title)
        tell(session, app, person, Reply(text, card=f"document:{document.id}"), happening=happening)


def _number(happening: Happening) -> int:
    return int(happening.subject.partition(":")[2])


NOTICES: dict[str, Callable[[Session, "App", Happening], None]] = {
    "owner_question.asked": owner_question,
    "owner_question.answered": owner_question,
    "document.reminded": document_reminded,
}
