"""Scheduled posts: what is told by itself, to whom, and when by a cron line. Each has one timer."""

import re
from collections.abc import Container, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, field_validator, model_validator
from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend import events, people, timers
from backend.people import Person
from backend.store import Base, Moment, now

DUE = "post.due"
EVERYONE = "everyone"
CHANNELS = ("slack", "telegram")
"""Platforms whose channels may be named by their own id, as in telegram:-1001234."""

ROLES = ("hr", "finance", "admin", "manager")
"""Roles that a post may go to though nobody holds them yet."""

BY_NAME = ("slack", "script", "memory")
"""Channels in which a team's channel is known by its name, #general."""

LEAST_PAUSE = timedelta(hours=1)
NEVER = timedelta(days=3650)


_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DAYS = "mon|tue|wed|thu|fri|sat|sun"
CRON = re.compile(rf"[\d*,/-]+ [\d*,/-]+ [\d*,/l-]+ (?:[\d*,/-]|{_MONTHS})+ (?:[\d*,/#l-]|{_DAYS})+")
"""Five fields; what croniter reads besides, such as seconds and times by chance, is for no post."""


class What(StrEnum):
    """What is told: each is a file in tools/ called post_<name>.py."""

    WHO_IS_OUT = "who_is_out"
    WAITING = "waiting"
    LAPSING = "lapsing"
    BUDGETS = "budgets"
    HOLIDAYS = "holidays"
    REPORT = "report"


FOR_TEAMS = frozenset({What.WHO_IS_OUT, What.BUDGETS, What.REPORT})
"""What may be told in a channel that a team reads; budgets only where `show_amounts` says so."""

EACH_THEIR_OWN = frozenset({What.WAITING, What.LAPSING})
"""What differs from reader to reader: only these may go to everyone."""


class PostRow(BaseModel):
    """A [[post]] of company.toml.

    what          which post: who_is_out, waiting, lapsing, budgets, holidays or report
    to            "#general" (a channel that a team reads), a handle, a role, or "everyone"
    at            a cron line: minute, hour, day, month, weekday
    timezone      where that is; default: the company's
    team          only about people of this team; to everyone: only to them
    show_amounts  a channel that a team reads may see amounts of money
    """

    model_config = ConfigDict(extra="ignore", frozen=True)
    what: What
    to: str
    at: str
    timezone: str = ""
    team: str = ""
    show_amounts: bool = False

    @field_validator("what", mode="before")
    @classmethod
    def _what(cls, value: Any) -> Any:
        if value not in [each.value for each in What]:
            raise ValueError(f"'{value}' is not one of {', '.join(each.value for each in What)}")
        return value

    @field_validator("at")
    @classmethod
    def _at(cls, value: str) -> str:
        line = " ".join(value.split()).lower()
        first = _next(line, datetime(2026, 1, 1, tzinfo=UTC)) if CRON.fullmatch(line) else None
        if first is None:
            raise ValueError(
                f"'{value}' is no cron line; write minute, hour, day, month and weekday, like \"0 9 * * mon\""
            )
        for _ in range(5):
            second = _next(line, first) or first + LEAST_PAUSE
            if second - first < LEAST_PAUSE:
                raise ValueError(f"'{value}' is more often than once an hour")
            first = second
        return line

    @field_validator("timezone")
    @classmethod
    def _timezone(cls, value: str) -> str:
        try:
            return value if not value else ZoneInfo(value).key
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"'{value}' is not a time zone; write it like Europe/Madrid") from error

    @model_validator(mode="after")
    def _may_go_there(self) -> "PostRow":
        if not self.to.strip():
            raise ValueError('to: say to whom, such as "#general", a handle or a role')
        if for_team(self.to) and self.what not in FOR_TEAMS:
            raise ValueError(f"{self.what.value} is for people, not for a channel that a team reads")
        if for_team(self.to) and self.what is What.BUDGETS and not self.show_amounts:
            raise ValueError(
                f"{self.to} would see amounts of money; write show_amounts = true if it may, or send it to finance"
            )
        if self.to == EVERYONE and self.what not in EACH_THEIR_OWN:
            own = " and ".join(sorted(each.value for each in EACH_THEIR_OWN))
            raise ValueError(f"only {own} go to everyone; send this to a channel, a role or a handle")
        return self


