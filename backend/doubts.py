"""Doubts: what was read from a file and may be wrong, on a draft, until its owner says what is right."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from backend.forms import Blank, Widget, files_of
from backend.kinds import kinds_of

if TYPE_CHECKING:
    from backend.drafts import Draft


@dataclass(frozen=True)
class Doubt:
    """One field of one line that may be wrong.

    line        which line, from 1
    candidates  what it may be, likeliest first, as it would be filled in
    """

    line: int
    blank: Blank
    candidates: tuple[str, ...]


def of(draft: "Draft", session: Session) -> list[Doubt]:
    """The open doubts of a draft, in the order a person would ask: line by line, field by field."""
    kind = kinds_of(session).get(draft.kind or "")
    if kind is None or not draft.doubts:
        return []
    blanks = kind.blanks(line=True)
    out: list[Doubt] = []
    for nth, line in enumerate(draft.lines, start=1):
        held = draft.doubts.get(_file(blanks, line), {})
        out += [Doubt(nth, each, tuple(held[each.name])) for each in blanks if each.name in held]
    return out


def add(draft: "Draft", session: Session, *, file_id: str, doubts: Mapping[str, Sequence[str]]) -> None:
    """Notes what is in doubt of what was read from a file."""
    if doubts:
        draft.doubts = {**draft.doubts, file_id: {name: list(values) for name, values in doubts.items()}}
        session.flush()


def settle(draft: "Draft", session: Session, *, names: Iterable[str], line: int | None = None) -> None:
    """These fields are no longer in doubt, in one line or in all: their owner has said what is right."""
    kind, said = kinds_of(session).get(draft.kind or ""), set(names)
    if kind is None or not draft.doubts:
        return
    blanks = kind.blanks(line=True)
    only = None if line is None else _file(blanks, draft.lines[line - 1] if line <= len(draft.lines) else {})
    left = {
        file: {name: values for name, values in held.items() if name not in said or only not in (None, file)}
        for file, held in draft.doubts.items()
    }
    draft.doubts = {file: held for file, held in left.items() if held}
    session.flush()


def _file(blanks: Sequence[Blank], line: Mapping[str, object]) -> str:
    """The first page of a line's receipt: what is in doubt of it is filed under that."""
    held = (files_of(line.get(each.name)) for each in blanks if each.widget is Widget.FILE)
    return next((each[0] for each in held if each), "")
