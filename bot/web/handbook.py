"""The handbook in the browser: a document's version as a page, for those whom it addresses."""

import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from html import escape, unescape
from typing import Any
from urllib.parse import quote, unquote

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.people import Person
from backend.refusals import Refusal
from knowledge import changes, illustrations
from knowledge.illustrations import Picture
from knowledge.library import Document, Version
from knowledge.passages import plain
from knowledge.proposals import may_keep
from knowledge.search import addressed, reader_of, visible

_OUTSIDE = re.compile(r"(https?|mailto):", re.IGNORECASE)


@dataclass(frozen=True)
class Page:
    """A version of a document, drawn: `html` holds no markup but ours.

    newest    the number of the version that holds today
    headings  (level, anchor, text) of each heading, in order
    versions  (number, from which day it holds) of each that this person may read, the newest first
    before    the number of the version before, and what was different in it line by line: for who keeps the document
    """

    doc: str
    title: str
    html: str
    version: int
    newest: int
    effective: date
    headings: tuple[tuple[int, str, str], ...]
    versions: tuple[tuple[int, date], ...] = ()
    before: tuple[int, tuple[str, ...]] | None = None


def contents(session: Session, person: Person) -> list[Version]:
    """The versions that hold today of every document that addresses this person, by title."""
    return sorted(session.scalars(_mine(session, person)).all(), key=lambda each: each.title.lower())


def page(session: Session, person: Person, doc: str, *, version: int | None, base: str) -> Page:
    """One document as it holds today, or an earlier version; a Refusal if it does not address this person."""
    current = session.scalar(_mine(session, person).where(Document.path == doc))
    if current is None:
        raise Refusal("There is no such page in the handbook for you.")
    shown, versions = current, _versions(session, person, current)
    if version is not None and version != current.number:
        earlier = next((each for each in versions if each.number == version), None)
        if earlier is None:
            raise Refusal("There is no such version of that page.")
        shown = earlier
    shows = illustrations.of_version(session, shown)
    drawn, headings = draw(shown.text, title=shown.title, doc=doc, base=base, pictures=shows)
    before = next((each for each in versions if each.number < shown.number), None)
    told: tuple[int, tuple[str, ...]] | None = None
    if before is not None and may_keep(person, current.document):
        told = before.number, tuple(changes.moved(before.text, shown.text))
    days = tuple((each.number, each.effective) for each in versions)
    return Page(doc, shown.title, drawn, shown.number, current.number, shown.effective, headings, days, told)


def _versions(session: Session, person: Person, current: Version) -> list[Version]:
    """The versions of a document that hold or held, as far as they are for this person, the newest first."""
    reader = reader_of(session, person)
    held = select(Version).join(Document, Version.document_id == Document.id)
    those = held.where(Version.document_id == current.document_id, Version.since <= reader.day, *addressed(reader))
    return list(session.scalars(those.order_by(Version.number.desc())))


def picture(session: Session, person: Person, id: str) -> Picture | None:
    """A picture that stands where this person may read; None where there is none."""
    return illustrations.fetch(session, id, reader=reader_of(session, person))


def address(base: str, doc: str, *, heading: str = "", version: int | None = None) -> str:
    """Where a document is, at a heading given as its path "Title > H2 > H3"."""
    asked = f"?v={version}" if version is not None else ""
    mark = anchor(heading.split(" > ")[1:])
    return f"{base}/handbook/{quote(doc)}{asked}" + (f"#{mark}" if mark else "")


def anchor(path: Sequence[str]) -> str:
    """The name of a place on a page, from the headings that lead there; nothing for the page itself."""
    return ".".join(re.sub(r"\W+", "-", each.lower()).strip("-") or "x" for each in path)


