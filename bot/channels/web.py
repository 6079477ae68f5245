"""The web chat: a page with the conversation, kept up to date as it happens; the same hear() as everywhere."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import structlog
from sqlalchemy.orm import Session
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.convertors import Convertor, register_url_convertor
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from backend import chats, files
from backend.chats import Chat, Posted
from backend.files import File
from backend.forms import Data
from backend.outbox import Pace
from backend.people import Person
from backend.refusals import Refusal
from backend.words import say
from bot import metrics
from bot.app import App
from bot.channels.port import Platform
from bot.message import Address, Attachment, Filled, Heard, Opened, Pressed, Said
from bot.web import forms
from bot.web.drawing import Drawing, visitor_of
from bot.web.entrance import Entrance
from bot.web.guard import Door, TooLarge, Visitor
from bot.web.pages import Pages, language_of, number
from bot.web.stream import CHANNEL, Stream

log = structlog.get_logger()

NAME = CHANNEL
STATIC = Path(__file__).parent.parent / "web" / "static"


class WebChannel:
    """The channel as the outbox knows it: posts are shown straight from the database, so there is nothing to send."""

    name = NAME
    ceiling = Data.BANK
    pace = Pace()

    def post(self, posted: Posted, earlier: Posted | None) -> str | None:
        return str(posted.id)


def build(app: App, *, personas: bool, ready: threading.Event | None = None) -> "Site":
    """The web chat as an ASGI app.

    personas  a demo: anybody may play anybody, each under /as/<handle>; only names of this machine are answered to
    ready     set once the brain is loaded; a message that comes earlier waits. None: it is
    """
    site = Site(app, personas=personas, ready=ready)
    app.channels.setdefault(NAME, WebChannel())
    return site


class Number(Convertor[int]):
    """The number of a request or a post in an address: an address with another leads nowhere."""

    regex = "[0-9]{1,9}"

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


register_url_convertor("number", Number())


class Site:
    """The routes of the web chat. Every one of them but those in `open` is only for somebody who is known."""

    def __init__(self, app: App, *, personas: bool, ready: threading.Event | None) -> None:
        self.app = app
        self.drawing = Drawing()
        self.stream = Stream(app.store, self._draw)
        self._personas = personas
        self._ready = ready
        self._greeting = asyncio.Lock()
        self._pages = pages = Pages(app, self.drawing, personas=personas)
        self._entrance = door = Entrance(app, pages, personas=personas)
        prefix = "/as/{handle}" if personas else ""
        self.open = [
            Route("/health", self.health),
            Route("/metrics", self.metrics),
            Mount("/static", StaticFiles(directory=STATIC), name="static"),
        ]
        if personas:
            self.open.append(Route("/", pages.people))
        else:
            self.open += [
                Route("/sign-in", door.how_to_sign_in),
                Route("/sign-in/{token}", door.look_at_link, methods=["GET"]),
                Route("/sign-in/{token}", door.sign_in, methods=["POST"]),
            ]
        self.known = [
            Route(f"{prefix}/", door.known(self.chat)),
            Route(f"{prefix}/events", door.known(self.events)),
            Route(f"{prefix}/handbook", door.known(pages.contents)),
            Route(f"{prefix}/handbook/{{doc:path}}", door.known(pages.document)),
            Route(f"{prefix}/pictures/{{id}}", door.known(pages.picture)),
            Route(f"{prefix}/files/{{file}}", door.known(pages.file)),
            Route(f"{prefix}/files/{{file}}/small", door.known(pages.small)),
            Route(f"{prefix}/papers/{{number:number}}/{{name}}", door.known(pages.paper)),
            Route(f"{prefix}/posts/{{number:number}}/{{name}}", door.known(pages.attached)),
            Route(f"{prefix}/say", door.posting(self.say), methods=["POST"]),
            Route(f"{prefix}/press", door.posting(self.press), methods=["POST"]),
        ]
        if not personas:
            self.known.append(Route("/sign-out", door.posting(door.sign_out), methods=["POST"]))
        self.platforms = [
            route for each in app.channels.values() if isinstance(each, Platform) for route in each.routes(app)
        ]
        self.routes = Starlette(
            routes=[*self.open, *self.platforms, *self.known],
            exception_handlers={
                Refusal: self._refused,
                HTTPException: self._http_error,
                TooLarge: self._too_large,
                Exception: self._broken,
            },
        )
        self._asgi = Door(self.routes, public_url=app.settings.public_url, personas=personas)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self._asgi(scope, receive, send)

    async def chat(self, request: Request, visitor: Visitor) -> Response:
        """The conversation so far. Whoever opens it for the first time is greeted."""
        async with self._greeting:
            if not await run_in_threadpool(self._is_greeted, visitor):
                event = f"web:{visitor.handle}:opened-{uuid4().hex}"
                await asyncio.to_thread(self.app.hear, Opened(event, _address(visitor), visitor.handle))
        await run_in_threadpool(self.app.arrive, visitor.handle)
        return await self._pages.chat(request, visitor)

    async def events(self, request: Request, visitor: Visitor) -> Response:
        """What is posted, as it happens; a browser that comes back hears what it missed."""
        after = number(request.headers.get("last-event-id") or request.query_params.get("after"), least=0, most=2**53)
        told = self.stream.follow(visitor.handle, after=after, still_there=lambda: self._entrance.still_there(visitor))
        return StreamingResponse(told, media_type="text/event-stream", headers={"x-accel-buffering": "no"})

    async def health(self, request: Request) -> Response:
        """That the process answers; nothing about anybody."""
        return JSONResponse({"status": "ok"})

    async def metrics(self, request: Request) -> Response:
        """How it is, for a monitoring system on this machine or one that knows the token."""
        token = self.app.settings.metrics_token.get_secret_value()
        here = request.client.host if request.client is not None else ""
        if not metrics.may_read(token, client=here, headers=request.headers, public_url=self.app.settings.public_url):
            return Response(status_code=404)
        told = await run_in_threadpool(lambda: metrics.page(self.app.store, channels=self.app.channels))
        return Response(told, media_type=metrics.TYPE)

    async def say(self, request: Request, visitor: Visitor, form: FormData) -> Response:
        """A message, with files perhaps. It is answered once hear() is done; the replies come by the events."""
        text = str(form.get("text") or "")
        attached = await forms.attachments(form)
        for each in attached:
            if (refusal := forms.too_large(each)) is not None:
                raise refusal
        if not text.strip() and not attached:
            raise Refusal("There is nothing to send yet: write something or add a file.")
        said = Said(forms.event_of(form, visitor.handle), _address(visitor), visitor.handle, text, attached)
        html = self.drawing.said(
            event=said.event,
            text=text.strip(),
            files=[],
            at=self.app.store.clock.now(),
            visitor=visitor,
        )
        note = {"said": said.event, "html": html, "names": [each.name for each in attached]}
        self.stream.tell(visitor.handle, note)
        try:
            await self._hear(said)
        except BaseException:
            self.stream.tell(visitor.handle, {"unsaid": said.event})
            raise
        if attached:
            self.stream.tell(visitor.handle, {**note, "html": await run_in_threadpool(self._said, said, visitor)})
        return _done(request, visitor)

    def _said(self, said: Said, visitor: Visitor) -> str:
        with self.app.store.looking() as session:
            row = session.get_one(chats.Inbox, said.event)
            kept = [session.get(File, each) for each in row.files]
            names = [(each.id, each.name) for each in kept if each is not None]
            return self.drawing.said(event=row.event, text=row.text, files=names, at=row.at, visitor=visitor)

    async def press(self, request: Request, visitor: Visitor, form: FormData) -> Response:
        """A button, or the form that a button opened."""
        token = str(form.get("token") or "")
        event, address = forms.event_of(form, visitor.handle), _address(visitor)
        sent = await forms.uploads(form)
        stored = await run_in_threadpool(self._keep, visitor, sent)
        fields, lines = forms.values(form, stored=stored)
        await run_in_threadpool(self._check_files, visitor, fields, lines)
        if lines is not None or form.get("filled") == "change":
            await self._hear(Filled(event, address, visitor.handle, token, fields, lines))
        else:
            await self._hear(Pressed(event, address, visitor.handle, token, fields))
        return _done(request, visitor)

    def _keep(self, visitor: Visitor, sent: dict[str, list[Attachment]]) -> dict[str, list[str]]:
        if not sent:
            return {}
        with self.app.store.writing() as session:
            person = session.get_one(Person, visitor.id)
            folder = self.app.home / "files"

            def kept(each: Attachment) -> str:
                words: dict[str, Any] = {"name": each.name, "content": each.content, "mime": each.mime}
                return files.keep(session, person, folder=folder, **words).id

            return {key: [kept(each) for each in found] for key, found in sent.items()}

    def _check_files(self, visitor: Visitor, fields: dict[str, Any], lines: tuple[dict[str, Any], ...] | None) -> None:
        with self.app.store.looking() as session:
            said = [*fields.values(), *(value for line in lines or () for value in line.values())]
            forms.keep_own(session, session.get_one(Person, visitor.id), said)

    async def _hear(self, heard: Heard) -> None:
        while self._ready is not None and isinstance(heard, Said) and not self._ready.is_set():
            await asyncio.sleep(0.05)
        await asyncio.to_thread(self.app.hear, heard)
        self.stream.nudge()

    def _draw(self, session: Session, row: Posted) -> str:
        person = session.get_one(Person, row.person_id)
        base = f"/as/{quote(person.handle)}" if self._personas else ""
        return self.drawing.post(row, visitor_of(person, base=base, csrf=""))  # the page puts its own token in

    def _is_greeted(self, visitor: Visitor) -> bool:
        with self.app.store.looking() as session:
            chat = session.get(Chat, (NAME, visitor.handle, visitor.id))
            return chat is not None and chat.greeted

    async def _refused(self, request: Request, refusal: Exception) -> Response:
        assert isinstance(refusal, Refusal)
        return self._pages.trouble(request, say(language_of(request), refusal.text, **refusal.values), 422)

    async def _too_large(self, request: Request, error: Exception) -> Response:
        return self._pages.trouble(
            request, say(language_of(request), "That is more than 20 MB: please send a smaller file."), 413
        )

    async def _http_error(self, request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        return self._pages.trouble(request, say(language_of(request), TROUBLES.get(status, TROUBLES[400])), status)

    async def _broken(self, request: Request, error: Exception) -> Response:
        return self._pages.trouble(request, say(language_of(request), TROUBLES[500]), 500)


TROUBLES = {
    400: "That could not be read. Load the page again and try once more.",
    403: "This form is from an older page. Load the page again and try once more.",
    404: "There is no such page here.",
    405: "That does not work here. Go back and try again.",
    500: "Something went wrong on our side, and nothing was changed. Please try again.",
}


def _address(visitor: Visitor) -> Address:
    return Address(NAME, visitor.handle)


def _done(request: Request, visitor: Visitor) -> Response:
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"ok": True})
    return RedirectResponse(f"{visitor.base}/#composer", 303)


def tried(what: str, load: Callable[[], object]) -> bool:
    """Loads something in the background; a failure is logged, and told to whoever then asks for it."""
    try:
        load()
    except Exception:
        log.exception("could not be loaded", what=what)
        return False
    return True
