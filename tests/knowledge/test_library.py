"""Publishing, replacing and withdrawing, and who may see what from when, on both databases."""

from datetime import date

import pytest
from sqlalchemy import select

from backend import events
from backend.refusals import Refusal
from backend.store import Store
from knowledge import gaps, library, publishing
from knowledge.index import Index
from knowledge.reading import overruled
from tests.knowledge.conftest import EXPENSES, LEAVE, doc, found, reader


def passages_of(store: Store, path: str) -> dict[str, list[int]]:
    with store.looking() as session:
        query = (
            select(library.Passage.content_hash, library.Passage.id)
            .join(library.Version)
            .join(library.Document)
            .where(library.Document.path == path)
            .order_by(library.Passage.id)
        )
        out: dict[str, list[int]] = {}
        for row in session.execute(query):
            out.setdefault(row.content_hash, []).append(row.id)
        return out


def test_what_is_published_is_found(handbook: Store, index: Index) -> None:
    best = found(handbook, index, "until when can unused vacation days be carried over?", reader())[0]
    assert (best.doc, best.heading, best.version) == ("leave.md", "Leave > Carry-over", 1)


def test_the_same_text_is_published_once(handbook: Store) -> None:
    again = publishing.publish_all(handbook, [doc(LEAVE, "leave.md")], by=None)[0]
    assert (again.outcome, again.version) == ("unchanged", 1)


def test_a_new_text_replaces_the_old_one(handbook: Store, index: Index) -> None:
    newer = LEAVE.replace("23 days", "25 days")
    published = publishing.publish_all(handbook, [doc(newer, "leave.md")], by=None)[0]
    assert (published.outcome, published.version) == ("replaced", 2)
    hits = [each for each in found(handbook, index, "how many vacation days", reader()) if each.doc == "leave.md"]
    assert {each.version for each in hits} == {2}
    assert any("25 days" in each.body for each in hits)


def test_unchanged_sections_keep_their_vectors(handbook: Store) -> None:
    publishing.publish_all(handbook, [doc(LEAVE.replace("23 days", "25 days"), "leave.md")], by=None)
    counts = sorted(len(ids) for ids in passages_of(handbook, "leave.md").values())
    assert counts == [1, 1, 2]


def test_a_version_of_the_future_waits(handbook: Store, index: Index) -> None:
    newer = overruled(doc(LEAVE.replace("23 days", "25 days"), "leave.md"), effective=date(2027, 1, 1))
    publishing.publish_all(handbook, [newer], by=None)

    def versions(day: date) -> set[int]:
        hits = found(handbook, index, "how many vacation days", reader(day=day))
        return {each.version for each in hits if each.doc == "leave.md"}

    assert versions(date(2026, 12, 31)) == {1}
    assert versions(date(2027, 1, 1)) == {2}


def test_an_expired_document_is_not_found(store: Store, index: Index) -> None:
    publishing.publish_all(
        store, [doc("---\neffective: 2026-01-01\nexpires: 2026-06-30\n---\n" + LEAVE, "l.md")], by=None
    )
    assert found(store, index, "vacation", reader(day=date(2026, 6, 30)))
    assert not found(store, index, "vacation", reader(day=date(2026, 7, 1)))
    assert not found(store, index, "vacation", reader(day=date(2025, 12, 31)))


def test_a_withdrawn_document_is_gone_at_once_and_comes_back(handbook: Store, index: Index) -> None:
    assert found(handbook, index, "vacation", reader())[0].doc == "leave.md"
    with handbook.writing() as session:
        library.withdraw(session, library.find(session, "leave.md"), by=None)
    assert "leave.md" not in [each.doc for each in found(handbook, index, "vacation", reader())]
    with pytest.raises(Refusal, match="withdrawn already"), handbook.writing() as session:
        library.withdraw(session, library.find(session, "leave.md"), by=None)
    again = publishing.publish_all(handbook, [doc(LEAVE, "leave.md")], by=None)[0]
    assert (again.outcome, again.version) == ("back", 1)
    assert found(handbook, index, "vacation", reader())[0].doc == "leave.md"


