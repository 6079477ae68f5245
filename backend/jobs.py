"""The jobs engine: what runs after a commit, in order, retried, taken over from workers that died. DBOS, here alone.

Rows are the truth: a delivery or a post is due as long as its row says so. A job only says "look now", so that one
run twice does nothing twice, and one that was lost is made again by the next beat. Each worker has a row that beats;
what a worker held whose row stands still is free for the others, and its jobs are run by them.
"""

import threading
import time
from collections.abc import Callable, Collection, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Any

import structlog
from sqlalchemy import Engine as SqlEngine
from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from backend import workers
from backend.bells import Bell
from backend.outbox import Due, owed
from backend.store import Store, unixepoch_functions

log = structlog.get_logger()

TELL, SEND = "backdesk_tell", "backdesk_send"
VERSION = "backdesk"
LAUNCH_LOCK = 72_178_099
"""The advisory lock under which one worker at a time launches."""
KEPT_SECONDS = 24 * 3600
CHECKED_SECONDS = 300
"""How often the engine looks after itself."""
LOOKS_AGAIN = 1.0
"""Seconds between two looks at a queue: what this process puts into it is taken at once, by its bell."""
AT_ONCE = 16
"""So many conversations of one channel are sent to at the same time by one worker."""

Beat = Callable[[], Due]


