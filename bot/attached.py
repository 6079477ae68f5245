"""The files that come with a post, made of the tables and charts in it: for a channel that sends files, or links."""

import csv
import io
import re

from backend.sheets import Sheet
from bot.message import Attachment, Post

PNG, CSV = "image/png", "text/csv"
_NUMBER = re.compile(r"-?[\d.,\s]+%?")


def names(post: Post) -> list[tuple[str, str]]:
    """(name, title) of each file, pictures first; nothing is made for it."""
    return [(each.name, each.title) for each in (*post.charts, *post.sheets)]


def files(post: Post, *, dark: bool = False) -> tuple[Attachment, ...]:
    """Every file that comes with a post, pictures first; `dark` draws them light on dark."""
    return tuple(file for name, _ in names(post) if (file := find(post, name, dark=dark)) is not None)


def find(post: Post, name: str, *, dark: bool = False) -> Attachment | None:
    """The file of that name, made now; None if the post has none."""
    for chart in post.charts:
        if chart.name == name:
            from bot import pictures

            return Attachment(name, pictures.draw(chart, dark=dark), PNG)
    for sheet in post.sheets:
        if sheet.name == name:
            return Attachment(name, as_csv(sheet), CSV)
    return None


def as_csv(sheet: Sheet) -> bytes:
    """The table as a CSV file, with the mark by which a spreadsheet knows its letters; no cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(map(_cell, sheet.head))
    writer.writerows([_cell(each) for each in row] for row in sheet.rows)
    return out.getvalue().encode("utf-8-sig")


def _cell(text: str) -> str:
    """What a person wrote cannot be taken for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not _NUMBER.fullmatch(text) else text
