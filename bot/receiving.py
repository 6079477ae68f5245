"""Receipts that people send: read one after the other, away from the chat, and made into the draft of a request."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Protocol

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import doubts, drafts, files, held, people, readings
from backend.chats import Inbox
from backend.desk import Desk
from backend.drafts import Act, Draft
from backend.files import File
from backend.forms import files_of, plain
from backend.kinds import Kind, Prefilled
from backend.people import Employer, Person
from backend.readings import WAITING, Reading
from backend.refusals import Refusal
from backend.store import now
from backend.words import say
from bot import pages, receipt_notices, speaking
from bot.message import Address, Said

if TYPE_CHECKING:
    from bot.app import App
    from knowledge.receipts import Receipt

log = structlog.get_logger()


class Reader(Protocol):
    """What reads files: as a receipt, and as a small picture of it."""

    def read(self, content: bytes, **words: Any) -> "Receipt":
        """A file as a receipt, with its error where it cannot be read; see knowledge.receipts.read for the words."""
        ...

    def small(self, content: bytes) -> bytes | None:
        """A file as a small JPEG; None where there is none."""
        ...


class OwnReader:
    """Reads by the rules and models that come with Backdesk, in a process of its own."""

    def read(self, content: bytes, **words: Any) -> "Receipt":
        from knowledge import receipts

        return receipts.read(content, **words)

    def small(self, content: bytes) -> bytes | None:
        from knowledge.pages.small import small

        return small(content)


HERE = "here"
"""Who reads where nobody else does: the process itself."""

_BEGINNINGS = (b"%PDF-", b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF", b"II*\x00", b"MM\x00*", b"BM")
_OTHERS = (".docx", ".xlsx", ".doc", ".xls", ".pptx", ".txt", ".csv", ".md", ".html", ".zip", ".ics", ".eml")


def kinds_of(app: "App") -> list[Kind[Any]]:
    """The kinds of request that a photo may begin."""
    return [each for each in app.kinds.values() if each.reads]


def _kind_for(app: "App", session: Session, person: Person, rows: Sequence[Reading]) -> Kind[Any]:
    """The kind of request that these files suit best; what was said with them decides first."""
    if rows[0].said:
        return app.kinds[rows[0].said["kind"]]

    def fit(kind: Kind[Any]) -> int:
        desk = Desk(session, person, kind)
        return min(kind.suits(each.doc or {}, desk) for each in rows)

    return max(kinds_of(app), key=fit)


def looks_like_one(app: "App", file: File) -> bool:
    """True for a picture or PDF, and for what may be one: what it really is, its reader tells."""
    with (app.home / "files" / file.id).open("rb") as content:
        first = content.read(16)
    if first.startswith(_BEGINNINGS) or first[4:8] == b"ftyp":
        return True
    return not file.name.lower().endswith(_OTHERS)


def take_in(
    session: Session,
    app: "App",
    heard: Said,
    person: Person,
    sent: Sequence[File],
    *,
    kind: str = "",
    said: Mapping[str, Any],
) -> None:
    """Puts files in line to be read, and says so where somebody waits for it.

    kind, said  what the message with them asks for, and its values
    """
    address = heard.address
    for each in sent:
        readings.put_in_line(
            session,
            each,
            person=person,
            batch=heard.batch or heard.event,
            event=heard.event,
            channel=address.channel,
            conversation=address.conversation,
            private=address.private,
            language=person.language,
            said={"kind": kind, "values": plain(dict(said))} if kind else {},
        )
    if not inline(app, address):
        row = readings.of(session, sent[-1].id)
        assert row is not None
        receipt_notices.progress(session, app, row, person)


def inline(app: "App", address: Address) -> bool:
    """True on a channel where reading is waited for, so that there is nothing to say meanwhile."""
    return bool(getattr(app.channels.get(address.channel), "inline", False))


def read_next(app: "App", *, holder: str = HERE, event: str | None = None) -> bool:
    """Reads the next file (of one message), no transaction open meanwhile; True if there was one.

    What was read is written down with what follows from it, in one transaction: a crash reads it again, and loses
    and doubles nothing.
    """
    with app.store.looking() as session:
        if not readings.waits(session, holder=holder):
            return False
    with app.store.writing() as session:
        row = readings.claim(session, holder=holder, event=event)
        if row is None:
            return False
        id, words = row.id, _words(session, row)
        file = session.get_one(File, row.file_id)
    doc = _read(app, file, attempt=row.attempts, words=words)
    with app.store.writing() as session:
        row = session.get_one(Reading, id)
        if row.state != WAITING:
            return True  # somebody else was quicker
        if doc is None:
            row.held_by, row.held_until = "again", now(session)
            return True
        readings.note(row, session, doc)
        if row.batch:
            _go_on(session, app, row)
    return True


def _words(session: Session, row: Reading) -> dict[str, Any]:
    """What a reader is told of the company."""
    person = session.get_one(Person, row.person_id)
    company = people.company(session)
    ids = [each.tax_id for each in session.scalars(select(Employer).order_by(Employer.id)) if each.tax_id]
    return {
        "day_first": company.date_order == "DMY",
        "currency": person.employer.currency,
        "our_tax_ids": tuple(ids),
        "today": people.today(session, person),
    }


def _read(app: "App", file: File, *, attempt: int, words: Mapping[str, Any]) -> dict[str, Any] | None:
    """What is read of a file; None where that failed and is to be tried again."""
    from knowledge.pages import Note
    from knowledge.receipts import Receipt

    try:
        content = files.checked(file, (app.home / "files" / file.id).read_bytes())
        doc = app.reader.read(content, **words).as_doc()
        if not doc["error"] and (small := app.reader.small(content)):
            files.keep_small(app.home / "files", file, small)
        return doc
    except Refusal as refusal:
        return Receipt(error=Note.of(refusal)).as_doc()
    except Exception:
        log.exception("a receipt could not be read", file=file.id, attempt=attempt)
        if attempt < readings.MOST_ATTEMPTS:
            return None
        text = "I can't read this one. It is kept: write what it cost, and I'll put it into the claim."
        return Receipt(error=Note(text)).as_doc()


# what follows from it


def _go_on(session: Session, app: "App", row: Reading) -> None:
    """Says how far it is, or, once all that came together is read, shows the draft."""
    person = speaking.speak(session.get_one(Person, row.person_id), row.language)
    session.info["cause"] = row.event
    together = readings.batch(session, row.batch, person_id=person.id)
    if any(each.state == WAITING for each in together):
        if not inline(app, Address(row.channel, row.conversation)):
            receipt_notices.progress(session, app, row, person)
        return
    new = [each for each in together if each.draft is None]
    bad = [each for each in new if (each.doc or {}).get("error")]
    good = [each for each in new if each not in bad or each.said]  # what was said with it makes a claim by itself
    told = [_trouble(session, each, person, alone=len(new) == 1) for each in bad]
    for each in new:
        each.draft = 0
    if good:
        draft = _draft(session, app, person, good)
        for each in good:
            each.draft = draft.id
        told += _notes(good, person)
        told += _joined(app, draft, good, person)
        if len(bad) < len(new):
            told.append(say(person.language, "This is what I read: please check it."))
        receipt_notices.show(session, app, row, person, draft, before=" ".join(told))
    else:
        receipt_notices.tell(session, app, row, person, " ".join(told))
    session.get_one(Inbox, row.event).state = "done"
    held.come(session, person)


def _trouble(session: Session, row: Reading, person: Person, *, alone: bool) -> str:
    """Why a file could not be read, in its reader's words."""
    error = (row.doc or {})["error"]
    text = say(person.language, error["text"], **error["values"])
    name = session.get_one(File, row.file_id).name
    return text if alone else say(person.language, "{name}: {problem}", name=name, problem=text)


