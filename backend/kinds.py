"""What a kind of request is: one form, a few hooks with defaults, and everything else derived from them."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self

from sqlalchemy.orm import Session

from backend import forms
from backend.differences import differences
from backend.forms import Blank, Data, F, Form, Option, Widget, as_lines, blanks_in, plain, validated

if TYPE_CHECKING:
    from backend.desk import Desk

WHOSE = "whose"
"""The argument that names the colleague whom a call is for or about; it is told to no program."""


@dataclass(frozen=True)
class Objection:
    """Something a person should know before sending; it blocks only where there would be nothing to send.

    limit  the setting of the kind's policy that it comes from: "notice_days", "meals.per_day"
    unless  the field in which the person may say why it is none; once that is filled in, it blocks no more
    """

    text: str
    values: Mapping[str, object] = field(default_factory=dict[str, object])
    field: str | None = None
    blocks: bool = False
    limit: str = ""
    unless: str = ""


@dataclass(frozen=True)
class Prefilled:
    """What was read of a file, as the values of a line (or of the form, where there are no lines).

    doubts  for each field that may be wrong, what it may be, likeliest first, as it would be filled in
    """

    values: Mapping[str, Any]
    doubts: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])


@dataclass(frozen=True)
class Fact:
    """Something the approver needs in order to decide: a title and what it is now."""

    title: str
    text: str
    values: Mapping[str, object] = field(default_factory=dict[str, object])


class Sort(StrEnum):
    """The two sorts of step."""

    DECISION = "decision"
    WORK = "work"


@dataclass(frozen=True)
class Ask:
    """One stop of a route: so many of the holders of these roles have to say yes, or somebody has to do the work.

    roles  "manager" is the requester's manager; every other is a role that people hold (finance, hr, admin, ...)
    need   how many of them; 1 is any of them
    why    said to the requester: "your manager", "over €500"
    label  what is to be done, for work: "order", "pay", "fetch the certificate"
    auto   nobody is asked: policy itself says yes
    route  the route of policies.toml that it comes from, and what it looked at (backend/policies.py)
    """

    roles: tuple[str, ...]
    why: str
    need: int = 1
    sort: Sort = Sort.DECISION
    label: str | None = None
    auto: bool = False
    route: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Paper:
    """A file that is made from a request when somebody opens it; nothing of it is stored.

    name   "TO-12.ics"; title: what the link says; make: its content
    """

    name: str
    title: str
    mime: str
    make: Callable[[], bytes]


class Kind(Generic[F]):
    """A kind of request. A subclass in tools/ says what is asked; the rest is derived.

    name      "time_off": also the intent prefix (time_off.submit)
    prefix    "TO": in front of request numbers
    title     "Time off"
    form      what is filled in; line, where it has them, one of several lines
    policy    the limits that the company sets, with defaults; policy_lines, where it has them, tables of them
    tables    dated tables that finance loads (backend/tables.py): exchange rates, allowances, budgets
    done_word what a request is called once all its work is done: "paid"
    examples  how people say it, for the brain that has no model
    keeper    who corrects it once it can no longer be changed in chat: "HR", "finance"
    for_others  true where a manager or HR may ask for it for somebody else
    offered   the company's own answers to choices, by field, for who has no desk: of_company()
    reads     true where a photo or PDF that somebody sends begins one
    """

    name: ClassVar[str]
    prefix: ClassVar[str]
    title: ClassVar[str]
    form: type[F]
    line: type[Form] | None = None
    policy: type[Form] = Form
    policy_lines: ClassVar[Mapping[str, type[Form]]] = {}
    tables: ClassVar[Mapping[str, type[Form]]] = {}
    done_word: ClassVar[str] = "done"
    examples: ClassVar[tuple[str, ...]] = ()
    cancel_intent: ClassVar[str] = "request.cancel"
    keeper: ClassVar[str] = "HR"
    for_others: ClassVar[bool] = False
    reads: ClassVar[bool] = False
    offered: Mapping[str, tuple[Option, ...]] = MappingProxyType({})

    def options(self, name: str, desk: "Desk | None") -> tuple[Option, ...]:
        """The answers to a choice, where the company (and not the form's own type) sets them."""
        return ()

    def fill(self, values: dict[str, Any], desk: "Desk") -> dict[str, Any]:
        """What follows from what was said: values in, values with the rest filled in out."""
        return values

    def fill_line(self, values: dict[str, Any], desk: "Desk") -> dict[str, Any]:
        """What follows within one line, where the kind has them; like fill()."""
        return values

    def summary(self, form: F, lines: list[Any], language: str) -> str:
        """The request in half a line, in a language: "Vacation, Thu 26 Nov 2026"."""
        return self.title

    def check(self, form: F, lines: list[Any], desk: "Desk") -> list[Objection]:
        """What the person should know before sending. What policy misses does not block."""
        return []

    def follows(self, values: Mapping[str, Any]) -> frozenset[str]:
        """The required fields that need not be asked for, since they follow from others once those are said."""
        return frozenset()

    def follows_line(self, values: Mapping[str, Any]) -> frozenset[str]:
        """The required fields of one line that need not be asked for; like follows()."""
        return frozenset()

    def asks_instead(self, name: str, values: Mapping[str, Any]) -> str:
        """The field of a line to ask for in place of one that is missing, where that is reckoned from it."""
        return name

    def wonders(self, form: F) -> tuple[str, str] | None:
        """A field that is worth asking for although it may be sent without, and the question; None: nothing is."""
        return None

    def asks(self, form: F, desk: "Desk") -> bool:
        """True: somebody has to decide. False: it is recorded by the person's own Send and the manager is told."""
        return True

    def amount(self, form: F, lines: list[Any]) -> Decimal | None:
        """What it costs, for routes that look at the amount; None where it costs nothing."""
        return None

    def currency(self, form: F) -> str | None:
        """The currency of amount(), where that is not the employer's."""
        return None

    def category(self, form: F, lines: list[Any]) -> str | Collection[str] | None:
        """What routes and limits may tell apart: an expense's category (of several lines, each one's), a leave type."""
        return None

    def days(self, form: F, desk: "Desk") -> Decimal | None:
        """How many days it takes, for routes that look at that; None where it takes none."""
        return None

    def route(self, form: F, lines: list[Any], desk: "Desk") -> list[list[Ask]]:
        """Who has to say yes and who has work afterwards, by role: stops in order, each of asks at the same time.

        Default: what policies.toml says, and the kind's own work where policies.toml names none.
        """
        amount, category = self.amount(form, lines), self.category(form, lines)
        stops = desk.route(amount=amount, category=category, days=self.days(form, desk))
        if any(ask.sort is Sort.WORK for stop in stops for ask in stop):
            return stops
        return [*stops, *self.work(form, lines, desk)]

    def work(self, form: F, lines: list[Any], desk: "Desk") -> list[list[Ask]]:
        """What has to be done once it is approved, by role, in order: to order, to receive, to pay."""
        return []

    def tells(self, form: F, lines: list[Any], label: str, desk: "Desk") -> list[Blank]:
        """What may be told when a piece of work is done: how much of each line arrived. Empty: only that it is done."""
        return []

    def told(self, form: F, lines: list[Any], label: str, said: Mapping[str, Any], desk: "Desk") -> bool:
        """Notes what was told of a piece of work. False: some of it is left, and it stays open."""
        return True

    def patience(self, form: F, lines: list[Any], label: str, desk: "Desk") -> int:
        """Working days that a piece of work takes by its nature, such as a delivery: its timers begin after them."""
        return 0

    def due(self, form: F, lines: list[Any]) -> date | None:
        """The day by which it has to be decided to be of use: the first day of leave, when something is needed."""
        return None

    def stands(self, form: F, lines: list[Any], desk: "Desk") -> Fact | None:
        """How far its work is, in the words of a state: "ordered (PO-3); 2 of 5 received". None: its state says all."""
        return None

    def lowered(self, form: F, line: Any, amount: Decimal) -> dict[str, Any] | None:
        """What differs in a line (or, where there are none, in the form) that was approved for a lower amount.

        A value of None empties its field. None: nothing can be approved for less here.
        """
        return None

    def papers(self, form: F, lines: list[Any], desk: "Desk") -> list["Paper"]:
        """The files that come with it once it is approved: a calendar entry, an order."""
        return []

    def data(self, blank: "Blank", values: Mapping[str, Any], desk: "Desk") -> Data:
        """How sensitive a field is, where that depends on what stands in it."""
        return blank.data

    def settled(self, form: F, desk: "Desk") -> bool:
        """True once it can no longer be withdrawn in chat: the leave is over, the money is spent."""
        return False

    def bound_by(self, label: str) -> bool:
        """Whether that piece of work, once done, keeps a request from being withdrawn or changed in chat."""
        return True

    def matters(self, before: tuple[F, list[Any]], after: tuple[F, list[Any]], desk: "Desk") -> bool:
        """Whether a change to what was sent has to be approved anew; free text and less of the same do not."""
        changed = [
            each for each in differences(self, before, after, desk) if each.blank.told and not each.blank.free_text
        ]
        return not all(each.lower for each in changed)

    def spare(self, form: F, desk: "Desk") -> tuple[date, date] | None:
        """The first and the last day that can still be given back; None: there are none."""
        return None

    def revoked(self, form: F, start: date, end: date, desk: "Desk") -> dict[str, Any] | None:
        """The values that remain when the days from start to end are given back; None: none of them are."""
        return None

    def facts(self, form: F, lines: list[Any], desk: "Desk") -> list[Fact]:
        """What the approver needs in order to decide."""
        return []

    def outcome(self, form: F, desk: "Desk") -> Fact | None:
        """A sentence for the requester once it is decided: the new balance."""
        return None

    def reserve(self, form: F, lines: list[Any], desk: "Desk") -> None:
        """Ledger entries while it waits; taken back by the engine when it is decided or withdrawn."""

    def apply(self, form: F, lines: list[Any], desk: "Desk") -> None:
        """Ledger entries when it is approved or recorded: once, in the deciding transaction."""

    def undo(self, form: F, lines: list[Any], desk: "Desk") -> None:
        """Anything besides the ledgers to take back; the engine itself writes the counter-entries."""

    def suits(self, read: Mapping[str, Any], desk: "Desk") -> int:
        """How well a file that was read suits this kind, where several kinds read files; 0: not at all."""
        return 1

    def prefill(self, read: Mapping[str, Any], desk: "Desk") -> "Prefilled":
        """What a file fills in; `read` is what was read of it (knowledge.receipts.Receipt.as_doc)."""
        return Prefilled({})

    # derived, never written per kind

    @property
    def intent(self) -> str:
        return f"{self.name}.submit"

    def blanks(self, desk: "Desk | None" = None, *, line: bool = False) -> list[Blank]:
        """The fields to ask for, in the order they are asked."""
        form = self.line if line else self.form
        return blanks_of(form, self, desk) if form else []

    def of_company(self, desk: "Desk") -> Self:
        """The kind with the answers that the company offers this person, for what reads messages without a desk."""
        other = copy(self)
        other.offered = {each.name: each.options for each in self.sayable(desk) if each.options}
        return other

    def sayable(self, desk: "Desk | None" = None) -> list[Blank]:
        """Every field that a message may hold a value for: those of a line, then those of the form."""
        of_line = [each for each in self.blanks(desk, line=True) if each.name not in self.form.model_fields]
        return [*of_line, *self.blanks(desk)]

    def read(self, values: Mapping[str, Any], *, line: bool = False) -> tuple[dict[str, Any], dict[str, str]]:
        """Reads what is filled in so far: (good values by field, what is wrong by field).

        Values that are missing are in neither. What only the whole form can tell is told by whole().
        """
        form = self.line if line else self.form
        if form is None:
            return {}, dict.fromkeys(values, "This has no lines.")
        return forms.read(form, values)

    def whole(self, values: Mapping[str, Any], lines: Iterable[Mapping[str, Any]] = ()) -> tuple[F, list[Any]]:
        """The finished form and its lines; a Refusal names the first field that is missing or wrong."""
        form = validated(self.form, values)
        if self.line is None:
            return form, []
        return form, [validated(self.line, each).as_line(nth) for nth, each in enumerate(lines, start=1)]

    def split(self, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Values said flat: (those of the form, those that only its lines have)."""
        names = set(self.line.model_fields) - set(self.form.model_fields) if self.line else set[str]()
        own = {name: value for name, value in values.items() if name not in names}
        return own, {name: value for name, value in values.items() if name in names}

    def filled(
        self, values: Mapping[str, Any], lines: Sequence[Mapping[str, Any]], desk: "Desk"
    ) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """Values (also said flat) and lines as far as they can be read, with what follows from them filled in."""
        own, of_line = self.split(values)
        said = list(lines) or ([of_line] if of_line else [])
        read = [self.read(each, line=True)[0] for each in said] if self.line else []
        return self.fill(self.read(own)[0], desk), [self.fill_line(each, desk) for each in read]

    def args(self, values: Mapping[str, Any], *, line: bool = False) -> dict[str, Any]:
        """The values (of a line) as a call's arguments: without defaults and free text, in JSON's own types."""
        out: dict[str, Any] = {}
        for blank_ in self.blanks(line=line):
            value = values.get(blank_.name)
            if value is not None and value != blank_.default and not blank_.free_text:
                out[blank_.name] = plain(value)
        return out


def blanks_of(form: type[Form], kind: Kind[Any] | None = None, desk: "Desk | None" = None) -> list[Blank]:
    """The fields of a form, each with its widget; a type that no widget can ask for is a TypeError."""
    return [_offering(each, kind, desk) if each.widget is Widget.CHOICE else each for each in blanks_in(form)]


def _offering(blank_: Blank, kind: Kind[Any] | None, desk: "Desk | None") -> Blank:
    """A choice with the answers that the company, or else the kind, offers in place of the form's own."""
    own = kind.offered.get(blank_.name, ()) if kind and desk is None else ()
    options = own or (kind.options(blank_.name, desk) if kind else ())
    return replace(blank_, options=options) if options else blank_


class Kinds(dict[str, Kind[Any]]):
    """The kinds that this company uses, by name; looked up by prefix too."""

    def add(self, kind: Kind[Any]) -> None:
        """Takes a kind in; a form field that no widget can ask for stops the program here."""
        for form in (kind.form, kind.line, kind.policy):
            if form is not None and form is not kind.policy:
                blanks_of(form, kind)
        if kind.name in self or any(each.prefix == kind.prefix for each in self.values()):
            raise TypeError(f"two kinds are called {kind.name} or {kind.prefix}")
        self[kind.name] = kind

    def by_intent(self, intent: str) -> Kind[Any] | None:
        return next((each for each in self.values() if each.intent == intent), None)

    def reported(self, intent: str, args: Mapping[str, Any], *, pending: str | None = None) -> dict[str, Any]:
        """A call's arguments as they are told outside: without the details that are never among them.

        pending  the intent of the open draft, which a change belongs to
        """
        kind = self.by_intent(pending or "" if intent == "form.update" else intent)
        blanks = kind.sayable() if kind else []
        aside = {each.name for each in blanks if each.free_text and each.widget not in (Widget.LINE, Widget.LONG)}
        told = {name: value for name, value in args.items() if name not in aside and name != WHOSE}
        lines = as_lines(told.get("lines"))
        if not lines:
            return told
        return {**told, "lines": [{name: each[name] for name in each if name not in aside} for each in lines]}


def kinds_of(session: Session) -> Kinds:
    """The kinds that the application was built with."""
    return session.info["kinds"]
