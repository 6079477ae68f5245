"""Presses on a request besides deciding it: it is answered, taken back, worked on, put off, asked about, looked at."""

from sqlalchemy.orm import Session

from backend import (
    asking,
    drafts,
    filing,
    nudges,
    requests,
    snoozes,
    steps,
)
from backend.drafts import Act
from backend.kinds import Sort, kinds_of
from backend.people import Person
from backend.refusals import Refusal
from backend.requests import Step
from backend.words import say
from bot import amending, later, waiting
from bot.message import Intent
from bot.offered import COMMENT
from bot.pressed import Values, draft_of, request_of
from bot.replies import Reply


def answer(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Answers the question with which a request was sent back."""
    draft = draft_of(session, subject) if subject.startswith("draft:") else None
    request = requests.lock(session, draft.about[0] if draft else int(subject.partition(":")[2]))
    text = str(values.get(COMMENT) or (draft.values.get(COMMENT) if draft else "") or "")
    question = asking.answer(request, session, by=person, text=text)
    for each in drafts.all_open(session, person):
        if each.act == Act.ANSWER and each.about == [request.number]:
            drafts.close(each, session, by=person)
    ref, who = requests.ref(session, request), session.get_one(Person, question.by_id).name
    told = say(person.language, "{who} gets your answer; {ref} goes on.", who=who, ref=ref)
    committed = Intent("request.answer", {"request_id": request.number, "comment": question.answer}, ref)
    return Reply(told, card=request.subject, instead_of=subject, committed=(committed,))


def withdraw(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Takes requests back."""
    draft = draft_of(session, subject) if subject.startswith("draft:") else None
    numbers = list(draft.about) if draft else [int(subject.partition(":")[2])]
    done = [filing.withdraw(requests.lock(session, number), session, by=person) for number in sorted(numbers)]
    if draft:
        drafts.close(draft, session, by=person)
    kinds = kinds_of(session)
    committed = tuple(
        Intent(kinds[each.kind].cancel_intent, {"request_id": each.number}, requests.ref(session, each))
        for each in done
    )
    refs = ", ".join(each.ref or "" for each in committed)
    text = say(person.language, "{refs} is withdrawn; what it took is given back.", refs=refs)
    card = done[0].subject if len(done) == 1 else subject
    return Reply(text, card=card, instead_of=subject, committed=committed)


def give_back(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Gives back single days of what was approved."""
    return amending.give_back(session, person, requests.lock(session, int(subject.partition(":")[2])), values)


def finish(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Says that a piece of work is done."""
    step = session.get_one(Step, int(subject.partition(":")[2]))
    request = steps.finish(step, session, by=person, said=values)
    ref = requests.ref(session, request)
    if step.state == "open":
        text = say(
            person.language, "{ref} is {state}.", ref=ref, state=requests.stands(session, request, person.language)
        )
    else:
        text = say(person.language, "{ref}: {what} is done.", ref=ref, what=say(person.language, step.label or "work"))
    committed = Intent("step.finish", {"request_id": request.number}, ref)
    return Reply(text, card=request.subject, committed=(committed,))


def snooze(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Puts off what waits for the person, until the moment that they choose."""
    draft = draft_of(session, subject) if subject.startswith("draft:") else None
    if draft:
        drafts.check(draft, by=person)
    number = draft.about[0] if draft else int(subject.partition(":")[2])
    at = later.chosen(session, person, {**(draft.values if draft else {}), **values})
    request = requests.lock(session, number)
    until = snoozes.snooze(request, session, by=person, at=at)
    if draft:
        drafts.close(draft, session, by=person)
    ref = requests.ref(session, request)
    text = say(person.language, "I'll remind you of {ref} on {moment}.", ref=ref, moment=later.local(person, until))
    args = {"request_id": number, "until": until.isoformat()}
    committed = Intent("approvals.snooze", args, ref)
    return Reply(text, card=request.subject, instead_of=subject, committed=(committed,))


def nudge(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Asks those for whom the person's request waits to look at it."""
    draft = draft_of(session, subject) if subject.startswith("draft:") else None
    request = requests.lock(session, draft.about[0] if draft else int(subject.partition(":")[2]))
    told = nudges.nudge(request, session, by=person)
    if draft:
        drafts.close(draft, session, by=person)
    ref = requests.ref(session, request)
    text = later.nudged(session, person, ref, told)
    committed = Intent("request.nudge", {"request_id": request.number}, ref)
    return Reply(text, card=request.subject, instead_of=subject, committed=(committed,))


def open_card(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Shows the card of one of the requests on a list."""
    request = request_of(session, subject)
    if request is None or not steps.may_see(session, request, person):
        raise Refusal("That request is not yours to see.")
    ref, language = requests.ref(session, request), person.language
    open_ = [each for each in request.steps if each.state == "open"]
    if any(each.sort == Sort.DECISION and steps.may_take(session, each, person)[0] for each in open_):
        what = requests.summary(session, request, language)
        text = say(language, "{name} asks: {what}.", name=request.person.name, what=what)
    elif open_:
        text = say(language, "{ref} waits for {who}.", ref=ref, who=steps.waits_for(session, request))
    else:
        text = say(language, "{ref} is {state}.", ref=ref, state=requests.stands(session, request, language))
    return Reply(text, card=request.subject, anew=True)


def show(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Shows all that waits for the person."""
    text = waiting.headline(session, person, reminder=False)
    return Reply(text, card=f"waiting:{person.id}", anew=True)