def draw(
    text: str, *, title: str, doc: str, base: str, pictures: Mapping[str, Picture] | None = None
) -> tuple[str, tuple[tuple[int, str, str], ...]]:
    """Markdown as HTML: headings carry anchors, links stay in the handbook or say where they go, markup is dropped.

    pictures  those that are shown, by their address; of the others only what they show in words, or a link
    """
    parser = _parser(partial(_shown, pictures or {}, base))
    tokens: list[Any] = parser.parse(text)
    headings: list[tuple[int, str, str]] = []
    path: list[tuple[int, str]] = [(0, title)]
    used: dict[str, int] = {}
    for at, token in enumerate(tokens):
        if token.type == "heading_open" and token.level == 0:
            level, heading = int(token.tag[1]), " ".join(plain(tokens[at + 1].content).split())
            path = [each for each in path if each[0] < level or each[0] == 0]
            if heading and not (len(path) == 1 and _words(heading) == _words(title)):
                path.append((level, heading))
            mark = anchor([name for _, name in path[1:]])
            if mark:
                used[mark] = used.get(mark, 0) + 1
                mark = mark if used[mark] == 1 else f"{mark}-{used[mark]}"
                token.attrSet("id", mark)
                headings.append((level, mark, heading))
                tokens[at + 1].children.insert(0, _place(anchor([heading]), used))
            else:
                token.hidden = tokens[at + 1].hidden = tokens[at + 2].hidden = True
                tokens[at + 1].children = []
        children: list[Any] = token.children or []
        for child in children:
            if child.type == "link_open":
                _link(child, doc=doc, base=base)
    html = parser.renderer.render(tokens, parser.options, {})
    return html, tuple(headings)


def _mine(session: Session, person: Person) -> Any:
    held = select(Version).join(Document, Version.document_id == Document.id)
    return held.where(*visible(reader_of(session, person)))


def _link(token: Any, *, doc: str, base: str) -> None:
    href = str(token.attrGet("href") or "")
    if _OUTSIDE.match(href):
        token.attrSet("rel", "noopener noreferrer")
        token.attrSet("target", "_blank")
        return
    path, _, mark = href.partition("#")
    if not path:
        token.attrSet("href", f"#{anchor([unquote(mark)])}" if mark else "#")
        return
    target = posixpath.normpath(posixpath.join(posixpath.dirname(doc), unquote(path)))
    inside = not target.startswith(("../", "/")) and ":" not in target
    token.attrSet("href", f"{base}/handbook/{quote(target)}" + (f"#{quote(mark)}" if mark else "") if inside else "#")


def _place(mark: str, used: dict[str, int]) -> Any:
    """The name under which other documents know a heading: without those above it."""
    from markdown_it.token import Token

    first = mark not in used
    used.setdefault(mark, 1)
    return Token("place", "", 0, content=mark if first else "")


def _words(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()


def _parser(shown: Callable[[str, str], str]) -> Any:
    from markdown_it import MarkdownIt

    def rule(draw: Callable[[str], str]) -> Callable[..., str]:
        def drawn(tokens: Any, at: int, options: Any, env: Any) -> str:
            return draw(str(tokens[at].content or ""))

        return drawn

    def image(tokens: Any, at: int, options: Any, env: Any) -> str:
        return shown(unquote(str(tokens[at].attrGet("src") or "")), str(tokens[at].content or ""))

    parser: Any = MarkdownIt("commonmark", {"html": True}).enable("table")
    parser.renderer.rules |= {
        "html_block": rule(partial(_told, shown)),
        "html_inline": rule(partial(_inline, shown)),
        "image": image,
        "place": rule(lambda mark: f'<span id="{escape(mark)}"></span>' if mark else ""),
    }
    return parser


def _shown(pictures: Mapping[str, Picture], base: str, address: str, words: str) -> str:
    """A picture; one that lies elsewhere is a link, as nothing is fetched, and one that is not kept only words."""
    held = pictures.get(address) or pictures.get(quote(address)) or pictures.get(unquote(address))
    if held is not None:
        size = f'width="{held.width}" height="{held.height}"'
        return f'<img src="{base}/pictures/{held.id}" alt="{escape(words)}" {size} loading="lazy">'
    if _OUTSIDE.match(address):
        link = f'href="{escape(address)}" rel="noopener noreferrer" target="_blank"'
        return f"<a {link}>{escape(words or address)}</a>"
    return escape(words)


def _told(shown: Callable[[str, str], str], markup: str) -> str:
    words = plain(markup)
    pictures = "".join(shown(unescape(address), unescape(alt)) for alt, address in illustrations.named(markup))
    return (f"<p>{escape(words)}</p>\n" if words else "") + (f"<p>{pictures}</p>\n" if pictures else "")


def _inline(shown: Callable[[str, str], str], markup: str) -> str:
    if re.fullmatch(r"<br\s*/?>", markup, re.IGNORECASE):
        return "<br>"
    return "".join(shown(unescape(address), unescape(alt)) for alt, address in illustrations.named(markup))
