"""Telegram: posts go out as messages with keyboards, and are changed where they stand."""

from pydantic import SecretStr

from backend.chats import Posted
from backend.kinds import Data
from backend.outbox import CannotDeliver, Pace
from bot.channels.telegram_markup import Mark, Rows, html, pieces, plain, rows_of, unnamed
from bot.channels.telegram_wire import Unreachable, Wire, markup
from bot.message import Post, post_from

NAME = "telegram"


class TelegramChannel:
    """The channel as the outbox knows it.

    token    from @BotFather
    api_url  another server in place of Telegram's
    """

    name = NAME
    ceiling = Data.PRIVATE
    pace = Pace(gap=1.0, group_gap=3.0, a_second=30.0)

    def __init__(self, token: SecretStr, *, api_url: str = "") -> None:
        self.wire = Wire(token.get_secret_value(), api_url=api_url)
        self._sent: dict[int, list[int]] = {}
        """Messages of posts that were begun and not finished, so that another try goes on from there."""

    def post(self, posted: Posted, earlier: Posted | None) -> str | None:
        """Shows a post; returns the numbers of its messages, "17" or "17,18"."""
        try:
            external = self.wire.do(self._show(posted, earlier))
        except CannotDeliver:
            self._sent.pop(posted.id, None)
            raise
        self._sent.pop(posted.id, None)
        return external

    def close(self) -> None:
        """Ends the connection."""
        self.wire.close()

    async def _show(self, posted: Posted, earlier: Posted | None) -> str:
        post = post_from(posted.body)
        texts, keyboard = html(post), rows_of(post)
        chat, topic = place(posted.conversation)
        if not posted.private:
            texts = [unnamed(each) for each in texts]
        before = [int(each) for each in (earlier.external or "").split(",") if each] if earlier else []
        in_place = posted.in_place and bool(before)
        pushed = preview(post) if posted.key is not None and posted.private and not in_place else ""
        shown = self._sent.setdefault(posted.id, list(before) if in_place else [])
        for nth, text in enumerate(texts):
            keys = keyboard if nth + 1 == len(texts) else ()
            if nth < len(shown) and await self._edit(chat, shown[nth], text, keys):
                continue
            number = await self._send(chat, topic, pushed or text, () if pushed else keys)
            shown[nth : nth + 1] = [number]
            if pushed:
                await self._edit(chat, number, text, keys)
        for number in shown[len(texts) :]:
            await self._delete(chat, number)
        del shown[len(texts) :]
        if before and not in_place:
            await self._bare(chat, before[-1])
        return ",".join(map(str, shown))

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
