"""Whether two receipts are one: the same file, the same key, or alike enough to ask."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from knowledge.receipts import ASK, DIFFERENT, DUPLICATE, Receipt, compare

LUNCH = Receipt(
    merchant="Café Central, S.L.",
    day=date(2026, 11, 20),
    total=Decimal("23.40"),
    currency="EUR",
    tax_id="B12345674",
    numbers=("10", "2.34", "21.06", "23.40", "4711"),
    sha256="a" * 64,
    picture_hash="f" * 64,
)
AGAIN = replace(LUNCH, sha256="b" * 64, picture_hash="0" * 64)


@pytest.mark.parametrize(
    ("other", "verdict"),
    [
        (replace(LUNCH, merchant=None, total=None, day=date(2026, 1, 1)), DUPLICATE),
        (replace(AGAIN, picture_hash="f" * 60 + "0" * 4), DUPLICATE),
        (replace(AGAIN, picture_hash="f" * 59 + "0" * 5, total=Decimal("32.40"), numbers=()), DIFFERENT),
        (AGAIN, DUPLICATE),
        (replace(AGAIN, merchant="CAFE CENTRAL SL", tax_id=None), DUPLICATE),
        (replace(AGAIN, day=date(2026, 11, 21)), DIFFERENT),
        (replace(AGAIN, day=None), ASK),
        (replace(AGAIN, day=None, numbers=("1", "2", "3")), DIFFERENT),
        (replace(AGAIN, total=None), ASK),
        (replace(AGAIN, total=Decimal("23.48")), ASK),
        (replace(AGAIN, total=None, day=None), DIFFERENT),
        (replace(AGAIN, merchant="Hotel Sol", tax_id=None), ASK),
        (replace(AGAIN, merchant="Hotel Sol", tax_id=None, numbers=("7",)), DIFFERENT),
        (
            replace(AGAIN, day=date(2026, 11, 26), ask=("date",), candidates={"date": ("2026-11-26", "2026-11-20")}),
            ASK,
        ),
    ],
)
def test_two_receipts_are_compared(other: Receipt, verdict: str) -> None:
    assert compare(LUNCH, other) == verdict
    assert compare(other, LUNCH) == verdict


def test_the_number_of_the_document_and_who_gave_it_decide_before_the_name() -> None:
    first, second = (replace(each, document_number="FT 2026/118") for each in (LUNCH, AGAIN))
    assert compare(first, replace(second, merchant="smudged", total=None)) == DUPLICATE
    assert compare(first, replace(second, total=Decimal("99.00"))) == ASK
    assert compare(first, replace(second, document_number="FT 2026/119", numbers=("1",))) == ASK


def test_a_receipt_can_be_kept_as_json() -> None:
    assert Receipt.from_doc(LUNCH.as_doc()) == LUNCH
