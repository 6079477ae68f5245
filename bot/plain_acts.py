"""What a message does by rule alone: a plain yes or no under the card shown last, a word about its pictures."""

from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from backend import chats, drafts, requests, steps
from backend.drafts import Act, Draft
from backend.kinds import kinds_of
from backend.people import Person
from backend.requests import Request
from bot import answering, page_words, pages, presses, questions, speaking
from bot.brain import acts
from bot.brain.agreeing import agrees, begins_with_yes
from bot.brain.clean import clean
from bot.message import Intent, Said
from bot.replies import post
from bot.resuming import resume

if TYPE_CHECKING:
    from bot.app import App

PLAIN = (acts.Act.YES, acts.Act.GOOD, acts.Act.NO, acts.Act.CANCEL)
"""What a message that says nothing else may press."""


def pressed(app: "App", heard: Said, person: Person) -> bool:
    """A plain yes or no under the card that the person was shown last: its press. Recognised by rule alone."""
    read = clean(heard.text)
    act = acts.act_of(read.folded, thumbs=read.thumbs)
    if act not in (None, *PLAIN) or heard.files:
        return False
    if act is None and not begins_with_yes(read.folded.split()[:3]):
        return False
    yes = act in (acts.Act.YES, acts.Act.GOOD)
    with app.store.writing() as session:
        if answering.take_in(session, heard, sort="said") is None:
            return True  # another process did it meanwhile
        me = speaking.again(session, person)
        shown = chats.last_card(session, me, channel=heard.address.channel, conversation=heard.address.conversation)
        sort, _, number = (shown.card if shown and shown.card else "").partition(":")
        if _was_asked_since(session, shown, heard, me):
            return False
        if act is not None and sort == "request" and (yes or act is acts.Act.CANCEL):
            return _confirm_card(session, app, heard, me, int(number), act)
        if sort != "draft":
            return False
        draft = session.get_one(Draft, int(number))
        if draft.state != "open":
            return False
        if act is None:
            act = acts.Act.YES if agrees(read.folded, to=draft.act) else None
            yes = act is not None
        if act is None:
            return False
        if draft.act == Act.WITHDRAW:
            act = acts.act_of(read.folded, thumbs=read.thumbs, withdrawing=True) or act
            yes = act in (acts.Act.YES, acts.Act.GOOD)
        if "confirm" not in draft.asked and act is not acts.Act.CANCEL:
            return False
        if act is acts.Act.NO and draft.asked[0] != "confirm":
            return False  # it answers the other question that was asked with it
        verb = presses.main_verb(draft) if yes else "discard"
        intent = Intent("form.confirm" if yes else "form.cancel")
        reply = presses.COMMITTING[verb](session, me, f"draft:{draft.id}", {})
        post(session, app, me, reply, address=heard.address, cause=heard.event, understood=(intent,))
        resume(session, app, me, heard.address, heard.event)
        answering.done(session, heard, me)
        return True


def of_pages(app: "App", heard: Said, person: Person) -> bool:
    """Does what is written of the pictures on a draft: that they are one receipt, or that each is. By rule alone."""
    if not page_words.said_of(heard.text, alone=True):
        return False
    with app.store.writing() as session:
        if answering.take_in(session, heard, sort="said") is None:
            return True  # another process did it meanwhile
        me = speaking.again(session, person)
        reply = pages.told(session, me, heard.text)
        if reply is None:
            return False
        post(session, app, me, reply, address=heard.address, cause=heard.event, understood=(Intent("form.update"),))
        answering.done(session, heard, me)
        return True


def _was_asked_since(session: Session, shown: chats.Posted | None, heard: Said, me: Person) -> bool:
    """Whether the person was asked what they mean after they were shown a card: a yes answers that, not the card."""
    last = chats.last_post(session, me, channel=heard.address.channel, conversation=heard.address.conversation)
    if last is None or shown is None or last.place <= shown.place:
        return False
    return last.card is None and list(last.body.get("asked", ())) == ["choice"]


def _confirm_card(session: Session, app: "App", heard: Said, me: Person, number: int, act: acts.Act) -> bool:
    """Looks good, or cancel it, said under a request's card: only shows the card that confirms it."""
    request = session.get_one(Request, number)
    if act is acts.Act.CANCEL:
        mine = me.id in (request.person_id, request.by_id) and request.state not in requests.CLOSED
        fits, doing = mine, Act.WITHDRAW
        intent = Intent(kinds_of(session)[request.kind].cancel_intent, {"request_id": number})
    else:
        open_steps = [step for step in request.steps if step.state == "open"]
        fits = request.state == requests.PENDING and any(steps.may_take(session, s, me)[0] for s in open_steps)
        doing, intent = Act.APPROVE, Intent("approval.approve", {"request_ids": [number]})
    if not fits:
        return False
    draft = drafts.draft(session, me, act=doing, origin=heard.event, about=[number])
    reply = questions.about(session, draft)
    post(session, app, me, reply, address=heard.address, cause=heard.event, understood=(intent,))
    answering.done(session, heard, me)
    return True
