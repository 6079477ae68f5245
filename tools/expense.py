"""Expenses: money that somebody spent for the company and wants back, one thing or a whole trip at a time."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from backend.allowances import Mileage, PerDiem
from backend.desk import Desk
from backend.forms import Blank, Data, Form, Option, Widget
from backend.kinds import Ask, Fact, Kind, Objection, Prefilled, Sort
from backend.payments import ACCOUNTS, BankAccount
from backend.rates import UNKNOWN, UNPRICED, Rate
from backend.refusals import Refusal
from backend.words import Country, Money, Span, Title, say, write
from tools import expense_checks, expense_receipts
from tools.expense_lines import (
    PAID_BY,
    WITHOUT_RECEIPT,
    WORDS,
    Category,
    CategoryLimits,
    ExpenseForm,
    ExpenseLimits,
    ExpenseLine,
    PaidBy,
    Vehicle,
)
from tools.expense_money import by_table, cost, missing_for_table, owed, priced, rate_for, total

Lines = Sequence[ExpenseLine]
PAY, RATE = "pay", "rate_"


def _shown_for(lines: Sequence[Any]) -> set[str]:
    """What an approver saw for the money besides its sums: the pages, and the names of the shops."""
    return {page for each in lines for page in each.receipt} | {each.merchant for each in lines if each.merchant}


class Expense(Kind[ExpenseForm]):
    """Asks for money back."""

    name = "expense"
    prefix = "EX"
    title = "Expense"
    form = ExpenseForm
    line = ExpenseLine
    policy = ExpenseLimits
    policy_lines: ClassVar[Mapping[str, type[Form]]] = {"category": CategoryLimits}
    tables: ClassVar[Mapping[str, type[Form]]] = {
        "rates": Rate,
        "mileage": Mileage,
        "per_diem": PerDiem,
        ACCOUNTS: BankAccount,
    }
    done_word = "paid"
    keeper = "finance"
    reads = True
    examples = (
        "I paid 34 euros for a taxi yesterday",
        "expense: lunch with a client, 56.20",
        "please reimburse my train ticket of 80 euros on Monday",
        "claim back 120 for the hotel in Lisbon last week",
        "I want to submit an expense",
        "spent 15 on printer paper",
        "he pagado 20 euros de taxi ayer",
        "gastei 12 euros no almoço",
        "ich habe gestern 30 Euro für ein Taxi bezahlt",
        "j'ai payé 45 euros de train hier",
        "ho speso 18 euro per il pranzo",
    )

    def options(self, name: str, desk: Desk | None) -> tuple[Option, ...]:
        match name:
            case "category":
                return tuple(Option(each.value, each.named, WORDS[each]) for each in Category)
            case "paid_by":
                return tuple(Option(each.value, *PAID_BY[each]) for each in PaidBy)
            case "vehicle":
                return tuple(Option(each.value, each.value.capitalize()) for each in Vehicle)
            case _:
                return ()

    def fill_line(self, values: dict[str, Any], desk: Desk) -> dict[str, Any]:
        out = {"currency": desk.currency, **values}
        out.pop("granted", None)
        if out.get("distance"):
            driven = {"category": Category.MILEAGE}
            out = driven | out if out.get("amount") else out | driven  # kilometres without a price, wherever they led
        if out.get("category") in WITHOUT_RECEIPT and (out.get("country") or not out.get("city")):
            out["country"] = str(out.get("country") or desk.person.place.country).upper()
        if out.get("category") == Category.PER_DIEM and out.get("start"):
            out.setdefault("date", out["start"])
        amount = by_table(out, desk)
        if amount:
            out |= {"amount": amount, "currency": desk.currency}
        foreign = str(out["currency"]) != desk.currency
        out["into"] = desk.currency if foreign else ""
        return {**out, "rate": rate_for(str(out["currency"]), out.get("date") or desk.today, desk)}

    def asks_instead(self, name: str, values: Mapping[str, Any]) -> str:
        """What a table prices is asked for by what the table needs."""
        return next(iter(missing_for_table(values)), name) if name == "amount" else name

    def prefill(self, read: Mapping[str, Any], desk: Desk) -> Prefilled:
        return expense_receipts.prefill(read, desk)

    def summary(self, form: ExpenseForm, lines: Lines, language: str) -> str:
        sums: dict[str, Decimal] = {}
        for each in lines:
            sums[each.currency] = sums.get(each.currency, Decimal(0)) + each.amount
        titles = list(dict.fromkeys(_named(each, language) for each in lines))
        what = ", ".join([*titles[:3], *(["…"] if len(titles) > 3 else [])])
        spent = " + ".join(Money(amount, currency).said_in(language) for currency, amount in sums.items())
        named = f"{form.title or form.trip}: " if form.title or form.trip else ""
        return f"{named}{', '.join(each for each in (what, spent) if each)}" or say(language, self.title)

    def amount(self, form: ExpenseForm, lines: Lines) -> Decimal | None:
        """In the employer's currency; more than any limit as long as a rate is missing."""
        return UNPRICED if any(each.rate == UNKNOWN for each in lines) else total(lines)

    def category(self, form: ExpenseForm, lines: Lines) -> str | list[str] | None:
        names = sorted({each.category.value for each in lines})
        return names[0] if len(names) == 1 else names

    def matters(self, before: tuple[ExpenseForm, list[Any]], after: tuple[ExpenseForm, list[Any]], desk: Desk) -> bool:
        """More money does, and so does what was shown for it: a page that is gone, another name of the shop."""
        more = sum(map(owed, after[1])) > sum(map(owed, before[1]))
        return more or not _shown_for(before[1]) <= _shown_for(after[1]) or super().matters(before, after, desk)

    def route(self, form: ExpenseForm, lines: Lines, desk: Desk) -> list[list[Ask]]:
        """There is nothing to pay where nothing was one's own money, whatever policy says."""
        stops = super().route(form, list(lines), desk)
        if any(each.paid_by is PaidBy.OWN for each in lines):
            return stops
        return [left for stop in stops if (left := [ask for ask in stop if ask.label != PAY])]

    def work(self, form: ExpenseForm, lines: Lines, desk: Desk) -> list[list[Ask]]:
        return [[Ask(("finance",), "finance", sort=Sort.WORK, label=PAY)]]

    def tells(self, form: ExpenseForm, lines: Lines, label: str, desk: Desk) -> list[Blank]:
        """The rates that are missing, which finance fills in when it pays."""
        return [_rate_blank(each, desk.currency) for each in desk.unpriced()] if label == PAY else []

    def told(self, form: ExpenseForm, lines: Lines, label: str, said: Mapping[str, Any], desk: Desk) -> bool:
        if label == PAY:
            desk.price_money({name.removeprefix(RATE): _rate(value) for name, value in said.items() if value})
            for currency in desk.unpriced():
                raise Refusal("There is no rate for {currency} yet: fill it in to pay this.", currency=currency)
            desk.pay_money()
        return True

    def lowered(self, form: ExpenseForm, line: ExpenseLine, amount: Decimal) -> dict[str, Any] | None:
        if line.rate == UNKNOWN or not 0 < amount < cost(line):
            return None
        return {"amount": amount} if line.rate == 1 else {"granted": amount}

    def check(self, form: ExpenseForm, lines: Lines, desk: Desk) -> list[Objection]:
        return expense_checks.objections(form, lines, desk)

    def facts(self, form: ExpenseForm, lines: Lines, desk: Desk) -> list[Fact]:
        out: list[Fact] = []
        sums = {each: total(line for line in lines if line.category is each) for each in Category}
        sums = {each: amount for each, amount in sums.items() if amount}
        if len(lines) > 1 or any(each.currency != desk.currency for each in lines):
            out.append(Fact("Total", "{amount}", {"amount": _sum(lines, total(lines), desk)}))
        if len(sums) > 1:
            out += [Fact(each.named, "{amount}", {"amount": Money(sum_, desk.currency)}) for each, sum_ in sums.items()]
        own = [each for each in lines if each.paid_by is PaidBy.OWN]
        out.append(Fact("Paid back", "{amount}", {"amount": _sum(own, sum(map(owed, own), Decimal(0)), desk)}))
        limits, by_category = desk.limits, expense_checks.limits_of(desk)
        lacking = [each for each in lines if expense_checks.lacks_receipt(each, limits, by_category.get(each.category))]
        if lacking:
            count = {"count": len(lacking), "all": len(lines)}
            out.append(Fact("Receipts missing", "{count} of {all}", count))
        return [*out, *expense_receipts.facts(lines, desk), *self._months(lines, desk)]

    def reserve(self, form: ExpenseForm, lines: Lines, desk: Desk) -> None:
        desk.note_files(page for each in lines for page in each.receipt)
        desk.hold_money(priced(lines, desk))

    def apply(self, form: ExpenseForm, lines: Lines, desk: Desk) -> None:
        desk.book_money(priced(lines, desk))

    def _months(self, lines: Lines, desk: Desk) -> list[Fact]:
        """What each category comes to in each month with this request, beside its limit where it has one."""
        out: list[Fact] = []
        limits = expense_checks.limits_of(desk)
        months = {(each.category, *expense_checks.month_of(each.date)) for each in lines}
        for category, start, end in sorted(months):
            here = total(each for each in lines if each.category is category and start <= each.date <= end)
            spent = here + desk.spent(start, end, kind=self.name, mine=True, category=category.value)
            most = limits[category].per_month if category in limits else None
            values: dict[str, object] = {"category": Title(category.named), "spent": Money(spent, desk.currency)}
            if most is None:
                out.append(Fact("In that month", "{category}: {spent}", values))
            else:
                values["limit"] = Money(most, desk.currency)
                out.append(Fact("In that month", "{category}: {spent} of {limit}", values))
        return out


