"""Days as people write them at work: "mon-wed next week", "from the 14th for a week", "vom 21. bis 23. Dezember"."""

import re
from datetime import date

from bot.brain.dates.days import (
    Days,
    Lean,
    day_from,
    kept_day,
    working_day_before,
    working_days,
    working_days_from,
)
from bot.brain.dates.ranges import Ranges
from bot.brain.lexicon import listed

__all__ = [
    "Days",
    "Lean",
    "day_from",
    "days_in",
    "kept_day",
    "lasting",
    "part_in",
    "working_day_before",
    "working_days",
    "working_days_from",
]


def days_in(
    folded: str,
    *,
    today: date,
    language: str = "en",
    lean: Lean = Lean.FUTURE,
    day_first: bool = True,
    bare: bool = False,
    hidden: tuple[tuple[int, int], ...] = (),
    after: date | None = None,
) -> list[Days]:
    """The days said in a folded text, in order.

    bare    true when days were asked for: "14 to 18" and "14" are days then
    hidden  spans that are something else (an amount, a name)
    after   the first day that is already known: an end alone ("until the 24th") is the first such day from there
    """
    for start, end in hidden:
        folded = folded[:start] + "¤" * (end - start) + folded[end:]
    return Ranges(folded, today, language, lean, day_first, bare, after).read()


_HALF_OF_DAY = re.compile(
    r"\b(?:(?P<first>first|1st|primera|primeira|premiere|erste[nr]?|prima)"
    r"|second|2nd|segunda|seconde|deuxieme|zweite[nr]?|seconda)"
    r" (?:half|mitad|metade|moitie|halfte|meta|halben? tag)\b"
    r"(?!\s+(?:of|de|del|do|da|du|des|di|vom|von)\s+(?!(?:the |el |la |o |a |il )?(?:day|dia|tag|jour|giorno)))"
)
_BACK = listed("back")
"""Who is back after lunch is away in the morning."""


def part_in(folded: str, *, language: str = "en") -> str | None:
    """The part of a day that a folded text speaks of: "am", "pm", "half", or None."""
    reader = Ranges(folded, date(2000, 1, 1), language, Lean.FUTURE, True, False)
    if half := _HALF_OF_DAY.search(folded):
        return "am" if half["first"] else "pm"
    seen: set[str] = set()
    i = 0
    while i < len(reader.tokens):
        step = 1
        for tag in ("AM", "PM", "HALF"):
            if (found := reader.take(i, tag)) and not reader.greeting(i):
                if tag == "AM" and reader.language == "es" and found[1] - i == 1:
                    continue
                seen.add("AM" if tag == "PM" and _BACK & set(reader.words[max(0, i - 4) : i]) else tag)
                step = max(step, found[1] - i)
        if reader.words[i] == "am" and reader.language == "en" and i and reader.dated(i - 1):
            seen.add("AM")
        i += step
    if ("AM" in seen) == ("PM" in seen):
        return "half" if "HALF" in seen else None
    return "am" if "AM" in seen else "pm"


def lasting(folded: str, start: date, *, language: str = "en") -> date | None:
    """The last day of what is said to last so long from a day on: "three days", "a week"; None if no length is said."""
    reader = Ranges(folded, start, language, Lean.FUTURE, True, False)
    length = next((found for i in range(len(reader.tokens)) if (found := reader.length(i))), None)
    return reader.stretch(start, length) if length else None
