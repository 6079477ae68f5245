"""Every module, and every public class of the product, says in one sentence what it is for."""

import ast

from tests.rules.sources import EVERYTHING, PRODUCT, sources


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        source.path for source in sources(*EVERYTHING) if source.tree.body and ast.get_docstring(source.tree) is None
    ]
    assert silent == []


def test_every_public_class_says_what_it_is_for() -> None:
    silent = [
        f"{source.path}:{node.lineno} class {node.name}"
        for source in sources(*PRODUCT)
        for node in source.tree.body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and ast.get_docstring(node) is None
    ]
    assert silent == []
