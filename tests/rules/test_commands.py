"""What the README and CONTRIBUTING tell people to type is there to be typed."""

import re

import pytest

from docs.write import commands
from tests.rules.sources import ROOT

COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_every_make_command_is_in_the_makefile(page: str) -> None:
    told = set(re.findall(r"(?:^|`)make ([a-z]+)", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE))
    assert told - TARGETS == set()


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/new-kind.md", "docs/tour.md"])
def test_every_backdesk_command_is_there(page: str) -> None:
    there = {path.split()[1] for path, _ in commands()}
    told = set(re.findall(r"(?:^|`)backdesk ([a-z]+)", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE))
    assert told - there == set()


def test_the_readme_gives_the_two_commands() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert {"make demo", "make test"} <= {line.split("#")[0].strip() for line in lines}


def test_ci_runs_the_readmes_test_command() -> None:
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_every_page_that_is_linked_is_there() -> None:
    missing = [
        f"{page.relative_to(ROOT)}: {link}"
        for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        for link in re.findall(
            r"\]\((?!https?:|#|mailto:)([^)#\s]+)", COMMENT.sub("", page.read_text(encoding="utf-8"))
        )
        if not (page.parent / link).exists()
    ]
    assert missing == []


def test_the_readme_shows_the_picture_that_is_there() -> None:
    text = COMMENT.sub("", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert ("](docs/demo.png)" in text) == (ROOT / "docs" / "demo.png").is_file()
