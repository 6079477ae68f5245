"""What people see in the browser: posts, cards, forms and pages as HTML. Every text is escaped where it is put in."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_time
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import chats
from backend.chats import Inbox, Posted
from backend.files import File
from backend.forms import files_of
from backend.people import Person
from backend.words import day as written_day
from backend.words import say
from bot import pictures
from bot.message import Post, post_from
from bot.web import handbook
from bot.web.guard import Visitor

TEMPLATES = Path(__file__).parent / "templates"
HIGHEST = 352
"""How many pixels high a picture of the handbook is shown at most in the chat, as the style sheet has it."""

_EXAMPLE = re.compile(r"^[•*-]\s*[“\"](.+?)[”\"]\s*$")
_JOINING = re.compile(r"https://t\.me/\w+\?start=[\w-]+")
_OPTION = re.compile(r"^•\s*(.{3,80})$")


@dataclass(frozen=True)
class Shown:
    """One thing in the chat: drawn, with when it was said or posted."""

    at: datetime
    order: tuple[int, str]
    html: str
    day: str = ""


class Drawing:
    """Draws posts and pages with the templates beside this file."""

    def __init__(self) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=select_autoescape(default=True, default_for_string=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["joining"] = joining
        self._templates.filters["files"] = files_of

    def page(self, template: str, *, language: str = "en", **words: Any) -> str:
        """A whole page."""
        return self._templates.get_template(template).render(language=language, t=_translator(language), **words)

    def post(self, row: Posted, visitor: Visitor) -> str:
        """A post as its reader sees it, in the language that it is written in."""
        post = post_from(row.body)
        visitor = replace(visitor, language=post.language)
        before, examples, after = _parts(post.beside_quotes, choice="choice" in post.asked)
        return self.page(
            "post.html",
            language=visitor.language,
            row=row,
            post=post,
            text=before,
            examples=examples,
            after=after,
            citations=_citations(post, visitor),
            charts=[(each, *pictures.size(each)) for each in post.charts],
            time=_time(row.made_at, visitor),
            visitor=visitor,
            tones=TONES,
            stops=STOPS,
        )

    def said(self, *, event: str, text: str, files: Iterable[tuple[str, str]], at: datetime, visitor: Visitor) -> str:
        """What the person wrote; `files` are (id, name) pairs."""
        return self.page(
            "said.html",
            language=visitor.language,
            event=event,
            text=text,
            files=list(files),
            time=_time(at, visitor),
            visitor=visitor,
        )

    def history(self, session: Session, visitor: Visitor, *, channel: str, limit: int) -> list[Shown]:
        """The chat so far, oldest first: what replaced something in place stands where that stood."""
        heard, posted = chats.history(session, channel=channel, conversation=visitor.handle, limit=limit)
        names = _file_names(session, [file_id for each in heard for file_id in each.files])
        stood = _places(session, posted)
        out = [self._heard(each, names, visitor) for each in heard]
        out += [Shown(stood[each.id][0], (1, f"{stood[each.id][1]:012d}"), self.post(each, visitor)) for each in posted]
        out.sort(key=lambda each: (each.at, each.order))
        return _with_days(out, visitor)

    def _heard(self, each: Inbox, names: dict[str, str], visitor: Visitor) -> Shown:
        files = [(file_id, names[file_id]) for file_id in each.files if file_id in names]
        html = self.said(event=each.event, text=each.text, files=files, at=each.at, visitor=visitor)
        return Shown(each.at, (0, each.event), html)


TONES = {
    "draft": "draft",
    "pending": "waiting",
    "sent back": "waiting",
    "approved": "good",
    "recorded": "good",
    "received": "good",
    "paid": "good",
    "done": "good",
    "sent": "good",
    "confirmed": "good",
    "questioned": "waiting",
    "rejected": "bad",
    "withdrawn": "quiet",
    "discarded": "quiet",
}
"""How a card's state looks; what a kind calls being done is good as well."""

STOPS = {"open": "waiting", "waiting": "after that", "skipped": "not needed"}
"""How a stop of the route is called where its own word would say little."""


def visitor_of(person: Person, *, base: str, csrf: str, cookie: str = "") -> Visitor:
    """The visitor that a person is."""
    return Visitor(
        id=person.id,
        handle=person.handle,
        name=person.name,
        language=person.language,
        zone=person.place.timezone,
        base=base,
        csrf=csrf,
        cookie=cookie,
    )


def _translator(language: str) -> Any:
    def translated(text: str, **values: object) -> str:
        return say(language, text, **values)

    return translated


