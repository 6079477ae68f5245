"""One file makes a kind: that of docs/new-kind.md, from another package, works everywhere with no other edit."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from backend import policies
from backend.forms import Widget
from bot import rules
from bot.brain.local import LocalBrain
from bot.channels.script import card_doc
from bot.channels.terminal import TerminalChannel
from bot.message import Post, as_doc
from bot.web.drawing import Drawing, visitor_of
from tests.brain.conftest import turn
from tests.office import Office, hire
from tests.rules.test_examples import blocks
from tools import all_kinds

ASKED = [("access.submit", {"system": "billing", "level": "write", "until": "2026-12-18"})]


@pytest.fixture
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that holds the kind of docs/new-kind.md, installed as packages are."""
    site = tmp_path / "site"
    info = site / "acme_backdesk-1.0.dist-info"
    info.mkdir(parents=True)
    (site / "acme_access.py").write_text(blocks("new-kind.md")[0], encoding="utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-backdesk\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[backdesk.kinds]\naccess = acme_access:KIND\n")
    monkeypatch.syspath_prepend(site)


@pytest.fixture
def office(outside: None, sqlite_url: str, tmp_path: Path, clock: Any) -> Iterator[Office]:
    with hire(sqlite_url, home=tmp_path / "home", clock=clock) as office:
        yield office


def test_it_takes_one_file_of_under_80_lines() -> None:
    kind, test = blocks("new-kind.md")
    assert len(kind.splitlines()) < 80
    assert len(test.splitlines()) < 20


def test_from_a_message_to_the_work_that_is_done(office: Office) -> None:
    office.says("ana", "write access to billing until 18 December", meant=ASKED)
    office.presses("ana", "submit")
    assert "Ana Costa asks: billing, Write, Fri 18 Dec 2026." in office.shown("maria")[-1].text
    office.presses("maria", "approve")
    assert office.state(1) == "approved"
    assert office.card("elena").buttons[0].label == "Done: give access"
    office.presses("elena", "finish")
    assert office.card("ana").state == "given"


def test_every_channel_draws_it(office: Office) -> None:
    office.says("ana", "access", meant=[("access.submit", {"system": "billing"})])
    card = office.card("ana")
    form = next(each for each in card.buttons if each.form).form or ()
    assert [(each.name, each.widget) for each in form] == [
        ("system", Widget.LINE),
        ("level", Widget.CHOICE),
        ("until", Widget.DATE),
        ("reason", Widget.LONG),
    ]
    assert card_doc(card)["fields"] == {"system": "billing"}
    wrote = io.StringIO()
    channel = TerminalChannel("ana", Console(file=wrote, width=100))
    drawn = ""
    with office.store.writing() as session:
        office.app.furnish(session)
        from backend import chats, people

        ana = people.find(session, "ana")
        body = as_doc(Post(text="Until which day do you need it?", card=card))
        posted = chats.post(
            session, ana, channel="web", conversation="ana", private=True, body=body, card=card.subject, cause=None
        )
        assert posted is not None
        channel.post(posted, None)
        drawn = Drawing().post(posted, visitor_of(ana, base="", csrf="x"))
    assert "billing" in wrote.getvalue()
    assert all(f'name="f.{each}"' in drawn for each in ("line.system", "choice.level", "date.until", "long.reason"))


def test_the_toolbox_offers_it(office: Office) -> None:
    from backend import people
    from bot.toolbox import Toolbox

    with office.store.looking() as session:
        ana = people.find(session, "ana")
    toolbox = Toolbox(office.app, ana, origin="e1", channel="memory")
    assert "draft_access" in toolbox.names()
    assert toolbox.tool_for("access.submit") == "draft_access"


@pytest.mark.drill
def test_the_brain_without_a_model_understands_it(outside: None) -> None:
    kinds = all_kinds()
    said = "could I have write access to the billing system until 30 September?"
    (found,) = LocalBrain().understand(turn(said, kinds=kinds)).intents
    assert found.intent == "access.submit"
    assert (found.args["until"], found.args["level"]) == ("2026-09-30", "write")


def test_its_limits_are_a_policy(office: Office) -> None:
    with office.store.writing() as session:
        policies.set_all(session, {"access": {"longest_days": 10}}, by=None, kinds=office.app.kinds)
    with office.store.looking() as session:
        office.app.furnish(session)
        assert any("longest_days" in line and "10" in line for line in rules.lines(rules.in_force(session, "access")))
    office.says("ana", "write access to billing until 18 December", meant=ASKED)
    assert office.card("ana").objections == ("That is longer than 10 days.",)


def test_the_reference_lists_it(outside: None) -> None:
    from docs.write import written

    assert "### Access (`access`, `AC-`)" in written()
