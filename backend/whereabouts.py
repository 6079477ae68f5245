"""Takes out of a picture where it was taken, and changes nothing else: no pixel, no length, no other tag."""

import re
import zlib
from collections.abc import Callable

GPS = 0x8825
"""The tag that points to where a picture was taken."""

_XMP = re.compile(
    rb"((?:exif|drone-dji|Iptc4xmpExt|photoshop):(?:GPS\w+|Gps\w+|City|State|Country|Location\w*)\s*=\s*[\"'])([^\"'<>]*)"
    rb"|(<(?:exif|drone-dji):(?:GPS|Gps)\w+>)([^<]*)",
)
_EXIF = re.compile(rb"Exif\x00\x00(?=II\*\x00|MM\x00\*)")
_HEIF = re.compile(rb"(?:Exif\x00\x00|\x00\x00\x00\x00)(?=II\*\x00|MM\x00\*)")
"""HEIC may leave out the word before its EXIF data; four zeros never stand within its coded picture."""

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
"""Bytes of one value of each type of tag."""
_MOST_ENTRIES = 500


def without_location(content: bytes) -> bytes:
    """The same file without the place in its EXIF and XMP data; a file that is no picture comes back as it is.

    What cannot be made out is left as it is: nothing is ever cut, so a picture stays as good as it came.
    """
    if content.startswith(b"%PDF-") or not _is_picture(content):
        return content
    out = bytearray(content)
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        _in_png(out)
        return bytes(out)
    for found in (_HEIF if content[4:8] == b"ftyp" else _EXIF).finditer(content):
        _blank(out, found.end())
    if (
        content.startswith(b"RIFF")
        and (at := content.find(b"EXIF")) > 0
        and content[at + 8 : at + 10] in (b"II", b"MM")
    ):
        _blank(out, at + 8)
    _blank_xmp(out, 0, len(out))
    return bytes(out)


def _is_picture(content: bytes) -> bool:
    return content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")) or content[4:8] == b"ftyp"


def _in_png(out: bytearray) -> None:
    """Each chunk that may tell a place, and its sum."""
    at = 8
    while at + 12 <= len(out):
        size, name = int.from_bytes(out[at : at + 4]), bytes(out[at + 4 : at + 8])
        end = at + 8 + size
        if end + 4 > len(out):
            return
        if name == b"eXIf":
            _blank(out, at + 8)
        elif name == b"iTXt":
            _blank_xmp(out, at + 8, end)
        if name in (b"eXIf", b"iTXt"):
            out[end : end + 4] = zlib.crc32(out[at + 4 : end]).to_bytes(4)
        at = end + 4


def _blank_xmp(out: bytearray, start: int, end: int) -> None:
    for found in _XMP.finditer(bytes(out[start:end])):
        group = 2 if found[1] is not None else 4
        first, last = found.span(group)
        out[start + first : start + last] = b" " * (last - first)


def _blank(out: bytearray, start: int) -> None:
    """Empties the place in the TIFF data that begins at `start`, and takes its tag out of the first directory."""
    order = "little" if out.startswith(b"II", start) else "big"

    def number(at: int, size: int) -> int:
        return int.from_bytes(out[at : at + size], order) if start <= at and at + size <= len(out) else 0

    directory = start + number(start + 4, 4)
    count = number(directory, 2)
    if not 0 < count <= _MOST_ENTRIES or directory + 2 + 12 * count + 4 > len(out):
        return
    for nth in range(count):
        entry = directory + 2 + 12 * nth
        if number(entry, 2) != GPS:
            continue
        _empty(out, start, start + number(entry + 8, 4), number)
        end = directory + 2 + 12 * count + 4  # the entries, and where the next directory is
        out[entry : end - 12] = out[entry + 12 : end]
        out[end - 12 : end] = bytes(12)
        out[directory : directory + 2] = (count - 1).to_bytes(2, order)
        return


def _empty(out: bytearray, start: int, place: int, number: Callable[[int, int], int]) -> None:
    """Writes zeros over a directory of places and over all that it points to."""
    count = number(place, 2)
    if not 0 < count <= _MOST_ENTRIES or place + 2 + 12 * count > len(out):
        return
    for nth in range(count):
        entry = place + 2 + 12 * nth
        size = _SIZES.get(number(entry + 2, 2), 0) * number(entry + 4, 4)
        at = start + number(entry + 8, 4)
        if 4 < size <= 4096 and at + size <= len(out):
            out[at : at + size] = bytes(size)
    out[place : place + 2 + 12 * count] = bytes(2 + 12 * count)