def _notes(rows: Sequence[Reading], person: Person) -> list[str]:
    """What its reader says besides: that only the first pages were read, and the like."""
    said = [say(person.language, each["text"], **each["values"]) for row in rows for each in (row.doc or {})["notes"]]
    return list(dict.fromkeys(said))


def _draft(session: Session, app: "App", person: Person, rows: Sequence[Reading]) -> Draft:
    """The draft that receipts go into: the one that waits for them, the one that they began, or a new one."""
    kind = _kind_for(app, session, person, rows)
    desk, origin = Desk(session, person, kind), f"receipts:{rows[0].batch}"
    name = pages.field(kind)
    groups: list[Sequence[Reading]] = [*pages.group(session, rows, most=pages.most_of(desk))]
    draft = _begun(session, person, kind, origin=origin)
    before = draft or (None if rows[0].said else pages.before(session, person, kind))
    if before is not None and files_of(before.lines[-1].get(name) if before.lines else None):
        groups, belongs = pages.go_on(session, before, person, groups)
        draft = before if belongs else draft
        if not groups:
            return before
    files = [[each.file_id for each in group] for group in groups]
    rows = [each[0] for each in groups]
    found = {each[0]: pages.prefilled(session, kind, desk, each) for each in files}
    own, of_line = kind.split(rows[0].said.get("values", {}))
    own = {**kind.split(found[rows[0].file_id].values)[0], **own}
    if len(rows) > 1:  # what was said of one cannot be true of each of several
        of_line = {each: value for each, value in of_line.items() if each not in ("amount", "date", "merchant")}
    lines = [{**found[each[0]].values, **of_line, name: each} for each in files]
    waiting = _place_in(session, person, kind, found[rows[0].file_id], name=name) if len(rows) == 1 else None
    if draft is not None:
        drafts.add_lines(draft, session, lines)
    elif waiting is not None and not rows[0].said:
        draft, line = waiting
        before = draft.lines[line - 1]
        more = {each: value for each, value in lines[0].items() if before.get(each) in (None, "", "EUR", [])}
        drafts.change(draft, session, values=plain(more), by=person, line=line)
        kept = {each: found[rows[0].file_id].doubts[each] for each in more if each in found[rows[0].file_id].doubts}
        found = {rows[0].file_id: Prefilled(more, kept)}
    else:
        draft = drafts.draft(session, person, act=Act.SUBMIT, origin=origin, kind=kind.name, values=own, lines=lines)
    for each in rows:
        doubts.add(draft, session, file_id=each.file_id, doubts=_doubts(found[each.file_id], of_line))
    return draft


