"""The pictures in the text of a PDF: which of its images are worth keeping, drawn as they are seen on the page.

They are drawn with what lies over them: a name that is blacked out, or what a frame cuts off, is not shown either.
"""

import base64
import ctypes
import hashlib
import io
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, cast

from knowledge.pages.page import TEXT, Box, Illustration, Page

MOST_ON_PAGE, MOST = 4, 60
"""How many pictures of a page, the largest, and of a document are kept."""

LARGEST = 16 * 1024 * 1024
"""How many letters the addresses of a document's pictures may have together."""

SIDE, SHARP = 1600, 1.5
"""The longest side that is drawn, in pixels, and how many of them a point is drawn with at least."""

HEAVY = 600_000
"""A picture of more bytes than this as PNG, made in haste, is drawn as JPEG."""

PIXELS, MOST_PIXELS = 32, 60_000_000
"""An image with no side of more pixels than the first is decoration; one with more than the second is not opened."""

LONG, SHORT = 60.0, 15.0
"""What is less long, or less high or wide, is decoration; in points, of which 72 are an inch."""

WHOLE = 0.85
"""What covers as much of the page is its background, or a scan of it."""

PIECES = 200
"""A page with more images than this is drawn with them: none of them is a picture."""

CORNERS = 1000
"""How many points what frames an image may have."""

TOUCHING, NEAR = 2.0, 10.0
"""In points: images no further apart are pieces of one picture, and one that moves no further stands in its place."""

DEEP, WALKED = 8, 50_000
"""How many forms an image may lie within, one in the other, and how many things on a page are looked at."""

Matrix = tuple[float, float, float, float, float, float]
Bounds = tuple[float, float, float, float]
"""Left, lower, right and upper edge, in the units of a file, whose pages are drawn from below."""

_AS_IT_IS: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True)
class Image:
    """An image where it can be seen.

    sharp   how many pixels it has for a point
    digest  of what the file holds of it, by which it is known on another page
    """

    box: Box
    sharp: float
    digest: bytes

    @property
    def place(self) -> tuple[bytes, int, int]:
        """What it is, how far down the page, and how wide: the same for a logo on every page, be it left or right."""
        return self.digest, round(self.box.top / NEAR), round(self.box.width / NEAR)


def illustrated(document: Any, pages: Sequence[Page], *, until: float) -> list[Page]:
    """The pages, those that hold text with their pictures; what cannot be drawn is left out.

    until  the time (monotonic) after which no further picture is begun
    """
    out = {page.number: list[Illustration]() for page in pages}
    size = 0
    for count, (number, drawn) in enumerate(_all(document, pages, until=until)):
        size += len(drawn.address)
        if count == MOST or size > LARGEST:
            break
        out[number].append(drawn)
    return [replace(page, illustrations=tuple(out[page.number])) for page in pages]


def _all(document: Any, pages: Sequence[Page], *, until: float) -> Iterator[tuple[int, Illustration]]:
    """Each picture with the number of its page, drawn when it is asked for."""
    import pypdfium2

    broken = (pypdfium2.PdfiumError, ValueError, OSError, ArithmeticError, MemoryError)
    found: dict[int, list[Image]] = {}
    for page in pages:
        if time.monotonic() > until:
            return
        with suppress(*broken):
            found[page.number] = _images(document[page.number - 1]) if page.how == TEXT else []
    seen = Counter(place for images in found.values() for place in {each.place for each in images})
    often = {digest for (digest, *_), count in seen.items() if len(pages) > 1 and count > len(pages) / 2}
    for number, images in found.items():
        rest = [each for each in images if each.digest not in often]
        held = document[number - 1] if rest else None
        for each in _pictures(held, rest) if rest else ():
            if time.monotonic() > until:
                return
            with suppress(*broken):
                drawn = _drawn(held, each)
                if drawn is not None:
                    yield number, drawn


