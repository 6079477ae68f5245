"""A receipt of two pages from before is one of two files afterwards, on both databases, and the way back works."""

from collections.abc import Callable
from typing import Any

from alembic import command
from sqlalchemy import text

from backend import schema
from backend.requests import Line
from tests.office import Office
from tests.papers import taxi


def turned(office: Office, way: Callable[[Any, str], None], revision: str) -> None:
    """Brings the database to another revision."""
    with office.store.engine.begin() as connection:
        config, _ = schema._config(connection)  # pyright: ignore[reportPrivateUsage]
        way(config, revision)


def held(office: Office) -> dict[str, Any]:
    with office.store.looking() as session:
        return dict(session.get_one(Line, (1, 1)).values)


def test_a_second_page_is_the_next_of_the_receipts_files(office_on_each: Office) -> None:
    office = office_on_each
    office.says("ana", "two pages of the same receipt", files=(taxi(), taxi(total=None, day=None, merchant=None)))
    office.presses("ana", "submit")
    pages = held(office)["receipt"]
    assert len(pages) == 2
    turned(office, command.downgrade, "0011")
    old = held(office)
    assert (old["receipt"], old["second_page"]) == tuple(pages)
    with office.store.engine.begin() as connection:  # a change that waits kept what was sent before it
        before = '{"values": {}, "lines": [{"values": {"receipt": "a", "second_page": "b"}, "state": "waiting"}]}'
        connection.execute(text("UPDATE requests SET before = :before"), {"before": before})
    turned(office, command.upgrade, "head")
    assert held(office)["receipt"] == pages
    assert "second_page" not in held(office)
    with office.store.looking() as session:
        line = session.get_one(Line, (1, 1))
        before_now: Any = session.execute(text("SELECT before FROM requests")).scalar_one()
        assert '"receipt": ["a", "b"]' in str(before_now).replace("'", '"')
        assert line.values["amount"] == "28.00"
    assert office.card("maria").fields
