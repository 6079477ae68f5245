"""Notices: who is told what when something happened, one function for each event worth telling someone."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from backend import chats, drafts, people, requests, steps
from backend.events import Happening
from backend.forms import Data
from backend.kinds import Sort, kinds_of
from backend.people import Person
from backend.requests import Question, Request, Step
from backend.routes import said_why
from backend.words import say
from bot import changing, deciding, quiet, waiting
from bot.greeting import introduce
from bot.message import Address
from bot.redrawing import decider, request_of
from bot.replies import Reply, post

if TYPE_CHECKING:
    from bot.app import App


def step_opened(session: Session, app: "App", happening: Happening) -> None:
    """A step waits: whoever may take it gets its card."""
    step = _step(session, happening)
    if step is None or step.state != "open":
        return
    for person in _takers(session, step):
        ask(session, app, happening, step, person, first=True)


def step_escalated(session: Session, app: "App", happening: Happening) -> None:
    """A step went up: the new owner gets its card, the requester hears who has it now."""
    step = _step(session, happening)
    if step is None or step.state != "open":
        return
    for person in _takers(session, step):
        ask(session, app, happening, step, person, first=True)
    requester = step.request.person
    text = say(
        requester.language,
        "Nobody has answered {ref} yet, so it now waits for {who}.",
        ref=requests.ref(session, step.request),
        who=steps.waits_for(session, step.request),
    )
    tell(session, app, requester, Reply(text), happening=happening)


def request_approved(session: Session, app: "App", happening: Happening) -> None:
    """The requester hears that it is approved, by whom, and what they have left."""
    _tell_outcome(session, app, happening, "{who} approved {ref}: {what}.", states=(requests.APPROVED, requests.DONE))


def request_rejected(session: Session, app: "App", happening: Happening) -> None:
    """The requester hears that it is rejected, by whom and why."""
    _tell_outcome(session, app, happening, "{who} rejected {ref}: {what}.", states=(requests.REJECTED,))


def request_recorded(session: Session, app: "App", happening: Happening) -> None:
    """Something was recorded that needs no decision: the manager is told."""
    request = _request(session, happening)
    manager = people.manager_of(session, request.person) if request else None
    if request is None or manager is None or manager.id == request.by_id or request.state != requests.RECORDED:
        return
    sentence = "For your information: {name} recorded {what}. There is nothing to decide."
    if request.filer is not None:
        sentence = "For your information: {who} recorded {what} for {name}. There is nothing to decide."
    text = say(
        manager.language,
        sentence,
        name=request.person.name,
        who=request.filer.name if request.filer else request.person.name,
        what=_what(session, request, manager),
    )
    tell(session, app, manager, Reply(text, card=request.subject), happening=happening)


def request_withdrawn(session: Session, app: "App", happening: Happening) -> None:
    """A request was taken back: those who had it, or had decided it, hear so."""
    request = _request(session, happening)
    if request is None:
        return
    involved = {opinion.by_id for step in request.steps for opinion in step.opinions}
    involved |= {step.owner_id for step in request.steps if step.owner_id}
    for person_id in sorted(involved - {happening.actor_id, request.person_id}):
        person = session.get_one(Person, person_id)
        text = say(
            person.language,
            "{name} withdrew {ref} ({what}). There is nothing left to do.",
            name=request.person.name,
            ref=requests.ref(session, request),
            what=_what(session, request, person),
        )
        tell(session, app, person, Reply(text, about=request.subject), happening=happening)


def step_sent_back(session: Session, app: "App", happening: Happening) -> None:
    """Somebody has a question first: the requester gets the card, and what they write next is the answer."""
    _ask_back(session, app, happening, "{who} asks about {ref}: “{question}” Write your answer here, or press Answer.")


def question_reminded(session: Session, app: "App", happening: Happening) -> None:
    """A question still waits for its answer: the requester gets it again."""
    _ask_back(
        session,
        app,
        happening,
        "A reminder: {ref} waits for your answer to {who}: “{question}” Write it here, or press Answer.",
    )


def step_answered(session: Session, app: "App", happening: Happening) -> None:
    """A question is answered: whoever asked, and whoever else may decide, gets the card again."""
    step = _step(session, happening)
    question = session.get(Question, int(happening.detail["question"]))
    if step is None or step.state != "open" or question is None or not question.answer:
        return  # a change that answers is told of itself
    for person in _takers(session, step):
        words: dict[str, object] = {
            "name": step.request.person.name,
            "ref": requests.ref(session, step.request),
            "answer": question.answer,
        }
        text = say(person.language, "{name} answered about {ref}: “{answer}”", **words)
        tell(session, app, person, Reply(text, card=step.request.subject), happening=happening)


def step_undone(session: Session, app: "App", happening: Happening) -> None:
    """A decision was taken back: the requester hears so, and those for whom there is nothing to do for now."""
    step = _step(session, happening)
    actor = session.get(Person, happening.actor_id) if happening.actor_id else None
    if step is None or actor is None or step.request.state != requests.PENDING:
        return
    request = step.request
    words: dict[str, object] = {
        "who": actor.name,
        "ref": requests.ref(session, request),
        "next": steps.waits_for(session, request),
    }
    closed = [each for each in request.steps if each.id in happening.detail["closed"]]
    others = {person.id: person for each in closed for person in steps.takers(session, each)}
    text = say(request.person.language, "{who} took back their decision on {ref}: it waits for {next} again.", **words)
    tell(session, app, request.person, Reply(text, card=request.subject), happening=happening, again=False)
    for person in others.values():
        if person.id in (actor.id, request.person_id) or any(person in _takers(session, s) for s in request.steps):
            continue
        text = say(
            person.language, "{who} took back their decision on {ref}: there is nothing to do for you now.", **words
        )
        tell(session, app, person, Reply(text, about=request.subject), happening=happening)


def request_amended(session: Session, app: "App", happening: Happening) -> None:
    """What was sent is different now: those who have it, or decided it, hear what, and whether they have to decide."""
    request = _request(session, happening)
    if request is None:
        return
    detail = happening.detail
    kind = app.kinds[request.kind]
    before, after = (requests.forms_before(kind, detail[name]) for name in ("before", "after"))
    now_asked = {person.id for step in request.steps for person in _takers(session, step)}
    involved = {opinion.by_id for step in request.steps for opinion in step.opinions}
    involved |= {step.owner_id for step in request.steps if step.owner_id} | {request.person_id} | now_asked
    manager = people.manager_of(session, request.person)
    if manager and not kind.asks(after[0], requests.desk_of(session, request, by=None)):
        involved.add(manager.id)
    for person_id in sorted(involved - {happening.actor_id}):
        if detail["anew"] and person_id in now_asked:
            continue  # their step is opened, which asks them
        person = session.get_one(Person, person_id)
        desk = requests.desk_of(session, request, by=None)
        found = changing.between(kind, desk, before, after, language=person.language, ceiling=Data.PRIVATE)
        words: dict[str, object] = {
            "name": session.get_one(Person, happening.actor_id).name if happening.actor_id else "Backdesk",
            "ref": requests.ref(session, request),
            "what": "; ".join(f"{title}: {text}" for title, text in found),
            "who": steps.waits_for(session, request),
        }
        if detail["anew"] and request.state == requests.PENDING:
            sentence = "{name} changed {ref} ({what}). It has to be approved again, by {who}."
        elif person_id in now_asked and request.state == requests.PENDING:
            sentence = "{name} changed {ref} ({what}). It still waits for you."
        else:
            sentence = "{name} changed {ref} ({what}). There is nothing to decide."
        tell(
            session,
            app,
            person,
            Reply(say(person.language, sentence, **words), card=request.subject),
            happening=happening,
        )


def request_done(session: Session, app: "App", happening: Happening) -> None:
    """The last piece of work is done: the requester hears so."""
    request = _request(session, happening)
    if request is None:
        return
    person = request.person
    state = say(person.language, requests.state_word(session, request))
    text = say(person.language, "{ref} is {state}.", ref=requests.ref(session, request), state=state)
    tell(session, app, person, Reply(text, card=request.subject), happening=happening, again=False)


def work_done(session: Session, app: "App", happening: Happening) -> None:
    """Work on an approved request is done, or a part of it: the requester hears how far it is, where others do it."""
    step = _step(session, happening)
    request = step.request if step else None
    if request is None or request.state != requests.APPROVED or happening.actor_id == request.person_id:
        return
    theirs = any(each.state == "open" and each.owner_id == request.person_id for each in request.steps)
    kind, desk = kinds_of(session)[request.kind], requests.desk_of(session, request, by=None)
    if theirs or kind.stands(*requests.forms_of(kind, request), desk) is None:
        return
    person, ref = request.person, requests.ref(session, request)
    text = say(person.language, "{ref} is {state}.", ref=ref, state=requests.stands(session, request, person.language))
    tell(session, app, person, Reply(text, card=request.subject), happening=happening, again=False)


def stand_in_named(session: Session, app: "App", happening: Happening) -> None:
    """Somebody is to stand in: they hear for whom and when, and get what waits already."""
    person = session.get(Person, happening.actor_id) if happening.actor_id else None
    if person is None or "to" not in happening.detail:
        return
    if date.fromisoformat(str(happening.detail["end"])) < people.today(session, person):
        return
    other = people.find(session, str(happening.detail["to"]))
    text = say(
        other.language,
        "{name} asked you to decide for them from {start} to {end}.",
        name=person.name,
        start=date.fromisoformat(str(happening.detail["start"])),
        end=date.fromisoformat(str(happening.detail["end"])),
    )
    # a step that they act in already is told of by itself, when it moves
    waits = [each for each in steps.waiting_for(session, person) if each.acting != other.id]
    card = waiting.card_of(other, [each for each in waits if steps.may_take(session, each, other)[0]])
    tell(session, app, other, Reply(text, card=card), happening=happening)


def audit_head_told(session: Session, app: "App", happening: Happening) -> None:
    """The log's head, for whoever keeps it elsewhere: `audit verify --anchor` takes the line as it stands."""
    for handle in filter(None, (each.strip() for each in app.settings.audit_to.split(";"))):
        person = people.find(session, handle)
        line = f"{happening.detail['seq']} {happening.detail['digest']}"
        text = say(person.language, "The log's newest entry and digest, to keep elsewhere:\n{line}", line=line)
        tell(session, app, person, Reply(text), happening=happening)


