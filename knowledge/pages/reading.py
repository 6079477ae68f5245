"""Reads any file to pages, in the process apart."""

import hashlib
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from backend.refusals import Refusal
from knowledge.apart import apart
from knowledge.pages import pictures
from knowledge.pages.page import Note, Page, Paper

if TYPE_CHECKING:
    from PIL.Image import Image

LARGEST = 20 * 1024 * 1024
"""How many bytes a file may have."""

MOST = 5
"""How many pages are read."""

ENOUGH = 25.0
"""After how many seconds no further page is begun, so that what was read is not lost."""

ILLUSTRATED = 40.0
"""After how many seconds no further picture of a text is begun."""


def read(content: bytes, *, most: int = MOST) -> Paper:
    """The file as pages with lines and boxes; a Refusal says in a sentence why it cannot be read.

    At most `most` pages are read, and the notes say so. It may take seconds: no transaction should be open.
    """
    if len(content) > LARGEST:
        raise too_large()
    return Paper.from_doc(apart().run("knowledge.pages.reading:work", content, {"most": most}))


def work(content: bytes, *, most: int) -> dict[str, Any]:
    """The same as JSON, done in this process: only ever called apart."""
    return here(content, most=most).as_doc()


def here(content: bytes, *, most: int = MOST, illustrated: bool = False) -> Paper:
    """The same, done in this process: what the process apart does.

    illustrated  with the pictures that stand in the text of a PDF
    """
    from knowledge.pages.hashing import picture_hash

    sha256 = hashlib.sha256(content).hexdigest()
    match pictures.sort_of(content):
        case _ if not content.strip():
            raise Refusal("This file is empty: please send it again.")
        case None:
            raise Refusal("This is neither a picture nor a PDF, so I can't read it: please send a photo or the PDF.")
        case pictures.ZIP:
            raise Refusal("This is a packed file, whatever its name says: please send the photo or the PDF in it.")
        case pictures.PDF:
            return _pdf(content, most=most, sha256=sha256, illustrated=illustrated)
        case sort:
            opened, in_all = pictures.frames(content, most=most)
            notes: list[Note] = []
            if sort not in ("tiff", "jpeg", "heic") and in_all > 1:
                notes.append(Note("This is an animation: I read only its first picture."))
                in_all = 1
            pages, seen, codes = _look(opened, most=most)
            in_all = in_all if sort == "tiff" else 1
            return Paper(
                sort,
                tuple(pages),
                in_all,
                tuple(notes + _left_out(len(pages), in_all)),
                tuple(codes),
                sha256=sha256,
                picture_hash=picture_hash(seen) if seen else "",
            )


def too_large() -> Refusal:
    return Refusal("This file is larger than 20 MB: please send a smaller one.")


def _look(opened: "Iterator[Image]", *, most: int) -> "tuple[list[Page], Image | None, list[str]]":
    """The pages, the first of them as a picture that stands upright, and what their codes say."""
    from knowledge.pages import codes, looking

    begun = time.monotonic()
    pages: list[Page] = []
    said: list[str] = []
    first: Image | None = None
    for number, picture in enumerate(opened, 1):
        said += codes.codes(picture)
        page, upright = looking.look(picture, number=number, turned=pages[-1].turned if pages else 0)
        pages.append(page)
        first = first or upright
        if number == most or time.monotonic() - begun > ENOUGH:
            break
    return pages, first, said


def _pdf(content: bytes, *, most: int, sha256: str, illustrated: bool) -> Paper:
    from knowledge.pages import codes, looking
    from knowledge.pages.hashing import picture_hash
    from knowledge.pages.pdfs import Pdf

    begun = time.monotonic()
    pdf = Pdf(content)
    pages: list[Page] = []
    said: list[str] = []
    seen = ""
    for number in range(1, min(most, pdf.in_all) + 1):
        drawn = pdf.picture(number)
        said += codes.codes(drawn)
        page = pdf.words(number)
        if page is None:
            page, upright = looking.look(drawn, number=number, turned=pages[-1].turned if pages else 0)
            seen = picture_hash(upright) if number == 1 else seen
        pages.append(page)
        if time.monotonic() - begun > ENOUGH:
            break
    if illustrated:
        pages = pdf.illustrated(pages, until=begun + ILLUSTRATED)
    return Paper(
        pictures.PDF,
        tuple(pages),
        pdf.in_all,
        tuple(_left_out(len(pages), pdf.in_all)),
        tuple(dict.fromkeys(said)),
        pdf.attached(),
        sha256,
        seen,
    )


def _left_out(read: int, in_all: int) -> list[Note]:
    if read >= in_all:
        return []
    if read == 1:
        return [Note("I read only the first of its {all} pages.", {"all": in_all})]
    return [Note("I read only the first {count} of its {all} pages.", {"count": read, "all": in_all})]
