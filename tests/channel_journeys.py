"""What people do all week, on every channel alike. A channel's test inherits Journeys and says how its people do it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any, Protocol

import pytest
from PIL import Image
from sqlalchemy import select

from backend import policies
from backend.chats import Posted
from backend.clock import StillClock
from backend.requests import Request
from bot.app import App
from bot.message import Button, post_from
from knowledge.publishing import publish_all
from tests import papers
from tests.channel_contract import THURSDAY
from tests.knowledge.conftest import LEAVE, doc
from tests.office import Listener, Meant

TAXI: Meant = [("expense.submit", {"amount": "20", "category": "transport", "date": "2026-11-23", "merchant": "Taxi"})]
LAMP: Meant = [("purchase.submit", {"item": "desk lamp", "quantity": 1, "total": "80.00"})]
DESKS: Meant = [
    (
        "purchase.submit",
        {
            "lines": [
                {"item": "standing desk", "quantity": 1, "total": "400"},
                {"item": "desk lamp", "quantity": 2, "total": "60"},
            ]
        },
    )
]


def photo() -> bytes:
    """A photo on which nothing can be read."""
    kept = BytesIO()
    Image.new("RGB", (640, 480), "white").save(kept, "JPEG")
    return kept.getvalue()


PHOTO = photo()


def day_off(day: str) -> Meant:
    """A day of vacation that somebody asks for."""
    return [("time_off.submit", {"leave_type": "vacation", "start": day, "end": day})]


class Desk(Protocol):
    """How people use a channel.

    says     writes a message, with a photo perhaps
    presses  the newest button that has this on it
    fills    opens the form behind the newest such button, fills in fields by their names, and sends it
    opens    what the newest button or link with this on it brings: a file's content
    reads    all that somebody sees there now
    offers   what stands on the buttons that somebody can press now
    """

    app: App
    brain: Listener
    clock: StillClock

    def says(self, who: str, text: str, *, meant: Meant = (), photo: bytes | None = None) -> None: ...

    def presses(self, who: str, label: str) -> None: ...

    def fills(self, who: str, label: str, values: Mapping[str, str | bool | bytes]) -> None: ...

    def opens(self, who: str, label: str) -> bytes: ...

    def reads(self, who: str) -> str: ...

    def offers(self, who: str) -> Sequence[str]: ...


def button(app: App, token: str) -> Button:
    """The newest button with this token, as its post has it."""
    with app.store.looking() as session:
        for body in session.scalars(select(Posted.body).order_by(Posted.id.desc())):
            post = post_from(body)
            every = (*(post.card.buttons if post.card else ()), *post.choices)
            found = next((each for each in every if each.token == token), None)
            if found is not None:
                return found
    raise AssertionError(f"nobody has a button {token}")


class Everyday:
    """What happens every day: asked for in words and in a form, with a photo; decided by a press and by a form."""

    @pytest.fixture
    def desk(self) -> Desk:
        raise NotImplementedError

    def state(self, desk: Desk, number: int) -> str:
        with desk.app.store.looking() as session:
            return session.get_one(Request, number).state

    def later(self, desk: Desk, moment: str) -> None:
        """The office's clock moves on, an hour at a time, and what became due is done."""
        until = datetime.fromisoformat(moment)
        while desk.clock.now() < until:
            desk.clock.advance(min(timedelta(hours=3), until - desk.clock.now()))
            desk.app.settle()

    def asks(self, desk: Desk, meant: Meant = THURSDAY, *, who: str = "ana") -> None:
        """Somebody asks for something, and sends it to Maria."""
        desk.says(who, "please", meant=meant)
        desk.presses(who, "Send to Maria")

    def can(self, desk: Desk, who: str, label: str) -> bool:
        return any(label in each for each in desk.offers(who))

    def test_time_off(self, desk: Desk) -> None:
        desk.says("ana", "I need Thursday off", meant=THURSDAY)
        assert "Thu 26 Nov 2026" in desk.reads("ana")
        desk.presses("ana", "Send to Maria Silva")
        assert "Ana Costa asks" in desk.reads("maria")
        desk.presses("maria", "Approve")
        assert self.state(desk, 1) == "approved"
        assert "Maria Silva approved TO-1" in desk.reads("ana")
        assert not self.can(desk, "maria", "Approve")
        desk.says("ana", "how many days do I have left?", meant=[("balance.look", {})])
        assert "19 days" in desk.reads("ana")

    def test_an_expense_with_a_photo(self, desk: Desk) -> None:
        desk.says("ana", "a taxi yesterday, 20 euros", meant=TAXI)
        desk.fills("ana", "Change", {"receipt": PHOTO})
        desk.presses("ana", "Send to Maria")
        assert desk.opens("maria", "Receipt") == PHOTO
        desk.presses("maria", "Approve")
        assert self.state(desk, 1) == "approved"

    def test_a_photo_is_read_corrected_approved_and_paid(self, desk: Desk) -> None:
        desk.app.reader = papers
        with desk.app.store.writing() as session:
            route: dict[str, Any] = {
                "kind": "expense",
                "steps": [{"any": ["manager"]}, {"any": ["finance"], "work": "pay"}],
            }
            policies.set_all(session, {"expense": {}, "route": [route]}, by=None, kinds=desk.app.kinds)
        receipt = papers.photo(ask=["total"], candidates={"total": ["28.00", "20.00"]})
        desk.says("ana", "", photo=receipt)
        assert "Amount: €28.00 or €20.00?" in desk.reads("ana")
        assert "Reading your receipt" not in desk.reads("ana")
        desk.presses("ana", "€20.00")
        desk.fills("ana", "Change", {"merchant": "Taxi Luna"})
        desk.presses("ana", "Send to Maria")
        assert desk.opens("maria", "Receipt") == receipt
        assert "Taxi Luna" in desk.reads("maria")
        desk.presses("maria", "Approve")
        desk.says("olga", "pay back the expenses", meant=[("payments.owed", {})])
        assert "€20.00 (EX-1)" in desk.reads("olga")
        desk.presses("olga", "Take into one payment")
        assert "PAY-1" in desk.reads("olga")
        desk.presses("olga", "Mark as paid")
        assert self.state(desk, 1) == "done"

    def test_a_long_receipt_in_two_photos_is_one(self, desk: Desk) -> None:
        desk.app.reader = papers
        top = papers.photo(merchant="Bauhaus", total=None, lines=["BAUHAUS", "LEIM 7,49"])
        end = papers.photo(merchant=None, day=None, total="20.50", category=None, lines=["LACK 13,01", "SUMME 20,50"])
        desk.says("ana", "", photo=top)
        desk.says("ana", "", photo=end)
        assert "2 of the pictures as pages of one receipt" in desk.reads("ana")
        desk.says("ana", "they're separate")
        desk.says("ana", "no, they are one receipt")
        desk.fills("ana", "Change", {"note": "for the workshop"})
        desk.presses("ana", "Send to Maria")
        assert "€20.50" in desk.reads("maria")
        assert desk.opens("maria", "Receipt, page 1") == top
        assert desk.opens("maria", "Receipt, page 2") == end

    def test_a_no_needs_its_reason(self, desk: Desk) -> None:
        self.asks(desk)
        desk.fills("maria", "Reject", {"comment": "too many <of us> are @away & gone"})
        assert self.state(desk, 1) == "rejected"
        assert "too many <of us> are @away & gone" in desk.reads("ana")