def _images(page: Any) -> list[Image]:
    """The images of a page that can be seen and have the pixels of a picture."""
    from pypdfium2 import raw

    _, paper = _papers(page)
    out: list[Image] = []
    for thing, bounds in islice(_shown(page, page, _AS_IT_IS, paper, deep=0), WALKED):
        if bounds is None:
            continue
        wide, high = ctypes.c_uint(), ctypes.c_uint()
        raw.FPDFImageObj_GetImagePixelSize(thing, wide, high)
        if max(wide.value, high.value) < PIXELS or wide.value * high.value > MOST_PIXELS:
            continue
        if len(out) == PIECES:
            return []
        box = _turned(bounds, paper, page.get_rotation())
        out.append(Image(box, max(wide.value, high.value) / max(box.width, box.height), _digest(thing)))
    return out


def _shown(page: Any, within: Any, matrix: Matrix, seen: Bounds, *, deep: int) -> Iterator[tuple[Any, Bounds | None]]:
    """All things on a page, or in a form on it, each with where it can be seen if it is an image that can."""
    from pypdfium2 import raw

    whole = within is page
    count = cast(int, raw.FPDFPage_CountObjects(page) if whole else raw.FPDFFormObj_CountObjects(within))
    for nth in range(count):
        thing = raw.FPDFPage_GetObject(page, nth) if whole else raw.FPDFFormObj_GetObject(within, nth)
        sort = raw.FPDFPageObj_GetType(thing)
        bounds = _bounds(thing, matrix, seen) if sort in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM) else None
        yield thing, bounds if sort == raw.FPDF_PAGEOBJ_IMAGE else None
        if sort == raw.FPDF_PAGEOBJ_FORM and bounds is not None and deep < DEEP:
            held = raw.FS_MATRIX()
            raw.FPDFPageObj_GetMatrix(thing, held)
            inner = (held.a, held.b, held.c, held.d, held.e, held.f)
            yield from _shown(page, thing, _after(inner, matrix), bounds, deep=deep + 1)


def _bounds(thing: Any, matrix: Matrix, seen: Bounds) -> Bounds | None:
    """Where a thing can be seen; None where it cannot."""
    from pypdfium2 import raw

    edges = [ctypes.c_float() for _ in range(4)]
    raw.FPDFPageObj_GetBounds(thing, *edges)
    left, lower, right, upper = (each.value for each in edges)
    bounds = _both(seen, _hull([(left, lower), (right, lower), (left, upper), (right, upper)], matrix))
    for path in _frames(thing):
        bounds = _both(bounds, _hull(path, matrix))
    return bounds if bounds[0] < bounds[2] and bounds[1] < bounds[3] else None


def _frames(thing: Any) -> Iterator[list[tuple[float, float]]]:
    """The points of each path beyond which nothing of this can be seen; of those that are not very long."""
    from pypdfium2 import raw

    clip = raw.FPDFPageObj_GetClipPath(thing)
    for path in range(raw.FPDFClipPath_CountPaths(clip) if clip else 0):
        points: list[tuple[float, float]] = []
        count = raw.FPDFClipPath_CountPathSegments(clip, path)
        for nth in range(count if count <= CORNERS else 0):
            x, y = ctypes.c_float(), ctypes.c_float()
            if raw.FPDFPathSegment_GetPoint(raw.FPDFClipPath_GetPathSegment(clip, path, nth), x, y):
                points.append((x.value, y.value))
        if points:
            yield points


def _digest(thing: Any) -> bytes:
    from pypdfium2 import raw

    size = raw.FPDFImageObj_GetImageDataRaw(thing, None, 0)
    held = ctypes.create_string_buffer(size)
    raw.FPDFImageObj_GetImageDataRaw(thing, held, size)
    return hashlib.sha256(held.raw).digest()


