"""A Telegram of our own on loopback: the Bot API as far as a bot uses it, with its limits, errors and faults."""

import asyncio
import json
import re
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from tests.waiting import until
from tests.wire.telegram_html import BadRequest, read, units

TOKEN = "4242:fake-token-of-the-tests"
BOT = {"id": 4242, "is_bot": True, "first_name": "Backdesk", "username": "backdesk_test_bot"}
SECRET = "x-telegram-bot-api-secret-token"


@dataclass
class Message:
    """A message in a chat as its readers see it now; `pushed` is what their phone showed when it came."""

    id: int
    chat: int
    text: str = ""
    marks: list[tuple[str, int, int]] = field(default_factory=list[tuple[str, int, int]])
    keyboard: list[list[dict[str, str]]] = field(default_factory=list[list[dict[str, str]]])
    pushed: str = ""
    file: bytes | None = None
    name: str = ""
    caption: str = ""
    deleted: bool = False
    topic: int | None = None
    reply_to: int | None = None

    @property
    def labels(self) -> list[str]:
        """What stands on its buttons, in order."""
        return [each["text"] for row in self.keyboard for each in row]


@dataclass
class Fault:
    """What happens instead of an answer: 429 (with `after` seconds), 500, 401, "hang", or "cut" (done, not said).

    "": nothing, the call goes well
    """

    what: int | str
    after: int = 1
    description: str = ""


