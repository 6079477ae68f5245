"""Which of the answers to a choice somebody means: by its name, its title, and other words for it in six languages."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from backend.forms import Option
from backend.kinds import Kind
from bot.brain.clean import fold
from bot.brain.lexicon import listed

_FILE = Path(__file__).parent / "synonyms.toml"


@cache
def _table() -> dict[str, object]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def _synonyms(value: str) -> list[str]:
    words = _table().get(value, [])
    return [str(each) for each in words] if isinstance(words, list) else []  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


@cache
def departments() -> tuple[frozenset[str], ...]:
    """The names that each common department has in six languages."""
    groups = _table().get("departments", {})
    return tuple(frozenset(map(str, names)) for names in groups.values()) if isinstance(groups, dict) else ()  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType, reportUnknownMemberType]


_PLURALS, _ENDINGS = "(?:s|es)?", "(?:s|e[snrm]?|n)?"
_ADJECTIVES = frozenset({"unpaid", "personal"})
_CLOSE, _CLEARLY = 0.6, 0.15
"""How near (cosine) a phrase has to come to the words for an option, and how much nearer than to any other."""
_CARRIERS = frozenset({"ticket", "fee", "card", "pas"})
"""Nouns that are what the noun before them says: metro tickets are for the metro."""
_AS = re.compile(
    r"\b(?:as|als|como|comme|come|en tant que|a titre)\s+(?:(?:an?|my|un[ao]?|uma?|une|eine?n?|mein\w*|mi|meu)\s+)?$"
)
"""What is named after it is what is meant, whatever is told besides: "he has a fever, put it in as a personal day"."""
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
                    entries[(word, option.value)] = re.compile(
                        rf"(?<![\w-]){re.escape(word)}{_ENDINGS if len(word) > 5 else _PLURALS}(?![\w])"
                    )
        _words[key] = [(word, value, pattern) for (word, value), pattern in entries.items()]
    return _words[key]


def chosen(folded: str, options: Sequence[Option], *, fuzzy: bool = True) -> tuple[str, tuple[int, int]] | None:
    """The stored value of the option that a folded text names, and where: the one named first, by its longest name.

    Of two English nouns side by side the second is meant: the conference hotel is a hotel.
    """
    hits = sorted(
        ((*found.span(), value) for _, value, pattern in _entries(options) for found in pattern.finditer(folded)),
        key=lambda hit: (hit[0], -hit[1]),
    )
    hits = [hit for hit in hits if _AS.search(folded[: hit[0]])] or hits
    best: tuple[int, int, str] | None = None
    for hit in hits:
        beside = best is not None and hit[0] == best[1] + 1 and folded[best[1]] == " "
        beside = beside and folded[slice(*hit[:2])].rstrip("s") not in _CARRIERS
        if best is None or (beside and best[2] not in _ADJECTIVES):
            best = hit
    if best:
        return best[2], best[:2]
    if fuzzy:
        from bot.brain.spelling import known, spelled

        if (right := spelled(folded)) != folded and (found := chosen(right, options, fuzzy=False)):
            return found

        single = [(word, value) for word, value, _ in _entries(options) if word.isalpha() and len(word) >= 6]
        for found in re.finditer(r"[a-z]{6,}", folded):
            if known(found[0]):
                continue
            short = {value for word, value in single if word.startswith(found[0]) and len(word) > len(found[0])}
            if len(short) == 1:
                return short.pop(), found.span()
            for word, value in single:
                if abs(len(word) - len(found[0])) <= 1 and word[0] == found[0][0] and one_slip(found[0], word):
                    return value, found.span()
    return None


def meant(phrases: Sequence[str], options: Sequence[Option]) -> str | None:
    """The value of the option that one of these phrases comes close to in meaning, clearly before all others."""
    if not phrases:
        return None
    from knowledge.embedding import use

    values, known = _meanings(tuple(options))
    best: tuple[float, str | None] = (0.0, None)
    for row in use(phrases) @ known.T:
        closest: dict[str, float] = {}
        for value, near in zip(values, row, strict=True):
            closest[value] = max(closest.get(value, 0.0), float(near))
        ranked = sorted(closest, key=lambda value: -closest[value])
        first, second = closest[ranked[0]], closest[ranked[1]] if len(ranked) > 1 else 0.0
        if ranked[0] and first >= _CLOSE and first - second >= _CLEARLY and first > best[0]:
            best = first, ranked[0]
    return best[1]


@lru_cache(maxsize=100)
def _meanings(options: tuple[Option, ...]) -> tuple[tuple[str, ...], Any]:
    """Every word for the options, as a vector, and which option it stands for; "" for words that name none."""
    from knowledge.embedding import use

    words = [(word, value) for word, value, _ in _entries(options)] + [(word, "") for word in listed("nothing")]
    return tuple(value for _, value in words), use([word for word, _ in words])


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
