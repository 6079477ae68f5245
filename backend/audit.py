"""Proves the log: recomputes the chain and tells sound, erased lawfully and tampered apart, naming the first break."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import String, cast, exists, select
from sqlalchemy.orm import Session

from backend import events
from backend.events import GENESIS, Delivery, Detail, Event, EventPerson, Head
from backend.refusals import Refusal

ERASED = "details.erased"
"""The kind of event that makes the absence of details lawful; its own detail is never erased."""

MOST = 200
"""How many broken places are kept; the rest are counted."""

STEP = 2000


class Wrong(StrEnum):
    """What can be wrong with an entry."""

    CHANGED = "changed"
    MISSING = "missing"
    MOVED = "moved"
    REPLACED = "replaced"
    CUT = "cut off"
    HEAD = "head"
    DETAIL_CHANGED = "detail changed"
    DETAIL_MISSING = "detail missing"
    DETAIL_BACK = "detail back"
    REWRITTEN = "rewritten"
    LOOSE = "loose"


@dataclass(frozen=True)
class Broken:
    """One thing that is wrong with the log.

    seq   the entry; 0 where it is about no entry
    kind  and at: what the entry there says of itself, where there is one
    text  what is wrong, as the rest of a sentence that begins with the entry
    """

    seq: int
    wrong: Wrong
    text: str
    kind: str | None = None
    at: datetime | None = None

    def __str__(self) -> str:
        if not self.seq:
            return f"The log {self.text}."
        known = f" ({self.kind}, {self.at.isoformat() if self.at else 'no readable time'})" if self.kind else ""
        return f"Entry {self.seq}{known} {self.text}."


@dataclass(frozen=True)
class Erasure:
    """The details of so many entries were erased lawfully at a moment, as entry `seq` records."""

    seq: int
    at: datetime | None
    ranges: tuple[tuple[int, int], ...]

    @property
    def count(self) -> int:
        return sum(last - first + 1 for first, last in self.ranges)


@dataclass(frozen=True)
class Anchor:
    """An entry's number and digest as they were kept outside."""

    seq: int
    digest: str


@dataclass(frozen=True)
class Verdict:
    """What recomputing the chain found; `broken` is in the order of the log, `more` says how many are not listed."""

    entries: int
    seq: int
    digest: str
    broken: tuple[Broken, ...] = ()
    more: int = 0
    erasures: tuple[Erasure, ...] = ()
    anchors: int = 0

    @property
    def sound(self) -> bool:
        return not self.broken

    @property
    def first(self) -> Broken | None:
        """The first broken entry."""
        return self.broken[0] if self.broken else None

    def as_doc(self) -> dict[str, Any]:
        """The verdict as a JSON document."""
        return {
            "verdict": "tampered" if self.broken else "erased lawfully" if self.erasures else "sound",
            "entries": self.entries,
            "head": {"seq": self.seq, "digest": self.digest},
            "anchors": self.anchors,
            "erased": [{"seq": each.seq, "at": _iso(each.at), "entries": each.count} for each in self.erasures],
            "broken": [
                {"seq": each.seq, "wrong": each.wrong.value, "kind": each.kind, "at": _iso(each.at), "text": str(each)}
                for each in self.broken
            ],
            "more": self.more,
        }


def head(session: Session) -> dict[str, Any]:
    """The chain's newest entry as a document to keep elsewhere: seq, digest, time (None while the log is empty)."""
    row = session.scalar(select(Event).order_by(Event.seq.desc()).limit(1))
    if row is None:
        return {"seq": 0, "digest": GENESIS, "time": None}
    return {"seq": row.seq, "digest": row.digest, "time": row.at.isoformat()}


