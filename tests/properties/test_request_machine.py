"""Whatever people do, in whatever order: balances, steps, outcomes, events and the chain stay right."""

import secrets
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import create_engine, make_url, select, text
from sqlalchemy.orm import Session

from backend import (
    audit,
    buttons,
    decisions,
    drafts,
    escalations,
    filing,
    leave,
    people,
    policies,
    requests,
    steps,
    timers,
)
from backend.clock import StillClock
from backend.drafts import Act
from backend.events import Event
from backend.leave import LeaveDay
from backend.people import LocalDay
from backend.refusals import Refusal
from backend.requests import Request, Step
from backend.store import Store
from bot import presses
from bot.app import App
from bot.channels.memory import MemoryChannel
from bot.settings import Settings
from tests.conftest import NOW
from tests.office import Listener, found
from tests.properties.reference import Calendar, cost, wanted

PEOPLE = ("elena", "olga", "carmen", "maria", "ana", "tom")
HALF_DAYS = {date(2026, 12, 24): "pm", date(2026, 12, 31): "pm"}
FULL, FOUR_DAYS = frozenset(range(5)), frozenset(range(4))
KEPT = {"vacation": Decimal(20), "personal": Decimal(2)}
ASKS = {"vacation", "personal", "unpaid"}
UNITS = {"sick": "calendar"}
ROUTES = {
    "route": [
        {"kind": "purchase", "steps": [{"any": ["manager"]}]},
        {
            "kind": "purchase",
            "over": 1000,
            "steps": [
                {"any": ["manager"]},
                {"of": 2, "from": ["finance", "hr"]},
                {"any": ["finance"], "work": "order"},
            ],
        },
    ]
}

who = st.sampled_from(PEOPLE)
asking = st.sampled_from(["ana", "ana", "ana", "tom", "elena"])
numbers = st.integers(1, 8)


def _free_to_decide(session: Session, step: Step) -> list[people.Person]:
    """Those who may decide a step and have not said anything to it yet."""
    heard = {each.by_id for each in step.opinions}
    waited_for = [each for each in steps.candidates(session, step) if each.id not in heard]
    return [each for each in waited_for if step.sort == "decision" and steps.may_take(session, step, each)[0]]


