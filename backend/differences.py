"""What is different between two forms of a kind: what a change to a request touches."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from backend.forms import Blank, Form, Widget, plain

if TYPE_CHECKING:
    from backend.desk import Desk
    from backend.kinds import Kind


@dataclass(frozen=True)
class Difference:
    """A field that a change touches: what it held and what it holds, in JSON's own types.

    line   which line it is in, from 1; None in the form itself
    lower  it is a number that became smaller, or belongs to a line that is gone
    """

    blank: Blank
    before: Any
    after: Any
    line: int | None = None
    lower: bool = False


def differences(
    kind: "Kind[Any]", before: tuple[Form, list[Any]], after: tuple[Form, list[Any]], desk: "Desk | None" = None
) -> list[Difference]:
    """What is different between two forms with their lines, field by field, in the order of the form."""
    out = _differences(kind.blanks(desk), before[0], after[0], None)
    for nth, (one, other) in enumerate(_paired(before[1], after[1]), start=1):
        out += _differences(kind.blanks(desk, line=True), one, other, nth)
    return out


def _differences(blanks: list[Blank], before: Form | None, after: Form | None, line: int | None) -> list[Difference]:
    out: list[Difference] = []
    for each in blanks:
        one, other = (getattr(form, each.name) if form is not None else None for form in (before, after))
        if (one or None) == (other or None):
            continue
        number = each.widget in (Widget.NUMBER, Widget.MONEY) and one is not None
        lower = after is None or (number and (other is None or other < one))
        out.append(Difference(each, plain(one), plain(other), line, lower))
    return out


def _paired(before: list[Form], after: list[Form]) -> list[tuple[Form | None, Form | None]]:
    """Each line with what became of it: where some are gone or new, those that stayed as they were find each other."""
    if len(before) == len(after):
        return list(zip(before, after, strict=True))
    left, same = list(after), dict[int, Form]()
    for nth, each in enumerate(before):
        twin = next((other for other in left if other.model_dump() == each.model_dump()), None)
        if twin is not None:
            same[nth] = twin
            left.remove(twin)
    pairs = [(each, same.get(nth) or (left.pop(0) if left else None)) for nth, each in enumerate(before)]
    return [*pairs, *((None, each) for each in left)]
