"""Reads a document as people keep it: Markdown with its front matter, text, web pages, tables, Word, PDF."""

import hashlib
import posixpath
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from backend.refusals import Refusal
from backend.words import LANGUAGES
from knowledge import formats, illustrations
from knowledge.formats import Undecided
from knowledge.illustrations import Beside, Kept

__all__ = ["ENDINGS", "Folder", "Reading", "Undecided", "day", "names", "overruled", "read", "read_one", "read_paths"]

LARGEST = 5 * 1024 * 1024
"""How many bytes a document may have."""

BULKY = (*formats.WORD, *formats.WORKBOOKS, *formats.PDF)
LARGEST_BULKY = 20 * 1024 * 1024
"""The same for those that hold pictures and layout beside their text."""

ENDINGS = (".md", ".markdown", ".txt", *formats.HTML, *formats.TABLES, *BULKY)
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
    translation_of  the path of the document that it says in another language: leave.md of leave.es.md
    pictures   (address, id) of each picture in it; kept  what they hold, as far as that is not stored yet
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
    translation_of: str | None = None
    pictures: tuple[tuple[str, str], ...] = ()
    kept: tuple[Kept, ...] = field(default=(), compare=False, repr=False)

    @property
    def sha256(self) -> str:
        """The digest of all that a new version would be made for, in hex."""
        parts = (self.title, self.effective, self.expires, self.text, *(f"{at} {id}" for at, id in self.pictures))
        return hashlib.sha256("\n".join(str(part) for part in parts).encode()).hexdigest()


@dataclass(frozen=True)
class Folder:
    """What a folder held: the documents, and why some files could not be read."""

    readings: list[Reading] = field(default_factory=list[Reading])
    problems: list[tuple[str, Refusal]] = field(default_factory=list[tuple[str, Refusal]])


def read_paths(paths: list[Path], *, accept: bool = False) -> Folder:
    """Reads files, folders, git checkouts and zips; a document is named by its path below the folder, or its file name.

    Files that cannot be read are listed among the problems; a path that does not exist is a Refusal.

    accept  changes that wait in Word documents count as made
    """
    readings: list[Reading] = []
    problems: list[tuple[str, Refusal]] = []
    for path in paths:
        if path.is_dir():
            held = read_folder(path, accept=accept)
            readings += held.readings
            problems += held.problems
        elif path.exists():
            try:
                held = (
                    _packed(path, accept=accept)
                    if path.suffix.lower() == PACKED
                    else Folder([read_file(path, accept=accept)])
                )
                readings += held.readings
                problems += held.problems
            except Refusal as problem:
                problems.append((path.name, problem))
        else:
            raise Refusal("There is no file or folder called {path}.", path=str(path))
    return Folder(readings, problems)


def read_folder(folder: Path, *, accept: bool = False) -> Folder:
    """Reads every document below a folder, in order of their paths.

    Hidden files and node_modules are skipped; in a git checkout also what git ignores.
    """
    readings: list[Reading] = []
    problems: list[tuple[str, Refusal]] = []
    kept = _in_git(folder)
    for path in sorted(folder.rglob("*")):
        below = path.relative_to(folder)
        if not _document(below) or not path.is_file() or (kept is not None and below.as_posix() not in kept):
            continue
        try:
            readings.append(read_file(path, doc=below.as_posix(), accept=accept, root=folder))
        except Refusal as problem:
            problems.append((below.as_posix(), problem))
    return Folder(readings, problems)


def read_one(content: bytes, *, doc: str, accept: bool = False, pictures: Mapping[str, bytes] | None = None) -> Reading:
    """The one document in a file, or in a zip of it and its pictures; a Refusal if there are more, or none.

    pictures  those that were sent with it, by the name of the file
    """
    if Path(doc).suffix.lower() != PACKED:
        _must_be_readable(doc)
        sent = pictures or {}
        return read(content, doc=doc, accept=accept, beside=lambda address: sent.get(illustrations.name_of(address)))
    files = dict(formats.unpacked(content, doc=doc))
    held = [(name, inside) for name, inside in files.items() if _document(Path(name))]
    if len(held) != 1:
        raise Refusal("{name} holds {count} documents: send me one at a time.", name=doc, count=len(held))
    name, inside = held[0]
    return read(inside, doc=Path(name).name, accept=accept, beside=_in_zip(files, name))


def _packed(path: Path, *, accept: bool) -> Folder:
    """Every document in a zip, in order of their paths; a Refusal if it cannot be opened."""
    held = Folder()
    files = dict(formats.unpacked(_content(path, name=path.name), doc=path.name))
    for name, content in files.items():
        if _document(Path(name)):
            try:
                held.readings.append(read(content, doc=name, accept=accept, beside=_in_zip(files, name)))
            except Refusal as problem:
                held.problems.append((name, problem))
    return held


def _in_git(folder: Path) -> frozenset[str] | None:
    """The files of a git checkout that git keeps or would keep; None where it is no checkout, or git is not here."""
    if not (folder / ".git").exists():
        return None
    git = shutil.which("git")
    if git is None:
        return None
    # a checkout's own settings may name a program to be run for this: not by us
    asked = [
        git,
        "-C",
        str(folder),
        "-c",
        "core.fsmonitor=false",
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]
    told = subprocess.run(asked, capture_output=True, check=False)
    if told.returncode != 0:
        return None
    return frozenset(each for each in told.stdout.decode("utf-8", "replace").split("\0") if each)


