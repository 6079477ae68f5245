"""The files of a post: made of its tables and charts, pictures of what its card holds and beside what it quotes."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from mimetypes import guess_extension
from pathlib import Path

from backend.cells import cell
from backend.chats import Posted
from backend.files import SMALL
from backend.outbox import TryLater
from backend.people import Person
from backend.sheets import Sheet
from backend.store import Store
from bot.message import Attachment, Post, files_on, post_from

PNG, CSV, JPEG = "image/png", "text/csv", "image/jpeg"
MOST_PICTURES = 10
"""So many small pictures come with a card; the others are opened by their buttons."""

MOST_FROM_HANDBOOK = 3
"""So many pictures of the handbook come with an answer; the others stand on its page."""


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


def from_handbook(store: Store, posted: Posted, post: Post, earlier: Posted | None) -> tuple[Attachment, ...]:
    """The pictures beside what an answer quotes, each once, as far as whoever reads it may see them now.

    None that came with the earlier post that this one takes the place of; where others read it too, only what
    everybody may see.
    """
    shown = _beside_quotes(post)
    for id in _beside_quotes(post_from(earlier.body)) if earlier is not None else ():
        shown.pop(id, None)
    if not shown or posted.person_id is None:
        return ()
    from knowledge.illustrations import fetch
    from knowledge.search import reader_of

    with store.looking() as session:
        reader = reader_of(session, session.get_one(Person, posted.person_id), aloud=not posted.private)
        found = [(said, fetch(session, id, reader=reader)) for id, said in shown.items()]
        return tuple(Attachment(_file_name(said, each.mime), each.content, each.mime) for said, each in found if each)


@dataclass
class Sent:
    """The files of a post that were sent, where it is not finished, and whether one was waited for."""

    files: list[Attachment] = field(default_factory=list[Attachment])
    waited: bool = False

    def left(self, files: Sequence[Attachment]) -> list[Attachment]:
        """Those that are not sent yet, in order."""
        gone, out = list(self.files), list[Attachment]()
        for each in files:
            if each in gone:
                gone.remove(each)
            else:
                out.append(each)
        return out

    def holds_up(self, no: Exception, *, beside: bool) -> bool:
        """Whether a file that was not taken holds up its post.

        One of its own does; a picture beside an answer once, where the platform says when: the answer stands without.
        """
        said_when = isinstance(no, TryLater) and no.seconds is not None and not no.everywhere
        if beside and (self.waited or not said_when):
            return False
        self.waited = True
        return True


def _beside_quotes(post: Post) -> dict[str, str]:
    """The first pictures beside what an answer quotes, by their id, with what each shows."""
    quoted = post.answer.citations if post.answer is not None else ()
    held = {id: said or each.title for each in quoted for id, said, *_ in each.pictures}
    return dict(list(held.items())[:MOST_FROM_HANDBOOK])


def _file_name(said: str, mime: str) -> str:
    """What a picture shows, as the name of a file."""
    name = re.sub(r"[^\w.-]+", " ", said)[:60].strip(" .")
    return (name or "picture") + (guess_extension(mime) or "")


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
