"""The database itself keeps what is promised: looking() writes nothing, the log is never changed, the schema fits."""

import importlib
import pkgutil
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import delete, event, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

import backend
import knowledge
from backend import events, people, requests, schema
from backend.events import Event
from backend.people import Company, Person, Role
from backend.store import Base, Store
from tests.office import Office
from tests.waiting import until

WRITES: list[Callable[[Session], object]] = [
    lambda session: session.execute(update(Company).values(name="Mine")),
    lambda session: session.execute(delete(Person).where(Person.handle == "ana")),
    lambda session: session.execute(text("INSERT INTO roles (person_id, role) VALUES (1, 'admin')")),
    lambda session: session.execute(text("DROP TABLE drafts")),
    lambda session: session.execute(text("CREATE TABLE mine (id INTEGER)")),
]


@pytest.mark.parametrize("write", WRITES)
def test_looking_refuses_to_write(office_on_each: Office, write: Callable[[Session], object]) -> None:
    with office_on_each.store.looking() as session, pytest.raises(DBAPIError):
        write(session)
    with office_on_each.store.looking() as session:
        assert people.company(session).name == "Small Works"
        assert people.find(session, "ana").name == "Ana Costa"


def test_what_is_only_changed_in_memory_is_not_kept_either(office_on_each: Office) -> None:
    with office_on_each.store.looking() as session:
        people.find(session, "ana").name = "Somebody"
    with office_on_each.store.looking() as session:
        assert people.find(session, "ana").name == "Ana Costa"


def test_writing_works_again_after_looking_on_the_same_connection(office_on_each: Office) -> None:
    for name in ("Anna Costa", "Ana Costa"):
        with office_on_each.store.looking() as session:
            assert people.find(session, "ana").name != name
        with office_on_each.store.writing() as session:
            people.find(session, "ana").name = name


def test_a_block_that_raises_leaves_nothing_behind(office_on_each: Office) -> None:
    def breaks() -> None:
        with office_on_each.store.writing() as session:
            people.find(session, "ana").name = "Somebody"
            events.record(session, "people.changed", by=None, subject="person:1")
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        breaks()
    with office_on_each.store.looking() as session:
        assert people.find(session, "ana").name == "Ana Costa"
        assert events.length(session) == 0


def differences(store: Store) -> list[Any]:
    """What a new migration would have to change, looking at every table that any module has."""
    for package in (backend, knowledge):
        for each in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{package.__name__}.{each.name}")

    def ours(name: str | None, type_: str, parents: Any) -> bool:
        return type_ != "table" or not str(name).startswith("passage_words")

    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": ours})
        return list(compare_metadata(context, Base.metadata))


def test_the_migrations_make_the_schema_that_the_code_means(store: Store) -> None:
    assert differences(store) == []
    assert schema.up_to_date(store)
    assert schema.migrate(store) == []


TAMPERING = [
    "UPDATE events SET kind = 'nothing.happened'",
    "UPDATE events SET digest = '0' WHERE seq = 1",
    "DELETE FROM events",
    "DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)",
]


@pytest.mark.parametrize("statement", TAMPERING)
def test_the_log_refuses_to_be_changed(office_on_each: Office, statement: str) -> None:
    with office_on_each.store.writing() as session:
        events.record(session, "people.changed", by=None, subject="person:1")
    with pytest.raises(DBAPIError, match="events are never changed"), office_on_each.store.writing() as session:
        session.execute(text(statement))
    with office_on_each.store.looking() as session:
        assert session.scalars(select(Event.kind)).all() == ["people.changed"]


@pytest.mark.postgres
def test_the_log_refuses_to_be_emptied(postgres_url: str) -> None:
    store = Store(postgres_url)
    with pytest.raises(DBAPIError, match="events are never changed"), store.writing() as session:
        session.execute(text("TRUNCATE events CASCADE"))
    store.close()


def test_what_is_known_is_read_once_until_it_is_written_to(office_on_each: Office) -> None:
    def holders(session: Session) -> list[str]:
        return [each.handle for each in people.holders(session, "finance")]

    read: list[str] = []
    event.listen(office_on_each.store.engine, "before_cursor_execute", lambda *words: read.append(str(words[2])))
    with office_on_each.store.writing() as session:
        assert holders(session) == ["olga"]
        before = len(read)
        assert holders(session) == ["olga"]
        assert len(read) == before
        undone = session.begin_nested()
        session.add(Role(person_id=people.find(session, "ana").id, role="finance"))
        assert holders(session) == ["ana", "olga"]
        undone.rollback()
        assert holders(session) == ["olga"]
    with office_on_each.store.writing() as session:
        session.add(Role(person_id=people.find(session, "tom").id, role="finance"))
        assert holders(session) == ["olga", "tom"]


def test_a_request_that_is_locked_twice_is_read_once_and_again_where_that_was_undone(office_on_each: Office) -> None:
    office_on_each.says("ana", "a day off", meant=[("time_off.submit", {"start": "2026-12-07", "end": "2026-12-07"})])
    office_on_each.fills("ana", {"leave_type": "vacation"})
    office_on_each.presses("ana", "Send")
    with office_on_each.store.writing() as session:
        undone = session.begin_nested()
        requests.lock(session, 1).state = "rejected"
        session.flush()
        undone.rollback()
        first = requests.lock(session, 1)
        assert first.state == "pending"
        assert requests.lock(session, 1) is first


def test_who_must_be_quick_writes_before_those_who_wait(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'turns.db'}")
    wrote: list[str] = []

    def write(name: str, *, first: bool) -> None:
        with store.writing(first=first):
            wrote.append(name)

    with store.writing():
        threads = [Thread(target=write, args=(name,), kwargs={"first": first}) for name, first in LINE]
        for nth, each in enumerate(threads, 1):
            each.start()
            until(lambda: len(store._turns._waiting) == nth)  # noqa: B023 # pyright: ignore[reportPrivateUsage]
    for each in threads:
        each.join()
    store.close()
    assert wrote == ["the acknowledgement", "one thought", "another thought"]


LINE = (("one thought", False), ("another thought", False), ("the acknowledgement", True))
