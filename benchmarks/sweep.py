"""One sweep that finds 100 due among 1,000,000 open steps, over one among 1,000: `python -m benchmarks.sweep`.

The rows are copies of one request that was really submitted, each waiting for one of 200 managers, with its two timers
spread over the coming weeks. The two databases are swept turn about, and each sweep reminds of 100 steps, as it would.
"""

import os
import resource
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import Column, Connection, Integer, MetaData, Table, func, insert, select, text, update

from backend import checkup, timers
from backend.escalations import REMIND
from backend.people import Person
from backend.requests import Request, Step
from backend.store import Base, Moment
from backend.timers import Timer
from benchmarks.decision import postgres
from benchmarks.offices import NOW, founded
from tests.office import Office

FEW, MANY = 1_000, int(os.environ.get("BACKDESK_BENCH_STEPS", "1000000"))
DUE, ROUNDS, MANAGERS = 100, 5, 200


@dataclass
class Swept:
    """What one company's sweeps cost: milliseconds each, and megabytes by which the process grew meanwhile."""

    times: list[float]
    idle: list[float]
    grown: float = 0.0

    def shown(self) -> str:
        return f"{median(self.times):.0f} ms (looking alone {median(self.idle):.1f} ms)"


def measure() -> str:
    """One line for each database: the sweep with many open, with few, their ratio, the checkup, and the memory."""
    lines: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        few, many = (f"sqlite:///{folder}/{name}.db" for name in ("few", "many"))
        lines.append(_on(few, many, Path(folder), "SQLite"))
    with postgres() as (few, _), postgres() as (many, _), tempfile.TemporaryDirectory() as folder:
        lines.append(_on(few, many, Path(folder), "PostgreSQL"))
    return "\n".join(lines)


def _on(few: str, many: str, folder: Path, name: str) -> str:
    with _company(few, folder / "few", FEW) as small, _company(many, folder / "many", MANY) as large:
        found = {"few": Swept([], []), "many": Swept([], [])}
        for each in range(ROUNDS + 1):
            for which, office in (("few", small), ("many", large)):
                _sweep(office, found[which], nth=each)  # the first is for the caches
        a, b = found["few"], found["many"]
        looked = f"{_checkup(large):.1f} s among many, {_checkup(small):.2f} s among few"
    ratio = median(one / other for one, other in zip(b.times, a.times, strict=True))
    return (
        f"sweep ({name}): {DUE} due among {MANY:,} open steps {b.shown()}, among {FEW:,} {a.shown()}; "
        f"ratio {ratio:.2f}; "
        f"the checkup {looked}; grown by {b.grown:.1f} and {a.grown:.1f} MB"
    )


def _sweep(office: Office, found: Swept, *, nth: int) -> None:
    """Looks where nothing is due, lets a hundred timers be due, each of another manager's, and sweeps."""
    began = time.perf_counter()
    assert timers.sweep(office.store, office.app.due) == 0
    idle = time.perf_counter() - began
    with office.store.writing() as session:
        last = session.scalar(select(func.max(Step.id))) or 0
        subjects = [f"step:{last - nth * DUE - each}" for each in range(DUE)]
        due = update(Timer).where(Timer.name == REMIND, Timer.state == "open", Timer.subject.in_(subjects))
        session.execute(due.values(due_at=NOW - timedelta(minutes=1)))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    while timers.sweep(office.store, office.app.due):
        pass
    took = time.perf_counter() - began
    if nth:
        found.times.append(took * 1000)
        found.idle.append(idle * 1000)
        found.grown += (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


def _checkup(office: Office) -> float:
    """Seconds in which the engine looks after itself."""
    began = time.perf_counter()
    with office.store.looking() as session:
        assert checkup.examine(session).unwatched == []
    return time.perf_counter() - began


@contextmanager
def _company(url: str, folder: Path, steps: int) -> Generator[Office]:
    """A company with so many open steps."""
    with founded(url, home=folder) as office:
        day = {"leave_type": "vacation", "start": "2027-03-01", "end": "2027-03-01"}
        office.says("ana", "vacation", meant=[("time_off.submit", day)])
        office.presses("ana", "submit")
        with office.store.writing() as session:
            ana = session.scalars(select(Person).where(Person.handle == "ana")).one()
            for nth in range(MANAGERS):
                words = {"employer_id": ana.employer_id, "place_id": ana.place_id, "start": date(2020, 1, 1)}
                manager = Person(handle=f"manager{nth}", name=f"Manager {nth}", manager_id=ana.manager_id, **words)
                session.add(manager)
                session.flush()
                session.add(Person(handle=f"person{nth}", name=f"Person {nth}", manager_id=manager.id, **words))
        with office.store.engine.begin() as connection:
            _copy(connection, steps)
        if not office.store.embedded:
            with office.store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))
        yield office


