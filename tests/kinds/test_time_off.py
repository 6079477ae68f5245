"""Time off keeps to the contract of all kinds."""

from decimal import Decimal
from typing import Any, ClassVar

import pytest

from backend import leave, people, policies
from backend.desk import Desk
from backend.kinds import Kinds
from backend.leave_types import USUAL
from backend.people import Place
from backend.refusals import Refusal
from backend.requests import Request
from bot.brain.hearing import hear
from bot.brain.slots import values_in
from bot.message import Card, Post
from tests.brain.conftest import turn
from tests.kind_contract import KindContract
from tests.office import Office
from tools.time_off import KIND


class TestTimeOff(KindContract):
    """Time off, through the contract."""

    kind = KIND
    sample: ClassVar = {"leave_type": "vacation", "start": "2026-11-26", "end": "2026-11-27"}
    changed: ClassVar = {"end": "2026-11-30"}
    wrong: ClassVar = {"start": "soon", "part": "evening", "from_midday": "perhaps"}


@pytest.mark.parametrize(
    "values",
    [
        {"start": "2026-11-27", "end": "2026-11-26"},
        {"start": "2026-11-26", "end": "2029-11-26"},
        {"start": "2026-11-26", "end": "2026-11-27", "part": "am"},
        {"start": "2026-11-26", "end": "2026-11-26", "from_midday": True, "until_midday": True},
    ],
)
def test_days_that_make_no_sense_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(Refusal):
        KIND.whole({"leave_type": "vacation", **values})


def set_policy(office: Office, *types: dict[str, Any], **rules: Any) -> None:
    """Sets what holds for time off, with vacation and sick leave, and the kinds of leave besides."""
    usual = [each.model_dump(mode="json") for each in USUAL[:2]]
    with office.store.writing() as session:
        document = {"time_off": {**rules, "leave_type": [*usual, *types]}}
        policies.set_all(session, document, by=None, kinds=office.app.kinds)


def drafted(office: Office, who: str = "ana", **values: Any) -> Card:
    card = office.says(who, "off", meant=[("time_off.submit", {"leave_type": "vacation", **values})]).card
    assert card is not None
    return card


def move_to(office: Office, who: str, country: str) -> None:
    with office.store.writing() as session:
        place = Place(name=country, country=country, region=None, timezone="Europe/Madrid")
        session.add(place)
        session.flush()
        people.find(session, who).place_id = place.id


# blackout dates and notice


def test_days_on_which_nobody_should_be_away_are_said_and_do_not_block(office: Office) -> None:
    rows = [
        {"start": "2026-12-10", "end": "2026-12-11", "reason": "stocktaking.", "team": "works"},
        {"start": "2026-12-14", "end": "2026-12-14", "reason": "the move", "team": "office", "place": "Madrid"},
    ]
    set_policy(office, blackout=rows)
    card = drafted(office, start="2026-12-09", end="2026-12-10")
    said = "Nobody should be away on these days, Thu 10 Dec to Fri 11 Dec 2026: stocktaking."
    assert card.objections == (said,)
    assert office.presses("ana", "submit").committed
    assert office.card("maria", on="TO-1").objections == (said,)
    assert drafted(office, start="2026-12-14", end="2026-12-14").objections == ()
    assert "the move" in drafted(office, "olga", start="2026-12-14", end="2026-12-14").objections[0]


def test_sickness_has_no_blackout(office: Office) -> None:
    set_policy(office, blackout=[{"start": "2026-11-24", "end": "2026-11-24", "reason": "stocktaking"}])
    assert drafted(office, leave_type="sick", start="2026-11-24", end="2026-11-24").objections == ()


@pytest.mark.parametrize(
    ("start", "short"), [("2026-11-26", True), ("2026-11-27", False), ("2026-11-30", False), ("2026-11-25", True)]
)
def test_notice_is_counted_in_working_days(office: Office, start: str, short: bool) -> None:
    set_policy(office, notice_days=3)
    objections = drafted(office, start=start, end=start).objections
    assert ("That is less than 3 days of notice." in objections) is short


