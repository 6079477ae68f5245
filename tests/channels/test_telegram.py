"""Telegram keeps to the contract of all channels, on the wire: the real client against a Telegram on loopback."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from backend.chats import Posted
from backend.outbox import CannotDeliver, TryLater
from backend.sheets import Sheet
from bot.channels import telegram
from bot.channels.port import Channel
from bot.channels.telegram import Telegram
from bot.channels.telegram_wire import Unreachable
from bot.message import Button, Card, Field, Post, as_doc
from tests.channel_contract import ChannelContract
from tests.channels.telegram_office import ANA, MARIA, settings_for
from tests.wire.telegram import TOKEN, FakeTelegram, Fault
from tests.wire.telegram_html import units

ROOM = -100500
CHATS = {"ana": ANA, "maria": MARIA}


@pytest.fixture
def server() -> Iterator[FakeTelegram]:
    with FakeTelegram() as server:
        server.started |= {ANA, MARIA}
        yield server


@pytest.fixture
def channel(server: FakeTelegram) -> Iterator[Telegram]:
    made = Telegram(settings_for(server))
    yield made
    made.close()


class Own(Telegram):
    """The channel as one person sees it."""

    who = ""


class TestTelegram(ChannelContract):
    """Telegram, through the contract."""

    @pytest.fixture(autouse=True)
    def _telegram(self, server: FakeTelegram) -> Iterator[None]:
        self.server = server
        self.made: list[Own] = []
        yield
        for each in self.made:
            each.close()

    @pytest.fixture(autouse=True)
    def _office(self, _telegram: None, database_url: str, tmp_path, clock) -> Iterator[None]:  # pyright: ignore[reportUnknownParameterType,reportMissingParameterType,reportIncompatibleMethodOverride]
        yield from ChannelContract._office.__wrapped__(self, database_url, tmp_path, clock)  # pyright: ignore

    def place_of(self, who: str) -> str:
        return str(CHATS.get(who, 9999))

    def make(self, who: str) -> Channel:
        made = Own(settings_for(self.server))
        made.who = who
        self.made.append(made)
        return made

    def texts(self, channel: Channel) -> list[str]:
        assert isinstance(channel, Own)
        chat = CHATS[channel.who]
        with self.store.looking() as session:
            here = select(Posted.external).where(Posted.conversation == str(chat), Posted.current.is_(True))
            posts = session.scalars(here.where(Posted.external.is_not(None)).order_by(Posted.place)).all()
        shown = [[self.server.messages[chat, int(each)] for each in (post or "").split(",")] for post in posts]
        return ["\n".join(each.text for each in messages) for messages in shown]


def posted(
    post: Post, *, id: int = 1, chat: int = ANA, notice: bool = False, in_place: bool = False, external: str = ""
) -> Posted:
    """A post as the outbox hands it over; a notice is one that nobody asked for just now."""
    return Posted(
        id=id,
        person_id=1,
        channel=telegram.NAME,
        conversation=str(chat),
        private=chat > 0,
        body=as_doc(post),
        key=f"{id}:notice" if notice else None,
        in_place=in_place,
        external=external or None,
        made_at=datetime.now(UTC),
    )


def a_card(*buttons: Button, note: str = "") -> Card:
    return Card(
        kind="time_off",
        subject="request:1",
        state="pending",
        title="Time off",
        ref="TO-1",
        fields=(Field("note", "Note", note, note),),
        buttons=buttons,
    )


NASTY = (
    "<b>a & b</b> &amp; &#x41; <script> @everyone [x](http://y) *_~`|\\ \u202e "
    "\U0001f469\u200d\U0001f680 \x00\x07 </i> <"
)


def test_any_text_is_shown_as_it_was_written(server: FakeTelegram, channel: Telegram) -> None:
    channel.post(posted(Post(text=NASTY, card=a_card(note=NASTY))), None)
    shown = server.last(ANA).text
    wanted = NASTY.replace("\x00", "").replace("\x07", "")
    assert shown.count(wanted) == 2
    assert {tag for tag, _, _ in server.last(ANA).marks} == {"b"}


def test_a_lone_surrogate_and_a_text_of_nothing_are_taken(server: FakeTelegram, channel: Telegram) -> None:
    channel.post(posted(Post(text="half \ud83d a pair")), None)
    channel.post(posted(Post(text=" \u200b\n ", preview="You have a new message."), id=2), None)
    assert server.texts(ANA) == ["half ? a pair", "You have a new message."]


def test_a_long_text_comes_in_pieces_that_lose_nothing(server: FakeTelegram, channel: Telegram) -> None:
    text = " ".join(f"<{number}&😀>" for number in range(4000))
    keys = (Button("approve", "Approve", "abcdefghijkl"),)
    external = channel.post(posted(Post(text=text, card=a_card(*keys, note="n" * 5000))), None)
    shown = server.chat(ANA)
    assert external == ",".join(str(each.id) for each in shown)
    assert len(shown) > 8
    assert max(units(each.text) for each in shown) <= 4096
    assert "".join("".join(each.text for each in shown).split()).startswith("".join(text.split()))
    assert "".join(each.text for each in shown).count("n") >= 5000
    assert [each.labels for each in shown] == [[]] * (len(shown) - 1) + [["Approve"]]


def test_many_bold_words_are_split_before_the_hundredth(server: FakeTelegram, channel: Telegram) -> None:
    fields = tuple(Field(f"f{number}", f"Field {number}", number, str(number)) for number in range(250))
    card = Card(kind="k", subject="request:1", state="draft", title="T", fields=fields)
    channel.post(posted(Post(card=card)), None)
    assert sum(len(each.marks) for each in server.chat(ANA)) == 251
    assert max(len(each.marks) for each in server.chat(ANA)) <= 100


def test_a_post_takes_the_place_of_an_earlier_one_and_grows_and_shrinks(
    server: FakeTelegram, channel: Telegram
) -> None:
    keys = (Button("approve", "Approve", "abcdefghijkl"),)
    first = posted(Post(card=a_card(*keys)), external=channel.post(posted(Post(card=a_card(*keys))), None) or "")
    longer = posted(Post(text="x" * 9000), id=2, in_place=True)
    longer.external = channel.post(longer, first)
    assert [len(each.text) for each in server.chat(ANA)] == [4095, 4095, 810]
    shorter = posted(Post(text="decided"), id=3, in_place=True)
    assert channel.post(shorter, longer) == first.external
    assert server.texts(ANA) == ["decided"]
    assert channel.post(shorter, longer) == first.external  # the same once more changes nothing


def test_an_earlier_card_loses_its_buttons_when_a_newer_one_comes_below(
    server: FakeTelegram, channel: Telegram
) -> None:
    keys = (Button("approve", "Approve", "abcdefghijkl"),)
    first = posted(Post(card=a_card(*keys)))
    first.external = channel.post(first, None)
    channel.post(posted(Post(card=a_card(*keys)), id=2), first)
    assert [each.labels for each in server.chat(ANA)] == [[], ["Approve"]]


def test_what_was_deleted_meanwhile_is_sent_anew(server: FakeTelegram, channel: Telegram) -> None:
    first = posted(Post(text="one"))
    first.external = channel.post(first, None)
    server.last(ANA).deleted = True
    channel.post(posted(Post(text="two"), id=2, in_place=True), first)
    assert server.texts(ANA) == ["two"]


def test_a_notice_shows_nothing_personal_on_a_locked_phone(server: FakeTelegram, channel: Telegram) -> None:
    card = a_card(Button("approve", "Approve", "abcdefghijkl"), note="my knee")
    channel.post(posted(Post(text="Ana asks", card=card, preview="You have a new message."), notice=True), None)
    assert server.last(ANA).pushed == "You have a new message."
    assert "my knee" in server.last(ANA).text
    assert server.last(ANA).labels == ["Approve"]


def test_in_a_group_nobody_is_called_by_what_somebody_wrote(server: FakeTelegram, channel: Telegram) -> None:
    channel.post(posted(Post(text="ask @ana or /start it"), chat=ROOM), None)
    assert "@ana" not in server.last(ROOM).text
    assert " /start" not in server.last(ROOM).text


def test_tables_and_pictures_come_as_files_and_once(server: FakeTelegram, channel: Telegram) -> None:
    sheet = Sheet(name="report.csv", title="The report", head=("a", "b"), rows=(("1", "2"),))
    report = posted(Post(text="The report", sheets=(sheet, sheet)), chat=ROOM)
    server.fails("sendDocument", Fault(500))
    with pytest.raises(TryLater):
        channel.post(report, None)
    external = channel.post(report, None)
    assert external == str(server.chat(ROOM)[0].id)
    assert [each.text or each.name for each in server.chat(ROOM)] == ["The report", "report.csv", "report.csv"]


def test_many_buttons_are_leafed_through(server: FakeTelegram, channel: Telegram) -> None:
    keys = tuple(Button("choose", f"Choice {number}", f"token{number:07d}") for number in range(150))
    channel.post(posted(Post(card=a_card(*keys))), None)
    assert len(server.last(ANA).labels) == 23
    assert server.last(ANA).labels[-3:] == ["‹", "1/8", "›"]


@pytest.mark.parametrize(
    ("fault", "seconds"), [(Fault(429, after=7), 7.0), (Fault(500), None), (Fault(502), None), (Fault("cut"), None)]
)
def test_a_fault_is_tried_later(server: FakeTelegram, channel: Telegram, fault: Fault, seconds: float | None) -> None:
    server.fails("sendMessage", fault)
    with pytest.raises(TryLater) as told:
        channel.post(posted(Post(text="hello")), None)
    assert told.value.seconds == seconds
    assert told.value.unsure == (fault.what == "cut")
    assert not told.value.everywhere


def test_what_was_sent_of_several_messages_is_not_sent_again(server: FakeTelegram, channel: Telegram) -> None:
    once = posted(Post(text="x" * 9000))
    server.fails("editMessageText", Fault(429))
    channel.post(posted(Post(text="before"), id=9), None)
    server.faults["sendMessage"] = server.faults.pop("editMessageText")
    server.faults["sendMessage"].appendleft(Fault(500))
    for _ in range(2):
        with pytest.raises(TryLater):
            channel.post(once, None)
    channel.post(once, None)
    assert [len(each.text) for each in server.chat(ANA)] == [6, 4095, 4095, 810]


def test_a_server_that_hangs_or_is_away_is_tried_later(
    server: FakeTelegram, channel: Telegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram_wire.SECONDS", 0.3)
    server.fails("sendMessage", Fault("hang"))
    with pytest.raises(TryLater) as told:
        channel.wire.do(channel._send(ANA, None, "hello", ()), seconds=0.3)  # pyright: ignore[reportPrivateUsage]
    assert told.value.unsure
    away = Telegram(settings_for(server, url="http://127.0.0.1:9"))
    with pytest.raises(TryLater) as nobody:
        away.post(posted(Post(text="hello")), None)
    assert not nobody.value.unsure
    away.close()


def test_who_blocked_the_bot_or_is_not_there_cannot_be_told(server: FakeTelegram, channel: Telegram) -> None:
    server.blocked.add(ANA)
    for chat in (ANA, 7777):
        with pytest.raises(Unreachable):
            channel.post(posted(Post(text="hello"), chat=chat), None)
    nowhere = posted(Post(text="hello"))
    nowhere.conversation = "maria"
    with pytest.raises(CannotDeliver):
        channel.post(nowhere, None)


def test_a_token_that_is_not_accepted_stops_the_whole_channel(
    server: FakeTelegram, channel: Telegram, capfd: pytest.CaptureFixture[str]
) -> None:
    server.revoked = True
    with pytest.raises(TryLater) as told:
        channel.post(posted(Post(text="hello")), None)
    assert told.value.everywhere
    assert TOKEN not in str(told.value)
    assert TOKEN not in "".join(capfd.readouterr())
