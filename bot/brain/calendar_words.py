"""The words people use for days, weeks and months, in six languages: data for dates."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from bot.brain.lexicon import common_words

LANGUAGES = ("en", "es", "pt", "fr", "de", "it")

_FILE = Path(__file__).parent / "calendar_words.toml"
_DATA: dict[str, Any] = tomllib.loads(_FILE.read_text(encoding="utf-8"))


def _value(entry: dict[str, Any]) -> object:
    value = entry.get("value")
    return tuple(value) if isinstance(value, list) else value  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


_TABLE: tuple[tuple[str, object, dict[str, str]], ...] = tuple(
    (str(entry["tag"]), _value(entry), {language: str(entry[language]) for language in LANGUAGES if language in entry})
    for entry in _DATA["words"]
)

SHORT_WORDS = frozenset(str(_DATA["short"]).split("/"))
"""Words that mean something else too: a date only beside another part of one, or alone."""

_CROSS = {"WD", "MON", "REL", "WEEK", "FEAST"}


@cache
def phrases(language: str) -> dict[str, list[tuple[tuple[str, ...], tuple[tuple[str, object], ...]]]]:
    """First word -> the phrases that begin with it (longest first), each with its (tag, value) readings."""
    out: dict[tuple[str, ...], list[tuple[str, object]]] = {}
    ordinary = common_words().get(language, frozenset())
    languages = [language, *(["en"] if language != "en" else [])]
    for each in [*languages, *(other for other in LANGUAGES if other not in languages)]:
        for tag, value, by_language in _TABLE:
            for phrase in by_language.get(each, "").split("/"):
                words = tuple(phrase.split()) if phrase else ()
                foreign = each not in languages
                if not words or (foreign and (tag not in _CROSS or len(phrase) < 5 or phrase in SHORT_WORDS)):
                    continue
                if each != language and any(
                    tag in ("WD", "MON", "REL") and known[0] in ("WD", "MON", "REL", "AM", "PM")
                    for known in out.get(words, ())
                ):
                    continue
                if each == "en" and each != language and (len(phrase) < 3 or phrase in ordinary):
                    continue  # "mon" is a word of its own in French
                readings = out.setdefault(words, [])
                if (tag, value) not in readings:
                    readings.append((tag, value))
    table: dict[str, list[tuple[tuple[str, ...], tuple[tuple[str, object], ...]]]] = {}
    for words, readings in out.items():
        table.setdefault(words[0], []).append((words, tuple(readings)))
    for each in table.values():
        each.sort(key=lambda entry: -len(entry[0]))
    return table
