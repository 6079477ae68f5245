"""A picture's hash: 256 bits that change little when the picture is saved again, made smaller, darker or softer."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

SIDE, KEPT = 64, 16


def picture_hash(picture: "Image") -> str:
    """256 bits in hexadecimal: whether each of the lowest 16 x 16 waves in it is above the middle one."""
    import numpy as np
    from PIL import Image

    grey = picture.convert("L").resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    place = np.arange(SIDE)
    waves = np.cos(np.pi / SIDE * np.outer(np.arange(KEPT), place + 0.5))
    low = waves @ np.asarray(grey, dtype=np.float64) @ waves.T
    low[0, 0] = 0
    bits = (low > np.median(low)).ravel()
    return f"{int(''.join('1' if each else '0' for each in bits), 2):064x}"
