"""Made-up papers are read: what is wrong is named, and little is asked."""

from datetime import date, timedelta
from decimal import Decimal

from knowledge.receipts.understanding import understand
from tests.receipts.papers import Made, alike, looked_at, made


def _wrong(each: Made, *, today: date = date(2026, 11, 24)) -> tuple[list[str], bool]:
    """What is read wrongly, and whether the total is asked about."""
    read = understand(each.paper, day_first=True, currency="EUR", our_tax_ids=(), today=today)
    right = {
        "total": read.total == Decimal(each.total),
        "date": str(read.day) == each.day,
        "merchant": any(alike(read.merchant or "", name) for name in each.merchants),
    }
    return [f"{each.merchants[0]}: {name}" for name, held in right.items() if not held], "total" in read.ask


def test_made_up_papers_are_read() -> None:
    found = [_wrong(each) for each in made()]
    assert len(found) == 101
    assert [wrong for wrongs, _ in found for wrong in wrongs] == []
    assert sum(asked for _, asked in found) <= 10


def test_papers_that_were_looked_at_are_read() -> None:
    found = [_wrong(each, today=date.fromisoformat(each.day) + timedelta(days=5)) for each in looked_at()]
    assert len(found) == 152
    assert [wrong for wrongs, _ in found for wrong in wrongs] == []
    assert sum(asked for _, asked in found) <= 11
