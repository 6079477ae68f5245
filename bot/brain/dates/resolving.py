"""Which day a point means: the year, month or week that was not said."""

from calendar import monthrange
from datetime import date, timedelta

from bot.brain.dates.days import Lean, Point, day_from, safe, working_days_from
from bot.brain.dates.words import Words


class Resolving(Words):
    """From points to days."""

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
        day = safe(year, point.month, point.day)
        if not point.year:
            if after is not None:
                day = safe(after.year, point.month, point.day)
                day = day if day >= after else safe(after.year + 1, point.month, point.day)
            elif self.lean is Lean.PAST:
                day = day if day <= self.today else safe(year - 1, point.month, point.day)
            elif day < self.today - timedelta(days=10):
                day = safe(year + 1, point.month, point.day)
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

    def _year_of(self, month: int) -> int:
        if self.lean is Lean.PAST:
            return self.today.year if month <= self.today.month else self.today.year - 1
        return self.today.year if month >= self.today.month else self.today.year + 1

    def stretch(self, start: date, length: tuple[int, str, int]) -> date:
        """The last day of so many days, weeks or months that begin on a day."""
        many, unit, _ = length
        if unit in ("DAY", "WORKDAY"):
            return working_days_from(start, many)
        if unit == "MONTH":
            total = start.year * 12 + start.month - 1 + min(many, 60)
            return safe(total // 12, total % 12 + 1, start.day) - timedelta(days=1)
        end = start + timedelta(days=7 * min(many, 120) - 1)
        return end - timedelta(days=max(0, end.weekday() - 4))
