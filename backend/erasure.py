"""Erases what names somebody who has left, keeps what the law wants kept, and leaves the log provable."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from backend import events, orders, people, renaming, requests, schedules
from backend.audit import ERASED
from backend.buttons import Button
from backend.chats import SENT, Chat, Inbox, Posted
from backend.drafts import Draft
from backend.events import Delivery, Detail, Event, EventPerson
from backend.files import File
from backend.fillings import Filling
from backend.forms import Data, Form, Widget
from backend.kinds import Kind, kinds_of
from backend.leave import LeaveEntry
from backend.payments import ACCOUNTS
from backend.people import FULL_WEEK, Account, Person, Role, StandIn
from backend.readings import Reading
from backend.refusals import Already, Refusal
from backend.requests import Line, Opinion, Question, Request, Step
from backend.signin import SignInLink, WebSession
from backend.spending import MoneyEntry
from backend.store import Base, Store, look_again, now
from backend.tables import TableRow
from backend.words import say

GONE = "[erased]"
"""What stands in the place of free text that a form cannot do without."""

KEPT_KINDS = frozenset(
    {ERASED, "person.erased", "policy.changed", "company.changed", "people.imported"}
    | {"knowledge.published", "knowledge.withdrawn", "synonyms.changed"}
)
"""Events whose detail is about the company and not about a person, whoever caused them."""

FATES: Mapping[str, str] = {
    "people": "the row stays under the name former-N without e-mail, team, work week and language; "
    "first and last day, employer, place and manager stay",
    "roles": "deleted",
    "accounts": "deleted",
    "chats": "deleted",
    "inbox": "deleted; what others wrote to decide or draft something about the person loses its text, and in all else "
    "the names, handle and e-mail give way to former-N",
    "posts": "deleted; posts to others about the person's requests and balances lose their text, and in all others the "
    "names, handle and e-mail give way to former-N",
    "drafts": "deleted; those of others about the person or for them lose what they held, and in all others the names "
    "give way to former-N",
    "buttons": "deleted",
    "files": "deleted, with the files on the disk",
    "readings": "deleted: what was read of the files",
    "fillings": "deleted",
    "stand_ins": "those who stood in for the person: deleted; the days on which they stood in for others stay",
    "assistants": "stay: they name ids, limits and dates",
    "sign_in_links": "deleted",
    "web_sessions": "deleted",
    "requests": "numbers, kinds, dates, amounts and choices stay; free text and files go",
    "request_lines": "as requests",
    "steps": "stay: they name roles and ids",
    "opinions": "stay; what was said to the person's requests goes, and what they said to others' requests, which "
    "belongs to those, stays without a name",
    "questions": "as opinions: what was asked and answered about the person's requests goes",
    "leave_entries": "stay: kinds of leave, days and dates; the reasons of corrections go",
    "leave_remainders": "stay: kinds of leave, days and dates",
    "leave_days": "stay: kinds of leave, days and dates",
    "money_entries": "stay: amounts, categories and dates; whom it was paid to goes",
    "orders": "stay: employers, numbers and dates; why no more was waited for goes",
    "arrivals": "stay: quantities and dates",
    "table_rows": "bank accounts are deleted; all else stays: who loaded them is an id, and the handle of a budget's "
    "owner gives way to former-N",
    "budget_notices": "no person",
    "payments": "stay: who made them is an id",
    "payment_items": "stay: ids and amounts, which the books need",
    "holiday_years": "stay: who said it is an id; in what is to be different, the name gives way to former-N",
    "events": "stay: ids, kind and time, chained",
    "event_details": "of events about the person or naming them: deleted with their salt",
    "event_people": "stay: ids alone",
    "event_head": "stays",
    "deliveries": "stay: ids alone; those still due for an erased event are dropped",
    "timers": "stay: ids alone",
    "held_notices": "deleted",
    "snoozes": "stay: ids and moments",
    "outlets": "no person",
    "connections": "no person",
    "model_turns": "no person: ids of messages, names of models, figures",
    "received": "what was just heard: gone as soon as it is answered, after a day at the latest",
    "workers": "no person",
    "scheduled_posts": "those to the person alone are deleted; the others name channels and roles",
    "company": "no person",
    "employers": "the owner's id stays",
    "places": "no person",
    "local_days": "no person",
    "policies": "stay: who set them is an id",
    "documents": "stay: the owner is an id",
    "document_versions": "stay: who added them is an id",
    "document_readers": "no person",
    "version_readers": "no person",
    "version_pictures": "no person",
    "handbook_pictures": "no person",
    "passages": "no person",
    "library": "no person",
    "indexing": "no person",
    "handbook_proposals": "deleted",
    "owner_questions": "those of the person, and those put to them: deleted",
    "answer_ratings": "no person",
    "synonym_lines": "no person",
    "gaps": "questions stay, they have no author; the name, handle and e-mail give way to former-N",
}
"""What becomes of each table when somebody is erased; docs/audit.md says why."""


@dataclass(frozen=True)
class Erased:
    """What an erasure did: the new handle, the entries whose details went, and the files to remove from the disk."""

    handle: str
    details: int
    requests: int
    files: tuple[str, ...]


def erase(session: Session, person: Person, *, by: Person | None, reason: str = "") -> Erased:
    """Erases a person who has left. The caller removes `files` from the disk once the transaction is committed.

    A Refusal if they work here, have not left, or something of theirs is still open; Already if it was done before.
    """
    if person.erased_at is not None:
        day = person.erased_at.date().isoformat()
        raise Already("{who} was erased already, on {day}.", who=person.handle, day=day)
    _must_have_left(session, person)
    words = renaming.words_of(session, person)
    numbers = list(session.scalars(select(Request.number).where(Request.person_id == person.id)))
    mine = _about(session, person, numbers=numbers, words=words)
    files = _delete_own(session, person)
    drafts = _blank_drafts(session, person, numbers=numbers, handle=person.handle)
    _blank_posts(session, numbers=numbers, drafts=drafts, erased=mine)
    for number in numbers:
        _strip(session, session.get_one(Request, number))
    session.execute(update(MoneyEntry).where(MoneyEntry.person_id == person.id).values(payee=""))
    corrected = update(LeaveEntry).where(LeaveEntry.person_id == person.id, LeaveEntry.reason.is_not(None))
    session.execute(corrected.values(reason=GONE))
    schedules.forget(session, person.handle)
    session.execute(
        delete(TableRow).where(TableRow.name == ACCOUNTS, TableRow.values["person"].as_string() == person.handle)
    )
    _rename(session, person)
    renaming.replace_everywhere(session, words)
    forget(session, list(mine), by=by)
    events.record(
        session,
        "person.erased",
        by=by,
        subject=f"person:{person.id}",
        detail={"handle": person.handle, "reason": words.replace(reason), "details": len(mine), "files": len(files)},
    )
    session.flush()
    return Erased(person.handle, details=len(mine), requests=len(numbers), files=tuple(files))


def forget(session: Session, seqs: Iterable[int], *, by: Person | None) -> int:
    """Deletes the details of these entries, with their salts, and records that it was lawful. Returns how many."""
    wanted = sorted(set(seqs))
    if not wanted:
        return 0
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        ids = select(Event.id).where(Event.seq.in_(some))
        session.execute(delete(Detail).where(Detail.event_seq.in_(some)))
        undone = update(Delivery).where(Delivery.event_id.in_(ids))
        session.execute(undone.values(error=""))
        session.execute(undone.where(Delivery.state != "told").values(state="told"))
    detail = {"ranges": ranges(wanted), "entries": len(wanted)}
    events.record(session, ERASED, by=by, subject="log", detail=detail)
    return len(wanted)


def scrub(store: Store) -> None:
    """Makes the database give up what was deleted: its freed pages are written anew. Called after the commit."""
    with store.engine.connect() as connection:
        if store.embedded:
            raw: Any = connection.connection.driver_connection
            for statement in ("PRAGMA query_only=OFF", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                raw.execute(statement)
        else:
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("VACUUM")


def ranges(numbers: Iterable[int]) -> list[list[int]]:
    """Ascending numbers as [first, last] pairs: 3, 4, 5, 9 is [[3, 5], [9, 9]]."""
    out: list[list[int]] = []
    for each in numbers:
        if out and out[-1][1] == each - 1:
            out[-1][1] = each
        else:
            out.append([each, each])
    return out


def _must_have_left(session: Session, person: Person) -> None:
    if people.works_here(session, person):
        raise Refusal("{name} still works here: give them a last day first, and erase them after it.", name=person.name)
    if person.end is None or person.end >= people.today(session, person):
        raise Refusal("{name} has not left: give them a last day first, and erase them after it.", name=person.name)
    unfinished = (
        select(Request.number)
        .outerjoin(Step, Step.number == Request.number)
        .where(Request.person_id == person.id)
        .where(or_(Request.state == "pending", Step.state == "open"))
        .order_by(Request.number)
    )
    number = session.scalar(unfinished.limit(1))
    if number is not None:
        raise Refusal("Request {number} of {name} is still open: settle it first.", number=number, name=person.name)
    theirs = select(Step.number).where(Step.owner_id == person.id, Step.state == "open").order_by(Step.number)
    number = session.scalar(theirs.limit(1))
    if number is not None:
        raise Refusal(
            "Request {number} still waits for {name}: hand it to somebody else first.", number=number, name=person.name
        )


def _about(session: Session, person: Person, *, numbers: list[int], words: renaming.Words) -> dict[int, str]:
    """The entries with details to erase: those about the person, and any other that names them. {seq: event id}."""
    steps = select(Step.id).where(Step.number.in_(numbers))
    subjects = {f"person:{person.id}", *(f"request:{each}" for each in numbers)}
    subjects |= {f"step:{each}" for each in session.scalars(steps)}
    out: dict[int, str] = {}
    named = select(EventPerson.event_id).where(EventPerson.person_id == person.id)
    wanted = (
        select(Event.seq, Event.id, Event.subject, Event.actor_id, Event.for_id, Detail.body)
        .join(Detail, Detail.event_seq == Event.seq)
        .where(Event.kind.not_in(KEPT_KINDS))
        .where(or_(Event.id.in_(named), words.likely(Detail.body)))
    )
    found: Any = session.execute(wanted)
    for seq, event_id, subject, actor, for_whom, body in found:
        acted = person.id in (actor, for_whom)
        alone = acted and not subject.startswith(("request:", "step:", "person:"))
        told_of = not acted and session.get(EventPerson, (event_id, person.id)) is not None
        if subject in subjects or alone or told_of or words.search(_readable(body)):
            out[seq] = event_id
    return out


def _readable(body: str) -> str:
    return json.dumps(json.loads(body), ensure_ascii=False)


OWN = (
    Account,
    Button,
    Chat,
    Draft,
    Reading,
    File,
    Filling,
    Inbox,
    Posted,
    Role,
    SignInLink,
    StandIn,
    WebSession,
)
"""What is deleted whole; what refers to another comes before it."""


def _delete_own(session: Session, person: Person) -> list[str]:
    files = list(session.scalars(select(File.id).where(File.person_id == person.id)))
    for table in OWN:
        session.execute(delete(table).where(table.person_id == person.id))
    for name, columns in (("handbook_proposals", ("person_id",)), ("owner_questions", ("asker_id", "to_id"))):
        held = Base.metadata.tables.get(name)
        if held is not None:
            session.execute(delete(held).where(or_(*(held.c[each] == person.id for each in columns))))
    session.expire(person, ["roles"])
    look_again(session)
    return files


def _blank_drafts(session: Session, person: Person, *, numbers: list[int], handle: str) -> list[Draft]:
    """What others drafted about this person or for them loses what it held; what was open is closed."""
    mine = set(numbers)
    about = [
        each
        for each in session.scalars(select(Draft).order_by(Draft.id))
        if each.for_id == person.id or mine & set(each.about) or handle in each.values.values()
    ]
    for draft in about:
        draft.values, draft.lines, draft.doubts = {}, [], {}
        draft.state = "discarded" if draft.state == "open" else draft.state
    session.flush()
    return about


def _blank_posts(session: Session, *, numbers: list[int], drafts: Sequence[Draft], erased: Mapping[int, str]) -> None:
    """Posts to others about this person keep their place in the chat, and lose what they said; so does what led there.

    A message that only began something about several people loses its words too: nobody could tell them apart.
    """
    cards = [*(f"request:{number}" for number in numbers), *(f"draft:{each.id}" for each in drafts)]
    ids = list(erased.values())
    wanted = select(Posted).where(or_(Posted.card.in_(cards), func.substr(Posted.key, 1, 32).in_(ids)))
    said = {each.origin for each in drafts}
    for post in session.scalars(wanted):
        reader = session.get(Person, post.person_id) if post.person_id else None
        text = say(reader.language if reader else "en", "This message was erased.")
        said.add(post.cause or "")
        post.body, post.card, post.error = {"text": text}, None, ""
        if post.state != SENT:
            post.state = SENT
    about = sorted(said - {""})
    for start in range(0, len(about), 500):
        heard = update(Inbox).where(Inbox.event.in_(about[start : start + 500]), Inbox.text != "")
        session.execute(heard.values(text=GONE, understood=None))
    session.flush()


def _strip(session: Session, request: Request) -> None:
    kind = kinds_of(session).get(request.kind)
    _strip_values(kind, kind.form if kind else None, request)
    for line in request.lines:
        _strip_values(kind, kind.line if kind else None, line)
    request.before = None
    order = orders.of(session, request.number)
    if order is not None and order.closed:
        order.closed = GONE
    theirs = select(Step.id).where(Step.number == request.number)
    for opinion in session.scalars(select(Opinion).where(Opinion.step_id.in_(theirs))):
        opinion.comment, opinion.before = "", None
    for question in session.scalars(select(Question).where(Question.step_id.in_(theirs))):
        question.text = question.answer = ""
    session.flush()


def _strip_values(kind: Kind[Any] | None, form: type[Form] | None, of: Request | Line) -> None:
    if of.granted:
        kept = _without_text(kind, form, requests.granted(of))
        of.granted = {name: value for name, value in kept.items() if name in of.granted}
    of.values = _without_text(kind, form, of.values)


def _without_text(kind: Kind[Any] | None, form: type[Form] | None, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values without free text and files: choices, dates, numbers, and codes such as a currency, stay."""
    if kind is None or form is None:
        return {name: value for name, value in values.items() if not isinstance(value, str | list | dict)}
    out = dict(values)
    for blank in kind.blanks(None, line=form is kind.line):
        if blank.name not in out or blank.widget not in (Widget.LINE, Widget.LONG, Widget.FILE):
            continue
        secret = blank.widget is Widget.FILE or blank.data in (Data.HEALTH, Data.BANK)
        if not secret and not _holds(form, out, blank.name, GONE):
            continue  # a code: it takes no free text
        without = {name: value for name, value in out.items() if name != blank.name}
        out = without if not blank.required else {**out, blank.name: GONE}
    return out


def _holds(form: type[Form], values: Mapping[str, Any], name: str, text: str) -> bool:
    try:
        form.model_validate({**values, name: text})
    except ValidationError:
        return False
    return True


def _rename(session: Session, person: Person) -> None:
    handle = f"former-{person.id}"
    while session.scalar(select(Person.id).where(Person.handle == handle, Person.id != person.id)) is not None:
        handle += "-x"
    person.handle = person.name = handle
    person.email = None
    person.team = ""
    person.language = "en"
    person.work_week = dict(FULL_WEEK)
    person.erased_at = now(session)
    session.flush()
