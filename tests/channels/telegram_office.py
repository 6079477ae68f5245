"""The small company on Telegram: people who write and press in their own program, against a Telegram on loopback."""

from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from pydantic import SecretStr
from sqlalchemy import select

from backend import people, signin
from backend.clock import StillClock
from backend.received import Received
from backend.store import Store
from bot.app import App
from bot.channels import web
from bot.channels.telegram import NAME, Telegram
from bot.commands_run import bind
from bot.settings import Settings
from tests.office import Listener, Meant, found
from tests.waiting import until
from tests.wire.telegram import TOKEN, FakeTelegram, Message

ANA, MARIA, STRANGER, GROUP = 1001, 1002, 6666, -100500
KEPT = select(Received.event)  # it is asked every few milliseconds: made once
CHATS = {"ana": ANA, "maria": MARIA, "olga": 1003, "tom": 1004, "elena": 1005}


def settings_for(server: FakeTelegram, home: Path | None = None, *, url: str = "", **more: Any) -> Settings:
    """The settings of an installation that talks to this Telegram."""
    words = {"telegram_bot_token": SecretStr(TOKEN), "telegram_api_url": url or server.url, **more}
    return Settings.at(home).model_copy(update=words)


class TelegramOffice:
    """Ana and Maria are linked and have pressed Start; nobody else is."""

    def __init__(self, app: App, channel: Telegram, server: FakeTelegram, clock: StillClock, brain: Listener) -> None:
        self.app = app
        self.channel = channel
        self.server = server
        self.clock = clock
        self.brain = brain
        self._ear = ExitStack()

    def listen(self) -> None:
        """Begins to listen."""
        self._ear.enter_context(self.channel.listening(self.app))

    def deafen(self) -> None:
        """Stops listening, as when the process ends."""
        self._ear.close()

    def says(self, who: str | int, text: str, *, meant: Meant = (), **more: object) -> list[str]:
        """Somebody writes; returns what came into the chat since."""
        self.brain.meant = meant
        user = CHATS[who] if isinstance(who, str) else who
        before = {each.id for each in self.server.chat(user)}
        self.server.says(user, text, **more)  # pyright: ignore[reportArgumentType]
        self.settle()
        return [each.text for each in self.server.chat(user) if each.id not in before]

    def presses(self, who: str, label: str, *, on: Message | None = None) -> Message:
        """Somebody presses the button under their newest message that has one; returns that message as it is then."""
        message = on or self.card(who, label)
        query = self.server.presses(CHATS[who], message, label)
        self.settle()
        until(lambda: query in self.server.answered, what="an answer to the press")
        return message

    def card(self, who: str, label: str) -> Message:
        """The newest message with such a button."""
        shown = reversed(self.server.chat(CHATS[who]))
        return next(each for each in shown if any(label.lower() in one.lower() for one in each.labels))

    def settle(self) -> None:
        """Waits until all that was written and pressed is done, and sends what is due."""
        done = "what was sent to the bot"
        until(lambda: self.server.waiting == 0 and not self._open(), seconds=90, what=done)
        self.app.settle()

    def link(self, who: str) -> str:
        """A code that links somebody's account."""
        with self.app.store.writing() as session:
            return signin.make_link(session, people.find(session, who), purpose=signin.TELEGRAM, by=None)

    def _open(self) -> set[str]:
        """What was kept and is not done; that it is done is written down a little later, and not waited for."""
        with self.app.store.looking() as session:
            kept = set(session.scalars(KEPT))
        listening: Any = self.channel._listening  # pyright: ignore[reportPrivateUsage]
        return kept - set(listening._intake._done if listening else ())


@contextmanager
def on_telegram(
    server: FakeTelegram,
    url: str,
    home: Path,
    clock: StillClock,
    *,
    linked: Sequence[str] = ("ana", "maria"),
    started: bool = True,
    **more: Any,
) -> Generator[TelegramOffice]:
    """The company, listening: by webhook where there is a secret for one, else it asks."""
    home.mkdir(parents=True, exist_ok=True)
    store, brain = Store(url, clock=clock), Listener()
    settings = settings_for(server, home, database_url=url, **more)
    channel = Telegram(settings)
    app = App(settings, store, channels=[channel], brain=brain)
    found(store)
    with store.writing() as session:
        for who in linked:
            people.link(session, people.find(session, who), channel=NAME, account=str(CHATS[who]))
    office = TelegramOffice(app, channel, server, clock, brain)
    port = urlsplit(settings.public_url).port
    with served(app, port) if port else nullcontext():
        office.listen()
        until(lambda: not port or bool(server.webhook), what="the webhook")
        for who in linked if started else ():
            office.says(who, "/start")
        yield office
        office.deafen()
    channel.close()
    store.close()


@contextmanager
def served(app: App, port: int) -> Generator[None]:
    """The web server, in a thread, until the block ends."""
    listening = bind("127.0.0.1", port)
    server = uvicorn.Server(uvicorn.Config(web.build(app, personas=False), log_config=None, lifespan="off"))
    thread = Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    until(lambda: server.started, what="the web server")
    yield
    server.should_exit = True
    thread.join(10)
    listening.close()
