"""Whether the database of a backup holds nothing but what Backdesk makes: no trigger, view or table of others."""

import re
import sqlite3
import tempfile
from pathlib import Path

from backend import schema
from backend.store import Store

Made = dict[tuple[str, str], tuple[str, ...]]
"""What a database is made of: kind and name, with its columns or, of what runs or reckons, its words."""


def foreign_in(database: Path, *, revision: str) -> list[str]:
    """The kinds and names of what Backdesk did not make, or made otherwise, at that revision; none of it is run."""
    with tempfile.TemporaryDirectory(prefix=".backdesk-", dir=database.parent) as folder:
        ours = Path(folder) / "ours.db"
        store = Store(f"sqlite:///{ours}")
        schema.migrate_to(store, revision)
        store.close()
        known = _made_of(ours)
    found = _made_of(database)
    return sorted(" ".join(each) for each, words in found.items() if known.get(each) != words)


def _made_of(database: Path) -> Made:
    connection = sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)
    try:
        connection.execute("PRAGMA trusted_schema=OFF")
        rows = connection.execute("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master").fetchall()
        out: Made = {}
        for sort, name, of, sql in rows:
            if name.startswith("sqlite_"):
                continue
            plain = sort == "table" and not sql.lstrip().upper().startswith("CREATE VIRTUAL")
            out[sort, name] = tuple(_columns(connection, name)) if plain else (of, _words(sql))
        return out
    finally:
        connection.close()


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    """The names of a table's columns, in order of the alphabet; those that are reckoned are told apart."""
    rows = connection.execute("SELECT name, hidden FROM pragma_table_xinfo(?)", (table,)).fetchall()
    return sorted(f"{name} {hidden}" if hidden else name for name, hidden in rows)


def _words(sql: str) -> str:
    return re.sub(r"[\s\"`]+", " ", sql).strip().lower()
