"""What people write, without the characters that no database and no person can read."""

import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.message import Called, Filled, Heard, Opened, Pressed, Said

LONGEST = 8000
"""Characters of a message that are read; what is longer is answered with a word about it."""

UNSEEN = frozenset("\u200b\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that show nothing, or turn around what others read."""


def readable(heard: Heard) -> Heard:
    """What was heard, without characters that no database and no person can read."""
    match heard:
        case Said():
            files = tuple(replace(each, name=_text(each.name) or "file") for each in heard.files)
            return replace(heard, text=_text(heard.text[: LONGEST + 1]), files=files)
        case Pressed():
            return replace(heard, values=texts(heard.values))
        case Filled():
            lines = None if heard.lines is None else tuple(texts(each) for each in heard.lines)
            return replace(heard, values=texts(heard.values), lines=lines)
        case Called():
            return replace(heard, args=texts(heard.args))
        case Opened():
            return heard


def _text(text: str) -> str:
    whole = text.encode("utf-8", "replace").decode("utf-8")
    kept = "".join(
        each for each in whole if each in "\n\t" or (unicodedata.category(each) != "Cc" and each not in UNSEEN)
    )
    return kept if any(unicodedata.category(each)[0] not in "ZC" for each in kept) else ""


def texts(value: Any) -> Any:
    """A value, as deep as it goes, without the same characters."""
    match value:
        case str():
            return _text(value)
        case Mapping():
            return {_text(str(key)): texts(each) for key, each in value.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        case list() | tuple():
            return [texts(each) for each in value]  # pyright: ignore[reportUnknownVariableType]
        case _:
            return value
