"""Days that our own rules do not read: asked of recognizers-text (en, es, fr) or dateparser (pt, de, it)."""

import warnings
from datetime import date, datetime, time
from functools import cache
from typing import Any

from bot.brain.dates import Days, Lean

LONGEST = 200
"""Characters that are tried: these libraries are slow on more."""

_CULTURES = {"en": "en-us", "es": "es-es", "fr": "fr-fr"}


def days_by_library(text: str, *, today: date, language: str, lean: Lean = Lean.FUTURE) -> list[Days]:
    """The first days that a library finds in a text; none where it finds none, or fails."""
    text = text[:LONGEST]
    noon = datetime.combine(today, time(12))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            if language in _CULTURES:
                return _recognized(text, noon, language=language, lean=lean)
            return _searched(text, noon, language=language, lean=lean)
        except (ArithmeticError, AttributeError, IndexError, KeyError, LookupError, TypeError, ValueError):
            return []  # one helper in recognizers-text can raise: that is no match


@cache
def _model(language: str) -> Any:
    from recognizers_date_time import DateTimeRecognizer  # pyright: ignore[reportMissingTypeStubs]

    # what it calls lazy is not: only False leaves the languages alone that nobody asked for, French takes seconds
    recognizer: Any = DateTimeRecognizer(lazy_initialization=False)
    return recognizer.get_datetime_model(_CULTURES[language])


def _recognized(text: str, noon: datetime, *, language: str, lean: Lean) -> list[Days]:
    for found in _model(language).parse(text, noon):
        resolution: Any = found.resolution or {}
        values: list[dict[str, str]] = resolution.get("values", [])
        spans = [days for each in values if (days := _ends(each, (found.start, found.end + 1)))]
        if spans:
            ahead = [each for each in spans if each.start and each.start >= noon.date()]
            behind = [each for each in spans if each.start and each.start <= noon.date()]
            fitting = ahead[:1] if lean is Lean.FUTURE else behind[-1:]
            return fitting or spans[:1]
    return []


def _ends(value: dict[str, str], span: tuple[int, int]) -> Days | None:
    match value.get("type"):
        case "date" | "datetime":
            day = date.fromisoformat(value["value"][:10])
            return Days(day, day, span, single=True)
        case "daterange" if "start" in value and "end" in value:
            start, end = date.fromisoformat(value["start"][:10]), date.fromisoformat(value["end"][:10])
            return Days(start, date.fromordinal(max(start.toordinal(), end.toordinal() - 1)), span)
        case _:
            return None


def _searched(text: str, noon: datetime, *, language: str, lean: Lean) -> list[Days]:
    import dateparser.search as searching  # pyright: ignore[reportMissingTypeStubs]

    settings: Any = {"RELATIVE_BASE": noon, "PREFER_DATES_FROM": lean.value, "DATE_ORDER": "DMY"}
    search: Any = searching.search_dates  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    found: Any = search(text, languages=[language], settings=settings)
    pairs: list[tuple[str, datetime]] = list(found or [])
    for said, moment in pairs:
        start = text.find(said)
        if len(said) > 3 and start >= 0 and not said.strip().isdigit():
            return [Days(moment.date(), moment.date(), (start, start + len(said)), single=True)]
    return []
