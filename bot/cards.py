"""Cards: drafts, things to approve and how requests stand, drawn from the database for one reader."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy.orm import Session

from backend import drafts, filing, for_others, leave_types, papers, people, requests, steps
from backend.desk import Desk
from backend.drafts import Act, Draft
from backend.forms import Blank, Data, Widget, plain
from backend.kinds import Kind, Objection, Sort, kinds_of
from backend.people import Person
from backend.refusals import Refusal
from backend.requests import Request, Step
from backend.routes import POLICY, said_why
from backend.words import InPlaceOf, Money, say, write
from bot import changing, deciding, doubting, later, working
from bot.fields import form_field, shown
from bot.message import Button, Card, Field, Paper, Stop
from bot.offered import AMOUNT, COMMENT, UNTIL, button, comment_field

STATE, GRANTED = "state", "granted"
MANY = 3
"""Requests that a button still names one by one."""


def draft_card(session: Session, draft: Draft, *, ceiling: Data = Data.BANK) -> Card:
    """The card of a draft, as its owner sees it."""
    return _form_card(session, draft, ceiling) if draft.act in drafts.FORMS else _act_card(session, draft, ceiling)


def request_card(session: Session, request: Request, *, reader: Person, ceiling: Data = Data.BANK) -> Card:
    """The card of a request: what it is, how it stands, and what this reader may do about it."""
    language = reader.language
    kind = kinds_of(session)[request.kind]
    desk = requests.desk_of(session, request, by=reader)
    form, lines = requests.forms_of(kind, request)
    title = title_for(kind, request.person, reader=reader)
    waits = request.state == requests.PENDING
    facts = kind.facts(form, lines, desk) if waits else []
    found = kind.check(form, lines, desk) if waits else []
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
        facts=(
            *changing.facts(session, request, language=language, ceiling=ceiling),
            *((say(language, each.title), say(language, each.text, **each.values)) for each in facts),
            *deciding.facts(session, request, reader),
            *later.facts(session, request, reader),
            *working.facts(session, request, reader),
        ),
        objections=tuple(say(language, each.text, **each.values) for each in found),
        route=tuple(_stop(session, step, language) for step in request.steps),
        buttons=tuple(_request_buttons(session, request, reader, ceiling)),
        papers=tuple(
            Paper(each.name, say(language, each.title), papers.link(request, each))
            for each in papers.of(request, session, reader=reader)
        ),
    )


def title_for(kind: Kind[Any], person: Person, *, reader: Person) -> str:
    """What a card of a kind is called, with whose it is where that is somebody else's."""
    title = say(reader.language, kind.title)
    return title if person.id == reader.id else f"{person.name}: {title}"


