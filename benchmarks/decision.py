"""CPU of one decision, from the press heard to the commit, over one transaction of as many plain statements."""

import tempfile
import time
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from sqlalchemy import event, text

from backend import schema
from backend.clock import StillClock
from backend.store import Store
from bot.message import Address, Pressed
from tests.office import Office, hire

COUNT = 60


def measure() -> str:
    """One line: CPU milliseconds a decision, those of the plain transaction, and the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/backdesk.db"
        store = Store(url)
        schema.migrate(store)
        store.close()
        clock = StillClock(datetime.fromisoformat("2026-11-24T10:00:00+01:00"))
        with hire(url, home=Path(folder), clock=clock) as office:
            tokens = _asked(office)
            statements, ours = _decide(office, tokens)
            plain = _plain(office.store, statements // len(tokens))
    return (
        f"decision: {ours * 1000:.1f} ms of CPU, {statements // len(tokens)} statements; "
        f"as many plain ones: {plain * 1000:.1f} ms; ratio {ours / plain:.1f}"
    )


def _asked(office: Office) -> list[str]:
    for number in range(COUNT):
        meant = [("purchase.submit", {"item": f"cable {number}", "quantity": 1, "total": "9.90"})]
        office.says("ana", "a cable, please", meant=meant)
        office.presses("ana", "submit")
    return [office.button("maria", "Approve", on=f"PR-{number}").token for number in range(1, COUNT + 1)]


def _decide(office: Office, tokens: list[str]) -> tuple[int, float]:
    counted = 0

    def count(*_: object) -> None:
        nonlocal counted
        counted += 1

    event.listen(office.store.engine, "after_cursor_execute", count)
    before = time.process_time()
    for token in tokens:
        office.app.hear(Pressed(uuid4().hex, Address("memory", "maria"), "maria", token))
    spent = time.process_time() - before
    event.remove(office.store.engine, "after_cursor_execute", count)
    return counted, spent / len(tokens)


def _plain(store: Store, statements: int) -> float:
    """Half of them look something up by its key, half write a row: about what a decision does."""
    with store.engine.begin() as connection:
        connection.execute(text("CREATE TABLE plain (id INTEGER PRIMARY KEY, words TEXT)"))
    before = time.process_time()
    for _ in range(COUNT):
        with store.engine.begin() as connection:
            for _ in range(statements // 2):
                connection.execute(text("SELECT words FROM plain WHERE id = :id"), {"id": 1}).all()
                connection.execute(text("INSERT INTO plain (words) VALUES (:words)"), {"words": "some words"})
    return (time.process_time() - before) / COUNT
