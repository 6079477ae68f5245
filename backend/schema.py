"""Brings the database to the schema that this version of Backdesk needs, by Alembic."""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, make_url, text

from backend.store import Base, Store

SCRIPTS = Path(__file__).parent / "migrations"
LOCK = 72_178_001
"""The advisory lock on PostgreSQL under which one process at a time migrates."""


def migrate(store: Store) -> list[str]:
    """Applies what is missing, in one transaction; returns the revisions applied, oldest first."""
    with store.engine.begin() as connection:
        if not store.embedded:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        return migrate_on(connection)


def migrate_on(connection: Connection) -> list[str]:
    """Applies what is missing, in the transaction of this connection; returns the revision reached, if it is new."""
    before = revision(connection)
    config, newest = _config(connection)
    if before == newest:
        return []
    from alembic import command

    command.upgrade(config, "head")
    return [newest]


def migrate_to(store: Store, revision: str) -> None:
    """Brings an empty database to an earlier revision, to see what was in it then."""
    from alembic import command

    with store.engine.begin() as connection:
        config, _ = _config(connection)
        command.upgrade(config, revision)


def empty(url: str) -> None:
    """Throws every table of ours away: the database is as if it were new."""
    store = Store(url)
    if store.embedded:
        store.close()
        file = make_url(url).database
        for ending in ("", "-wal", "-shm"):
            Path(f"{file}{ending}").unlink(missing_ok=True)
        return
    with store.engine.begin() as connection:
        empty_on(connection)
    store.close()


def empty_on(connection: Connection) -> None:
    """Throws every table of ours in PostgreSQL away, in the transaction of this connection."""
    for name in inspect(connection).get_table_names():
        connection.execute(text(f'DROP TABLE IF EXISTS "{name}" CASCADE'))
    for name in ("events_refuse", "passage_words_add"):
        connection.execute(text(f"DROP FUNCTION IF EXISTS {name} CASCADE"))
    connection.execute(text("DROP SCHEMA IF EXISTS dbos CASCADE"))


def known(connection: Connection) -> bool:
    """True if the database is at a revision that this version of Backdesk knows how to bring up to date."""
    from alembic.script import ScriptDirectory

    at = revision(connection)
    scripts = ScriptDirectory(str(SCRIPTS))
    return at is not None and at in {each.revision for each in scripts.walk_revisions()}


def revision(connection: Connection) -> str | None:
    """The revision that the database is at; None for an empty one."""
    found = connection.dialect.has_table(connection, "alembic_version")
    return connection.scalar(text("SELECT version_num FROM alembic_version")) if found else None


def up_to_date(store: Store) -> bool:
    """True if there is nothing to migrate."""
    with store.engine.connect() as connection:
        return revision(connection) == _config(connection)[1]


def _config(connection: Connection) -> tuple[Any, str]:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["metadata"] = Base.metadata
    return config, str(ScriptDirectory.from_config(config).get_current_head())
