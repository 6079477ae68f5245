"""Slack: direct messages, mentions, commands, buttons and forms. This file posts; slack_listening.py listens."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import structlog
from slack_sdk import WebClient
from starlette.routing import Route

from backend.chats import Posted
from backend.forms import Data
from backend.outbox import Pace, TryLater
from bot import attached
from bot.channels import slack_blocks
from bot.channels.slack_blocks import Block, Look
from bot.channels.slack_calls import NotThere, Refused, calling, client, lacks
from bot.message import Attachment, Post, post_from
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.app import App
    from bot.channels.slack_listening import Listening

log = structlog.get_logger()

NAME = "slack"
GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
"""What Slack says of a message that can no longer be changed."""
NOBODY = frozenset({"user_not_found", "users_not_found", "user_disabled"})
"""What Slack says of an account that is no more."""
LATEST = 30
"""Messages that are looked through for one that may have arrived already."""


class Slack:
    """Posts to Slack, and replaces what it posted.

    A private conversation is called by its person's account ("U123"), one in a channel "<channel>:<thread>" or by the
    channel alone. What Slack calls a post is "<channel>:<time>", with more times where it took several messages.
    """

    name = NAME
    ceiling = Data.PRIVATE
    pace = Pace(gap=1.0, group_gap=1.0)

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.client: WebClient = client(settings)
        self.rooms: dict[str, str] = {}
        """The direct messages of each account, as far as they are known."""
        self._app: App | None = None
        self._listening: Listening | None = None
        self._begun: dict[int, Begun] = {}
        """Posts that were begun and not finished: another try goes on from there."""

    def post(self, posted: Posted, earlier: Posted | None) -> str | None:
        """Shows a post, in place of an earlier one where it names one; returns Slack's name of it."""
        begun = self._begun.pop(posted.id, None) or Begun()
        try:
            return self._show(posted, earlier, begun).name
        except TryLater as later:
            if begun.place is None and not begun.sent.files:
                raise
            self._begun[posted.id] = begun  # and whoever else tries again asks Slack what is there
            raise TryLater(str(later), seconds=later.seconds, everywhere=later.everywhere, unsure=True) from later

    def _show(self, posted: Posted, earlier: Posted | None, begun: "Begun") -> "Place":
        post = post_from(posted.body)
        look = Look(post.language, self.settings.public_url.rstrip("/"))
        shown = slack_blocks.messages(post, look)
        before = Place.named(earlier.external) if earlier else None
        beside = attached.from_handbook(self._app.store, posted, post, earlier) if self._app is not None else ()
        if before is not None and posted.in_place:
            place = self._replace(before, posted, post, shown, begun)
        else:
            if before is not None and earlier is not None:
                self._retire(before, post_from(earlier.body), look)
            place = self._post(posted, post, shown, begun)
        files = () if before is not None and before.times[0] == place.times[0] else attached.files(post)
        if earlier is None and posted.private:
            files += attached.pictures_of(post, self.settings.home / "files")
        thread = posted.conversation.partition(":")[2]
        for each in begun.sent.left((*files, *beside)):
            try:
                self.send_file(place.channel, each, thread=thread)
            except (Refused, TryLater) as no:
                if begun.sent.holds_up(no, beside=each in beside):
                    raise
                log.warning("Slack does not take a picture beside an answer, which stands without it", why=str(no))
            begun.sent.files.append(each)
        return place

    def join(self, app: "App") -> None:
        """Whose channel this is: whose handbook the pictures beside an answer are taken from."""
        self._app = app

    def listening(self, app: "App") -> AbstractContextManager[None]:
        """Takes in what Slack sends, for as long as the block lasts."""
        from bot.channels.slack_socket import listening_to

        return listening_to(self._listener(app))

    def routes(self, app: "App") -> list[Route]:
        """Where Slack sends to over HTTP: only where there is a signing secret to check it with."""
        if not self.settings.slack_signing_secret.get_secret_value():
            return []
        return [Route("/slack/events", self._listener(app).handle, methods=["POST"])]

    def _listener(self, app: "App") -> "Listening":
        from bot.channels.slack_listening import Listening

        if self._listening is None:
            self._listening = Listening(app, self)
        return self._listening

    def room(self, account: str) -> str:
        """The direct messages with somebody."""
        if account not in self.rooms:
            try:
                with calling():
                    told: Any = self.client.conversations_open(users=account)
            except (Refused, NotThere) as no:
                if lacks(no):
                    return account  # Slack takes a member's id in a channel's place, too
                if isinstance(no, Refused) and no.code in NOBODY and self._listening is not None:
                    self._listening.members.gone(account)
                raise
            self.rooms[account] = str(told["channel"]["id"])
        return self.rooms[account]

    def send_file(self, place: str, file: Attachment, *, thread: str = "") -> None:
        """Puts a file into a channel or direct messages, by Slack's name of it."""
        with calling():
            self.client.files_upload_v2(
                channel=place, thread_ts=thread or None, filename=file.name, title=file.name, content=file.content
            )

    def _post(self, posted: Posted, post: Post, shown: list[list[Block]], begun: "Begun") -> "Place":
        channel, _, thread = posted.conversation.partition(":")
        channel = self.room(channel) if posted.private else channel
        if begun.place is None and posted.unsure:
            begun.place = self._arrived(posted, channel, thread)
        for nth in range(len(begun.place.times) if begun.place else 0, len(shown)):
            begun.place = self._put(posted, post, shown[nth], nth, begun.place or Place(channel, ()), thread)
        assert begun.place is not None
        return begun.place

    def _put(self, posted: Posted, post: Post, blocks: list[Block], nth: int, place: "Place", thread: str) -> "Place":
        """Sends one of the messages of a post."""
        with calling():
            told: Any = self.client.chat_postMessage(
                channel=place.channel,
                text=preview(post),
                blocks=blocks,
                thread_ts=thread or None,
                metadata=_mark(posted, nth),
                unfurl_links=False,
                unfurl_media=False,
            )
        return Place(str(told.get("channel") or place.channel), (*place.times, str(told["ts"])))

    def _replace(self, place: "Place", posted: Posted, post: Post, shown: list[list[Block]], begun: "Begun") -> "Place":
        """Shows a post where an earlier one stands. What needs more messages than that is posted anew."""
        if len(shown) > len(place.times):
            self._delete(place)
            return self._post(posted, post, shown, begun)
        try:
            for nth, blocks in enumerate(shown):
                with calling():
                    self.client.chat_update(
                        channel=place.channel, ts=place.times[nth], text=preview(post), blocks=blocks
                    )
        except Refused as refused:
            if refused.code not in GONE:
                raise
            return self._post(posted, post, shown, begun)
        kept, rest = place.times[: len(shown)], place.times[len(shown) :]
        self._delete(Place(place.channel, rest))
        return Place(place.channel, kept)

    def _retire(self, place: "Place", post: Post, look: Look) -> None:
        """Takes the buttons off a message whose card is shown again further down; what cannot be changed stays."""
        try:
            with calling():
                self.client.chat_update(
                    channel=place.channel,
                    ts=place.times[0],
                    text=preview(post),
                    blocks=slack_blocks.retired(post, look),
                )
        except (Refused, NotThere) as no:
            log.info("an older card could not be changed in Slack", why=str(no))
        self._delete(Place(place.channel, place.times[1:]))

    def _delete(self, place: "Place") -> None:
        for each in place.times:
            try:
                with calling():
                    self.client.chat_delete(channel=place.channel, ts=each)
            except (Refused, NotThere) as no:
                log.info("an older message could not be taken out of Slack", why=str(no))

    def _arrived(self, posted: Posted, channel: str, thread: str) -> "Place | None":
        """The messages of this post that Slack has already, found by the mark that each of ours bears."""
        if thread:
            return None  # to read in channels would be more than we need to be allowed
        try:
            with calling():
                told: Any = self.client.conversations_history(channel=channel, limit=LATEST, include_all_metadata=True)
        except (Refused, NotThere) as no:
            log.info("what has arrived in Slack could not be looked up", why=str(no))
            return None
        rows: list[dict[str, Any]] = told.get("messages") or []
        marks = {_marked(each): str(each.get("ts")) for each in rows}
        times: list[str] = []
        while (posted.id, len(times)) in marks:
            times.append(marks[posted.id, len(times)])
        return Place(channel, tuple(times)) if times else None


