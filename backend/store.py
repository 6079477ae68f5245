"""The database: one schema on SQLite (in the company's folder) and on PostgreSQL, one transaction a press."""

import heapq
import json
import threading
import time
from collections.abc import Callable, Generator, Hashable
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import (
    JSON,
    Connection,
    DateTime,
    Engine,
    MetaData,
    Numeric,
    String,
    TypeDecorator,
    create_engine,
    event,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Session

from backend import private
from backend.clock import Clock, RealClock


class Moment(TypeDecorator[datetime]):
    """An aware moment, stored in UTC on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Amount(TypeDecorator[Decimal]):
    """An exact decimal: text on SQLite (which has none of its own), NUMERIC on PostgreSQL."""

    impl = Numeric(18, 6)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(40))
        return dialect.type_descriptor(Numeric(18, 6))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        return str(value) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(str(value))


Doc = JSON().with_variant(JSONB(), "postgresql")
"""A JSON document: what people filled in, kept as they filled it in."""


STATEMENTS = 2000
"""So many different statements are kept as they were compiled: more than Backdesk has."""


class Base(DeclarativeBase):
    """Every table of Backdesk. Constraints have names, so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Turns:
    """One writer of this process after the other: SQLite's own waiting is by chance, and can be seconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken = False
        self._waiting: list[tuple[bool, int, threading.Event]] = []
        self._number = 0

    @contextmanager
    def take(self, *, first: bool) -> Generator[None]:
        """Waits until it is this one's turn, and hands it on at the end of the block."""
        mine = threading.Event()
        with self._lock:
            if self._taken:
                self._number += 1
                heapq.heappush(self._waiting, (not first, self._number, mine))
            else:
                self._taken = True
                mine.set()
        mine.wait()
        try:
            yield
        finally:
            with self._lock:
                if self._waiting:
                    heapq.heappop(self._waiting)[2].set()
                else:
                    self._taken = False


class Store:
    """One database and the only two ways into it: writing() and looking()."""

    def __init__(self, url: str, *, clock: Clock | None = None) -> None:
        self.url = url
        self.clock: Clock = clock or RealClock()
        self.embedded = url.startswith("sqlite")
        self.engine = _engine(url)
        self._looking = self.engine.execution_options(backdesk_looking=True)
        self.on_writing: list[Callable[[Session], None]] = []
        self.on_commit: list[Callable[[Session], None]] = []
        self._turns = Turns()

    @contextmanager
    def writing(self, *, first: bool = False) -> Generator[Session]:
        """One transaction that may write: committed at the end of the block, undone if it raises.

        On SQLite it takes the write lock at once (BEGIN IMMEDIATE), so that two presses queue
        instead of failing; on PostgreSQL the functions lock the rows that they decide on.

        first  before all others of this process that wait to write: for what a platform waits for
        """
        with Session(self.engine, expire_on_commit=False) as session:
            session.info["clock"] = self.clock
            for prepare in self.on_writing:
                prepare(session)
            with self._turns.take(first=first) if self.embedded else nullcontext(), session.begin():
                yield session
                for finish in self.on_commit:
                    finish(session)

    @contextmanager
    def looking(self) -> Generator[Session]:
        """One transaction that the database itself refuses to write in."""
        with self._looking.connect() as connection, Session(connection, expire_on_commit=False) as session:
            session.info["clock"] = self.clock
            yield session

    def close(self) -> None:
        self.engine.dispose()


def now(session: Session) -> datetime:
    """The present moment by this session's clock."""
    clock: Clock = session.info["clock"]
    return clock.now()


B = TypeVar("B", bound=Base)


def write_new(session: Session, table: type[B], **values: Any) -> B | None:
    """Writes a row; None where one with its key stands there already, or was just written by somebody else."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return session.scalar(insert(table).values(**values).on_conflict_do_nothing().returning(table))


# what a transaction has read already

T = TypeVar("T")
Memory = dict[Hashable, tuple[tuple[type[Base], ...], Any]]


def known(session: Session, key: Hashable, *, of: tuple[type[Base], ...], read: Callable[[], T]) -> T:
    """What `read` gives, read once a transaction: again only after that wrote a row of these tables itself.

    For what everybody asks for and few change: policies, calendars, who holds a role, who stands in for whom.
    """
    memory: Memory = session.info.setdefault("known", {})
    if memory and not _unwritten(session).isdisjoint(of):
        session.flush()
    if key not in memory:
        found = read()
        memory[key] = of, found
    return memory[key][1]


def look_again(session: Session, *written: type[Base]) -> None:
    """What is known from these tables, or from any, is read again when it is asked for next."""
    memory: Memory = session.info.get("known", {})
    for key in [key for key, (of, _) in memory.items() if not written or not set(of).isdisjoint(written)]:
        del memory[key]


@event.listens_for(Session, "after_flush")
def _wrote(session: Session, context: object) -> None:  # pyright: ignore[reportUnusedFunction]
    if session.info.get("known"):
        look_again(session, *_unwritten(session))


def _unwritten(session: Session) -> set[type[Any]]:
    """The tables of which this session holds rows that are new or changed."""
    rows: list[Any] = [*session.new, *session.dirty, *session.deleted]
    return {type(each) for each in rows}


@event.listens_for(Session, "after_soft_rollback")
def _undid(session: Session, undone: object) -> None:  # pyright: ignore[reportUnusedFunction]
    look_again(session)


def embedded_url(home: Path) -> str:
    """The address of the database that lives in a company's folder."""
    return f"sqlite:///{home / 'backdesk.db'}"


def unixepoch_functions(raw: Any) -> None:
    """Gives SQLite older than 3.42 the millisecond clock that the jobs engine asks it for."""

    def unixepoch(*words: Any) -> float | int:
        return time.time() if "subsec" in words else int(time.time())

    def strftime(form: str, *words: Any) -> str | None:
        if form == "%s" and words == ("now",):
            return repr(time.time())
        return datetime.now(UTC).strftime(form) if words in ((), ("now",)) else None

    raw.create_function("unixepoch", -1, unixepoch)
    raw.create_function("strftime", -1, strftime)


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        if url.startswith("postgresql://"):
            url = "postgresql+psycopg://" + url.removeprefix("postgresql://")
        engine = create_engine(
            url,
            pool_pre_ping=True,
            pool_size=20,
            max_overflow=40,
            json_serializer=_json,
            query_cache_size=STATEMENTS,
            hide_parameters=True,
        )

        @event.listens_for(engine, "begin")
        def begin_on_postgres(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction]
            if connection.get_execution_options().get("backdesk_looking"):
                connection.exec_driver_sql("SET TRANSACTION READ ONLY")

        return engine

    engine = create_engine(
        url,
        connect_args={"timeout": 30, "check_same_thread": False},
        json_serializer=_json,
        query_cache_size=STATEMENTS,
        hide_parameters=True,
    )

    @event.listens_for(engine, "do_connect")
    def connecting(dialect: Any, record: Any, where: list[Any], words: Any) -> None:  # pyright: ignore[reportUnusedFunction]
        if where and where[0] not in ("", ":memory:") and Path(where[0]).parent.is_dir():
            private.file(Path(where[0]))

    @event.listens_for(engine, "connect")
    def connected(raw: Any, record: Any) -> None:  # pyright: ignore[reportUnusedFunction]
        raw.isolation_level = None  # we say BEGIN ourselves
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000", "foreign_keys=ON"):
            raw.execute(f"PRAGMA {pragma}")
        unixepoch_functions(raw)

    @event.listens_for(engine, "begin")
    def begin_on_sqlite(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction]
        raw: Any = connection.connection.dbapi_connection  # twenty times as fast as by way of the engine
        if connection.get_execution_options().get("backdesk_looking"):
            raw.execute("PRAGMA query_only=ON")
            raw.execute("BEGIN")
        else:
            raw.execute("PRAGMA query_only=OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # may wait in vain: the engine has a word for that

    return engine


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
