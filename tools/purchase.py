"""Purchases: what is to be bought, how many, for how much; ordered and received once approved."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from pydantic import Field

from backend.budgets import Budget
from backend.desk import Desk
from backend.forms import Blank, Form
from backend.kinds import Ask, Fact, Kind, Objection, Paper, Sort
from backend.rates import Rate, exact, rounded
from backend.words import Money, say
from tools import purchase_checks, purchase_orders
from tools.purchase_lines import PurchaseForm, PurchaseLine, cost, in_all, named, rate_for, spent, total
from tools.purchase_orders import ORDER, RECEIVE

LONGEST_DELIVERY = 250
"""Working days: nobody waits longer for the first reminder."""


class PurchaseLimits(Form):
    """Limits on purchases, and who does the work once one is approved.

    largest      total above which the card says that it is a large one, in the employer's currency
    split_days   how many days back requests are looked at that may be parts of the same purchase; 0: none
    alike_days   how many days back the team's requests for the same thing are shown; 0: none
    orders       the role that places the order; empty: nobody has to
    receives     who says what has arrived: a role, or "requester"; empty: nobody has to
    delivery_days  working days after the order in which nobody is reminded to receive it, where no day was said
    """

    largest: Decimal = Decimal(10_000)
    split_days: int = Field(default=14, ge=0, le=366)
    alike_days: int = Field(default=90, ge=0, le=366)
    orders: str = "finance"
    receives: str = "requester"
    delivery_days: int = Field(default=10, ge=0, le=250)


class Purchase(Kind[PurchaseForm]):
    """Asks for something to be bought."""

    name = "purchase"
    prefix = "PR"
    title = "Purchase"
    form = PurchaseForm
    line = PurchaseLine
    policy = PurchaseLimits
    tables: ClassVar[Mapping[str, type[Form]]] = {"rates": Rate, "budgets": Budget}
    done_word = "received"
    keeper = "finance"
    examples = (
        "I need a new laptop stand for 40 euros",
        "can we buy two whiteboards, 90 each",
        "please order a headset from Logitech",
        "purchase request: 5 licences of Figma at 12 euros each",
        "our team wants a coffee machine, around 300",
        "I want to buy something for the office",
        "necesito comprar una silla nueva",
        "preciso de comprar um teclado",
        "ich brauche einen neuen Bildschirm für 250 Euro",
        "il me faut un nouveau casque",
        "mi serve una sedia nuova",
    )

    def fill(self, values: dict[str, Any], desk: Desk) -> dict[str, Any]:
        out = {"currency": desk.currency, **values}
        out["into"] = desk.currency if str(out["currency"]) != desk.currency else ""
        return {**out, "rate": rate_for(str(out["currency"]), desk)}

    def fill_line(self, values: dict[str, Any], desk: Desk) -> dict[str, Any]:
        out = dict(values)
        price, quantity = out.get("unit_price"), out.get("quantity")
        if price is not None:  # it decides the total, and without a quantity there is none yet
            out["total"] = None if quantity is None else Decimal(str(price)) * int(quantity)
        elif out.get("total") is not None:
            out.setdefault("quantity", 1)
        return {name: value for name, value in out.items() if value is not None}

    def follows_line(self, values: Mapping[str, Any]) -> frozenset[str]:
        return frozenset({"total"}) if values.get("unit_price") is not None else frozenset()

    def summary(self, form: PurchaseForm, lines: list[PurchaseLine], language: str) -> str:
        whole = Money(total(lines), form.currency)
        if len(lines) > 3:
            first = ", ".join(named(each, most=60) for each in lines[:2])
            return say(language, "{some} and {count} more, {total}", some=first, count=len(lines) - 2, total=whole)
        most = 200 if len(lines) == 1 else 60
        return ", ".join([*(named(each, most=most) for each in lines), whole.said_in(language)])

    def amount(self, form: PurchaseForm, lines: list[PurchaseLine]) -> Decimal | None:
        """In the employer's currency; more than any limit as long as a rate is missing."""
        return in_all(form, lines)

    def lowered(self, form: PurchaseForm, line: PurchaseLine, amount: Decimal) -> dict[str, Any] | None:
        if not form.rate or not 0 < amount < cost(form, line):
            return None
        less = rounded(amount / form.rate, form.currency)
        return {"total": less, "unit_price": None} if 0 < less < line.total else None

    def matters(
        self,
        before: tuple[PurchaseForm, list[PurchaseLine]],
        after: tuple[PurchaseForm, list[PurchaseLine]],
        desk: Desk,
    ) -> bool:
        """So do whose budget it is, where it is bought and where it goes."""
        other_pays = before[0].cost_centre.casefold() != after[0].cost_centre.casefold()
        elsewhere = before[0].deliver_to != after[0].deliver_to
        other = [each.link for each in before[1]] != [each.link for each in after[1]]
        return other_pays or elsewhere or other or super().matters(before, after, desk)

    def check(self, form: PurchaseForm, lines: list[PurchaseLine], desk: Desk) -> list[Objection]:
        if not all(exact(each.total, form.currency) for each in lines):
            text = "Amounts in this currency have fewer decimals: write what it costs."
            return [Objection(text, field="total", blocks=True)]
        limits: PurchaseLimits = desk.limits
        found = [
            purchase_checks.unpriced(form),
            *(each.objection for each in purchase_checks.left(form, lines, desk)),
            purchase_checks.split(form, lines, desk, days=limits.split_days),
        ]
        out = [each for each in found if each is not None]
        if form.rate and in_all(form, lines) > limits.largest:
            limit = Money(limits.largest, desk.currency)
            out.insert(0, Objection("That is more than {limit}.", {"limit": limit}, "total", limit="largest"))
        if form.needed_by and form.needed_by < desk.today:
            out.append(Objection("{day} is in the past: is the date right?", {"day": form.needed_by}, "needed_by"))
        return out

    def facts(self, form: PurchaseForm, lines: list[PurchaseLine], desk: Desk) -> list[Fact]:
        limits: PurchaseLimits = desk.limits
        out = [each.fact for each in purchase_checks.left(form, lines, desk)]
        before = purchase_checks.before(lines, form, desk, days=limits.alike_days)
        return [*out, before] if before else out

    def reserve(self, form: PurchaseForm, lines: list[PurchaseLine], desk: Desk) -> None:
        desk.hold_money(spent(form, lines, desk, centre=purchase_checks.centre_of(form, desk)))

    def apply(self, form: PurchaseForm, lines: list[PurchaseLine], desk: Desk) -> None:
        desk.book_money(spent(form, lines, desk, centre=purchase_checks.centre_of(form, desk)))
        if not desk.brought_in:  # what was ordered elsewhere has its number from there
            desk.number_order()

    def work(self, form: PurchaseForm, lines: list[PurchaseLine], desk: Desk) -> list[list[Ask]]:
        limits: PurchaseLimits = desk.limits
        to_order = Ask((limits.orders,), limits.orders, sort=Sort.WORK, label="order")
        to_receive = Ask((limits.receives,), limits.receives, sort=Sort.WORK, label="receive")
        return [[each] for each in (to_order, to_receive) if each.why]

    def tells(self, form: PurchaseForm, lines: list[PurchaseLine], label: str, desk: Desk) -> list[Blank]:
        return purchase_orders.asked(lines, desk) if label == RECEIVE else []

    def told(
        self, form: PurchaseForm, lines: list[PurchaseLine], label: str, said: Mapping[str, Any], desk: Desk
    ) -> bool:
        if label == ORDER:
            desk.note_ordered()
        return label != RECEIVE or purchase_orders.received(lines, said, desk)

    def patience(self, form: PurchaseForm, lines: list[PurchaseLine], label: str, desk: Desk) -> int:
        limits: PurchaseLimits = desk.limits
        if label != RECEIVE:
            return 0
        due = form.needed_by if form.needed_by and form.needed_by > desk.today else None
        return limits.delivery_days if due is None else desk.working_days_before(due, most=LONGEST_DELIVERY)

    def due(self, form: PurchaseForm, lines: list[PurchaseLine]) -> date | None:
        return form.needed_by

    def stands(self, form: PurchaseForm, lines: list[PurchaseLine], desk: Desk) -> Fact | None:
        return purchase_orders.stands(lines, desk)

    def bound_by(self, label: str) -> bool:
        return label in (ORDER, RECEIVE)

    def papers(self, form: PurchaseForm, lines: list[PurchaseLine], desk: Desk) -> list[Paper]:
        return purchase_orders.papers(form, lines, desk, centre=purchase_checks.centre_of(form, desk))


KIND = Purchase()