class Place:
    """Where a post stands in Slack: a channel and the times of its messages."""

    def __init__(self, channel: str, times: tuple[str, ...]) -> None:
        self.channel, self.times = channel, times

    @property
    def name(self) -> str:
        return f"{self.channel}:{','.join(self.times)}"

    @classmethod
    def named(cls, name: str | None) -> "Place | None":
        channel, _, times = (name or "").partition(":")
        return cls(channel, tuple(times.split(","))) if times else None


@dataclass
class Begun:
    """What there is of a post that is not finished: its messages, and the files that were sent with it."""

    place: Place | None = None
    sent: attached.Sent = field(default_factory=attached.Sent)


def preview(post: Post) -> str:
    """What a notification shows: never anything personal, and nothing that Slack would read as markup."""
    text = post.preview or "Backdesk"
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _mark(posted: Posted, nth: int) -> dict[str, Any]:
    return {"event_type": "backdesk_post", "event_payload": {"post": posted.id, "part": nth}}


def _marked(message: dict[str, Any]) -> tuple[int, int]:
    """The post, and the part of it, that a message says it is; (0, 0) if it is none of ours."""
    mark: dict[str, Any] = message.get("metadata") or {}
    said: dict[str, Any] = mark.get("event_payload") or {}
    ours = mark.get("event_type") == "backdesk_post"
    return (int(said.get("post") or 0), int(said.get("part") or 0)) if ours else (0, 0)
