"""Pages of one receipt that come as pictures of their own: which belong together, and what they say as one."""

from dataclasses import replace

from knowledge.receipts.receipt import FIELDS, Receipt

ONE, PERHAPS, OWN = "one", "perhaps", "own"
"""Whether two pictures are of one receipt: plainly; it has to be asked; each is a receipt of its own."""


SURE = 0.5
"""From this confidence on, a total is one."""


def together(first: Receipt, second: Receipt) -> str:
    """Whether the second is the next page of the first: ONE, PERHAPS or OWN.

    A first page without a total goes on in one that has it, if that does not begin anew with who sold and when. What
    says none of these after a whole receipt may be its end, or a picture that could not be read.
    """
    if first.error or second.error or _differ(first, second) or _sums_up(first) == _sums_up(second):
        return OWN
    anew = _named(second) and second.day is not None
    if not _sums_up(first):
        less = (second.total or 0) < (first.total or 0)
        return PERHAPS if anew or less else ONE
    return OWN if anew else PERHAPS


def joined(first: Receipt, second: Receipt) -> Receipt:
    """Two pages as the receipt that they are: each fact from the page that is surer of it."""
    facts: dict[str, object] = {}
    confidence, candidates, ask = dict(first.confidence), dict(first.candidates), set(first.ask)
    for name in FIELDS:
        held = _HELD.get(name, name)
        mine, other = getattr(first, held), getattr(second, held)
        if other in (None, ()) or (
            mine not in (None, ()) and first.confidence.get(name, 1.0) >= second.confidence.get(name, 1.0)
        ):
            continue
        facts[held] = other
        ask.discard(name)
        for whole, part in ((confidence, second.confidence), (candidates, second.candidates)):
            whole.pop(name, None)
            if name in part:
                whole[name] = part[name]  # pyright: ignore[reportArgumentType]
        if name in second.ask:
            ask.add(name)
    return replace(
        first,
        **facts,  # pyright: ignore[reportArgumentType]
        our_tax_id_on_it=first.our_tax_id_on_it or second.our_tax_id_on_it,
        order_number=first.order_number or second.order_number,
        confidence=confidence,
        candidates=candidates,
        ask=tuple(each for each in FIELDS if each in ask),
        numbers=tuple(sorted((*first.numbers, *second.numbers))),
        lines=(*first.lines, *second.lines),
        codes={**second.codes, **first.codes},
        pages_read=first.pages_read + second.pages_read,
        pages=first.pages + second.pages,
        notes=tuple(dict.fromkeys((*first.notes, *second.notes))),
    )


_HELD = {"date": "day", "tax": "taxes"}
"""What a receipt holds under another name than it asks for it."""


def _sums_up(page: Receipt) -> bool:
    """Whether a total stands on a page: where none does, one of its amounts may have been taken for it."""
    return page.total is not None and page.confidence.get("total", 1.0) >= SURE


def _named(page: Receipt) -> bool:
    """Whether a page says for sure who sold: what stands on top of a second page may be anything."""
    return bool(page.merchant) and ("merchant" not in page.ask or page.tax_id is not None)


def _differ(first: Receipt, second: Receipt) -> bool:
    """Whether both say the same thing differently."""
    pairs = [
        (first.day, second.day),
        (first.tax_id, second.tax_id),
        (first.document_number, second.document_number),
        (first.currency if first.total else None, second.currency if second.total else None),
    ]
    return any(one is not None and other is not None and one != other for one, other in pairs)
