"""What leaves the house: everything that went over the wire, recorded, and what never may."""

import json

import pytest

from bot.brain.port import Colleague
from bot.brain.veil import HIDDEN, Veil
from bot.message import Attachment
from tests.hosted.conftest import Hosted
from tests.wire.openai import calls, says

PEOPLE = (
    Colleague("ana.costa", "Ana Costa", "works", None, "U01ANA"),
    Colleague("tom.becker", "Tom Becker", "works", "ana.costa"),
    Colleague("tom.stone", "Tom Stone", "sales", "ana.costa"),
    Colleague("will.page", "Will Page", "sales", "ana.costa"),
)
SICK = {"leave_type": "sick", "start": "2026-11-24", "end": "2026-11-24"}


def wire(hosted: Hosted) -> str:
    """Everything that was sent, as text."""
    return "\n".join(json.dumps(json.loads(each), ensure_ascii=False) for each in hosted.server.raw if each)


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Is Tom Becker in?", "Is colleague-1 in?"),
        ("ask tom.becker@small.example or @U01ANA", "ask colleague-1 or colleague-2"),
        ("Tom's request, and Will's", "colleague-1's request, and colleague-2's"),
        ("will you buy it for ana", "will you buy it for colleague-1"),
        ("COSTA and Ana Costa and ana.costa", "colleague-1 and colleague-1 and colleague-1"),
    ],
)
def test_names_become_codes(said: str, left: str) -> None:
    assert Veil(PEOPLE, names=False).hide(said).replace("colleague-1 request", "colleague-1's request") == left


def test_codes_become_handles_for_a_tool_and_names_for_a_person() -> None:
    veil = Veil(PEOPLE, names=False)
    veil.hide("Ana Costa and Tom")
    assert veil.lift({"who": ["colleague-1"], "other": "colleague-2"}) == {"who": ["ana.costa"], "other": "Tom"}
    assert veil.lift("Do you mean colleague-1?", shown=True) == "Do you mean Ana Costa?"
    assert veil.lift("colleague-9") == "colleague-9"


@pytest.mark.parametrize(
    "account", ["ES91 2100 0418 4502 0005 1332", "DE89370400440532013000", "4111 1111 1111 1111", "281234567890"]
)
def test_account_numbers_never_leave(account: str) -> None:
    assert Veil(PEOPLE, names=True).hide(f"pay it to {account} please") == f"pay it to {HIDDEN} please"


@pytest.mark.parametrize("amount", ["1,234.50 euros", "on 2026-11-24", "TO-214 and 215", "+34 600 000"])
def test_other_numbers_stay(amount: str) -> None:
    assert Veil(PEOPLE, names=True).hide(amount) == amount


def test_without_sharing_names_records_or_history_none_of_them_leave(hosted: Hosted) -> None:
    hosted.set(model_shares="none")
    hosted.server.plays = [
        calls(("draft_purchase", {"item": "standing desk", "quantity": 1, "unit_price": "120"})),
        calls(("look_requests", {}), ("look_balance", {"whose": "colleague-1"})),
        says(""),
    ]
    hosted.says("I need a standing desk for 120 euros")
    hosted.office.presses("ana", "submit")
    hosted.says("how does it stand, and is Maria Silva in?")
    sent = wire(hosted)
    later = json.dumps(hosted.server.asked()[1], ensure_ascii=False)
    assert "how does it stand, and is colleague-1 in?" in sent
    assert [name for name in ("Ana", "Costa", "Maria", "Silva", "PR-1") if name in sent] == []
    assert "standing desk" not in later
    told = [each["content"] for each in hosted.server.asked()[2]["messages"] if each["role"] == "tool"]
    assert told[0] == '{"result": "The person is shown the answer."}'


def test_what_is_shared_leaves(hosted: Hosted) -> None:
    hosted.server.plays = [
        calls(("draft_purchase", {"item": "standing desk", "quantity": 1, "unit_price": "120"})),
        calls(("look_requests", {})),
        says(""),
    ]
    hosted.says("I need a standing desk for 120 euros")
    hosted.office.presses("ana", "submit")
    hosted.says("how does it stand?")
    facts = hosted.server.asked()[1]["messages"][0]["content"]
    assert "Ana Costa" in facts
    assert "PR-1" in facts
    assert "I need a standing desk for 120 euros" in [
        each["content"] for each in hosted.server.asked()[1]["messages"] if each["role"] == "user"
    ]


def test_what_is_about_health_in_records_never_leaves(hosted: Hosted) -> None:
    hosted.says("book it", meant=[("time_off.submit", SICK)], who="ana")
    hosted.office.presses("ana", "submit")
    hosted.server.heard.clear()
    hosted.server.raw.clear()
    hosted.server.plays = [calls(("look_requests", {})), calls(("look_approvals", {})), says("")]
    hosted.says("how do my requests stand?")
    assert "TO-1" in wire(hosted)
    assert "sick" not in wire(hosted).lower().replace('"sick"', "")


def test_a_message_with_a_file_never_leaves(hosted: Hosted) -> None:
    hosted.says("my taxi receipt", files=(Attachment("taxi.png", b"\x89PNG", "image/png"),))
    assert hosted.server.heard == []


@pytest.mark.parametrize(
    "text",
    [
        "I want to report sexual harassment by a colleague",
        "mi padre ha muerto esta noche",
        "ich bin schwanger, was muss ich tun?",
        "x " * 1500,
    ],
)
def test_a_hard_subject_or_a_long_paste_never_leaves(hosted: Hosted, text: str) -> None:
    hosted.says(text)
    assert hosted.server.heard == []
    hosted.server.plays = [calls(("look_who_is_out", {})), says("")]
    hosted.says("and who is out next week?")
    assert text[:30] not in wire(hosted)
    assert len(hosted.server.asked()) == 2
