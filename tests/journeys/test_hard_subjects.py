"""Hard subjects: a kind line and a confidential contact first, then what was asked; nothing kept, nothing pushed."""

import pytest
from sqlalchemy import select

from backend import people
from backend.people import Company, Employer
from knowledge import library, publishing
from tests.knowledge.conftest import doc
from tests.office import Office

CARE = """# Family

## Bereavement

When a close relative dies you have four days of paid leave. Tell your manager when you can.
"""


def gaps(office: Office) -> list[str]:
    with office.store.looking() as session:
        return [question for question, _, *_ in library.gaps(session)]


def test_the_kind_line_comes_before_the_cited_answer(office: Office) -> None:
    publishing.publish_all(office.store, [doc(CARE, "family.md")], by=None)
    post = office.says(
        "ana", "My father died. How many days of bereavement leave do I have?", meant=[("policy.ask", {})]
    )
    line, _, answer = post.text.partition("\n\n")
    assert line == (
        "I'm very sorry for your loss. Take the time that you need. You can talk in confidence with Carmen Vidal."
    )
    assert "four days of paid leave" in answer
    assert post.answer is not None
    assert post.answer.citations[0].heading == "Family > Bereavement"


@pytest.mark.parametrize(
    "question", ["Do we have a bereavement leave policy?", "How many days of bereavement leave are there?"]
)
def test_who_asks_for_the_rule_alone_gets_it_first_and_is_not_thanked(office: Office, question: str) -> None:
    publishing.publish_all(office.store, [doc(CARE, "family.md")], by=None)
    post = office.says("ana", question, meant=[("policy.ask", {})])
    answer, _, line = post.text.rpartition("\n\n")
    assert line == "You can talk in confidence with Carmen Vidal."
    assert "four days of paid leave" in answer
    assert "loss" not in post.text
    assert post.beside_quotes.endswith(line)


def test_a_rule_that_is_not_there_is_told_so_and_is_no_gap(office: Office) -> None:
    post = office.says("ana", "How long is parental leave?", meant=[("policy.ask", {})])
    assert post.text == (
        "The handbook does not say that. HR can tell you.\n\nYou can talk in confidence with Carmen Vidal."
    )
    assert gaps(office) == []


def test_the_kind_line_is_shown_where_the_quotes_are_drawn_by_themselves(office: Office) -> None:
    publishing.publish_all(office.store, [doc(CARE, "family.md")], by=None)
    post = office.says("ana", "My father died. How many days of leave do I have?", meant=[("policy.ask", {})])
    assert post.beside_quotes.startswith("I'm very sorry for your loss.")


def test_what_is_not_found_is_no_gap_and_offers_only_the_contact(office: Office) -> None:
    post = office.says("ana", "Mi jefe me acosa en el trabajo", meant=[("out_of_scope", {})])
    assert post.text.startswith("Siento que te esté pasando esto.")
    assert post.text.endswith("Carmen Vidal.")
    assert post.card is None
    assert gaps(office) == []
    assert [each.text for each in office.shown("carmen")] == []


def test_a_form_that_was_asked_for_follows(office: Office) -> None:
    asked = [("time_off.submit", {"start": "2026-11-26", "end": "2026-11-26", "leave_type": "sick"})]
    post = office.says("ana", "I'm sick, I stay in bed on Thursday", meant=asked)
    assert post.text.startswith("I hope you feel better soon.")
    assert post.card is not None
    assert post.card.kind == "time_off"


def test_nobody_is_asked_to_fill_in_a_form_about_harassment(office: Office) -> None:
    post = office.says("ana", "A client grabbed me at dinner, 80 euros", meant=[("expense.submit", {"total": "80"})])
    assert post.text.startswith("I'm sorry that this is happening.")
    assert post.card is None


def test_the_company_and_the_employer_name_whom_to_talk_to(office: Office) -> None:
    with office.store.writing() as session:
        session.get_one(Company, 1).confidential = "Dr. Roth, 030 1234"
    assert "with Dr. Roth, 030 1234." in office.says("ana", "I am being bullied by Tom", meant=[]).text
    with office.store.writing() as session:
        session.scalars(select(Employer)).one().confidential = "olga"
    assert "with Olga Petrova (olga@small.example)." in office.says("ana", "I am being bullied by Tom", meant=[]).text


def test_without_anybody_in_hr_it_is_still_kind(office: Office) -> None:
    with office.store.writing() as session:
        people.find(session, "carmen").roles = []
    text = office.says("ana", "I am being bullied by Tom", meant=[]).text
    assert text.endswith("Somebody whom you trust can help you to decide what to do.")
