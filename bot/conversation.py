"""hear(): who is it, what did they send, who answers. Every channel hands over here, and only here."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import structlog
from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import chats, drafts, files, for_others, held, people, requests, steps
from backend.desk import Desk
from backend.drafts import Act, Draft
from backend.forms import plain
from backend.kinds import Kind, Kinds, kinds_of
from backend.people import Account, Person
from backend.refusals import Refusal
from backend.requests import Request
from backend.store import now
from backend.words import say
from bot import (
    draft_presses,
    following,
    handbook_presses,
    kindly,
    linking,
    page_words,
    pages,
    presses,
    questions,
    receiving,
    speaking,
    thinking,
)
from bot.brain import acts
from bot.brain.agreeing import agrees, begins_with_yes
from bot.brain.clean import clean
from bot.brain.commands import gives_days_back, says_all
from bot.brain.others import asks_what_it_is_made_of
from bot.brain.port import SURE, Colleague, Known, Pending, Turn, Understood
from bot.message import Address, Called, Filled, Heard, Intent, Opened, Pressed, Said, as_doc
from bot.offered import button
from bot.replies import Reply, post
from bot.thinking import Answered
from bot.toolbox import Toolbox
from knowledge.proposals import may_keep

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger()

LONGEST = 8000
UNSEEN = frozenset("\u200b\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that show nothing, or turn around what others read."""
"""Characters of a message that are read; what is longer is answered with a word about it."""

RESUMED_WITHIN = timedelta(hours=2)


def hear(app: "App", heard: Heard, *, form_open: bool = False) -> Mapping[str, str]:
    """Does what was heard, once, and puts the replies in line. A Refusal says that the account is not known here.

    Whatever goes wrong, the person gets an answer: an expected no as it stands, anything else with an id.

    form_open  what was filled in is still open before them: what is wrong with single fields is returned, by the
               field's name, and nothing is done or said about it
    """
    heard = _readable(heard)
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
        _answer(app, heard, person, [Reply(text, refusal=text)])
    except Exception:
        number = abs(hash(heard.event)) % 1_000_000
        log.exception("a message could not be handled", event_id=heard.event, number=number)
        text = say(
            person.language,
            "Something went wrong on my side and nothing was changed. "
            "Please try again, or give an admin this number: {number}.",
            number=f"{number:06d}",
        )
        _answer(app, heard, person, [Reply(text, refusal=text)])
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


def _readable(heard: Heard) -> Heard:
    """What was heard, without characters that no database and no person can read."""
    match heard:
        case Said():
            files = tuple(replace(each, name=_text(each.name) or "file") for each in heard.files)
            return replace(heard, text=_text(heard.text[: LONGEST + 1]), files=files)
        case Pressed():
            return replace(heard, values=_texts(heard.values))
        case Filled():
            lines = None if heard.lines is None else tuple(_texts(each) for each in heard.lines)
            return replace(heard, values=_texts(heard.values), lines=lines)
        case Called():
            return replace(heard, args=_texts(heard.args))
        case Opened():
            return heard


def _text(text: str) -> str:
    whole = text.encode("utf-8", "replace").decode("utf-8")
    kept = "".join(
        each for each in whole if each in "\n\t" or (unicodedata.category(each) != "Cc" and each not in UNSEEN)
    )
    return kept if any(unicodedata.category(each)[0] not in "ZC" for each in kept) else ""


