"""Draws a post for Telegram: HTML in pieces that it takes, and the keyboard that stands under the last of them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from backend.words import day, say
from bot.channels import marks
from bot.message import Answer, Button, Card, Field, Post, drawn, files_on

MOST = 4096
"""What a message holds, in UTF-16 units, when its markup is read."""
MOST_MARKS = 90
"""Bold words and quotes in a message; Telegram drops those after the hundredth."""
LABEL = 80
"""Characters of a button's label; a phone shows what it has room for."""
PAGE = 20
"""Buttons under a message at a time; the rest is leafed to."""

SHEET, PAPER, PICTURE = "k", "p", "f"
"""What the buttons of our own do: leaf through a keyboard, send a paper, send a file that somebody attached."""


@dataclass(frozen=True)
class Mark:
    """A piece of text under one tag: "b", "i", "blockquote", or "" for none."""

    text: str
    tag: str = ""


Line = tuple[Mark, ...]


@dataclass(frozen=True)
class Key:
    """A button as Telegram has it: what stands on it, and what comes back (64 bytes at most)."""

    label: str
    data: str


Rows = tuple[tuple[Key, ...], ...]


def own(*parts: object) -> str:
    """What comes back from a button of ours that is none of the office's: no token begins with a colon."""
    return ":" + ":".join(str(each) for each in parts)


def html(post: Post) -> list[str]:
    """A post as the messages to send, each within Telegram's limits and with markup of its own."""
    return pieces(lines_of(post)) or [escape(post.preview, quote=False) or "…"]


def lines_of(post: Post) -> list[Line]:
    """What a post says, line by line."""
    out: list[Line] = []
    if post.beside_quotes:
        out += [(Mark(each),) for each in post.beside_quotes.split("\n")]
    if post.answer is not None:
        out += _answer(post.answer, post.language)
    if post.card is not None:
        out += [(Mark(""),)] if out else []
        out += _card(post.card, post.language)
    return out + [(Mark(label),) for each, label in _labels(post) if each.endswith("…")]


def _labels(post: Post) -> Iterator[tuple[str, str]]:
    """What stands on each button, and what it stands for in full."""
    for each in (*(post.card.buttons if post.card else ()), *post.choices):
        yield key(each).label, each.label
    files = [title for title, _ in files_on(post.card, post.language)] if post.card else []
    for title in (*(each.title for each in post.card.papers), *files) if post.card else ():
        yield _clip(title), title


