"""A company's own way of saying things, examples.toml: what is wrong with it is told."""

from pathlib import Path

import pytest

from backend.refusals import Refusal
from bot.brain import classify
from tools import all_kinds


@pytest.mark.parametrize(
    ("text", "told"), [('"no.such" = ["a"]', "no.such"), ('"help" = "a"', "help"), ("help = [", "examples.toml")]
)
def test_a_mistake_in_the_examples_is_told(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / classify.OWN).write_text(text, "utf-8")
    with pytest.raises(Refusal) as refused:
        classify.of_company(tmp_path, all_kinds())
    assert told in refused.value.text.format(**refused.value.values)


def test_messages_are_learnt_from_as_they_stand_and_patterns_in_all_their_forms() -> None:
    assert classify.expand("{one|two} days") == ["one days", "two days"]
    assert len(classify.messages()) > 2000
