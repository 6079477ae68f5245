"""A Telegram update until it is acknowledged, over the bare library doing nothing, measured in the same minute."""

import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.types import ASGIApp

SECRET, PATH = "a-secret", "/telegram/webhook"
COUNT = 500


def measure() -> str:
    """One line: CPU milliseconds an update, here and with python-telegram-bot alone."""
    with tempfile.TemporaryDirectory() as folder:
        rounds = [(_cost("bare", folder), _cost("backdesk", folder)) for _ in range(3)]
    bare, ours = min(each[0] for each in rounds), min(each[1] for each in rounds)
    return f"telegram: {ours:.2f} ms of CPU until an update is kept and acknowledged; the bare library {bare:.2f} ms"


def _cost(sort: str, folder: str) -> float:
    command = [sys.executable, "-m", "benchmarks.channels", sort, folder]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    try:
        port = int(process.stdout.readline())
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        _send(connection, range(10_000, 10_100))
        before = cpu(process.pid)
        _send(connection, range(time.monotonic_ns() % 10**9, time.monotonic_ns() % 10**9 + COUNT)[:COUNT])
        spent = cpu(process.pid) - before
        connection.close()
        return spent / COUNT * 1000
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def _send(connection: http.client.HTTPConnection, numbers: Sequence[int]) -> None:
    person, chat = {"id": 7, "is_bot": False, "first_name": "U"}, {"id": 7, "type": "private"}
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}
    for number in numbers:
        message = {"message_id": number, "date": 1_700_000_000, "from": person, "chat": chat, "text": "hello"}
        connection.request("POST", PATH, json.dumps({"update_id": number, "message": message}), headers)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status


def cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _serve(sort: str, folder: str) -> None:
    import uvicorn

    import backdesk
    from bot.commands_run import bind

    assert backdesk  # imported for what it does: it puts the folders on the path
    listening = bind("127.0.0.1", 0)
    app = _bare() if sort == "bare" else _backdesk(Path(folder), listening.getsockname()[1])
    print(listening.getsockname()[1], flush=True)
    uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off")).run(sockets=[listening])


def _bare() -> "ASGIApp":
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route
    from telegram import Bot, Update

    bot = Bot("4242:nobody")

    async def taken(request: Request) -> Response:
        Update.de_json(json.loads(await request.body()), bot)
        return Response()

    return Starlette(routes=[Route(PATH, taken, methods=["POST"])])


def _backdesk(home: Path, port: int) -> "ASGIApp":
    from contextlib import ExitStack

    from pydantic import SecretStr

    from bot.app import build
    from bot.channels import telegram_listening, web
    from bot.channels.telegram import Telegram
    from bot.settings import Settings

    class Keeping(telegram_listening.Listening):
        """Keeps what comes and does nothing about it: what is done later is not what is measured."""

        def _line_up(self, parcel: Any) -> None:
            pass

    telegram_listening.Listening = Keeping
    words = {
        "telegram_bot_token": SecretStr("4242:nobody"),
        "telegram_webhook_secret": SecretStr(SECRET),
        "telegram_api_url": "http://127.0.0.1:9",
        "public_url": f"http://127.0.0.1:{port}",
    }
    settings = Settings.at(home).model_copy(update=words)
    channel = Telegram(settings)
    app = build(settings, channels=[channel])
    ExitStack().enter_context(channel.listening(app))
    return web.build(app, personas=False)


if __name__ == "__main__":
    _serve(*sys.argv[1:])
