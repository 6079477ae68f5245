"""Learnt in one training: a kind of request that nobody has thought of, and a company's own way of saying things."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from backend.forms import Form, Option, Widget, blank
from backend.kinds import Kind
from bot.brain import classify
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


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a company that says things in its own way."""
    home = tmp_path_factory.mktemp("home")
    said = '"time_off.balance" = ["zorkles", "how many zorkles {do I have|}", "my zorkles", "any zorkles {left|}?"]'
    (home / classify.OWN).write_text(said, "utf-8")
    return home


@pytest.fixture(scope="module")
def learnt(home: Path) -> LocalBrain:
    """A brain that has learnt of the kind and of the company's way."""
    brain = LocalBrain(home=home)
    brain.load(with_loans())
    return brain


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
def test_a_new_kind_is_understood(learnt: LocalBrain, text: str, args: dict[str, Any]) -> None:
    (found,) = learnt.understand(turn(text, kinds=with_loans())).intents
    assert (found.intent, dict(found.args)) == ("loan.submit", args)


def test_a_new_kind_is_answered_field_by_field(learnt: LocalBrain) -> None:
    pending = Pending("loan.submit", {}, "vehicle")
    (found,) = learnt.understand(turn("the bike", kinds=with_loans(), pending=pending)).intents
    assert (found.intent, dict(found.args)) == ("form.update", {"vehicle": "cargo_bike"})


def test_what_a_company_says_in_its_own_words_is_learnt(
    learnt: LocalBrain, understood: Callable[..., Understood]
) -> None:
    said = "please tell me my zorkles"
    assert understood(said).intents[0].intent != "time_off.balance"
    assert learnt.understand(turn(said, kinds=with_loans())).intents[0].intent == "time_off.balance"


def test_what_was_learnt_is_kept_in_the_home(learnt: LocalBrain, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(list((home / "brain").glob("weights-*.npz"))) == 1
    monkeypatch.delattr(classify, "train")
    again = LocalBrain(home=home).understand(turn("may I borrow the van next monday?", kinds=with_loans()))
    assert [each.intent for each in again.intents] == ["loan.submit"]


def test_the_shipped_weights_fit_the_shipped_kinds(tmp_path: Any) -> None:
    LocalBrain(home=tmp_path).load(all_kinds())
    assert list(tmp_path.iterdir()) == []
