"""Drills: a scripted day is killed again and again, and a button is pressed from many processes at once.

`make drill` runs them; each prints its figures. What they showed last stands in docs/drills.md.
"""

import difflib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from backend import audit, leave, people
from backend.clock import StillClock
from backend.events import Event
from backend.leave import LeaveEntry
from backend.people import Person
from backend.requests import Opinion, Request
from backend.store import Store, embedded_url
from tests.conftest import NOW
from tests.office import hire

pytestmark = pytest.mark.drill

KILLS, SEED = 50, int(os.environ.get("BACKDESK_DRILL_SEED", "20261124"))

DAY: list[dict[str, Any]] = [
    {"as": "ana.costa", "say": "I need Thursday off"},
    {"as": "ana.costa", "press": "Vacation"},
    {"as": "ana.costa", "press": "submit"},
    {"as": "maria.silva", "press": "approve", "on": "TO-224"},
    {"as": "tom.becker", "say": "vacation from 7 to 11 December"},
    {"as": "tom.becker", "say": "yes"},
    {"as": "maria.silva", "press": "reject", "on": "TO-225", "with": {"comment": "the release is that week"}},
    {"as": "diego.romero", "say": "I'm sick today"},
    {"as": "diego.romero", "press": "submit"},
    {"as": "ben.carter", "say": "I paid 34 euros for a taxi yesterday"},
    {"as": "ben.carter", "press": "submit"},
    {"as": "marc.dubois", "press": "approve", "on": "EX-227"},
    {"as": "sofia.almeida", "say": "personal day on 9 December"},
    {"as": "sofia.almeida", "fill": {"end": "2026-12-10"}},
    {"as": "sofia.almeida", "press": "submit"},
    {"as": "lucia.fernandez", "press": "approve", "on": "TO-228"},
    {"as": "sofia.almeida", "press": "withdraw", "on": "TO-228"},
    {"as": "priya.nair", "say": "how many days of vacation do I have left?"},
    {"as": "ana.costa", "say": "vacation on 26 and 27 November"},
    {"as": "ana.costa", "press": "submit"},
    {"advance": "1d"},
    {"as": "maria.silva", "press": "approve", "on": "TO-229"},
    {"as": "elena.rossi", "say": "I want to take vacation on Friday 4 December"},
    {"as": "elena.rossi", "press": "submit"},
    {"as": "olga.petrova", "press": "approve", "on": "TO-230"},
    {"as": "maria.silva", "say": "Lucía approves for me from 26 to 30 November"},
    {"as": "maria.silva", "say": "yes"},
    {"as": "jonas.weber", "say": "I want to take vacation on Monday 14 December"},
    {"as": "jonas.weber", "press": "submit"},
    {"advance": "1d"},
    {"as": "lucia.fernandez", "press": "approve", "on": "TO-231"},
    {"as": "maria.silva", "press": "approve", "on": "TO-205"},
    {"as": "ana.costa", "say": "cancel 224"},
    {"as": "ana.costa", "say": "yes"},
    {"as": "diego.romero", "say": "I want to take vacation on Monday 21 December"},
    {"as": "diego.romero", "say": "no"},
    {"as": "diego.romero", "say": "how do my requests stand?"},
    {"advance": "4d"},
    {"as": "marc.dubois", "say": "what waits for me?"},
    {"as": "tom.becker", "say": "thanks"},
]


@dataclass
class Figures:
    """What the drill counted."""

    kills: int = 0
    days: int = 0
    runs: int = 0
    lines: int = 0
    doubled: int = 0
    lost: list[str] = field(default_factory=list[str])
    strange: list[str] = field(default_factory=list[str])


def script(file: Path, home: Path) -> list[str]:
    return [sys.executable, "-m", "backdesk", "script", str(file), "--home", str(home), "--now", NOW.isoformat()]


def surroundings() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if not key.startswith("BACKDESK_")}


