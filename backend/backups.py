"""A copy of everything that can be put back: one zip of a SQLite file, the files that people sent, and a manifest.

It is the same whether the company lives on SQLite or on PostgreSQL, so a company can move from one to the other. The
handbook's index is not in it, as it is made again from the database.
"""

import hashlib
import json
import os
import re
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from sqlalchemy import Connection, func, inspect, make_url, select, text
from sqlalchemy.exc import DatabaseError

from backend import audit, backup_objects, private, schema
from backend.events import Event
from backend.files import LARGEST
from backend.people import Company, Person
from backend.refusals import Refusal
from backend.store import Base, Store, embedded_url

FORMAT, VERSION = "backdesk backup", 1
DATABASE, MANIFEST, FILES = "backdesk.db", "manifest.json", "files/"
ENTRY = re.compile(r"backdesk\.db|files/[0-9A-Za-z_-]{1,80}")
NOT_OURS = ("alembic_version", "passage_words", "sqlite_")
BATCH = 500
CHUNK = 1 << 20
LARGEST_MANIFEST = 256 << 20
SMALL_DATABASE = 64 << 20
MOST_TIMES = 100
"""So many times its packed size a larger database may have."""


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself. entries: size in bytes and SHA-256 of each part; head: the log's newest entry."""

    made_at: str
    version: str
    dialect: str
    schema: str
    head: Mapping[str, Any]
    entries: Mapping[str, Mapping[str, Any]]

    @property
    def files(self) -> int:
        """How many files that people sent are in it."""
        return len(self.entries) - 1


def backup(store: Store, *, home: Path, to: Path, version: str) -> Manifest:
    """Writes a backup beside a running Backdesk: `to` is there whole or not at all. `version` is Backdesk's own.

    A Refusal if `to` is something else than an earlier backup, or cannot be written.
    """
    if to.exists() and not _is_backup(to):
        raise Refusal("{file} is there already and is no backup: choose another name.", file=to)
    if not to.parent.is_dir():
        raise Refusal("There is no folder {folder}.", folder=to.parent)
    with _workplace(to.parent) as folder:
        copy = folder / DATABASE
        _copy_out(store, copy)
        part = folder / "backup.zip"
        copied = Store(embedded_url(folder))
        with copied.looking() as session:
            head = audit.head(session)
            at = schema.revision(session.connection()) or ""
        copied.close()
        _settled(copy)
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=5) as archive:
            entries = {DATABASE: _put(archive, copy, DATABASE)}
            for each in sorted((home / "files").glob("*")):
                if each.is_file() and ENTRY.fullmatch(FILES + each.name):
                    entries[FILES + each.name] = _put(archive, each, FILES + each.name)
            moment = store.clock.now().isoformat()
            manifest = Manifest(moment, version, store.engine.dialect.name, at, head, entries)
            document = {"format": FORMAT, "format_version": VERSION, **manifest.__dict__}
            archive.writestr(MANIFEST, json.dumps(document, indent=1))
        part.chmod(0o600)
        try:
            os.replace(part, to)
        except OSError as error:
            raise Refusal("{file} cannot be written: {why}.", file=to, why=error.strerror) from error
    return manifest


def restore(file: Path, *, url: str, home: Path, replace: bool = False, as_it_is: bool = False) -> Manifest:
    """Puts a backup back, into an empty home and database, or with `replace` in the place of what is there.

    Everything is unpacked, compared with its digests, migrated and proved before anything is touched; what fails
    leaves all as it was. `as_it_is` restores a log that is found to be tampered with, too. A Refusal says what is
    wrong.
    """
    near = next(each for each in (home, *home.absolute().parents) if each.is_dir())
    with _workplace(near) as folder:
        manifest = _unpack(file, folder)
        source = Store(embedded_url(folder))
        try:
            _prepare(source, folder, manifest, as_it_is=as_it_is)
        except DatabaseError as error:
            raise Refusal("The database in {file} cannot be read.", file=file.name) from error
        finally:
            source.close()
        _settled(folder / DATABASE)
        private.folder(folder / "files")
        if url.startswith("sqlite"):
            _into_home(folder, Path(make_url(url).database or ""), home, replace=replace)
        else:
            _into_server(folder, url, home, replace=replace)
    return manifest


