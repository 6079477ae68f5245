"""Changes to what was sent: the difference as a card shows it, and the buttons that begin one."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from backend import drafts, filing, requests
from backend.desk import Desk
from backend.differences import differences
from backend.drafts import Act, Draft
from backend.forms import Data, Form, Widget, plain
from backend.kinds import Kind, kinds_of
from backend.people import Person
from backend.refusals import Refusal
from backend.requests import Request
from backend.words import say, write
from bot.fields import form_field, shown
from bot.message import Button, Field
from bot.offered import button

Fact = tuple[str, str]


def changes(session: Session, draft: Draft, *, ceiling: Data = Data.BANK) -> list[Fact]:
    """What a draft of a change would make different: ("First day", "Thu 26 Nov 2026 → Fri 27 Nov 2026")."""
    request = amended(session, draft)
    if request is None:
        return []
    kind, language = kinds_of(session)[request.kind], session.get_one(Person, draft.person_id).language
    try:
        after = kind.whole(draft.values, draft.lines)
    except Refusal:
        return []
    desk = drafts.desk_of(draft, session)
    return between(kind, desk, requests.forms_of(kind, request), after, language=language, ceiling=ceiling)


def amended(session: Session, draft: Draft) -> Request | None:
    """The request that a draft would change; None where it is a draft of something else."""
    return session.get_one(Request, draft.about[0]) if draft.act == Act.AMEND else None


def facts(session: Session, request: Request, *, language: str, ceiling: Data = Data.BANK) -> list[Fact]:
    """Where a change made approvals start again: what is different since, and who had approved it as it was."""
    before = request.before
    if before is None or request.state != requests.PENDING:
        return []
    kind, desk = kinds_of(session)[request.kind], requests.desk_of(session, request, by=None)
    was = requests.forms_before(kind, before)
    out = between(kind, desk, was, requests.forms_of(kind, request), language=language, ceiling=ceiling)
    names = [session.get_one(Person, each).name for each in before["by"]]
    return [*out, *([(say(language, "Approved before the change"), ", ".join(names))] if names else [])]


def between(
    kind: Kind[Any],
    desk: Desk,
    before: tuple[Form, list[Any]],
    after: tuple[Form, list[Any]],
    *,
    language: str,
    ceiling: Data = Data.BANK,
) -> list[Fact]:
    """Each field that is different: its title, and what it held and holds; hidden where a channel may not show it."""
    out: list[Fact] = []
    several = max(len(before[1]), len(after[1])) > 1
    held = [form.model_dump() for form in (before[0], after[0])]
    for each in differences(kind, before, after, desk):
        title = say(language, each.blank.title)
        if several and each.line:
            title = f"{each.line}. {title}"
        if any(kind.data(each.blank, values, desk).above(ceiling) for values in held):
            out.append((title, say(language, "(shown in the web chat)")))
            continue
        one, other = (
            say(language, "nothing") if value in (None, "", [], ()) else shown(each.blank, value, language)
            for value in (each.before, each.after)
        )
        out.append((title, f"{one} → {other}"))
    return out


def buttons(session: Session, request: Request, reader: Person, *, ceiling: Data) -> list[Button]:
    """What the requester may do about what they sent: change it, give days of it back, withdraw it."""
    try:
        filing.must_be_open(request, session, by=reader)
    except Refusal:
        return []
    language, subject = reader.language, request.subject
    kind, desk = kinds_of(session)[request.kind], requests.desk_of(session, request, by=reader)
    form, _ = requests.forms_of(kind, request)
    made = [_change(session, kind, desk, request, reader, ceiling)]
    spare = kind.spare(form, desk) if request.state in (requests.APPROVED, requests.RECORDED) else None
    if spare is not None:
        asked = tuple(_day(name, title, day, language) for (name, title), day in zip(DAYS, spare, strict=True))
        label = say(language, "Give back days")
        made.append(button(session, reader, verb="give_back", subject=subject, label=label, form=asked))
    made.append(button(session, reader, verb="withdraw", subject=subject, label=say(language, "Withdraw")))
    return made


DAYS = (("start", "First day"), ("end", "Last day"))
"""The fields in which somebody says which days they give back."""


def _change(session: Session, kind: Kind[Any], desk: Desk, request: Request, reader: Person, ceiling: Data) -> Button:
    language = reader.language
    form, lines = requests.forms_of(kind, request)
    values = plain(form.model_dump(exclude_none=True))
    shown = [each for each in kind.blanks(desk) if each.told]
    open_here = [each for each in shown if not kind.data(each, values, desk).above(ceiling)]
    asked = tuple(form_field(each, values, language) for each in open_here)
    made = button(session, reader, verb="change", subject=request.subject, label=say(language, "Change"), form=asked)
    rows = [plain(each.model_dump(exclude_none=True)) for each in lines]
    return with_lines(made, kind, rows, desk, language)


def with_lines(changing: Button, kind: Kind[Any], rows: list[dict[str, Any]], desk: Desk, language: str) -> Button:
    """The button of a form whose kind has lines holds those that are there, and an empty one."""
    if kind.line is None:
        return changing
    blanks = [each for each in kind.blanks(desk, line=True) if each.told]
    return replace(
        changing,
        line=tuple(form_field(each, {}, language) for each in blanks),
        lines=tuple(tuple(form_field(each, row, language) for each in blanks) for row in rows),
    )


def _day(name: str, title: str, day: date, language: str) -> Field:
    return Field(name, say(language, title), day.isoformat(), write(language, day), widget=Widget.DATE, required=True)
