"""Random companies, routes and people who do anything in any order: money and days balance, and nothing is stuck."""

import os
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
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
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import create_engine, make_url, select, text
from sqlalchemy.orm import Session

from backend import (
    asking,
    audit,
    decisions,
    escalations,
    filing,
    leave,
    moves,
    people,
    policies,
    requests,
    spending,
    stand_ins,
    steps,
    timers,
    undoing,
)
from backend.clock import StillClock
from backend.events import Event
from backend.kinds import kinds_of
from backend.leave import LeaveDay, LeaveEntry
from backend.people import Company, Employer, Person, Place, Role
from backend.refusals import Refusal
from backend.requests import APPROVED, CLOSED, PENDING, RECORDED, Opinion, Request, Step
from backend.spending import MoneyEntry
from backend.store import Store
from bot.app import App
from bot.channels.memory import MemoryChannel
from bot.settings import Settings
from tests.conftest import NOW
from tests.office import Listener
from tools.expense_lines import PaidBy

CROWD = 8
NAMES = [f"p{nth}" for nth in range(CROWD)]
STAYS = 5
"""The first of them never leave, so that somebody is there to decide."""

TODAY = NOW.date()
KEPT = ("vacation", "personal")
SEEN: Counter[str] = Counter()
"""The states that requests came to, over all runs."""

who = st.integers(0, CROWD - 1)
nth = st.integers(0, 30)
cents = st.integers(100, 300_000).map(lambda each: Decimal(each) / 100)
roles = st.sampled_from(["finance", "hr", "admin", "office"])
PARTS = st.sampled_from(["all", "all", "line", "less"])
days = st.tuples(st.integers(1, 40), st.integers(0, 6))


@st.composite
def routes(draw: st.DrawFn) -> dict[str, Any]:
    """A route of policies.toml: one to three stops of any, all or some of; perhaps work; or approval by policy."""
    kind = draw(st.sampled_from(["time_off", "expense", "purchase"]))
    if kind != "time_off" and draw(st.integers(0, 3)) == 0:
        return {"kind": kind, "up_to": 30, "auto": True}
    some = st.lists(st.one_of(st.just("manager"), roles), min_size=1, max_size=2, unique=True)
    several = st.lists(roles, min_size=2, max_size=3, unique=True)
    stops: list[dict[str, Any]] = []
    for _ in range(draw(st.integers(1, 3))):
        how = draw(st.sampled_from(["any", "all", "of"]))
        stops.append({"of": 2, "from": draw(several)} if how == "of" else {how: draw(some)})
    if draw(st.booleans()):
        stops.append({"any": [draw(roles)], "work": "pay"})
    over = {"over_days": 3} if kind == "time_off" else {"over": 500}
    return {"kind": kind, "steps": stops, **(over if draw(st.booleans()) else {})}


Asked = tuple[str, dict[str, Any], list[dict[str, Any]]]
"""What somebody asks for: the kind, the form's values, and its lines."""


@st.composite
def asked(draw: st.DrawFn) -> Asked:
    """Leave of some days, an expense report or a purchase of one to three lines."""
    count = draw(st.integers(1, 3))
    match draw(st.sampled_from(["time_off", "expense", "purchase"])):
        case "time_off":
            first, more = draw(days)
            start = TODAY + timedelta(days=first)
            leave_type = draw(st.sampled_from(["vacation", "vacation", "personal", "sick", "unpaid"]))
            return "time_off", {"leave_type": leave_type, "start": start, "end": start + timedelta(days=more)}, []
        case "expense":
            lines: list[dict[str, Any]] = []
            for _ in range(count):
                category = draw(st.sampled_from(["meals", "transport", "other"]))
                paid_by = draw(st.sampled_from(list(PaidBy)))
                lines.append({"amount": draw(cents), "category": category, "date": TODAY, "paid_by": paid_by})
            return "expense", {}, lines
        case kind:
            things = [{"item": "desk", "total": draw(cents), "quantity": draw(st.integers(1, 5))} for _ in range(count)]
            return kind, {}, things


