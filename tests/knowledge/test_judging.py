"""A sentence that answers a question is told from one that only speaks of the same thing."""

from pathlib import Path

import numpy as np
import pytest

from knowledge import judging


def judged(question: str, sentences: list[str], *, english: bool = True) -> list[float]:
    """With the same measures for each: the texts alone decide."""
    return judging.answering(question, sentences, np.zeros((len(sentences), 13), dtype=np.float32), english=english)


@pytest.mark.parametrize("english", [True, False])
def test_the_order_of_sentences_changes_nothing(english: bool) -> None:
    sentences = [
        "Parking: The gate closes at 22:00.",
        "Parking: Ask Rosa.",
        "Parking: Visitors are announced by their host.",
    ]
    one = judged("when does the gate close?", sentences, english=english)
    other = judged("when does the gate close?", sentences[::-1], english=english)
    assert one == pytest.approx(other[::-1], abs=1e-3)


def test_nothing_is_judged_of_nothing() -> None:
    assert judged("when does the gate close?", []) == []


def test_a_network_that_was_changed_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "judge_minilm.onnx").write_bytes(b"other")
    monkeypatch.setattr(judging, "MODELS", tmp_path)
    judging._network.cache_clear()  # pyright: ignore[reportPrivateUsage]
    with pytest.raises(RuntimeError, match="install Backdesk again"):
        judged("when?", ["now"])


ANSWERS = {
    "up to how much can I spend on food when I travel?": "Meals: Meals on trips are paid up to 40 euros a day.",
    "who do I call when I am locked out at night?": "Doors: At night the porter opens: extension 22.",
    "my laptop was stolen, what now?": "Devices: Report a lost or stolen device to IT at once.",
}


@pytest.mark.parametrize("question", ANSWERS)
@pytest.mark.parametrize("english", [True, False])
def test_the_sentence_that_answers_is_worth_more_than_those_that_answer_something_else(
    question: str, english: bool
) -> None:
    sentences = list(ANSWERS.values())
    scores = judged(question, sentences, english=english)
    assert sentences[int(np.argmax(scores))] == ANSWERS[question]