def anchors(text: str) -> list[Anchor]:
    """Reads the heads that were kept, one a line: as `audit head` printed them, or any line with number and digest.

    A Refusal names a line that holds none.
    """
    found: list[Anchor] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        pair = _pair(line)
        if pair is None:
            raise Refusal(
                "Line {number} of the anchor file has no entry number with its digest: keep what `audit head` prints.",
                number=number,
            )
        found.append(Anchor(*pair))
    if not found:
        raise Refusal("The anchor file is empty: keep what `audit head` prints in it.")
    return found


def verify(session: Session, *, against: list[Anchor] | None = None) -> Verdict:
    """Recomputes the chain from the first entry to the last, in one pass and with flat memory.

    against  heads kept outside; with them, a cut tail and a chain that was wholly rewritten are found too
    """
    found = _Found()
    erasures = _erasures(session)
    walk = _Walk(found, erasures, {each.seq: each.digest for each in against or []})
    for row in _rows(session):
        walk.take(row)
    walk.end(session.execute(select(Head.seq, Head.digest).where(Head.id == 1)).first())
    _references(session, found)
    broken = sorted(found.kept, key=lambda each: (each.seq == 0, each.seq, list(Wrong).index(each.wrong)))
    return Verdict(
        entries=walk.entries,
        seq=walk.last.seq if walk.last else 0,
        digest=walk.last.digest if walk.last else GENESIS,
        broken=tuple(broken),
        more=found.count - len(found.kept),
        erasures=tuple(each for each in erasures if each.ranges),
        anchors=len(against or []),
    )


@dataclass(slots=True)
class _Row:
    """An entry as it stands in the database, beside the detail that is there."""

    seq: int
    id: str
    kind: str
    at: datetime | None
    actor_id: int | None
    for_id: int | None
    subject: str
    detail_digest: str
    previous: str
    digest: str
    salt: str | None
    body: str | None

    def computed(self, **other: Any) -> str:
        """The digest that this entry should have, with some of it replaced; "" if it cannot be computed."""
        parts: dict[str, Any] = {
            "seq": self.seq,
            "id": self.id,
            "kind": self.kind,
            "at": self.at,
            "actor_id": self.actor_id,
            "for_id": self.for_id,
            "subject": self.subject,
            "detail": self.detail_digest,
            "previous": self.previous,
        }
        try:
            return events.entry_digest(**{**parts, **other})
        except (TypeError, AttributeError):  # somebody put a thing there that is no text, number or time
            return ""

    def detail_now(self) -> str:
        """The digest of the detail that is there."""
        return events.detail_digest(str(self.salt), str(self.body))


@dataclass
class _Found:
    kept: list[Broken] = field(default_factory=list[Broken])
    count: int = 0

    def add(self, seq: int, wrong: Wrong, text: str, row: "_Row | None" = None) -> None:
        self.count += 1
        if len(self.kept) < MOST or wrong in (Wrong.CHANGED, Wrong.MOVED):
            self.kept.append(Broken(seq, wrong, text, row.kind if row else None, row.at if row else None))


