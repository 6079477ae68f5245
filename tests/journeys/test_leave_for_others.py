"""Leave that managers and HR enter for others, days off for everybody, corrections, and whose balance is shown."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from backend import erasure, for_others, leave, people, policies
from backend.events import Event
from backend.leave_types import USUAL
from backend.requests import Request
from bot import reaching
from bot.brain.local import LocalBrain
from bot.brain.port import Colleague, Turn
from bot.cli import app as cli
from bot.message import Post
from tests.conftest import NOW
from tests.office import Office
from tools import all_kinds

Run = Callable[..., str]


def asks(who: str, leave_type: str, start: str, end: str = "") -> list[tuple[str, dict[str, str]]]:
    args = {"leave_type": leave_type, "start": start, "end": end or start, "whose": who}
    return [("time_off.submit", {name: value for name, value in args.items() if value})]


def set_policy(office: Office, **rules: Any) -> None:
    with office.store.writing() as session:
        policies.set_all(session, {"time_off": rules}, by=None, kinds=office.app.kinds)


@pytest.fixture
def run(office: Office, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Types a command of `backdesk leave` at this office, and lets it tell whom it has to."""
    monkeypatch.setattr(reaching, "reach", lambda home: office.app)  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType]

    def typed(*words: str, fails: str = "") -> str:
        result = CliRunner().invoke(cli, ["leave", *words])
        office.app.settle()
        if fails:
            assert fails in str(result.exception)
        else:
            assert result.exit_code == 0, result.output + str(result.exception)
        return result.output

    return typed


# entered for somebody in chat


def test_a_manager_records_sick_leave_for_somebody_who_is_told(office_on_each: Office) -> None:
    office = office_on_each
    card = office.says("maria", "record sick leave for Tom today", meant=asks("tom", "sick", "2026-11-24")).card
    assert card is not None
    assert card.title == "Tom Becker: Time off"
    sent = office.presses("maria", "Send")
    assert sent.text == "Recorded as TO-1. Tom Becker is told."
    assert sent.committed[0].args == {"leave_type": "sick", "start": "2026-11-24", "end": "2026-11-24"}
    told = office.shown("tom")[-1]
    assert "Maria Silva recorded time off for you: Sick leave, Tue 24 Nov 2026 (TO-1)" in told.text
    with office.store.looking() as session:
        request = session.get_one(Request, 1)
        assert (request.person.handle, request.by.handle if request.by else "") == ("tom", "maria")
        assert [row.person_id for row in leave.away(session, date(2026, 11, 24), date(2026, 11, 24))] == [
            request.person_id
        ]
    assert office.presses("tom", "Withdraw", on="TO-1").committed
    assert office.state(1) == "withdrawn"


def test_what_a_manager_asks_for_goes_to_the_next_one_up(office: Office) -> None:
    card = office.says("maria", "book Friday off for Tom", meant=asks("tom", "vacation", "2026-11-27")).card
    assert card is not None
    assert [stop.who for stop in card.route] == [("elena",)]
    office.presses("maria", "Send to Elena Rossi")
    assert "Maria Silva asked for time off for you" in office.shown("tom")[-1].text
    refused = office.says("maria", "approve 1", meant=[("approval.approve", {"request_ids": [1]})])
    assert refused.refusal
    assert office.free("tom") == Decimal(19)
    office.presses("elena", "Approve", on="TO-1")
    assert office.state(1) == "approved"


def test_what_hr_asks_for_is_decided_by_the_manager(office: Office) -> None:
    office.says("carmen", "book Friday off for Tom", meant=asks("tom", "vacation", "2026-11-27"))
    office.presses("carmen", "Send to Maria Silva")
    office.presses("maria", "Approve", on="TO-1")
    assert office.state(1) == "approved"
    assert office.free("tom") == Decimal(19)


def test_policy_may_let_what_managers_enter_count_as_decided(office: Office) -> None:
    set_policy(office, managers_decide=True)
    office.says("maria", "book Friday off for Tom", meant=asks("tom", "vacation", "2026-11-27"))
    office.presses("maria", "Send")
    assert office.state(1) == "recorded"
    assert office.free("tom") == Decimal(19)
    office.says("carmen", "book Monday off for Tom", meant=asks("tom", "vacation", "2026-11-30"))
    office.presses("carmen", "Send")
    assert office.state(2) == "pending"