def run(file: Path, home: Path, *, kill_after: int | None, kill_in: float) -> tuple[list[str], bool]:
    """Runs the script; kills it so many seconds after its n-th line. Returns the whole lines, and whether it ended."""
    process = subprocess.Popen(script(file, home), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=surroundings())
    assert process.stdout is not None
    assert process.stderr is not None
    complaints: list[bytes] = []
    drain = threading.Thread(target=lambda: complaints.extend(process.stderr or ()))
    drain.start()
    lines: list[bytes] = []
    if kill_after == 0:
        time.sleep(kill_in)
        process.kill()
    for line in process.stdout:
        lines.append(line)
        if kill_after is not None and len(lines) == kill_after:
            time.sleep(kill_in)
            process.kill()
    code = process.wait()
    drain.join()
    process.stdout.close()
    process.stderr.close()
    assert code in (0, -signal.SIGKILL), b"".join(complaints).decode()
    return [each.decode() for each in lines if each.endswith(b"\n")], code == 0


def state_of(home: Path) -> dict[str, Any]:
    """What is so in the end: requests, balances, days; and whether the log is sound."""
    store = Store(embedded_url(home), clock=StillClock(NOW))
    with store.looking() as session:
        sums: Counter[str] = Counter()
        for entry in session.scalars(select(LeaveEntry)):
            sums[f"{entry.person_id} {entry.leave_type}"] += entry.days  # pyright: ignore[reportArgumentType]
        days = session.scalars(select(leave.LeaveDay).where(leave.LeaveDay.state != "given back"))
        state = {
            "requests": {
                each.number: (each.kind, each.person_id, each.values, each.state, [step.state for step in each.steps])
                for each in session.scalars(select(Request).order_by(Request.number))
            },
            "opinions": [
                (each.by_id, each.for_id, each.outcome)
                for each in session.scalars(select(Opinion).order_by(Opinion.id))
            ],
            "sums": dict(sums),
            "days": sorted((each.person_id, each.day, each.part, each.state, each.request) for each in days),
            "events": [
                (each.kind, each.subject, each.actor_id) for each in session.scalars(select(Event).order_by(Event.seq))
            ],
            "sound": audit.verify(session).sound,
        }
    store.close()
    return state


def apart(got: Any, wanted: Any) -> list[str]:
    """The lines in which two states differ: + is there, - should be."""
    return [each for each in difflib.ndiff(listed(wanted), listed(got)) if each[0] in "+-"]


def listed(one: Any) -> list[str]:
    match one:
        case dict():
            return [str(each) for each in one.items()]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        case list():
            return [str(each) for each in one]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        case _:
            return [str(one)]


def heart(line: str) -> str:
    """A line without what depends on which run wrote it: its number in the file, where its card stood before."""
    doc: Mapping[str, Any] = json.loads(line)
    return json.dumps(
        {key: value for key, value in doc.items() if key not in ("line", "id", "replaces")}, sort_keys=True
    )


@pytest.fixture
def prepared(tmp_path: Path) -> tuple[Path, Path]:
    """The day's script, and a home in which the sample company is loaded and told of what is open."""
    file, home = tmp_path / "day.jsonl", tmp_path / "prepared"
    file.write_text("")
    subprocess.run([*script(file, home), "--company", "sample"], env=surroundings(), check=True, capture_output=True)
    file.write_text("\n".join(json.dumps({**each, "id": n}) for n, each in enumerate(DAY, start=1)))
    return file, home


