"""What no calendar can tell of, and texts without an end, are refused in a sentence."""

import pytest

from tests.office import Office


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1969-12-31"])
def test_a_day_far_away_is_refused(office: Office, day: str) -> None:
    office.says("ana", "vacation", meant=[("time_off.submit", {"leave_type": "vacation"})])
    told = office.fills("ana", {"start": day, "end": day})
    assert "too far away" in told.text
    assert office.card("ana").state == "draft"


def test_a_reason_without_an_end_is_refused(office: Office) -> None:
    office.says("ana", "a cable", meant=[("purchase.submit", {"item": "cable", "quantity": 1, "total": "9.90"})])
    office.presses("ana", "submit")
    told = office.presses("maria", "reject", on="PR-1", values={"comment": "no " * 2000})
    assert told.refusal is not None
    assert "4000 characters" in told.refusal
    assert office.state(1) == "pending"
