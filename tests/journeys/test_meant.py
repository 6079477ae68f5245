"""Who was not understood for sure is asked what they meant, and their press answers what they wrote."""

from backend.requests import Request
from bot.message import Intent
from tests.office import Office

THURSDAY = {"start": "2026-11-26", "end": "2026-11-26", "leave_type": "vacation"}
UNSURE = (Intent("time_off.submit", THURSDAY), Intent("time_off.balance"))


def test_a_press_says_what_was_meant_and_only_begins_a_draft(office: Office) -> None:
    office.brain.unsure = UNSURE
    asked = office.says("ana", "thursday, the holiday thing")
    assert asked.asked == ("choice",)
    assert [each.label for each in asked.choices] == ["Ask for time off", "See how much leave you have left"]
    assert asked.card is None
    drafted = office.presses_token("ana", asked.choices[0].token)
    assert drafted.text == "Vacation, Thu 26 Nov 2026. Shall I send it?"
    assert office.brain.heard[-1].text == "thursday, the holiday thing"
    assert drafted.committed == ()
    with office.store.looking() as session:
        assert session.query(Request).count() == 0
    assert office.presses_token("ana", asked.choices[1].token).text.startswith("Vacation: you have 20 days left.")


def test_nobody_else_says_what_was_meant(office: Office) -> None:
    office.brain.unsure = UNSURE
    token = office.says("ana", "thursday, the holiday thing").choices[0].token
    assert office.presses_token("tom", token).refusal == "That button was meant for somebody else, so I did nothing."
