"""Files that people sent: kept as they came, under a random name, readable by those it concerns."""

import hashlib
import secrets
from datetime import datetime
from pathlib import Path

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.people import Person
from backend.refusals import Refusal
from backend.store import Base, Moment, now

LARGEST = 20 * 1024 * 1024


class File(Base):
    """A file in the home's files folder; `id` is its random name there."""

    __tablename__ = "files"
    id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str]
    mime: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(Moment)


def keep(session: Session, person: Person, *, folder: Path, name: str, content: bytes, mime: str) -> File:
    """Stores a file, written and flushed to the disk before its row; a Refusal if it is empty or over 20 MB."""
    if not content:
        raise Refusal("{name} is empty: please send it again.", name=name)
    if len(content) > LARGEST:
        raise Refusal("{name} is larger than 20 MB: please send a smaller one.", name=name)
    if not _looks_like(name, content):
        raise Refusal("{name} is not what its name says, so I can't read it: please send it again.", name=name)
    folder.mkdir(parents=True, exist_ok=True)
    row = File(
        id=secrets.token_hex(16),
        person_id=person.id,
        name=name[:200],
        mime=mime[:100],
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        at=now(session),
    )
    path = folder / row.id
    path.write_bytes(content)
    path.chmod(0o600)
    session.add(row)
    session.flush()
    return row


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


def _looks_like(name: str, content: bytes) -> bool:
    known = BEGINNINGS.get(Path(name).suffix.lower())
    return known is None or content.lstrip(b"\xef\xbb\xbf\r\n ").startswith(known)
