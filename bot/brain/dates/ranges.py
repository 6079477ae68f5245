"""Stretches of days as people write them: from one to another, so long from a day on, one after the other."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.brain import numbers
from bot.brain.dates.days import Days, Lean, Point, safe, working_days_from
from bot.brain.dates.points import AFTER_LIST, Points
from bot.brain.lexicon import listed

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


_PERHAPS = listed("perhaps")
"""Words between two days: "today and probably tomorrow"."""


_SINCE = ("since", "seit", "depuis")
"""They look back; with an end ("since the 4th until the 8th") they say no more than "from"."""


class Ranges(Points):
    """Reads days and stretches of days."""

    def read(self) -> list[Days]:
        out: list[Days] = []
        hot = [
            self.kinds[i] not in ("word", "other")
            or bool(_CORE & set(self.tags[i]))
            or bool(numbers.word(self.words[i]) or self.day_number(i))
            for i in range(len(self.tokens))
        ]
        i = 0
        while i < len(self.tokens):
            near = (hot[i] or self.tags[i] or self.words[i] in ("a", "an", "one", "couple", "since")) and any(
                hot[i : i + 7]
            )
            found = self.days_at(i) if near and not self.greeting(i) else None
            if found:
                out.append(found[0])
                self.beside = found[0].end or found[0].start
                i = max(found[1], i + 1)
            else:
                i += 1
        return self._length_applied(self._month_applied(self._week_applied(out)))

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
        begin = between or self.take(i, "FROM") or ((None, i + 1) if self.words[i] in _SINCE else None)
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
        at = joint[1] + 1 if self.words[joint[1] : joint[1] + 1] and self.words[joint[1]] in _PERHAPS else joint[1]
        second = self.point(at, bare=True) or self.point(self.skip(at, "THE"), bare=True)
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
        """Three days next month starting the 9th; two days of vacation next week from tuesday."""
        at = length[2]
        while at < min(len(self.words), length[2] + 3) and not set(self.tags[at]) - {"OF", "THE", "FOR"}:
            if (found := self.point(at)) and found[0].kind == "period":
                break
            at += 1
        period = self.point(at)
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
        since = self.words[i] in _SINCE
        if begin or since:
            at = begin[1] if begin else i + 1
            inner = self.point(at) or self.point(self.skip(at, "THE"))
            if inner:
                opening = (
                    since
                    or self.words[i] not in ("de", "da", "do", "del", "von", "vom", "du", "des", "d", "from")
                    or (self.words[i] == "from" and inner[0].kind != "fixed")
                )
                if inner[0].kind != "period" and opening:
                    kept, self.lean = self.lean, Lean.PAST if since else self.lean
                    start = self.resolve(inner[0])[0]
                    self.lean = kept
                    only = inner[0].kind == "dom"
                    named = (inner[0].weekday,) * 2 if inner[0].kind == "wd" and inner[0].week is None else None
                    return self._days(start, None, i, inner[1], said_end=False, numbered=only, weekdays=named)
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
            ending=point[0].ending and point[0].week is None,
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
            step = step + 1 if step < len(self.words) and self.words[step] in _PERHAPS else step
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
            beside = two.kind == "fixed" and two.week is None and one.kind == "wd" and one.week is None
            if beside and two.start and found.start and last.span == found.span:  # "mon and tue after new year"
                day = two.start - timedelta(days=(two.start.weekday() - one.weekday) % 7 or 7)
                found, last = replace(found, start=day), replace(last, start=day, end=day)
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
        if word.isalpha() and not self.tags[after] and word not in AFTER_LIST:
            return None
        return Point("dom", day=number[0]), after

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
                end = start + timedelta(days=(each.weekdays[1] - each.weekdays[0]) % 7)
                each = replace(each, start=start, end=end if each.said_end else None)
            if each is not weeks[0]:
                moved.append(each)
        return moved

    def _length_applied(self, found: list[Days]) -> list[Days]:
        """Three days of leave, next week, from wednesday on: how long it is may stand apart from where it begins."""
        if len(found) != 1 or found[0].end is not None or found[0].start is None:
            return found
        apart = [
            i for i, each in enumerate(self.tokens) if each.end <= found[0].span[0] or found[0].span[1] <= each.start
        ]
        lengths = [length for i in apart if (length := self.length(i)) and not (i and self.count(i - 1))]
        if len(lengths) != 1 or self.take(lengths[0][2], "AGO") or self.take(lengths[0][2], "TO", "UNTIL"):
            return found
        return [replace(found[0], end=self.stretch(found[0].start, lengths[0]), said_end=True)]

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
                end = each.end and (start if each.end == each.start else safe(year, month, each.end.day))
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
