"""Money and counts."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.brain.amounts import amounts_in, counts_in, settled
from bot.brain.clean import clean
from bot.brain.port import Understood


@pytest.mark.parametrize(
    ("text", "value", "currency", "each"),
    [
        ("€ 1.250,99", "1250.99", "EUR", False),
        ("1,250.99 USD", "1250.99", "USD", False),
        ("1 250,99 €", "1250.99", "EUR", False),
        ("£2.5k", "2500", "GBP", False),
        ("three grand", "3000", None, False),
        ("twelve hundred dollars", "1200", "USD", False),
        ("forty bucks", "40", "USD", False),
        ("at 15 quid each", "15", "GBP", True),
        ("ciento cincuenta euros", "150", "EUR", False),
        ("duzentos euros", "200", "EUR", False),
        ("quatre cents euros", "400", "EUR", False),
        ("dreihundertfünfzig Euro", "350", "EUR", False),
        ("duecento euro", "200", "EUR", False),
        ("je 19,90 €", "19.90", "EUR", True),
        ("30 € la unidad", "30", "EUR", True),
        ("8 euros per seat", "8", "EUR", True),
        ("costs 75", "75", None, False),
        ("CHF 80", "80", "CHF", False),
    ],
)
def test_an_amount(text: str, value: str, currency: str | None, each: bool) -> None:
    folded = clean(text).folded
    found = settled(amounts_in(folded), folded)
    assert found is not None
    assert (found.value, found.currency, found.each) == (Decimal(value), currency, each)


@pytest.mark.parametrize("text", ["a 5k display", "version 2.10.3", "27 inch", "room 12b", "#214", "call me"])
def test_what_is_no_amount(text: str) -> None:
    assert [each for each in amounts_in(clean(text).folded) if each.sure] == []


def test_the_amount_after_a_correction_counts() -> None:
    folded = clean("a lamp for 90 euros, sorry, I mean 70 euros").folded
    found = settled(amounts_in(folded), folded)
    assert found is not None
    assert found.value == 70


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("4 chairs", 4),
        ("two 24 inch screens", 2),
        ("half a dozen mugs", 6),
        ("a couple of lamps", 2),
        ("3x headset", 3),
        ("headset x2", 2),
        ("tres sillas", 3),
        ("zwei Mäuse", 2),
        ("deux écrans", 2),
        ("três cadeiras", 3),
        ("due tastiere", 2),
        ("qty: 7 mugs", 7),
    ],
)
def test_a_count(text: str, count: int) -> None:
    assert [each.value for each in counts_in(clean(text).folded)] == [count]


@pytest.mark.parametrize(
    "text", ["2 nights", "27 inch screen", "16 gb memory", "iphone 15 pro", "5 days of leave", "3 hours"]
)
def test_what_is_no_count(text: str) -> None:
    assert counts_in(clean(text).folded) == []


@given(st.decimals(Decimal("0.01"), Decimal(999_999), places=2))
def test_both_ways_of_writing_are_one_amount(value: Decimal) -> None:
    english, german = f"{value:,.2f}", f"{value:,.2f}".translate(str.maketrans(",.", ".,"))
    assert [each.value for each in amounts_in(f"{english} eur")] == [value]
    assert [each.value for each in amounts_in(f"{german} eur")] == [value]


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    folded = clean(text).folded
    assert all(each.value >= 0 for each in amounts_in(folded))
    assert all(each.value > 0 for each in counts_in(folded))


def test_a_number_without_its_unit_is_no_distance(understood: Callable[..., Understood]) -> None:
    (said,) = understood("I paid 34 euros for a taxi and 12 for lunch yesterday").intents
    assert "distance" not in said.args


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("order a keyboard for 80 plus 5 shipping", "85"),
        ("una silla de 120 euros más 15 de envío", "135"),
        ("3 Stühle zu je 80 Euro plus 12 Euro Versand bestellen", "252"),
        ("buy a monitor for 250 including 15 shipping", "250"),
    ],
)
def test_what_is_paid_on_top_is_part_of_the_price(understood: Callable[..., Understood], text: str, total: str) -> None:
    (found,) = understood(text).intents
    assert found.args["total"] == total


def test_a_share_that_is_paid_on_top_is_reckoned(understood: Callable[..., Understood]) -> None:
    (found,) = understood("lunch 40 euros plus 10% tip yesterday, please reimburse").intents
    assert Decimal(found.args["amount"]) == 44


def test_two_currencies_are_two_requests(understood: Callable[..., Understood]) -> None:
    one, other = understood("buy a laptop for 900 usd and a mouse for 20 eur").intents
    assert (one.args["currency"], other.args["currency"]) == ("USD", "EUR")