def _document(below: Path) -> bool:
    """True for the path of a document; false for hidden files, other folders' files and other sorts of files."""
    hidden = any(part.startswith((".", "__")) or part in SKIPPED_FOLDERS for part in below.parts)
    return not hidden and below.suffix.lower() in ENDINGS


def read_file(path: Path, *, doc: str | None = None, accept: bool = False, root: Path | None = None) -> Reading:
    """Reads one file; a Refusal says in a sentence why it cannot be read.

    root  the folder below which its pictures may lie; left out, the file's own
    """
    name = doc or path.name
    _must_be_readable(path.name, doc=name)
    return read(_content(path, name=name), doc=name, accept=accept, beside=_beside(path, root or path.parent))


def _beside(path: Path, root: Path) -> Beside:
    """What lies at an address beside a file, as far as that is below a folder."""

    def held(address: str) -> bytes | None:
        try:
            there = (path.parent / unquote(address.partition("?")[0].partition("#")[0])).resolve()
            inside = there.is_relative_to(root.resolve()) and there.is_file()
            return there.read_bytes() if inside and there.stat().st_size <= illustrations.LARGEST else None
        except (OSError, ValueError):
            return None

    return held


def _in_zip(files: Mapping[str, bytes], name: str) -> Beside:
    """What lies at an address beside a file of a zip."""
    return lambda address: files.get(posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(address))))


def _must_be_readable(name: str, *, doc: str | None = None) -> None:
    if Path(name).suffix.lower() not in ENDINGS:
        raise Refusal(
            "{name} cannot be read: save it as Word (.docx), PDF, Markdown (.md) or a web page and add it again.",
            name=doc or name,
        )


def _content(path: Path, *, name: str) -> bytes:
    try:
        if path.stat().st_size > formats.UNPACKED:
            raise _too_large(name)
        return path.read_bytes()
    except OSError as error:
        raise Refusal("{name} could not be opened: check that it exists and may be read.", name=name) from error


def read(content: bytes, *, doc: str, accept: bool = False, beside: Beside | None = None) -> Reading:
    """Reads a document's bytes; a Refusal says in a sentence why they cannot be read.

    accept  changes that wait in a Word document count as made; otherwise they are Undecided
    beside  gives the pictures that it names
    """
    import frontmatter  # pyright: ignore[reportMissingTypeStubs]
    import yaml

    ending = Path(doc).suffix.lower()
    if len(content) > (LARGEST_BULKY if ending in BULKY else LARGEST):
        raise _too_large(doc)
    said: Mapping[str, Any] = {}
    if ending in formats.WORD:
        text = formats.from_word(content, doc=doc, accept=accept)
    elif ending in formats.WORKBOOKS:
        text = formats.from_workbook(content, doc=doc)
    elif ending in formats.PDF:
        text = formats.from_pdf(content, doc=doc)
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
    seen = illustrations.found(text, beside=beside)
    text = seen.text
    stem = Path(doc).stem.replace("-", " ").replace("_", " ").strip().capitalize()
    reading = Reading(
        doc=doc,
        title=_line(said.get("title")) or first_heading(text) or stem,
        text=text,
        audience=names(said.get("audience")),
        places=names(said.get("place")),
        owner=_line(said.get("owner")),
        effective=day(said.get("effective"), doc=doc, name="effective"),
        expires=day(said.get("expires"), doc=doc, name="expires"),
        review=day(said.get("review"), doc=doc, name="review"),
        translation_of=_line(said.get("translation_of")) or _original(doc),
        pictures=seen.places,
        kept=seen.kept,
    )
    if reading.effective and reading.expires and reading.expires < reading.effective:
        raise Refusal("{name} would expire before it takes effect: check its two dates.", name=doc)
    return reading


def overruled(
    reading: Reading,
    *,
    audience: str | None = None,
    owner: str | None = None,
    effective: date | None = None,
    place: str | None = None,
) -> Reading:
    """The reading with what was said besides the file in the place of what its front matter says."""
    return replace(
        reading,
        audience=reading.audience if audience is None else names(audience),
        places=reading.places if place is None else names(place),
        owner=owner or reading.owner,
        effective=effective or reading.effective,
    )


def _original(doc: str) -> str | None:
    """The path of the document that this one translates, by its name: leave.md of leave.es.md."""
    found = re.fullmatch(rf"(.+)\.({'|'.join(LANGUAGES)})(\.\w+)", doc, re.IGNORECASE)
    return f"{found[1]}{found[3]}" if found else None


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
    return Refusal("{name} is too large: split it into smaller documents.", name=doc)


def _line(value: object) -> str | None:
    return (" ".join(str(value).split())[:200] or None) if value is not None else None


def day(value: object, *, doc: str, name: str) -> date | None:
    """The day that is written; None where nothing is, and a Refusal where it is none."""
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
