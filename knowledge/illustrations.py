"""The pictures in documents: found where they are named, made small and safe, and kept beside each version.

None is fetched from anywhere. What is kept was drawn anew from the picture's points, so nothing else that stood in the
file comes with it; drawings that are programs (SVG) are not kept.
"""

import base64
import binascii
import hashlib
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote, unquote_to_bytes

from pydantic import ConfigDict
from sqlalchemy import ForeignKey, LargeBinary, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.refusals import Refusal
from backend.store import Base
from knowledge.library import LIVE, Document, Passage, Version
from knowledge.passages import blocks, plain
from knowledge.search import Reader, addressed

MOST = 100
"""How many pictures of a document are looked at."""

LONGEST = 500
"""How many letters the address of a picture may have that lies beside a document."""

LARGEST = 10 * 1024 * 1024
"""How many bytes a picture may have as it comes."""

SIDE, LEAST = 1600, 32
"""The longest side that is kept, in pixels; a picture with no side longer than the other is decoration."""

HEAVY = 400_000
"""A drawing of more bytes than this is kept like a photo."""

QUOTED = 2
"""How many pictures are shown with what is quoted of a passage."""

SORTS = frozenset({"png", "jpeg", "gif", "webp"})
OURS = "picture:"
"""What the address begins with of a picture that stood in the text itself."""

_PICTURE = re.compile(
    r"!\[(?P<alt>(?:[^\[\]\\]++|\\.|\[(?:[^\[\]\\]++|\\.)*+\])*+)\]"
    r"\(\s*+(?:<(?P<angled>[^<>\n]++)>|(?P<bare>[^\s()<>]++(?:\([^\s()]*+\)[^\s()<>]*+)*+))"
    r"(?:\s++(?:\"[^\"\n]*+\"|'[^'\n]*+'))?+\s*+\)|<img\b(?P<tag>[^<>]*+)>",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"(?<![\w-])(src|alt)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++))", re.IGNORECASE)
_REFERENCE = re.compile(r"^ {0,3}\[[^\]\n]+\]:[^\S\n]*+<?([^\s<>]++)>?", re.MULTILINE)
_LEFT = re.compile(r"data:\w++/[\w.+-]++(?:;[\w=.+-]++)*+,[^\s()<>\"']*+", re.IGNORECASE)
_DATA = re.compile(r"data:image/[\w.+-]+((?:;[\w=.+-]+)*),(.*)", re.IGNORECASE | re.DOTALL)
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)

Shown = tuple[str, str, int, int]
"""A picture beside a passage: its id, what it shows in words, how wide and how high it is in pixels."""

ByPassage = Mapping[int, tuple[Shown, ...]]

Beside = Callable[[str], bytes | None]
"""What lies at an address beside a document; None where nothing does."""


class Picture(Base):
    """A picture as it is kept; `id` is the beginning of its digest, so that the same one is kept once."""

    __tablename__ = "handbook_pictures"
    id: Mapped[str] = mapped_column(primary_key=True)
    mime: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class VersionPicture(Base):
    """Which picture stands at an address that a version of a document names."""

    __tablename__ = "version_pictures"
    version_id: Mapped[int] = mapped_column(ForeignKey("document_versions.id"), primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True)
    picture_id: Mapped[str] = mapped_column(ForeignKey("handbook_pictures.id"), index=True)


@dataclass(frozen=True)
class Kept:
    """A picture drawn anew, before it is stored."""

    id: str
    mime: str
    width: int
    height: int
    content: bytes

    __pydantic_config__ = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")


@dataclass(frozen=True)
class Found:
    """The pictures of a text: which stands at which address, as (address, id), and what they hold."""

    text: str
    places: tuple[tuple[str, str], ...] = ()
    kept: tuple[Kept, ...] = ()


def found(text: str, *, beside: Beside | None = None, inside: Mapping[str, bytes] | None = None) -> Found:
    """The pictures that a Markdown text names and that lie beside it or stand in it; those in it leave it.

    inside  what pictures hold that came with the text, by their addresses in it
    """
    held, known, drawn = inside or {}, dict[str, Kept | None](), dict[str, Kept | None]()
    places: dict[str, str] = {}
    out: list[str] = []
    done = 0

    def kept(address: str) -> Kept | None:
        """The picture at an address, drawn once however often it is named; of too many none."""
        content = held.get(address, _in_text(address))
        if content is None and beside and not _ELSEWHERE.match(address):
            content = beside(address)
        digest = hashlib.sha256(content or b"").hexdigest()
        if content and digest not in drawn and len(drawn) < MOST:
            drawn[digest] = drawn_anew(content)
        return drawn.get(digest)

    for start, end in sorted(
        {*(each[1:] for each in _named(text)), *(each.span(1) for each in _REFERENCE.finditer(text))}
    ):
        address = text[start:end]
        within = address in held or address[:5].lower() == "data:"
        if start < done or (len(address) > LONGEST and not within):
            continue
        if address not in known:
            known[address] = kept(address)
        picture = known[address]
        if within:
            address = f"{OURS}{picture.id if picture else 'none'}"
            out += [text[done:start], address]
            done = end
        if picture is not None:
            places[address] = picture.id
    whole = _LEFT.sub("", "".join([*out, text[done:]]))
    return Found(whole, tuple(places.items()), tuple(each for each in drawn.values() if each))


def named(text: str) -> list[tuple[str, str]]:
    """Each picture that a text names, in order, as what it shows in words and its address."""
    return [(words, text[start:end]) for words, start, end in _named(text)]


