"""Delivery to a platform that answers 429 and 500, hangs up, is away for hours or says no: tests/wire/slack.py."""

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from backend import people, sending, undelivered
from backend.chats import ASIDE, SENT, WAITING, Posted
from backend.clock import RealClock, StillClock
from backend.events import Event
from backend.outbox import CannotDeliver, Pace
from backend.refusals import Refusal
from backend.sending import Outlet
from backend.store import Store
from bot.app import App
from bot.channels.slack import Slack as SlackChannel
from bot.message import Address, Pressed, Said, post_from
from tests.channels.test_slack import configured
from tests.office import Listener, Office, found
from tests.waiting import until
from tests.wire.slack import Message, Slack

THURSDAY = [("time_off.submit", {"leave_type": "vacation", "start": "2026-11-26", "end": "2026-11-26"})]
WHO = ("ana", "tom", "maria")


class SlackOffice:
    """The small company, on Slack."""

    def __init__(self, app: App, server: Slack, clock: StillClock, brain: Listener) -> None:
        self.app, self.server, self.clock, self.brain, self.store = app, server, clock, brain, app.store

    def says(self, who: str, meant: object = (("help", {}),)) -> None:
        self.brain.meant = meant  # pyright: ignore[reportAttributeAccessIssue]
        self.app.hear(Said(uuid4().hex, Address("slack", who), who, "hello"))

    def presses(self, who: str, verb: str) -> None:
        with self.store.looking() as session:
            rows = session.scalars(select(Posted).where(Posted.conversation == who, Posted.current.is_(True)))
            cards = [post_from(row.body).card for row in rows]
        token = next(each.token for card in cards if card for each in card.buttons if each.verb == verb)
        self.app.hear(Pressed(uuid4().hex, Address("slack", who), who, token))

    def shown(self, who: str) -> list[Message]:
        return self.server.shown(f"D{who[1:]}")

    def posts(self, who: str) -> list[Posted]:
        with self.store.looking() as session:
            here = select(Posted).where(Posted.channel == "slack", Posted.conversation == who)
            return list(session.scalars(here.order_by(Posted.id)))

    def advance(self, **length: float) -> None:
        self.clock.advance(timedelta(**length))
        self.app.settle()


@pytest.fixture
def slack() -> Iterator[Slack]:
    with Slack() as server:
        for who in WHO:
            server.join(f"{who}@small.example", id=who)
        yield server
    assert server.wrong == []


@pytest.fixture
def office_on_slack(database_url: str, tmp_path: Path, clock: StillClock, slack: Slack) -> Iterator[SlackOffice]:
    settings = configured(slack, tmp_path / "home", database_url)
    store, brain = Store(database_url, clock=clock), Listener()
    app = App(settings, store, channels=[SlackChannel(settings)], always=["slack"], brain=brain)
    found(store)
    with store.writing() as session:
        for who in WHO:
            people.link(session, people.find(session, who), channel="slack", account=who)
    yield SlackOffice(app, slack, clock, brain)
    store.close()


def test_an_outage_of_hours_loses_nothing_and_is_knocked_at_by_one_post_at_a_time(
    office_on_slack: SlackOffice, slack: Slack
) -> None:
    office = office_on_slack
    slack.fail("*", "500", times=10_000)
    for who in ("ana", "ana", "tom", "ana"):
        office.says(who)
    office.app.settle()
    for _ in range(60):
        office.advance(minutes=4)
    tries = len(slack.calls)
    assert 60 <= tries <= 75
    assert [each.state for who in ("ana", "tom") for each in office.posts(who)] == [WAITING] * 4
    slack.faults.clear()
    office.advance(minutes=2)
    assert [len(office.shown(who)) for who in ("ana", "tom")] == [3, 1]
    with office.store.looking() as session:
        outlet = session.get_one(Outlet, "slack")
        assert (outlet.failures, outlet.down_at, outlet.error) == (0, None, "")


def test_retry_after_is_obeyed_and_other_conversations_go_on(office_on_slack: SlackOffice, slack: Slack) -> None:
    office = office_on_slack
    slack.fail("chat.postMessage", "429", seconds=90)
    office.says("ana")
    office.says("ana")
    office.says("tom")
    office.app.settle()
    assert [len(office.shown(who)) for who in ("ana", "tom")] == [0, 1]
    office.advance(seconds=89)
    assert office.shown("ana") == []
    office.advance(seconds=1)
    assert len(office.shown("ana")) == 2


