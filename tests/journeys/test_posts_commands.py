"""`backdesk posts` and what doctor says of posts, typed as they are typed."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from backend import people, schedules
from backend.schedules import PostRow
from bot import cli, doctor
from bot.doctor import State
from tests.office import Office

Typed = Callable[..., tuple[int, str]]


@pytest.fixture
def typed(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    """Types `backdesk posts ...` in the company of `office`; returns the exit code and what was written."""
    rows = [
        PostRow.model_validate({"what": "who_is_out", "to": "#general", "at": "0 9 * * mon"}),
        PostRow.model_validate({"what": "budgets", "to": "finance", "at": "0 10 1 * *", "timezone": "Asia/Tokyo"}),
    ]
    with office.store.writing() as session:
        schedules.set_all(session, rows, by=None)

    def run(*words: str) -> tuple[int, str]:
        with monkeypatch.context() as patch:
            patch.setenv("BACKDESK_HOME", str(tmp_path / "home"))
            patch.delenv("BACKDESK_DATABASE_URL", raising=False)
            patch.setattr(sys, "argv", ["backdesk", "posts", *words])
            capsys.readouterr()
            with pytest.raises(SystemExit) as ended:
                cli.run()
            wrote = capsys.readouterr()
        return int(ended.value.code or 0), wrote.out + wrote.err

    return run


def test_the_list_tells_when_each_comes_next(typed: Typed) -> None:
    code, out = typed("list")
    assert code == 0
    assert out.splitlines()[2].split("  ")[0] == "who_is_out"
    assert "2026-11-30 09:00" in out
    assert '"next": "2026-12-01 10:00"' in typed("list", "--json")[1]


def test_a_preview_is_printed_and_its_files_written(typed: Typed, office: Office, tmp_path: Path) -> None:
    assert typed("preview", "who_is_out")[1].startswith("Nobody is out today.")
    code, out = typed("preview", "report", "--as", "elena", "--files", str(tmp_path / "out"))
    assert code == 0
    assert f"Written: {tmp_path / 'out' / 'report.csv'}" in out
    assert (tmp_path / "out" / "report.csv").read_bytes().startswith(b"\xef\xbb\xbfPart,What,Figure,Unit")
    code, out = typed("preview", "holidays", "--as", "carmen")
    assert (code, out.splitlines()[1]) == (0, "Madrid")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("budgets",), 1, "This post tells amounts of money"),
        (("waiting",), 1, "This post is for people, not for a channel"),
        (("report", "--as", "ana"), 1, "“The operations report” is only for HR, finance and admins."),
        (("report", "--as", "nobody"), 1, "Nobody here is called nobody"),
        (("gossip",), 2, "there is no post gossip"),
    ],
)
def test_a_preview_that_is_not_for_them_is_refused(typed: Typed, words: tuple[str, ...], code: int, said: str) -> None:
    ended, out = typed("preview", *words)
    assert ended == code
    assert said in out


def test_doctor_says_which_posts_reach_nobody(typed: Typed, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def found() -> tuple[State, str]:
        check = next(each for each in doctor.examine(office.app.settings) if each.name == "posts")
        return check.state, check.found

    nobody = "who_is_out to #general (no channel for teams is connected)"
    assert found() == (State.MISSING, f"cannot go out: {nobody}")
    with office.store.writing() as session:
        people.find(session, "olga").roles = []
    assert found() == (State.MISSING, f"cannot go out: {nobody}; budgets to finance (nobody who works here)")
    with office.store.writing() as session:
        schedules.set_all(session, [], by=None)
    assert found() == (State.OK, "0 are scheduled")
