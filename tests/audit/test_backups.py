"""A backup comes back whole on either database, and what is no backup changes nothing."""

import hashlib
import json
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from backend import backups, files, leave, people, schema
from backend.clock import StillClock
from backend.refusals import Refusal
from backend.store import Base, Store, embedded_url
from bot.reaching import whole_schema
from tests.audit.tampering import change, head, verdict, write
from tests.conftest import NOW
from tests.office import Office

DAY = {"leave_type": "vacation", "start": "2026-11-26", "end": "2026-11-27", "note": 'Ünïcode ’ and "quotes"'}


def in_use(office: Office) -> None:
    """A request on its way, a file kept."""
    whole_schema()
    office.says("ana", "Thursday off", meant=[("time_off.submit", DAY)])
    office.presses("ana", "Send")
    with office.store.writing() as session:
        ana = people.find(session, "ana")
        files.keep(
            session, ana, folder=office.app.home / "files", name="a.pdf", content=b"%PDF-1.7", mime="application/pdf"
        )


def saved(office: Office, to: Path) -> Path:
    file = to / "backup.zip"
    backups.backup(office.store, home=office.app.home, to=file, version="1.0")
    return file


def contents(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of ours, as Python values."""
    store = Store(url)
    with store.looking() as session:
        tables = {
            table.name: [tuple(each) for each in session.execute(select(table).order_by(*table.primary_key.columns))]
            for table in Base.metadata.sorted_tables
        }
    store.close()
    return tables


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of another, empty database of each kind, for a home in `elsewhere`."""
    addresses: dict[str, Callable[[], str]] = {
        "sqlite": lambda: embedded_url(tmp_path / "elsewhere"),
        "postgresql": lambda: str(request.getfixturevalue("second_postgres_url")),
    }
    return addresses[request.param]()


@pytest.fixture
def second_postgres_url(request: pytest.FixtureRequest, postgres_server: str) -> Any:
    import secrets

    from sqlalchemy import create_engine, make_url, text

    name = f"backdesk_test_{secrets.token_hex(6)}"
    engine = create_engine(make_url(postgres_server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    yield make_url(postgres_server).set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    engine.dispose()


def test_everything_comes_back_on_either_database(office_on_each: Office, target: str, tmp_path: Path) -> None:
    in_use(office_on_each)
    file = saved(office_on_each, tmp_path)
    home = tmp_path / "elsewhere"
    made = backups.restore(file, url=target, home=home)
    assert made.files == 1
    assert contents(target) == contents(office_on_each.store.url)
    assert [each.read_bytes() for each in (home / "files").iterdir()] == [b"%PDF-1.7"]
    restored = Store(target, clock=StillClock(NOW))
    assert head(restored) == head(office_on_each.store)
    assert verdict(restored).sound
    write(restored, 3)
    with restored.writing() as session:
        ana = people.find(session, "ana")
        leave.enter(session, ana, leave_type="vacation", sort=leave.CORRECTION, days=Decimal("0.5"), by=None)
    assert verdict(restored, head(office_on_each.store)).sound
    with pytest.raises(DBAPIError, match="never changed"), restored.writing() as session:
        session.connection().exec_driver_sql("UPDATE events SET kind = 'x.y'")
    restored.close()


def test_a_backup_is_made_beside_somebody_who_writes(sqlite_url: str, tmp_path: Path) -> None:
    whole_schema()
    store = Store(sqlite_url)
    write(store, 20)
    with store.writing() as session:
        session.connection().exec_driver_sql(
            "INSERT INTO timers (name, subject, due_at, state) VALUES ('a', 'b', 'c', 'd')"
        )
        made = backups.backup(store, home=tmp_path / "home", to=tmp_path / "b.zip", version="1.0")
    assert made.head["seq"] == 20
    store.close()


def before_and_after(home: Path, act: Callable[[], Any], message: str) -> None:
    """Fails unless the act is refused in these words and leaves the folder as it was."""

    def seen() -> dict[str, bytes]:
        return {str(each.relative_to(home)): each.read_bytes() for each in home.rglob("*") if each.is_file()}

    before = seen()
    with pytest.raises(Refusal, match=message):
        act()
    assert seen() == before


def broken(file: Path, how: str) -> Path:
    """A copy of the backup, spoilt."""
    out = file.with_name(f"{how}.zip")
    shutil.copy(file, out)
    if how == "truncated":
        out.write_bytes(file.read_bytes()[:-400])
    elif how == "text":
        out.write_text("hello")
    elif how == "foreign":
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("hello.txt", "hello")
    else:
        with zipfile.ZipFile(file) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        spoil(parts, how)
        with zipfile.ZipFile(out, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
    return out


def spoil(parts: dict[str, bytes], how: str) -> None:
    manifest = json.loads(parts["manifest.json"])
    match how:
        case "flipped":
            parts["backdesk.db"] = parts["backdesk.db"][:5000] + b"x" + parts["backdesk.db"][5001:]
        case "lacking":
            del parts["backdesk.db"]
        case "more":
            parts["files/more"] = b"more"
        case "climbing":
            parts["../climbing"] = b"x"
            manifest["entries"]["../climbing"] = {"size": 1, "sha256": "0"}
        case "newer":
            manifest["format_version"] = 99
        case _:
            raise ValueError(how)
    parts["manifest.json"] = json.dumps(manifest).encode()


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("truncated", "is no backup of Backdesk, or not a whole one"),
        ("text", "is no backup of Backdesk"),
        ("foreign", "is no backup of Backdesk"),
        ("flipped", "was changed or damaged: backdesk.db"),
        ("lacking", "is no backup of Backdesk, or not a whole one"),
        ("more", "is no backup of Backdesk"),
        ("climbing", "is no backup of Backdesk"),
        ("newer", "made by a newer Backdesk"),
    ],
)
def test_what_is_no_whole_backup_changes_nothing(office: Office, tmp_path: Path, how: str, message: str) -> None:
    in_use(office)
    file = broken(saved(office, tmp_path), how)
    office.store.close()
    home, url = office.app.home, office.store.url
    before_and_after(home, lambda: backups.restore(file, url=url, home=home, replace=True), message)
    assert not (tmp_path / "climbing").exists()


class Room(NamedTuple):
    total: int
    used: int
    free: int


def full(_: object) -> Room:
    return Room(1000, 999, 1)


def rewritten(file: Path, *, sql: str = "", **parts: bytes) -> Path:
    """The backup with a statement run on its database, and other parts, all with digests that fit."""
    out = file.with_name("rewritten.zip")
    with zipfile.ZipFile(file) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(held.pop("manifest.json"))
    held |= {f"files/{name}": content for name, content in parts.items()}
    if sql:
        database = file.with_name("rewritten.db")
        database.write_bytes(held["backdesk.db"])
        connection = sqlite3.connect(database)
        connection.executescript(sql)
        connection.close()
        held["backdesk.db"] = database.read_bytes()
    for name, content in held.items():
        manifest["entries"][name] = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (*held.items(), ("manifest.json", json.dumps(manifest).encode())):
            archive.writestr(name, content)
    return out


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("CREATE TRIGGER t AFTER INSERT ON requests BEGIN UPDATE people SET manager_id = 1; END", "trigger t"),
        ("CREATE VIEW v AS SELECT * FROM accounts", "view v"),
        ("CREATE TABLE extra (a)", "table extra"),
        ("CREATE VIRTUAL TABLE more USING fts5(a)", "table more"),
        ("CREATE INDEX i ON people (abs(id))", "index i"),
        ("ALTER TABLE people ADD COLUMN grade", "table people"),
        ("ALTER TABLE people ADD COLUMN sum AS (id + 1)", "table people"),
        (
            "DROP TRIGGER events_no_update; CREATE TRIGGER events_no_update BEFORE UPDATE ON events "
            "BEGIN SELECT 1; END",
            "trigger events_no_update",
        ),
    ],
)
def test_a_database_with_things_of_others_is_not_restored(office: Office, tmp_path: Path, sql: str, what: str) -> None:
    in_use(office)
    file = rewritten(saved(office, tmp_path), sql=sql)
    home = tmp_path / "elsewhere"
    with pytest.raises(Refusal, match=f"holds what is not Backdesk's: .*{what}"):
        backups.restore(file, url=embedded_url(home), home=home)
    assert not home.exists()