def test_what_slack_will_never_take_is_set_aside_at_once_and_the_rest_goes_on(
    office_on_slack: SlackOffice, slack: Slack
) -> None:
    office = office_on_slack
    slack.fail("chat.postMessage", "msg_too_long")
    office.says("ana")
    office.says("ana")
    office.app.settle()
    assert [each.state for each in office.posts("ana")] == [ASIDE, SENT]
    assert len(office.shown("ana")) == 1
    with office.store.looking() as session:
        [item] = undelivered.listed(session)
        assert (item.to, item.channel, item.why) == ("ana", "slack", "Refused: Slack says msg_too_long")
        assert session.scalars(select(Event.subject).where(Event.kind == "post.set_aside")).all() == [item.id]
    with office.store.writing() as session:
        assert undelivered.again(session) == [item.id]
    office.app.settle()
    assert len(office.shown("ana")) == 2
    with office.store.looking() as session:
        assert undelivered.listed(session) == []


def test_what_was_set_aside_can_be_left_for_good_and_only_that(office_on_slack: SlackOffice, slack: Slack) -> None:
    office = office_on_slack
    slack.fail("chat.postMessage", "msg_too_long")
    office.says("ana")
    office.says("ana")
    office.app.settle()
    aside, sent = office.posts("ana")
    with office.store.writing() as session, pytest.raises(Refusal, match="was not set aside"):
        undelivered.leave(session, [f"post:{sent.id}"])
    with office.store.writing() as session:
        assert undelivered.leave(session, [f"post:{aside.id}"]) == [f"post:{aside.id}"]
        assert undelivered.listed(session, everything=True) == []
        assert undelivered.again(session) == []


def test_changes_that_wait_are_shown_as_one_in_the_newest_state(office_on_slack: SlackOffice, slack: Slack) -> None:
    office = office_on_slack
    office.says("ana", THURSDAY)
    office.app.settle()
    slack.fail("*", "500", times=10_000)
    office.presses("ana", "submit")
    office.app.settle()
    office.presses("maria", "approve")
    office.app.settle()
    slack.faults.clear()
    before = len(slack.called("chat.postMessage"))
    office.advance(minutes=2)
    office.advance(minutes=2)
    card = [each for each in office.shown("maria") if "TO-1" in each.reads]
    assert [[button["text"]["text"] for button in each.buttons() if "prove" in str(button)] for each in card] == (
        [[]] * len(card)
    )
    assert all(len(each.log) == 1 for each in card)
    assert {each.state for who in ("ana", "maria") for each in office.posts(who)} == {SENT}
    assert len(slack.called("chat.postMessage")) - before < len(office.posts("ana")) + len(office.posts("maria"))


def test_an_answer_that_is_lost_is_counted_and_the_message_is_there_once(
    office_on_slack: SlackOffice, slack: Slack
) -> None:
    office = office_on_slack
    slack.fail("chat.postMessage", "lost")
    office.says("ana")
    office.app.settle()
    office.advance(minutes=2)
    [post] = office.posts("ana")
    assert (post.state, post.unsure) == (SENT, 1)
    assert len(office.shown("ana")) == 1


def test_what_changed_after_a_lost_answer_is_changed_where_it_stands(
    office_on_slack: SlackOffice, slack: Slack
) -> None:
    office = office_on_slack
    office.says("maria")
    office.says("ana", THURSDAY)
    office.app.settle()
    office.presses("ana", "submit")
    slack.fail("chat.postMessage", "lost")
    office.app.settle()
    office.presses("maria", "approve")
    for _ in range(4):
        office.advance(minutes=1)
    [card] = [each for each in office.shown("maria") if "asks" in each.log[0]]
    assert [each["text"]["text"] for each in card.buttons() if "prove" in str(each)] == []
    assert {each.state for who in ("ana", "maria") for each in office.posts(who)} == {SENT}
    assert sum(each.unsure for each in office.posts("maria")) == 1


def test_a_post_that_fails_while_others_go_through_is_set_aside_after_a_dozen_attempts(office: Office) -> None:
    broken = office.channel.post

    def post(posted: Posted, earlier: Posted | None) -> str | None:
        if posted.conversation == "tom" and posted.id == 1:
            raise KeyError("no way to draw it")
        return broken(posted, earlier)

    office.channel.post = post  # pyright: ignore[reportAttributeAccessIssue]
    hears(office, "tom")
    hears(office, "tom")
    office.app.settle()
    for _ in range(sending.MOST_ATTEMPTS - 1):
        assert office.shown("tom") == []
        hears(office, "ana")
        office.advance(minutes=11)
    assert len(office.shown("tom")) == 1
    with office.store.looking() as session:
        assert session.get_one(Posted, 1).state == ASIDE