class Engine(RuleBasedStateMachine):
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

    @initialize(
        above=st.lists(who, min_size=CROWD, max_size=CROWD),
        holds=st.lists(st.lists(roles, max_size=2, unique=True), min_size=CROWD, max_size=CROWD),
        said=st.lists(routes(), max_size=4),
        top_of=st.integers(1, 2),
    )
    def is_founded(self, above: list[int], holds: list[list[str]], said: list[dict[str, Any]], top_of: int) -> None:
        with self.store.writing() as session:
            session.add(Company(id=1, name="Any Works", timezone="Europe/Madrid", currency="EUR"))
            place = Place(name="Madrid", country="ES", region=None, timezone="Europe/Madrid")
            employer = Employer(name="Any Works", currency="EUR", timezone="Europe/Madrid")
            session.add_all([place, employer])
            session.flush()
            made: list[Person] = []
            for number, name in enumerate(NAMES):
                person = Person(
                    handle=name, name=name.upper(), employer_id=employer.id, place_id=place.id, team="works",
                    manager_id=made[above[number] % number].id if number and above[number] else None,
                    start=date(2020, 1, 1),
                )  # fmt: skip
                person.roles = [Role(role=each) for each in holds[number]]
                session.add(person)
                session.flush()
                made.append(person)
                for each in KEPT:
                    leave.enter(session, person, leave_type=each, sort=leave.OPENING, days=Decimal(60), by=None)
            wanted = {"route": said, "approvals": {"top": ["finance", "hr"], "top_of": top_of}}
            try:
                policies.set_all(session, wanted, by=None, kinds=self.app.kinds)
            except Refusal:  # two routes alike: then those of the managers hold
                policies.set_all(session, {}, by=None, kinds=self.app.kinds)

    # what people do

    @rule(person=who, what=asked())
    def asks(self, person: int, what: Asked) -> None:
        kind, values, lines = what
        self._try(
            lambda session: filing.submit(
                session,
                kinds_of(session)[kind],
                values=values,
                lines=lines,
                requester=self._person(session, person),
                by=self._person(session, person),
            ),
        )

    @rule(number=nth, person=who, yes=st.booleans(), part=PARTS)
    def anybody_decides(self, number: int, person: int, yes: bool, part: str) -> None:
        self._decide(number, person, yes=yes, part=part)

    @rule(
        number=nth, yes=st.sampled_from([True, True, True, False]), part=st.sampled_from(["all", "all", "line", "less"])
    )
    def whoever_may_decides(self, number: int, yes: bool, part: str) -> None:
        taker = self._taker(number, "decision")
        if taker is not None:
            self._decide(number, taker, yes=yes, part=part)

    @rule(number=nth, part=PARTS, again=st.booleans())
    def somebody_decides_and_thinks_again(self, number: int, part: str, again: bool) -> None:
        taker = self._taker(number, "decision")
        if taker is not None:
            self._decide(number, taker, yes=True, part=part)
            self.undoes(number, taker)
            if again:
                self._decide(number, taker, yes=True, part=part)

    @rule(what=asked(), person=who, yes=st.sampled_from([True, True, False]), part=PARTS)
    def a_request_goes_all_the_way(self, what: Asked, person: int, yes: bool, part: str) -> None:
        number = self._newest(what, person)
        for _ in range(12):
            taker = self._taker(number, "decision")
            if taker is None:
                break
            self._decide(number, taker, yes=yes, part=part)
        for _ in range(6):
            self._work(number)

    def _newest(self, what: Asked, person: int) -> int:
        """Asks for something new; where it stands among all requests."""
        self.asks(person, what)
        with self.store.looking() as session:
            return max(0, len(session.scalars(select(Request.number)).all()) - 1)

    def _decide(self, number: int, person: int, *, yes: bool, part: str) -> None:
        def act(session: Session) -> None:
            request = self._request(session, number)
            positions = [each.position for each in request.lines if each.state != "rejected"]
            some = {positions[-1]: "rejected"} if part == "line" and len(positions) > 1 else None
            less = {positions[0] if positions else 0: Decimal("0.99")} if part == "less" else None
            outcome = "approved" if yes else "rejected"
            by = self._person(session, person)
            decisions.decide(request, session, by=by, outcome=outcome, comment="so", lines=some, amounts=less)

        self._try(act)

    @rule(number=nth, person=who)
    def undoes(self, number: int, person: int) -> None:
        with self.store.looking() as session:
            request = requests.get(session, self._number(session, number))
            last = requests.decided_by(request) if request else None
            decided = last[0].by_id if last else None
            names = {each.id: int(each.handle[1:]) for each in people.everybody(session)}
        by = names.get(decided or 0, person)
        self._try(
            lambda session: undoing.undo(self._request(session, number), session, by=self._person(session, by)),
        )

    @rule(number=nth, what=asked(), person=who, new=st.booleans())
    def asks_back(self, number: int, what: Asked, person: int, new: bool) -> None:
        number = self._newest(what, person) if new else number
        taker = self._taker(number, "decision")
        if taker is not None:
            self._try(
                lambda session: asking.send_back(
                    self._request(session, number), session, by=self._person(session, taker), text="What for?"
                ),
            )

    @rule(number=nth)
    def answers(self, number: int) -> None:
        self._as_requester(number, lambda session, request, me: asking.answer(request, session, by=me, text="For us."))

    @rule(number=nth, what=asked(), nothing=st.booleans())
    def changes(self, number: int, what: Asked, nothing: bool) -> None:
        def act(session: Session, request: Request, me: Person) -> None:
            same = what[0] == request.kind and not nothing
            kept = [dict(each.values) for each in request.lines if each.state != "rejected"]
            values = {**request.values, **what[1]} if same else dict(request.values)
            filing.amend(request, session, by=me, values=values, lines=what[2] if same and what[2] else kept)

        self._as_requester(number, act)

    @rule(number=nth, when=days)
    def gives_days_back(self, number: int, when: tuple[int, int]) -> None:
        start = TODAY + timedelta(days=when[0])
        self._as_requester(
            number,
            lambda session, request, me: filing.revoke(
                request, session, by=me, start=start, end=start + timedelta(days=when[1] // 3)
            ),
        )

    @rule(number=nth)
    def withdraws(self, number: int) -> None:
        self._as_requester(number, lambda session, request, me: filing.withdraw(request, session, by=me))

    @rule(number=nth)
    def does_the_work(self, number: int) -> None:
        self._work(number)

    def _work(self, number: int) -> None:
        taker = self._taker(number, "work")
        if taker is None:
            return

        def act(session: Session) -> None:
            request = self._request(session, number)
            me = self._person(session, taker)
            for step in request.steps:
                if step.state == "open" and step.sort == "work" and steps.may_take(session, step, me)[0]:
                    steps.finish(step, session, by=me)
                    return

        self._try(act)

    @rule(person=who, other=who, length=st.integers(0, 10))
    def names_a_stand_in(self, person: int, other: int, length: int) -> None:
        def act(session: Session) -> None:
            me, start = self._person(session, person), people.today(session, self._person(session, person))
            end = start + timedelta(days=length)
            stand_ins.name(session, me, other=self._person(session, other), start=start, end=end, by=me)
            moves.presence_changed(session, me, by=me)

        self._try(act)

    @rule(person=who, other=who, up_to=st.sampled_from([None, Decimal(100)]))
    def takes_an_assistant(self, person: int, other: int, up_to: Decimal | None) -> None:
        def act(session: Session) -> None:
            me = self._person(session, person)
            assistant = self._person(session, other)
            stand_ins.assist(session, me, assistant=assistant, up_to=up_to, up_to_days=Decimal(1), kinds=[], by=me)

        self._try(act)

    @rule(person=who, other=st.none() | who)
    def gets_another_manager(self, person: int, other: int | None) -> None:
        with self.store.writing() as session:
            me = self._person(session, person)
            above = self._person(session, other) if other is not None and other < person else None
            me.manager_id = above.id if above else None
            session.flush()
            session.expire(me, ["manager"])
            moves.manager_changed(session, me, by=None)

    @rule(person=who)
    def loses_a_role(self, person: int) -> None:
        with self.store.writing() as session:
            me = self._person(session, person)
            lost = [each.role for each in me.roles][:1]
            me.roles = [each for each in me.roles if each.role not in lost]
            session.flush()
            moves.roles_changed(session, me, lost=lost, by=None)

    @rule(person=st.integers(STAYS, CROWD - 1))
    def leaves(self, person: int) -> None:
        with self.store.writing() as session:
            me = self._person(session, person)
            me.end = people.today(session, me) - timedelta(days=1)
            session.flush()
            moves.presence_changed(session, me, by=None)

    @rule(hours=st.sampled_from([1, 20, 26, 80, 200]))
    def time_passes(self, hours: int) -> None:
        self.clock.advance(timedelta(hours=hours))
        while timers.sweep(self.store, self.app.due):
            pass

    # what must hold

    @invariant()
    def money_balances_to_the_cent(self) -> None:
        with self.store.looking() as session:
            self.app.furnish(session)
            for request in session.scalars(select(Request).where(Request.kind != "time_off")):
                form, lines = requests.forms_of(kinds_of(session)[request.kind], request)
                costs = kinds_of(session)[request.kind].amount(form, lines) or Decimal(0)
                held = self._money(session, request, spending.HOLD)
                spent = self._money(session, request, spending.BOOKING)
                match request.state:
                    case "pending":
                        assert (held, spent) == (costs, 0), request.number
                    case "approved" | "recorded" | "done":
                        assert (held, spent) == (0, costs), request.number
                    case _:
                        assert (held, spent) == (0, 0), request.number

    @invariant()
    def days_balance_to_the_half_day(self) -> None:
        with self.store.looking() as session:
            for request in session.scalars(select(Request).where(Request.kind == "time_off")):
                rows = session.scalars(select(LeaveDay).where(LeaveDay.request == request.number)).all()
                live = [row for row in rows if row.state != "given back"]
                kept = sum((row.cost for row in live if row.leave_type in KEPT), Decimal(0))
                held = self._days(session, request, leave.HOLD)
                booked = self._days(session, request, leave.BOOKING)
                match request.state:
                    case "pending":
                        assert {row.state for row in live} <= {"pending"}
                        assert (held, booked) == (-kept, 0), request.number
                    case "approved" | "recorded" | "done":
                        assert {row.state for row in live} <= {"booked"}
                        assert (held, booked) == (0, -kept), request.number
                    case _:
                        assert (live, held, booked) == ([], 0, 0), request.number
            sums: Counter[tuple[int, str]] = Counter()
            for entry in session.scalars(select(LeaveEntry)):
                assert entry.days % Decimal("0.5") == 0
                sums[entry.person_id, entry.leave_type] += entry.days  # pyright: ignore[reportArgumentType]
            for person in people.everybody(session):
                for each in KEPT:
                    assert leave.free(session, person, each) == sums[person.id, each]

    @invariant()
    def nobody_decided_their_own(self) -> None:
        with self.store.looking() as session:
            for opinion in session.scalars(select(Opinion)):
                request = session.get_one(Step, opinion.step_id).request
                assert opinion.by_id not in request.party
                assert opinion.for_id != opinion.by_id

    @invariant()
    def nothing_is_open_without_a_timer_and_somebody_who_may_take_it(self) -> None:
        with self.store.looking() as session:
            self.app.furnish(session)
            assert escalations.without_timer(session) == []
            here = people.everybody(session)
            for step in session.scalars(select(Step).where(Step.state == "open")):
                said = {each.by_id for each in step.opinions}
                may = [each for each in here if steps.may_take(session, step, each)[0] and each.id not in said]
                assert may, (step.number, step.roles, step.owner_id)
                assert step.request.state in ((PENDING,) if step.sort == "decision" else (APPROVED, RECORDED))
            for request in session.scalars(select(Request).where(Request.state == PENDING)):
                assert any(each.state == "open" and each.sort == "decision" for each in request.steps)

    @invariant()
    def the_log_is_whole(self) -> None:
        with self.store.looking() as session:
            assert audit.verify(session).sound
            for request in session.scalars(select(Request)):
                SEEN[request.state] += 1
                SEEN["sent back"] += requests.sent_back(request) is not None
                SEEN["undone"] += any(each.undone_at for each in self._opinions(session, request))
                SEEN["lowered"] += any(each.granted for each in (request, *request.lines))
                kinds = session.scalars(select(Event.kind).where(Event.subject == request.subject)).all()
                ended = request.state in (*CLOSED, APPROVED, RECORDED)
                assert not ended or f"request.{request.state}" in kinds
                assert kinds.count("request.submitted") == 1

    def teardown(self) -> None:
        """Whatever is open can be brought to an end: nothing is stuck."""
        with self.store.looking() as session:
            count = len(session.scalars(select(Request.number)).all())
        for number in range(count):
            for _ in range(40):
                with self.store.looking() as session:
                    request = session.get_one(Request, self._number(session, number))
                    open_ = [each.sort for each in request.steps if each.state == "open"]
                if not open_:
                    break
                before = self._entries()
                if "decision" in open_:
                    taker = self._taker(number, "decision")
                    assert taker is not None, self._stuck(number)
                    self._decide(number, taker, yes=True, part="all")
                else:
                    self._work(number)
                assert self._entries() > before, self._stuck(number)
            with self.store.looking() as session:
                request = session.get_one(Request, self._number(session, number))
                assert [each for each in request.steps if each.state in ("open", "waiting")] == []
                assert request.state in (*CLOSED, APPROVED, RECORDED)
        if count:
            self.money_balances_to_the_cent()
            self.days_balance_to_the_half_day()
        with self.store.looking() as session:
            assert audit.verify(session).sound
        self.store.close()

    # how it is done

    def _try(self, act: Callable[[Session], object]) -> None:
        """Does it in one transaction; a refusal is a sentence and changes nothing."""
        before, refused = self._entries(), ""
        try:
            with self.store.writing() as session:
                act(session)
        except Refusal as refusal:
            refused = str(refusal)
        if refused:
            assert refused.endswith((".", "?")), refused
            assert self._entries() == before

    def _as_requester(self, number: int, act: Callable[[Session, Request, Person], object]) -> None:
        with self.store.looking() as session:
            request = requests.get(session, self._number(session, number))
            me = int(request.person.handle[1:]) if request else 0
        if request is not None:
            self._try(lambda session: act(session, self._request(session, number), self._person(session, me)))

    def _taker(self, number: int, sort: str) -> int | None:
        """Somebody who may take an open step of that sort now."""
        with self.store.looking() as session:
            self.app.furnish(session)
            request = requests.get(session, self._number(session, number))
            for step in request.steps if request else []:
                if step.state == "open" and step.sort == sort:
                    said = {each.by_id for each in step.opinions}
                    for person in people.everybody(session):
                        if person.id not in said and steps.may_take(session, step, person)[0]:
                            return int(person.handle[1:])
        return None

    def _stuck(self, number: int) -> str:
        """What is known about the open steps of a request that nobody can bring to an end."""
        with self.store.looking() as session:
            request = session.get_one(Request, self._number(session, number))
            return "; ".join(
                f"{request.kind} of {request.person.handle}: {step.sort} {step.label or ''} by {step.roles}, "
                f"{step.owner.handle if step.owner else 'no owner'}, need {step.need}, said {len(step.opinions)}"
                for step in request.steps
                if step.state == "open"
            )

    def _entries(self) -> int:
        with self.store.looking() as session:
            return audit.verify(session).entries

    @staticmethod
    def _person(session: Session, number: int) -> Person:
        return people.find(session, NAMES[number])

    @staticmethod
    def _number(session: Session, number: int) -> int:
        """One of the requests that there are."""
        numbers = session.scalars(select(Request.number).order_by(Request.number)).all()
        return numbers[number % len(numbers)] if numbers else 0

    def _request(self, session: Session, number: int) -> Request:
        return requests.lock(session, self._number(session, number))

    @staticmethod
    def _opinions(session: Session, request: Request) -> list[Opinion]:
        return list(
            session.scalars(select(Opinion).join(Step, Step.id == Opinion.step_id).where(Step.number == request.number))
        )

    @staticmethod
    def _money(session: Session, request: Request, sort: str) -> Decimal:
        rows = session.scalars(select(MoneyEntry).where(MoneyEntry.request == request.number, MoneyEntry.sort == sort))
        return sum((each.amount for each in rows), Decimal(0))

    @staticmethod
    def _days(session: Session, request: Request, sort: str) -> Decimal:
        rows = session.scalars(select(LeaveEntry).where(LeaveEntry.request == request.number, LeaveEntry.sort == sort))
        return sum((each.days for each in rows), Decimal(0))


EVERY = {"pending", "approved", "rejected", "withdrawn", "recorded", "done", "sent back", "undone", "lowered"}


HISTORIES = int(os.environ.get("BACKDESK_DRILL_HISTORIES", "500")) // 4
"""How many the drill plays on each database."""


@pytest.fixture
def on_sqlite(sqlite_template: Path, tmp_path: Path) -> type[Engine]:
    """The machine, each history on a new SQLite database."""

    def fresh() -> str:
        file = tmp_path / f"{secrets.token_hex(6)}.db"
        file.write_bytes(sqlite_template.read_bytes())
        return f"sqlite:///{file}"

    SEEN.clear()
    return type("OnSqlite", (Engine,), {"fresh": staticmethod(fresh), "home": tmp_path})


@pytest.fixture
def on_postgresql(postgres_server: str, postgres_template: str, tmp_path: Path) -> Iterator[type[Engine]]:
    """The machine, each history on a new PostgreSQL database."""
    made: list[str] = []
    engine = create_engine(make_url(postgres_server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")

    def drop() -> None:
        with engine.connect() as connection:
            while made:
                connection.execute(text(f'DROP DATABASE "{made.pop()}" WITH (FORCE)'))

    def fresh() -> str:
        drop()
        made.append(f"backdesk_test_{secrets.token_hex(6)}")
        with engine.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{made[-1]}" TEMPLATE "{postgres_template}"'))
        return make_url(postgres_server).set(database=made[-1]).render_as_string(hide_password=False)

    SEEN.clear()
    try:
        yield type("OnPostgres", (Engine,), {"fresh": staticmethod(fresh), "home": tmp_path})
    finally:
        drop()
        engine.dispose()


def test_on_sqlite(on_sqlite: type[Engine]) -> None:
    run_state_machine_as_test(on_sqlite, settings=settings(max_examples=10, stateful_step_count=30))
    assert {each for each in EVERY if SEEN[each]} == EVERY


@pytest.mark.postgres
def test_on_postgresql(on_postgresql: type[Engine]) -> None:
    run_state_machine_as_test(on_postgresql, settings=settings(max_examples=2, stateful_step_count=25))


@pytest.mark.drill
def test_many_on_sqlite(on_sqlite: type[Engine]) -> None:
    run_state_machine_as_test(on_sqlite, settings=settings(max_examples=HISTORIES, stateful_step_count=40))


@pytest.mark.drill
@pytest.mark.postgres
def test_many_on_postgresql(on_postgresql: type[Engine]) -> None:
    run_state_machine_as_test(on_postgresql, settings=settings(max_examples=HISTORIES, stateful_step_count=40))
