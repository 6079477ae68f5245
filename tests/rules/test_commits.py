"""A person's press commits: nothing that a model can reach may, and nobody commits by hand."""

import ast
import re

import pytest

from tests.rules.sources import PRODUCT, Source, sources

COMMITTING = {
    "backend.requests": {"write"},
    "backend.filing": {"submit", "withdraw", "amend", "revoke"},
    "backend.decisions": {"decide", "decide_each", "settle", "hold_again", "take_back"},
    "backend.asking": {"send_back", "answer", "changed"},
    "backend.undoing": {"undo"},
    "backend.steps": {"finish", "open_next", "close", "replace"},
    "backend.moves": {"presence_changed", "manager_changed", "roles_changed", "review", "hand_over"},
    "backend.stand_ins": {"name", "assist", "end_assistance"},
    "backend.leave": {"book", "open_balance"},
    "backend.people": {"stand_in", "erase", "load", "change"},
    "backend.policies": {"set_all"},
    "backend.buttons": {"take"},
    "backend.holiday_years": {"confirm", "question"},
}  # fmt: skip
"""What changes a record, by module. Drafts are not among them: a model may write those."""

PRESSES = re.compile(r"bot\.(\w+_)?presses")


def within_reach_of_a_model() -> list[Source]:
    """The files that a model's call runs through: what can be asked, the toolbox and the brains."""
    return [
        source for source in sources("tools", "bot") if source.path.startswith(("tools/", "bot/brain/", "bot/tool"))
    ]


def calls_that_commit(source: Source) -> list[str]:
    """Every use in a file of a function that commits, as "path:line name"."""
    found: list[str] = []
    local: dict[str, str] = {}
    for name, statement in source.imports():
        module, _, last = name.rpartition(".")
        if PRESSES.fullmatch(name) or PRESSES.fullmatch(module) or last in COMMITTING.get(module, ()):
            found.append(f"{source.path}:{statement.lineno} import {name}")
        if name in COMMITTING:
            local[last if isinstance(statement, ast.ImportFrom) else name] = name
    for node in ast.walk(source.tree):
        match node:
            case ast.Attribute(value=ast.Name(id=holder), attr=attr) if attr in COMMITTING.get(
                local.get(holder, ""), ()
            ):
                found.append(f"{source.path}:{node.lineno} {holder}.{attr}")
            case _:
                pass
    return found


def test_no_road_leads_from_a_model_to_a_commit() -> None:
    assert [use for source in within_reach_of_a_model() for use in calls_that_commit(source)] == []


@pytest.mark.parametrize(
    "text",
    [
        "from backend.filing import submit",
        "from backend import decisions\ndecisions.decide(1)",
        "from bot import presses",
        "from bot.presses import COMMITTING",
        "from bot.draft_presses import submit",
        "def late():\n    from backend import filing as r\n    from backend.filing import withdraw",
    ],
)
def test_a_road_would_be_seen(text: str) -> None:
    assert calls_that_commit(Source("tools/evil.py", ast.parse(text)))


def test_nobody_opens_a_writing_transaction_below_the_edge() -> None:
    found = [
        f"{source.path}:{node.lineno}"
        for source in sources("tools", "bot")
        if source.path.startswith(("tools/", "bot/brain/"))
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and node.attr == "writing"
    ]
    assert found == []


def test_nobody_commits_by_hand() -> None:
    found = [
        f"{source.path}:{node.lineno}"
        for source in sources(*PRODUCT)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]
    assert found == []
