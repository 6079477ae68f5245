"""Redrawing: every copy of a card shows the newest state of what it is about."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from backend import chats, requests, steps
from backend.events import Happening
from backend.people import Person
from backend.requests import Opinion, Request, Step
from backend.words import say
from bot import speaking, waiting
from bot.message import Card, as_doc, post_from
from bot.replies import draw

if TYPE_CHECKING:
    from bot.app import App

CHANGING = (
    "step.opened",
    "step.approved",
    "step.sent_back",
    "step.answered",
    "step.undone",
    "step.escalated",
    "step.moved",
    "step.snoozed",
    "step.part_done",
    "step.done",
    "request.approved",
    "request.rejected",
    "request.change_rejected",
    "request.recorded",
    "request.withdrawn",
    "request.amended",
    "request.done",
)
"""Events after which cards about the request have to be drawn anew."""

TELLING_OTHERS = (
    "step.undone",
    "request.approved",
    "request.recorded",
    "request.withdrawn",
    "request.amended",
)
"""Those after which the cards of other requests say something else: who is away then, what is left of a budget."""


def redraw(session: Session, app: "App", happening: Happening) -> None:
    """Replaces every copy of a request's card that no longer shows how things stand."""
    request = request_of(session, happening)
    if request is None:
        return
    for copy in chats.copies(session, request.subject):
        person = session.get_one(Person, copy.person_id)
        with speaking.spoken_to(session, person, channel=copy.channel, conversation=copy.conversation):
            card = draw(session, app, person, request.subject, channel=copy.channel)
            said = headline(session, request, person)
        before = post_from(copy.body).card
        if card is None or before == card:
            continue
        same = before is not None and before.state == card.state
        kept = same and happening.kind not in ("step.escalated", "step.moved")
        key = f"{happening.id}:redraw:{copy.id}"
        _replace(session, copy, person, card, text=None if kept else said, key=key)
    concerned = {opinion.by_id for step in request.steps for opinion in step.opinions}
    for step in request.steps:
        concerned |= {person.id for person in steps.candidates(session, step)}
        concerned |= {each for each in (step.acting, happening.actor_id) if each is not None}
    _redraw_lists(session, app, happening, request, concerned)
    if happening.kind in TELLING_OTHERS:
        for each in sorted(concerned):
            bring_up_to_date(session, app, session.get_one(Person, each))


def bring_up_to_date(session: Session, app: "App", person: Person) -> None:
    """Replaces what a person was shown of all that waits for them, where it no longer says what is so by now."""
    waits = waiting.steps_of(session, person)[: waiting.SHOWN]
    subjects = [*(each.request.subject for each in waits), *(f"{sort}:{person.id}" for sort in waiting.SORTS)]
    for copy in chats.copies(session, *subjects):
        if copy.person_id != person.id:
            continue
        with speaking.spoken_to(session, person, channel=copy.channel, conversation=copy.conversation):
            card = draw(session, app, person, copy.card or "", channel=copy.channel)
        if card is not None and card != post_from(copy.body).card:
            _replace(session, copy, person, card, text=None, key=f"today:{copy.id}")


def _redraw_lists(
    session: Session, app: "App", happening: Happening, request: Request, concerned: Collection[int]
) -> None:
    """Replaces the lists of what waits that show a request, for those for whom it waited."""
    ref = requests.ref(session, request)
    for copy in chats.copies(session, *(f"{sort}:{each}" for each in sorted(concerned) for sort in waiting.SORTS)):
        person = session.get_one(Person, copy.person_id)
        before = post_from(copy.body).card
        if before is None or (before.facts and not any(title.startswith(f"{ref} ") for title, _ in before.facts)):
            continue
        with speaking.spoken_to(session, person, channel=copy.channel, conversation=copy.conversation):
            card = draw(session, app, person, copy.card or "", channel=copy.channel)
            text = waiting.headline(session, person, reminder=False)
        if card is not None and card != before:
            _replace(session, copy, person, card, text=text, key=f"{happening.id}:redraw:{copy.id}")


def _replace(session: Session, copy: chats.Posted, person: Person, card: Card, *, text: str | None, key: str) -> None:
    """Puts a card in the place of its earlier copy, under another text if one is given."""
    body = {
        **copy.body,
        "card": as_doc(card),
        "text": copy.body["text"] if text is None else text,
        "asked": (),
        "pending": False,
        "understood": (),
        "committed": (),
    }
    chats.post(
        session,
        person,
        channel=copy.channel,
        conversation=copy.conversation,
        private=copy.private,
        body=as_doc(post_from(body)),
        card=copy.card,
        replaces=copy,
        in_place=True,
        quiet=True,
        key=key,
        cause=None,
    )


def headline(session: Session, request: Request, person: Person) -> str:
    """How a request stands, in a line over its card."""
    ref = requests.ref(session, request)
    last = requests.decided_by(request)
    if request.state == requests.PENDING:
        if person.id == request.person_id and requests.sent_back(request) is not None:
            return say(person.language, "{ref} waits for your answer.", ref=ref)
        return say(person.language, "{ref} waits for {who}.", ref=ref, who=steps.waits_for(session, request))
    if last and request.state in (requests.APPROVED, requests.REJECTED):
        who = decider(session, last[0], person.language)
        sentence = "{who} approved {ref}." if request.state == requests.APPROVED else "{who} rejected {ref}."
        return say(person.language, sentence, who=who, ref=ref)
    return say(
        person.language, "{ref} is {state}.", ref=ref, state=say(person.language, requests.state_word(session, request))
    )


def decider(session: Session, opinion: Opinion, language: str) -> str:
    """Who decided, and for whom, where they stood in."""
    name = session.get_one(Person, opinion.by_id).name
    other = session.get(Person, opinion.for_id) if opinion.for_id else None
    return say(language, "{name}, for {other}", name=name, other=other.name) if other else name


def request_of(session: Session, happening: Happening) -> Request | None:
    """The request that an event is about, itself or by one of its steps."""
    sort, _, number = happening.subject.partition(":")
    if sort == "step":
        step = session.get(Step, int(number))
        return step.request if step is not None else None
    return session.get(Request, int(number)) if sort == "request" else None
