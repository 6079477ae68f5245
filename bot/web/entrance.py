"""Who comes in: personas in a demo, and otherwise people who signed in with a link that works once."""

from collections.abc import Awaitable, Callable
from urllib.parse import quote

from sqlalchemy import select
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from backend import people, signin
from backend.people import Person
from backend.refusals import Refusal
from backend.words import say
from bot.app import App
from bot.web import forms, guard
from bot.web.drawing import visitor_of
from bot.web.guard import PersonaTokens, Visitor
from bot.web.pages import Pages

LONGEST_FIELD = 8 * 1024 * 1024
"""Bytes of a text that are taken in; hear() says how much of it was read."""

Endpoint = Callable[[Request, Visitor], Awaitable[Response]]
Posting = Callable[[Request, Visitor, FormData], Awaitable[Response]]


class Entrance:
    """Lets people in: every page that is not for everybody goes through known() or posting()."""

    def __init__(self, app: App, pages: Pages, *, personas: bool) -> None:
        self._app = app
        self._pages = pages
        self._personas = personas
        self._public_url = app.settings.public_url
        self._tokens = PersonaTokens()

    def known(self, page: Endpoint) -> Callable[[Request], Awaitable[Response]]:
        """A page for whoever is known; anybody else is shown the way in."""

        async def known(request: Request) -> Response:
            visitor = await run_in_threadpool(self._visitor, request)
            if visitor is not None:
                request.state.language = visitor.language
                return await page(request, visitor)
            return self._stranger(request)

        return known

    def posting(self, page: Posting) -> Callable[[Request], Awaitable[Response]]:
        """The same for a form: it has to come from a page of ours and carry that page's token."""

        async def posting(request: Request) -> Response:
            visitor = await run_in_threadpool(self._visitor, request)
            if visitor is None:
                return self._stranger(request)
            request.state.language = visitor.language
            if not guard.from_here(request, public_url=self._public_url):
                raise HTTPException(403)
            async with request.form(max_files=forms.MOST_FILES, max_fields=500, max_part_size=LONGEST_FIELD) as form:
                if not guard.same(str(form.get("csrf") or ""), visitor.csrf):
                    raise HTTPException(403)
                return await page(request, visitor, form)

        return posting

    def still_there(self, visitor: Visitor) -> bool:
        """True as long as somebody who was let in still may be here."""
        with self._app.store.looking() as session:
            if not self._personas:
                return signin.who(session, visitor.cookie) is not None
            return people.works_here(session, session.get_one(Person, visitor.id))

    async def how_to_sign_in(self, request: Request) -> Response:
        """What to do without a session."""
        text = say("en", "You sign in with a link that works once. HR or an admin can make you one.")
        return self._pages.note("en", title=say("en", "Sign in"), text=text)

    async def look_at_link(self, request: Request) -> Response:
        """A page with a button, so that a preview of the link does not use it up."""
        token = str(request.path_params["token"])
        person = await run_in_threadpool(self._look_at_link, token)
        if isinstance(person, Refusal):
            return self._pages.word("en", person, status=410)
        language = person.language
        return self._pages.note(
            language,
            title=say(language, "Hello {name}", name=person.first_name),
            text=say(language, "Press the button and you are signed in on this device for up to 7 days."),
            action=f"/sign-in/{quote(token)}",
            button=say(language, "Sign in as {name}", name=person.name),
        )

    def _look_at_link(self, token: str) -> Person | Refusal:
        with self._app.store.looking() as session:
            try:
                return signin.look_link(session, token)
            except Refusal as refusal:
                return refusal

    async def sign_in(self, request: Request) -> Response:
        """Uses a link: its person is signed in here."""
        if not guard.from_here(request, public_url=self._public_url):
            raise HTTPException(403)
        try:
            before = guard.cookie_of(request.cookies, request, public_url=self._public_url)
            cookie = await run_in_threadpool(self._sign_in, str(request.path_params["token"]), before)
        except Refusal as refusal:
            return self._pages.word("en", refusal, status=410)
        answer = RedirectResponse("/", 303)
        safe = guard.is_safe(request, public_url=self._public_url)
        answer.set_cookie(
            guard.cookie_name(request, public_url=self._public_url),
            cookie,
            max_age=int(signin.LASTS.total_seconds()),
            path="/",
            secure=safe,
            httponly=True,
            samesite="lax",
        )
        return answer

    def _sign_in(self, token: str, before: str) -> str:
        with self._app.store.writing() as session:
            signin.end(session, before)
            return signin.open_session(session, signin.use_link(session, token))

    async def sign_out(self, request: Request, visitor: Visitor, form: FormData) -> Response:
        """Ends the session."""
        await run_in_threadpool(self._sign_out, visitor)
        answer = RedirectResponse("/sign-in", 303)
        answer.delete_cookie(guard.cookie_name(request, public_url=self._public_url), path="/")
        return answer

    def _sign_out(self, visitor: Visitor) -> None:
        with self._app.store.writing() as session:
            signin.end(session, visitor.cookie)

    def _visitor(self, request: Request) -> Visitor | None:
        """Who this is, by the address in a demo and by the cookie otherwise; None: nobody we know."""
        if self._personas:
            handle = str(request.path_params["handle"])
            with self._app.store.looking() as session:
                person = session.scalar(select(Person).where(Person.handle == handle))
                if person is None or not people.works_here(session, person):
                    return None
                return visitor_of(person, base=f"/as/{quote(handle)}", csrf=self._tokens.of(handle))
        cookie = guard.cookie_of(request.cookies, request, public_url=self._public_url)
        with self._app.store.looking() as session:
            found = signin.who(session, cookie)
            if found is None:
                return None
            visitor = visitor_of(found.person, base="", csrf=found.csrf, cookie=cookie)
            stale = signin.is_stale(session, cookie)
        if stale:
            with self._app.store.writing() as session:
                signin.note_use(session, cookie)
        return visitor

    def _stranger(self, request: Request) -> Response:
        if self._personas:
            raise HTTPException(404)
        if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
            return RedirectResponse("/sign-in", 303)
        return JSONResponse({"error": say("en", "You are signed out. Load the page again to sign in.")}, 401)
