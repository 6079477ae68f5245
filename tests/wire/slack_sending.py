"""What people do in Slack, as it reaches a bot: over the socket that it opened, or by signed requests over HTTP."""

import asyncio
import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import aiohttp
from aiohttp import WSMsgType, web

from tests.wire.slack import APP, BOT, SECRET, TEAM, Message, Slack, SlackSays
from tests.wire.slack_checks import wrong_with_blocks

Doc = dict[str, Any]

WAIT = 3.0
"""Seconds that Slack waits for an answer."""
RETRIES = 3


@dataclass
class Sent:
    """Something that was sent: what came back, after how many seconds, and how often it was sent.

    answer  what the acknowledgement carried; None where there was none
    """

    answer: Doc | None = None
    acknowledged: bool = False
    seconds: float = 0.0
    tries: int = 0
    statuses: list[int] = field(default_factory=list[int])


class SlackPeople(Slack):
    """A workspace with people in it, who write and press.

    to    the bot's address for requests over HTTP; "": over its socket
    """

    def __init__(self, *, to: str = "", secret: str = SECRET) -> None:
        super().__init__()
        self.to, self.secret = to, secret
        self.sockets: list[web.WebSocketResponse] = []
        self.opened = 0
        self.deaf = False
        self._waiting: dict[str, asyncio.Future[Doc | None]] = {}
        self.routes.append(web.get("/link", self._link))

    # what people do; each waits until the bot has acknowledged it

    def says(self, user: str, text: str, *, files: tuple[Doc, ...] = (), event: str = "", **more: Any) -> Sent:
        """Somebody writes to the bot."""
        message = self.put(self.room(user), user, text)
        doc: Doc = {"type": "message", "channel_type": "im", "channel": message.channel, "user": user, "text": text}
        doc |= {"ts": message.ts, "event_ts": message.ts, "team": TEAM}
        doc |= {"subtype": "file_share", "files": list(files)} if files else {}
        return self.event({**doc, **more}, event_id=event)

    def mentions(self, user: str, channel: str, text: str, *, thread: str = "", **more: Any) -> Sent:
        """Somebody mentions the bot in a channel."""
        message = self.put(channel, user, f"<@{BOT}> {text}", thread=thread)
        doc: Doc = {"type": "app_mention", "channel": channel, "user": user, "text": message.text, "ts": message.ts}
        doc |= {"event_ts": message.ts, "team": TEAM} | ({"thread_ts": thread} if thread else {})
        return self.event({**doc, **more})

    def presses(self, user: str, message: Message, label: str, *, twice: bool = False) -> Sent:
        """Somebody presses the button whose label, or action, begins like this."""
        action = next(
            each
            for each in message.buttons()
            if each["text"]["text"].startswith(label) or f":{label}" in each["action_id"]
        )
        doc = self._action(user, action, message)
        sent = self.interacts(doc)
        if twice:
            self.interacts({**doc, "trigger_id": self.trigger()})
        return sent

    def presses_at_home(self, user: str, label: str) -> Sent:
        """Somebody presses a button at home."""
        blocks: list[Doc] = self.homes[user]["blocks"]
        buttons = [each for block in blocks if block["type"] == "actions" for each in block["elements"]]
        action = next(each for each in buttons if each["text"]["text"].startswith(label))
        doc = self._action(user, action, None) | {"view": {**self.homes[user], "id": "VHOME"}}
        return self.interacts(doc)

    def presses_in_form(self, user: str, view: Doc, action: str, *, held: Doc | None = None) -> Sent:
        """Somebody presses a button in an open form."""
        doc = self._action(user, {"type": "button", "action_id": action, "value": "more"}, None)
        return self.interacts(doc | {"view": {**view, "state": {"values": held or {}}}})

    def submits(self, user: str, view: Doc, values: Doc, *, files: Doc | None = None) -> Sent:
        """Somebody sends a form: `values` by the field's name; what is not named stays as the form had it."""
        doc = {"type": "view_submission", "trigger_id": self.trigger(), "team": {"id": TEAM}}
        state = {"state": {"values": filled_in(view, values, files or {})}}
        return self.interacts({**doc, "user": {"id": user, "team_id": TEAM}, "view": {**view, **state}})

    def types(self, user: str, view: Doc, block: str, text: str) -> Sent:
        """Somebody types into a choice that is looked up."""
        doc = {"type": "block_suggestion", "block_id": block, "action_id": "value", "value": text, "team": {"id": TEAM}}
        return self.interacts({**doc, "user": {"id": user, "team_id": TEAM}, "view": view})

    def commands(self, user: str, command: str, text: str = "", *, channel: str = "C0GENERAL") -> Sent:
        """Somebody uses a slash command."""
        doc = {"command": command, "text": text, "user_id": user, "team_id": TEAM, "channel_id": channel}
        doc |= {"trigger_id": self.trigger(), "response_url": f"{self.address}/respond/{user}", "api_app_id": APP}
        return self._send("slash_commands", doc)

    def makes_request(self, user: str, message: Message) -> Sent:
        """Somebody chooses "make this a request" on a message."""
        doc: Doc = {"type": "message_action", "callback_id": "make_request", "trigger_id": self.trigger()}
        doc |= {"user": {"id": user, "team_id": TEAM}, "team": {"id": TEAM}, "channel": {"id": message.channel}}
        doc |= {"response_url": f"{self.address}/respond/{user}", "action_ts": message.ts}
        return self.interacts({**doc, "message": message.as_doc()})

    def opens(self, user: str, tab: str) -> Sent:
        """Somebody opens the bot's home, or the messages with it."""
        return self.event({"type": "app_home_opened", "user": user, "channel": self.room(user), "tab": tab})

    def event(self, event: Doc, *, event_id: str = "") -> Sent:
        """Something happens: sent again as Slack does, until it is acknowledged."""
        event_id = event_id or f"Ev{uuid4().hex[:10].upper()}"
        body = {"type": "event_callback", "team_id": TEAM, "api_app_id": APP, "event": event, "event_id": event_id}
        body |= {"event_time": int(time.time()), "authorizations": [{"team_id": TEAM, "user_id": BOT, "is_bot": True}]}
        return self._send("events_api", body)

    def interacts(self, doc: Doc) -> Sent:
        """A button, a form, a shortcut."""
        return self._send("interactive", {"api_app_id": APP, "token": "old", **doc})

    def _action(self, user: str, action: Doc, message: Message | None) -> Doc:
        at = f"{time.time():.6f}"
        doc: Doc = {"type": "block_actions", "user": {"id": user, "team_id": TEAM}, "team": {"id": TEAM}}
        doc |= {"trigger_id": self.trigger(), "actions": [{**action, "action_ts": at, "block_id": "b"}]}
        if message is None:
            return doc
        doc |= {"channel": {"id": message.channel}, "message": message.as_doc()}
        doc |= {"response_url": f"{self.address}/respond/{user}"}
        return doc | {"container": {"type": "message", "message_ts": message.ts, "channel_id": message.channel}}

    # how it gets there

    def _send(self, sort: str, payload: Doc) -> Sent:
        work = self._by_http(sort, payload) if self.to else self._by_socket(sort, payload)
        sent = asyncio.run_coroutine_threadsafe(work, self.loop).result(60)
        if sort == "interactive" and sent.answer and sent.answer.get("options"):
            options = sent.answer["options"]
            block = {"type": "static_select", "action_id": "x", "options": options}
            self.wrong += wrong_with_blocks([{"type": "actions", "elements": [block]}], most=1)
        return sent

    async def _by_http(self, sort: str, payload: Doc) -> Sent:
        sent = Sent()
        for nth in range(RETRIES + 1 if sort == "events_api" else 1):
            if sort == "events_api":
                body, kind = json.dumps(payload), "application/json"
            else:
                whole = {"payload": json.dumps(payload)} if sort == "interactive" else payload
                body, kind = urlencode(whole), "application/x-www-form-urlencoded"
            at = str(int(time.time()))
            mark = hmac.new(self.secret.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
            headers = {"content-type": kind, "x-slack-request-timestamp": at, "x-slack-signature": f"v0={mark}"}
            headers |= {"x-slack-retry-num": str(nth), "x-slack-retry-reason": "http_error"} if nth else {}
            begun = time.monotonic()
            sent.tries += 1
            try:
                limit = aiohttp.ClientTimeout(total=WAIT)
                async with (
                    aiohttp.ClientSession(timeout=limit) as session,
                    session.post(self.to, data=body.encode(), headers=headers) as answer,
                ):
                    text = await answer.text()
                    sent.statuses.append(answer.status)
                    sent.acknowledged, sent.seconds = answer.status == 200, time.monotonic() - begun
                    sent.answer = json.loads(text) if text.startswith("{") else None
            except (TimeoutError, aiohttp.ClientError):
                sent.statuses.append(0)
            if sent.acknowledged:
                break
        return sent

    async def _by_socket(self, sort: str, payload: Doc) -> Sent:
        sent = Sent()
        for nth in range(RETRIES + 1 if sort == "events_api" else 1):
            envelope: Doc = {
                "envelope_id": uuid4().hex,
                "type": sort,
                "payload": payload,
                "accepts_response_payload": True,
            }
            envelope |= {"retry_attempt": nth, "retry_reason": "timeout"} if nth else {}
            waiting: asyncio.Future[Doc | None] = self.loop.create_future()
            self._waiting[envelope["envelope_id"]] = waiting
            begun = time.monotonic()
            sent.tries += 1
            try:
                socket = await asyncio.wait_for(self._open_socket(), WAIT)
                await socket.send_json(envelope)
                sent.answer = await asyncio.wait_for(asyncio.shield(waiting), WAIT)
                sent.acknowledged, sent.seconds = True, time.monotonic() - begun
                return sent
            except (TimeoutError, ConnectionError):
                continue
        return sent

    async def _open_socket(self) -> web.WebSocketResponse:
        while not (found := [each for each in self.sockets if not each.closed]):
            await asyncio.sleep(0.02)
        return found[-1]

    def _apps_connections_open(self, args: Doc) -> Doc:
        if self.deaf:
            raise SlackSays("internal_error")
        return {"url": f"{self.address.replace('http', 'ws')}/link?ticket={uuid4().hex}"}

    async def _link(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(heartbeat=30)
        await socket.prepare(request)
        self.opened += 1
        self.sockets.append(socket)
        await socket.send_json({"type": "hello", "num_connections": 1, "connection_info": {"app_id": APP}})
        async for each in socket:
            if each.type == WSMsgType.TEXT and each.data.startswith("{"):
                doc = json.loads(each.data)
                waiting = self._waiting.pop(str(doc.get("envelope_id")), None)
                if waiting is not None and not waiting.done():
                    waiting.set_result(doc.get("payload"))
        self.sockets.remove(socket)
        return socket

    def cut_sockets(self) -> None:
        """Cuts every socket, without a word."""

        async def cut() -> None:
            for each in list(self.sockets):
                await each.close(code=1011)

        asyncio.run_coroutine_threadsafe(cut(), self.loop).result(10)


def filled_in(view: Doc, values: Doc, files: Doc) -> Doc:
    """The state of a form as Slack reports it."""
    out: Doc = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        element, name = block["element"], block["block_id"].rpartition(".")[2]
        name = block["block_id"] if block["block_id"] in values else name
        state: Doc = {"type": element["type"]}
        match element["type"]:
            case "plain_text_input":
                state["value"] = values.get(name, element.get("initial_value")) or None
            case "datepicker":
                state["selected_date"] = values.get(name, element.get("initial_date"))
            case "file_input":
                held = files.get(name, [])
                state["files"] = held if isinstance(held, list) else [held]
            case "checkboxes":
                state["selected_options"] = values.get(block["block_id"], element.get("initial_options", []))
            case _:
                chosen = element.get("initial_option")
                if name in values:
                    chosen = {"text": {"type": "plain_text", "text": "x"}, "value": values[name]}
                state["selected_option"] = chosen
        out[block["block_id"]] = {element["action_id"]: state}
    return out
