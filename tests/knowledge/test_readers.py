"""For whom a document is: what its file leaves unsaid, what holds from a day on, and what it says in two languages."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from backend.refusals import Refusal
from backend.store import Store
from knowledge.citing import answer
from knowledge.index import Index
from knowledge.library import Document, find, withdraw
from knowledge.publishing import Published, publish_all
from knowledge.reading import overruled
from knowledge.search import Hit, Reader
from tests.knowledge.conftest import doc, found, reader

BANDS = "# Salary bands\n\nA senior engineer earns between 71,000 and 84,000 euros a year.\n"
PARKING = "# Parking\n\nA parking space in the garage costs 45 euros a month.\n"
APARCAMIENTO = "# Aparcamiento\n\nUna plaza de aparcamiento en el garaje cuesta {} euros al mes.\n"
HR = reader("hr")
LATER = date(2027, 7, 1)


def published(store: Store, text: str, name: str, head: str = "") -> Published:
    top = f"---\n{head}\n---\n" if head else ""
    return publish_all(store, [doc(f"{top}{text}", name)], by=None)[0]


def seen(store: Store, index: Index, who: Reader, question: str = "What does a parking space cost?") -> list[Hit]:
    return found(store, index, question, who)


def spanish(who: Reader) -> Reader:
    return replace(who, language="es")


@pytest.mark.parametrize("text", [BANDS, BANDS.replace("84,000", "85,000")])
def test_what_a_file_leaves_unsaid_stays_as_it_was(store: Store, index: Index, text: str) -> None:
    published(store, BANDS, "bands.md", "audience: hr\nplace: Madrid\nreview: 2027-01-01")
    assert not published(store, text, "bands.md").widened
    with store.looking() as session:
        held = find(session, "bands.md")
        assert (held.audience, held.places, held.review) == (("hr",), ("madrid",), date(2027, 1, 1))
    assert not found(store, index, "What does a senior engineer earn?", reader())
    assert found(store, index, "What does a senior engineer earn?", HR)


def test_everybody_is_said_and_told(store: Store, index: Index) -> None:
    published(store, BANDS, "bands.md", "audience: hr")
    assert published(store, BANDS, "bands.md", "audience: everybody").widened
    assert found(store, index, "What does a senior engineer earn?", reader())


def test_nothing_said_on_the_command_line_leaves_what_the_file_says() -> None:
    held = overruled(doc(f"---\naudience: hr\n---\n{BANDS}", "bands.md"), audience="", place=" ; ")
    assert (held.audience, held.places) == (("hr",), None)


def test_who_may_read_the_next_version_may_not_read_this_one_before(store: Store, index: Index) -> None:
    published(store, PARKING, "parking.md", "audience: hr")
    published(store, PARKING.replace("45", "55"), "parking.md", "audience: everybody\neffective: 2027-06-01")
    assert not seen(store, index, reader())
    assert ["55" in each.body for each in seen(store, index, reader(day=LATER))] == [True]


def test_a_narrower_version_of_the_future_takes_nothing_away_before(store: Store, index: Index) -> None:
    published(store, PARKING, "parking.md")
    published(store, PARKING.replace("45", "5"), "parking.md", "audience: managers\neffective: 2027-06-01")
    assert "45 euros" in answer(store, index, "What does a parking space in the garage cost?", reader()).text
    assert not seen(store, index, reader(day=LATER))


def test_a_restriction_closes_what_held_before_it_whatever_day_it_names(store: Store, index: Index) -> None:
    published(store, PARKING, "parking.md")
    published(store, PARKING.replace("45", "55"), "parking.md", "audience: hr\neffective: 2026-01-01")
    published(store, PARKING.replace("45", "65"), "parking.md", "audience: everybody\neffective: 2027-06-01")
    assert not seen(store, index, reader())
    then = replace(reader(), day=date(2026, 6, 1), today=reader().day)
    assert not seen(store, index, then)


def test_an_answer_calls_a_document_as_the_version_does_that_it_quotes(store: Store, index: Index) -> None:
    published(store, "# Office\n\nThe office in Berlin is open from 7 to 21.\n", "office.md", "review: 2026-01-01")
    closed = "# Closure of the office\n\nThe office in Berlin is closed.\n"
    published(store, closed, "office.md", "effective: 2027-06-01")
    told = answer(store, index, "When is the office in Berlin open?", reader()).text
    assert "7 to 21" in told
    assert "Closure" not in told


@pytest.mark.parametrize("head", ["effective: 2027-06-01", "effective: 2026-01-01\nexpires: 2026-06-01"])
def test_a_translation_that_does_not_hold_hides_nothing(store: Store, index: Index, head: str) -> None:
    published(store, PARKING, "parking.md")
    published(store, APARCAMIENTO.format(30), "parking.es.md", head)
    for who in (spanish(reader()), replace(spanish(reader()), lapsed=True)):
        assert [each.doc for each in seen(store, index, who)] == ["parking.md"]


def test_an_original_that_does_not_hold_hides_nothing(store: Store, index: Index) -> None:
    published(store, PARKING, "parking.md", "effective: 2027-06-01")
    published(store, APARCAMIENTO.format(45), "parking.es.md")
    assert [each.doc for each in seen(store, index, reader())] == ["parking.es.md"]
    assert [each.doc for each in seen(store, index, reader(day=LATER))] == ["parking.md"]


def test_a_translation_is_for_those_for_whom_the_original_is(store: Store, index: Index) -> None:
    published(store, PARKING, "parking.md", "audience: hr")
    published(store, APARCAMIENTO.format(45), "parking.es.md", "audience: everybody")
    assert not seen(store, index, spanish(reader()))
    published(store, PARKING.replace("45", "55"), "parking.md", "audience: everybody\neffective: 2027-06-01")
    assert not seen(store, index, spanish(reader()))
    assert len(seen(store, index, spanish(reader(day=LATER)))) == 1
    published(store, PARKING.replace("45", "65"), "parking.md", "audience: hr\neffective: 2027-06-15")
    assert len(seen(store, index, spanish(reader(day=date(2027, 6, 10))))) == 1
    assert not seen(store, index, spanish(reader(day=LATER)))


def test_a_translation_for_fewer_is_refused_and_the_others_are_published(store: Store) -> None:
    pages = [doc(PARKING, "parking.md"), doc(f"---\naudience: hr\n---\n{APARCAMIENTO}", "parking.es.md")]
    problems: list[tuple[str, Refusal]] = []
    assert [each.doc for each in publish_all(store, pages, by=None, problems=problems)] == ["parking.md"]
    assert [name for name, _ in problems] == ["parking.es.md"]
    with pytest.raises(Refusal, match=r"parking\.es\.md is parking\.md in another language"):
        publish_all(store, pages, by=None)


def test_an_original_that_comes_later_opens_no_translation(store: Store, index: Index) -> None:
    published(store, APARCAMIENTO.format(45), "parking.es.md", "audience: hr")
    with pytest.raises(Refusal, match=r"parking\.es\.md is parking\.md in another language"):
        published(store, PARKING, "parking.md")
    published(store, PARKING, "parking.md", "audience: hr")
    assert not seen(store, index, spanish(reader()))
    assert [each.doc for each in seen(store, index, spanish(HR))] == ["parking.es.md"]


def test_what_was_withdrawn_comes_back_for_whom_it_was(store: Store, index: Index) -> None:
    published(store, PARKING, "parking.md", "audience: hr")
    with store.writing() as session:
        withdraw(session, find(session, "parking.md"), by=None)
    published(store, PARKING, "parking.md")
    assert not seen(store, index, reader())


def test_a_document_that_names_itself_translates_nothing(store: Store) -> None:
    published(store, PARKING, "parking.es.md", "translation_of: parking.es.md")
    with store.looking() as session:
        assert session.scalars(select(Document.translation_of)).one() is None
