"""Channels show nothing above their ceiling, on cards and in sentences, and previews give nothing away."""

import pytest

from backend import policies
from backend.forms import Data
from backend.refusals import Refusal
from bot.message import Post
from tests.office import Office

ILL = [("time_off.submit", {"leave_type": "sick", "start": "2026-11-24", "end": "2026-11-24"})]
VACATION = [("time_off.submit", {"leave_type": "vacation", "start": "2026-11-26", "end": "2026-11-26"})]


def readable(post: Post) -> str:
    """Everything of a post that stands on a screen, but for the answers that a form offers."""
    card = post.card
    fields = [*(card.fields if card else ()), *(each for b in (card.buttons if card else ()) for each in b.form or ())]
    said = [post.text, card.summary if card else "", *(f"{each.value} {each.shown}" for each in fields)]
    return " ".join([*said, *(card.objections if card else ()), *(b.label for b in (card.buttons if card else ()))])


@pytest.fixture
def modest(office: Office) -> Office:
    """The office on a channel that may show what is private, but nothing about health."""
    office.channel.ceiling = Data.PRIVATE
    return office


def test_the_kind_of_absence_stays_away_from_a_channel_that_may_not_show_health(modest: Office) -> None:
    modest.says("ana", "I'm ill", meant=ILL)
    modest.presses("ana", "Send")
    modest.says("ana", "how do my requests stand?", meant=[("request.status", {})])
    modest.presses("ana", "Withdraw", on="TO-1")
    seen = " ".join(readable(post) for _, post, _ in modest.channel.shown).lower()
    assert "sick" not in seen
    assert "web chat" in seen
    assert modest.state(1) == "withdrawn"


def test_policy_may_let_more_travel_by_a_platform(office: Office) -> None:
    with office.store.writing() as session:
        before = [office.app.ceiling(session, each) for each in ("slack", "telegram", "memory")]
        allowed = {"channels": {"telegram": "health", "slack": "plain"}}
        policies.set_all(session, allowed, by=None, kinds=office.app.kinds)
        after = [office.app.ceiling(session, each) for each in ("slack", "telegram", "memory")]
        with pytest.raises(Refusal):
            policies.set_all(session, {"channels": {"telegram": "everything"}}, by=None, kinds=office.app.kinds)
    assert before == [Data.PRIVATE, Data.PRIVATE, Data.BANK]
    assert after == [Data.PLAIN, Data.HEALTH, Data.BANK]


def test_what_is_private_is_shown_on_it(modest: Office) -> None:
    assert "Vacation" in modest.says("ana", "vacation", meant=VACATION).text


def test_previews_name_nobody_elses_affairs(office: Office) -> None:
    office.says("ana", "I'm ill", meant=ILL)
    office.presses("ana", "Send")
    office.says("tom", "vacation", meant=VACATION)
    office.presses("tom", "submit")
    previews = {post.preview for _, post, _ in office.channel.shown}
    assert previews == {"You have a new message.", "Ana's request needs you.", "Tom's request needs you."}
