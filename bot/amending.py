"""Presses that change what was sent: a change is begun, sent, or days are given back."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy.orm import Session

from backend import drafts, filing, people, requests, steps
from backend.desk import Desk
from backend.differences import differences
from backend.drafts import Draft
from backend.forms import of_our_time, plain
from backend.kinds import Kind, kinds_of
from backend.people import Person
from backend.refusals import Refusal
from backend.requests import Request
from backend.words import say
from bot import questions
from bot.message import Intent
from bot.replies import Reply


def begun(session: Session, person: Person, request: Request) -> Draft:
    """The draft of a change to this request that the person works on; begun now, or open already."""
    cause = str(session.info.get("cause") or f"{request.number}.{request.version}.{person.id}")
    draft = drafts.amendment(session, person, request=request, origin=f"change:{cause}")
    drafts.look(draft, session)
    return draft


def amend(session: Session, person: Person, draft: Draft) -> Reply:
    """Sends a change; one that no longer fits how the request stands is shown again first."""
    drafts.check(draft, by=person)
    request = requests.lock(session, draft.about[0])
    ref, language = requests.ref(session, request), person.language
    try:
        filing.must_be_open(request, session, by=person)
    except Refusal as refusal:
        drafts.discard(draft, session, by=person)
        text = say(language, refusal.text, **refusal.values)
        return Reply(text, refusal=text, card=f"draft:{draft.id}")
    if drafts.moved(draft, session):
        text = say(
            language,
            "{ref} is {state} since you began this change: look at it again, and send it then.",
            ref=ref,
            state=say(language, requests.state_word(session, request)),
        )
        return replace(questions.about(session, draft), text=text, refusal=text)
    before = requests.forms_of(kinds_of(session)[request.kind], request)
    request = drafts.send_change(draft, session, by=person)
    return _told(session, person, request, before, instead_of=f"draft:{draft.id}")


def changed_since(session: Session, person: Person, draft: Draft) -> Reply | None:
    """A decision's card again, where what it is about was changed since it was shown; None: nothing was."""
    for number in sorted(draft.about):
        requests.lock(session, number)
    found = drafts.moved(draft, session, decided=False)
    if not found:
        return None
    refs = ", ".join(requests.ref(session, session.get_one(Request, each)) for each in found)
    text = say(
        person.language, "{refs} was changed since you were shown this: look at its newest card first.", refs=refs
    )
    return replace(questions.about(session, draft), text=text, refusal=text)


def give_back(session: Session, person: Person, request: Request, values: Mapping[str, Any]) -> Reply:
    """Gives back single days of what was approved."""
    start, end = _day(values.get("start"), "start"), _day(values.get("end") or values.get("start"), "end")
    request = requests.lock(session, request.number)
    before = requests.forms_of(kinds_of(session)[request.kind], request)
    request = filing.revoke(request, session, by=person, start=start, end=end)
    args = {"request_id": request.number, "start": start.isoformat(), "end": end.isoformat()}
    return _told(session, person, request, before, intent=Intent("request.give_back", args))


def _told(
    session: Session,
    person: Person,
    request: Request,
    before: tuple[Any, list[Any]],
    *,
    instead_of: str | None = None,
    intent: Intent | None = None,
) -> Reply:
    ref, language = requests.ref(session, request), person.language
    kind = kinds_of(session)[request.kind]
    form, lines = requests.forms_of(kind, request)
    what = kind.summary(form, lines, language)
    match request.state:
        case requests.WITHDRAWN:
            text = say(language, "{refs} is withdrawn; what it took is given back.", refs=ref)
            intent = Intent(kind.cancel_intent, {"request_id": request.number})
        case requests.PENDING:
            who = steps.waits_for(session, request)
            text = say(language, "Changed. {ref} is now {what}, and waits for {who}.", ref=ref, what=what, who=who)
        case _:
            manager = people.manager_of(session, request.person)
            text = say(language, "Changed. {ref} is now {what}, and stays as it was decided.", ref=ref, what=what)
            if manager and manager.id != person.id:
                text += " " + say(language, "{who} is told.", who=manager.name)
    desk = requests.desk_of(session, request, by=None)
    outcome = kind.outcome(form, desk)
    if outcome is not None and request.state != requests.PENDING:
        text += " " + say(language, outcome.text, **outcome.values)
    if intent is None:
        intent = Intent("request.change", {"request_id": request.number, **_changed(kind, before, (form, lines), desk)})
    return Reply(text, card=request.subject, instead_of=instead_of, committed=(replace(intent, ref=ref),))


def _changed(
    kind: Kind[Any], before: tuple[Any, list[Any]], after: tuple[Any, list[Any]], desk: Desk
) -> dict[str, Any]:
    """What is different, as a call's arguments; several lines are given whole."""
    told = [each for each in differences(kind, before, after, desk) if each.blank.told and not each.blank.free_text]
    if any(each.line for each in told) and max(len(before[1]), len(after[1])) > 1:
        lines = [kind.args(plain(each.model_dump(exclude_none=True)), line=True) for each in after[1]]
        return {**{each.blank.name: each.after for each in told if not each.line}, "lines": lines}
    return {each.blank.name: each.after for each in told}


def _day(said: Any, name: str) -> date:
    try:
        return of_our_time(TypeAdapter(date).validate_python(said))
    except ValidationError as error:
        raise Refusal("Say from which day to which: a day such as {day}.", field=name, day="2026-11-26") from error
    except ValueError as error:
        raise Refusal(str(error), field=name) from error
