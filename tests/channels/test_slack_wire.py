"""Slack as a platform behaves: re-sends, double clicks, limits, outages, cuts, forgeries. Nothing is lost, or twice."""

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request as HttpRequest
from urllib.request import urlopen

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from backend.clock import StillClock
from backend.connections import Connection
from backend.received import LEFT, Received
from backend.requests import Request
from bot.brain.port import Turn, Understood
from bot.channels import slack_blocks
from bot.channels.slack_blocks import Look
from bot.channels.slack_reading import Came
from bot.message import Answer, Button, Card, Citation, Field, Intent, Post, Stop
from tests.channel_contract import THURSDAY
from tests.channels.slack_office import ANA, ELENA, MARIA, SlackOffice, hired
from tests.office import Meant
from tests.waiting import until
from tests.wire.slack_checks import texts, wrong_with_message
from tests.wire.slack_sending import SlackPeople

HELP: Meant = [("help", {})]


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path, clock: StillClock) -> Iterator[SlackOffice]:
    with hired(sqlite_url, home=tmp_path / "home", clock=clock) as office:
        yield office


@pytest.fixture
def over_http(sqlite_url: str, tmp_path: Path, clock: StillClock) -> Iterator[SlackOffice]:
    with hired(sqlite_url, home=tmp_path / "home", clock=clock, http=True) as office:
        yield office


def requests(office: SlackOffice) -> int:
    with office.store.looking() as session:
        return len(session.scalars(select(Request)).all())


def wait(office: SlackOffice, seconds: int) -> None:
    office.clock.advance(timedelta(seconds=seconds))
    office.app.settle()


def test_an_event_that_is_sent_again_is_done_once(office: SlackOffice) -> None:
    for _ in range(3):
        office.says(ANA, "help", meant=HELP, event="Ev1")
    assert [each.reads.count("automated") for each in office.slack.shown(ANA)] == [1, 1]  # the hello, and the answer


def test_a_double_click_acts_once(office: SlackOffice) -> None:
    office.says(ANA, "I need Thursday off", meant=THURSDAY)
    office.presses(ANA, "submit", twice=True)
    assert requests(office) == 1


class Slow:
    """A brain that thinks until it is let go."""

    def __init__(self) -> None:
        self.go = threading.Event()

    def understand(self, turn: Turn) -> Understood:
        assert self.go.wait(30)
        return Understood((Intent("help"),))


def test_it_is_acknowledged_before_anything_is_done(office: SlackOffice) -> None:
    office.app._brain = slow = Slow()  # pyright: ignore[reportPrivateUsage]
    office.app.__dict__.pop("brain", None)
    sent = [office.slack.says(ANA, f"question {number}") for number in range(3)]
    assert [each.acknowledged for each in sent] == [True] * 3
    assert [each.tries for each in sent] == [1] * 3
    assert not slow.go.is_set()
    slow.go.set()
    office.settled()
    assert len(office.slack.shown(ANA)) == 4


def ten_times(office: SlackOffice, who: str) -> None:
    for number in range(10):
        office.slack.says(who, f"{who} {number}")


def test_the_order_within_a_conversation_is_kept(office: SlackOffice) -> None:
    heard: list[str] = []
    understand = office.brain.understand

    def noted(turn: Turn) -> Understood:
        heard.append(turn.text)
        return understand(turn)

    office.brain.understand = noted  # type: ignore[method-assign]
    office.brain.meant = HELP
    with ThreadPoolExecutor(2) as pool:
        for who in (ANA, MARIA):
            pool.submit(ten_times, office, who)
    office.settled()
    assert [each for each in heard if each.startswith(ANA)] == [f"{ANA} {number}" for number in range(10)]
    assert [each for each in heard if each.startswith(MARIA)] == [f"{MARIA} {number}" for number in range(10)]


def lights_out(came: Came) -> None:
    raise SystemError("the lights went out")


def kept(office: SlackOffice) -> int:
    with office.store.looking() as session:
        return len(session.scalars(select(Received)).all())


def test_what_was_acknowledged_survives_the_end_of_the_process(
    sqlite_url: str, tmp_path: Path, clock: StillClock
) -> None:
    with hired(sqlite_url, home=tmp_path / "home", clock=clock) as office:
        office.says(ANA, "hello", meant=HELP)
        office.listener.doing.do = lights_out
        assert office.slack.says(ANA, "I need Thursday off").acknowledged
        until(lambda: office.listener.lanes.idle)
        until(lambda: kept(office) == 1)
        clock.advance(LEFT + timedelta(seconds=1))
        del office.listener.doing.do
        office.brain.meant = THURSDAY
        office.listener.loop.call_soon_threadsafe(
            lambda: office.listener.loop.create_task(office.listener.intake.take_left_over())
        )
        until(lambda: len(office.brain.heard) == 2)
        office.settled()
        assert "Thu 26 Nov 2026" in office.newest(ANA).reads
        until(lambda: kept(office) == 0)


