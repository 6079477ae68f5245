"""Looks up how much leave the person has left."""

from decimal import Decimal

from backend import leave
from backend.desk import Desk
from backend.kinds import Form, blank, kinds_of
from backend.words import Count, say
from tools.look import Around, Found, Look
from tools.time_off import TimeOff


class WhichLeave(Form):
    """Which kind of leave; none: all that a balance is kept for."""

    leave_type: str | None = blank("Kind of leave", default=None)


def find(around: Around, asked: WhichLeave) -> Found:
    """Days that can still be asked for, and of those already spoken for, how many wait."""
    session, person, language = around.session, around.person, around.person.language
    kind = kinds_of(session)["time_off"]
    assert isinstance(kind, TimeOff)
    desk = Desk(session, person, kind)
    lines: list[str] = []
    rows: list[dict[str, object]] = []
    for each in kind.leave_types(desk):
        if asked.leave_type not in (None, each.name) or (each.allowance is None and asked.leave_type is None):
            continue
        if each.allowance is None:
            lines.append(say(language, "{kind}: no balance is kept.", kind=say(language, each.title)))
            continue
        days = leave.free(session, person, each.name)
        waits = -sum((e.days for e in leave.holds(session, person, each.name)), Decimal(0))
        text = say(language, "{kind}: you have {days} left.", kind=say(language, each.title), days=Count(days))
        if waits:
            text += " " + say(language, "({days} more wait for a decision.)", days=Count(waits))
        lines.append(text)
        rows.append({"leave_type": each.name, "free": str(days), "waiting": str(waits)})
    return Found("\n".join(lines) or say(language, "There is no such kind of leave here."), rows=tuple(rows))


LOOK = Look("look_balance", ("time_off.balance",), WhichLeave, find, "How many days of leave the person has left.")