NOTICES: dict[str, Callable[[Session, "App", Happening], None]] = {
    "step.opened": step_opened,
    "step.escalated": step_escalated,
    "request.approved": request_approved,
    "request.rejected": request_rejected,
    "request.recorded": request_recorded,
    "request.withdrawn": request_withdrawn,
    "request.amended": request_amended,
    "request.done": request_done,
    "step.done": work_done,
    "step.part_done": work_done,
    "step.sent_back": step_sent_back,
    "step.answered": step_answered,
    "step.undone": step_undone,
    "question.reminded": question_reminded,
    "stand_in.named": stand_in_named,
    "audit.head_told": audit_head_told,
}


def tell(
    session: Session,
    app: "App",
    person: Person,
    reply: Reply,
    *,
    happening: Happening,
    again: bool = True,
    waits: Sequence[Step] = (),
) -> bool:
    """Posts to the person's private chat: where they wrote last, else the web chat; each event once.

    Outside their working hours it is held back, and told as things stand then. True if it was told now.

    again  false: the card is left out where it stands further up in the conversation (it is redrawn there); where
           nothing was said since, it comes anew with what is told, so that one message says it
    waits  the steps that wait for this person by it
    """
    if happening.to_id not in (None, person.id):
        return False
    preview = say(person.language, "You have a new message.")
    request = request_of(session, happening)
    if quiet.hold(session, person, happening=happening, request=request, waits=waits):
        return False
    if request is not None and request.person_id != person.id:
        preview = say(person.language, "{name}'s request needs you.", name=request.person.first_name)
    for address in app.addresses(session, person):
        key = f"{happening.id}:{person.id}:{address.channel}:{reply.card or ''}"
        left_out = not again and _stands_further_up(session, person, reply.card, address)
        told = replace(reply, card=None, about=reply.card) if left_out else reply
        introduce(session, app, person, address)
        post(session, app, person, told, address=address, cause=None, key=key, preview=preview)
    return True


