"""Drafts: what somebody is about to do, kept as a row until they press Send or Discard. They commit nothing."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import ForeignKey, UniqueConstraint, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend import doubts, filing, for_others, requests
from backend.desk import Desk
from backend.forms import LONGEST_TEXT, Blank, Widget, as_lines, of_our_time, plain
from backend.kinds import Kind, kinds_of
from backend.people import Person
from backend.refusals import Already, Refusal
from backend.store import Base, Doc, Moment, now


class Act(StrEnum):
    """What a draft is a draft of."""

    SUBMIT = "submit"
    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    STAND_IN = "stand_in"
    AMEND = "amend"
    LOWER = "lower"
    SEND_BACK = "send_back"
    ANSWER = "answer"
    UNDO = "undo"
    SNOOZE = "snooze"
    NUDGE = "nudge"
    ASSIST = "assist"
    UNASSIST = "unassist"
    CORRECT = "correct"


class Draft(Base):
    """Something that one person is about to do, as far as they have said it.

    values   for Act.SUBMIT and Act.AMEND the form's fields; otherwise what the act needs (comment; who, start, end)
    about    the requests it acts on, by number; candidates are those that may be meant while that is open
    seen     how those requests stood when the person was last shown this draft
    for_id   whose request it would become, where that is not its owner's
    turn     grows each time the person works on it: the highest is what they work on now
    origin   the event that began it and which of that event's it is: the same message heard twice makes one draft
    asked    what the person is being asked for now: field names, "confirm", "comment"
    doubts   what was read from files and may be wrong: by file, by field, what it may be (backend/doubts.py)
    """

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("origin", "nth"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    act: Mapped[str]
    kind: Mapped[str | None]
    values: Mapped[dict[str, Any]] = mapped_column(Doc, default=dict)
    lines: Mapped[list[dict[str, Any]]] = mapped_column(Doc, default=list)
    about: Mapped[list[int]] = mapped_column(Doc, default=list)
    candidates: Mapped[list[int]] = mapped_column(Doc, default=list)
    seen: Mapped[dict[str, Any] | None] = mapped_column(Doc)
    for_id: Mapped[int | None]
    turn: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(default="open")
    origin: Mapped[str]
    nth: Mapped[int] = mapped_column(default=0)
    asked: Mapped[list[str]] = mapped_column(Doc, default=list)
    doubts: Mapped[dict[str, dict[str, list[str]]]] = mapped_column(Doc, default=dict, server_default="{}")
    changed_at: Mapped[datetime] = mapped_column(Moment)


def draft(
    session: Session,
    person: Person,
    *,
    act: Act,
    origin: str,
    nth: int = 0,
    kind: str | None = None,
    values: Mapping[str, Any] | None = None,
    lines: Sequence[Mapping[str, Any]] = (),
    about: Sequence[int] = (),
    candidates: Sequence[int] = (),
    requester: Person | None = None,
) -> Draft:
    """Begins a draft, or finds the one that the same event began. What cannot be read is left out.

    requester  for whom it is written, where that is somebody else
    """
    found = session.scalar(select(Draft).where(Draft.origin == origin, Draft.nth == nth))
    if found is not None:
        return found
    made = Draft(
        person_id=person.id,
        act=act.value,
        kind=kind,
        origin=origin,
        nth=nth,
        about=list(about),
        candidates=list(candidates),
        for_id=requester.id if requester is not None and requester.id != person.id else None,
        changed_at=now(session),
    )
    if kind and act in FORMS:
        of_kind, desk = kinds_of(session)[kind], desk_of(made, session)
        own, of_line = of_kind.split(values or {})
        made.values = _read(of_kind, desk, {}, own)
        made.lines, _ = _read_lines(of_kind, lines or [{}])
        made.lines, _ = _put(of_kind, made.lines, of_line)
        made.lines = _fill_lines(of_kind, desk, made.lines)
    else:
        made.values, _ = _read_act(act, values or {})
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:  # the same event, being done by another process at this moment
        return session.scalars(select(Draft).where(Draft.origin == origin, Draft.nth == nth)).one()
    touch(made, session)
    return made


def amendment(session: Session, person: Person, *, request: requests.Request, origin: str, nth: int = 0) -> Draft:
    """Begins a draft of a change to a request, as that reads now, or finds the open one; a Refusal says why not."""
    filing.must_be_open(request, session, by=person)
    for each in all_open(session, person):
        if each.act == Act.AMEND and each.about == [request.number]:
            touch(each, session)
            return each
    form, lines = requests.forms_of(kinds_of(session)[request.kind], request)
    return draft(
        session,
        person,
        act=Act.AMEND,
        origin=origin,
        nth=nth,
        kind=request.kind,
        values=plain(form.model_dump(exclude_none=True)),
        lines=[plain(each.model_dump(exclude_none=True)) for each in lines],
        about=[request.number],
    )


def await_answer(session: Session, person: Person, *, number: int, question: int) -> Draft:
    """The draft of an answer to a question about a request: what the person works on, unless that is something else.

    What they began before and have touched lately stays first.
    """
    before = current(session, person)
    busy = before is not None and now(session) - before.changed_at < FRESH
    made = draft(session, person, act=Act.ANSWER, origin=f"question:{question}", about=[number])
    made.state = "open"
    if not made.values.get("comment"):
        made.asked = ["comment"]
    touch(made, session)
    if before is not None and busy:
        before.turn = made.turn + 1
    session.flush()
    return made


def change(
    draft: Draft,
    session: Session,
    *,
    values: Mapping[str, Any],
    lines: Sequence[Mapping[str, Any]] | None = None,
    by: Person,
    line: int | None = None,
) -> dict[str, str]:
    """Puts new values into an open draft; None or "" empties a field. Returns what was wrong, by field.

    line  which line values that only lines have belong to, from 1; left out: the only one, the first that has to have
          them and does not, the one in doubt about them, or the first that misses them
    """
    check(draft, by=by)
    wrong: dict[str, str] = {}
    if draft.act in FORMS:
        kind, desk = kinds_of(session)[draft.kind or ""], desk_of(draft, session)
        own, of_line = kind.split(values)
        _, wrong = kind.read(own)
        good = {name: value for name, value in own.items() if name not in wrong}
        draft.values = _read(kind, desk, draft.values, good)
        kept = draft.lines
        if lines is not None:
            kept, bad = _read_lines(kind, lines)
            wrong |= bad
        into = _asked_lines(draft, session) if lines is None else {}
        into = dict.fromkeys(of_line, line) if line is not None else into
        kept, bad = _put(kind, kept, of_line, into=into)
        draft.lines, wrong = _fill_lines(kind, desk, kept), wrong | bad
        if lines is not None:  # the whole form was before them
            draft.doubts = {}
        for name in set(of_line) - set(wrong):
            doubts.settle(draft, session, names=[name], line=into.get(name))
    else:
        read, wrong = _read_act(Act(draft.act), values)
        draft.values = {**draft.values, **read}
    touch(draft, session)
    return wrong


def add_lines(draft: Draft, session: Session, lines: Sequence[Mapping[str, Any]]) -> None:
    """Puts more lines at the end of an open draft; one that holds nothing yet gives way."""
    kind, desk = kinds_of(session)[draft.kind or ""], desk_of(draft, session)
    more, _ = _read_lines(kind, lines)
    draft.lines = _fill_lines(kind, desk, [*(each for each in draft.lines if each), *more])
    touch(draft, session)


def with_more(draft: Draft, session: Session, more: Any) -> Any:
    """The lines of a draft with one more, or more; the first goes into the only line there is while that has no price.

    What is no line is handed back as it came: change() says what is wrong with it.
    """
    added = as_lines([more]) or as_lines(more)
    if not added:
        return more
    kind = kinds_of(session)[draft.kind or ""]
    money = [each.name for each in kind.blanks(line=True) if each.widget is Widget.MONEY and not each.free_text]
    lines = [dict(each) for each in draft.lines]
    if len(lines) == 1 and not any(lines[0].get(name) for name in money) and any(map(added[0].get, money)):
        return [{**lines[0], **added[0]}, *added[1:]]
    return [*lines, *added]


def check(draft: Draft, *, by: Person) -> None:
    """A Refusal unless the draft is open and this person's."""
    _must_be_open(draft)
    _must_be_theirs(draft, by)