class Journeys(Everyday):
    """The whole week: also what is approved in part, asked back, handed over, looked up, and left lying."""

    def test_a_purchase(self, desk: Desk) -> None:
        self.asks(desk, LAMP)
        assert "€80.00" in desk.reads("maria")
        desk.presses("maria", "Approve")
        assert self.state(desk, 1) == "approved"
        assert "Maria Silva approved PR-1" in desk.reads("ana")

    def test_part_of_it_is_approved(self, desk: Desk) -> None:
        self.asks(desk, DESKS)
        desk.fills("maria", "Line by line", {"line_2": False, "comment": "there are lamps in the cellar"})
        with desk.app.store.looking() as session:
            assert [each.state for each in session.get_one(Request, 1).lines] == ["approved", "rejected"]
        assert "there are lamps in the cellar" in desk.reads("ana")

    def test_less_is_approved(self, desk: Desk) -> None:
        self.asks(desk, LAMP)
        desk.fills("maria", "Lower amount", {"amount": "60", "comment": "the smaller one"})
        assert "€60.00 instead of €80.00" in desk.reads("ana")

    def test_it_is_sent_back_with_a_question(self, desk: Desk) -> None:
        self.asks(desk)
        desk.fills("maria", "Ask a question", {"comment": "Who covers for you?"})
        assert "Who covers for you?" in desk.reads("ana")
        desk.fills("ana", "Answer", {"comment": "Tom does"})
        assert "Tom does" in desk.reads("maria")
        desk.presses("maria", "Approve")
        assert self.state(desk, 1) == "approved"

    def test_a_stand_in_decides(self, desk: Desk) -> None:
        meant: Meant = [("approvals.delegate", {"to": "olga", "start": "2026-11-24", "end": "2026-11-27"})]
        desk.says("maria", "olga stands in for me this week", meant=meant)
        desk.presses("maria", "Confirm")
        self.asks(desk, day_off("2026-12-01"))
        desk.presses("olga", "Approve")
        assert "Olga Petrova, for Maria Silva approved TO-1" in desk.reads("ana")

    def test_a_question_about_policy(self, desk: Desk) -> None:
        publish_all(desk.app.store, [doc(LEAVE, "leave.md")], by=None)
        desk.says("ana", "how many days of paid vacation do I have?", meant=[("policy.ask", {})])
        desk.app.index.close()
        assert "23 days of paid vacation" in desk.reads("ana")

    def test_how_it_stands(self, desk: Desk) -> None:
        self.asks(desk)
        desk.says("ana", "where is my request?", meant=[("request.status", {"request_id": 1})])
        assert "waits for Maria Silva" in desk.reads("ana")

    def test_reminders_come_as_one_and_all_is_approved(self, desk: Desk) -> None:
        self.asks(desk)
        self.asks(desk, day_off("2026-12-03"), who="tom")
        self.later(desk, "2026-11-25T12:00:00+01:00")
        assert "TO-1" in desk.reads("maria")
        assert self.can(desk, "maria", "Open TO-1")
        assert self.can(desk, "maria", "Open TO-2")
        desk.presses("maria", "Approve all 2")
        desk.presses("maria", "Approve TO-1, TO-2")
        assert [self.state(desk, number) for number in (1, 2)] == ["approved", "approved"]

    def test_nobody_answers_and_it_goes_up(self, desk: Desk) -> None:
        self.asks(desk, day_off("2026-12-16"))
        self.later(desk, "2026-11-25T12:00:00+01:00")
        assert "reminder" in desk.reads("maria").lower()
        self.later(desk, "2026-12-01T12:00:00+01:00")
        assert "Nobody has answered TO-1 yet" in desk.reads("ana")
        desk.presses("elena", "Approve")
        assert self.state(desk, 1) == "approved"
        assert not self.can(desk, "maria", "Approve")
