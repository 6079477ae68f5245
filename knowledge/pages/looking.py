"""Reads a picture: finds its lines, turns the page upright, and tells each line with its box."""

import math
from collections.abc import Sequence
from functools import cache
from statistics import median
from typing import TYPE_CHECKING, Any

from knowledge.pages.page import PICTURE, Box, Line, Page

if TYPE_CHECKING:
    from PIL.Image import Image

SIDE = 960
"""The longest side, in pixels, at which lines are looked for; their letters are read from the picture itself."""

UPRIGHT = 0.9
"""A page whose lines are read less surely than this may stand upside down."""

SMALL = 0.62
"""A page whose text takes up less of its longest side than this is looked at once more from nearer."""

Corners = Sequence[Sequence[float]]
Found = list[tuple[Corners, str, float]]
"""Four corners from the top left clockwise, the text, and how sure its reading is."""


def look(picture: "Image", *, number: int = 1, turned: int = 0) -> tuple[Page, "Image"]:
    """A page as read from a picture in RGB, and the picture as it stands upright.

    `turned` is how the page before it had to be turned, which is tried first.
    """
    picture = _turn(picture, turned)
    picture, found = _nearer(picture)
    if found and turned == 0:
        picture, found, turned = _upright(picture, found)
    return Page(number, picture.width, picture.height, _lines(found), PICTURE, turned), picture


def _upright(picture: "Image", found: Found) -> "tuple[Image, Found, int]":
    """The turn in which most is read: quarters if most lines stand on end, else half if it reads poorly."""
    tall = sum(_size(each)[1] > 1.5 * _size(each)[0] for each, _, _ in found)
    if tall * 2 > len(found):
        turns = (90, 270)
    elif sum(score for _, _, score in found) / len(found) < UPRIGHT:
        turns = (0, 180)
    else:
        return picture, found, 0
    seen = {turn: (picture, found) if turn == 0 else _read_turned(picture, turn) for turn in turns}
    best = max(seen, key=lambda turn: sum(score**2 * len(text) for _, text, score in seen[turn][1]))
    return *seen[best], best


def _read_turned(picture: "Image", turn: int) -> "tuple[Image, Found]":
    other = _turn(picture, turn)
    return other, _read(other)


def _nearer(picture: "Image") -> "tuple[Image, Found]":
    """What is read, from a part of the picture alone where the text is small in it."""
    boxes = _find(picture)
    if not boxes:
        return picture, []
    left, right = min(x for each in boxes for x, _ in each), max(x for each in boxes for x, _ in each)
    top, bottom = min(y for each in boxes for _, y in each), max(y for each in boxes for _, y in each)
    margin = 0.02 * max(picture.size)
    if max(right - left, bottom - top) + 2 * margin < SMALL * max(picture.size):
        picture = picture.crop(
            (
                max(0, int(left - margin)),
                max(0, int(top - margin)),
                min(picture.width, int(right + margin)),
                min(picture.height, int(bottom + margin)),
            )
        )
    return picture, _read(picture)


def _find(picture: "Image") -> list[Corners]:
    """Where there is text."""
    found: Any = _engine()(_pixels(picture), use_det=True, use_cls=False, use_rec=False)
    return [] if found.boxes is None else found.boxes.tolist()


def _read(picture: "Image") -> Found:
    found: Any = _engine()(_pixels(picture), use_det=True, use_cls=False, use_rec=True)
    if found.boxes is None or not found.txts:
        return []
    return list(zip(found.boxes.tolist(), found.txts, map(float, found.scores), strict=True))


def _pixels(picture: "Image") -> Any:
    """As the engine wants it. It is only ever given arrays: what looks like an address to it, it would fetch."""
    import numpy as np

    return np.ascontiguousarray(np.asarray(picture)[:, :, ::-1])


@cache
def _engine() -> Any:
    """The engine, on one thread; its models lie inside its package and nothing is fetched."""
    import cv2
    from rapidocr import RapidOCR

    cv2.setNumThreads(1)
    threads = "EngineConfig.onnxruntime"
    return RapidOCR(
        params={
            "Global.use_cls": False,
            "Global.log_level": "error",
            "Global.max_side_len": 2400,
            "Det.limit_type": "max",
            "Det.limit_side_len": SIDE,
            f"{threads}.intra_op_num_threads": 1,
            f"{threads}.inter_op_num_threads": 1,
        }
    )


def _turn(picture: "Image", degrees: int) -> "Image":
    """Turned clockwise."""
    from PIL import Image

    turns = {
        90: Image.Transpose.ROTATE_270,
        180: Image.Transpose.ROTATE_180,
        270: Image.Transpose.ROTATE_90,
    }
    return picture.transpose(turns[degrees]) if degrees else picture


def _lines(found: Found) -> tuple[Line, ...]:
    """With upright boxes: the lean of the page, which may change from top to bottom in a photo, is taken out."""
    lean, more = _lean([corners for corners, _, _ in found])
    lines: list[Line] = []
    for corners, text, score in found:
        (width, height), (x, y) = _size(corners), _middle(corners)
        down = y - x * math.tan(lean + more * y)
        lines.append(Line(text, Box(x - width / 2, down - height / 2, x + width / 2, down + height / 2), score))
    return tuple(sorted(lines, key=lambda each: (each.box.middle, each.box.left)))


def _lean(boxes: list[Corners]) -> tuple[float, float]:
    """By which angle (in radians) the text leans at the top, and by how much more a pixel further down."""
    wide = [each for each in boxes if _size(each)[0] > 3 * _size(each)[1]]
    if len(wide) < 3:
        return 0.0, 0.0
    angles = [(_middle(each)[1], _angle(each)) for each in wide]
    usual = median(angle for _, angle in angles)
    near = [(y, angle) for y, angle in angles if abs(angle - usual) < 0.06]
    centre = sum(y for y, _ in near) / len(near)
    spread = sum((y - centre) ** 2 for y, _ in near)
    usual = sum(angle for _, angle in near) / len(near)
    more = sum((y - centre) * (angle - usual) for y, angle in near) / spread if spread and len(near) >= 8 else 0.0
    return usual - more * centre, more


def _angle(corners: Corners) -> float:
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = corners
    return math.atan2(by - ay + cy - dy, bx - ax + cx - dx)


def _size(corners: Corners) -> tuple[float, float]:
    """Width and height."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = corners
    wide = (math.hypot(bx - ax, by - ay) + math.hypot(cx - dx, cy - dy)) / 2
    high = (math.hypot(dx - ax, dy - ay) + math.hypot(cx - bx, cy - by)) / 2
    return wide, high


def _middle(corners: Corners) -> tuple[float, float]:
    return sum(x for x, _ in corners) / 4, sum(y for _, y in corners) / 4
