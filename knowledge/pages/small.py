"""A small picture of a file, to show beside what is said of it."""

import base64
import io

from backend.refusals import Refusal
from knowledge.apart import apart
from knowledge.pages import pdfs, pictures

SIDE = 480
"""Its longest side, in pixels."""


def small(content: bytes) -> bytes | None:
    """The file's first page as a small JPEG, drawn apart; None where it cannot be drawn."""
    try:
        return base64.b64decode(apart().run("knowledge.pages.small:work", content, {"side": SIDE}))
    except Refusal:
        return None


def work(content: bytes, *, side: int) -> str:
    """Draws it, in the process apart; a Refusal says why not."""
    sort = pictures.sort_of(content)
    if sort is None or sort == pictures.ZIP:
        raise Refusal("This is no picture and no PDF.")
    picture = pdfs.Pdf(content).picture(1) if sort == pictures.PDF else next(pictures.frames(content, most=1)[0])
    out = io.BytesIO()
    pictures.smaller(picture, side).save(out, "JPEG", quality=80)
    return base64.b64encode(out.getvalue()).decode()
