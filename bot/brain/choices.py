"""Which of the answers to a choice somebody means: by its name, its title, and other words for it in six languages."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from backend.kinds import Kind, Option
from bot.brain.clean import fold

_FILE = Path(__file__).parent / "synonyms.toml"


@cache
def _table() -> dict[str, object]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def _synonyms(value: str) -> list[str]:
    words = _table().get(value, [])
    return [str(each) for each in words] if isinstance(words, list) else []  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


_words: dict[tuple[Option, ...], list[tuple[str, str, re.Pattern[str]]]] = {}


def _entries(options: Sequence[Option]) -> list[tuple[str, str, re.Pattern[str]]]:
    key = tuple(options)
    if key not in _words:
        if len(_words) > 200:
            _words.clear()
        entries: dict[tuple[str, str], re.Pattern[str]] = {}
        for option in options:
            for said in (option.value.replace("_", " "), option.title, *option.words, *_synonyms(option.value)):
                word = fold(said).strip()
                if len(word) > 1 or word.isalnum():
                    entries[(word, option.value)] = re.compile(rf"(?<![\w-]){re.escape(word)}(?:s|es)?(?![\w])")
        _words[key] = [(word, value, pattern) for (word, value), pattern in entries.items()]
    return _words[key]


def chosen(folded: str, options: Sequence[Option], *, fuzzy: bool = True) -> tuple[str, tuple[int, int]] | None:
    """The stored value of the option that a folded text names, and where; the longest name wins, then the first."""
    best: tuple[int, int, str, tuple[int, int]] | None = None
    for word, value, pattern in _entries(options):
        if found := pattern.search(folded):
            rank = (-len(word), found.start())
            if best is None or rank < best[:2]:
                best = (*rank, value, found.span())
    if best:
        return best[2], best[3]
    if fuzzy:
        from bot.brain.spelling import known

        single = [(word, value) for word, value, _ in _entries(options) if word.isalpha() and len(word) >= 6]
        for found in re.finditer(r"[a-z]{5,}", folded):
            if known(found[0]):
                continue
            for word, value in single:
                if abs(len(word) - len(found[0])) <= 1 and word[0] == found[0][0] and one_slip(found[0], word):
                    return value, found.span()
    return None


def every_word() -> list[str]:
    """All the words for answers that are known here."""
    return [str(each) for words in _table().values() if isinstance(words, list) for each in words]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


def one_slip(one: str, other: str) -> bool:
    """Whether two words differ by one letter left out, added, changed, or two swapped."""
    if one == other:
        return True
    i = 0
    while i < min(len(one), len(other)) and one[i] == other[i]:
        i += 1
    if len(one) == len(other):
        return one[i + 1 :] == other[i + 1 :] or (
            one[i : i + 2] == other[i : i + 2][::-1] and one[i + 2 :] == other[i + 2 :]
        )
    return one[i + 1 :] == other[i:] if len(one) > len(other) else one[i:] == other[i + 1 :]


def nouns(kind: Kind[Any]) -> tuple[str, ...]:
    """The folded words that people call a kind of request by."""
    table = _table().get("kinds", {})
    more = table.get(kind.name, []) if isinstance(table, dict) else []  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
    return tuple(dict.fromkeys([fold(kind.title), kind.name.replace("_", " "), *(str(each) for each in more)]))  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
