"""What stands in a cell of a CSV file is no formula, in whatever way it begins; numbers stay numbers."""

from decimal import Decimal

import pytest

from backend.cells import cell


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1+cmd|' /C calc'!A0", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1",
     "  =1", "\u00a0=1", "\u200b=1", "\ufeff=1",
     "'=1", '"=1"', "“=1”", "\uff1d1", "\uff0b1+1", "\uff201", " '=1", "-A1", "+3", "+34 911 234"],
)  # fmt: skip
def test_what_could_be_reckoned_with_is_marked(text: str) -> None:
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize(
    "text",
    [
        "-1",
        "-12.5",
        "-1,234.50",
        "1 200",
        "-3 %",
        "12%",
        "1e-5",
        "0",
        "-",
        "…",
        "a=b",
        "mail@small.example",
        "",
        "Ana",
    ],
)
def test_numbers_and_words_stay_as_they_are(text: str) -> None:
    assert cell(text) == text


def test_values_that_are_no_texts() -> None:
    assert [cell(each) for each in (None, -2, Decimal("-1.50"), -0.5)] == ["", "-2", "-1.50", "-0.5"]


def test_a_program_that_parts_cells_by_another_sign_meets_no_formula() -> None:
    assert cell("a;=1") == "a;'=1"
    assert cell("a;\t@x; -5 days") == "a;\t'@x; -5 days"
