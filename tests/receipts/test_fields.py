"""What is read from the lines of a paper, whatever country printed it, and what is asked about."""

import re
from datetime import date
from decimal import Decimal

import pytest

from knowledge.receipts import Receipt, Tax
from knowledge.receipts.amounts import amounts
from knowledge.receipts.currencies import currencies
from knowledge.receipts.days import days, plain
from knowledge.receipts.numbering import checked
from knowledge.receipts.understanding import understand
from tests.receipts.cases import CASES, Case
from tests.receipts.drawn import CAFE, paper

TODAY = date(2026, 11, 24)


def read(
    text: str, *, day_first: bool = True, currency: str = "EUR", ours: tuple[str, ...] = ("ESB87654323",)
) -> Receipt:
    return understand(
        paper(text), day_first=day_first, currency=currency, our_tax_ids=ours, today=TODAY, our_names=("Lumen Works",)
    )


@pytest.mark.parametrize("case", CASES, ids=[each.merchant for each in CASES])
def test_a_paper_is_read(case: Case) -> None:
    receipt = read(case.text)
    said = (receipt.merchant, str(receipt.day), str(receipt.total), receipt.currency, receipt.kind)
    assert said == (case.merchant, case.day, case.total, case.currency, case.kind)
    assert "total" not in receipt.ask
    assert case.tax_id in (None, receipt.tax_id)
    assert case.document_number in (None, receipt.document_number)
    assert case.order_number in (None, receipt.order_number)


def test_taxes_are_read_where_they_come_out() -> None:
    rewe = next(each for each in CASES if each.merchant == "REWE Markt GmbH")
    assert read(rewe.text).taxes == (
        Tax(Decimal("19.0"), Decimal("2.30"), Decimal("0.44")),
        Tax(Decimal("7.0"), Decimal("2.79"), Decimal("0.19")),
    )
    assert read(CAFE).taxes == (Tax(Decimal(10), Decimal("26.00"), Decimal("2.60")),)


def test_a_misread_total_is_put_right_by_the_change_and_asked_about() -> None:
    receipt = read(re.sub(r"(TOTAL EUR +)28.60", r"\g<1>20.60", CAFE))
    assert receipt.candidates["total"][:2] in (("28.60", "20.60"), ("20.60", "28.60"))
    assert "total" in receipt.ask


@pytest.mark.parametrize(
    ("printed", "day_first", "day", "asked"),
    [
        ("Datum 17.11.2026", True, "2026-11-17", False),
        ("Date: 11/17/2026", True, "2026-11-17", False),
        ("2026-03-04", False, "2026-03-04", False),
        ("4 Mar 2026", False, "2026-03-04", False),
        ("Date 03/04/2026", True, "2026-04-03", True),
        ("Date 03/04/2026", False, "2026-03-04", True),
        ("Date 05/12/2026", True, "2026-05-12", True),
        ("Date 01/12/2025 VAT", True, "2025-12-01", False),
        ("Date 12/05/2024 VAT", True, "2024-05-12", True),
        ("Fecha 01/01/2027", True, "2027-01-01", True),
    ],
)
def test_a_day_that_can_be_read_in_two_ways_or_is_odd_is_asked_about(
    printed: str, day_first: bool, day: str, asked: bool
) -> None:
    receipt = read(f"SHOP NAME LTD\n{printed}\nTotal   9.00\n", day_first=day_first)
    assert (str(receipt.day), "date" in receipt.ask) == (day, asked)


@pytest.mark.parametrize(
    ("printed", "asked"),
    [
        ("Date:29/O3/20l8", False),
        ("Date: 29-MAR-2O18 10:22", False),
        ("#19-29/03/201810:22", False),
        ("Date 2 9/03/2018", False),
        ("Date 2910312018", True),
        ("2903/2018 18:22", True),
        ("29/-03/18 18:22", True),
    ],
)
def test_a_day_whose_letters_were_misread_is_put_right(printed: str, asked: bool) -> None:
    receipt = understand(
        paper(f"SHOP NAME SDN BHD\n{printed}\nTotal   9.00\n"),
        day_first=True,
        currency="MYR",
        our_tax_ids=(),
        today=date(2018, 4, 2),
    )
    assert (str(receipt.day), "date" in receipt.ask) == ("2018-03-29", asked)


def test_a_year_that_is_cut_off_is_the_latest_that_can_be_and_asked_about() -> None:
    receipt = read("SHOP NAME LTD\nDate 26/11/20\nDate 25/11/202\nTotal   9.00\n")
    assert (str(receipt.day), "date" in receipt.ask) == ("2020-11-26", True)
    receipt = read("SHOP NAME LTD\nDate 25/11/202\nTotal   9.00\n")
    assert (str(receipt.day), "date" in receipt.ask) == ("2025-11-25", True)


