"""Single days as people write them: "the 14th", "next friday", "in three days", "am ersten Freitag im Dezember"."""

import re
from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta
from typing import cast

from dateutil.easter import easter

from bot.brain.dates.days import Lean, Point, working_days_from
from bot.brain.dates.periods import Periods

AFTER_LIST = {
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
_RIGHT = {
    "right",
    "just",
    "straight",
    "directly",
    "immediately",
    "shortly",
    "justo",
    "logo",
    "juste",
    "direkt",
    "gleich",
}
_AFTER_BESIDE = AFTER_LIST | {
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


class Points(Periods):
    """Reads days and periods."""

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
                self._about_a_day,
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
                marked = number[1] and (self.kinds[skipped] == "num" or (number[0] > 4 and skipped > start))
                the = skipped > start and self._day_article(start, skipped)
                unit = self.take(number[2], "DAY", "WEEK", "MONTH", "YEAR", "WORKDAY") or (
                    number[2] < len(self.words)
                    and self.words[number[2]] in ("%", "x", "¤", "/", "°", ":")
                    and not self._apart(number[2])
                )
                if not unit and (marked or the or bare):
                    best = Point("dom", day=number[0], bare=not (marked or the)), number[2]
        return best

    def _apart(self, i: int) -> bool:
        """Whether a colon closes what stands before it: "on the 12th: 60,25", and not 12:30."""
        return self.words[i] == ":" and (i + 1 == len(self.tokens) or self.tokens[i + 1].start > self.tokens[i].end)

    def _day_article(self, start: int, number: int) -> bool:
        if self.numbers[number] is None:
            return False
        after = number + 1
        word = self.words[after] if after < len(self.words) else ""
        if (
            word
            and word.isalpha()
            and not self.tags[after]
            and word not in AFTER_LIST
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
            if month == 0:
                on = self._from_easter(day, year[0] if year else 0)
                return Point("fixed", start=on, end=on), year[1] if year else found[1]
            return Point("md", day=day, month=month, year=year[0] if year else 0), year[1] if year else found[1]
        return None

    def _from_easter(self, days: int, year: int) -> date:
        """The day so many days after Easter Sunday, of a year or the one that is nearest in the way one looks."""
        if year:
            return easter(year) + timedelta(days=days)
        found = [easter(self.today.year + each) + timedelta(days=days) for each in (-1, 0, 1)]
        if self.lean is Lean.PAST:
            return max(each for each in found if each <= self.today)
        return min(each for each in found if each >= self.today)

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

    def _about_a_day(self, i: int) -> tuple[Point, int] | None:
        """The friday before christmas, el lunes después de Reyes, the week after easter: beside a day that is named."""
        named = self.take(i, "WD", "WEEK", "DAY")
        if named is None or (named[0] != 1 and self.take(i, "WEEK")) or (i and self.count(i - 1)):
            return None
        at = named[1] + 1 if self.words[named[1] : named[1] + 1] and self.words[named[1]] in _RIGHT else named[1]
        after, before = self.take(at, "THEREAFTER"), self.take(at, "BEFOREHAND")
        way = 1 if after else -1
        beside = after or before
        other = self._day_named(beside[1]) if beside else None
        if other is None:
            return None
        base = self.resolve(other[0])[0]
        if weekday := self.take(i, "WD"):
            gap = (int(cast("int", weekday[0])) - base.weekday()) * way
            day = base + timedelta(days=way * ((gap - 1) % 7 + 1))
        elif self.take(i, "WEEK"):
            monday = base - timedelta(days=base.weekday()) + timedelta(days=7 * way)
            return Point("period", start=monday, end=monday + timedelta(days=4)), other[1]
        else:
            day = base + timedelta(days=way)
        return Point("fixed", start=day, end=day), other[1]

    def _day_named(self, i: int) -> tuple[Point, int] | None:
        """A day that stands by itself: a feast, a written date, a day of a month."""
        for at in dict.fromkeys((i, self.skip(i, "OF"), self.skip(i, "THE"), self.skip(self.skip(i, "OF"), "THE"))):
            if self.take(at, "FEAST") and (feast := self._relative(at)):
                return feast
            if day := self._written(at) or self._month_day(at):
                return day
        return None

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
            if number and (number[1] or self.kinds[number[2] - 1] == "num"):
                year = self.year(number[2])
                return self._checked(number[0], month[0], year[0] if year else 0, year[1] if year else number[2])
        return None

    def _nth_weekday(self, i: int) -> tuple[Point, int] | None:
        """The second tuesday of january, am ersten Freitag im Dezember."""
        which = self.take(i, "ORD", "LAST")
        number = self.day_number(i)
        which = which or (number[::2] if number and number[1] and number[0] < 6 else None)  # "1st monday in february"
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
            and (self.kinds[decorated] == "num" or (number[1] and decorated > self.comma(end)))
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
        named = self.take(self.skip(self.skip(end, "IN"), "THE"), "WD") if length[1] == "WEEK" else None
        if named is not None and isinstance(named[0], int):  # "two weeks ago on monday"
            monday = self.today + timedelta(days=sign * min(days, 3650) - self.today.weekday())
            day = monday + timedelta(days=named[0])
            return Point("fixed", start=day, end=day), named[1]
        if length[1] == "WORKDAY" and sign > 0:
            day = working_days_from(self.today, length[0] + 1)
        else:
            day = self.today + timedelta(days=sign * min(days, 3650))
        return Point("fixed", start=day, end=day), end