def test_it_climbs_past_the_one_who_asked_when_nobody_answers(office: Office) -> None:
    office.says("elena", "book Friday off for Tom", meant=asks("tom", "vacation", "2026-11-27"))
    office.presses("elena", "Send to Maria Silva")
    office.advance(days=30)
    with office.store.looking() as session:
        (step,) = [each for each in session.get_one(Request, 1).steps if each.state == "open"]
        assert step.owner is not None
        assert step.owner.handle not in ("elena", "tom")


def test_a_colleague_cannot_enter_anything_for_somebody(office: Office) -> None:
    refused = office.says("ana", "book Friday off for Tom", meant=asks("tom", "vacation", "2026-11-27"))
    assert refused.refusal == (
        "Only Tom Becker, their managers and HR can enter that for Tom Becker: please ask one of them."
    )


def test_what_is_missing_is_asked_for_about_the_other(office: Office) -> None:
    asked = office.says("maria", "book Friday off for Tom", meant=asks("tom", "", "2026-11-27"))
    assert asked.asked == ("leave_type",)
    shown = office.presses("maria", "Vacation")
    assert shown.text.startswith("Tom Becker: Vacation, Fri 27 Nov 2026.")
    assert shown.card is not None
    assert ("Balance afterwards", "19 days") in shown.card.facts


# what is understood

BRAIN = LocalBrain()


def understood(text: str, *, by: str = "maria") -> tuple[str, dict[str, Any]]:
    names = (("ana", "Ana Costa", "maria"), ("maria", "Maria Silva", None), ("tom", "Tom Becker", "maria"))
    colleagues = tuple(Colleague(handle, name, "works", manager) for handle, name, manager in names)
    turn = Turn(
        text=text,
        speaker=by,
        now=NOW,
        currency="EUR",
        day_first=True,
        colleagues=colleagues,
        kinds=all_kinds(),
    )
    (intent,) = BRAIN.understand(turn).intents
    return intent.intent, dict(intent.args)


@pytest.mark.parametrize(
    ("text", "intent", "person"),
    [
        ("please register a sick day for Tom Becker on Friday", "time_off.submit", "tom"),
        ("put down that Ana is ill today", "time_off.submit", "ana"),
        ("Tom is sick today", "time_off.submit", "tom"),
        ("fyi Ana won't be in today, she is sick", "time_off.submit", "ana"),
        ("Tom hat sich für heute krank gemeldet", "time_off.submit", "tom"),
        ("Ana está enferma hoy", "time_off.submit", "ana"),
        ("anota vacaciones para Tom el viernes", "time_off.submit", "tom"),
        ("how much holiday has Tom got left?", "time_off.balance", "tom"),
        ("what is Ana's vacation balance", "time_off.balance", "ana"),
    ],
)
def test_a_colleague_is_meant_only_with_the_right_words(text: str, intent: str, person: str) -> None:
    found, args = understood(text)
    assert (found, args["whose"]) == (intent, person)


@pytest.mark.parametrize(
    "text",
    [
        "I'd like Friday off, Tom stands in for me",
        "Is Tom off on Friday?",
        "is Tom sick today?",
        "I am sick today, Tom takes my calls",
        "how many days do I have left?",
        "book Friday off for me",
        "order a screen for Tom",
    ],
)
def test_other_sentences_with_a_name_mean_what_they_meant(text: str) -> None:
    found, args = understood(text)
    assert (found in ("time_off.submit", "time_off.balance") and "whose" in args) is False


def test_a_colleague_who_tells_of_an_illness_enters_nothing() -> None:
    assert understood("Tom is sick today", by="ana")[0] == "who_is_out"


# balances


def balance(office: Office, who: str, of: str, text: str = "balance") -> Post:
    args = {"leave_type": "vacation", **({"whose": of} if of else {})}
    return office.says(who, text, meant=[("time_off.balance", args)])