class Office(RuleBasedStateMachine):
    """A company whose people do as they like. `fresh` makes the address of a new database."""

    home: Path

    @staticmethod
    def fresh() -> str:
        raise NotImplementedError

    def __init__(self) -> None:
        super().__init__()
        self.clock = StillClock(NOW)
        self.store = Store(self.fresh(), clock=self.clock)
        config = Settings.at(self.home).model_copy(update={"database_url": self.store.url})
        self.app = App(config, self.store, channels=[MemoryChannel()], always=["memory"], brain=Listener())
        found(self.store)
        with self.store.writing() as session:
            place = people.find(session, "ana").place
            session.add_all(LocalDay(place_id=place.id, day=day, part=part) for day, part in HALF_DAYS.items())
            people.find(session, "tom").work_week = {"mon": 8, "tue": 8, "wed": 8, "thu": 8}
            policies.set_all(session, ROUTES, by=None, kinds=self.app.kinds)
        self.live: dict[int, dict[date, tuple[str, Decimal]]] = {}
        self.asked: dict[int, dict[date, tuple[str, Decimal]]] = {}
        self.owner: dict[int, tuple[str, str]] = {}
        self.past: dict[int, list[str]] = {}
        self.begun = 0

    def teardown(self) -> None:
        with self.store.looking() as session:
            assert audit.verify(session).sound
        self.store.close()

    # what people do

    @initialize(offsets=st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)), newest_first=st.booleans())
    def ana_asks_for_days_that_overlap(self, offsets: tuple[int, int, int], newest_first: bool) -> None:
        for offset in offsets:
            self.sends_time_off("ana", "vacation", offset, 3, "full", (offset == 1, offset == 2), False)
        for number in sorted(self.owner, reverse=newest_first)[:2]:
            self._approve(number)

    @rule(
        person=asking,
        leave_type=st.sampled_from(["vacation", "vacation", "vacation", "personal", "sick", "unpaid"]),
        offset=st.integers(0, 4) | st.integers(25, 45),
        length=st.integers(0, 6),
        part=st.sampled_from(["full", "full", "am", "pm", "half"]),
        ends=st.tuples(st.booleans(), st.booleans()),
        twice=st.booleans(),
    )
    def sends_time_off(
        self, person: str, leave_type: str, offset: int, length: int, part: str, ends: tuple[bool, bool], twice: bool
    ) -> None:
        start = date(2026, 11, 24) + timedelta(days=offset)
        one = {"part": part, "from_midday": False, "until_midday": False}
        several = {"part": "full", "from_midday": ends[0], "until_midday": ends[1]}
        asked: dict[str, Any] = {"start": start, "end": start + timedelta(days=length), **(several if length else one)}
        calendar = self._calendar(person)
        halves = wanted(**asked)
        unit = UNITS.get(leave_type, "working")
        total = cost(calendar, halves, unit=unit)
        number = self._send("time_off", person, {**asked, "leave_type": leave_type}, twice=twice)
        assert (number is None) == (total == 0)
        if number is None:
            return
        days: dict[date, tuple[str, Decimal]] = {}
        for day in dict.fromkeys(day for day, _ in halves):
            mine = [half for other, half in halves if other == day]
            days[day] = ("full" if len(mine) == 2 else mine[0], cost(calendar, [(day, h) for h in mine], unit=unit))
        self.asked[number], self.live[number] = days, dict(days)
        self.owner[number] = (person, leave_type)
        if leave_type not in ASKS:
            self._took(number)

    @rule(person=asking, total=st.sampled_from([50, 2000]), twice=st.booleans())
    def sends_a_purchase(self, person: str, total: int, twice: bool) -> None:
        number = self._send("purchase", person, {"item": "desk", "quantity": 1, "total": total}, twice=twice)
        assert number is not None
        self.asked[number], self.live[number], self.owner[number] = {}, {}, (person, "")

    @precondition(lambda self: self.owner)
    @rule(person=who, number=numbers, outcome=st.sampled_from(["approved", "approved", "rejected"]))
    def decides(self, person: str, number: int, outcome: str) -> None:
        self._try(
            number,
            lambda session, request: decisions.decide(
                request, session, by=people.find(session, person), outcome=outcome, comment="so"
            ),
        )

    @precondition(lambda self: self.owner)
    @rule(number=numbers, outcome=st.sampled_from(["approve", "approve", "approve", "reject"]))
    def whoever_it_waits_for_presses_twice(self, number: int, outcome: str) -> None:
        with self.store.writing() as session:
            request = requests.get(session, number)
            open_ = [step for step in request.steps if step.state == "open"] if request else []
            takers = [each for step in open_ for each in _free_to_decide(session, step)]
            if not takers:
                return
            taker = takers[0].handle
            token = buttons.offer(session, takers[0], verb=outcome, subject=f"request:{number}")
        before = self._state(number)
        self._press(number, taker, token)
        after = self._state(number)
        assert (before, after) != ("pending", "withdrawn")
        with pytest.raises(Refusal):
            self._press(number, taker, token)
        assert self._state(number) == after

    @precondition(lambda self: self.owner)
    @rule()
    def what_waits_is_approved_from_the_newest(self) -> None:
        for number in sorted(self.owner, reverse=True):
            self._approve(number)

    @precondition(lambda self: self.owner)
    @rule(person=st.none() | who, number=numbers)
    def withdraws(self, person: str | None, number: int) -> None:
        by = person or self.owner.get(number, ("ana", ""))[0]
        self._try(number, lambda session, request: filing.withdraw(request, session, by=people.find(session, by)))

    @precondition(lambda self: self.owner)
    @rule(person=who)
    def does_the_work(self, person: str) -> None:
        with self.store.looking() as session:
            wanted = select(Step.id, Step.number).where(Step.state == "open", Step.sort == "work")
            work = session.execute(wanted).all()
        for step_id, number in work:
            self._try(
                number,
                lambda session, _, step_id=step_id: steps.finish(
                    session.get_one(Step, step_id), session, by=people.find(session, person)
                ),
            )

    @rule(person=who, other=who, days=st.integers(0, 10))
    def names_a_stand_in(self, person: str, other: str, days: int) -> None:
        day = self.clock.now().date()
        try:
            with self.store.writing() as session:
                people.name_stand_in(
                    session,
                    people.find(session, person),
                    other=people.find(session, other),
                    start=day,
                    end=day + timedelta(days=days),
                )
        except Refusal:
            assert person == other

    @rule(person=who, other=st.none() | who)
    def gets_another_manager(self, person: str, other: str | None) -> None:
        with self.store.writing() as session:
            above = people.find(session, other) if other not in (None, person) else None
            people.find(session, person).manager_id = above.id if above else None

    @rule(hours=st.sampled_from([1, 20, 26, 80, 200]))
    def time_passes(self, hours: int) -> None:
        self.clock.advance(timedelta(hours=hours))
        while timers.sweep(self.store, self.app.due):
            pass

    # what must hold

    @invariant()
    def balances_are_what_the_requests_imply(self) -> None:
        with self.store.looking() as session:
            for handle in PEOPLE:
                person = people.find(session, handle)
                for leave_type, opening in KEPT.items():
                    mine = [n for n, owner in self.owner.items() if owner == (handle, leave_type)]
                    taken = sum((c for n in mine for _, c in self.live[n].values()), Decimal(0))
                    assert leave.free(session, person, leave_type) == opening - taken
            rows = session.scalars(select(LeaveDay).where(LeaveDay.state != "given back")).all()
            kept = sorted((row.request, row.day, row.part, row.cost) for row in rows)
            assert kept == sorted((n, day, part, c) for n, days in self.live.items() for day, (part, c) in days.items())

    @invariant()
    def every_open_step_has_a_timer_and_somebody_who_may_take_it(self) -> None:
        with self.store.looking() as session:
            self.app.furnish(session)
            assert escalations.without_timer(session) == []
            everybody = people.everybody(session)
            for step in session.scalars(select(Step).where(Step.state == "open")):
                may = [each for each in everybody if steps.may_take(session, step, each)[0]]
                assert [each for each in may if each.id not in {opinion.by_id for opinion in step.opinions}]
                assert step.request.state == ("pending" if step.sort == "decision" else "approved")

    @invariant()
    def nobody_decides_their_own_and_there_is_one_outcome(self) -> None:
        with self.store.looking() as session:
            for request in session.scalars(select(Request)):
                opinions = [each for step in request.steps for each in step.opinions]
                assert request.person_id not in {each.by_id for each in opinions}
                by_step = [(each.step_id, each.by_id) for each in opinions]
                assert len(by_step) == len(set(by_step))
                assert sum(each.outcome == "rejected" for each in opinions) == (request.state == "rejected")
                if request.state == "pending":
                    assert any(step.state == "open" and step.sort == "decision" for step in request.steps)

    @invariant()
    def every_change_has_its_event_and_the_chain_holds(self) -> None:
        with self.store.looking() as session:
            for number, past in self.past.items():
                subject = f"request:{number}"
                kinds = session.scalars(select(Event.kind).where(Event.subject == subject).order_by(Event.seq)).all()
                assert kinds == past
            assert audit.verify(session).sound

    # how it is done

    def _send(self, kind: str, person: str, values: dict[str, Any], *, twice: bool) -> int | None:
        self.begun += 1
        with self.store.writing() as session:
            me = people.find(session, person)
            draft = drafts.draft(session, me, act=Act.SUBMIT, kind=kind, values=values, origin=f"d{self.begun}")
            token = buttons.offer(session, me, verb="submit", subject=f"draft:{draft.id}")
        number: int | None = None
        try:
            with self.store.writing() as session:
                reply = presses.press(session, people.find(session, person), token, {})
                number = int((reply.card or "").partition(":")[2])
        except Refusal:
            return None
        if twice:
            with pytest.raises(Refusal), self.store.writing() as session:
                presses.press(session, people.find(session, person), token, {})
        self.past[number] = [
            "request.submitted",
            *([f"request.{self._state(number)}"] * (self._state(number) != "pending")),
        ]
        assert number == len(self.past)
        return number

    def _approve(self, number: int) -> None:
        def act(session: Session, request: Request) -> None:
            open_ = [step for step in request.steps if step.state == "open"]
            takers = [each for step in open_ for each in _free_to_decide(session, step)]
            decisions.decide(request, session, by=(takers or [request.person])[0], outcome="approved")

        self._try(number, act)

    def _press(self, number: int, person: str, token: str) -> None:
        before = self._state(number)
        with self.store.writing() as session:
            presses.press(session, people.find(session, person), token, {"comment": "so"})
        self._became(number, before)

    def _try(self, number: int, act: Callable[[Session, Request], object]) -> None:
        before = self._state(number)
        try:
            with self.store.writing() as session:
                act(session, requests.lock(session, number))
        except Refusal:
            assert self._state(number) == before
        else:
            self._became(number, before)

    def _became(self, number: int, before: str) -> None:
        after = self._state(number)
        if after == before:
            return
        self.past[number].append(f"request.{after}")
        if after == "approved":
            self._took(number)
        elif after in ("rejected", "withdrawn"):
            self.live[number] = {}

    def _took(self, number: int) -> None:
        """What an approved or recorded request takes: its days, those of older ones, none of newer booked ones.

        What is recorded (sickness) takes of a whole day of an older one only the half that it falls on.
        """
        person, leave_type = self.owner[number]
        mine = dict(self.asked[number])
        for other, days in self.live.items():
            if other == number or self.owner[other][0] != person:
                continue
            met = [day for day, (part, _) in days.items() if day in mine and {part, mine[day][0]} != {"am", "pm"}]
            for day in met:
                if other < number:
                    part = days.pop(day)[0]
                    rest = {"am": "pm", "pm": "am"}.get(mine[day][0], "") if part == "full" else ""
                    left = self._cost(person, day, rest, self.owner[other][1]) if leave_type not in ASKS else Decimal(0)
                    if left:
                        days[day] = (rest, left)
                elif self._state(other) in ("approved", "recorded"):
                    mine.pop(day)
        self.live[number] = mine

    @staticmethod
    def _calendar(person: str) -> Calendar:
        return Calendar(week=FOUR_DAYS if person == "tom" else FULL, half_days=HALF_DAYS)

    def _cost(self, person: str, day: date, half: str, leave_type: str) -> Decimal:
        return cost(self._calendar(person), [(day, half)] if half else [], unit=UNITS.get(leave_type, "working"))

    def _state(self, number: int) -> str:
        with self.store.looking() as session:
            request = requests.get(session, number)
            return request.state if request else ""


