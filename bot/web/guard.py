"""The door of the web chat: which requests are let in, how large they may be, and what every answer carries."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
OPEN = frozenset({"/health", "/metrics"})
"""What is asked for by the machine's own address, and is safe under any name."""
LARGEST_BODY = 21 * 1024 * 1024
"""Bytes of a request: one file of 20 MB, and what is written beside it."""

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": PAGE_POLICY,
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-store",
}


@dataclass(frozen=True)
class Visitor:
    """Who a request comes from, made sure of.

    base    where their pages are: "/as/ana.costa" in a demo, "" where people sign in
    csrf    the token that every form of theirs carries
    cookie  the session's token; "" in a demo
    """

    id: int
    handle: str
    name: str
    language: str
    zone: str
    base: str
    csrf: str
    cookie: str = ""


class TooLarge(Exception):
    """A request holds more than it may."""


class Door:
    """Wraps the whole app: checks the Host, counts the bytes of a body, and puts the headers on every answer.

    public_url  how people reach the web chat, if that was set
    personas    a demo: only the names of this machine are answered to
    """

    def __init__(self, app: ASGIApp, *, public_url: str = "", personas: bool = False) -> None:
        self._app = app
        self._public = urlsplit(public_url).netloc.lower()
        self._personas = personas

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["path"] not in OPEN and not self._named_rightly(scope):
            answer = PlainTextResponse("This address does not lead to Backdesk.", 421)
            await answer(scope, receive, send)
            return
        if "\0" in scope["path"] or b"%00" in scope["query_string"]:
            await PlainTextResponse("There is no such page here.", 404)(scope, receive, send)
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > LARGEST_BODY:
                raise TooLarge
            return message

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, counted, dressed)

    def _named_rightly(self, scope: Scope) -> bool:
        """False for a foreign name that was made to point at this machine (DNS rebinding)."""
        host = Headers(scope=scope).get("host", "").lower()
        if self._public and not self._personas and host == self._public:
            return True
        here = scope.get("server")
        on_this_machine = self._personas or (here is not None and here[0] in LOOPBACK)
        if not on_this_machine:
            return not self._public
        name, port = _split(host)
        return name in LOOPBACK and (here is None or here[1] is None or port == here[1])


def _split(host: str) -> tuple[str, int]:
    """A Host header's name and port; ("", 0) for what is none."""
    try:
        parts = urlsplit(f"//{host}")
        return parts.hostname or "", parts.port or 80
    except ValueError:
        return "", 0


def from_here(request: Request, *, public_url: str) -> bool:
    """True if a POST comes from a page of ours, by what the browser says of it."""
    site = request.headers.get("sec-fetch-site")
    if site is not None and site != "same-origin":
        return False
    origin = request.headers.get("origin")
    if origin is None:
        return True
    ours = {request.headers.get("host", "").lower(), urlsplit(public_url).netloc.lower()} - {""}
    return urlsplit(origin).netloc.lower() in ours


def same(one: str, other: str) -> bool:
    """True if two tokens are the same, told in constant time."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


class PersonaTokens:
    """The tokens that forms carry in a demo, where nobody signs in: one for each persona, new in each process."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)

    def of(self, handle: str) -> str:
        return hmac.new(self._secret, handle.encode(), hashlib.sha256).hexdigest()[:32]


def cookie_name(request: Request, *, public_url: str) -> str:
    """The session cookie's name: with the prefix that browsers guard, wherever the connection is safe."""
    return "__Host-backdesk" if is_safe(request, public_url=public_url) else "backdesk"


def is_safe(request: Request, *, public_url: str) -> bool:
    """True if people reach us over https."""
    return public_url.lower().startswith("https:") or request.url.scheme == "https"


def cookie_of(cookies: Mapping[str, str], request: Request, *, public_url: str) -> str:
    """The session's token in a request's cookies, or nothing."""
    return cookies.get(cookie_name(request, public_url=public_url), "")