def choose(draft: Draft, session: Session, *, numbers: Sequence[int], by: Person) -> None:
    """Settles which requests an act is about, where several could be meant."""
    _must_be_open(draft)
    _must_be_theirs(draft, by)
    if not numbers or not set(numbers) <= {*draft.candidates, *draft.about}:
        raise Refusal("That was not one of the choices.")
    draft.about = list(numbers)
    draft.changed_at = now(session)
    session.flush()


def touch(draft: Draft, session: Session) -> None:
    """Makes a draft the one that the person is working on."""
    draft.changed_at = now(session)
    draft.turn = (session.scalar(select(func.max(Draft.turn)).where(Draft.person_id == draft.person_id)) or 0) + 1
    session.flush()


def discard(draft: Draft, session: Session, *, by: Person) -> None:
    """Throws an open draft away."""
    _must_be_open(draft)
    _must_be_theirs(draft, by)
    draft.state = "discarded"
    draft.changed_at = now(session)


def asked_in(draft: Draft, session: Session, name: str) -> int | None:
    """The line that a missing field is asked for in, from 1; None: it is asked for once, for the form or every line."""
    kind = kinds_of(session)[draft.kind or ""]
    lack = [nth for nth, each in enumerate(draft.lines, start=1) if each.get(name) in (None, "")]
    of_line = kind.split({name: None})[1]
    if not of_line or not lack or len(draft.lines) < 2:
        return None
    return None if name in _days_of(kind) and len(lack) == len(draft.lines) else lack[0]


