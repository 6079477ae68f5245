"""Reads a file to a receipt, in the process apart: whatever the file is, a receipt comes back, or one with an error."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from backend.refusals import Refusal
from knowledge.apart import apart
from knowledge.pages import reading as pages
from knowledge.pages.page import Note
from knowledge.receipts.receipt import Receipt

Progress = Callable[[int, int], None]
"""Told how many are done, of how many."""


def read(
    content: bytes,
    *,
    day_first: bool,
    currency: str,
    our_tax_ids: Sequence[str],
    today: date,
    our_names: Sequence[str] = (),
) -> Receipt:
    """What the file says, with its error instead where it cannot be read: bad input raises nothing.

    day_first    whether 03/04 is the third of April where the paper does not tell
    currency     the company's own, taken where none is printed
    our_tax_ids  the company's own: never taken for the seller's
    our_names    what the company is called: the buyer, never the seller
    today        a date after it, or long before, is asked about

    It takes seconds, a minute at most, and files wait for each other in the order of asking: no transaction should be
    open meanwhile.
    """
    if len(content) > pages.LARGEST:
        return Receipt(error=Note.of(pages.too_large()))
    args: dict[str, Any] = {
        "day_first": day_first,
        "currency": currency,
        "our_tax_ids": list(our_tax_ids),
        "our_names": list(our_names),
        "today": today.isoformat(),
    }
    try:
        return Receipt.from_doc(apart().run("knowledge.receipts.reading:work", content, args))
    except Refusal as refusal:
        return Receipt(error=Note.of(refusal), sha256=hashlib.sha256(content).hexdigest())


def read_in_order(
    contents: Sequence[bytes],
    *,
    day_first: bool,
    currency: str,
    our_tax_ids: Sequence[str],
    today: date,
    our_names: Sequence[str] = (),
    told: Progress | None = None,
) -> Iterator[Receipt]:
    """Reads files one after the other, each given as soon as it is read; `told` hears (0, n), ... (n, n)."""
    for place, content in enumerate(contents):
        if told:
            told(place, len(contents))
        yield read(
            content,
            day_first=day_first,
            currency=currency,
            our_tax_ids=our_tax_ids,
            today=today,
            our_names=our_names,
        )
    if told:
        told(len(contents), len(contents))


def work(content: bytes, *, today: str, **words: Any) -> dict[str, Any]:
    """The same as JSON, done in this process: only ever called apart."""
    from knowledge.receipts.understanding import understand

    return understand(pages.here(content), today=date.fromisoformat(today), **words).as_doc()
