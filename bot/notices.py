"""Notices: who is told what when something happened, one function for each event worth telling someone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from backend import chats, people, requests, steps
from backend.events import Happening
from backend.kinds import Sort
from backend.people import Person
from backend.requests import Opinion, Request, Step
from backend.words import say
from bot import speaking
from bot.message import as_doc, post_from
from bot.replies import Reply, draw, post

if TYPE_CHECKING:
    from bot.app import App


def step_opened(session: Session, app: "App", happening: Happening) -> None:
    """A step waits: whoever may take it gets its card."""
    step = _step(session, happening)
    if step is None or step.state != "open":
        return
    for person in _takers(session, step):
        _ask(session, app, happening, step, person, first=True)


def step_reminded(session: Session, app: "App", happening: Happening) -> None:
    """A step still waits: its approvers get its card again."""
    step = _step(session, happening)
    if step is None or step.state != "open":
        return
    for person in _takers(session, step):
        _ask(session, app, happening, step, person, first=False)


def step_escalated(session: Session, app: "App", happening: Happening) -> None:
    """A step went up: the new owner gets its card, the requester hears who has it now."""
    step = _step(session, happening)
    if step is None or step.state != "open":
        return
    for person in _takers(session, step):
        _ask(session, app, happening, step, person, first=True)
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
    _tell_outcome(session, app, happening, "{who} approved {ref}: {what}.")


def request_rejected(session: Session, app: "App", happening: Happening) -> None:
    """The requester hears that it is rejected, by whom and why."""
    _tell_outcome(session, app, happening, "{who} rejected {ref}: {what}.")


def request_recorded(session: Session, app: "App", happening: Happening) -> None:
    """Something was recorded that needs no decision: the manager is told."""
    request = _request(session, happening)
    manager = people.manager_of(session, request.person) if request else None
    if request is None or manager is None:
        return
    text = say(
        manager.language,
        "For your information: {name} recorded {what}. There is nothing to decide.",
        name=request.person.name,
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


def request_done(session: Session, app: "App", happening: Happening) -> None:
    """The last piece of work is done: the requester hears so."""
    request = _request(session, happening)
    if request is None:
        return
    person = request.person
    state = say(person.language, requests.state_word(session, request))
    text = say(person.language, "{ref} is {state}.", ref=requests.ref(session, request), state=state)
    tell(session, app, person, Reply(text, card=request.subject), happening=happening, again=False)


def stand_in_named(session: Session, app: "App", happening: Happening) -> None:
    """Somebody is to stand in: they hear for whom and when, and get what waits already."""
    person = session.get(Person, happening.actor_id) if happening.actor_id else None
    if person is None or "to" not in happening.detail:
        return
    other = people.find(session, str(happening.detail["to"]))
    text = say(
        other.language,
        "{name} asked you to decide for them from {start} to {end}.",
        name=person.name,
        start=date.fromisoformat(str(happening.detail["start"])),
        end=date.fromisoformat(str(happening.detail["end"])),
    )
    tell(session, app, other, Reply(text), happening=happening)
    for step in steps.waiting_for(session, person):
        if steps.may_take(session, step, other)[0]:
            _ask(session, app, happening, step, other, first=True)


def audit_head_told(session: Session, app: "App", happening: Happening) -> None:
    """The log's head, for whoever keeps it elsewhere: `audit verify --anchor` takes the line as it stands."""
    for handle in filter(None, (each.strip() for each in app.settings.audit_to.split(";"))):
        person = people.find(session, handle)
        line = f"{happening.detail['seq']} {happening.detail['digest']}"
        text = say(person.language, "The log's newest entry and digest, to keep elsewhere:\n{line}", line=line)
        tell(session, app, person, Reply(text), happening=happening)


NOTICES: dict[str, Callable[[Session, "App", Happening], None]] = {
    "step.opened": step_opened,
    "step.reminded": step_reminded,
    "step.escalated": step_escalated,
    "request.approved": request_approved,
    "request.rejected": request_rejected,
    "request.recorded": request_recorded,
    "request.withdrawn": request_withdrawn,
    "request.done": request_done,
    "stand_in.named": stand_in_named,
    "audit.head_told": audit_head_told,
}

CHANGING = (
    "step.opened",
    "step.approved",
    "step.escalated",
    "step.done",
    "request.approved",
    "request.rejected",
    "request.recorded",
    "request.withdrawn",
    "request.done",
)
"""Events after which cards about the request have to be drawn anew."""


