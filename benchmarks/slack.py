"""An event from Slack: CPU until it is acknowledged, kept in the database, over slack-bolt with an empty listener."""

import asyncio
import hashlib
import hmac
import json
import re
import tempfile
import time
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult

from backend import schema
from backend.store import Store
from bot.app import App
from bot.channels.slack import Slack as SlackChannel
from bot.channels.slack_listening import Listening
from bot.settings import Settings
from tests.office import found
from tests.wire.slack import BOT, BOT_ID, SECRET, TEAM, TOKEN, Slack

EVENTS = 400
ROUNDS = 3


def measure() -> str:
    """One line: CPU milliseconds an event, ours and bare, one after the other and sixteen at once."""
    with tempfile.TemporaryDirectory() as folder, Slack() as slack:
        home = Path(folder)
        store = Store(f"sqlite:///{home / 'backdesk.db'}")
        schema.migrate(store)
        found(store)
        keys = {"slack_bot_token": SecretStr(TOKEN), "slack_signing_secret": SecretStr(SECRET)}
        settings = Settings.at(home).model_copy(update={**keys, "slack_api_url": slack.api})
        channel = SlackChannel(settings)
        listening = Listening(App(settings, store, channels=[channel]), channel)
        listening.lanes.put = lambda *_: None  # type: ignore[method-assign]  # what follows the acknowledgement
        told: list[str] = []
        for together in (1, 16):
            ours = min(asyncio.run(_spent(listening.bolt, together)) for _ in range(ROUNDS))
            bare = min(asyncio.run(_spent(_bare(), together)) for _ in range(ROUNDS))
            told.append(f"{together} at once {ours:.1f} ms, bare {bare:.1f} ms, above it {ours - bare:.1f} ms")
        store.close()
    return f"Slack event until acknowledged: {'; '.join(told)} of CPU"


def _bare() -> AsyncApp:
    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=TEAM, bot_user_id=BOT, bot_id=BOT_ID, bot_token=TOKEN)

    async def nothing() -> None:
        return None

    bolt = AsyncApp(signing_secret=SECRET, authorize=authorize)
    bolt.event(re.compile(""))(nothing)
    return bolt


async def _spent(bolt: AsyncApp, together: int) -> float:
    """Milliseconds of CPU an event, each with a valid signature and an id of its own."""
    asked = [_event(f"Ev{time.monotonic_ns()}{number}") for number in range(EVENTS)]
    before = time.process_time()
    for at in range(0, EVENTS, together):
        answers: list[Any] = await asyncio.gather(*map(bolt.async_dispatch, asked[at : at + together]))
        assert {each.status for each in answers} == {200}
    return (time.process_time() - before) / EVENTS * 1000


def _event(event: str) -> AsyncBoltRequest:
    said = {"type": "message", "channel_type": "im", "channel": "D0ANA", "user": "U0ANA", "text": "I need Thursday off"}
    body = json.dumps(
        {
            "type": "event_callback",
            "team_id": TEAM,
            "event_id": event,
            "event": {**said, "ts": "1.1", "team": TEAM},
            "authorizations": [{"team_id": TEAM, "user_id": BOT, "is_bot": True}],
        }
    )
    at = str(int(time.time()))
    mark = hmac.new(SECRET.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
    headers: dict[str, Any] = {
        "content-type": "application/json",
        "x-slack-request-timestamp": at,
        "x-slack-signature": f"v0={mark}",
    }
    return AsyncBoltRequest(body=body, headers=headers)