def _form_card(session: Session, draft: Draft, ceiling: Data) -> Card:
    person = session.get_one(Person, draft.person_id)
    language = person.language
    kind, desk = kinds_of(session)[draft.kind or ""], drafts.desk_of(draft, session)
    blanks, amended = kind.blanks(desk), changing.amended(session, draft)
    missing = drafts.missing(draft, session) if draft.state == "open" else []
    objections: list[str] = []
    stops: list[Stop] = []
    facts: list[tuple[str, str]] = []
    summary, blocked, target = "", bool(missing), ""
    found: list[Objection] = []
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
            anew = amended is None or filing.matters(amended, session, after=(form, lines))
            if amended is not None and anew and amended.state == requests.APPROVED:
                text = "{ref} is approved as it was. With this change it waits again; after a no it stays as it was."
                objections.append(say(language, text, ref=requests.ref(session, amended)))
            decided = for_others.counts_as_decided(session, kind, desk.person, by=person)
            filer = None if desk.person.id == person.id else person
            route = steps.preview(session, kind, form, lines, desk.person, filer=filer, decided=decided)
            for who, ask in route if anew else ():
                names = tuple(each.name for each in who)
                stops.append(Stop(tuple(each.handle for each in who), said_why(language, ask.why), names))
            target = " / ".join(stops[0].names[:2]) if stops else ""
            facts = changing.changes(session, draft, ceiling=ceiling)
            blocked = blocked or (amended is not None and not facts)
            facts += [
                (say(language, f.title), say(language, f.text, **f.values)) for f in kind.facts(form, lines, desk)
            ]
            asks = kind.asks(form, desk) and not decided
            target = (
                say(language, "Send to {who}" if asks else "Send ({who} is told)", who=target)
                if target
                else say(language, "Send" if amended is None else "Send the change")
            )
    made: list[Button] = []
    if draft.state == "open":
        subject = f"draft:{draft.id}"
        asked = missing[:1] or [each for each in blanks if each.name in draft.asked]
        made += doubting.choices(session, draft, person)
        for each in asked if not made else ():
            made += _choices(session, person, each, subject, language)
        made += doubting.explanations(session, draft, person, kind, found)
        if not blocked:
            verb = "submit" if amended is None else "amend"
            made.append(button(session, person, verb=verb, subject=subject, label=target, style="primary"))
        open_here = [each for each in blanks if each.told and not kind.data(each, draft.values, desk).above(ceiling)]
        form_fields = tuple(form_field(each, draft.values, language) for each in open_here)
        change = button(
            session, person, verb="change", subject=subject, label=say(language, "Change"), form=form_fields
        )
        made.append(changing.with_lines(change, kind, draft.lines, desk, language))
        made.append(button(session, person, verb="discard", subject=subject, label=say(language, "Discard")))
    fields = _fields(*_flat(kind, draft.values, draft.lines, desk), language, ceiling, kind, desk)
    lines_ = _lines(kind, draft.lines, language, ceiling, desk, currency=_currency(draft.values))
    return Card(
        kind=kind.name,
        subject=f"draft:{draft.id}",
        ref=requests.ref(session, amended) if amended else None,
        state="draft" if draft.state == "open" else draft.state,
        title=title_for(kind, desk.person, reader=person),
        summary=summary,
        fields=doubting.marked(session, draft, fields, line=1, language=language) if len(lines_) == 1 else fields,
        lines=tuple(
            doubting.marked(session, draft, each, line=nth, language=language) for nth, each in enumerate(lines_, 1)
        ),
        facts=tuple(facts),
        objections=tuple(objections) if draft.state == "open" else (),
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
            text = f"{requests.ref(session, other)} {requests.summary(session, other, language, ceiling=ceiling)}"
            made.append(button(session, person, verb=f"choose:about={number}", subject=subject, label=text[:75]))
        if draft.act == Act.APPROVE:
            made += deciding.all_button(session, person, count=len(deciding.sorted_out(session, person)[0]))
    if draft.state == "open" and ready(draft):
        verb, label = ACTS[draft.act]
        text = say(language, label) if not refs else f"{say(language, label)} {', '.join(refs)}"
        if draft.act == Act.APPROVE and len(refs) > MANY:
            text = say(language, "Approve all {count}", count=len(refs))
        style = "danger" if draft.act in (Act.REJECT, Act.WITHDRAW) else "primary"
        made.append(button(session, person, verb=verb, subject=subject, label=text, style=style))
    if draft.state == "open" and needed(draft) == [UNTIL] and draft.about:
        made += later.choices(session, draft, person)
    if draft.state == "open" and needed(draft) == [COMMENT]:
        form = (comment_field(language, say(language, SAYING.get(draft.act, "Why?"))),)
        label = say(language, "Write" if draft.act in SAYING else "Say why")
        made.append(button(session, person, verb="change", subject=subject, label=label, form=form))
    if draft.state == "open":
        made.append(button(session, person, verb="discard", subject=subject, label=say(language, "Discard")))
    if len(about) == 1:
        shown = request_card(session, about[0], reader=person, ceiling=ceiling)
        fields, title, kind_name, summary, facts = shown.fields, shown.title, shown.kind, shown.summary, shown.facts
    else:
        fields = ()
        facts = deciding.rows(session, draft, person, ceiling=ceiling)
        kind_name = draft.act
        title = say(language, TITLES[draft.act])
        summary = "; ".join(
            f"{ref}: {requests.summary(session, each, language, ceiling=ceiling)}"
            for ref, each in zip(refs, about, strict=True)
        )
    more = tuple(
        Field(
            name=name,
            title=say(language, CALLED.get(name, name.capitalize())),
            value=value,
            shown=_shown(session, name, value, person),
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
    Act.AMEND.value: ("amend", "Send the change"),
    Act.LOWER.value: ("lower", "Approve for less"),
    Act.SEND_BACK.value: ("send_back", "Ask about"),
    Act.ANSWER.value: ("answer", "Send the answer to"),
    Act.UNDO.value: ("undo", "Undo"),
    Act.SNOOZE.value: ("snooze", "Remind me of"),
    Act.NUDGE.value: ("nudge", "Ask about"),
    Act.ASSIST.value: ("assist", "Confirm"),
    Act.UNASSIST.value: ("unassist", "Confirm"),
    Act.CORRECT.value: ("correct", "Confirm"),
}
TITLES = {
    Act.APPROVE.value: "Approve",
    Act.REJECT.value: "Reject",
    Act.WITHDRAW.value: "Withdraw",
    Act.STAND_IN.value: "Stand-in",
    Act.UNDO.value: "Undo",
    Act.SNOOZE.value: "Remind me later",
    Act.NUDGE.value: "Nudge",
    Act.ASSIST.value: "Assistant",
    Act.UNASSIST.value: "Assistant",
    Act.CORRECT.value: "Correction of a balance",
}


NEEDED = {
    Act.REJECT.value: [COMMENT],
    Act.STAND_IN.value: ["to", "start", "end"],
    Act.LOWER.value: [AMOUNT, COMMENT],
    Act.SEND_BACK.value: [COMMENT],
    Act.ANSWER.value: [COMMENT],
    Act.SNOOZE.value: [UNTIL],
    Act.ASSIST.value: ["to"],
    Act.UNASSIST.value: ["to"],
    Act.CORRECT.value: ["to", "leave_type", "days", COMMENT],
}
"""What each act needs to be said, in the order it is asked."""

CALLED = {"up_to": "Up to", "up_to_days": "Up to days", "leave_type": "Kind of leave"}
"""How what an act holds is called, where its name does not say it."""

SAYING = {Act.SEND_BACK.value: "What would you like to know?", Act.ANSWER.value: "Your answer"}
"""What the comment of an act is called, where it is not the reason."""


def needed(draft: Draft) -> list[str]:
    """What an act other than sending a form still needs, in the order it is asked."""
    wanted = NEEDED.get(draft.act, [])
    return [name for name in wanted if not draft.values.get(name)]


def ready(draft: Draft) -> bool:
    """True if nothing is missing for the act and there is something to act on."""
    return not needed(draft) and (draft.act in drafts.ALONE or bool(draft.about))


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
        if step.state != "open" or not steps.may_prepare(session, step, reader)[0]:
            continue
        if reader.id in {each.by_id for each in step.opinions}:
            continue
        if step.sort == Sort.DECISION and request.state == requests.PENDING and not made:
            kind, desk = kinds_of(session)[request.kind], requests.desk_of(session, request, by=reader)
            drawn = _lines(
                kind,
                [each.values for each in request.lines],
                language,
                ceiling,
                desk,
                currency=_currency(request.values),
            )
            made += deciding.buttons(session, request, step, reader, drawn)
            made += later.snooze_button(session, request, step, reader)
        elif step.sort == Sort.WORK:
            made.append(working.finish_button(session, request, step, reader))
            made += later.snooze_button(session, request, step, reader)
    made += deciding.undo_button(session, request, reader)
    made += deciding.answer_button(session, request, reader)
    made += later.nudge_button(session, request, reader)
    made += changing.buttons(session, request, reader, ceiling=ceiling)
    return made


def _stop(session: Session, step: Step, language: str) -> Stop:
    last = step.opinions[-1] if step.opinions else None
    if step.state == "open":
        turn = steps.waiting_on(session, step)
    elif last and step.state == "done":
        turn = [(session.get_one(Person, last.by_id), session.get(Person, last.for_id) if last.for_id else None)]
    else:
        turn = [(each, None) for each in steps.candidates(session, step)]
    state = last.outcome if last and step.state == "done" else step.state
    state = requests.APPROVED if step.roles == [POLICY] else state
    label = step.label if step.sort == Sort.WORK else None
    why = say(language, label) if label else said_why(language, step.why)
    names = [InPlaceOf(each.name, owner.name).said_in(language) if owner else each.name for each, owner in turn]
    return Stop(tuple(each.handle for each, _ in turn), why, tuple(names), state)


def _flat(
    kind: Kind[Any], values: Mapping[str, Any], lines: list[dict[str, Any]], desk: Desk
) -> tuple[list[Blank], Mapping[str, Any]]:
    """The blanks and values that stand on a card by themselves: with those of its line, where there is only one."""
    return (kind.sayable(desk), {**values, **lines[0]}) if len(lines) == 1 else (kind.blanks(desk), values)


def _fields(
    blanks: list[Blank],
    values: Mapping[str, Any],
    language: str,
    ceiling: Data,
    kind: Kind[Any],
    desk: Desk,
    *,
    currency: str = "",
) -> tuple[Field, ...]:
    """What is filled in; `currency` is that of the amounts, where the values say none."""
    money = str(values.get("currency") or currency or desk.currency)
    priced = any(each.widget is Widget.MONEY and values.get(each.name) for each in blanks)
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
                shown=say(language, "(shown in the web chat)") if hidden else shown(each, value, language, money),
                widget=each.widget,
                required=each.required,
                data=data,
                most=each.most,
                aside=(priced and each.name == "currency") or not (each.told or _tells(value)),
            )
        )
    return tuple(out)