SIZE = settings(max_examples=2, stateful_step_count=25)


def test_on_sqlite(sqlite_template: Path, tmp_path: Path) -> None:
    def fresh() -> str:
        file = tmp_path / f"{secrets.token_hex(6)}.db"
        file.write_bytes(sqlite_template.read_bytes())
        return f"sqlite:///{file}"

    machine = type("OnSqlite", (Office,), {"fresh": staticmethod(fresh), "home": tmp_path})
    run_state_machine_as_test(machine, settings=settings(SIZE, max_examples=3))


@pytest.mark.postgres
def test_on_postgresql(postgres_server: str, postgres_template: str, tmp_path: Path) -> None:
    made: list[str] = []
    engine = create_engine(make_url(postgres_server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")

    def fresh() -> str:
        made.append(f"backdesk_test_{secrets.token_hex(6)}")
        with engine.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{made[-1]}" TEMPLATE "{postgres_template}"'))
        return make_url(postgres_server).set(database=made[-1]).render_as_string(hide_password=False)

    machine = type("OnPostgres", (Office,), {"fresh": staticmethod(fresh), "home": tmp_path})
    try:
        run_state_machine_as_test(machine, settings=SIZE)
    finally:
        with engine.connect() as connection:
            for name in made:
                connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        engine.dispose()
