"""The pages of the web chat: the conversation, the handbook, files, and a word where something did not work."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from backend import files, papers, people
from backend.chats import Posted
from backend.people import Person
from backend.refusals import Refusal
from backend.words import say
from bot import attached
from bot.app import App
from bot.message import post_from
from bot.web import handbook
from bot.web.drawing import Drawing
from bot.web.guard import Visitor
from bot.web.stream import CHANNEL

HISTORY = 100
MOST_HISTORY = 5000
INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"})
"""What a browser may show; every other file is saved."""


@dataclass(frozen=True)
class Persona:
    """Somebody who can be played: a handle, a name, and what they do in a few words."""

    handle: str
    name: str
    what: str


class Pages:
    """Draws what a browser is shown; each page is made in a thread, from one look at the database."""

    def __init__(self, app: App, drawing: Drawing, *, personas: bool) -> None:
        self._app = app
        self._drawing = drawing
        self._personas = personas

    async def chat(self, request: Request, visitor: Visitor) -> Response:
        """The conversation so far."""
        limit = number(request.query_params.get("n"), least=HISTORY, most=MOST_HISTORY)
        return await run_in_threadpool(self._chat, visitor, limit, request.query_params.get("text", "")[:2000])

    def _chat(self, visitor: Visitor, limit: int, draft: str) -> Response:
        with self._app.store.looking() as session:
            last = session.scalar(
                select(func.max(Posted.id)).where(Posted.channel == CHANNEL, Posted.conversation == visitor.handle)
            )
            shown = self._drawing.history(session, visitor, channel=CHANNEL, limit=limit)
            return self._page(
                "chat.html",
                visitor,
                session,
                history=shown,
                last=last or 0,
                more=min(limit * 3, MOST_HISTORY) if len(shown) >= limit and limit < MOST_HISTORY else 0,
                draft=draft,
                event=uuid4().hex,
                here="chat",
            )

    async def contents(self, request: Request, visitor: Visitor) -> Response:
        """The documents of the handbook that address this person."""
        return await run_in_threadpool(self._contents, visitor)

    def _contents(self, visitor: Visitor) -> Response:
        with self._app.store.looking() as session:
            versions = [
                {
                    "title": each.title,
                    "since": each.effective,
                    "href": handbook.address(visitor.base, each.document.path),
                }
                for each in handbook.contents(session, session.get_one(Person, visitor.id))
            ]
            return self._page("contents.html", visitor, session, versions=versions, here="handbook")

    async def document(self, request: Request, visitor: Visitor) -> Response:
        """One document of the handbook."""
        number = request.query_params.get("v", "")
        version = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else None
        return await run_in_threadpool(self._document, visitor, str(request.path_params["doc"]), version)

    def _document(self, visitor: Visitor, doc: str, version: int | None) -> Response:
        with self._app.store.looking() as session:
            person = session.get_one(Person, visitor.id)
            try:
                page = handbook.page(session, person, doc, version=version, base=visitor.base)
            except Refusal as refusal:
                text = say(visitor.language, refusal.text, **refusal.values)
                return self._page("missing.html", visitor, session, text=text, here="handbook", status=404)
            return self._page("handbook.html", visitor, session, page=page, since=page.effective, here="handbook")

    async def picture(self, request: Request, visitor: Visitor) -> Response:
        """A picture of the handbook, for who may read where it stands."""
        return await run_in_threadpool(self._picture, visitor, str(request.path_params["id"]))

    def _picture(self, visitor: Visitor, id: str) -> Response:
        with self._app.store.looking() as session:
            found = handbook.picture(session, session.get_one(Person, visitor.id), id)
            if found is None:
                raise HTTPException(404)
            return Response(
                found.content,
                media_type=found.mime,
                headers={
                    "content-security-policy": "default-src 'none'; sandbox",
                    "cache-control": "private, max-age=3600",
                },
            )

    async def file(self, request: Request, visitor: Visitor) -> Response:
        """A file, for who sent it and for who may see the request that it is part of."""
        return await run_in_threadpool(self._file, visitor, str(request.path_params["file"]))

    def _file(self, visitor: Visitor, file_id: str) -> Response:
        with self._app.store.looking() as session:
            self._app.furnish(session)
            try:
                folder, reader = self._app.home / "files", session.get_one(Person, visitor.id)
                row, content = files.fetch(session, file_id, folder=folder, reader=reader)
            except Refusal as refusal:
                raise HTTPException(404) from refusal
            inline = row.mime in INLINE
            how = "inline" if inline else "attachment"
            return Response(
                content,
                media_type=row.mime if inline else "application/octet-stream",
                headers={
                    "content-disposition": f"{how}; filename*=UTF-8''{quote(row.name, safe='')}",
                    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
                },
            )

    async def small(self, request: Request, visitor: Visitor) -> Response:
        """A small picture of a file, for who may read it."""
        return await run_in_threadpool(self._small, visitor, str(request.path_params["file"]))

    def _small(self, visitor: Visitor, file_id: str) -> Response:
        with self._app.store.looking() as session:
            self._app.furnish(session)
            reader = session.get_one(Person, visitor.id)
            picture = files.fetch_small(session, file_id, folder=self._app.home / "files", reader=reader)
        if picture is None:
            return Response(PAPER, media_type="image/svg+xml", headers={"cache-control": "no-store"})
        return Response(picture, media_type="image/jpeg", headers={"cache-control": "private, max-age=3600"})

    async def paper(self, request: Request, visitor: Visitor) -> Response:
        """A file that comes with a request, made now, for who may see the request."""
        words = request.path_params
        return await run_in_threadpool(self._paper, visitor, int(words["number"]), str(words["name"]))

    def _paper(self, visitor: Visitor, number: int, name: str) -> Response:
        with self._app.store.looking() as session:
            self._app.furnish(session)
            try:
                paper = papers.find(session, number, name, reader=session.get_one(Person, visitor.id))
            except Refusal as refusal:
                return self.word(visitor.language, refusal, status=404, back=f"{visitor.base}/")
            return Response(
                paper.make(),
                media_type=paper.mime,
                headers={
                    "content-disposition": f"attachment; filename*=UTF-8''{quote(paper.name, safe='')}",
                    "content-security-policy": "default-src 'none'; sandbox",
                },
            )

    async def attached(self, request: Request, visitor: Visitor) -> Response:
        """A picture or a table that comes with a post, made now, for who the post is for."""
        words, dark = request.path_params, "dark" in request.query_params
        return await run_in_threadpool(self._attached, visitor, int(words["number"]), str(words["name"]), dark)

    def _attached(self, visitor: Visitor, number: int, name: str, dark: bool) -> Response:
        with self._app.store.looking() as session:
            row = session.get(Posted, number)
            if row is None or row.person_id != visitor.id:
                raise HTTPException(404)
            post = post_from(row.body)
        found = attached.find(post, name, dark=dark)
        if found is None:
            raise HTTPException(404)
        how = "inline" if found.mime in INLINE else "attachment"
        return Response(
            found.content,
            media_type=found.mime,
            headers={
                "content-disposition": f"{how}; filename*=UTF-8''{quote(found.name, safe='')}",
                "content-security-policy": "default-src 'none'; sandbox",
                "cache-control": "private, max-age=86400, immutable",
            },
        )

    async def people(self, request: Request) -> Response:
        """Who can be played in a demo."""
        return await run_in_threadpool(self._people)

    def _people(self) -> Response:
        with self._app.store.looking() as session:
            company = people.company(session).name
            return HTMLResponse(self._drawing.page("people.html", personas=_personas(session), company=company))

    def word(self, language: str, refusal: Refusal, *, status: int, back: str = "") -> Response:
        """A page with one sentence on it: why not, and what to do."""
        text = say(language, refusal.text, **refusal.values)
        return self.note(language, title="Backdesk", text=text, status=status, back=back)

    def note(
        self,
        language: str,
        *,
        title: str,
        text: str,
        status: int = 200,
        action: str = "",
        button: str = "",
        back: str = "",
    ) -> Response:
        """A page with a title, a sentence, and perhaps a button that sends a form to `action`."""
        page = self._drawing.page(
            "word.html", language=language, title=title, text=text, action=action, button=button, back=back
        )
        return HTMLResponse(page, status)

    def trouble(self, request: Request, text: str, status: int) -> Response:
        """What did not work, in the form that was asked for: a sentence in JSON for the script, or a page."""
        if "application/json" in request.headers.get("accept", ""):
            return JSONResponse({"error": text}, status)
        back = request.url.path.rpartition("/")[0] + "/" if request.method == "POST" else "/"
        return self.note(language_of(request), title="Backdesk", text=text, status=status, back=back)

    def _page(self, template: str, visitor: Visitor, session: Session, *, status: int = 200, **words: Any) -> Response:
        personas = _personas(session) if self._personas else []
        page = self._drawing.page(template, language=visitor.language, visitor=visitor, personas=personas, **words)
        return HTMLResponse(page, status)


PAPER = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 64" width="48" height="64"><path fill="none" '
    'stroke="#888" stroke-width="2" d="M6 4h24l12 12v44H6zM30 4v12h12M14 28h20M14 36h20M14 44h12"/></svg>'
)
"""What stands where a file has no small picture."""


def language_of(request: Request) -> str:
    """The language of whoever asks, as far as that is known."""
    return getattr(request.state, "language", "en")


def number(text: str | None, *, least: int, most: int) -> int:
    """A number from an address, kept between two bounds; what is none is the lower one."""
    found = int(text) if text and text.isascii() and text.isdigit() and len(text) < 17 else least
    return max(least, min(found, most))


def _personas(session: Session) -> list[Persona]:
    """Everybody who can be played, by handle."""
    here = people.everybody(session)
    managers = {each.manager_id for each in here}
    out: list[Persona] = []
    for each in here:
        roles = [role.role for role in each.roles]
        what = [each.team, *roles, *(("manager",) if each.id in managers else ())]
        out.append(Persona(each.handle, each.name, ", ".join(dict.fromkeys(word for word in what if word))))
    return out