def _stands_further_up(session: Session, person: Person, card: str | None, address: Address) -> bool:
    """Whether a conversation shows a card already, with something else below it."""
    where = (address.channel, address.conversation)
    shown = [
        each for each in (chats.copies(session, card) if card else []) if (each.channel, each.conversation) == where
    ]
    last = chats.last_post(session, person, channel=address.channel, conversation=address.conversation)
    return bool(shown) and last is not None and last.id not in {each.id for each in shown}


def ask(session: Session, app: "App", happening: Happening, step: Step, person: Person, *, first: bool) -> None:
    """Shows somebody the card of a step that waits for them, for the first time or again."""
    request = step.request
    words: dict[str, object] = {
        "name": request.person.name,
        "what": _what(session, request, person),
        "ref": requests.ref(session, request),
    }
    if step.sort == Sort.WORK:
        text = say(
            person.language, "{ref} needs work: {label}.", **words, label=say(person.language, step.label or "work")
        )
    elif first and request.before is not None:
        text = say(person.language, "{name} changed {ref}: {what}. Please decide it as it is now.", **words)
    elif first:
        text = say(person.language, "{name} asks: {what}.", **words)
    else:
        text = say(person.language, "A reminder: {name} still waits for an answer to {ref}, {what}.", **words)
    may, owner = steps.may_prepare(session, step, person)
    if may and owner is not None:
        decides = steps.may_take(session, step, person)[0]
        sentence = "You decide for {name}." if decides else "You prepare it for {name}, who decides."
        text += " " + say(person.language, sentence, name=owner.name)
    tell(session, app, person, Reply(text, card=request.subject), happening=happening, waits=[step])


