"""Whatever is done to the log by hand is found, and the first broken entry is named."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from backend.audit import Anchor, Wrong
from backend.events import GENESIS
from backend.store import Store
from tests.audit.tampering import by_hand, change, compute, first, head, rewrite, verdict, write

OTHER = "f" * 64


def test_an_untouched_log_is_sound(store: Store) -> None:
    assert verdict(store).sound
    write(store)
    found = verdict(store, head(store))
    assert (found.sound, found.entries, found.anchors) == (True, 12, 1)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("id", "'00000000000000000000000000000000'"),
        ("kind", "'request.approved'"),
        ("at", "'2020-01-01 00:00:00.000000+00:00'"),
        ("actor_id", "7"),
        ("for_id", "7"),
        ("subject", "'request:1'"),
        ("detail_digest", f"'{OTHER}'"),
        ("previous", f"'{OTHER}'"),
        ("digest", f"'{OTHER}'"),
    ],
)
@pytest.mark.parametrize("seq", [1, 5, 12])
def test_a_changed_column_is_found(store: Store, column: str, value: str, seq: int) -> None:
    write(store)
    change(store, f"UPDATE events SET {column} = {value} WHERE seq = :seq", seq=seq)
    assert first(store) == (seq, Wrong.CHANGED)


@pytest.mark.parametrize(("gone", "named"), [("seq = 1", 1), ("seq = 6", 6), ("seq in (6, 7)", 6), ("seq < 4", 1)])
def test_a_deleted_entry_is_missed(store: Store, gone: str, named: int) -> None:
    write(store)
    change(store, f"DELETE FROM events WHERE {gone}")
    assert first(store) == (named, Wrong.MISSING)


def test_a_cut_tail_is_missed(store: Store) -> None:
    write(store)
    change(store, "DELETE FROM events WHERE seq > 9")
    assert first(store) == (10, Wrong.CUT)


def test_a_log_with_nothing_left_is_missed(store: Store) -> None:
    write(store)
    change(store, "DELETE FROM events")
    assert first(store) == (1, Wrong.CUT)


def test_a_tail_cut_with_its_head_is_found_by_an_anchor_alone(store: Store) -> None:
    write(store)
    kept = head(store)
    with by_hand(store) as connection:
        for statement in ("DELETE FROM event_details WHERE event_seq > 9", "DELETE FROM events WHERE seq > 9"):
            connection.execute(text(statement))
        connection.execute(text("UPDATE event_head SET seq = 9, digest = (SELECT digest FROM events WHERE seq = 9)"))
    assert verdict(store).sound
    assert first(store, kept) == (10, Wrong.CUT)


def test_a_head_that_is_gone_is_found(store: Store) -> None:
    write(store)
    change(store, "DELETE FROM event_head")
    assert first(store) == (12, Wrong.HEAD)


def test_a_head_that_was_changed_is_found(store: Store) -> None:
    write(store)
    change(store, f"UPDATE event_head SET digest = '{OTHER}'")
    assert first(store) == (12, Wrong.HEAD)


def test_swapped_entries_are_found(store: Store) -> None:
    write(store)
    with by_hand(store) as connection:
        for now, then in ((4, -1), (8, 4), (-1, 8)):
            connection.execute(text("UPDATE events SET seq = :then WHERE seq = :now"), {"now": now, "then": then})
    found = verdict(store)
    assert [(each.seq, each.wrong) for each in found.broken if each.wrong is Wrong.MOVED] == [
        (4, Wrong.MOVED),
        (8, Wrong.MOVED),
    ]
    assert str(found.first).endswith("was moved: what stands there is entry 8.")


def test_entries_moved_up_to_close_a_gap_are_found(store: Store) -> None:
    write(store)
    with by_hand(store) as connection:
        connection.execute(text("DELETE FROM events WHERE seq = 6"))
        for seq in range(7, 13):
            connection.execute(text("UPDATE events SET seq = :to WHERE seq = :seq"), {"to": seq - 1, "seq": seq})
    assert first(store) == (6, Wrong.MOVED)


def forge(store: Store, seq: int, *, previous: str) -> None:
    """Puts an entry of one's own invention there, with a digest that fits itself."""
    with by_hand(store) as connection:
        connection.execute(text("DELETE FROM events WHERE seq = :seq"), {"seq": seq})
        connection.execute(
            text(
                "INSERT INTO events (seq, id, kind, at, actor_id, for_id, subject, detail_digest, previous, digest) "
                "VALUES (:seq, 'forged', 'request.approved', '2026-11-24 09:00:00.000000', 1, NULL, 'request:9', "
                ":x, :p, '')"
            ),
            {"seq": seq, "x": OTHER, "p": previous},
        )
        compute(connection, seq)


