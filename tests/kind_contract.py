"""What every kind of request keeps to. A kind's own test inherits KindContract and gives it a sample."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import pytest
from sqlalchemy import select

from backend import people, requests, steps
from backend.clock import StillClock
from backend.desk import Desk
from backend.events import Event
from backend.forms import Widget, validated
from backend.kinds import Kind
from backend.leave import LeaveDay, LeaveEntry
from backend.refusals import Refusal
from backend.requests import Request
from backend.spending import MoneyEntry
from backend.words import LANGUAGES
from bot.message import Card, Intent
from bot.toolbox import Toolbox
from tests.office import Office, hire


class KindContract:
    """Takes a kind from its form to an approval, a rejection and a withdrawal, through the same door as people.

    sample   what somebody says who wants one: enough to send it, as the arguments of a call; flat where it has lines
    changed  what they say instead afterwards
    wrong    values, by field, that the form refuses
    """

    kind: ClassVar[Kind[Any]]
    sample: ClassVar[Mapping[str, Any]]
    changed: ClassVar[Mapping[str, Any]]
    wrong: ClassVar[Mapping[str, Any]]

    @pytest.fixture
    def work(self, sqlite_url: str, tmp_path: Path, clock: StillClock) -> Iterator[Office]:
        """The small company, which uses this kind."""
        with hire(sqlite_url, home=tmp_path / "home", clock=clock) as office:
            office.app.kinds[self.kind.name] = self.kind
            yield office

    @pytest.fixture
    def work_on_each(self, database_url: str, tmp_path: Path, clock: StillClock) -> Iterator[Office]:
        """The same on each kind of database."""
        with hire(database_url, home=tmp_path / "home", clock=clock) as office:
            office.app.kinds[self.kind.name] = self.kind
            yield office

    def test_every_blank_has_a_widget_a_title_and_a_question(self) -> None:
        blanks = [*self.kind.blanks(), *self.kind.blanks(line=True)]
        assert blanks
        assert {each.widget for each in blanks} <= set(Widget)
        assert [each.name for each in blanks if not each.title or not each.question] == []
        assert [each.name for each in blanks if each.required and each.default is not None] == []

    def test_every_choice_has_options_with_titles(self) -> None:
        choices = [each for each in self.kind.blanks() if each.widget is Widget.CHOICE]
        assert [each.name for each in choices if not each.options] == []
        assert [option for each in choices for option in each.options if not option.title or not option.value] == []

    def test_people_know_how_to_say_it(self) -> None:
        assert self.kind.examples
        assert self.kind.title
        assert self.kind.prefix.isupper()

    def test_the_toolbox_drafts_it_and_takes_it_back(self, work: Office) -> None:
        with work.store.looking() as session:
            toolbox = Toolbox(work.app, people.find(session, "ana"), origin="contract", channel="memory")
        assert toolbox.tool_for(self.kind.intent) == f"draft_{self.kind.name}"
        assert toolbox.tool_for(self.kind.cancel_intent) == "draft_withdrawal"
        assert f"draft_{self.kind.name}" in toolbox.names()

    def test_the_summary_says_something_in_every_language(self) -> None:
        form, lines = whole(self.kind, self.sample)
        said = [self.kind.summary(form, lines, language) for language in LANGUAGES]
        assert all(said)
        assert [each for each in said if "\n" in each or len(each) > 300] == []

    def test_a_missing_field_is_named_in_one_sentence(self) -> None:
        own, _ = self.kind.split(self.sample)
        for name in (each.name for each in self.kind.blanks() if each.required):
            with pytest.raises(Refusal) as refused:
                validated(self.kind.form, {key: value for key, value in own.items() if key != name})
            assert refused.value.field == name
            assert one_sentence(str(refused.value))

    def test_a_wrong_value_is_refused_in_one_sentence(self) -> None:
        own, of_line = self.kind.split(self.wrong)
        told = self.kind.read(own)[1] | (self.kind.read(of_line, line=True)[1] if of_line else {})
        assert set(told) == set(self.wrong)
        assert [each for each in told.values() if not one_sentence(each)] == []

    def test_nothing_that_a_brain_makes_up_gets_into_a_draft(self, work: Office) -> None:
        made_up = {**self.wrong, "no_such_field": "x", "": None}
        work.says("ana", "please", meant=[(self.kind.intent, made_up)])
        names = {each.name for each in work.card("ana").fields}
        assert names.isdisjoint(made_up)
        assert not [each for each in work.shown("ana") if "went wrong" in each.text]

    def test_what_is_missing_is_asked_for_until_it_can_be_sent(self, work: Office) -> None:
        first = work.says("ana", "please", meant=[(self.kind.intent, {})])
        assert len(first.asked) == 1
        last = first
        for _ in range(len(self.sample)):
            last = work.says("ana", "this", meant=[("form.update", {last.asked[0]: self._answer(last.asked[0])})])
            if last.asked == ("confirm",):
                break
        assert last.asked == ("confirm",)

    def test_a_card_holds_what_its_form_sends_back(self, work: Office) -> None:
        work.says("ana", "please", meant=[(self.kind.intent, self.sample)])
        before = work.card("ana")
        lines = [{each.name: each.value for each in line} for line in before.lines]
        work.fills("ana", {each.name: each.value for each in before.fields}, lines=lines or None)
        assert shown(work.card("ana")) == shown(before)

    def test_from_a_word_to_an_approval(self, work_on_each: Office) -> None:
        work = work_on_each
        self._draft(work)
        changed = work.says("ana", "rather", meant=[("form.update", self.changed)])
        assert changed.asked == ("confirm",)
        sent = work.presses("ana", "submit")
        assert sent.committed[0].intent == self.kind.intent
        assert sent.committed[0].args == said({**self.sample, **self.changed})
        ref = sent.committed[0].ref
        assert ref == f"{self.kind.prefix}-1"
        decided = approve_through(work, 1)
        assert decided
        assert {each.intent for each in decided} == {"approval.approve"}
        assert work.state(1) == "approved"
        assert work.card("ana", on=ref).state == "approved"
        assert work.card("ana", on=ref).ref == ref

    def test_a_rejection_says_why_and_ledgers_are_as_before(self, work_on_each: Office) -> None:
        work = work_on_each
        before = ledgers(work)
        self._send(work)
        taker = waits_for(work, 1)[0]
        work.presses(taker, "Reject", on=f"{self.kind.prefix}-1", values={"comment": "not this month"})
        assert work.state(1) == "rejected"
        assert any("not this month" in post.text for post in work.shown("ana"))
        assert ledgers(work) == before

    def test_withdrawing_gives_back_what_it_took(self, work_on_each: Office) -> None:
        work = work_on_each
        before = ledgers(work)
        self._send(work)
        approve_through(work, 1)
        withdrawn = work.presses("ana", "Withdraw", on=f"{self.kind.prefix}-1")
        assert withdrawn.committed[0].intent == self.kind.cancel_intent
        assert work.state(1) == "withdrawn"
        assert ledgers(work) == before

    def test_undoing_the_last_decision_leaves_all_as_it_was_while_it_waited(self, work_on_each: Office) -> None:
        work = work_on_each
        self._send(work)
        before = ledgers(work)
        approve_through(work, 1)
        undone = last_decider(work, 1)
        told = work.presses(undone, "undo", on=f"{self.kind.prefix}-1")
        assert told.committed[0].intent == "approval.undo"
        assert work.state(1) == "pending"
        assert ledgers(work) == before
        approve_through(work, 1)
        assert work.state(1) == "approved"

    def test_withdrawing_while_it_waits_gives_it_back_too(self, work: Office) -> None:
        before = ledgers(work)
        self._send(work)
        work.presses("ana", "Withdraw", on=f"{self.kind.prefix}-1")
        assert work.state(1) == "withdrawn"
        assert ledgers(work) == before

    def test_every_change_of_state_is_on_record(self, work: Office) -> None:
        self._send(work)
        approve_through(work, 1)
        with work.store.looking() as session:
            kinds = session.scalars(select(Event.kind).where(Event.subject == "request:1").order_by(Event.seq)).all()
        assert kinds == ["request.submitted", "request.approved"]

    def test_facts_and_objections_can_be_said(self, work: Office) -> None:
        form, lines = whole(self.kind, self.sample)
        with work.store.looking() as session:
            work.app.furnish(session)
            desk = Desk(session, people.find(session, "ana"), self.kind)
            told = [*self.kind.facts(form, lines, desk), *self.kind.check(form, lines, desk)]
            assert [each.text for each in told if not each.text.format(**each.values)] == []

    def _answer(self, name: str) -> Any:
        return self.sample[name]

    def _draft(self, work: Office) -> None:
        assert work.says("ana", "please", meant=[(self.kind.intent, self.sample)]).asked == ("confirm",)

    def _send(self, work: Office) -> None:
        self._draft(work)
        assert work.presses("ana", "submit").committed
        assert work.state(1) == "pending"


def whole(kind: Kind[Any], sample: Mapping[str, Any]) -> tuple[Any, list[Any]]:
    """The form and the lines that a flat sample stands for."""
    own, of_line = kind.split(sample)
    return kind.whole(own, [of_line] if of_line else [])


def said(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as they stand in a committed call: without those that were emptied."""
    return {name: value for name, value in values.items() if value not in (None, "")}


