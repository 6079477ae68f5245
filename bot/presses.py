"""Presses: each verb of a button and the one thing it commits. The only road to a commit."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy.orm import Session

from backend import buttons, decisions, drafts, events, filing, people, requests, steps
from backend.drafts import Act, Draft
from backend.kinds import Kind, kinds_of
from backend.people import Person
from backend.refusals import Already, Refusal
from backend.requests import Request, Step
from backend.words import say
from bot import cards, questions
from bot.message import Intent
from bot.replies import Reply

Values = Mapping[str, Any]
Press = Callable[[Session, Person, str, Values], Reply]


def press(session: Session, person: Person, token: str, values: Values) -> Reply:
    """Takes the button and does what it says, in the caller's transaction.

    A Refusal leaves the button as it was; Already says who was first.
    """
    button = buttons.look(session, token, person=person)
    verb, _, rest = button.verb.partition(":")
    values = {**values, **dict([rest.split("=", 1)])} if rest else values
    if verb in OPENING:
        if button.taken_at is not None:
            raise Already("This card was changed since: use the newest one.")
        return OPENING[verb](session, person, button.subject, values)
    if verb == "reject" and button.subject.startswith("request:") and not values.get(cards.COMMENT):
        return _ask_why(session, person, button.subject, token)
    try:
        buttons.take(session, token, person=person)
    except Already:
        request = _request(session, button.subject)
        raise (
            steps.already(session, request)
            if request and request.state != requests.PENDING
            else Already("That was done already.")
        ) from None
    return COMMITTING[verb](session, person, button.subject, values)


def main_verb(draft: Draft) -> str:
    """What a plain yes to this draft presses."""
    return "submit" if draft.act == Act.SUBMIT else cards.ACTS[draft.act][0]


def submit(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Sends a draft."""
    draft = _draft(session, subject)
    request = drafts.send(draft, session, by=person)
    kind = kinds_of(session)[request.kind]
    ref = requests.ref(session, request)
    committed = Intent(kind.intent, submitted_args(kind, request), ref)
    match request.state:
        case requests.PENDING:
            who = steps.waits_for(session, request)
            text = say(
                person.language, "Sent. {ref} waits for {who}; I'll tell you when it is decided.", ref=ref, who=who
            )
        case requests.RECORDED:
            manager = people.manager_of(session, person)
            text = say(person.language, "Recorded as {ref}.", ref=ref)
            if manager:
                text += " " + say(person.language, "{who} is told.", who=manager.name)
        case _:
            text = say(person.language, "{ref} is {state}.", ref=ref, state=say(person.language, request.state))
    return Reply(text, card=request.subject, instead_of=subject, committed=(committed,))


def submitted_args(kind: Kind[Any], request: Request) -> dict[str, Any]:
    """What was committed, as a call's arguments; the lines of a request with one line are flat."""
    args = kind.args(request.values)
    if kind.line:
        lines = [kind.args(each.values, line=True) for each in request.lines]
        args |= lines[0] if len(lines) == 1 else {"lines": lines}
    return args


