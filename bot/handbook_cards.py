"""Cards about the handbook: what is about to be published, withdrawn or searched for, questions to owners, reviews."""

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from backend import buttons as held
from backend.forms import Widget
from backend.people import Person
from backend.words import say, write
from bot.message import Button, Card, Field
from bot.offered import button, comment_field
from knowledge import changes, library, proposals, publishing, questions
from knowledge.library import Document
from knowledge.passages import blocks, plain
from knowledge.proposals import Proposal, Sort
from knowledge.questions import OwnerQuestion
from knowledge.reading import Reading

SORTS = ("proposal", "owner_question", "document")
"""What the subjects of these cards begin with; a number follows."""

MOST, BEGINNING = 12, 600
"""Headings that a card shows, and characters of a new document's text."""

TITLES = {
    Sort.PUBLISH.value: "Add to the handbook",
    Sort.WITHDRAW.value: "Withdraw from the handbook",
    Sort.SYNONYMS.value: "Words that mean the same",
}
ACTS = {Sort.PUBLISH.value: "Publish", Sort.WITHDRAW.value: "Withdraw", Sort.SYNONYMS.value: "Keep"}
FIELDS = {
    "title": (Widget.LINE, "Title"),
    "audience": (Widget.LINE, "Who may read it"),
    "places": (Widget.LINE, "Where it holds"),
    "owner": (Widget.LINE, "Owner"),
    "effective": (Widget.DATE, "Holds from"),
    "expires": (Widget.DATE, "Holds until"),
    "review": (Widget.DATE, "Review by"),
}
"""What can be changed about a document before it is published."""


def card_of(session: Session, subject: str, reader: Person) -> Card | None:
    """The card of a proposal, a question or a document, as it stands now; None where it is not this reader's."""
    sort, _, number = subject.partition(":")
    match sort:
        case "proposal":
            row = session.get(Proposal, int(number))
            return proposal_card(session, row, reader) if row is not None and row.person_id == reader.id else None
        case "owner_question":
            question = session.get(OwnerQuestion, int(number))
            return question_card(session, question, reader) if question is not None else None
        case _:
            document = session.get(Document, int(number))
            return document_card(session, document, reader) if document is not None else None


def proposal_card(session: Session, proposal: Proposal, reader: Person) -> Card:
    """What is about to be done to the handbook, with the button that does it."""
    language, subject, title = reader.language, proposal.subject, say(reader.language, TITLES[proposal.sort])
    facts: list[tuple[str, str]] = []
    fields: tuple[Field, ...] = ()
    match proposal.sort:
        case Sort.PUBLISH:
            reading = proposal.reading
            fields = _fields(session, reading, language)
            replaces = proposal.held.get("replaces")
            facts += [
                (say(language, title), say(language, text, **values))
                for title, text, values in proposal.held["remarks"]
            ]
            facts += _contents(reading, language, text=replaces is None)
            if replaces is not None:
                title = say(language, "Replace version {version} in the handbook", version=replaces)
        case Sort.WITHDRAW:
            facts.append((say(language, "Document"), library.find(session, str(proposal.held["doc"])).title))
        case _:
            facts.append((say(language, "Words"), ", ".join(str(each) for each in proposal.held["words"])))
    made: list[Button] = []
    if proposal.state == proposals.OPEN:
        label, style = say(language, ACTS[proposal.sort]), "danger" if proposal.sort == Sort.WITHDRAW else "primary"
        made.append(button(session, reader, verb="carry_out", subject=subject, label=label, style=style))
        if fields:
            label = say(language, "Change")
            made.append(button(session, reader, verb="change", subject=subject, label=label, form=fields))
        made.append(button(session, reader, verb="leave", subject=subject, label=say(language, "Discard")))
    return Card(
        kind="handbook",
        subject=subject,
        state="draft" if proposal.state == proposals.OPEN else proposal.state,
        title=title,
        fields=tuple(replace(each, aside=not each.shown) for each in fields),
        facts=tuple(facts),
        buttons=tuple(made),
    )


