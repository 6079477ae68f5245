"""The docs are complete: the reference is what the code says now, and every page is in the index."""

import re

import pytest

from docs.write import PAGE, commands, events, settings, written
from tests.rules.sources import ROOT
from tools import all_kinds


def everything_written() -> str:
    """All pages for readers, as one text."""
    return "\n".join(page.read_text(encoding="utf-8") for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def test_the_reference_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == written(), "run `make docs`"


def test_every_setting_is_described() -> None:
    told = everything_written()
    assert [name for name, _, about in settings() if f"`{name}`" not in told or not about] == []


def test_every_command_is_described() -> None:
    told = everything_written()
    assert [path for path, command in commands() if f"`{path}" not in told or not command.help] == []


def test_every_kind_is_described() -> None:
    told = everything_written()
    assert [name for name in all_kinds() if f"`{name}`" not in told] == []


def test_every_event_is_named() -> None:
    told = everything_written()
    assert [name for name in events() if f"`{name}`" not in told] == []


def test_events_are_a_noun_and_a_verb_in_the_past() -> None:
    assert [
        name for name in events() if name.count(".") != 1 or not name.replace(".", "").replace("_", "").isalpha()
    ] == []


def test_every_page_is_in_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = [page.relative_to(ROOT / "docs").as_posix() for page in (ROOT / "docs").rglob("*.md")]
    assert [page for page in pages if page != "README.md" and f"]({page})" not in index] == []


def test_every_file_and_function_that_a_page_names_is_there() -> None:
    named = [
        (path, name.strip())
        for path, names in re.findall(
            r"`((?:bot|tools|knowledge|backend)/[\w/]+\.py) ?([\w, ]*)`", everything_written()
        )
        for name in names.split(",")
    ]
    assert len(named) > 20
    assert [(path, name) for path, name in named if not (ROOT / path).is_file()] == []
    assert [
        (path, name) for path, name in named if name and f"def {name}(" not in (ROOT / path).read_text(encoding="utf-8")
    ] == []


@pytest.mark.parametrize(("page", "least"), [("approvals.md", 90), ("time.md", 30)])
def test_every_test_that_a_rule_names_is_there(page: str, least: int) -> None:
    rows = [line for line in (ROOT / "docs" / page).read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    found = [re.findall(r"`(tests/[\w/]+\.py)`: ([^;|]*)", row) for row in rows]
    named = [(path, name) for row in found for path, names in row for name in re.findall(r"`(\w+)`", names)]
    assert len(named) > least
    assert [
        (path, name) for path, name in named if f"def {name}(" not in (ROOT / path).read_text(encoding="utf-8")
    ] == []
