"""Requests and their steps: submit, decide, do the work, withdraw. Each is one press and one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, event, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from backend.desk import Desk
from backend.forms import Data, Form, plain, validated
from backend.kinds import Kind, Sort, kinds_of
from backend.people import Company, Person
from backend.refusals import Refusal
from backend.store import Base, Doc, Moment, look_again
from backend.words import say

PENDING, APPROVED, REJECTED, WITHDRAWN, RECORDED, DONE = (
    "pending",
    "approved",
    "rejected",
    "withdrawn",
    "recorded",
    "done",
)
SENT_BACK = "sent back"
"""How a request is shown that waits for the answer to a question; on record it is pending."""
CLOSED = frozenset({REJECTED, WITHDRAWN, DONE})
NUMBERS = range(1, 2**31)
"""What a request's number can be, on both databases."""


class Request(Base):
    """Something that somebody asked for, or recorded. `number` runs through the whole company.

    version  how often it was changed since it was sent
    before   where a change made approvals start again: what was sent before, its state, and who had approved it;
             `stood` is what was approved last (standing()), which stays if the change is rejected
    """

    __tablename__ = "requests"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"))
    values: Mapped[dict[str, Any]] = mapped_column(Doc)
    granted: Mapped[dict[str, Any] | None] = mapped_column(Doc)
    state: Mapped[str] = mapped_column(index=True)
    made_at: Mapped[datetime] = mapped_column(Moment)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=0, server_default="0")
    before: Mapped[dict[str, Any] | None] = mapped_column(Doc)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    lines: Mapped[list["Line"]] = relationship(order_by="Line.position", cascade="all, delete-orphan")
    steps: Mapped[list["Step"]] = relationship(order_by="(Step.position, Step.id)", back_populates="request")

    by: Mapped[Person | None] = relationship(foreign_keys=[by_id])

    @property
    def filer(self) -> Person | None:
        """Who asked for it on behalf of its requester; None where that is the requester."""
        return self.by if self.by_id != self.person_id else None

    @property
    def party(self) -> set[int]:
        """The ids of those who never decide it: the requester, and who asked on their behalf."""
        return {self.person_id, *((self.by_id,) if self.by_id else ())}

    @property
    def subject(self) -> str:
        return f"request:{self.number}"