def _texts(value: Any) -> Any:
    match value:
        case str():
            return _text(value)
        case Mapping():
            return {_text(str(key)): _texts(each) for key, each in value.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        case list() | tuple():
            return [_texts(each) for each in value]  # pyright: ignore[reportUnknownVariableType]
        case _:
            return value


def _opened(app: "App", heard: Opened, person: Person) -> None:
    with app.store.writing() as session:
        person = session.merge(person)
        address = heard.address
        chat = chats.visit(
            session, person, channel=address.channel, conversation=address.conversation, private=address.private
        )
        held.come(session, person)
        if not chat.greeted:
            chat.greeted = True
            post(session, app, person, Reply(greeting(person)), address=address, cause=None)


def introduce(session: Session, app: "App", person: Person, address: Address) -> None:
    """Before somebody is told something on a platform for the first time, they hear who it is that tells them."""
    if address.channel in people.NAMED_BY_HANDLE or not address.private:
        return
    chat = session.get(chats.Chat, (address.channel, address.conversation, person.id))
    if chat is None or not chat.greeted:
        chats.greeted(session, person, channel=address.channel, conversation=address.conversation)
        post(session, app, person, Reply(greeting(person)), address=address, cause=None)


def greeting(person: Person) -> str:
    """The first hello: what this is, and three examples."""
    return say(
        person.language,
        "Hello {name}, I'm Backdesk, an automated assistant. You can write to me as you would to a colleague:\n"
        "• “I need Thursday off”\n"
        "• “How many days of vacation can I carry over?”\n"
        "• “I paid 34 euros for a taxi yesterday”\n"
        "I show you what I understood, and nothing is sent before you press Send.",
        name=person.first_name,
    )


# presses


def _pressed(app: "App", heard: Pressed | Filled, person: Person, *, form_open: bool) -> None:
    with app.store.writing() as session:
        begun = _begin(session, heard, person, sort="pressed")
        if begun is None:
            return
        _, me = begun
        values = dict(heard.values)
        if isinstance(heard, Filled) and heard.lines is not None:
            values["lines"] = [dict(each) for each in heard.lines]
        reply = presses.press(session, me, heard.token, values)
        if reply.meant is None:
            _show(app, session, heard, me, reply, form_open=form_open)
            _done(session, heard, me)
    if reply.meant is not None:
        _said_again(app, heard, person, *reply.meant)


def _show(app: "App", session: Session, heard: Pressed | Filled, me: Person, reply: Reply, *, form_open: bool) -> None:
    """Shows what a press led to, and the draft that was open before it."""
    if form_open and reply.problems:
        raise Unfit(reply.problems)
    post(session, app, me, reply, address=heard.address, cause=heard.event, in_place=not reply.anew)
    if reply.committed or not reply.pending:
        _resume(session, app, me, heard.address, heard.event)


def _said_again(app: "App", heard: Pressed | Filled, person: Person, event: str, intent: str) -> None:
    """Answers an earlier message as what somebody says that it meant."""
    with app.store.looking() as session:
        app.furnish(session)
        me, row = speaking.again(session, person), session.get(chats.Inbox, event)
        said = Said(heard.event, heard.address, heard.account, row.text if row is not None else "")
        pending = drafts.current(session, me)
        turn = _turn(app, session, said, me, pending)
    read = app.brain.understand(turn)
    found = next((each for each in (*read.alternatives, *read.intents) if each.intent == intent), Intent(intent))
    meant = Understood((Intent(intent, plain(_texts(found.args))),))
    _answer(app, said, person, _replies(app, said, person, meant, pending), understood=meant.intents)


def _called(app: "App", heard: Called, person: Person) -> None:
    with app.store.writing() as session:
        if _begin(session, heard, person, sort="called") is None:
            return
    reply = Toolbox(app, person, origin=heard.event, channel=heard.address.channel).call(heard.tool, heard.args)
    _answer(app, heard, person, [reply])


# messages


def _said(app: "App", heard: Said, person: Person) -> None:
    with app.store.writing() as session:
        begun = _begin(session, heard, person, sort="said")
        if begun is None:
            return
        row, me = begun
        kept, unfit = _keep(session, app, heard, me, row)
    if heard.address.private and _plain_act(app, heard, person):
        return
    if heard.address.private and not heard.files and _of_pages(app, heard, person):
        return
    if (link := linking.link_asked_for(app, heard, person)) is not None:
        _answer(app, heard, person, [link])
        return
    if heard.files and not heard.text.strip():
        _take_in(app, heard, person, kept, unfit)
        return
    thought, pending = _thought(app, heard, person)
    if thought.parts is not None:
        understood = Understood(tuple(intent for intent, _ in thought.parts), language=person.language)
        _note(app, heard, understood, pending)
        replies = _together(app, person, pending, thought.parts)
    else:
        understood, pending = _understood(app, heard, person)
        if (answers := _owners_answer(app, heard, person, understood, pending)) is not None:
            _answer(app, heard, person, [answers])
            return
        if kept and _is_about_it(app, understood, pending):
            asked = _asked_with_it(app, understood, pending)
            words: dict[str, Any] = {"asked": asked, "understood": _reported(app, understood, pending)}
            _take_in(app, heard, person, kept, unfit, **words)
            return
        subject = kindly.about(heard.text, understood)
        understood = understood if subject is None else kindly.turned(understood, subject)
        replies = _replies(app, heard, person, understood, pending, resuming=subject is None)
        if subject is not None:
            with app.store.looking() as session:
                replies = kindly.first(session, speaking.again(session, person), subject, replies)
    replies = [*unfit, *_in_place_of(thought.takes, replies)]
    if len(heard.text) > LONGEST:
        text = say(person.language, "That message was very long: I read the first {count} characters.", count=LONGEST)
        replies.insert(0, Reply(text))
    _answer(app, heard, person, replies, understood=_reported(app, understood, pending))


def _owners_answer(
    app: "App", heard: Said, person: Person, understood: Understood, pending: Draft | None
) -> Reply | None:
    """What is written below a question from a colleague, and asks for nothing itself, is the answer to be sent."""
    vague = understood.confidence < SURE or all(each.intent in BESIDE | TELLING for each in understood.intents)
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


def _is_about_it(app: "App", understood: Understood, pending: Draft | None) -> bool:
    """Whether what was written with a photo is about the photo, as far as it is about anything."""
    vague = understood.confidence < SURE and bool(understood.alternatives)
    return vague or all(each.intent in BESIDE or _read_by(app, each, pending) for each in understood.intents)


def _read_by(app: "App", intent: Intent, pending: Draft | None) -> Kind[Any] | None:
    """The kind of request that something said is about, where it is one that reads files."""
    name = pending.kind if intent.intent == "form.update" and pending is not None else None
    kind = app.kinds.get(name) if name else app.kinds.by_intent(intent.intent)
    return kind if kind is not None and kind.reads else None


def _asked_with_it(app: "App", understood: Understood, pending: Draft | None) -> tuple[str, Mapping[str, Any]]:
    """The kind of request that was asked for with a photo, and its values; ("", {}) where none was."""
    for each in understood.intents:
        if (kind := _read_by(app, each, pending)) is not None:
            return kind.name, each.args
    return "", {}


def _keep(
    session: Session, app: "App", heard: Said, me: Person, row: chats.Inbox
) -> tuple[list[files.File], list[Reply]]:
    """Keeps what came with a message, once: the files, and why some are not kept; one that is unfit spoils no other."""
    if row.files:  # the message was begun before, by a process that ended
        return [session.get_one(files.File, each) for each in row.files], []
    kept: list[files.File] = []
    unfit: list[Reply] = []
    for each in heard.files:
        words: dict[str, Any] = {"name": each.name, "content": each.content, "mime": each.mime}
        try:
            kept.append(files.keep(session, me, folder=app.home / "files", **words))
        except Refusal as refusal:
            text = say(me.language, refusal.text, **refusal.values)
            unfit.append(Reply(text, refusal=text))
    row.files = [each.id for each in kept]
    return kept, unfit


def _take_in(
    app: "App",
    heard: Said,
    person: Person,
    kept: list[files.File],
    unfit: list[Reply],
    *,
    asked: tuple[str, Mapping[str, Any]] = ("", {}),
    understood: tuple[Intent, ...] = (),
) -> None:
    """Puts what came with a message in line to be read as receipts; what is none of that kind is said to be kept."""
    fit = [each for each in kept if receiving.looks_like_one(app, each)]
    replies = list(unfit)
    for each in kept:
        if each not in fit:
            text = "{name} is kept. I read receipts that are a photo or a PDF: what shall I do with this one?"
            replies.append(Reply(say(person.language, text, name=each.name)))
    with app.store.writing() as session:
        row = _take_in_event(session, heard, sort="said")
        if row is None:
            return
        me = speaking.again(session, person)
        for reply in replies:
            address = _where(session, app, reply, heard.address, me)
            post(session, app, me, reply, address=address, cause=heard.event, understood=understood)
        if fit:
            receiving.take_in(session, app, heard, me, fit, kind=asked[0], said=asked[1])
        if not fit or not receiving.inline(app, heard.address):
            _done(session, heard, me)
    if fit and receiving.inline(app, heard.address):
        while receiving.read_next(app, event=heard.event):
            pass


def _reported(app: "App", understood: Understood, pending: Draft | None) -> tuple[Intent, ...]:
    kind = app.kinds.get(pending.kind or "") if pending else None
    about = kind.intent if kind else None
    return tuple(
        replace(each, args=app.kinds.reported(each.intent, each.args, pending=about))
        if each.intent != "policy.ask"
        else Intent("policy.ask")
        for each in understood.intents
    )


def _thought(app: "App", heard: Said, person: Person) -> tuple[Answered, Draft | None]:
    """What the hosted model makes of a message, and the draft that is open; nothing of it is asked twice."""
    if app.hosted is None:
        return Answered(None), None
    with app.store.looking() as session:
        app.furnish(session)
        if session.get_one(chats.Inbox, heard.event).understood is not None:
            return Answered(None), None  # it was understood before a crash
        me = speaking.again(session, person)
        pending = drafts.current(session, me)
        turn = _turn(app, session, heard, me, pending)
    return thinking.think(app, heard, person, turn, pending), pending


def _in_place_of(number: int | None, replies: list[Reply]) -> list[Reply]:
    """The replies, the one that was being written in the place of what of it was shown."""
    if number is None or not replies:
        return replies
    nth = next((nth for nth, each in enumerate(replies) if each.finding is not None), 0)
    return [replace(each, takes=number) if at == nth else each for at, each in enumerate(replies)]


def _understood(app: "App", heard: Said, person: Person) -> tuple[Understood, Draft | None]:
    """What a message means, and the draft that was open when it came; noted, to be answered alike after a crash."""
    with app.store.looking() as session:
        app.furnish(session)
        before = session.get_one(chats.Inbox, heard.event).understood
        if before is not None:
            known = TypeAdapter(Understood).validate_python(before["meaning"])
            return known, session.get(Draft, before["pending"] or 0)
        me = speaking.again(session, person)
        pending = drafts.current(session, me)
        turn = _turn(app, session, heard, me, pending)
    meant = app.brain.understand(turn) if turn.text else Understood(intents=(Intent("help"),))
    meant = replace(meant, intents=tuple(Intent(each.intent, plain(_texts(each.args))) for each in meant.intents))
    _note(app, heard, meant, pending)
    return meant, pending


def _note(app: "App", heard: Said, meant: Understood, pending: Draft | None) -> None:
    """Writes down what a message means while it is being answered."""
    with app.store.writing() as session:
        session.get_one(chats.Inbox, heard.event).understood = {
            "meaning": as_doc(meant),
            "pending": pending.id if pending else None,
        }


def _plain_act(app: "App", heard: Said, person: Person) -> bool:
    """A plain yes or no under the card that the person was shown last: its press. Recognised by rule alone."""
    read = clean(heard.text)
    act = acts.act_of(read.folded, thumbs=read.thumbs)
    if act not in (None, *PLAIN) or heard.files:
        return False
    if act is None and not begins_with_yes(read.folded.split()[:3]):
        return False
    yes = act in (acts.Act.YES, acts.Act.GOOD)
    with app.store.writing() as session:
        if _take_in_event(session, heard, sort="said") is None:
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
        _resume(session, app, me, heard.address, heard.event)
        _done(session, heard, me)
        return True


def _of_pages(app: "App", heard: Said, person: Person) -> bool:
    """Does what is written of the pictures on a draft: that they are one receipt, or that each is. By rule alone."""
    if not page_words.said_of(heard.text, alone=True):
        return False
    with app.store.writing() as session:
        if _take_in_event(session, heard, sort="said") is None:
            return True  # another process did it meanwhile
        me = speaking.again(session, person)
        reply = pages.told(session, me, heard.text)
        if reply is None:
            return False
        post(session, app, me, reply, address=heard.address, cause=heard.event, understood=(Intent("form.update"),))
        _done(session, heard, me)
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
    _done(session, heard, me)
    return True


def _replies(
    app: "App", heard: Said, person: Person, understood: Understood, pending: Draft | None, *, resuming: bool = True
) -> list[Reply]:
    address = heard.address
    toolbox = Toolbox(app, person, origin=heard.event, channel=address.channel, private=address.private)
    if understood.confidence < SURE and understood.alternatives and pending is None:
        asked = any(each.intent == "policy.ask" for each in understood.alternatives)
        certain = _from_the_handbook(app, toolbox, heard, person) if asked else None
        return [certain or _did_you_mean(app, heard, person, understood)]
    parts: list[tuple[Intent, Reply]] = []
    for intent in understood.intents:
        try:
            reply = _one(app, toolbox, heard, person, pending, intent)
        except Refusal as refusal:
            text = say(person.language, refusal.text, **refusal.values)
            reply = Reply(text, refusal=text)
        parts.append((intent, reply))
    return _together(app, person, pending, parts, resuming=resuming)


def _together(
    app: "App",
    person: Person,
    pending: Draft | None,
    parts: Sequence[tuple[Intent, Reply]],
    *,
    resuming: bool = True,
) -> list[Reply]:
    """What is said to all that was understood: one draft at a time, and back to the one that was open."""
    replies: list[Reply] = []
    drafted: list[Reply] = []
    for intent, reply in parts:
        (drafted if reply.pending and not intent.intent.startswith("form.") else replies).append(reply)
    if drafted:
        replies.append(_first_of(app, person, drafted))
    elif resuming and pending is not None and not any(each.pending or each.asked for each in replies):
        replies += _back_to(app, person, pending, aside=all(intent.intent in kindly.NOTHING for intent, _ in parts))
    return replies


def _one(app: "App", toolbox: Toolbox, heard: Said, person: Person, pending: Draft | None, intent: Intent) -> Reply:
    match intent.intent:
        case "form.update" if pending is not None:
            return toolbox.update(pending.id, intent.args, said=heard.text)
        case "form.confirm" if pending is not None:
            return toolbox.update(pending.id, {}, said=heard.text)
        case "form.cancel" if pending is not None:
            with app.store.writing() as session:
                me = speaking.again(session, person)
                return draft_presses.discard(session, me, f"draft:{pending.id}", {})
        case "small_talk":
            return Reply(_small_talk(heard, person))
        case "help":
            return Reply(greeting(person))
        case "handbook.as_somebody" if not _keeps(app, person):
            return toolbox.call("look_policy", {"question": heard.text[:LONGEST]})
        case "policy.ask":
            return toolbox.call("look_policy", {"question": str(intent.args.get("question") or heard.text)[:LONGEST]})
        case "approval.approve" | "approval.reject" | "approval.send_back" | "approval.undo":
            args = {**intent.args, "outcome": intent.intent.partition(".")[2], "everything": says_all(heard.text)}
            return toolbox.call("draft_decision", args, said=heard.text)
        case name:
            tool = toolbox.tool_for(name)
            if tool is None:
                return _from_the_handbook(app, toolbox, heard, person) or Reply(outside(person.language))
            return toolbox.call(tool, _args(intent, heard.text))


def _small_talk(heard: Said, person: Person) -> str:
    """What is said back to thanks, to a hello, and to anything else that wants nothing."""
    match acts.opening(clean(heard.text).folded)[0]:
        case acts.Act.THANKS:
            return say(person.language, "You're welcome, {name}.", name=person.first_name)
        case acts.Act.HELLO:
            return say(person.language, "Hello {name}, what can I do for you?", name=person.first_name)
        case _:
            return say(person.language, "You're welcome to ask me about the handbook, time off, purchases or expenses.")


def _from_the_handbook(app: "App", toolbox: Toolbox, heard: Said, person: Person) -> Reply | None:
    """What the handbook says for certain to what did not look like a question for it; None: nothing, and no gap."""
    question = heard.text[:LONGEST]
    reader = app.handbook_reader(person, aloud=not heard.address.private)
    return toolbox.call("look_policy", {"question": question}) if app.ask_as(question, reader).certain else None


def outside(language: str) -> str:
    """What is said to what is not of the office."""
    return say(
        language,
        "I can't help with that here. I answer from the handbook and take time off, purchases, expenses and approvals.",
    )


def _keeps(app: "App", person: Person) -> bool:
    with app.store.looking() as session:
        return may_keep(speaking.again(session, person))


def _args(intent: Intent, said: str) -> dict[str, object]:
    args = dict(intent.args)
    if intent.intent == "time_off.cancel":
        args["kind"] = "time_off"
        args["only_days"] = gives_days_back(said)
    if intent.intent == "time_off.balance":
        args["entries"] = asks_what_it_is_made_of(said)
    return args


def _first_of(app: "App", person: Person, drafted: list[Reply]) -> Reply:
    """Of several drafts begun by one message, the first is gone through first."""
    first = drafted[0]
    if len(drafted) == 1 or first.card is None:
        return first
    with app.store.writing() as session:
        draft = session.get_one(Draft, int(first.card.partition(":")[2]))
        drafts.touch(draft, session)
        me = speaking.again(session, person)
        before = say(me.language, "Let's take them one by one.")
        return questions.about(session, draft, before=before)


def _back_to(app: "App", person: Person, pending: Draft, *, aside: bool) -> list[Reply]:
    """The question that was open, again. That it is one is said where something else came in between, once.

    aside  nothing else was done in between: a word of thanks leads nowhere
    """
    with app.store.writing() as session:
        draft = session.get_one(Draft, pending.id)
        if draft.state != "open" or now(session) - draft.changed_at > RESUMED_WITHIN:
            return []
        me = speaking.again(session, person)
        back = say(me.language, "Back to what we were doing.")
        said = chats.newest_of_card(session, me, card=f"draft:{draft.id}")
        again = said is not None and str(said.body.get("text", "")).startswith(back)
        return [questions.about(session, draft, before="" if aside or again else back)]


def _did_you_mean(app: "App", heard: Said, person: Person, understood: Understood) -> Reply:
    """Asks which of two or three things was meant, a button for each."""
    titles = {
        each.intent: say(person.language, MEANINGS.get(each.intent, each.intent))
        for each in understood.alternatives[:3]
    }
    options = "\n".join(f"• {each}" for each in titles.values())
    text = say(person.language, "I'm not sure what you need. Did you mean one of these?\n{options}", options=options)
    subject = f"said:{heard.event}"
    with app.store.writing() as session:
        me = speaking.again(session, person)
        choices = tuple(
            button(session, me, verb=f"mean:intent={intent}", subject=subject, label=title[:1].upper() + title[1:])
            for intent, title in titles.items()
        )
    return Reply(text, asked=("choice",), choices=choices)


MEANINGS = {
    "time_off.submit": "ask for time off",
    "time_off.balance": "see how much leave you have left",
    "time_off.cancel": "cancel time off",
    "purchase.submit": "ask for something to be bought",
    "expense.submit": "claim an expense",
    "request.status": "see how a request stands",
    "request.explain": "see why a request goes to somebody",
    "approvals.list": "see what waits for you",
    "approval.approve": "approve a request",
    "approval.reject": "reject a request",
    "approvals.delegate": "name a stand-in",
    "who_is_out": "see who is away",
    "policy.ask": "look something up in the handbook",
    "help": "see what I can do",
}


BESIDE = frozenset({*kindly.NOTHING, "form.confirm"})
"""What a message with a photo may be beside it, so that the photo is what it is about."""

TELLING = frozenset({"policy.ask"})
"""What somebody may seem to ask who tells how it is."""

PLAIN = (acts.Act.YES, acts.Act.GOOD, acts.Act.NO, acts.Act.CANCEL)
"""What a message that says nothing else may press."""


# shared


def _resume(session: Session, app: "App", person: Person, address: Address, cause: str) -> None:
    """After something is done: back to the draft that was left open, if it is fresh."""
    draft = drafts.current(session, person)
    if draft is not None and now(session) - draft.changed_at < RESUMED_WITHIN:
        reply = questions.about(session, draft, before=say(person.language, "Now to what is still open."))
        post(session, app, person, reply, address=address, cause=cause)


SORTS: dict[type[Heard], str] = {Said: "said", Called: "called"}


def _answer(
    app: "App", heard: Heard, person: Person, replies: list[Reply], *, understood: tuple[Intent, ...] = ()
) -> None:
    with app.store.writing() as session:
        if _take_in_event(session, heard, sort=SORTS.get(type(heard), "pressed")) is None:
            return  # another process answered it meanwhile
        me = speaking.again(session, person)
        for nth, reply in enumerate(replies):
            address = _where(session, app, reply, heard.address, me)
            if isinstance(heard, Said) and address.private:
                reply = following.up(session, me, reply, question=heard.text)
            post(session, app, me, reply, address=address, cause=heard.event, understood=understood if nth == 0 else ())
        _done(session, heard, me)


def _where(session: Session, app: "App", reply: Reply, address: Address, person: Person) -> Address:
    """Cards and anything personal go to the private chat; what the handbook says may stay where it was asked."""
    if address.private or (reply.finding is not None and reply.card is None and not reply.private):
        return address
    return app.private(session, person, address.channel) or app.addresses(session, person)[0]


def _begin(session: Session, heard: Heard, person: Person, *, sort: str) -> tuple[chats.Inbox, Person] | None:
    """Takes in what somebody did, and that they are here: its row, and who they are; None if it was done before."""
    row = _take_in_event(session, heard, sort=sort, person=person)
    if row is None:
        return None
    me = session.merge(person, load=False)
    _visit(session, heard, me)
    return row, me


def _take_in_event(session: Session, heard: Heard, *, sort: str, person: Person | None = None) -> chats.Inbox | None:
    session.info["cause"] = heard.event
    return chats.take_in(
        session,
        event=heard.event,
        channel=heard.address.channel,
        conversation=heard.address.conversation,
        sort=sort,
        text=heard.text[:LONGEST] if isinstance(heard, Said) else "",
        person=person,
    )


def _done(session: Session, heard: Heard, person: Person) -> None:
    """It is answered; what was held back from the person comes after the answer, never between the two."""
    row = session.get_one(chats.Inbox, heard.event)
    row.state, row.understood = "done", None
    held.come(session, person)


def _visit(session: Session, heard: Heard, person: Person) -> None:
    address = heard.address
    chat = chats.visit(
        session, person, channel=address.channel, conversation=address.conversation, private=address.private
    )
    chat.greeted = True


def _turn(app: "App", session: Session, heard: Said, person: Person, pending: Draft | None) -> Turn:
    company = people.company(session)
    linked = select(Account.person_id, Account.account).where(Account.channel == "slack")
    slack = {row.person_id: row.account for row in session.execute(linked)}
    colleagues = tuple(
        Colleague(handle, name, team, manager, slack.get(id))
        for id, handle, name, team, manager in people.directory(session)
    )
    known = tuple(_known(session, person))
    return Turn(
        text=heard.text[:LONGEST].strip(),
        speaker=person.handle,
        now=now(session).astimezone(ZoneInfo(person.place.timezone)),
        currency=person.employer.currency,
        day_first=company.date_order == "DMY",
        colleagues=colleagues,
        kinds=Kinds({each.name: each.of_company(Desk(session, person, each)) for each in app.kinds.values()}),
        known=known,
        pending=_pending(session, pending) if pending else None,
        language=person.language,
        shown=tuple(_shown(session, person, known)),
        hr=people.has_role(person, for_others.HR),
        before=_before(session, heard, person),
    )


def _before(session: Session, heard: Said, person: Person) -> Intent | None:
    """What was understood of the message before this one."""
    address = heard.address
    posts = chats.last_posts(session, person, channel=address.channel, conversation=address.conversation, limit=4)
    for post_ in posts:
        if understood := post_.body.get("understood"):
            return Intent(**understood[-1])
    return None


def _known(session: Session, person: Person) -> list[Known]:
    waiting = [each.request for each in steps.waiting_for(session, person)]
    numbers = {each.number for each in waiting}
    mine = requests.of(session, person, limit=20)
    requests.with_lines(session, [*waiting, *mine])
    out: list[Known] = []
    for each in {r.number: r for r in (*waiting, *mine)}.values():
        kind = kinds_of(session)[each.kind]
        form, lines = requests.forms_of(kind, each)
        out.append(
            Known(
                number=each.number,
                ref=requests.ref(session, each),
                kind=each.kind,
                by=each.person.handle,
                summary=kind.summary(form, lines, "en"),
                state=each.state,
                values=requests.said_in(each),
                waiting_for_me=each.number in numbers,
            )
        )
    return out


def _pending(session: Session, draft: Draft) -> Pending:
    intent = {
        Act.APPROVE.value: "approval.approve",
        Act.REJECT.value: "approval.reject",
        Act.WITHDRAW.value: "request.cancel",
        Act.STAND_IN.value: "approvals.delegate",
        Act.LOWER.value: "approval.approve",
        Act.SEND_BACK.value: "approval.send_back",
        Act.ANSWER.value: "request.answer",
        Act.UNDO.value: "approval.undo",
        Act.SNOOZE.value: "approvals.snooze",
        Act.NUDGE.value: "request.nudge",
        Act.ASSIST.value: "approvals.assist",
        Act.UNASSIST.value: "approvals.unassist",
        Act.CORRECT.value: "balance.correct",
    }.get(draft.act) or kinds_of(session)[draft.kind or ""].intent
    line = draft.lines[0] if len(draft.lines) == 1 else {}
    values = {**draft.values, **line, **({"request_ids": draft.about} if draft.about else {})}
    lines = tuple(draft.lines) if len(draft.lines) > 1 else ()
    return Pending(intent, values, draft.asked[0] if draft.asked else None, lines)


def _shown(session: Session, person: Person, known: Sequence[Known]) -> list[str]:
    """The requests whose cards this person was shown last, the newest first."""
    recent = select(chats.Posted.card).where(
        chats.Posted.person_id == person.id, chats.Posted.card.like("request:%"), chats.Posted.current.is_(True)
    )
    refs = {each.number: each.ref for each in known}
    out: list[str] = []
    for subject in session.scalars(recent.order_by(chats.Posted.place.desc()).limit(5)):
        number = int((subject or "").partition(":")[2])
        request = None if number in refs else session.get(Request, number)
        ref = requests.ref(session, request) if request is not None else refs.get(number)
        if ref is not None:
            out.append(ref)
    return list(dict.fromkeys(out))
