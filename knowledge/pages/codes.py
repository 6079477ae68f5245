"""What the square codes on a picture say. An address in one is text like any other: nothing is opened."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

MOST, LONGEST = 8, 2000


def codes(picture: "Image") -> list[str]:
    """The texts of the square codes on it, each once, in the order of finding."""
    import zxingcpp

    square = zxingcpp.BarcodeFormat
    formats: Any = (square.QRCode, square.DataMatrix, square.Aztec)
    found = zxingcpp.read_barcodes(picture, formats=formats)
    texts = dict.fromkeys(each.text.strip()[:LONGEST] for each in found if each.valid and each.text.strip())
    return list(texts)[:MOST]