class FakeTelegram:
    """The server. Its users write, press and block; the bot's calls are kept in `calls`."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.messages: dict[tuple[int, int], Message] = {}
        self.faults: dict[str, deque[Fault]] = {}
        self.started: set[int] = set()
        self.blocked: set[int] = set()
        self.names: dict[int, tuple[str, str]] = {}
        self.commands: dict[tuple[str, str], list[dict[str, str]]] = {}
        self.answered: list[str] = []
        self.webhook: dict[str, Any] = {}
        self.revoked = False
        self.delivered: list[tuple[int, int]] = []
        """(update, status) of each delivery to the webhook."""
        self._updates: list[dict[str, Any]] = []
        self._seen: list[dict[str, Any]] = []
        self._queries: set[str] = set()
        self._files: dict[str, tuple[bytes, str, int]] = {}
        self._next = 1000
        self._update = 70_000
        self._loop = asyncio.new_event_loop()
        self._new: asyncio.Event = asyncio.Event()
        self._asking: asyncio.Event = asyncio.Event()
        self._lock = threading.RLock()
        self.port = 0
        self._thread = threading.Thread(target=self._serve, daemon=True, name="fake telegram")

    # running it

    def __enter__(self) -> "FakeTelegram":
        self._thread.start()
        until(lambda: self.port != 0, what="the fake Telegram")
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    @property
    def url(self) -> str:
        """The address to use in place of https://api.telegram.org."""
        return f"http://127.0.0.1:{self.port}"

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._begin())
        self._loop.run_forever()

    async def _begin(self) -> None:
        app = web.Application(client_max_size=60 * 1024 * 1024)
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/{path:.*}", self._download)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self._client = ClientSession(timeout=ClientTimeout(total=10))
        self._sender = asyncio.ensure_future(self._send_to_webhook())
        self.port = self._runner.addresses[0][1]

    async def _end(self) -> None:
        await self._client.close()
        self._next_to_ask()
        await self._runner.cleanup()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for each in left:
            each.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    # what its users do

    def says(
        self,
        user: int,
        text: str,
        *,
        chat: int | None = None,
        topic: int | None = None,
        language: str = "en",
        **more: Any,
    ) -> int:
        """A user writes; in their private chat unless another is named. Returns the update's number."""
        chat = chat or user
        if chat == user and text.startswith("/start"):
            self.started.add(user)
        entities = [
            {"type": "bot_command", "offset": 0, "length": len(found[0])}
            for found in [re.match(r"/\S+", text)]
            if found
        ]
        entities += [
            {"type": "mention", "offset": units(text[: found.start()]), "length": len(found[0])}
            for found in re.finditer(r"@\w+", text)
        ]
        message = {"text": text, "entities": entities, **({"message_thread_id": topic} if topic else {}), **more}
        return self._hear(user, chat, message, language)

    def sends(
        self,
        user: int,
        content: bytes,
        name: str = "",
        *,
        caption: str = "",
        size: int | None = None,
        mime: str = "application/pdf",
        album: str = "",
        chat: int | None = None,
    ) -> int:
        """A user sends a file: a document under its name, a photo where it has none."""
        with self._lock:
            id = f"file{len(self._files)}"
            self._files[id] = (content, name or "photos/file_1.jpg", size or len(content))
        told = {"file_id": id, "file_unique_id": id, "file_size": size or len(content)}
        what: dict[str, Any] = {"document": {**told, "file_name": name, "mime_type": mime}}
        if not name:
            small = {**told, "file_id": f"{id}-small", "file_unique_id": f"{id}-small", "file_size": 9}
            what = {"photo": [{**small, "width": 90, "height": 60}, {**told, "width": 900, "height": 600}]}
        more = {"media_group_id": album} if album else {}
        return self._hear(user, chat or user, {**what, **({"caption": caption} if caption else {}), **more}, "en")

    def presses(self, user: int, message: Message, label: str) -> str:
        """A user presses the button that begins with this; returns the query's id."""
        found = [each for row in message.keyboard for each in row if label.lower() in each["text"].lower()]
        assert found, f"no button {label!r} among {message.labels}"
        return self.presses_data(user, message, found[0]["callback_data"])

    def presses_data(self, user: int, message: Message, data: str) -> str:
        """A user presses a button by what comes back from it."""
        with self._lock:
            query = f"query{self._update}"
            self._queries.add(query)
        body = {
            "callback_query": {
                "id": query,
                "from": self._user(user, "en"),
                "chat_instance": "1",
                "data": data,
                "message": {**self._shown(message), "from": BOT},
            }
        }
        self._put(body)
        return query

    def blocks(self, user: int, *, blocked: bool = True) -> None:
        """A user blocks the bot, or lets it in again."""
        (self.blocked.add if blocked else self.blocked.discard)(user)
        was, becomes = ("member", "kicked") if blocked else ("kicked", "member")
        member = {"user": BOT}
        self._put(
            {
                "my_chat_member": {
                    "chat": self._chat(user),
                    "from": self._user(user, "en"),
                    "date": 1_700_000_000,
                    "old_chat_member": {**member, "status": was, "until_date": 0},
                    "new_chat_member": {**member, "status": becomes, "until_date": 0},
                }
            }
        )

    def sends_again(self, update: int) -> None:
        """Telegram delivers an update once more, as it does where an answer was lost."""
        with self._lock:
            found = next(each for each in self._seen if each["update_id"] == update)
        self._put(dict(found))

    # what can be seen

    def chat(self, chat: int) -> list[Message]:
        """What stands in a chat now, oldest first."""
        with self._lock:
            return [each for (where, _), each in sorted(self.messages.items()) if where == chat and not each.deleted]

    def last(self, chat: int) -> Message:
        """The newest message in a chat."""
        return self.chat(chat)[-1]

    def texts(self, chat: int) -> list[str]:
        """What stands in a chat, as texts."""
        return [each.text or each.caption or each.name for each in self.chat(chat)]

    def made(self, method: str) -> list[dict[str, Any]]:
        """The calls of a method that the bot made."""
        with self._lock:
            return [params for name, params in self.calls if name == method]

    def fails(self, method: str, *faults: Fault) -> None:
        """The next calls of a method go wrong, one after the other."""
        self.faults.setdefault(method, deque()).extend(faults)

    @property
    def waiting(self) -> int:
        """Updates that the bot has not fetched yet."""
        with self._lock:
            return len(self._updates)

    # inside

    def _user(self, user: int, language: str) -> dict[str, Any]:
        first, last = self.names.get(user, (f"User {user}", ""))
        return {"id": user, "is_bot": False, "first_name": first, "last_name": last, "language_code": language}

    def _chat(self, chat: int) -> dict[str, Any]:
        if chat > 0:
            return {"id": chat, "type": "private", "first_name": "x"}
        return {"id": chat, "type": "supergroup", "title": "Everybody"}

    def _hear(self, user: int, chat: int, message: dict[str, Any], language: str) -> int:
        with self._lock:
            self._next += 1
            number = self._next
        body = {
            "message_id": number,
            "date": 1_700_000_000,
            "chat": self._chat(chat),
            "from": self._user(user, language),
        }
        return self._put({"message": {**body, **message}})

    def _put(self, body: dict[str, Any]) -> int:
        with self._lock:
            if "update_id" not in body:
                self._update += 1
                body = {"update_id": self._update, **body}
            self._updates.append(body)
            self._seen = [*self._seen, body]
            number = int(body["update_id"])
        self._loop.call_soon_threadsafe(self._wake)
        return number

    def _wake(self) -> None:
        self._new.set()
        self._asking.set()

    def _next_to_ask(self) -> asyncio.Event:
        """What wakes the one that asks for updates from now on; whoever asked before is told to stop."""
        self._asking.set()
        self._asking = asyncio.Event()
        return self._asking

    def _shown(self, message: Message) -> dict[str, Any]:
        return {
            "message_id": message.id,
            "date": 1_700_000_000,
            "chat": self._chat(message.chat),
            "text": message.text,
            **({"message_thread_id": message.topic} if message.topic else {}),
        }

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        params = await _params(request)
        with self._lock:
            self.calls.append((method, {k: v for k, v in params.items() if not isinstance(v, bytes)}))
            queue = self.faults.get(method)
            fault = queue.popleft() if queue else None
            fault = fault if fault is not None and fault.what else None
        if request.match_info["token"] != TOKEN or self.revoked:
            return _error(401, "Unauthorized")
        if fault is not None and fault.what != "cut":
            return await self._faulty(fault)
        handler: Callable[[dict[str, Any]], Any] | None = getattr(self, f"do_{method}", None)
        if handler is None:
            return _error(404, "Not Found")
        try:
            result = handler(params)
            result = await result if asyncio.iscoroutine(result) else result
        except BadRequest as bad:
            code = 403 if str(bad).startswith("Forbidden") else 409 if str(bad).startswith("Conflict") else 400
            return _error(code, str(bad) if code != 400 else f"Bad Request: {bad}")
        if fault is not None:
            assert request.transport is not None
            request.transport.close()  # done, but nobody is told
        return web.json_response({"ok": True, "result": result})

    async def _faulty(self, fault: Fault) -> web.Response:
        if fault.what == "hang":
            await asyncio.sleep(3600)
        code = int(fault.what)
        if code == 429:
            return _error(429, f"Too Many Requests: retry after {fault.after}", retry_after=fault.after)
        return _error(
            code, fault.description or {401: "Unauthorized", 502: "Bad Gateway"}.get(code, "Internal Server Error")
        )

    async def _download(self, request: web.Request) -> web.Response:
        path = request.match_info["path"]
        found = next((content for id, (content, _, _) in self._files.items() if path.startswith(f"{id}/")), None)
        if request.match_info["token"] != TOKEN or found is None:
            return _error(404, "Not Found")
        return web.Response(body=found)

    async def _send_to_webhook(self) -> None:
        while True:
            await self._new.wait()
            if not self.webhook.get("url") or not self._updates:
                self._new.clear()
                continue
            update = self._updates[0]
            headers = {SECRET: self.webhook["secret_token"]} if self.webhook.get("secret_token") else {}
            try:
                async with self._client.post(self.webhook["url"], json=update, headers=headers) as answer:
                    status = answer.status
            except (ClientError, TimeoutError):
                status = 0
            self.delivered.append((update["update_id"], status))
            if 200 <= status < 300:
                with self._lock:
                    self._updates.pop(0)
            else:
                await asyncio.sleep(0.05)

    # the methods

    def do_getMe(self, params: dict[str, Any]) -> dict[str, Any]:
        return {**BOT, "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}

    async def do_getUpdates(self, params: dict[str, Any]) -> list[dict[str, Any]]:
        if self.webhook.get("url"):
            raise BadRequest("Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first")
        mine = self._next_to_ask()
        offset, limit = int(params.get("offset", 0)), int(params.get("limit", 100))
        end = asyncio.get_running_loop().time() + min(float(params.get("timeout", 0)), 2.0)
        with self._lock:
            self._updates = [each for each in self._updates if each["update_id"] >= offset or offset <= 0]
        while True:
            mine.clear()
            if self._asking is not mine:
                raise BadRequest("Conflict: terminated by other getUpdates request; make sure that only one bot runs")
            with self._lock:
                found = self._updates[:limit]
            left = end - asyncio.get_running_loop().time()
            if found or left <= 0:
                return found
            with suppress(TimeoutError):
                await asyncio.wait_for(mine.wait(), left)

    def do_setWebhook(self, params: dict[str, Any]) -> bool:
        secret = params.get("secret_token", "")
        if secret and not re.fullmatch(r"[\w-]{1,256}", secret):
            raise BadRequest("secret token contains unallowed characters")
        self.webhook = dict(params)
        self._new.set()
        return True

    def do_deleteWebhook(self, params: dict[str, Any]) -> bool:
        self.webhook = {}
        return True

    def do_getWebhookInfo(self, params: dict[str, Any]) -> dict[str, Any]:
        return {
            "url": self.webhook.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates),
        }

    def do_setMyCommands(self, params: dict[str, Any]) -> bool:
        commands = json.loads(params["commands"])
        for each in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", each["command"]) or not 1 <= len(each["description"]) <= 256:
                raise BadRequest("BOT_COMMAND_INVALID")
        scope = json.loads(params.get("scope", '{"type": "default"}'))["type"]
        self.commands[scope, params.get("language_code", "")] = commands
        return True

    def do_sendMessage(self, params: dict[str, Any]) -> dict[str, Any]:
        chat = self._reachable(params)
        text, marks = _text(params, "text", 4096)
        return self._keep(chat, params, text=text, marks=marks, pushed=text)

    def do_editMessageText(self, params: dict[str, Any]) -> dict[str, Any]:
        message = self._known(params)
        text, marks = _text(params, "text", 4096)
        keyboard = _keyboard(params)
        if (message.text, message.marks, message.keyboard) == (text, marks, keyboard):
            raise BadRequest(
                "message is not modified: specified new message content and reply markup are exactly the same "
                "as a current content and reply markup of the message"
            )
        message.text, message.marks, message.keyboard = text, marks, keyboard
        return self._shown(message)

    def do_editMessageReplyMarkup(self, params: dict[str, Any]) -> dict[str, Any]:
        message = self._known(params)
        keyboard = _keyboard(params)
        if message.keyboard == keyboard:
            raise BadRequest("message is not modified: specified new message content and reply markup are the same")
        message.keyboard = keyboard
        return self._shown(message)

    def do_deleteMessage(self, params: dict[str, Any]) -> bool:
        self._known(params, "message to delete not found").deleted = True
        return True

    def do_sendDocument(self, params: dict[str, Any]) -> dict[str, Any]:
        return self._send_file(params, "document")

    def do_sendPhoto(self, params: dict[str, Any]) -> dict[str, Any]:
        return self._send_file(params, "photo")

    def do_sendChatAction(self, params: dict[str, Any]) -> bool:
        self._reachable(params)
        return True

    def do_answerCallbackQuery(self, params: dict[str, Any]) -> bool:
        if params["callback_query_id"] not in self._queries:
            raise BadRequest("query is too old and response timeout expired or query ID is invalid")
        if len(params.get("text", "")) > 200:
            raise BadRequest("MESSAGE_TOO_LONG")
        self.answered.append(params["callback_query_id"])
        return True

    def do_getFile(self, params: dict[str, Any]) -> dict[str, Any]:
        id = params["file_id"]
        if id not in self._files:
            raise BadRequest("invalid file_id")
        _, name, size = self._files[id]
        if size > 20 * 1024 * 1024:
            raise BadRequest("file is too big")
        return {"file_id": id, "file_unique_id": id, "file_size": size, "file_path": f"{id}/{name}"}

    def _send_file(self, params: dict[str, Any], key: str) -> dict[str, Any]:
        chat = self._reachable(params)
        content = params.get(key)
        if not isinstance(content, bytes):
            raise BadRequest(f"there is no {key} in the request")
        if not content:
            raise BadRequest("file must be non-empty")
        caption, marks = _text(params, "caption", 1024) if params.get("caption") else ("", [])
        name = params.get(f"{key}:name", "")
        return self._keep(chat, params, file=content, name=name, caption=caption, marks=marks, pushed=caption or name)

    def _keep(self, chat: int, params: dict[str, Any], **what: Any) -> dict[str, Any]:
        topic = int(params["message_thread_id"]) if params.get("message_thread_id") else None
        reply = json.loads(params.get("reply_parameters", "{}")).get("message_id")
        with self._lock:
            self._next += 1
            made = Message(self._next, chat, keyboard=_keyboard(params), topic=topic, reply_to=reply, **what)
            self.messages[chat, made.id] = made
        return self._shown(made)

    def _reachable(self, params: dict[str, Any]) -> int:
        chat = int(params["chat_id"])
        if chat in self.blocked:
            raise BadRequest(
                "Forbidden: bot was blocked by the user"
                if chat > 0
                else "Forbidden: bot was kicked from the supergroup chat"
            )
        if chat > 0 and chat not in self.started:
            raise BadRequest("chat not found")
        return chat

    def _known(self, params: dict[str, Any], missing: str = "message to edit not found") -> Message:
        found = self.messages.get((self._reachable(params), int(params["message_id"])))
        if found is None or found.deleted:
            raise BadRequest(missing)
        return found


