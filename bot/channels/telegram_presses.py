"""What is pressed on Telegram: the office's buttons, forms step by step, papers, and keyboards to leaf through."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backend import chats, files, fillings, papers, people
from backend.chats import Posted
from backend.fillings import Filling
from backend.people import Person
from backend.refusals import Refusal
from backend.store import now
from backend.words import say
from bot import replies
from bot.channels import telegram_forms as forms
from bot.channels.telegram_forms import Asked
from bot.channels.telegram_markup import PAPER, PICTURE, SHEET, rows_of
from bot.message import Address, Attachment, Button, Filled, Post, Pressed, files_on, post_from

if TYPE_CHECKING:
    from bot.app import App
    from bot.channels.telegram import Telegram

NAME = "telegram"
STALE = timedelta(hours=4)
"""A form that was left alone for so long is put away by the next message."""


@dataclass(frozen=True)
class Place:
    """Where something was done, and by whom.

    event     the platform's id of it
    language  what the person's own program speaks
    """

    event: str
    address: Address
    account: str
    language: str


class Presses:
    """Does what was pressed, and takes what is written into a form."""

    def __init__(self, app: "App", channel: "Telegram") -> None:
        self._app = app
        self._channel = channel

    def pressed(self, person: Person, at: Place, data: str, *, message: int) -> None:
        """A button under a message: a token of the office's, or one of our own, which begin with a colon."""
        with self._app.store.looking() as session:
            posted = self._on(session, person, at.address, message)
        post = post_from(posted.body) if posted else None
        if not data.startswith(":"):
            button = _button(post, data) if post else None
            if posted is not None and button is not None and button.form is not None:
                self._begin(person, at, posted, button, message)
            else:
                self._do(person, at, lambda: self._app.hear(Pressed(at.event, at.address, at.account, data)))
            return
        what, *words = data[1:].split(":")
        if what == forms.FORM:
            self._step(person, at, words, posted)
        elif posted is None or post is None:
            self._answer(
                person, at, Refusal("That button no longer works: write to me and I'll show you where things stand.")
            )
        elif what == SHEET:
            page = int(words[0]) if words and words[0].isdecimal() else 0
            self._channel.turn(at.address.conversation, message, rows_of(post, page=page))
        else:
            self._do(person, at, lambda: self._send(person, at, post, what, words))

    def asks(self, person: Person, address: Address) -> bool:
        """True if a form is open there; one that was left alone for hours is put away."""
        with self._app.store.looking() as session:
            filling = fillings.current(session, person, channel=NAME, conversation=address.conversation)
            if filling is None:
                return False
            fresh = now(session) - filling.begun_at < STALE
        if not fresh:
            self.cancel(person, address)
        return fresh

    def cancel(self, person: Person, address: Address) -> None:
        """Puts a form away, and shows the card again on which it stood."""
        with self._app.store.writing() as session:
            filling = fillings.current(session, person, channel=NAME, conversation=address.conversation)
            posted = session.get(Posted, filling.post) if filling else None
            fillings.end(session, person, channel=NAME, conversation=address.conversation)
        if posted is not None and filling is not None:
            self._channel.show_again(posted, int(filling.message))

    def written(self, person: Person, at: Place, text: str, file: Attachment | None) -> bool:
        """Takes a message, or a file, as the answer to what the form asks; False if it cannot be one."""
        with self._app.store.writing() as session:
            found = self._open(session, person, at.address)
            if found is None:
                return False
            filling, posted, button, asked = found
            if forms.asked_for(button, filling) is None or forms.wants_file(button, filling) != (file is not None):
                return False  # what they write now is for the office
            here = at.address.conversation
            row = chats.take_in(session, event=at.event, channel=NAME, conversation=here, sort="form")
            if row is None:
                return True  # it was taken already
            me = session.get_one(Person, person.id)
            problem = self._take(session, me, button, filling, asked, text, file)
            row.state, row.person_id = "done", me.id
            ready = forms.is_single(button) and not problem
        if ready:
            self._finish(person, at, filling, posted, button, asked, event=f"{at.event}:form")
        else:
            self._show(at.address, filling, posted, button, asked, problem)
        return True

    def _take(
        self,
        session: Session,
        me: Person,
        button: Button,
        filling: Filling,
        asked: Asked,
        text: str,
        file: Attachment | None,
    ) -> str:
        """Puts an answer into the form; returns what is wrong with it, "" if nothing."""
        field = forms.asked_for(button, filling)
        if file is None or field is None:
            return forms.written(button, filling, text, asked)
        try:
            folder = self._app.home / "files"
            kept = files.keep(session, me, folder=folder, name=file.name, content=file.content, mime=file.mime)
        except Refusal as refusal:
            return say(asked.language, refusal.text, **refusal.values)
        forms.put(button, filling, field, kept.id)
        return ""

    # forms

    def _begin(self, person: Person, at: Place, posted: Posted, button: Button, message: int) -> None:
        values, lines = forms.opened(button)
        with self._app.store.writing() as session:
            me = session.get_one(Person, person.id)
            earlier = fillings.current(session, me, channel=NAME, conversation=at.address.conversation)
            shown = session.get(Posted, earlier.post) if earlier and earlier.message != str(message) else None
            filling = fillings.begin(
                session,
                me,
                channel=NAME,
                conversation=at.address.conversation,
                token=button.token,
                post=posted.id,
                message=str(message),
                values=values,
                lines=lines,
            )
            filling.field = forms.first(button, filling)
            asked = _asked(session, me, post_from(posted.body))
        if shown is not None and earlier is not None:
            self._channel.show_again(shown, int(earlier.message))
        self._show(at.address, filling, posted, button, asked)

    def _step(self, person: Person, at: Place, words: list[str], posted: Posted | None) -> None:
        number, what = (int(words[0]), words[1]) if len(words) > 1 and words[0].isdecimal() else (0, "")
        with self._app.store.writing() as session:
            found = self._open(session, person, at.address)
            fits = found is not None and found[0].id == number
            if found is not None and fits and what not in (forms.SEND, forms.CANCEL):
                forms.pressed(found[2], found[0], what, words[2:], found[3])
        if found is None or not fits:
            if posted is not None:
                self._channel.show_again(posted, None)
            return
        filling, shown, button, asked = found
        answered = forms.is_single(button) and what in (forms.PICK, forms.DAY, forms.EMPTY)
        if what == forms.CANCEL:
            self.cancel(person, at.address)
        elif what == forms.SEND or answered:
            self._finish(person, at, filling, shown, button, asked, event=at.event)
        else:
            self._show(at.address, filling, shown, button, asked)

    def _finish(
        self, person: Person, at: Place, filling: Filling, posted: Posted, button: Button, asked: Asked, *, event: str
    ) -> None:
        """Sends a form; where a field is wrong, it stays open and says so."""
        values, lines = forms.sent(button, filling)
        heard = Filled(event, at.address, at.account, button.token, values, lines)
        problems = self._app.hear(heard, form_open=not forms.is_single(button))
        if problems:
            problem = " ".join(problems.values())
            with self._app.store.writing() as session:
                again = fillings.current(session, person, channel=NAME, conversation=at.address.conversation)
                name = next(iter(problems))
                if again is not None and name in {each.name for each in button.form or ()}:
                    again.line, again.field, again.page = None, name, ""
            self._show(at.address, again or filling, posted, button, asked, problem)
            return
        with self._app.store.writing() as session:
            me = session.get_one(Person, person.id)
            fillings.end(session, me, channel=NAME, conversation=at.address.conversation)
            newest = session.get_one(Posted, posted.id)
        if newest.current:
            self._channel.show_again(newest, int(filling.message))

    def _show(
        self, address: Address, filling: Filling, posted: Posted, button: Button, asked: Asked, problem: str = ""
    ) -> None:
        post = post_from(posted.body)
        text, rows = forms.view(post.card, button, filling, asked, problem=problem)
        self._channel.change(address.conversation, int(filling.message), text, rows)

    def _open(self, session: Session, person: Person, address: Address) -> tuple[Filling, Posted, Button, Asked] | None:
        """The form that is open there, with the post and the button that it belongs to."""
        me = session.get_one(Person, person.id)
        filling = fillings.current(session, me, channel=NAME, conversation=address.conversation)
        posted = session.get(Posted, filling.post) if filling else None
        button = _button(post_from(posted.body), filling.token) if filling and posted else None
        if filling is None or posted is None or button is None:
            return None
        return filling, posted, button, _asked(session, me, post_from(posted.body))

    # papers and files

    def _send(self, person: Person, at: Place, post: Post, what: str, words: list[str]) -> None:
        nth = int(words[0]) if words and words[0].isdecimal() else -1
        card = post.card
        with self._app.store.looking() as session:
            self._app.furnish(session)
            me = session.get_one(Person, person.id)
            if card is not None and what == PAPER and 0 <= nth < len(card.papers):
                shown = card.papers[nth]
                number = int(shown.link.split("/")[1])
                if replies.hidden(session, me, f"request:{number}", ceiling=self._app.ceiling(session, NAME)):
                    raise Refusal("The details are not for this channel: the web chat shows them.")
                paper = papers.find(session, number, shown.name, reader=me)
                file = Attachment(paper.name, paper.make(), paper.mime)
            elif card is not None and what == PICTURE and 0 <= nth < len(held := files_on(card, me.language)):
                folder = self._app.home / "files"
                row, content = files.fetch(session, held[nth][1], folder=folder, reader=me)
                file = Attachment(row.name, content, row.mime)
            else:
                raise Refusal("That button no longer works: write to me and I'll show you where things stand.")
        self._channel.send_file(at.address.conversation, file)

    # inside

    def _on(self, session: Session, person: Person, address: Address, message: int) -> Posted | None:
        """The post that a message shows to this person now."""
        here = (Posted.channel == NAME, Posted.conversation == address.conversation, Posted.person_id == person.id)
        named = or_(Posted.external == str(message), Posted.external.like(f"%,{message}"))
        return session.scalar(select(Posted).where(*here, named).order_by(Posted.id.desc()).limit(1))

    def _do(self, person: Person, at: Place, work: Callable[[], object]) -> None:
        try:
            work()
        except Refusal as refusal:
            self._answer(person, at, refusal)

    def _answer(self, person: Person, at: Place, refusal: Refusal) -> None:
        with self._app.store.writing() as session:
            me = session.get_one(Person, person.id)
            text = say(me.language, refusal.text, **refusal.values)
            reply = replies.Reply(text, refusal=text)
            key = f"{at.event}:answer"
            replies.post(session, self._app, me, reply, address=at.address, cause=at.event, key=key)


def _button(post: Post, token: str) -> Button | None:
    every = (*(post.card.buttons if post.card else ()), *post.choices)
    return next((each for each in every if each.token == token), None)


def _asked(session: Session, person: Person, post: Post) -> Asked:
    return Asked(post.language, people.today(session, person))