def test_a_backup_that_swells_is_not_unpacked(office: Office, tmp_path: Path) -> None:
    in_use(office)
    made, home = saved(office, tmp_path), tmp_path / "elsewhere"
    swollen = rewritten(made, bomb=bytes(files.LARGEST + 1))
    assert swollen.stat().st_size < 2_000_000
    with pytest.raises(Refusal, match="is no backup of Backdesk"):
        backups.restore(swollen, url=embedded_url(home), home=home)
    assert not home.exists()


def test_a_backup_for_which_there_is_no_room_is_said(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_use(office)
    made, home = saved(office, tmp_path), tmp_path / "elsewhere"
    monkeypatch.setattr(shutil, "disk_usage", full)
    with pytest.raises(Refusal, match="make room first"):
        backups.restore(made, url=embedded_url(home), home=home)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="There is no file"):
        backups.restore(tmp_path / "none.zip", url=embedded_url(tmp_path / "h"), home=tmp_path / "h")
    assert not (tmp_path / "h").exists()


def test_nothing_is_replaced_unasked(office_on_each: Office, tmp_path: Path) -> None:
    in_use(office_on_each)
    file = saved(office_on_each, tmp_path)
    write(office_on_each.store, 2)
    home, url = office_on_each.app.home, office_on_each.store.url
    with pytest.raises(Refusal, match="not empty"):
        backups.restore(file, url=url, home=home)
    assert verdict(office_on_each.store).entries == made_entries(file) + 2


