"""While a receipt is read, the chat goes on: others are answered, and the draft comes when it is done."""

import threading
from typing import Any

from bot.message import Address, Said
from knowledge.receipts import Receipt
from tests import papers
from tests.office import Office
from tests.papers import taxi
from tests.waiting import until


class Slow:
    """A reader that takes until it is told to go on."""

    def __init__(self) -> None:
        self.begun, self.go_on = threading.Event(), threading.Event()

    def read(self, content: bytes, **words: Any) -> Receipt:
        self.begun.set()
        assert self.go_on.wait(120)
        return papers.read(content, **words)

    def small(self, content: bytes) -> bytes | None:
        return None


def test_others_are_answered_while_a_receipt_is_read(office: Office) -> None:
    slow = Slow()
    office.app.reader = slow
    office.brain.meant = [("help", {})]
    with office.app.running():
        office.app.hear(Said("photo", Address("memory", "ana"), "ana", "", (taxi(),)))
        until(slow.begun.is_set, seconds=60, what="the reading")
        office.app.hear(Said("hello", Address("memory", "tom"), "tom", "hello"))
        until(lambda: bool(office.shown("tom")), seconds=60, what="an answer to Tom")
        until(lambda: bool(office.shown("ana")), seconds=60, what="a word to Ana")
        assert [post.text for post in office.shown("ana")] == ["Reading your receipt..."]
        slow.go_on.set()
        until(lambda: office.shown("ana")[-1].card is not None, seconds=60, what="the draft")
    assert office.card("ana").state == "draft"
