"""Days as people write them at work: "mon-wed next week", "from the 14th for a week", "vom 21. bis 23. Dezember"."""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, cast

from bot.brain import numbers
from bot.brain.calendar_words import SHORT_WORDS, phrases
from bot.brain.spelling import day_word


class Lean(StrEnum):
    """Which way a day without a year or week is read."""

    FUTURE = "future"
    PAST = "past"


@dataclass(frozen=True)
class Days:
    """Days that were said: first and last, inclusive.

    start, end  None where that end was not said ("from monday", "until friday" has today as its start)
    span        where it stands in the text
    single      one day was said, not two ends
    numbered    said by the day of the month alone, without a month
    beside      said by another day in the message: "the friday before that"
    """

    start: date | None
    end: date | None
    span: tuple[int, int]
    said_start: bool = True
    said_end: bool = True
    single: bool = False
    weekdays: tuple[int, int] | None = None
    week: bool = False
    beside: bool = False
    numbered: bool = False


@dataclass(frozen=True)
class Point:
    """One day or period as written, before it is known which year, month or week is meant."""

    kind: str
    day: int = 0
    month: int = 0
    year: int = 0
    weekday: int = 0
    week: int | None = None
    coming: bool = False
    start: date | None = None
    end: date | None = None
    bare: bool = False
    beside: bool = False
    ending: bool = False


@dataclass(frozen=True)
class _Token:
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
_CORE = {
    "WD",
    "MON",
    "REL",
    "FEAST",
    "WEEK",
    "WEEKNO",
    "WEEKEND",
    "DAY",
    "WORKDAY",
    "MONTH",
    "WEEKOF",
    "AFTERNEXT",
    "ORD",
    "ENDOF",
}
_COMPOUND = re.compile(
    r"(?P<day>montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)"
    r"(?P<part>fruh|frueh|morgen|vormittag|nachmittag|abend)s?"
)
"""German writes the part of a day in one word with its weekday."""
_AFTER_MONTH = re.compile(
    r".*\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? (?P<day>\d{1,2}) ?(?P<part>am|pm)", re.DOTALL
)
"""December 9 pm is the afternoon of the ninth, not nine in the evening."""
_MORNING = {"morgen": "morgens", "abend": "abends"}
_COMING = {"coming", "que", "qui", "che", "kommende", "kommenden", "kommender", "kommendes", "upcoming", "entrante"}
_AFTER_LIST = {
    "off",
    "as",
    "please",
    "pls",
    "plz",
    "als",
    "como",
    "comme",
    "come",
    "por",
    "bitte",
    "frei",
    "libre",
    "thanks",
}


_AFTER_BESIDE = _AFTER_LIST | {
    "too",
    "instead",
    "and",
    "if",
    "tambien",
    "auch",
    "aussi",
    "anche",
    "y",
    "e",
    "et",
    "und",
}


def days_in(
    folded: str,
    *,
    today: date,
    language: str = "en",
    lean: Lean = Lean.FUTURE,
    day_first: bool = True,
    bare: bool = False,
    hidden: tuple[tuple[int, int], ...] = (),
    after: date | None = None,
) -> list[Days]:
    """The days said in a folded text, in order.

    bare    true when days were asked for: "14 to 18" and "14" are days then
    hidden  spans that are something else (an amount, a name)
    after   the first day that is already known: an end alone ("until the 24th") is the first such day from there
    """
    for start, end in hidden:
        folded = folded[:start] + "¤" * (end - start) + folded[end:]
    return _Reader(folded, today, language, lean, day_first, bare, after).read()


def part_in(folded: str, *, language: str = "en") -> str | None:
    """The part of a day that a folded text speaks of: "am", "pm", "half", or None."""
    reader = _Reader(folded, date(2000, 1, 1), language, Lean.FUTURE, True, False)
    seen: set[str] = set()
    i = 0
    while i < len(reader.tokens):
        step = 1
        for tag in ("AM", "PM", "HALF"):
            if (found := reader.take(i, tag)) and not reader.greeting(i):
                if tag == "AM" and reader.language == "es" and found[1] - i == 1:
                    continue
                seen.add(tag)
                step = max(step, found[1] - i)
        if reader.words[i] == "am" and reader.language == "en" and i and reader.dated(i - 1):
            seen.add("AM")
        i += step
    if ("AM" in seen) == ("PM" in seen):
        return "half" if "HALF" in seen else None
    return "am" if "AM" in seen else "pm"


def lasting(folded: str, start: date, *, language: str = "en") -> date | None:
    """The last day of what is said to last so long from a day on: "three days", "a week"; None if no length is said."""
    reader = _Reader(folded, start, language, Lean.FUTURE, True, False)
    length = next((found for i in range(len(reader.tokens)) if (found := reader.length(i))), None)
    return reader.stretch(start, length) if length else None


def working_days_from(start: date, count: int) -> date:
    """The last of `count` working days (Monday to Friday) that begin on or after a day."""
    day = start
    while day.weekday() > 4:
        day += timedelta(days=1)
    for _ in range(max(0, min(count, 1000) - 1)):
        day += timedelta(days=3 if day.weekday() == 4 else 1)
    return day


def working_day_before(day: date) -> date:
    """The nearest day from Monday to Friday before a day."""
    return day - timedelta(days={0: 3, 6: 2}.get(day.weekday(), 1))


def day_from(start: date, number: int) -> date:
    """The first day with this number in its month, from a day on."""
    for step in range(13):
        total = start.year * 12 + start.month - 1 + step
        year, month = total // 12, total % 12 + 1
        if number <= monthrange(year, month)[1] and date(year, month, number) >= start:
            return date(year, month, number)
    return start


