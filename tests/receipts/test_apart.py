"""The process apart: one, in order of asking, without secrets, and killed when it takes too long or too much."""

import threading
import time
from collections.abc import Iterator

import pytest

from backend.refusals import Refusal
from knowledge.apart import Apart, TooMuch

HERE = "tests.receipts.apart_work"


@pytest.fixture(scope="module")
def apart() -> Iterator[Apart]:
    one = Apart(seconds=20)
    yield one
    one.close()


def test_work_is_done_in_one_other_process(apart: Apart) -> None:
    first = apart.run(f"{HERE}:whose", b"", {})
    assert first == apart.run(f"{HERE}:whose", b"", {})
    assert first != threading.get_native_id()


def test_content_and_answer_travel_whole(apart: Apart) -> None:
    assert apart.run(f"{HERE}:size", b"\n\0" * 500_000, {"more": "é\n"}) == [1_000_000, "é\n"]


def test_it_gets_no_secret(apart: Apart, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    apart.close()
    assert "OPENAI_API_KEY" not in apart.run(f"{HERE}:names", b"", {})


def test_a_refusal_comes_back_as_one(apart: Apart) -> None:
    with pytest.raises(Refusal, match="No 7 today"):
        apart.run(f"{HERE}:refuse", b"", {})


def test_who_asks_first_is_served_first(apart: Apart) -> None:
    served: list[int] = []

    def ask(number: int) -> None:
        apart.run(f"{HERE}:wait", b"", {"seconds": 0.2})
        served.append(number)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for each in threads:
        each.start()
        time.sleep(0.05)
    for each in threads:
        each.join()
    assert served == [0, 1, 2, 3]


def test_what_takes_too_long_is_killed_and_the_next_is_served() -> None:
    hasty = Apart(seconds=1)
    for work in ("spin", "sleep"):
        with pytest.raises(TooMuch, match="too long"):
            hasty.run(f"{HERE}:{work}", b"", {})
    assert hasty.run(f"{HERE}:size", b"abc", {"more": ""}) == [3, ""]
    hasty.close()


def test_what_takes_too_much_memory_or_falls_over_is_told() -> None:
    small = Apart(seconds=20, memory=300 * 1024 * 1024)
    with pytest.raises(TooMuch, match="too much"):
        small.run(f"{HERE}:hoard", b"", {"size": 2_000_000_000})
    assert small.run(f"{HERE}:size", b"abc", {"more": ""}) == [3, ""]
    small.close()


def test_it_leaves_when_there_is_nothing_to_do_and_comes_back() -> None:
    short = Apart(seconds=20, idle=0.3)
    first = short.run(f"{HERE}:whose", b"", {})
    time.sleep(1.5)
    assert short.run(f"{HERE}:whose", b"", {}) != first
    short.close()