def test_a_weekend_is_no_notice(office: Office) -> None:
    set_policy(office, notice_days=2)
    office.advance(days=3)  # Friday
    assert "That is less than 2 days of notice." in drafted(office, start="2026-11-30", end="2026-11-30").objections
    assert drafted(office, start="2026-12-01", end="2026-12-01").objections == ()


# hours


FLEX = {"name": "flex", "title": "Flexible hours", "unit": "hours", "allowance": "40"}


def give_hours(office: Office, hours: int) -> None:
    with office.store.writing() as session:
        ana = people.find(session, "ana")
        leave.enter(session, ana, leave_type="flex", sort=leave.OPENING, days=Decimal(hours), by=None)


def test_what_is_counted_in_hours_is_asked_for_and_shown_in_hours(office_on_each: Office) -> None:
    office = office_on_each
    set_policy(office, FLEX)
    give_hours(office, 20)
    drafted(office, leave_type="flex", start="2026-11-26", end="2026-11-26")
    card = office.fills("ana", {"hours": "2.5"}).card
    assert card is not None
    assert ("Takes", "2.5 hours") in card.facts
    assert ("Balance afterwards", "17.5 hours") in card.facts
    sent = office.presses("ana", "submit")
    assert sent.committed[0].args == {"leave_type": "flex", "start": "2026-11-26", "end": "2026-11-26"}
    told = office.presses("maria", "Approve", on="TO-1") and office.shown("ana")[-1]
    assert "17.5 hours" in told.text
    assert office.free("ana", "flex") == Decimal("17.5")
    asked = office.says("ana", "balance", meant=[("time_off.balance", {"leave_type": "flex"})])
    assert asked.text == "Flexible hours: you have 17.5 hours left."


def test_a_whole_day_takes_the_hours_of_that_day(office: Office) -> None:
    set_policy(office, FLEX)
    with office.store.writing() as session:
        people.find(session, "ana").work_week = {"mon": 6, "thu": 4.5}
    assert ("Takes", "10.5 hours") in drafted(office, leave_type="flex", start="2026-11-26", end="2026-11-30").facts
    assert ("Takes", "2.25 hours") in drafted(
        office, leave_type="flex", start="2026-11-26", end="2026-11-26", part="am"
    ).facts


def test_hours_of_one_day_stand_beside_each_other_until_the_day_is_full(office: Office) -> None:
    set_policy(office, FLEX)
    give_hours(office, 20)
    for hours, clashes in (("3", False), ("4", False), ("2", True)):
        drafted(office, leave_type="flex", start="2026-11-26", end="2026-11-26")
        card = office.fills("ana", {"hours": hours}).card
        assert card is not None
        assert any("overlaps" in each for each in card.objections) is clashes
        office.presses("ana", "submit")
    assert office.free("ana", "flex") == Decimal(11)


def test_hours_are_no_question_where_no_leave_is_counted_in_them_but_a_few_are_half_a_day(office: Office) -> None:
    drafted(office, start="2026-11-26", end="2026-11-26")
    form = office.button("ana", "change").form
    assert form is not None
    assert "hours" not in [each.name for each in form]
    assert ("Takes", "1 day") in drafted(office, start="2026-11-26", end="2026-11-26", hours="6").facts
    card = drafted(office, start="2026-11-26", end="2026-11-26", hours="2")
    assert ("Takes", "0.5 days") in card.facts
    assert office.fills("ana", {"part": "am"}).asked == ("confirm",)


def test_times_that_are_said_are_hours_where_hours_are_counted(office: Office) -> None:
    set_policy(office, FLEX)
    give_hours(office, 20)
    with office.store.looking() as session:
        office.app.furnish(session)
        kind = KIND.of_company(Desk(session, people.find(session, "ana"), KIND))
    said = turn("flex tomorrow from 2pm to 5pm", kinds=Kinds({kind.name: kind}))
    values = values_in(hear(said), kind)
    day = {"start": "2026-09-17", "end": "2026-09-17"}
    assert values == {**day, "leave_type": "flex", "part": "pm", "hours": "3.00"}
    card = drafted(office, **{**values, "start": "2026-11-26", "end": "2026-11-26"})
    assert card.summary == "Flex, Thu 26 Nov 2026 (3 hours)"
    assert ("Takes", "3 hours") in card.facts


