"""The files that come with a post: made of the tables and charts in it, or small pictures of what its card holds."""

import csv
import io
from pathlib import Path

from backend.cells import cell
from backend.files import SMALL
from backend.sheets import Sheet
from bot.message import Attachment, Post, files_on

PNG, CSV, JPEG = "image/png", "text/csv", "image/jpeg"
MOST_PICTURES = 10
"""So many small pictures come with a card; the others are opened by their buttons."""


def names(post: Post) -> list[tuple[str, str]]:
    """(name, title) of each file, pictures first; nothing is made for it."""
    return [(each.name, each.title) for each in (*post.charts, *post.sheets)]


def files(post: Post, *, dark: bool = False) -> tuple[Attachment, ...]:
    """Every file that comes with a post, pictures first; `dark` draws them light on dark."""
    return tuple(file for name, _ in names(post) if (file := find(post, name, dark=dark)) is not None)


def pictures_of(post: Post, folder: Path) -> tuple[Attachment, ...]:
    """The small pictures of the files on a post's card, as far as there are any; `folder` is where files are kept.

    For a card that somebody is shown for the first time: it was drawn for them, so they may see what it holds.
    """
    held = files_on(post.card, post.language) if post.card is not None else []
    out: list[Attachment] = []
    for title, file in held[:MOST_PICTURES]:
        path = folder / f"{file}{SMALL}"
        if path.is_file():
            out.append(Attachment(f"{title}.jpg", path.read_bytes(), JPEG))
    return tuple(out)


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
    writer.writerow(map(cell, sheet.head))
    writer.writerows([cell(each) for each in row] for row in sheet.rows)
    return out.getvalue().encode("utf-8-sig")
