"""Reads a picture: finds its lines, turns the page upright, and tells each line with its box."""

import math
import re
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

DOUBTFUL = 0.97
"""A number that is read less surely than this is looked at again."""

LEAST = 0.5
"""What is read less surely than this is no text."""

AGAIN = 8
"""How many lines of a page are looked at again at most."""

NARROW = 128
"""To how many pixels a line 48 pixels high is filled up at least when its letters are read: less is quicker."""

_NUMBER = re.compile(r"^\W*(?:[A-Z]{1,3})?\W*\d[\d.,: ]*\d\W*[A-Za-z]{0,2}$|^\W*\d{1,3} \d\d\W*$")
_DAY = re.compile(r"\d[/.\-~:]\d{0,2}[/.\-~:]{1,2}\d{2}")
_WHOLE = re.compile(r"(?<!\d)(?:\d{1,2}([-/.])\d{1,2}\1(?:20)?\d\d|20\d\d([-/.])\d{1,2}\2\d{1,2})")
_TIME = re.compile(r"(?<!\d)\d{1,2}:\d\d(?::\d\d)?(?!\d|[-/])")

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
    lines = _lines(found, _again(picture, found))
    return Page(number, picture.width, picture.height, lines, PICTURE, turned), picture


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
    return picture, _read(picture, boxes)


def _find(picture: "Image") -> list[Corners]:
    """Where there is text."""
    found: Any = _engine()(_pixels(picture), use_det=True, use_cls=False, use_rec=False)
    return [] if found.boxes is None else found.boxes.tolist()


def _read(picture: "Image", boxes: list[Corners] | None = None) -> Found:
    """The lines of a picture, in the boxes given, or where there is text."""
    import numpy as np
    from rapidocr.utils.process_img import get_rotate_crop_image

    found = _find(picture) if boxes is None else boxes
    if not found:
        return []
    pixels = _pixels(picture)
    parts: Any = [get_rotate_crop_image(pixels, np.asarray(each, dtype=np.float32)) for each in found]
    read: Any = _engine().recognize_txt(parts)
    lines = zip(found, read.txts, map(float, read.scores), strict=True)
    return [each for each in lines if each[2] >= LEAST and each[1].strip()]


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
            "Rec.rec_img_shape": [3, 48, NARROW],
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


def _again(picture: "Image", found: Found) -> list[list[tuple[str, float]]]:
    """What each doubtful number is read as when it is cut out more widely, and when larger; nothing for other lines."""
    import cv2
    from rapidocr.utils.process_img import get_rotate_crop_image

    out: list[list[tuple[str, float]]] = [[] for _ in found]
    doubtful = [place for place, (_, text, score) in enumerate(found) if _doubtful(text, score)]
    doubtful = sorted(doubtful, key=lambda place: not _DAY.search(found[place][1]))[:AGAIN]
    pixels = _pixels(picture)
    parts: list[Any] = []
    for place in doubtful:
        for wider, higher, scale in ((0.5, 0.1, 1.0), (0.3, 0.3, 3.0)):
            cut: Any = get_rotate_crop_image(pixels, _grown(found[place][0], wider, higher))
            resize: Any = cv2.resize
            parts.append(resize(cut, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC))
    if parts:
        read: Any = _engine().recognize_txt(parts)
        for spot, (text, score) in enumerate(zip(read.txts, map(float, read.scores), strict=True)):
            if score >= LEAST and text.strip():
                out[doubtful[spot // 2]].append((text.strip(), score))
    return out


def _doubtful(text: str, score: float) -> bool:
    """True for an amount that is not read surely, and for a day that is not, or that is not whole."""
    timeless = _TIME.sub(" ", text)
    if _DAY.search(timeless):
        return score < DOUBTFUL or not _WHOLE.search(timeless)
    return score < DOUBTFUL and bool(_NUMBER.search(text))


def _grown(corners: Corners, wider: float, higher: float) -> Any:
    """The corners moved outwards, by shares of the height."""
    import numpy as np

    points = np.asarray(corners, dtype=np.float32)
    across, down = points[1] - points[0], points[3] - points[0]
    high = float(np.linalg.norm(down)) or 1.0
    across = across / (float(np.linalg.norm(across)) or 1.0) * high * wider
    down = down * higher
    return np.asarray(
        [
            points[0] - across - down,
            points[1] + across - down,
            points[2] + across + down,
            points[3] - across + down,
        ],
        dtype=np.float32,
    )


def _best(text: str, score: float, again: list[tuple[str, float]]) -> tuple[str, float, tuple[str, ...]]:
    """The reading to go by, and the others: of numbers alone the one that was read most surely."""
    if re.fullmatch(r"[^A-Za-z]*", text):
        same = [each for each in again if re.fullmatch(r"[^A-Za-z]*", each[0]) and len(each[0]) <= len(text) + 1]
        best, score = max([(text, score), *same], key=lambda each: each[1])
    else:
        best = text
    others = dict.fromkeys(each for each in (text, *(each for each, _ in again)) if each != best)
    return best, score, tuple(others)


def _lines(found: Found, again: list[list[tuple[str, float]]]) -> tuple[Line, ...]:
    """With upright boxes: the lean of the page, which may change from top to bottom in a photo, is taken out."""
    lean, more = _lean([corners for corners, _, _ in found])
    lines: list[Line] = []
    for (corners, text, score), seen in zip(found, again, strict=True):
        (width, height), (x, y) = _size(corners), _middle(corners)
        down = y - x * math.tan(lean + more * y)
        box = Box(x - width / 2, down - height / 2, x + width / 2, down + height / 2)
        best, score, others = _best(text, score, seen)
        lines.append(Line(best, box, score, others))
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
