"""A company's own way of saying things: examples.toml, learnt with one command."""

from collections.abc import Callable
from pathlib import Path

import pytest

from backend.refusals import Refusal
from bot.brain import classify
from bot.brain.local import LocalBrain
from bot.brain.port import Understood
from tests.brain.conftest import turn
from tools import all_kinds


def test_what_a_company_says_in_its_own_words_is_learnt(tmp_path: Path, understood: Callable[..., Understood]) -> None:
    said = "please tell me my zorkles"
    assert understood(said).intents[0].intent != "time_off.balance"
    (tmp_path / classify.OWN).write_text(
        '"time_off.balance" = ["zorkles", "how many zorkles {do I have|}", "my zorkles", "any zorkles {left|}?"]',
        "utf-8",
    )
    assert LocalBrain(home=tmp_path).understand(turn(said)).intents[0].intent == "time_off.balance"
    assert list((tmp_path / "brain").glob("weights-*.npz"))


@pytest.mark.parametrize(
    ("text", "told"), [('"no.such" = ["a"]', "no.such"), ('"help" = "a"', "help"), ("help = [", "examples.toml")]
)
def test_a_mistake_in_the_examples_is_told(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / classify.OWN).write_text(text, "utf-8")
    with pytest.raises(Refusal) as refused:
        classify.of_company(tmp_path, all_kinds())
    assert told in refused.value.text.format(**refused.value.values)
