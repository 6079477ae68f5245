"""What every channel keeps to. A channel's own test inherits ChannelContract and says how to make one and read it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from backend import chats, people
from backend.chats import ASIDE, Posted
from backend.clock import StillClock
from backend.files import File
from backend.forms import Data
from backend.outbox import CannotDeliver, Pace, TryLater
from backend.refusals import Refusal
from backend.store import Store
from bot.app import App
from bot.channels.port import Channel
from bot.message import Address, Attachment, Button, Filled, Heard, Post, Pressed, Said, post_from
from bot.settings import Settings
from tests.office import Listener, found

THURSDAY = [("time_off.submit", {"leave_type": "vacation", "start": "2026-11-26", "end": "2026-11-26"})]


class Troubled:
    """A channel whose platform is out of order for the first posts, and works afterwards."""

    def __init__(self, channel: Channel, *, outages: int, error: Exception) -> None:
        self.channel, self.outages, self.error = channel, outages, error
        self.name, self.ceiling, self.pace = channel.name, channel.ceiling, channel.pace

    def post(self, posted: Posted, earlier: Posted | None) -> str | None:
        if self.outages:
            self.outages -= 1
            raise self.error
        return self.channel.post(posted, earlier)


class ChannelContract:
    """Plays a day on a channel.

    make       a channel that shows things to this person (a channel for everybody shows them to all)
    texts      what it has shown so far, oldest first, as one text for each post
    place_of   what the platform calls this person, and their private chat
    """

    def make(self, who: str) -> Channel:
        raise NotImplementedError

    def texts(self, channel: Channel) -> list[str]:
        raise NotImplementedError

    def place_of(self, who: str) -> str:
        return who

    @pytest.fixture(autouse=True)
    def _office(self, database_url: str, tmp_path: Path, clock: StillClock) -> Iterator[None]:
        self.store, self.clock = Store(database_url, clock=clock), clock
        self.ana, self.maria = self.make("ana"), self.make("maria")
        self.brain = Listener()
        settings = Settings.at(tmp_path / "home").model_copy(update={"database_url": database_url})
        self.name = self.ana.name
        self.ceiling = self.ana.ceiling
        self.pace = self.ana.pace
        by_handle = self.name in people.NAMED_BY_HANDLE
        always = [self.name] if by_handle else []
        self.app = App(settings, self.store, channels=[self], always=always, brain=self.brain)
        found(self.store)
        with self.store.writing() as session:
            for who in () if by_handle else ("ana", "maria"):
                person, place = people.find(session, who), self.place_of(who)
                people.link(session, person, channel=self.name, account=place)
                chats.visit(session, person, channel=self.name, conversation=place, private=True)
        yield
        self.store.close()

    # the office's own channel: hands every post to whoever's channel it is for

    name: str
    ceiling: Data
    pace: Pace

    def post(self, posted: Posted, earlier: Posted | None) -> str | None:
        return (self.maria if posted.conversation == self.place_of("maria") else self.ana).post(posted, earlier)

    def hear(self, heard: Heard, meant: Any = ()) -> None:
        self.brain.meant = meant
        self.app.hear(heard)
        self.app.settle()

    def said(self, who: str, text: str, *, event: str = "", files: tuple[Attachment, ...] = ()) -> Said:
        return Said(event or uuid4().hex, self.address(who), self.place_of(who), text, files=files)

    def address(self, who: str) -> Address:
        return Address(self.name, self.place_of(who))

    def button(self, who: str, verb: str) -> Button:
        with self.store.looking() as session:
            here = Posted.conversation == self.place_of(who)
            rows = session.scalars(select(Posted).where(here, Posted.current.is_(True)))
            shown = [post_from(row.body).card for row in rows]
        return next(each for card in reversed(shown) if card for each in card.buttons if each.verb == verb)

    def press(self, who: str, verb: str, *, event: str = "", values: Mapping[str, Any] | None = None) -> Pressed:
        token = self.button(who, verb).token
        return Pressed(event or uuid4().hex, self.address(who), self.place_of(who), token, dict(values or {}))

    def posts(self, who: str) -> list[Post]:
        with self.store.looking() as session:
            here = Posted.conversation == self.place_of(who)
            rows = session.scalars(select(Posted).where(here).order_by(Posted.id))
            return [post_from(row.body) for row in rows]

    def test_an_account_that_nobody_has_is_refused_and_leaves_nothing(self) -> None:
        with pytest.raises(Refusal):
            self.hear(Said("e1", Address(self.name, "stranger"), "stranger", "hello"))
        assert self.texts(self.ana) == []

    def test_an_event_that_comes_twice_is_done_once(self) -> None:
        for _ in range(3):
            self.hear(self.said("ana", "thursday", event="e1"), THURSDAY)
        assert len(self.posts("ana")) == 1
        press = self.press("ana", "submit", event="e2")
        for _ in range(3):
            self.hear(press)
        assert [len(post.committed) for post in self.posts("ana")] == [0, 1]

    def test_posts_come_in_the_order_they_were_made(self) -> None:
        for number in range(5):
            self.brain.meant = [("help", {})]
            self.app.hear(self.said("ana", f"help {number}"))
        self.hear(self.said("ana", "thursday"), THURSDAY)
        shown = self.texts(self.ana)
        assert len(shown) == 6
        assert ["Hello Ana" in each for each in shown] == [True] * 5 + [False]

    def test_a_decided_card_is_replaced_everywhere(self) -> None:
        self.hear(self.said("ana", "thursday"), THURSDAY)
        self.hear(self.press("ana", "submit"))
        self.hear(self.press("maria", "approve"))
        with self.store.looking() as session:
            rows = session.scalars(select(Posted).where(Posted.card == "request:1", Posted.current.is_(True)))
            cards = [post_from(row.body).card for row in rows]
        assert len(cards) == 2
        assert {each.state for each in cards if each} == {"approved"}
        assert not [b for each in cards if each for b in each.buttons if b.verb in ("approve", "reject")]
        assert "approved" in self.texts(self.ana)[-1]

    def test_a_button_works_once(self) -> None:
        self.hear(self.said("ana", "thursday"), THURSDAY)
        first, second = self.press("ana", "submit"), self.press("ana", "submit")
        self.hear(first)
        self.hear(second)
        assert [len(post.committed) for post in self.posts("ana")][1:] == [1, 0]
        assert "already" in self.texts(self.ana)[-1]

    def test_another_persons_button_does_nothing(self) -> None:
        self.hear(self.said("ana", "thursday"), THURSDAY)
        token = self.button("ana", "submit").token
        self.hear(Pressed("e1", self.address("maria"), self.place_of("maria"), token))
        assert "somebody else" in self.texts(self.maria)[-1]

    def test_a_long_text_is_heard_and_shown(self) -> None:
        self.hear(self.said("ana", "word " * 20_000), [("help", {})])
        assert "very long" in self.texts(self.ana)[0]
        note = "n" * 3900
        self.hear(self.said("ana", "thursday"), THURSDAY)
        token = self.button("ana", "change").token
        self.hear(Filled("e2", self.address("ana"), self.place_of("ana"), token, {"note": note}))
        assert note in "".join(self.texts(self.ana)[-1].split())

    def test_a_file_comes_in_as_it_was_sent(self) -> None:
        content = b"%PDF-1.7 a receipt"
        self.hear(self.said("ana", "help", files=(Attachment("receipt.pdf", content),)), [("help", {})])
        with self.store.looking() as session:
            kept = session.scalars(select(File)).one()
        assert (self.app.home / "files" / kept.id).read_bytes() == content
        assert kept.name == "receipt.pdf"

    def test_a_refusal_is_shown_and_the_button_still_works(self) -> None:
        self.hear(self.said("ana", "thursday"), THURSDAY)
        token = self.button("ana", "change").token
        self.hear(Filled("e1", self.address("ana"), self.place_of("ana"), token, {"start": "soon"}))
        assert "Please check" in self.texts(self.ana)[-1]
        self.hear(self.press("ana", "submit"))
        assert self.posts("ana")[-1].committed

    def test_what_was_not_taken_is_delivered_after_an_outage_in_order_and_once(self) -> None:
        self.ana = Troubled(self.ana, outages=3, error=TryLater("out of order", seconds=30))
        self.hear(self.said("ana", "help"), [("help", {})])
        self.hear(self.said("ana", "thursday"), THURSDAY)
        assert self.texts(self.ana.channel) == []
        for _ in range(3):
            self._wait(31)
        shown = self.texts(self.ana.channel)
        assert ["Hello Ana" in each for each in shown] == [True, False]

    def test_a_bug_in_the_platform_is_tried_again_too(self) -> None:
        self.ana = Troubled(self.ana, outages=2, error=ConnectionError("reset by peer"))
        self.hear(self.said("ana", "help"), [("help", {})])
        self._wait(3)
        self._wait(5)
        assert len(self.texts(self.ana.channel)) == 1

    def test_what_is_never_taken_is_set_aside_and_the_rest_goes_on(self) -> None:
        self.ana = Troubled(self.ana, outages=1, error=CannotDeliver("blocked by the person"))
        self.hear(self.said("ana", "help"), [("help", {})])
        self.hear(self.said("ana", "thursday"), THURSDAY)
        self.app.settle()
        assert len(self.texts(self.ana.channel)) == 1
        with self.store.looking() as session:
            assert session.scalars(select(Posted.state).order_by(Posted.id)).all()[0] == ASIDE

    def _wait(self, seconds: int) -> None:
        from datetime import timedelta

        self.clock.advance(timedelta(seconds=seconds))
        self.app.settle()
