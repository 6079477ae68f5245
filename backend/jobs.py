"""The jobs engine: what runs after a commit, in order, retried, taken over from workers that died. DBOS, here alone.

Rows are the truth: a delivery or a post is due as long as its row says so. A job only says "look now", so that one
run twice does nothing twice, and one that was lost is made again by the next beat.
"""

import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Engine as SqlEngine
from sqlalchemy import create_engine, event, text
from sqlalchemy.orm import Session

from backend.outbox import Due, owed
from backend.store import Store, unixepoch_functions

log = structlog.get_logger()

TELL, SEND = "backdesk_tell", "backdesk_send"
VERSION = "backdesk"
SLOTS = 64
SLOT_LOCKS = 72_178_100
"""PostgreSQL advisory locks: one for each worker alive."""
LAUNCH_LOCK = 72_178_099
"""The advisory lock under which one worker at a time launches."""
KEPT_SECONDS = 24 * 3600

Beat = Callable[[], Due]


class Engine:
    """Runs jobs in this process.

    tell  tells subscribers of these deliveries
    send  sends what waits in a conversation, in order: (channel, conversation)
    beat  what has to be done now and then (timers, the index); returns what is due and has no job yet
    """

    def __init__(
        self,
        store: Store,
        *,
        tell: Callable[[Sequence[int]], None],
        send: Callable[[str, str], None],
        beat: Beat,
        seconds: float = 1.0,
    ) -> None:
        self._store = store
        self._tell = tell
        self._send = send
        self._beat = beat
        self._seconds = seconds
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._client: Any = None
        self._system: SqlEngine | None = None
        self._slot: Any = None

    def start(self) -> None:
        """Starts taking jobs, and from now on enqueues them in the transactions that owe them."""
        from dbos import DBOS, DBOSClient
        from dbos._serialization import DBOSPortableJSONSerializer

        slot = self._take_slot()
        words: dict[str, Any] = {"serializer": DBOSPortableJSONSerializer()}
        if self._store.embedded:
            self._system = _sqlite_system(self._store.url)
            words["system_database_engine"] = self._system
        url = self._store.url if self._store.embedded else _plain(self._store.url)
        config: Any = {
            "name": "backdesk",
            "system_database_url": url,
            "application_version": VERSION,
            "executor_id": slot,
            "max_executor_threads": 16,
            "scheduler_polling_interval_sec": 5.0,
            "log_level": "ERROR",
            "console_log_level": "ERROR",
            **words,
        }
        DBOS(config=config)

        @DBOS.workflow(name=TELL)
        def tell(ids: list[int]) -> None:  # pyright: ignore[reportUnusedFunction]
            self._tell(ids)

        @DBOS.workflow(name=SEND)
        def send(channel: str, conversation: str) -> None:  # pyright: ignore[reportUnusedFunction]
            self._send(channel, conversation)

        with self._one_at_a_time():
            DBOS.launch()
            DBOS.register_queue(TELL, polling_interval_sec=0.1, worker_concurrency=4)
            DBOS.register_queue(SEND, polling_interval_sec=0.1, partition_concurrency=1, worker_concurrency=12)
        client: dict[str, Any] = (
            {"system_database_engine": self._system} if self._system else {"system_database_url": url}
        )
        self._client = DBOSClient(serializer=DBOSPortableJSONSerializer(), **client)
        self._store.on_commit.append(self._owe)
        self._thread = threading.Thread(target=self._keep_beating, name="beat", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stops taking jobs; what is under way is finished first."""
        from dbos import DBOS

        self._stop.set()
        if self._owe in self._store.on_commit:
            self._store.on_commit.remove(self._owe)
        if self._thread is not None:
            self._thread.join(timeout=10)
        DBOS.destroy(workflow_completion_timeout_sec=5, destroy_registry=True)
        if self._client is not None:
            self._client.destroy()
        if self._slot is not None:
            self._slot.close()
        if self._system is not None:
            self._system.dispose()

    def _owe(self, session: Session) -> None:
        self._enqueue(session, owed(session))

    def _enqueue(self, session: Session, due: Due) -> None:
        if due.deliveries:
            self._job(session, TELL, f"tell:{due.deliveries[0]}:{due.attempt}", [due.deliveries])
        for channel, conversation, key in due.conversations:
            place = f"{channel}:{conversation}"
            self._job(session, SEND, f"send:{key}", [channel, conversation], partition=place)

    def _job(self, session: Session, name: str, id: str, args: list[Any], *, partition: str | None = None) -> None:
        options: dict[str, Any] = {
            "workflow_name": name,
            "queue_name": name,
            "workflow_id": id,
            "app_version": VERSION,
        }
        if partition is not None:
            options["queue_partition_key"] = partition
        self._client.enqueue_in_transaction(session, options, *args)

    def _keep_beating(self) -> None:
        beats = 0
        while not self._stop.wait(self._seconds):
            try:
                due = self._beat()
                if due.deliveries or due.conversations:
                    with self._store.writing() as session:
                        self._enqueue(session, due)
                if beats % 3 == 0:
                    self._take_over()
                if beats % 3600 == 0:
                    self._forget_finished()
            except Exception:
                log.exception("a beat failed; the next one tries again")
            beats += 1

    @contextmanager
    def _one_at_a_time(self) -> Generator[None]:
        """Lets one worker at a time make the engine's own tables: several at once get in each other's way.

        Asked for again and again instead of waited for: the engine builds indexes concurrently, which waits for
        every statement that is under way, and so for a worker that waits for this lock.
        """
        if self._slot is None:
            yield
            return
        while not self._slot.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": LAUNCH_LOCK}):
            time.sleep(0.1)
        try:
            yield
        finally:
            self._slot.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": LAUNCH_LOCK})

    def _take_slot(self) -> str:
        """A name for this worker that no living worker has: on PostgreSQL the first free advisory lock."""
        if self._store.embedded:
            return "backdesk-1"
        self._slot = self._store.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        for number in range(SLOTS):
            if self._slot.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": SLOT_LOCKS + number}):
                return f"slot-{number}"
        raise RuntimeError(f"there are {SLOTS} workers already")

    def _take_over(self) -> None:
        """Takes over the jobs of workers that died: those under way whose slot's lock is free."""
        if self._slot is None:
            return
        from dbos import DBOS

        for number in range(SLOTS):
            name = f"slot-{number}"
            if name == DBOS.executor_id:
                continue
            key = {"key": SLOT_LOCKS + number}
            if not self._slot.scalar(text("SELECT pg_try_advisory_lock(:key)"), key):
                continue
            try:
                left = DBOS.list_workflows(status="PENDING", executor_id=name, load_input=False, load_output=False)
                for queue in (TELL, SEND):
                    ids = [each.workflow_id for each in left if each.queue_name == queue]
                    if ids:
                        log.info("took over jobs", slot=name, count=len(ids))
                        DBOS.resume_workflows(ids, queue_name=queue)
            finally:
                self._slot.execute(text("SELECT pg_advisory_unlock(:key)"), key)

    def _forget_finished(self) -> None:
        from datetime import UTC, datetime, timedelta

        from dbos import DBOS

        before = (datetime.now(UTC) - timedelta(seconds=KEPT_SECONDS)).isoformat()
        finished = DBOS.list_workflows(
            status=["SUCCESS", "ERROR", "CANCELLED"], end_time=before, limit=5000, load_input=False, load_output=False
        )
        if finished:
            DBOS.delete_workflows([each.workflow_id for each in finished])


def database_file(url: str) -> Path:
    """The file of an embedded database."""
    return Path(url.removeprefix("sqlite:///"))


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def _sqlite_system(url: str) -> SqlEngine:
    words = {"timeout": 30, "check_same_thread": False, "isolation_level": "IMMEDIATE"}
    engine = create_engine(url, connect_args=words)

    @event.listens_for(engine, "connect")
    def connected(raw: Any, record: Any) -> None:  # pyright: ignore[reportUnusedFunction]
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000"):
            raw.execute(f"PRAGMA {pragma}")
        unixepoch_functions(raw)

    return engine
