"""Presses that decide: a yes, a no, less, line by line, a question back; and what was decided is undone."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy.orm import Session

from backend import (
    asking,
    decisions,
    drafts,
    lowering,
    requests,
    steps,
    undoing,
)
from backend.drafts import Act
from backend.people import Person
from backend.refusals import Already, Refusal
from backend.requests import Request
from backend.words import say
from bot import amending, deciding, questions
from bot.message import Intent
from bot.offered import AMOUNT, COMMENT, LESS, LINE
from bot.pressed import Values, draft_of
from bot.replies import Reply


def approve(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Says yes to one request, or to those of a draft."""
    return _decide(session, person, subject, values, outcome=requests.APPROVED)


def reject(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Says no, with a reason, to one request, or to those of a draft."""
    return _decide(session, person, subject, values, outcome=requests.REJECTED)


def lower(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Says yes to one request for less than was asked, with a reason."""
    draft = draft_of(session, subject) if subject.startswith("draft:") else None
    said = values.get(AMOUNT) or (draft.values.get(AMOUNT) if draft else None)
    request = requests.lock(session, draft.about[0] if draft else int(subject.partition(":")[2]))
    left = [each.position for each in request.lines if each.state != requests.REJECTED]
    if len(left) > 1:
        raise Refusal("{ref} has several lines: decide it line by line.", ref=requests.ref(session, request))
    amounts = {left[0] if left else lowering.WHOLE: _amount(said)}
    if amounts == lowering.amounts(session, request):
        raise Refusal("That is all that was asked: approve it, or choose a lower amount.", field=AMOUNT)
    return _decide(session, person, subject, values, outcome=requests.APPROVED, amounts=amounts)


def decide_lines(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Says yes to some lines, for less to some, and no to others; no to all of them is a rejection."""
    said = {name.removeprefix(LINE): _yes(value) for name, value in values.items() if name.startswith(LINE)}
    if not said and not any(name.startswith(LESS) for name in values):
        raise Refusal("Say yes or no to each line in the form: nothing was decided yet.")
    refused = _by_line({position: requests.REJECTED for position, yes in said.items() if not yes})
    less = {
        name.removeprefix(LESS): value
        for name, value in values.items()
        if name.startswith(LESS) and value not in (None, "")
    }
    amounts = {position: _amount(value) for position, value in _by_line(less).items() if position not in refused}
    words = {COMMENT: values.get(COMMENT), "lines": refused}
    return _decide(session, person, subject, words, outcome=requests.APPROVED, amounts=amounts)


def _decide(
    session: Session,
    person: Person,
    subject: str,
    values: Values,
    *,
    outcome: str,
    amounts: Mapping[int, Decimal] | None = None,
) -> Reply:
    draft = draft_of(session, subject) if subject.startswith("draft:") else None
    numbers = list(draft.about) if draft else [int(subject.partition(":")[2])]
    if draft and (shown_again := amending.changed_since(session, person, draft)):
        return shown_again
    comment = str(values.get(COMMENT) or (draft.values.get(COMMENT) if draft else "") or "")
    failed: dict[int, Refusal] = {}
    if len(numbers) > 1:
        done, failed = decisions.decide_each(numbers, session, by=person, outcome=outcome, comment=comment)
        if not done:
            raise next(iter(failed.values()))
    else:
        request = requests.lock(session, numbers[0])
        words: dict[str, Any] = {"comment": comment, "lines": _by_line(values.get("lines")), "amounts": amounts}
        done = [decisions.decide(request, session, by=person, outcome=outcome, **words)]
    if draft:
        drafts.close(draft, session, by=person)
    verb = "approve" if outcome == requests.APPROVED else "reject"
    if all(last[0].outcome == requests.REJECTED for last in map(requests.said_last, done) if last):
        verb = "reject"
    args: dict[str, Any] = {"request_ids": sorted(each.number for each in done)}
    if comment:
        args["comment"] = comment
    text = " ".join([_decided(session, person, done, verb=verb), *_not_decided(session, person, failed)])
    committed = Intent(f"approval.{verb}", args, requests.ref(session, done[0]) if len(done) == 1 else None)
    card = done[0].subject if len(done) == 1 else subject
    return Reply(text, card=card, instead_of=subject, committed=(committed,))


def _decided(session: Session, person: Person, done: list[Request], *, verb: str) -> str:
    """What was decided, and what happens next."""
    language = person.language
    refs = ", ".join(requests.ref(session, each) for each in done)
    names = ", ".join(dict.fromkeys(each.person.first_name for each in done))
    waiting = [each for each in done if each.state == requests.PENDING]
    if waiting:
        who = steps.waits_for(session, waiting[0])
        text = say(language, "You approved {refs}. Next it waits for {who}.", refs=refs, who=who)
    elif verb == "approve":
        text = say(language, "You approved {refs}. {names} will be told.", refs=refs, names=names)
    else:
        sentence = "You rejected {refs}. {names} will be told why."
        if all(each.state != requests.REJECTED for each in done):
            sentence = "You rejected the change of {refs}: it stays as it was. {names} will be told why."
        text = say(language, sentence, refs=refs, names=names)
    if len(done) > 1 or verb == "reject":
        return text
    if refused := requests.refused(done[0]):
        text += " " + say(language, "Not approved: line {lines}.", lines=", ".join(map(str, refused)))
    opinion = next((o for step in done[0].steps for o in step.opinions if o.by_id == person.id and o.lowered), None)
    if opinion is not None:
        what = ", ".join(lowering.said(each, language) for each in opinion.lowered or [])
        text += " " + say(language, "For less: {what}.", what=what)
    return text


def _not_decided(session: Session, person: Person, failed: Mapping[int, Refusal]) -> list[str]:
    """Which of several requests were not decided, and why."""
    out: list[str] = []
    for number, refusal in failed.items():
        request = requests.get(session, number)
        ref = requests.ref(session, request) if request else str(number)
        why = say(person.language, refusal.text, **refusal.values)
        out.append(say(person.language, "Not decided: {ref}. {why}", ref=ref, why=why))
    return out


def approve_all(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Shows the card that approves everything within policy that waits for the person."""
    within, single = deciding.sorted_out(session, person)
    if not within:
        raise Already("Nothing that waits for you now can be approved together: look at what waits one by one.")
    about, rest = [each.number for each in within], [each.number for each in single]
    origin = f"all:{person.id}:{session.info.get('cause')}"
    draft = drafts.draft(session, person, act=Act.APPROVE, origin=origin, about=about, candidates=rest)
    return questions.about(session, draft)


def send_back(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Sends a request back to whose it is, with a question."""
    draft = draft_of(session, subject) if subject.startswith("draft:") else None
    request = requests.lock(session, draft.about[0] if draft else int(subject.partition(":")[2]))
    text = str(values.get(COMMENT) or (draft.values.get(COMMENT) if draft else "") or "")
    asking.send_back(request, session, by=person, text=text)
    if draft:
        drafts.close(draft, session, by=person)
    ref = requests.ref(session, request)
    told = say(
        person.language, "Asked. {ref} comes back to you when {who} answers.", ref=ref, who=request.person.first_name
    )
    committed = Intent("approval.send_back", {"request_ids": [request.number], "comment": text}, ref)
    return Reply(told, card=request.subject, instead_of=subject, committed=(committed,))


def undo(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Takes back what the person decided last about a request."""
    draft = draft_of(session, subject) if subject.startswith("draft:") else None
    number = draft.about[0] if draft else int(subject.partition(":")[2])
    request = undoing.undo(requests.lock(session, number), session, by=person)
    if draft:
        drafts.close(draft, session, by=person)
    ref = requests.ref(session, request)
    words = {"ref": ref, "who": steps.waits_for(session, request), "name": request.person.first_name}
    text = say(person.language, "Undone: {ref} waits for {who} again. {name} will be told.", **words)
    committed = Intent("approval.undo", {"request_ids": [number]}, ref)
    return Reply(text, card=request.subject, instead_of=subject, committed=(committed,))


def _yes(value: Any) -> bool:
    try:
        return TypeAdapter(bool).validate_python(value)
    except ValidationError as error:
        raise Refusal("A line is decided by yes or no: please choose again.") from error


def _amount(value: Any) -> Decimal:
    try:
        return TypeAdapter(Decimal).validate_python(str(value or ""))
    except ValidationError as error:
        raise Refusal("That is no amount: write it like {example}.", field=AMOUNT, example="12.50") from error


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