def rows_of(post: Post, *, page: int = 0) -> Rows:
    """The keyboard of a post, or the sheet of it that was leafed to; empty where there is nothing to press."""
    keys: list[Key] = []
    if post.card is not None:
        keys += [key(each) for each in post.card.buttons]
        keys += [Key(_clip(each.title), own(PAPER, nth)) for nth, each in enumerate(post.card.papers)]
        keys += [
            Key(_clip(title), own(PICTURE, nth)) for nth, (title, _) in enumerate(files_on(post.card, post.language))
        ]
    keys += [key(each) for each in post.choices]
    if len(keys) <= PAGE:
        return rows(keys)
    pages = -(-len(keys) // PAGE)
    page = page % pages
    turn = [Key("‹", own(SHEET, (page - 1) % pages)), Key(f"{page + 1}/{pages}", own(SHEET, page))]
    turn.append(Key("›", own(SHEET, (page + 1) % pages)))
    return (*rows(keys[page * PAGE : (page + 1) * PAGE]), tuple(turn))


def key(button: Button) -> Key:
    """A button of the office as Telegram has it."""
    mark = {"primary": "✅ ", "danger": "❌ "}.get(button.style, "")
    return Key(short(mark + button.label), button.token)


ROOM = {1: LABEL, 2: 20, 3: 13}
"""Characters that a phone shows of a label, by how many buttons stand side by side."""


def rows(keys: Sequence[Key]) -> Rows:
    """Keys in rows: up to three side by side, as long as a phone shows all that stands on them."""
    out: list[list[Key]] = []
    for each in keys:
        widest = max((len(one.label) for one in (*(out[-1] if out else ()), each)), default=0)
        if out and widest <= ROOM.get(len(out[-1]) + 1, 0):
            out[-1].append(each)
        else:
            out.append([each])
    return tuple(tuple(each) for each in out)


def pieces(lines: Iterable[Line]) -> list[str]:
    """Lines as HTML, in as few pieces as hold them; each is whole by itself, and none is empty."""
    out: list[str] = []
    now: list[str] = []
    size = marks = 0
    for line in _broken(lines):
        length, count = sum(units(each.text) for each in line) + 1, sum(1 for each in line if each.tag)
        if now and (size + length > MOST or marks + count > MOST_MARKS):
            out.append("\n".join(now))
            now, size, marks = [], 0, 0
        now.append("".join(_tagged(each) for each in line))
        size, marks = size + length, marks + count
    out.append("\n".join(now))
    return [each.strip("\n") for each in out if _seen(each)]


def units(text: str) -> int:
    """The length of a text as Telegram counts it: in UTF-16 units."""
    return len(text) + sum(1 for each in text if ord(each) > 0xFFFF)


def plain(text: str) -> str:
    """A text that Telegram takes: without lone surrogates and control characters."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(each for each in whole if each >= " " or each in "\n\t")


def unnamed(html_text: str) -> str:
    """The same where others read it: what looks like a mention of somebody, or like a command, calls nobody."""
    return html_text.replace("@", "@\u2060").replace(" /", " /\u2060")


def _tagged(mark: Mark) -> str:
    text = escape(plain(mark.text), quote=False)
    return f"<{mark.tag}>{text}</{mark.tag}>" if mark.tag and text.strip() else text


def _seen(text: str) -> bool:
    return any(not each.isspace() and each.isprintable() for each in text)


def _broken(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines, those that no message holds cut in several: where there is a space near, else anywhere."""
    for line in lines:
        if sum(units(plain(each.text)) for each in line) < MOST:
            yield tuple(Mark(plain(each.text), each.tag) for each in line)
            continue
        for mark in line:
            rest = plain(mark.text)
            while rest:
                cut = _cut(rest)
                yield (Mark(rest[:cut].rstrip(), mark.tag),)
                rest = rest[cut:].lstrip()


def _cut(text: str) -> int:
    """How many characters of a text a message holds."""
    if units(text) < MOST:
        return len(text)
    end, room = 0, MOST - 1
    while end < len(text) and (room := room - units(text[end])) >= 0:
        end += 1
    near = max(text.rfind("\n", end - 600, end), text.rfind(" ", end - 600, end))
    return near + 1 if near > 0 else end


def _clip(title: str) -> str:
    return short(f"📎 {title}")


def short(label: str) -> str:
    """What a button has room for."""
    label = " ".join(plain(label).split()) or "–"
    return label if len(label) <= LABEL else label[: LABEL - 1].rstrip() + "…"


def _card(card: Card, language: str) -> Iterator[Line]:
    title = f"{card.title} {card.ref}" if card.ref else card.title
    yield (Mark(f"{marks.of(card.state)} "), Mark(title, "b"), Mark(f" · {say(language, card.state)}"))
    if card.summary and not card.fields:
        yield (Mark(card.summary),)
    for each in drawn(card.fields):
        yield _field(each, language)
    if len(card.lines) > 1:
        for nth, line in enumerate(card.lines, start=1):
            said = [(each.title, each.shown) for each in drawn(line)]
            rest = [f"{title}: {text}" for title, text in said[1:] if text]
            yield (Mark(f"{nth}. ", "b"), Mark(", ".join([said[0][1], *rest])))
    for name, text in card.facts:
        yield (Mark(f"{name}: ", "b"), Mark(text))
    for each in card.objections:
        yield (Mark(f"⚠️ {each}"),)
    for stop in card.route:
        names = " / ".join(stop.names) or say(language, "nobody yet")
        state = f" · {say(language, STOPS.get(stop.state, stop.state))}" if stop.state else ""
        yield (Mark(f"→ {names} ({stop.why}){state}"),)


STOPS = {"open": "waiting", "waiting": "after that", "skipped": "not needed"}


def _field(field: Field, language: str) -> Line:
    problem = f" ({field.problem})" if field.problem else ""
    return (Mark(f"{field.title}: ", "b"), Mark(field.shown + problem))


def _answer(answer: Answer, language: str) -> Iterator[Line]:
    """What the handbook says, quoted, each passage with where it stands."""
    cited = answer.citations
    for nth, each in enumerate(cited):
        yield (Mark(each.drawn_without_tables, "blockquote"),)
        if nth + 1 < len(cited) and (cited[nth + 1].doc, cited[nth + 1].heading) == (each.doc, each.heading):
            continue
        if each.effective:
            since = day(language, date.fromisoformat(each.effective))
            version = say(language, "version {number}, in force since {day}", number=each.version, day=since)
        else:
            version = say(language, "version {number}", number=each.version)
        yield (Mark(f"{each.heading.replace(' > ', ' › ')}, {version}", "i"),)
