"""The least that may stand in for Slack and Telegram: a handful of documented methods, and no field beyond the needed.

Other people's test servers are like this. Whatever else is called does not exist: Slack says `unknown_method` to it,
or 404 where `pages` is set, as a server does that has no such page; Telegram says 404.
"""

import asyncio
import json
import threading
import time
from itertools import count
from typing import Any, Self

from aiohttp import WSMsgType, web

from tests.waiting import until

Doc = dict[str, Any]
TOKEN, APP_TOKEN, BOT_TOKEN = "xoxb-bare", "xapp-bare", "77:bare"


class Bare:
    """Both platforms, on one port."""

    def __init__(self, *, pages: bool = False) -> None:
        self.pages = pages
        self.people = {"U1": "ana@small.example", "U2": "maria@small.example"}
        self.slack: dict[str, Doc] = {}
        self.windows: list[Doc] = []
        self.telegram: dict[int, Doc] = {}
        self.released: list[str] = []
        self.acknowledged: list[str] = []
        self._updates: list[Doc] = []
        self._number = count(1)
        self._socket: web.WebSocketResponse | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True, name="bare")
        self.port = 0

    def __enter__(self) -> Self:
        self._thread.start()
        until(lambda: self.port != 0, what="the bare server")
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._end = asyncio.Event()
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self._slack)
        app.router.add_get("/socket", self._link)
        app.router.add_route("*", "/bot{token}/{method}", self._telegram)
        runner = web.AppRunner(app, shutdown_timeout=0.2)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.port = runner.addresses[0][1]
        await self._end.wait()
        await runner.cleanup()

    # Slack

    async def _slack(self, request: web.Request) -> web.Response:
        args = await _arguments(request)
        method = request.match_info["method"]
        match method:
            case "auth.test":
                said: Doc = {"team_id": "T1", "user_id": "U0"}
            case "apps.connections.open":
                said = {"url": f"ws://127.0.0.1:{self.port}/socket"}
            case "users.info" if args["user"] in self.people:
                said = {"user": {"id": args["user"], "name": "x", "profile": {"email": self.people[args["user"]]}}}
            case "chat.postMessage" | "chat.update":
                ts = args.get("ts") or f"{int(time.time())}.{next(self._number):06d}"
                blocks = args.get("blocks") or "[]"
                blocks = json.loads(blocks) if isinstance(blocks, str) else blocks
                self.slack[ts] = {"channel": args["channel"], "text": args.get("text"), "blocks": blocks}
                said = {"channel": args["channel"], "ts": ts}
            case "views.open":
                view = args["view"]
                self.windows.append(json.loads(view) if isinstance(view, str) else view)
                said = {"view": {"id": "V1"}}
            case _ if self.pages:
                return web.Response(status=404, text="<h1>Not Found</h1>", content_type="text/html")
            case _:
                return web.json_response({"ok": False, "error": "unknown_method"})
        return web.json_response({"ok": True, **said})

    async def _link(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._socket = socket
        await socket.send_json({"type": "hello"})
        async for each in socket:
            if each.type == WSMsgType.TEXT and each.data.startswith("{"):
                self.acknowledged.append(str(json.loads(each.data).get("envelope_id")))
        return socket

    def sends(self, sort: str, payload: Doc) -> None:
        """Something happens in Slack; returns when it is acknowledged."""
        until(lambda: self._socket is not None, what="a socket")
        envelope = f"e{next(self._number)}"
        doc = {"envelope_id": envelope, "type": sort, "payload": payload}
        assert self._socket is not None
        asyncio.run_coroutine_threadsafe(self._socket.send_json(doc), self._loop).result(10)
        until(lambda: envelope in self.acknowledged, what=f"an acknowledgement of {payload}")

    def says(self, user: str, text: str) -> None:
        """Somebody writes to the bot in Slack."""
        event = {"type": "message", "user": user, "channel": f"D{user}", "text": text, "ts": f"{time.time():.6f}"}
        self.sends("events_api", {"type": "event_callback", "event": event})

    def presses(self, user: str, action: Doc) -> None:
        """Somebody presses a button in Slack."""
        trigger = f"t{next(self._number)}"
        self.sends(
            "interactive", {"type": "block_actions", "user": {"id": user}, "trigger_id": trigger, "actions": [action]}
        )

    def buttons(self, channel: str) -> dict[str, Doc]:
        """The buttons that somebody has in Slack, by what stands on them."""
        shown = [each for each in self.slack.values() if each["channel"] == channel]
        rows = [block for each in shown for block in each["blocks"] if block["type"] == "actions"]
        return {each["text"]["text"]: each for row in rows for each in row["elements"]}

    # Telegram

    async def _telegram(self, request: web.Request) -> web.Response:
        args = await _arguments(request)
        said: Any = True
        match request.match_info["method"]:
            case "getMe":
                said = {"id": 77, "is_bot": True, "first_name": "b", "username": "b_bot"}
            case "getUpdates":
                end = time.monotonic() + 1
                offset = int(args.get("offset", 0))
                while not (said := [e for e in self._updates if e["update_id"] >= offset]) and time.monotonic() < end:
                    await asyncio.sleep(0.02)
            case "sendMessage":
                number, chat = next(self._number), int(args["chat_id"])
                self.telegram[number] = {"chat": chat, "text": args["text"], "keys": args.get("reply_markup")}
                said = {"message_id": number, "date": 1, "chat": {"id": chat, "type": "private"}, "text": args["text"]}
            case "answerCallbackQuery":
                self.released.append(str(args["callback_query_id"]))
            case _:
                return web.json_response({"ok": False, "error_code": 404, "description": "Not Found"}, status=404)
        return web.json_response({"ok": True, "result": said})

    def happens(self, **update: Any) -> None:
        """Something happens on Telegram."""
        self._updates.append({"update_id": next(self._number), **update})

    def keys(self, chat: int) -> dict[str, str]:
        """What comes back from the buttons in a chat, by what stands on them."""
        shown = [each["keys"] for each in self.telegram.values() if each["chat"] == chat and each["keys"]]
        rows: list[Any] = [row for each in shown for row in json.loads(each)["inline_keyboard"]]
        return {each["text"]: each["callback_data"] for row in rows for each in row}


async def _arguments(request: web.Request) -> Doc:
    """What a method was called with: in the address, as a form, or as JSON."""
    args: Doc = {**request.query, **(await request.post())}
    body = await request.text() if request.content_type == "application/json" else ""
    return args | (json.loads(body) if body else {})