def _copy(connection: Connection, steps: int) -> None:
    """Copies the one request with its step and timers, a step for each of the managers in turn."""
    counted, people_of = Table("counted", MetaData(), Column("n", Integer, primary_key=True)), _pairs(connection)
    moments = Table("moments", MetaData(), Column("n", Integer, primary_key=True), Column("due", Moment))
    pairs = Table(
        "pairs", MetaData(), *(Column(name, Integer, primary_key=name == "n") for name in ("n", "who", "boss"))
    )
    for table in (counted, moments, pairs):
        table.create(connection)
    connection.execute(insert(moments), [{"n": n, "due": NOW + timedelta(hours=30 + n)} for n in range(1000)])
    connection.execute(insert(pairs), [{"n": n, "who": a, "boss": b} for n, (a, b) in enumerate(people_of)])
    series = f"WITH RECURSIVE series(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM series WHERE n < {steps})"
    connection.execute(text(f"INSERT INTO counted {series} SELECT n FROM series"))
    pair = f"JOIN pairs ON pairs.n = counted.n % {MANAGERS}"
    requests, opened = Base.metadata.tables[Request.__tablename__], Base.metadata.tables[Step.__tablename__]
    step = connection.scalar(select(func.min(Step.id)).where(Step.state == "open"))
    _insert(
        connection,
        requests,
        "number = 1",
        pair,
        {"number": "counted.n", "person_id": "pairs.who", "by_id": "pairs.who"},
    )
    words = {"id": f"{step} + counted.n", "number": "counted.n", "owner_id": "pairs.boss"}
    _insert(connection, opened, f"id = {step}", pair, words)
    for nth, (id,) in enumerate(connection.execute(select(Timer.id).where(Timer.subject == f"step:{step}")).all()):
        due = "JOIN moments ON moments.n = counted.n % 1000"
        words = {"id": f"{(nth + 1) * 10 * MANY} + counted.n", "subject": f"'step:' || ({step} + counted.n)"}
        _insert(connection, Base.metadata.tables["timers"], f"id = {id}", due, {**words, "due_at": "moments.due"})
    for table in (counted, moments, pairs):
        table.drop(connection)


def _insert(connection: Connection, table: Table, which: str, joined: str, changed: dict[str, str]) -> None:
    """Inserts a copy of one row for each number, some of its columns changed."""
    names = [each.name for each in table.columns]
    taken = ", ".join(changed.get(each, f'first."{each}"') for each in names)
    columns = ", ".join(f'"{each}"' for each in names)
    connection.execute(
        text(
            f"INSERT INTO {table.name} ({columns}) SELECT {taken} "
            f"FROM (SELECT * FROM {table.name} WHERE {which}) AS first CROSS JOIN counted {joined}"
        )
    )


def _pairs(connection: Connection) -> list[tuple[int, int]]:
    """Each of the people with their manager, by id."""
    rows = select(Person.id, Person.manager_id).where(Person.handle.startswith("person"))
    return [(who, boss) for who, boss in connection.execute(rows.order_by(Person.id)) if boss is not None]


if __name__ == "__main__":
    print(measure())
