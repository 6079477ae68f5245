"""The demo's folder and port: one demo at a time, and nothing deleted that is not a demo's."""

import socket
from pathlib import Path

import pytest

from backend.refusals import Refusal
from bot import demo


def test_a_port_that_is_taken_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(Refusal, match="choose another with --port"):
        demo.bind(taken.getsockname()[1])


def test_the_demo_listens_on_this_machine_alone() -> None:
    with demo.bind(None) as first, demo.bind(None) as second:
        assert {first.getsockname()[0], second.getsockname()[0]} == {"127.0.0.1"}
        assert first.getsockname()[1] != second.getsockname()[1]


def test_two_demos_do_not_share_a_folder(tmp_path: Path) -> None:
    with demo.held(tmp_path / "demo"):
        again = demo.held(tmp_path / "demo")
        with pytest.raises(Refusal, match="use that one, or stop it first"):
            again.__enter__()
    with demo.held(tmp_path / "demo"):
        assert (tmp_path / "demo").is_dir()


def test_a_fresh_demo_empties_its_folder(tmp_path: Path) -> None:
    (tmp_path / "backdesk.db").touch()
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a").touch()
    demo.empty(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_no_demo_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").touch()
    with pytest.raises(Refusal, match="left alone"):
        demo.empty(tmp_path)
    assert (tmp_path / "thesis.docx").exists()
