"""Writes a migration from what the tables say: `python docs/migration.py 0002 "What the schema gained"`."""

import sys
import tempfile
from pathlib import Path
from typing import Any

import backdesk

assert backdesk  # imported for what it does: it puts the folders on the path


def write(number: str, message: str) -> Path:
    """Compares the tables in the code with a database at the newest revision and writes the difference."""
    from alembic import command

    from backend import schema
    from backend.store import Store
    from bot.reaching import whole_schema

    whole_schema()

    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/empty.db")
        if any((schema.SCRIPTS / "versions").glob("[0-9]*.py")):
            schema.migrate(store)
        with store.engine.begin() as connection:
            config, _ = schema._config(connection)  # pyright: ignore[reportPrivateUsage]
            script: Any = command.revision(config, message=message, autogenerate=True, rev_id=number)
        return Path(str(script.path))


if __name__ == "__main__":
    print(write(sys.argv[1], sys.argv[2]))
