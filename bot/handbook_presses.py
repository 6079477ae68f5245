"""What is pressed on cards about the handbook: publish, withdraw, ask an owner, answer, review, thumbs."""

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from backend.people import Person, today
from backend.refusals import Already, Refusal
from backend.words import say
from bot import keeping
from bot.message import Intent
from bot.offered import COMMENT
from bot.replies import Reply
from knowledge import proposals, questions, ratings, reviews
from knowledge.library import Document
from knowledge.proposals import Sort

Values = Mapping[str, Any]


FEWEST = 4
"""How many words a message has at least that says how something is."""

_HOW_IT_IS = re.compile(
    r"\b(?:yes|is|are|may|can|must|should|will|has to|have to|costs?|es|est[aá]n?|son|pueden?|deben?|sim|são|podem?|"
    r"devem?|oui|est|sont|peut|peuvent|doit|doivent|ja|ist|sind|darf|dürfen|kann|können|muss|müssen|è|sono|può|possono|deve|"
    r"devono)\b"
)
_ONESELF = re.compile(
    r"\b(?:i|i'm|i'd|i'll|i've|me|my|mine|we|us|our|yo|me|mi|mis|quiero|necesito|nosotros|eu|meu|minha|quero|preciso|je|"
    r"mon|ma|mes|moi|nous|ich|mich|mir|mein\w*|wir|uns|io|mio|mia|miei|voglio|vorrei|noi|you|please|approve|reject|book)\b"
    r"|\bj'"
)


def carry_out(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Does what was proposed to the handbook."""
    row = proposals.get(session, _number(subject), by=person)
    language = person.language
    if proposals.moved(row, session):
        reading = proposals.renewed(row, session)
        proposals.must_keep_both(session, person, reading)
        proposals.show_again(row, session, reading, remarks=keeping.noticed(session, reading))
        text = say(
            language, "The document was changed meanwhile, so nothing is published yet. This is what would change now."
        )
        return Reply(text, card=subject)
    done = proposals.carry_out(row, session, by=person)
    match row.sort:
        case Sort.PUBLISH:
            assert done is not None
            text = say(language, "Published: {title}, version {version}.", title=done.title, version=done.version)
            if done.unknown_owner:
                text += " " + say(language, "Nobody here is called {who}: it has no owner.", who=done.unknown_owner)
            committed = Intent("handbook.publish", {"doc": done.doc, "version": done.version})
        case Sort.WITHDRAW:
            text = say(language, "Withdrawn. No answer uses it from now on.")
            committed = Intent("handbook.withdraw", {"doc": row.held["doc"]})
        case _:
            text = say(language, "Kept. Whoever writes one of these words finds what says another.")
            committed = Intent("handbook.synonyms", {"words": row.held["words"]})
    return Reply(text, card=subject, committed=(committed,))


def change(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Puts what was filled in into what is to be published."""
    row = proposals.get(session, _number(subject), by=person)
    proposals.change(row, session, values=dict(values))
    return Reply(say(person.language, "This is what I read. It counts when you press Publish."), card=subject)


def leave(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Throws a proposal away."""
    proposals.get(session, _number(subject), by=person).state = proposals.DISCARDED
    return Reply(say(person.language, "Discarded; nothing was changed."), card=subject)


def ask_owner(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Puts a question that the handbook did not answer to whom it is for."""
    row = questions.get(session, _number(subject))
    questions.ask(row, session, by=person)
    text = say(person.language, "Asked. I'll tell you what {who} answers.", who=row.to.name)
    return Reply(text, card=subject, committed=(Intent("handbook.ask_owner", {}),))


def answer_owner(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Answers a question that somebody put to the owner."""
    row = questions.get(session, _number(subject))
    questions.answer(row, session, text=str(values.get(COMMENT) or ""), by=person)
    text = say(person.language, "{who} gets your answer.", who=row.asker.name)
    return Reply(text, card=subject, committed=(Intent("handbook.answer", {}),))


def send_answer(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Sends what the owner wrote as the answer."""
    return answer_owner(session, person, subject, {COMMENT: questions.get(session, _number(subject)).answer})


def tells(text: str) -> bool:
    """True for a message that says how something is, and nothing of whoever writes it: "Cats may come on Fridays"."""
    low = text.lower()
    return len(low.split()) >= FEWEST and bool(_HOW_IT_IS.search(low)) and not _ONESELF.search(low)


def put_down(session: Session, person: Person, subject: str, text: str) -> Reply | None:
    """What somebody wrote below a question that waits for them, as the answer to send; None where none waits."""
    if not questions.put_down(questions.get(session, _number(subject)), session, text=text, by=person):
        return None
    return Reply(say(person.language, "Is this your answer? It is sent when you press Send."), card=subject)


def make_article(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Proposes the answer as an article of the handbook."""
    row = questions.get(session, _number(subject))
    if row.to_id != person.id or row.state != questions.ANSWERED:
        raise Refusal("There is no answer of yours to that yet.")
    proposed = proposals.propose_article(session, person, question=row.question, answer=row.answer, origin=subject)
    text = say(person.language, "This is what I read. It counts when you press Publish.")
    return Reply(text, card=proposed.subject)


def reviewed(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Says that a document is still right."""
    document = session.get_one(Document, _number(subject))
    if values.get("due") and (document.review is None or document.review.isoformat() != values["due"]):
        raise Already("That was done already.")
    day = reviews.confirm(document, session, by=person)
    text = say(person.language, "Noted. I'll remind you of {title} on {day}.", title=document.title, day=day)
    return Reply(text, card=subject, committed=(Intent("handbook.review", {"doc": document.path}),))


def withdraw_document(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Shows the card that withdraws a document."""
    document = session.get_one(Document, _number(subject))
    proposals.must_keep(person, document)
    origin = f"withdraw:{subject}:{session.info.get('cause')}"
    row = proposals.propose(session, person, sort=Sort.WITHDRAW, origin=origin, held={"doc": document.path})
    text = say(person.language, "Shall I withdraw {title}? No answer uses it from then on.", title=document.title)
    return Reply(text, card=row.subject)


def helped(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """A thumb up on an answer."""
    ratings.rate(session, _number(subject), useful=True, day=today(session, person))
    return Reply(say(person.language, "Thank you, that helps HR to keep the handbook good."))


def missed(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """A thumb down on an answer."""
    ratings.rate(session, _number(subject), useful=False, day=today(session, person))
    return Reply(say(person.language, "Thank you. HR sees that this answer did not help, not who said so."))


def _number(subject: str) -> int:
    return int(subject.partition(":")[2])


COMMITTING = {
    "carry_out": carry_out,
    "leave": leave,
    "ask_owner": ask_owner,
    "answer_owner": answer_owner,
    "send_answer": send_answer,
    "make_article": make_article,
    "reviewed": reviewed,
    "helped": helped,
    "missed": missed,
}
"""Verbs whose button is taken: they work once."""

OPENING = {"withdraw_document": withdraw_document}
"""Verbs that only show what is to be confirmed."""