def joining(text: str) -> Markup:
    """A text in which the address that opens our bot on Telegram can be pressed; everything else is only text."""
    link = r'<a href="\g<0>" target="_blank" rel="noopener">\g<0></a>'
    return Markup(_JOINING.sub(link, str(escape(text))))  # noqa: S704, escaped first


def _time(at: datetime, visitor: Visitor) -> str:
    return format_time(at.astimezone(ZoneInfo(visitor.zone)), "short", locale="en_GB")


def _parts(text: str, *, choice: bool) -> tuple[str, list[str], str]:
    """A text in three: what comes before the things to say, these themselves, and what comes after."""
    parts: tuple[list[str], list[str], list[str]] = ([], [], [])
    for line in text.split("\n"):
        found = _EXAMPLE.match(line.strip()) or (_OPTION.match(line.strip()) if choice else None)
        if found:
            parts[1].append(found.group(1))
        else:
            parts[2 if parts[1] else 0].append(line)
    return "\n".join(parts[0]).strip(), parts[1], "\n".join(parts[2]).strip()


def _citations(post: Post, visitor: Visitor) -> list[dict[str, Any]]:
    """What is quoted, by the heading under which it stands."""
    out: dict[str, dict[str, Any]] = {}
    for each in post.answer.citations if post.answer else ():
        since = date.fromisoformat(each.effective) if each.effective else None
        href = handbook.address(visitor.base, each.doc, heading=each.heading, version=each.version)
        source = out.setdefault(
            href,
            {
                "blocks": [],
                "pictures": [],
                "path": each.heading.split(" > "),
                "href": href,
                "version": each.version,
                "since": written_day(visitor.language, since) if since else "",
            },
        )
        source["blocks"] += _blocks(each.drawn)
        pictures = [(id, words, *_room(*size)) for id, words, *size in each.pictures]
        source["pictures"] += [one for one in pictures if one not in source["pictures"]]
    return list(out.values())


def _room(width: int, height: int) -> tuple[int, int]:
    """How wide and high a picture is shown, so that its room is kept until it is there; 0 where that is not known."""
    smaller = min(1.0, HIGHEST / height) if height else 0.0
    return round(width * smaller), round(height * smaller)


def _blocks(quote: str) -> list[dict[str, Any]]:
    """A quote as paragraphs, lists and, where its lines are rows with bars, tables; "…" in a table is a row of it."""
    out: list[dict[str, Any]] = []
    for line in (quote.replace(" … ", "\n…\n") if " | " in quote else quote).split("\n"):
        sort, said = _sort(line, out[-1]["sort"] if out else "")
        if out and out[-1]["sort"] == sort:
            out[-1]["held"].append(said)
        else:
            out.append({"sort": sort, "held": [said]})
    return [each for each in out if any(map(bool, each["held"]))]


def _sort(line: str, before: str) -> tuple[str, str | list[str]]:
    """What a line of a quote is, after lines of some sort, and what of it is shown."""
    if " | " in line:
        return "rows", [cell.strip() for cell in line.split(" | ")]
    if line.startswith("• "):
        return "items", line[2:]
    if line == "…" and before == "rows":
        return "rows", [line]
    return ("items", line) if line == "…" and before == "items" else ("text", line.strip())


def _file_names(session: Session, ids: list[str]) -> dict[str, str]:
    return {each.id: each.name for each in session.scalars(select(File).where(File.id.in_(ids)))} if ids else {}


def _places(session: Session, posted: list[Posted]) -> dict[int, tuple[datetime, int]]:
    """Where each post stands: at the time and number of the first of those whose place was taken without moving."""
    known = {each.id: each for each in posted}
    wanted = {each.replaces for each in posted if each.in_place and each.replaces} - set(known)
    while wanted:
        rows = session.scalars(select(Posted).where(Posted.id.in_(sorted(wanted)))).all()
        known |= {each.id: each for each in rows}
        wanted = {each.replaces for each in rows if each.in_place and each.replaces} - set(known)
    out: dict[int, tuple[datetime, int]] = {}
    for each in posted:
        first = each
        while first.in_place and first.replaces in known:
            first = known[first.replaces]
        out[each.id] = (first.made_at, first.id)
    return out


def _with_days(shown: list[Shown], visitor: Visitor) -> list[Shown]:
    out: list[Shown] = []
    before: date | None = None
    for each in shown:
        day = each.at.astimezone(ZoneInfo(visitor.zone)).date()
        out.append(Shown(each.at, each.order, each.html, "" if day == before else written_day(visitor.language, day)))
        before = day
    return out
