"""Cards: drafts, things to approve and how requests stand, drawn from the database for one reader."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy.orm import Session

from backend import buttons, drafts, people, requests, steps
from backend.desk import Desk
from backend.drafts import Act, Draft
from backend.kinds import Blank, Data, Kind, Option, Sort, Widget, kinds_of, plain
from backend.people import Person
from backend.policies import said_why
from backend.refusals import Refusal
from backend.requests import Request, Step
from backend.words import say, write
from bot.message import Button, Card, Field, Stop

COMMENT, LINE, STATE = "comment", "line_", "state"


def draft_card(session: Session, draft: Draft, *, ceiling: Data = Data.BANK) -> Card:
    """The card of a draft, as its owner sees it."""
    return _form_card(session, draft, ceiling) if draft.act == Act.SUBMIT else _act_card(session, draft, ceiling)


def request_card(session: Session, request: Request, *, reader: Person, ceiling: Data = Data.BANK) -> Card:
    """The card of a request: what it is, how it stands, and what this reader may do about it."""
    language = reader.language
    kind = kinds_of(session)[request.kind]
    desk = requests.desk_of(session, request, by=reader)
    form, lines = requests.forms_of(kind, request)
    mine = reader.id == request.person_id
    title = say(language, kind.title) if mine else f"{request.person.name}: {say(language, kind.title)}"
    facts = kind.facts(form, lines, desk) if request.state == requests.PENDING else []
    return Card(
        kind=kind.name,
        subject=request.subject,
        ref=requests.ref(session, request),
        state=requests.state_word(session, request),
        title=title,
        summary=requests.summary(session, request, language, ceiling=ceiling),
        fields=_fields(
            *_flat(kind, request.values, [each.values for each in request.lines], desk), language, ceiling, kind, desk
        ),
        lines=_request_lines(kind, request, language, ceiling, desk),
        facts=tuple((say(language, each.title), say(language, each.text, **each.values)) for each in facts),
        objections=tuple(
            say(language, each.text, **each.values)
            for each in (kind.check(form, lines, desk) if request.state == requests.PENDING else [])
        ),
        route=tuple(_stop(session, step, language) for step in request.steps),
        buttons=tuple(_request_buttons(session, request, reader, ceiling)),
    )


def button(
    session: Session,
    person: Person,
    *,
    verb: str,
    subject: str,
    label: str,
    style: str = "",
    form: tuple[Field, ...] | None = None,
) -> Button:
    """A button for one person, with the token that the database knows it by."""
    token = buttons.offer(session, person, verb=verb, subject=subject)
    return Button(verb=verb.split(":")[0], label=label, token=token, style=style, form=form)


def _with_lines(changing: Button, kind: Kind[Any], draft: Draft, desk: Desk, language: str) -> Button:
    """The button of a form whose kind has lines holds those that are there, and an empty one."""
    if kind.line is None:
        return changing
    blanks = kind.blanks(desk, line=True)
    rows = tuple(tuple(_form_field(each, line, language) for each in blanks) for line in draft.lines)
    return replace(changing, line=tuple(_form_field(each, {}, language) for each in blanks), lines=rows)


def comment_field(language: str) -> Field:
    """The field in which somebody says why."""
    return Field(name=COMMENT, title=say(language, "Why?"), value=None, shown="", widget=Widget.LONG, required=True)


def _form_card(session: Session, draft: Draft, ceiling: Data) -> Card:
    person = session.get_one(Person, draft.person_id)
    language = person.language
    kind = kinds_of(session)[draft.kind or ""]
    desk = Desk(session, person, kind)
    blanks = kind.blanks(desk)
    missing = drafts.missing(draft, session) if draft.state == "open" else []
    objections: list[str] = []
    stops: list[Stop] = []
    facts: list[tuple[str, str]] = []
    summary, blocked, target = "", bool(missing), ""
    if not missing:
        try:
            form, lines = kind.whole(draft.values, draft.lines)
        except Refusal as refusal:
            objections.append(say(language, refusal.text, **refusal.values))
            blocked = True
        else:
            found = kind.check(form, lines, desk)
            objections = [say(language, each.text, **each.values) for each in found]
            blocked = any(each.blocks for each in found)
            secret = requests.above(kind, draft.values, desk, ceiling)
            summary = say(language, kind.title) if secret else kind.summary(form, lines, language)
            for who, ask in steps.preview(session, kind, form, lines, person):
                names = tuple(each.name for each in who)
                stops.append(Stop(tuple(each.handle for each in who), said_why(language, ask.why), names))
            target = " / ".join(stops[0].names[:2]) if stops else ""
            facts = [(say(language, f.title), say(language, f.text, **f.values)) for f in kind.facts(form, lines, desk)]
            asks = kind.asks(form, desk)
            target = (
                say(language, "Send to {who}" if asks else "Send ({who} is told)", who=target)
                if target
                else say(language, "Send")
            )
    made: list[Button] = []
    if draft.state == "open":
        subject = f"draft:{draft.id}"
        asked = missing[:1] or [each for each in blanks if each.name in draft.asked]
        for each in asked:
            made += _choices(session, person, each, subject, language)
        if not blocked:
            made.append(button(session, person, verb="submit", subject=subject, label=target, style="primary"))
        open_here = [each for each in blanks if not kind.data(each, draft.values, desk).above(ceiling)]
        form_fields = tuple(_form_field(each, draft.values, language) for each in open_here)
        changing = button(
            session, person, verb="change", subject=subject, label=say(language, "Change"), form=form_fields
        )
        made.append(_with_lines(changing, kind, draft, desk, language))
        made.append(button(session, person, verb="discard", subject=subject, label=say(language, "Discard")))
    return Card(
        kind=kind.name,
        subject=f"draft:{draft.id}",
        state="draft" if draft.state == "open" else draft.state,
        title=say(language, kind.title),
        summary=summary,
        fields=_fields(*_flat(kind, draft.values, draft.lines, desk), language, ceiling, kind, desk),
        lines=_lines(kind, draft.lines, language, ceiling, desk),
        facts=tuple(facts),
        objections=tuple(objections),
        route=tuple(stops),
        buttons=tuple(made),
    )


def _act_card(session: Session, draft: Draft, ceiling: Data) -> Card:
    """The card that confirms a decision, a withdrawal or a stand-in."""
    person = session.get_one(Person, draft.person_id)
    language = person.language
    subject = f"draft:{draft.id}"
    about = [session.get_one(Request, number) for number in draft.about]
    refs = [requests.ref(session, each) for each in about]
    made: list[Button] = []
    if draft.state == "open" and not draft.about:
        for number in draft.candidates:
            other = session.get_one(Request, number)
            text = f"{requests.ref(session, other)} {request_card(session, other, reader=person).summary}"
            made.append(button(session, person, verb=f"choose:about={number}", subject=subject, label=text[:75]))
    if draft.state == "open" and ready(draft):
        verb, label = ACTS[draft.act]
        text = say(language, label) if not refs else f"{say(language, label)} {', '.join(refs)}"
        style = "danger" if draft.act in (Act.REJECT, Act.WITHDRAW) else "primary"
        made.append(button(session, person, verb=verb, subject=subject, label=text, style=style))
    if draft.state == "open" and needed(draft) == [COMMENT]:
        form = (comment_field(language),)
        made.append(button(session, person, verb="change", subject=subject, label=say(language, "Say why"), form=form))
    if draft.state == "open":
        made.append(button(session, person, verb="discard", subject=subject, label=say(language, "Discard")))
    if len(about) == 1:
        shown = request_card(session, about[0], reader=person, ceiling=ceiling)
        fields, title, kind_name, summary, facts = shown.fields, shown.title, shown.kind, shown.summary, shown.facts
    else:
        fields, facts = (), ()
        kind_name = draft.act
        title = say(language, TITLES[draft.act])
        summary = "; ".join(
            f"{ref}: {request_card(session, each, reader=person).summary}"
            for ref, each in zip(refs, about, strict=True)
        )
    more = tuple(
        Field(
            name=name, title=say(language, name.capitalize()), value=value, shown=_shown(session, name, value, language)
        )
        for name, value in draft.values.items()
        if value not in (None, "")
    )
    return Card(
        kind=kind_name,
        subject=subject,
        ref=refs[0] if len(refs) == 1 else None,
        state="draft" if draft.state == "open" else draft.state,
        title=title,
        summary=summary,
        fields=(*fields, *more),
        facts=facts,
        buttons=tuple(made),
    )


ACTS = {
    Act.APPROVE.value: ("approve", "Approve"),
    Act.REJECT.value: ("reject", "Reject"),
    Act.WITHDRAW.value: ("withdraw", "Withdraw"),
    Act.STAND_IN.value: ("stand_in", "Confirm"),
}
TITLES = {
    Act.APPROVE.value: "Approve",
    Act.REJECT.value: "Reject",
    Act.WITHDRAW.value: "Withdraw",
    Act.STAND_IN.value: "Stand-in",
}


def needed(draft: Draft) -> list[str]:
    """What an act other than sending a form still needs, in the order it is asked."""
    wanted = {Act.REJECT.value: ["comment"], Act.STAND_IN.value: ["to", "start", "end"]}.get(draft.act, [])
    return [name for name in wanted if not draft.values.get(name)]


def ready(draft: Draft) -> bool:
    """True if nothing is missing for the act and there is something to act on."""
    return not needed(draft) and (draft.act == Act.STAND_IN or bool(draft.about))


def _choices(session: Session, person: Person, missing: Blank, subject: str, language: str) -> list[Button]:
    return [
        button(
            session,
            person,
            verb=f"choose:{missing.name}={each.value}",
            subject=subject,
            label=say(language, each.title),
        )
        for each in missing.options
    ]


def _request_buttons(session: Session, request: Request, reader: Person, ceiling: Data) -> list[Button]:
    language = reader.language
    made: list[Button] = []
    for step in request.steps:
        if step.state != "open" or not steps.may_take(session, step, reader)[0]:
            continue
        if reader.id in {each.by_id for each in step.opinions}:
            continue
        if step.sort == Sort.DECISION and request.state == requests.PENDING:
            made.append(
                button(
                    session,
                    reader,
                    verb="approve",
                    subject=request.subject,
                    label=say(language, "Approve"),
                    style="primary",
                )
            )
            made.append(
                button(
                    session,
                    reader,
                    verb="reject",
                    subject=request.subject,
                    label=say(language, "Reject"),
                    style="danger",
                    form=(comment_field(language),),
                )
            )
            made += _by_line(session, request, reader, ceiling)
        elif step.sort == Sort.WORK:
            label = say(language, "Done: {what}", what=say(language, step.label or "work"))
            made.append(button(session, reader, verb="finish", subject=step.subject, label=label, style="primary"))
    if reader.id in (request.person_id, request.by_id) and request.state not in requests.CLOSED:
        kind = kinds_of(session)[request.kind]
        form, _ = requests.forms_of(kind, request)
        if request.state == requests.PENDING or not kind.settled(form, requests.desk_of(session, request, by=reader)):
            made.append(
                button(session, reader, verb="withdraw", subject=request.subject, label=say(language, "Withdraw"))
            )
    return made


def _by_line(session: Session, request: Request, reader: Person, ceiling: Data) -> list[Button]:
    """The button that decides line by line, where more than one line is left to decide."""
    kind = kinds_of(session)[request.kind]
    if sum(line.state != requests.REJECTED for line in request.lines) < 2:
        return []
    desk = requests.desk_of(session, request, by=reader)
    form = _line_fields(kind, request, reader.language, ceiling, desk)
    label = say(reader.language, "Line by line")
    return [button(session, reader, verb="decide_lines", subject=request.subject, label=label, form=form)]


def _stop(session: Session, step: Step, language: str) -> Stop:
    last = step.opinions[-1] if step.opinions else None
    who = [session.get_one(Person, last.by_id)] if last and step.state == "done" else steps.candidates(session, step)
    state = last.outcome if last and step.state == "done" else step.state
    label = step.label if step.sort == Sort.WORK else None
    why = say(language, label) if label else said_why(language, step.why)
    return Stop(tuple(each.handle for each in who), why, tuple(each.name for each in who), state)


def _flat(
    kind: Kind[Any], values: Mapping[str, Any], lines: list[dict[str, Any]], desk: Desk
) -> tuple[list[Blank], Mapping[str, Any]]:
    """The blanks and values that stand on a card by themselves: with those of its line, where there is only one."""
    return (kind.sayable(desk), {**values, **lines[0]}) if len(lines) == 1 else (kind.blanks(desk), values)


def _fields(
    blanks: list[Blank], values: Mapping[str, Any], language: str, ceiling: Data, kind: Kind[Any], desk: Desk
) -> tuple[Field, ...]:
    out: list[Field] = []
    for each in blanks:
        value = values.get(each.name)
        if value in (None, "") or (value == plain(each.default) and not each.required):
            continue
        data = kind.data(each, values, desk)
        hidden = data.above(ceiling)
        out.append(
            Field(
                name=each.name,
                title=say(language, each.title),
                value=None if hidden else value,
                shown=say(language, "(shown in the web chat)") if hidden else shown(each, value, language),
                widget=each.widget,
                required=each.required,
                data=data,
            )
        )
    return tuple(out)


def _lines(
    kind: Kind[Any], lines: list[dict[str, Any]], language: str, ceiling: Data, desk: Desk
) -> tuple[tuple[Field, ...], ...]:
    if kind.line is None:
        return ()
    blanks = kind.blanks(desk, line=True)
    return tuple(_fields(blanks, each, language, ceiling, kind, desk) for each in lines)


def _request_lines(
    kind: Kind[Any], request: Request, language: str, ceiling: Data, desk: Desk
) -> tuple[tuple[Field, ...], ...]:
    """The lines of a request; one that was refused says so."""
    drawn = _lines(kind, [each.values for each in request.lines], language, ceiling, desk)
    refused = Field(STATE, say(language, "State"), requests.REJECTED, say(language, requests.REJECTED))
    return tuple(
        (*fields, refused) if line.state == requests.REJECTED else fields
        for fields, line in zip(drawn, request.lines, strict=True)
    )


def _line_fields(kind: Kind[Any], request: Request, language: str, ceiling: Data, desk: Desk) -> tuple[Field, ...]:
    """A yes or no for each line that can still be refused, and the reason for those that are."""
    drawn = _lines(kind, [each.values for each in request.lines], language, ceiling, desk)
    asked = [
        Field(
            name=f"{LINE}{line.position}",
            title=f"{line.position}. " + ", ".join(each.shown for each in fields),
            value=True,
            shown=say(language, "yes"),
            widget=Widget.YES_NO,
        )
        for fields, line in zip(drawn, request.lines, strict=True)
        if line.state != requests.REJECTED
    ]
    return (*asked, replace(comment_field(language), required=False))


def _form_field(blank: Blank, values: Mapping[str, Any], language: str) -> Field:
    value = values.get(blank.name, plain(blank.default) if blank.default is not None else None)
    return Field(
        name=blank.name,
        title=say(language, blank.title),
        value=value,
        shown="" if value is None else shown(blank, value, language),
        widget=blank.widget,
        required=blank.required,
        data=blank.data,
        options=tuple((each.value, say(language, each.title)) for each in blank.options),
    )


def shown(blank: Blank, value: Any, language: str) -> str:
    """A stored value as a person reads it: an option's title, a day with its weekday, yes or no."""
    option: Option | None = next((each for each in blank.options if each.value == value), None)
    if option is not None:
        return say(language, option.title)
    good, _ = _one(blank, value)
    return write(language, good)


def _one(blank: Blank, value: Any) -> tuple[Any, bool]:
    try:
        return TypeAdapter(blank.type).validate_python(value), True
    except ValidationError:
        return value, False


def _shown(session: Session, name: str, value: Any, language: str) -> str:
    if name == "to":
        return people.find(session, str(value)).name
    if name in ("start", "end"):
        return write(language, date.fromisoformat(str(value)))
    return str(value)