def _ask_back(session: Session, app: "App", happening: Happening, sentence: str) -> None:
    step = _step(session, happening)
    question = requests.asked(step) if step is not None else None
    if step is None or question is None:
        return
    request, person = step.request, step.request.person
    text = say(
        person.language,
        sentence,
        who=session.get_one(Person, question.by_id).name,
        ref=requests.ref(session, request),
        question=question.text,
    )
    reply = Reply(text, card=request.subject, asked=("comment",), pending=True)
    if tell(session, app, person, reply, happening=happening):
        drafts.await_answer(session, person, number=request.number, question=question.id)


def _tell_outcome(
    session: Session, app: "App", happening: Happening, sentence: str, *, states: tuple[str, ...]
) -> None:
    request = _request(session, happening)
    if request is None or request.state not in states:
        return
    person = request.person
    last = requests.decided_by(request)
    by_policy = steps.by_policy(request)
    policy = said_why(person.language, by_policy.why) if by_policy else say(person.language, "The policy")
    sentence = "{ref} is approved by {who}: {what}." if last is None and by_policy else sentence
    text = say(
        person.language,
        sentence,
        who=decider(session, last[0], person.language) if last else policy,
        ref=requests.ref(session, request),
        what=_what(session, request, person),
    )
    if request.state == requests.APPROVED and requests.refused(request):
        lines = ", ".join(map(str, requests.refused(request)))
        text += " " + say(person.language, "Not approved: line {lines}.", lines=lines)
    for granted in deciding.granted(session, request, person.language):
        text += " " + say(person.language, "Approved for less by {granted}.", granted=granted)
    if last and last[0].comment:
        text += " " + say(person.language, "They wrote: “{comment}”.", comment=last[0].comment)
    extra = app.kinds[request.kind].outcome(
        requests.forms_of(app.kinds[request.kind], request)[0], requests.desk_of(session, request, by=None)
    )
    if extra is not None:
        text += " " + say(person.language, extra.text, **extra.values)
    tell(session, app, person, Reply(text, card=request.subject), happening=happening, again=False)


def _takers(session: Session, step: Step) -> list[Person]:
    """Those who are shown the card of an open step."""
    return [] if step.state != "open" else steps.takers(session, step)


def _what(session: Session, request: Request, reader: Person) -> str:
    return requests.summary(session, request, reader.language)


def _request(session: Session, happening: Happening) -> Request | None:
    sort, _, number = happening.subject.partition(":")
    return session.get(Request, int(number)) if sort == "request" else None


def _step(session: Session, happening: Happening) -> Step | None:
    sort, _, number = happening.subject.partition(":")
    return session.get(Step, int(number)) if sort == "step" else None