class ScheduledPost(Base):
    """A [[post]] as it was loaded; `cron` is its line, `timezone` where that is. Its timer says when it is due."""

    __tablename__ = "scheduled_posts"
    id: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[str]
    to_whom: Mapped[str]
    cron: Mapped[str]
    timezone: Mapped[str]
    team: Mapped[str] = mapped_column(default="")
    show_amounts: Mapped[bool] = mapped_column(default=False)
    last_at: Mapped[datetime | None] = mapped_column(Moment)

    @property
    def subject(self) -> str:
        return f"post:{self.id}"

    @property
    def key(self) -> tuple[str, str, str, str, str, bool]:
        """What makes it another post when it changes."""
        return self.what, self.to_whom, self.cron, self.timezone, self.team, self.show_amounts


def for_team(to: str) -> bool:
    """True if a post goes to a channel that a team reads."""
    return to.startswith("#") or to.partition(":")[0] in CHANNELS


def channels(to: str, among: Iterable[str]) -> list[tuple[str, str]]:
    """Where a post to a team's channel goes, as (channel, its name or id there), of those that are in use."""
    platform, _, rest = to.partition(":")
    if platform in CHANNELS:
        return [(each, rest) for each in among if each == platform]
    return [(each, to) for each in among if each in BY_NAME]


def unheard(session: Session, among: Iterable[str]) -> list[str]:
    """The posts that reach nobody, a line each: no channel in use has teams' channels, or nobody is who it goes to."""
    known, out = list(among), list[str]()
    for row in all_of(session):
        if for_team(row.to_whom) and not channels(row.to_whom, known):
            out.append(f"{row.what} to {row.to_whom} (no channel for teams is connected)")
        elif not for_team(row.to_whom) and not readers(session, row):
            out.append(f"{row.what} to {row.to_whom} (nobody who works here)")
    return out


def unknown(
    file: Path,
    rows: Sequence[PostRow],
    *,
    handles: Container[str],
    roles: Container[str],
    teams: Container[str],
    notes: list[str],
) -> list[str]:
    """A problem, with its line, for each post that goes to nobody; what is only worth knowing is added to `notes`.

    handles, roles, teams  those of the company, in small letters
    """
    from backend import charter

    problems: list[str] = []
    text = file.read_text(encoding="utf-8-sig") if rows else ""
    for number, row in enumerate(rows, start=1):
        line = charter.line_of(text, table="post", number=number)
        where = f"{file.name} line {line} [[post]]" if line else f"{file.name} [[post]]"
        word = row.to.casefold()
        if not for_team(row.to) and word not in (EVERYONE, *ROLES) and word not in handles and word not in roles:
            problems.append(f"{where}: to: '{row.to}' is no handle, no role that anybody has, and no #channel")
        elif word in ROLES and word != "manager" and word not in roles:
            notes.append(f"{where}: nobody has the role {word} yet, so {row.what.value} goes to nobody")
        if row.team and row.team.casefold() not in teams:
            notes.append(f"{where}: there is nobody in a team called '{row.team}'")
    return problems


