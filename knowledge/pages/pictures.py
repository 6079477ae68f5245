"""Opens pictures that strangers made: known by their first bytes, within limits, upright as the camera says."""

import io
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

from backend.refusals import Refusal

if TYPE_CHECKING:
    from PIL.Image import Image

LARGEST = 60_000_000
"""How many pixels a picture may have."""

LARGEST_JPEG = 120_000_000
"""The same for a JPEG, which can be made smaller while it is unpacked."""

SIDE = 2400
"""The longest side that is worth reading, in pixels: more is made smaller first."""

PDF, ZIP = "pdf", "zip"
_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"BM", "bmp"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"PK\x03\x04", ZIP),
)
_HEIC = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


def sort_of(content: bytes) -> str | None:
    """What the bytes are, whatever their name says: pdf, jpeg, png, gif, webp, bmp, tiff, heic, avif, zip, or None."""
    if b"%PDF-" in content[:1024]:
        return PDF
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    if content[4:8] == b"ftyp":
        return "avif" if content[8:12] in (b"avif", b"avis") else "heic" if content[8:12] in _HEIC else None
    return next((sort for beginning, sort in _BEGINNINGS if content.startswith(beginning)), None)


def frames(content: bytes, *, most: int) -> tuple[Iterator["Image"], int]:
    """The pictures in a file, upright and in RGB, and how many there are; of an animation the first alone is given.

    A Refusal says why it cannot be opened.
    """
    import pi_heif
    from PIL import Image, UnidentifiedImageError

    pi_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = LARGEST_JPEG
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            picture = Image.open(io.BytesIO(content))
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise _too_large() from error
        except UnidentifiedImageError as error:
            raise _damaged() from error
        except (OSError, ValueError, SyntaxError, UserWarning, EOFError) as error:
            raise _damaged() from error
    pixels = picture.width * picture.height
    if pixels > (LARGEST_JPEG if picture.format == "JPEG" else LARGEST):
        raise _too_large()
    count = int(getattr(picture, "n_frames", 1))
    return _opened(picture, most=min(most, count) if picture.format in ("TIFF", "MPO") else 1), count


def _opened(picture: "Image", *, most: int) -> Iterator["Image"]:
    from PIL import Image, ImageOps

    for place in range(1 if picture.format == "MPO" else most):
        try:
            if place:
                picture.seek(place)
            if picture.width * picture.height > LARGEST_JPEG:
                raise _too_large()
            picture.draft("RGB", (SIDE, SIDE))
            picture.load()
            held = ImageOps.exif_transpose(picture)
        except (OSError, ValueError, SyntaxError, EOFError, IndexError) as error:
            raise _damaged() from error
        except Image.DecompressionBombError as error:
            raise _too_large() from error
        yield smaller(in_colours(held))


def smaller(picture: "Image", side: int = SIDE) -> "Image":
    """The picture with its longest side at most `side`."""
    from PIL import Image

    if max(picture.size) <= side:
        return picture
    scale = side / max(picture.size)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.BOX if scale < 0.5 else Image.Resampling.LANCZOS)


def in_colours(picture: "Image") -> "Image":
    """The picture in RGB, on white where one can see through it."""
    from PIL import Image

    if picture.mode.startswith(("I", "F")):
        import numpy as np

        values = np.asarray(picture, dtype=np.float32)
        top = 65535.0 if values.max(initial=0) > 255 else 255.0
        return Image.fromarray((values * (255.0 / top)).clip(0, 255).astype(np.uint8)).convert("RGB")
    if picture.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        ground = Image.new("RGBA", clear.size, "white")
        return Image.alpha_composite(ground, clear).convert("RGB")
    return picture.convert("RGB")


def _too_large() -> Refusal:
    return Refusal("This picture has far more pixels than a photo, so I did not open it: please send a normal photo.")


def _damaged() -> Refusal:
    return Refusal("This picture is damaged or cut off: please send it again.")
