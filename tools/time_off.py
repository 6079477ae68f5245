"""Time off: which kind of leave, from when to when, with half days at either end."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from pydantic import field_validator, model_validator

from backend import calendar_files, leave_types
from backend.calendars import Part, Unit, span
from backend.desk import Desk
from backend.forms import Blank, Data, Form, Option, Widget, blank, plain
from backend.kinds import Ask, Fact, Kind, Objection, Paper, Sort
from backend.leave import LeaveDay, Taken
from backend.leave_types import USUAL, Arrival, Blackout, LeaveType, Proof, TimeOffLimits
from backend.replacing import meet
from backend.words import Count, Hours, Span, Title, say, write


class TimeOffForm(Form):
    """What is asked of somebody who wants to be away. Days are inclusive."""

    leave_type: str = blank("Kind of leave", question="Which kind of leave is it?", widget=Widget.CHOICE)
    start: date = blank("First day", question="Which day is it, or from when until when?")
    end: date = blank("Last day", question="What is the last day?")
    part: Part = blank("Part of the day", question="The whole day, the morning or the afternoon?", default=Part.FULL)
    from_midday: bool = blank("Starts at midday", default=False)
    until_midday: bool = blank("Ends at midday", default=False)
    hours: Decimal | None = blank("Hours", free_text=True, default=None, gt=0, le=24, max_digits=4, decimal_places=2)
    without: str = blank("Days not taken", told=False, default="", max_length=4000)
    note: str = blank("Note", widget=Widget.LONG, free_text=True, data=Data.PRIVATE, default="")

    @field_validator("without")
    @classmethod
    def _as_days(cls, said: str) -> str:
        try:
            days = {date.fromisoformat(each) for each in re.findall(r"[^,;\s]+", said)}
        except ValueError as error:
            raise ValueError("Write the days not taken as 2026-12-02, with commas between them.") from error
        return ", ".join(each.isoformat() for each in sorted(days))

    @property
    def left_out(self) -> list[date]:
        """The days between the first and the last that are not taken."""
        days = (date.fromisoformat(each) for each in self.without.split(", ") if each)
        return [each for each in days if self.start <= each <= self.end]

    @model_validator(mode="after")
    def _in_order(self) -> "TimeOffForm":
        if self.end < self.start:
            raise ValueError("The last day is before the first: change one of them.")
        if (self.end - self.start).days > 730:
            raise ValueError("That is more than two years: please check the dates.")
        if self.part is not Part.FULL and self.start != self.end:
            raise ValueError(
                "Half a day is for a single day: for longer leave say whether it starts or ends at midday."
            )
        if self.hours is not None and (self.start != self.end or self.part is not Part.FULL):
            raise ValueError("Hours are for a single day: for longer leave leave them out.")
        if self.start == self.end and self.from_midday and self.until_midday:
            raise ValueError("Starting and ending at midday of one day leaves nothing: choose one half.")
        return self


class TimeOff(Kind[TimeOffForm]):
    """Asks to be away, or says so where no decision is needed (sickness, statutory leave)."""

    name = "time_off"
    prefix = "TO"
    title = "Time off"
    form = TimeOffForm
    policy = TimeOffLimits
    policy_lines: ClassVar = {"leave_type": LeaveType, "blackout": Blackout, "proof": Proof}
    for_others = True
    cancel_intent = "time_off.cancel"
    examples = (
        "I need Thursday off",
        "can I take the first week of August off",
        "book me annual leave from the 3rd to the 7th",
        "I'm sick today",
        "I have the dentist tomorrow morning",
        "I'd like two days of vacation in March",
        "half day on Friday afternoon please",
        "I won't be in next Monday, my kid is ill",
        "requesting parental leave starting in June",
        "quiero coger vacaciones la semana que viene",
        "preciso de folga na sexta",
        "ich möchte nächsten Montag Urlaub nehmen",
        "je voudrais poser un congé vendredi",
        "vorrei prendere ferie lunedì",
    )

    def options(self, name: str, desk: Desk | None) -> tuple[Option, ...]:
        if name == "part":
            return tuple(Option(part.value, word.capitalize()) for part, word in PARTS.items())
        if name != "leave_type":
            return ()
        return tuple(Option(each.name, each.title, each.words) for each in self.leave_types(desk))

    def leave_types(self, desk: Desk | None) -> tuple[LeaveType, ...]:
        """The company's leave types, or the usual seven where it has set none."""
        return tuple(desk.limit_lines("leave_type")) if desk and desk.limit_lines("leave_type") else USUAL

    def leave_type(self, form: TimeOffForm, desk: Desk) -> LeaveType:
        return leave_types.named(self.leave_types(desk), form.leave_type)

    def blanks(self, desk: Desk | None = None, *, line: bool = False) -> list[Blank]:
        """The fields to ask for; hours only where a kind of leave is counted in them."""
        counted = desk is None or any(each.unit is Unit.HOURS for each in self.leave_types(desk))
        return [each for each in super().blanks(desk, line=line) if counted or each.name != "hours"]

    def fill(self, values: dict[str, Any], desk: Desk) -> dict[str, Any]:
        """Hours count where the kind of leave is counted in them; elsewhere a few of them are half a day."""
        kind = leave_types.named(self.leave_types(desk), str(values.get("leave_type") or ""))
        hours, day = values.get("hours"), values.get("start")
        if hours is None or not values.get("leave_type"):
            return values
        if kind.unit is Unit.HOURS:
            return {name: value for name, value in values.items() if name != "part"}
        kept = {name: value for name, value in values.items() if name != "hours"}
        if day is None or day != values.get("end") or "part" in kept:
            return kept
        few = hours <= desk.cost(day, part=Part.FULL, unit=Unit.HOURS) / 2
        return {**kept, "part": Part.HALF} if few else kept

    def category(self, form: TimeOffForm, lines: list[Any]) -> str | None:
        return form.leave_type

    def due(self, form: TimeOffForm, lines: list[Any]) -> date | None:
        return form.start

    def summary(self, form: TimeOffForm, lines: list[Any], language: str) -> str:
        titles = {each.name: each.title for each in USUAL}
        title = say(language, titles.get(form.leave_type, form.leave_type.replace("_", " ").capitalize()))
        when = Span(form.start, form.end).said_in(language)
        part = "" if form.part is Part.FULL else f" ({say(language, PARTS[form.part])})"
        part = part if form.hours is None else f" ({Hours(form.hours).said_in(language)})"
        out = ", ".join(write(language, each) for each in form.left_out)
        what = f"{title}, {when}{part}"
        return say(language, "{what}, but not {days}", what=what, days=out) if out else what

    def taken(self, form: TimeOffForm, desk: Desk) -> list[Taken]:
        """The days that this leave takes, each with its part and its cost in the leave type's unit."""
        unit = self.leave_type(form, desk).unit
        taken = [Taken(day, part, desk.cost(day, part=part, unit=unit)) for day, part in _parts(form)]
        if form.hours is None or unit is not Unit.HOURS:
            return taken
        return [Taken(each.day, Part.HALF, min(form.hours, each.cost)) for each in taken]

    def cost(self, form: TimeOffForm, desk: Desk) -> Decimal:
        """What this leave costs, in its unit."""
        return sum((each.cost for each in self.taken(form, desk)), Decimal(0))

    def days(self, form: TimeOffForm, desk: Desk) -> Decimal | None:
        unit = self.leave_type(form, desk).unit
        counted = Unit.WORKING if unit is Unit.HOURS else unit
        return sum((desk.cost(day, part=part, unit=counted) for day, part in _parts(form)), Decimal(0))

    def check(self, form: TimeOffForm, lines: list[Any], desk: Desk) -> list[Objection]:
        kind, cost = self.leave_type(form, desk), self.cost(form, desk)
        limits: TimeOffLimits = desk.limits
        out: list[Objection] = []
        if form.leave_type not in {each.name for each in self.leave_types(desk)}:
            return [Objection("There is no such kind of leave here: choose another.", field="leave_type", blocks=True)]
        if not cost:
            why = desk.holiday(form.start)
            text = (
                "{day} is a holiday here ({why}): there is nothing to take."
                if why
                else "Those are not working days of yours: there is nothing to take."
            )
            return [Objection(text, {"day": form.start, "why": why}, "start", blocks=True)]
        if form.hours is not None and kind.unit is Unit.HOURS and form.hours > cost:
            text = "You work {hours} on that day: no more than those are taken."
            out.append(Objection(text, {"hours": kind.said(cost)}, "hours"))
        if (desk.today - form.start).days > limits.past_days:
            out.append(
                Objection("{start} is long past: is the date right?", {"start": form.start}, "start", limit="past_days")
            )
        elif form.start < desk.today and kind.asks and desk.sent and form.start >= desk.sent_on:
            out.append(Objection("{start} has passed while this waited.", {"start": form.start}, "start"))
        elif form.start < desk.today and kind.asks:
            out.append(Objection("{start} is in the past: is the date right?", {"start": form.start}, "start"))
        elif kind.asks and desk.working_days_before(form.start, most=limits.notice_days) < limits.notice_days:
            days = Count(Decimal(limits.notice_days))
            out.append(Objection("That is less than {days} of notice.", {"days": days}, "start", limit="notice_days"))
        if kind.asks and self._length(form, desk) > limits.longest_days:
            days = Count(Decimal(limits.longest_days))
            out.append(Objection("That is longer than {days} at a time.", {"days": days}, "end", limit="longest_days"))
        if kind.allowance is not None:
            left = desk.free_leave(kind.name) - (0 if desk.sent else cost)
            if left < 0:
                out.append(Objection("That is {over} more than you have left.", {"over": kind.said(-left)}, "end"))
        out += self._blackouts(form, desk) if kind.asks else []
        for number in sorted({row.request for row in self._clashes(form, desk) if not desk.newer(row.request)}):
            out.append(
                Objection(
                    "It overlaps with TO-{number}; if you send it, those days will count here instead.",
                    {"number": number},
                    "start",
                )
            )
        return out

    def wonders(self, form: TimeOffForm) -> tuple[str, str] | None:
        return ("part", "In the morning or in the afternoon?") if form.part is Part.HALF else None

    def asks(self, form: TimeOffForm, desk: Desk) -> bool:
        return self.leave_type(form, desk).asks

    def facts(self, form: TimeOffForm, lines: list[Any], desk: Desk) -> list[Fact]:
        kind, cost = self.leave_type(form, desk), self.cost(form, desk)
        out = [Fact("Takes", "{days}", {"days": kind.said(cost)})]
        if kind.allowance is not None:
            left = desk.free_leave(kind.name) - (0 if desk.sent else cost)
            out.append(Fact("Balance afterwards", "{days}", {"days": kind.said(left)}))
        away = desk.team_away(form.start, form.end)
        out.append(Fact("Also away in the team", "{names}" if away else "nobody", {"names": ", ".join(away)}))
        due = self._proof(form, desk)
        return [*out, self._proof_said(due, form, desk)] if due else out

    def outcome(self, form: TimeOffForm, desk: Desk) -> Fact | None:
        kind, due = self.leave_type(form, desk), self._proof(form, desk)
        if due is not None:
            return self._proof_said(due, form, desk)
        if kind.allowance is None:
            return None
        words = {"days": kind.said(desk.free_leave(kind.name)), "kind": Title(kind.title)}
        return Fact("Balance", "You have {days} left ({kind}).", words)

    def work(self, form: TimeOffForm, lines: list[Any], desk: Desk) -> list[list[Ask]]:
        """HR fetches a proof, or sees to it that it comes, where one is due that does not arrive by itself."""
        due = self._proof(form, desk)
        if due is None or due.sort is Arrival.NONE:
            return []
        label = "fetch the certificate" if due.sort is Arrival.FETCH else "receive the certificate"
        return [[Ask(("hr",), "hr", sort=Sort.WORK, label=label)]]

    def reserve(self, form: TimeOffForm, lines: list[Any], desk: Desk) -> None:
        kept = self.leave_type(form, desk).allowance is not None
        desk.reserve_leave(form.leave_type, self.taken(form, desk), kept=kept)

    def apply(self, form: TimeOffForm, lines: list[Any], desk: Desk) -> None:
        desk.count_again(besides=dict(_parts(form)))
        clashes = self._clashes(form, desk)
        for number in sorted({row.request for row in clashes if not desk.newer(row.request)}):
            over = [row for row in clashes if row.request == number]
            if self.leave_type(form, desk).asks:
                desk.give_back(request=number, days=[row.day for row in over])
            else:
                mine, unit = dict(_parts(form)), leave_types.named(self.leave_types(desk), over[0].leave_type).unit
                desk.take_out_of_leave(request=number, taken={row.day: mine[row.day] for row in over}, unit=unit)
        newer = {row.day: row.request for row in clashes if desk.newer(row.request) and row.state == "booked"}
        taken = [each for each in self.taken(form, desk) if each.day not in newer]
        desk.book_leave(form.leave_type, taken, kept=self.leave_type(form, desk).allowance is not None)
        for each in self.taken(form, desk):
            if each.day in newer:
                desk.leave_to([each], leave_type=form.leave_type, request=newer[each.day])

    def undo(self, form: TimeOffForm, lines: list[Any], desk: Desk) -> None:
        desk.count_again()

    def data(self, blank: Blank, values: Mapping[str, Any], desk: Desk) -> Data:
        if blank.name != "leave_type":
            return blank.data
        named = {each.name: each.data for each in self.leave_types(desk)}
        return named.get(values.get("leave_type", ""), blank.data)

    def settled(self, form: TimeOffForm, desk: Desk) -> bool:
        return form.end < desk.today

    def bound_by(self, label: str) -> bool:
        return False

    def matters(self, before: tuple[TimeOffForm, list[Any]], after: tuple[TimeOffForm, list[Any]], desk: Desk) -> bool:
        """Fewer of the same days do not; others, or another kind of leave, do."""
        if before[0].leave_type != after[0].leave_type:
            return True
        held = {each.day: each for each in self.taken(before[0], desk)}
        return any(each.cost and not _within(each, held.get(each.day)) for each in self.taken(after[0], desk))

    def spare(self, form: TimeOffForm, desk: Desk) -> tuple[date, date] | None:
        days = [each.day for each in self.taken(form, desk) if each.cost and each.day >= desk.today]
        return (days[0], days[-1]) if days else None

    def revoked(self, form: TimeOffForm, start: date, end: date, desk: Desk) -> dict[str, Any] | None:
        kept = [each.day for each in self.taken(form, desk) if each.cost and not start <= each.day <= end]
        if not kept:
            return None
        first = kept[0] if kept[0] > end else form.start
        last = kept[-1] if kept[-1] < start else form.end
        out = [each for each in sorted({*form.left_out, *span(start, end)}) if first <= each <= last]
        remaining = {
            "start": first,
            "end": last,
            "from_midday": form.from_midday and first == form.start,
            "until_midday": form.until_midday and last == form.end,
            "without": ", ".join(each.isoformat() for each in out),
        }
        return plain({**form.model_dump(exclude_none=True), **remaining})

    def papers(self, form: TimeOffForm, lines: list[Any], desk: Desk) -> list[Paper]:
        """The leave for the person's own calendar; what is sensitive says no more than that they are away."""
        name, kind = f"{self.prefix}-{desk.number}", self.leave_type(form, desk)
        title = "Away" if kind.data.above(Data.PRIVATE) else kind.title

        def made() -> bytes:
            days = [each for each in self.taken(form, desk) if each.part is Part.FULL or each.cost]
            entries = calendar_files.leave(desk.person, days, uid=name, title=say(desk.language, title))
            return calendar_files.written(entries, made=desk.now)

        return [Paper(f"{name}.ics", "For your calendar", "text/calendar", made)]

    def _clashes(self, form: TimeOffForm, desk: Desk) -> list[LeaveDay]:
        mine = dict(_parts(form))
        days = [row for row in desk.own_leave(form.start, form.end) if row.day in mine]
        if form.hours is not None and self._side_by_side(form, days, desk):
            return []
        return [row for row in days if meet(mine[row.day], Part(row.part))]

    def _side_by_side(self, form: TimeOffForm, days: list[LeaveDay], desk: Desk) -> bool:
        """Whether some hours fit into a day beside the hours that are taken already."""
        hourly = {each.name for each in self.leave_types(desk) if each.unit is Unit.HOURS}
        whole = desk.cost(form.start, part=Part.FULL, unit=Unit.HOURS)
        taken = sum((row.cost for row in days), form.hours or Decimal(0))
        return all(row.leave_type in hourly for row in days) and taken <= whole

    def _length(self, form: TimeOffForm, desk: Desk) -> Decimal:
        """How long it is in days, also where it is counted in hours."""
        unit = self.leave_type(form, desk).unit
        if unit is not Unit.HOURS:
            return self.cost(form, desk)
        return sum((desk.cost(day, part=part, unit=Unit.WORKING) for day, part in _parts(form)), Decimal(0))

    def _blackouts(self, form: TimeOffForm, desk: Desk) -> list[Objection]:
        rows: list[Blackout] = desk.limit_lines("blackout")
        return [
            Objection(
                "Nobody should be away on these days, {when}: {reason}.",
                {"when": Span(each.start, each.end), "reason": each.reason.rstrip(".")},
                "start",
                limit="blackout",
            )
            for each in rows
            if each.start <= form.end and form.start <= each.end and desk.belongs(team=each.team, place=each.place)
        ]

    def _proof(self, form: TimeOffForm, desk: Desk) -> Proof | None:
        """The proof that is due for leave of this kind and length where the person works."""
        rows: list[Proof] = desk.limit_lines("proof")
        if not any(each.leave_type == form.leave_type for each in rows):
            return None
        days = (form.end - self._since(form, desk)).days + 1
        fits = [
            each
            for each in rows
            if each.leave_type == form.leave_type and each.country == desk.country and days > each.after_days
        ]
        return max(fits, key=lambda each: each.after_days, default=None)

    @staticmethod
    def _since(form: TimeOffForm, desk: Desk) -> date:
        """The first day of such leave without a day's work in between, also in requests before this one."""
        earlier = form.start - timedelta(days=60)
        before = {row.day for row in desk.own_leave(earlier, form.start) if row.leave_type == form.leave_type}
        first = day = form.start
        while day > earlier:
            day -= timedelta(days=1)
            if day in before:
                first = day
            elif desk.cost(day, part=Part.FULL, unit=Unit.WORKING):
                break
        return first

    def _proof_said(self, due: Proof, form: TimeOffForm, desk: Desk) -> Fact:
        if due.text:
            return Fact("Proof", "{text}", {"text": Title(due.text)})
        by = self._since(form, desk) + timedelta(days=due.by_day - 1)
        return Fact("Proof", PROOFS[due.sort], {"day": by})


PROOFS = {
    Arrival.NONE: "A certificate is due; there is nothing to do, it arrives by itself.",
    Arrival.FETCH: "A certificate is due; HR fetches it, there is nothing to send.",
    Arrival.UPLOAD: "A certificate is due: please send it to HR by {day}.",
}
PARTS = {Part.FULL: "whole day", Part.AM: "morning", Part.PM: "afternoon", Part.HALF: "half a day"}


def _within(one: Taken, held: Taken | None) -> bool:
    return held is not None and held.part in (Part.FULL, one.part) and one.cost <= held.cost


def _parts(form: TimeOffForm) -> Iterator[tuple[date, Part]]:
    for day in span(form.start, form.end):
        if day in form.left_out:
            continue
        if form.part is not Part.FULL:
            yield day, form.part
        elif day == form.start and form.from_midday:
            yield day, Part.PM
        elif day == form.end and form.until_midday:
            yield day, Part.AM
        else:
            yield day, Part.FULL


KIND = TimeOff()