class _Walk:
    """Goes along the chain, keeping the last entry and what cannot be judged before the next one is seen."""

    def __init__(self, found: _Found, erasures: list[Erasure], against: Mapping[int, str]) -> None:
        self.found = found
        self.entries = 0
        self.last: _Row | None = None
        self._last_sound = True
        self._suspect: tuple[_Row, str] | None = None
        self._unlike: list[tuple[_Row, _Row | None]] = []
        self._against = dict(against)
        self._good_anchor = 0
        self._ranges = sorted((first, last, each.seq, each) for each in erasures for first, last in each.ranges)
        self._next_range = 0
        self._open: list[tuple[int, int, int, Erasure]] = []

    def take(self, row: _Row) -> None:
        self.entries += 1
        expected = self.last.seq + 1 if self.last else 1
        gap = row.seq != expected
        if row.seq > expected:
            self.found.add(expected, Wrong.MISSING, _missing(expected, row.seq - 1))
        sound = row.computed() == row.digest
        if not sound:
            self._unlike_itself(row)
        elif not gap:
            self._link(row)
        if gap or not sound or self._linked(row):
            self._settle_suspect()
        self._detail(row, sound=sound)
        self._anchor(row, sound=sound)
        self.last, self._last_sound = row, sound

    def end(self, newest: Any) -> None:
        self._settle_suspect()
        for row, before in self._unlike:
            wrong, text = self._why(row, before)
            self.found.add(row.seq, wrong, text, row)
        self._head(newest)
        last = self.last.seq if self.last else 0
        for seq in sorted(self._against):
            if seq > last:
                text = f"is missing: the log was cut off after entry {last}, though an anchor was kept of entry {seq}"
                self.found.add(last + 1, Wrong.CUT, text)
                break

    def _linked(self, row: _Row) -> bool:
        return row.previous == (self.last.digest if self.last else GENESIS)

    def _link(self, row: _Row) -> None:
        """Both entries are what their digests say, and yet the later does not follow the earlier: one was replaced."""
        if self._linked(row) or not self._last_sound:
            return
        if self.last is None:
            self.found.add(row.seq, Wrong.REPLACED, "was replaced: the first entry follows nothing", row)
        elif self._suspect is not None:  # the one between two breaks is the odd one
            self._suspect = None
            self.found.add(self.last.seq, Wrong.REPLACED, "was replaced: it fits neither neighbour", self.last)
        else:
            self._suspect = (self.last, f"was replaced: entry {row.seq} follows another one")

    def _settle_suspect(self) -> None:
        if self._suspect is not None:
            row, text = self._suspect
            self.found.add(row.seq, Wrong.REPLACED, text, row)
            self._suspect = None

    def _unlike_itself(self, row: _Row) -> None:
        if len(self._unlike) < MOST:
            self._unlike.append((row, self.last))
        else:
            self.found.count += 1

    def _why(self, row: _Row, before: _Row | None) -> tuple[Wrong, str]:
        near = [row.seq + by for by in (-2, -1, 1, 2)]
        for seq in dict.fromkeys([*near, *(other.seq for other, _ in self._unlike)]):
            if seq != row.seq and row.computed(seq=seq) == row.digest:
                return Wrong.MOVED, f"was moved: what stands there is entry {seq}"
        if row.computed(previous=before.digest if before else GENESIS) == row.digest:
            return Wrong.CHANGED, "was changed: its link to the entry before it"
        if row.salt is not None and row.computed(detail=row.detail_now()) == row.digest:
            return Wrong.CHANGED, "was changed: the digest of its detail"
        return Wrong.CHANGED, "was changed"

    def _detail(self, row: _Row, *, sound: bool) -> None:
        lawful = self._erased(row.seq)
        if row.salt is None or row.body is None:
            if lawful is None or row.kind == ERASED:
                self.found.add(row.seq, Wrong.DETAIL_MISSING, "lacks its detail, and no erasure lists it", row)
        elif not sound:
            pass  # it is named already, and its detail cannot be judged by a digest that may be forged
        elif row.detail_now() != row.detail_digest:
            self.found.add(row.seq, Wrong.DETAIL_CHANGED, "is not as it was written: its detail was changed", row)
        elif lawful is not None and row.kind != ERASED:
            text = f"has its detail back, which was erased (entry {lawful.seq})"
            self.found.add(row.seq, Wrong.DETAIL_BACK, text, row)

    def _erased(self, seq: int) -> Erasure | None:
        while self._next_range < len(self._ranges) and self._ranges[self._next_range][0] <= seq:
            self._open.append(self._ranges[self._next_range])
            self._next_range += 1
        if self._open:
            self._open = [each for each in self._open if each[1] >= seq]
        return next((each[3] for each in self._open if each[2] > seq), None)

    def _anchor(self, row: _Row, *, sound: bool) -> None:
        wanted = self._against.pop(row.seq, None)
        if wanted is None:
            return
        if wanted == row.digest and sound:
            self._good_anchor = row.seq
        elif wanted != row.digest:
            since = f"after entry {self._good_anchor}" if self._good_anchor else "from the beginning"
            text = f"is not the entry that the anchor was kept of: the log was rewritten somewhere {since} up to here"
            self.found.add(row.seq, Wrong.REWRITTEN, text, row)

    def _head(self, newest: Any) -> None:
        last = self.last
        if newest is None:
            if last is not None:
                text = "is the last, but the row that keeps the newest entry is gone: the log may have been cut here"
                self.found.add(last.seq, Wrong.HEAD, text, last)
            return
        seq, digest = newest
        if seq > (last.seq if last else 0):
            self.found.add((last.seq if last else 0) + 1, Wrong.CUT, _missing((last.seq if last else 0) + 1, seq))
        elif last is not None and seq < last.seq:
            self.found.add(seq + 1, Wrong.HEAD, f"was not written by Backdesk: the newest entry it knows is {seq}")
        elif last is not None and digest != last.digest:
            text = "is not the entry that was newest: the row that keeps the newest one differs"
            self.found.add(last.seq, Wrong.HEAD, text, last)


