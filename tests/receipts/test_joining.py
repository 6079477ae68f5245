"""Pages of one receipt find each other, in their order, and say together what stands on them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from knowledge.receipts import DUPLICATE, ONE, OWN, PERHAPS, Receipt, compare_pages, groups, joined, together, whole

TOP = Receipt(
    merchant="Bauhaus",
    day=date(2026, 11, 20),
    currency="EUR",
    lines=("BAUHAUS", "20/11/2026 10:12", "DUEBEL 8MM 4,99", "SCHRAUBEN 12,00", "LEIM HOLZ 7,49"),
    numbers=("20", "11", "4,99", "12,00", "7,49"),
    confidence={"merchant": 0.99, "date": 0.99},
)
MIDDLE = Receipt(
    total=Decimal("8.20"),
    confidence={"total": 0.2},
    ask=("total",),
    lines=("SCHRAUBEN 12,00", "LEIM HOLZ 7,49", "LACK WEISS 8,20", "PINSEL 3,10"),
    numbers=("12,00", "7,49", "8,20", "3,10"),
)
END = Receipt(
    total=Decimal("35.78"),
    currency="EUR",
    confidence={"total": 0.97},
    lines=("LACK WEISS 8,20", "PINSEL 3,10", "SUMME EUR 35,78", "EC-Karte 35,78"),
    numbers=("8,20", "3,10", "35,78", "35,78"),
)
OTHER = Receipt(
    merchant="Taxi Sol",
    day=date(2026, 11, 21),
    total=Decimal("12.00"),
    currency="EUR",
    confidence={"total": 0.98, "merchant": 0.98},
    lines=("TAXI SOL", "21/11/2026", "TOTAL 12,00"),
)


def cut(page: Receipt) -> Receipt:
    """A page without the lines that it has in common with another."""
    return replace(page, lines=page.lines[2:])


def numbered(page: Receipt, nth: int) -> Receipt:
    return replace(page, lines=(*cut(page).lines, f"Seite {nth} von 3"))


def test_pages_that_overlap_are_one_receipt_and_stand_in_their_order() -> None:
    assert groups([TOP, MIDDLE, END, OTHER], most=10) == [[0, 1, 2], [3]]
    assert groups([OTHER, END, MIDDLE, TOP], most=10) == [[0], [3, 2, 1]]


def test_a_page_in_the_middle_belongs_to_what_a_later_one_sums_up() -> None:
    assert groups([TOP, cut(MIDDLE), cut(END), OTHER], most=10) == [[0, 1, 2], [3]]


def test_numbered_pages_are_put_in_order() -> None:
    sent = [numbered(END, 3), numbered(TOP, 1), numbered(MIDDLE, 2)]
    assert groups(sent, most=10) == [[1, 2, 0]]


def test_no_more_pages_than_the_most() -> None:
    assert groups([TOP, MIDDLE, END], most=2) == [[0, 1], [2]]


def test_pages_with_one_document_number_are_one_receipt() -> None:
    one, two = (replace(page, document_number="F-77") for page in (TOP, cut(END)))
    assert together(one, two) == ONE
    assert together(one, replace(two, document_number="F-78")) == OWN


def test_what_begins_anew_is_a_receipt_of_its_own() -> None:
    assert together(OTHER, replace(OTHER, day=date(2026, 11, 22))) == OWN
    assert together(END, OTHER) == OWN
    assert together(OTHER, replace(TOP, merchant=None, day=None, lines=("Thank you",))) == PERHAPS


def test_the_same_paper_twice_is_no_second_page() -> None:
    again = replace(OTHER, sha256="b", lines=(*OTHER.lines, "cut of"))
    assert together(replace(OTHER, sha256="a"), again) == OWN
    whole_one = replace(OTHER, lines=("TAXI SOL", "21/11/2026", "Km 12", "TOTAL 12,00"), document_number="7")
    assert together(whole_one, whole_one) == OWN


def test_they_say_as_one_what_stands_on_them() -> None:
    read = joined([TOP, MIDDLE, END])
    assert (read.merchant, read.day, read.total, read.ask) == ("Bauhaus", date(2026, 11, 20), Decimal("35.78"), ())
    assert read.lines == (*TOP.lines, *MIDDLE.lines[2:], *END.lines[2:])
    assert read.numbers.count("12,00") == 1
    assert whole([TOP.as_doc(), {}, END.as_doc()]) == joined([TOP, END])
    assert whole([]) is None


def test_who_sold_stands_on_top_and_what_is_carried_over_is_no_total() -> None:
    carried = replace(MIDDLE, total=Decimal("12.00"), confidence={"total": 0.97}, ask=())
    read = joined([TOP, carried, replace(END, merchant="Bin bags 60L", confidence={"total": 0.97, "merchant": 1.0})])
    assert (read.merchant, read.total, read.ask) == ("Bauhaus", Decimal("35.78"), ())


def test_two_sums_are_asked_about() -> None:
    read = joined([replace(OTHER, total=Decimal("20.00")), replace(END, lines=())])
    assert (read.total, read.ask) == (Decimal("35.78"), ("total",))
    assert read.candidates["total"] == ("35.78", "20.00")


def test_one_page_in_common_is_the_same_receipt() -> None:
    pages = [replace(TOP, sha256="a"), replace(END, sha256="b")]
    assert compare_pages(pages, [replace(END, sha256="b")]) == DUPLICATE
    assert compare_pages(pages, [replace(OTHER, sha256="c")]) != DUPLICATE


@pytest.mark.parametrize(
    "line", ["Page 2 of 3", "Página 2 de 3", "Seite 2 von 3", "PAG. 2/3", "page 2 sur 3", "Pagina 2 di 3"]
)
def test_pages_are_numbered_in_many_ways(line: str) -> None:
    first = replace(TOP, lines=("Page 1 of 3",))
    assert together(first, replace(END, lines=("Total 35,78", line))) == ONE