@pytest.mark.parametrize("how", ["429", "500", "html", "cut", "internal_error"])
def test_what_slack_does_not_take_comes_later_once_and_in_order(office: SlackOffice, how: str) -> None:
    office.says(ANA, "hello", meant=HELP)
    before = len(office.slack.shown(ANA))
    office.slack.fail("chat.postMessage", how, times=2, seconds=30)
    office.says(ANA, "hello", meant=HELP)
    office.says(ANA, "I need Thursday off", meant=THURSDAY)
    for _ in range(6):
        wait(office, 61)
    shown = [each.reads for each in office.slack.shown(ANA)[before:]]
    assert ["Thu 26 Nov" in each for each in shown] == [False, True]


def test_what_was_taken_although_the_answer_was_lost_is_shown_once(office: SlackOffice) -> None:
    office.says(ANA, "hello", meant=HELP)
    before = len(office.slack.shown(ANA))
    office.slack.fail("chat.postMessage", "lost")
    office.says(ANA, "I need Thursday off", meant=THURSDAY)
    for _ in range(3):
        wait(office, 61)
    assert ["Thu 26 Nov" in each.reads for each in office.slack.shown(ANA)[before:]] == [True]
    office.presses(ANA, "submit")
    assert requests(office) == 1


def test_a_retry_after_is_kept(office: SlackOffice) -> None:
    office.says(ANA, "hello", meant=HELP)
    office.slack.fail("chat.postMessage", "429", seconds=30)
    office.says(ANA, "hello again", meant=HELP)
    tries = len(office.slack.called("chat.postMessage"))
    wait(office, 20)
    assert len(office.slack.called("chat.postMessage")) == tries
    wait(office, 11)
    assert len(office.slack.called("chat.postMessage")) == tries + 1


def test_a_message_that_was_deleted_is_posted_anew(office: SlackOffice) -> None:
    office.says(ANA, "I need Thursday off", meant=THURSDAY)
    card = office.with_button(ANA, "submit")
    pressed = card.buttons()
    office.slack.rooms[card.channel].remove(card)
    office.slack.interacts(office.slack._action(ANA, pressed[0], card))  # pyright: ignore[reportPrivateUsage]
    office.settled()
    assert requests(office) == 1
    assert "Sent. TO-1" in office.newest(ANA).reads


def test_a_revoked_token_is_told_to_the_admin_and_nothing_is_lost(office: SlackOffice) -> None:
    office.says(ANA, "hello", meant=HELP)
    office.slack.fail("chat.postMessage", "token_revoked", times=2)
    office.says(ANA, "I need Thursday off", meant=THURSDAY)
    office.slack.event({"type": "tokens_revoked", "tokens": {"bot": ["U0BOT"]}})
    office.settled()
    with office.store.looking() as session:
        assert "removed from Slack" in session.get_one(Connection, "slack").trouble
    for _ in range(5):
        wait(office, 61)
    assert "Thu 26 Nov" in office.newest(ANA).reads


def test_being_removed_from_a_channel_is_told_to_the_admin(office: SlackOffice) -> None:
    office.says(ELENA, "hello", meant=HELP)
    office.slack.event({"type": "channel_left", "channel": "C0GENERAL"})
    office.settled()
    with office.store.looking() as session:
        assert "C0GENERAL" in session.get_one(Connection, "slack").trouble


def stands(office: SlackOffice) -> bool:
    with office.store.looking() as session:
        return session.get_one(Connection, "slack").since is not None


def test_a_socket_that_is_cut_is_opened_again(office: SlackOffice) -> None:
    office.says(ANA, "hello", meant=HELP)
    office.slack.cut_sockets()
    office.says(ANA, "I need Thursday off", meant=THURSDAY)
    assert office.slack.opened == 2
    until(lambda: stands(office), what="the note that it stands")


