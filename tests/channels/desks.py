"""How people use the web chat, Slack and Telegram: the same moves, made on the wire of each."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from backend.forms import Widget, files_of
from bot.message import Button
from tests.channel_journeys import button
from tests.channels.slack_office import SlackOffice
from tests.channels.telegram_office import CHATS, TelegramOffice
from tests.office import Meant
from tests.waiting import until
from tests.web.conftest import Browser, Shop, seen
from tests.wire.telegram import Message

Values = Mapping[str, str | bool | bytes]


class WebDesk:
    """In the browser: forms are sent as the page has them, with what was filled in."""

    def __init__(self, shop: Shop) -> None:
        self.shop, self.app, self.brain, self.clock = shop, shop.app, shop.brain, shop.clock
        self._browsers: dict[str, Browser] = {}

    def _at(self, who: str) -> Browser:
        return self._browsers.setdefault(who, self.shop.browser(who))

    def says(self, who: str, text: str, *, meant: Meant = (), photo: bytes | None = None) -> None:
        more: dict[str, Any] = {"files": {"files": ("photo.jpg", photo, "image/jpeg")}} if photo else {}
        assert self._at(who).says(text, meant=meant, **more).status_code == 200

    def presses(self, who: str, label: str) -> None:
        assert self._at(who).presses(label).status_code == 200

    def fills(self, who: str, label: str, values: Values) -> None:
        browser = self._at(who)
        token = browser.token(label)
        shown = button(self.app, token)
        data, files = dict[str, Any](token=token, filled=shown.verb), dict[str, Any]()
        data |= {"lines": "1"} if shown.line is not None else {}
        for place, field in _fields(shown, first="l.0.f", form="f"):
            name, value = f"{place}.{field.widget.value}.{field.name}", values.get(field.name, field.value)
            if isinstance(value, bytes):
                files[name] = ("photo.jpg", value, "image/jpeg")
            elif field.widget is Widget.FILE:
                data[name] = ["", *files_of(value)]
            elif value not in (None, ""):
                data[name] = str(value).lower() if isinstance(value, bool) else str(value)
        assert browser.send("/press", data, **({"files": files} if files else {})).status_code == 200

    def opens(self, who: str, label: str) -> bytes:
        browser = self._at(who)
        links = re.findall(rf'href="([^"]+/files/[^"]+)"[^>]*>{re.escape(label)}', browser.page())
        answer = browser.client.get(unescape(links[-1]))
        assert answer.status_code == 200
        return bytes(answer.content)

    def reads(self, who: str) -> str:
        return seen(self._at(who).page())

    def offers(self, who: str) -> list[str]:
        return re.findall(r'data-verb="[\w:=-]+">([^<]+)<', self._at(who).page())


class SlackDesk:
    """In Slack: buttons, and windows."""

    def __init__(self, office: SlackOffice) -> None:
        self.office, self.app, self.brain, self.clock = office, office.app, office.brain, office.clock

    def says(self, who: str, text: str, *, meant: Meant = (), photo: bytes | None = None) -> None:
        files = (self.office.slack.keep_file("photo.jpg", photo, mime="image/jpeg"),) if photo else ()
        self.office.says(_member(who), text, meant=meant, files=files)

    def presses(self, who: str, label: str) -> None:
        self.office.presses(_member(who), label)

    def fills(self, who: str, label: str, values: Values) -> None:
        form = self.office.opens_form(_member(who), label)
        slack, said, files = self.office.slack, dict[str, Any](), dict[str, Any]()
        for name, value in values.items():
            if isinstance(value, bytes):
                files[name] = slack.keep_file("photo.jpg", value, mime="image/jpeg")
            else:
                said[name] = str(value).lower() if isinstance(value, bool) else value
        assert self.office.submits(_member(who), form, said, files=files).answer is None

    def opens(self, who: str, label: str) -> bytes:
        before = set(self.office.slack.files)
        self.office.presses(_member(who), label)
        room = self.office.slack.room(_member(who))
        sent = [each for name, each in self.office.slack.files.items() if name not in before]
        return next(each["content"] for each in sent if each.get("channel") == room)

    def reads(self, who: str) -> str:
        return self.office.reads(_member(who))

    def offers(self, who: str) -> list[str]:
        shown = self.office.slack.shown(_member(who))
        return [each["text"]["text"] for message in shown for each in message.buttons()]


class TelegramDesk:
    """On Telegram: forms are filled in step by step."""

    def __init__(self, office: TelegramOffice) -> None:
        self.office, self.app, self.brain, self.clock = office, office.app, office.brain, office.clock

    def says(self, who: str, text: str, *, meant: Meant = (), photo: bytes | None = None) -> None:
        if photo is None:
            self.office.says(who, text, meant=meant)
            return
        self.brain.meant = meant
        self.office.server.sends(CHATS[who], photo, caption=text)
        self.office.settle()

    def presses(self, who: str, label: str) -> None:
        self.office.presses(who, label)

    def fills(self, who: str, label: str, values: Values) -> None:
        card = self.office.card(who, label)
        token = next(each["callback_data"] for row in card.keyboard for each in row if label in each["text"])
        shown = button(self.app, token)
        self.office.presses(who, label)
        single = shown.line is None and len(shown.form or ()) == 1
        left = [(field, place) for place, field in _fields(shown, first="1. ", form="") if field.name in values]
        left.sort(key=lambda each: each[0].title not in card.text.split("\n"))  # what is asked for already
        for field, place in left:
            if place:
                self.office.presses(who, place)
            self._answers(who, card, field.title, values[field.name])
            if field.most > 1:  # the next page could come
                self.office.presses(who, "Done")
            if place:
                self.office.presses(who, "Done")
        if not single:
            self.office.presses(who, "Done")

    def _answers(self, who: str, card: Message, title: str, value: str | bool | bytes) -> None:
        """Somebody answers one of the questions, which is asked already if it must be; a yes or no is a press."""
        if any(title in each for each in card.labels):
            self.office.presses(who, title)
        match value:
            case bool():
                return
            case bytes():
                self.office.server.sends(CHATS[who], value)
                self.office.settle()
            case str():
                self.office.says(who, value)

    def opens(self, who: str, label: str) -> bytes:
        self.office.presses(who, label)
        until(lambda: self.office.server.last(CHATS[who]).file is not None, what="a file")
        return self.office.server.last(CHATS[who]).file or b""

    def reads(self, who: str) -> str:
        return "\n".join(self.office.server.texts(CHATS[who]))

    def offers(self, who: str) -> list[str]:
        return [each for message in self.office.server.chat(CHATS[who]) for each in message.labels]


def _member(who: str) -> str:
    return f"U{who.upper()}"


def _fields(shown: Button, *, first: str, form: str) -> list[tuple[str, Any]]:
    """The fields of a form with where each stands: in the form itself, or on its first line."""
    line = shown.lines[0] if shown.lines else shown.line or ()
    return [*((form, each) for each in shown.form or ()), *((first, each) for each in line)]
