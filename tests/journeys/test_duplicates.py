"""The same receipt twice, by whomever: blocked with a link to what one may see, and a reason that approvers read."""

import pytest

from backend.events import Event
from bot.message import Attachment, Post
from tests.office import Office
from tests.papers import taxi


def claimed(office: Office, who: str, file: Attachment) -> Post:
    """Somebody sends a receipt and then the claim."""
    office.says(who, "", files=(file,))
    return office.presses(who, "submit")


def sends(office: Office, who: str, file: Attachment) -> tuple[list[str], list[str]]:
    """Somebody sends a receipt: what the draft says against it, and what can be pressed."""
    office.says(who, "", files=(file,))
    card = office.card(who)
    return list(card.objections), [each.verb for each in card.buttons]


def test_the_same_file_is_blocked_with_a_link_to_ones_own(office: Office) -> None:
    claimed(office, "ana", taxi())
    objections, verbs = sends(office, "ana", taxi())
    assert objections[-1] == "This receipt is on EX-1 already."
    assert verbs == ["explain", "change", "discard"]
    assert "EX-1" in office.shown("ana")[-1].text


def test_of_a_colleagues_request_nothing_is_told_but_that_there_is_one(office: Office) -> None:
    claimed(office, "ana", taxi(numbers=["28.00", "7"]))
    objections, verbs = sends(office, "tom", taxi(numbers=["28.00", "7"], copy=2))
    assert objections == ["This receipt was sent with another request already."]
    assert "submit" not in verbs
    shown = repr(office.card("tom"))
    assert "Ana" not in shown
    assert "EX-1" not in shown


def test_a_reason_lets_it_through_and_the_approver_and_the_log_have_it(office: Office) -> None:
    claimed(office, "ana", taxi(numbers=["1"]))
    sends(office, "tom", taxi(numbers=["1"], copy=2))
    office.presses("tom", "explain", values={"not_twice": "We shared the taxi and paid half each."})
    ref = office.presses("tom", "submit").committed[0].ref
    card = office.card("maria", on=ref)
    assert "This receipt is on EX-1 already." in card.objections, "who may see both is told which"
    assert "We shared the taxi" in next(each.shown for each in card.fields if each.name == "not_twice")
    from backend import trail

    with office.store.looking() as session:
        sent = [each for each in trail.entries(session) if each.kind == "request.submitted"][-1]
        assert "We shared the taxi" in repr(sent.as_doc())
    assert Event.__tablename__ == "events"


def test_without_a_reason_it_cannot_be_sent_by_any_road(office: Office) -> None:
    claimed(office, "ana", taxi())
    sends(office, "ana", taxi())
    office.presses("ana", "explain", values={"not_twice": " "})
    assert "submit" not in [each.verb for each in office.card("ana").buttons]


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (taxi(numbers=["28.00", "12", "3"], day=None), ["This may be the receipt that is on EX-1: is it the same?"]),
        (taxi(numbers=["28.00", "12", "3"], day="2026-11-20"), []),
        (taxi(numbers=["99"], merchant="Bar Luna"), []),
    ],
)
def test_what_may_be_the_same_is_asked_and_another_day_is_another_receipt(
    office: Office, other: Attachment, said: list[str]
) -> None:
    claimed(office, "ana", taxi(numbers=["28.00", "12", "3"]))
    office.says("ana", "", files=(other,))
    office.fills("ana", {"date": "2026-11-23"})
    card = office.card("ana")
    assert [each for each in card.objections if "receipt" in each] == said
    assert "submit" in [each.verb for each in card.buttons]


def test_what_was_rejected_or_withdrawn_can_be_sent_again(office: Office) -> None:
    claimed(office, "ana", taxi())
    office.presses("ana", "withdraw", on="EX-1")
    objections, verbs = sends(office, "ana", taxi())
    assert (objections, "submit" in verbs) == ([], True)


def test_the_same_file_twice_in_one_report_is_blocked(office: Office) -> None:
    office.says("ana", "", files=(taxi(), taxi()))
    assert "submit" not in [each.verb for each in office.card("ana").buttons]
