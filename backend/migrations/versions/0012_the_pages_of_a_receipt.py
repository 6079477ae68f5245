"""A receipt is of any number of pages: the second page's own field goes into the list that the receipt's field holds.

Revision ID: 0012
Revises: 0011
"""

from collections.abc import Callable
from typing import Any, cast

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

COLUMNS = {
    "drafts": (("id",), ("values", "lines")),
    "fillings": (("id",), ("values", "lines")),
    "requests": (("number",), ("values", "granted", "before")),
    "request_lines": (("request", "position"), ("values", "granted")),
    "opinions": (("id",), ("before",)),
}
"""Where values of fields are kept: the key and the columns of each table."""


def upgrade() -> None:
    """Joins the two fields; the audit log stays as it was written."""
    _rewrite(_joined, where="second_page")


def downgrade() -> None:
    """Takes the first two pages apart; more than two had no place, and stay files of their own."""
    _rewrite(_apart, where="receipt")


def _rewrite(change: Callable[[dict[str, Any]], dict[str, Any]], *, where: str) -> None:
    connection = op.get_bind()
    for name, (keys, columns) in COLUMNS.items():
        of_json: list[Any] = [sa.column(each, sa.JSON()) for each in columns]
        of_keys: list[Any] = [sa.column(each) for each in keys]
        table = sa.table(name, *of_keys, *of_json)
        for column in columns:
            held = sa.cast(table.c[column], sa.Text).like(f'%"{where}"%')
            rows = connection.execute(sa.select(*(table.c[each] for each in keys), table.c[column]).where(held)).all()
            for row in rows:
                is_it = sa.and_(*(table.c[each] == getattr(row, each) for each in keys))
                changed = {column: _walk(row[-1], change)}
                connection.execute(sa.update(table).where(is_it).values(changed))


def _walk(value: Any, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Any:
    if isinstance(value, dict):
        return change({key: _walk(each, change) for key, each in cast("dict[str, Any]", value).items()})
    return [_walk(each, change) for each in cast("list[Any]", value)] if isinstance(value, list) else value


def _joined(values: dict[str, Any]) -> dict[str, Any]:
    if "second_page" not in values:
        return values
    pages = [each for each in (values.get("receipt"), values["second_page"]) if each]
    return {**{name: each for name, each in values.items() if name != "second_page"}, "receipt": pages}


def _apart(values: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(values.get("receipt"), list):
        return values
    first, second = [*cast("list[str]", values["receipt"]), None, None][:2]
    return {**values, "receipt": first, **({"second_page": second} if second else {})}
