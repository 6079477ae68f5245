"""Requests and their steps: submit, decide, do the work, withdraw. Each is one press and one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from backend import escalations, events, leave, people, policies, timers
from backend.desk import Desk
from backend.kinds import LONGEST_TEXT, Ask, Data, Form, Kind, Sort, kinds_of, plain, validated
from backend.people import Company, Person
from backend.refusals import Already, Refusal
from backend.store import Base, Doc, Moment, now
from backend.words import Either, Title, say

PENDING, APPROVED, REJECTED, WITHDRAWN, RECORDED, DONE = (
    "pending",
    "approved",
    "rejected",
    "withdrawn",
    "recorded",
    "done",
)
CLOSED = frozenset({REJECTED, WITHDRAWN, DONE})
NUMBERS = range(1, 2**31)
"""What a request's number can be, on both databases."""


class Request(Base):
    """Something that somebody asked for, or recorded. `number` runs through the whole company."""

    __tablename__ = "requests"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"))
    values: Mapped[dict[str, Any]] = mapped_column(Doc)
    state: Mapped[str] = mapped_column(index=True)
    made_at: Mapped[datetime] = mapped_column(Moment)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    lines: Mapped[list["Line"]] = relationship(order_by="Line.position", cascade="all, delete-orphan")
    steps: Mapped[list["Step"]] = relationship(order_by="(Step.position, Step.id)", back_populates="request")

    @property
    def subject(self) -> str:
        return f"request:{self.number}"


