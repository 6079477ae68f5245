"""The jobs engine on both databases: delivery after commit, retried, in order, taken over."""

import subprocess
import sys
from pathlib import Path
from uuid import uuid4

from sqlalchemy import func, select

from backend.chats import Posted
from backend.clock import RealClock
from backend.outbox import TryLater
from bot.channels.memory import MemoryChannel
from bot.message import Address, Pressed, Said
from tests.office import Office
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
    from backend.clock import StillClock
    from tests.conftest import NOW
    from tests.office import hire

    with hire(postgres_url, home=tmp_path / "home", clock=StillClock(NOW)) as office:
        office.store.clock = RealClock()
        command = [sys.executable, "-c", WORKER, postgres_url, str(tmp_path / "other")]
        worker = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert worker.stdout is not None
        assert worker.stdout.readline().strip() == "ready"
        office.brain.meant = [("help", {})]
        office.app.hear(Said("e1", Address("memory", "ana"), "ana", "help"))
        assert worker.stdout.readline().startswith("sending")
        worker.kill()
        worker.wait()
        worker.stdout.close()
        with office.app.running():
            until(lambda: bool(office.shown("ana")), seconds=20, what="the dead worker's post")
        assert len(office.shown("ana")) == 1
