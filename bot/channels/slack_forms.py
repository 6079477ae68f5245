"""Forms in Slack: a button's fields as a modal, and what was filled in. It knows widgets, and no kind of request."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from backend.forms import Widget, files_of
from backend.words import say
from bot.channels.slack_blocks import LONGEST_LABEL, Block, Look, paragraphs, plain, rich, section, small, words
from bot.message import Button, Field
from bot.typed import typed

Doc = dict[str, Any]

FORM = "form"
"""What our modals are called."""
ANSWER = "value"
"""The action of every field."""
KEPT = "kept"
"""In the name of the block in which the files that are there can be taken out."""
MOST_BLOCKS, MOST_OF_A_VIEW = 96, 200_000
MOST_OPTIONS = 100
LONGEST_INPUT = 3_000
LONGEST_TITLE = 24
LONGEST_VALUE, LONGEST_HINT = 150, 2_000


@dataclass(frozen=True)
class Sheet:
    """An open form: the button that opened it, the post that it stands on, and how many lines it shows.

    lines  None where the form has no lines, or has too many of them to be shown here
    """

    token: str
    post: int
    lines: int | None = None

    def as_text(self) -> str:
        """As Slack keeps it with the form."""
        return json.dumps([self.token, self.post, self.lines])

    @classmethod
    def from_text(cls, text: str) -> "Sheet":
        """What as_text wrote."""
        token, post, lines = json.loads(text)
        return cls(str(token), int(post), lines)


def modal(
    button: Button, look: Look, *, post: int, lines: int | None = None, held: Mapping[str, Any] | None = None
) -> Doc:
    """The form of a button.

    lines  how many lines to show; left out: those that there are, and one where there is none
    held   what is filled in already, by block, where the form is drawn again
    """
    fields, shown = list(button.form or ()), _lines(button, lines)
    blocks: list[Block] = [] if len(button.label) <= LONGEST_TITLE else paragraphs(button.label)
    for each in fields:
        blocks += _input(each, f"f.{each.widget.value}.{each.name}", look, held)
    of_lines: list[Block] = []
    for nth, line in enumerate(shown or ()):
        of_lines.append(rich(section(words(look.say("Line {number}", number=nth + 1), "bold"))))
        for each in line:
            of_lines += _input(each, f"l.{nth}.{each.widget.value}.{each.name}", look, held)
    if len(blocks) + len(of_lines) > MOST_BLOCKS or len(json.dumps([blocks, of_lines])) > MOST_OF_A_VIEW:
        blocks += paragraphs(
            look.say(
                "There are too many lines for this window: write to me what should be different, or use the web chat."
            )
        )
        shown = None
    if shown is not None:
        blocks += of_lines
        blocks.append(small(look.say("A line that is left empty is taken out.")))
        blocks.append({"type": "actions", "block_id": "lines", "elements": [_more(look)]})
    sheet = Sheet(button.token, post, None if shown is None else len(shown))
    return {
        "type": "modal",
        "callback_id": FORM,
        "title": plain(button.label, LONGEST_TITLE),
        "submit": plain(look.say("Save") if button.verb == "change" else button.label, LONGEST_TITLE),
        "close": plain(look.say("Cancel"), LONGEST_TITLE),
        "private_metadata": sheet.as_text(),
        "blocks": blocks[:100] or paragraphs(button.label),
    }


def word(look: Look, text: str) -> Doc:
    """A window with a sentence in it."""
    return {
        "type": "modal",
        "title": plain("Backdesk", LONGEST_TITLE),
        "close": plain(say(look.language, "Close"), LONGEST_TITLE),
        "blocks": paragraphs(text),
    }


def _more(look: Look) -> Block:
    return {"type": "button", "text": plain(look.say("Add a line")), "action_id": "line:more", "value": "more"}


def _lines(button: Button, wanted: int | None) -> list[tuple[Field, ...]] | None:
    if button.line is None:
        return None
    count = max(wanted or 0, len(button.lines), 1)
    return [*button.lines, *[button.line] * (count - len(button.lines))]


# fields


def _input(field: Field, block: str, look: Look, held: Mapping[str, Any] | None) -> list[Block]:
    value = "" if field.value is None else str(field.value)
    if held is not None and block in held:
        value = str(held[block])
    if field.widget in (Widget.LONG, Widget.LINE) and len(value) > LONGEST_INPUT:
        text = look.say("{title}: too long to be changed here. Write it to me instead.", title=field.title)
        return [small(text)]
    out: Block = {
        "type": "input",
        "block_id": block,
        "label": plain(field.title, LONGEST_HINT),
        "optional": not field.required or block.startswith("l."),
        "element": {**_element(field, value, look), "action_id": ANSWER},
    }
    hint = field.problem or (
        look.say("The file that is there stays, unless you choose another.") if _has_file(field) else ""
    )
    if field.widget is Widget.CHOICE and (whole := _whole(field.options)):
        hint = "\n".join(each for each in (hint, whole) if each)
    return [*_kept(field, block, look), {**out, **({"hint": plain(hint, LONGEST_HINT)} if hint else {})}]


def _has_file(field: Field) -> bool:
    return field.widget is Widget.FILE and field.most == 1 and bool(field.value)


def _kept(field: Field, block: str, look: Look) -> list[Block]:
    """The files that a field of several holds already, each to be kept or taken out."""
    held = files_of(field.value) if field.widget is Widget.FILE and field.most > 1 else ()
    if not held:
        return []
    pages = [option(each, look.say("Page {number}", number=nth)) for nth, each in enumerate(held, start=1)]
    element: Block = {"type": "checkboxes", "options": pages, "initial_options": pages, "action_id": ANSWER}
    label = plain(say(look.language, "Pages to keep: {title}", title=field.title), LONGEST_HINT)
    place = block.replace(f".{Widget.FILE.value}.", f".{KEPT}.", 1)
    return [{"type": "input", "block_id": place, "label": label, "optional": True, "element": element}]


def _element(field: Field, value: str, look: Look) -> Block:
    match field.widget:
        case Widget.DATE:
            return {"type": "datepicker", **({"initial_date": value} if len(value) == 10 else {})}
        case Widget.CHOICE if field.options:
            return _choice(field.options, value, look)
        case Widget.YES_NO:
            pairs = (("true", look.say("yes")), ("false", look.say("no")))
            yes = "true" if value.lower() == "true" else "false"
            options = [option(*each) for each in pairs]
            return {"type": "radio_buttons", "options": options, "initial_option": options[yes == "false"]}
        case Widget.FILE:
            return {"type": "file_input", "max_files": field.most}
        case _:
            element: Block = {"type": "plain_text_input", "multiline": field.widget is Widget.LONG}
            element["max_length"] = LONGEST_INPUT
            return {**element, **({"initial_value": value} if value else {})}


def _choice(options: Sequence[tuple[str, str]], value: str, look: Look) -> Block:
    chosen = next((option(*each) for each in options if each[0] == value), None)
    initial: Block = {"initial_option": chosen} if chosen else {}
    placeholder = plain(look.say("Choose"), 150)
    if len(options) > MOST_OPTIONS:
        return {"type": "external_select", "min_query_length": 0, "placeholder": placeholder, **initial}
    return {
        "type": "static_select",
        "options": [option(*each) for each in options],
        "placeholder": placeholder,
        **initial,
    }


def option(value: str, title: str) -> Block:
    """One of the answers to a choice; what its line has no room for stands on a second one below it."""
    title = title.strip()
    if len(title) <= LONGEST_LABEL:
        return {"text": plain(title), "value": value[:LONGEST_VALUE]}
    at = max(title.rfind(" ", LONGEST_LABEL // 2, LONGEST_LABEL), 0) or LONGEST_LABEL
    return {"text": plain(title[:at]), "description": plain(title[at:]), "value": value[:LONGEST_VALUE]}


def _whole(options: Sequence[tuple[str, str]]) -> str:
    """The answers that two lines have no room for, as they are; "" where there is none, or there are too many."""
    return "\n".join(title for _, title in options if len(title) > LONGEST_LABEL * 1.5)


def suggestions(button: Button, block: str, typed_in: str) -> list[Block]:
    """The options of a long choice that fit what was typed, at most a hundred."""
    field = next((each for name, each in _named(button) if name == block.partition(".")[2].rpartition(".")[2]), None)
    wanted = typed_in.casefold().split()
    fitting = [
        each
        for each in (field.options if field else ())
        if all(word in f"{each[0]} {each[1]}".casefold() for word in wanted)
    ]
    return [option(*each) for each in fitting[:MOST_OPTIONS]]


def _named(button: Button) -> Iterable[tuple[str, Field]]:
    for each in (*(button.form or ()), *(button.line or ())):
        yield each.name, each


# what was filled in


@dataclass(frozen=True)
class Filling:
    """What a form holds: fields, lines where it shows them, and the files put into it: (line or None, name, file)."""

    fields: dict[str, Any]
    lines: list[dict[str, Any]] | None
    files: list[tuple[int | None, str, Doc]]


def filled(view: Doc, sheet: Sheet) -> Filling:
    """What was filled in. A file field that was left alone is not there."""
    fields: dict[str, Any] = {}
    lines: list[dict[str, Any]] | None = None if sheet.lines is None else [{} for _ in range(sheet.lines)]
    files: list[tuple[int | None, str, Doc]] = []
    for block, state in _states(view):
        line, widget, name = _place(block)
        if line is not None and (lines is None or line >= len(lines)):
            continue
        if widget == Widget.FILE:
            found: list[Doc] = state.get("files") or []
            files += [(line, name, each) for each in found]
            continue
        into = fields if line is None or lines is None else lines[line]
        if widget == KEPT:
            into[name] = [str(each["value"]) for each in state.get("selected_options") or ()]
            continue
        into[name] = typed(widget, _said(state))
    return Filling(fields, lines, files)


def whole_lines(button: Button, filling: Filling) -> tuple[dict[str, Any], ...] | None:
    """The lines as they are to be: with what the form did not show of those that were there, without empty ones."""
    if filling.lines is None:
        return None
    out: list[dict[str, Any]] = []
    for nth, said in enumerate(filling.lines):
        there = button.lines[nth] if nth < len(button.lines) else ()
        left = {each.name: each.value for each in there if each.name not in said and each.value is not None}
        choices = {each.name for each in button.line or () if each.widget is Widget.YES_NO}
        if any(value not in ("", None, []) for name, value in said.items() if name not in choices):
            out.append({**left, **said})
    return tuple(out)


def held(view: Doc) -> dict[str, Any]:
    """What stands in an open form just now, by block."""
    return {block: _said(state) for block, state in _states(view) if _place(block)[1] not in (Widget.FILE, KEPT)}


def errors(view: Doc, problems: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, by the block that it is shown on; what fits no field is shown on the first."""
    blocks = [block for block, _ in _states(view)]
    out: dict[str, str] = {}
    for name, text in problems.items():
        found = _OF_LINE.fullmatch(name)
        wanted = (int(found[1]) - 1, found[2]) if found else None
        place = next((each for each in blocks if _is(each, name, wanted)), blocks[0] if blocks else "")
        if place:
            out[place] = text
    return out


_OF_LINE = re.compile(r"line (\d+), (\w+)")


def _is(block: str, name: str, of_line: tuple[int, str] | None) -> bool:
    line, _, field = _place(block)
    return (line, field) == of_line if of_line else field == name


def _states(view: Doc) -> list[tuple[str, Doc]]:
    values = cast(dict[str, dict[str, Doc]], (view.get("state") or {}).get("values") or {})
    nothing: Doc = {}
    return [(block, next(iter(each.values()), nothing)) for block, each in values.items() if block[:2] in ("f.", "l.")]


def _place(block: str) -> tuple[int | None, str, str]:
    """Which line a block belongs to, its widget, and the field's name."""
    parts = block.split(".", 3)
    if parts[0] == "l" and len(parts) == 4 and parts[1].isdecimal():
        return int(parts[1]), parts[2], parts[3]
    return None, parts[1], ".".join(parts[2:])


def _said(state: Doc) -> str:
    chosen: Doc = state.get("selected_option") or {}
    return str(state.get("value") or state.get("selected_date") or chosen.get("value") or "")
