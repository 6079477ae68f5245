"""The small company in Slack: by slack-bolt over a socket or signed requests, against a Slack on loopback."""

import socket
import threading
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from pydantic import SecretStr

from backend.clock import StillClock
from backend.store import Store
from bot.app import App
from bot.channels import web
from bot.channels.slack import Slack as SlackChannel
from bot.settings import Settings
from tests.office import PEOPLE, Listener, Meant, found
from tests.waiting import until
from tests.wire import slack as wire
from tests.wire.slack import Message
from tests.wire.slack_sending import Sent, SlackPeople

ANA, MARIA, OLGA, ELENA, TOM = "UANA", "UMARIA", "UOLGA", "UELENA", "UTOM"


class SlackOffice:
    """Ana, Tom, Maria and the others, each with a Slack account of the same e-mail address."""

    def __init__(self, app: App, channel: SlackChannel, slack: SlackPeople, brain: Listener, clock: StillClock) -> None:
        self.app, self.channel, self.slack, self.brain, self.clock = app, channel, slack, brain, clock
        self.store = app.store

    @property
    def listener(self) -> Any:
        return self.channel._listening  # pyright: ignore[reportPrivateUsage]

    def settled(self) -> None:
        """Returns when all that came in is done and all that follows from it is sent."""
        until(lambda: self.listener.lanes.idle, what="the work")
        self.app.settle()

    def says(self, user: str, text: str, *, meant: Meant = (), **more: Any) -> Message:
        """Somebody writes; returns the newest message that they are shown."""
        self.brain.meant = meant
        sent = self.slack.says(user, text, **more)
        assert sent.acknowledged
        self.settled()
        return self.newest(user)

    def presses(self, user: str, label: str, **more: Any) -> Message:
        """Somebody presses a button of the newest message that has it."""
        sent = self.slack.presses(user, self.with_button(user, label), label, **more)
        assert sent.acknowledged
        self.settled()
        return self.newest(user)

    def opens_form(self, user: str, label: str) -> dict[str, Any]:
        """Somebody presses a button that opens a form; returns the form."""
        before = len(self.slack.views)
        self.presses(user, label)
        assert len(self.slack.views) == before + 1
        return self.form()

    def form(self) -> dict[str, Any]:
        """The form that was opened last."""
        return list(self.slack.views.values())[-1]

    def submits(self, user: str, view: dict[str, Any], values: dict[str, Any], **more: Any) -> Sent:
        """Somebody sends a form."""
        sent = self.slack.submits(user, view, values, **more)
        self.settled()
        return sent

    def newest(self, user: str) -> Message:
        """The last message to somebody, as it stands."""
        return self.slack.shown(user)[-1]

    def with_button(self, user: str, label: str) -> Message:
        """The newest message to somebody that has this button."""
        for message in reversed(self.slack.shown(user)):
            for each in message.buttons():
                if each["text"]["text"].startswith(label) or f":{label}:" in each["action_id"]:
                    return message
        raise AssertionError(f"{user} has no button {label}: {[each.reads for each in self.slack.shown(user)]}")

    def reads(self, user: str) -> str:
        """All that somebody reads, as it stands."""
        return "\n".join(each.reads for each in self.slack.shown(user))


@contextmanager
def hired(url: str, *, home: Path, clock: StillClock, http: bool = False, **settings: Any) -> Generator[SlackOffice]:
    """The small company in Slack, over a socket or over HTTP."""
    with ExitStack() as stack:
        slack = stack.enter_context(SlackPeople())
        for handle, name, *_ in PEOPLE:
            slack.join(f"{handle}@small.example", id=f"U{handle.upper()}", name=name)
        words: dict[str, Any] = {
            "database_url": url,
            "slack_bot_token": SecretStr(wire.TOKEN),
            "slack_app_token": SecretStr("" if http else wire.APP_TOKEN),
            "slack_signing_secret": SecretStr(wire.SECRET if http else ""),
            "slack_api_url": slack.api,
            "quiet": False,
        }
        home.mkdir(parents=True, exist_ok=True)
        config = Settings.at(home).model_copy(update=words | settings)
        store = Store(url, clock=clock)
        stack.callback(store.close)
        channel, brain = SlackChannel(config), Listener()
        app = App(config, store, channels=[channel], brain=brain)
        found(store)
        office = SlackOffice(app, channel, slack, brain, clock)
        if http:
            slack.to = stack.enter_context(_served(app))
        stack.enter_context(channel.listening(app))
        until(lambda: office.listener.members.not_met() == [], what="getting to know everybody")
        yield office
        office.settled()
        assert slack.wrong == []


@contextmanager
def _served(app: App) -> Generator[str]:
    """The web chat's address, where Slack sends to."""
    listening = socket.create_server(("127.0.0.1", 0))
    site = web.build(app, personas=False)
    server = uvicorn.Server(uvicorn.Config(site, log_config=None, access_log=False, lifespan="off"))
    thread = threading.Thread(target=lambda: server.run(sockets=[listening]), daemon=True)
    thread.start()
    until(lambda: server.started, what="the server")
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/slack/events"
    server.should_exit = True
    thread.join(10)
    listening.close()
