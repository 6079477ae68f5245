"""What people do on Telegram, understood: who wrote or pressed what, where; then hear() as everywhere."""

import re
import time
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import select

from backend import chats, linking, people, signin
from backend.chats import Chat, Posted
from backend.outbox import CannotDeliver, TryLater
from backend.people import Person
from backend.refusals import Refusal
from backend.words import LANGUAGES, say
from bot import replies
from bot.channels.telegram_commands import commands, described
from bot.channels.telegram_markup import Mark, pieces
from bot.channels.telegram_presses import Place, Presses
from bot.message import Address, Attachment, Called, Heard, Opened, Said

if TYPE_CHECKING:
    from telegram import Message, MessageEntity, Update, User

    from bot.app import App
    from bot.channels.telegram import Telegram

log = structlog.get_logger()

NAME = "telegram"
LARGEST = 20 * 1024 * 1024
"""What a bot can fetch."""
SELDOM = 60.0
"""Seconds until a stranger is told again how to become known."""
MOST_STRANGERS = 10_000
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@(\w+))?(?:\s+(.*))?\s*", re.DOTALL)


class Hearing:
    """Does what an update says. Runs in threads; each conversation's updates come one after the other."""

    def __init__(self, app: "App", channel: "Telegram") -> None:
        self._app = app
        self._channel = channel
        self._presses = Presses(app, channel)
        self._commands = commands(app.kinds)
        self._told: dict[str, float] = {}
        """When each stranger was told how to become known, by this process's clock."""

    def one(self, event: str, body: dict[str, Any]) -> None:
        """Does what one update says. What goes wrong for a while is raised, and done later."""
        from telegram import Update

        try:
            update = Update.de_json(whole(body), self._channel.wire.bot)
        except (TypeError, ValueError, KeyError, AttributeError):
            log.exception("an update cannot be read", event_id=event)
            update = Update(0)
        try:
            if update.callback_query is not None:
                self._pressed(event, update)
            elif update.message is not None:
                self._message(event, update.message)
            elif update.my_chat_member is not None:
                self._member(update)
        except CannotDeliver as no:
            log.warning("telegram takes no answer here", event_id=event, why=str(no))

    # messages

    def _message(self, event: str, message: "Message") -> None:
        user = message.from_user
        if user is None or user.is_bot or message.sender_chat is not None:
            return  # a bot, or somebody who writes as a group: nobody in person
        private = message.chat.type == "private"
        topic = f"/{message.message_thread_id}" if message.is_topic_message and message.message_thread_id else ""
        address = Address(NAME, f"{message.chat.id}{topic}", private=private)
        at = Place(event, address, str(user.id), _language(user))
        text = message.text or message.caption or ""
        if not private and not self._spoken_to(message, text):
            return
        text = re.sub(rf"@{re.escape(self._channel.username)}\b", "", text, flags=re.IGNORECASE).strip()
        if not private and not text:
            return
        command = _COMMAND.fullmatch(text.strip())
        name, rest = (command[1].lower(), (command[3] or "").strip()) if command else ("", "")
        if private and name == "start" and rest:
            self._join(at, rest)
            return
        person = self._known(at)
        if person is None:
            return
        if private and self._presses.asks(person, at.address):
            if not name and self._written(person, at, message, text):
                return
            self._presses.cancel(person, at.address)
        if name:
            self._command(person, at, name, rest)
            return
        self._said(person, at, message, text)

    def _written(self, person: Person, at: Place, message: "Message", text: str) -> bool:
        """Takes a message as the answer to what a form asks; False if it is none."""
        try:
            file = next(iter(self._files(message)), None)
        except Refusal as refusal:
            self._answer(person, at, say(person.language, refusal.text, **refusal.values))
            return True
        return self._presses.written(person, at, text, file)

    def _said(self, person: Person, at: Place, message: "Message", text: str) -> None:
        try:
            files = self._files(message)
        except Refusal as refusal:
            self._answer(person, at, say(person.language, refusal.text, **refusal.values))
            return
        if not text.strip() and not files:
            self._answer(
                person, at, say(person.language, "I can read text, photos and documents here: please write it.")
            )
            return
        album = f"{at.address.channel}:{at.address.conversation}:{message.media_group_id}"
        batch = album if message.media_group_id and files else ""
        self._hear(Said(at.event, at.address, at.account, text, files, batch), person, at)

    def _command(self, person: Person, at: Place, name: str, rest: str) -> None:
        known = self._commands.get(name)
        if name == "unlink" and at.address.private:
            self._unlink(person, at)
        elif name == "cancel":
            self._hear(Said(at.event, at.address, at.account, say(person.language, "cancel")), person, at)
        elif name == "start" and at.address.private:
            if not self._greeted(person, at.address):
                self._hear(Opened(at.event, at.address, at.account), person, at)
            else:
                self._hear(Said(at.event, at.address, at.account, ""), person, at)
        elif known is not None and known.tool and not rest:
            self._hear(Called(at.event, at.address, at.account, known.tool, {}), person, at)
        elif known is not None:
            text = f"{say(person.language, known.opening)} {rest}" if known.opening and rest else rest
            self._hear(Said(at.event, at.address, at.account, text.strip()), person, at)
        elif name == "here" and not at.address.private:
            text = say(
                person.language,
                "In company.toml this group is called {name}.",
                name=f"{NAME}:{at.address.conversation}",
            )
            self._answer(person, at, text)
        else:
            menu = "\n".join(f"/{each} – {text}" for each, text in described(self._commands, person.language))
            self._answer(person, at, say(person.language, "I don't know that command. There are:\n{menu}", menu=menu))

    def _files(self, message: "Message") -> tuple[Attachment, ...]:
        """The file that came with a message, fetched; a Refusal if it is too large."""
        document, photos = message.document, message.photo
        if document is not None:
            name, mime = document.file_name or "file", document.mime_type or "application/octet-stream"
            file, size = document.file_id, document.file_size
        elif photos:
            name, mime, file, size = "photo.jpg", "image/jpeg", photos[-1].file_id, photos[-1].file_size
        else:
            return ()
        if size is not None and size > LARGEST:
            raise Refusal(
                "{name} is larger than 20 MB, more than Telegram gives me: please send a smaller one.", name=name
            )
        try:
            return (Attachment(name, self._channel.fetch(file), mime),)
        except CannotDeliver:
            raise Refusal("{name} did not arrive: please send it again.", name=name) from None

    def _hear(self, heard: Heard, person: Person, at: Place) -> None:
        try:
            self._app.hear(heard)
        except Refusal as refusal:
            self._say(at, say(person.language, refusal.text, **refusal.values))
            return
        if not at.address.private:
            self._point_to_answer(person, at)

    def _point_to_answer(self, person: Person, at: Place) -> None:
        """Who asked in a group is told where the answer is, if others may not read it."""
        with self._app.store.looking() as session:
            alone = select(Posted.id).where(Posted.cause == at.event, Posted.private.is_(True))
            answered = session.scalar(alone.limit(1)) is not None
        if answered:
            self._answer(person, at, say(person.language, "I answered you in our direct messages."))

    # who it is

    def _known(self, at: Place) -> Person | None:
        """Whose account it is; None if nobody's, who is told how to become known."""
        try:
            with self._app.store.looking() as session:
                return people.who_is(session, channel=NAME, account=at.account)
        except Refusal as refusal:
            if self._may_tell(at):
                self._say(at, say(at.language, HELLO if refusal.text == UNKNOWN else refusal.text))
            return None

    def _may_tell(self, at: Place) -> bool:
        """Once a minute in private, and once in a group: who writes a lot is not answered as often."""
        last = self._told.get(at.account)
        if last is not None and (not at.address.private or time.monotonic() - last < SELDOM):
            return False
        if len(self._told) > MOST_STRANGERS:
            self._told.clear()
        self._told[at.account] = time.monotonic()
        return True

    def _join(self, at: Place, code: str) -> None:
        try:
            with self._app.store.writing() as session:
                person = linking.join(session, code, channel=NAME, account=at.account)
        except Refusal as refusal:
            known = self._asked_again(at, code)
            if known is not None:
                self._hear(Opened(at.event, at.address, at.account), known, at)
                return
            self._say(at, say(at.language, refusal.text, **refusal.values))
            return
        self._hear(Opened(at.event, at.address, at.account), person, at)

    def _asked_again(self, at: Place, code: str) -> Person | None:
        """Who used this very link for this very account already: Telegram, or they, sent it twice."""
        with self._app.store.looking() as session:
            row = session.get(signin.SignInLink, signin.digest(code))
            linked = session.get(people.Account, (NAME, at.account))
            if row is None or row.used_at is None or linked is None or linked.person_id != row.person_id:
                return None
            return session.get(Person, row.person_id)

    def _unlink(self, person: Person, at: Place) -> None:
        with self._app.store.writing() as session:
            me = session.get_one(Person, person.id)
            linking.unlink(session, me, channel=NAME, by=me)
        text = "This chat is no longer linked to you, and nothing more is sent here. A new link opens it again."
        self._say(at, say(person.language, text))

    def _greeted(self, person: Person, address: Address) -> bool:
        with self._app.store.looking() as session:
            chat = session.get(Chat, (NAME, address.conversation, person.id))
            return chat is not None and chat.greeted

    def _member(self, update: "Update") -> None:
        """Somebody blocked the bot, or let it in again; or it was put into a group, or removed."""
        changed = update.my_chat_member
        if changed is None:
            return
        gone = changed.new_chat_member.status in ("kicked", "left")
        if changed.chat.type != "private":
            log.info("telegram: removed from a group" if gone else "telegram: put into a group", chat=changed.chat.id)
            return
        with self._app.store.writing() as session:
            linked = session.get(people.Account, (NAME, str(changed.chat.id)))
            person = session.get(Person, linked.person_id) if linked else None
            if person is not None and gone:
                linking.leave(session, person, channel=NAME)
            elif person is not None:
                chat = str(changed.chat.id)
                chats.visit(session, person, channel=NAME, conversation=chat, private=True)

    # presses

    def _pressed(self, event: str, update: "Update") -> None:
        query = update.callback_query
        if query is None or query.message is None or not query.data or query.message.chat.type != "private":
            return
        address = Address(NAME, str(query.message.chat.id))
        at = Place(event, address, str(query.from_user.id), _language(query.from_user))
        person = self._known(at)
        if person is not None:
            self._presses.pressed(person, at, query.data, message=query.message.message_id)

    # what is said at once

    def _answer(self, person: Person, at: Place, text: str) -> None:
        """Answers somebody who is known, in order with all else that they are told."""
        with self._app.store.writing() as session:
            me = session.get_one(Person, person.id)
            key = f"{at.event}:answer"
            replies.post(session, self._app, me, replies.Reply(text), address=at.address, cause=at.event, key=key)

    def _say(self, at: Place, text: str) -> None:
        """Says something to whoever is there, known or not."""
        for piece in pieces([(Mark(each),) for each in text.split("\n")]):
            try:
                self._channel.say(at.address.conversation, piece)
            except TryLater as later:
                log.warning("telegram: not said", why=str(later))

    def _spoken_to(self, message: "Message", text: str) -> bool:
        """Whether what was said in a group was said to the bot."""
        me = self._channel.username
        found = message.entities or message.caption_entities or ()
        mentioned = any(each.type == "mention" and _of(each, text).lower() == f"@{me}".lower() for each in found)
        mentioned = mentioned or (not found and re.search(rf"@{re.escape(me)}\b", text, re.IGNORECASE) is not None)
        command = _COMMAND.match(text)
        ours = command is not None and (command[2] or me).lower() == me.lower()
        answered = message.reply_to_message
        to_us = answered is not None and answered.from_user is not None and answered.from_user.username == me
        return mentioned or ours or to_us


