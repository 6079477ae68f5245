"""What every brain must do, whatever it is made of: mixed into a class that says how a brain is taught."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from sqlalchemy import select

from backend.drafts import Draft
from tests.office import Office

Meaning = tuple[str, Mapping[str, Any]]
THURSDAY = {"start": "2026-11-26", "end": "2026-11-26", "leave_type": "vacation"}
SAID: Mapping[str, Sequence[Meaning]] = {
    "I need Thursday off, vacation": [("time_off.submit", THURSDAY)],
    "no, make it Friday": [("form.update", {"start": "2026-11-27", "end": "2026-11-27"})],
    "how much vacation do I have left?": [("time_off.balance", {"leave_type": "vacation"})],
    "please withdraw TO-1": [("time_off.cancel", {"request_id": 1})],
    "what is the capital of Peru": [("out_of_scope", {})],
}
"""What is said in the contract, and what it means, for brains that have to be told."""


class BrainContract:
    """The contract of a brain. A subclass teaches the office its brain."""

    def teach(self, office: Office, said: Mapping[str, Sequence[Meaning]]) -> None:
        """Gives the office the brain, which is to understand these sentences so."""
        raise NotImplementedError

    @pytest.fixture
    def taught(self, office: Office) -> Office:
        self.teach(office, SAID)
        return office

    def test_it_proposes_and_a_press_commits(self, taught: Office) -> None:
        post = taught.says("ana", "I need Thursday off, vacation")
        assert [each.intent for each in post.understood] == ["time_off.submit"]
        assert (taught.card("ana").state, taught.free("ana")) == ("draft", 20)
        taught.presses("ana", "submit")
        assert (taught.state(1), taught.free("ana")) == ("pending", 19)

    def test_what_is_open_is_changed_and_not_begun_again(self, taught: Office) -> None:
        taught.says("ana", "I need Thursday off, vacation")
        taught.says("ana", "no, make it Friday")
        with taught.store.looking() as session:
            found = [each.values["start"] for each in session.scalars(select(Draft).where(Draft.state == "open"))]
        assert found == ["2026-11-27"]

    def test_a_plain_yes_is_a_press_and_a_second_is_none(self, taught: Office) -> None:
        taught.says("ana", "I need Thursday off, vacation")
        taught.says("ana", "yes")
        taught.says("ana", "yes")
        assert (taught.state(1), taught.free("ana")) == ("pending", 19)

    def test_a_number_comes_from_the_records(self, taught: Office) -> None:
        assert "20 days" in taught.says("ana", "how much vacation do I have left?").text

    def test_what_is_withdrawn_is_withdrawn_by_a_press(self, taught: Office) -> None:
        taught.says("ana", "I need Thursday off, vacation")
        taught.presses("ana", "submit")
        taught.says("ana", "please withdraw TO-1")
        assert taught.state(1) == "pending"
        taught.presses("ana", "withdraw")
        assert taught.state(1) == "withdrawn"

    def test_what_belongs_to_others_stays_theirs(self, taught: Office) -> None:
        taught.says("ana", "I need Thursday off, vacation")
        taught.presses("ana", "submit")
        post = taught.says("tom", "please withdraw TO-1")
        assert post.refusal is not None
        assert taught.state(1) == "pending"

    def test_what_is_not_of_the_office_is_told_so(self, taught: Office) -> None:
        assert "handbook" in taught.says("ana", "what is the capital of Peru").text