def test_a_form_that_takes_too_long_closes_and_says_what_is_wrong_in_the_conversation(
    office: SlackOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.slack_listening.IN_TIME", 0.0)
    office.says(ANA, "I need Thursday off", meant=THURSDAY)
    form = office.opens_form(ANA, "Change")
    sent = office.submits(ANA, form, {"note": "x", "end": "2026-11-01"})
    assert sent.acknowledged
    assert sent.answer is None
    office.settled()
    assert "before" in office.newest(ANA).reads or "check" in office.newest(ANA).reads


# over HTTP


def test_a_forged_request_is_turned_away(over_http: SlackOffice) -> None:
    forger = SlackPeople(to=over_http.slack.to, secret="guessed")
    with forger:
        sent = forger.says(ANA, "I need Thursday off")
    assert set(sent.statuses) == {401}
    over_http.settled()
    assert over_http.slack.shown(ANA) == []


def test_an_old_request_is_turned_away(over_http: SlackOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    at = time.time() - 600
    monkeypatch.setattr("tests.wire.slack_sending.time.time", lambda: at)
    assert set(over_http.slack.says(ANA, "I need Thursday off").statuses) == {401}


def test_a_request_without_a_signature_is_turned_away(over_http: SlackOffice) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc"}).encode()
    request = HttpRequest(over_http.slack.to, data=body, headers={"content-type": "application/json"})
    with pytest.raises(HTTPError) as refused:
        urlopen(request, timeout=10)
    assert refused.value.code == 401
    refused.value.close()


# what is drawn

ANY = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from(list("<>&@#!*_~`|\n\u202e\u200b👩‍👩‍👧")), max_size=400
)
ILL = "<!channel> <@U123> <#C1> <http://evil.example|click> *bold* _x_ `code` &amp; @here :smile: >quote"


def card(text: str, *, lines: int = 0, buttons: int = 3, options: int = 2) -> Card:
    """A card with this text in every place that holds somebody's words."""
    field = Field("note", "Note", text, text)
    return Card(
        kind="time_off",
        subject="request:1",
        state="pending",
        title=text or "Card",
        ref="TO-1",
        summary=text,
        fields=(field,) * 3,
        lines=((field,) * 3,) * lines,
        facts=((text or "Fact", text),) * 2,
        objections=(text,),
        route=(Stop(("maria",), text, (text,), "open"),),
        buttons=tuple(Button("approve", text or "Yes", f"token{nth}") for nth in range(buttons)),
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ANY)
def test_no_text_breaks_a_card(text: str) -> None:
    for blocks in slack_blocks.messages(Post(text=text, card=card(text)), Look("de")):
        assert wrong_with_message("a preview", blocks) == []


def test_what_people_write_is_no_markup(office: SlackOffice) -> None:
    blocks = slack_blocks.messages(Post(text=ILL, card=card(ILL)), Look())[0]
    assert "mrkdwn" not in json.dumps(blocks)
    assert ILL in texts(blocks)
    office.says(ANA, ILL, meant=[("time_off.submit", {**THURSDAY[0][1], "note": ILL})])
    assert "@here" in office.newest(ANA).reads
    assert office.slack.wrong == []


@pytest.mark.parametrize("length", [100, 3_000, 3_001, 20_000, 60_000])
def test_nothing_is_cut_off(length: int) -> None:
    words = " ".join(str(number) for number in range(length // 5))
    answer = Answer("answered", (Citation("leave.md", "Leave > Carry-over", words, 1),))
    for post in (Post(text=words), Post(card=card(words, buttons=1)), Post(answer=answer)):
        shown = slack_blocks.messages(post, Look())
        assert [wrong_with_message("a preview", blocks) for blocks in shown] == [[]] * len(shown)
        assert set(words.split()) - set(" ".join(texts(blocks) for blocks in shown).split()) == set()


def test_many_lines_buttons_and_stops_take_several_messages() -> None:
    post = Post(text="x", card=card("a line of something", lines=100, buttons=60))
    shown = slack_blocks.messages(post, Look())
    assert len(shown) > 1
    assert [wrong_with_message("a preview", blocks) for blocks in shown] == [[]] * len(shown)
    values: list[Any] = [
        each.get("value") for blocks in shown for block in blocks for each in block.get("elements", ())
    ]
    assert [f"token{nth}" for nth in range(60) if f"token{nth}" not in values] == []


def test_no_preview_says_anything_personal(office: SlackOffice) -> None:
    office.says(ANA, "I need Thursday off", meant=THURSDAY)
    office.presses(ANA, "submit")
    office.presses(MARIA, "Approve")
    said = {str(each.get("text")) for name, each in office.slack.calls if name in ("chat.postMessage", "chat.update")}
    assert said <= {"You have a new message.", "Ana's request needs you."}
