"""Presses: each verb of a button and the one thing it commits. The only road to a commit."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy.orm import Session

from backend import (
    asking,
    buttons,
    decisions,
    drafts,
    filing,
    lowering,
    moves,
    nudges,
    people,
    requests,
    snoozes,
    stand_ins,
    steps,
    undoing,
)
from backend.drafts import Act, Draft
from backend.forms import plain
from backend.kinds import Kind, Sort, kinds_of
from backend.people import Person
from backend.refusals import Already, Refusal
from backend.requests import Request, Step
from backend.words import say
from bot import (
    amending,
    assisting,
    cards,
    confirming,
    correcting,
    deciding,
    handbook_presses,
    later,
    pages,
    paying,
    questions,
    waiting,
)
from bot.message import Intent
from bot.offered import AMOUNT, COMMENT, LESS, LINE, UNTIL
from bot.replies import Reply

Values = Mapping[str, Any]
Press = Callable[[Session, Person, str, Values], Reply]


def press(session: Session, person: Person, token: str, values: Values) -> Reply:
    """Takes the button and does what it says, in the caller's transaction.

    A Refusal leaves the button as it was; Already says who was first.
    """
    button = buttons.look(session, token, person=person)
    verb, _, rest = button.verb.partition(":")
    held = dict([rest.split("=", 1)]) if rest else dict[str, str]()
    version = int(held.pop("version", "0"))
    values = {**values, **held}
    if verb in OPENING:
        if button.taken_at is not None:
            raise Already("This card was changed since: use the newest one.")
        return OPENING[verb](session, person, button.subject, values)
    if (
        verb in UNSAID
        and button.subject.startswith("request:")
        and not any(map(values.get, SAYING.get(verb, (COMMENT,))))
    ):
        return _ask_for(session, person, button.subject, token, act=UNSAID[verb], values=values)
    try:
        buttons.take(button, session)
    except Already:
        request = _request(session, button.subject)
        raise (
            steps.already(session, request)
            if request and request.state != requests.PENDING
            else Already("That was done already.")
        ) from None
    _must_be_as_shown(session, button.subject, version=version)
    return COMMITTING[verb](session, person, button.subject, values)


def _must_be_as_shown(session: Session, subject: str, *, version: int) -> None:
    """Already, if a request was changed since the card was drawn whose button this is."""
    sort, _, number = subject.partition(":")
    if sort != "request":
        return
    request = requests.lock(session, int(number))
    if version != request.version:
        ref = requests.ref(session, request)
        raise Already("{refs} was changed since you were shown this: look at its newest card first.", refs=ref)


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
            manager = people.manager_of(session, request.person)
            text = say(person.language, "Recorded as {ref}.", ref=ref)
            for each in dict.fromkeys((request.person, *((manager,) if manager else ()))):
                if each.id != person.id:
                    text += " " + say(person.language, "{who} is told.", who=each.name)
            more = kind.outcome(requests.forms_of(kind, request)[0], requests.desk_of(session, request, by=person))
            if more is not None and request.person_id == person.id:
                text += " " + say(person.language, more.text, **more.values)
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


def lower(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Says yes to one request for less than was asked, with a reason."""
    draft = _draft(session, subject) if subject.startswith("draft:") else None
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
    refused = {position: requests.REJECTED for position, yes in said.items() if not yes}
    less = {
        name.removeprefix(LESS): value
        for name, value in values.items()
        if name.startswith(LESS) and value not in (None, "") and name.removeprefix(LESS) not in refused
    }
    amounts = {position: _amount(less[str(position)]) for position in _by_line(less)}
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
    draft = _draft(session, subject) if subject.startswith("draft:") else None
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
    draft = _draft(session, subject) if subject.startswith("draft:") else None
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


