"""What becomes of an approved purchase: its order as a PDF, and what of it has arrived."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from backend import order_sheets
from backend.desk import Desk
from backend.forms import Blank, Data, Widget
from backend.kinds import Fact, Paper
from backend.order_sheets import Ordered, Sheet
from backend.refusals import Refusal
from backend.words import Title
from tools.purchase_lines import PurchaseForm, PurchaseLine

ORDER, RECEIVE = "order", "receive"
"""The pieces of work, by their labels."""

LINE, CLOSED = "line_", "closed"
"""What is told when goods arrive: how many of each line, and why no more are waited for."""

_COUNT = Blank(
    name=LINE,
    title="",
    question="",
    widget=Widget.NUMBER,
    required=False,
    data=Data.PLAIN,
    free_text=False,
    told=True,
    default=0,
    type=int,
)
_REASON = replace(
    _COUNT,
    name=CLOSED,
    title=Title("No more will come, because").text,
    widget=Widget.LONG,
    default=None,
    type=str,
)


def asked(lines: list[PurchaseLine], desk: Desk) -> list[Blank]:
    """What may be told of a delivery: for each line that is not complete, how many arrived now."""
    counts = [
        replace(_COUNT, name=f"{LINE}{each.nth}", title=each.item, question=each.item, default=left)
        for each in lines
        if (left := _left(each, desk))
    ]
    return [*counts, _REASON]


def received(lines: list[PurchaseLine], said: Mapping[str, Any], desk: Desk) -> bool:
    """Notes what arrived; with nothing said, all that was missing. False while more is waited for."""
    left = {each.nth or 0: _left(each, desk) for each in lines}
    closed = str(said.get(CLOSED) or "").strip()
    told = {number: said.get(f"{LINE}{number}") for number in left}
    if all(each in (None, "") for each in told.values()) and not closed:
        arrived = left
    else:
        arrived = {number: _count(each, left[number]) for number, each in told.items()}
    if any(left.values()) and not any(arrived.values()) and not closed:
        raise Refusal("Say how many arrived, or why no more will come.", field=CLOSED)
    complete = arrived == left
    desk.receive(arrived, closed="" if complete else closed)
    return complete or bool(closed)


def stands(lines: list[PurchaseLine], desk: Desk) -> Fact | None:
    """How far an order is; None where there is none."""
    order = desk.order
    if order is None:
        return None
    got, whole = sum(desk.arrived().values()), sum(each.quantity for each in lines)
    values = {"order": order.ref, "got": got, "all": whole}
    if order.closed:
        text = "closed ({order}); {got} of {all} received"
    elif got >= whole:
        text = "received ({order})"
    elif got:
        text = "ordered ({order}); {got} of {all} received"
    else:
        text = "ordered ({order})" if order.placed_at else "approved; {order} is still to be placed"
    return Fact("Order", text, values)


def papers(form: PurchaseForm, lines: list[PurchaseLine], desk: Desk, *, centre: str) -> list[Paper]:
    """The order, made when it is opened."""
    order, person, employer = desk.order, desk.person, desk.person.employer
    if order is None:
        return []
    here = employer.calendar_place_id in (None, person.place_id)
    place = employer.address if here else person.place.name
    sheet = Sheet(
        ref=order.ref,
        request=desk.ref,
        day=desk.day_of(order.made_at),
        buyer=employer.name,
        address=employer.address,
        tax_id=employer.tax_id,
        vendor=form.vendor,
        deliver_to=form.deliver_to or "\n".join(each for each in (employer.name, place) if each),
        contact=person.name,
        needed_by=form.needed_by,
        cost_centre=centre,
        currency=form.currency,
        lines=tuple(Ordered(each.item, each.quantity, each.unit_price, each.total, each.link) for each in lines),
        language=desk.house_language,
    )
    title = Title("Purchase order").text
    return [Paper(f"{order.ref}.pdf", title, "application/pdf", lambda: order_sheets.pdf(sheet))]


def _left(line: PurchaseLine, desk: Desk) -> int:
    return max(0, line.quantity - desk.arrived().get(line.nth or 0, 0))


def _count(said: Any, most: int) -> int:
    text = str(said if said is not None else "").strip() or "0"
    if not text.isdecimal() or len(text) > 6 or int(text) > most:
        raise Refusal("A number from 0 to {most} is needed: that many are still to come.", most=most, field=LINE)
    return int(text)