def copy_rows(source: Connection, target: Connection) -> None:
    """Copies every row of every table of ours into a database that was just migrated; what that holds is deleted."""
    names = [each for each in inspect(target).get_table_names() if not each.startswith(NOT_OURS)]
    if unknown := sorted(set(names) - set(Base.metadata.tables)):
        raise RuntimeError(f"tables that nobody imported, and that would be left out: {', '.join(unknown)}")
    for table in reversed(Base.metadata.sorted_tables):
        target.execute(table.delete())
    for table in Base.metadata.sorted_tables:
        own = [each.name for each in table.columns if any(key.column.table is table for key in each.foreign_keys)]
        keys = [each.name for each in table.primary_key.columns]
        later: list[dict[str, Any]] = []
        rows = source.execute(select(table).order_by(*table.primary_key.columns).execution_options(yield_per=BATCH))
        for some in rows.mappings().partitions():
            batch = [{name: _storable(value) for name, value in row.items()} for row in some]
            for row in batch:
                for name in own:  # rows that point to rows of their own table: first without, then pointed
                    if row[name] is not None:
                        later.append({**{key: row[key] for key in keys}, name: row[name]})
                        row[name] = None
            target.execute(table.insert(), batch)
        for row in later:
            same = [table.c[key] == row[key] for key in keys]
            target.execute(table.update().where(*same).values({name: row[name] for name in own if name in row}))
        if target.dialect.name == "postgresql" and len(keys) == 1:
            _count_on(target, table.name, keys[0])


def _copy_out(store: Store, to: Path) -> None:
    """The whole database as one SQLite file, as of one moment."""
    if store.embedded:
        origin = sqlite3.connect(str(make_url(store.url).database), timeout=30)
        copy = sqlite3.connect(to)
        try:
            origin.backup(copy)
        finally:
            origin.close()
            copy.close()
        return
    target = Store(f"sqlite:///{to}")
    schema.migrate(target)
    options: Any = {"isolation_level": "REPEATABLE READ", "backdesk_looking": True}
    with store.engine.connect() as raw, target.engine.begin() as written:
        copy_rows(raw.execution_options(**options), written)
    target.close()


def _prepare(source: Store, folder: Path, manifest: Manifest, *, as_it_is: bool) -> None:
    """Migrates the unpacked database and proves its log."""
    with source.engine.connect() as connection:
        if not schema.known(connection):
            raise Refusal(
                "This backup was made by a newer Backdesk ({version}): update this one first.", version=manifest.version
            )
        at = schema.revision(connection) or ""
    foreign = backup_objects.foreign_in(folder / DATABASE, revision=at)
    if foreign:
        raise Refusal("The database in this backup holds what is not Backdesk's: {what}.", what=", ".join(foreign[:5]))
    schema.migrate(source)
    with source.looking() as session:
        kept = [audit.Anchor(int(manifest.head["seq"]), str(manifest.head["digest"]))]
        verdict = audit.verify(session, against=kept if kept[0].seq else None)
    if verdict.first is not None and not as_it_is:
        raise Refusal(
            "The log in this backup was tampered with; nothing was restored. {first} Add --as-it-is to restore it all "
            "the same.",
            first=verdict.first,
        )


def _unpack(file: Path, folder: Path) -> Manifest:
    """Unpacks a backup, each part compared with its digest; a Refusal if anything is missing, other or more."""
    foreign = Refusal("{file} is no backup of Backdesk, or not a whole one.", file=file.name)
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = _manifest(archive)
            names = [each.filename for each in archive.infolist()]
            if manifest is None or sorted(names) != sorted([*manifest.entries, MANIFEST]):
                raise foreign
            if any(ENTRY.fullmatch(name) is None for name in manifest.entries) or DATABASE not in manifest.entries:
                raise foreign
            _must_fit(archive, manifest, folder, file)
            private.folder(folder / "files")
            for name, said in manifest.entries.items():
                with archive.open(name) as packed, (folder / name).open("wb") as out:
                    size, sha256 = _copy(packed, out, most=int(said["size"]))
                (folder / name).chmod(0o600)
                if (size, sha256) != (said["size"], said["sha256"]):
                    said_wrong = "{file} was changed or damaged: {name} is not what was saved."
                    raise Refusal(said_wrong, file=file.name, name=name)
            return manifest
    except FileNotFoundError as error:
        raise Refusal("There is no file {file}.", file=file) from error
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, KeyError, TypeError, NotImplementedError) as error:
        raise foreign from error


def _manifest(archive: zipfile.ZipFile) -> Manifest | None:
    if archive.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
        return None
    document = cast("dict[str, Any]", json.loads(archive.read(MANIFEST)))
    if document.pop("format") != FORMAT:
        return None
    if document.pop("format_version") != VERSION:
        raise Refusal("This backup was made by a newer Backdesk: update this one first.")
    return Manifest(**document)


def _into_home(folder: Path, database: Path, home: Path, *, replace: bool) -> None:
    if not replace and not (_nothing_in(embedded=database) and _no_files(home)):
        raise Refusal("{home} is not empty: name another with --home, or add --replace.", home=home)
    before = folder / "before"
    before.mkdir()
    private.folder(home)
    private.folder(database.parent)
    old = [Path(f"{database}{ending}") for ending in ("", "-wal", "-shm")]
    moved: list[tuple[Path, Path]] = []
    try:
        for number, each in enumerate([*old, home / "files", home / "index"]):
            if each.exists():
                shutil.move(each, before / str(number))
                moved.append((each, before / str(number)))
        shutil.move(folder / "files", home / "files")
        shutil.move(folder / DATABASE, database)
    except BaseException:
        shutil.rmtree(home / "files", ignore_errors=True)
        database.unlink(missing_ok=True)
        for where, kept in moved:
            shutil.move(kept, where)
        raise


