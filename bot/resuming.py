"""Back to the draft that was left open, when something else is done."""

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from backend import chats, drafts
from backend.drafts import Draft
from backend.people import Person
from backend.store import now
from backend.words import say
from bot import questions, speaking
from bot.message import Address
from bot.replies import Reply, post

if TYPE_CHECKING:
    from bot.app import App

RESUMED_WITHIN = timedelta(hours=2)


def resume(session: Session, app: "App", person: Person, address: Address, cause: str) -> None:
    """After something is done: back to the draft that was left open, if it is fresh."""
    draft = drafts.current(session, person)
    if draft is not None and now(session) - draft.changed_at < RESUMED_WITHIN:
        reply = questions.about(session, draft, before=say(person.language, "Now to what is still open."))
        post(session, app, person, reply, address=address, cause=cause)


def back_to(app: "App", person: Person, pending: Draft, *, aside: bool) -> list[Reply]:
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