def test_asked_to_it_replaces_what_is_there(office_on_each: Office, tmp_path: Path) -> None:
    in_use(office_on_each)
    file = saved(office_on_each, tmp_path)
    write(office_on_each.store, 2)
    (office_on_each.app.home / "files" / "stray").write_text("x")
    office_on_each.store.close()
    backups.restore(file, url=office_on_each.store.url, home=office_on_each.app.home, replace=True)
    assert verdict(office_on_each.store).entries == made_entries(file)
    assert [each.read_bytes() for each in (office_on_each.app.home / "files").iterdir()] == [b"%PDF-1.7"]


def made_entries(file: Path) -> int:
    with zipfile.ZipFile(file) as archive:
        return int(json.loads(archive.read("manifest.json"))["head"]["seq"])


def test_a_log_that_was_tampered_with_is_restored_only_as_it_is(office_on_each: Office, tmp_path: Path) -> None:
    in_use(office_on_each)
    change(office_on_each.store, "UPDATE event_details SET body = '{}' WHERE event_seq = 1")
    file = saved(office_on_each, tmp_path)
    home = tmp_path / "elsewhere"
    with pytest.raises(Refusal, match=r"tampered with; nothing was restored\. Entry 1 "):
        backups.restore(file, url=embedded_url(home), home=home)
    assert not home.exists()
    backups.restore(file, url=embedded_url(home), home=home, as_it_is=True)
    assert (home / "backdesk.db").is_file()


def test_a_backup_takes_no_place_of_something_else(office: Office, tmp_path: Path) -> None:
    whole_schema()
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(Refusal, match="is no backup: choose another name"):
        backups.backup(office.store, home=office.app.home, to=tmp_path / "thesis.txt", version="1.0")
    saved(office, tmp_path)
    saved(office, tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"
    assert {each.name for each in tmp_path.iterdir()} == {"thesis.txt", "backup.zip", "home"}


def test_an_old_backup_is_brought_up_to_date(office: Office, tmp_path: Path) -> None:
    in_use(office)
    file = saved(office, tmp_path)
    home = tmp_path / "elsewhere"
    backups.restore(file, url=embedded_url(home), home=home)
    assert schema.up_to_date(Store(embedded_url(home)))