@pytest.mark.parametrize("seq", [2, 6, 11])
def test_a_forged_entry_that_follows_nothing_is_found(store: Store, seq: int) -> None:
    write(store)
    forge(store, seq, previous=OTHER)
    assert (seq, Wrong.REPLACED) in [(each.seq, each.wrong) for each in verdict(store).broken]
    assert verdict(store).first is not None
    assert first(store)[0] == seq


def test_a_forged_entry_that_follows_the_one_before_it_is_found(store: Store) -> None:
    write(store)
    with store.looking() as session:
        before = session.execute(text("SELECT digest FROM events WHERE seq = 5")).scalar_one()
    forge(store, 6, previous=before)
    assert first(store) == (6, Wrong.REPLACED)


def test_a_forged_first_entry_is_found(store: Store) -> None:
    write(store)
    forge(store, 1, previous=GENESIS)
    assert first(store)[0] == 1


def test_an_entry_added_behind_the_newest_is_found(store: Store) -> None:
    write(store)
    forge(store, 13, previous=head(store).digest)
    assert first(store)[0] == 13


@pytest.mark.parametrize("column", ["body", "salt"])
def test_an_edited_detail_is_found(store: Store, column: str) -> None:
    write(store)
    change(store, f"UPDATE event_details SET {column} = '{{}}' WHERE event_seq = 5")
    assert first(store) == (5, Wrong.DETAIL_CHANGED)


def test_a_deleted_detail_without_an_erasure_is_found(store: Store) -> None:
    write(store)
    change(store, "DELETE FROM event_details WHERE event_seq = 5")
    assert first(store) == (5, Wrong.DETAIL_MISSING)


@pytest.mark.parametrize("seq", [1, 7, 12])
def test_a_chain_written_anew_is_found_by_an_anchor_alone(store: Store, seq: int) -> None:
    write(store)
    kept = head(store)
    rewrite(store, seq, {"comment": "never said"})
    assert verdict(store).sound
    assert first(store, kept) == (12, Wrong.REWRITTEN)


def test_two_anchors_say_between_which_entries_it_was_rewritten(store: Store) -> None:
    write(store, 4)
    early = head(store)
    write(store, 8)
    late = head(store)
    rewrite(store, 9, {"comment": "never said"})
    found = verdict(store, early, late).first
    assert found is not None
    assert "after entry 4" in found.text


def test_an_anchor_of_a_later_entry_than_there_is_is_a_cut(store: Store) -> None:
    write(store)
    assert first(store, Anchor(40, OTHER)) == (13, Wrong.CUT)


def test_what_points_to_entries_that_are_not_there_is_named(store: Store) -> None:
    write(store)
    change(store, "INSERT INTO event_people (event_id, person_id) VALUES ('gone-for-good', 1)")
    found = verdict(store)
    assert [str(each) for each in found.broken] == [
        "The log has people of the event gone-for-good, which is not there."
    ]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE events SET kind = 'x.y'", "DELETE FROM events", "DELETE FROM events WHERE seq = 3"],
)
def test_the_database_refuses_to_change_the_chain(store: Store, statement: str) -> None:
    write(store)
    with pytest.raises(DBAPIError, match="never changed"), store.writing() as session:
        session.execute(text(statement))
    assert verdict(store).sound


@pytest.mark.postgres
def test_postgresql_refuses_to_empty_the_chain(postgres_url: str) -> None:
    store = Store(postgres_url)
    write(store)
    with pytest.raises(DBAPIError, match="never changed"), store.writing() as session:
        session.execute(text("TRUNCATE events CASCADE"))
    assert verdict(store).entries == 12
    store.close()


def test_sqlite_refuses_to_replace_an_entry(sqlite_url: str) -> None:
    store = Store(sqlite_url)
    write(store)
    with pytest.raises(DBAPIError, match="never changed"), store.writing() as session:
        session.execute(
            text(
                "REPLACE INTO events SELECT seq, id, 'x.y', at, actor_id, for_id, subject, detail_digest, previous, "
                "digest FROM events WHERE seq = 3"
            )
        )
    assert verdict(store).sound
    store.close()