def test_balances_of_others_are_shown_to_their_managers_and_hr_alone(office: Office) -> None:
    assert balance(office, "maria", "tom").text == "Vacation: Tom Becker has 20 days left."
    assert balance(office, "elena", "tom").text == "Vacation: Tom Becker has 20 days left."
    assert balance(office, "carmen", "tom").text == "Vacation: Tom Becker has 20 days left."
    assert balance(office, "tom", "tom").text == "Vacation: you have 20 days left."
    refused = balance(office, "ana", "tom")
    assert refused.understood[0].args == {"leave_type": "vacation"}
    assert refused.refusal == "I show Tom Becker's balances only to Tom Becker, their managers and HR."
    assert "20" not in refused.text


def test_what_a_balance_is_made_of_adds_up(office: Office, run: Run) -> None:
    run("correct", "ana", "vacation", "1.5", "--reason", "worked on a holiday", "--as", "carmen")
    for start, end in (("2026-11-26", "2026-11-27"), ("2027-02-01", "2027-02-01")):
        office.says("ana", "off", meant=asks("", "vacation", start, end))
        office.presses("ana", "submit")
    office.presses("maria", "Approve", on="TO-1")
    lines = balance(office, "ana", "", "how is my vacation balance made up?").text.splitlines()
    assert lines == [
        "Vacation: you have 18.5 days left. (1 day more, not decided yet.)",
        "• Tue 24 Nov 2026: 20 days when the balance was opened",
        "• Tue 24 Nov 2026: 1.5 days corrected by Carmen Vidal: worked on a holiday",
        "• -2 days taken or booked",
        "• -1 days waiting for a decision",
    ]


def test_a_correction_needs_hr_a_reason_and_somebody_else(office: Office, run: Run) -> None:
    run("correct", "ana", "vacation", "--reason", "x", "--as", "maria", "--", "-2", fails="Only HR can correct")
    run("correct", "carmen", "vacation", "5", "--reason", "x", "--as", "carmen", fails="your own balance")
    run("correct", "ana", "vacation", "5", "--reason", " ", "--as", "carmen", fails="Please say why")
    run("correct", "ana", "sick", "5", "--reason", "x", "--as", "carmen", fails="There is no balance of sick")
    run("correct", "ana", "vacation", "NaN", "--reason", "x", "--as", "carmen", fails="Say how much")
    assert office.free("ana") == Decimal(20)


def test_hr_corrects_a_balance_in_chat_and_confirms_it(office_on_each: Office) -> None:
    office = office_on_each
    held = {"to": "ana", "leave_type": "vacation", "days": "-1.5"}
    refused = office.says("maria", "take 1.5 days from Ana", meant=[("balance.correct", held)])
    assert refused.refusal == "Only HR can correct balances: ask HR to do it."
    asked = office.says("carmen", "take 1.5 days from Ana", meant=[("balance.correct", held)])
    assert asked.asked == ("comment",)
    shown = office.says("carmen", "a booking error", meant=[("form.update", {"comment": "a booking error"})])
    assert shown.text == "Shall I take 1.5 days from Ana Costa's balance of Vacation? Then it is 18.5 days."
    assert office.free("ana") == Decimal(20)
    assert office.says("carmen", "yes").committed[0].args == {**held, "comment": "a booking error"}
    assert office.free("ana") == Decimal("18.5")
    told = office.shown("ana")[-1].text
    assert told.startswith("Carmen Vidal corrected your balance of Vacation by -1.5 days: a booking error.")


def test_a_correction_is_told_and_on_record(office: Office, run: Run) -> None:
    run("correct", "ana", "vacation", "--reason", "counted twice", "--as", "carmen", "--", "-2")
    assert office.free("ana") == Decimal(18)
    assert office.shown("ana")[-1].text == (
        "Carmen Vidal corrected your balance of Vacation by -2 days: counted twice. You now have 18 days."
    )
    with office.store.looking() as session:
        assert session.scalars(select(Event.kind)).all() == ["balance.corrected"]