def _named(text: str) -> Iterator[tuple[str, int, int]]:
    """The same, with where in the text its address begins and ends."""
    for each in _PICTURE.finditer(text):
        if each["tag"] is None:
            yield (each["alt"], *each.span("angled" if each["angled"] else "bare"))
            continue
        said = {found[1].lower(): found for found in _ATTRIBUTE.finditer(each["tag"])}
        if "src" in said and said["src"][said["src"].lastindex or 0]:
            start, end = said["src"].span(said["src"].lastindex or 0)
            words = said["alt"][said["alt"].lastindex or 0] if "alt" in said else ""
            yield words, each.start("tag") + start, each.start("tag") + end


def lies_beside(address: str) -> bool:
    """True for the address of a file beside the document; false for what stood in it, or lies elsewhere."""
    return not _ELSEWHERE.match(address)


def name_of(address: str) -> str:
    """The name of the file at an address."""
    return unquote(address.partition("?")[0].partition("#")[0]).rpartition("/")[2]


def is_picture(content: bytes) -> bool:
    """True for the bytes of a picture, also of one that is not shown."""
    from knowledge.pages import pictures

    return pictures.sort_of(content) not in (None, pictures.PDF, pictures.ZIP)


def drawn_anew(content: bytes) -> Kept | None:
    """A picture from its points alone, on white, at most 1600 pixels wide or high; None where it is none to show."""
    from knowledge.pages import pictures

    if len(content) > LARGEST or pictures.sort_of(content) not in SORTS:
        return None
    try:
        frames, _ = pictures.frames(content, most=1)
        picture = pictures.smaller(next(frames), SIDE)
    except Refusal:
        return None
    if max(picture.size) < LEAST:
        return None
    photo = pictures.sort_of(content) == "jpeg"
    drawn = b"" if photo else _saved(picture, "PNG", optimize=True)
    photo = photo or len(drawn) > HEAVY
    drawn = _saved(picture, "JPEG", quality=85) if photo else drawn
    digest = hashlib.sha256(drawn).hexdigest()[:32]
    return Kept(digest, "image/jpeg" if photo else "image/png", picture.width, picture.height, drawn)


def store(session: Session, kept: Sequence[Kept]) -> None:
    """Stores those pictures that are not there yet."""
    for each in kept:
        if session.get(Picture, each.id) is None:
            session.add(Picture(id=each.id, mime=each.mime, width=each.width, height=each.height, content=each.content))
    session.flush()


def belong(session: Session, version: Version, places: Sequence[tuple[str, str]]) -> None:
    """Says which stored pictures stand where in a version."""
    session.add_all(VersionPicture(version_id=version.id, address=address, picture_id=id) for address, id in places)
    session.flush()


def of_version(session: Session, version: Version) -> dict[str, Picture]:
    """The pictures of a version by their address."""
    query = (
        select(VersionPicture.address, Picture)
        .join(Picture, Picture.id == VersionPicture.picture_id)
        .where(VersionPicture.version_id == version.id)
    )
    return {row.address: row.Picture for row in session.execute(query)}


def beside(session: Session, passages: Sequence[int]) -> ByPassage:
    """The pictures that stand in these passages or follow them, under the same heading, by passage."""
    out: dict[int, tuple[Shown, ...]] = {}
    query = select(Passage.id, Passage.version_id, Passage.position, Passage.start, Passage.end).where(
        Passage.id.in_(passages), Passage.version_id.in_(select(VersionPicture.version_id))
    )
    for row in session.execute(query).all():
        version = session.get_one(Version, row.version_id)
        places, text = of_version(session, version), version.text
        following = session.scalar(
            select(Passage.start).where(Passage.version_id == row.version_id, Passage.position == row.position + 1)
        )
        rest = text[row.end : following]
        heads = [each.start for each in blocks(rest) if each.level]
        piece = text[row.start : row.end] + rest[: heads[0] if heads else None]
        those = [
            (held.id, plain(alt), held.width, held.height)
            for alt, address in named(piece)
            if (held := places.get(address))
        ]
        out[row.id] = tuple(dict.fromkeys(those))[:QUOTED]
    return out


def fetch(session: Session, id: str, *, reader: Reader) -> Picture | None:
    """A picture that stands in a version that this reader may read, or could read before; None where there is none."""
    reader = replace(reader, lapsed=True)
    holds = (
        select(VersionPicture.picture_id)
        .join(Version, Version.id == VersionPicture.version_id)
        .join(Document, Document.id == Version.document_id)
        .where(
            VersionPicture.picture_id == id,
            Document.state == LIVE,
            Version.since <= reader.day,
            *addressed(reader),
        )
    )
    return session.get(Picture, id) if session.scalar(holds.limit(1)) is not None else None


def _in_text(address: str) -> bytes | None:
    """What a picture holds that stands in its own address; nothing where that is damaged, None for other addresses."""
    if address[:5].lower() != "data:":
        return None
    parts = _DATA.fullmatch(address)
    if parts is None or len(address) > 2 * LARGEST:
        return b""
    if ";base64" not in parts[1].lower():
        return unquote_to_bytes(parts[2])
    try:
        return base64.b64decode(unquote_to_bytes(parts[2]), validate=False)
    except binascii.Error:
        return b""


def _saved(picture: object, sort: str, **how: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, sort, **how)  # type: ignore[attr-defined]
    return out.getvalue()