UNKNOWN = "I don't know this account yet. Ask HR or an admin to link it, and then write to me again."
HELLO = (
    "Hello, I'm Backdesk, an automated assistant, and I don't know this Telegram account yet. "
    "Write “link Telegram” in the web chat, or ask HR or an admin for a link: it opens this chat, and then we can talk."
)


def whole(body: dict[str, Any]) -> dict[str, Any]:
    """An update with what the client cannot do without, where whoever sent it left that out."""
    out = dict(body)
    for sort in ("message", "callback_query", "my_chat_member"):
        if isinstance(out.get(sort), dict):
            out[sort] = _whole(out[sort])
    if "callback_query" in out:
        out["callback_query"].setdefault("chat_instance", "")
    return out


def _whole(told: dict[str, Any]) -> dict[str, Any]:
    out = {**({} if "data" in told else {"date": 0}), **told}
    if isinstance(told.get("from"), dict):
        out["from"] = {"is_bot": False, "first_name": "", **told["from"]}
    if isinstance(told.get("chat"), dict):
        sort = "private" if int(told["chat"].get("id", 0)) > 0 else "group"
        out["chat"] = {"type": sort, **told["chat"]}
    if isinstance(told.get("message"), dict):
        out["message"] = _whole(told["message"])
    return out


def _language(user: "User") -> str:
    code = (user.language_code or "en")[:2].lower()
    return code if code in LANGUAGES else "en"


def _of(entity: "MessageEntity", text: str) -> str:
    """The part of a text that an entity speaks of; Telegram counts in UTF-16 units."""
    raw = text.encode("utf-16-le")
    return raw[entity.offset * 2 : (entity.offset + entity.length) * 2].decode("utf-16-le")
