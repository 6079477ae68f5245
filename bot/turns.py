"""A turn, as a brain is given it: what somebody wrote, what they know of, and what is open before them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import chats, for_others, people, requests, steps
from backend.desk import Desk
from backend.drafts import Act, Draft
from backend.kinds import Kinds, kinds_of
from backend.people import Account, Person
from backend.requests import Request
from backend.store import now
from bot.brain.port import Colleague, Known, Pending, Turn
from bot.message import Intent, Said
from bot.readable import LONGEST

if TYPE_CHECKING:
    from bot.app import App


def turn_of(app: "App", session: Session, heard: Said, person: Person, pending: Draft | None) -> Turn:
    """What a brain is given of this message; the requests and colleagues in it are those that the person may see."""
    company = people.company(session)
    linked = select(Account.person_id, Account.account).where(Account.channel == "slack")
    slack = {row.person_id: row.account for row in session.execute(linked)}
    colleagues = tuple(
        Colleague(handle, name, team, manager, slack.get(id))
        for id, handle, name, team, manager in people.directory(session)
    )
    known = tuple(_known(session, person))
    return Turn(
        text=heard.text[:LONGEST].strip(),
        speaker=person.handle,
        now=now(session).astimezone(ZoneInfo(person.place.timezone)),
        currency=person.employer.currency,
        day_first=company.date_order == "DMY",
        colleagues=colleagues,
        kinds=Kinds({each.name: each.of_company(Desk(session, person, each)) for each in app.kinds.values()}),
        known=known,
        pending=_pending(session, pending) if pending else None,
        language=person.language,
        shown=tuple(_shown(session, person, known)),
        hr=people.has_role(person, for_others.HR),
        before=_before(session, heard, person),
    )


def _before(session: Session, heard: Said, person: Person) -> Intent | None:
    """What was understood of the message before this one."""
    address = heard.address
    posts = chats.last_posts(session, person, channel=address.channel, conversation=address.conversation, limit=4)
    for post_ in posts:
        if understood := post_.body.get("understood"):
            return Intent(**understood[-1])
    return None


def _known(session: Session, person: Person) -> list[Known]:
    waiting = [each.request for each in steps.waiting_for(session, person)]
    numbers = {each.number for each in waiting}
    mine = requests.of(session, person, limit=20)
    requests.with_lines(session, [*waiting, *mine])
    out: list[Known] = []
    for each in {r.number: r for r in (*waiting, *mine)}.values():
        kind = kinds_of(session)[each.kind]
        form, lines = requests.forms_of(kind, each)
        out.append(
            Known(
                number=each.number,
                ref=requests.ref(session, each),
                kind=each.kind,
                by=each.person.handle,
                summary=kind.summary(form, lines, "en"),
                state=each.state,
                values=requests.said_in(each),
                waiting_for_me=each.number in numbers,
            )
        )
    return out


def _pending(session: Session, draft: Draft) -> Pending:
    intent = {
        Act.APPROVE.value: "approval.approve",
        Act.REJECT.value: "approval.reject",
        Act.WITHDRAW.value: "request.cancel",
        Act.STAND_IN.value: "approvals.delegate",
        Act.LOWER.value: "approval.approve",
        Act.SEND_BACK.value: "approval.send_back",
        Act.ANSWER.value: "request.answer",
        Act.UNDO.value: "approval.undo",
        Act.SNOOZE.value: "approvals.snooze",
        Act.NUDGE.value: "request.nudge",
        Act.ASSIST.value: "approvals.assist",
        Act.UNASSIST.value: "approvals.unassist",
        Act.CORRECT.value: "balance.correct",
    }.get(draft.act) or kinds_of(session)[draft.kind or ""].intent
    line = draft.lines[0] if len(draft.lines) == 1 else {}
    values = {**draft.values, **line, **({"request_ids": draft.about} if draft.about else {})}
    lines = tuple(draft.lines) if len(draft.lines) > 1 else ()
    return Pending(intent, values, draft.asked[0] if draft.asked else None, lines)


def _shown(session: Session, person: Person, known: Sequence[Known]) -> list[str]:
    """The requests whose cards this person was shown last, the newest first."""
    recent = select(chats.Posted.card).where(
        chats.Posted.person_id == person.id, chats.Posted.card.like("request:%"), chats.Posted.current.is_(True)
    )
    refs = {each.number: each.ref for each in known}
    out: list[str] = []
    for subject in session.scalars(recent.order_by(chats.Posted.place.desc()).limit(5)):
        number = int((subject or "").partition(":")[2])
        request = None if number in refs else session.get(Request, number)
        ref = requests.ref(session, request) if request is not None else refs.get(number)
        if ref is not None:
            out.append(ref)
    return list(dict.fromkeys(out))
