"""Pages of one receipt that were sent as pictures of their own: made one line, or asked about."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from sqlalchemy.orm import Session

from backend import doubts, drafts, readings
from backend.chats import Inbox
from backend.desk import Desk
from backend.drafts import Draft
from backend.forms import Widget, plain
from backend.kinds import Kind, kinds_of
from backend.people import Person
from backend.readings import Reading
from backend.refusals import Refusal
from backend.words import say
from bot import questions
from bot.offered import button
from bot.replies import Reply


def fields(kind: Kind[Any]) -> list[str]:
    """The fields of a line that hold its receipt, page by page."""
    return [each.name for each in kind.blanks(line=True) if each.widget is Widget.FILE]


def join(session: Session, rows: Sequence[Reading]) -> dict[str, Reading]:
    """The second pages among files that came together, by the file of the first page, which says all from now on."""
    from knowledge.receipts import ONE

    told = session.get(Inbox, rows[0].event)
    said_so = len(rows) == 2 and told is not None and _PAGES.search(told.text) is not None
    out: dict[str, Reading] = {}
    first: Reading | None = None
    for each in rows:
        if first is not None and (said_so or _belong(first, each) == ONE):
            out[first.file_id] = each
            _as_one(session, first, each)
            first = None
        else:
            first = each
    return out


_PAGES = re.compile(
    r"\b(?:2|two|both|dos|ambas|duas|deux|zwei|beide|due)\s+(?:pages?|p[áa]ginas?|seiten|pagine|parts?|partes?|teile)\b"
    r"|\b(?:one|same|single|un[ao]?|mism[ao]|mesm[ao]|une?|même|ein(?:e|em)?|selben?|stess[ao])\s+"
    r"(?:single\s+|sol[ao]?\s+|seule?\s+|einzigen?\s+)?(?:receipt|recibo|ticket|tique|talão|fatura|re[çc]u|beleg|quittung|scontrino|ricevuta)\b",
    re.IGNORECASE,
)
"""How somebody says that their pictures are of one receipt."""


def _belong(first: Reading, second: Reading) -> str:
    from knowledge.receipts import Receipt, together

    return together(Receipt.from_doc(first.doc or {}), Receipt.from_doc(second.doc or {}))


def _as_one(session: Session, first: Reading, second: Reading) -> None:
    """The first page says from now on what both say; the second is no receipt of its own."""
    from knowledge.receipts import Receipt, joined

    both = joined(Receipt.from_doc(first.doc or {}), Receipt.from_doc(second.doc or {}))
    readings.note(first, session, both.as_doc())
    second.day = second.total = second.document = None


def _perhaps_one(session: Session, draft: Draft, kind: Kind[Any]) -> int | None:
    """The line whose receipt may go on in the next one, from 1; None where there is none."""
    from knowledge.receipts import PERHAPS

    first_page, *others = fields(kind)
    held = [readings.of(session, str(each.get(first_page) or "")) for each in draft.lines]
    for nth, (first, second) in enumerate(pairwise(held), 1):
        both = first is not None and second is not None and first.doc and second.doc
        if both and others and first and second and first.batch == second.batch:
            free = not any(draft.lines[at].get(others[0]) for at in (nth - 1, nth))
            if free and _belong(first, second) == PERHAPS:
                return nth
    return None


def join_lines(session: Session, draft: Draft, person: Person, *, line: int) -> None:
    """Two lines of a draft become one: their pictures are pages of one receipt."""
    kind = kinds_of(session)[draft.kind or ""]
    first_page, second_page = fields(kind)[:2]
    one, other = draft.lines[line - 1 : line + 1]
    first, second = (readings.of(session, str(each.get(first_page) or "")) for each in (one, other))
    if first is None or second is None:
        raise Refusal("This card was changed since: use the newest one.")
    _as_one(session, first, second)
    found = kind.prefill(first.doc or {}, Desk(session, person, kind))
    whole = {**other, **one, **plain(found.values), first_page: first.file_id, second_page: second.file_id}
    drafts.change(
        draft, session, values={}, lines=[*draft.lines[: line - 1], whole, *draft.lines[line + 1 :]], by=person
    )
    asked = {name: [str(plain(each)) for each in values] for name, values in found.doubts.items()}
    doubts.add(draft, session, file_id=first.file_id, doubts=asked)


def ask(session: Session, draft: Draft, person: Person, *, before: str) -> Reply:
    """The card of what was read; where two of its pictures may be pages of one receipt, that is asked with it."""
    kind = kinds_of(session)[draft.kind or ""]
    line = _perhaps_one(session, draft, kind)
    if line is None:
        return questions.about(session, draft, before=before)
    text = "Are the pictures of lines {one} and {other} pages of one receipt? Else they stay two."
    asked = say(person.language, text, one=line, other=line + 1)
    reply = questions.about(session, draft, before=f"{before} {asked}".strip())
    verb, label = f"one_receipt:line={line}", say(person.language, "They are one receipt")
    choice = button(session, person, verb=verb, subject=f"draft:{draft.id}", label=label)
    return replace(reply, choices=(*reply.choices, choice))
