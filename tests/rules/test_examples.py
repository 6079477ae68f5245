"""The examples in the docs are code that runs."""

import re
import sys
from types import ModuleType
from typing import Any

import pytest

from backend.kinds import Kind, Kinds
from tests.kind_contract import KindContract
from tests.office import Office
from tests.rules.sources import ROOT


def blocks(page: str) -> list[str]:
    """The Python examples of a page, in order."""
    return re.findall(
        r"^```python\n(.*?)^```", (ROOT / "docs" / page).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )


def module(name: str, code: str) -> ModuleType:
    """A module of that name that holds the code."""
    made = ModuleType(name)
    exec(compile(code, name, "exec"), made.__dict__)
    return made


@pytest.fixture
def access(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The kind of docs/new-kind.md, as if it stood in tools/."""
    made = module("tools.access", blocks("new-kind.md")[0])
    monkeypatch.setitem(sys.modules, "tools.access", made)
    return made


def test_the_new_kind_is_one(access: ModuleType) -> None:
    kind: Kind[Any] = access.KIND
    kinds = Kinds()
    kinds.add(kind)
    assert [each.name for each in kind.blanks()] == ["system", "level", "until", "reason"]


def _its_own_test() -> type[KindContract]:
    """The test of docs/new-kind.md, of the kind above it."""
    kind, test = blocks("new-kind.md")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "tools.access", module("tools.access", kind))
        return module("tests.kinds.test_access", test).TestAccess


class TestItsOwn(_its_own_test()):
    """As it stands in the docs, on SQLite."""

    @pytest.fixture
    def work_on_each(self, work: Office) -> Office:
        return work


def test_the_new_channel_shows_a_post(capsys: pytest.CaptureFixture[str]) -> None:
    from backend.chats import Posted
    from bot.message import Post, as_doc

    made = module("printer", blocks("new-channel.md")[0])
    posted = Posted(id=7, conversation="ana", body=as_doc(Post(text="Hello")))
    assert made.PrinterChannel().post(posted, None) == "7"
    assert capsys.readouterr().out == "ana Hello\n"