def one_sentence(text: str) -> bool:
    """One plain sentence: it begins large, ends with a stop, and has no words of a program in it."""
    words = ("Traceback", "pydantic", "type=", "Input should", "\n")
    return bool(text) and text[0].isupper() and text[-1] in ".!?" and not any(each in text for each in words)


def shown(card: Card) -> list[Any]:
    """What a card holds, for comparing."""
    return [
        {each.name: each.value for each in card.fields},
        [{each.name: each.value for each in line} for line in card.lines],
    ]


def waits_for(office: Office, number: int) -> list[str]:
    """The handles of those who may decide a request now."""
    with office.store.looking() as session:
        office.app.furnish(session)
        request = session.get_one(Request, number)
        waiting = [each for each in request.steps if each.state == "open"]
        return [each.handle for step in waiting for each in steps.candidates(session, step)]


def last_decider(office: Office, number: int) -> str:
    """The handle of whoever decided a request last."""
    with office.store.looking() as session:
        last = requests.decided_by(session.get_one(Request, number))
        assert last is not None
        return session.get_one(people.Person, last[0].by_id).handle


def approve_through(office: Office, number: int) -> Sequence[Intent]:
    """Everybody it waits for says yes, one after another; returns what was committed."""
    committed: list[Intent] = []
    while office.state(number) == "pending":
        taker = waits_for(office, number)[0]
        ref = next(
            each.ref
            for each in reversed([post.card for post in office.shown(taker) if post.card])
            if each.ref and each.ref.endswith(f"-{number}")
        )
        committed += office.presses(taker, "approve", on=ref).committed
    return committed


def ledgers(office: Office) -> dict[str, Any]:
    """Every balance, and every day asked for or booked."""
    with office.store.looking() as session:
        sums: dict[tuple[int, str], Decimal] = {}
        for entry in session.scalars(select(LeaveEntry)):
            key = (entry.person_id, entry.leave_type)
            sums[key] = sums.get(key, Decimal(0)) + entry.days
        days = session.scalars(select(LeaveDay).where(LeaveDay.state != "given back")).all()
        money: dict[tuple[int, str], Decimal] = {}
        for entry in session.scalars(select(MoneyEntry)):
            money[(entry.person_id, entry.sort)] = money.get((entry.person_id, entry.sort), Decimal(0)) + entry.amount
        return {
            "sums": sums,
            "days": [(each.person_id, each.day, each.part) for each in days],
            "money": {key: amount for key, amount in money.items() if amount},
        }
