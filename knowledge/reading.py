"""Reads a document as people keep it: Markdown with its front matter, text, a web page, a table, a Word document."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from backend.refusals import Refusal
from knowledge import formats

LARGEST = 5 * 1024 * 1024
"""How many bytes a document may have."""

ENDINGS = (".md", ".markdown", ".txt", *formats.HTML, *formats.TABLES, *formats.WORD)
PACKED = ".zip"
SKIPPED_FOLDERS = frozenset({"node_modules", "__pycache__"})
EVERYBODY = frozenset({"everyone", "everybody", "all", "any", "everywhere", "anywhere", "*", ""})


@dataclass(frozen=True)
class Reading:
    """A document as it was read, before it is published.

    doc        its path below the folder that was given: "policies/expenses.md"
    text       what it says, without the front matter
    audience   who it is for (roles, teams, employers); empty: everybody
    places     where it applies (places, countries, regions); empty: everywhere
    owner      handle or e-mail of who answers for it, as written
    effective  the day from which it holds; expires: the last day; review: when it should be looked at again
    """

    doc: str
    title: str
    text: str
    audience: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    owner: str | None = None
    effective: date | None = None
    expires: date | None = None
    review: date | None = None

    @property
    def sha256(self) -> str:
        """The digest of all that a new version would be made for, in hex."""
        parts = (self.title, self.effective, self.expires, self.text)
        return hashlib.sha256("\n".join(str(part) for part in parts).encode()).hexdigest()


@dataclass(frozen=True)
class Folder:
    """What a folder held: the documents, and why some files could not be read."""

    readings: list[Reading] = field(default_factory=list[Reading])
    problems: list[tuple[str, Refusal]] = field(default_factory=list[tuple[str, Refusal]])


def read_paths(paths: list[Path]) -> Folder:
    """Reads files, folders and zips. A document is named by its path below the folder given, or by its file name.

    Files that cannot be read are listed among the problems; a path that does not exist is a Refusal.
    """
    readings: list[Reading] = []
    problems: list[tuple[str, Refusal]] = []
    for path in paths:
        if path.is_dir():
            held = read_folder(path)
            readings += held.readings
            problems += held.problems
        elif path.exists():
            try:
                held = read_zip(path) if path.suffix.lower() == PACKED else Folder([read_file(path)])
                readings += held.readings
                problems += held.problems
            except Refusal as problem:
                problems.append((path.name, problem))
        else:
            raise Refusal("There is no file or folder called {path}.", path=str(path))
    return Folder(readings, problems)


def read_folder(folder: Path) -> Folder:
    """Reads every document below a folder, in order of their paths; hidden files and node_modules are skipped."""
    readings: list[Reading] = []
    problems: list[tuple[str, Refusal]] = []
    for path in sorted(folder.rglob("*")):
        below = path.relative_to(folder)
        if not _document(below) or not path.is_file():
            continue
        try:
            readings.append(read_file(path, doc=below.as_posix()))
        except Refusal as problem:
            problems.append((below.as_posix(), problem))
    return Folder(readings, problems)


def read_zip(path: Path) -> Folder:
    """Reads every document in a zip, in order of their paths; a Refusal if it cannot be opened."""
    held = Folder()
    for name, content in formats.unpacked(_content(path, name=path.name), doc=path.name):
        if _document(Path(name)):
            try:
                held.readings.append(read(content, doc=name))
            except Refusal as problem:
                held.problems.append((name, problem))
    return held


def _document(below: Path) -> bool:
    """True for the path of a document; false for hidden files, other folders' files and other sorts of files."""
    hidden = any(part.startswith((".", "__")) or part in SKIPPED_FOLDERS for part in below.parts)
    return not hidden and below.suffix.lower() in ENDINGS


def read_file(path: Path, *, doc: str | None = None) -> Reading:
    """Reads one file; a Refusal says in a sentence why it cannot be read."""
    name = doc or path.name
    if path.suffix.lower() not in ENDINGS:
        raise Refusal(
            "{name} cannot be read yet: save it as Word (.docx), Markdown (.md) or a web page and add it again.",
            name=name,
        )
    return read(_content(path, name=name), doc=name)


def _content(path: Path, *, name: str) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise _too_large(name)
        return path.read_bytes()
    except OSError as error:
        raise Refusal("{name} could not be opened: check that it exists and may be read.", name=name) from error


