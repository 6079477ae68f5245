"""The small company that is measured in."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from backend import schema
from backend.clock import StillClock
from backend.store import Store
from tests.office import Office, hire

NOW = datetime.fromisoformat("2026-11-24T10:00:00+01:00")


@contextmanager
def founded(url: str, *, home: Path) -> Generator[Office]:
    """The company in an empty database, at a moment that stands still."""
    store = Store(url)
    schema.migrate(store)
    store.close()
    with hire(url, home=home, clock=StillClock(NOW)) as office:
        yield office
