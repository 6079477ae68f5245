"""hear(): who is it, what did they send, who answers. Every channel hands over here, and only here."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy.orm import Session

from backend import chats, drafts, held, people, steps
from backend.drafts import Draft
from backend.forms import plain
from backend.people import Person
from backend.refusals import Refusal
from backend.words import say
from bot import (
    answering,
    enclosed,
    handbook_presses,
    kindly,
    linking,
    meanings,
    plain_acts,
    presses,
    receiving,
    redrawing,
    speaking,
    turns,
    understanding,
)
from bot.brain.port import SURE, Understood
from bot.greeting import greeting
from bot.message import Called, Filled, Heard, Intent, Opened, Pressed, Said
from bot.readable import LONGEST, readable, texts
from bot.replies import Reply, post
from bot.resuming import resume
from bot.toolbox import Toolbox

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger()


def hear(app: "App", heard: Heard, *, form_open: bool = False) -> Mapping[str, str]:
    """Does what was heard, once, and puts the replies in line. A Refusal says that the account is not known here.

    Whatever goes wrong, the person gets an answer: an expected no as it stands, anything else with an id.

    form_open  what was filled in is still open before them: what is wrong with single fields is returned, by the
               field's name, and nothing is done or said about it
    """
    heard = readable(heard)
    with app.store.looking() as session:
        person = people.who_is(session, channel=heard.address.channel, account=heard.account)
        if not isinstance(heard, Opened):
            speaking.speak(person, _language(session, heard, person))
    try:
        _must_be_invited(app, heard, person)
        match heard:
            case Said():
                _said(app, heard, person)
            case Called():
                _called(app, heard, person)
            case Pressed() | Filled():
                _pressed(app, heard, person, form_open=form_open)
            case Opened():
                _opened(app, heard, person)
    except Unfit as unfit:
        return unfit.problems
    except Refusal as refusal:
        text = say(person.language, refusal.text, **refusal.values)
        if form_open and refusal.field:
            return {refusal.field: text}
        answering.answer(app, heard, person, [Reply(text, refusal=text)])
    except Exception:
        number = abs(hash(heard.event)) % 1_000_000
        log.exception("a message could not be handled", event_id=heard.event, number=number)
        text = say(
            person.language,
            "Something went wrong on my side and nothing was changed. "
            "Please try again, or give an admin this number: {number}.",
            number=f"{number:06d}",
        )
        answering.answer(app, heard, person, [Reply(text, refusal=text)])
    return {}


class Unfit(Exception):
    """A form that is still open has to be mended first: by field, what is wrong."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("a form has to be mended")
        self.problems = problems


def _must_be_invited(app: "App", heard: Heard, person: Person) -> None:
    """A Refusal where Backdesk is tried out by some, and this person is none of them.

    Whoever something waits for can answer all the same: those who try it need them.
    """
    pilot = {each.strip().lower() for each in app.settings.pilot.split(";") if each.strip()}
    if not pilot or isinstance(heard, Pressed | Filled) or {person.team.lower(), person.handle.lower()} & pilot:
        return
    with app.store.looking() as session:
        me = session.get_one(Person, person.id)
        if steps.waiting_for(session, me) or drafts.current(session, me) is not None:
            return
    raise Refusal(
        "Backdesk is being tried out by a few colleagues first. It is not open to you yet; HR helps you as before."
    )


def _language(session: Session, heard: Heard, person: Person) -> str:
    text = heard.text if isinstance(heard, Said) else ""
    address = heard.address
    return speaking.language_now(session, person, channel=address.channel, conversation=address.conversation, text=text)


def _opened(app: "App", heard: Opened, person: Person) -> None:
    with app.store.writing() as session:
        person = session.merge(person)
        address = heard.address
        chat = chats.visit(
            session, person, channel=address.channel, conversation=address.conversation, private=address.private
        )
        held.come(session, person)
        redrawing.bring_up_to_date(session, app, person)
        if not chat.greeted:
            chat.greeted = True
            post(session, app, person, Reply(greeting(person)), address=address, cause=None)


# presses


def _pressed(app: "App", heard: Pressed | Filled, person: Person, *, form_open: bool) -> None:
    with app.store.writing() as session:
        begun = answering.begin(session, heard, person, sort="pressed")
        if begun is None:
            return
        _, me = begun
        values = dict(heard.values)
        if isinstance(heard, Filled) and heard.lines is not None:
            values["lines"] = [dict(each) for each in heard.lines]
        reply = presses.press(session, me, heard.token, values)
        if reply.meant is None:
            _show(app, session, heard, me, reply, form_open=form_open)
            answering.done(session, heard, me)
    if reply.meant is not None:
        _said_again(app, heard, person, *reply.meant)


def _show(app: "App", session: Session, heard: Pressed | Filled, me: Person, reply: Reply, *, form_open: bool) -> None:
    """Shows what a press led to, and the draft that was open before it."""
    if form_open and reply.problems:
        raise Unfit(reply.problems)
    post(session, app, me, reply, address=heard.address, cause=heard.event, in_place=not reply.anew)
    if reply.committed or not reply.pending:
        resume(session, app, me, heard.address, heard.event)


