"""People on Telegram: they link themselves, write, press, fill in forms, and are told what concerns them."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from backend import linking, people, signin
from backend.chats import Chat, Inbox, Posted
from backend.clock import StillClock
from backend.connections import Connection
from backend.events import Event
from backend.files import File
from backend.fillings import Filling
from backend.people import Account
from backend.requests import Request
from bot.message import post_from
from knowledge.publishing import publish_all
from tests.channel_journeys import PHOTO
from tests.channels.telegram_office import ANA, CHATS, GROUP, MARIA, STRANGER, TelegramOffice, on_telegram
from tests.knowledge.conftest import LEAVE, PAY, doc
from tests.office import Meant
from tests.waiting import until
from tests.wire.telegram import FakeTelegram, Fault

THURSDAY: Meant = [("time_off.submit", {"leave_type": "vacation", "start": "2026-11-26", "end": "2026-11-26"})]
SICK: Meant = [("time_off.submit", {"leave_type": "sick", "start": "2026-11-24", "end": "2026-11-24"})]
TAXI: Meant = [("expense.submit", {"amount": "20", "category": "transport", "date": "2026-11-23"})]
DESKS: Meant = [
    (
        "purchase.submit",
        {
            "lines": [
                {"item": "standing desk", "quantity": 1, "total": "400"},
                {"item": "desk lamp", "quantity": 2, "total": "60"},
            ]
        },
    )
]
JPEG = PHOTO


@pytest.fixture
def server() -> Iterator[FakeTelegram]:
    with FakeTelegram() as server:
        yield server


@pytest.fixture
def office(server: FakeTelegram, sqlite_url: str, tmp_path: Path, clock: StillClock) -> Iterator[TelegramOffice]:
    with on_telegram(server, sqlite_url, tmp_path / "home", clock) as office:
        yield office


def waits_for_maria(office: TelegramOffice, meant: Meant = THURSDAY) -> None:
    """Ana sends something that Maria has to decide."""
    office.says("ana", "please", meant=meant)
    office.presses("ana", "Send to Maria")


# journeys


def test_a_day_off_from_the_first_word_to_the_yes(office: TelegramOffice) -> None:
    server = office.server
    assert "automated assistant" in server.texts(ANA)[0]
    office.says("ana", "I need Thursday off", meant=THURSDAY)
    card = office.presses("ana", "Send to Maria")
    assert "TO-1 waits for Maria Silva" in card.text
    asked = office.card("maria", "Approve")
    assert asked.pushed == "Ana's request needs you."
    assert "Vacation" in asked.text
    office.presses("maria", "Approve")
    assert "approved" in asked.text
    assert "Approve" not in " ".join(asked.labels)
    assert "Maria Silva approved TO-1." in card.text
    assert "Maria Silva approved TO-1" in server.last(ANA).text
    assert server.last(ANA).pushed == "You have a new message."


def test_a_no_needs_its_reason_which_is_written(office: TelegramOffice) -> None:
    waits_for_maria(office)
    card = office.presses("maria", "Reject")
    assert "Why?" in card.text
    assert card.labels == ["Cancel"]
    office.says("maria", "too many of us are away")
    assert "You rejected TO-1" in card.text
    assert "too many of us are away" in office.server.last(ANA).text


def test_a_form_that_is_cancelled_shows_its_card_again(office: TelegramOffice) -> None:
    waits_for_maria(office)
    card = office.card("maria", "Approve")
    before = (card.text, card.labels)
    office.presses("maria", "Reject")
    office.presses("maria", "Cancel")
    assert (card.text, card.labels) == before
    office.presses("maria", "Ask a question")
    office.says("maria", "/cancel")
    assert (card.text, card.labels) == before
    office.presses("maria", "Approve")
    assert "You approved TO-1" in card.text


def test_a_question_and_its_answer(office: TelegramOffice) -> None:
    waits_for_maria(office)
    office.presses("maria", "Ask a question")
    office.says("maria", "Who covers for you?")
    office.presses("ana", "Answer")
    office.says("ana", "Tom does")
    assert "Tom does" in office.server.last(MARIA).text
    office.presses("maria", "Approve")
    assert "approved TO-1" in office.server.last(ANA).text


def test_a_form_is_filled_in_step_by_step_with_pickers(office: TelegramOffice) -> None:
    office.says("ana", "I need Thursday off", meant=THURSDAY)
    card = office.presses("ana", "Change")
    assert "First day: Thu 26 Nov 2026" in card.text
    office.presses("ana", "First day")
    assert {"November 2026", "Mo", "[26]", "•24•"} <= set(card.labels)
    office.presses("ana", "›")
    assert "December 2026" in card.labels
    office.presses("ana", "Back")
    office.presses("ana", "Last day")
    office.says("ana", "friday")
    assert "Last day: Fri 27 Nov 2026" in card.text
    office.presses("ana", "Kind of leave")
    office.says("ana", "no such kind")
    assert "I could not read that: write it like Vacation" in card.text
    office.says("ana", "personal")
    assert "Kind of leave: Personal day" in card.text
    office.presses("ana", "Starts at midday")
    assert "☑ Starts at midday" in card.labels
    office.presses("ana", "Note")
    office.says("ana", "moving <house> & home")
    office.presses("ana", "Done")
    assert "Personal day, Thu 26 Nov to Fri 27 Nov 2026. Shall I send it?" in card.text
    assert "Note: moving <house> & home" in card.text
    assert [each for each in card.labels if "Send" in each]


def test_what_is_wrong_with_a_form_is_said_in_it(office: TelegramOffice) -> None:
    office.says("ana", "taxi", meant=TAXI)
    card = office.presses("ana", "Change")
    office.presses("ana", "1. ")
    office.presses("ana", "Amount")
    office.says("ana", "a lot")
    assert "I could not read that" in card.text
    office.says("ana", "-5")
    office.presses("ana", "Done")
    office.presses("ana", "Done")
    assert "⚠️ That number is too small." in card.text


def test_lines_are_added_changed_and_removed(office: TelegramOffice) -> None:
    office.says("ana", "two desks", meant=DESKS)
    card = office.presses("ana", "Change")
    office.presses("ana", "2. ")
    office.presses("ana", "Remove")
    office.presses("ana", "Add a line")
    assert "Line 2" in card.text
    office.says("ana", "monitor")
    while_asked = card.text
    office.says("ana", "1")
    office.says("ana", "250")
    office.presses("ana", "Done")
    office.presses("ana", "Done")
    assert "Line 2" in while_asked
    assert "monitor" in card.text
    assert "desk lamp" not in card.text
    office.presses("ana", "Send to")
    with office.app.store.looking() as session:
        lines = session.get_one(Request, 1).lines
        assert [each.values["item"] for each in lines] == ["standing desk", "monitor"]


def test_a_request_is_decided_line_by_line(office: TelegramOffice) -> None:
    waits_for_maria(office, DESKS)
    card = office.presses("maria", "Line by line")
    office.presses("maria", "☑ 2. ")
    assert "☐ 2. " in " ".join(card.labels)
    office.presses("maria", "✏️ Why?")
    office.says("maria", "there are lamps in the cellar")
    office.presses("maria", "Done")
    with office.app.store.looking() as session:
        assert [each.state for each in session.get_one(Request, 1).lines] == ["approved", "rejected"]


def test_a_form_left_alone_for_hours_takes_no_answer(office: TelegramOffice) -> None:
    waits_for_maria(office)
    card = office.presses("maria", "Reject")
    office.clock.advance(timedelta(hours=5))
    office.says("maria", "hello", meant=[("help", {})])
    assert "automated assistant" in office.server.last(MARIA).text
    assert "Approve" in " ".join(card.labels)
    with office.app.store.looking() as session:
        assert session.scalars(select(Filling)).all() == []


def test_a_card_that_changes_meanwhile_ends_the_form(office: TelegramOffice) -> None:
    waits_for_maria(office)
    card = office.presses("maria", "Reject")
    office.presses("ana", "Withdraw")
    assert "withdrawn" in card.text
    office.says("maria", "no", meant=[("help", {})])
    with office.app.store.looking() as session:
        assert session.scalars(select(Filling)).all() == []
        assert session.get_one(Request, 1).state == "withdrawn"


def test_several_are_approved_together(office: TelegramOffice) -> None:
    for start in ("2026-12-01", "2026-12-15"):
        waits_for_maria(office, [("time_off.submit", {"leave_type": "vacation", "start": start, "end": start})])
    office.says("maria", "what waits for me?", meant=[("approvals.list", {})])
    office.presses("maria", "Approve all 2")
    office.presses("maria", "Approve TO-1, TO-2")
    with office.app.store.looking() as session:
        assert [session.get_one(Request, number).state for number in (1, 2)] == ["approved", "approved"]


def test_a_stand_in_decides(office: TelegramOffice) -> None:
    with office.app.store.writing() as session:
        people.link(session, people.find(session, "olga"), channel="telegram", account=str(CHATS["olga"]))
    office.says("olga", "/start")
    meant: Meant = [("approvals.delegate", {"to": "olga", "start": "2026-11-24", "end": "2026-11-27"})]
    office.says("maria", "olga stands in for me this week", meant=meant)
    office.presses("maria", "Confirm")
    waits_for_maria(
        office, [("time_off.submit", {"leave_type": "vacation", "start": "2026-12-01", "end": "2026-12-01"})]
    )
    office.presses("olga", "Approve")
    assert "Olga Petrova, for Maria Silva approved TO-1" in " ".join(office.server.texts(ANA))


def test_nobody_answers_and_it_goes_up(office: TelegramOffice) -> None:
    waits_for_maria(office)
    for _ in range(12):
        office.clock.advance(timedelta(hours=12))
        office.app.settle()
    assert "reminder" in " ".join(office.server.texts(MARIA)).lower()
    assert "Nobody has answered TO-1 yet" in " ".join(office.server.texts(ANA))


def test_how_it_stands_is_told(office: TelegramOffice) -> None:
    waits_for_maria(office)
    told = office.says("ana", "where is my request?", meant=[("request.status", {"request_id": 1})])
    assert "waits for Maria Silva" in told[0]


def test_a_change_is_seen_and_undone(office: TelegramOffice) -> None:
    waits_for_maria(office)
    office.presses("maria", "Approve")
    card = office.presses("maria", "Undo")
    assert "Undone: TO-1 waits for Maria Silva again" in card.text
    assert [each for each in card.labels if "Approve" in each]


def test_a_photo_comes_with_an_expense_and_goes_to_who_decides(office: TelegramOffice) -> None:
    office.brain.meant = TAXI
    office.server.sends(ANA, JPEG, caption="taxi yesterday, 20 euros")
    office.settle()
    with office.app.store.looking() as session:
        kept = session.scalars(select(File)).one()
        inbox = session.scalars(select(Inbox).where(Inbox.sort == "said")).one()
    assert (kept.name, kept.mime, inbox.files) == ("photo.jpg", "image/jpeg", [kept.id])
    assert (office.app.home / "files" / kept.id).read_bytes() == JPEG


def test_a_file_is_put_into_a_form_and_opened_by_who_decides(office: TelegramOffice) -> None:
    office.says("ana", "taxi", meant=TAXI)
    card = office.presses("ana", "Change")
    office.presses("ana", "1. ")
    office.presses("ana", "Receipt")
    assert "Send the photo or the file here." in card.text
    office.server.sends(ANA, JPEG, "taxi.jpg", mime="image/jpeg")
    office.settle()
    assert "attached" in card.text
    assert "Send the next page here, or press Done." in card.text
    office.presses("ana", "Done")
    office.presses("ana", "Done")
    office.presses("ana", "Done")
    office.presses("ana", "Send to")
    office.presses("maria", "📎 Receipt")
    assert office.server.last(MARIA).file == JPEG


def test_a_file_that_is_too_large_or_no_file_at_all_is_told_kindly(office: TelegramOffice) -> None:
    office.server.sends(ANA, b"%PDF-", "plan.pdf", size=30 * 1024 * 1024)
    office.settle()
    assert "plan.pdf is larger than 20 MB" in office.server.last(ANA).text
    office.server.says(ANA, "", location={"latitude": 40.4, "longitude": -3.7})
    office.settle()
    assert "I can read text, photos and documents here" in office.server.last(ANA).text


def test_papers_come_as_documents(office: TelegramOffice) -> None:
    waits_for_maria(office)
    office.presses("maria", "Approve")
    office.presses("ana", "📎")
    assert office.server.last(ANA).name == "TO-1.ics"
    assert (office.server.last(ANA).file or b"").startswith(b"BEGIN:VCALENDAR")


def test_what_is_too_sensitive_for_telegram_is_not_shown_there(office: TelegramOffice) -> None:
    office.says("ana", "I am ill", meant=SICK)
    shown = office.server.last(ANA)
    assert "(shown in the web chat)" in shown.text
    assert "ill" not in shown.text.lower().replace("shall i", "").replace("will", "")


# who it is


def test_somebody_links_their_account_once(office: TelegramOffice) -> None:
    code = office.link("olga")
    assert "I don't know this Telegram account yet" in office.says(STRANGER, "/start")[-1]
    assert "Hello Olga, I'm Backdesk, an automated assistant" in office.says(STRANGER, f"/start {code}")[-1]
    assert "Hello Olga" in office.says(STRANGER, "help", meant=[("help", {})])[-1]
    assert "used already" in office.says(7777, f"/start {code}")[-1]
    with office.app.store.looking() as session:
        assert session.get_one(Account, ("telegram", str(STRANGER))).person_id == people.find(session, "olga").id
        kinds = session.scalars(select(Event.kind).order_by(Event.seq)).all()
    assert "account.linked" in kinds


def test_a_link_that_is_old_or_made_up_opens_nothing(office: TelegramOffice) -> None:
    code = office.link("olga")
    office.clock.advance(timedelta(minutes=16))
    assert "too old" in office.says(STRANGER, f"/start {code}")[-1]
    assert "not one of ours" in office.says(STRANGER, "/start nonsense")[-1]
    assert "I don't know this Telegram account yet" in office.says(STRANGER, "let me in")[-1]


def test_a_second_account_and_somebody_elses_are_refused(office: TelegramOffice) -> None:
    assert "linked with another account there already" in office.says(STRANGER, f"/start {office.link('ana')}")[-1]
    assert "belongs to somebody else here" in office.says("maria", f"/start {office.link('olga')}")[-1]


def test_a_link_is_asked_for_in_another_channel(office: TelegramOffice) -> None:
    from bot.message import Address, Said

    office.app.hear(Said("web:1", Address("web", "olga"), "olga", "please link my Telegram"))
    with office.app.store.looking() as session:
        told = post_from(session.scalars(select(Posted).where(Posted.conversation == "olga")).one().body).text
    code = told.rpartition("https://t.me/backdesk_test_bot?start=")[2]
    assert "Hello Olga" in office.says(STRANGER, f"/start {code}")[-1]


def test_who_unlinks_is_a_stranger_again_and_told_in_the_web_chat(office: TelegramOffice) -> None:
    waits_for_maria(office)
    assert "no longer linked" in office.says("ana", "/unlink")[-1]
    assert "I don't know this Telegram account yet" in office.says("ana", "hello")[-1]
    count = len(office.server.chat(ANA))
    office.presses("maria", "Approve")
    assert len(office.server.chat(ANA)) == count
    with office.app.store.looking() as session:
        told = session.scalars(select(Posted.body).where(Posted.channel == "web", Posted.conversation == "ana")).all()
    assert "approved TO-1" in str(told)


def test_who_left_the_company_is_refused(office: TelegramOffice) -> None:
    with office.app.store.writing() as session:
        people.find(session, "ana").end = office.clock.now().date() - timedelta(days=1)
    assert "not active" in office.says("ana", "hello")[-1]


def test_who_blocks_the_bot_is_told_in_the_web_chat(office: TelegramOffice) -> None:
    waits_for_maria(office)
    office.server.blocked.add(ANA)  # and nobody tells us
    office.presses("maria", "Approve")
    with office.app.store.looking() as session:
        shown = session.scalars(select(Posted).where(Posted.channel == "web", Posted.conversation == "ana")).all()
        texts = [post_from(each.body).text for each in shown]
        assert session.scalars(select(Posted).where(Posted.state == "set aside")).all() == []
        ana = people.find(session, "ana")
        assert session.scalars(select(Chat).where(Chat.person_id == ana.id, Chat.channel == "telegram")).all() == []
    assert "I can't reach you on Telegram any more" in texts[0]
    assert [each for each in texts if "Maria Silva approved TO-1" in each]
    office.server.blocked.discard(ANA)
    office.says("ana", "hello", meant=[("help", {})])
    assert "Hello Ana" in office.server.last(ANA).text


def test_who_blocks_and_lets_in_again_is_noticed(office: TelegramOffice) -> None:
    office.server.blocks(ANA)
    office.settle()
    with office.app.store.looking() as session:
        assert [each.channel for each in office.app.addresses(session, people.find(session, "ana"))] == ["web"]
    office.server.blocks(ANA, blocked=False)
    office.settle()
    with office.app.store.looking() as session:
        assert [each.channel for each in office.app.addresses(session, people.find(session, "ana"))] == ["telegram"]


# groups


def test_in_a_group_only_what_is_said_to_the_bot_is_heard(office: TelegramOffice) -> None:
    office.says("ana", "I am thinking of a holiday", chat=GROUP, meant=[("help", {})])
    assert office.brain.heard == []
    assert office.server.chat(GROUP) == []
    office.says("ana", "@backdesk_test_bot I need Thursday off", chat=GROUP, meant=THURSDAY)
    assert office.brain.heard[-1].text == "I need Thursday off"
    assert "Time off" in office.server.last(ANA).text
    assert office.server.texts(GROUP) == ["I answered you in our direct messages."]


def test_in_a_group_the_handbook_says_what_everybody_may_read(office: TelegramOffice) -> None:
    publish_all(office.app.store, [doc(LEAVE, "leave.md"), doc(PAY, "pay.md")], by=None)
    with office.app.store.writing() as session:
        people.link(session, people.find(session, "olga"), channel="telegram", account=str(CHATS["olga"]))
    asked: Meant = [("policy.ask", {})]
    office.says("olga", "/start")
    for where in (GROUP, CHATS["olga"]):
        office.says("olga", "@backdesk_test_bot what does a director earn a year?", chat=where, meant=asked)
        office.says("olga", "@backdesk_test_bot how many days of paid vacation?", chat=where, meant=asked)
    office.app.index.close()
    group, alone = (" ".join(office.server.texts(where)) for where in (GROUP, CHATS["olga"]))
    assert "23 days of paid vacation" in group
    assert "90,000" not in group
    assert "90,000" in alone


def test_a_group_says_what_it_is_called(office: TelegramOffice) -> None:
    office.says("ana", "/here", chat=GROUP)
    assert office.server.last(GROUP).text == f"In company.toml this group is called telegram:{GROUP}."


def test_a_stranger_in_a_group_is_told_once(office: TelegramOffice) -> None:
    for _ in range(3):
        office.says(STRANGER, "@backdesk_test_bot hello", chat=GROUP)
    assert len(office.server.chat(GROUP)) == 1


# the wire


def test_the_menu_is_there_in_every_language(office: TelegramOffice) -> None:
    menus = {code: menu for (scope, code), menu in office.server.commands.items() if scope == "all_private_chats"}
    assert sorted(menus) == ["", "de", "es", "fr", "it", "pt"]
    assert {"timeoff", "purchase", "expense", "balance", "requests", "approvals", "out", "help", "cancel"} <= {
        each["command"] for each in menus["de"]
    }
    assert len({menu[0]["description"] for menu in menus.values()}) > 3


def test_commands_do_what_they_say(office: TelegramOffice) -> None:
    assert "20 days" in office.says("ana", "/balance")[-1]
    assert "Which kind of leave is it?" in office.says("ana", "/timeoff")[-1]
    office.presses("ana", "Discard")
    office.says("ana", "/timeoff Thursday", meant=THURSDAY)
    assert office.brain.heard[-1].text == "Time off Thursday"
    assert "/timeoff – Time off" in office.says("ana", "/nonsense")[-1]
    assert "Hello Ana" in office.says("ana", "/help", meant=[("help", {})])[0]


def test_what_is_sent_twice_is_done_once_and_in_order(office: TelegramOffice) -> None:
    office.brain.meant = [("help", {})]
    before = len(office.server.chat(ANA))
    number = 0
    for each in range(6):
        number = office.server.says(ANA, f"message {each}")
    office.server.sends_again(number)
    office.settle()
    assert [turn.text for turn in office.brain.heard] == [f"message {each}" for each in range(6)]
    assert len(office.server.chat(ANA)) == before + 6


def test_a_double_click_acts_once_and_both_are_answered(office: TelegramOffice) -> None:
    waits_for_maria(office)
    card = office.card("maria", "Approve")
    queries = [office.server.presses(MARIA, card, "Approve") for _ in range(2)]
    office.settle()
    until(lambda: set(queries) <= set(office.server.answered), what="answers to both presses")
    assert "approved" in card.text
    assert "already" in office.server.last(MARIA).text


def test_somebody_elses_button_does_nothing(office: TelegramOffice) -> None:
    waits_for_maria(office)
    card = office.card("maria", "Approve")
    data = card.keyboard[0][0]["callback_data"]
    office.server.presses_data(ANA, office.card("ana", "Withdraw"), data)
    office.settle()
    assert "somebody else" in office.server.last(ANA).text
    with office.app.store.looking() as session:
        assert session.get_one(Request, 1).state == "pending"


def test_made_up_buttons_break_nothing(office: TelegramOffice) -> None:
    office.says("ana", "thursday", meant=THURSDAY)
    card = office.card("ana", "Change")
    made_up = (
        ":",
        "::",
        ":a",
        ":a:x:y",
        ":a:99:s",
        ":a:1:f:99",
        ":k:x",
        ":k:-1",
        ":p:7",
        ":f:7",
        "nonsense",
        ":a:1:d:soon",
    )
    queries = [office.server.presses_data(ANA, card, each) for each in made_up]
    office.settle()
    until(lambda: set(queries) <= set(office.server.answered), what="answers to all presses")
    office.presses("ana", "Change")
    with office.app.store.looking() as session:
        number = session.scalars(select(Filling.id)).one()
    for each in ("f:99", "v:0:99", "v:99:0", "d:soon", "g:-7", "g:zzz", "l:5", "n", "r", "e", "o", "q", ""):
        office.server.presses_data(ANA, card, f":a:{number}:{each}")
    office.settle()
    office.presses("ana", "Cancel")
    office.presses("ana", "Send to")
    assert "Sent. TO-1" in card.text


def test_what_was_kept_and_not_done_is_done_by_the_next_process(
    office: TelegramOffice,
) -> None:
    from backend import received
    from backend.received import Parcel

    body = {
        "update_id": 5,
        "message": {
            "message_id": 900,
            "date": 1_700_000_000,
            "chat": {"id": ANA, "type": "private"},
            "from": {"id": ANA, "is_bot": False, "first_name": "Ana"},
            "text": "help",
        },
    }
    with office.app.store.writing() as session:
        received.keep(session, "telegram", [Parcel("telegram:4242:5", body)])
    office.clock.advance(timedelta(minutes=2))
    office.brain.meant = [("help", {})]
    before = len(office.server.chat(ANA))
    office.deafen()
    office.listen()
    office.settle()
    assert len(office.server.chat(ANA)) == before + 1


def test_an_update_that_cannot_be_read_holds_nothing_up(office: TelegramOffice) -> None:
    office.server.says(ANA, "", sticker={"file_id": "half of one"})
    assert "Hello Ana" in office.says("ana", "help", meant=[("help", {})])[-1]


def test_an_outage_of_the_wire_is_survived(office: TelegramOffice) -> None:
    office.server.fails("getUpdates", Fault(502), Fault(429, after=1), Fault("cut"))
    assert "Hello Ana" in office.says("ana", "help", meant=[("help", {})])[-1]


def test_a_token_that_is_revoked_is_noted_for_the_admin(office: TelegramOffice) -> None:
    office.server.revoked = True
    office.server.says(ANA, "hello")

    def noted() -> bool:
        with office.app.store.looking() as session:
            row = session.get(Connection, "telegram")
            return row is not None and "token" in row.trouble

    until(noted, what="a note about the token")
    office.app.settle()
    with office.app.store.looking() as session:
        told = session.scalars(select(Posted.body).where(Posted.channel == "web", Posted.conversation == "elena")).all()
    assert "Telegram needs you" in str(told)


def test_nothing_of_the_token_is_logged(office: TelegramOffice, capfd: pytest.CaptureFixture[str]) -> None:
    from tests.wire.telegram import TOKEN

    office.server.fails("sendMessage", Fault(500))
    office.says("ana", "help", meant=[("help", {})])
    assert TOKEN not in "".join(capfd.readouterr())


def test_linking_is_refused_where_nothing_is_linked(office: TelegramOffice) -> None:
    from backend.refusals import Refusal

    with office.app.store.writing() as session, pytest.raises(Refusal, match="nothing to unlink"):
        linking.unlink(session, people.find(session, "olga"), channel="telegram", by=None)
    assert signin.TELEGRAM == "telegram"