def question_card(session: Session, question: OwnerQuestion, reader: Person) -> Card | None:
    """A question that the handbook did not answer, as its asker or whoever may answer it sees it."""
    language, subject = reader.language, question.subject
    facts: list[tuple[str, str]] = [(say(language, "Question"), question.question)]
    made: list[Button] = []
    asks, answers = reader.id == question.asker_id, reader.id == question.to_id
    if not asks and not answers:
        return None
    if asks and question.state == questions.OFFERED:
        label = say(language, "Ask {who}", who=question.to.name)
        made.append(button(session, reader, verb="ask_owner", subject=subject, label=label))
    if answers and question.state == questions.ASKED:
        title = say(language, "Your answer")
        form = (replace(comment_field(language, title), value=question.answer or None, shown=question.answer),)
        words: dict[str, Any] = {"verb": "answer_owner", "subject": subject, "form": form}
        if question.answer:
            facts.append((title, question.answer))
            label = say(language, "Send to {who}", who=question.asker.name)
            made.append(button(session, reader, verb="send_answer", subject=subject, label=label, style="primary"))
            made.append(button(session, reader, label=say(language, "Change"), **words))
        else:
            made.append(button(session, reader, label=say(language, "Answer"), style="primary", **words))
    if question.state == questions.ANSWERED:
        facts.append((say(language, "Answer"), question.answer))
        if answers and proposals.may_keep(reader):
            label = say(language, "Make it an article")
            made.append(button(session, reader, verb="make_article", subject=subject, label=label))
    return Card(
        kind="handbook",
        subject=subject,
        state=STATES[question.state],
        title=say(language, "Not in the handbook"),
        facts=tuple(facts),
        buttons=tuple(made),
    )


STATES = {questions.OFFERED: "draft", questions.ASKED: "pending", questions.ANSWERED: "done"}
"""How a question's card is said to stand."""


def document_card(session: Session, document: Document, reader: Person) -> Card | None:
    """A document that is to be looked at, for who keeps it."""
    if not proposals.may_keep(reader, document):
        return None
    language, subject = reader.language, f"document:{document.id}"
    newest = library.newest_version(session, document)
    facts = [(say(language, "Document"), f"{document.title} ({document.path})")]
    if newest is not None:
        text = say(language, "version {version}, effective {day}", version=newest.number, day=newest.effective)
        facts.append((say(language, "Version"), text))
    if newest is not None and newest.expires is not None:
        facts.append((say(language, "Holds until"), write(language, newest.expires)))
    if document.review is not None:
        facts.append((say(language, "Review by"), write(language, document.review)))
    made: list[Button] = []
    if document.state == library.LIVE:
        due = document.review.isoformat() if document.review else ""
        label = say(language, "Still right")
        made.append(button(session, reader, verb=f"reviewed:due={due}", subject=subject, label=label, style="primary"))
        label = say(language, "Withdraw")
        made.append(button(session, reader, verb="withdraw_document", subject=subject, label=label, style="danger"))
    return Card(
        kind="handbook",
        subject=subject,
        state="pending" if document.state == library.LIVE else "withdrawn",
        title=say(language, "To review"),
        facts=tuple(facts),
        buttons=tuple(made),
    )


def thumbs(session: Session, person: Person, document: Document) -> tuple[Button, ...]:
    """The two buttons under an answer. They carry no name of who presses them to where they are counted."""
    return tuple(
        Button(
            verb=verb,
            label=label,
            token=held.offer(
                session, person, verb=f"{verb}:of={session.info.get('cause')}", subject=f"document:{document.id}"
            ),
        )
        for verb, label in (("helped", "👍"), ("missed", "👎"))
    )


def _contents(reading: Reading, language: str, *, text: bool) -> list[tuple[str, str]]:
    """The headings of a document, and of a new one (`text`) how it begins."""
    out: list[tuple[str, str]] = []
    headings = [each.strip() for each in changes.headings(reading.text)]
    if headings != [reading.title]:
        shown = "; ".join(headings[:MOST]) or say(language, "none")
        if len(headings) > MOST:
            shown += " " + say(language, "and {count} more", count=len(headings) - MOST)
        out.append((say(language, "Headings"), shown))
    if text:
        said = "\n".join(plain(reading.text[each.start : each.end]) for each in blocks(reading.text) if not each.level)
        cut = f"{said[:BEGINNING].rpartition(' ')[0]} …" if len(said) > BEGINNING else said
        out.append((say(language, "Text"), cut.strip()))
    return out


def _fields(session: Session, reading: Reading, language: str) -> tuple[Field, ...]:
    owner = publishing.owner_of(session, reading)
    texts = {
        "title": reading.title,
        "audience": "; ".join(reading.audience or ()),
        "places": "; ".join(reading.places or ()),
        "owner": reading.owner or "",
    }
    days = {"effective": reading.effective, "expires": reading.expires, "review": reading.review}
    unsaid = {"audience": "everybody", "places": "everywhere", "effective": "today"}
    out: list[Field] = []
    for name, (widget, _) in FIELDS.items():
        day = days.get(name)
        value = day.isoformat() if day else texts.get(name) or None
        shown = (
            write(language, day) if day else texts.get(name) or (say(language, unsaid[name]) if name in unsaid else "")
        )
        shown = owner.name if name == "owner" and owner is not None else shown
        out.append(Field(name=name, title=say(language, FIELDS[name][1]), value=value, shown=shown, widget=widget))
    return tuple(out)