def redraw(session: Session, app: "App", happening: Happening) -> None:
    """Replaces every copy of a request's card that no longer shows how things stand."""
    request = _request(session, happening) or (step.request if (step := _step(session, happening)) else None)
    if request is None:
        return
    for copy in chats.copies(session, request.subject):
        person = session.get_one(Person, copy.person_id)
        with speaking.spoken_to(session, person, channel=copy.channel, conversation=copy.conversation):
            card = draw(session, app, person, request.subject, channel=copy.channel)
            headline = _headline(session, request, person)
        before = post_from(copy.body)
        if card is None or before.card == card:
            continue
        shown = before.card.state if before.card else ""
        same = shown == card.state and happening.kind != "step.escalated"
        text = before.text if same else headline
        body = as_doc(
            post_from(
                {
                    **copy.body,
                    "card": as_doc(card),
                    "text": text,
                    "asked": (),
                    "pending": False,
                    "understood": (),
                    "committed": (),
                }
            )
        )
        chats.post(
            session,
            person,
            channel=copy.channel,
            conversation=copy.conversation,
            private=copy.private,
            body=body,
            card=request.subject,
            replaces=copy,
            in_place=True,
            quiet=True,
            key=f"{happening.id}:redraw:{copy.id}",
            cause=None,
        )


def tell(
    session: Session, app: "App", person: Person, reply: Reply, *, happening: Happening, again: bool = True
) -> None:
    """Posts to the person's private chat: where they wrote last, else the web chat; each event once.

    again  false: the card is left out where the conversation shows it already (it is redrawn there)
    """
    preview = say(person.language, "You have a new message.")
    request = _request(session, happening) or (step.request if (step := _step(session, happening)) else None)
    if request is not None and request.person_id != person.id:
        preview = say(person.language, "{name}'s request needs you.", name=request.person.first_name)
    for address in app.addresses(session, person):
        key = f"{happening.id}:{person.id}:{address.channel}:{reply.card or ''}"
        shown = any(
            (each.channel, each.conversation) == (address.channel, address.conversation)
            for each in (chats.copies(session, reply.card) if reply.card else [])
        )
        told = replace(reply, card=None, about=reply.card) if shown and not again else reply
        post(session, app, person, told, address=address, cause=None, key=key, preview=preview)


def _ask(session: Session, app: "App", happening: Happening, step: Step, person: Person, *, first: bool) -> None:
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
    elif first:
        text = say(person.language, "{name} asks: {what}.", **words)
    else:
        text = say(person.language, "A reminder: {name} still waits for an answer to {ref}, {what}.", **words)
    tell(session, app, person, Reply(text, card=request.subject), happening=happening)


def _tell_outcome(session: Session, app: "App", happening: Happening, sentence: str) -> None:
    request = _request(session, happening)
    if request is None:
        return
    person = request.person
    last = requests.decided_by(request)
    text = say(
        person.language,
        sentence,
        who=_decider(session, last[0], person.language) if last else say(person.language, "The policy"),
        ref=requests.ref(session, request),
        what=_what(session, request, person),
    )
    if request.state == requests.APPROVED and requests.refused(request):
        lines = ", ".join(map(str, requests.refused(request)))
        text += " " + say(person.language, "Not approved: line {lines}.", lines=lines)
    if last and last[0].comment:
        text += " " + say(person.language, "They wrote: “{comment}”.", comment=last[0].comment)
    extra = app.kinds[request.kind].outcome(
        requests.forms_of(app.kinds[request.kind], request)[0], requests.desk_of(session, request, by=None)
    )
    if extra is not None:
        text += " " + say(person.language, extra.text, **extra.values)
    tell(session, app, person, Reply(text, card=request.subject), happening=happening, again=False)


def _headline(session: Session, request: Request, person: Person) -> str:
    ref = requests.ref(session, request)
    last = requests.decided_by(request)
    if request.state == requests.PENDING:
        return say(person.language, "{ref} waits for {who}.", ref=ref, who=steps.waits_for(session, request))
    if last and request.state in (requests.APPROVED, requests.REJECTED):
        who = _decider(session, last[0], person.language)
        sentence = "{who} approved {ref}." if request.state == requests.APPROVED else "{who} rejected {ref}."
        return say(person.language, sentence, who=who, ref=ref)
    return say(
        person.language, "{ref} is {state}.", ref=ref, state=say(person.language, requests.state_word(session, request))
    )


def _decider(session: Session, opinion: Opinion, language: str) -> str:
    """Who decided, and for whom, where they stood in."""
    name = session.get_one(Person, opinion.by_id).name
    other = session.get(Person, opinion.for_id) if opinion.for_id else None
    return say(language, "{name}, for {other}", name=name, other=other.name) if other else name


def _takers(session: Session, step: Step) -> list[Person]:
    takers = list(steps.candidates(session, step))
    for each in list(takers):
        other = people.stand_in_for(session, each)
        if other is not None and other not in takers:
            takers.append(other)
    return [each for each in takers if steps.may_take(session, step, each)[0]]


def _what(session: Session, request: Request, reader: Person) -> str:
    return requests.summary(session, request, reader.language)


def _request(session: Session, happening: Happening) -> Request | None:
    sort, _, number = happening.subject.partition(":")
    return session.get(Request, int(number)) if sort == "request" else None


def _step(session: Session, happening: Happening) -> Step | None:
    sort, _, number = happening.subject.partition(":")
    return session.get(Step, int(number)) if sort == "step" else None
