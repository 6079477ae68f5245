"""Somebody who has left can be erased, and the log stays provable; an export forgets nothing."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Text, cast, delete, func, select

from backend import audit, erasure, files, holdings, leave, people
from backend.events import Detail, Event
from backend.people import Person
from backend.refusals import Already, Refusal
from backend.requests import Request
from backend.store import Base, Store
from backend.trail import entries
from bot.reaching import whole_schema
from tests.audit.tampering import by_hand, first, verdict
from tests.office import Office

TIME_OFF = {"leave_type": "vacation", "start": "2026-11-26", "end": "2026-11-27", "note": "wedding in Lugo"}


def has_left(office: Office, who: str) -> None:
    with office.store.writing() as session:
        people.find(session, who).end = date(2026, 11, 20)


def works_a_while(office: Office) -> None:
    """Ana asks, Maria says no and then yes, a file is kept, and Tom speaks of her."""
    office.says("ana", "I am Ana Costa and need Thursday off", meant=[("time_off.submit", TIME_OFF)])
    office.presses("ana", "Send")
    office.presses("maria", "Approve")
    office.says(
        "ana",
        "and Monday",
        meant=[("time_off.submit", {"leave_type": "personal", "start": "2026-11-30", "end": "2026-11-30"})],
    )
    office.presses("ana", "Send")
    office.presses("maria", "Reject", values={"comment": "Ana has a launch that day"})
    office.says("tom", "is Ana Costa (ana@small.example) away?")
    office.says(
        "ana", "and a day in June", meant=[("time_off.submit", {"leave_type": "vacation", "start": "2027-06-01"})]
    )
    with office.store.writing() as session:
        ana = people.find(session, "ana")
        files.keep(
            session, ana, folder=office.app.home / "files", name="ana.pdf", content=b"%PDF-1.7", mime="application/pdf"
        )


def erased(office: Office, who: str) -> erasure.Erased:
    with office.store.writing() as session:
        return erasure.erase(session, people.find(session, who), by=people.find(session, "elena"), reason="she asked")


def everything(store: Store) -> Iterator[tuple[str, str]]:
    """(table, text) of every row of every table."""
    whole_schema()
    with store.looking() as session:
        for table in Base.metadata.sorted_tables:
            for row in session.execute(select(*(cast(each, Text) for each in table.columns))):
                yield table.name, " | ".join(str(each) for each in row)


def test_nothing_names_somebody_who_was_erased(office_on_each: Office) -> None:
    works_a_while(office_on_each)
    assert [each for each in everything(office_on_each.store) if re.search(r"\bana\b", each[1], re.IGNORECASE)]
    has_left(office_on_each, "ana")
    done = erased(office_on_each, "ana")
    assert re.fullmatch(r"former-\d+", done.handle)
    words = re.compile(r"\b(ana|costa|wedding|launch)\b", re.IGNORECASE)
    assert [each for each in everything(office_on_each.store) if words.search(each[1])] == []


def test_the_log_says_when_it_was_erased_and_is_no_alarm(office_on_each: Office) -> None:
    works_a_while(office_on_each)
    has_left(office_on_each, "ana")
    done = erased(office_on_each, "ana")
    found = verdict(office_on_each.store)
    assert found.sound
    assert [each.count for each in found.erasures] == [done.details]
    assert done.details > 5
    assert found.as_doc()["verdict"] == "erased lawfully"


def test_one_detail_more_than_was_listed_is_an_alarm(office_on_each: Office) -> None:
    works_a_while(office_on_each)
    has_left(office_on_each, "tom")
    erased(office_on_each, "tom")
    with by_hand(office_on_each.store) as connection:
        seq = connection.scalar(select(func.min(Detail.event_seq)))
        connection.execute(delete(Detail).where(Detail.event_seq == seq))
    assert first(office_on_each.store) == (seq, audit.Wrong.DETAIL_MISSING)


@pytest.mark.parametrize("change", ["edit", "delete"])
def test_the_record_of_an_erasure_cannot_be_widened_or_erased(office_on_each: Office, change: str) -> None:
    works_a_while(office_on_each)
    has_left(office_on_each, "ana")
    erased(office_on_each, "ana")
    table: Any = Detail.__table__
    with office_on_each.store.looking() as session:
        seq = session.scalar(select(Event.seq).where(Event.kind == audit.ERASED))
    body = json.dumps({"ranges": [[1, 1000]], "entries": 1000})
    changes = {"edit": table.update().values(body=body), "delete": table.delete()}
    with by_hand(office_on_each.store) as connection:
        connection.execute(changes[change].where(table.c.event_seq == seq))
    found = verdict(office_on_each.store)
    wrong = {"edit": audit.Wrong.DETAIL_CHANGED, "delete": audit.Wrong.DETAIL_MISSING}[change]
    assert (seq, wrong) in [(each.seq, each.wrong) for each in found.broken]
    assert found.first is not None
    assert found.first.wrong is audit.Wrong.DETAIL_MISSING


def test_dates_kinds_and_balances_stay(office_on_each: Office) -> None:
    works_a_while(office_on_each)
    has_left(office_on_each, "ana")
    free = office_on_each.free("ana")
    done = erased(office_on_each, "ana")
    assert office_on_each.free(done.handle) == free
    with office_on_each.store.looking() as session:
        person = people.find(session, done.handle)
        mine = session.scalars(select(Request).where(Request.person_id == person.id).order_by(Request.number)).all()
        assert [(each.state, each.values.get("start"), each.values["leave_type"]) for each in mine] == [
            ("approved", "2026-11-26", "vacation"),
            ("rejected", "2026-11-30", "personal"),
        ]
        assert len(leave.days_of(session, person, date(2026, 11, 26), date(2026, 11, 27))) == 2
        assert (person.email, person.end, [each.role for each in person.roles]) == (None, date(2026, 11, 20), [])


def test_what_others_wrote_stays_with_another_name(office: Office) -> None:
    works_a_while(office)
    has_left(office, "ana")
    done = erased(office, "ana")
    texts = [text for table, text in everything(office.store) if table == "inbox"]
    assert any(f"is {done.handle} ({done.handle}) away?" in text for text in texts)


def test_a_second_time_says_that_it_is_done(office: Office) -> None:
    has_left(office, "ana")
    done = erased(office, "ana")
    with pytest.raises(Already, match=f"{done.handle} was erased already, on 2026-11-24"):
        erased(office, done.handle)


def test_whoever_works_here_is_not_erased(office: Office) -> None:
    with pytest.raises(Refusal, match="Ana Costa still works here"):
        erased(office, "ana")


def test_whoever_has_something_open_is_not_erased(office: Office) -> None:
    office.says("ana", "Thursday off", meant=[("time_off.submit", TIME_OFF)])
    office.presses("ana", "Send")
    has_left(office, "ana")
    with pytest.raises(Refusal, match="Request 1 of Ana Costa is still open"):
        erased(office, "ana")
    has_left(office, "maria")
    with pytest.raises(Refusal, match="Request 1 still waits for Maria Silva"):
        erased(office, "maria")
    assert verdict(office.store).erasures == ()


def test_what_a_manager_decided_about_others_stays_without_their_name(office: Office) -> None:
    works_a_while(office)
    has_left(office, "maria")
    done = erased(office, "maria")
    texts = "\n".join(text for _, text in everything(office.store))
    assert "Maria" not in texts
    with office.store.looking() as session:
        said = [each for each in entries(session, about="2") if each.kind == "step.rejected"]
    assert [(each.who, each.detail and each.detail["comment"]) for each in said] == [
        (done.handle, "Ana has a launch that day")
    ]


def test_it_is_known_what_becomes_of_every_table() -> None:
    whole_schema()
    assert set(Base.metadata.tables) == set(erasure.FATES)


def test_an_export_holds_what_each_table_says_of_a_person(office_on_each: Office) -> None:
    works_a_while(office_on_each)
    whole_schema()
    with office_on_each.store.looking() as session:
        office_on_each.app.furnish(session)
        document = holdings.of(session, people.find(session, "ana"))
    text = json.dumps(document)
    assert [each["ref"] for each in document["held"]["requests"]] == ["TO-1", "TO-2"]
    assert document["held"]["requests"][1]["steps"][0]["opinions"][0]["comment"] == "Ana has a launch that day"
    assert "I am Ana Costa and need Thursday off" in text
    assert "wedding in Lugo" in text
    assert document["held"]["files"][0]["name"] == "ana.pdf"
    assert {"2026-11-26", "2026-11-27"} <= {each["day"] for each in document["held"]["leave_days"]}
    kinds = {each["kind"] for each in document["events"]}
    assert {"request.submitted", "request.approved", "step.rejected"} <= kinds
    assert "token" not in document["held"]["buttons"][0]


def test_an_export_forgets_no_table_that_refers_to_people(office: Office) -> None:
    whole_schema()
    referring = {
        table.name
        for table in Base.metadata.tables.values()
        for column in table.columns
        if any(key.column.table is Person.__table__ for key in column.foreign_keys)
    }
    with office.store.looking() as session:
        office.app.furnish(session)
        document = holdings.of(session, people.find(session, "ana"))

    assert referring - set(document["held"]) == {"people"}


def test_nobody_else_is_in_an_export(office: Office) -> None:
    works_a_while(office)
    with office.store.looking() as session:
        office.app.furnish(session)
        document = holdings.of(session, people.find(session, "tom"))
    assert "launch" not in json.dumps(document)
    assert "wedding" not in json.dumps(document)


def test_deleted_words_are_not_left_in_the_file(office: Office, tmp_path: Path) -> None:
    works_a_while(office)
    has_left(office, "ana")
    erased(office, "ana")
    erasure.scrub(office.store)
    left = b"".join(each.read_bytes() for each in (tmp_path / "home").glob("backdesk.db*"))
    assert b"wedding" not in left
    assert b"Ana Costa" not in left
    assert verdict(office.store).sound


def test_ranges_are_compact() -> None:
    assert erasure.ranges([3, 4, 5, 9, 11, 12]) == [[3, 5], [9, 9], [11, 12]]
    assert erasure.ranges([]) == []
