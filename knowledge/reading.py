"""Reads a document as people keep it: Markdown with its front matter, text, web pages, tables, Word, PDF."""

import base64
import hashlib
import re
import shutil
import subprocess
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast
from urllib.parse import unquote

from backend.refusals import Refusal
from backend.words import LANGUAGES
from knowledge import formats, illustrations
from knowledge.apart import TooMuch, apart
from knowledge.formats import Undecided
from knowledge.illustrations import Beside, Kept

__all__ = [
    "ENDINGS",
    "Folder",
    "Reading",
    "Undecided",
    "day",
    "names",
    "original",
    "overruled",
    "read",
    "read_one",
    "read_paths",
]

LARGEST = 5 * 1024 * 1024
"""How many bytes a document may have."""

BULKY = (*formats.WORD, *formats.WORKBOOKS, *formats.PDF)
LARGEST_BULKY = 20 * 1024 * 1024
"""The same for those that hold pictures and layout beside their text."""

FRONT = 20_000
"""How many characters the front matter of a document may have."""

LINE = 50_000
"""How many characters a line may have once the pictures are out of it."""

SECONDS = 10.0
"""How many seconds of a processor cutting a document into passages may take."""

ENDINGS = (".md", ".markdown", ".txt", *formats.HTML, *formats.TABLES, *BULKY)
PACKED = ".zip"
SKIPPED_FOLDERS = frozenset({"node_modules", "__pycache__"})
EVERYBODY = frozenset({"everyone", "everybody", "all", "any", "everywhere", "anywhere", "*"})


@dataclass(frozen=True)
class Reading:
    """A document as it was read, before it is published.

    doc        its path below the folder that was given: "policies/expenses.md"
    text       what it says, without the front matter
    audience   who it is for (roles, teams, employers); empty: everybody
    places     where it applies (places, countries, regions); empty: everywhere
    owner      handle or e-mail of who answers for it, as written
    None, in these and in review and translation_of, where it does not say: that stays as it was
    whole      true where nothing is left unsaid: None is then nobody, or no day
    effective  the day from which it holds; expires: the last day; review: when it should be looked at again
    translation_of  the path of the document that it says in another language: leave.md of leave.es.md
    pictures   (address, id) of each picture in it; kept  what they hold, as far as that is not stored yet
    """

    doc: str
    title: str
    text: str
    audience: tuple[str, ...] | None = None
    places: tuple[str, ...] | None = None
    owner: str | None = None
    effective: date | None = None
    expires: date | None = None
    review: date | None = None
    translation_of: str | None = None
    pictures: tuple[tuple[str, str], ...] = ()
    whole: bool = False
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
        if not path.exists():
            raise Refusal("There is no file or folder called {path}.", path=str(path))
        try:
            if path.is_dir():
                held = read_folder(path, accept=accept)
            elif path.suffix.lower() == PACKED:
                with _unpacked(_content(path, name=path.name), doc=path.name) as folder:
                    held = read_folder(folder, accept=accept)
            else:
                held = Folder([_read_apart(path, doc=path.name, accept=accept, root=path.parent)])
            readings += held.readings
            problems += held.problems
        except Refusal as problem:
            problems.append((path.name, problem))
    return Folder(readings, problems)


def read_folder(folder: Path, *, accept: bool = False) -> Folder:
    """Reads every document below a folder, in order of their paths.

    Hidden files and node_modules are skipped; in a git checkout also what git ignores. What a link shows that leads out
    of the folder is not read, and is among the problems.
    """
    readings: list[Reading] = []
    problems: list[tuple[str, Refusal]] = []
    kept = _in_git(folder)
    for path, doc in _documents(folder):
        if kept is not None and doc not in kept:
            continue
        try:
            if not path.resolve().is_relative_to(folder.resolve()):
                raise Refusal(
                    "{name} leads out of the folder, so it was left out: put the document itself in.", name=doc
                )
            readings.append(_read_apart(path, doc=doc, accept=accept, root=folder))
        except Refusal as problem:
            problems.append((doc, problem))
    return Folder(readings, problems)


def read_one(content: bytes, *, doc: str, accept: bool = False, pictures: Mapping[str, bytes] | None = None) -> Reading:
    """The one document in a file, or in a zip of it and its pictures; a Refusal if there are more, or none.

    It is read apart, which may take seconds: no transaction should be open.

    pictures  those that were sent with it, by the name of the file
    """
    if Path(doc).suffix.lower() != PACKED:
        _must_be_readable(doc)
        return _apart(content, doc=doc, accept=accept, pictures=pictures)
    with _unpacked(content, doc=doc) as folder:
        held = _documents(folder)
        if len(held) != 1:
            raise Refusal("{name} holds {count} documents: send me one at a time.", name=doc, count=len(held))
        path = held[0][0]
        return _read_apart(path, doc=path.name, accept=accept, root=folder)


@contextmanager
def _unpacked(content: bytes, *, doc: str) -> Generator[Path]:
    """A folder for a while that holds the files of a zip; a Refusal if it cannot be opened."""
    with TemporaryDirectory() as made:
        folder = Path(made).resolve()
        try:
            for name, inside in formats.unpacked(content, doc=doc):
                path = (folder / name).resolve()
                hidden = any(part.startswith(".") for part in Path(name).parts)
                if path.is_relative_to(folder) and not hidden:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(inside)
        except (OSError, ValueError) as error:
            raise formats.damaged(doc) from error
        yield folder


