"""Bells: who waits at one looks at once when it is rung, and not more often than it should."""

import threading
import time

from sqlalchemy import select

from backend.bells import APART, BUSY, Bell
from backend.people import Person
from tests.office import Office
from tests.waiting import until


def test_who_waits_looks_at_once_when_it_is_rung() -> None:
    bell, looks = Bell(), list[bool]()
    waiting = threading.Thread(target=lambda: looks.append(bell.wait(600)))
    waiting.start()
    bell.ring()
    waiting.join(60)
    assert looks == [False]


def test_there_is_some_time_between_two_looks_and_then_a_long_one() -> None:
    bell = Bell()
    bell.ring()
    bell.wait(600)
    before = time.monotonic()
    bell.ring()
    bell.wait(600)
    assert time.monotonic() - before > APART * 0.9
    looks = 0
    while time.monotonic() < before + BUSY:
        bell.wait(600)
        looks += 1
    assert looks >= 1  # there may be more: no look waits for the long time
    assert looks <= BUSY / APART + 1


def test_setting_it_ends_the_wait() -> None:
    bell = Bell()
    bell.set()
    assert bell.wait(600)
    assert bell.wait(600)


def test_it_rings_when_the_transaction_is_committed_and_not_before(office: Office) -> None:
    bell, looks = Bell(), list[bool]()
    waiting = threading.Thread(target=lambda: looks.append(bell.wait(600)), daemon=True)
    with office.store.writing() as session:
        session.scalars(select(Person)).all()
        bell.ring_after(session)
        waiting.start()
        waiting.join(0.3)
        assert looks == []
    until(lambda: looks == [False], what="the bell")
