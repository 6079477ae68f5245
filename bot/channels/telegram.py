"""Telegram: posts go out as messages with keyboards, changed where they stand; what people do there comes in."""

import time
from collections.abc import Callable, Coroutine, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import structlog
from starlette.routing import Route

from backend import connections, fillings, linking
from backend.chats import Posted
from backend.forms import Data
from backend.outbox import CannotDeliver, Pace, TryLater
from backend.people import Person
from bot import attached, elsewhere
from bot.channels.telegram_markup import Mark, Rows, html, pieces, plain, rows_of, unnamed
from bot.channels.telegram_wire import SECONDS, NoSuchMethod, Revoked, Unreachable, Wire, markup
from bot.message import Attachment, Post, post_from
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.app import App
    from bot.channels.telegram_listening import Listening

log = structlog.get_logger()

NAME = "telegram"
PICTURES = ("image/png", "image/jpeg")
LARGEST_PICTURE = 10 * 1024 * 1024
NO_PHOTO = ("photo_invalid_dimensions", "image_process_failed", "photo_ext_invalid")
"""What Telegram says of a picture that it takes as a document alone, such as a long strip."""
PATH = "/telegram/webhook"
A_MOMENT = 5.0
"""Seconds that an answer to a press may be waited for."""


class Telegram:
    """Posts to Telegram, and listens there once it is told to.

    A private conversation is called by its person's account, which is the chat's number; a group by its number, with
    the topic behind it ("-100200/5"). What Telegram calls a post is the numbers of its messages: "17" or "17,18".
    """

    name = NAME
    ceiling = Data.PRIVATE
    pace = Pace(gap=1.0, group_gap=3.0, a_second=30.0)
    answers_only = True
    """Telegram lets a bot write only to those who have written to it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.wire = Wire(settings.telegram_bot_token.get_secret_value(), api_url=settings.telegram_api_url)
        self._app: App | None = None
        self._listening: Listening | None = None
        self._username = ""
        self._begun: dict[int, Begun] = {}
        """Posts that were begun and not finished, so that another try goes on from there."""

    # as the outbox knows it

    def post(self, posted: Posted, earlier: Posted | None) -> str | None:
        """Shows a post; where its reader cannot be reached here any more, they are told elsewhere."""
        post = post_from(posted.body)
        beside = attached.from_handbook(self._app.store, posted, post, earlier) if self._app is not None else ()
        try:
            external = self.wire.do(self._show(posted, post, earlier, beside))
        except Unreachable as gone:
            self._begun.pop(posted.id, None)
            if not self._tell_elsewhere(posted):
                raise
            log.info("telegram: told elsewhere", post=posted.id, why=str(gone))
            return None
        except CannotDeliver:
            self._begun.pop(posted.id, None)
            raise
        except Revoked as no:
            self._note_trouble(str(no))
            raise
        self._begun.pop(posted.id, None)
        self._put_away(posted, external)
        return external

    # as the application knows it

    def join(self, app: "App") -> None:
        """Whose channel this is: where people are told what cannot be told them here."""
        self._app = app

    @contextmanager
    def listening(self, app: "App") -> Generator[None]:
        """Takes in what people do on Telegram, for as long as the block lasts."""
        self.join(app)
        ear = self._ear(app)
        ear.start()
        try:
            yield
        finally:
            self._listening = None
            ear.stop()

    def routes(self, app: "App") -> list[Route]:
        """Where Telegram sends to: only where there is a secret for it and a public address; else we ask for it."""
        ear = self._ear(app)
        return [Route(PATH, ear.webhook, methods=["POST"])] if ear.by_webhook else []

    def _ear(self, app: "App") -> "Listening":
        from bot.channels.telegram_listening import Listening

        if self._listening is None:
            self._listening = Listening(app, self)
        return self._listening

    def close(self) -> None:
        """Ends the connection."""
        self.wire.close()

    @property
    def username(self) -> str:
        """The bot's name on Telegram, without the @. Raises TryLater if Telegram cannot be asked."""
        if not self._username:
            me = self.wire.do(self.wire.asked(self.wire.bot.get_me), seconds=10)
            self._username = (me.username if me else None) or ""
        return self._username

    @username.setter
    def username(self, name: str) -> None:
        self._username = name

    def link(self, code: str) -> str:
        """The address that opens the bot's chat and shows it a code."""
        return f"https://t.me/{self.username}?start={code}"

    # what is said and changed at once, in answer to a press

    def say(self, chat: str, text: str) -> None:
        """Sends a message of our own, in HTML."""
        number, topic = place(chat)
        self._patiently(lambda: self._send(number, topic, text, ()))

    def change(self, chat: str, message: int, text: str, keyboard: Rows) -> None:
        """Changes a message where it stands; one that is not there any more is sent anew."""
        number, topic = place(chat)

        async def changed() -> None:
            if not await self._edit(number, message, text, keyboard):
                await self._send(number, topic, text, keyboard)

        self._patiently(changed)

    def turn(self, chat: str, message: int, keyboard: Rows) -> None:
        """Shows another sheet of a keyboard."""
        number, _ = place(chat)
        bot, keys = self.wire.bot, markup(keyboard)
        self._patiently(
            lambda: self.wire.asked(lambda: bot.edit_message_reply_markup(number, message, reply_markup=keys))
        )

    def show_again(self, posted: Posted, message: int | None) -> None:
        """Shows the last message of a post as the post has it, where a form stood in its place."""
        post = post_from(posted.body)
        number = message or int((posted.external or "0").rpartition(",")[2])
        self.change(posted.conversation, number, html(post)[-1], rows_of(post))

    def fetch(self, file: str) -> bytes:
        """What somebody sent, by Telegram's id of it. Raises TryLater or CannotDeliver."""

        async def fetched() -> bytes:
            found = await self.wire.asked(lambda: self.wire.bot.get_file(file))
            if found is None:
                raise CannotDeliver("there is no such file")
            content = await self.wire.asked(found.download_as_bytearray)
            return bytes(content or b"")

        return self.wire.do(fetched(), seconds=120)

    def send_file(self, chat: str, file: Attachment) -> None:
        """Sends a file: a picture as one, anything else as a document."""
        number, topic = place(chat)
        self._patiently(lambda: self._send_file(number, topic, file), seconds=120)

    def _patiently(self, work: Callable[[], Coroutine[Any, Any, object]], *, seconds: float = SECONDS) -> None:
        """Does something that somebody waits for; where Telegram asks to wait for a moment, once more after it."""
        try:
            self.wire.do(work(), seconds=seconds)
        except TryLater as later:
            if later.seconds is None or later.seconds > A_MOMENT:
                raise
            time.sleep(later.seconds)
            self.wire.do(work(), seconds=seconds)

    # inside, on the loop

    async def _show(self, posted: Posted, post: Post, earlier: Posted | None, beside: Sequence[Attachment]) -> str:
        texts, keyboard = html(post), rows_of(post)
        chat, topic = place(posted.conversation)
        if not posted.private:
            texts = [unnamed(each) for each in texts]
        before = [int(each) for each in (earlier.external or "").split(",") if each] if earlier else []
        in_place = posted.in_place and bool(before)
        pushed = preview(post) if posted.key is not None and posted.private and not in_place else ""
        begun = self._begun.setdefault(posted.id, Begun(list(before) if in_place else []))
        shown = begun.messages
        for nth, text in enumerate(texts):
            keys = keyboard if nth + 1 == len(texts) else ()
            if nth < len(shown) and await self._edit(chat, shown[nth], text, keys):
                continue
            number = await self._send(chat, topic, pushed or text, () if pushed else keys)
            shown[nth : nth + 1] = [number]
            if pushed and not await self._edit(chat, number, text, keys):
                shown[nth] = await self._send(chat, topic, text, keys)
        files = () if in_place else attached.files(post)
        if earlier is None and posted.private:
            files += attached.pictures_of(post, self.settings.home / "files")
        for file in begun.sent.left((*files, *beside)):
            try:
                await self._send_file(chat, topic, file)
            except (CannotDeliver, TryLater) as no:
                if begun.sent.holds_up(no, beside=file in beside):
                    raise
                log.warning("telegram: a picture beside an answer is not taken, which stands without it", why=str(no))
            begun.sent.files.append(file)
        if in_place:
            for number in before[len(texts) :]:
                await self._delete(chat, number)
        elif earlier is not None and before and rows_of(post_from(earlier.body)):
            await self._bare(chat, before[-1])
        return ",".join(map(str, shown[: len(texts)]))

    async def _send(self, chat: int, topic: int | None, text: str, keyboard: Rows) -> int:
        from telegram import LinkPreviewOptions

        sent = await self.wire.asked(
            lambda: self.wire.bot.send_message(
                chat,
                text,
                parse_mode="HTML",
                message_thread_id=topic,
                reply_markup=markup(keyboard),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        )
        assert sent is not None
        return sent.message_id

    async def _send_file(self, chat: int, topic: int | None, file: Attachment) -> None:
        from telegram import InputFile

        content, bot = InputFile(file.content, filename=file.name), self.wire.bot
        if file.mime in PICTURES and len(file.content) <= LARGEST_PICTURE:
            try:
                await self.wire.asked(lambda: bot.send_photo(chat, content, message_thread_id=topic))
                return
            except CannotDeliver as no:
                if not any(each in str(no).lower() for each in NO_PHOTO):
                    raise
        await self.wire.asked(lambda: bot.send_document(chat, content, message_thread_id=topic))

    async def _edit(self, chat: int, number: int, text: str, keyboard: Rows) -> bool:
        """Changes a message where it stands; False if it is not there any more."""
        from telegram import LinkPreviewOptions

        try:
            await self.wire.asked(
                lambda: self.wire.bot.edit_message_text(
                    text,
                    chat,
                    number,
                    parse_mode="HTML",
                    reply_markup=markup(keyboard),
                    link_preview_options=LinkPreviewOptions(is_disabled=True),
                )
            )
        except Unreachable:
            raise
        except NoSuchMethod:
            return False
        except CannotDeliver as no:
            if "message to edit not found" in str(no).lower() or "can't be edited" in str(no).lower():
                return False
            raise
        return True

    async def _bare(self, chat: int, number: int) -> None:
        """Takes the buttons from a message whose place another took."""
        try:
            await self.wire.asked(lambda: self.wire.bot.edit_message_reply_markup(chat, number, reply_markup=None))
        except Unreachable:
            raise
        except CannotDeliver:
            return  # it is gone, or too old to be changed: its buttons say so when they are pressed

    async def _delete(self, chat: int, number: int) -> None:
        try:
            await self.wire.asked(lambda: self.wire.bot.delete_message(chat, number))
        except Unreachable:
            raise
        except CannotDeliver:
            return  # it is gone already

    # inside, in the database

    def _note_trouble(self, why: str) -> None:
        """Tells whoever looks after it that an admin has to mend something."""
        if self._app is not None:
            with self._app.store.writing() as session:
                connections.trouble(session, NAME, why)

    def _tell_elsewhere(self, posted: Posted) -> bool:
        """Tells somebody in another channel what they cannot be told here; False where there is nobody to tell."""
        if self._app is None or posted.person_id is None:
            return False
        with self._app.store.writing() as session:
            person = session.get_one(Person, posted.person_id)
            linking.leave(session, person, channel=NAME)
            elsewhere.tell(session, self._app, person, posted)
        return True

    def _put_away(self, posted: Posted, external: str) -> None:
        """A form is over when the message that it stood in shows something else."""
        if self._app is None or not posted.in_place or posted.person_id is None:
            return
        with self._app.store.looking() as session:
            person = session.get_one(Person, posted.person_id)
            filling = fillings.current(session, person, channel=NAME, conversation=posted.conversation)
            if filling is None or filling.message not in external.split(","):
                return
        with self._app.store.writing() as session:
            fillings.end(session, person, channel=NAME, conversation=posted.conversation)


@dataclass
class Begun:
    """What there is of a post that is not finished: its messages, and the files that were sent with it."""

    messages: list[int]
    sent: attached.Sent = field(default_factory=attached.Sent)


def place(conversation: str) -> tuple[int, int | None]:
    """The chat and, in a group with topics, the topic that a conversation is in: "-100200/5"."""
    chat, _, topic = conversation.partition("/")
    try:
        return int(chat), int(topic) if topic else None
    except ValueError:
        raise CannotDeliver("this is no chat on Telegram") from None


def preview(post: Post) -> str:
    """What a phone may show of a message that nobody asked for just now."""
    return pieces([(Mark(plain(post.preview)),)])[0] if post.preview.strip() else "…"
