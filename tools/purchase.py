"""Purchases: what is to be bought, how many, for how much."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import model_validator

from backend.desk import Desk
from backend.kinds import Form, Kind, Objection, Widget, blank
from backend.words import Money


class PurchaseForm(Form):
    """What is asked of somebody who needs something bought. Either a unit price or a total."""

    item: str = blank("Item", question="What do you need?", min_length=2, max_length=200)
    unit_price: Decimal | None = blank(
        "Price each", widget=Widget.MONEY, default=None, gt=0, max_digits=12, decimal_places=2
    )
    total: Decimal = blank(
        "Total", question="What does it cost in all?", widget=Widget.MONEY, gt=0, max_digits=12, decimal_places=2
    )
    quantity: int = blank("Quantity", question="How many?", ge=1, le=10_000)
    currency: str = blank("Currency", default="EUR", pattern="^[A-Z]{3}$")
    vendor: str = blank("Vendor", default="", max_length=200)
    needed_by: date | None = blank("Needed by", default=None)
    reason: str = blank("Reason", widget=Widget.LONG, free_text=True, default="")

    @model_validator(mode="after")
    def _adds_up(self) -> "PurchaseForm":
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
    policy = PurchaseLimits
    done_word = "received"
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
        price, quantity = out.get("unit_price"), out.get("quantity")
        if price is not None:  # it decides the total, and without a quantity there is none yet
            out["total"] = None if quantity is None else Decimal(str(price)) * int(quantity)
        elif out.get("total") is not None:
            out.setdefault("quantity", 1)
        return {name: value for name, value in out.items() if value is not None}

    def follows(self, values: Mapping[str, Any]) -> frozenset[str]:
        return frozenset({"total"}) if values.get("unit_price") is not None else frozenset()

    def summary(self, form: PurchaseForm, lines: list[Any], language: str) -> str:
        count = f"{form.quantity} × " if form.quantity > 1 else ""
        return f"{count}{form.item}, {Money(form.total, form.currency).said_in(language)}"

    def amount(self, form: PurchaseForm, lines: list[Any]) -> Decimal | None:
        return form.total

    def check(self, form: PurchaseForm, lines: list[Any], desk: Desk) -> list[Objection]:
        out: list[Objection] = []
        limits: PurchaseLimits = desk.limits
        if form.total > limits.largest:
            out.append(
                Objection("That is more than {limit}.", {"limit": Money(limits.largest, desk.currency)}, "total")
            )
        if form.needed_by and form.needed_by < desk.today:
            out.append(Objection("{day} is in the past: is the date right?", {"day": form.needed_by}, "needed_by"))
        return out


KIND = Purchase()
