"""Draws what is sent to Slack and Telegram as those would show it: Block Kit and HTML with keyboards, as a page.

It reads the payloads alone, as they go over the wire, and knows nothing of posts or cards.
"""

import re
from html import escape
from pathlib import Path
from typing import Any

Block = dict[str, Any]

STYLE = Path(__file__).with_name("drawing.css")


def page(drawn: str) -> str:
    """Drawings as a page."""
    style = STYLE.read_text(encoding="utf-8")
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Cards</title><style>{style}</style><body>{drawn}'
    )


def slack_message(messages: list[list[Block]], *, id: str) -> str:
    """A post in Slack: its blocks, message by message."""
    drawn = "".join(
        '<div class="said"><div class="face">B</div><div><span class="name">Backdesk</span>'
        f'<span class="app">APP</span><span class="time">10:00 AM</span>{_blocks(each)}</div></div>'
        for each in messages
    )
    return f'<section class="slack" id="{id}">{drawn}</section>'


def slack_home(blocks: list[Block], *, id: str) -> str:
    """Somebody's home in Slack."""
    return f'<section class="slack" id="{id}">{_blocks(blocks)}</section>'


def slack_window(view: Block, *, id: str) -> str:
    """A form in Slack."""
    submit = f'<span class="button primary">{_plain(view["submit"])}</span>' if "submit" in view else ""
    return (
        f'<section class="slack window" id="{id}"><header>{_plain(view["title"])}</header><main>'
        f'{_blocks(view["blocks"])}</main><footer class="row">'
        f'<span class="button">{_plain(view["close"])}</span>{submit}</footer></section>'
    )


def telegram_message(messages: list[str], rows: Any, *, id: str) -> str:
    """A post on Telegram: its messages, with the keyboard under the last. `rows` hold keys with a label."""
    bubbles = "".join(f'<div class="bubble">{_marked(each)}<span class="time">10:00</span></div>' for each in messages)
    keys = "".join(
        '<div class="keys">' + "".join(f"<span>{escape(key.label)}</span>" for key in row) + "</div>" for row in rows
    )
    return f'<section class="telegram" id="{id}">{bubbles}{keys}</section>'


def _marked(html: str) -> str:
    """Telegram's own HTML; a line end beside a quote is the quote's own."""
    return re.sub(r"</blockquote>\n|\n(?=<blockquote>)", lambda found: found[0].strip("\n"), html)


def _blocks(blocks: list[Block]) -> str:
    return "".join(_block(each) for each in blocks)


def _block(block: Block) -> str:
    match block["type"]:
        case "header":
            return f"<h3>{_plain(block['text'])}</h3>"
        case "context":
            return f'<div class="small">{" ".join(_plain(each) for each in block["elements"])}</div>'
        case "rich_text":
            return "".join(_rich(each) for each in block["elements"])
        case "actions":
            return f'<div class="row">{"".join(_button(each) for each in block["elements"])}</div>'
        case "input":
            optional = " <i>(optional)</i>" if block.get("optional") else ""
            hint = f'<div class="hint">{_plain(block["hint"])}</div>' if "hint" in block else ""
            return f"<label>{_plain(block['label'])}{optional}</label>{_element(block['element'])}{hint}"
        case _:
            raise ValueError(f"there is no drawing of a {block['type']}")


def _rich(element: Block) -> str:
    inside = "".join(_words(each) for each in element["elements"])
    match element["type"]:
        case "rich_text_list":
            tag = "ol" if element["style"] == "ordered" else "ul"
            rows = "".join(f"<li>{_words(each)}</li>" for each in element["elements"])
            return f'<{tag} class="rich">{rows}</{tag}>'
        case "rich_text_quote":
            return f'<blockquote class="rich">{inside}</blockquote>'
        case _:
            return f'<div class="rich">{inside}</div>'


def _words(element: Block) -> str:
    if element["type"] == "rich_text_section":
        return "".join(_words(each) for each in element["elements"])
    text, style = escape(element["text"]), element.get("style", {})
    if element["type"] == "link":
        return f"<a>{text}</a>"
    text = f"<b>{text}</b>" if style.get("bold") else text
    return f"<i>{text}</i>" if style.get("italic") else text


def _button(button: Block) -> str:
    return f'<span class="button {button.get("style", "")}">{_plain(button["text"])}</span>'


def _element(element: Block) -> str:
    match element["type"]:
        case "plain_text_input":
            kind = " long" if element.get("multiline") else ""
            return f'<div class="input{kind}">{escape(str(element.get("initial_value", "")))}</div>'
        case "datepicker":
            return f'<div class="input after">{escape(str(element.get("initial_date", "Select a date")))}</div>'
        case "static_select" | "external_select":
            chosen = element.get("initial_option", {"text": element["placeholder"]})["text"]
            return f'<div class="input after">{_plain(chosen)}</div>'
        case "radio_buttons":
            chosen = element.get("initial_option")
            rows = [("◉" if each == chosen else "○") + " " + _plain(each["text"]) for each in element["options"]]
            return "<br>".join(rows)
        case "file_input":
            return '<span class="button">⇪ Upload a file</span>'
        case _:
            raise ValueError(f"there is no drawing of a {element['type']}")


def _plain(text: Block) -> str:
    return escape(text["text"])