def _asked_lines(draft: Draft, session: Session) -> dict[str, int]:
    """The line that each field is asked for in, where it is missing or in doubt."""
    doubted = {each.blank.name: each.line for each in reversed(doubts.of(draft, session))}
    lacking = {each.name: asked_in(draft, session, each.name) for each in missing(draft, session)}
    return doubted | {name: line for name, line in lacking.items() if line is not None}


def _days_of(kind: Kind[Any]) -> frozenset[str]:
    """The days that each line has to have: what is said once is that of every line without one."""
    return frozenset(each.name for each in kind.blanks(line=True) if each.widget is Widget.DATE and each.required)


def missing(draft: Draft, session: Session) -> list[Blank]:
    """The required fields that are still to be said, in the order they are asked."""
    if draft.act not in FORMS:
        return []
    kind, desk = kinds_of(session)[draft.kind or ""], desk_of(draft, session)
    follows = kind.follows(draft.values)
    out = [each for each in _unfilled(kind.blanks(desk), draft.values) if each.name not in follows]
    for line in draft.lines or ([{}] if kind.line else []):
        follows = kind.follows_line(line)
        blanks = {each.name: each for each in kind.blanks(desk, line=True)}
        unfilled = [each for each in _unfilled(list(blanks.values()), line) if each.name not in follows]
        out += [blanks[kind.asks_instead(each.name, line)] for each in unfilled if each not in out]
    return out


def desk_of(draft: Draft, session: Session) -> Desk:
    """The desk of whom a draft of a form is for: its owner, or whose request it would change."""
    kind = kinds_of(session)[draft.kind or ""]
    if draft.act == Act.AMEND:
        request = session.get_one(requests.Request, draft.about[0])
        return Desk(session, request.person, kind, changing=request.number)
    return Desk(session, requester_of(draft, session), kind)


def requester_of(draft: Draft, session: Session) -> Person:
    """Whose request a draft would become: its owner's, or that of whom it is written for."""
    return session.get_one(Person, draft.for_id or draft.person_id)


def look(draft: Draft, session: Session) -> None:
    """Notes how the requests that a draft is about stand, as its owner is shown it now."""
    draft.seen = {str(number): _stands(session, number) for number in draft.about}
    session.flush()


