"""Listens to Slack, by slack-bolt: over a socket, or over HTTP with signatures. Everything is acknowledged first."""

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.responses import Response

from backend.connections import Watched
from backend.received import Parcel
from bot.app import App
from bot.channels import slack_reading as reading
from bot.channels.intake import Intake
from bot.channels.slack import NAME, Slack
from bot.channels.slack_calls import SECONDS, address
from bot.channels.slack_doing import Doing
from bot.channels.slack_forms import FORM
from bot.channels.slack_home import Home
from bot.channels.slack_lanes import Lanes
from bot.channels.slack_members import Members
from bot.channels.slack_reading import Came, Doc, Sort

if TYPE_CHECKING:
    from slack_bolt import BoltResponse
    from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
    from slack_bolt.authorization import AuthorizeResult

log = structlog.get_logger()
quiet = logging.getLogger("backdesk.slack.socket")
quiet.setLevel(logging.CRITICAL)
"""What is wrong with the connection is said by us, in a word."""
bolt_log = logging.getLogger("backdesk.slack")
bolt_log.setLevel(logging.ERROR)

IN_TIME = 1.8
"""Seconds within which a form is answered; Slack waits for 3."""

Ack = Callable[..., Awaitable[Any]]


class Listening:
    """Takes in what Slack sends. Its work is done in threads; what belongs to the connection, in one event loop."""

    def __init__(self, app: App, slack: Slack) -> None:
        self.app, self.slack = app, slack
        self.settings = app.settings
        self.watched = Watched(app.store, NAME)
        self.members = Members(app.store, slack.client)
        self.doing = Doing(app, slack, self.members)
        self.home = Home(app, slack, self.members)
        self.commands = {f"/{name.replace('_', '')}": f"draft_{name}" for name in app.kinds}
        self.lanes = Lanes()
        self._urgent = ThreadPoolExecutor(3, thread_name_prefix="slack-form")
        self.intake = Intake(app.store, NAME, line_up=self._line_up)
        self.loop = asyncio.new_event_loop()
        self.bolt = self._bolt()

    async def handle(self, request: Request) -> Response:
        """A request of Slack's, over HTTP: its signature is checked before anything else."""
        from slack_bolt.async_app import AsyncBoltRequest

        asked = AsyncBoltRequest(body=(await request.body()).decode("utf-8", "replace"), headers=dict(request.headers))
        told = asyncio.run_coroutine_threadsafe(self._dispatch(asked), self.loop)
        answer = await asyncio.wrap_future(told)
        return Response(answer.body, answer.status, headers=answer.first_headers_without_set_cookie())

    async def _dispatch(self, asked: "AsyncBoltRequest") -> "BoltResponse":
        answer = await self.bolt.async_dispatch(asked)
        if answer.status == 200:
            self.note(self.watched.up)
        return answer

    def note(self, note: Callable[[], None]) -> None:
        """Writes something down about the connection, in the background, in the order in which it happened."""
        self.lanes.put("", time.monotonic(), note)

    # what comes

    async def _keep(self, came: Came) -> None:
        """Returns when what came is kept for sure; it is done afterwards, in order and once."""
        await self.intake.keep([Parcel(came.event, came.as_doc())])

    def _line_up(self, parcel: Parcel) -> None:
        came = Came.from_doc(parcel.body)

        def work() -> None:
            try:
                self.doing.do(came)
            except BaseException:
                self.loop.call_soon_threadsafe(self.intake.left, came.event)
                raise
            self.loop.call_soon_threadsafe(self.intake.done, came.event)
            self.watched.heard()

        self.lanes.put(came.conversation, came.at, work)

    def _bolt(self) -> "AsyncApp":
        from slack_bolt.async_app import AsyncApp

        client = AsyncWebClient(
            self.settings.slack_bot_token.get_secret_value(),
            base_url=address(self.settings),
            timeout=SECONDS,
            logger=quiet,
        )

        async def authorize() -> "AuthorizeResult":
            return await self._authorize()

        bolt = AsyncApp(
            client=client,
            signing_secret=self.settings.slack_signing_secret.get_secret_value() or None,
            authorize=authorize,
            process_before_response=True,  # each of our listeners acknowledges as soon as it has kept what came
            raise_error_for_unhandled_request=True,
            logger=bolt_log,
        )
        bolt.error(_on_error)
        bolt.event(re.compile(""))(self._on_event)
        bolt.action(re.compile(""))(self._on_action)
        bolt.view(FORM)(self._on_form)
        bolt.options(re.compile(""))(self._on_options)
        bolt.command(re.compile("/"))(self._on_command)
        bolt.shortcut(re.compile(""))(self._on_shortcut)
        return bolt

    async def _authorize(self) -> "AuthorizeResult":
        from slack_bolt.authorization import AuthorizeResult

        home = self.members.known_home or await self._in_time(self.members.home)
        token = self.settings.slack_bot_token.get_secret_value()
        return AuthorizeResult(
            enterprise_id=home.enterprise or None,
            team_id=None if home.everywhere else home.team,
            bot_user_id=home.bot,
            bot_id=home.bot_id or None,
            bot_token=token,
        )

    async def _on_event(self, body: Doc, ack: Ack) -> None:
        event: Doc = body["event"]
        match event["type"]:
            case "message" | "app_mention":
                came = reading.message(body, bot=self.members.home().bot)
                if came is not None:
                    await self._keep(came)
            case "app_home_opened":
                came = Came(
                    f"slack:{body.get('event_id')}", Sort.CALLED, str(event["user"]), room=str(event.get("channel", ""))
                )
                opened = self.home.publish if event.get("tab") == "home" else self.doing.open_conversation
                self.lanes.soon(self.lanes.do(lambda: opened(came)))
            case "link_shared":
                self.lanes.soon(self.lanes.do(lambda: self.home.unfurl(event)))
            case _:
                self.lanes.soon(self.lanes.do(lambda: self.home.changed(event, self.watched)))
        await ack()

    async def _on_action(self, body: Doc, ack: Ack) -> None:
        action: Doc = body["actions"][0]
        name = str(action.get("action_id", ""))
        came = reading.press(body)
        if name.startswith("form:"):
            self._form(reading.form_press(body), body)
        elif name == "line:more":
            account, view = str(body["user"]["id"]), body["view"]
            self._urgently(lambda: self.doing.add_line(account, view))
        elif came is not None and came.sort is Sort.CALLED and came.tool.startswith("draft_"):
            self._urgently(lambda: self.doing.begin(came, trigger=str(body.get("trigger_id"))))
        elif came is not None:
            await self._keep(came)
        await ack()

    async def _on_command(self, body: Doc, ack: Ack) -> None:
        tool = self.commands.get(str(body["command"]), "")
        came = reading.command(body, tool=tool)
        if came.sort is Sort.CALLED:
            self._urgently(lambda: self.doing.begin(came, trigger=str(body.get("trigger_id"))))
        elif came.text:
            await self._keep(came)
        else:
            self.lanes.soon(self.lanes.do(lambda: self.doing.greet(came)))
        await ack()

    async def _on_shortcut(self, body: Doc, ack: Ack) -> None:
        if body.get("type") == "message_action":
            await self._keep(reading.shortcut(body))
        await ack()

    async def _on_options(self, body: Doc, ack: Ack) -> None:
        account, view = str(body["user"]["id"]), body["view"]
        block, said = str(body.get("block_id")), str(body.get("value") or "")
        found = await self._in_time(lambda: self.doing.suggestions(account, view, block, said))
        await ack(options=found)

    async def _on_form(self, body: Doc, ack: Ack) -> None:
        """A form was sent: what is wrong with its fields is said on them, as long as Slack waits for that."""
        came, view = reading.form(body), body["view"]
        work = asyncio.ensure_future(self._in_time(lambda: self.doing.submit(came, view, open_=True)))
        done, _ = await asyncio.wait({work}, timeout=IN_TIME)
        if not done:
            self.lanes.soon(self._finish_form(work, came, view))
            await ack()
            return
        problems = work.result()
        await (ack(response_action="errors", errors=problems) if problems else ack())

    async def _finish_form(self, work: "asyncio.Future[Any]", came: Came, view: Doc) -> None:
        """The form is closed by now: what is wrong with it is said in the conversation."""
        if await work:
            await self.lanes.do(lambda: self._say_what_is_wrong(came, view))

    def _say_what_is_wrong(self, came: Came, view: Doc) -> None:
        self.doing.submit(came, view, open_=False)

    def _form(self, came: Came, body: Doc) -> None:
        ts = reading.message_ts(body)
        self._urgently(lambda: self.doing.open_form(came, ts=ts, trigger=str(body.get("trigger_id"))))

    def _urgently(self, job: Callable[[], None]) -> None:
        """Does something that Slack waits for, past everything else."""
        self.lanes.soon(self._logged(job))

    async def _logged(self, job: Callable[[], None]) -> None:
        try:
            await self._in_time(job)
        except Exception:
            log.exception("a window could not be opened in Slack")

    async def _in_time(self, job: Callable[[], Any]) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._urgent, job)


async def _on_error(error: Exception) -> "BoltResponse":
    """What is none of ours is acknowledged all the same, else Slack sends it again; what went wrong is not."""
    from slack_bolt import BoltResponse
    from slack_bolt.error import BoltUnhandledRequestError

    if isinstance(error, BoltUnhandledRequestError):
        return BoltResponse(status=200)
    log.warning("something from Slack was not taken, and comes again", why=f"{type(error).__name__}: {error}")
    return BoltResponse(status=500)