def _into_server(folder: Path, url: str, home: Path, *, replace: bool) -> None:
    """One transaction: either everything is there afterwards, or nothing has changed."""
    store, source = Store(url), Store(embedded_url(folder))
    private.folder(home)
    kept = {each.name for each in (folder / "files").iterdir()}
    try:
        with store.engine.begin() as connection, source.engine.connect() as origin:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": schema.LOCK})
            if not replace and not (_empty(connection) and _no_files(home)):
                raise Refusal("The database or {home} is not empty: use other ones, or add --replace.", home=home)
            schema.empty_on(connection)
            schema.migrate_on(connection)
            copy_rows(origin, connection)
            private.folder(home / "files")
            for name in kept:
                shutil.move(folder / "files" / name, home / "files" / name)
    finally:
        store.close()
        source.close()
    shutil.rmtree(home / "index", ignore_errors=True)
    for each in (home / "files").iterdir():
        if each.name not in kept:
            each.unlink()


def _nothing_in(*, embedded: Path) -> bool:
    if not embedded.is_file():
        return True
    store = Store(f"sqlite:///{embedded}")
    try:
        with store.engine.connect() as connection:
            return _empty(connection)
    except DatabaseError:
        return False
    finally:
        store.close()


def _empty(connection: Connection) -> bool:
    tables = set(inspect(connection).get_table_names())
    return all(
        each.__tablename__ not in tables or not connection.scalar(select(func.count()).select_from(each))
        for each in (Company, Person, Event)
    )


def _no_files(home: Path) -> bool:
    folder = home / "files"
    return not folder.is_dir() or not any(folder.iterdir())


def _count_on(connection: Connection, table: str, column: str) -> None:
    """Lets PostgreSQL count on from the highest number."""
    sequence = connection.scalar(text("SELECT pg_get_serial_sequence(:t, :c)"), {"t": table, "c": column})
    if sequence:
        connection.execute(
            text(f'SELECT setval(:s, coalesce((SELECT max("{column}") FROM "{table}"), 0) + 1, false)'), {"s": sequence}
        )


def _storable(value: Any) -> Any:
    """The value without NUL characters, which PostgreSQL does not take in texts."""
    match value:
        case str():
            return value.replace("\0", "")
        case dict():
            return {name: _storable(each) for name, each in cast("dict[str, Any]", value).items()}
        case list():
            return [_storable(each) for each in cast("list[Any]", value)]
        case _:
            return value


def _is_backup(file: Path) -> bool:
    try:
        with zipfile.ZipFile(file) as archive:
            return _manifest(archive) is not None
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError):
        return False


def _settled(database: Path) -> None:
    """Makes the file whole by itself: nothing of it is left in a log beside it."""
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.close()


def _put(archive: zipfile.ZipFile, file: Path, name: str) -> dict[str, Any]:
    with file.open("rb") as source, archive.open(name, "w", force_zip64=True) as packed:
        size, sha256 = _copy(source, packed)
    return {"size": size, "sha256": sha256}


def _must_fit(archive: zipfile.ZipFile, manifest: Manifest, folder: Path, file: Path) -> None:
    """A Refusal where a backup would grow to more than it may, or than there is room for."""
    sizes = {name: int(said["size"]) for name, said in manifest.entries.items()}
    packed = archive.getinfo(DATABASE).compress_size
    too_much = sizes[DATABASE] > max(SMALL_DATABASE, packed * MOST_TIMES) or any(
        size > LARGEST or size < 0 for name, size in sizes.items() if name != DATABASE
    )
    if too_much:
        raise Refusal("{file} is no backup of Backdesk, or not a whole one.", file=file.name)
    needed, free = sum(sizes.values()), shutil.disk_usage(folder).free
    if needed > free:
        said = "{file} needs {needed} MB, and there are {free} MB free: make room first."
        raise Refusal(said, file=file.name, needed=needed // CHUNK + 1, free=free // CHUNK)


def _copy(source: IO[bytes], target: IO[bytes], *, most: int | None = None) -> tuple[int, str]:
    """Copies and counts; it stops where more comes than was said."""
    digest, size = hashlib.sha256(), 0
    while (most is None or size <= most) and (chunk := source.read(CHUNK)):
        digest.update(chunk)
        size += len(chunk)
        target.write(chunk)
    return size, digest.hexdigest()


@contextmanager
def _workplace(near: Path) -> Generator[Path]:
    """A folder of our own on the same disk, gone afterwards."""
    try:
        folder = Path(tempfile.mkdtemp(prefix=".backdesk-", dir=near))
    except OSError as error:
        raise Refusal("Nothing can be written in {folder}: {why}.", folder=near, why=error.strerror) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
