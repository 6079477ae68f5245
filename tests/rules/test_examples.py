"""The examples in the docs are code that runs."""

import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from backend.kinds import Kind, Kinds
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


def test_its_own_test_passes(tmp_path: Path) -> None:
    kind, test = blocks("new-kind.md")
    (tmp_path / "access.py").write_text(kind, encoding="utf-8")
    lead = "import sys\nimport access\nsys.modules['tools.access'] = access\n"
    (tmp_path / "test_access.py").write_text(lead + test, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "tests.conftest",
        "-p",
        "no:cacheprovider",
        "-k",
        "not postgres",
    ]
    env = {**os.environ, "PYTHONPATH": f"{ROOT}:{tmp_path}"}
    run = subprocess.run(
        [*command, "test_access.py"], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )
    assert (run.returncode, "passed" in run.stdout) == (0, True), run.stdout


def test_the_new_channel_shows_a_post(capsys: pytest.CaptureFixture[str]) -> None:
    from backend.chats import Posted
    from bot.message import Post, as_doc

    made = module("printer", blocks("new-channel.md")[0])
    posted = Posted(id=7, conversation="ana", body=as_doc(Post(text="Hello")))
    assert made.PrinterChannel().post(posted, None) == "7"
    assert capsys.readouterr().out == "ana Hello\n"
