"""Alembic's way in: the connection is handed over by backend.schema, never read from a file."""

from typing import Any

from alembic import context


def ours(name: str | None, type_: str, parent_names: Any) -> bool:
    """False for what migrations make by hand: the word index."""
    return type_ != "table" or not str(name).startswith("passage_words")


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes["metadata"],
    include_name=ours,
    compare_type=True,
    render_as_batch=True,
)
context.run_migrations()