def _joined(app: "App", draft: Draft, rows: Sequence[Reading], person: Person) -> list[str]:
    """Which of the files that came are taken as pages of one receipt."""
    name, sent = pages.field(app.kinds[draft.kind or ""]), {each.file_id for each in rows}
    groups = [files_of(each.get(name)) for each in draft.lines]
    several = [len(each) for each in groups if len(each) > 1 and sent & {*each}]
    text = "I take {count} of the pictures as pages of one receipt."
    return [say(person.language, text, count=count) for count in several]


def _doubts(found: Prefilled, said: Mapping[str, Any]) -> dict[str, list[str]]:
    """What is to be asked: what was not read for sure, and where the message says something else than the receipt."""
    out = {name: [str(plain(each)) for each in values] for name, values in found.doubts.items() if name not in said}
    for name, value in said.items():
        read = found.values.get(name)
        if name in ("amount", "date") and read is not None and str(plain(read)) != str(plain(value)):
            out[name] = [str(plain(value)), str(plain(read))]
    return out


def _begun(session: Session, person: Person, kind: Kind[Any], *, origin: str) -> Draft | None:
    """The open draft that the same batch began: of an album, photos come one by one."""
    wanted = select(Draft).where(Draft.origin == origin, Draft.person_id == person.id, Draft.state == "open")
    return session.scalar(wanted.where(Draft.kind == kind.name))


def _place_in(
    session: Session, person: Person, kind: Kind[Any], found: Prefilled, *, name: str
) -> tuple[Draft, int] | None:
    """The line of what the person works on that misses a receipt and agrees with this one."""
    draft = drafts.current(session, person)
    if draft is None or draft.kind != kind.name or draft.act not in drafts.FORMS:
        return None
    if now(session) - draft.changed_at > drafts.FRESH:
        return None
    for nth, line in enumerate(draft.lines, start=1):
        agrees = [_alike(line.get(each), found.values.get(each)) for each in ("amount", "date")]
        if not line.get(name) and all(agrees):
            return draft, nth
    return None


def _alike(known: Any, read: Any) -> bool:
    return known in (None, "") or read is None or _number(known) == _number(read)


def _number(value: Any) -> Any:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return str(plain(value))
