"""Pictures of the handbook come with an answer that quotes beside them: in Slack and on Telegram, on the wire."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from backend import people
from backend.chats import SENT, Posted
from backend.clock import StillClock
from backend.outbox import TryLater
from backend.sending import Outlet
from backend.sheets import Sheet
from backend.store import Store
from bot.app import App
from bot.message import Answer, Citation, Post, as_doc
from knowledge.illustrations import Picture
from knowledge.library import find, withdraw
from knowledge.publishing import publish_all
from knowledge.reading import read
from tests.channels import slack_office
from tests.channels.slack_office import SlackOffice
from tests.channels.telegram_office import ANA, CHATS, GROUP, TelegramOffice, on_telegram
from tests.knowledge.test_illustrations import TEXT, drawing
from tests.office import Meant
from tests.wire.telegram import FakeTelegram, Fault
from tests.wire.telegram import Message as Shown

QUESTION = "What do I have to do in a fire drill?"
ASK: Meant = [("policy.ask", {})]
MAP, SEATS, SAFE = "Map of the meeting point", "Seats", "The safe"
SHEET = Sheet(name="list.csv", title="A list", head=("a", "b"), rows=(("1", "2"),))
ROOM = "C0GENERAL"


@pytest.fixture
def slack(sqlite_url: str, tmp_path: Path, clock: StillClock) -> Iterator[SlackOffice]:
    with slack_office.hired(sqlite_url, home=tmp_path / "home", clock=clock) as office:
        written(office.store)
        yield office
        closed(office.app)


@pytest.fixture
def telegram(sqlite_url: str, tmp_path: Path, clock: StillClock) -> Iterator[TelegramOffice]:
    with (
        FakeTelegram() as server,
        on_telegram(server, sqlite_url, tmp_path / "home", clock, linked=("ana", "olga")) as office,
    ):
        written(office.app.store)
        yield office
        closed(office.app)


def written(store: Store) -> None:
    """Two pictures in a document for everybody, one in a document for finance."""
    text = TEXT.replace("## Kitchen", f"![{SEATS}](seats.png)\n\n## Kitchen")
    beside = {"maps/yard.png": drawing(), "seats.png": drawing(size=(90, 90))}
    secret = f"---\naudience: finance\n---\n# Money\n\nThe safe is in the cellar.\n\n![{SAFE}](safe.png)\n"
    held = {"safe.png": drawing("JPEG", size=(300, 90))}
    publish_all(store, [read(text.encode(), doc="building.md", beside=beside.get)], by=None)
    publish_all(store, [read(secret.encode(), doc="money.md", beside=held.get)], by=None)


def closed(app: App) -> None:
    """Lets go of what answers were looked up in, as far as they were."""
    app.index.close()


def kept(store: Store) -> dict[tuple[int, int], str]:
    """The pictures by how wide and high they are."""
    with store.looking() as session:
        return {(each.width, each.height): each.id for each in session.scalars(select(Picture))}


def content(store: Store, *size: int) -> bytes:
    """What a picture of that size holds."""
    with store.looking() as session:
        return session.scalars(select(Picture).where(Picture.width == size[0], Picture.height == size[1])).one().content


def answered(store: Store, *, safe: bool = False, words: str = "", **more: Any) -> Post:
    """An answer that quotes beside the two pictures, or beside the one for finance."""
    ids = kept(store)
    pictures = ((ids[200, 120], MAP, 200, 120), (ids[90, 90], SEATS, 90, 90))
    quoted = Citation("building.md", "Building > Fire drill", "Walk to the meeting point.", 1, pictures=pictures)
    money = Citation("money.md", "Money", "The safe is in the cellar.", 1, pictures=((ids[300, 90], SAFE, 300, 90),))
    return Post(answer=Answer("answered", (money if safe else quoted,), words=words), **more)


def posted(store: Store, post: Post, *, id: int = 1, who: str = "ana", **more: Any) -> Posted:
    """A post as the outbox hands it over."""
    with store.looking() as session:
        person = people.find(session, who)
        words: dict[str, Any] = {"conversation": str(CHATS.get(who)), "private": True, **more}
        return Posted(id=id, person_id=person.id, channel="x", body=as_doc(post), made_at=datetime.now(UTC), **words)


# Slack


def in_slack(office: SlackOffice) -> list[tuple[str, str, str]]:
    """The files that were put somewhere, in order: what they are called, where, and below which message."""
    put = [each for each in office.slack.files.values() if each.get("channel")]
    return [(each["name"], each["channel"], each["thread"] or "") for each in put]


DM = "DANA"
BOTH = [(f"{MAP}.png", DM, ""), (f"{SEATS}.png", DM, "")]


def to_slack(office: SlackOffice, post: Post, earlier: Posted | None = None, **more: Any) -> Posted:
    """Shows somebody a post; returns it as it stands then."""
    words: dict[str, Any] = {"conversation": "UANA", **more}
    one = posted(office.store, post, **words)
    one.external = office.channel.post(one, earlier)
    return one


def test_in_slack_they_come_below_the_answer(slack: SlackOffice) -> None:
    slack.says("UANA", QUESTION, meant=ASK)
    assert "bicycle shed" in slack.newest("UANA").reads
    assert in_slack(slack) == BOTH
    assert [each["content"] for each in slack.slack.files.values()] == [
        content(slack.store, 200, 120),
        content(slack.store, 90, 90),
    ]


def test_in_a_channel_in_slack_they_come_in_the_thread_and_are_for_everybody(slack: SlackOffice) -> None:
    slack.brain.meant = ASK
    slack.slack.mentions("UOLGA", ROOM, QUESTION)
    slack.settled()
    message = slack.slack.shown(ROOM)[-1]
    assert "bicycle shed" in message.reads
    assert in_slack(slack) == [(name, ROOM, message.thread) for name, _, _ in BOTH]
    there: dict[str, Any] = {"who": "olga", "conversation": f"{ROOM}:{message.thread}", "private": False}
    to_slack(slack, answered(slack.store, safe=True), **there)
    assert len(in_slack(slack)) == 2
    to_slack(slack, answered(slack.store, safe=True), who="olga", conversation="UOLGA")
    assert in_slack(slack)[2:] == [(f"{SAFE}.jpg", "DOLGA", "")]


def test_in_slack_what_is_not_for_somebody_or_was_withdrawn_is_not_sent(slack: SlackOffice) -> None:
    to_slack(slack, answered(slack.store, safe=True))
    post = answered(slack.store)
    with slack.store.writing() as session:
        withdraw(session, find(session, "building.md"), by=None)
    to_slack(slack, post, id=2)
    assert "meeting point" in slack.newest("UANA").reads
    assert in_slack(slack) == []


def test_in_slack_an_answer_in_the_place_of_what_was_written_of_it_brings_them_once(slack: SlackOffice) -> None:
    begun = to_slack(slack, Post(text="Walk to …"))
    slack.slack.fail("files.completeUploadExternal", "429", after=1)
    with pytest.raises(TryLater) as told:
        to_slack(slack, answered(slack.store), begun, id=2, in_place=True)
    assert told.value.unsure
    whole = to_slack(slack, answered(slack.store), begun, id=2, in_place=True)
    assert whole.external == begun.external
    assert in_slack(slack) == BOTH
    to_slack(slack, answered(slack.store, words="It is behind the shed."), whole, id=3, in_place=True)
    assert len(slack.slack.shown("UANA")) == 1
    assert in_slack(slack) == BOTH


def test_in_slack_what_was_sent_is_not_sent_again_where_a_picture_is_not_taken_yet(slack: SlackOffice) -> None:
    begun = to_slack(slack, Post(text="Walk to …"))
    long = answered(slack.store, words="word " * 4000, sheets=(SHEET,))
    slack.slack.fail("files.completeUploadExternal", "429", after=2)
    with pytest.raises(TryLater):
        to_slack(slack, long, begun, id=2, in_place=True)
    shown = [each.ts for each in slack.slack.shown("UANA")]
    to_slack(slack, long, begun, id=2, in_place=True)
    assert len(shown) > 1
    assert [each.ts for each in slack.slack.shown("UANA")] == shown
    assert in_slack(slack) == [("list.csv", DM, ""), *BOTH]


@pytest.mark.parametrize("code", ["missing_scope", "restricted_action", "unknown_method", "500", "429"])
def test_in_slack_an_answer_stands_where_no_picture_is_taken(slack: SlackOffice, code: str) -> None:
    slack.slack.fail("files.getUploadURLExternal", code, times=1000)
    slack.says("UANA", QUESTION, meant=ASK)
    slack.clock.advance(timedelta(minutes=1))
    slack.settled()
    assert "bicycle shed" in slack.newest("UANA").reads
    assert in_slack(slack) == []
    with slack.store.looking() as session:
        assert [each.failures for each in session.scalars(select(Outlet))] == [0]
        assert {each.state for each in session.scalars(select(Posted))} == {SENT}


def test_another_answer_on_the_same_card_brings_its_own(slack: SlackOffice) -> None:
    first = to_slack(slack, answered(slack.store, safe=True), who="olga", conversation="UOLGA")
    to_slack(slack, answered(slack.store), first, id=2, who="olga", conversation="UOLGA")
    assert [name for name, _, _ in in_slack(slack)] == [f"{SAFE}.jpg", f"{MAP}.png", f"{SEATS}.png"]


# Telegram


def on_wire(office: TelegramOffice, chat: int = ANA) -> list[str]:
    """The files in a chat, in order."""
    return [each.name for each in office.server.chat(chat) if each.file is not None]


def to_telegram(office: TelegramOffice, post: Post, earlier: Posted | None = None, **more: Any) -> Posted:
    """Shows somebody a post; returns it as it stands then."""
    one = posted(office.app.store, post, **more)
    one.external = office.channel.post(one, earlier)
    return one


def numbered(office: TelegramOffice, one: Posted) -> Shown:
    return office.server.messages[ANA, int(one.external or 0)]


def test_on_telegram_they_come_below_the_answer(telegram: TelegramOffice) -> None:
    telegram.says("ana", QUESTION, meant=ASK)
    answer, first, second = telegram.server.chat(ANA)[-3:]
    assert "bicycle shed" in answer.text
    assert (first.name, first.file) == (f"{MAP}.png", content(telegram.app.store, 200, 120))
    assert (second.name, second.file) == (f"{SEATS}.png", content(telegram.app.store, 90, 90))
    assert len(telegram.server.made("sendPhoto")) == 2


def test_in_a_group_on_telegram_they_are_for_everybody(telegram: TelegramOffice) -> None:
    telegram.says("olga", f"@backdesk_test_bot {QUESTION}", chat=GROUP, topic=5, is_topic_message=True, meant=ASK)
    assert "bicycle shed" in telegram.server.chat(GROUP)[0].text
    assert on_wire(telegram, GROUP) == [f"{MAP}.png", f"{SEATS}.png"]
    assert {each.topic for each in telegram.server.chat(GROUP)} == {5}
    secret = answered(telegram.app.store, safe=True)
    to_telegram(telegram, secret, who="olga", conversation=f"{GROUP}/5", private=False)
    assert len(on_wire(telegram, GROUP)) == 2
    to_telegram(telegram, secret, id=2, who="olga")
    assert on_wire(telegram, CHATS["olga"]) == [f"{SAFE}.jpg"]


def test_on_telegram_what_is_not_for_somebody_or_was_withdrawn_is_not_sent(telegram: TelegramOffice) -> None:
    to_telegram(telegram, answered(telegram.app.store, safe=True))
    post = answered(telegram.app.store)
    with telegram.app.store.writing() as session:
        withdraw(session, find(session, "building.md"), by=None)
    to_telegram(telegram, post, id=2)
    assert "meeting point" in telegram.server.last(ANA).text
    assert on_wire(telegram) == []


def test_on_telegram_an_answer_in_the_place_of_what_was_written_of_it_brings_them_once(
    telegram: TelegramOffice,
) -> None:
    begun = to_telegram(telegram, Post(text="x" * 9000))
    telegram.server.fails("sendPhoto", Fault(""), Fault(429))
    with pytest.raises(TryLater):
        to_telegram(telegram, answered(telegram.app.store), begun, id=2, in_place=True)
    whole = to_telegram(telegram, answered(telegram.app.store), begun, id=2, in_place=True)
    assert whole.external == (begun.external or "").partition(",")[0]
    assert on_wire(telegram) == [f"{MAP}.png", f"{SEATS}.png"]
    to_telegram(telegram, answered(telegram.app.store, words="It is behind the shed."), whole, id=3, in_place=True)
    assert "It is behind the shed." in numbered(telegram, whole).text
    assert on_wire(telegram) == [f"{MAP}.png", f"{SEATS}.png"]


def test_on_telegram_nothing_is_sent_twice_where_a_picture_is_not_taken_yet(telegram: TelegramOffice) -> None:
    post = answered(telegram.app.store, words="word " * 2000, sheets=(SHEET,))
    telegram.server.fails("sendPhoto", Fault(""), Fault(429))
    with pytest.raises(TryLater):
        to_telegram(telegram, post)
    shown = [each.id for each in telegram.server.chat(ANA) if each.file is None]
    to_telegram(telegram, post)
    assert [each.id for each in telegram.server.chat(ANA) if each.file is None] == shown
    assert on_wire(telegram) == ["list.csv", f"{MAP}.png", f"{SEATS}.png"]


def test_a_strip_that_is_no_photo_for_telegram_comes_as_a_document(telegram: TelegramOffice) -> None:
    telegram.server.fails("sendPhoto", Fault(400, description="Bad Request: PHOTO_INVALID_DIMENSIONS"))
    to_telegram(telegram, answered(telegram.app.store))
    assert on_wire(telegram) == [f"{MAP}.png", f"{SEATS}.png"]
    assert len(telegram.server.made("sendDocument")) == 1


def test_on_telegram_an_answer_stands_where_no_picture_can_be_taken(telegram: TelegramOffice) -> None:
    telegram.server.fails("sendPhoto", *[Fault(500)] * 2)
    assert to_telegram(telegram, answered(telegram.app.store)).external
    telegram.server.fails("sendPhoto", *[Fault(429)] * 3)
    with pytest.raises(TryLater):
        to_telegram(telegram, answered(telegram.app.store), id=2)
    assert to_telegram(telegram, answered(telegram.app.store), id=2).external
    assert on_wire(telegram) == []


def test_on_telegram_an_answer_stands_where_no_picture_may_be_sent(telegram: TelegramOffice) -> None:
    no = Fault(400, description="Bad Request: not enough rights to send photos to the chat")
    telegram.server.fails("sendPhoto", no, no)
    there: dict[str, Any] = {"conversation": str(GROUP), "private": False}
    assert to_telegram(telegram, answered(telegram.app.store), **there).external
    assert on_wire(telegram, GROUP) == []
    with telegram.app.store.looking() as session:
        assert people.find(session, "ana").id == people.who_is(session, channel="telegram", account=str(ANA)).id
