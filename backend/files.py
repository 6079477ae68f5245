"""Files that people sent: kept but for the place they were taken at, under a random name, for those they concern."""

import hashlib
import secrets
from datetime import datetime
from pathlib import Path

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend import private, steps
from backend.forms import files_of
from backend.kinds import kinds_of
from backend.people import Person, has_role
from backend.refusals import Refusal
from backend.requests import Request
from backend.store import Base, Moment, now
from backend.whereabouts import without_location

LARGEST = 20 * 1024 * 1024
SMALL = "-small"
"""What the name of a file's small picture ends with."""


class File(Base):
    """A file in the home's files folder; `id` is its random name there.

    sha256      of what is kept
    original    of what came, before the place it was taken at was removed
    removed_at  when it was kept long enough; its hashes stay, the file goes
    """

    __tablename__ = "files"
    id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str]
    mime: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(index=True)
    original: Mapped[str] = mapped_column(default="", server_default="", index=True)
    at: Mapped[datetime] = mapped_column(Moment)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)


def keep(session: Session, person: Person, *, folder: Path, name: str, content: bytes, mime: str) -> File:
    """Stores a file, written and flushed to the disk before its row; a Refusal if it is empty or over 20 MB."""
    if not content:
        raise Refusal("{name} is empty: please send it again.", name=name)
    if len(content) > LARGEST:
        raise Refusal("{name} is larger than 20 MB: please send a smaller one.", name=name)
    if not _looks_like(name, content):
        raise Refusal("{name} is not what its name says, so I can't read it: please send it again.", name=name)
    private.folder(folder)
    kept = without_location(content)
    row = File(
        id=secrets.token_hex(16),
        person_id=person.id,
        name=name[:200],
        mime=mime[:100],
        size=len(kept),
        sha256=hashlib.sha256(kept).hexdigest(),
        original=hashlib.sha256(content).hexdigest(),
        at=now(session),
    )
    path = folder / row.id
    private.file(path)
    path.write_bytes(kept)
    session.add(row)
    session.flush()
    return row


def keep_small(folder: Path, file: File, picture: bytes) -> None:
    """Keeps a small picture of a file beside it."""
    path = folder / f"{file.id}{SMALL}"
    private.file(path)
    path.write_bytes(picture)


def fetch_small(session: Session, id: str, *, folder: Path, reader: Person) -> bytes | None:
    """The small picture of a file that this person may read; None where there is none to show."""
    row = session.get(File, id)
    path = folder / f"{id}{SMALL}"
    if row is None or row.removed_at is not None or not may_read(session, row, reader) or not path.is_file():
        return None
    return path.read_bytes()


def fetch(session: Session, id: str, *, folder: Path, reader: Person) -> tuple[File, bytes]:
    """A file and what is in it, as it was kept; a Refusal if there is none that this person may read, or it changed."""
    row = session.get(File, id)
    path = folder / row.id if row is not None else None
    if row is None or path is None or not may_read(session, row, reader) or not path.is_file():
        raise Refusal("There is no such file here: open the request's card again and use its link.")
    return row, checked(row, path.read_bytes())


def checked(file: File, content: bytes) -> bytes:
    """What is in a file; a Refusal if that is no longer what was kept."""
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise Refusal("{name} was changed where it is kept, so I don't show it: please tell an admin.", name=file.name)
    return content


def may_read(session: Session, file: File, person: Person) -> bool:
    """True if a file is the person's own, or part of a request that they may see or keep the books of."""
    if file.person_id == person.id:
        return True
    sent = select(Request).where((Request.person_id == file.person_id) | (Request.by_id == file.person_id))
    return any(
        holds(each, file.id) and (steps.may_see(session, each, person) or _keeps(session, each, person))
        for each in session.scalars(sent)
    )


def holds(request: Request, id: str) -> bool:
    """Whether a file is part of a request."""
    held = (*request.values.values(), *(value for line in request.lines for value in line.values.values()))
    return any(id in files_of(each) for each in held)


def _keeps(session: Session, request: Request, person: Person) -> bool:
    """Whether requests of that kind are in this person's keeping: finance has the expenses."""
    kind = kinds_of(session).get(request.kind)
    return kind is not None and has_role(person, kind.keeper.lower()) and person.employer_id == request.employer_id


BEGINNINGS: dict[str, tuple[bytes, ...]] = {
    ".pdf": (b"%PDF-",),
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".gif": (b"GIF87a", b"GIF89a"),
    ".webp": (b"RIFF",),
    ".docx": (b"PK\x03\x04",),
    ".xlsx": (b"PK\x03\x04",),
}
"""How files of a type begin, for the types that people send."""

_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")


def _looks_like(name: str, content: bytes) -> bool:
    """True where a file begins as its name says; a picture may be one of another sort, as telephones rename them."""
    ending = Path(name).suffix.lower()
    known = BEGINNINGS.get(ending)
    if ending in _PICTURES:
        known = tuple(each for sort in _PICTURES for each in BEGINNINGS[sort])
        if content[4:8] == b"ftyp":
            return True
    return known is None or content.lstrip(b"\xef\xbb\xbf\r\n ").startswith(known)
