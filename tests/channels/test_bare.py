"""Both platforms through servers that know a handful of methods: what is not there costs its own feature alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from backend import people
from backend.clock import StillClock
from backend.requests import Request
from backend.store import Store
from bot.app import App
from bot.channels.slack import Slack
from bot.channels.telegram import Telegram
from bot.settings import Settings
from tests.channel_contract import THURSDAY
from tests.office import Listener, found
from tests.waiting import until
from tests.wire.bare import APP_TOKEN, BOT_TOKEN, TOKEN, Bare


@pytest.fixture(params=[False, True], ids=["unknown", "pages"])
def bare(request: pytest.FixtureRequest) -> Iterator[Bare]:
    with Bare(pages=request.param) as server:
        yield server


@pytest.fixture
def app(bare: Bare, sqlite_url: str, tmp_path: Path, clock: StillClock) -> Iterator[App]:
    words = {
        "database_url": sqlite_url,
        "slack_bot_token": SecretStr(TOKEN),
        "slack_app_token": SecretStr(APP_TOKEN),
        "slack_api_url": f"{bare.address}/api",
        "telegram_bot_token": SecretStr(BOT_TOKEN),
        "telegram_api_url": bare.address,
        "quiet": False,
    }
    settings = Settings.at(tmp_path / "home").model_copy(update=words)
    store = Store(sqlite_url, clock=clock)
    found(store)
    slack, telegram, brain = Slack(settings), Telegram(settings), Listener()
    brain.meant = THURSDAY
    app = App(settings, store, channels=[slack, telegram], brain=brain)
    with store.writing() as session:
        for who, account in (("ana", "11"), ("maria", "12")):
            people.link(session, people.find(session, who), channel="telegram", account=account)
    with slack.listening(app), telegram.listening(app), app.running():
        yield app
    telegram.close()
    store.close()


def state(app: App) -> str:
    with app.store.looking() as session:
        request = session.get(Request, 1)
        return request.state if request else ""


def test_a_day_off_in_slack(app: App, bare: Bare) -> None:
    bare.says("U2", "hello")
    bare.says("U1", "I need Thursday off")
    until(lambda: "Send to Maria Silva" in bare.buttons("DU1"), what="the card")
    bare.presses("U1", bare.buttons("DU1")["Send to Maria Silva"])
    until(lambda: "Approve" in bare.buttons("DU2"), what="the card of who decides")
    bare.presses("U2", bare.buttons("DU2")["Reject"])
    until(lambda: len(bare.windows) == 1, what="a window")
    bare.presses("U2", bare.buttons("DU2")["Approve"])
    until(lambda: state(app) == "approved", what="the decision")
    until(lambda: "Approve" not in bare.buttons("DU2"), what="the card without its button")


def test_what_slack_has_that_we_do_not_know_is_passed_over(app: App, bare: Bare) -> None:
    for event in ({"type": "something_new", "x": 1}, {"type": "app_home_opened", "user": "U1", "tab": "home"}):
        bare.sends("events_api", {"type": "event_callback", "event": event})
    bare.sends("interactive", {"type": "view_closed", "user": {"id": "U1"}, "view": {"id": "V1"}})
    bare.says("U1", "I need Thursday off")
    until(lambda: "Send to Maria Silva" in bare.buttons("DU1"), what="the card")


def test_a_day_off_on_telegram(app: App, bare: Bare) -> None:
    for who in (11, 12):
        bare.happens(message={"message_id": 1, "from": {"id": who}, "chat": {"id": who}, "text": "/start"})
    bare.happens(poll={"id": "1"})
    bare.happens(message={"message_id": 2, "from": {"id": 11}, "chat": {"id": 11}, "text": "I need Thursday off"})
    until(lambda: any("Send to" in each for each in bare.keys(11)), what="the card")
    presses(bare, 11, "✅ Send to Maria Silva")
    until(lambda: any("Approve" in each for each in bare.keys(12)), what="the card of who decides")
    presses(bare, 12, "✅ Approve")
    until(lambda: state(app) == "approved", what="the decision")
    assert {"q11", "q12"} <= set(bare.released)


def presses(bare: Bare, who: int, label: str) -> None:
    message = {"message_id": 1, "chat": {"id": who}}
    data = bare.keys(who)[label]
    bare.happens(callback_query={"id": f"q{who}", "from": {"id": who}, "data": data, "message": message})