def _rows(session: Session) -> Iterator[_Row]:
    """Every entry with its detail, in order; times are read leniently, so that a spoilt one is found, not raised."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    at: Any = cast(Event.at, String) if sqlite else Event.at
    columns = [Event.seq, Event.id, Event.kind, at, Event.actor_id, Event.for_id, Event.subject]
    wanted = select(*columns, Event.detail_digest, Event.previous, Event.digest, Detail.salt, Detail.body)
    wanted = wanted.outerjoin(Detail, Detail.event_seq == Event.seq).order_by(Event.seq)
    found: Any = session.execute(wanted.execution_options(yield_per=STEP))
    for seq, id_, kind, when, *rest in found:
        yield _Row(seq, id_, kind, _moment(when) if sqlite else when, *rest)


def _erasures(session: Session) -> list[Erasure]:
    """The erasures on record whose own detail is as it was written, oldest first."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    at: Any = cast(Event.at, String) if sqlite else Event.at
    wanted = select(Event.seq, at, Event.detail_digest, Detail.salt, Detail.body)
    wanted = wanted.join(Detail, Detail.event_seq == Event.seq).where(Event.kind == ERASED).order_by(Event.seq)
    out: list[Erasure] = []
    for seq, when, digest, salt, body in session.execute(wanted):
        if events.detail_digest(salt, body) == digest:
            ranges = tuple((int(first), int(last)) for first, last in json.loads(body).get("ranges", []))
            out.append(Erasure(seq, _moment(when) if sqlite else when, ranges))
    return out


def _references(session: Session, found: _Found) -> None:
    """Names what points to entries that are not there."""
    loose = select(Detail.event_seq).where(~exists().where(Event.seq == Detail.event_seq)).order_by(Detail.event_seq)
    for seq in session.scalars(loose.limit(MOST)):
        found.add(seq, Wrong.LOOSE, "is not there, but its detail is")
    for what, column in (("people", EventPerson.event_id), ("deliveries", Delivery.event_id)):
        ids = select(column).where(~exists().where(Event.id == column)).distinct().order_by(column)
        for event_id in session.scalars(ids.limit(MOST)):
            found.add(0, Wrong.LOOSE, f"has {what} of the event {event_id}, which is not there")


def _missing(first: int, last: int) -> str:
    return "is missing" if first == last else f"is missing, and so are all up to entry {last}"


def _moment(text: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _pair(line: str) -> tuple[int, str] | None:
    try:
        document = json.loads(line)
        return int(document["seq"]), str(document["digest"])
    except (ValueError, TypeError, KeyError):
        found = re.search(r"(?<![0-9a-f])(\d+)\b.*?\b([0-9a-f]{64})\b", line)
        return (int(found.group(1)), found.group(2)) if found else None


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
