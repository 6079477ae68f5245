"""A kind of request that nobody has thought of is understood from its form and examples alone."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest

from backend.kinds import Form, Kind, Option, Widget, blank
from bot.brain.local import LocalBrain
from bot.brain.port import Pending, Understood
from tests.brain.conftest import turn
from tools import all_kinds


class Vehicle(StrEnum):
    """What the pool has."""

    VAN = "van"
    BIKE = "cargo_bike"


class LoanForm(Form):
    """A vehicle from the pool."""

    vehicle: Vehicle = blank("Vehicle", question="Which vehicle?")
    pickup: datetime.date = blank("Pick-up day", question="Which day do you need it?")
    destination: str = blank("Destination", default="")
    seats: int = blank("Seats", default=1)
    deposit: Decimal | None = blank("Deposit", widget=Widget.MONEY, default=None)


class Loan(Kind[LoanForm]):
    """Borrows a vehicle from the pool."""

    name = "loan"
    prefix = "LN"
    title = "Vehicle loan"
    form = LoanForm
    examples = (
        "I want to borrow the van on Monday",
        "can I have the cargo bike tomorrow",
        "reserve a pool vehicle for Friday",
        "I need to borrow a car from the pool",
        "vehicle loan please",
        "lend me the delivery van next week",
    )

    def options(self, name: str, desk: Any) -> tuple[Option, ...]:
        return (Option("van", "Van", ("transporter",)), Option("cargo_bike", "Cargo bike", ("bike", "bakfiets")))


def with_loans() -> Any:
    kinds = all_kinds()
    kinds.add(Loan())
    return kinds


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ("could I borrow the transporter on friday?", {"vehicle": "van", "pickup": "2026-09-18"}),
        (
            "I'd like to borrow the bakfiets tomorrow, destination: Sintra, 3 seats",
            {"vehicle": "cargo_bike", "pickup": "2026-09-17", "destination": "Sintra", "seats": 3},
        ),
    ],
)
def test_a_new_kind_is_understood(understood: Callable[..., Understood], text: str, args: dict[str, Any]) -> None:
    (found,) = understood(text, kinds=with_loans()).intents
    assert (found.intent, dict(found.args)) == ("loan.submit", args)


def test_a_new_kind_is_answered_field_by_field(understood: Callable[..., Understood]) -> None:
    (found,) = understood("the bike", kinds=with_loans(), pending=Pending("loan.submit", {}, "vehicle")).intents
    assert (found.intent, dict(found.args)) == ("form.update", {"vehicle": "cargo_bike"})


def test_what_was_learnt_for_a_kind_is_kept_in_the_home(tmp_path: Any) -> None:
    LocalBrain(home=tmp_path).load(with_loans())
    assert len(list((tmp_path / "brain").glob("weights-*.npz"))) == 1
    again = LocalBrain(home=tmp_path).understand(turn("may I borrow the van next monday?", kinds=with_loans()))
    assert [each.intent for each in again.intents] == ["loan.submit"]


def test_the_shipped_weights_fit_the_shipped_kinds(tmp_path: Any) -> None:
    LocalBrain(home=tmp_path).load(all_kinds())
    assert list(tmp_path.iterdir()) == []
