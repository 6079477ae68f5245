"""What people see in Slack: posts and cards as Block Kit. Nothing that a person wrote is ever read as markup.

Texts are rich text, whose words Slack shows as they are: no mention, no link and no emphasis can be smuggled in.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from backend.words import day, say
from bot.channels import marks
from bot.message import Button, Card, Citation, Field, Post, drawn, files_on

Block = dict[str, Any]

MOST_BLOCKS = 48
"""Slack takes 50 in a message."""
MOST_TEXT = 11_500
"""Characters of a message with all its blocks; Slack refuses somewhat more than 13,000."""
LONGEST_TEXT = 2_900
LONGEST_LABEL, LONGEST_TITLE = 75, 300
IN_A_ROW = 5
"""Buttons in one block: more of them wrap badly on a phone."""

STATES = {"open": "waiting", "waiting": "after that", "skipped": "not needed"}
"""How a stop of the route is called where its own word would say little."""


@dataclass(frozen=True)
class Look:
    """How somebody is shown things: in which language, and where the web chat is ("" if nobody said)."""

    language: str = "en"
    web: str = ""

    def say(self, text: str, **words: object) -> str:
        """A sentence of ours in the reader's language."""
        return say(self.language, text, **words)


@dataclass
class Sheet:
    """Blocks as they come, cut into messages that Slack takes."""

    messages: list[list[Block]] = field(default_factory=lambda: [[]])
    _text: int = 0

    def add(self, block: Block) -> None:
        """Puts a block at the end; in a new message where this one is full."""
        size = weight(block)
        if self.messages[-1] and (len(self.messages[-1]) >= MOST_BLOCKS or self._text + size > MOST_TEXT):
            self.messages.append([])
            self._text = 0
        self.messages[-1].append(block)
        self._text += size

    def add_all(self, blocks: Iterable[Block]) -> None:
        """Puts several blocks at the end."""
        for each in blocks:
            self.add(each)


def weight(thing: Any) -> int:
    """Characters of all the texts in a block, labels and values of its buttons too."""
    if isinstance(thing, dict):
        doc = cast(dict[str, Any], thing)
        return sum(weight(value) for key, value in doc.items() if key not in ("type", "block_id", "style"))
    if isinstance(thing, list):
        return sum(weight(each) for each in cast(list[Any], thing))
    return len(thing) if isinstance(thing, str) else 0


def messages(post: Post, look: Look) -> list[list[Block]]:
    """A post as the blocks of one message or, where it is too long for one, of several. None of them is empty."""
    sheet = Sheet()
    if post.beside_quotes:
        sheet.add_all(paragraphs(post.beside_quotes, web=look.web))
    if post.answer is not None:
        for each in post.answer.citations:
            sheet.add_all(_citation(each, look))
    if post.card is not None:
        sheet.add_all(card(post.card, look))
    sheet.add_all(buttons(post.choices, prefix="choice"))
    if not sheet.messages[0]:
        sheet.add_all(paragraphs(post.text or look.say("You have a new message.")))
    return sheet.messages


def retired(post: Post, look: Look) -> list[Block]:
    """A message whose card is shown anew further down: what it said, and nothing to press."""
    return [
        *(paragraphs(post.text)[:10] if post.text else []),
        small(look.say("Shown again below, as it is now.")),
    ]


# texts


def paragraphs(text: str, *, web: str = "") -> list[Block]:
    """A text of any length, as it stands; the web chat's own address in it is a link."""
    return [rich(section(*_linked(each, web))) for each in cut(text)]


def _linked(text: str, web: str) -> list[Block]:
    before, found, after = text.partition(f"{web}/") if web else (text, "", "")
    if not found or (after and not after[0].isspace()):
        return [words(text)]
    return [*([words(before)] if before else []), link(found, found), *([words(after)] if after.strip() else [])]