def _pictures(page: Any, images: Sequence[Image]) -> list[Image]:
    """The largest pictures that the images of a page make, from top to bottom; no background and no decoration."""
    page_size = page.get_width() * page.get_height()
    whole: list[Image] = []
    for each in images:
        if each.box.width * each.box.height > WHOLE * page_size:
            continue
        while (other := next((one for one in whole if _touch(one.box, each.box)), None)) is not None:
            whole.remove(other)
            each = Image(each.box.around(other.box), max(each.sharp, other.sharp), each.digest)
        whole.append(each)
    kept = [
        each
        for each in whole
        if max(each.box.width, each.box.height) >= LONG
        and min(each.box.width, each.box.height) >= SHORT
        and each.box.width * each.box.height <= WHOLE * page_size
    ]
    kept.sort(key=lambda each: -each.box.width * each.box.height)
    return sorted(kept[:MOST_ON_PAGE], key=lambda each: (each.box.top, each.box.left))


def _touch(one: Box, other: Box) -> bool:
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return across >= -TOUCHING and down >= -TOUCHING


def _drawn(page: Any, image: Image) -> Illustration | None:
    """What is seen of the page where an image stands; None where that is of one colour."""
    from knowledge.pages import pictures

    box = image.box
    scale = min(max(image.sharp, SHARP), SIDE / max(box.width, box.height))
    crop = (box.left, page.get_height() - box.bottom, page.get_width() - box.right, box.top)
    picture = pictures.in_colours(page.render(scale=scale, crop=[max(each, 0.0) for each in crop]).to_pil())
    if picture.getcolors(1) is not None:
        return None
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=1)
    sort = "png"
    if out.tell() > HEAVY:
        out, sort = io.BytesIO(), "jpeg"
        picture.save(out, "JPEG", quality=90)
    address = f"data:image/{sort};base64,{base64.b64encode(out.getvalue()).decode()}"
    return Illustration(address, _among_words(page, box))


def _among_words(page: Any, box: Box) -> Box:
    """Where a box stands in the units in which the words of a page are found, which go by the whole paper."""
    whole, paper = _papers(page)
    turned = page.get_rotation()
    seen = _turned(paper, whole, turned)
    first, second = whole[:2] if turned in (0, 180) else (whole[1], whole[0])
    right, down = seen.left + first, seen.top - second
    return Box(box.left + right, box.top + down, box.right + right, box.bottom + down)


def _papers(page: Any) -> tuple[Bounds, Bounds]:
    """The whole paper of a page, and what of it is shown."""
    whole, cut = (_hull([each[:2], each[2:]], _AS_IT_IS) for each in (page.get_mediabox(), page.get_cropbox()))
    shown = _both(whole, cut)
    return whole, shown if shown[0] < shown[2] and shown[1] < shown[3] else whole


def _turned(bounds: Bounds, paper: Bounds, turned: int) -> Box:
    """Where something stands on a paper that is turned clockwise, from its top left."""
    left, lower, right, upper = bounds
    match turned:
        case 90:
            return Box(lower - paper[1], left - paper[0], upper - paper[1], right - paper[0])
        case 180:
            return Box(paper[2] - right, lower - paper[1], paper[2] - left, upper - paper[1])
        case 270:
            return Box(paper[3] - upper, paper[2] - right, paper[3] - lower, paper[2] - left)
        case _:
            return Box(left - paper[0], paper[3] - upper, right - paper[0], paper[3] - lower)


def _hull(points: Sequence[tuple[float, float]], matrix: Matrix) -> Bounds:
    """What holds all these points, once they are moved."""
    a, b, c, d, e, f = matrix
    across, up = [a * x + c * y + e for x, y in points], [b * x + d * y + f for x, y in points]
    return min(across), min(up), max(across), max(up)


def _after(first: Matrix, second: Matrix) -> Matrix:
    """Both, one after the other."""
    a, b, c, d, e, f = first
    g, h, i, j, x, y = second
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + x, e * h + f * j + y


def _both(one: Bounds, other: Bounds) -> Bounds:
    """What lies in both."""
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])