def test_only_its_audience_finds_a_document(handbook: Store, index: Index) -> None:
    question = "what does a director earn?"
    assert "pay.md" not in [each.doc for each in found(handbook, index, question, reader("hr"))]
    assert found(handbook, index, question, reader("finance"))[0].doc == "pay.md"


def test_an_audience_that_is_taken_away_counts_at_once(handbook: Store, index: Index) -> None:
    question = "what is paid for meals?"
    assert found(handbook, index, question, reader())[0].doc == "expenses.md"
    narrowed = overruled(doc(EXPENSES, "expenses.md"), audience="finance")
    published = publishing.publish_all(handbook, [narrowed], by=None)[0]
    assert (published.outcome, published.version) == ("details", 1)
    assert "expenses.md" not in [each.doc for each in found(handbook, index, question, reader())]


def test_a_document_holds_in_its_place(store: Store, index: Index) -> None:
    for place, days in (("Berlin", 28), ("Madrid", 23)):
        text = f"---\nplace: {place}\n---\n# Vacation in {place}\n\nYou have {days} days of vacation.\n"
        publishing.publish_all(store, [doc(text, f"{place}.md")], by=None)
    assert [each.doc for each in found(store, index, "how much vacation?", reader(place="berlin"))] == ["Berlin.md"]


def test_publishing_and_withdrawing_are_on_the_record(handbook: Store) -> None:
    with handbook.writing() as session:
        document = library.find(session, "Leave")
        library.withdraw(session, document, by=None)
    with handbook.looking() as session:
        kinds = [
            each.kind
            for each in session.scalars(
                select(events.Event).where(events.Event.subject == f"document:{document.id}").order_by(events.Event.seq)
            )
        ]
    assert kinds == ["knowledge.published", "knowledge.withdrawn"]


def test_documents_are_found_by_path_name_or_title(handbook: Store) -> None:
    with handbook.looking() as session:
        assert library.find(session, "leave.md") is library.find(session, "LEAVE")
        with pytest.raises(Refusal, match="no document called nothing"):
            library.find(session, "nothing")


def test_an_unknown_owner_is_told(store: Store) -> None:
    published = publishing.publish_all(store, [doc("---\nowner: Jane Doe\n---\nText.", "a.md")], by=None)[0]
    assert published.unknown_owner == "Jane Doe"


def test_progress_is_told_in_passages(store: Store) -> None:
    told: list[tuple[int, int]] = []
    publishing.publish_all(
        store,
        [doc(LEAVE, "l.md"), doc(EXPENSES, "e.md")],
        by=None,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told[-1] == (6, 6) or told[-1][0] == told[-1][1]
    assert [each for each, _ in told] == sorted(each for each, _ in told)


def test_gaps_are_grouped_and_nameless(store: Store) -> None:
    with store.writing() as session:
        for question in ("Is there a gym?", "is there a gym", "Who feeds the cat?"):
            library.note_gap(session, question, day=date(2026, 11, 24))
    with store.looking() as session:
        assert [(question, count) for question, count, *_ in library.gaps(session)] == [
            ("is there a gym", 2),
            ("Who feeds the cat?", 1),
        ]
    assert {each.name for each in library.Gap.__table__.columns} == {"id", "question", "day", "language", "near"}


def test_a_gap_tells_apart_what_came_near(store: Store) -> None:
    with store.writing() as session:
        library.note_gap(session, "Is there a gym?", day=date(2026, 11, 24))
        library.note_gap(session, "is there a gym", day=date(2026, 11, 25), near=True)
    with store.looking() as session:
        (group,) = gaps.grouped(session)
    assert (group.question, group.count, group.near, group.last) == ("is there a gym", 2, 1, date(2026, 11, 25))
