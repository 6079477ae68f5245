"""Reads Telegram's HTML as strictly as Telegram does: what it would refuse is a Bad Request here too."""

import re
from html import unescape

TAGS = frozenset(
    {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "code", "pre", "a", "blockquote", "tg-spoiler"}
)
_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)?([^<>]*)>")
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);")


class BadRequest(Exception):
    """What Telegram says to a call that it does not take."""


def read(html: str) -> tuple[str, list[tuple[str, int, int]]]:
    """The text without its markup, and (tag, offset, length in UTF-16 units) of what was marked."""
    out: list[str] = []
    marks: list[tuple[str, int, int]] = []
    opened: list[tuple[str, int]] = []
    at = 0
    while at < len(html):
        if html[at] == "<":
            found = _TAG.match(html, at)
            offset = len(html[:at].encode())
            if found is None:
                raise BadRequest(f"can't parse entities: Unclosed start tag at byte offset {offset}")
            closing, name = found[1], (found[2] or "").lower()
            if name not in TAGS:
                raise BadRequest(f'can\'t parse entities: Unsupported start tag "{name}" at byte offset {offset}')
            if closing and (not opened or opened[-1][0] != name):
                raise BadRequest(f"can't parse entities: Unexpected end tag at byte offset {offset}")
            if closing:
                _, began = opened.pop()
                marks.append((name, began, units("".join(out)) - began))
            else:
                opened.append((name, units("".join(out))))
            at = found.end()
        elif (found := _ENTITY.match(html, at)) is not None:
            out.append(unescape(found[0]))
            at = found.end()
        else:
            out.append(html[at])
            at += 1
    if opened:
        raise BadRequest(f"can't parse entities: Can't find end tag corresponding to start tag \"{opened[-1][0]}\"")
    return "".join(out), marks


def units(text: str) -> int:
    """How long a text is in UTF-16 units, as Telegram counts."""
    return len(text.encode("utf-16-le")) // 2