def read(content: bytes, *, doc: str) -> Reading:
    """Reads a document's bytes; a Refusal says in a sentence why they cannot be read."""
    import frontmatter  # pyright: ignore[reportMissingTypeStubs]
    import yaml

    if len(content) > LARGEST:
        raise _too_large(doc)
    ending = Path(doc).suffix.lower()
    said: Mapping[str, Any] = {}
    if ending in formats.WORD:
        text = formats.from_word(content, doc=doc)
    elif ending in formats.HTML:
        text = formats.from_html(_text(content, doc=doc))
    elif ending in formats.TABLES:
        text = formats.from_table(_text(content, doc=doc), doc=doc)
    else:
        text = _text(content, doc=doc)
    if text.startswith("---"):
        try:
            said, text = frontmatter.parse(text)
        except (yaml.YAMLError, ValueError, TypeError) as error:
            raise Refusal(
                "The front matter of {name} cannot be read: check the lines between the two --- at its top.", name=doc
            ) from error
    if not text.strip():
        raise Refusal("{name} is empty: there is nothing in it to publish.", name=doc)
    stem = Path(doc).stem.replace("-", " ").replace("_", " ").strip().capitalize()
    reading = Reading(
        doc=doc,
        title=_line(said.get("title")) or first_heading(text) or stem,
        text=text,
        audience=names(said.get("audience")),
        places=names(said.get("place")),
        owner=_line(said.get("owner")),
        effective=_day(said.get("effective"), doc=doc, name="effective"),
        expires=_day(said.get("expires"), doc=doc, name="expires"),
        review=_day(said.get("review"), doc=doc, name="review"),
    )
    if reading.effective and reading.expires and reading.expires < reading.effective:
        raise Refusal("{name} would expire before it takes effect: check its two dates.", name=doc)
    return reading


def overruled(
    reading: Reading, *, audience: str | None = None, owner: str | None = None, effective: date | None = None
) -> Reading:
    """The reading with what was said besides the file in the place of what its front matter says."""
    return replace(
        reading,
        audience=reading.audience if audience is None else names(audience),
        owner=owner or reading.owner,
        effective=effective or reading.effective,
    )


def names(value: object) -> tuple[str, ...]:
    """Names out of "hr; finance" or a list, in lower case; everybody and everywhere are no names at all."""
    match value:
        case None:
            parts: list[str] = []
        case list() | tuple():
            parts = [str(each) for each in value]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        case _:
            parts = str(value).replace(",", ";").split(";")
    found = {part.strip().lower() for part in parts}
    return () if found & (EVERYBODY - {""}) else tuple(sorted(found - EVERYBODY))


def first_heading(text: str) -> str | None:
    """The text of the first heading of the first level, if there is one."""
    from knowledge.passages import blocks

    return next((each.heading for each in blocks(text) if each.level == 1 and each.heading), None)


def _text(content: bytes, *, doc: str) -> str:
    if not content.strip():
        raise Refusal("{name} is empty: there is nothing in it to publish.", name=doc)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise Refusal("{name} is not in UTF-8: save it as UTF-8 text and add it again.", name=doc) from None
        text = content.decode("latin-1")
        if _odd(text):
            raise _no_text(doc) from None
        if any("\x7f" <= letter < "\xa0" for letter in text):
            raise Refusal("{name} is not in UTF-8: save it as UTF-8 text and add it again.", name=doc) from None
    if _odd(text) or content.startswith((b"%PDF", b"PK\x03\x04", b"{\\rtf")):
        raise _no_text(doc)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _odd(text: str) -> bool:
    return any(letter < " " and letter not in "\t\n\r\f\v" for letter in text)


def _no_text(doc: str) -> Refusal:
    return Refusal("{name} is not a text file, whatever its name says: save it as Markdown or plain text.", name=doc)


def _too_large(doc: str) -> Refusal:
    return Refusal("{name} is larger than 5 MB: split it into smaller documents.", name=doc)


def _line(value: object) -> str | None:
    return (" ".join(str(value).split())[:200] or None) if value is not None else None


def _day(value: object, *, doc: str, name: str) -> date | None:
    match value:
        case None:
            return None
        case datetime():
            return value.date()
        case date():
            return value
        case _:
            try:
                return date.fromisoformat(str(value).strip())
            except ValueError as error:
                raise Refusal(
                    'The date "{which}" of {name} is not one: write it like 2026-01-31.', which=name, name=doc
                ) from error
