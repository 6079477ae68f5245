"""Kinds of leave and what holds for time off, as the company has set them in policies.toml."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum

from pydantic import Field as PydanticField
from sqlalchemy.orm import Session

from backend import policies
from backend.calendars import Unit
from backend.forms import Data, Form
from backend.words import Count, Hours

TIME_OFF = "time_off"
FIRST_DAY = r"^(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])$"
"""A day on which a year may begin, in every year: 01-01, 04-06."""
LAST_DAY = r"^((0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)$"
"""A day that every year has: 03-31."""


class Accrues(StrEnum):
    """When a year's days are given: all at its start, or a part each month."""

    YEARLY = "yearly"
    MONTHLY = "monthly"


class Rounding(StrEnum):
    """How a share of a year's days is rounded: up to half a day, up to a day, to the nearest half, or to a cent."""

    HALF_UP = "half_up"
    UP = "up"
    NEAREST_HALF = "nearest_half"
    EXACT = "exact"


class LeaveType(Form):
    """One kind of leave, as the company has set it.

    asks              somebody has to decide; otherwise it is recorded and the manager is told
    unit              how it is counted: days that the person works, Monday to Saturday, all days, or hours
    allowance         days (or hours) a year of a full-time week; left out where no balance is kept
    accrues           yearly: given when the year begins; monthly: a twelfth each month
    rounding          how a part-timer's or a newcomer's share is rounded
    carry_over        what may stay when the year ends; left out: everything does
    carry_over_until  the day (03-31) on which what is above it lapses; left out: the last day of the year
    data              how sensitive the kind itself is
    words             other ways people say it
    """

    name: str
    title: str
    asks: bool = True
    unit: Unit = Unit.WORKING
    allowance: Decimal | None = PydanticField(default=None, ge=0)
    accrues: Accrues = Accrues.YEARLY
    rounding: Rounding = Rounding.HALF_UP
    carry_over: Decimal | None = PydanticField(default=None, ge=0)
    carry_over_until: str | None = PydanticField(default=None, pattern=LAST_DAY)
    data: Data = Data.PRIVATE
    words: tuple[str, ...] = ()

    @property
    def kept(self) -> bool:
        """True where a balance is kept."""
        return self.allowance is not None

    def said(self, amount: Decimal) -> Count | Hours:
        """An amount of this leave as people read it: 2.5 days, 3 hours."""
        return Hours(amount) if self.unit is Unit.HOURS else Count(amount)


class Blackout(Form):
    """Days on which the company asks people not to be away, everywhere or in one team or place."""

    start: date
    end: date
    reason: str
    team: str | None = None
    place: str | None = None


class Arrival(StrEnum):
    """How a proof comes: by itself, because HR fetches it, or because the person sends it."""

    NONE = "none"
    FETCH = "fetch"
    UPLOAD = "upload"


class Proof(Form):
    """Which proof is due for a kind of leave in a country, once it lasts longer than so many calendar days.

    sort  none: nothing to do, it arrives by itself; fetch: HR fetches it; upload: the person sends it by day `by_day`
    text  what is said about it instead of the usual sentence
    """

    country: str = PydanticField(pattern="^[A-Z]{2}$")
    leave_type: str = "sick"
    after_days: int = PydanticField(default=0, ge=0)
    sort: Arrival
    by_day: int = PydanticField(default=5, ge=1)
    text: str = ""


class TimeOffLimits(Form):
    """Limits on time off; what misses them is said on the card and does not block.

    notice_days               working days' notice for leave that asks
    longest_days              longest leave at a time
    past_days                 how many days back leave may be entered
    leave_year_starts         the day (04-01) on which the leave year begins
    full_week_hours           hours of a full-time week, where a kind of leave is counted in hours
    notice_before_lapse_days  days before leave lapses by which the person has to be told in person; otherwise it stays
    managers_decide           true: what managers enter for their own people counts as decided
    """

    notice_days: int = PydanticField(default=0, ge=0)
    longest_days: int = PydanticField(default=30, ge=1)
    past_days: int = PydanticField(default=30, ge=0)
    leave_year_starts: str = PydanticField(default="01-01", pattern=FIRST_DAY)
    full_week_hours: Decimal = PydanticField(default=Decimal(40), gt=0)
    notice_before_lapse_days: int = PydanticField(default=30, ge=0)
    managers_decide: bool = False


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


def of(session: Session) -> tuple[LeaveType, ...]:
    """The company's kinds of leave, or the usual seven where it has set none."""
    rows = policies.body(session, TIME_OFF).get("leave_type", [])
    return tuple(LeaveType.model_validate(each) for each in rows) or USUAL


def limits(session: Session) -> TimeOffLimits:
    """The limits on time off, as set."""
    set_now = policies.body(session, TIME_OFF)
    return TimeOffLimits.model_validate({name: set_now[name] for name in TimeOffLimits.model_fields if name in set_now})


def named(types: Iterable[LeaveType], name: str) -> LeaveType:
    """The kind of leave with this name; where there is none any more, one that keeps no balance."""
    title = name.replace("_", " ").capitalize()
    return next((each for each in types if each.name == name), LeaveType(name=name, title=title))
