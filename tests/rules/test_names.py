"""Names come from the office: no Manager, Handler, Helper, Processor, Base or util."""

import ast
import re

from tests.rules.sources import EVERYTHING, sources

BANNED = re.compile(
    r"^(managers?|handlers?|helpers?|processors?|base|utils?|utilit(y|ies)|misc|common)$", re.IGNORECASE
)
ALLOWED = {("backend/store.py", "Base")}  # SQLAlchemy's own word for the class that holds the tables


def words(name: str) -> list[str]:
    """The words of a CamelCase or snake_case name."""
    return re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)


def test_no_class_has_a_name_that_says_nothing() -> None:
    found = [
        f"{source.path}:{node.lineno} class {node.name}"
        for source in sources(*EVERYTHING)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef)
        and any(BANNED.match(word) for word in words(node.name))
        and (source.path, node.name) not in ALLOWED
    ]
    assert found == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    found = [
        source.path
        for source in sources(*EVERYTHING)
        if any(BANNED.match(word) for part in source.module.split(".") for word in words(part))
    ]
    assert found == []


def test_the_words_of_a_name_are_found() -> None:
    assert words("HTTPRequestHandler") == ["HTTP", "Request", "Handler"]
    assert words("date_utils") == ["date", "utils"]