def test_an_erasure_takes_the_reason_of_a_correction_and_leaves_the_days(office: Office, run: Run) -> None:
    run("correct", "ana", "vacation", "2", "--reason", "after her operation", "--as", "carmen")
    with office.store.writing() as session:
        people.find(session, "ana").end = date(2026, 11, 25)
    office.advance(days=3)
    with office.store.writing() as session:
        ana = people.find(session, "ana")
        erasure.erase(session, ana, by=None)
        found = [(each.sort, each.days, each.reason) for each in leave.entries(session, ana, "vacation")]
    assert found == [("opening", 20, None), ("correction", 2, erasure.GONE)]


# by command


def test_leave_is_recorded_by_command_and_told(office: Office, run: Run) -> None:
    said = run("record", "tom", "sick", "2026-11-24", "2026-11-25", "--as", "carmen")
    assert said.strip() == "TO-1, Sick leave, Tue 24 Nov to Wed 25 Nov 2026, was recorded for Tom Becker."
    assert "Carmen Vidal recorded time off for you" in office.shown("tom")[-1].text
    assert "Carmen Vidal recorded Sick leave" in office.shown("maria")[-1].text
    run("record", "tom", "sick", "2026-11-24", "--as", "ana", fails="Only Tom Becker, their managers and HR")
    run("record", "tom", "sick", "soon", "--as", "carmen", fails="That is not a day")


def test_days_off_for_everybody_leave_out_who_is_away_or_does_not_work_then(office: Office, run: Run) -> None:
    with office.store.writing() as session:
        people.find(session, "tom").work_week = {"mon": 8, "tue": 8}
    office.says("ana", "off", meant=asks("", "vacation", "2026-12-29"))
    office.presses("ana", "submit")
    words = (
        "shutdown",
        "2026-12-28",
        "2026-12-31",
        "--team",
        "works",
        "--as",
        "carmen",
        "--reason",
        "the house is shut",
    )
    shown = run(*words, "--dry-run")
    assert "Nothing was changed." in shown
    assert (
        "Ana Costa               Mon 28 Dec 2026, Wed 30 Dec to Thu 31 Dec 2026  (3 days; away already on 1 day)"
        in shown
    )
    assert office.free("tom") == Decimal(20)
    run(*words)
    assert office.free("tom") == Decimal(18)  # Monday and Tuesday
    assert office.free("ana") == Decimal(16)  # her own Tuesday, and Monday, Wednesday, Thursday
    with office.store.looking() as session:
        made = session.scalars(select(Request).where(Request.by_id != Request.person_id).order_by(Request.number)).all()
        spans = [(each.person.handle, each.values["start"], each.values["end"], each.state) for each in made]
    assert spans == [
        ("ana", "2026-12-28", "2026-12-28", "recorded"),
        ("ana", "2026-12-30", "2026-12-31", "recorded"),
        ("tom", "2026-12-28", "2026-12-29", "recorded"),
    ]
    assert "They wrote: “the house is shut”" in office.shown("tom")[-1].text
    assert "Nothing" not in run(*words)  # again: everybody is away by now, so nothing is added
    assert office.free("tom") == Decimal(18)


def test_only_hr_books_days_off_for_everybody(office: Office, run: Run) -> None:
    run("shutdown", "2026-12-28", "2026-12-31", "--all", "--as", "maria", fails="Only HR can book days off")
    run("shutdown", "2026-12-28", "2026-12-31", "--all", "--dry-run", "--as", "tom", fails="Only HR can book days off")
    run("shutdown", "2026-12-31", "2026-12-28", "--all", "--as", "carmen", fails="The last day is before the first")
    assert office.free("tom") == Decimal(20)


def test_the_chain_of_managers_is_followed_and_nobody_else(office: Office) -> None:
    with office.store.looking() as session:
        tom = people.find(session, "tom")
        assert [
            each.handle for each in people.everybody(session) if for_others.may_file_for(session, tom, by=each)
        ] == ["carmen", "elena", "maria", "tom"]


# sickness and vacation


def vacation_then_sick(office: Office, **sick: Any) -> None:
    office.says("ana", "off", meant=asks("", "vacation", "2026-11-25", "2026-11-27"))
    office.presses("ana", "submit")
    office.presses("maria", "Approve", on="TO-1")
    office.says("ana", "ill", meant=[("time_off.submit", {"leave_type": "sick", **sick})])
    office.presses("ana", "Send")


