"""Asking back: whom a step waits for may have a question first; the requester answers, and the step goes on."""

from datetime import datetime

from sqlalchemy.orm import Session

from backend import calendars, decisions, escalations, events, people, policies, requests, timers
from backend.forms import LONGEST_TEXT
from backend.people import Person
from backend.refusals import Already, Refusal
from backend.requests import Question, Request, Step
from backend.store import now

REMIND = "question.remind"


def send_back(request: Request, session: Session, *, by: Person, text: str) -> Question:
    """Sends the step that waits for this person back to the requester, with a question. It stays theirs to decide."""
    request = requests.lock(session, request.number)
    step, on_behalf_of = decisions.theirs(session, request, by, asking=True)
    who = request.person.first_name
    text = _written(text, "Please write what {who} should tell you.", who=who)
    before = requests.asked(step)
    if before is not None:
        raise Already(
            "{ref} is with {who} already, who was asked: “{question}”.",
            ref=requests.ref(session, request),
            who=who,
            question=before.text,
        )
    question = Question(step_id=step.id, by_id=by.id, text=text, at=now(session))
    session.add(question)
    timers.cancel(session, step.subject)
    session.flush()
    session.refresh(step, ["questions"])
    _set_timer(session, step)
    events.record(
        session,
        "step.sent_back",
        by=by,
        on_behalf_of=on_behalf_of,
        subject=step.subject,
        about=(request.person,),
        detail={"number": request.number, "question": question.id, "text": text},
    )
    session.flush()
    return question


def answer(request: Request, session: Session, *, by: Person, text: str) -> Question:
    """Answers the oldest open question about a request; whoever asked decides it now."""
    request = requests.lock(session, request.number)
    ref = requests.ref(session, request)
    if by.id not in (request.person_id, request.by_id):
        raise Refusal("{ref} belongs to {who}; only they can answer.", ref=ref, who=request.person.name)
    question = requests.sent_back(request)
    if question is None:
        raise Already("There is no open question about {ref}.", ref=ref)
    _go_on(session, request, question, by=by, text=_written(text, "Please write your answer."))
    return question


def changed(request: Request, session: Session, *, by: Person) -> None:
    """A change to a request answers the questions about it that are open."""
    for question in requests.questions(request):
        if question.state == "open":
            _go_on(session, request, question, by=by, text="")


def remind(session: Session, timer: timers.Timer) -> None:
    """A question has waited: the requester is reminded, and again, more and more rarely; it never lapses.

    Where they have left, those whose step it is are reminded instead: they can decide without an answer.
    """
    step = session.get(Step, int(timer.subject.removeprefix("step:")))
    question = requests.asked(step) if step is not None and step.state == "open" else None
    if step is None or question is None:
        return
    question.reminded += 1
    if people.works_here(session, step.request.person):
        escalations.note_down(session, step, "question.reminded", question=question.id)
    else:
        escalations.note_down(session, step, "step.reminded", question=question.id)
        escalations.reminded(session, [step])
    _set_timer(session, step)


def _go_on(session: Session, request: Request, question: Question, *, by: Person, text: str) -> None:
    step = next(each for each in request.steps if each.id == question.step_id)
    question.state, question.answer, question.answered_at = "answered", text, now(session)
    timers.cancel(session, step.subject)
    escalations.on_step_opened(session, step)
    events.record(
        session,
        "step.answered",
        by=by,
        subject=step.subject,
        about=(request.person,),
        detail={"number": request.number, "question": question.id, "text": text},
    )
    session.flush()


def due(session: Session, step: Step, *, since: datetime) -> datetime:
    """When the requester is reminded of the question about a step, in their working time, counted from a moment."""
    question = requests.asked(step)
    length = escalations.growing(policies.approvals(session).remind, times=question.reminded if question else 0)
    return calendars.after(session, step.request.person, since, length)


def _set_timer(session: Session, step: Step) -> None:
    since = now(session)
    timers.set_timer(session, name=REMIND, subject=step.subject, due_at=due(session, step, since=since), since=since)


def _written(text: str, otherwise: str, **words: object) -> str:
    if not text.strip():
        raise Refusal(otherwise, field="comment", **words)
    if len(text) > LONGEST_TEXT:
        raise Refusal("That is too long: {most} characters are the most.", field="comment", most=LONGEST_TEXT)
    return text.strip()
