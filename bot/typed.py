"""What somebody typed into a field, as the form's own reading wants it."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from backend.forms import Widget
from bot.brain import dates
from bot.brain.clean import clean
from bot.brain.numbers import decimal


def typed(widget: str, raw: str) -> Any:
    """The value of a field of this widget: an amount as digits with a point; what is no number is left as it is."""
    if widget in (Widget.MONEY, Widget.NUMBER):
        found = number(raw)
        return raw.strip() if found is None else format(found, "f")
    return raw.replace("\r\n", "\n")


def number(raw: str) -> Decimal | None:
    """The number that somebody typed, with a currency around it perhaps; None if there is none."""
    return decimal(re.sub(r"[^\d.,' -]", "", raw).strip()) if raw.strip() else None


def day(text: str, *, today: date, language: str) -> date | None:
    """The first day that a text speaks of ("friday", "26 Nov"); None if it speaks of none."""
    found = dates.days_in(clean(text).folded, today=today, language=language, bare=True)
    return next((each.start or each.end for each in found if each.start or each.end), None)


def one_of(text: str, options: Sequence[tuple[str, str]]) -> str | None:
    """The value of the (value, title) whose title was typed, or a part that is in no other; None if there is none."""
    wanted = clean(text).folded
    titles = [(value, clean(title).folded) for value, title in options]
    exact = [value for value, title in titles if title == wanted]
    near = [value for value, title in titles if wanted and wanted in title]
    return exact[0] if exact else near[0] if len(near) == 1 else None