def working_days(start: date, end: date) -> int:
    """How many days from Monday to Friday lie between two days, both counted."""
    return sum((start + timedelta(days=i)).weekday() < 5 for i in range(min((end - start).days, 800) + 1))


class _Reader:
    """Reads one text; positions are token indexes, and every parser returns what it found and where it ended."""

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
        self.tokens: list[_Token] = []
        self.kinds: list[str] = []
        self.numbers: list[tuple[int, bool] | None] = []
        for found in _TOKEN.finditer(folded):
            kind = found.lastgroup if found.lastgroup not in ("m", "suffix") else ("dmy" if found["dmy"] else "num")
            if kind == "word" and (parts := _COMPOUND.fullmatch(found[0])):
                middle = found.start() + len(parts["day"])
                self.tokens.append(_Token(parts["day"], found.start(), middle))
                self.tokens.append(_Token(_MORNING.get(parts["part"], parts["part"]), middle, found.end()))
                self.kinds += ["word", "word"]
                self.numbers += [None, None]
                continue
            if kind == "time" and (parts := _AFTER_MONTH.fullmatch(folded[: found.end()])):
                middle = found.start() + len(parts["day"])
                self.tokens.append(_Token(parts["day"], found.start(), middle))
                self.tokens.append(_Token(parts["part"], found.end() - 2, found.end()))
                self.kinds += ["num", "word"]
                self.numbers += [(int(parts["day"]), False), None]
                continue
            self.tokens.append(_Token(found[0], found.start(), found.end()))
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
                if tuple(self.words[i : i + len(words)]) == words or self._hyphened(i, words):
                    end = i + len(words) if tuple(self.words[i : i + len(words)]) == words else i + 2 * len(words) - 1
                    for tag, value in readings:
                        tags.setdefault(tag, (value, end))
            self.tags.append(tags)

    def _hyphened(self, i: int, words: tuple[str, ...]) -> bool:
        return len(words) > 1 and self.words[i : i + 2 * len(words) - 1] == list(
            "-".join(words).replace("-", " - ").split()
        )

    # small steps

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
            if (value := numbers.word(self.words[i])) and 1 <= value <= 31 and self.words[i] not in numbers.ARTICLES:
                return value, False, i + 1
        return None

    def month(self, i: int) -> tuple[int, int] | None:
        found = self.take(i, "MON")
        if not found or not isinstance(found[0], int):
            return None
        end = found[1]
        if end < len(self.words) and self.words[end] == "." and end - i == 1 and len(self.words[i]) <= 4:
            end += 1
        return found[0], end

    def year(self, i: int) -> tuple[int, int] | None:
        j = self.skip(i, "OF") if self.take(i, "OF") else self.comma(i)
        if j < len(self.numbers) and (number := self.numbers[j]) and 2000 <= number[0] <= 2100:
            return number[0], j + 1
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
        if i and (around & set(before) or self.words[i - 1] in (",", "by", "need", "take", "have", "(", "before", "e")):
            return False
        after = self.tags[end] if end < len(self.tags) else {}
        if {"NEXT", "TO", "AND", "AM", "PM", "LAST"} & set(after) and not (self.words[end] in ("a", "e") and i == 0):
            return False
        return not (
            end < len(self.words) and self.words[end] in ("off", "frei", "libre", "/", "night", "evening", "morning")
        )

    # points

    def point(self, i: int, *, bare: bool = False) -> tuple[Point, int] | None:
        """The day or period that is written from token i on."""
        best: tuple[Point, int] | None = None
        start = i
        past = self.skip(i, "THE", "OF", "IN")
        for skipped in dict.fromkeys((i, past, self.skip(past, "THE", "OF", "IN"))):
            for parser in (
                self._written,
                self._relative,
                self._beside,
                self._month_day,
                self._nth_weekday,
                self._edge,
                self._weekday,
                self._week,
                self._month,
                self._counted,
            ):
                found = parser(skipped)
                if found and (best is None or found[1] > best[1]):
                    best = found
            number = self.day_number(skipped)
            if number and self.words[skipped] != "one" and (best is None or number[2] > best[1]):
                marked = number[1] and self.kinds[skipped] == "num"
                the = skipped > start and self._day_article(start, skipped)
                unit = self.take(number[2], "DAY", "WEEK", "MONTH", "YEAR", "WORKDAY") or (
                    number[2] < len(self.words) and self.words[number[2]] in ("%", "x", "¤", "/", "°", ":")
                )
                if not unit and (marked or the or bare):
                    best = Point("dom", day=number[0], bare=not (marked or the)), number[2]
        return best

    def _day_article(self, start: int, number: int) -> bool:
        if self.numbers[number] is None:
            return False
        after = number + 1
        word = self.words[after] if after < len(self.words) else ""
        if (
            word
            and word.isalpha()
            and not self.tags[after]
            and word not in _AFTER_LIST
            and word not in ("and", "for", "because")
        ):
            return False
        phrase = " ".join(self.words[start:number])
        if self.language == "en":
            return False
        return phrase in (
            "el",
            "el dia",
            "dia",
            "en el",
            "am",
            "an dem",
            "den",
            "dem",
            "le",
            "le jour",
            "il",
            "il giorno",
            "giorno",
            "l '",
            "no dia",
            "o dia",
            "no",
            "del",
            "do",
            "du",
            "vom",
            "zum",
            "nel",
            "al",
            "ao",
            "au",
        )

    def _written(self, i: int) -> tuple[Point, int] | None:
        if i >= len(self.kinds):
            return None
        parts = (
            [int(each) for each in re.split(r"[/.-]", self.words[i]) if each.isdigit()]
            if self.kinds[i] in ("iso", "dmy", "dm")
            else []
        )
        match self.kinds[i], parts:
            case "iso", [int(year), int(month), int(day)]:
                return self._checked(day, month, year, i + 1)
            case "dmy", [int(first), int(second), int(year)]:
                year += 2000 if year < 100 else 0
                day, month = self._order(first, second)
                return self._checked(day, month, year, i + 1)
            case "dm", [int(first), int(second)]:
                day, month = self._order(first, second)
                return self._checked(day, month, 0, i + 1)
            case _:
                return None

    def _order(self, first: int, second: int) -> tuple[int, int]:
        if first > 12 or second > 12:
            return (first, second) if first > 12 else (second, first)
        return (first, second) if self.day_first else (second, first)

    def _checked(self, day: int, month: int, year: int, end: int) -> tuple[Point, int] | None:
        if not 1 <= month <= 12 or not 1 <= day <= monthrange(year or 2024, month)[1]:
            return None
        return Point("md", day=day, month=month, year=year), end

    def _relative(self, i: int) -> tuple[Point, int] | None:
        if (found := self.take(i, "REL")) and isinstance(found[0], int):
            if self.language == "es" and self.words[i] == "manana" and i and self.words[i - 1] in ("la", "esta", "de"):
                return None
            if self.language == "de" and self.words[i] == "morgen" and i and self.words[i - 1] in ("am", "guten"):
                return None
            day = self.today + timedelta(days=found[0])
            return Point("fixed", start=day, end=day), found[1]
        if found := self.take(i, "ENDOF"):
            last = self._last_of_unit(str(found[0]))
            return Point("fixed", start=last, end=last), found[1]
        if (
            self.language == "es"
            and self.words[i : i + 1] == ["pasado"]
            and self.words[max(0, i - 2) : i] == ["manana", "y"]
        ):
            day = self.today + timedelta(days=2)  # mañana y pasado
            return Point("fixed", start=day, end=day), i + 1
        if found := self.take(i, "FEAST"):
            month, day = cast("tuple[int, int]", found[0])
            year = self.year(found[1])
            return Point("md", day=day, month=month, year=year[0] if year else 0), year[1] if year else found[1]
        return None

    def _beside(self, i: int) -> tuple[Point, int] | None:
        """The friday before that, the day after, die Woche danach: by the day that was said last."""
        base = self.beside
        named = self.take(i, "WD", "WEEK", "DAY")
        if base is None or named is None:
            return None
        after, before = self.take(named[1], "THEREAFTER"), self.take(named[1], "BEFOREHAND")
        beside = max((each for each in (after, before) if each), key=lambda each: each[1], default=None)
        if beside is None or not self._closes(beside[1]):
            return None
        way = 1 if beside is after else -1
        if weekday := self.take(i, "WD"):
            gap = (int(cast("int", weekday[0])) - base.weekday()) * way
            day = base + timedelta(days=way * ((gap - 1) % 7 + 1))
            return Point("fixed", start=day, end=day, beside=True), beside[1]
        if self.take(i, "WEEK"):
            monday = base - timedelta(days=base.weekday()) + timedelta(days=7 * way)
            return Point("period", start=monday, end=monday + timedelta(days=4), beside=True), beside[1]
        day = base + timedelta(days=way)
        return Point("fixed", start=day, end=day, beside=True), beside[1]

    def _closes(self, i: int) -> bool:
        """Whether nothing follows that would be the object of "before" or "after"."""
        return i >= len(self.words) or not (self.words[i].isalnum() and self.words[i] not in _AFTER_BESIDE)

    def _month_day(self, i: int) -> tuple[Point, int] | None:
        number = self.day_number(i)
        if number and not (self.words[i].isalpha() and not number[1] and self.take(number[2], "IN")):
            month = self.month(self.skip(number[2], "OF"))
            if month:
                year = self.year(month[1])
                return self._checked(number[0], month[0], year[0] if year else 0, year[1] if year else month[1])
        month = self.month(i)
        if month:
            number = self.day_number(self.skip(month[1], "THE"))
            if number and self.kinds[number[2] - 1] == "num":
                year = self.year(number[2])
                return self._checked(number[0], month[0], year[0] if year else 0, year[1] if year else number[2])
        return None

    def _week_shift(self, i: int) -> tuple[int, bool, int] | None:
        """Next / this / last: (weeks to move, whether the nearest is meant, end)."""
        for tag, shift in (("NEXT", 1), ("THIS", 0), ("LAST", -1)):
            if found := self.take(i, tag):
                return shift, self.words[i] in _COMING, found[1]
        return None

    def _nth_weekday(self, i: int) -> tuple[Point, int] | None:
        """The second tuesday of january, am ersten Freitag im Dezember."""
        which = self.take(i, "ORD", "LAST")
        named = self.take(which[1], "WD") if which else None
        month = self.month(self.skip(self.skip(named[1], "OF"), "THE")) if named else None
        if not which or not named or not month or not isinstance(named[0], int):
            return None
        year = self.year(month[1])
        in_year = year[0] if year else self._year_of(month[0])
        length = monthrange(in_year, month[0])[1]
        days = [
            day for day in (date(in_year, month[0], at) for at in range(1, length + 1)) if day.weekday() == named[0]
        ]
        at = which[0] - 1 if isinstance(which[0], int) else -1
        if at >= len(days):
            return None
        return Point("fixed", start=days[at], end=days[at]), year[1] if year else month[1]

    def _edge(self, i: int) -> tuple[Point, int] | None:
        """The last two days of this month, die ersten drei Tage im Mai: working days."""
        last, first = self.take(i, "LAST"), self.take(i, "ORD")
        which = last or (first if first and first[0] == 1 else None)
        length = self.length(which[1]) if which else None
        if length is None or length[1] not in ("DAY", "WORKDAY"):
            return None
        period = self._month(self.skip(self.skip(length[2], "OF"), "THE")) or self._month(length[2])
        if period is None or period[0].start is None or period[0].end is None:
            return None
        days = [period[0].start + timedelta(days=at) for at in range((period[0].end - period[0].start).days + 1)]
        worked = [each for each in days if each.weekday() < 5]
        kept = worked[-length[0] :] if last else worked[: length[0]]
        return Point("period", start=kept[0], end=kept[-1]), period[1]

    def _weekday(self, i: int) -> tuple[Point, int] | None:
        shift = self._week_shift(i)
        found = self.take(shift[2] if shift else i, "WD")
        if not found or not isinstance(found[0], int):
            return None
        at = shift[2] if shift else i
        if not shift and self.lonely(at, found[1]):
            return None
        point = Point("wd", weekday=found[0], week=shift[0] if shift else None, coming=shift[1] if shift else False)
        end = found[1]
        if end < len(self.words) and self.words[end] == "." and len(self.words[at]) <= 3:
            end += 1
        if (
            not shift
            and (after := self._week_shift(end))
            and not self.take(after[2], "WEEK", "WEEKEND", "MONTH", "YEAR", "WD", "MON")
        ):
            return replace(point, week=after[0], coming=after[1]), after[2]
        decorated = self.skip(self.comma(end), "THE")
        for parser in (self._month_day, self._written):
            if follow := parser(decorated) or parser(self.comma(end)):
                return follow
        number = self.day_number(decorated)
        if (
            number
            and self.kinds[decorated] == "num"
            and (number[1] or decorated > self.comma(end) or self.language != "en")
            and not self.take(number[2], "DAY", "WEEK")
        ):
            return Point("dom", day=number[0]), number[2]
        week = self._week(self.skip(self.skip(end, "OF"), "THE")) or self._week(end)
        if week and week[0].start and week[0].week is not None:
            day = week[0].start + timedelta(days=found[0])
            return Point("fixed", start=day, end=day, weekday=found[0], week=week[0].week), week[1]
        if (
            self.language == "en"
            and (week_word := self.take(end, "WEEK"))
            and week_word[0] == 1
            and end < len(self.words)
            and self.words[end] == "week"
        ):
            return replace(point, week=1 if found[0] >= 0 else 0), week_word[1]
        return point, end

    def _week(self, i: int) -> tuple[Point, int] | None:
        monday = self.today - timedelta(days=self.today.weekday())
        if found := self.take(i, "AFTERNEXT"):
            return self._weeks(monday + timedelta(days=14), 2), found[1]
        ordinal = self.take(i, "ORD", "LAST")
        if ordinal and (found := self.take(ordinal[1], "WEEK")):
            month = self.month(self.skip(self.skip(found[1], "OF"), "THE"))
            if month:
                return self._week_of_month(ordinal[0] if isinstance(ordinal[0], int) else -1, month[0]), month[1]
        shift = self._week_shift(i)
        at = self.skip(shift[2] if shift else i, "WHOLE")
        if shift and (found := self.take(at, "WEEK")):
            return self._weeks(monday + timedelta(days=7 * shift[0]), shift[0]), found[1]
        if shift and (found := self.take(at, "WEEKEND")):
            saturday = monday + timedelta(days=5 + 7 * shift[0])
            return Point("period", start=saturday, end=saturday + timedelta(days=1)), found[1]
        if not shift:
            if (found := self.take(i, "WEEK")) and (after := self._week_shift(found[1])):
                return self._weeks(monday + timedelta(days=7 * after[0]), after[0]), after[2]
            if (found := self.take(i, "WEEKEND")) and (after := self._week_shift(found[1])):
                saturday = monday + timedelta(days=5 + 7 * after[0])
                return Point("period", start=saturday, end=saturday + timedelta(days=1)), after[2]
        if found := self.take(i, "WEEKOF"):
            at = self.skip(found[1], "THE")
            inner = self.point(at, bare=True)
            if inner:
                day = self.resolve(inner[0])[0]
                return self._weeks(day - timedelta(days=day.weekday()), None), inner[1]
        number = self.take(i, "WEEKNO")
        if number is None and (found := self.take(i, "WEEK")):
            number = found
        if number and number[1] < len(self.numbers) and (value := self.numbers[number[1]]) and 1 <= value[0] <= 53:
            start = date.fromisocalendar(self.today.year, min(value[0], 52), 1)
            if start < monday and self.lean is Lean.FUTURE:
                start = date.fromisocalendar(self.today.year + 1, min(value[0], 52), 1)
            return self._weeks(start, None), number[1] + 1
        return None

    def _weeks(self, monday: date, shift: int | None) -> Point:
        end = monday + timedelta(days=4)
        start = monday
        if shift == 0 and self.lean is Lean.FUTURE and monday < self.today <= end:
            start = self.today
        return Point("period", start=start if shift != 0 else monday, end=end, week=shift, bare=start != monday)

    def _week_of_month(self, which: int, month: int) -> Point:
        year = self._year_of(month)
        if which < 0:
            last = date(year, month, monthrange(year, month)[1])
            start = last - timedelta(days=last.weekday())
        else:
            first = date(year, month, 1)
            start = (
                first - timedelta(days=first.weekday())
                if first.weekday() <= 3
                else first + timedelta(days=7 - first.weekday())
            )
            start += timedelta(days=7 * (which - 1))
        begin = max(start, date(year, month, 1))
        return Point("period", start=begin, end=start + timedelta(days=4))

    def _year_of(self, month: int) -> int:
        if self.lean is Lean.PAST:
            return self.today.year if month <= self.today.month else self.today.year - 1
        return self.today.year if month >= self.today.month else self.today.year + 1

    def _month(self, i: int) -> tuple[Point, int] | None:
        at = self.skip(self.skip(i, "WHOLE"), "OF")
        at = self.skip(at, "THE") if at > i else at
        shift = self._week_shift(at)
        if found := self.take(i, "END"):
            inside = self._month(self.skip(found[1], "THE"))
            week = self._week(self.skip(found[1], "THE"))
            period = inside or week
            if period and period[0].end:
                end = period[0].end
                return Point("fixed", start=end, end=end, week=period[0].week, ending=True), period[1]
            if unit := self.take(self.skip(found[1], "THE"), "MONTH", "WEEK", "YEAR"):
                last = self._last_of_unit(
                    next(tag for tag in ("MONTH", "WEEK", "YEAR") if tag in self.tags[unit[1] - 1])
                )
                return Point("fixed", start=last, end=last), unit[1]
        if (begin := self.take(i, "BEGIN")) and (inside := self._month(begin[1])) and inside[0].start:
            return Point("period", start=inside[0].start, end=inside[0].start + timedelta(days=6)), inside[1]
        base = shift[2] if shift else at
        if shift and (found := self.take(base, "MONTH")):
            total = self.today.year * 12 + self.today.month - 1 + shift[0]
            return self._month_period(total % 12 + 1, total // 12), found[1]
        if (found := self.take(at, "MONTH")) and (after := self._week_shift(found[1])):
            total = self.today.year * 12 + self.today.month - 1 + after[0]
            return self._month_period(total % 12 + 1, total // 12), after[2]
        month = self.month(base)
        if month and not (at == i and not shift and self.lonely(base, month[1])):
            year = self.year(month[1])
            return self._month_period(month[0], year[0] if year else self._year_of(month[0])), year[
                1
            ] if year else month[1]
        return None

    def _last_of_unit(self, unit: str) -> date:
        """The last day of this month, working week or year."""
        match unit:
            case "MONTH":
                return self.today.replace(day=monthrange(self.today.year, self.today.month)[1])
            case "WEEK":
                return self.today - timedelta(days=self.today.weekday()) + timedelta(days=4)
            case _:
                return date(self.today.year, 12, 31)

    def _month_period(self, month: int, year: int) -> Point:
        return Point(
            "period", start=date(year, month, 1), end=date(year, month, monthrange(year, month)[1]), month=month
        )

    def _counted(self, i: int) -> tuple[Point, int] | None:
        """In three days, two weeks ago, hace 3 dias."""
        sign = 0
        at = i
        if found := self.take(i, "BEFOREAGO"):
            sign, at = -1, found[1]
        elif found := self.take(i, "IN"):
            sign, at = 1, found[1]
        length = self.length(at)
        if not length:
            return None
        end = length[2]
        if after := self.take(end, "AGO"):
            sign, end = -1, after[1]
        if not sign:
            return None
        days = {"DAY": 1, "WORKDAY": 1, "WEEK": 7, "MONTH": 30}[length[1]] * length[0]
        if length[1] == "WORKDAY" and sign > 0:
            day = working_days_from(self.today, length[0] + 1)
        else:
            day = self.today + timedelta(days=sign * min(days, 3650))
        return Point("fixed", start=day, end=day), end

    def length(self, i: int) -> tuple[int, str, int] | None:
        """A length of time: (how many, of what, end)."""
        count = self.count(i)
        if not count or count[0] < 1 or count[0] > 1000:
            return None
        at = self.skip(count[1], "WHOLE")
        at = at + 1 if at < len(self.words) and self.words[at] in ("full", "more", "calendar", "consecutive") else at
        for tag in ("WORKDAY", "WEEK", "MONTH", "DAY"):
            if found := self.take(at, tag):
                many = count[0] * (found[0] if tag == "WEEK" and isinstance(found[0], int) else 1)
                return many, tag, found[1]
        return None

    # from points to days

    def resolve(self, point: Point, *, after: date | None = None) -> tuple[date, date]:
        """The first and last day of a point; `after` is the first day of the range that it ends."""
        match point.kind:
            case "fixed" | "period":
                assert point.start is not None
                assert point.end is not None
                start = max(point.start, self.today) if point.bare and point.week == 0 else point.start
                return min(start, point.end), point.end
            case "md":
                return self._md(point, after)
            case "dom":
                return self._dom(point.day, after)
            case _:
                return self._wd(point, after)

    def _md(self, point: Point, after: date | None) -> tuple[date, date]:
        year = point.year or self.today.year
        day = _safe(year, point.month, point.day)
        if not point.year:
            if after is not None:
                day = _safe(after.year, point.month, point.day)
                day = day if day >= after else _safe(after.year + 1, point.month, point.day)
            elif self.lean is Lean.PAST:
                day = day if day <= self.today else _safe(year - 1, point.month, point.day)
            elif day < self.today - timedelta(days=10):
                day = _safe(year + 1, point.month, point.day)
        return day, day

    def _dom(self, number: int, after: date | None) -> tuple[date, date]:
        base = after or self.today
        past = self.lean is Lean.PAST and after is None
        if not past:
            day = day_from(base, number)
            return day, day
        for step in range(13):
            total = base.year * 12 + base.month - 1 - step
            year, month = total // 12, total % 12 + 1
            if number <= monthrange(year, month)[1]:
                day = date(year, month, number)
                if day <= base:
                    return day, day
        return base, base

    def _wd(self, point: Point, after: date | None) -> tuple[date, date]:
        monday = self.today - timedelta(days=self.today.weekday())
        if after is not None and (point.week is None):
            day = after + timedelta(days=(point.weekday - after.weekday()) % 7)
        elif point.week is not None and not point.coming and point.week >= 0:
            day = monday + timedelta(days=7 * point.week + point.weekday)
            if point.week == 0 and day < self.today and self.lean is Lean.FUTURE:
                day += timedelta(days=7)
        elif point.week == -1 or (self.lean is Lean.PAST and point.week is None):
            day = self.today - timedelta(days=(self.today.weekday() - point.weekday - 1) % 7 + 1)
        else:
            day = self.today + timedelta(days=(point.weekday - self.today.weekday() - 1) % 7 + 1)
        return day, day

    # ranges

    def days_at(self, i: int) -> tuple[Days, int] | None:
        """The longest reading of days that begins at token i."""
        best: tuple[Days, int] | None = None
        readers: tuple[Callable[[int], tuple[Days, int] | None], ...] = (
            self._between,
            self._until,
            self._duration_from,
            self._next_few,
            self._single,
        )
        for reader in readers:
            found = reader(i)
            if found and (best is None or found[1] > best[1]):
                best = found
        return best

    def _days(self, start: date | None, end: date | None, i: int, j: int, **more: Any) -> tuple[Days, int]:
        span = self.tokens[i].start, self.tokens[j - 1].end
        return Days(start, end, span, **more), j

    def _between(self, i: int) -> tuple[Days, int] | None:
        between = self.take(i, "BETWEEN")
        begin = between or self.take(i, "FROM")
        at = begin[1] if begin else i
        first = self.point(at, bare=True)
        if not first and begin:
            at = self.skip(at, "THE")
            first = self.point(at, bare=True)
        if not first:
            return None
        after = self._past_part(first[1])
        listed = (
            first[0].kind == "dom"
            and first[0].bare
            and self.take(after, "AND")
            and self._month_day((self.take(after, "AND") or (0, 0))[1])
        )
        joint = self.take(after, "TO", "UNTIL") or (self.take(after, "AND") if between or listed else None)
        if not joint:
            joint = self.take(self.comma(after), "UNTIL")
        if not joint:
            return None
        second = self.point(joint[1], bare=True) or self.point(self.skip(joint[1], "THE"), bare=True)
        if not second:
            return None
        one, two = first[0], second[0]
        dashed = joint[1] - after == 1 and self.words[after] == "-"
        if (
            one.kind == "dom"
            and two.kind == "dom"
            and one.bare
            and two.bare
            and not (begin and not dashed)
            and not self.bare
        ):
            return None
        if two.kind == "dom" and two.bare and one.kind not in ("md", "dom", "wd") and not begin:
            return None
        if one.kind == "dom" and one.bare and two.kind in ("wd", "fixed", "period") and not begin and not two.month:
            return None
        start, end = self._ends(one, two)
        if listed and not between and end != working_days_from(start, 2) and (end - start).days != 1:
            return None
        if end < start or (end - start).days > 800:
            return None
        if (
            one.kind == two.kind == "md"
            and not two.year
            and (two.month, two.day) < (one.month, one.day)
            and (end - start).days > 200
        ):
            return self._days(start, None, i, second[1], said_end=False)  # the wrong way round: its end is asked for
        found = self._days(start, end, i, second[1], numbered=one.kind == two.kind == "dom")
        if one.kind == two.kind == "wd" and one.week is None and two.week is None:
            return replace(found[0], weekdays=(one.weekday, two.weekday)), found[1]
        return found

    def _ends(self, one: Point, two: Point) -> tuple[date, date]:
        """Both ends of a range, each helping the other to its month, year or week."""
        if one.kind == "dom" and two.kind == "md":
            one = Point("md", day=one.day, month=two.month, year=two.year)
            if one.day > two.day:
                total = two.year * 12 + two.month - 2
                one = replace(one, month=total % 12 + 1, year=total // 12 if two.year else 0)
        elif one.kind == "dom" and two.kind == "period" and two.month and two.start:
            one = Point("md", day=one.day, month=two.month, year=two.start.year)
        elif one.kind == "md" and two.kind == "md" and two.year and not one.year:
            one = replace(one, year=two.year if (one.month, one.day) <= (two.month, two.day) else two.year - 1)
        elif one.kind == "wd" and one.week is None and two.kind == "wd" and two.week is not None:
            one = replace(one, week=two.week, coming=two.coming)
        elif one.kind == "wd" and one.week is None and two.kind == "fixed" and two.week is not None and two.start:
            start = two.start - timedelta(days=(two.weekday - one.weekday) % 7)
            return start, two.start
        if one.kind == "dom" and two.kind == "dom" and one.day < two.day and self.lean is Lean.FUTURE:
            for step in range(13):
                total = self.today.year * 12 + self.today.month - 1 + step
                year, month = total // 12, total % 12 + 1
                if two.day <= monthrange(year, month)[1] and date(year, month, one.day) >= self.today:
                    return date(year, month, one.day), date(year, month, two.day)
        start = self.resolve(one)[0]
        end = self.resolve(two, after=start)[1]
        if end < start and two.kind == "wd" and two.week is not None:
            end = start + timedelta(days=(two.weekday - start.weekday()) % 7)
        return start, end

    def _past_part(self, i: int) -> int:
        """Steps over "morning", "in the afternoon" after a day."""
        if found := self.take(self.skip(self.skip(i, "IN"), "THE"), "AM", "PM"):
            return found[1]
        found = self.take(i, "AM", "PM")
        return found[1] if found else i

    def _until(self, i: int) -> tuple[Days, int] | None:
        found = self.take(i, "UNTIL")
        if not found:
            return None
        if i and self.words[i] in ("to", "a", "bis", "through", "up") and self.words[i] != "bis":
            return None
        point = self.point(found[1], bare=self.bare) or self.point(self.skip(found[1], "THE"), bare=True)
        if not point or (point[0].kind == "dom" and point[0].bare and self.language == "en" and not self.bare):
            return None
        end = self.resolve(point[0], after=self.after or (self.today if point[0].kind == "md" else None))[1]
        return self._days(self.today, end, i, point[1], said_start=False)

    def _duration_from(self, i: int) -> tuple[Days, int] | None:
        """Three days starting dec 9; a week of leave from monday; from the 14th, for a week."""
        length = self.length(i)
        if length and (within := self._within_period(i, length)):
            return within
        if length:
            for gap in range(4):
                begin = self.take(length[2] + gap, "FROM")
                if begin and (
                    point := self.point(begin[1], bare=True) or self.point(self.skip(begin[1], "THE"), bare=True)
                ):
                    if point[0].kind == "period" and self.words[length[2] + gap] in ("de", "of", "di", "da"):
                        return None
                    start = self.resolve(point[0])[0]
                    return self._days(start, self.stretch(start, length), i, point[1])
                if length[2] + gap < len(self.tags) and set(self.tags[length[2] + gap]) - {"OF", "THE", "FROM", "FOR"}:
                    return None
            return None
        begin = self.take(i, "FROM")
        point = (
            self.point(begin[1], bare=True) or self.point(self.skip(begin[1], "THE"), bare=True)
            if begin
            else self.point(i)
        )
        if not point or point[0].kind == "period" or (point[0].bare and not begin):
            return None
        at = self.comma(self._past_part(point[1]))
        at = at + 1 if at < len(self.words) and self.words[at] in ("and", "off", "y", "et", "und") else at
        lasting = self.take(at, "FOR")
        length = self.length(lasting[1] if lasting else at)
        if not length or self.take(length[2], "AGO"):
            return None
        apart = at > self._past_part(point[1]) and self._closes(length[2])
        if not lasting and not begin and not (apart and length[1] != "DAY"):
            return None
        start = self.resolve(point[0])[0]
        return self._days(start, self.stretch(start, length), i, length[2])

    def _within_period(self, i: int, length: tuple[int, str, int]) -> tuple[Days, int] | None:
        """Three days next month starting the 9th; two days next week from tuesday."""
        period = self.point(length[2])
        begin = self.take(self.comma(period[1]), "FROM") if period and period[0].kind == "period" else None
        if period is None or begin is None or period[0].start is None or period[0].end is None:
            return None
        point = self.point(begin[1], bare=True) or self.point(self.skip(begin[1], "THE"), bare=True)
        days = [period[0].start + timedelta(days=at) for at in range((period[0].end - period[0].start).days + 1)]
        match point:
            case (Point(kind="dom", day=number), end):
                start = next((each for each in days if each.day == number), None)
            case (Point(kind="wd", weekday=weekday), end):
                start = next((each for each in days if each.weekday() == weekday), None)
            case _:
                return None
        return self._days(start, self.stretch(start, length), i, end) if start else None

    def stretch(self, start: date, length: tuple[int, str, int]) -> date:
        """The last day of so many days, weeks or months that begin on a day."""
        many, unit, _ = length
        if unit in ("DAY", "WORKDAY"):
            return working_days_from(start, many)
        if unit == "MONTH":
            total = start.year * 12 + start.month - 1 + min(many, 60)
            return _safe(total // 12, total % 12 + 1, start.day) - timedelta(days=1)
        end = start + timedelta(days=7 * min(many, 120) - 1)
        return end - timedelta(days=max(0, end.weekday() - 4))

    def _next_few(self, i: int) -> tuple[Days, int] | None:
        """The next three days."""
        found = self.take(self.skip(i, "THE"), "NEXT")
        length = self.length(found[1]) if found else None
        if not length or length[1] not in ("DAY", "WORKDAY", "WEEK"):
            return None
        start = self.today + timedelta(days=1)
        if length[1] == "WEEK":
            start = self.today + timedelta(days=7 - self.today.weekday())
        start = working_days_from(start, 1)
        return self._days(start, self.stretch(start, length), i, length[2])

    def _single(self, i: int) -> tuple[Days, int] | None:
        begin = self.take(i, "FROM")
        since = self.words[i] in ("since", "seit", "depuis")
        if begin or since:
            at = begin[1] if begin else i + 1
            inner = self.point(at) or self.point(self.skip(at, "THE"))
            if inner:
                opening = (
                    since
                    or self.words[i] not in ("de", "da", "do", "del", "von", "du", "des", "d", "from")
                    or (self.words[i] == "from" and inner[0].kind != "fixed")
                )
                if inner[0].kind != "period" and opening:
                    kept, self.lean = self.lean, Lean.PAST if since else self.lean
                    start = self.resolve(inner[0])[0]
                    self.lean = kept
                    only = inner[0].kind == "dom"
                    return self._days(start, None, i, inner[1], said_end=False, numbered=only)
        point = self.point(i, bare=self.bare)
        if not point:
            return None
        if point[0].kind == "dom" and self.language == "en" and not self.bare and point[0].bare:
            return None
        start, end = self.resolve(point[0])
        found, j = self._days(start, end, i, point[1], single=point[0].kind != "period")
        found = replace(
            found,
            beside=point[0].beside,
            numbered=point[0].kind == "dom",
            week=point[0].week is not None and (point[0].kind == "period" or point[0].ending),
            weekdays=(point[0].weekday,) * 2 if point[0].kind == "wd" and point[0].week is None else None,
        )
        return self._list(found, point[0], i, j)

    def _list(self, found: Days, first: Point, i: int, j: int) -> tuple[Days, int]:
        """monday, tuesday and wednesday: one stretch where the days follow each other."""
        last, at, point = found, j, first
        while last.end is not None and first.kind != "period":
            after = self._past_part(at)
            joint = self.take(self.comma(after), "AND")
            step = joint[1] if joint else self.comma(after)
            if step == after:
                break
            following = self.point(step) or (self._listed_number(step) if point.kind in ("md", "dom") else None)
            if not following or following[0].kind == "period":
                break
            one, two = point, following[0]
            if one.kind == "dom" and two.kind == "md" and one.day < two.day:
                one = Point("md", day=one.day, month=two.month, year=two.year)
                last = replace(last, start=self.resolve(one)[0])
                found = replace(found, start=last.start) if found.span == last.span else found
            if one.kind == "wd" and two.kind == "fixed" and two.week is not None and two.start and found.start:
                found = replace(found, start=two.start - timedelta(days=(two.weekday - found.start.weekday()) % 7))
                last = replace(last, end=two.start - timedelta(days=(two.weekday - one.weekday) % 7))
            if one.kind == "md" and two.kind == "dom":
                two = Point("md", day=two.day, month=one.month, year=one.year)
            base = last.end if last.end is not None else self.today
            day = self.resolve(two, after=base if two.kind in ("wd", "dom", "md") and (two.week is None) else None)[0]
            if working_days_from(base, 2) != day and base + timedelta(days=1) != day:
                break
            at, point = following[1], following[0]
            last = Days(found.start, day, (found.span[0], self.tokens[at - 1].end), weekdays=found.weekdays)
            if found.weekdays and two.kind == "wd":
                last = replace(last, weekdays=(found.weekdays[0], two.weekday))
        return last, at

    def _listed_number(self, i: int) -> tuple[Point, int] | None:
        number = self.day_number(i)
        if not number or self.kinds[i] != "num":
            return None
        after = number[2]
        word = self.words[after] if after < len(self.words) else ""
        if word.isalpha() and not self.tags[after] and word not in _AFTER_LIST:
            return None
        return Point("dom", day=number[0]), after

    def read(self) -> list[Days]:
        out: list[Days] = []
        hot = [
            self.kinds[i] not in ("word", "other")
            or bool(_CORE & set(self.tags[i]))
            or bool(numbers.word(self.words[i]))
            for i in range(len(self.tokens))
        ]
        i = 0
        while i < len(self.tokens):
            near = (hot[i] or self.tags[i] or self.words[i] in ("a", "an", "one", "couple", "since")) and any(
                hot[i : i + 5]
            )
            found = self.days_at(i) if near and not self.greeting(i) else None
            if found:
                out.append(found[0])
                self.beside = found[0].end or found[0].start
                i = max(found[1], i + 1)
            else:
                i += 1
        return self._month_applied(self._week_applied(out))

    def _week_applied(self, found: list[Days]) -> list[Days]:
        """Thursday and friday off next week: the weekdays move into the week that stands beside them."""
        weeks = [each for each in found if each.week]
        named = [each for each in found if each.weekdays]
        if len(weeks) != 1 or not named or weeks[0].start is None:
            return found
        monday = weeks[0].start - timedelta(days=weeks[0].start.weekday())
        moved: list[Days] = []
        for each in found:
            if each.weekdays:
                start = monday + timedelta(days=each.weekdays[0])
                each = replace(each, start=start, end=start + timedelta(days=(each.weekdays[1] - each.weekdays[0]) % 7))
            if each is not weeks[0]:
                moved.append(each)
        return moved

    def _month_applied(self, found: list[Days]) -> list[Days]:
        """In March, the 9th to the 11th: days without a month are in the one that stands beside them."""
        months = [each for each in found if _whole_month(each)]
        if len(months) != 1 or not any(each.numbered for each in found) or months[0].start is None:
            return found
        year, month = months[0].start.year, months[0].start.month
        moved: list[Days] = []
        for each in found:
            if each.numbered and each.start and each.start.day <= monthrange(year, month)[1]:
                start = date(year, month, each.start.day)
                end = each.end and (start if each.end == each.start else _safe(year, month, each.end.day))
                if end is None or start <= end:
                    each = replace(each, start=start, end=end)
            if each is not months[0]:
                moved.append(each)
        return moved


def _whole_month(days: Days) -> bool:
    start, end = days.start, days.end
    if start is None or end is None or start.day != 1 or days.single:
        return False
    return (start.year, start.month, monthrange(start.year, start.month)[1]) == (end.year, end.month, end.day)


def _safe(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))
