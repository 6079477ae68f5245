"""Presses on a draft: it is sent, thrown away or changed, and the questions about it are answered."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from backend import (
    drafts,
    moves,
    people,
    requests,
    stand_ins,
    steps,
)
from backend.drafts import Draft
from backend.forms import plain
from backend.kinds import Kind, kinds_of
from backend.people import Person
from backend.refusals import Refusal
from backend.requests import Request
from backend.words import say
from bot import amending, cards, handbook_presses, pages, questions
from bot.message import Intent
from bot.pressed import Values, draft_of, number_in, request_of
from bot.replies import Reply


def submit(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Sends a draft."""
    draft = draft_of(session, subject)
    request = drafts.send(draft, session, by=person)
    kind = kinds_of(session)[request.kind]
    ref = requests.ref(session, request)
    committed = Intent(kind.intent, submitted_args(kind, request), ref)
    match request.state:
        case requests.PENDING:
            who = steps.waits_for(session, request)
            text = say(
                person.language, "Sent. {ref} waits for {who}; I'll tell you when it is decided.", ref=ref, who=who
            )
        case requests.RECORDED:
            manager = people.manager_of(session, request.person)
            text = say(person.language, "Recorded as {ref}.", ref=ref)
            for each in dict.fromkeys((request.person, *((manager,) if manager else ()))):
                if each.id != person.id:
                    text += " " + say(person.language, "{who} is told.", who=each.name)
            more = kind.outcome(requests.forms_of(kind, request)[0], requests.desk_of(session, request, by=person))
            if more is not None and request.person_id == person.id:
                text += " " + say(person.language, more.text, **more.values)
        case _:
            text = say(person.language, "{ref} is {state}.", ref=ref, state=say(person.language, request.state))
    return Reply(text, card=request.subject, instead_of=subject, committed=(committed,))


def submitted_args(kind: Kind[Any], request: Request) -> dict[str, Any]:
    """What was committed, as a call's arguments; the lines of a request with one line are flat."""
    args = kind.args(request.values)
    if kind.line:
        lines = [kind.args(each.values, line=True) for each in request.lines]
        args |= lines[0] if len(lines) == 1 else {"lines": lines}
    return args


def discard(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Throws a draft away."""
    draft = draft_of(session, subject)
    drafts.discard(draft, session, by=person)
    return Reply(say(person.language, "Discarded; nothing was sent."), card=subject)


def amend(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Sends a change to what was sent."""
    return amending.amend(session, person, draft_of(session, subject))


def change(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Puts new values into a draft, of a change to a sent request too; without any, asks for them."""
    if subject.startswith("proposal:"):
        return handbook_presses.change(session, person, subject, values)
    request = request_of(session, subject)
    draft = amending.begun(session, person, request) if request else draft_of(session, subject)
    subject = f"draft:{draft.id}"
    drafts.check(draft, by=person)
    if not values:
        kind = kinds_of(session).get(draft.kind or "")
        names = tuple(each.name for each in kind.sayable()) if kind else tuple(cards.needed(draft))
        return Reply(say(person.language, "What should be different?"), card=subject, asked=names, pending=True)
    values = dict(values)
    lines, before = values.pop("lines", None), draft.values
    wrong = drafts.change(draft, session, values=values, lines=lines, by=person)
    if wrong:
        problems = [f"{_title(draft, session, name)}: {say(person.language, each)}" for name, each in wrong.items()]
        text = say(person.language, "Please check {problems} The rest is kept.", problems="; ".join(problems))
        told = {name: say(person.language, each) for name, each in wrong.items()}
        return Reply(text, card=subject, refusal=text, asked=tuple(wrong), pending=True, problems=told)
    return replace(questions.about(session, draft), problems=_together(session, draft, person, before=before))


def _together(session: Session, draft: Draft, person: Person, *, before: Values) -> dict[str, str]:
    """What is wrong with the values of a form taken together, by the last field that was changed."""
    if draft.act not in drafts.FORMS or drafts.missing(draft, session):
        return {}
    kind = kinds_of(session)[draft.kind or ""]
    try:
        kind.whole(draft.values, draft.lines)
    except Refusal as refusal:
        fields = [(each.name, plain(each.default)) for each in kind.sayable()]
        changed = [name for name, default in fields if draft.values.get(name, default) != before.get(name, default)]
        name = refusal.field or (changed[-1] if changed else "")
        return {name: say(person.language, refusal.text, **refusal.values)}
    return {}


def _title(draft: Draft, session: Session, name: str) -> str:
    """What a field is called on the card, in its owner's language."""
    kind = kinds_of(session).get(draft.kind or "")
    titles = {each.name: each.title for each in kind.sayable()} if kind else {}
    return say(session.get_one(Person, draft.person_id).language, titles.get(name, name))


def choose(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Answers a question with one of its buttons: a form's choice, or which request was meant."""
    draft = draft_of(session, subject)
    if "about" in values:
        drafts.choose(draft, session, numbers=[number_in(values, "about")], by=person)
        return questions.about(session, draft)
    name, value = next(iter(values.items()), ("", None))
    line, _, of_line = name.partition(".")
    if of_line:
        nth = number_in({"line": line}, "line")
        if not 1 <= nth <= len(draft.lines):
            raise Refusal("There is no line {line}.", line=nth)
        wrong = drafts.change(draft, session, values={of_line: value}, by=person, line=nth)
        return questions.about(session, draft, before=" ".join(say(person.language, each) for each in wrong.values()))
    return change(session, person, subject, values)


def mean(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Says what a message meant that was not understood for sure; it is answered anew, as that."""
    return Reply(meant=(subject.partition(":")[2], str(values.get("intent", ""))))


def one_receipt(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Says that the receipts of two lines are pages of one."""
    draft, line = draft_of(session, subject), number_in(values, "line")
    drafts.check(draft, by=person)
    pages.join(session, draft, person, line=line, last=line + 1)
    return pages.ask(session, draft, person, before=say(person.language, "They are pages of one receipt now."))


def separate(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Says that the pages of a line are receipts of their own."""
    draft = draft_of(session, subject)
    drafts.check(draft, by=person)
    pages.separate(session, draft, person, line=number_in(values, "line"))
    return pages.ask(session, draft, person, before=say(person.language, "They are receipts of their own now."))


def explain(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Says why what looks like something else is none, in every line that has not said so."""
    draft = draft_of(session, subject)
    drafts.check(draft, by=person)
    said = {name: value for name, value in values.items() if str(value or "").strip()}
    if not said:
        return questions.about(session, draft, before=say(person.language, "Say why it is another one."))
    wrong: dict[str, str] = {}
    for nth in range(1, len(draft.lines) + 1):
        wrong |= drafts.change(draft, session, values=said, by=person, line=nth)
    return questions.about(session, draft, before=" ".join(say(person.language, each) for each in wrong.values()))


def stand_in(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Names a stand-in for some days."""
    draft = draft_of(session, subject)
    other = people.find(session, str(draft.values["to"]))
    start, end = date.fromisoformat(draft.values["start"]), date.fromisoformat(draft.values["end"])
    stand_ins.name(session, person, other=other, start=start, end=end, by=person)
    moves.presence_changed(session, person, by=person)
    drafts.close(draft, session, by=person)
    text = say(
        person.language, "{name} stands in for you from {start} to {end}.", name=other.name, start=start, end=end
    )
    args = {"to": other.handle, "start": start.isoformat(), "end": end.isoformat()}
    return Reply(text, card=subject, committed=(Intent("approvals.delegate", args),))
