"""A small handbook to publish and to ask."""

from collections.abc import Callable
from datetime import date

import pytest

from backend.store import Store
from knowledge.index import Index
from knowledge.publishing import Published, publish_all
from knowledge.reading import Reading, read
from knowledge.search import Hit, Reader, search

DAY = date(2026, 11, 24)

LEAVE = """# Leave

## Vacation

Everybody has 23 days of paid vacation a year. Ask your manager at least two weeks before.

## Carry-over

Unused vacation days may be carried over until 31 March of the next year. After that they lapse.
"""

EXPENSES = """# Expenses

## Meals

Meals on business trips are paid up to 45 euros a day. Alcohol is not paid.

## Receipts

Send a photo of every receipt within 30 days. Without a receipt nothing is paid back.
"""

PAY = """---
audience: finance
---
# Salary bands

## Directors

A director of the company earns between 90,000 and 120,000 euros a year.
"""

Publish = Callable[..., list[Published]]


def doc(text: str, name: str) -> Reading:
    """A document of this name and text."""
    return read(text.encode(), doc=name)


@pytest.fixture
def handbook(store: Store) -> Store:
    """A store with the three documents above."""
    publish_all(store, [doc(LEAVE, "leave.md"), doc(EXPENSES, "expenses.md"), doc(PAY, "pay.md")], by=None)
    return store


@pytest.fixture
def index(store: Store) -> Index:
    """The index of a process that does not own Chroma."""
    return Index(store)


def reader(*audiences: str, place: str = "madrid", day: date = DAY) -> Reader:
    """Somebody who belongs to these audiences, on that day."""
    return Reader(person="ana.costa", audiences=frozenset(audiences), places=frozenset({place}), day=day)


def found(store: Store, index: Index, question: str, who: Reader, *, k: int = 10) -> list[Hit]:
    """What a search finds."""
    with store.looking() as session:
        return search(session, index, question, who, k=k)
