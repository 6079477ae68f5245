"""Does what people did in Slack, once it is acknowledged: in threads, by way of the one hear()."""

import re
import time
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import structlog
from slack_sdk.webhook import WebhookClient
from sqlalchemy import select

from backend import files, papers, people
from backend.chats import Chat, Posted
from backend.forms import files_of
from backend.outbox import CannotDeliver, TryLater
from backend.people import Person
from backend.refusals import Refusal
from backend.words import say
from bot import replies
from bot.app import App
from bot.channels import slack_forms
from bot.channels.slack import NAME, Slack
from bot.channels.slack_blocks import Look, paragraphs
from bot.channels.slack_calls import SECONDS, calling
from bot.channels.slack_forms import Sheet
from bot.channels.slack_members import Members
from bot.channels.slack_reading import Came, Doc, Sort
from bot.message import Address, Attachment, Button, Called, Filled, Opened, Post, Pressed, Said, post_from

log = structlog.get_logger()

TOLD_AGAIN = 3600.0
"""Seconds after which somebody who is not known here is told so again."""
OUTSIDE = frozenset({"external", "tombstone", "hidden_by_limit"})
"""Files that Slack itself does not hold."""
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""Where a test server stands in for Slack, its files may be at another port."""


class _NoDetours(HTTPRedirectHandler):
    """Follows no redirect: our token goes to Slack and to nobody else."""

    def redirect_request(self, *words: Any, **more: Any) -> None:
        return None


class Doing:
    """What is done about everything that came in. Every method may take a while and is called in a thread."""

    def __init__(self, app: App, slack: Slack, members: Members) -> None:
        self.app, self.slack, self.members = app, slack, members
        self._told: dict[str, float] = {}

    def do(self, came: Came) -> None:
        """Hears what came; whoever may not be heard is told why, on the spot."""
        try:
            self.members.check(came.account, came.teams)
            self._meet_who_is_named(came)
            self._introduce(came)
            match came.sort:
                case Sort.SAID:
                    sent = self._attachments(came)
                    if sent or came.text.strip() or not came.files:
                        self.app.hear(Said(came.event, self._address(came), came.account, came.text, sent))
                case Sort.PRESSED:
                    self.app.hear(Pressed(came.event, self._address(came), came.account, came.token))
                case Sort.CALLED:
                    self.app.hear(Called(came.event, self._address(came), came.account, came.tool, dict(came.args)))
                case Sort.FETCHED:
                    self._fetch(came)
            self._point_to_answer(came)
        except Refusal as refusal:
            self.refuse(came, refusal)

    def refuse(self, came: Came, refusal: Refusal) -> None:
        """Tells somebody why not, so that only they see it; a stranger once an hour."""
        key = f"{came.account}:{refusal.text}"
        if (
            came.sort is Sort.SAID
            and not came.answer
            and time.monotonic() - self._told.get(key, -TOLD_AGAIN) < TOLD_AGAIN
        ):
            return
        self._told[key] = time.monotonic()
        self.whisper(came, say(self._language(came.account), refusal.text, **refusal.values))

    def whisper(self, came: Came, text: str) -> None:
        """Says something that only one person sees, where they are."""
        words: dict[str, Any] = {"text": "Backdesk", "blocks": paragraphs(text)}
        try:
            if came.answer and self._answered(came.answer, words):
                return
            with calling():
                if came.room and not came.room.startswith("D"):
                    self.slack.client.chat_postEphemeral(
                        channel=came.room, user=came.account, thread_ts=came.thread or None, **words
                    )
                else:
                    room = came.room or self.slack.room(came.account)
                    self.slack.client.chat_postMessage(channel=room, **words)
        except (TryLater, CannotDeliver) as error:
            log.warning("somebody could not be told in Slack", account=came.account, why=str(error))

    def _answered(self, address: str, words: dict[str, Any]) -> bool:
        """Answers a press or a command where Slack said; False where that way is closed, as after half an hour."""
        try:
            with calling():
                webhook = WebhookClient(address, timeout=SECONDS, retry_handlers=[])
                told = webhook.send(**words, response_type="ephemeral", replace_original=False)
        except TryLater as later:
            log.info("an answer was not taken in Slack", why=str(later))
            return False
        return told.status_code == HTTPStatus.OK

    def open_conversation(self, came: Came) -> None:
        """Somebody looks at their messages with us; the first time they are greeted."""
        try:
            self.members.check(came.account, came.teams)
            self._introduce(came)
        except Refusal as refusal:
            self.refuse(came, refusal)

    def greet(self, came: Came) -> None:
        """A command without a word: what can be said."""
        self.do(replace(came, sort=Sort.SAID))

    # forms

    def open_form(self, came: Came, *, ts: str, trigger: str) -> None:
        """Opens the form of a button; where it is of an old card, a window that says so."""
        try:
            self.members.check(came.account, came.teams)
        except Refusal as refusal:
            self.refuse(came, refusal)
            return
        found = self.button(came.account, came.token, room=came.room, ts=ts)
        look = Look(self._language(came.account))
        if found is None:
            view = slack_forms.word(look, look.say("This card was changed since: use the newest one."))
        else:
            post, language, button = found
            view = slack_forms.modal(button, Look(language), post=post)
        self._open(came, view, trigger)

    def begin(self, came: Came, *, trigger: str) -> None:
        """Begins a form from a command or a menu: its card is put in line, and its window opens at once."""
        self.do(came)
        with self.app.store.looking() as session:
            rows = session.scalars(select(Posted).where(Posted.cause == came.event, Posted.channel == NAME))
            found = next(((row.id, post_from(row.body)) for row in rows if row.current and row.card), None)
        if found is None or found[1].card is None:
            return
        button = next((each for each in found[1].card.buttons if each.verb == "change"), None)
        if button is not None and button.form is not None:
            self._open(came, slack_forms.modal(button, Look(found[1].language), post=found[0]), trigger)

    def add_line(self, account: str, view: Doc) -> None:
        """Shows one more line in an open form."""
        sheet = Sheet.from_text(str(view["private_metadata"]))
        found = self._on_post(account, sheet.post, sheet.token)
        if found is None or sheet.lines is None:
            return
        _, language, button = found
        held = slack_forms.held(view)
        shown = slack_forms.modal(button, Look(language), post=sheet.post, lines=sheet.lines + 1, held=held)
        if Sheet.from_text(shown["private_metadata"]).lines is None:
            return  # there is no room for it
        with calling():
            self.slack.client.views_update(view_id=view["id"], hash=view.get("hash"), view=shown)

    def submit(self, came: Came, view: Doc, *, open_: bool) -> Mapping[str, str]:
        """Does what a form says; returns what has to be mended, by block.

        open_  the form is still there to show it
        """
        try:
            self.members.check(came.account, came.teams)
            sheet = Sheet.from_text(str(view["private_metadata"]))
            filling = slack_forms.filled(view, sheet)
            for line, name, file in filling.files:
                into = filling.fields if line is None or filling.lines is None else filling.lines[line]
                kept, held = self._kept(came.account, file), files_of(into.get(name))
                into[name] = [*held, kept] if held else kept
        except Refusal as refusal:
            text = say(self._language(came.account), refusal.text, **refusal.values)
            return slack_forms.errors(view, {refusal.field or "": text})
        found = self._on_post(came.account, sheet.post, sheet.token)
        address, words = self._address(came), (came.account, sheet.token, filling.fields)
        if found is not None and (found[2].verb == "change" or found[2].line is not None):
            lines = slack_forms.whole_lines(found[2], filling)
            problems = self.app.hear(Filled(came.event, address, *words, lines), form_open=open_)
        else:
            problems = self.app.hear(Pressed(came.event, address, *words), form_open=open_)
        return slack_forms.errors(view, problems)

    def button(self, account: str, token: str, *, room: str, ts: str) -> tuple[int, str, Button] | None:
        """The button with a token, as it stands on a message: the post's number, its language, and the button."""
        with self.app.store.looking() as session:
            here = select(Posted).where(Posted.channel == NAME, Posted.conversation == account)
            here = here.order_by(Posted.id.desc())  # a card that was changed where it stands is shown as it is now
            rows = list(session.scalars(here.where(Posted.external.contains(ts)).limit(5))) if ts else []
            rows += session.scalars(here.where(Posted.current.is_(True)).limit(20))
            return next((found for row in rows if (found := _held_by(row, token)) is not None), None)

    def suggestions(self, account: str, view: Doc, block: str, said: str) -> list[Doc]:
        """The options of a long choice that fit what was typed."""
        sheet = Sheet.from_text(str(view["private_metadata"]))
        found = self._on_post(account, sheet.post, sheet.token)
        return slack_forms.suggestions(found[2], block, said) if found else []

    def _on_post(self, account: str, number: int, token: str) -> tuple[int, str, Button] | None:
        with self.app.store.looking() as session:
            row = session.get(Posted, number)
            return _held_by(row, token) if row is not None and row.conversation == account else None

    def _open(self, came: Came, view: Doc, trigger: str) -> None:
        """Opens a window; Slack allows it for three seconds, and whoever waited longer is told."""
        try:
            with calling():
                self.slack.client.views_open(trigger_id=trigger, view=view)
        except (TryLater, CannotDeliver) as error:
            log.warning("a window could not be opened in Slack", account=came.account, why=str(error))
            text = "The window did not open in time: please press once more, or write to me what it should say."
            self.whisper(came, say(self._language(came.account), text))

    # files

    def _attachments(self, came: Came) -> tuple[Attachment, ...]:
        """What came with a message; one that cannot be had is said so, and spoils no other."""
        out: list[Attachment] = []
        for each in came.files:
            try:
                out.append(self.download(each))
            except Refusal as refusal:
                self.refuse(came, refusal)
        return tuple(out)

    def download(self, file: Doc) -> Attachment:
        """A file that somebody put into Slack. Its address is only called where it is Slack's own."""
        name = str(file.get("name") or "file")
        if not (file.get("url_private_download") or file.get("url_private")) and file.get("id"):
            with calling():
                told: Any = self.slack.client.files_info(file=str(file["id"]))
            file = told["file"]
        address = str(file.get("url_private_download") or file.get("url_private") or "")
        if int(file.get("size") or 0) > files.LARGEST:
            raise Refusal("{name} is larger than 20 MB: please send a smaller one.", name=name)
        if file.get("mode") in OUTSIDE or not self._is_slack(address):
            raise Refusal("{name} is not kept in Slack, so I can't read it: please upload it here.", name=name)
        request = Request(address, headers={"authorization": f"Bearer {self.slack.client.token}"})  # noqa: S310
        try:
            with build_opener(_NoDetours).open(request, timeout=SECONDS) as answer:
                content, mime = answer.read(files.LARGEST + 1), str(answer.headers.get_content_type())
        except HTTPError as error:
            raise Refusal("{name} could not be fetched from Slack: please send it again.", name=name) from error
        except (URLError, OSError) as error:
            raise TryLater(f"a file could not be fetched: {type(error).__name__}") from error
        if mime == "text/html" and str(file.get("mimetype")) != "text/html":
            raise Refusal("{name} could not be fetched from Slack: please send it again.", name=name)
        return Attachment(name, content, str(file.get("mimetype") or "application/octet-stream"))

    def _is_slack(self, address: str) -> bool:
        found = urlsplit(address)
        api = urlsplit(self.slack.settings.slack_api_url or "https://slack.com")
        host = found.hostname or ""
        named = (host, found.port) == (api.hostname, api.port) or (host in LOOPBACK and api.hostname in LOOPBACK)
        return named or (found.scheme == "https" and (host == "files.slack.com" or host.endswith(".slack.com")))

    def _kept(self, account: str, file: Doc) -> str:
        attachment = self.download(file)
        with self.app.store.writing() as session:
            person = people.who_is(session, channel=NAME, account=account)
            folder = self.app.home / "files"
            name, content, mime = attachment.name, attachment.content, attachment.mime
            return files.keep(session, person, folder=folder, name=name, content=content, mime=mime).id

    def _fetch(self, came: Came) -> None:
        """Sends a file that belongs to a card, to who may see it."""
        sort, _, which = came.token.partition(":")
        with self.app.store.looking() as session:
            self.app.furnish(session)
            person = people.who_is(session, channel=NAME, account=came.account)
            if sort == "paper":
                _, number, name = which.split("/", 2)
                if replies.hidden(session, person, f"request:{number}", ceiling=self.app.ceiling(session, NAME)):
                    raise Refusal("The details are not for this channel: the web chat shows them.")
                paper = papers.find(session, int(number), name, reader=person)
                file = Attachment(paper.name, paper.make(), paper.mime)
            else:
                file = self._file(session, person, which)
        self.slack.send_file(self.slack.room(came.account), file)

    def _file(self, session: Any, person: Person, number: str) -> Attachment:
        row, content = files.fetch(session, number, folder=self.app.home / "files", reader=person)
        return Attachment(row.name, content, row.mime)

    # shared

    def _address(self, came: Came) -> Address:
        if came.private and came.room.startswith("D") and came.sort is Sort.SAID and not came.answer:
            self.slack.rooms[came.account] = came.room
        return Address(NAME, came.conversation, private=came.private)

    def _introduce(self, came: Came) -> None:
        """The first time somebody is here, they hear what this is, before anything else."""
        with self.app.store.looking() as session:
            person = people.who_is(session, channel=NAME, account=came.account)
            chat = session.get(Chat, (NAME, came.account, person.id))
        if chat is None or not chat.greeted:
            self.app.hear(Opened(f"slack:{came.account}:opened", Address(NAME, came.account), came.account))

    def _meet_who_is_named(self, came: Came) -> None:
        """Those who are mentioned are known by their account from now on, if they are colleagues."""
        for account in dict.fromkeys(re.findall(r"<@([UW]\w+)", came.text)[:5]):
            try:
                self.members.check(account)
            except Refusal:
                continue

    def _point_to_answer(self, came: Came) -> None:
        """Who asked in a channel is told where the answer is, if it is private."""
        here = came.room and came.room == self.slack.rooms.get(came.account)
        if here or came.sort is Sort.FETCHED or (came.private and not came.answer) or came.sort is Sort.PRESSED:
            return
        with self.app.store.looking() as session:
            answers = session.scalars(select(Posted.private).where(Posted.cause == came.event)).all()
        if True in answers:
            self.whisper(came, say(self._language(came.account), "I answered you in our direct messages."))

    def _language(self, account: str) -> str:
        with self.app.store.looking() as session:
            try:
                return people.who_is(session, channel=NAME, account=account).language
            except Refusal:
                return self.members.language(account)


def _held_by(row: Posted, token: str) -> tuple[int, str, Button] | None:
    post: Post = post_from(row.body)
    shown = [*(post.card.buttons if post.card else ()), *post.choices]
    return next(((row.id, post.language, each) for each in shown if each.token == token), None)
