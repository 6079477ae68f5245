"""Many at once, on both databases, in real threads: one effect, and everybody else is told who had it."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from backend import audit, escalations, policies, timers
from backend.events import Event
from backend.leave import LeaveEntry
from backend.requests import Opinion, Request
from bot.brain.port import Turn, Understood
from bot.message import Address, Heard, Intent, Post, Pressed, Said
from tests.office import Office

VACATION = {"leave_type": "vacation", "start": "2026-11-26", "end": "2026-11-26"}


def at_once(works: Sequence[Callable[[], object]]) -> None:
    """Runs all of them, started at the same moment."""
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        gate.wait()
        work()

    with ThreadPoolExecutor(len(works)) as pool:
        for done in [pool.submit(run, work) for work in works]:
            done.result()


def pressed(who: str, token: str, event: str = "", **values: object) -> Heard:
    return Pressed(event or uuid4().hex, Address("memory", who), who, token, values)


def hearing(office: Office, heard: Heard) -> Callable[[], object]:
    return lambda: office.app.hear(heard)


def told(office: Office, who: str, *, since: int) -> list[Post]:
    """What a person was shown since, in answer to what they did."""
    return [post for handle, post, _ in office.channel.shown[since:] if handle == who]


def ask(office: Office, who: str = "ana") -> None:
    office.says(who, "vacation", meant=[("time_off.submit", VACATION)])


def test_workers_that_sweep_at_once_remind_somebody_once_of_all(office_on_each: Office) -> None:
    office = office_on_each
    for day in range(11, 16):
        for who in ("ana", "tom"):
            values = {"leave_type": "vacation", "start": f"2027-01-{day}", "end": f"2027-01-{day}"}
            office.says(who, "vacation", meant=[("time_off.submit", values)])
            office.presses(who, "submit")
    office.clock.advance(timedelta(days=1))

    def sweep() -> None:
        timers.sweep(office.store, office.app.due, alone=[escalations.REMIND])

    at_once([sweep] * 4)
    sweep()
    with office.store.looking() as session:
        count = select(func.count()).select_from(Event)
        assert session.scalar(count.where(Event.kind == "step.reminded")) == 10
        assert session.scalar(count.where(Event.kind == "person.reminded")) == 1


def test_one_press_fifty_times_at_once_sends_once(office_on_each: Office) -> None:
    office = office_on_each
    ask(office)
    token = office.button("ana", "submit").token
    since = len(office.channel.shown)
    at_once([hearing(office, pressed("ana", token)) for _ in range(50)])
    office.app.settle()
    posts = told(office, "ana", since=since)
    assert len([post for post in posts if post.committed]) == 1
    assert len([post for post in posts if post.refusal and "already" in post.refusal]) == 49
    with office.store.looking() as session:
        assert session.scalar(select(func.count()).select_from(Request)) == 1
        assert audit.verify(session).sound


def test_one_approval_fifty_times_at_once_books_once_and_says_by_whom(office_on_each: Office) -> None:
    office = office_on_each
    ask(office)
    office.presses("ana", "submit")
    token = office.button("maria", "approve", on="TO-1").token
    since = len(office.channel.shown)
    at_once([hearing(office, pressed("maria", token)) for _ in range(50)])
    office.app.settle()
    posts = told(office, "maria", since=since)
    assert len([post for post in posts if post.committed]) == 1
    refusals = [post.refusal for post in posts if post.refusal]
    assert refusals == ["TO-1 was already approved by Maria Silva."] * 49
    with office.store.looking() as session:
        booked = session.scalars(select(LeaveEntry.days).where(LeaveEntry.sort == "booking")).all()
        assert booked == [-1]
        assert session.scalar(select(func.count()).select_from(Opinion)) == 1
        assert audit.verify(session).sound


def test_the_same_delivery_of_a_press_fifty_times_at_once_is_answered_once(office_on_each: Office) -> None:
    office = office_on_each
    ask(office)
    token = office.button("ana", "submit").token
    since = len(office.channel.shown)
    at_once([hearing(office, pressed("ana", token, event="click-1")) for _ in range(50)])
    office.app.settle()
    assert len(told(office, "ana", since=since)) == 1


def test_the_same_delivery_of_a_refused_press_at_once_is_answered_once(office_on_each: Office) -> None:
    office = office_on_each
    since = len(office.channel.shown)
    at_once([hearing(office, pressed("ana", "no-such-token", event="click-1")) for _ in range(20)])
    office.app.settle()
    assert [bool(post.refusal) for post in told(office, "ana", since=since)] == [True]


def test_the_same_message_at_once_is_answered_once_and_makes_one_draft(office_on_each: Office) -> None:
    office = office_on_each
    office.brain.meant = [("time_off.submit", VACATION)]
    said = Said("m-1", Address("memory", "ana"), "ana", "vacation on thursday")
    at_once([hearing(office, said) for _ in range(20)])
    office.app.settle()
    assert [post.asked for post in office.shown("ana")] == [("confirm",)]


def test_the_same_plain_yes_at_once_sends_once(office_on_each: Office) -> None:
    office = office_on_each
    ask(office)
    since = len(office.channel.shown)
    said = Said("m-2", Address("memory", "ana"), "ana", "yes")
    at_once([hearing(office, said) for _ in range(20)])
    office.app.settle()
    assert [len(post.committed) for post in told(office, "ana", since=since)] == [1]
    with office.store.looking() as session:
        assert session.scalar(select(func.count()).select_from(Request)) == 1


def test_approve_and_reject_at_once_one_wins_and_the_other_hears_who(office_on_each: Office) -> None:
    office = office_on_each
    ask(office)
    office.presses("ana", "submit")
    yes = office.button("maria", "approve", on="TO-1").token
    no = office.button("maria", "reject", on="TO-1").token
    since = len(office.channel.shown)
    at_once([hearing(office, pressed("maria", yes)), hearing(office, pressed("maria", no, comment="no"))])
    office.app.settle()
    posts = told(office, "maria", since=since)
    assert len([post for post in posts if post.committed]) == 1
    assert [post.refusal for post in posts if post.refusal] == [f"TO-1 was already {office.state(1)} by Maria Silva."]
    with office.store.looking() as session:
        kinds = session.scalars(select(Event.kind).where(Event.kind.like("request.%")).order_by(Event.seq)).all()
        assert kinds == ["request.submitted", f"request.{office.state(1)}"]


def test_manager_and_stand_in_at_once_one_decides(office_on_each: Office) -> None:
    office = office_on_each
    dates = {"start": "2026-11-24", "end": "2026-11-30"}
    office.says("maria", "tom stands in", meant=[("approvals.delegate", {"to": "tom", **dates})])
    office.presses("maria", "confirm")
    ask(office)
    office.presses("ana", "submit")
    since = len(office.channel.shown)
    tokens = {who: office.button(who, "approve", on="TO-1").token for who in ("maria", "tom")}
    at_once([hearing(office, pressed(who, token)) for who, token in tokens.items()])
    office.app.settle()
    posts = [*told(office, "maria", since=since), *told(office, "tom", since=since)]
    assert len([post for post in posts if post.committed]) == 1
    assert len([post for post in posts if post.refusal and "was already approved by" in post.refusal]) == 1
    with office.store.looking() as session:
        assert session.scalar(select(func.count()).select_from(Opinion)) == 1


def test_withdraw_and_approve_at_once_leave_the_balance_right(office_on_each: Office) -> None:
    office = office_on_each
    ask(office)
    office.presses("ana", "submit")
    yes = office.button("maria", "approve", on="TO-1").token
    back = office.button("ana", "withdraw", on="TO-1").token
    at_once([hearing(office, pressed("maria", yes)), hearing(office, pressed("ana", back))])
    office.app.settle()
    assert office.state(1) == "withdrawn"
    assert office.free("ana") == 20


class Always:
    """A brain that hears a request for vacation in whatever is said."""

    def understand(self, turn: Turn) -> Understood:
        return Understood((Intent("time_off.submit", VACATION),))


@pytest.mark.drill
def test_twenty_submit_at_once_and_get_consecutive_numbers(office_on_each: Office) -> None:
    office = office_on_each
    who = ("ana", "tom", "maria", "carmen", "olga") * 4
    tokens: list[tuple[str, str]] = []
    for handle in who:
        ask(office, handle)
        tokens.append((handle, office.button(handle, "submit").token))
    at_once([hearing(office, pressed(handle, token)) for handle, token in tokens])
    office.app.settle()
    with office.store.looking() as session:
        assert session.scalars(select(Request.number).order_by(Request.number)).all() == list(range(1, 21))
        assert audit.verify(session).sound
        assert audit.verify(session).first is None


@pytest.mark.drill
def test_twenty_people_talk_at_once(office_on_each: Office) -> None:
    office = office_on_each
    office.app.__dict__["brain"] = Always()
    who = ("ana", "tom", "maria", "carmen") * 5
    at_once([hearing(office, Said(uuid4().hex, Address("memory", each), each, "vacation")) for each in who])
    office.app.settle()
    assert len(office.channel.shown) == 20
    assert {post.asked for _, post, _ in office.channel.shown} == {("confirm",)}


def test_undo_and_the_next_decision_at_once_leave_one_of_them(office_on_each: Office) -> None:
    office = office_on_each
    with office.store.writing() as session:
        route = [{"kind": "time_off", "steps": [{"any": ["manager"]}, {"any": ["hr"]}]}]
        policies.set_all(session, {"route": route}, by=None, kinds=office.app.kinds)
    ask(office)
    office.presses("ana", "submit")
    office.presses("maria", "approve", on="TO-1")
    back, on = office.button("maria", "undo", on="TO-1").token, office.button("carmen", "approve", on="TO-1").token
    since = len(office.channel.shown)
    at_once([hearing(office, pressed("maria", back)), hearing(office, pressed("carmen", on))])
    office.app.settle()
    posts = [*told(office, "maria", since=since), *told(office, "carmen", since=since)]
    assert len([post for post in posts if post.committed]) == 1
    assert len([post for post in posts if post.refusal]) == 1
    assert office.free("ana") == 19  # held or booked: never both, never neither
    with office.store.looking() as session:
        standing = session.scalars(select(Opinion).where(Opinion.undone_at.is_(None))).all()
        assert (office.state(1), len(standing)) in (("approved", 2), ("pending", 0))
        assert audit.verify(session).sound


@pytest.mark.drill
def test_one_undo_fifty_times_at_once_undoes_once(office_on_each: Office) -> None:
    office = office_on_each
    ask(office)
    office.presses("ana", "submit")
    office.presses("maria", "approve", on="TO-1")
    token = office.button("maria", "undo", on="TO-1").token
    since = len(office.channel.shown)
    at_once([hearing(office, pressed("maria", token)) for _ in range(50)])
    office.app.settle()
    assert len([post for post in told(office, "maria", since=since) if post.committed]) == 1
    assert (office.state(1), office.free("ana")) == ("pending", 19)


def test_many_approved_at_once_while_one_is_withdrawn(office_on_each: Office) -> None:
    office = office_on_each
    for who in ("ana", "tom"):
        ask(office, who)
        office.presses(who, "submit")
    office.says("maria", "what waits?", meant=[("approvals.list", {})])
    office.presses("maria", "approve_all")
    yes, back = office.button("maria", "approve").token, office.button("ana", "withdraw", on="TO-1").token
    at_once([hearing(office, pressed("maria", yes)), hearing(office, pressed("ana", back))])
    office.app.settle()
    assert (office.state(1), office.state(2)) == ("withdrawn", "approved")
    assert (office.free("ana"), office.free("tom")) == (20, 19)
    with office.store.looking() as session:
        assert audit.verify(session).sound