def _documents(folder: Path) -> list[tuple[Path, str]]:
    """Every document below a folder with its path there, in order of those."""
    below = ((path, path.relative_to(folder)) for path in sorted(folder.rglob("*")))
    return [(path, doc.as_posix()) for path, doc in below if _document(doc) and path.is_file()]


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


def read_file(path: Path) -> Reading:
    """Reads one file of those that the company keeps; a Refusal says in a sentence why it cannot be read."""
    _must_be_readable(path.name)
    return read(_content(path, name=path.name), doc=path.name, beside=_beside(path, path.parent))


def _read_apart(path: Path, *, doc: str, accept: bool, root: Path) -> Reading:
    """Reads one file, whose pictures may lie anywhere below a folder."""
    _must_be_readable(path.name, doc=doc)
    return _apart(
        _content(path, name=doc), doc=doc, accept=accept, path=str(path.absolute()), root=str(root.absolute())
    )


def _apart(
    content: bytes,
    *,
    doc: str,
    accept: bool,
    path: str = "",
    root: str = "",
    pictures: Mapping[str, bytes] | None = None,
) -> Reading:
    """Reads a document's bytes in the process apart, where they can neither hang nor swell the one that asks."""
    sent = {name: base64.b64encode(each).decode() for name, each in (pictures or {}).items()}
    args = {"doc": doc, "accept": accept, "path": path, "root": root, "pictures": sent}
    try:
        told = apart().run("knowledge.reading:work", content, args)
    except TooMuch as error:
        raise _too_large(doc) from error
    if "undecided" in told:
        raise Undecided(told["undecided"], name=doc)
    return _as_json().validate_python(told)


def work(
    content: bytes, *, doc: str, accept: bool, path: str, root: str, pictures: Mapping[str, str]
) -> dict[str, Any]:
    """The same as JSON, done in this process: only ever called apart.

    A document whose passages take too long to be cut is too large, since who publishes it cuts them again.
    """
    from knowledge.passages import cut

    def sent(address: str) -> bytes:
        return base64.b64decode(pictures.get(illustrations.name_of(address), ""))

    beside = _beside(Path(path), Path(root)) if path else sent
    try:
        reading = read(content, doc=doc, accept=accept, beside=beside)
    except Undecided as waiting:
        return {"undecided": waiting.text}
    begun = time.process_time()
    cut(reading.text, title=reading.title)
    if time.process_time() - begun > SECONDS:
        raise _too_large(doc)
    return _as_json().dump_python(reading, mode="json")


@cache
def _as_json() -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(Reading)


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
    ending = Path(doc).suffix.lower()
    if len(content) > (LARGEST_BULKY if ending in BULKY else LARGEST):
        raise _too_large(doc)
    inside: Mapping[str, bytes] = {}
    if ending in formats.WORD:
        text, inside = formats.from_word(content, doc=doc, accept=accept)
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
    said, text = _front_matter(_clean(text), doc=doc)
    if not text.strip():
        raise Refusal("{name} is empty: there is nothing in it to publish.", name=doc)
    seen = illustrations.found(text, beside=beside, inside=inside)
    text = seen.text
    if any(len(line) > LINE for line in text.split("\n")):
        raise _too_large(doc)
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
        translation_of=_line(said.get("translation_of")) or original(doc),
        pictures=seen.places,
        kept=seen.kept,
    )
    if reading.effective and reading.expires and reading.expires < reading.effective:
        raise Refusal("{name} would expire before it takes effect: check its two dates.", name=doc)
    return reading


def _front_matter(text: str, *, doc: str) -> tuple[Mapping[str, Any], str]:
    """What stands between the two --- at the top of a text, and the rest of it."""
    import frontmatter  # pyright: ignore[reportMissingTypeStubs]
    import yaml

    if not text.startswith("---"):
        return {}, text
    try:
        if text.find("\n---", 3) > FRONT:
            raise ValueError
        return frontmatter.parse(text)
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        raise Refusal(
            "The front matter of {name} cannot be read: check the lines between the two --- at its top.", name=doc
        ) from error


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
        audience=reading.audience if (said := names(audience)) is None else said,
        places=reading.places if (where := names(place)) is None else where,
        owner=owner or reading.owner,
        effective=effective or reading.effective,
    )


def original(doc: str) -> str | None:
    """The path of the document that this one translates, by its name: leave.md of leave.es.md."""
    found = re.fullmatch(rf"(.+)\.({'|'.join(LANGUAGES)})(\.\w+)", doc, re.IGNORECASE)
    return f"{found[1]}{found[3]}" if found else None


def names(value: object) -> tuple[str, ...] | None:
    """Names out of "hr; finance" or a list, in lower case; empty for everybody or everywhere, None for none."""
    match value:
        case None:
            return None
        case list() | tuple():
            parts = [_line(each) or "" for each in cast("Sequence[object]", value)]
        case str():
            parts = _clean(value).replace(",", ";").split(";")
        case _:
            parts = [_line(value) or ""]
    found = {part.strip().lower() for part in parts} - {""}
    return () if found & EVERYBODY else tuple(sorted(found)) or None


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
    """A value of the front matter in one line; None where it is none, or a list of others."""
    if value is None or isinstance(value, list | dict | set | tuple):
        return None
    return " ".join(_clean(str(value)).split())[:200] or None


def _clean(text: str) -> str:
    """A text without what no database keeps."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


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
                return date.fromisoformat(_line(value) or "")
            except ValueError as error:
                raise Refusal(
                    'The date "{which}" of {name} is not one: write it like 2026-01-31.', which=name, name=doc
                ) from error
