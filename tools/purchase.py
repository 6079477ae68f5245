"""Purchases: what is to be bought, how many, for how much."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import model_validator

from backend.desk import Desk
from backend.kinds import Form, Kind, Objection, Widget, blank
from backend.words import Money, say


class PurchaseForm(Form):
    """What is asked once of somebody who needs things bought."""

    currency: str = blank("Currency", default="EUR", pattern="^[A-Z]{3}$")
    vendor: str = blank("Vendor", default="", max_length=200)
    needed_by: date | None = blank("Needed by", default=None)
    reason: str = blank("Reason", widget=Widget.LONG, free_text=True, default="")
    cost_centre: str = blank("Cost centre", free_text=True, default="", max_length=60)
    deliver_to: str = blank("Deliver to", free_text=True, default="", max_length=300)


class PurchaseLine(Form):
    """One thing to be bought. Either a unit price or a total."""

    item: str = blank("Item", question="What do you need?", min_length=2, max_length=200)
    unit_price: Decimal | None = blank(
        "Price each", widget=Widget.MONEY, default=None, gt=0, max_digits=12, decimal_places=2
    )
    total: Decimal = blank(
        "Total", question="What does it cost in all?", widget=Widget.MONEY, gt=0, max_digits=12, decimal_places=2
    )
    quantity: int = blank("Quantity", question="How many?", ge=1, le=10_000)
    link: str = blank("Link", free_text=True, default="", max_length=500)

    @model_validator(mode="after")
    def _adds_up(self) -> "PurchaseLine":
        if self.unit_price is not None and self.unit_price * self.quantity != self.total:
            raise ValueError("The total is not the price each times the quantity: change one of them.")
        return self


class PurchaseLimits(Form):
    """Limits on purchases.

    largest  total above which the card says that it is a large one, in the employer's currency
    """

    largest: Decimal = Decimal(10_000)


class Purchase(Kind[PurchaseForm]):
    """Asks for something to be bought."""

    name = "purchase"
    prefix = "PR"
    title = "Purchase"
    form = PurchaseForm
    line = PurchaseLine
    policy = PurchaseLimits
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
        return {"currency": desk.currency, **values}

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
        total = Money(_total(lines), form.currency)
        if len(lines) > 3:
            first = ", ".join(_named(each, most=60) for each in lines[:2])
            words = {"some": first, "count": len(lines) - 2, "total": total}
            return say(language, "{some} and {count} more, {total}", **words)
        most = 200 if len(lines) == 1 else 60
        return ", ".join([*(_named(each, most=most) for each in lines), total.said_in(language)])

    def amount(self, form: PurchaseForm, lines: list[PurchaseLine]) -> Decimal | None:
        return _total(lines)

    def currency(self, form: PurchaseForm) -> str | None:
        return form.currency

    def lowered(self, form: PurchaseForm, line: PurchaseLine, amount: Decimal) -> dict[str, Any] | None:
        if not 0 < amount < line.total:
            return None
        return {"total": amount, "unit_price": None}  # it follows no more from a price each

    def check(self, form: PurchaseForm, lines: list[PurchaseLine], desk: Desk) -> list[Objection]:
        out: list[Objection] = []
        limits: PurchaseLimits = desk.limits
        if _total(lines) > limits.largest:
            out.append(
                Objection("That is more than {limit}.", {"limit": Money(limits.largest, desk.currency)}, "total")
            )
        if form.needed_by and form.needed_by < desk.today:
            out.append(Objection("{day} is in the past: is the date right?", {"day": form.needed_by}, "needed_by"))
        return out


def _total(lines: list[PurchaseLine]) -> Decimal:
    return sum((each.total for each in lines), Decimal(0))


def _named(line: PurchaseLine, *, most: int) -> str:
    name = line.item if len(line.item) <= most else f"{line.item[: most - 1]}…"
    return f"{line.quantity} × {name}" if line.quantity > 1 else name


KIND = Purchase()
