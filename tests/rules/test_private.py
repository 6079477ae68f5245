"""What Backdesk makes on the disk is for its own user alone, and a home that others can read is told."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot import doctor_home
from bot.doctor import State
from bot.settings import Settings

pytestmark = pytest.mark.skipif(os.name != "posix", reason="there are no such modes")


def modes(home: Path) -> dict[str, int]:
    """What others may do with each thing in a folder, and with the folder."""
    return {str(each.relative_to(home)): each.stat().st_mode & 0o077 for each in [home, *home.rglob("*")]}


def test_nothing_that_is_made_is_open_to_others(tmp_path: Path) -> None:
    lines = tmp_path / "lines.jsonl"
    lines.write_text('{"as": "ana.costa", "say": "how many days do I have left?"}\n')
    before = os.umask(0o022)
    try:
        words = ["script", "--home", str(tmp_path / "home"), "--company", "sample", str(lines)]
        subprocess.run([sys.executable, "-m", "backdesk", *words], check=True, capture_output=True)
    finally:
        os.umask(before)
    found = modes(tmp_path / "home")
    assert "backdesk.db" in found
    assert {name: mode for name, mode in found.items() if mode} == {}


def test_a_home_that_was_given_stays_as_it_is_and_is_told(tmp_path: Path) -> None:
    home = tmp_path / "given"
    home.mkdir(mode=0o755)
    home.chmod(0o755)
    settings = Settings.at(home)
    assert doctor_home.check(settings).state is State.OK
    (home / "backdesk.db").touch()
    (home / "backdesk.db").chmod(0o644)
    found = doctor_home.check(settings)
    assert (found.state, found.todo) == (State.MISSING, f"chmod -R go-rwx {home}")
    home.chmod(0o700)
    assert doctor_home.check(settings).state is State.OK