def moved(draft: Draft, session: Session, *, decided: bool = True) -> list[int]:
    """The requests that were changed (or, if `decided`, decided) since the owner was last shown this draft."""
    out: list[int] = []
    for number in draft.about if draft.seen else ():
        version, state = (draft.seen or {}).get(str(number), _stands(session, number))
        now_version, now_state = _stands(session, number)
        if version != now_version or (decided and state != now_state):
            out.append(number)
    return out


def _stands(session: Session, number: int) -> list[Any]:
    request = session.get_one(requests.Request, number)
    return [request.version, request.state]


def current(session: Session, person: Person) -> Draft | None:
    """The open draft that the person worked on last."""
    return next(iter(all_open(session, person)), None)


def all_open(session: Session, person: Person) -> list[Draft]:
    """The person's open drafts, the one worked on last first."""
    found = session.scalars(_open_drafts(person))
    return [each for each in found if each.act != Act.ANSWER or _is_asked(session, each)]


def forget_all(session: Session) -> None:
    """Discards every open draft of everybody; what is on record stays."""
    for each in session.scalars(select(Draft).where(Draft.state == "open")):
        each.state = "discarded"


def send(draft: Draft, session: Session, *, by: Person) -> requests.Request:
    """Turns a finished draft of a request into the request itself. Called by a press, never by a tool."""
    locked = select(Draft).where(Draft.id == draft.id).with_for_update().execution_options(populate_existing=True)
    draft = session.scalars(locked).one()
    _must_be_open(draft)
    _must_be_theirs(draft, by)
    kind = kinds_of(session)[draft.kind or ""]
    person = requester_of(draft, session)
    if person.id == by.id:
        request = filing.submit(session, kind, values=draft.values, lines=draft.lines, requester=by, by=by)
    else:
        request = for_others.file(session, kind, values=draft.values, lines=draft.lines, person=person, by=by)
    draft.state = "sent"
    draft.about = [request.number]
    draft.changed_at = now(session)
    return request


def send_change(draft: Draft, session: Session, *, by: Person) -> requests.Request:
    """Makes the change that a draft is of. Called by a press, never by a tool."""
    check(draft, by=by)
    request = requests.lock(session, draft.about[0])
    request = filing.amend(request, session, by=by, values=draft.values, lines=draft.lines)
    close(draft, session, by=by)
    return request


def close(draft: Draft, session: Session, *, by: Person) -> None:
    """Marks a draft of a change, a decision, withdrawal or stand-in as carried out."""
    _must_be_open(draft)
    _must_be_theirs(draft, by)
    draft.state = "sent"
    draft.changed_at = now(session)


