"""What somebody typed into a field, as the form's own reading wants it."""

import re
from typing import Any

from backend.kinds import Widget
from bot.brain.numbers import decimal


def typed(widget: str, raw: str) -> Any:
    """The value of a field of this widget: an amount as digits with a point; what is no number is left as it is."""
    if widget in (Widget.MONEY, Widget.NUMBER):
        number = decimal(re.sub(r"[^\d.,' -]", "", raw).strip()) if raw.strip() else None
        return raw.strip() if number is None else format(number, "f")
    return raw.replace("\r\n", "\n")
