"""What a press comes with may be anything: it is refused in words, and nothing breaks."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import select

from backend import drafts, people
from backend.drafts import Act, Draft
from backend.refusals import Refusal
from bot import draft_presses
from bot.decision_presses import decide_lines
from bot.reaching import ADDRESS, web_address
from knowledge.search import reader_of
from tests.office import Office

DAY = {"leave_type": "vacation", "start": "2026-11-26", "end": "2026-11-26"}


@pytest.mark.parametrize(
    "values",
    [
        {"about": "the next one"},
        {"about": "9" * 5000},
        {"about": "²"},
        {"about": None},
        {"x.amount": "1"},
        {"9.note": "a"},
    ],
)
def test_a_choice_that_is_none_is_refused(office: Office, values: Mapping[str, Any]) -> None:
    office.says("ana", "a day off", meant=[("time_off.submit", DAY)])
    with office.store.writing() as session:
        ana = people.find(session, "ana")
        subject = f"draft:{session.scalars(select(Draft.id)).one()}"
        with pytest.raises(Refusal, match=r"not one of the choices|There is no line"):
            draft_presses.choose(session, ana, subject, values)


@pytest.mark.parametrize("press", [draft_presses.one_receipt, draft_presses.separate])
def test_a_line_that_is_none_is_refused(office: Office, press: Any) -> None:
    with office.store.writing() as session:
        ana = people.find(session, "ana")
        draft = drafts.draft(session, ana, act=Act.SUBMIT, origin="o", kind="expense", values={"amount": "3"})
        with pytest.raises(Refusal, match="not one of the choices"):
            press(session, ana, f"draft:{draft.id}", {"line": "two"})


@pytest.mark.parametrize("name", ["line_03", "line_٣", "amount_03"])
def test_a_line_may_be_numbered_otherwise(office: Office, name: str) -> None:
    office.says("ana", "a day off", meant=[("time_off.submit", DAY)])
    office.presses("ana", "submit")
    with office.store.writing() as session:
        maria = people.find(session, "maria")
        with pytest.raises(Refusal):
            decide_lines(session, maria, "request:1", {name: "5" if name.startswith("amount") else False})


def test_who_manages_nobody_any_more_reads_no_longer_what_is_for_managers(office: Office) -> None:
    def reads() -> bool:
        with office.store.looking() as session:
            return "managers" in (reader_of(session, people.find(session, "maria")).audiences or ())

    assert reads()
    with office.store.writing() as session:
        for who in ("ana", "tom"):
            people.find(session, who).end = office.clock.now().date().replace(day=20)
    assert not reads()


def test_a_link_leads_to_where_the_web_chat_was_started(office: Office) -> None:
    settings = office.app.settings.model_copy(update={"web_port": 8800, "web_host": "0.0.0.0", "public_url": ""})
    assert web_address(settings) == "http://localhost:8800"
    (office.app.home / ADDRESS).write_text("http://127.0.0.1:9100\n", encoding="utf-8")
    assert web_address(settings) == "http://127.0.0.1:9100"
    named = settings.model_copy(update={"public_url": "https://desk.example/"})
    assert web_address(named) == "https://desk.example"


def test_a_press_that_no_database_takes_is_refused(office_on_each: Office) -> None:
    refused = office_on_each.presses_token("ana", "a\0b").refusal
    assert refused == "That button no longer works: write to me and I'll show you where things stand."