def _read(kind: Kind[Any], desk: Desk, before: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    good, _ = kind.read(values)
    merged = dict(kind.read(before)[0])
    for name, value in values.items():
        if value is None or value == "":
            merged.pop(name, None)
    merged |= good
    return plain(kind.fill(merged, desk))


def _fill_lines(kind: Kind[Any], desk: Desk, lines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [plain(kind.fill_line(kind.read(each, line=True)[0], desk)) for each in lines]


def _unfilled(blanks: list[Blank], values: Mapping[str, Any]) -> list[Blank]:
    return [each for each in blanks if each.required and values.get(each.name) in (None, "")]


def _read_lines(kind: Kind[Any], lines: Any) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The lines as far as they can be read, and what is wrong with them."""
    if kind.line is None:
        return [], {} if lines in ([], [{}]) else {"lines": "This has no lines."}
    said = as_lines(lines)
    if said is None:
        return [], {"lines": "Lines are a list, with the fields of each."}
    if len(said) > MOST_LINES:
        return [], {"lines": "Those are too many lines for one request: 100 are the most."}
    out: list[dict[str, Any]] = []
    wrong: dict[str, str] = {}
    for number, line in enumerate(said, start=1):
        good, bad = kind.read(line, line=True)
        wrong |= {f"line {number}, {name}": text for name, text in bad.items()}
        out.append(plain(good))
    return out, wrong


def _put(
    kind: Kind[Any],
    lines: Sequence[Mapping[str, Any]],
    said: Mapping[str, Any],
    *,
    into: Mapping[str, int | None] | None = None,
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The lines with values that were said flat: of the only line, of the one that is named, or the first without.

    A day that is said once is that of every line which has none.
    """
    days = _days_of(kind)
    out = [dict(each) for each in lines] or ([{}] if kind.line else [])
    wrong: dict[str, str] = {}
    for name, value in said.items():
        good, bad = kind.read({name: value}, line=True)
        named = (into or {}).get(name)
        open_ = out if len(out) == 1 else [each for each in out if each.get(name) in (None, "")]
        open_ = out[named - 1 : named] if named is not None else open_
        if bad or not open_:
            wrong |= bad or {name: "Say it in the form, line by line."}
        elif good:
            for each in open_ if name in days else open_[:1]:
                each[name] = plain(good[name])
        else:
            open_[0].pop(name, None)
    return out, wrong


def _read_act(act: Act, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """What an act other than sending a form needs: (what could be read, what is wrong by name)."""
    out: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, value in values.items():
        type_ = NEEDS[act].get(name)
        if type_ is None:
            wrong[name] = "There is no such field."
            continue
        try:
            read = of_our_time(TypeAdapter(type_).validate_python(value)) if value not in (None, "") else None
        except ValidationError:
            known = {date: "That is not a day.", datetime: "That is not a time.", Decimal: "That is not a number."}
            wrong[name] = known.get(type_, "That is not a text.")
        except ValueError as error:
            wrong[name] = str(error)
        else:
            if isinstance(read, str) and len(read) > LONGEST_TEXT:
                wrong[name] = "That is too long."
            else:
                out[name] = plain(read)
    return out, wrong


NEEDS: dict[Act, dict[str, Any]] = {
    Act.SUBMIT: {},
    Act.APPROVE: {"comment": str},
    Act.REJECT: {"comment": str},
    Act.WITHDRAW: {"comment": str},
    Act.STAND_IN: {"to": str, "start": date, "end": date},
    Act.AMEND: {},
    Act.LOWER: {"amount": Decimal, "comment": str},
    Act.SEND_BACK: {"comment": str},
    Act.ANSWER: {"comment": str},
    Act.UNDO: {},
    Act.SNOOZE: {"until": datetime},
    Act.NUDGE: {},
    Act.ASSIST: {"to": str, "up_to": Decimal, "up_to_days": Decimal, "kind": str},
    Act.UNASSIST: {"to": str},
    Act.CORRECT: {"to": str, "leave_type": str, "days": Decimal, "comment": str},
}
"""What may be said with each act, besides a form's fields."""

FORMS = (Act.SUBMIT, Act.AMEND)
"""The acts whose values are the fields of a form."""

ALONE = (Act.STAND_IN, Act.ASSIST, Act.UNASSIST, Act.CORRECT)
"""The acts that are about a person, and no request."""

MOST_LINES = 100

FRESH = timedelta(hours=2)
"""How long after they last touched a draft somebody is taken to be still at it."""


def _is_asked(session: Session, draft: Draft) -> bool:
    """Whether the question that a draft answers is still open."""
    request = session.get(requests.Request, draft.about[0])
    return request is not None and requests.sent_back(request) is not None


def _open_drafts(person: Person) -> Any:
    wanted = select(Draft).where(Draft.person_id == person.id, Draft.state == "open")
    return wanted.order_by(Draft.turn.desc())


def _must_be_open(draft: Draft) -> None:
    match draft.state:
        case "open":
            return
        case "sent" if draft.act == Act.SUBMIT:
            raise Already("This was already sent.")
        case "sent":
            raise Already("This was already done.")
        case _:
            raise Already("This was discarded. Tell me again what you need and I'll start a new one.")


def _must_be_theirs(draft: Draft, person: Person) -> None:
    if draft.person_id != person.id:
        raise Refusal("This draft belongs to somebody else; only they can send or change it.")