def set_all(session: Session, rows: Sequence[PostRow], *, by: Person | None) -> list[str]:
    """Makes the scheduled posts as company.toml says, each with its timer. Returns what changed, in words."""
    zone = people.company(session).timezone
    here = {each.key: each for each in all_of(session)}
    wanted = {
        (each.what.value, each.to, each.at, each.timezone or zone, each.team, each.show_amounts): each for each in rows
    }
    changed: list[str] = []
    for key in here.keys() - wanted.keys():
        gone = here[key]
        timers.cancel(session, gone.subject)
        changed.append(f"post {gone.what} to {gone.to_whom} no longer")
        session.delete(gone)
    for key in wanted:
        if key not in here:
            what, to_whom, cron, timezone, team, show_amounts = key
            row = ScheduledPost(
                what=what, to_whom=to_whom, cron=cron, timezone=timezone, team=team, show_amounts=show_amounts
            )
            session.add(row)
            session.flush()
            _set_timer(session, row)
            changed.append(f"post {what} to {to_whom}")
    if changed:
        events.record(session, "posts.changed", by=by, subject="company:1", detail={"changed": sorted(changed)})
    session.flush()
    return sorted(changed)


def all_of(session: Session) -> list[ScheduledPost]:
    """Every scheduled post, in the order in which they were loaded."""
    return list(session.scalars(select(ScheduledPost).order_by(ScheduledPost.id)))


def issue(session: Session, timer: timers.Timer) -> None:
    """A scheduled post is due: it goes out once, however late, and its timer is set for the time after now."""
    row = session.get(ScheduledPost, int(timer.subject.partition(":")[2]))
    if row is None:
        return
    row.last_at = now(session)
    events.record(
        session,
        "post.issued",
        by=None,
        subject=row.subject,
        detail={"what": row.what, "to": row.to_whom, "due": timer.due_at.isoformat()},
    )
    _set_timer(session, row)


def readers(session: Session, row: ScheduledPost) -> list[Person]:
    """The people whom a post is for, by handle; none where it goes to a channel."""
    word = row.to_whom.casefold()
    here = people.everybody(session)
    if word == EVERYONE:
        return [each for each in here if not row.team or each.team.casefold() == row.team.casefold()]
    if for_team(row.to_whom):
        return []
    if word == "manager":
        above = {each.id for person in here if (each := people.manager_of(session, person)) is not None}
        return [each for each in here if each.id in above]
    return [each for each in here if each.handle.casefold() == word] or people.holders(session, word)


def reads(session: Session, row: ScheduledPost, person: Person) -> bool:
    """Whether somebody is one of the readers of a post."""
    word = row.to_whom.casefold()
    if not people.works_here(session, person):
        return False
    if word == EVERYONE:
        return not row.team or person.team.casefold() == row.team.casefold()
    if word == "manager":
        return session.scalar(select(Person.id).where(Person.manager_id == person.id).limit(1)) is not None
    return person in readers(session, row)


def next_time(row: ScheduledPost, after: datetime) -> datetime:
    """When a post is due next after a moment, aware; far in the future where its line never comes again."""
    zone = ZoneInfo(row.timezone)
    local = after.astimezone(zone).replace(tzinfo=None)
    while (found := _next(row.cron, local)) is not None:
        if (moment := found.replace(tzinfo=zone).astimezone(UTC)) > after:
            return moment
        local = found
    return after + NEVER


def time_before(row: ScheduledPost, due: datetime) -> datetime:
    """When a post was due before that, aware, by its line."""
    zone = ZoneInfo(row.timezone)
    local = due.astimezone(zone).replace(tzinfo=None)
    return _cron(row.cron, local).get_prev(datetime).replace(tzinfo=zone)


def forget(session: Session, handle: str) -> None:
    """Deletes the posts to somebody, with their timers."""
    for row in all_of(session):
        if row.to_whom.casefold() == handle.casefold():
            timers.cancel(session, row.subject)
            session.execute(delete(ScheduledPost).where(ScheduledPost.id == row.id))


def _set_timer(session: Session, row: ScheduledPost) -> None:
    timers.set_timer(session, name=DUE, subject=row.subject, due_at=next_time(row, now(session)))


def _next(line: str, after: datetime) -> datetime | None:
    """The next time by a cron line, without a time zone; None where the line is none, or never comes."""
    try:
        return _cron(line, after).get_next(datetime)
    except (ValueError, KeyError):
        return None


def _cron(line: str, at: datetime) -> Any:
    from croniter import croniter

    return croniter(line, at)
