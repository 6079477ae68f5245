"""What somebody takes back while speaking: "three, no, make that five chairs" is heard as "five chairs"."""

import re
from datetime import date

from bot.brain import numbers
from bot.brain.dates import Lean
from bot.brain.dates.words import Words

_TAKEN_BACK = re.compile(
    r"(?:\s*(?:[,;(]|\.{2,}|\s-+)\s*|\s+(?=(?:no wait|scratch that|make (?:it|that)|i mean(?:t)?|or rather|correction"
    r"|quiero decir|quero dizer|ou plutot|je veux dire|ich meine|volevo dire|o meglio|besser gesagt|ou melhor)\b))"
    r"(?:(?:oh|ah|er+m?|u[hm]+|and|y|e)\b[,.\s]*)?"
    r"(?:(?:no wait|wait|hang on|sorry|apologies|scratch that|strike that|i mean(?:t)?|make (?:it|that)|correction"
    r"|or rather|rather|actually|oops|no sorry|no|nope|perdon|digo|quiero decir|mejor dicho|mejor|nao|desculpa|desculpe"
    r"|quero dizer|ou melhor|alias|pardon|non|plutot|ou plutot|enfin|je veux dire|nein|quatsch|ach nein|ich meine"
    r"|besser gesagt|entschuldigung|anzi|scusa|scusi|volevo dire|cioe|o meglio)\b[\s,:.-]*)+"
)
"""The words between what was said and what is meant. A plain no needs its comma: "not this, no that" is no repair."""
_PLAIN_NO = re.compile(r"[\s(,;.-]*(?:no|nao|non|nein)\s*", re.DOTALL)
_AS_FAR = 10
"""How many words back what is taken back may stand."""


def repaired(folded: str, text: str, *, language: str, people: frozenset[str] = frozenset()) -> str:
    """The text with each number, day, month or name that was taken back replaced by the one that was meant.

    people  the folded names of colleagues, word by word
    """
    for _ in range(3):
        found = next((each for each in _TAKEN_BACK.finditer(folded) if each.start() > 1), None)
        if found is None:
            return text
        said = _replaced(folded, text, found, language, people)
        if said is None:
            return text
        folded, text = said
    return text


def _replaced(
    folded: str, text: str, marker: re.Match[str], language: str, people: frozenset[str]
) -> tuple[str, str] | None:
    """Both texts after one repair; None where the words on both sides are not of the same sort."""
    words = Words(folded, date(2000, 1, 1), language, Lean.FUTURE, True, False)
    before = [i for i, each in enumerate(words.tokens) if each.end <= marker.start() + 1][-_AS_FAR:]
    after = [i for i, each in enumerate(words.tokens) if each.start >= marker.end()]
    new = _heads(words, after, people)
    if not new:
        return None
    first = new[0][1] == after[0] and new[0][0] == "number"
    if _PLAIN_NO.fullmatch(marker[0]) and not (language == "en" and first):
        return None  # "eran 45, no 54" denies the second, "yes to 31, no to 32" decides it
    kept: list[tuple[int, int]] = []
    while new and not (kept := _paired(words, before, new, people)):
        new.pop()
    if not kept:
        return None
    edits = [(words.tokens[old].start, words.tokens[old].end, words.tokens[i]) for old, i in kept]
    first, last = min(each[0] for each in edits), words.tokens[new[-1][1]].end
    out_folded, out_text = folded[last:], text[last:]
    at = marker.start()
    for start, end, token in sorted(edits, key=lambda each: -each[0]):
        out_folded = folded[token.start : token.end] + folded[end:at] + out_folded
        out_text = text[token.start : token.end] + text[end:at] + out_text
        at = start
    stale = _stale_weekday(words, kept, new)
    head = folded[:first], text[:first]
    if stale is not None:
        span = words.tokens[stale].start, words.tokens[stale].end
        head = folded[: span[0]] + folded[span[1] : first], text[: span[0]] + text[span[1] : first]
    return head[0] + out_folded, head[1] + out_text


def _paired(
    words: Words, before: list[int], new: list[tuple[str, int]], people: frozenset[str]
) -> list[tuple[int, int]]:
    """Which word each new one stands for, the last first; none where one of them stands for nothing."""
    out: list[tuple[int, int]] = []
    left = list(reversed(before))
    for sort, i in reversed(new):
        while left and _sort(words, left[0], people) != sort:
            left.pop(0)
        if not left:
            return []
        out.append((left.pop(0), i))
    return out


def _heads(words: Words, at: list[int], people: frozenset[str]) -> list[tuple[str, int]]:
    """The numbers, weekdays, months and names that follow each other here, little words between them left out."""
    out: list[tuple[str, int]] = []
    for i in at[:8]:
        if (sort := _sort(words, i, people)) is not None:
            out.append((sort, i))
        elif words.words[i] in _CURRENCY or not (set(words.tags[i]) & {"THE", "OF", "TO", "UNTIL", "FROM", "FOR"}):
            break
    return out


_CURRENCY = frozenset(["€", "$", "£", "eur", "euro", "euros"])


def _sort(words: Words, i: int, people: frozenset[str]) -> str | None:
    tags = words.tags[i]
    if words.tokens[i].text in people:
        return "name"
    if "WD" in tags:
        return "weekday"
    numbered = i and ("OF" in words.tags[i - 1] or words.kinds[i - 1] == "num")
    if "MON" in tags and (numbered or not words.lonely(i, i + 1)):
        return "month"
    if words.kinds[i] in ("num", "dm", "iso", "dmy"):
        return "number"
    if words.kinds[i] == "word" and words.words[i] not in numbers.ARTICLES:
        return "number" if numbers.word(words.words[i]) or "ORD" in tags else None
    return None


def _stale_weekday(words: Words, kept: list[tuple[int, int]], new: list[tuple[str, int]]) -> int | None:
    """The weekday beside a day that was taken back, where the new one names none: "Monday the 14th, no, the 15th"."""
    if any(sort == "weekday" for sort, _ in new) or not any(sort == "number" for sort, _ in new):
        return None
    i = min(old for old, _ in kept) - 1
    while i > 0 and set(words.tags[i]) & {"THE"}:
        i -= 1
    return i if i >= 0 and "WD" in words.tags[i] else None
