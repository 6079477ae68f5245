"""A text cut into the words and numbers that days are written with."""

import re
from dataclasses import dataclass
from datetime import date

from bot.brain import numbers
from bot.brain.calendar_words import SHORT_WORDS, phrases
from bot.brain.dates.days import Lean
from bot.brain.spelling import day_word


@dataclass(frozen=True)
class Token:
    """One word, number or sign, and where it stands."""

    text: str
    start: int
    end: int


_TOKEN = re.compile(
    r"(?P<iso>\d{4}-\d{1,2}-\d{1,2}(?!\d))|(?P<half>1/2(?=\s*(?:a\s)?(?:day|dia|tag|jour|giorn)))"
    r"|(?P<dmy>\d{1,2}(?P<m>[./-])\d{1,2}(?P=m)(?:\d{4}|\d{2})(?![\d]))"
    r"|(?P<time>(?:(?:0?\d|1[0-2])(?::\d{2})?\s?(?:am|pm)|\d{1,2}(?::\d{2})?\s?(?:uhr|h))(?![a-z])|\d{1,2}:\d{2})"
    r"|(?P<dm>\d{1,2}/\d{1,2}(?![\d/])|\d{1,2}\.\d{1,2}\.(?!\d))"
    r"|(?P<num>\d+(?:[.,]\d+)*)(?P<suffix>(?:st|nd|rd|th|er|ero|eme|º|ª|°|o|a|e)(?![a-z0-9])|\.(?=\s*(?:-|[a-z]|$))|)"
    r"|(?P<word>[a-z]+)|(?P<other>[^\s])"
)
_COMPOUND = re.compile(
    r"(?P<day>montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)"
    r"(?P<part>fruh|frueh|morgen|vormittag|nachmittag|abend)s?"
)
"""German writes the part of a day in one word with its weekday."""
_WEEK_OF = re.compile(
    r"(?P<month>januar|februar|marz|april|mai|juni|juli|august|september|oktober|november|dezember)(?P<week>woche)"
)
"""And the week of a month: "in der ersten Februarwoche"."""
_AFTER_MONTH = re.compile(
    r".*\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? (?P<day>\d{1,2}) ?(?P<part>am|pm)", re.DOTALL
)
"""December 9 pm is the afternoon of the ninth, not nine in the evening."""
_OF_LEAVE = {
    "full",
    "more",
    "calendar",
    "consecutive",
    "vacation",
    "holiday",
    "personal",
    "annual",
    "leave",
    "pto",
    "sick",
}
"""Words between a number and its days: "4 vacation days"."""
_MORNING = {"morgen": "morgens", "abend": "abends"}