def answer(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Answers the question with which a request was sent back."""
    draft = _draft(session, subject) if subject.startswith("draft:") else None
    request = requests.lock(session, draft.about[0] if draft else int(subject.partition(":")[2]))
    text = str(values.get(COMMENT) or (draft.values.get(COMMENT) if draft else "") or "")
    question = asking.answer(request, session, by=person, text=text)
    for each in drafts.all_open(session, person):
        if each.act == Act.ANSWER and each.about == [request.number]:
            drafts.close(each, session, by=person)
    ref, who = requests.ref(session, request), session.get_one(Person, question.by_id).name
    told = say(person.language, "{who} gets your answer; {ref} goes on.", who=who, ref=ref)
    committed = Intent("request.answer", {"request_id": request.number, "comment": question.answer}, ref)
    return Reply(told, card=request.subject, instead_of=subject, committed=(committed,))


def undo(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Takes back what the person decided last about a request."""
    draft = _draft(session, subject) if subject.startswith("draft:") else None
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
    request = steps.finish(step, session, by=person, said=values)
    ref = requests.ref(session, request)
    if step.state == "open":
        text = say(
            person.language, "{ref} is {state}.", ref=ref, state=requests.stands(session, request, person.language)
        )
    else:
        text = say(person.language, "{ref}: {what} is done.", ref=ref, what=say(person.language, step.label or "work"))
    committed = Intent("step.finish", {"request_id": request.number}, ref)
    return Reply(text, card=request.subject, committed=(committed,))


def stand_in(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Names a stand-in for some days."""
    draft = _draft(session, subject)
    other = people.find(session, str(draft.values["to"]))
    start, end = date.fromisoformat(draft.values["start"]), date.fromisoformat(draft.values["end"])
    stand_ins.name(session, person, other=other, start=start, end=end, by=person)
    moves.presence_changed(session, person, by=person)
    drafts.close(draft, session, by=person)
    text = say(
        person.language, "{name} stands in for you from {start} to {end}.", name=other.name, start=start, end=end
    )
    args = {"to": other.handle, "start": start.isoformat(), "end": end.isoformat()}
    return Reply(text, card=subject, committed=(Intent("approvals.delegate", args),))


def change(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Puts new values into a draft, of a change to a sent request too; without any, asks for them."""
    if subject.startswith("proposal:"):
        return handbook_presses.change(session, person, subject, values)
    request = _request(session, subject)
    draft = amending.begun(session, person, request) if request else _draft(session, subject)
    subject = f"draft:{draft.id}"
    drafts.check(draft, by=person)
    if not values:
        kind = kinds_of(session).get(draft.kind or "")
        names = tuple(each.name for each in kind.sayable()) if kind else tuple(cards.needed(draft))
        return Reply(say(person.language, "What should be different?"), card=subject, asked=names, pending=True)
    values = dict(values)
    lines, before = values.pop("lines", None), draft.values
    wrong = drafts.change(draft, session, values=values, lines=lines, by=person)
    if wrong:
        problems = [f"{_title(draft, session, name)}: {say(person.language, each)}" for name, each in wrong.items()]
        text = say(person.language, "Please check {problems} The rest is kept.", problems="; ".join(problems))
        told = {name: say(person.language, each) for name, each in wrong.items()}
        return Reply(text, card=subject, refusal=text, asked=tuple(wrong), pending=True, problems=told)
    return replace(questions.about(session, draft), problems=_together(session, draft, person, before=before))


def _together(session: Session, draft: Draft, person: Person, *, before: Values) -> dict[str, str]:
    """What is wrong with the values of a form taken together, by the last field that was changed."""
    if draft.act not in drafts.FORMS or drafts.missing(draft, session):
        return {}
    kind = kinds_of(session)[draft.kind or ""]
    try:
        kind.whole(draft.values, draft.lines)
    except Refusal as refusal:
        fields = [(each.name, plain(each.default)) for each in kind.sayable()]
        changed = [name for name, default in fields if draft.values.get(name, default) != before.get(name, default)]
        name = refusal.field or (changed[-1] if changed else "")
        return {name: say(person.language, refusal.text, **refusal.values)}
    return {}


def _title(draft: Draft, session: Session, name: str) -> str:
    """What a field is called on the card, in its owner's language."""
    kind = kinds_of(session).get(draft.kind or "")
    titles = {each.name: each.title for each in kind.sayable()} if kind else {}
    return say(session.get_one(Person, draft.person_id).language, titles.get(name, name))


def choose(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Answers a question with one of its buttons: a form's choice, or which request was meant."""
    draft = _draft(session, subject)
    if "about" in values:
        drafts.choose(draft, session, numbers=[int(values["about"])], by=person)
        return questions.about(session, draft)
    name, value = next(iter(values.items()))
    line, _, of_line = name.partition(".")
    if of_line:
        wrong = drafts.change(draft, session, values={of_line: value}, by=person, line=int(line))
        return questions.about(session, draft, before=" ".join(say(person.language, each) for each in wrong.values()))
    return change(session, person, subject, values)


def mean(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Says what a message meant that was not understood for sure; it is answered anew, as that."""
    return Reply(meant=(subject.partition(":")[2], str(values["intent"])))


def one_receipt(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Says that the receipts of two lines are pages of one."""
    draft, line = _draft(session, subject), int(values["line"])
    drafts.check(draft, by=person)
    pages.join(session, draft, person, line=line, last=line + 1)
    return pages.ask(session, draft, person, before=say(person.language, "They are pages of one receipt now."))


def separate(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Says that the pages of a line are receipts of their own."""
    draft = _draft(session, subject)
    drafts.check(draft, by=person)
    pages.separate(session, draft, person, line=int(values["line"]))
    return pages.ask(session, draft, person, before=say(person.language, "They are receipts of their own now."))


def explain(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Says why what looks like something else is none, in every line that has not said so."""
    draft = _draft(session, subject)
    drafts.check(draft, by=person)
    said = {name: value for name, value in values.items() if str(value or "").strip()}
    if not said:
        return questions.about(session, draft, before=say(person.language, "Say why it is another one."))
    wrong: dict[str, str] = {}
    for nth in range(1, len(draft.lines) + 1):
        wrong |= drafts.change(draft, session, values=said, by=person, line=nth)
    return questions.about(session, draft, before=" ".join(say(person.language, each) for each in wrong.values()))


def amend(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Sends a change to what was sent."""
    return amending.amend(session, person, _draft(session, subject))


def give_back(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Gives back single days of what was approved."""
    return amending.give_back(session, person, requests.lock(session, int(subject.partition(":")[2])), values)


def snooze(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Puts off what waits for the person, until the moment that they choose."""
    draft = _draft(session, subject) if subject.startswith("draft:") else None
    if draft:
        drafts.check(draft, by=person)
    number = draft.about[0] if draft else int(subject.partition(":")[2])
    at = later.chosen(session, person, {**(draft.values if draft else {}), **values})
    request = requests.lock(session, number)
    until = snoozes.snooze(request, session, by=person, at=at)
    if draft:
        drafts.close(draft, session, by=person)
    ref = requests.ref(session, request)
    text = say(person.language, "I'll remind you of {ref} on {moment}.", ref=ref, moment=later.local(person, until))
    args = {"request_id": number, "until": until.isoformat()}
    committed = Intent("approvals.snooze", args, ref)
    return Reply(text, card=request.subject, instead_of=subject, committed=(committed,))


def nudge(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Asks those for whom the person's request waits to look at it."""
    draft = _draft(session, subject) if subject.startswith("draft:") else None
    request = requests.lock(session, draft.about[0] if draft else int(subject.partition(":")[2]))
    told = nudges.nudge(request, session, by=person)
    if draft:
        drafts.close(draft, session, by=person)
    ref = requests.ref(session, request)
    text = later.nudged(session, person, ref, told)
    committed = Intent("request.nudge", {"request_id": request.number}, ref)
    return Reply(text, card=request.subject, instead_of=subject, committed=(committed,))


def open_card(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Shows the card of one of the requests on a list."""
    request = _request(session, subject)
    if request is None or not steps.may_see(session, request, person):
        raise Refusal("That request is not yours to see.")
    ref, language = requests.ref(session, request), person.language
    open_ = [each for each in request.steps if each.state == "open"]
    if any(each.sort == Sort.DECISION and steps.may_take(session, each, person)[0] for each in open_):
        what = requests.summary(session, request, language)
        text = say(language, "{name} asks: {what}.", name=request.person.name, what=what)
    elif open_:
        text = say(language, "{ref} waits for {who}.", ref=ref, who=steps.waits_for(session, request))
    else:
        text = say(language, "{ref} is {state}.", ref=ref, state=requests.stands(session, request, language))
    return Reply(text, card=request.subject, anew=True)


def show(session: Session, person: Person, subject: str, values: Values) -> Reply:
    """Shows all that waits for the person."""
    text = waiting.headline(session, person, reminder=False)
    return Reply(text, card=f"waiting:{person.id}", anew=True)


COMMITTING: dict[str, Press] = {
    "submit": submit,
    "discard": discard,
    "approve": approve,
    "reject": reject,
    "lower": lower,
    "decide_lines": decide_lines,
    "send_back": send_back,
    "answer": answer,
    "undo": undo,
    "withdraw": withdraw,
    "amend": amend,
    "give_back": give_back,
    "finish": finish,
    "stand_in": stand_in,
    "confirm_holidays": confirming.confirm,
    "question_holidays": confirming.question,
    "snooze": snooze,
    "nudge": nudge,
    "assist": lambda session, person, subject, values: assisting.name(session, person, _draft(session, subject)),
    "unassist": lambda session, person, subject, values: assisting.end(session, person, _draft(session, subject)),
    "correct": lambda session, person, subject, values: correcting.correct(session, person, _draft(session, subject)),
    "make_payment": paying.make,
    "pay": paying.pay,
    "drop_payment": paying.drop,
    **handbook_presses.COMMITTING,
}
"""Verbs whose button is taken: they work once."""

OPENING: dict[str, Press] = {
    "change": change,
    "choose": choose,
    "mean": mean,
    "explain": explain,
    "one_receipt": one_receipt,
    "separate": separate,
    "approve_all": approve_all,
    "open": open_card,
    "show": show,
    **handbook_presses.OPENING,
}
"""Verbs that only begin a draft or work on one, and may be pressed again."""

UNSAID = {
    "reject": Act.REJECT,
    "lower": Act.LOWER,
    "send_back": Act.SEND_BACK,
    "answer": Act.ANSWER,
    "snooze": Act.SNOOZE,
}
"""Verbs that need something said; pressed without it, the bot asks for it."""

SAYING = {"snooze": (later.WHEN, later.DAY, UNTIL)}
"""What says it, where that is not the comment."""


def _ask_for(session: Session, person: Person, subject: str, token: str, *, act: Act, values: Values) -> Reply:
    request = _request(session, subject)
    assert request is not None
    if request.state != requests.PENDING and act is not Act.SNOOZE:
        raise steps.already(session, request)
    known = {AMOUNT: values[AMOUNT]} if act is Act.LOWER and values.get(AMOUNT) else {}
    draft = drafts.draft(session, person, act=act, origin=f"why:{token}", about=[request.number], values=known)
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