def _said_again(app: "App", heard: Pressed | Filled, person: Person, event: str, intent: str) -> None:
    """Answers an earlier message as what somebody says that it meant: with its files, where that reads them."""
    kind, sent = app.kinds.by_intent(intent), enclosed.sent_with(app, event)
    if kind is not None and kind.reads and sent:
        said = Said(heard.event, heard.address, heard.account, "")
        enclosed.take_in(app, said, person, sent, [], asked=(kind.name, {}))
        return
    with app.store.writing() as session:
        app.furnish(session)
        me, row = speaking.again(session, person), session.get(chats.Inbox, event)
        session.get_one(chats.Inbox, heard.event).files = row.files if row is not None else []
        said = Said(heard.event, heard.address, heard.account, row.text if row is not None else "")
        pending = drafts.current(session, me)
        turn = turns.turn_of(app, session, said, me, pending)
    read = app.brain.understand(turn)
    found = next((each for each in (*read.alternatives, *read.intents) if each.intent == intent), Intent(intent))
    meant = Understood((Intent(intent, plain(texts(found.args))),))
    answering.answer(app, said, person, meanings.replies(app, said, person, meant, pending), understood=meant.intents)


def _called(app: "App", heard: Called, person: Person) -> None:
    with app.store.writing() as session:
        if answering.begin(session, heard, person, sort="called") is None:
            return
    reply = Toolbox(app, person, origin=heard.event, channel=heard.address.channel).call(heard.tool, heard.args)
    answering.answer(app, heard, person, [reply])


# messages


def _said(app: "App", heard: Said, person: Person) -> None:
    with app.store.writing() as session:
        begun = answering.begin(session, heard, person, sort="said")
        if begun is None:
            return
        row, me = begun
        kept, unfit = enclosed.keep(session, app, heard, me, row)
    if heard.address.private and plain_acts.pressed(app, heard, person):
        return
    if heard.address.private and not heard.files and plain_acts.of_pages(app, heard, person):
        return
    if (link := linking.link_asked_for(app, heard, person)) is not None:
        answering.answer(app, heard, person, [link])
        return
    if kept and enclosed.for_the_handbook(app, heard, person, kept):
        _add_to_the_handbook(app, heard, person, unfit)
        return
    if heard.files and not heard.text.strip():
        enclosed.take_in(app, heard, person, kept, unfit)
        return
    thought, pending = understanding.thought(app, heard, person)
    if thought.parts is not None:
        understood = Understood(tuple(intent for intent, _ in thought.parts), language=person.language)
        understanding.note(app, heard, understood, pending)
        replies = meanings.together(app, person, pending, thought.parts)
    else:
        understood, pending = understanding.understood(app, heard, person)
        if (answers := _owners_answer(app, heard, person, understood, pending)) is not None:
            answering.answer(app, heard, person, [answers])
            return
        if kept and enclosed.is_about_it(app, understood, pending, text=heard.text):
            asked = enclosed.asked_with_it(app, understood, pending)
            if not asked[0] and enclosed.for_the_handbook(app, heard, person, kept, vague=True):
                _add_to_the_handbook(app, heard, person, unfit)
                return
            words: dict[str, Any] = {"asked": asked, "understood": understanding.reported(app, understood, pending)}
            enclosed.take_in(app, heard, person, kept, unfit, **words)
            return
        subject = kindly.about(heard.text, understood)
        understood = understood if subject is None else kindly.turned(understood, subject)
        replies = meanings.replies(app, heard, person, understood, pending, resuming=subject is None)
        if subject is not None:
            with app.store.looking() as session:
                me = speaking.again(session, person)
                replies = kindly.beside(session, me, subject, heard.text, replies)
    used = not kept or any(each.intent in USING for each in understood.intents)
    replies, to_read = (replies, []) if used else enclosed.beside(app, heard, person, kept, replies)
    replies = [*unfit, *_in_place_of(thought.takes, replies)]
    if len(heard.text) > LONGEST:
        text = say(person.language, "That message was very long: I read the first {count} characters.", count=LONGEST)
        replies.insert(0, Reply(text))
    reported = understanding.reported(app, understood, pending)

    def put_in_line(session: Session, me: Person) -> None:
        receiving.take_in(session, app, heard, me, to_read, said={})

    answering.answer(app, heard, person, replies, understood=reported, then=put_in_line if to_read else None)
    if to_read:
        enclosed.read_now(app, heard)


def _add_to_the_handbook(app: "App", heard: Said, person: Person, unfit: list[Reply]) -> None:
    """Shows the card of the document that came with a message."""
    reply = Toolbox(app, person, origin=heard.event, channel=heard.address.channel).call("draft_document", {})
    answering.answer(app, heard, person, [*unfit, reply], understood=(Intent("handbook.add"),))


def _owners_answer(
    app: "App", heard: Said, person: Person, understood: Understood, pending: Draft | None
) -> Reply | None:
    """What is written below a question from a colleague, and asks for nothing itself, is the answer to be sent."""
    vague = understood.confidence < SURE or all(each.intent in enclosed.BESIDE | TELLING for each in understood.intents)
    if (
        not (vague or handbook_presses.tells(heard.text))
        or not heard.address.private
        or heard.files
        or pending is not None
        or "?" in heard.text
    ):
        return None
    with app.store.writing() as session:
        me = speaking.again(session, person)
        shown = chats.last_card(session, me, channel=heard.address.channel, conversation=heard.address.conversation)
        card = (shown.card if shown else None) or ""
        return handbook_presses.put_down(session, me, card, heard.text) if card.startswith("owner_question:") else None


def _in_place_of(number: int | None, replies: list[Reply]) -> list[Reply]:
    """The replies, the one that was being written in the place of what of it was shown."""
    if number is None or not replies:
        return replies
    nth = next((nth for nth, each in enumerate(replies) if each.finding is not None), 0)
    return [replace(each, takes=number) if at == nth else each for at, each in enumerate(replies)]


USING = frozenset({"handbook.add"})
"""What takes the files that come with it, and is no kind of request."""

TELLING = frozenset({"policy.ask"})
"""What somebody may seem to ask who tells how it is."""
