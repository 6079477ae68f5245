"""What Slack checks of a payload: its own models' limits, and those that they do not know of."""

import json
from collections import Counter
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

Json = dict[str, Any] | list[Any] | str | int | bool | None

MOST_CHARACTERS = 13_000
LONGEST_VIEW = 250_000


def wrong_with_blocks(blocks: list[dict[str, Any]], *, most: int) -> list[str]:
    """What Slack would refuse of blocks: an unknown kind, a text that is too long, an id that is there twice."""
    out: list[str] = [f"{len(blocks)} blocks"] if len(blocks) > most else []
    for each in blocks:
        try:
            parsed = Block.parse(each)
            out += [f"no block: {each}"] if parsed is None else []
            if parsed is not None:
                parsed.to_dict()
        except (SlackObjectFormationError, TypeError, ValueError) as error:
            out.append(f"{error}: {json.dumps(each)[:300]}")
        actions = Counter(str(element.get("action_id")) for element in _elements(each))
        out += [f"action_id {name} {count} times" for name, count in actions.items() if count > 1]
        out += _wrong_texts(each)
    ids = Counter(str(each["block_id"]) for each in blocks if "block_id" in each)
    return out + [f"block_id {name} {count} times" for name, count in ids.items() if count > 1]


def wrong_with_message(text: str, blocks: list[dict[str, Any]]) -> list[str]:
    """What Slack would refuse of a message."""
    out = wrong_with_blocks(blocks, most=50)
    size = len(json.dumps([*_texts(blocks)], ensure_ascii=False))
    out += [f"{size} characters"] if size > MOST_CHARACTERS else []
    out += ["no text and no blocks"] if not text and not blocks else []
    return out + [f"a mention in {text!r}" for mark in ("<!", "<@", "<#") if mark in text]


def wrong_with_view(view: dict[str, Any]) -> list[str]:
    """What Slack would refuse of a modal or a home."""
    out = wrong_with_blocks(view["blocks"], most=100)
    try:
        known = {key: value for key, value in view.items() if key in VIEW}
        View(**known).to_dict()
    except (SlackObjectFormationError, TypeError, ValueError) as error:
        out.append(str(error))
    out += [f"unknown keys {set(view) - VIEW}"] if set(view) - VIEW else []
    inputs = any(each["type"] == "input" for each in view["blocks"])
    out += ["a form that nobody can send"] if inputs and view["type"] == "modal" and not view.get("submit") else []
    out += ["an input in a home"] if inputs and view["type"] == "home" else []
    return out + (["a view that is too large"] if len(json.dumps(view)) > LONGEST_VIEW else [])


VIEW = frozenset(
    {"type", "title", "blocks", "close", "submit", "private_metadata", "callback_id", "clear_on_close"}
    | {"notify_on_close", "external_id", "submit_disabled"}
)


def _elements(block: dict[str, Any]) -> list[dict[str, Any]]:
    found = [*block.get("elements", ())] if block["type"] == "actions" else []
    return [*found, *(block[name] for name in ("accessory", "element") if name in block)]


def _wrong_texts(thing: Json) -> list[str]:
    """Empty texts, and markup: nothing of ours is to be read as such."""
    if isinstance(thing, dict):
        kind, text = thing.get("type"), thing.get("text")
        out: list[str] = (
            [f"an empty text: {thing}"] if kind in ("text", "plain_text", "mrkdwn") and not str(text).strip() else []
        )
        out += [f"markup: {text}"] if kind == "mrkdwn" else []
        out += [f"no elements: {thing}"] if thing.get("elements") == [] else []
        return out + [each for value in thing.values() for each in _wrong_texts(value)]
    return [each for row in thing for each in _wrong_texts(row)] if isinstance(thing, list) else []


def _texts(thing: Json) -> list[str]:
    if isinstance(thing, dict):
        return [each for key, value in thing.items() if key != "type" for each in _texts(value)]
    if isinstance(thing, list):
        return [each for row in thing for each in _texts(row)]
    return [thing] if isinstance(thing, str) else []


def texts(blocks: list[dict[str, Any]]) -> str:
    """All that can be read in blocks, as one text; a line for each block."""
    return "\n".join("".join(_read(each)) for each in blocks)


def _read(thing: Json) -> list[str]:
    if isinstance(thing, dict):
        if isinstance(thing.get("text"), str):
            return [thing["text"], " "] if thing.get("type") == "plain_text" else [thing["text"]]
        return [each for value in thing.values() for each in _read(value)]
    return [each for row in thing for each in _read(row)] if isinstance(thing, list) else []
