"""Receipts for tests: a file that says what is to be read of it, and the reader that does."""

import hashlib
import json
from datetime import date
from decimal import Decimal
from typing import Any

from bot.message import Attachment
from knowledge.pages import Note
from knowledge.receipts import Receipt, Tax

MARK, PHOTO = b"%PDF-1.7 ", b"\xff\xd8\xff\xe0 "
"""How such files begin: as a PDF, or as a photo."""


def paper(name: str = "receipt.pdf", **says: Any) -> Attachment:
    """A receipt that is read as saying this: merchant, day, total, ask, candidates, error, ..."""
    return Attachment(name, MARK + json.dumps(says, sort_keys=True).encode(), "application/pdf")


def photo(**says: Any) -> bytes:
    """What is in a photo of such a receipt."""
    return PHOTO + taxi(**says).content.removeprefix(MARK)


def taxi(**says: Any) -> Attachment:
    """A receipt of a taxi, or one that says something else."""
    return paper(**{"merchant": "Taxi Sol", "day": "2026-11-23", "total": "28.00", "category": "transport", **says})


def read(content: bytes, *, currency: str, **words: Any) -> Receipt:
    """What such a file says."""
    says = json.loads(content.removeprefix(MARK).removeprefix(PHOTO))
    if "fails" in says:
        raise RuntimeError(says["fails"])
    facts: dict[str, Any] = {"currency": currency, "sha256": hashlib.sha256(content).hexdigest(), **says}
    facts["day"] = date.fromisoformat(facts["day"]) if facts.get("day") else None
    facts["total"] = Decimal(facts["total"]) if facts.get("total") else None
    facts["taxes"] = tuple(Tax(*(Decimal(each) for each in tax)) for tax in facts.get("taxes", ()))
    facts["candidates"] = {field: tuple(values) for field, values in facts.get("candidates", {}).items()}
    facts["error"] = Note(facts["error"]) if "error" in facts else None
    for field in ("ask", "numbers", "lines"):
        facts[field] = tuple(facts.get(field, ()))
    facts.pop("copy", None)
    return Receipt(**facts)


def small(content: bytes) -> bytes | None:
    """Such a file as a small picture: a beginning that tells what it is of."""
    return b"\xff\xd8\xff small " + content[:8]