class Engine:
    """Runs jobs in this process.

    tell      tells subscribers of these deliveries
    send      sends the next post of a conversation: (channel, conversation, holder); True if there may be another
    beat      what has to be done now and then (timers, the index); returns what is due and has no job yet
    check     looks after the engine itself now and then, and logs what is wrong
    read      reads the next receipt that waits, held by (holder); True if there was one
    channels  on which this process sends; each has a queue of its own, so that one that hangs keeps no other waiting
    """

    def __init__(
        self,
        store: Store,
        *,
        tell: Callable[[Sequence[int]], None],
        send: Callable[[str, str, str], bool],
        beat: Beat,
        check: Callable[[], None],
        read: Callable[[str], bool] = lambda holder: False,
        channels: Collection[str] = (),
        seconds: float = 1.0,
    ) -> None:
        self._store = store
        self._tell = tell
        self._send = send
        self._beat = beat
        self._check = check
        self._read = read
        self._to_read = threading.Event()
        self._channels = frozenset(channels)
        self._seconds = seconds
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._bells: dict[str, Bell] = {}
        self._client: Any = None
        self._system: SqlEngine | None = None
        self._watch = workers.Watch()
        self.worker = workers.name()

    def start(self) -> None:
        """Starts taking jobs, and from now on enqueues them in the transactions that owe them."""
        from dbos import DBOS, DBOSClient
        from dbos._serialization import DBOSPortableJSONSerializer

        words: dict[str, Any] = {"serializer": DBOSPortableJSONSerializer()}
        if self._store.embedded:
            self._system = _sqlite_system(self._store.url)
            words["system_database_engine"] = self._system
        url = self._store.url if self._store.embedded else _plain(self._store.url)
        config: Any = {
            "name": "backdesk",
            "system_database_url": url,
            "application_version": VERSION,
            "executor_id": self.worker,
            "max_executor_threads": 8 + AT_ONCE * max(1, len(self._channels)),
            "scheduler_polling_interval_sec": 5.0,
            "log_level": "ERROR",
            "console_log_level": "ERROR",
            **words,
        }
        DBOS(config=config)
        DBOS.listen_queues([])  # its own threads would look at every queue ten times a second

        @DBOS.workflow(name=TELL)
        def tell(ids: list[int]) -> None:  # pyright: ignore[reportUnusedFunction]
            self._tell(ids)
            self._bells[TELL].ring()

        @DBOS.workflow(name=SEND)
        def send(channel: str, conversation: str) -> None:  # pyright: ignore[reportUnusedFunction]
            holder = f"{self.worker}/{token_hex(4)}"
            while not self._stop.is_set() and self._send(channel, conversation, holder):
                pass
            self._bells[_queue(channel)].ring()  # there is room for another

        self._run("alive", self._stay_alive)
        with self._one_at_a_time():
            DBOS.launch()
            self._open(TELL, at_once=4)
            for each in sorted(self._channels):
                self._open(_queue(each), at_once=AT_ONCE)
        client: dict[str, Any] = (
            {"system_database_engine": self._system} if self._system else {"system_database_url": url}
        )
        self._client = DBOSClient(serializer=DBOSPortableJSONSerializer(), **client)
        self._store.on_commit.append(self._owe)
        self._run("beat", self._keep_beating)
        self._run("check", self._keep_checking)
        self._run("read", self._keep_reading)

    def _open(self, name: str, *, at_once: int) -> None:
        """Begins to take jobs from a queue, so many at the same time."""
        from dbos import DBOS
        from dbos._dbos import _get_dbos_instance  # pyright: ignore[reportPrivateUsage]
        from dbos._queue import queue_worker_thread

        queue = DBOS.register_queue(name, polling_interval_sec=LOOKS_AGAIN, worker_concurrency=at_once)
        bell = self._bells[name] = Bell()
        engine = _get_dbos_instance()
        self._run(f"queue {name}", lambda: queue_worker_thread(bell, engine, queue))

    def _run(self, name: str, loop: Callable[[], None]) -> None:
        thread = threading.Thread(target=loop, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def stop(self) -> None:
        """Stops taking jobs; what is under way is finished first."""
        from dbos import DBOS

        self._stop.set()
        self._to_read.set()
        for bell in self._bells.values():
            bell.set()
        if self._owe in self._store.on_commit:
            self._store.on_commit.remove(self._owe)
        for each in self._threads:
            each.join(timeout=10)
        DBOS.destroy(workflow_completion_timeout_sec=15, destroy_registry=True)
        if self._client is not None:
            self._client.destroy()
        if self._system is not None:
            self._system.dispose()
        try:
            with self._store.writing() as session:
                workers.bury(session, self.worker)
        except DBAPIError:
            log.warning("the database does not answer; another worker takes over what was under way")

    def _owe(self, session: Session) -> None:
        self._enqueue(session, owed(session))
        if session.info.pop("to_read", False):
            self._to_read.set()

    def _enqueue(self, session: Session, due: Due) -> None:
        if due.deliveries:
            self._job(session, TELL, f"tell:{due.deliveries[0]}:{due.attempt}", [due.deliveries])
        for channel, conversation, key in due.conversations:
            if channel in self._channels:
                self._job(session, SEND, f"send:{key}", [channel, conversation], queue=_queue(channel))

    def _job(self, session: Session, name: str, id: str, args: list[Any], *, queue: str = "") -> None:
        options: dict[str, Any] = {
            "workflow_name": name,
            "queue_name": queue or name,
            "workflow_id": id,
            "app_version": VERSION,
        }
        self._client.enqueue_in_transaction(session, options, *args)
        self._bells[queue or name].ring_after(session)

    def _stay_alive(self) -> None:
        """Beats, whatever else goes on, and takes over from workers that no longer do."""
        while not self._stop.wait(self._seconds):
            try:
                with self._store.writing() as session:
                    workers.beat(session, self.worker)
                    rows = workers.others(session, self.worker)
                for gone in self._watch.silent(rows):
                    self._take_over(gone)
            except Exception:
                self._watch.forget()
                log.exception("could not say that this worker lives; the next beat tries again")

    def _keep_beating(self) -> None:
        forgot = time.monotonic() - KEPT_SECONDS
        while not self._stop.wait(self._seconds):
            try:
                due = self._beat()
                if due.deliveries or due.conversations:
                    with self._store.writing() as session:
                        self._enqueue(session, due)
                if time.monotonic() - forgot > 3600:
                    forgot = time.monotonic()
                    self._forget_finished()
            except Exception:
                log.exception("a beat failed; the next one tries again")

    def _keep_checking(self) -> None:
        """Looks after the engine beside its beats: with a million open steps that takes seconds."""
        while not self._stop.wait(CHECKED_SECONDS):
            try:
                self._check()
            except Exception:
                log.exception("the engine could not look after itself; it tries again")

    def _keep_reading(self) -> None:
        """Reads receipts, one at a time and in their order, beside everything else."""
        while not self._stop.is_set():
            try:
                while not self._stop.is_set() and self._read(self.worker):
                    pass
            except Exception:
                log.exception("receipts could not be read; the next look tries again")
            self._to_read.wait(self._seconds)
            self._to_read.clear()

    @contextmanager
    def _one_at_a_time(self) -> Generator[None]:
        """Lets one worker at a time make the engine's own tables: several at once get in each other's way.

        Asked for again and again instead of waited for: the engine builds indexes concurrently, which waits for
        every statement that is under way, and so for a worker that waits for this lock.
        """
        if self._store.embedded:
            yield
            return
        with self._store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            key = {"key": LAUNCH_LOCK}
            while not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), key):
                time.sleep(0.1)
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), key)

    def _take_over(self, gone: str) -> None:
        """Frees what a dead worker held, and runs the jobs that it had begun."""
        from dbos import DBOS

        left = DBOS.list_workflows(status="PENDING", executor_id=gone, load_input=False, load_output=False)
        for queue in {each.queue_name for each in left if each.queue_name}:
            DBOS.resume_workflows([each.workflow_id for each in left if each.queue_name == queue], queue_name=queue)
        with self._store.writing() as session:
            workers.bury(session, gone)
        log.warning("a worker is gone; what it held was taken over", worker=gone, jobs=len(left))

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


def _queue(channel: str) -> str:
    return f"{SEND}_{channel}"


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def _sqlite_system(url: str) -> SqlEngine:
    words = {"timeout": 30, "check_same_thread": False, "isolation_level": "IMMEDIATE"}
    engine = create_engine(url, connect_args=words, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def connected(raw: Any, record: Any) -> None:  # pyright: ignore[reportUnusedFunction]
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000"):
            raw.execute(f"PRAGMA {pragma}")
        unixepoch_functions(raw)

    return engine