class Line(Base):
    """One line of a request whose kind has lines; decided with the whole or for itself."""

    __tablename__ = "request_lines"
    request: Mapped[int] = mapped_column(ForeignKey("requests.number"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    values: Mapped[dict[str, Any]] = mapped_column(Doc)
    state: Mapped[str] = mapped_column(default=PENDING)


class Step(Base):
    """One thing that has to happen to a request: a decision, or work. Steps with one position run together.

    owner_id  the person it waits for, where that is one person (the manager, or whom it moved up to)
    roles     otherwise, those whose holders may take it
    need      how many of them have to say yes
    state     waiting, open, done, skipped
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
    state: Mapped[str] = mapped_column(default="waiting")
    opened_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)

    request: Mapped[Request] = relationship(back_populates="steps")
    owner: Mapped[Person | None] = relationship()
    opinions: Mapped[list["Opinion"]] = relationship(order_by="Opinion.id")

    @property
    def subject(self) -> str:
        return f"step:{self.id}"


class Opinion(Base):
    """What one person said to a step, and for whom they said it where they stood in."""

    __tablename__ = "opinions"
    id: Mapped[int] = mapped_column(primary_key=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("steps.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    for_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    outcome: Mapped[str]
    comment: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(Moment)


# submit


def submit(
    session: Session,
    kind: Kind[Any],
    *,
    values: Mapping[str, Any],
    lines: Sequence[Mapping[str, Any]] = (),
    requester: Person,
    by: Person,
    number: int | None = None,
) -> Request:
    """Makes a request: numbers it, writes its route as steps, reserves what it takes, and tells nobody yet.

    number  only for requests brought in from elsewhere, which keep theirs
    A Refusal says what is missing or wrong; objections that do not block are no refusal.
    """
    desk = Desk(session, requester, kind)
    form, line_forms = kind.whole(kind.fill(kind.read(values)[0], desk), lines)
    for objection in kind.check(form, line_forms, desk):
        if objection.blocks:
            raise Refusal(objection.text, field=objection.field, **objection.values)
    if kind.line and not line_forms:
        raise Refusal("There are no lines yet: add at least one.")
    asks = kind.asks(form, desk)
    stops = kind.route(form, line_forms, desk)
    if not asks:
        stops = [[each for each in stop if each.sort is Sort.WORK] for stop in stops]
    request = Request(
        number=number or _next_number(session),
        kind=kind.name,
        person_id=requester.id,
        by_id=by.id,
        employer_id=requester.employer_id,
        values=plain(form.model_dump(exclude_none=True)),
        state=PENDING,
        made_at=now(session),
    )
    request.person = requester
    request.lines = [
        Line(position=position, values=plain(each.model_dump(exclude_none=True)))
        for position, each in enumerate(line_forms, start=1)
    ]
    session.add(request)
    session.flush()
    for position, stop in enumerate([each for each in stops if each], start=1):
        for ask in stop:
            _add_step(session, request, ask, position=position)
    session.refresh(request, ["steps"])
    if any(not candidates(session, step) for step in request.steps):
        raise Refusal("There is nobody here who could decide this: ask HR or an admin to say who does.")
    desk = desk_of(session, request, by=by)
    if asks:
        kind.reserve(form, line_forms, desk)
    events.record(
        session,
        "request.submitted",
        by=by,
        subject=request.subject,
        about=(requester,),
        detail={"number": request.number, "kind": kind.name, "values": request.values, "lines": lines_of(request)},
    )
    if asks and any(each.sort == Sort.DECISION for each in request.steps):
        _open_next(session, request, by=by)
    else:
        _settle(session, request, RECORDED if not asks else APPROVED, by=by)
    session.flush()
    return request


def who_would(session: Session, requester: Person, ask: Ask) -> tuple[list[str], Person | None]:
    """Whom an ask of a route would go to: (roles, None) if any of their holders, or (roles, one person)."""
    roles, owner = list(ask.roles), None
    if ask.roles == ("manager",):
        owner = people.manager_of(session, requester)
        if owner is None:
            roles = list(policies.approvals(session).top)
    if owner is None and not _holders(session, roles, requester):
        owner = people.manager_of(session, requester) or _anybody_above(session, requester)
    return roles, owner


def preview(
    session: Session, kind: Kind[Any], form: Any, lines: list[Any], requester: Person
) -> list[tuple[list[Person], Ask]]:
    """The route that a request would take, for the draft's card: who, and the ask that names them."""
    desk = Desk(session, requester, kind)
    if not kind.asks(form, desk):
        manager = people.manager_of(session, requester)
        return [([manager], Ask(("manager",), "is told"))] if manager else []
    out: list[tuple[list[Person], Ask]] = []
    for ask in (each for stop in kind.route(form, lines, desk) for each in stop if each.sort is Sort.DECISION):
        roles, owner = who_would(session, requester, ask)
        out.append(([owner] if owner else _holders(session, roles, requester), ask))
    return out


def _add_step(session: Session, request: Request, ask: Ask, *, position: int) -> None:
    roles, owner = who_would(session, request.person, ask)
    most = 1 if owner else max(1, len(_holders(session, roles, request.person)))
    session.add(
        Step(
            number=request.number,
            position=position,
            sort=ask.sort.value,
            roles=roles,
            owner_id=owner.id if owner else None,
            need=min(ask.need, most),
            why=ask.why,
            label=ask.label,
        )
    )
    session.flush()


def _anybody_above(session: Session, requester: Person) -> Person | None:
    for role in ("hr", "finance", "admin"):
        for holder in people.holders(session, role):
            if holder.id != requester.id:
                return holder
    return None


def _open_next(session: Session, request: Request, *, by: Person | None) -> None:
    waiting = [step for step in request.steps if step.state == "waiting"]
    if not waiting:
        return
    position = min(step.position for step in waiting)
    for step in waiting:
        if step.position == position:
            step.state = "open"
            step.opened_at = now(session)
            escalations.on_step_opened(session, step)
            events.record(
                session,
                "step.opened",
                by=by,
                subject=step.subject,
                about=(request.person,),
                detail={"number": request.number, "step": step.id, "sort": step.sort},
            )


# decide


def lock(session: Session, number: int) -> Request:
    """The request, locked for this transaction; a Refusal if there is none with this number."""
    wanted = select(Request).where(Request.number == number).with_for_update()
    request = session.scalar(wanted.execution_options(populate_existing=True)) if number in NUMBERS else None
    if request is None:
        raise Refusal("There is no request {number}.", number=number)
    return request


def decide(
    request: Request,
    session: Session,
    *,
    by: Person,
    outcome: str,
    comment: str = "",
    lines: Mapping[int, str] | None = None,
) -> Request:
    """Says yes ("approved") or no ("rejected") to the step that waits for this person.

    lines  where the kind has lines: what is said to single ones, by position; the rest get `outcome`
    A Refusal says who it waits for, or who decided it already.
    """
    request = lock(session, request.number)
    if request.state != PENDING:
        raise already(session, request)
    if request.person_id == by.id:
        raise Refusal("You can't decide your own request; it waits for {who}.", who=waits_for(session, request))
    step, on_behalf_of = _step_for(session, request, by)
    if step is None:
        raise Refusal(
            "{ref} waits for {who}, who can decide it.", ref=ref(session, request), who=waits_for(session, request)
        )
    said = {line.position: outcome for line in request.lines if line.state != REJECTED}
    for position, word in (lines or {}).items():
        if position not in said or word not in (APPROVED, REJECTED):
            raise Refusal("{ref} has no line {line} to decide.", ref=ref(session, request), line=position)
        said[position] = outcome if outcome == REJECTED else word
    if REJECTED in (outcome, *said.values()) and not comment.strip():
        raise Refusal("Please say why, so that {who} knows.", field="comment", who=request.person.first_name)
    if len(comment) > LONGEST_TEXT:
        raise Refusal("That reason is too long: {most} characters are the most.", field="comment", most=LONGEST_TEXT)
    session.add(
        Opinion(
            step_id=step.id,
            by_id=by.id,
            for_id=on_behalf_of.id if on_behalf_of else None,
            outcome=outcome,
            comment=comment.strip(),
            at=now(session),
        )
    )
    for line in request.lines:
        line.state = said.get(line.position, line.state)
    events.record(
        session,
        f"step.{outcome}",
        by=by,
        on_behalf_of=on_behalf_of,
        subject=step.subject,
        about=(request.person,),
        detail={
            "number": request.number,
            "comment": comment.strip(),
            "lines": {str(k): v for k, v in (lines or {}).items()},
        },
    )
    session.flush()
    session.refresh(step, ["opinions"])
    all_lines_refused = bool(request.lines) and all(line.state == REJECTED for line in request.lines)
    if outcome == REJECTED or all_lines_refused:
        _close_step(session, step)
        _settle(session, request, REJECTED, by=by)
    elif sum(each.outcome == APPROVED for each in step.opinions) >= step.need:
        _close_step(session, step)
        if any(each.state == "open" for each in request.steps):
            pass  # the others of this stop have still to decide
        elif any(each.state == "waiting" and each.sort == Sort.DECISION for each in request.steps):
            _open_next(session, request, by=by)
        else:
            _settle(session, request, APPROVED, by=by)
    session.flush()
    return request


def _step_for(session: Session, request: Request, by: Person) -> tuple[Step | None, Person | None]:
    for step in request.steps:
        if step.state == "open" and step.sort == Sort.DECISION:
            may, on_behalf_of = may_take(session, step, by)
            if may and by.id not in {each.by_id for each in step.opinions}:
                return step, on_behalf_of
    return None, None


def may_take(session: Session, step: Step, person: Person) -> tuple[bool, Person | None]:
    """Whether this person may decide or do an open step, and for whom, where they stand in.

    Never their own request, however the roles fall.
    """
    if step.request.person_id == person.id or not people.works_here(session, person):
        return False, None
    owners = {each.id for each in candidates(session, step)}
    if person.id in owners:
        return True, None
    for other in people.stands_in_for(session, person):
        if other.id in owners:
            return True, other
    return False, None


def candidates(session: Session, step: Step) -> list[Person]:
    """Those a step waits for: its owner, or all holders of its roles but the requester."""
    if step.owner is not None:
        return [step.owner]
    return _holders(session, step.roles, step.request.person)


def _holders(session: Session, roles: Sequence[str], requester: Person) -> list[Person]:
    out: list[Person] = []
    for role in roles:
        manager = people.manager_of(session, requester) if role == "manager" else None
        for each in [manager] if manager else people.holders(session, role):
            if each.id != requester.id and each not in out:
                out.append(each)
    return out


def _close_step(session: Session, step: Step, state: str = "done") -> None:
    step.state = state
    step.closed_at = now(session)
    timers.cancel(session, step.subject)


def _settle(session: Session, request: Request, state: str, *, by: Person | None) -> None:
    """Brings a request to a decided state: ledgers, remaining steps, work, and the event."""
    kind = kinds_of(session)[request.kind]
    desk = desk_of(session, request, by=by)
    before, request.state = request.state, state
    request.decided_at = now(session)
    good = state in (APPROVED, RECORDED)
    leave.counter(session, request.number, by=by, sorts=(leave.HOLD,) if good else (leave.HOLD, leave.BOOKING))
    leave.unmark(session, request.number)
    for step in request.steps:
        if step.state in ("open", "waiting") and not (good and step.sort == Sort.WORK):
            _close_step(session, step, "skipped")
    form, lines = forms_of(kind, request)
    for line in request.lines:
        if line.state == PENDING:
            line.state = state
    if good:
        kind.apply(form, lines, desk)
        _open_next(session, request, by=by)
    elif before in (APPROVED, RECORDED):
        kind.undo(form, lines, desk)
    events.record(
        session,
        f"request.{state}",
        by=by,
        subject=request.subject,
        about=(request.person,),
        detail={"number": request.number, "kind": request.kind, "before": before},
    )


# work and withdrawal


def finish(step: Step, session: Session, *, by: Person) -> Request:
    """Marks work as done: ordered, paid, fetched. The last one finishes the request."""
    request = lock(session, step.number)
    session.refresh(step)
    if step.state != "open" or step.sort != Sort.WORK:
        raise Already("That is done already.")
    may, on_behalf_of = may_take(session, step, by)
    if not may:
        raise Refusal("That is for {who} to do.", who=_names(candidates(session, step)))
    _close_step(session, step)
    events.record(
        session,
        "step.done",
        by=by,
        on_behalf_of=on_behalf_of,
        subject=step.subject,
        about=(request.person,),
        detail={"number": request.number, "label": step.label},
    )
    if not any(each.state == "open" for each in request.steps):
        if any(each.state == "waiting" for each in request.steps):
            _open_next(session, request, by=by)
        elif request.state == APPROVED:
            request.state = DONE
            events.record(
                session,
                "request.done",
                by=by,
                subject=request.subject,
                about=(request.person,),
                detail={"number": request.number},
            )
    session.flush()
    return request


def withdraw(request: Request, session: Session, *, by: Person) -> Request:
    """Takes a request back, waiting or approved; what it took from ledgers is given back by counter-entries."""
    request = lock(session, request.number)
    if by.id not in (request.person_id, request.by_id):
        raise Refusal(
            "{ref} belongs to {who}; only they can withdraw it.", ref=ref(session, request), who=request.person.name
        )
    if request.state in CLOSED:
        raise already(session, request)
    kind = kinds_of(session)[request.kind]
    form, _ = forms_of(kind, request)
    if request.state != PENDING and kind.settled(form, desk_of(session, request, by=by)):
        raise Refusal("{ref} is already over; HR can correct it.", ref=ref(session, request))
    _settle(session, request, WITHDRAWN, by=by)
    session.flush()
    return request


# reading


def get(session: Session, number: int) -> Request | None:
    """The request with this number, if there is one."""
    return session.get(Request, number) if number in NUMBERS else None


def forms_of(kind: Kind[Any], request: Request) -> tuple[Any, list[Form]]:
    """The form that a request was sent with, and those of its lines that were not refused."""
    kept = [each for each in request.lines if each.state != REJECTED]
    lines = [validated(kind.line, each.values).as_line(each.position) for each in kept] if kind.line else []
    return kind.form.model_validate(request.values), list(lines)


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
    return kind.summary(form, lines, language)


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


def waiting_for(session: Session, person: Person) -> list[Step]:
    """The open steps, decisions and work, that this person may take now, oldest first."""
    wanted = select(Step).where(Step.state == "open").order_by(Step.opened_at, Step.id)
    others = [person.id, *(each.id for each in people.stands_in_for(session, person))]
    mine = session.scalars(wanted.where(or_(Step.owner_id.in_(others), Step.owner_id.is_(None))))
    return [
        step
        for step in mine
        if may_take(session, step, person)[0] and person.id not in {o.by_id for o in step.opinions}
    ]


def may_see(session: Session, request: Request, person: Person) -> bool:
    """Whether this person may see a request: their own, one they filed, or one that is or was theirs to take."""
    if person.id in (request.person_id, request.by_id):
        return True
    if any(opinion.by_id == person.id for step in request.steps for opinion in step.opinions):
        return True
    return any(step.state in ("open", "done") and may_take(session, step, person)[0] for step in request.steps)


def state_word(session: Session, request: Request) -> str:
    """How a request stands, in a word: pending, approved, paid, ..."""
    return kinds_of(session)[request.kind].done_word if request.state == DONE else request.state


def waits_for(session: Session, request: Request) -> Either:
    """The names of those a request waits for now: "Maria Silva"."""
    return _names([each for step in request.steps if step.state == "open" for each in candidates(session, step)])


def decided_by(request: Request) -> tuple[Opinion, Step] | None:
    """The opinion that decided a request, if one did."""
    opinions = [(opinion, step) for step in request.steps for opinion in step.opinions]
    return max(opinions, key=lambda pair: pair[0].id) if opinions else None


def already(session: Session, request: Request) -> Already:
    """The word that a request is decided or closed already, and by whom."""
    state = Title("finished" if request.state == DONE else request.state)
    last = decided_by(request)
    who = session.get(Person, last[0].by_id) if last and request.state in (APPROVED, REJECTED, DONE) else None
    if who is None:
        return Already("{ref} was already {state}.", ref=ref(session, request), state=state)
    return Already("{ref} was already {state} by {who}.", ref=ref(session, request), state=state, who=who.name)


def _names(who: Sequence[Person]) -> Either:
    return Either(tuple(dict.fromkeys(each.name for each in who)))


def _next_number(session: Session) -> int:
    locked = select(Company).where(Company.id == 1).with_for_update().execution_options(populate_existing=True)
    company = session.scalars(locked).one()
    company.last_number += 1
    session.flush()
    return company.last_number
