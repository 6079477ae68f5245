"""Pages of one receipt that were sent as files of their own: made one line, taken apart again, or asked about."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from backend import doubts, drafts, readings
from backend.chats import Inbox
from backend.desk import Desk
from backend.drafts import Draft
from backend.forms import MOST_FILES, Widget, files_of, plain
from backend.kinds import Kind, Prefilled, kinds_of
from backend.people import Person
from backend.readings import Reading
from backend.refusals import Refusal
from backend.store import now
from backend.words import say
from bot import questions
from bot.offered import button
from bot.page_words import SEPARATE, lines_in, said_of
from bot.replies import Reply

if TYPE_CHECKING:
    from knowledge.receipts import Receipt

Line = Mapping[str, Any]


def field(kind: Kind[Any]) -> str:
    """The field of a line that holds its receipt, page by page."""
    return next(each.name for each in kind.blanks(line=True) if each.widget is Widget.FILE)


def group(session: Session, rows: Sequence[Reading], *, most: int) -> list[list[Reading]]:
    """Files that came together, receipt by receipt, the pages of each in reading order: as said, else as they read."""
    from knowledge.receipts import Receipt, groups, ordered

    told = session.get(Inbox, rows[0].event)
    said = said_of(told.text) if told is not None else ""
    read = [Receipt.from_doc(each.doc or {}) for each in rows]
    if said == SEPARATE or len(rows) == 1:
        return [[each] for each in rows]
    if said and len(rows) <= most:
        return [[rows[at] for at in ordered(read)]]
    return [[rows[at] for at in each] for each in groups(read, most=most)]


def before(session: Session, person: Person, kind: Kind[Any]) -> Draft | None:
    """What the person works on, where its last line has a receipt that a picture which comes now may go on with."""
    draft = drafts.current(session, person)
    if draft is None or draft.kind != kind.name or draft.act not in drafts.FORMS or not draft.lines:
        return None
    fresh = now(session) - draft.changed_at <= drafts.FRESH
    return draft if fresh and files_of(draft.lines[-1].get(field(kind))) else None


def go_on(
    session: Session, draft: Draft, person: Person, groups: Sequence[Sequence[Reading]]
) -> tuple[list[Sequence[Reading]], bool]:
    """The last receipt of a draft with the pages that came now: which of those are left, and whether they belong there.

    Pages that only may belong to it are left, to be asked about beside it.
    """
    from knowledge.receipts import ONE, PERHAPS, joined, together

    kind = kinds_of(session)[draft.kind or ""]
    held = files_of(draft.lines[-1].get(field(kind)))
    told = session.get(Inbox, groups[0][0].event)
    said = said_of(told.text) if told is not None and len(groups) == 1 else ""
    first = _whole(session, held)
    if first is None or said == SEPARATE or len(held) + len(groups[0]) > most_of(drafts.desk_of(draft, session)):
        return list(groups), False
    from_doc = type(first).from_doc
    verdict = ONE if said else together(first, joined([from_doc(each.doc or {}) for each in groups[0]]))
    if verdict == ONE:
        _put(session, draft, person, [*held, *(each.file_id for each in groups[0])], at=len(draft.lines), count=1)
    return list(groups[1:] if verdict == ONE else groups), verdict in (ONE, PERHAPS)


def most_of(desk: Desk) -> int:
    """Of how many files one receipt may be, by policy where that says so."""
    return int(getattr(desk.limits, "most_pages", MOST_FILES))


def prefilled(session: Session, kind: Kind[Any], desk: Desk, files: Sequence[str]) -> Prefilled:
    """What the pages of a receipt fill in together."""
    found = _whole(session, files)
    return kind.prefill(found.as_doc(), desk) if found is not None else Prefilled({})


def join(session: Session, draft: Draft, person: Person, *, line: int, last: int) -> None:
    """The lines of a draft from one to another (from 1) become one: their files are pages of one receipt."""
    name = field(kinds_of(session)[draft.kind or ""])
    if not 1 <= line < last <= len(draft.lines):
        raise Refusal("This card was changed since: use the newest one.")
    held = [file for each in draft.lines[line - 1 : last] for file in files_of(each.get(name))]
    _put(session, draft, person, _ordered(session, held), at=line, count=last - line + 1)


def separate(session: Session, draft: Draft, person: Person, *, line: int) -> None:
    """A line of a draft (from 1) becomes one for each of its files: each is a receipt of its own."""
    kind, desk = kinds_of(session)[draft.kind or ""], drafts.desk_of(draft, session)
    name = field(kind)
    held = files_of(draft.lines[line - 1].get(name)) if 1 <= line <= len(draft.lines) else ()
    if len(held) < 2:
        raise Refusal("This card was changed since: use the newest one.")
    besides = _besides(session, draft.lines[line - 1], kind, desk)
    kept = {each: value for each, value in besides.items() if each not in _OF_ONE}
    found = {file: prefilled(session, kind, desk, [file]) for file in held}
    more = [{**plain(dict(each.values)), **kept, name: [file]} for file, each in found.items()]
    _replace(session, draft, person, more, at=line, count=1, doubted={file: found[file].doubts for file in held})


_OF_ONE = ("amount", "date", "merchant")
"""What was said of several pages together cannot be true of each by itself."""


def ask(session: Session, draft: Draft, person: Person, *, before: str) -> Reply:
    """The card of what was read, with a button to join what may be pages of one receipt, and one to take some apart."""
    kind = kinds_of(session)[draft.kind or ""]
    choices: list[tuple[str, str]] = []
    line = _perhaps_one(session, draft, kind)
    if line is not None:
        text = "Are the pictures of lines {one} and {other} pages of one receipt? Else they stay two."
        before = f"{before} {say(person.language, text, one=line, other=line + 1)}".strip()
        choices.append((f"one_receipt:line={line}", say(person.language, "They are one receipt")))
    several = [nth for nth, each in enumerate(draft.lines, 1) if len(files_of(each.get(field(kind)))) > 1]
    for nth in several[:3]:
        text = "They are separate receipts" if len(several) == 1 else "Line {line}: separate receipts"
        choices.append((f"separate:line={nth}", say(person.language, text, line=nth)))
    reply = questions.about(session, draft, before=before)
    made = [button(session, person, verb=verb, subject=f"draft:{draft.id}", label=label) for verb, label in choices]
    return replace(reply, choices=(*reply.choices, *made))


def told(session: Session, person: Person, text: str) -> Reply | None:
    """Does what is written of the receipts on a draft: that they are one, or separate. None: it is not that."""
    said = said_of(text, alone=True)
    draft = drafts.current(session, person) if said else None
    if draft is None or draft.act not in drafts.FORMS:
        return None
    kind = kinds_of(session)[draft.kind or ""]
    if not kind.reads or kind.line is None:
        return None
    named = [each for each in lines_in(text) if each <= len(draft.lines)]
    held = {nth: len(files_of(each.get(field(kind)))) for nth, each in enumerate(draft.lines, 1)}
    if said == SEPARATE:
        several = [nth for nth in named or held if held[nth] > 1]
        for nth in reversed(several):
            separate(session, draft, person, line=nth)
        words = "They are receipts of their own now." if several else ""
    else:
        with_file = [nth for nth in named or held if held[nth]]
        if len(with_file) == 1 and len(draft.lines) == 1:
            _take_in(session, draft, person)
            with_file = list(range(1, len(draft.lines) + 1))
        if with_file and with_file == list(range(with_file[0], with_file[-1] + 1)) and len(with_file) > 1:
            join(session, draft, person, line=with_file[0], last=with_file[-1])
            words = "They are pages of one receipt now."
        else:
            words = ""
    return ask(session, draft, person, before=say(person.language, words)) if words else None


def _take_in(session: Session, draft: Draft, person: Person) -> None:
    """Puts the lines of the draft that was begun before this one, where those have receipts, in front of its own."""
    name = field(kinds_of(session)[draft.kind or ""])
    others = [each for each in drafts.all_open(session, person) if (each.kind, each.act) == (draft.kind, draft.act)]
    earlier = next((each for each in others if each.id != draft.id), None)
    recent = earlier is not None and now(session) - earlier.changed_at <= drafts.FRESH
    if earlier is None or not recent or not all(files_of(each.get(name)) for each in earlier.lines):
        return
    lines, held = [*earlier.lines, *draft.lines], {**earlier.doubts, **draft.doubts}
    drafts.discard(earlier, session, by=person)
    drafts.change(draft, session, values={}, lines=lines, by=person)
    draft.doubts = held
    session.flush()


def _whole(session: Session, files: Sequence[str]) -> "Receipt | None":
    from knowledge.receipts import whole

    return whole(readings.docs(session, files))


def _ordered(session: Session, files: Sequence[str]) -> list[str]:
    """Pages in reading order, as far as they were read."""
    from knowledge.receipts import Receipt, ordered

    read = readings.docs(session, files)
    if len(read) < len(files):
        return list(files)
    return [files[at] for at in ordered([Receipt.from_doc(each) for each in read])]


def _put(session: Session, draft: Draft, person: Person, files: Sequence[str], *, at: int, count: int) -> None:
    """So many lines from one on become the one of these pages; what was said of them besides stays."""
    kind, desk = kinds_of(session)[draft.kind or ""], drafts.desk_of(draft, session)
    most = most_of(desk)
    if len(files) > most:
        raise Refusal("One receipt is of {count} files at most.", count=most)
    found, kept = prefilled(session, kind, desk, files), dict[str, Any]()
    for each in reversed(draft.lines[at - 1 : at - 1 + count]):
        kept |= _besides(session, each, kind, desk)
    line = {**plain(dict(found.values)), **kept, field(kind): list(files)}
    left = {name: values for name, values in found.doubts.items() if name not in kept}
    _replace(session, draft, person, [line], at=at, count=count, doubted={files[0]: left})


def _replace(
    session: Session,
    draft: Draft,
    person: Person,
    lines: Sequence[Line],
    *,
    at: int,
    count: int,
    doubted: Mapping[str, Mapping[str, Sequence[Any]]],
) -> None:
    name = field(kinds_of(session)[draft.kind or ""])
    gone = {file for each in draft.lines[at - 1 : at - 1 + count] for file in files_of(each.get(name))}
    left = {file: held for file, held in draft.doubts.items() if file not in gone}
    whole = [*draft.lines[: at - 1], *lines, *draft.lines[at - 1 + count :]]
    drafts.change(draft, session, values={}, lines=whole, by=person)
    draft.doubts = left
    for file, held in doubted.items():
        asked = {each: [str(plain(value)) for value in values] for each, values in held.items()}
        doubts.add(draft, session, file_id=file, doubts=asked)
    session.flush()


def _besides(session: Session, line: Line, kind: Kind[Any], desk: Desk) -> dict[str, Any]:
    """What a line holds that was not read from its receipt: said, or corrected."""
    blanks = {each.name: each for each in kind.blanks(desk, line=True) if each.told}
    read = plain(dict(prefilled(session, kind, desk, files_of(line.get(field(kind)))).values))
    return {
        name: value
        for name, value in line.items()
        if name in blanks
        and blanks[name].widget is not Widget.FILE
        and value not in (None, "", read.get(name), plain(blanks[name].default))
    }


def _perhaps_one(session: Session, draft: Draft, kind: Kind[Any]) -> int | None:
    """The line whose receipt may go on in the next one, from 1; None where there is none."""
    from knowledge.receipts import PERHAPS, together

    held = [_whole(session, files_of(each.get(field(kind)))) for each in draft.lines]
    for nth, (first, second) in enumerate(pairwise(held), 1):
        if first is not None and second is not None and together(first, second) == PERHAPS:
            return nth
    return None
