"""An answer grows in one message while a model writes it, on Slack and on Telegram: by the real clients."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import select

from backend.chats import Posted
from backend.clock import StillClock
from bot.app import App
from knowledge.index import Index
from knowledge.publishing import publish_all
from tests.channels import slack_office, telegram_office
from tests.hosted.conftest import SECONDS
from tests.knowledge.conftest import LEAVE, doc
from tests.waiting import until
from tests.wire.openai import Server, calls, pauses
from tests.wire.telegram import FakeTelegram

QUESTION = "until when can unused vacation days be carried over?"
FIRST = "Unused vacation days may be carried over until 31 March"
WHOLE = f"{FIRST}. After that they lapse."


def reads_the_handbook(app: App) -> None:
    publish_all(app.store, [doc(LEAVE, "leave.md")], by=None)
    app.__dict__["index"] = Index(app.store)
    app.streaming_pace = 0.0


def answers(server: Server, app: App, look: Callable[[], None]) -> None:
    """The model looks the question up and writes two sentences; between them what was written is sent and looked at."""

    def meanwhile() -> None:
        until(lambda: begun(app), what="the first sentence")
        app.settle()
        look()

    words = (f"{FIRST} [1].", " After that they lapse [1].")
    server.plays = [calls(("look_policy", {"question": QUESTION})), pauses(*words, meanwhile=meanwhile)]


def begun(app: App) -> bool:
    with app.store.looking() as session:
        return any(each.body["text"].endswith("…") for each in session.scalars(select(Posted)))


def test_in_slack(server: Server, sqlite_url: str, tmp_path: Path, clock: StillClock) -> None:
    model: dict[str, Any] = {"model": "tiny", "openai_base_url": server.url, "model_seconds": SECONDS}
    with slack_office.hired(sqlite_url, home=tmp_path / "home", clock=clock, **model) as office:
        reads_the_handbook(office.app)
        seen: list[tuple[str, str]] = []

        def look() -> None:
            newest = office.newest(slack_office.ANA)
            seen.append((newest.ts, newest.reads))

        answers(server, office.app, look)
        last = office.says(slack_office.ANA, QUESTION)
        assert seen == [(last.ts, f"{FIRST}. …")]
        assert last.reads.startswith(WHOLE)
        office.app.index.close()


def test_on_telegram(server: Server, sqlite_url: str, tmp_path: Path, clock: StillClock) -> None:
    model: dict[str, Any] = {"model": "tiny", "openai_base_url": server.url, "model_seconds": SECONDS}
    with (
        FakeTelegram() as telegram,
        telegram_office.on_telegram(telegram, sqlite_url, tmp_path / "home", clock, **model) as office,
    ):
        reads_the_handbook(office.app)
        seen: list[tuple[int, str]] = []

        def look() -> None:
            newest = telegram.last(telegram_office.ANA)
            seen.append((newest.id, newest.text))

        answers(server, office.app, look)
        office.says("ana", QUESTION)
        last = telegram.last(telegram_office.ANA)
        assert seen == [(last.id, f"{FIRST}. …")]
        assert last.text.startswith(WHOLE)
        office.app.index.close()
