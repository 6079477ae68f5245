"""Cells of a CSV file: what a person wrote is never taken for a formula, and a number stays a number."""

import re
import unicodedata
from decimal import Decimal

_BEGINS = ("=", "+", "-", "@")
_NUMBER = re.compile(r"-?\d[\d.,' \u00a0\u202f]*(?:e[-+]?\d+)?\s?%?", re.IGNORECASE | re.ASCII)
_SPLIT = re.compile(r"(?<=.)([;\t]\s*)(?=[=+@]|-(?!\d))")
"""Where a program that takes another sign for the comma would begin a new cell."""


def cell(value: object) -> str:
    """The text of a cell: empty for None; a text that a program could reckon with gets an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, int | float | Decimal):
        return str(value)
    text = str(value)
    if _NUMBER.fullmatch(text) or not any(each.isalnum() for each in text):
        return text
    bare = unicodedata.normalize("NFKC", text).lstrip("\"'`\u2018\u2019\u201c\u201d").lstrip()
    bare = "".join(each for each in bare[:20] if unicodedata.category(each) not in ("Cf", "Cc", "Zs")).lstrip("\"'`")
    text = _SPLIT.sub(r"\1'", text)
    return f"'{text}" if text.startswith(("\t", "\r", "\n")) or bare.startswith(_BEGINS) else text
