"""Drill: 40 approvers decide 2,000 requests at once, each pressed by two processes, while four workers deliver."""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from backend import audit, buttons, filing, leave, people
from backend.chats import Posted
from backend.events import Delivery
from backend.kinds import Kinds
from backend.people import Company, Employer, Person, Place
from backend.requests import Opinion, Request, Step
from backend.store import Store
from backend.timers import Timer
from bot.app import App
from bot.settings import Settings

pytestmark = [pytest.mark.drill, pytest.mark.postgres]

APPROVERS, EACH, PRESSERS, WORKERS = 40, int(os.environ.get("BACKDESK_DRILL_EACH", "50")), 4, 4
ALLOWANCE = Decimal(400)

PRESSER = """
import json, random, sys
import backdesk
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4
from backend.store import Store
from bot.app import App
from bot.message import Address, Pressed
from bot.settings import Settings

url, home, work, seed = sys.argv[1:5]
settings = Settings.at(Path(home)).model_copy(update={"database_url": url})
app = App(settings, Store(url))
presses = json.loads(Path(work).read_text())
random.Random(int(seed)).shuffle(presses)
print("ready", flush=True)
sys.stdin.readline()

def press(each):
    who, token, comment = each
    app.hear(Pressed(uuid4().hex, Address("web", who), who, token, {"comment": comment} if comment else {}))

with ThreadPoolExecutor(10) as approvers:
    list(approvers.map(press, presses))
app.store.close()
"""


def found(store: Store, kinds: Kinds) -> None:
    """A company of 40 managers with five people each; every one of the people asks for as many single days."""
    days = [date(2027, 1, 11) + timedelta(days=7 * week + day) for week in range(40) for day in range(5)]
    with store.writing() as session:
        session.add(Company(id=1, name="Many Works", timezone="Europe/Madrid", currency="EUR"))
        place = Place(name="Madrid", country="ES", region=None, timezone="Europe/Madrid")
        employer = Employer(name="Many Works", currency="EUR", timezone="Europe/Madrid")
        session.add_all([place, employer])
        session.flush()
        for nth in range(APPROVERS):
            manager = _person(f"manager{nth}", None, employer, place)
            session.add(manager)
            session.flush()
            for other in range(5):
                person = _person(f"person{nth}x{other}", manager.id, employer, place)
                session.add(person)
                session.flush()
                leave.enter(session, person, leave_type="vacation", sort=leave.OPENING, days=ALLOWANCE, by=None)
    with store.looking() as session:
        names = [each.handle for each in people.everybody(session) if each.manager_id]
    for who in names:
        with store.writing() as session:
            person = people.find(session, who)
            for day in days[: EACH // 5]:
                values = {"leave_type": "vacation", "start": day, "end": day}
                request = filing.submit(session, kinds["time_off"], values=values, requester=person, by=person)
                assert request.state == "pending"


def _person(handle: str, manager: int | None, employer: Employer, place: Place) -> Person:
    return Person(
        handle=handle, name=handle.capitalize(), manager_id=manager, employer_id=employer.id, place_id=place.id
    )


def test_forty_approvers_decide_two_thousand_at_once(
    postgres_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = Store(postgres_url)
    settings = Settings.at(tmp_path / "home").model_copy(update={"database_url": postgres_url})
    app = App(settings, store)
    found(store, app.kinds)
    work = _buttons(store)
    total = APPROVERS * EACH
    assert len(work) == 2 * total
    words = [sys.executable, "-m", "backdesk", "worker", "--home", str(tmp_path / "home")]
    env = {**os.environ, "BACKDESK_DATABASE_URL": postgres_url}
    workers = [subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env) for _ in range(WORKERS)]
    pressing: list[subprocess.Popen[str]] = []
    try:
        for nth in range(PRESSERS):
            # both presses of one request go to different processes
            mine = [each for at, each in enumerate(work) if (at // 2 + at % 2 * 2) % PRESSERS == nth]
            (tmp_path / f"work{nth}.json").write_text(json.dumps(mine))
            words = [sys.executable, "-c", PRESSER, postgres_url, str(tmp_path / "home")]
            words += [str(tmp_path / f"work{nth}.json"), str(nth)]
            pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
            pressing.append(subprocess.Popen(words, **pipes))
        assert [each.stdout.readline() for each in pressing if each.stdout] == ["ready\n"] * PRESSERS
        began = time.monotonic()
        for each in pressing:
            assert each.stdin is not None
            each.stdin.write("go\n")
            each.stdin.flush()
        for each in pressing:
            each.communicate()
        assert [each.returncode for each in pressing] == [0] * PRESSERS
        decided_in = time.monotonic() - began
        while _owed(store) and time.monotonic() < began + 900 and not any(each.poll() for each in workers):
            time.sleep(0.5)
        ended = [each.poll() for each in workers]
        delivered_in = time.monotonic() - began
    finally:
        for each in workers:
            each.terminate()
        complaints = [each.communicate()[1] for each in workers]
    assert ended == [None] * WORKERS, complaints
    with store.looking() as session:
        assert _owed(store) == 0, complaints
        opinions = Counter(session.scalars(select(Opinion.step_id)))
        assert len(opinions) == total
        assert set(opinions.values()) == {1}
        states = Counter(session.scalars(select(Request.state)))
        assert sum(states.values()) == total == states["approved"] + states["rejected"]
        said = Counter(session.scalars(select(Opinion.outcome)))
        assert (said["approved"], said["rejected"]) == (states["approved"], states["rejected"])
        for person in people.everybody(session):
            if person.manager_id:
                taken = select(func.count()).select_from(Request)
                mine = session.scalar(taken.where(Request.person_id == person.id, Request.state == "approved"))
                assert leave.free(session, person, "vacation") == ALLOWANCE - Decimal(mine or 0)
        assert session.scalar(select(func.count()).select_from(Step).where(Step.state == "open")) == 0
        watched = select(func.count()).select_from(Timer).where(Timer.state == "open", Timer.subject.like("step:%"))
        assert session.scalar(watched) == 0
        refusals = [
            str(post.body["refusal"]) for post in session.scalars(select(Posted)) if (post.body or {}).get("refusal")
        ]
        assert len(refusals) == total
        assert [each for each in refusals if "was already" not in each] == []
        assert audit.verify(session).sound
        entries = audit.verify(session).entries
    store.close()
    with capsys.disabled():
        print(
            f"\n{total} requests, {2 * total} presses by {APPROVERS} approvers from {PRESSERS} processes beside "
            f"{WORKERS} workers: decided in {decided_in:.0f} s, all delivered after {delivered_in:.0f} s; "
            f"{states['approved']} approved, {states['rejected']} rejected, {len(refusals)} told who was first; "
            f"{entries} log entries, sound"
        )


def _buttons(store: Store) -> list[tuple[str, str, str]]:
    """For each request its manager's two buttons, Approve and Reject: (who, token, reason)."""
    out: list[tuple[str, str, str]] = []
    with store.writing() as session:
        for request in session.scalars(select(Request).order_by(Request.number)):
            manager = session.get_one(Person, request.person.manager_id)
            for verb, comment in (("approve", ""), ("reject", "the team is thin that week")):
                token = buttons.offer(session, manager, verb=verb, subject=request.subject)
                out.append((manager.handle, token, comment))
    return out


def _owed(store: Store) -> int:
    """How many subscribers have still to be told of something."""
    with store.looking() as session:
        owed = select(func.count()).select_from(Delivery).where(Delivery.state != "told")
        return session.scalar(owed) or 0
