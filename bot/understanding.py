"""What a message means: asked of a brain once, and noted, so that it is answered alike after a crash."""

from dataclasses import replace
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from backend import chats, drafts
from backend.drafts import Draft
from backend.forms import plain
from backend.people import Person
from bot import enclosed, speaking, thinking, turns
from bot.brain.port import Understood
from bot.message import Intent, Said, as_doc
from bot.readable import texts
from bot.thinking import Answered

if TYPE_CHECKING:
    from bot.app import App


def thought(app: "App", heard: Said, person: Person) -> tuple[Answered, Draft | None]:
    """What the hosted model makes of a message, and the draft that is open; nothing of it is asked twice."""
    if app.hosted is None:
        return Answered(None), None
    with app.store.looking() as session:
        app.furnish(session)
        if session.get_one(chats.Inbox, heard.event).understood is not None:
            return Answered(None), None  # it was understood before a crash
        me = speaking.again(session, person)
        pending = drafts.current(session, me)
        turn = turns.turn_of(app, session, heard, me, pending)
    return thinking.think(app, heard, person, turn, pending), pending


def understood(app: "App", heard: Said, person: Person) -> tuple[Understood, Draft | None]:
    """What a message means, and the draft that was open when it came; noted, to be answered alike after a crash."""
    with app.store.looking() as session:
        app.furnish(session)
        before = session.get_one(chats.Inbox, heard.event).understood
        if before is not None:
            known = TypeAdapter(Understood).validate_python(before["meaning"])
            return known, session.get(Draft, before["pending"] or 0)
        me = speaking.again(session, person)
        pending = drafts.current(session, me)
        turn = turns.turn_of(app, session, heard, me, pending)
    meant = app.brain.understand(turn) if turn.text else Understood(intents=(Intent("help"),))
    if heard.files and pending is not None and not _reads(app, pending):
        alone = app.brain.understand(replace(turn, pending=None))  # a photo is about nothing that takes none
        meant = alone if enclosed.is_about_it(app, alone, None, text=heard.text) else meant
    meant = replace(meant, intents=tuple(Intent(each.intent, plain(texts(each.args))) for each in meant.intents))
    note(app, heard, meant, pending)
    return meant, pending


def note(app: "App", heard: Said, meant: Understood, pending: Draft | None) -> None:
    """Writes down what a message means while it is being answered."""
    with app.store.writing() as session:
        session.get_one(chats.Inbox, heard.event).understood = {
            "meaning": as_doc(meant),
            "pending": pending.id if pending else None,
        }


def reported(app: "App", understood: Understood, pending: Draft | None) -> tuple[Intent, ...]:
    """The intents as they are noted on the reply, with the arguments that their kinds report."""
    kind = app.kinds.get(pending.kind or "") if pending else None
    about = kind.intent if kind else None
    return tuple(
        replace(each, args=app.kinds.reported(each.intent, each.args, pending=about))
        if each.intent != "policy.ask"
        else Intent("policy.ask")
        for each in understood.intents
    )


def _reads(app: "App", pending: Draft) -> bool:
    kind = app.kinds.get(pending.kind or "")
    return kind is not None and kind.reads
