"""A person's desk: what a kind may know and change of the requester, and of nobody else."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import calendars, leave, orders, people, policies, rates, replacing, routes, spending, tables
from backend.calendars import Part, Unit
from backend.kinds import Ask, Kind
from backend.people import Person
from backend.store import now

if TYPE_CHECKING:
    from backend.earlier import Earlier
    from backend.invoicing import Ordered
    from backend.readings import Twin

R = TypeVar("R", bound=tables.Row)


class Desk:
    """What the hooks of a kind get: the requester's calendar, ledgers and limits.

    number    the request that ledger entries are written for; None while it is a draft, which writes none
    changing  the request that a draft would change: what that takes now is free for the draft
    by        who makes the entries
    brought_in  for what was decided before it came here: the day it was made
    """

    def __init__(
        self,
        session: Session,
        person: Person,
        kind: Kind[Any],
        *,
        number: int | None = None,
        changing: int | None = None,
        by: Person | None = None,
    ) -> None:
        self._session = session
        self._kind = kind
        self._number = number
        self._changing = changing
        self._by = by
        self.person = person
        self.today: date = people.today(session, person)
        self.currency: str = person.employer.currency
        self.language: str = person.language
        self.brought_in: date | None = None

    @property
    def sent(self) -> bool:
        """True once the request is sent, when what it takes is already held back or booked."""
        return self._number is not None

    @property
    def sent_on(self) -> date:
        """The day on which the request was sent, where the person works; today for one that is new."""
        from backend.requests import Request  # they know desks

        if self._number is None:
            return self.today
        made_at = self._session.get_one(Request, self._number).made_at
        return made_at.astimezone(ZoneInfo(self.person.place.timezone)).date()

    @property
    def number(self) -> int | None:
        """The number of the request that this is about, sent or to be changed; None for one that is new."""
        return self._number or self._changing

    @property
    def now(self) -> datetime:
        """This moment, aware."""
        return now(self._session)

    @property
    def limits(self) -> Any:
        """The kind's limits as the company has set them."""
        return policies.limits(self._session, self._kind)

    def limit_lines(self, table: str) -> list[Any]:
        """The rows of one of the kind's policy tables, as set."""
        return policies.limit_lines(self._session, self._kind, table)

    def route(
        self, *, amount: Decimal | None, category: str | Collection[str] | None, days: Decimal | None = None
    ) -> list[list[Ask]]:
        """The stops that policies.toml sends such a request to; an infinite amount is one whose rate is not known."""
        return policies.route_for(
            self._session, self.person, kind=self._kind.name, amount=amount, category=category, days=days
        )

    def table(self, form: type[R], *, on: date) -> list[R]:
        """The rows of one of the kind's tables that hold for the person's employer on a day."""
        name = next(name for name, each in self._kind.tables.items() if each is form)
        return tables.rows(self._session, name, form, employer=self.person.employer, on=on)

    def spent(
        self,
        start: date,
        end: date,
        *,
        kind: str | None = None,
        mine: bool = False,
        category: str | None = None,
        cost_centre: str | None = None,
    ) -> Decimal:
        """What the employer (or the person alone) spends from start to end, pending requests counted, besides this."""
        found = spending.entries(
            self._session,
            employer=self.person.employer,
            start=start,
            end=end,
            kind=kind,
            person=self.person if mine else None,
            category=category,
            cost_centre=cost_centre,
            besides=self.number,
        )
        return sum((each.amount for each in found), Decimal(0))

    def alike(self, spent: spending.Spent) -> list[str]:
        """The references of the person's other requests of this kind for the same amount, day and payee."""
        found = spending.alike(self._session, self.person, spent, kind=self._kind.name, besides=self.number)
        return [f"{self._kind.prefix}-{number}" for number in found]

    def usual_category(self, payee: str) -> str | None:
        """What such requests of the person, or else of the employer, were mostly for that paid this payee."""
        return spending.usual_category(self._session, self.person, payee, kind=self._kind.name)

    def read_of(self, files: Iterable[str]) -> list[Mapping[str, Any]]:
        """What was read of each of these files, the pages of one receipt; nothing of those that were not read yet."""
        from backend import readings  # they know requests, and those know desks

        return readings.docs(self._session, files)

    def twins(self, files: Iterable[str]) -> list["Twin"]:
        """What is part of other requests in force and may be the same receipt, as far as whoever looks may know."""
        from backend import readings

        return readings.twins(self._session, files, besides=self.number, reader=self._by or self.person)

    def orders_in_reach(self, number: int | None = None) -> list["Ordered"]:
        """The orders (or that one alone) whose invoice the person may send."""
        from backend import invoicing  # it reads requests, and those know desks

        words: dict[str, Any] = {"kind": self._kind.name, "besides": self.number, "number": number}
        return invoicing.in_reach(self._session, self.person, **words)

    def note_files(self, file_ids: Iterable[str]) -> None:
        """Notes that these files are part of the request."""
        from backend import readings

        readings.use(self._session, file_ids, request=self._owed(), person=self.person)

    def hold_money(self, entries: Iterable[spending.Spent]) -> None:
        """Holds money back while the request waits."""
        self._spend(entries, spending.HOLD)

    def book_money(self, entries: Iterable[spending.Spent]) -> None:
        """Notes money as spent."""
        self._spend(entries, spending.BOOKING)

    def number_order(self) -> None:
        """Gives the request its order number, once."""
        orders.number(self._session, self._owed(), employer=self.person.employer)

    def note_ordered(self) -> None:
        """Notes that the order was placed with the supplier."""
        orders.note_placed(self._session, self._owed())

    @property
    def order(self) -> orders.Order | None:
        """The order that was made of the request."""
        return None if self._number is None else orders.of(self._session, self._number)

    def arrived(self) -> dict[int, int]:
        """How many pieces of the order have arrived, by line."""
        return {} if self._number is None else orders.arrived(self._session, self._number)

    def receive(self, quantities: Mapping[int, int], *, closed: str = "") -> None:
        """Notes what arrived of the order, by line; `closed` says why no more is waited for."""
        orders.receive(self._session, self._owed(), quantities=quantities, by=self._by, closed=closed)

    def day_of(self, moment: datetime) -> date:
        """The day that a moment falls on where the person's employer is."""
        return moment.astimezone(ZoneInfo(self.person.employer.timezone)).date()

    @property
    def house_language(self) -> str:
        """The language of the company's own papers."""
        return people.company(self._session).language

    @property
    def ref(self) -> str:
        """The reference of the request: PR-12; empty for one that is new."""
        return f"{self._kind.prefix}-{self.number}" if self.number else ""

    def thresholds(self) -> list[Decimal]:
        """The amounts above which such requests of the person go another way."""
        return routes.thresholds(policies.all_routes(self._session), self.person, kind=self._kind.name)

    def earlier(self, *, days: int, cost_centre: str) -> list["Earlier"]:
        """The requests of this kind that the person, their team or the cost centre made in the last days, newest first.

        What was rejected or withdrawn is left out, and so is this request.
        """
        from backend import earlier  # it reads requests, and those know desks

        return earlier.requests_of(
            self._session,
            self.person,
            self._kind,
            since=self.today - timedelta(days=days),
            cost_centre=cost_centre,
            besides=self.number,
        )

    def unpriced(self) -> list[str]:
        """The currencies in which the request has entries that wait for a rate."""
        found = spending.unpriced(self._session, request=self._number) if self._number else []
        return sorted({each.currency for each, _ in found})

    def price_money(self, said: Mapping[str, Decimal]) -> None:
        """Prices what waits for a rate: by the table, or by what is said for a currency."""
        rates.price(self._session, by=self._by, request=self._owed(), said=said)

    def pay_money(self) -> Decimal:
        """Notes that what is owed was paid; how much that was."""
        return spending.pay(self._session, self._owed(), by=self._by)

    def _spend(self, entries: Iterable[spending.Spent], sort: str) -> None:
        for each in entries:
            spending.enter(
                self._session, self.person, each, kind=self._kind.name, sort=sort, request=self._owed(), by=self._by
            )

    def cost(self, day: date, *, part: Part, unit: Unit) -> Decimal:
        """What leave on a day costs the person: 0, 0.5 or 1."""
        return calendars.counts(self._session, self.person, day, part=part, unit=unit)

    def holiday(self, day: date) -> str | None:
        """The name of the holiday that the person's place has on a day."""
        return calendars.holiday_name(self._session, self.person.place, day)

    def working_days_before(self, day: date, *, most: int) -> int:
        """The days that the person works from today to the eve of a day; no more than `most` are counted."""
        return calendars.days_before(self._session, self.person, day, since=self.today, most=most)

    @property
    def country(self) -> str:
        """Where the person works: a country's code, such as ES."""
        return self.person.place.country

    def belongs(self, *, team: str | None, place: str | None) -> bool:
        """Whether the person is in a team and at a place; None stands for any."""
        mine = (self.person.team.casefold(), self.person.place.name.casefold())
        return all(each is None or each.casefold() == own for each, own in zip((team, place), mine, strict=True))

    def free_leave(self, leave_type: str) -> Decimal:
        """Days of a leave type that can still be asked for."""
        mine = select(leave.LeaveEntry.days).where(
            leave.LeaveEntry.request == self._changing, leave.LeaveEntry.leave_type == leave_type
        )
        taken = sum(self._session.scalars(mine), Decimal(0)) if self._changing else Decimal(0)
        return leave.free(self._session, self.person, leave_type) - taken

    def own_leave(self, start: date, end: date) -> list[leave.LeaveDay]:
        """The person's own days away or asked for, besides this request."""
        rows = leave.days_of(self._session, self.person, start, end)
        return [row for row in rows if row.request != self.number]

    def newer(self, request: int) -> bool:
        """Whether that request was sent after this one; a draft is the newest of all."""
        return self.number is not None and request > self.number

    def team_away(self, start: date, end: date) -> list[str]:
        """The names of those in the person's team who are away, without the kind of absence."""
        names: list[str] = []
        for row in leave.away(self._session, start, end):
            other = self._session.get(Person, row.person_id)
            if other is None or other.id == self.person.id or other.team != self.person.team:
                continue
            if other.name not in names:
                names.append(other.name)
        return names

    def reserve_leave(
        self, leave_type: str, taken: Iterable[leave.Taken], *, kept: bool, line: int | None = None
    ) -> None:
        """Puts days into the calendar as pending and, where a balance is kept, holds them back (for a line)."""
        days = list(taken)
        leave.mark(self._session, self.person, days, leave_type=leave_type, request=self._owed(), state="pending")
        if kept:
            self._enter(leave_type, leave.HOLD, days, line)

    def book_leave(self, leave_type: str, taken: Iterable[leave.Taken], *, kept: bool, line: int | None = None) -> None:
        """Puts days into the calendar as booked and, where a balance is kept, takes them off it (for a line)."""
        days = list(taken)
        leave.mark(self._session, self.person, days, leave_type=leave_type, request=self._owed(), state="booked")
        if kept:
            self._enter(leave_type, leave.BOOKING, days, line)

    def give_back(self, *, request: int, days: Iterable[date]) -> None:
        """Gives back single days of another request of the person, in whose place this one comes."""
        replacing.give_back(self._session, self.person, request=request, days=days, to=self._number, by=self._by)

    def take_out_of_leave(self, *, request: int, taken: Mapping[date, Part], unit: Unit) -> None:
        """Gives back what of another request falls on days of this one, to the half day; the person is told.

        unit  in which that other leave is counted
        """
        replacing.take_out(
            self._session, self.person, request=request, taken=taken, unit=unit, to=self._number, by=self._by
        )

    def leave_to(self, taken: Iterable[leave.Taken], *, leave_type: str, request: int) -> None:
        """Notes days that a newer request of the person takes, so that they count here once it no longer does."""
        leave.mark(
            self._session,
            self.person,
            taken,
            leave_type=leave_type,
            request=self._owed(),
            state=leave.GIVEN_BACK,
            given_to=request,
        )

    def count_again(self, *, besides: Mapping[date, Part] | None = None) -> None:
        """What this request came in the place of counts again, but on the days that it still takes."""
        replacing.count_again(self._session, self.person, to=self._owed(), besides=besides or {}, by=self._by)

    def _enter(self, leave_type: str, sort: str, days: list[leave.Taken], line: int | None) -> None:
        total = sum((each.cost for each in days), Decimal(0))
        leave.enter(
            self._session,
            self.person,
            leave_type=leave_type,
            sort=sort,
            days=-total,
            by=self._by,
            request=self._owed(),
            line=line,
        )

    def _owed(self) -> int:
        if self._number is None:
            raise ValueError("a draft writes no ledger entries")
        return self._number
