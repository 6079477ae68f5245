"""The jobs engine on both databases: delivery after commit, retried, in order, taken over."""

import subprocess
import sys
import threading
from collections import Counter
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend import checkup, timers, workers
from backend.chats import Posted
from backend.clock import RealClock, StillClock
from backend.events import Delivery
from backend.outbox import Due, TryLater, owed
from backend.store import Store
from backend.timers import Timer
from bot.channels.memory import MemoryChannel
from bot.message import Address, Pressed, Said
from tests.conftest import NOW
from tests.office import Office, hire
from tests.waiting import until

VACATION = [("time_off.submit", {"leave_type": "vacation", "start": "2026-11-26", "end": "2026-11-26"})]


def test_an_approval_card_arrives_by_itself(office_on_each: Office) -> None:
    office = office_on_each
    office.app.settings = office.app.settings.model_copy(update={"quiet": False})  # at any hour
    office.store.clock = RealClock()
    with office.app.running():
        office.brain.meant = VACATION
        office.app.hear(Said(uuid4().hex, Address("memory", "ana"), "ana", "vacation"))
        until(lambda: bool(office.shown("ana")), what="the draft's card")
        office.app.hear(Pressed(uuid4().hex, Address("memory", "ana"), "ana", office.button("ana", "submit").token))
        until(lambda: any(post.card for post in office.shown("maria")), what="the approval card")
    assert office.card("maria").ref == "TO-1"


def test_a_decision_owes_one_job_with_all_of_its_news(office_on_each: Office) -> None:
    office = office_on_each
    office.says("ana", "vacation", meant=VACATION)
    office.presses("ana", "submit")
    jobs: list[Due] = []
    office.store.on_commit.append(lambda session: jobs.append(owed(session)))
    pressed = Pressed("the press", Address("memory", "maria"), "maria", office.button("maria", "approve").token)
    office.app.hear(pressed)
    with office.store.looking() as session:
        news = list(session.scalars(select(Delivery.id).where(Delivery.cause == "the press").order_by(Delivery.id)))
    assert len(news) > 2
    assert [each.deliveries for each in jobs] == [news]


class Moody(MemoryChannel):
    """Refuses the first three posts it is given."""

    refused = 0

    def post(self, posted: Posted, earlier: Posted | None) -> str | None:
        if self.refused < 3:
            self.refused += 1
            raise TryLater("not now", seconds=0.2)
        return super().post(posted, earlier)


def test_what_a_channel_refuses_is_tried_again_in_order(office_on_each: Office) -> None:
    office = office_on_each
    office.store.clock = RealClock()
    channel = Moody()
    office.app.channels["memory"] = channel
    with office.app.running():
        for number in range(5):
            office.brain.meant = [("help", {})]
            office.app.hear(Said(f"e{number}", Address("memory", "ana"), "ana", "help"))
        until(lambda: len(channel.shown) == 5, what="all five posts")
    with office.store.looking() as session:
        sent = session.scalars(select(Posted).order_by(Posted.sent_at)).all()
        assert [post.id for post in sent] == sorted(post.id for post in sent)
        assert session.scalar(select(func.max(Posted.attempts))) == 3


WORKER = """
import sys, time
import backdesk
from pathlib import Path
from bot import app as wiring
from bot.channels.memory import MemoryChannel
from bot.settings import Settings

class Slow(MemoryChannel):
    def post(self, posted, earlier):
        print("sending", posted.id, flush=True)
        time.sleep(600)

settings = Settings.at(Path(sys.argv[2])).model_copy(update={"database_url": sys.argv[1]})
app = wiring.build(settings, channels=[Slow()], always=["memory"], migrate=False)
with app.running():
    print("ready", flush=True)
    time.sleep(600)
"""


