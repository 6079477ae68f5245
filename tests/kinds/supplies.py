"""A kind with lines, for tests: things to be bought, each of which may cost a personal day to fetch it."""

from datetime import date
from decimal import Decimal
from typing import Any

from backend.calendars import Part, Unit
from backend.desk import Desk
from backend.forms import Form, Widget, blank
from backend.kinds import Fact, Kind
from backend.leave import Taken


class SuppliesForm(Form):
    """What the whole order is for."""

    reason: str = blank("Reason", question="What is it for?", min_length=2, max_length=200)


class SuppliesLine(Form):
    """One thing to be bought, and the day on which it is fetched."""

    item: str = blank("Item", question="What do you need?", min_length=2, max_length=100)
    quantity: int = blank("Quantity", default=1, ge=1, le=1000)
    price: Decimal = blank(
        "Price", question="What does one cost?", widget=Widget.MONEY, gt=0, max_digits=12, decimal_places=2
    )
    day: date | None = blank("Fetched on", default=None)


class Supplies(Kind[SuppliesForm]):
    """Asks for several things at once."""

    name = "supplies"
    prefix = "SU"
    title = "Supplies"
    form = SuppliesForm
    line = SuppliesLine
    examples = ("order two boxes of pens and a stapler for the front desk", "we are out of paper and toner")

    def summary(self, form: SuppliesForm, lines: list[Any], language: str) -> str:
        return ", ".join(f"{each.quantity} × {each.item}" for each in lines) or form.reason

    def amount(self, form: SuppliesForm, lines: list[Any]) -> Decimal | None:
        return sum((each.price * each.quantity for each in lines), Decimal(0))

    def facts(self, form: SuppliesForm, lines: list[Any], desk: Desk) -> list[Fact]:
        return [Fact("In all", "{amount}", {"amount": self.amount(form, lines)})]

    def lowered(self, form: SuppliesForm, line: SuppliesLine, amount: Decimal) -> dict[str, Any] | None:
        return {"price": (amount / line.quantity).quantize(Decimal("0.01"))}

    def reserve(self, form: SuppliesForm, lines: list[Any], desk: Desk) -> None:
        for each in lines:
            desk.reserve_leave("personal", _taken(each, desk), kept=True, line=each.nth)

    def apply(self, form: SuppliesForm, lines: list[Any], desk: Desk) -> None:
        for each in lines:
            desk.book_leave("personal", _taken(each, desk), kept=True, line=each.nth)


def _taken(line: SuppliesLine, desk: Desk) -> list[Taken]:
    days = [] if line.day is None else [line.day]
    return [Taken(day, Part.FULL.value, desk.cost(day, part=Part.FULL, unit=Unit.WORKING)) for day in days]


KIND = Supplies()
