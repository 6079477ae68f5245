"""What a card shows to those who decide: the facts, the buttons, and the card of all that waits."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import lowering, requests, snoozes, steps, undoing
from backend.drafts import Draft
from backend.forms import Data, Widget
from backend.kinds import Objection, Sort, kinds_of
from backend.people import Person
from backend.requests import Question, Request, Step
from backend.store import now
from backend.words import Title, say
from bot.message import Button, Field
from bot.offered import LESS, LINE, amount_field, button, comment_field

YEAR = timedelta(days=365)
MOST = 40
"""Requests that are decided with one press."""

Fact = tuple[str, str]


def facts(session: Session, request: Request, reader: Person) -> list[Fact]:
    """What was said and asked about a request so far, and for who decides it now, what it was like before."""
    language = reader.language
    out: list[Fact] = []
    if request.state == requests.PENDING:
        out += [_decided(session, step, language) for step in request.steps if step.opinions]
        for question in requests.questions(request):
            out += _asked(session, question, language)
    else:
        out += [(say(language, "Granted"), text) for text in granted(session, request, language)]
    if request.state == requests.PENDING and reader.id != request.person_id and _decides(session, request, reader):
        out.append((say(language, "Earlier"), _earlier(session, request, language)))
    return out


def granted(session: Session, request: Request, language: str) -> list[str]:
    """What was approved for less, and by whom, a sentence for each who did so."""
    out: list[str] = []
    for step in request.steps:
        for opinion in step.opinions:
            if opinion.lowered:
                who = session.get_one(Person, opinion.by_id).name
                what = ", ".join(lowering.said(each, language) for each in opinion.lowered)
                out.append(say(language, "{who}: {what}", who=who, what=what))
    return out


def buttons(
    session: Session, request: Request, step: Step, reader: Person, drawn: tuple[tuple[Field, ...], ...]
) -> list[Button]:
    """What somebody whom a step waits for may do: approve, reject, approve for less or line by line, ask."""
    language, subject = reader.language, request.subject

    def made(verb: str, label: str, style: str = "", form: tuple[Field, ...] | None = None) -> Button:
        return button(session, reader, verb=verb, subject=subject, label=label, style=style, form=form)

    if not steps.may_take(session, step, reader)[0]:
        return ask_button(session, request, step, reader)  # they prepare it for who decides
    out = [
        made("approve", say(language, "Approve"), "primary"),
        made("reject", say(language, "Reject"), "danger", (comment_field(language),)),
    ]
    left = [each for each in request.lines if each.state != requests.REJECTED]
    less = lowering.amounts(session, request)
    if len(left) > 1:
        form = _line_fields(request, less, language, drawn)
        out.append(made("decide_lines", say(language, "Line by line"), form=form))
    elif less:
        asked = amount_field(language, None, title=say(language, "How much do you approve?"))
        form = (replace(asked, required=True), comment_field(language))
        out.append(made("lower", say(language, "Lower amount"), form=form))
    return [*out, *ask_button(session, request, step, reader)]


def ask_button(session: Session, request: Request, step: Step, reader: Person) -> list[Button]:
    """The button that sends a step back with a question: for who decides it, and who prepares it for them."""
    if requests.asked(step) is not None:
        return []
    language = reader.language
    form = (comment_field(language, say(language, "What would you like to know?")),)
    label = say(language, "Ask a question")
    return [button(session, reader, verb="send_back", subject=request.subject, label=label, form=form)]


def undo_button(session: Session, request: Request, reader: Person) -> list[Button]:
    """The button that takes back what the reader decided, while that can be."""
    if not undoing.may_undo(session, request, reader):
        return []
    label = say(reader.language, "Undo")
    return [button(session, reader, verb="undo", subject=request.subject, label=label)]


def answer_button(session: Session, request: Request, reader: Person) -> list[Button]:
    """The button that answers an open question."""
    if requests.sent_back(request) is None or reader.id not in (request.person_id, request.by_id):
        return []
    form = (comment_field(reader.language, say(reader.language, "Your answer")),)
    label = say(reader.language, "Answer")
    made = button(session, reader, verb="answer", subject=request.subject, label=label, style="primary", form=form)
    return [made]


def sorted_out(session: Session, person: Person) -> tuple[list[Request], list[Request]]:
    """What waits for this person's decision: (within policy, to be looked at one by one), oldest first.

    What they have put off is to be looked at by itself.
    """
    within: list[Request] = []
    single: list[Request] = []
    for step in steps.waiting_for(session, person):
        if step.sort != Sort.DECISION or step.request in (*within, *single):
            continue
        fits = len(within) < MOST and requests.asked(step) is None and snoozes.until(session, step, person) is None
        fits = fits and not objections(session, step.request)
        (within if fits else single).append(step.request)
    return within, single


def all_button(session: Session, person: Person, *, count: int) -> list[Button]:
    """The button that begins approving all that waits within policy, where that is more than one."""
    if count < 2:
        return []
    label = say(person.language, "Approve all {count}", count=count)
    return [button(session, person, verb="approve_all", subject=f"waiting:{person.id}", label=label)]


def rows(session: Session, draft: Draft, reader: Person, *, ceiling: Data) -> tuple[Fact, ...]:
    """Each of the requests that a draft decides, and those that were left out since policy objects."""
    language = reader.language
    out = [row(session, session.get_one(Request, each), reader, ceiling=ceiling) for each in draft.about]
    for number in draft.candidates if draft.about else ():
        request = session.get_one(Request, number)
        why = " ".join(say(language, each.text, **each.values) for each in objections(session, request))
        out.append((say(language, "Look at {ref} by itself", ref=requests.ref(session, request)), why))
    return tuple(out)


def row(session: Session, request: Request, reader: Person, *, ceiling: Data) -> Fact:
    """One request among several: whose and what it is, with its facts."""
    language = reader.language
    kind = kinds_of(session)[request.kind]
    desk = requests.desk_of(session, request, by=reader)
    text = requests.summary(session, request, language, ceiling=ceiling)
    if not requests.above(kind, request.values, desk, ceiling):
        found = kind.facts(*requests.forms_of(kind, request), desk)
        said = [f"{say(language, each.title)}: {say(language, each.text, **each.values)}" for each in found]
        text = "; ".join([text, *said])
    return f"{requests.ref(session, request)} {request.person.name}", text


def objections(session: Session, request: Request) -> list[Objection]:
    """What policy has to say against a request that waits."""
    kind = kinds_of(session)[request.kind]
    return kind.check(*requests.forms_of(kind, request), requests.desk_of(session, request, by=None))


def _decides(session: Session, request: Request, reader: Person) -> bool:
    open_ = [each for each in request.steps if each.state == "open" and each.sort == Sort.DECISION]
    return any(steps.may_take(session, each, reader)[0] for each in open_)


def _decided(session: Session, step: Step, language: str) -> Fact:
    said: list[str] = []
    for each in step.opinions:
        who = session.get_one(Person, each.by_id).name
        other = session.get(Person, each.for_id) if each.for_id else None
        who = say(language, "{name}, for {other}", name=who, other=other.name) if other else who
        text = say(language, "{who}: {what}", who=who, what=Title(each.outcome))
        text += "".join(f", {lowering.said(less, language)}" for less in each.lowered or [])
        said.append(f"{text} (“{each.comment}”)" if each.comment else text)
    return say(language, "Decided so far"), "; ".join(said)


def _asked(session: Session, question: Question, language: str) -> list[Fact]:
    if question.state == "moot":
        return []
    who = session.get_one(Person, question.by_id).name
    out = [(say(language, "{who} asks", who=who), question.text)]
    if question.state == "answered":
        out.append((say(language, "Answer"), question.answer or say(language, "See what was changed.")))
    return out


def _earlier(session: Session, request: Request, language: str) -> str:
    """How many requests of the same kind the person sent in the year before, and what became of the last."""
    since = now(session) - YEAR
    wanted = select(Request).where(
        Request.person_id == request.person_id,
        Request.kind == request.kind,
        Request.number != request.number,
        Request.made_at >= since,
        Request.made_at <= request.made_at,
    )
    found = list(session.scalars(wanted.order_by(Request.made_at, Request.number)))
    if not found:
        return say(language, "none of this kind in the last year")
    last = found[-1]
    return say(
        language,
        "{count} of this kind in the last year; the last, {ref}, is {state}",
        count=len(found),
        ref=requests.ref(session, last),
        state=Title(requests.state_word(session, last)),
    )


def _line_fields(
    request: Request, less: Mapping[int, Decimal], language: str, drawn: tuple[tuple[Field, ...], ...]
) -> tuple[Field, ...]:
    """For each line that can still be refused a yes or no and, where it can be lowered, its amount; and why."""
    out: list[Field] = []
    for fields, line in zip(drawn, request.lines, strict=True):
        if line.state == requests.REJECTED:
            continue
        nth = line.position
        first, *rest = fields
        title = f"{nth}. " + ", ".join([first.shown, *(f"{each.title}: {each.shown}" for each in rest)])
        yes = say(language, "yes")
        out.append(Field(name=f"{LINE}{nth}", title=title, value=True, shown=yes, widget=Widget.YES_NO))
        if nth in less:
            title = say(language, "Amount of line {line}", line=nth)
            out.append(amount_field(language, less[nth], name=f"{LESS}{nth}", title=title))
    return (*out, replace(comment_field(language), required=False))