def test_a_dead_workers_job_is_taken_over(postgres_url: str, tmp_path: Path) -> None:
    with hire(postgres_url, home=tmp_path / "home", clock=StillClock(NOW)) as office:
        office.store.clock = RealClock()
        command = [sys.executable, "-c", WORKER, postgres_url, str(tmp_path / "other")]
        worker = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert worker.stdout is not None
        assert worker.stdout.readline().strip() == "ready"
        office.brain.meant = [("help", {})]
        office.app.hear(Said("e1", Address("memory", "ana"), "ana", "help"))
        assert worker.stdout.readline().startswith("sending")
        with office.app.running():
            until(lambda: len(running(office)) == 2, what="both workers")
            worker.kill()
            worker.wait()
            worker.stdout.close()
            until(lambda: bool(office.shown("ana")), seconds=10, what="the dead worker's post")
            until(lambda: len(running(office)) == 1, what="one worker that is left")
        assert len(office.shown("ana")) == 1


def running(office: Office) -> list[workers.Worker]:
    with office.store.looking() as session:
        return workers.alive(session)


def due(store: Store, count: int) -> None:
    """Sets so many timers that are due now."""
    with store.writing() as session:
        for number in range(count):
            timers.set_timer(session, name="try", subject=f"try:{number}", due_at=store.clock.now())


def test_workers_that_sweep_at_once_do_each_timer_once(database_url: str, clock: StillClock) -> None:
    store = Store(database_url, clock=clock)
    due(store, 120)
    done: list[str] = []
    together = threading.Barrier(3)

    def sweep() -> None:
        own = Store(database_url, clock=clock)
        together.wait()
        timers.sweep(own, {"try": lambda session, timer: done.append(timer.subject)})
        own.close()

    threads = [threading.Thread(target=sweep) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(Counter(done).values()) == [1] * 120
    with store.looking() as session:
        assert set(session.scalars(select(Timer.state))) == {"done"}
    store.close()


def test_a_timer_that_fails_keeps_no_other_from_its_turn(store: Store, clock: StillClock) -> None:
    due(store, 3)
    done: list[str] = []

    def go_off(session: Session, timer: Timer) -> None:
        assert timer.subject != "try:0", "a fault"
        done.append(timer.subject)

    assert timers.sweep(store, {"try": go_off}) == 2
    assert timers.sweep(store, {"try": go_off}) == 0
    clock.advance(timers.PUT_OFF)
    assert timers.sweep(store, {"try": lambda session, timer: done.append(timer.subject)}) == 1
    assert done == ["try:1", "try:2", "try:0"]


def test_the_engine_says_what_is_late_stuck_and_waiting(office_on_each: Office) -> None:
    office = office_on_each
    office.brain.meant = [("help", {})]
    office.app.hear(Said("e1", Address("memory", "ana"), "ana", "help"))
    due(office.store, 2)
    with office.store.writing() as session:
        session.add(Delivery(event_id="e", subscriber="notices", due_at=office.clock.now()))
        workers.beat(session, "one")
    with office.store.looking() as session:
        assert checkup.examine(session).troubles == {}
    office.clock.advance(checkup.LATE + timedelta(seconds=1))
    with office.store.looking() as session:
        found = checkup.examine(session)
    assert found.troubles == {"timers_late": 2, "deliveries_stuck": 1, "posts_waiting_memory": 1}
    assert found.workers == []


def test_a_worker_is_dead_when_its_beats_stand_still_for_those_who_watch(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch, at = workers.Watch(), [0.0]
    monkeypatch.setattr(workers.time, "monotonic", lambda: at[0])

    def look(seconds: float, *beating: str) -> list[str]:
        at[0] += seconds
        with store.writing() as session:
            for each in beating:
                workers.beat(session, each)
            return watch.silent(workers.others(session, "me"))

    assert look(0, "me", "one", "two") == []
    assert look(3, "me", "two") == []
    assert look(3, "me", "two") == ["one"]
    with store.writing() as session:
        workers.bury(session, "one")
    assert look(60, "me", "two") == []
