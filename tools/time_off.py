"""Time off: which kind of leave, from when to when, with half days at either end."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from pydantic import Field as PydanticField
from pydantic import model_validator

from backend.calendars import Part, Unit, span
from backend.desk import Desk
from backend.kinds import Blank, Data, Fact, Form, Kind, Objection, Option, Widget, blank
from backend.leave import LeaveDay, Taken
from backend.words import Count, Span, Title, say


class TimeOffForm(Form):
    """What is asked of somebody who wants to be away. Days are inclusive."""

    leave_type: str = blank("Kind of leave", question="Which kind of leave is it?", widget=Widget.CHOICE)
    start: date = blank("First day", question="Which day does it start?")
    end: date = blank("Last day", question="What is the last day?")
    part: Part = blank("Part of the day", question="The whole day, the morning or the afternoon?", default=Part.FULL)
    from_midday: bool = blank("Starts at midday", default=False)
    until_midday: bool = blank("Ends at midday", default=False)
    note: str = blank("Note", widget=Widget.LONG, free_text=True, data=Data.PRIVATE, default="")

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
        if self.start == self.end and self.from_midday and self.until_midday:
            raise ValueError("Starting and ending at midday of one day leaves nothing: choose one half.")
        return self


class LeaveType(Form):
    """One kind of leave, as the company has set it.

    asks       somebody has to decide; otherwise it is recorded and the manager is told
    unit       how days are counted
    allowance  days a year; left out where no balance is kept
    data       how sensitive the kind itself is
    words      other ways people say it
    """

    name: str
    title: str
    asks: bool = True
    unit: Unit = Unit.WORKING
    allowance: Decimal | None = None
    data: Data = Data.PRIVATE
    words: tuple[str, ...] = ()


class TimeOffLimits(Form):
    """Limits on time off; what misses them is said on the card and does not block.

    notice_days   working days' notice for leave that asks
    longest_days  longest leave at a time
    past_days     how many days back leave may be entered
    """

    notice_days: int = PydanticField(default=0, ge=0)
    longest_days: int = PydanticField(default=30, ge=1)
    past_days: int = PydanticField(default=30, ge=0)


USUAL = (
    LeaveType(
        name="vacation",
        title="Vacation",
        allowance=Decimal(23),
        words=(
            "holiday",
            "holidays",
            "annual leave",
            "pto",
            "paid leave",
            "vacaciones",
            "férias",
            "congés",
            "urlaub",
            "ferie",
        ),
    ),
    LeaveType(
        name="sick",
        title="Sick leave",
        asks=False,
        unit=Unit.CALENDAR,
        data=Data.HEALTH,
        words=("sick", "ill", "unwell", "flu", "sickness", "enfermo", "baja", "doente", "malade", "krank", "malato"),
    ),
    LeaveType(
        name="personal",
        title="Personal day",
        allowance=Decimal(2),
        words=("personal", "personal day", "moving", "asuntos propios", "privat", "personnel", "personale", "pessoal"),
    ),
    LeaveType(
        name="parental",
        title="Parental leave",
        asks=False,
        unit=Unit.CALENDAR,
        words=("maternity", "paternity", "baby", "paternidad", "maternidad", "elternzeit", "congé parental", "congedo"),
    ),
    LeaveType(
        name="bereavement",
        title="Bereavement leave",
        asks=False,
        words=("funeral", "death", "compassionate", "fallecimiento", "luto", "deuil", "trauerfall", "lutto"),
    ),
    LeaveType(
        name="unpaid", title="Unpaid leave", words=("unpaid", "sin sueldo", "sem vencimento", "unbezahlt", "sans solde")
    ),
    LeaveType(
        name="medical",
        title="Medical appointment",
        asks=False,
        data=Data.HEALTH,
        words=(
            "doctor",
            "dentist",
            "appointment",
            "hospital",
            "médico",
            "dentista",
            "médecin",
            "arzt",
            "zahnarzt",
            "medico",
        ),
    ),
)


class TimeOff(Kind[TimeOffForm]):
    """Asks to be away, or says so where no decision is needed (sickness, statutory leave)."""

    name = "time_off"
    prefix = "TO"
    title = "Time off"
    form = TimeOffForm
    policy = TimeOffLimits
    policy_lines: ClassVar = {"leave_type": LeaveType}
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
        return next((each for each in self.leave_types(desk) if each.name == form.leave_type), USUAL[0])

    def category(self, form: TimeOffForm) -> str | None:
        return form.leave_type

    def summary(self, form: TimeOffForm, lines: list[Any], language: str) -> str:
        titles = {each.name: each.title for each in USUAL}
        title = say(language, titles.get(form.leave_type, form.leave_type.replace("_", " ").capitalize()))
        when = Span(form.start, form.end).said_in(language)
        part = "" if form.part is Part.FULL else f" ({say(language, PARTS[form.part])})"
        return f"{title}, {when}{part}"

    def taken(self, form: TimeOffForm, desk: Desk) -> list[Taken]:
        """The days that this leave takes, each with its part and its cost in the leave type's unit."""
        unit = self.leave_type(form, desk).unit
        return [Taken(day, part, desk.cost(day, part=part, unit=unit)) for day, part in _parts(form)]

    def cost(self, form: TimeOffForm, desk: Desk) -> Decimal:
        """What this leave costs, in days."""
        return sum((each.cost for each in self.taken(form, desk)), Decimal(0))

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
        if (desk.today - form.start).days > limits.past_days:
            out.append(Objection("{start} is long past: is the date right?", {"start": form.start}, "start"))
        elif form.start < desk.today and kind.asks:
            out.append(Objection("{start} is in the past: is the date right?", {"start": form.start}, "start"))
        elif kind.asks and limits.notice_days and (form.start - desk.today).days < limits.notice_days:
            days = Count(Decimal(limits.notice_days))
            out.append(Objection("That is less than {days} of notice.", {"days": days}, "start"))
        if cost > limits.longest_days and kind.asks:
            days = Count(Decimal(limits.longest_days))
            out.append(Objection("That is longer than {days} at a time.", {"days": days}, "end"))
        if kind.allowance is not None:
            left = desk.free_leave(kind.name) - (0 if desk.sent else cost)
            if left < 0:
                out.append(Objection("That is {over} more than you have left.", {"over": Count(-left)}, "end"))
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
        out = [Fact("Takes", "{days}", {"days": Count(cost)})]
        if kind.allowance is not None:
            left = desk.free_leave(kind.name) - (0 if desk.sent else cost)
            out.append(Fact("Balance afterwards", "{days}", {"days": Count(left)}))
        away = desk.team_away(form.start, form.end)
        out.append(Fact("Also away in the team", "{names}" if away else "nobody", {"names": ", ".join(away)}))
        return out

    def outcome(self, form: TimeOffForm, desk: Desk) -> Fact | None:
        kind = self.leave_type(form, desk)
        if kind.allowance is None:
            return None
        words = {"days": Count(desk.free_leave(kind.name)), "kind": Title(kind.title)}
        return Fact("Balance", "You have {days} left ({kind}).", words)

    def reserve(self, form: TimeOffForm, lines: list[Any], desk: Desk) -> None:
        kept = self.leave_type(form, desk).allowance is not None
        desk.reserve_leave(form.leave_type, self.taken(form, desk), kept=kept)

    def apply(self, form: TimeOffForm, lines: list[Any], desk: Desk) -> None:
        clashes = self._clashes(form, desk)
        for number in sorted({row.request for row in clashes if not desk.newer(row.request)}):
            desk.give_back(request=number, days=[row.day for row in clashes if row.request == number])
        later = {row.day for row in clashes if desk.newer(row.request) and row.state == "booked"}
        taken = [each for each in self.taken(form, desk) if each.day not in later]
        desk.book_leave(form.leave_type, taken, kept=self.leave_type(form, desk).allowance is not None)

    def data(self, blank: Blank, values: Mapping[str, Any], desk: Desk) -> Data:
        if blank.name != "leave_type":
            return blank.data
        named = {each.name: each.data for each in self.leave_types(desk)}
        return named.get(values.get("leave_type", ""), blank.data)

    def settled(self, form: TimeOffForm, desk: Desk) -> bool:
        return form.end < desk.today

    def _clashes(self, form: TimeOffForm, desk: Desk) -> list[LeaveDay]:
        mine = dict(_parts(form))
        days = desk.own_leave(form.start, form.end)
        return [row for row in days if row.day in mine and _meet(mine[row.day], Part(row.part))]


PARTS = {Part.FULL: "whole day", Part.AM: "morning", Part.PM: "afternoon", Part.HALF: "half a day"}


def _parts(form: TimeOffForm) -> Iterator[tuple[date, Part]]:
    for day in span(form.start, form.end):
        if form.part is not Part.FULL:
            yield day, form.part
        elif day == form.start and form.from_midday:
            yield day, Part.PM
        elif day == form.end and form.until_midday:
            yield day, Part.AM
        else:
            yield day, Part.FULL


def _meet(one: Part, other: Part) -> bool:
    return {one, other} != {Part.AM, Part.PM}


KIND = TimeOff()
