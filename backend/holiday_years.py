"""The public holidays of a year, place by place, as HR confirms them: asked, confirmed or questioned, reminded."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend import calendars, events, people, timers
from backend.calendars import Part
from backend.people import LocalDay, Person, Place
from backend.refusals import Already, Refusal
from backend.store import Base, Moment, now

REMIND = "holidays.remind"
OPEN, CONFIRMED, QUESTIONED = "open", "confirmed", "questioned"
PAUSE = timedelta(days=7)
"""Until HR is reminded of a year that nobody has confirmed."""


class HolidayYear(Base):
    """What HR was asked about a year's holidays and said to them.

    shown    the digest of the holidays that they said it to; other ones have to be confirmed anew
    state    open, confirmed or questioned
    comment  what is to be different, where they questioned it
    """

    __tablename__ = "holiday_years"
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    shown: Mapped[str]
    state: Mapped[str] = mapped_column(default=OPEN)
    by_id: Mapped[int | None]
    comment: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(Moment)


Days = list[tuple[date, str, bool]]
"""Days off with their names, and whether only half of one is."""


def listed(session: Session, year: int) -> dict[str, Days]:
    """The days off of a year, by the name of each place where somebody works."""
    used = select(Place).where(Place.id.in_(select(Person.place_id))).order_by(Place.name)
    return {place.name: _days(session, place, year) for place in session.scalars(used)}


def digest(holidays: Mapping[str, Days]) -> str:
    """A short digest that tells these holidays from others."""
    rows = {name: [(day.isoformat(), title, half) for day, title, half in days] for name, days in holidays.items()}
    return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()[:16]


def state(session: Session, year: int) -> HolidayYear | None:
    """What was said to the holidays of a year as they stand now; None where nothing was, or to others."""
    row = session.get(HolidayYear, year)
    return row if row is not None and row.shown == digest(listed(session, year)) else None


def ask(session: Session, year: int) -> None:
    """HR is asked to confirm a year, and reminded until somebody has."""
    row = state(session, year)
    if row is not None and row.state == CONFIRMED:
        return
    _row(session, year, keep=row is not None)
    _remind_later(session, year)


def confirm(session: Session, year: int, *, shown: str, by: Person) -> None:
    """HR confirms the holidays of a year as they were shown; a Refusal unless HR does, Already if it was done."""
    _must_be_as_shown(session, year, shown=shown, by=by)
    row = _row(session, year, keep=False)
    row.state, row.by_id, row.at = CONFIRMED, by.id, now(session)
    timers.cancel(session, _subject(year))
    events.record(session, "holidays.confirmed", by=by, subject=_subject(year), detail={"year": year, "shown": shown})
    session.flush()


def question(session: Session, year: int, *, shown: str, comment: str, by: Person) -> None:
    """HR says what is to be different; admins change company.toml, and HR is asked again. A Refusal unless HR does."""
    _must_be_as_shown(session, year, shown=shown, by=by)
    comment = comment.strip()
    if not comment:
        raise Refusal("What should be different? A short sentence is enough.", field="comment")
    row = _row(session, year, keep=False)
    row.state, row.by_id, row.comment, row.at = QUESTIONED, by.id, comment[:1000], now(session)
    _remind_later(session, year)
    detail = {"year": year, "shown": shown, "comment": row.comment}
    events.record(session, "holidays.questioned", by=by, subject=_subject(year), detail=detail)
    session.flush()


def remind(session: Session, timer: timers.Timer) -> None:
    """Nobody has confirmed a year yet: HR is reminded, or the admins of what HR wants changed; and so on each week."""
    year = int(timer.subject.partition(":")[2])
    row = state(session, year)
    if row is not None and row.state == CONFIRMED:
        return
    _row(session, year, keep=row is not None)
    events.record(session, "holidays.reminded", by=None, subject=timer.subject, detail={"year": year})
    _remind_later(session, year)


def _must_be_as_shown(session: Session, year: int, *, shown: str, by: Person) -> None:
    if not people.has_role(by, "hr"):
        raise Refusal("Holidays are for HR to confirm, so nothing was changed.")
    if shown != digest(listed(session, year)):
        raise Already("The holidays of {year} were changed since you were shown this.", year=year)
    row = state(session, year)
    if row is not None and row.state == CONFIRMED:
        who = session.get_one(Person, row.by_id).name if row.by_id else ""
        raise Already("{who} confirmed the holidays of {year} already.", who=who, year=year)


def _row(session: Session, year: int, *, keep: bool) -> HolidayYear:
    """The row of a year, locked; said anew of the holidays as they stand unless it is to be kept."""
    locked = select(HolidayYear).where(HolidayYear.year == year).with_for_update()
    row = session.scalar(locked.execution_options(populate_existing=True))
    if row is None:
        row = HolidayYear(year=year, shown="", at=now(session))
        session.add(row)
    if not keep:
        row.shown, row.state, row.by_id, row.comment = digest(listed(session, year)), OPEN, None, ""
    session.flush()
    return row


def _remind_later(session: Session, year: int) -> None:
    due = now(session) + PAUSE
    hr = people.holders(session, "hr")
    if hr:
        due = calendars.next_at_work(session, hr[0], due)
    timers.set_timer(session, name=REMIND, subject=_subject(year), due_at=due)


def _subject(year: int) -> str:
    return f"holidays:{year}"


def _days(session: Session, place: Place, year: int) -> Days:
    public = calendars.public_holidays(place.country, place.region, year)
    out = {day: (day, name, False) for day, name in public.items()}
    own = select(LocalDay).where(
        LocalDay.place_id == place.id, LocalDay.day >= date(year, 1, 1), LocalDay.day <= date(year, 12, 31)
    )
    for each in session.scalars(own):
        if each.day not in out:
            out[each.day] = (each.day, each.name or place.name, each.part != Part.FULL)
    return [out[day] for day in sorted(out)]
