"""The product's own source, read as text and as syntax trees, for the rules that are about code."""

import ast
import gc
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PRODUCT = ("backdesk", "bot", "tools", "knowledge", "backend")
EVERYTHING = (*PRODUCT, "tests", "benchmarks", "docs")


@dataclass(frozen=True)
class Source:
    """One Python file: its path below the repository, and its tree."""

    path: str
    tree: ast.Module

    @property
    def module(self) -> str:
        """The dotted name it is imported by."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def imports(self) -> Iterator[tuple[str, ast.stmt]]:
        """Every (dotted name imported, statement): "backend.requests.submit" for submit imported from there."""
        for node in ast.walk(self.tree):
            match node:
                case ast.Import(names=names):
                    yield from ((each.name, node) for each in names)
                case ast.ImportFrom(module=str(module), names=names):
                    yield from ((f"{module}.{each.name}", node) for each in names)
                case _:
                    pass


@cache
def sources(*folders: str) -> tuple[Source, ...]:
    """The Python files of these folders, by path."""
    return tuple(each for folder in folders for each in _folder(folder))


@cache
def _folder(folder: str) -> tuple[Source, ...]:
    gc.disable()  # no tree is garbage: looking for some among them takes several times as long as reading them
    try:
        return tuple(
            Source(path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"), str(path)))
            for path in sorted((ROOT / folder).rglob("*.py"))
        )
    finally:
        gc.freeze()
        gc.enable()


@cache
def kept() -> tuple[str, ...]:
    """The paths of the files that git keeps, or would keep if they were added now."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return tuple(sorted(path for path in set(listed.stdout.split("\0")) - {""} if (ROOT / path).is_file()))


@cache
def texts() -> tuple[tuple[str, str], ...]:
    """(path, text) of every file that git keeps and that is text."""
    out: list[tuple[str, str]] = []
    for path in kept():
        raw = (ROOT / path).read_bytes()
        if b"\0" not in raw[:4096]:
            out.append((path, raw.decode("utf-8", errors="replace")))
    return tuple(out)