def discard(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Throws a draft away."""
    draft = _draft(session, subject)
    drafts.discard(draft, session, by=person)
    return Reply(say(person.language, "Discarded; nothing was sent."), card=subject)


def approve(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Says yes to one request, or to those of a draft."""
    return _decide(session, person, subject, values, outcome=requests.APPROVED)


def reject(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Says no, with a reason, to one request, or to those of a draft."""
    return _decide(session, person, subject, values, outcome=requests.REJECTED)


def _decide(session: Session, person: Person, subject: str, values: Values, *, outcome: str) -> Reply:
    draft = _draft(session, subject) if subject.startswith("draft:") else None
    numbers = list(draft.about) if draft else [int(subject.partition(":")[2])]
    comment = str(values.get(cards.COMMENT) or (draft.values.get(cards.COMMENT) if draft else "") or "")
    lines = _by_line(values.get("lines"))
    done = [
        decisions.decide(
            requests.lock(session, number), session, by=person, outcome=outcome, comment=comment, lines=lines
        )
        for number in sorted(numbers)
    ]
    if draft:
        drafts.close(draft, session, by=person)
    verb = "approve" if outcome == requests.APPROVED else "reject"
    args: dict[str, Any] = {"request_ids": sorted(numbers)}
    if comment:
        args["comment"] = comment
    refs = ", ".join(requests.ref(session, each) for each in done)
    names = ", ".join(dict.fromkeys(each.person.first_name for each in done))
    if all(each.state == requests.REJECTED for each in done):
        verb = "reject"
    waiting = [each for each in done if each.state == requests.PENDING]
    if waiting:
        who = steps.waits_for(session, waiting[0])
        text = say(person.language, "You approved {refs}. Next it waits for {who}.", refs=refs, who=who)
    else:
        said = (
            "You approved {refs}. {names} will be told."
            if verb == "approve"
            else "You rejected {refs}. {names} will be told why."
        )
        text = say(person.language, said, refs=refs, names=names)
    refused = requests.refused(done[0]) if len(done) == 1 and verb == "approve" else []
    if refused:
        text += " " + say(person.language, "Not approved: line {lines}.", lines=", ".join(map(str, refused)))
    committed = Intent(f"approval.{verb}", args, requests.ref(session, done[0]) if len(done) == 1 else None)
    card = done[0].subject if len(done) == 1 else subject
    return Reply(text, card=card, instead_of=subject, committed=(committed,))


def decide_lines(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Says yes to some lines and no to others; no to all of them is a rejection."""
    said = {name.removeprefix(cards.LINE): _yes(value) for name, value in values.items() if name.startswith(cards.LINE)}
    refused = {position: requests.REJECTED for position, yes in said.items() if not yes}
    words = {cards.COMMENT: values.get(cards.COMMENT), "lines": refused}
    return _decide(session, person, subject, words, outcome=requests.APPROVED)


def _yes(value: Any) -> bool:
    try:
        return TypeAdapter(bool).validate_python(value)
    except ValidationError as error:
        raise Refusal("A line is decided by yes or no: please choose again.") from error


def _by_line(said: Any) -> dict[int, str]:
    if said in (None, ""):
        return {}
    if not isinstance(said, Mapping):
        raise Refusal("Lines are decided by their number, such as {example}.", example='{"2": "rejected"}')
    lines: dict[int, str] = {}
    for position, word in said.items():  # pyright: ignore[reportUnknownVariableType]
        number = str(position)  # pyright: ignore[reportUnknownArgumentType]
        if not (number.isdecimal() and len(number) < 6):
            raise Refusal("There is no line {line}.", line=number[:40])
        lines[int(number)] = str(word)  # pyright: ignore[reportUnknownArgumentType]
    return lines


def withdraw(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Takes requests back."""
    draft = _draft(session, subject) if subject.startswith("draft:") else None
    numbers = list(draft.about) if draft else [int(subject.partition(":")[2])]
    done = [filing.withdraw(requests.lock(session, number), session, by=person) for number in sorted(numbers)]
    if draft:
        drafts.close(draft, session, by=person)
    kinds = kinds_of(session)
    committed = tuple(
        Intent(kinds[each.kind].cancel_intent, {"request_id": each.number}, requests.ref(session, each))
        for each in done
    )
    refs = ", ".join(each.ref or "" for each in committed)
    text = say(person.language, "{refs} is withdrawn; what it took is given back.", refs=refs)
    card = done[0].subject if len(done) == 1 else subject
    return Reply(text, card=card, instead_of=subject, committed=committed)


def finish(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Says that a piece of work is done."""
    step = session.get_one(Step, int(subject.partition(":")[2]))
    request = steps.finish(step, session, by=person)
    ref = requests.ref(session, request)
    text = say(person.language, "{ref}: {what} is done.", ref=ref, what=say(person.language, step.label or "work"))
    committed = Intent("step.finish", {"request_id": request.number}, ref)
    return Reply(text, card=request.subject, committed=(committed,))


def stand_in(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Names a stand-in for some days."""
    draft = _draft(session, subject)
    other = people.find(session, str(draft.values["to"]))
    start, end = date.fromisoformat(draft.values["start"]), date.fromisoformat(draft.values["end"])
    people.name_stand_in(session, person, other=other, start=start, end=end)
    drafts.close(draft, session, by=person)
    events.record(
        session,
        "stand_in.named",
        by=person,
        subject=f"person:{person.id}",
        about=(other,),
        detail={"to": other.handle, "start": start, "end": end},
    )
    text = say(
        person.language, "{name} stands in for you from {start} to {end}.", name=other.name, start=start, end=end
    )
    args = {"to": other.handle, "start": start.isoformat(), "end": end.isoformat()}
    return Reply(text, card=subject, committed=(Intent("approvals.delegate", args),))


def change(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Puts new values into a draft; without any, asks for them."""
    draft = _draft(session, subject)
    drafts.check(draft, by=person)
    if not values:
        kind = kinds_of(session).get(draft.kind or "")
        names = tuple(each.name for each in kind.sayable()) if kind else tuple(cards.needed(draft))
        return Reply(say(person.language, "What should be different?"), card=subject, asked=names, pending=True)
    values = dict(values)
    lines = values.pop("lines", None)
    wrong = drafts.change(draft, session, values=values, lines=lines, by=person)
    if wrong:
        problems = [f"{_title(draft, session, name)}: {say(person.language, each)}" for name, each in wrong.items()]
        text = say(person.language, "Please check {problems} The rest is kept.", problems="; ".join(problems))
        return Reply(text, card=subject, refusal=text, asked=tuple(wrong), pending=True)
    return questions.about(session, draft)


def _title(draft: Draft, session: Session, name: str) -> str:
    """What a field is called on the card, in its owner's language."""
    kind = kinds_of(session).get(draft.kind or "")
    titles = {each.name: each.title for each in kind.sayable()} if kind else {}
    return say(session.get_one(Person, draft.person_id).language, titles.get(name, name))


def choose(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Answers a question with one of its buttons: a form's choice, or which request was meant."""
    draft = _draft(session, subject)
    if "about" in values:
        drafts.choose(draft, session, number=int(values["about"]), by=person)
        return questions.about(session, draft)
    return change(session, person, subject, values)


COMMITTING: dict[str, Press] = {
    "submit": submit,
    "discard": discard,
    "approve": approve,
    "reject": reject,
    "decide_lines": decide_lines,
    "withdraw": withdraw,
    "finish": finish,
    "stand_in": stand_in,
}
"""Verbs whose button is taken: they work once."""

OPENING: dict[str, Press] = {"change": change, "choose": choose}
"""Verbs that only work on a draft, and may be pressed again."""


def _ask_why(session: Session, person: Person, subject: str, token: str) -> Reply:
    request = _request(session, subject)
    assert request is not None
    if request.state != requests.PENDING:
        raise steps.already(session, request)
    origin = f"why:{token}"
    draft = drafts.draft(session, person, act=Act.REJECT, origin=origin, about=[request.number])
    if draft.state != "open":
        draft.state = "open"
    return questions.about(session, draft)


def _draft(session: Session, subject: str) -> Draft:
    draft = session.get(Draft, int(subject.partition(":")[2])) if subject.startswith("draft:") else None
    if draft is None:
        raise Refusal("I no longer have that draft. Tell me again what you need and I'll start a new one.")
    return draft


def _request(session: Session, subject: str) -> Request | None:
    sort, _, number = subject.partition(":")
    return session.get(Request, int(number)) if sort == "request" else None
