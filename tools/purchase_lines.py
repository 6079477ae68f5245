"""What is asked about a purchase, once and line by line, and what it comes to."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from pydantic import model_validator

from backend.desk import Desk
from backend.forms import Form, Widget, blank
from backend.rates import UNKNOWN, UNPRICED, Rate, rate_of, rounded
from backend.spending import Spent


class PurchaseForm(Form):
    """What is asked once of somebody who needs things bought; the rate follows from the currency."""

    currency: str = blank("Currency", default="EUR", pattern="^[A-Z]{3}$")
    vendor: str = blank("Vendor", default="", max_length=200)
    needed_by: date | None = blank("Needed by", default=None)
    reason: str = blank("Reason", widget=Widget.LONG, free_text=True, default="")
    cost_centre: str = blank("Cost centre", free_text=True, default="", max_length=60)
    deliver_to: str = blank("Deliver to", free_text=True, default="", max_length=300)
    rate: Decimal = blank("Exchange rate", free_text=True, told=False, default=Decimal(1), ge=0, decimal_places=6)
    into: str = blank("Converted into", free_text=True, told=False, default="", pattern="^([A-Z]{3})?$")


class PurchaseLine(Form):
    """One thing to be bought. Either a unit price or a total."""

    item: str = blank("Item", question="What do you need?", min_length=2, max_length=200)
    unit_price: Decimal | None = blank(
        "Price each", widget=Widget.MONEY, default=None, gt=0, max_digits=12, decimal_places=3
    )
    total: Decimal = blank(
        "Total", question="What does it cost in all?", widget=Widget.MONEY, gt=0, max_digits=12, decimal_places=3
    )
    quantity: int = blank("Quantity", question="How many?", ge=1, le=10_000)
    link: str = blank("Link", free_text=True, default="", max_length=500)

    @model_validator(mode="after")
    def _adds_up(self) -> "PurchaseLine":
        if self.unit_price is not None and self.unit_price * self.quantity != self.total:
            raise ValueError("The total is not the price each times the quantity: change one of them.")
        return self


def total(lines: Iterable[PurchaseLine]) -> Decimal:
    """What lines cost, in the currency that they were offered in."""
    return sum((each.total for each in lines), Decimal(0))


def cost(form: PurchaseForm, line: PurchaseLine) -> Decimal:
    """What a line costs in the employer's currency; 0 while there is no rate for it."""
    return rounded(line.total * form.rate, form.into or form.currency)


def in_all(form: PurchaseForm, lines: Iterable[PurchaseLine]) -> Decimal:
    """What lines cost in the employer's currency; more than any limit while there is no rate."""
    if form.rate == UNKNOWN:
        return UNPRICED
    return sum((cost(form, each) for each in lines), Decimal(0))


def rate_for(currency: str, desk: Desk) -> Decimal:
    """How many of the employer's currency one of that is today; 0 where finance has set no rate."""
    return (
        Decimal(1)
        if currency == desk.currency
        else rate_of(desk.table(Rate, on=desk.today), currency, own=desk.currency)
    )


def spent(form: PurchaseForm, lines: Iterable[PurchaseLine], desk: Desk, *, centre: str) -> list[Spent]:
    """The lines as the ledger notes them, with today's rate where there was none when they were sent."""
    rate = rate_for(form.currency, desk) if form.rate == UNKNOWN else form.rate
    return [
        Spent(
            amount=rounded(each.total * rate, desk.currency),
            original=each.total,
            currency=form.currency,
            day=desk.brought_in or desk.today,
            rate=rate,
            payee=form.vendor,
            cost_centre=centre,
            line=each.nth,
        )
        for each in lines
    ]


def named(line: PurchaseLine, *, most: int = 200) -> str:
    """A line in a few words: "2 × headset"; no more than `most` characters of its name."""
    name = line.item if len(line.item) <= most else f"{line.item[: most - 1]}…"
    return f"{line.quantity} × {name}" if line.quantity > 1 else name