class Line(Base):
    """One line of a request whose kind has lines; decided with the whole or for itself."""

    __tablename__ = "request_lines"
    request: Mapped[int] = mapped_column(ForeignKey("requests.number"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    values: Mapped[dict[str, Any]] = mapped_column(Doc)
    granted: Mapped[dict[str, Any] | None] = mapped_column(Doc)
    state: Mapped[str] = mapped_column(default=PENDING)


class Step(Base):
    """One thing that has to happen to a request: a decision, or work. Steps with one position run together.

    owner_id  the person it waits for, where that is one person (the manager, or whom it moved up to)
    roles     otherwise, those whose holders may take it
    need      how many of them have to say yes
    state     waiting, open, done, skipped
    route     the route of policies.toml that put it there, and what that looked at (policies.route_for)
    acting    the person who was told that they act in its owner's place now, by id
    had       the ids of those whom it waited for before it went up
    reminded  how often those whom it waits for were reminded
    stays_since  from when on there is nobody left to whom it could go up
    """

    __tablename__ = "steps"
    __table_args__ = (Index("steps_open", "state", "owner_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(ForeignKey("requests.number"), index=True)
    position: Mapped[int]
    sort: Mapped[str]
    roles: Mapped[list[str]] = mapped_column(Doc)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    need: Mapped[int] = mapped_column(default=1)
    why: Mapped[str]
    label: Mapped[str | None]
    route: Mapped[dict[str, Any] | None] = mapped_column(Doc)
    acting: Mapped[int | None] = mapped_column(index=True)
    had: Mapped[list[int] | None] = mapped_column(Doc)
    reminded: Mapped[int] = mapped_column(default=0, server_default="0")
    stays_since: Mapped[datetime | None] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(default="waiting")
    opened_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)

    request: Mapped[Request] = relationship(back_populates="steps")
    owner: Mapped[Person | None] = relationship()
    opinions: Mapped[list["Opinion"]] = relationship(
        primaryjoin="and_(Step.id == Opinion.step_id, Opinion.undone_at.is_(None))",
        order_by="Opinion.id",
        viewonly=True,
    )
    questions: Mapped[list["Question"]] = relationship(order_by="Question.id", viewonly=True)

    @property
    def subject(self) -> str:
        return f"step:{self.id}"


class Opinion(Base):
    """What one person said to a step, and for whom they said it where they stood in.

    lowered  what was approved for less: the line (None: the whole), what was asked and what was granted
    before   how the request stood before: what undoing this brings back
    """

    __tablename__ = "opinions"
    id: Mapped[int] = mapped_column(primary_key=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("steps.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    for_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    outcome: Mapped[str]
    comment: Mapped[str] = mapped_column(default="")
    lowered: Mapped[list[dict[str, Any]] | None] = mapped_column(Doc)
    before: Mapped[dict[str, Any] | None] = mapped_column(Doc)
    at: Mapped[datetime] = mapped_column(Moment)
    undone_at: Mapped[datetime | None] = mapped_column(Moment)


class Question(Base):
    """What somebody whom a step waits for has to know first; the requester answers. `state` is open, answered, moot.

    reminded  how often the requester was reminded
    """

    __tablename__ = "questions"
    id: Mapped[int] = mapped_column(primary_key=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("steps.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    text: Mapped[str]
    at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(default="open")
    reminded: Mapped[int] = mapped_column(default=0, server_default="0")
    answer: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None] = mapped_column(Moment)


WHOLE = (
    selectinload(Request.lines),
    selectinload(Request.steps).options(selectinload(Step.opinions), selectinload(Step.questions)),
)
"""What is read of a request together with it, where all of it will be looked at."""

# writing


def write(
    session: Session,
    kind: Kind[Any],
    form: Form,
    lines: Sequence[Form],
    *,
    number: int,
    requester: Person,
    by: Person,
    made_at: datetime,
    state: str = PENDING,
    decided_at: datetime | None = None,
) -> Request:
    """Writes a request and its lines as rows; steps, ledgers and events are for whoever sends it or brings it in."""
    request = Request(
        number=number,
        kind=kind.name,
        person_id=requester.id,
        by_id=by.id,
        employer_id=requester.employer_id,
        values=plain(form.model_dump(exclude_none=True)),
        state=state,
        made_at=made_at,
        decided_at=decided_at,
    )
    request.person = requester
    request.lines = [
        Line(position=position, values=plain(each.model_dump(exclude_none=True)), state=state)
        for position, each in enumerate(lines, start=1)
    ]
    session.add(request)
    session.flush()
    return request


def standing(request: Request) -> dict[str, Any]:
    """What a request says and how far it is, for `put_back`: values, lines, and the work that is still to be done."""
    lines = [{"values": each.values, "granted": each.granted, "state": each.state} for each in request.lines]
    work = [each.id for each in request.steps if each.sort == Sort.WORK and each.state in ("open", "waiting")]
    return {
        "state": request.state,
        "values": request.values,
        "granted": request.granted,
        "lines": lines,
        "work": work,
    }


def put_back(request: Request, stood: Mapping[str, Any]) -> None:
    """Makes a request say again what it said when `standing` noted it; steps and ledgers are for the caller."""
    request.values, request.granted, request.before = stood["values"], stood["granted"], None
    request.version += 1
    rows = stood["lines"]
    for position, row in enumerate(rows[len(request.lines) :], start=len(request.lines) + 1):
        request.lines.append(Line(position=position, **row))
    for line, row in zip(request.lines, rows, strict=False):
        line.values, line.granted, line.state = row["values"], row["granted"], row["state"]
    del request.lines[len(rows) :]


# reading


def lock(session: Session, number: int) -> Request:
    """The request, locked for this transaction; a Refusal if there is none with this number."""
    locked: dict[int, Request] = session.info.setdefault("locked", {})
    if number in locked:
        return locked[number]
    wanted = select(Request).where(Request.number == number).options(*WHOLE).with_for_update()
    request = session.scalar(wanted.execution_options(populate_existing=True)) if number in NUMBERS else None
    if request is None:
        raise Refusal("There is no request {number}.", number=number)
    look_again(session)  # it may have waited for somebody who changed what was known before
    locked[number] = request
    return request


@event.listens_for(Session, "after_soft_rollback")
def _unlocked(session: Session, undone: object) -> None:  # pyright: ignore[reportUnusedFunction]
    session.info.pop("locked", None)


def get(session: Session, number: int) -> Request | None:
    """The request with this number, if there is one."""
    return session.get(Request, number) if number in NUMBERS else None


def forms_of(kind: Kind[Any], request: Request) -> tuple[Any, list[Form]]:
    """The form that a request was sent with, and those of its lines that were not refused; as granted."""
    kept = [each for each in request.lines if each.state != REJECTED]
    lines = [validated(kind.line, granted(each)).as_line(each.position) for each in kept] if kind.line else []
    return kind.form.model_validate(granted(request)), list(lines)


def forms_before(kind: Kind[Any], before: Mapping[str, Any]) -> tuple[Any, list[Form]]:
    """The form and lines that a request had before a change, from what that noted (Request.before)."""
    kept = [each for each in before["lines"] if each["state"] != REJECTED]
    rows = [{name: value for name, value in each.items() if name not in ("position", "state")} for each in kept]
    lines = [validated(kind.line, each) for each in rows] if kind.line else []
    return kind.form.model_validate(before["values"]), list(lines)


def granted(of: Request | Line) -> dict[str, Any]:
    """What was asked, with what was granted in the place of what was asked for more; None empties a field."""
    both = {**of.values, **(of.granted or {})}
    return {name: value for name, value in both.items() if value is not None}


def asked(step: Step) -> Question | None:
    """The question by which a step was sent back, while that waits for an answer."""
    return next((each for each in step.questions if each.state == "open" and step.state == "open"), None)


def questions(request: Request) -> list[Question]:
    """Every question that was asked about a request, oldest first."""
    return sorted((each for step in request.steps for each in step.questions), key=lambda each: each.id)


def sent_back(request: Request) -> Question | None:
    """The oldest open question about a request that waits, if it was sent back with one."""
    found = [each for each in map(asked, request.steps) if each is not None]
    return min(found, key=lambda each: each.id) if found and request.state == PENDING else None


def above(kind: Kind[Any], values: Mapping[str, Any], desk: Desk, ceiling: Data) -> bool:
    """True if something that is filled in is more sensitive than a channel may show."""
    filled = [each for each in kind.blanks(desk) if values.get(each.name) not in (None, "")]
    return any(kind.data(each, values, desk).above(ceiling) for each in filled)


def summary(session: Session, request: Request, language: str, *, ceiling: Data = Data.BANK) -> str:
    """The request in half a line; its kind alone where the channel may not show what it says."""
    kind = kinds_of(session)[request.kind]
    if above(kind, request.values, desk_of(session, request, by=None), ceiling):
        return say(language, kind.title)
    form, lines = forms_of(kind, request)
    if kind.line and not lines:  # all of them were refused: what was asked
        lines = [validated(kind.line, granted(each)).as_line(each.position) for each in request.lines]
    return kind.summary(form, lines, language)


def said_in(request: Request) -> dict[str, Any]:
    """What a request says, flat: the values of its form and, where there is only one, of its line."""
    return {**request.values, **(request.lines[0].values if len(request.lines) == 1 else {})}


def lines_of(request: Request) -> list[dict[str, Any]]:
    """The lines as they were filled in, each with its position and state."""
    return [{"position": each.position, "state": each.state, **each.values} for each in request.lines]


def refused(request: Request) -> list[int]:
    """The positions of the lines that were refused."""
    return [each.position for each in request.lines if each.state == REJECTED]


def desk_of(session: Session, request: Request, *, by: Person | None) -> Desk:
    """The requester's desk, for this request."""
    return Desk(session, request.person, kinds_of(session)[request.kind], number=request.number, by=by)


def ref(session: Session, request: Request) -> str:
    """The request's reference: TO-12."""
    return f"{kinds_of(session)[request.kind].prefix}-{request.number}"


def of(session: Session, person: Person, *, open_only: bool = False, limit: int = 50) -> list[Request]:
    """The person's own requests, newest first."""
    wanted = select(Request).where(Request.person_id == person.id)
    if open_only:
        wanted = wanted.where(Request.state.not_in(CLOSED))
    return list(session.scalars(wanted.order_by(Request.number.desc()).limit(limit)))


def with_lines(session: Session, of: Sequence[Request]) -> None:
    """Reads the lines and requesters of many requests in a look or two, and not one by one."""
    numbers = {each.number for each in of}
    both = (selectinload(Request.lines), selectinload(Request.person))
    if numbers:
        session.scalars(select(Request).where(Request.number.in_(numbers)).options(*both)).all()


def state_word(session: Session, request: Request) -> str:
    """How a request stands, in a word: pending, approved, paid, ..."""
    if sent_back(request):
        return SENT_BACK
    return kinds_of(session)[request.kind].done_word if request.state == DONE else request.state


def stands(session: Session, request: Request, language: str) -> str:
    """How a request stands, as people read it: how far its work is, where that says more than its state does."""
    if request.state in (APPROVED, DONE):
        kind = kinds_of(session)[request.kind]
        found = kind.stands(*forms_of(kind, request), desk_of(session, request, by=None))
        if found is not None:
            return say(language, found.text, **found.values)
    return say(language, state_word(session, request))


def said_last(request: Request) -> tuple[Opinion, Step] | None:
    """What was said last about a request, if anybody has."""
    opinions = [(opinion, step) for step in request.steps for opinion in step.opinions]
    return max(opinions, key=lambda pair: pair[0].id, default=None)


def decided_by(request: Request) -> tuple[Opinion, Step] | None:
    """The opinion that decided a request, if one did; a no to a change of what was approved is none."""
    good = request.state in (APPROVED, DONE)
    opinions = [
        (each, step) for step in request.steps for each in step.opinions if not good or each.outcome == APPROVED
    ]
    return max(opinions, key=lambda pair: pair[0].id, default=None)


def next_number(session: Session) -> int:
    locked = select(Company).where(Company.id == 1).with_for_update().execution_options(populate_existing=True)
    company = session.scalars(locked).one()
    company.last_number += 1
    session.flush()
    return company.last_number