def test_what_is_not_there_is_asked_about() -> None:
    receipt = read("hello\nworld 123\n")
    assert (receipt.total, receipt.day) == (None, None)
    assert {"total", "date"} <= set(receipt.ask)


def test_our_own_tax_id_is_seen_and_never_the_sellers() -> None:
    receipt = read(CAFE + "\n   Cliente: Lumen Works S.L.\n   NIF B-87654323\n")
    assert (receipt.our_tax_id_on_it, receipt.tax_id) == (True, "B12345674")
    assert read(CAFE).our_tax_id_on_it is False
    assert read(CAFE, ours=()).our_tax_id_on_it is None


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("TOTAL 1.234,56 EUR", ["1234.56"]),
        ("Total $1,234.56", ["1234.56"]),
        ("CHF 1'234.50", ["1234.50"]),
        ("RMO.65S", ["0.65"]),
        ("Total S8.20", ["8.20"]),
        ("IVA 10,00% 2,60", ["2.60"]),
        ("14:22 17.11.2026", []),
    ],
)
def test_amounts_are_read_as_countries_write_them(text: str, values: list[str]) -> None:
    assert [str(each.value) for each in amounts(text) if each.sure] == values


@pytest.mark.parametrize(
    ("text", "own", "currency"),
    [
        ("Total 9.00 RM", "EUR", "MYR"),
        ("R$ 12,00", "EUR", "BRL"),
        ("Total $12.00", "CAD", "CAD"),
        ("Total $12.00", "EUR", "USD"),
        ("CUSTOMER COPY SEKSYEN 5 Kuala SDN BHD", "EUR", "MYR"),
        ("Total 12,00", "GBP", "GBP"),
    ],
)
def test_the_currency_is_what_is_printed_or_the_countrys_or_ours(text: str, own: str, currency: str) -> None:
    assert currencies(text, own=own)[0][0] == currency


@pytest.mark.parametrize(
    "text", ["B12345674", "12345678Z", "DE136695976", "PT501442600", "IT00743110157", "GB220430231"]
)
def test_check_digits_of_tax_ids_come_out(text: str) -> None:
    another = text[:4] + str((int(text[4]) + 1) % 10) + text[5:]
    assert checked(text)
    assert not checked(another)


def test_days_glued_to_their_neighbours_are_found() -> None:
    assert [str(each.readings[0]) for each in days(plain("#19- 10/03/2018"), day_first=True)] == ["2018-03-10"]
    assert [str(each.readings[0]) for each in days(plain("30/05/1811:01"), day_first=True)] == ["2018-05-30"]
    assert days(plain("00 GST 6% 1.234,56 12:30"), day_first=True) == []


@pytest.mark.parametrize(
    ("text", "currency", "asked"),
    [
        ("KOPITIAM\nGST Reg M2-0012345-6\n1 Kopi O 2.40\nTotal $2.40", "SGD", False),
        ("TOAST BOX\n238 Orchard Rd S(238851)\nTOTAL $8.50", "SGD", False),
        ("Noodle House\nTel: +65 6123 4567\nTotal $12.00", "SGD", False),
        ("Cha Chaan Teng, Kowloon\nTotal $68.00", "HKD", False),
        ("Flat White Ltd\nAuckland\nGST no 12-345-678\nTotal $11.50", "NZD", False),
        ("Surf Cafe\nABN 51 824 753 556\nTotal $21.00", "AUD", False),
        ("Maple Diner\nToronto ON M5V 2T6\n(416) 555-0143\nHST 1.30\nTotal $11.30", "CAD", False),
        ("Rosie's\nBoise, ID 83702\nSales Tax 1.00\nTotal $17.00", "USD", False),
        ("VIDA E CAFFE (PTY) LTD\nCape Town\nVAT No 4550123456\nCappuccino R 38,00\nTOTAL R 38,00", "ZAR", False),
        ("Steers\nVAT no 4123456789\nTotal R129.90\nCard R129.90", "ZAR", False),
        ("Cafe Central\nTotal $9.00", "USD", True),
        ("Tacos El Rey\nPropina 10.00\nTotal $110.00\nGracias", "MXN", True),
        ("Tacos El Rey\nR.F.C. TER010203AB1\nTotal $110.00", "MXN", False),
        ("Ceylon Tea House, Colombo\nTotal Rs 1,250.00", "LKR", False),
        ("Papeleria\nGEL PEN 2.00\nTOTAL EUR 2.00", "EUR", False),
    ],
)
def test_the_money_is_that_of_the_papers_country(text: str, currency: str, asked: bool) -> None:
    read = understand(paper(text), day_first=True, currency="EUR", our_tax_ids=(), today=date(2026, 11, 24))
    assert (read.currency, "currency" in read.ask) == (currency, asked)