def _tells(value: Any) -> bool:
    """Whether what only follows from other fields is worth showing: a rate or an amount that is known."""
    try:
        return Decimal(str(value)) != 0
    except InvalidOperation:
        return False


def _lines(
    kind: Kind[Any], lines: list[dict[str, Any]], language: str, ceiling: Data, desk: Desk, *, currency: str
) -> tuple[tuple[Field, ...], ...]:
    if kind.line is None:
        return ()
    blanks = kind.blanks(desk, line=True)
    return tuple(_fields(blanks, each, language, ceiling, kind, desk, currency=currency) for each in lines)


def named_line(session: Session, draft: Draft, nth: int, language: str) -> str:
    """A line of a draft in a few words, by what it has to say and says already: "€12.00, Meals"."""
    kind, desk = kinds_of(session)[draft.kind or ""], drafts.desk_of(draft, session)
    blanks = [each for each in kind.blanks(desk, line=True) if each.required and each.widget is not Widget.DATE]
    found = _fields(blanks, draft.lines[nth - 1], language, Data.PLAIN, kind, desk, currency=_currency(draft.values))
    return ", ".join(each.shown for each in found)


def _currency(values: Mapping[str, Any]) -> str:
    """The currency that a form says for all its lines; "" where it says none."""
    return str(values.get("currency") or "")


