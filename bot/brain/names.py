"""Who is meant: colleagues found by handle, mention, full name or first name."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.brain.clean import Clean, fold
from bot.brain.port import Colleague

_COMMON = {
    "will",
    "mark",
    "may",
    "rose",
    "bill",
    "grace",
    "hope",
    "joy",
    "art",
    "rob",
    "sue",
    "pat",
    "chase",
    "drew",
    "dawn",
    "june",
    "april",
    "august",
    "mario",
    "sol",
    "mar",
    "luz",
    "paz",
    "gut",
    "max",
    "don",
    "frank",
    "rich",
    "guy",
    "jack",
    "summer",
}
_STRANGER = re.compile(
    r"(?:\b(?:from|by|of|for|to|de|del|da|do|von|von der|di|para|pour|fur|a|@)\s+|^"
    r"|(?<=\s))(?P<name>[A-ZÀ-Ý][\w'-]+(?:\s[A-ZÀ-Ý][\w-]+)?)'s?\s"
    r"|(?:\b(?:from|by|von|delegate to|everything of)\s+)(?P<after>[A-ZÀ-Ý][\w-]+(?:\s[A-ZÀ-Ý][\w-]+)?)"
    r"|@(?P<at>[A-Za-zÀ-ÿ][\w.-]+)"
)


@dataclass(frozen=True)
class Named:
    """Somebody named in a text: the handles that the name fits, several where it is ambiguous, none where unknown."""

    handles: tuple[str, ...]
    text: str
    span: tuple[int, int]

    @property
    def value(self) -> str | list[str]:
        """The handle; a list where several fit; the name as written where nobody does."""
        return self.handles[0] if len(self.handles) == 1 else list(self.handles) if self.handles else self.text


def names_in(clean: Clean, colleagues: tuple[Colleague, ...], *, strangers: bool = False) -> list[Named]:
    """The colleagues named in a text, in order; with `strangers`, also names that nobody here has."""
    keys, beginning = _keys(colleagues)
    said = {word for each in _WORD.findall(clean.folded) for word in (each, each.removesuffix("s"))}
    maybe = {key for word in said for key in beginning.get(word, ())}
    out: list[Named] = []
    if maybe:
        pattern = _pattern(tuple(sorted(maybe, key=lambda key: (-len(key), key))))
        for found in pattern.finditer(clean.folded):
            key = found[1]
            written = clean.text[found.start(1) : found.end(1)]
            if key in _COMMON and not (written[:1].isupper() and (found.start() > 0 or found.end() < len(clean.text))):
                continue
            if key in _COMMON and re.search(r"(?:^|[.!?]\s)$", clean.text[: found.start(1)]) and "'" not in found[0]:
                continue
            out.append(Named(tuple(keys[key]), written, found.span()))
    if strangers:
        for found in _STRANGER.finditer(clean.text):
            name = found["name"] or found["after"] or found["at"]
            span = found.span("name" if found["name"] else "after" if found["after"] else "at")
            known = any(one.span[0] < span[1] and span[0] < one.span[1] for one in out)
            if not known and fold(name) not in _NOT_NAMES:
                out.append(Named((), name, span))
    return sorted(out, key=lambda each: each.span)


_NOT_NAMES = {
    "it",
    "what",
    "who",
    "that",
    "there",
    "here",
    "let",
    "where",
    "he",
    "she",
    "how",
    "today",
    "tomorrow",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "christmas",
    "new year",
    "dec",
    "nov",
    "jan",
    "feb",
    "amazon",
    "ikea",
    "apple",
    "dell",
    "mon",
    "tue",
    "wed",
    "thu",
    "fri",
    "doctor",
    "the",
    "everyone",
    "everybody",
    "finance",
    "sales",
    "hr",
    "engineering",
}
_WORD = re.compile(r"\w+")
_patterns: dict[tuple[str, ...], re.Pattern[str]] = {}


@lru_cache(maxsize=8)
def _keys(colleagues: tuple[Colleague, ...]) -> tuple[Mapping[str, Sequence[str]], Mapping[str, Sequence[str]]]:
    """Under which names people are known: (the handles of each name, the names that begin with each word)."""
    keys: dict[str, list[str]] = {}
    for each in colleagues:
        parts = fold(each.name).split()
        alone = [part for part in (parts[0], parts[-1]) if len(part) > 1] if parts else []
        for key in {fold(each.handle), fold(each.name), *alone, *([f"@{fold(each.slack)}"] if each.slack else [])}:
            keys.setdefault(key, []).append(each.handle)
    beginning: dict[str, list[str]] = {}
    for key in keys:
        first = _WORD.search(key)
        if first is not None:
            beginning.setdefault(first[0], []).append(key)
    return keys, beginning


def _pattern(keys: tuple[str, ...]) -> re.Pattern[str]:
    if keys not in _patterns:
        if len(_patterns) > 50:
            _patterns.clear()
        _patterns[keys] = re.compile(
            rf"(?<![\w.-])@?({'|'.join(re.escape(key) for key in keys)})(?:'s\b|s'|'|s\b)?(?![\w-])"
        )
    return _patterns[keys]