# proof


ROWS = [
    {"country": "ES", "after_days": 2, "sort": "none"},
    {"country": "PT", "after_days": 3, "sort": "upload", "by_day": 5},
    {"country": "DE", "after_days": 3, "sort": "fetch"},
    {"country": "FR", "sort": "upload", "text": "Send the three sheets within two days."},
]


def ill(office: Office, start: str, end: str) -> Post:
    drafted(office, leave_type="sick", start=start, end=end)
    return office.presses("ana", "Send")


def test_proof_that_arrives_by_itself_is_said_and_leaves_nothing_to_do(office: Office) -> None:
    set_policy(office, proof=ROWS)
    card = drafted(office, leave_type="sick", start="2026-11-24", end="2026-11-26")
    said = "A certificate is due; there is nothing to do, it arrives by itself."
    assert ("Proof", said) in card.facts
    assert said in office.presses("ana", "Send").text
    assert work(office, 1) == []


def test_no_proof_is_due_for_a_short_time(office: Office) -> None:
    set_policy(office, proof=ROWS)
    assert "certificate" not in ill(office, "2026-11-24", "2026-11-25").text


def test_days_that_follow_each_other_count_together_weekends_between_them_too(office: Office) -> None:
    set_policy(office, proof=ROWS)
    ill(office, "2026-11-27", "2026-11-27")
    assert "certificate" in ill(office, "2026-11-30", "2026-11-30").text


def test_proof_that_hr_fetches_is_work_for_hr(office_on_each: Office) -> None:
    office = office_on_each
    set_policy(office, proof=ROWS)
    move_to(office, "ana", "DE")
    assert "HR fetches it" in ill(office, "2026-11-24", "2026-11-27").text
    assert work(office, 1) == [("work", ["hr"], "fetch the certificate", "open")]
    asked = office.shown("carmen")[-1]
    assert asked.text == "TO-1 needs work: fetch the certificate."
    office.presses("carmen", "Done", on="TO-1")
    assert work(office, 1)[0][-1] == "done"
    assert office.state(1) == "recorded"


def test_proof_to_send_has_a_day_and_hr_sees_to_it(office: Office) -> None:
    set_policy(office, proof=ROWS)
    move_to(office, "ana", "PT")
    assert "please send it to HR by Sat 28 Nov 2026." in ill(office, "2026-11-24", "2026-11-27").text
    assert work(office, 1) == [("work", ["hr"], "receive the certificate", "open")]


def test_policy_may_say_it_in_its_own_words(office: Office) -> None:
    set_policy(office, proof=ROWS)
    move_to(office, "ana", "FR")
    assert "Send the three sheets within two days." in ill(office, "2026-11-24", "2026-11-24").text


def work(office: Office, number: int) -> list[tuple[str, list[str], str | None, str]]:
    with office.store.looking() as session:
        steps = session.get_one(Request, number).steps
        return [(each.sort, list(each.roles), each.label, each.state) for each in steps]


@pytest.mark.parametrize(
    "row",
    [
        {"leave_type": [{"name": "x", "title": "X", "carry_over_until": "02-30"}]},
        {"leave_type": [{"name": "x", "title": "X", "accrues": "weekly"}]},
        {"blackout": [{"start": "2026-12-10", "reason": "x"}]},
        {"proof": [{"country": "Spain", "sort": "none"}]},
        {"leave_year_starts": "31-01"},
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(office: Office, row: dict[str, Any]) -> None:
    with office.store.writing() as session, pytest.raises(Refusal, match="cannot be used"):
        policies.set_all(session, {"time_off": row}, by=None, kinds=office.app.kinds)