def test_the_same_failures_set_nothing_aside_while_the_platform_takes_nothing_at_all(office: Office) -> None:
    works = office.channel.post

    def post(posted: Posted, earlier: Posted | None) -> str | None:
        raise ValueError("a page of some proxy")

    office.channel.post = post  # pyright: ignore[reportAttributeAccessIssue]
    hears(office, "tom")
    for _ in range(3 * sending.MOST_ATTEMPTS):
        office.advance(minutes=11)
    office.channel.post = works
    office.advance(minutes=11)
    assert len(office.shown("tom")) == 1


def test_after_three_days_it_is_set_aside(office: Office) -> None:
    def post(posted: Posted, earlier: Posted | None) -> str | None:
        raise ConnectionRefusedError

    office.channel.post = post  # pyright: ignore[reportAttributeAccessIssue]
    hears(office, "tom")
    for _ in range(11):
        office.advance(hours=6)
    with office.store.looking() as session:
        assert session.get_one(Posted, 1).state == WAITING
    office.advance(hours=24)
    with office.store.looking() as session:
        assert session.get_one(Posted, 1).state == ASIDE


def test_nobody_sends_past_a_post_that_somebody_is_sending(office_on_each: Office) -> None:
    office = office_on_each
    hears(office, "ana")
    hears(office, "ana")
    tried: list[bool] = []

    def slow(posted: Posted, earlier: Posted | None) -> str | None:
        to = {"memory": wrong}
        tried.append(sending.send_next(office.store, to, channel="memory", conversation="ana", holder="another"))
        return office.channel.post(posted, earlier)

    def wrong(posted: Posted, earlier: Posted | None) -> str | None:
        raise CannotDeliver("somebody sent past it")

    while sending.send_next(office.store, {"memory": slow}, channel="memory", conversation="ana"):
        pass
    assert tried == [False, False]
    assert len(office.shown("ana")) == 2


def test_what_a_dead_worker_held_is_free_and_counted(office: Office) -> None:
    hears(office, "ana")

    def dies(posted: Posted, earlier: Posted | None) -> str | None:
        raise SystemExit

    with pytest.raises(SystemExit):
        sending.send_next(office.store, {"memory": dies}, channel="memory", conversation="ana", holder="w1/a")
    office.app.settle()
    assert office.shown("ana") == []
    with office.store.writing() as session:
        sending.release(session, "w1")
    office.app.settle()
    assert len(office.shown("ana")) == 1
    with office.store.looking() as session:
        assert session.scalar(select(Posted.unsure)) == 1


def test_the_engine_keeps_a_second_between_posts_of_a_conversation_and_none_between_conversations(
    office_on_slack: SlackOffice, slack: Slack
) -> None:
    office = office_on_slack
    office.store.clock = RealClock()
    slack.every = 1.0
    with office.app.running():
        for _ in range(3):
            office.says("ana")
            office.says("tom")
        until(lambda: [len(office.shown(who)) for who in ("ana", "tom")] == [3, 3], what="six posts")
    assert len(slack.called("chat.postMessage")) == 6
    for who in ("ana", "tom"):
        times = [each.sent_at for each in office.posts(who) if each.sent_at]
        assert times == sorted(times)
        assert min((b - a).total_seconds() for a, b in pairwise(times)) >= 0.95


def test_a_platform_that_takes_so_many_a_second_gets_no_more_from_all_workers_together(office_on_each: Office) -> None:
    office = office_on_each
    office.store.clock = RealClock()
    for each in ("ana", "tom", "maria", "elena", "olga", "carmen"):
        hears(office, each)
        hears(office, each)
    sent: list[float] = []

    def post(posted: Posted, earlier: Posted | None) -> str | None:
        sent.append(time.monotonic())
        return None

    def worker(number: int) -> None:
        while office_has_posts(office.store):
            for each in ("ana", "tom", "maria", "elena", "olga", "carmen"):
                sending.send_next(
                    office.store,
                    {"memory": post},
                    channel="memory",
                    conversation=each,
                    pace=Pace(a_second=10),
                    holder=f"w{number}",
                )

    threads = [threading.Thread(target=worker, args=(number,)) for number in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert len(sent) == 12
    assert max(sent) - min(sent) >= 0.9


def hears(office: Office, who: str) -> None:
    """Says something whose answer waits to be sent."""
    office.brain.meant = [("help", {})]
    office.app.hear(Said(uuid4().hex, Address("memory", who), who, "help"))


def office_has_posts(store: Store) -> bool:
    with store.looking() as session:
        return bool(session.scalar(select(func.count()).select_from(Posted).where(Posted.state == WAITING)))
