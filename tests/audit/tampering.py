"""What somebody with the database in their hands could do to the log: the triggers dropped, rows changed by hand."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, text

from backend import audit, events
from backend.store import Store


def write(store: Store, count: int = 12, *, each: int = 1) -> None:
    """Records `count` events, `each` of them in a transaction."""
    for first in range(0, count, each):
        with store.writing() as session:
            for number in range(first, min(first + each, count)):
                detail = {"comment": f"words {number}"}
                events.record(session, "note.written", by=None, subject=f"note:{number}", detail=detail)


def head(store: Store) -> audit.Anchor:
    """The newest entry, as it would be kept outside."""
    with store.looking() as session:
        newest = audit.head(session)
    return audit.Anchor(newest["seq"], newest["digest"])


def verdict(store: Store, *anchors: audit.Anchor) -> audit.Verdict:
    """What recomputing the chain finds."""
    with store.looking() as session:
        return audit.verify(session, against=list(anchors))


def first(store: Store, *anchors: audit.Anchor) -> tuple[int, audit.Wrong]:
    """The first broken entry and what is wrong with it; fails if the log is sound."""
    found = verdict(store, *anchors).first
    assert found is not None
    return found.seq, found.wrong


@contextmanager
def by_hand(store: Store) -> Generator[Connection]:
    """A connection to a database whose triggers and foreign keys were switched off."""
    with store.engine.connect() as connection:
        if store.embedded:
            connection.rollback()
            raw = connection.connection.driver_connection
            assert raw is not None
            raw.execute("PRAGMA query_only=OFF")
            raw.execute("PRAGMA foreign_keys=OFF")
            names = raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'events'")
            for (name,) in names.fetchall():
                raw.execute(f"DROP TRIGGER {name}")
        else:
            connection.execute(text("ALTER TABLE events DISABLE TRIGGER USER"))
            connection.execute(text("ALTER TABLE event_details DROP CONSTRAINT IF EXISTS fk_event_details_event_seq"))
        yield connection
        connection.commit()
        if store.embedded:
            raw = connection.connection.driver_connection
            assert raw is not None
            raw.execute("PRAGMA foreign_keys=ON")


def change(store: Store, statement: str, **values: Any) -> None:
    """Runs one statement by hand."""
    with by_hand(store) as connection:
        connection.execute(text(statement), values)


def compute(connection: Connection, seq: int) -> None:
    """Gives one entry the digest that its columns now have."""
    row = connection.execute(text("SELECT * FROM events WHERE seq = :seq"), {"seq": seq}).mappings().one()
    connection.execute(
        text("UPDATE events SET digest = :digest WHERE seq = :seq"), {"digest": computed(row), "seq": seq}
    )


def computed(row: Any) -> str:
    """The digest of an entry as it stands."""
    at = row["at"] if isinstance(row["at"], datetime) else datetime.fromisoformat(row["at"] + "+00:00")
    names = ("seq", "id", "kind", "actor_id", "for_id", "subject", "previous")
    return events.entry_digest(**{n: row[n] for n in names}, at=at.astimezone(UTC), detail=row["detail_digest"])


def rewrite(store: Store, seq: int, body: dict[str, Any]) -> None:
    """Edits a detail and computes everything from there on anew: a forgery without a seam."""
    with by_hand(store) as connection:
        text_ = json.dumps(body)
        salt = connection.scalar(text("SELECT salt FROM event_details WHERE event_seq = :seq"), {"seq": seq})
        connection.execute(
            text("UPDATE event_details SET body = :body WHERE event_seq = :seq"), {"body": text_, "seq": seq}
        )
        connection.execute(
            text("UPDATE events SET detail_digest = :digest WHERE seq = :seq"),
            {"digest": events.detail_digest(str(salt), text_), "seq": seq},
        )
        last = connection.scalar(text("SELECT max(seq) FROM events")) or 0
        for each in range(seq, last + 1):
            before = connection.scalar(text("SELECT digest FROM events WHERE seq = :seq"), {"seq": each - 1})
            connection.execute(
                text("UPDATE events SET previous = :previous WHERE seq = :seq"),
                {"previous": before or events.GENESIS, "seq": each},
            )
            compute(connection, each)
        newest = connection.scalar(text("SELECT digest FROM events WHERE seq = :seq"), {"seq": last})
        connection.execute(text("UPDATE event_head SET digest = :digest"), {"digest": newest})
