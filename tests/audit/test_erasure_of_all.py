"""After somebody did all that can be done here and was erased, no row and no file names them or tells their story."""

import re
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from backend import erasure, files, people, renaming
from backend.leave import OPENING, enter
from backend.people import Account, Person, StandIn
from knowledge.library import Gap
from knowledge.proposals import Proposal
from knowledge.questions import OwnerQuestion
from tests.audit.test_erasure import erased, everything, has_left
from tests.office import Office

MARK = "zeppelin"
"""A word that stands only in what was said by the person or about them."""
NAMES = re.compile(rf"luc[ií]a|fern[aá]ndez|lfer|{MARK}", re.IGNORECASE)
DAYS = {"leave_type": "vacation", "start": "2026-11-26", "end": "2026-11-27"}


@pytest.fixture
def busy(office: Office) -> Office:
    """Lucía Fernández asks, is asked, corrected, prepared for, spoken of and answered; then she leaves."""
    at = datetime.fromisoformat("2026-11-01T10:00:00+01:00")
    with office.store.writing() as session:
        maria = people.find(session, "maria")
        lucia = Person(
            handle="lfer", name="Lucía Fernández", email="lucia@small.example", manager_id=maria.id, team="works",
            employer_id=maria.employer_id, place_id=maria.place_id, start=date(2021, 1, 1), language="es",
        )  # fmt: skip
        session.add(lucia)
        session.flush()
        enter(session, lucia, leave_type="vacation", sort=OPENING, days=office.free("maria"), by=None)
        session.add(Account(person_id=lucia.id, channel="slack", account="ULUCIA1", linked_at=at))
        files.keep(
            session, lucia, folder=office.app.home / "files", name="lucia.pdf", content=b"%PDF-1.7 x",
            mime="application/pdf",
        )  # fmt: skip
        session.add(StandIn(person_id=lucia.id, stand_in_id=maria.id, start=date(2026, 1, 1), end=date(2026, 1, 2)))
        session.add(Gap(question="may Lucía bring her dog?", day=date(2026, 11, 1), near=False))
        session.add(Proposal(person_id=maria.id, sort="synonyms", held={"words": ["LUCÍA"]}, origin="o1", at=at))
        session.add(
            OwnerQuestion(
                asker_id=people.find(session, "tom").id, to_id=maria.id, question="does Lucia Fernandez decide?",
                answer="Lucía does", at=at,
            )
        )  # fmt: skip
    office.says("lfer", "two days off", meant=[("time_off.submit", {**DAYS, "note": f"{MARK} ride"})])
    office.presses("lfer", "submit")
    office.says("maria", "no, a zeppelin lands", meant=[("approval.reject", {"request_ids": [1]})])
    office.says("maria", f"because the {MARK} lands", meant=[("form.update", {"comment": f"the {MARK} lands"})])
    office.says("maria", "yes")
    held = {"to": "lfer", "leave_type": "vacation", "days": "-1.5"}
    office.says("carmen", "take 1.5 days from lucia", meant=[("balance.correct", held)])
    office.says("carmen", f"a {MARK} error", meant=[("form.update", {"comment": f"a {MARK} error"})])
    office.says("carmen", "yes")
    office.says("carmen", "take 1.5 days from lucia again", meant=[("balance.correct", held)])
    office.says("carmen", f"a {MARK} again", meant=[("form.update", {"comment": f"a {MARK} again"})])
    office.says("tom", "is lucia in? Fernandez owes me a lunch, and LUCÍA too")
    office.says("tom", "a day", meant=[("time_off.submit", {**DAYS, "note": "Lucia takes over"})])
    office.presses("tom", "submit")
    with office.store.writing() as session:
        ana = people.find(session, "ana")
        enter(session, ana, leave_type="personal", sort="correction", days=office.free("ana", "personal"), by=None,
              reason="stood in for Lucía")  # fmt: skip
    has_left(office, "lfer")
    return office


def test_nothing_of_somebody_who_did_everything_is_left(busy: Office) -> None:
    before = {table for table, text in everything(busy.store) if NAMES.search(text)}
    assert {"inbox", "posts", "drafts", "event_details", "leave_entries", "gaps", "owner_questions"} <= before
    done = erased(busy, "lfer")
    for each in done.files:
        (busy.app.home / "files" / each).unlink()
    assert [(table, text) for table, text in everything(busy.store) if NAMES.search(text)] == []
    erasure.scrub(busy.store)
    busy.store.close()
    held = {each.name: each.read_bytes() for each in busy.app.home.rglob("*") if each.is_file()}
    assert [name for name, content in held.items() if NAMES.search(content.decode("utf-8", "replace"))] == []


def test_what_others_wrote_of_other_things_stays(busy: Office) -> None:
    done = erased(busy, "lfer")
    texts = [text for table, text in everything(busy.store) if table == "inbox"]
    assert any(f"is {done.handle} in? {done.handle} owes me a lunch, and {done.handle} too" in each for each in texts)


def test_a_name_that_somebody_else_bears_too_is_left_alone(busy: Office) -> None:
    with busy.store.writing() as session:
        people.find(session, "tom").name = "Lucia Becker"
    with busy.store.looking() as session:
        words = renaming.words_of(session, people.find(session, "lfer"))
    assert words.replace("Lucia, Fernandez, fernandez") == f"Lucia, {words.instead}, fernandez"


def test_a_first_name_that_is_a_word_names_somebody_only_with_a_capital(busy: Office) -> None:
    with busy.store.writing() as session:
        people.find(session, "tom").name = "Will von Berg"
        people.find(session, "tom").handle = "wberg"
    with busy.store.looking() as session:
        words = renaming.words_of(session, session.scalars(select(Person).where(Person.handle == "wberg")).one())
    assert words.replace("Will will come von Berg") == f"{words.instead} will come von {words.instead}"


def test_a_file_of_the_company_folder_that_names_them_is_told(busy: Office, tmp_path: Path) -> None:
    from bot.commands_erasure import left_in

    (tmp_path / "people.csv").write_text("handle,name\nlfer,Lucía Fernández\n", encoding="utf-8")
    (tmp_path / "notes.md").write_text("Nobody.", encoding="utf-8")
    with busy.store.looking() as session:
        words = renaming.words_of(session, people.find(session, "lfer"))
    assert left_in(tmp_path, words) == [tmp_path / "people.csv"]