def test_sick_days_inside_vacation_are_given_back_and_told(office_on_each: Office) -> None:
    office = office_on_each
    vacation_then_sick(office, start="2026-11-26", end="2026-11-29")
    assert office.free("ana") == Decimal(19)
    told = [post.text for post in office.shown("ana")]
    assert any("2 days of TO-1 (Thu 26 Nov to Fri 27 Nov 2026) are given back to you" in text for text in told)
    assert any("Ana Costa gets 2 days of TO-1" in post.text for post in office.shown("maria"))
    with office.store.looking() as session:
        ana = people.find(session, "ana")
        entries = [(each.sort, each.days) for each in leave.entries(session, ana, "vacation") if each.request == 1]
        days = leave.days_of(session, ana, date(2026, 11, 25), date(2026, 11, 29))
    assert entries == [("hold", -3), ("hold", 3), ("booking", -3), ("booking", 1), ("booking", 1)]
    assert [(each.day.day, each.leave_type) for each in days] == [
        (25, "vacation"),
        *((day, "sick") for day in (26, 27, 28, 29)),
    ]


def test_half_a_sick_day_gives_half_a_day_back(office: Office) -> None:
    vacation_then_sick(office, start="2026-11-26", end="2026-11-26", part="pm")
    assert office.free("ana") == Decimal("17.5")


@pytest.mark.parametrize("part", ["full", "pm"])
def test_sickness_that_is_withdrawn_takes_back_the_days_that_it_gave(office_on_each: Office, part: str) -> None:
    office = office_on_each
    vacation_then_sick(office, start="2026-11-26", end="2026-11-26", part=part)
    office.presses("ana", "withdraw", on="TO-2")
    assert office.free("ana") == Decimal(17)
    assert any("of TO-1 (Thu 26 Nov 2026) count again" in post.text for post in office.shown("ana"))
    assert any("of Ana Costa's TO-1 (Thu 26 Nov 2026) count again" in post.text for post in office.shown("maria"))
    with office.store.looking() as session:
        ana = people.find(session, "ana")
        days = leave.days_of(session, ana, date(2026, 11, 25), date(2026, 11, 29))
        assert [(each.day.day, each.leave_type, each.part) for each in days] == [
            (day, "vacation", "full") for day in (25, 26, 27)
        ]
    office.presses("ana", "withdraw", on="TO-1")
    assert office.free("ana") == Decimal(20)


def test_a_sick_day_that_is_given_back_is_vacation_again_and_the_others_stay_sick(office: Office) -> None:
    vacation_then_sick(office, start="2026-11-26", end="2026-11-27")
    assert office.free("ana") == Decimal(19)
    office.presses("ana", "give_back", on="TO-2", values={"start": "2026-11-27", "end": "2026-11-27"})
    assert office.free("ana") == Decimal(18)
    office.presses("ana", "withdraw", on="TO-2")
    assert office.free("ana") == Decimal(17)


def test_leave_that_was_withdrawn_itself_does_not_come_back_with_the_days_of_sickness(office: Office) -> None:
    vacation_then_sick(office, start="2026-11-26", end="2026-11-27")
    office.presses("ana", "withdraw", on="TO-1")
    office.presses("ana", "withdraw", on="TO-2")
    assert office.free("ana") == Decimal(20)
    assert not any("count again" in post.text for post in office.shown("ana"))


def test_a_manager_who_records_sickness_gives_the_days_back_too(office: Office) -> None:
    office.says("tom", "off", meant=asks("", "vacation", "2026-11-25"))
    office.presses("tom", "submit")
    office.presses("maria", "Approve", on="TO-1")
    office.says("maria", "record sick leave for Tom", meant=asks("tom", "sick", "2026-11-25"))
    office.presses("maria", "Send")
    assert office.free("tom") == Decimal(20)
    assert any("are given back to you" in post.text for post in office.shown("tom"))


def test_the_usual_kinds_are_those_of_the_contract() -> None:
    assert [each.name for each in USUAL] == [
        "vacation",
        "sick",
        "personal",
        "parental",
        "bereavement",
        "unpaid",
        "medical",
    ]
