"""Slack as a bot meets it, on loopback: the Web API with its ways and limits. slack_sending.py sends what people do."""

import asyncio
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

from tests.wire.slack_checks import texts as texts_of
from tests.wire.slack_checks import wrong_with_blocks, wrong_with_message, wrong_with_view

BOT, BOT_ID, TEAM, APP = "U0BOT", "B0BOT", "T0SMALL", "A0BACKDESK"
TOKEN, APP_TOKEN, SECRET = "xoxb-test", "xapp-test", "signing-secret"

Doc = dict[str, Any]


@dataclass
class Fault:
    """What goes wrong with the next calls of a method ("*": of any).

    how      "429", "500", "html", "hang", "cut" (nothing was done), "lost" (done, and then cut), or an error code
    seconds  Retry-After; how long it hangs
    after    so many calls go well first
    """

    method: str
    how: str
    times: int = 1
    seconds: float = 1.0
    after: int = 0


@dataclass
class Message:
    """A message in a channel; `log` is everything that it ever said."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Doc]
    thread: str = ""
    metadata: Doc = field(default_factory=dict[str, Any])
    seen_by: str = ""
    log: list[str] = field(default_factory=list[str])

    @property
    def reads(self) -> str:
        """All that people read in it."""
        return texts_of(self.blocks) or self.text

    def buttons(self) -> list[Doc]:
        """Its buttons, in order."""
        return [each for block in self.blocks if block["type"] == "actions" for each in block["elements"]]

    def as_doc(self) -> Doc:
        doc: Doc = {"type": "message", "user": self.user, "text": self.text, "ts": self.ts, "blocks": self.blocks}
        doc |= {"thread_ts": self.thread} if self.thread else {}
        return doc | ({"metadata": self.metadata} if self.metadata else {})


class Slack:
    """A workspace and its Web API, served from a thread of its own.

    calls    every call: (method, arguments)
    wrong    what Slack would have refused of what was sent to it; a test ends with none
    installed  what auth.test says besides, where it belongs to an organisation
    """

    def __init__(self) -> None:
        self.users: dict[str, Doc] = {}
        self.rooms: dict[str, list[Message]] = {}
        self.calls: list[tuple[str, Doc]] = []
        self.wrong: list[str] = []
        self.faults: list[Fault] = []
        self.files: dict[str, Doc] = {}
        self.views: dict[str, Doc] = {}
        self.homes: dict[str, Doc] = {}
        self.unfurled: list[Doc] = []
        self.triggers: dict[str, float] = {}
        self.told: list[Doc] = []
        self.every: float | None = None
        self.installed: Doc = {}
        self.routes: list[web.RouteDef] = []
        self._last: dict[str, float] = {}
        self._number = 0
        self._lock = threading.RLock()
        self.loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="slack", daemon=True)
        self.port = 0
        self.join("", name="Backdesk", id=BOT, is_bot=True)

    # its life

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self.loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self._serve())
        self.loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.add_routes(
            [
                web.route("*", "/api/{method}", self._call),
                web.post("/upload/{file}", self._upload),
                web.get("/files/{file}", self._download),
                web.post("/respond/{number}", self._respond),
                *self.routes,
            ]
        )
        runner = web.AppRunner(app, shutdown_timeout=0.5)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.port = runner.addresses[0][1]
        self._ready.set()
        await self._stop.wait()
        await runner.cleanup()

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def api(self) -> str:
        """Where its Web API is."""
        return f"{self.address}/api/"

    # who and what is there

    def join(self, email: str, *, name: str = "", id: str = "", team: str = TEAM, **flags: Any) -> str:
        """Somebody joins the workspace; returns their id. Flags are those of users.info (deleted, is_bot, ...)."""
        id = id or f"U{email.partition('@')[0].upper().replace('.', '')}"
        profile = {"real_name": name or email, **({"email": email} if email else {})}
        doc: Doc = {"id": id, "team_id": team, "name": email, "deleted": False, "is_bot": False, "profile": profile}
        self.users[id] = {
            **doc,
            "is_restricted": False,
            "is_ultra_restricted": False,
            "is_email_confirmed": True,
        } | flags
        return id

    def room(self, user: str) -> str:
        """The direct messages of somebody with the bot."""
        return "D" + user[1:]

    def shown(self, place: str) -> list[Message]:
        """The messages of the bot in a channel, or to somebody, as they stand now."""
        room = self.room(place) if place.startswith(("U", "W")) else place
        with self._lock:
            return [each for each in self.rooms.get(room, ()) if each.user == BOT]

    def put(self, room: str, user: str, text: str, *, blocks: list[Doc] | None = None, thread: str = "") -> Message:
        """Puts a message into a channel."""
        with self._lock:
            self._number += 1
            ts = f"{int(time.time())}.{self._number:06d}"
            message = Message(room, ts, user, text, blocks or [], thread)
            message.log.append(message.reads)
            self.rooms.setdefault(room, []).append(message)
            return message

    def fail(self, method: str, how: str, *, times: int = 1, seconds: float = 1.0, after: int = 0) -> None:
        """Lets the next calls of a method go wrong."""
        self.faults.append(Fault(method, how, times, seconds, after))

    def called(self, method: str) -> list[Doc]:
        """The arguments of every call of a method, oldest first."""
        with self._lock:
            return [args for name, args in self.calls if name == method]

    def trigger(self) -> str:
        """A trigger, good once and for 3 seconds."""
        with self._lock:
            self._number += 1
            trigger = f"{self._number}.{TEAM}.trigger"
            self.triggers[trigger] = time.monotonic()
            return trigger

    # the Web API

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method, args = request.match_info["method"], await _arguments(request)
        token = str(args.pop("token", "") or request.headers.get("authorization", "").removeprefix("Bearer "))
        with self._lock:
            self.calls.append((method, args))
            fault = next((each for each in self.faults if each.method in (method, "*") and each.times), None)
            if fault is not None and fault.after:
                fault.after, fault = fault.after - 1, None
            elif fault is not None:
                fault.times -= 1
        if fault is not None and fault.how != "lost":
            return await self._faulty(fault, request)
        if token != (APP_TOKEN if method.startswith("apps.") else TOKEN):
            return web.json_response({"ok": False, "error": "invalid_auth"})
        if method == "chat.postMessage" and self.every is not None and (left := self._too_soon(str(args["channel"]))):
            return web.json_response(
                {"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": str(int(left) + 1)}
            )
        answer: Callable[[Doc], Doc] | None = getattr(self, "_" + method.replace(".", "_"), None)
        with self._lock:
            try:
                doc = {"ok": True, **answer(args)} if answer else {"ok": False, "error": "unknown_method"}
            except SlackSays as said:
                doc = {"ok": False, "error": str(said)}
        if fault is not None:
            return await self._faulty(Fault(method, "cut"), request)
        return web.json_response(doc)

    async def _faulty(self, fault: Fault, request: web.Request) -> web.StreamResponse:
        match fault.how:
            case "429":
                headers = {"Retry-After": f"{fault.seconds:g}"}
                return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
            case "500":
                return web.Response(status=500, text="upstream connect error")
            case "html":
                return web.Response(status=200, text="<html>a proxy says hello</html>", content_type="text/html")
            case "hang":
                await asyncio.sleep(fault.seconds)
                return web.json_response({"ok": False, "error": "internal_error"})
            case "cut":
                assert request.transport is not None
                request.transport.abort()
                return web.Response()
            case code:
                return web.json_response({"ok": False, "error": code})

    def _too_soon(self, channel: str) -> float:
        """Seconds to wait before the next message to a channel, where they are counted."""
        at, every = time.monotonic(), self.every or 0
        left = self._last.get(channel, -every) + every - at
        if left <= 0:
            self._last[channel] = at
        return max(0.0, left)

    def _auth_test(self, args: Doc) -> Doc:
        return {
            "url": "https://small.slack.example/",
            "team": "Small",
            "team_id": TEAM,
            "user_id": BOT,
            "bot_id": BOT_ID,
            **self.installed,
        }

    def _users_info(self, args: Doc) -> Doc:
        if args["user"] not in self.users:
            raise SlackSays("user_not_found")
        return {"user": self.users[args["user"]]}

    def _users_lookupByEmail(self, args: Doc) -> Doc:
        for each in self.users.values():
            if each["profile"].get("email") == args["email"] and not each["deleted"]:
                return {"user": each}
        raise SlackSays("users_not_found")

    def _conversations_open(self, args: Doc) -> Doc:
        user = self.users.get(str(args["users"]))
        if user is None:
            raise SlackSays("user_not_found")
        if user["deleted"]:
            raise SlackSays("user_disabled")
        return {"channel": {"id": self.room(user["id"])}}

    def _conversations_history(self, args: Doc) -> Doc:
        rows = [each.as_doc() for each in reversed(self.rooms.get(args["channel"], []))]
        return {"messages": rows[: int(args.get("limit", 100))], "has_more": False}

    def _conversations_replies(self, args: Doc) -> Doc:
        rows = [each for each in self.rooms.get(args["channel"], []) if args["ts"] in (each.ts, each.thread)]
        return {"messages": [each.as_doc() for each in rows][: int(args.get("limit", 100))]}

    def _chat_postMessage(self, args: Doc) -> Doc:
        channel = str(args["channel"])
        channel = self.room(channel) if channel in self.users else channel
        self._check(wrong_with_message(str(args.get("text", "")), args.get("blocks", [])))
        message = self.put(channel, BOT, str(args.get("text", "")), blocks=args.get("blocks", []))
        message.thread = str(args.get("thread_ts") or "")
        message.metadata = args.get("metadata") or {}
        return {"channel": channel, "ts": message.ts, "message": message.as_doc()}

    def _chat_postEphemeral(self, args: Doc) -> Doc:
        self._check(wrong_with_message(str(args.get("text", "")), args.get("blocks", [])))
        message = self.put(str(args["channel"]), BOT, str(args.get("text", "")), blocks=args.get("blocks", []))
        message.seen_by, message.thread = str(args["user"]), str(args.get("thread_ts") or "")
        return {"message_ts": message.ts}

    def _chat_update(self, args: Doc) -> Doc:
        message = self._message(args)
        self._check(wrong_with_message(str(args.get("text", "")), args.get("blocks", [])))
        message.text, message.blocks = str(args.get("text", "")), args.get("blocks", [])
        message.log.append(message.reads)
        return {"channel": message.channel, "ts": message.ts}

    def _chat_delete(self, args: Doc) -> Doc:
        self.rooms[args["channel"]].remove(self._message(args))
        return {}

    def _chat_unfurl(self, args: Doc) -> Doc:
        for each in args["unfurls"].values():
            self._check(wrong_with_blocks(each["blocks"], most=50))
        self.unfurled.append(args)
        return {}

    def _views_open(self, args: Doc) -> Doc:
        at = self.triggers.pop(str(args["trigger_id"]), None)
        if at is None:
            raise SlackSays("invalid_trigger_id")
        if time.monotonic() - at > 3:
            raise SlackSays("expired_trigger_id")
        return self._view(args["view"], id=f"V{len(self.views) + 1}")

    def _views_update(self, args: Doc) -> Doc:
        if args["view_id"] not in self.views:
            raise SlackSays("not_found")
        return self._view(args["view"], id=str(args["view_id"]))

    def _views_publish(self, args: Doc) -> Doc:
        self._check(wrong_with_view(args["view"]))
        self.homes[str(args["user_id"])] = args["view"]
        return {"view": args["view"]}

    def _view(self, view: Doc, *, id: str) -> Doc:
        self._check(wrong_with_view(view))
        self.views[id] = {**view, "id": id}
        return {"view": self.views[id]}

    def _files_getUploadURLExternal(self, args: Doc) -> Doc:
        file = f"F{len(self.files) + 1}"
        self.files[file] = {"id": file, "name": args["filename"], "length": int(args["length"]), "content": None}
        return {"file_id": file, "upload_url": f"{self.address}/upload/{file}"}

    def _files_completeUploadExternal(self, args: Doc) -> Doc:
        for each in args["files"]:
            if self.files[each["id"]]["content"] is None:
                raise SlackSays("file_not_found")
            self.files[each["id"]] |= {"channel": args.get("channel_id"), "thread": args.get("thread_ts")}
        return {"files": [{"id": each["id"]} for each in args["files"]]}

    def _files_info(self, args: Doc) -> Doc:
        if args["file"] not in self.files:
            raise SlackSays("file_not_found")
        return {"file": {key: value for key, value in self.files[args["file"]].items() if key != "content"}}

    def _message(self, args: Doc) -> Message:
        for each in self.rooms.get(args["channel"], ()):
            if each.ts == args["ts"] and each.user == BOT:
                return each
        raise SlackSays("message_not_found")

    def _check(self, wrong: list[str]) -> None:
        if wrong:
            self.wrong += wrong
            raise SlackSays("invalid_blocks")

    # files and response urls

    def keep_file(self, name: str, content: bytes, *, mime: str = "application/pdf") -> Doc:
        """A file that somebody uploaded, as a message or a form names it."""
        file = f"F{len(self.files) + 1}"
        self.files[file] = {"id": file, "name": name, "content": content}
        url = f"{self.address}/files/{file}"
        return {"id": file, "name": name, "mimetype": mime, "size": len(content), "url_private_download": url}

    async def _upload(self, request: web.Request) -> web.Response:
        content = await request.read()
        if len(content) != self.files[request.match_info["file"]]["length"]:
            return web.Response(status=400, text="wrong length")
        self.files[request.match_info["file"]]["content"] = content
        return web.Response(text=f"OK - {len(content)}")

    async def _download(self, request: web.Request) -> web.Response:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return web.Response(text="<html>sign in</html>", content_type="text/html")
        return web.Response(body=self.files[request.match_info["file"]]["content"])

    async def _respond(self, request: web.Request) -> web.Response:
        self.told.append({"to": request.match_info["number"], **await request.json()})
        return web.json_response({"ok": True})


class SlackSays(Exception):
    """An answer with ok: false; its text is the error."""


async def _arguments(request: web.Request) -> Doc:
    """What a call holds, however it came: JSON, a form or a query string; lists and objects as JSON in them."""
    args: Doc = dict(request.query)
    if request.content_type == "application/json":
        return args | json.loads(await request.read() or b"{}")
    args |= dict(await request.post())
    for name in ("blocks", "view", "metadata", "files", "unfurls"):
        if isinstance(args.get(name), str):
            args[name] = json.loads(args[name])
    return args
