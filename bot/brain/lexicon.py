"""The word lists that rules use, read from words.toml."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "words.toml"


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def listed(name: str) -> frozenset[str]:
    """The words of one list: "lead", "tail", "vague", "indistinct", "stops" or "filler"."""
    return frozenset(str(_table()[name]).split())


def phrases(name: str) -> dict[str, list[str]]:
    """The phrases of a table ("acts"), by their heading."""
    return {
        str(key): [" ".join(each.split()) for each in str(block).split("/") if each.strip()]
        for key, block in _table()[name].items()
    }


def common_words() -> dict[str, frozenset[str]]:
    """Common words by language."""
    return {str(key): frozenset(str(block).split()) for key, block in _table()["languages"].items()}
