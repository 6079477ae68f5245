"""Days in Slack, from message to ledger: over a socket and over HTTP, each by slack-bolt and slack_sdk on the wire."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from backend import files
from backend.chats import Posted
from backend.clock import StillClock
from backend.people import Account
from backend.requests import Request
from tests.channel_contract import THURSDAY
from tests.channel_journeys import PHOTO
from tests.channels.slack_office import ANA, ELENA, MARIA, TOM, SlackOffice, hired
from tests.office import Meant
from tests.wire.slack import TEAM

TAXI = {"amount": "23.50", "currency": "EUR", "date": "2026-11-20", "merchant": "Taxi", "category": "transport"}
EXPENSE = [("expense.submit", TAXI)]
PURCHASE = [("purchase.submit", {"item": "a keyboard", "quantity": 1, "total": "80"})]
HELP: Meant = [("help", {})]


@pytest.fixture(params=["socket", "http"])
def both(request: pytest.FixtureRequest, sqlite_url: str, tmp_path: Path, clock: StillClock) -> Iterator[SlackOffice]:
    with hired(sqlite_url, home=tmp_path / "home", clock=clock, http=request.param == "http") as office:
        yield office


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path, clock: StillClock) -> Iterator[SlackOffice]:
    with hired(sqlite_url, home=tmp_path / "home", clock=clock, public_url="https://desk.example") as office:
        yield office


def state(office: SlackOffice, number: int) -> str:
    with office.store.looking() as session:
        return session.get_one(Request, number).state


def test_time_off_from_message_to_approval(both: SlackOffice) -> None:
    card = both.says(ANA, "I need Thursday off", meant=THURSDAY)
    assert "Thu 26 Nov 2026" in card.reads
    assert "automated assistant" in both.reads(ANA)
    both.presses(ANA, "Send to Maria Silva")
    asked = both.newest(MARIA)
    assert "Ana Costa asks" in asked.reads
    assert asked.text == "Ana's request needs you."
    both.presses(MARIA, "Approve")
    assert state(both, 1) == "approved"
    assert "Maria Silva" in both.reads(ANA)
    assert [each for each in both.newest(MARIA).buttons() if each["action_id"].startswith("press:approve")] == []


def test_a_rejection_asks_for_a_reason_in_a_window(both: SlackOffice) -> None:
    both.says(ANA, "I need Thursday off", meant=THURSDAY)
    both.presses(ANA, "submit")
    form = both.opens_form(MARIA, "Reject")
    assert [each["label"]["text"] for each in form["blocks"] if each["type"] == "input"] == ["Why?"]
    sent = both.submits(MARIA, form, {"comment": "We have the audit that day."})
    assert sent.answer is None
    assert state(both, 1) == "rejected"
    assert "We have the audit that day." in both.reads(ANA)


def test_a_draft_is_changed_in_a_window_that_says_what_is_wrong_on_the_field(both: SlackOffice) -> None:
    both.says(ANA, "taxi 23.50", meant=EXPENSE)
    form = both.opens_form(ANA, "Change")
    before = len(both.slack.shown(ANA))
    sent = both.submits(ANA, form, {"amount": "a lot", "merchant": "Radio Taxi"})
    assert sent.answer is not None
    assert [each.rpartition(".")[2] for each in sent.answer["errors"]] == ["amount"]
    assert len(both.slack.shown(ANA)) == before
    assert both.submits(ANA, form, {"amount": "25,40", "merchant": "Radio Taxi"}).answer is None
    assert "€25.40" in both.newest(ANA).reads
    assert "Radio Taxi" in both.newest(ANA).reads


def test_what_is_wrong_with_fields_together_is_said_on_the_one_that_was_changed(both: SlackOffice) -> None:
    both.says(ANA, "I need Thursday off", meant=THURSDAY)
    form = both.opens_form(ANA, "Change")
    before = both.newest(ANA).reads
    sent = both.submits(ANA, form, {"end": "2026-11-20"})
    assert sent.answer is not None
    [(block, text)] = sent.answer["errors"].items()
    assert block.endswith(".end")
    assert text == "The last day is before the first: change one of them."
    assert both.newest(ANA).reads == before
    assert both.submits(ANA, form, {"end": "2026-11-27"}).answer is None
    assert "27 Nov" in both.newest(ANA).reads


def test_an_expense_comes_with_a_photo_that_the_approver_can_open(office: SlackOffice) -> None:
    photo = PHOTO
    file = office.slack.keep_file("receipt.jpg", photo, mime="image/jpeg")
    office.says(ANA, "taxi 23.50", meant=EXPENSE, files=(file,))
    form = office.opens_form(ANA, "Change")
    blocks = [each["block_id"] for each in form["blocks"] if each["type"] == "input"]
    field = next(each for each in blocks if ".file." in each).rpartition(".")[2]
    there = next(each for each in blocks if ".kept." in each)
    office.submits(
        ANA, form, {there: []}, files={field: office.slack.keep_file("receipt.jpg", photo, mime="image/jpeg")}
    )
    office.presses(ANA, "submit")
    shown = (
        office.with_button(MARIA, "Receipt") if "Receipt" in str(office.newest(MARIA).blocks) else office.newest(MARIA)
    )
    fetch = next(each for each in shown.buttons() if each["action_id"].startswith("fetch:"))
    office.presses(MARIA, fetch["text"]["text"])
    sent = [each for each in office.slack.files.values() if each.get("channel") == office.slack.room(MARIA)]
    assert [each["content"] for each in sent] == [photo]


def test_lines_are_added_and_taken_out_in_a_window(office: SlackOffice) -> None:
    office.says(ANA, "a keyboard for 80", meant=PURCHASE)
    form = office.opens_form(ANA, "Change")
    office.slack.presses_in_form(ANA, form, "line:more")
    office.settled()
    form = office.form()
    second = [each["block_id"] for each in form["blocks"] if each.get("block_id", "").startswith("l.1.")]
    item = next(each for each in second if each.endswith(".item"))
    total = next(each for each in second if each.endswith(".total"))
    assert office.submits(ANA, form, {item: "a mouse", total: "20"}).answer is None
    assert "a mouse" in office.newest(ANA).reads
    assert "a keyboard" in office.newest(ANA).reads


def test_a_mention_is_answered_in_its_thread_and_what_is_private_in_private(office: SlackOffice) -> None:
    office.brain.meant = THURSDAY
    assert office.slack.mentions(ANA, "C0GENERAL", "I need Thursday off").acknowledged
    office.settled()
    here = office.slack.shown("C0GENERAL")
    assert [(each.seen_by, each.reads) for each in here] == [(ANA, "I answered you in our direct messages.")]
    assert here[0].thread
    assert "Thu 26 Nov 2026" in office.newest(ANA).reads


def test_a_command_without_words_opens_its_form_at_once(both: SlackOffice) -> None:
    assert both.slack.commands(ANA, "/timeoff").acknowledged
    both.settled()
    form = both.form()
    assert {each["block_id"].rpartition(".")[2] for each in form["blocks"] if each["type"] == "input"} > {
        "start",
        "end",
    }
    both.submits(ANA, form, {"start": "2026-12-03", "end": "2026-12-03", "leave_type": "vacation"})
    both.presses(ANA, "submit")
    assert state(both, 1) == "pending"


def test_a_command_with_words_is_heard_like_a_message(office: SlackOffice) -> None:
    office.brain.meant = THURSDAY
    office.slack.commands(ANA, "/backdesk", "I need Thursday off")
    office.settled()
    assert "Thu 26 Nov 2026" in office.newest(ANA).reads
    assert [each["to"] for each in office.slack.told] == [ANA]
    assert office.slack.told[0]["response_type"] == "ephemeral"


def test_a_message_is_made_a_request(office: SlackOffice) -> None:
    office.brain.meant = PURCHASE
    said = office.slack.put("C0GENERAL", TOM, "my keyboard is broken, a new one is 80 euros")
    office.slack.makes_request(ANA, said)
    office.settled()
    assert "a keyboard" in office.newest(ANA).reads
    assert office.slack.shown(TOM) == []


def test_home_shows_balance_requests_and_what_waits(office: SlackOffice) -> None:
    office.says(ANA, "I need Thursday off", meant=THURSDAY)
    office.presses(ANA, "submit")
    office.slack.opens(ANA, "home")
    office.slack.opens(MARIA, "home")
    office.settled()
    assert "TO-1" in str(office.slack.homes[ANA])
    assert "19 days" in str(office.slack.homes[ANA])
    assert "TO-1" in str(office.slack.homes[MARIA])
    office.slack.presses_at_home(MARIA, "TO-1")
    office.settled()
    assert "TO-1" in office.newest(MARIA).reads
    office.slack.presses_at_home(ANA, "Purchase")
    office.settled()
    assert "item" in str(office.form())


def test_a_link_to_a_request_shows_its_number_and_nothing_else(office: SlackOffice) -> None:
    office.says(ANA, "I need Thursday off", meant=THURSDAY)
    office.presses(ANA, "submit")
    url = "https://desk.example/?text=TO-1"
    links = [{"url": url, "domain": "desk.example"}, {"url": "https://evil.example/TO-1", "domain": "evil.example"}]
    event = {"type": "link_shared", "user": ANA, "channel": "C0GENERAL", "message_ts": "1.1", "links": links}
    office.slack.event(event)
    office.settled()
    assert [list(each["unfurls"]) for each in office.slack.unfurled] == [[url]]
    assert "Thu" not in str(office.slack.unfurled)
    assert "Ana" not in str(office.slack.unfurled)


def test_greeted_once_with_three_examples(office: SlackOffice) -> None:
    for _ in range(2):
        office.slack.opens(ANA, "messages")
        office.settled()
    assert [each.reads.count("•") for each in office.slack.shown(ANA)] == [3]


def test_who_never_wrote_hears_first_who_it_is_that_asks(office: SlackOffice) -> None:
    for _ in range(2):
        office.says(ANA, "I need Thursday off", meant=THURSDAY)
        office.presses(ANA, "submit")
    shown = office.slack.shown(MARIA)
    assert ["automated assistant" in each.reads for each in shown] == [True, *[False] * (len(shown) - 1)]
    assert len(shown) > 2


def test_an_approved_request_brings_its_paper(office: SlackOffice) -> None:
    office.says(ANA, "I need Thursday off", meant=THURSDAY)
    office.presses(ANA, "submit")
    office.presses(MARIA, "Approve")
    message = office.with_button(ANA, "paper")
    label = next(each["text"]["text"] for each in message.buttons() if ":paper:" in each["action_id"])
    office.slack.presses(ANA, message, label)
    office.settled()
    sent = [each for each in office.slack.files.values() if each.get("channel") == office.slack.room(ANA)]
    assert sent[0]["name"] == "TO-1.ics"
    assert sent[0]["content"].startswith(b"BEGIN:VCALENDAR")


def test_whoever_is_no_colleague_is_refused_kindly(office: SlackOffice) -> None:
    office.slack.join("guest@small.example", id="UGUEST", is_restricted=True)
    office.slack.join("ana@small.example", id="USTRANGER", team="T0OTHER")
    office.slack.join("nobody@small.example", id="UNOBODY")
    office.slack.join("elena@small.example", id="UROBOT", is_bot=True)
    office.slack.join("tom2@small.example", id="UGONE", deleted=True)
    office.slack.join("maria@small.example", id="UUNSURE", is_email_confirmed=False)
    told = {
        "UGUEST": "Guests of this workspace",
        "USTRANGER": "colleagues of the company",
        "UNOBODY": "nobody with the e-mail address",
        "UROBOT": "only talk with people",
        "UGONE": "not active",
        "UUNSURE": "confirm your e-mail",
    }
    for who, why in told.items():
        office.slack.says(who, "I need Thursday off", team=office.slack.users[who]["team_id"])
        office.slack.says(who, "hello?", team=office.slack.users[who]["team_id"])
        office.settled()
        assert [why in each.reads for each in office.slack.shown(who)] == [True]
    assert office.brain.heard == []


def test_a_stranger_who_bears_our_id_is_a_stranger(office: SlackOffice) -> None:
    office.slack.says(ANA, "I need Thursday off", team="T0OTHER", user_team="T0OTHER")
    office.settled()
    assert ["colleagues" in each.reads for each in office.slack.shown(ANA)] == [True]
    assert TEAM not in office.reads(ANA)


def of(organisation: str, *workspaces: str) -> dict[str, Any]:
    """What Slack says of a member of an organisation."""
    return {"enterprise_user": {"enterprise_id": organisation, "teams": list(workspaces)}}


def installed(office: SlackOffice, where: dict[str, Any]) -> None:
    """Slack says that the app is installed there."""
    office.slack.installed, office.listener.members.known_home = where, None


OURS = "colleagues of the company"


def test_of_an_organisation_only_our_workspace_is_let_in(office: SlackOffice) -> None:
    installed(office, {"enterprise_id": "E1"})
    office.slack.users[ANA] |= {"team_id": "E1", **of("E1", "T0OTHER", TEAM)}
    office.slack.users[TOM] |= {"team_id": "E1", **of("E1", "T0OTHER")}
    office.says(ANA, "I need Thursday off", meant=THURSDAY, user_team="E1", source_team="E1")
    assert "Thu 26 Nov 2026" in office.reads(ANA)
    office.slack.says(TOM, "I need Thursday off", user_team="E1", source_team="E1")
    office.settled()
    assert OURS in office.reads(TOM)


def test_installed_for_a_whole_organisation_all_of_it_is_let_in_and_nobody_else(office: SlackOffice) -> None:
    installed(office, {"enterprise_id": "E1", "team_id": "E1", "is_enterprise_install": True})
    office.slack.users[ANA] |= {"team_id": "T0WEST", **of("E1", "T0WEST")}
    office.slack.users[TOM] |= {"team_id": "T0EAST", **of("E2", "T0EAST")}
    office.slack.join("olga@small.example", id="UALONE", team="T0EAST")
    office.says(ANA, "I need Thursday off", meant=THURSDAY, team="T0WEST")
    assert "Thu 26 Nov 2026" in office.reads(ANA)
    for stranger in (TOM, "UALONE"):
        office.slack.says(stranger, "I need Thursday off", team="T0EAST")
        office.settled()
        assert OURS in office.reads(stranger)


def test_another_account_does_not_take_over_who_is_known(office: SlackOffice) -> None:
    office.says(ANA, "I need Thursday off", meant=THURSDAY)
    office.slack.join("ANA@small.example", id="UANA2")
    office.slack.says("UANA2", "I need Thursday off")
    office.settled()
    assert "another Slack account" in office.reads("UANA2")


def test_somebody_who_leaves_slack_is_noticed_and_told_to_the_admin(office: SlackOffice) -> None:
    office.says(ELENA, "hello", meant=HELP)
    office.says(ANA, "hello", meant=HELP)
    user = office.slack.users[ANA] | {"deleted": True}
    office.slack.users[ANA] = user
    office.slack.event({"type": "user_change", "user": user})
    office.settled()
    assert "Ana Costa can no longer be reached in Slack" in office.reads(ELENA)
    office.slack.says(ANA, "hello again")
    office.settled()
    assert "not active" in office.reads(ANA)


def test_what_somebody_cannot_be_shown_in_slack_waits_in_the_web_chat(office: SlackOffice) -> None:
    office.says(ANA, "I need Thursday off", meant=THURSDAY)
    office.slack.users[MARIA] |= {"deleted": True}
    office.presses(ANA, "submit")
    with office.store.looking() as session:
        rows = session.scalars(select(Posted).where(Posted.channel == "web", Posted.conversation == "maria")).all()
        assert [each.card for each in rows if each.card] == ["request:1"]
        assert session.get(Account, ("slack", MARIA)) is None


def test_who_has_another_account_by_now_is_told_there(office: SlackOffice) -> None:
    office.says(ELENA, "hello", meant=HELP)
    office.says(MARIA, "hello", meant=HELP)
    office.says(ANA, "I need Thursday off", meant=THURSDAY)
    office.slack.users["UMARIA2"] = office.slack.users.pop(MARIA) | {"id": "UMARIA2"}
    office.channel.rooms.clear()
    office.presses(ANA, "submit")
    assert office.reads("UMARIA2").count("an automated assistant") == 1
    office.presses("UMARIA2", "approve")
    assert "Maria Silva approved TO-1" in office.reads(ANA)
    assert "can no longer be reached" not in office.reads(ELENA)


def test_a_file_from_elsewhere_is_not_fetched_with_our_token(office: SlackOffice) -> None:
    file = office.slack.keep_file("receipt.pdf", b"%PDF-1.7") | {
        "url_private_download": "http://slack.example:1/files/F1",
        "url_private": "http://slack.example:1/files/F1",
    }
    office.slack.says(ANA, "my receipt", files=(file,))
    office.settled()
    assert "not kept in Slack" in office.reads(ANA)


def test_a_file_that_is_too_large_is_refused_kindly(office: SlackOffice) -> None:
    file = office.slack.keep_file("film.mp4", b"x") | {"size": files.LARGEST + 1}
    office.slack.says(ANA, "my receipt", files=(file,))
    office.settled()
    assert "larger than 20 MB" in office.reads(ANA)


def test_a_file_of_somebody_else_cannot_be_fetched(office: SlackOffice) -> None:
    office.says(ANA, "help", meant=HELP, files=(office.slack.keep_file("a.pdf", b"%PDF-1.7 mine"),))
    with office.store.looking() as session:
        number = session.scalars(select(files.File.id)).one()
    action = {"type": "button", "action_id": "fetch:file:0", "value": f"file:{number}"}
    doc = office.slack._action(TOM, action, None)  # pyright: ignore[reportPrivateUsage]
    office.slack.interacts(doc)
    office.settled()
    assert "no such file" in office.reads(TOM)
    assert [each for each in office.slack.files.values() if each.get("channel")] == []


def test_only_the_pilot_team_talks_and_approvers_still_approve(
    sqlite_url: str, tmp_path: Path, clock: StillClock
) -> None:
    with hired(sqlite_url, home=tmp_path / "home", clock=clock, pilot="ana") as office:
        assert "tried out by a few colleagues" in office.says(TOM, "I need Thursday off", meant=THURSDAY).reads
        office.says(ANA, "I need Thursday off", meant=THURSDAY)
        office.presses(ANA, "submit")
        office.presses(MARIA, "Approve")
        assert state(office, 1) == "approved"
