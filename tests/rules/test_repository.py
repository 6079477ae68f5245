"""What stands in the repository: the folders of the plan, and text about the product alone."""

import re

from tests.rules.sources import ROOT, kept, texts

TOP = {
    ".ci", ".dockerignore", ".env.example", ".gitattributes", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md",
    "Dockerfile", "LICENSE", "Makefile", "README.md", "THIRD_PARTY_NOTICES.md", "backdesk", "backend", "benchmarks",
    "bot", "docker-compose.yml", "docs", "knowledge", "prompts", "pyproject.toml", "requirements-dev.lock",
    "requirements.lock", "tests", "tools",
}  # fmt: skip

MACHINE = re.compile(r"(?<![\w.~])/(home|Users|root|work|opt/pypi)/[\w.-]+")
REGISTRY = re.compile(
    r"\b(files\.pythonhosted|pypi\.org|registry\.npmjs|deb\.debian|index-url\s*=\s*http)", re.IGNORECASE
)
THIS_FILE = "tests/rules/test_repository.py"


def test_the_top_level_is_as_planned() -> None:
    assert {path.split("/")[0] for path in kept()} <= TOP


def test_no_text_names_a_machine_or_a_registry() -> None:
    found = [
        f"{path}: {match.group(0)}"
        for path, text in texts()
        if path != THIS_FILE
        for pattern in (MACHINE, REGISTRY)
        for match in pattern.finditer(text)
    ]
    assert found == []


def test_a_machine_would_be_seen() -> None:
    assert MACHINE.search("see /home/ana/notes")
    assert not MACHINE.search("/var/lib/backdesk and ~/work/x and example.com/home/page")


def test_the_locks_hold_names_versions_and_hashes_alone() -> None:
    line = re.compile(r"([A-Za-z0-9._-]+(\[[\w,-]+\])?==\S+( ; .+?)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?)")
    for name in ("requirements.lock", "requirements-dev.lock"):
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        assert [each for each in lines if not line.fullmatch(each)] == []


def test_the_locks_agree_with_each_other() -> None:
    pinned = re.compile(r"^\S+==.*?(?= \\)", re.MULTILINE)
    small, large = (
        set(pinned.findall((ROOT / name).read_text(encoding="utf-8")))
        for name in ("requirements.lock", "requirements-dev.lock")
    )
    assert small - large == set()


def test_every_package_of_the_lock_is_among_the_notices() -> None:
    notices = (ROOT / "THIRD_PARTY_NOTICES.md").read_text(encoding="utf-8")
    locked = re.findall(r"^(\S+)==([^ ]+)", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE)
    assert [f"{name} {version}" for name, version in locked if f"| {name} | {version} |" not in notices] == []


def test_no_file_is_larger_than_it_needs_to_be() -> None:
    assert [path for path in kept() if (ROOT / path).stat().st_size > 5_000_000] == []
