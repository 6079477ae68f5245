"""Looks up what was spent: a sum of expenses by category, with what waits, what is approved and what is paid."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from backend import people, spending
from backend.forms import Form, blank
from backend.kinds import kinds_of
from backend.people import Person
from backend.refusals import Refusal
from backend.spending import BOOKING, CORRECTION, HOLD, PAYMENT, MoneyEntry
from backend.words import Money, Span, say
from tools.expense_checks import month_of
from tools.look import Around, Found, Look

KIND = "expense"
TRAVEL = "travel"
OF_TRAVEL = frozenset({"transport", "lodging", "mileage", "per_diem"})
"""The categories that people mean by travel."""


class WhichSpending(Form):
    """Whose expenses, of what, from when to when; the person's own of this month where nothing is said.

    whose     "me", "reports" (those who report to the person, directly or not) or "company"
    person    somebody by name; team: everybody in it
    category  one of the categories of expenses, or "travel" for all that a trip costs
    """

    whose: str = blank("Whose", default="me", pattern="^(me|reports|company)$")
    person: str | None = blank("Person", default=None)
    team: str | None = blank("Team", default=None)
    category: str | None = blank("Category", default=None)
    start: date | None = blank("First day", default=None)
    end: date | None = blank("Last day", default=None)


@dataclass
class Sums:
    """What entries come to in one currency, by how far they are."""

    waits: Decimal = Decimal(0)
    approved: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        return self.waits + self.approved + self.paid

    def said(self, language: str, currency: str) -> str:
        """The total, and what of it waits, is approved and is paid back: "€46.00 (€34.00 waits, €12.00 approved)"."""
        waits, approved, paid = (Money(each, currency) for each in (self.waits, self.approved, self.paid))
        parts = [
            *([say(language, "{amount} waits", amount=waits)] if self.waits else []),
            *([say(language, "{amount} approved", amount=approved)] if self.approved else []),
            *([say(language, "{amount} paid", amount=paid)] if self.paid else []),
        ]
        return f"{Money(self.total, currency).said_in(language)} ({', '.join(parts)})"


def find(around: Around, asked: WhichSpending) -> Found:
    """The sums, for oneself, for those who report to one, and for finance of anybody; a Refusal for all others."""
    session, me = around.session, around.person
    language = me.language
    whom, whose = _whom(session, me, asked)
    span = _span(asked, people.today(session, me))
    found = _entries(session, whom, span, _categories(asked.category))
    own = whom == [me]
    words = {"whose": whose, "span": span}
    if not any(each.amount or each.original for each in found):
        text = "I find no expenses of yours for {span}." if own else "I find no expenses of {whose} for {span}."
        return Found(say(language, text, **words))
    said = [say(language, "Your expenses, {span}:" if own else "Expenses of {whose}, {span}:", **words)]
    titles = {each.value: say(language, each.title) for each in kinds_of(session)[KIND].options("category", None)}
    names = {each.id: each.name for each in whom}
    for currency in sorted({each.employer.currency for each in whom}):
        paid_in = {each.employer_id for each in whom if each.employer.currency == currency}
        mine = [each for each in found if each.employer_id in paid_in]
        by_category = _sums(mine, lambda each: titles.get(each.category, each.category))
        by_person = _sums(mine, lambda each: names[each.person_id])
        said += [f"• {title}: {sums.said(language, currency)}" for title, sums in by_category.items()]
        if len(by_category) > 1:
            total = _sums(mine, lambda each: "")[""].said(language, currency)
            said.append(say(language, "In all: {sum}", sum=total))
        if len(by_person) > 1:
            said += [f"• {name}: {sums.said(language, currency)}" for name, sums in by_person.items()]
    return Found("\n".join([*said, *_not_counted(session, found, language)]))


def _span(asked: WhichSpending, today: date) -> Span:
    """The days that are asked for: to this day where no last one is said, else this month."""
    if asked.start is None:
        return Span(*month_of(asked.end or today))
    return Span(asked.start, asked.end or max(asked.start, today))


def _categories(asked: str | None) -> frozenset[str] | None:
    return OF_TRAVEL if asked == TRAVEL else frozenset({asked}) if asked else None


def _entries(session: Session, whom: list[Person], span: Span, categories: frozenset[str] | None) -> list[MoneyEntry]:
    ids = {each.id for each in whom}
    return [
        each
        for employer in {one.employer_id: one.employer for one in whom}.values()
        for each in spending.entries(session, employer=employer, start=span.start, end=span.end, kind=KIND)
        if each.person_id in ids and (categories is None or each.category in categories)
    ]


def _sums(entries: list[MoneyEntry], by: Callable[[MoneyEntry], str]) -> dict[str, Sums]:
    """What entries come to under each heading, the largest first; what is nothing in all is left out."""
    lines: dict[tuple[str, int, int | None], list[MoneyEntry]] = {}
    for each in entries:
        lines.setdefault((by(each), each.request, each.line), []).append(each)
    out: dict[str, Sums] = {}
    for (heading, *_), same in lines.items():
        sums = out.setdefault(heading, Sums())
        booked = _sum(each.amount for each in same if each.sort in (BOOKING, CORRECTION))
        was_owed = _sum(each.owed for each in same if each.sort in (BOOKING, CORRECTION))
        is_owed = was_owed + _sum(each.owed for each in same if each.sort == PAYMENT)
        sums.waits += _sum(each.amount for each in same if each.sort == HOLD)
        sums.paid += booked if was_owed and not is_owed else Decimal(0)
        sums.approved += Decimal(0) if was_owed and not is_owed else booked
    return {name: out[name] for name in sorted(out, key=lambda name: -out[name].total) if out[name].total}


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))


def _not_counted(session: Session, found: list[MoneyEntry], language: str) -> list[str]:
    """What is in a currency without a rate, and so in no sum yet."""
    left: dict[int, Decimal] = {}
    for each in found:
        if not each.rate:
            left[each.request] = left.get(each.request, Decimal(0)) + each.original
    refs = ", ".join(f"{kinds_of(session)[KIND].prefix}-{number}" for number, amount in left.items() if amount)
    return [say(language, "Not counted, since there is no rate for them yet: {refs}.", refs=refs)] if refs else []


def _whom(session: Session, me: Person, asked: WhichSpending) -> tuple[list[Person], str]:
    """(the people whose expenses are asked for, how they are called); a Refusal where they are not one's business."""
    other = people.find(session, asked.person) if asked.person else me
    if other.id == me.id and asked.team is None and asked.whose == "me":
        return [me], me.name
    finance, below = people.has_role(me, "finance"), _below(session, me)
    if asked.whose == "company" and not finance and not below:
        return [me], me.name  # "what did we spend", asked by somebody who sees their own alone
    reach = people.everybody(session) if finance and asked.whose != "reports" else below
    if other.id != me.id:
        found, name = [each for each in reach if each.id == other.id], other.name
    elif asked.team is not None:
        found, name = [each for each in reach if each.team.casefold() == asked.team.casefold()], asked.team
    else:
        everybody = finance and asked.whose == "company"
        found, name = reach, say(me.language, "everybody in the company" if everybody else "those who report to you")
    if not found:
        raise Refusal("I tell everybody what they spent, and managers also what those spent who report to them.")
    return found, name


def _below(session: Session, me: Person) -> list[Person]:
    """Those who report to somebody, directly or through others."""
    everybody = people.everybody(session)
    found: dict[int, Person] = {}
    above = {me.id}
    while above:
        new = [each for each in everybody if each.manager_id in above and each.id not in found and each.id != me.id]
        found |= {each.id: each for each in new}
        above = {each.id for each in new}
    return sorted(found.values(), key=lambda each: each.name)


LOOK = Look(
    "look_spending",
    ("spending.sum",),
    WhichSpending,
    find,
    "What was spent on expenses in a time, summed by category: what waits, is approved and is paid.",
)