def _request_lines(
    kind: Kind[Any], request: Request, language: str, ceiling: Data, desk: Desk
) -> tuple[tuple[Field, ...], ...]:
    """The lines of a request; one that was refused or lowered says so."""
    drawn = _lines(
        kind, [each.values for each in request.lines], language, ceiling, desk, currency=_currency(request.values)
    )
    refused = Field(STATE, say(language, "State"), requests.REJECTED, say(language, requests.REJECTED))
    less = {
        each["line"]: each for step in request.steps for said in step.opinions for each in said.lowered or []
    }  # the last of those who lowered a line counts
    out: list[tuple[Field, ...]] = []
    for fields, line in zip(drawn, request.lines, strict=True):
        if line.state == requests.REJECTED:
            fields = (*fields, refused)
        elif line.position in less and line.granted:
            amount = less[line.position]["granted"]
            shown_ = Money(Decimal(amount), less[line.position]["currency"]).said_in(language)
            fields = (*fields, Field(GRANTED, say(language, "Granted"), amount, shown_))
        out.append(fields)
    return tuple(out)


def _shown(session: Session, name: str, value: Any, person: Person) -> str:
    language = person.language
    if name == UNTIL:
        return write(language, later.local(person, datetime.fromisoformat(str(value))))
    if name == "to":
        return people.find(session, str(value)).name
    if name in ("start", "end"):
        return write(language, date.fromisoformat(str(value)))
    if name == "up_to":
        return write(language, Money(Decimal(value), person.employer.currency))
    if name in ("days", "up_to_days"):
        return write(language, Decimal(value))
    if name == "kind":
        return say(language, kinds_of(session)[str(value)].title)
    if name == "leave_type":
        return say(language, leave_types.named(leave_types.of(session), str(value)).title)
    return str(value)
