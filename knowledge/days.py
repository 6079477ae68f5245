"""Days that stand in a text: "8 December 2026", "8 de diciembre", "Dec 8, 2026", "8.12.2026", "2026-12-08"."""

import re
from datetime import date
from functools import cache
from typing import cast

from babel import Locale

from knowledge.asking import LANGUAGES, month_names

_YEAR = re.compile(r"\b(20\d\d)\b")


def days_in(text: str, *, today: date, heading: str = "") -> list[date]:
    """The days that a text names, in order.

    heading  whose year counts where the text names none; where neither does, the day is the next one of that name
    """
    years = _YEAR.findall(heading)
    out: list[date] = []
    for found in _day().finditer(text.lower()):
        said = {name: value for name, value in found.groupdict().items() if value}
        day = next(int(said[each]) for each in ("d1", "d2", "d3", "d4") if each in said)
        month = next(_months().get(said[each]) or int(said[each]) for each in ("m1", "m2", "m3", "m4") if each in said)
        year = next((said[each] for each in ("y1", "y2", "y3", "y4") if each in said), years[-1] if years else "")
        if year:
            out += _real(int(year), month, day)
        else:
            out += [each for each in (*_real(today.year, month, day), *_real(today.year + 1, month, day))
                    if each >= today][:1]  # fmt: skip
    return out


def _real(year: int, month: int, day: int) -> list[date]:
    try:
        return [date(year, month, day)]
    except ValueError:
        return []


@cache
def _months() -> dict[str, int]:
    """The names of the months, whole and shortened."""
    out = dict(month_names())
    for each in LANGUAGES:
        short = cast(dict[int, str], Locale(each).months["format"]["abbreviated"])
        out |= {name.lower().strip("."): number for number, name in short.items()}
    return out


@cache
def _day() -> re.Pattern[str]:
    names = "|".join(re.escape(each) for each in sorted(_months(), key=len, reverse=True))
    number = r"(?<![\d.,/-])(?P<{}>\d{{1,2}})"
    return re.compile(
        r"(?<!\d)(?P<y1>20\d\d)-(?P<m1>\d\d)-(?P<d1>\d\d)(?!\d)|"
        + number.format("d2")
        + r"[./](?P<m2>\d{1,2})[./](?P<y2>20\d\d)(?!\d)|"
        + number.format("d3")
        + rf"(?:st|nd|rd|th|er|\.|º)?\s+(?:de |of )?(?P<m3>{names})\b\.?(?:,?\s+(?:de |of )?(?P<y3>20\d\d)\b)?|"
        + rf"\b(?P<m4>{names})\b\.?\s+(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)(?:,?\s+(?P<y4>20\d\d)\b)?"
    )