def cut(text: str, longest: int = LONGEST_TEXT) -> list[str]:
    """A text in pieces that are not too long, cut at line ends or spaces where there are any. Nothing is lost."""
    out: list[str] = []
    while len(text) > longest:
        at = max(text.rfind("\n", 1, longest), text.rfind(" ", longest // 2, longest))
        at = at if at > 0 else longest
        out.append(text[:at])
        text = text[at:].lstrip(" \n") if text[at : at + 1] in (" ", "\n") else text[at:]
    return [each for each in (*out, text) if each.strip()]


def words(text: str, *styles: str) -> Block:
    """Words, bold or italic perhaps."""
    return {"type": "text", "text": text, **({"style": dict.fromkeys(styles, True)} if styles else {})}


def link(url: str, text: str) -> Block:
    """A link of ours."""
    return {"type": "link", "url": url, "text": text}


def section(*elements: Block) -> Block:
    """A piece of rich text."""
    return {"type": "rich_text_section", "elements": list(elements)}


def rich(*elements: Block) -> Block:
    """A block of rich text."""
    return {"type": "rich_text", "elements": list(elements)}


def plain(text: str, longest: int = LONGEST_LABEL) -> Block:
    """A text for a place that has room for so many characters: shortened with an ellipsis."""
    short = text.strip() or "–"
    return {
        "type": "plain_text",
        "text": short if len(short) <= longest else short[: longest - 1] + "…",
        "emoji": False,
    }


def small(text: str) -> Block:
    """A line in small letters."""
    return {"type": "context", "elements": [plain(text, 2_000)]}


def _list(items: Sequence[Sequence[Block]], *, style: str) -> Block:
    return {"type": "rich_text_list", "style": style, "elements": [section(*each) for each in items]}


# cards


def card(shown: Card, look: Look) -> list[Block]:
    """A card: its title and state, what it says, who decides, and what can be pressed."""
    title = f"{shown.title} · {shown.ref}" if shown.ref else shown.title
    out: list[Block] = [{"type": "header", "text": plain(title, 150)}]
    if len(title) > 150:
        out += paragraphs(title)
    state = look.say(shown.state)
    out.append(small(f"{marks.of(shown.state)} {state[:1].upper()}{state[1:]}"))
    if shown.summary and not shown.fields:  # else the fields say it
        out += [rich(section(words(each, "bold"))) for each in cut(shown.summary)]
    out += facts([(each.title, _held(each)) for each in drawn(shown.fields)])
    if len(shown.lines) > 1:
        for at in range(0, len(shown.lines), 20):
            rows = [_line(line, nth) for nth, line in enumerate(shown.lines[at : at + 20], at + 1)]
            out += [block for row in rows for block in paragraphs(row)]
    out += facts(shown.facts)
    out += [block for each in shown.objections for block in paragraphs(f"⚠ {each}")]
    out += _route(shown, look)
    files = [Button("file", title, f"file:{file}") for title, file in files_on(shown, look.language)]
    files += [Button("paper", f"{each.title} ({each.name})", f"paper:{each.link}") for each in shown.papers]
    return [*out, *buttons(shown.buttons), *buttons(files, prefix="fetch")]


def facts(pairs: Iterable[tuple[str, str]]) -> list[Block]:
    """Titles and what belongs to them, a line each; several lines to a block."""
    out: list[Block] = []
    row: list[Block] = []
    size = 0
    for title, text in pairs:
        if len(title) > LONGEST_TITLE:
            out += [rich(section(*row))] if row else []
            row, size = [], 0
            out += [rich(section(words(each, "bold"))) for each in cut(title)] + paragraphs(text)
            continue
        pieces = cut(text) or ["–"]
        if row and size + len(title) + len(pieces[0]) > LONGEST_TEXT:
            out.append(rich(section(*row)))
            row, size = [], 0
        row += [words(("\n" if row else "") + title + ": ", "bold"), words(pieces[0])]
        size += len(title) + len(pieces[0])
        for each in pieces[1:]:
            out.append(rich(section(*row)))
            row, size = [words(each)], len(each)
    return [*out, *([rich(section(*row))] if row else [])]


def _held(each: Field) -> str:
    text = each.shown
    return f"{text} ({each.problem})" if each.problem else text


def _line(line: Sequence[Field], nth: int) -> str:
    first, *rest = drawn(line)
    return f"{nth}. " + ", ".join([_held(first), *(f"{each.title}: {_held(each)}" for each in rest)])


def _route(shown: Card, look: Look) -> list[Block]:
    """Who decides, in order, why, and how far it is."""
    stops: list[tuple[str, str]] = []
    for each in shown.route:
        state = f" · {look.say(STATES.get(each.state, each.state))}" if each.state else ""
        stops.append((" / ".join(each.names) or look.say("nobody yet"), f"{each.why}{state}"))
    if not stops:
        return []
    title = section(words(look.say("Who decides"), "bold"))
    if sum(len(names) + len(why) for names, why in stops) > LONGEST_TEXT:
        return [rich(title), *facts([(f"{nth}. {names}", why) for nth, (names, why) in enumerate(stops, 1)])]
    rows = [[words(names, "bold"), words(f" {why}")] for names, why in stops]
    return [rich(title, _list(rows, style="ordered"))]


def _citation(each: Citation, look: Look) -> list[Block]:
    """What the handbook says, word for word, and where it stands."""
    out = [rich({"type": "rich_text_quote", "elements": [words(piece)]}) for piece in cut(each.drawn_without_tables)]
    if each.effective:
        since = day(look.language, date.fromisoformat(each.effective))
        version = look.say("version {number}, in force since {day}", number=each.version, day=since)
    else:
        version = look.say("version {number}", number=each.version)
    where = each.heading.replace(" > ", " › ")
    if look.web:
        from bot.web import handbook

        address = handbook.address(look.web, each.doc, heading=each.heading, version=each.version)
        return [*out, rich(section(link(address, where), words(f" ({version})")))]
    return [*out, small(f"{where} ({version})")]


# buttons


def buttons(shown: Sequence[Button], *, prefix: str = "press") -> list[Block]:
    """Buttons, in rows. What is too long to stand on one stands above them in full."""
    out: list[Block] = []
    for each in shown:
        if len(each.label) > LONGEST_LABEL:
            out += paragraphs(each.label)
    for at in range(0, len(shown), IN_A_ROW):
        row = [button(each, f"{prefix}:{each.verb}:{nth}") for nth, each in enumerate(shown[at : at + IN_A_ROW], at)]
        out.append({"type": "actions", "elements": row})
    return out


def button(shown: Button, action: str) -> Block:
    """One button. Its action says whether a form opens on it: "form:change:0", "press:submit:1"."""
    if shown.form is not None or shown.line is not None:
        action = "form" + action[action.index(":") :]
    style = {"style": shown.style} if shown.style in ("primary", "danger") else {}
    return {"type": "button", "text": plain(shown.label), "action_id": action, "value": shown.token, **style}
