"""Calendar files (RFC 5545): what somebody puts into their own calendar once their leave is approved."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from backend.calendars import Part
from backend.leave import Taken
from backend.people import WEEKDAYS, Person

WIDEST = 75
"""Bytes of one line; what is longer goes on in the next, after a space."""
NINE = time(9)
"""When work begins, as far as is known."""


@dataclass(frozen=True)
class Entry:
    """One thing in a calendar: whole days or from one moment (aware) to another; the end is no longer part of it."""

    uid: str
    title: str
    start: date
    end: date


def written(entries: Iterable[Entry], *, made: datetime) -> bytes:
    """The file that holds these entries; `made` is when it was written, aware."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Backdesk//Backdesk//EN", "METHOD:PUBLISH"]
    for each in entries:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{each.uid}",
            f"DTSTAMP:{_moment(made)}",
            f"DTSTART{_when(each.start)}",
            f"DTEND{_when(each.end)}",
            f"SUMMARY:{_text(each.title)}",
            "TRANSP:OPAQUE",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return b"".join(_folded(each) for each in lines)


def leave(person: Person, taken: Iterable[Taken], *, uid: str, title: str) -> list[Entry]:
    """Leave as entries: days in a row are one; a half stands in the person's own hours, which begin at nine."""
    out: list[Entry] = []
    for each in taken:
        number = f"{uid}-{each.day:%Y%m%d}@backdesk"
        if each.part == Part.FULL:
            after = each.day + timedelta(days=1)
            if out and out[-1].end == each.day and not isinstance(out[-1].end, datetime):
                out[-1] = replace(out[-1], end=after)
            else:
                out.append(Entry(number, title, each.day, after))
            continue
        half = timedelta(hours=float(person.work_week.get(WEEKDAYS[each.day.weekday()]) or 8)) / 2
        start = datetime.combine(each.day, NINE, tzinfo=ZoneInfo(person.place.timezone))
        start += half if each.part == Part.PM else timedelta()
        out.append(Entry(number, title, start, start + half))
    return out


def _when(at: date) -> str:
    return f":{_moment(at)}" if isinstance(at, datetime) else f";VALUE=DATE:{at:%Y%m%d}"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return "\\n".join(text.splitlines())


def _folded(line: str) -> bytes:
    """A line with its end, cut where it is too long and between characters."""
    out, width = b"", 0
    for each in line:
        raw = each.encode()
        if width + len(raw) > WIDEST:
            out, width = out + b"\r\n ", 1
        out, width = out + raw, width + len(raw)
    return out + b"\r\n"
