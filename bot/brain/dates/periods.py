"""Weeks and months as people write them: "first week of march", "nächste Woche", "end of the month"."""

from abc import abstractmethod
from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta

from bot.brain.dates.days import Lean, Point
from bot.brain.dates.resolving import Resolving

_COMING = {"coming", "que", "qui", "che", "kommende", "kommenden", "kommender", "kommendes", "upcoming", "entrante"}


class Periods(Resolving):
    """Reads weeks and months."""

    @abstractmethod
    def point(self, i: int, *, bare: bool = False) -> tuple[Point, int] | None:
        """The day or period that is written from token i on."""

    def _week_shift(self, i: int) -> tuple[int, bool, int] | None:
        """Next / this / last: (weeks to move, whether the nearest is meant, end)."""
        for tag, shift in (("NEXT", 1), ("THIS", 0), ("LAST", -1)):
            if found := self.take(i, tag):
                return shift, self.words[i] in _COMING, found[1]
        return None

    def _week(self, i: int) -> tuple[Point, int] | None:
        monday = self.today - timedelta(days=self.today.weekday())
        if (found := self.take(i, "REST")) and (rest := self._rest(self.skip(self.skip(found[1], "THE"), "THIS"))):
            return rest
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

    def _rest(self, i: int) -> tuple[Point, int] | None:
        """The rest of the week, of the month, of december: from today on."""
        for unit in ("WEEK", "MONTH", "YEAR"):
            if found := self.take(i, unit):
                return Point("period", start=self.today, end=max(self.today, self._last_of_unit(unit))), found[1]
        if (month := self.month(i)) and month[0] == self.today.month:
            return Point("period", start=self.today, end=self._last_of_unit("MONTH")), month[1]
        return None

    def _weeks(self, monday: date, shift: int | None) -> Point:
        end = monday + timedelta(days=4)
        start = monday
        if shift == 0 and self.lean is Lean.FUTURE and monday < self.today <= end:
            start = self.today
        return Point("period", start=start if shift != 0 else monday, end=end, week=shift, bare=start != monday)

    def _weeks_of_month(self, many: int, month: int, *, last: bool) -> Point:
        """The last two weeks of december; the first three weeks of may."""
        if not last:
            return replace(self._week_of_month(1, month), end=self._week_of_month(min(many, 5), month).end)
        found = self._week_of_month(-1, month)
        return replace(found, start=found.start and found.start - timedelta(days=7 * (min(many, 5) - 1)))

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

    def _edge(self, i: int) -> tuple[Point, int] | None:
        """The last two days of this month, die ersten drei Tage im Mai: working days."""
        last, first = self.take(i, "LAST"), self.take(i, "ORD")
        which = last or (first if first and first[0] == 1 else None)
        length = self.length(which[1]) if which else None
        if length is None or length[1] not in ("DAY", "WORKDAY", "WEEK"):
            return None
        if length[1] == "WEEK":
            month = self.month(self.skip(self.skip(length[2], "OF"), "THE")) or self.month(length[2])
            return (self._weeks_of_month(length[0], month[0], last=bool(last)), month[1]) if month else None
        period = self._month(self.skip(self.skip(length[2], "OF"), "THE")) or self._month(length[2])
        if period is None or period[0].start is None or period[0].end is None:
            return None
        days = [period[0].start + timedelta(days=at) for at in range((period[0].end - period[0].start).days + 1)]
        worked = [each for each in days if each.weekday() < 5]
        kept = worked[-length[0] :] if last else worked[: length[0]]
        return Point("period", start=kept[0], end=kept[-1]), period[1]