def test_fifty_kills_lose_nothing_and_do_nothing_twice(
    prepared: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, clean = prepared
    undisturbed = tmp_path / "undisturbed"
    shutil.copytree(clean, undisturbed)
    wanted_lines, _ = run(file, undisturbed, kill_after=None, kill_in=0)
    assert [each for each in wanted_lines if '"error"' in each or "went wrong" in each] == []
    wanted_state, wanted = state_of(undisturbed), Counter(map(heart, wanted_lines))
    assert wanted_state["sound"]
    chance, figures, began = random.Random(SEED), Figures(), time.monotonic()
    while figures.kills < KILLS:
        home = tmp_path / f"day-{figures.days}"
        shutil.copytree(clean, home)
        seen: list[str] = []
        ended = False
        while not ended:
            after = chance.choice((0, 1, 1, 2, 3, 5)) if figures.kills < KILLS else None
            pause = chance.uniform(0.3, 4.0) if after == 0 else chance.choice((0.0, chance.uniform(0, 0.06)))
            lines, ended = run(file, home, kill_after=after, kill_in=pause)
            seen += lines
            figures.runs += 1
            figures.kills += not ended
        figures.days += 1
        figures.lines += len(seen)
        got = Counter(map(heart, seen))
        figures.lost += (wanted - got).elements()
        figures.strange += [each for each in got if each not in wanted]
        figures.doubled += sum((got - wanted).values())
        state = state_of(home)
        assert [(key, line) for key in state for line in apart(state[key], wanted_state[key])] == []
    with capsys.disabled():
        print(
            f"\n{figures.kills} kills in {figures.days} days of {len(DAY)} lines ({figures.runs} runs, "
            f"{time.monotonic() - began:.0f} s): {figures.lines} lines shown, {len(wanted_lines)} a day; "
            f"{len(figures.lost)} lost, {figures.doubled} shown twice, {len(figures.strange)} that should not be"
        )
    assert figures.lost == []
    assert figures.strange == []
    assert figures.doubled <= figures.kills


PRESSER = """
import sys
import backdesk
from datetime import datetime
from pathlib import Path
from uuid import uuid4
from backend.clock import StillClock
from backend.store import Store
from bot.app import App
from bot.channels.memory import MemoryChannel
from bot.message import Address, Pressed
from bot.settings import Settings

url, home, who, token, times, now = sys.argv[1:7]
settings = Settings.at(Path(home)).model_copy(update={"database_url": url})
store = Store(url, clock=StillClock(datetime.fromisoformat(now)))
app = App(settings, store, channels=[MemoryChannel()], always=["memory"])
print("ready", flush=True)
sys.stdin.readline()
for _ in range(int(times)):
    app.hear(Pressed(uuid4().hex, Address("memory", who), who, token))
app.store.close()
"""


@pytest.mark.postgres
def test_fifty_presses_from_ten_processes_do_it_once(
    postgres_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with hire(postgres_url, home=tmp_path / "home", clock=StillClock(NOW)) as office:
        day = {"leave_type": "vacation", "start": "2026-11-26", "end": "2026-11-26"}
        office.says("ana", "vacation", meant=[("time_off.submit", day)])
        office.presses("ana", "submit")
        token = office.button("maria", "approve", on="TO-1").token
        words = [
            sys.executable,
            "-c",
            PRESSER,
            postgres_url,
            str(tmp_path / "other"),
            "maria",
            token,
            "5",
            NOW.isoformat(),
        ]
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        pressing = [subprocess.Popen(words, **pipes) for _ in range(10)]
        assert [each.stdout.readline() for each in pressing if each.stdout] == ["ready\n"] * 10
        began, before = time.monotonic(), len(office.shown("maria"))
        for each in pressing:
            assert each.stdin is not None
            each.stdin.write("go\n")
            each.stdin.flush()
        codes = []
        for each in pressing:
            each.communicate()
            codes.append(each.returncode)
        took = time.monotonic() - began
        assert codes == [0] * 10
        office.app.settle()
        posts = office.shown("maria")[before:]
        refused = [post.refusal for post in posts if post.refusal]
        assert refused == ["TO-1 was already approved by Maria Silva."] * 49
        assert len([post for post in posts if post.committed]) == 1
        assert office.free("ana") == 19
        with office.store.looking() as session:
            assert session.scalar(select(func.count()).select_from(Opinion)) == 1
            assert people.find(session, "ana").id in session.scalars(select(Person.id))
            assert audit.verify(session).sound
    with capsys.disabled():
        print(f"\n50 presses from 10 processes on PostgreSQL in {took:.1f} s: 1 effect, 49 told who decided")