def _sum(lines: Lines, amount: Decimal, desk: Desk) -> Money | str:
    """What lines come to, and beside it what they are in currencies of which there is no rate yet."""
    waits: dict[str, Decimal] = {}
    for each in lines:
        if each.rate == UNKNOWN:
            waits[each.currency] = waits.get(each.currency, Decimal(0)) + each.amount
    if not waits:
        return Money(amount, desk.currency)
    more = " + ".join(Money(one, currency).said_in(desk.language) for currency, one in waits.items())
    if not amount:
        return say(desk.language, "{more}, once there is a rate", more=more)
    return say(desk.language, "{amount} + {more}, once there is a rate", amount=Money(amount, desk.currency), more=more)


def _named(line: ExpenseLine, language: str) -> str:
    """What a line is for; of days away also where and when: "Per diem (Lisbon, Portugal, Mon 2 Nov to Wed 4 Nov)"."""
    title = say(language, line.category.named)
    if line.category is not Category.PER_DIEM or line.start is None or line.end is None:
        return title
    where = ", ".join(write(language, each) for each in (line.city, Country(line.country)) if each)
    return f"{title} ({where}, {write(language, Span(line.start, line.end))})"


def _rate_blank(currency: str, own: str) -> Blank:
    title = f"1 {currency} = … {own}"
    words: dict[str, Any] = {"data": Data.PLAIN, "free_text": True, "told": True, "default": None, "type": Decimal}
    return Blank(f"{RATE}{currency}", title, title, Widget.NUMBER, required=True, **words)


def _rate(said: Any) -> Decimal:
    good, wrong = KIND.read({"rate": said}, line=True)
    if wrong or not good["rate"]:
        raise Refusal("A rate is a number above 0, such as 0.92.", field="rate")
    return good["rate"]


KIND = Expense()
