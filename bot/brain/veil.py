"""What is taken out of a text before it leaves the house, and put back into what comes from there."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from bot.brain.clean import fold
from bot.brain.port import Colleague

_WORD = re.compile(r"@?[^\W_]+(?:[.'’_-][^\W_]+)*@?[\w.-]*\w|@?[^\W_]+")
_ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{2,4}){3,8}\b|(?<![\d.,])\d(?:[ -]?\d){11,18}(?![\d])")
"""An IBAN, or so many digits that it is an account, a card or a social security number."""
_CODE = re.compile(r"\bcolleague-(\d+)\b", re.IGNORECASE)
HIDDEN = "[number]"


class Veil:
    """Hides account numbers always, and the names of colleagues where names may not leave the house.

    names  whether names may
    """

    def __init__(self, colleagues: Iterable[Colleague], *, names: bool) -> None:
        self._names = names
        self._codes: dict[str, str] = {}
        self._people: list[tuple[str, str]] = []
        self._keys: dict[tuple[str, ...], set[str]] = {}
        self._called: dict[str, str] = {}
        if not names:
            for each in colleagues:
                self._add(each)

    def hide(self, text: str) -> str:
        """The text as it may leave."""
        text = _ACCOUNT.sub(HIDDEN, text)
        if self._names:
            return text
        words = list(_WORD.finditer(text))
        folded = [fold(each[0]).lstrip("@") for each in words]
        out: list[str] = []
        end = at = 0
        while at < len(words):
            found = self._named(words, folded, at)
            if found is None:
                at += 1
                continue
            size, handles = found
            start, stop = words[at].start(), words[at + size - 1].end()
            out += [text[end:start], self._code(text[start:stop], handles)]
            end, at = stop, at + size
        return "".join([*out, text[end:]])

    def lift(self, value: Any, *, shown: bool = False) -> Any:
        """What came back, with the colleagues in it: by handle for a tool, by name where it is `shown` to a person."""
        match value:
            case str():
                return _CODE.sub(lambda found: self._real(int(found[1]), found[0], shown=shown), value)
            case Mapping():
                return {key: self.lift(each, shown=shown) for key, each in value.items()}  # pyright: ignore[reportUnknownVariableType]
            case list() | tuple():
                return [self.lift(each, shown=shown) for each in value]  # pyright: ignore[reportUnknownVariableType]
            case _:
                return value

    def _named(self, words: list[re.Match[str]], folded: list[str], at: int) -> tuple[int, set[str]] | None:
        """How many words from here on are a name, and whose; the longest name first."""
        for size in range(min(4, len(words) - at), 0, -1):
            handles = self._keys.get(tuple(_bare(each) for each in folded[at : at + size]))
            sure = size > 1 or words[at][0][:1].isupper() or folded[at] not in _WORDS
            if handles and sure:
                return size, handles
        return None

    def _add(self, colleague: Colleague) -> None:
        self._called[colleague.handle] = colleague.name
        parts = tuple(fold(each) for each in re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", colleague.name))
        keys = {parts, (fold(colleague.handle),), *((each,) for each in parts if len(each) > 1)}
        if colleague.slack:
            keys.add((fold(colleague.slack),))
        for key in keys:
            self._keys.setdefault(key, set()).add(colleague.handle)

    def _code(self, written: str, handles: set[str]) -> str:
        """A code for somebody; where the name fits several, for the name."""
        key = next(iter(handles)) if len(handles) == 1 else fold(written)
        if key not in self._codes:
            self._codes[key] = f"colleague-{len(self._people) + 1}"
            one = len(handles) == 1
            self._people.append((key, self._called[key]) if one else (written, written))
        return self._codes[key]

    def _real(self, number: int, otherwise: str, *, shown: bool) -> str:
        if not 1 <= number <= len(self._people):
            return otherwise
        return self._people[number - 1][1 if shown else 0]


def _bare(word: str) -> str:
    """A word without the ending of a possessive, and an e-mail address without its domain."""
    return re.sub(r"['’]s?$", "", word.partition("@")[0])


_WORDS = frozenset(
    {"will", "mark", "may", "rose", "bill", "grace", "hope", "joy", "art", "rob", "sue", "pat", "chase", "drew"}
    | {"dawn", "june", "april", "august", "sol", "mar", "luz", "paz", "gut", "max", "don", "frank", "rich", "guy"}
    | {"jack", "summer", "costa", "silva", "page", "day", "young", "long", "short", "king", "cook", "baker"}
)
"""Names that are also words: hidden where they begin with a capital letter."""