async def _params(request: web.Request) -> dict[str, Any]:
    params: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        params |= {k: v if isinstance(v, str) else json.dumps(v) for k, v in (await request.json()).items()}
        return params
    uploads: dict[str, tuple[bytes, str]] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            uploads[name] = (value.file.read(), value.filename)
        else:
            params[name] = value
    for name, value in list(params.items()):
        if isinstance(value, str) and value.startswith("attach://"):
            params[name], params[f"{name}:name"] = uploads[value.removeprefix("attach://")]
    for name, (content, filename) in uploads.items():
        if name in ("document", "photo"):
            params[name], params[f"{name}:name"] = content, filename
    return params


def _text(params: dict[str, Any], name: str, most: int) -> tuple[str, list[tuple[str, int, int]]]:
    raw = str(params.get(name, ""))
    mode = params.get("parse_mode")
    text, marks = read(raw) if mode == "HTML" else (raw, [])
    text = text.strip()
    if not text:
        raise BadRequest("message text is empty")
    if units(text) > most:
        raise BadRequest("message is too long" if name == "text" else "message caption is too long")
    if len(marks) > 100:
        raise BadRequest("too many marks: those after the hundredth would be dropped")
    return text, marks


def _keyboard(params: dict[str, Any]) -> list[list[dict[str, str]]]:
    markup = json.loads(params.get("reply_markup") or "{}")
    rows: list[list[dict[str, str]]] = markup.get("inline_keyboard", [])
    keys = [each for row in rows for each in row]
    if len(keys) > 100 or any(len(row) > 8 for row in rows):
        raise BadRequest("reply markup is too long")
    for each in keys:
        if not each.get("text", "").strip():
            raise BadRequest("can't parse inline keyboard button: Text is empty")
        data = each.get("callback_data")
        if data is None and not each.get("url"):
            raise BadRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
        if data is not None and not 1 <= len(data.encode()) <= 64:
            raise BadRequest("BUTTON_DATA_INVALID")
    return rows


def _error(code: int, description: str, **parameters: Any) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    if parameters:
        body["parameters"] = parameters
    return web.json_response(body, status=code)
