"""A burst at a running `backdesk start`: acknowledged how soon, answered how many, in order, for how much CPU.

`python -m benchmarks.burst [slack] [slack-http] [telegram]` sends EVENTS messages of PEOPLE people in SECONDS seconds,
each at its moment whatever became of those before, to a process of its own that works on them meanwhile.
"""

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from backend import people, schema
from backend.people import Person
from backend.store import Store
from benchmarks.channels import cpu
from tests.office import found
from tests.waiting import until
from tests.wire import slack as slack_wire
from tests.wire import telegram as telegram_wire
from tests.wire.slack_sending import SlackPeople
from tests.wire.telegram import FakeTelegram

PEOPLE, EVENTS, SECONDS = 50, 500, 10.0
PATIENCE = 120.0
"""Seconds after the burst within which everything should be answered."""
SECRET = "a-secret"

Send = Callable[[int, str], bool]
Answers = Callable[[int], list[str]]


@dataclass(frozen=True)
class Place:
    """A platform to send on: how somebody's message is sent (true once acknowledged), and what they were answered."""

    send: Send
    answers: Answers
    process: int


def measure(*names: str) -> str:
    """One line for each platform."""
    places = {"slack": _slack, "slack-http": _slack_http, "telegram": _telegram}
    lines: list[str] = []
    for name in names or places:
        with tempfile.TemporaryDirectory() as folder, places[name](Path(folder)) as place:
            lines.append(f"burst on {name}: {_burst(place)}")
    return "\n".join(lines)


def _burst(place: Place) -> str:
    before, start = cpu(place.process), time.monotonic() + 0.5

    def one(nth: int) -> tuple[bool, float]:
        due = start + nth * SECONDS / EVENTS
        time.sleep(max(0.0, due - time.monotonic()))
        return place.send(nth % PEOPLE, f"Where is request {1000 + nth}?"), time.monotonic() - due

    with ThreadPoolExecutor(100) as pool:
        sent = list(pool.map(one, range(EVENTS)))
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and sum(len(_numbers(place, each)) for each in range(PEOPLE)) < EVENTS:
        time.sleep(0.2)
    answered = [_numbers(place, each) for each in range(PEOPLE)]
    seconds, spent = sorted(each for _, each in sent), cpu(place.process) - before
    took, each = time.monotonic() - start, spent / EVENTS * 1000
    wrong = sum(one >= other for each in answered for one, other in pairwise(each))
    return (
        f"{sum(each for each, _ in sent)} of {EVENTS} acknowledged, after {seconds[EVENTS // 2]:.2f} s (half), "
        f"{seconds[EVENTS * 95 // 100]:.2f} s (95 %), {seconds[EVENTS * 99 // 100]:.2f} s (99 %), {seconds[-1]:.2f} s "
        f"at most; {sum(map(len, answered))} answered, {wrong} out of order or twice, all {took:.0f} s after "
        f"the first; {each:.0f} ms of CPU each with its answer; load {os.getloadavg()[0]:.1f}"
    )


def _numbers(place: Place, who: int) -> list[int]:
    """The requests that somebody was told of, in the order in which they were."""
    return [int(number) for each in place.answers(who) for number in re.findall(r"no request (\d{4})", each)]


@contextmanager
def _slack(home: Path, *, http_: bool = False) -> Generator[Place]:
    port = _free_port()
    with SlackPeople(to=f"http://127.0.0.1:{port}/slack/events" if http_ else "") as slack:
        _company(home)
        for who in range(PEOPLE):
            slack.join(f"p{who}@small.example", id=f"U{who:03}")
        words = {"SLACK_BOT_TOKEN": slack_wire.TOKEN, "BACKDESK_SLACK_API_URL": slack.api}
        words |= {"SLACK_SIGNING_SECRET": slack_wire.SECRET} if http_ else {"SLACK_APP_TOKEN": slack_wire.APP_TOKEN}
        with _started(home, port, words) as process:
            if not http_:
                until(lambda: bool(slack.sockets), what="the socket")
            yield Place(
                lambda who, text: slack.says(f"U{who:03}", text).acknowledged,
                lambda who: [each.reads for each in slack.shown(f"U{who:03}")],
                process,
            )


@contextmanager
def _slack_http(home: Path) -> Generator[Place]:
    with _slack(home, http_=True) as place:
        yield place


@contextmanager
def _telegram(home: Path) -> Generator[Place]:
    port = _free_port()
    with FakeTelegram() as telegram:
        _company(home, linked=True)
        telegram.started.update(range(1, PEOPLE + 1))
        words = {
            "TELEGRAM_BOT_TOKEN": telegram_wire.TOKEN,
            "TELEGRAM_WEBHOOK_SECRET": SECRET,
            "BACKDESK_TELEGRAM_API_URL": telegram.url,
            "BACKDESK_PUBLIC_URL": f"http://127.0.0.1:{port}",
        }

        def send(who: int, text: str) -> bool:
            person = {"id": who + 1, "is_bot": False, "first_name": "P"}
            number = int(re.findall(r"\d+", text)[0])
            message = {"message_id": number, "date": int(time.time()), "from": person, "text": text}
            message["chat"] = {"id": who + 1, "type": "private"}
            headers = {telegram_wire.SECRET: SECRET, "Content-Type": "application/json"}
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            update = json.dumps({"update_id": number, "message": message})
            connection.request("POST", "/telegram/webhook", update, headers)
            status = connection.getresponse().status
            connection.close()
            return status == 200

        with _started(home, port, words) as process:
            yield Place(send, lambda who: telegram.texts(who + 1), process)


def _company(home: Path, *, linked: bool = False) -> None:
    """So many colleagues, known on Telegram if `linked`."""
    home.mkdir(exist_ok=True)
    store = Store(f"sqlite:///{home / 'backdesk.db'}")
    schema.migrate(store)
    found(store)
    with store.writing() as session:
        maria = people.find(session, "maria")
        for who in range(PEOPLE):
            same = {"employer_id": maria.employer_id, "place_id": maria.place_id, "manager_id": maria.id}
            person = Person(handle=f"p{who}", name=f"Pat {who}", email=f"p{who}@small.example", team="works", **same)
            session.add(person)
            session.flush()
            if linked:
                people.link(session, person, channel="telegram", account=str(who + 1))
    store.close()


@contextmanager
def _started(home: Path, port: int, words: dict[str, str]) -> Generator[int]:
    """`backdesk start`, from when it says that it runs."""
    command = [sys.executable, "-m", "backdesk", "start", "--home", str(home), "--port", str(port)]
    process = subprocess.Popen(command, env={**os.environ, **words}, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        assert any(line.startswith("Running") for line in process.stdout)
        yield process.pid
    finally:
        process.terminate()
        process.wait(60)
        process.stdout.close()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return one.getsockname()[1]


if __name__ == "__main__":
    print(measure(*sys.argv[1:]))
