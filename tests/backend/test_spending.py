"""The ledger of money: entries are countered and never changed, and a balance is what they come to."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import erasure, owing, people, rates, spending, tables
from backend.people import Employer
from backend.rates import Rate
from backend.spending import BOOKING, HOLD, PAYMENT, Spent
from backend.store import Store
from tests.office import found

DAY = date(2026, 11, 23)


@pytest.fixture
def books(store: Store) -> Iterator[Session]:
    """The books of the small company, open for writing, on each kind of database."""
    found(store)
    with store.writing() as session:
        yield session


def spent(amount: str, **more: Any) -> Spent:
    words: dict[str, Any] = {"currency": "EUR", "day": DAY, "category": "meals", "owed": Decimal(amount), **more}
    return Spent(amount=Decimal(amount), original=Decimal(amount), **words)


def enter(books: Session, one: Spent, *, sort: str = BOOKING, request: int = 1, who: str = "ana") -> None:
    person = people.find(books, who)
    spending.enter(books, person, one, kind="expense", sort=sort, request=request, by=person)


def sums(books: Session, sort: str, request: int = 1) -> list[Decimal]:
    found = [each for each in spending.of_request(books, request) if each.sort == sort]
    return [sum((getattr(each, name) for each in found), Decimal(0)) for name in spending.AMOUNTS]


def test_a_counter_brings_each_line_to_nothing_and_keeps_what_was_written(books: Session) -> None:
    enter(books, spent("10.00", line=1, payee="Bar Sol"), sort=HOLD)
    enter(books, spent("5.00", line=2, currency="USD", rate=Decimal("0.875"), due=Decimal(5)), sort=HOLD)
    spending.counter(books, 1, by=None, sorts=(HOLD,))
    assert sums(books, HOLD) == [0, 0, 0, 0]
    entries = spending.of_request(books, 1)
    assert len(entries) == 4
    assert {each.payee for each in entries if each.line == 1} == {"Bar Sol"}
    spending.counter(books, 1, by=None, sorts=(HOLD,))
    assert len(spending.of_request(books, 1)) == 4


def test_a_counter_takes_only_the_sorts_it_is_told(books: Session) -> None:
    enter(books, spent("10.00"), sort=HOLD)
    enter(books, spent("10.00"))
    spending.counter(books, 1, by=None, sorts=(HOLD,))
    assert (sums(books, HOLD)[0], sums(books, BOOKING)[0]) == (0, 10)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(
        st.tuples(
            st.integers(1, 3),
            st.decimals("0.01", "99999.99", places=2),
            st.sampled_from(["EUR", "USD"]),
            st.sampled_from(["0", "1", "0.875", "0.006123"]),
        ),
        max_size=8,
    )
)
def test_whatever_was_entered_a_counter_brings_it_to_nothing(
    books: Session, lines: list[tuple[int, Decimal, str, str]]
) -> None:
    for line, amount, currency, rate in lines:
        priced = rates.rounded(amount * Decimal(rate), "EUR")
        one = Spent(priced, amount, currency, DAY, Decimal(rate), priced, due=amount, category="meals", line=line)
        enter(books, one)
    assert sums(books, BOOKING)[1] == sum((each[1] for each in lines), Decimal(0))
    spending.counter(books, 1, by=None)
    assert sums(books, BOOKING) == [0, 0, 0, 0]
    assert spending.unpriced(books) == []


def test_entries_are_found_by_day_person_category_and_request(books: Session) -> None:
    enter(books, spent("1.00"))
    enter(books, spent("2.00", day=date(2026, 11, 30)), request=2)
    enter(books, spent("4.00", category="travel"), request=3)
    enter(books, spent("8.00"), request=4, who="tom")
    employer = books.scalars(select(Employer)).one()

    def total(**words: Any) -> Decimal:
        found = spending.entries(books, employer=employer, start=date(2026, 11, 1), end=date(2026, 11, 30), **words)
        return sum((each.amount for each in found), Decimal(0))

    assert total() == 15
    assert total(person=people.find(books, "ana")) == 7
    assert total(category="meals") == 11
    assert total(besides=2) == 13
    assert total(kind="purchase") == 0
    on = spending.entries(books, employer=employer, start=DAY, end=DAY)
    assert sum(each.amount for each in on) == 13


def test_a_payment_takes_off_what_is_owed_once(books: Session) -> None:
    enter(books, spent("10.00", line=1))
    enter(books, spent("5.00", line=2, owed=Decimal(0)))
    assert spending.pay(books, 1, by=None) == 10
    assert spending.pay(books, 1, by=None) == 0
    assert sums(books, PAYMENT) == [0, 0, -10, 0]
    assert sums(books, BOOKING)[0] == 15


def test_a_payment_is_not_taken_back_by_a_counter(books: Session) -> None:
    enter(books, spent("10.00"))
    spending.pay(books, 1, by=None)
    spending.counter(books, 1, by=None)
    assert sums(books, PAYMENT)[2] == -10


def test_alike_is_what_is_the_same_amount_day_and_payee_and_not_taken_back(books: Session) -> None:
    ana = people.find(books, "ana")
    one = spent("10.00", payee="Bar Sol")
    enter(books, one, sort=HOLD, request=1)
    enter(books, one, request=2)
    spending.counter(books, 2, by=None)
    enter(books, spent("10.00", payee="Bar Luna"), request=3)
    enter(books, one, request=4, who="tom")
    assert spending.alike(books, ana, one, kind="expense") == [1]
    assert spending.alike(books, ana, one, kind="expense", besides=1) == []
    assert spending.alike(books, ana, one, kind="purchase") == []


def test_a_rate_prices_what_waits_for_it_and_nothing_twice(books: Session) -> None:
    unpriced = Spent(Decimal(0), Decimal(20), "USD", DAY, Decimal(0), due=Decimal(20), line=1)
    enter(books, unpriced)
    enter(books, Spent(Decimal(0), Decimal(7), "CHF", DAY, Decimal(0), line=2))
    row = {"since": "2026-01-01", "currency": "USD", "rate": "0.875"}
    tables.load(books, rates.NAME, Rate, [row], by=None)
    assert rates.price(books, by=None) == [1]
    assert rates.price(books, by=None) == []
    assert sums(books, BOOKING) == [Decimal("17.50"), 27, Decimal("17.50"), 20]
    assert [each.currency for each, _ in spending.unpriced(books)] == ["CHF"]
    assert rates.price(books, by=None, request=1, said={"CHF": Decimal(1)}) == [1]
    assert sums(books, BOOKING)[0] == Decimal("24.50")


def test_nothing_is_owed_for_what_is_only_held(books: Session) -> None:
    enter(books, spent("10.00"), sort=HOLD)
    assert owing.owed(books) == []


def test_what_was_written_stays_as_it_was(books: Session) -> None:
    enter(books, spent("10.00", line=1), sort=HOLD)
    enter(books, Spent(Decimal(0), Decimal(20), "USD", DAY, Decimal(0), due=Decimal(20), line=2))
    before = [spending.as_spent(each) for each in spending.of_request(books, 1)]
    spending.counter(books, 1, by=None, sorts=(HOLD,))
    rates.price(books, by=None, said={"USD": Decimal(1)})
    spending.pay(books, 1, by=None)
    books.expire_all()
    after = spending.of_request(books, 1)
    assert [spending.as_spent(each) for each in after][:2] == before
    assert len(after) == 6


def test_whom_somebody_paid_goes_when_they_are_erased_and_amounts_stay(books: Session) -> None:
    enter(books, spent("10.00", payee="Bar Sol"))
    ana = people.find(books, "ana")
    ana.end = date(2026, 10, 31)
    books.flush()
    erasure.erase(books, ana, by=None, reason="asked for")
    assert [(each.amount, each.payee) for each in spending.of_request(books, 1)] == [(10, "")]