class Words:
    """One text; positions are token indexes, and every reader returns what it found and where it ended."""

    def __init__(
        self,
        folded: str,
        today: date,
        language: str,
        lean: Lean,
        day_first: bool,
        bare: bool,
        after: date | None = None,
    ) -> None:
        self.after = after
        self.beside: date | None = after
        self.today, self.language, self.lean, self.day_first, self.bare = today, language, lean, day_first, bare
        self.tokens: list[Token] = []
        self.kinds: list[str] = []
        self.numbers: list[tuple[int, bool] | None] = []
        for found in _TOKEN.finditer(folded):
            kind = found.lastgroup if found.lastgroup not in ("m", "suffix") else ("dmy" if found["dmy"] else "num")
            if kind == "word" and (parts := _COMPOUND.fullmatch(found[0])):
                middle = found.start() + len(parts["day"])
                self.tokens.append(Token(parts["day"], found.start(), middle))
                self.tokens.append(Token(_MORNING.get(parts["part"], parts["part"]), middle, found.end()))
                self.kinds += ["word", "word"]
                self.numbers += [None, None]
                continue
            if kind == "word" and (parts := _WEEK_OF.fullmatch(found[0])):
                self.tokens += [Token(parts["week"], *found.span()), Token(parts["month"], *found.span())]
                self.kinds += ["word", "word"]
                self.numbers += [None, None]
                continue
            if kind == "time" and (parts := _AFTER_MONTH.fullmatch(folded[: found.end()])):
                middle = found.start() + len(parts["day"])
                self.tokens.append(Token(parts["day"], found.start(), middle))
                self.tokens.append(Token(parts["part"], found.end() - 2, found.end()))
                self.kinds += ["num", "word"]
                self.numbers += [(int(parts["day"]), False), None]
                continue
            self.tokens.append(Token(found[0], found.start(), found.end()))
            self.kinds.append("word" if kind == "half" else kind or "other")
            number = None
            if kind == "num" and found["num"].isdigit():
                number = (int(found["num"][:9]), bool(found["suffix"]))
            self.numbers.append(number)
        self.words = [
            "half" if each.text == "1/2" and kind == "word" else day_word(each.text)
            for each, kind in zip(self.tokens, self.kinds, strict=True)
        ]
        table = phrases(language)
        self.tags: list[dict[str, tuple[object, int]]] = []
        for i, word in enumerate(self.words):
            tags: dict[str, tuple[object, int]] = {}
            for words, readings in table.get(word, ()):
                if (end := self._said(i, words)) is not None:
                    for tag, value in readings:
                        tags.setdefault(tag, (value, end))
            self.tags.append(tags)

    def _said(self, i: int, words: tuple[str, ...]) -> int | None:
        """Where a phrase that begins at token i ends; a hyphen may join its words: "cet après-midi"."""
        at = i
        for n, word in enumerate(words):
            if n and word != "-" and at < len(self.words) and self.words[at] == "-":
                at += 1
            if at >= len(self.words) or self.words[at] != word:
                return None
            at += 1
        return at

    def take(self, i: int, *tags: str) -> tuple[object, int] | None:
        if i >= len(self.tokens):
            return None
        best: tuple[object, int] | None = None
        for tag in tags:
            found = self.tags[i].get(tag)
            if found and (best is None or found[1] > best[1]):
                best = found
        return best

    def skip(self, i: int, *tags: str) -> int:
        found = self.take(i, *tags)
        return found[1] if found else i

    def comma(self, i: int) -> int:
        return i + 1 if i < len(self.words) and self.words[i] in (",", "(") else i

    def count(self, i: int) -> tuple[int, int] | None:
        """A number of things: 3, three, "a"."""
        if i >= len(self.tokens):
            return None
        if self.numbers[i] is not None and not self.numbers[i][1]:  # type: ignore[index]
            return self.numbers[i][0], i + 1  # type: ignore[index]
        if self.words[i] in ("a", "an", "one"):
            if self.words[i + 1 : i + 3] == ["couple", "of"]:
                return 2, i + 3
            return 1, i + 1
        if self.words[i] == "couple" and i + 1 < len(self.words):
            return 2, i + 2 if self.words[i + 1] == "of" else i + 1
        value = numbers.word(self.words[i])
        return (value, i + 1) if value else None

    def day_number(self, i: int) -> tuple[int, bool, int] | None:
        """A day of the month: (day, whether it is marked as an ordinal, end)."""
        if i >= len(self.tokens):
            return None
        number = self.numbers[i]
        if number is not None and 1 <= number[0] <= 31:
            return number[0], number[1], i + 1
        if self.kinds[i] == "word":
            if (found := self.take(i, "ORD")) and isinstance(found[0], int):
                return found[0], True, found[1]
            if self.language == "de" and (value := numbers.nth_word(self.words[i])):
                return value, True, i + 1
            if self.words[i] in ("twenty", "thirty"):
                at = i + 2 if self.words[i + 1 : i + 2] == ["-"] else i + 1
                unit = self.take(at, "ORD")
                ten = numbers.word(self.words[i]) or 0
                if unit and isinstance(unit[0], int) and unit[0] < 10 and ten + unit[0] <= 31:
                    return ten + unit[0], True, unit[1]  # the twenty first
            if (value := numbers.word(self.words[i])) and 1 <= value <= 31 and self.words[i] not in numbers.ARTICLES:
                return value, False, i + 1
        return None

    def month(self, i: int) -> tuple[int, int] | None:
        found = self.take(i, "MON")
        if not found or not isinstance(found[0], int):
            return None
        if self.words[i] == "sept" and self.language == "fr" and not (i and self.kinds[i - 1] == "num"):
            return None  # seven
        end = found[1]
        if end < len(self.words) and self.words[end] == "." and end - i == 1 and len(self.words[i]) <= 4:
            end += 1
        return found[0], end

    def year(self, i: int) -> tuple[int, int] | None:
        j = self.skip(i, "OF") if self.take(i, "OF") else self.comma(i)
        if j < len(self.numbers) and (number := self.numbers[j]) and 2000 <= number[0] <= 2100:
            return number[0], j + 1
        return None

    def length(self, i: int) -> tuple[int, str, int] | None:
        """A length of time: (how many, of what, end)."""
        count = self.count(i)
        if not count or count[0] < 1 or count[0] > 1000:
            return None
        at = self.skip(count[1], "WHOLE")
        at = at + 1 if at < len(self.words) and self.words[at] in _OF_LEAVE else at
        for tag in ("WORKDAY", "WEEK", "MONTH", "DAY"):
            if found := self.take(at, tag):
                many = count[0] * (found[0] if tag == "WEEK" and isinstance(found[0], int) else 1)
                return many, tag, found[1]
        return None

    def greeting(self, i: int) -> bool:
        """Good morning, buenos dias; "afternoon!" at the start."""
        if i == 0 and self.take(i, "AM", "PM") and len(self.words) > 2 and self.words[1] in ("!", ",", "all", "team"):
            return True
        if self.language == "en" and self.take(i, "REL"):
            return False  # "not good today" greets nobody
        return i > 0 and self.words[i - 1] in (
            "good",
            "guten",
            "bom",
            "boa",
            "buenas",
            "buenos",
            "bon",
            "buon",
            "buona",
        )

    def dated(self, i: int) -> bool:
        """Whether a token belongs to a day: "fri am", "the 3rd am", "27/11 am"."""
        return self.kinds[i] in ("iso", "dmy", "dm", "num") or bool(
            {"WD", "REL", "MON", "HALF", "DAY"} & set(self.tags[i])
        )

    def lonely(self, i: int, end: int) -> bool:
        """A short word such as "sat" or "may" with nothing beside it that makes it a date."""
        if self.words[i] not in SHORT_WORDS or end - i > 1:
            return False
        if len([each for each in self.kinds if each in ("word", "num")]) <= 2:
            return False
        if any((found := self.take(j, "FROM", "TO", "UNTIL")) and found[1] == i for j in range(max(0, i - 3), i)):
            return False
        before = self.tags[i - 1] if i else {}
        around = {
            "THE",
            "FROM",
            "TO",
            "UNTIL",
            "AND",
            "NEXT",
            "THIS",
            "LAST",
            "BETWEEN",
            "FOR",
            "OF",
            "IN",
            "WHOLE",
            "END",
        }
        after = self.words[end] if end < len(self.words) else ""
        if i and {"DAY", "HALF", "AM", "PM"} & set(self.tags[i - 1]) and not after.isalpha():
            return False  # "half day mon, personal"
        listed = i and self.words[i - 1] == "," and (not after.isalpha() or bool(self.tags[end]))
        if i and (around & set(before) or listed or self.words[i - 1] in ("by", "need", "take", "have", "(", "before")):
            return False
        if end + 1 < len(self.tags) and self.words[end] == "," and "WD" in self.tags[end + 1]:
            return False
        following = self.tags[end] if end < len(self.tags) else {}
        if {"NEXT", "TO", "AND", "AM", "PM", "LAST"} & set(following) and not (
            self.words[end] in ("a", "e") and i == 0
        ):
            return False
        return not (
            end < len(self.words) and self.words[end] in ("off", "frei", "libre", "/", "night", "evening", "morning")
        )
