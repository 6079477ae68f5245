"""Keyboards to choose from: a month of days, and choices in sheets that are leafed through."""

import calendar as months
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from babel.dates import format_date, get_day_names

from bot.channels.telegram_markup import Key, Rows, rows

SHEET = 12
"""Choices on a sheet."""
FIRST, LAST = date(1970, 1, 1), date(2199, 12, 1)

Turn = Callable[[str], str]
"""What comes back from the button that leads to a page."""


def leafed(keys: Sequence[Key], *, page: str, turn: Turn) -> Rows:
    """Keys in sheets of twelve; below them the way to the sheets before and after."""
    if len(keys) <= SHEET:
        return rows(keys)
    sheets = -(-len(keys) // SHEET)
    at = (int(page) if page.isdecimal() else 0) % sheets
    shown = rows(keys[at * SHEET : (at + 1) * SHEET])
    before, after = str((at - 1) % sheets), str((at + 1) % sheets)
    return (*shown, (Key("‹", turn(before)), Key(f"{at + 1}/{sheets}", turn(str(at))), Key("›", turn(after))))


def month_of(page: str, *, otherwise: date) -> date:
    """The first day of the month that a page names ("2026-11"), or of another day's month."""
    try:
        found = date.fromisoformat(f"{page}-01")
    except ValueError:
        found = otherwise
    return min(max(found.replace(day=1), FIRST), LAST)


def calendar(
    month: date,
    *,
    language: str,
    chosen: date | None,
    today: date,
    pick: Callable[[date], str],
    turn: Turn,
) -> Rows:
    """A month, a row for each week. Today stands between dots, the chosen day in brackets."""
    before, after = _page(max(month - timedelta(days=1), FIRST)), _page(min(month + timedelta(days=31), LAST))
    name = format_date(month, "LLLL y", locale=language)
    head = (Key("‹", turn(before)), Key(name, turn(_page(month))), Key("›", turn(after)))
    short = get_day_names("short", context="stand-alone", locale=language)
    same = turn(_page(month))
    week = tuple(Key(str(short[each]), same) for each in range(7))
    out: list[tuple[Key, ...]] = [head, week]
    for days in months.Calendar().monthdatescalendar(month.year, month.month):
        out.append(tuple(_day(each, month, chosen, today, pick, same) for each in days))
    return tuple(out)


def _day(day: date, month: date, chosen: date | None, today: date, pick: Callable[[date], str], same: str) -> Key:
    if day.month != month.month:
        return Key("·", same)
    label = f"[{day.day}]" if day == chosen else f"•{day.day}•" if day == today else str(day.day)
    return Key(label, pick(day))


def _page(day: date) -> str:
    return f"{day:%Y-%m}"
