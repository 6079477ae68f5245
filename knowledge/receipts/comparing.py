"""Whether two receipts are one and the same: judged on what was read from them, by rule."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

from knowledge.receipts.receipt import Receipt

DUPLICATE, ASK, DIFFERENT = "duplicate", "ask", "different"

NEAR = 20
"""Of how many of the 256 bits of a picture's hash two copies of one picture may differ."""

ALIKE = 0.6
"""Which share of their numbers two receipts have in common when they may be one."""

_SAME, _APART, _UNREAD = "same", "apart", "unread"
_LEGAL = re.compile(
    r"(sdn|bhd|ltd|limited|inc|llc|plc|gmbh|ag|kg|co|sa|sl|slu|srl|spa|sas|sarl|lda|bv|nv|oy|ab|as|aps)"
)


def compare(a: Receipt, b: Receipt) -> str:
    """DUPLICATE, ASK (it may be one), or DIFFERENT. Nothing but the two readings is looked at.

    The same shop and amount on another day is DIFFERENT; what neither or only one of them says can only be ASK.
    """
    if a.sha256 and a.sha256 == b.sha256:
        return DUPLICATE
    day = _days(a, b)
    if day == _APART:
        return DIFFERENT
    total = _totals(a, b)
    merchant = _merchants(a, b)
    document = _documents(a, b)
    key = (merchant, day, total)
    alike = likeness(a.numbers, b.numbers) >= ALIKE
    if document == _SAME:
        return ASK if total == _APART else DUPLICATE
    if apart(a.picture_hash, b.picture_hash) <= NEAR and _APART not in key:
        return DUPLICATE
    if key == (_SAME, _SAME, _SAME):
        return DUPLICATE if document == _UNREAD or alike else ASK
    return ASK if alike and key.count(_SAME) == 2 else DIFFERENT


def likeness(a: Sequence[str], b: Sequence[str]) -> float:
    """Which share of the numbers of both stands on both, from 0 to 1, counting each as often as it stands there."""
    left, right = Counter(a), Counter(b)
    return (left & right).total() / max((left | right).total(), 1)


def apart(a: str, b: str) -> int:
    """In how many bits two picture hashes differ; 256 where one is missing."""
    return (int(a, 16) ^ int(b, 16)).bit_count() if a and b else 256


def named(merchant: str) -> str:
    """A merchant's name without signs, accents, blanks and the form of the company: to compare with another."""
    plain = unicodedata.normalize("NFKD", merchant).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain.replace(".", ""))
    return "".join(word for word in words if not _LEGAL.fullmatch(word)) or "".join(words)


def same_merchant(a: str, b: str) -> bool:
    """True if the two names are likely those of one merchant."""
    left, right = named(a), named(b)
    if not left or not right:
        return False
    if left == right or (min(len(left), len(right)) >= 5 and (left in right or right in left)):
        return True
    return SequenceMatcher(None, left, right, autojunk=False).ratio() >= 0.85


def _merchants(a: Receipt, b: Receipt) -> str:
    if a.tax_id and a.tax_id == b.tax_id:
        return _SAME
    if not a.merchant or not b.merchant:
        return _UNREAD
    return _SAME if same_merchant(a.merchant, b.merchant) else _APART


def _days(a: Receipt, b: Receipt) -> str:
    if a.day is None or b.day is None:
        return _UNREAD
    if a.day == b.day:
        return _SAME
    doubted = (a, b.day.isoformat()), (b, a.day.isoformat())
    unsure = any("date" in each.ask and day in each.candidates.get("date", ()) for each, day in doubted)
    return _UNREAD if unsure else _APART


def _totals(a: Receipt, b: Receipt) -> str:
    if a.total is None or b.total is None:
        return _UNREAD
    return _SAME if a.total == b.total else _APART


def _documents(a: Receipt, b: Receipt) -> str:
    """Of the numbers of the two documents, which only mean something with who gave them."""
    if not a.document_number or not b.document_number:
        return _UNREAD
    left, right = (re.sub(r"\W", "", each.document_number or "").lower() for each in (a, b))
    if left != right:
        return _APART
    return _SAME if a.tax_id and a.tax_id == b.tax_id else _UNREAD
