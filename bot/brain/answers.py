"""What a message answers while a draft is open: a plain yes or no, what was asked for, another person or number."""

import re
from datetime import datetime, timedelta
from typing import Any

from backend.forms import Widget
from bot.brain import names, negations
from bot.brain.acts import Act, refs_in
from bot.brain.amounts import amounts_in
from bot.brain.asking import asked, leave_type
from bot.brain.clean import clean
from bot.brain.commands import says_all
from bot.brain.corrections import unhedged
from bot.brain.entrusted import how_much
from bot.brain.hearing import QUESTION, Heard
from bot.brain.moments import moment_in
from bot.brain.numbers import nth_in
from bot.brain.port import Pending
from bot.brain.slots import first_and_last, values_in
from bot.brain.things import content_in
from bot.message import Intent

THE_PART = re.compile(
    r"\b(?:just|only|the|in|during|solo|nur|bloss|am|la|le|de|por|pela|nel|di|apenas|seulement|que)\b"
)
"""What shows that a part of the day is meant, and no greeting: "just the morning"."""


def plain_act(act: Act | None, heard: Heard) -> Intent | None:
    """A message that is nothing but yes, no, thanks ... while a draft is open."""
    pending = heard.turn.pending
    awaiting = pending.awaiting if pending else None
    kind = heard.turn.kinds.by_intent(pending.intent) if pending else None
    blank = next((each for each in kind.sayable() if each.name == awaiting), None) if kind else None
    optional = awaiting in ("comment", "vendor", "needed_by", "reason", "merchant", "receipt") or (
        blank is not None and not blank.required
    )
    match act:
        case None:
            return None
        case Act.NONE:
            if optional and awaiting:
                return Intent("form.update", {awaiting: ""})
            return Intent("form.cancel") if awaiting == "confirm" else None
        case Act.NO:
            first, last = first_and_last(kind.sayable()) if kind else (None, None)
            if pending and first and last and awaiting == last.name and pending.values.get(first.name):
                return Intent("form.update", {last.name: pending.values[first.name]})  # no longer than that
            if optional and awaiting:
                return Intent(
                    "form.update", {awaiting: False if blank is not None and blank.widget is Widget.YES_NO else ""}
                )
            return Intent("form.cancel")
        case Act.CANCEL:
            return Intent("form.cancel")
        case Act.YES | Act.GOOD:
            if blank is not None and blank.widget is Widget.YES_NO and awaiting:
                return Intent("form.update", {awaiting: True})
            return Intent("form.confirm")
        case Act.HELP:
            return Intent("help")
        case _:
            return Intent("small_talk")


def is_free(kind: Any, awaiting: str | None) -> bool:
    """Whether any words at all may be the answer that was asked for."""
    if awaiting in ("comment", "reason", "note", "choice", "until"):
        return True
    blank = next((each for each in kind.sayable() if each.name == awaiting), None) if kind else None
    return blank is not None and blank.widget in (Widget.LINE, Widget.LONG)


def answered(intent: str, awaiting: str | None, heard: Heard) -> dict[str, Any]:
    """What a message answers while a decision, a withdrawal or a stand-in is open."""
    if awaiting in ("comment", "reason"):
        return {"comment": heard.text.strip(" .")} if not heard.folded.endswith("?") else {}
    if awaiting in ("choice", "request_id"):
        return _choice(heard)
    if awaiting == "until":
        said = moment_in(heard, bare=True)
        return {"until": said.at.isoformat()} if said else {}
    if awaiting == "amount":
        said = heard.amounts or amounts_in(heard.folded, bare=True)
        return {"amount": f"{said[0].value:f}"} if said else {}
    out: dict[str, Any] = {}
    if intent == "approvals.delegate":
        out = dict(asked(intent, heard).args)
        days = heard.days(bare=awaiting in ("dates", "start", "end"), after=_start_of(heard))
        if days:
            if days[0].start and (days[0].said_start or not _start_of(heard)) and awaiting != "end":
                out["start"] = days[0].start.isoformat()
            else:
                out.pop("start", None)
            if days[0].end:
                out["end"] = days[0].end.isoformat()
            first, last = _start_of(heard), _day_of(heard, "end")
            if first and last and days[0].weekdays and days[0].start and not days[0].week:
                inside = first + timedelta(days=(days[0].start.weekday() - first.weekday()) % 7)
                if inside <= last:  # "starting on tuesday" is that of the days on the card
                    until = (
                        inside + (days[0].end - days[0].start) if days[0].end and days[0].end >= days[0].start else last
                    )
                    out |= {"start": inside.isoformat(), "end": min(until, last).isoformat()}
        if awaiting == "to" and "to" not in out:
            out |= _named(heard)
    elif awaiting == "to":
        out = _named(heard)
    elif intent == "balance.correct":
        out = leave_type(heard) if awaiting == "leave_type" else how_much(heard) if awaiting == "days" else {}
    elif intent.endswith(".cancel"):
        out = {
            name: value for name, value in asked(intent, heard).args.items() if name in ("request_id", "start", "end")
        }
    elif intent.startswith("approval.") and says_all(heard.text) and len(heard.folded.split()) <= 5:
        out = {"everything": True}
    elif intent.startswith("approval."):
        out = {
            name: value
            for name, value in asked(intent, heard).args.items()
            if name in ("request_ids", "person", "item")
        }
    return out


def other_person(heard: Heard, pending: Pending) -> str | None:
    """Who is meant instead in a stand-in that is open: "sorry, Priya, not Tom"."""
    meant = unhedged(heard)
    before = pending.values.get("to")
    people = [each for each in names.names_in(meant.clean, meant.turn.colleagues) if each.value != before]
    if not before or len(people) != 1 or not isinstance(people[0].value, str) or QUESTION.match(meant.folded):
        return None
    spans = [each.span for each in names.names_in(meant.clean, meant.turn.colleagues)]
    said = [word for word in content_in(meant, spans) if word not in negations.WORDS]
    return None if said else people[0].value


def other_number(heard: Heard, pending: Pending) -> Intent | None:
    """The decision that is open, on other requests than it was about: "no wait, I mean 214"."""
    meant = unhedged(heard)
    about = [int(each) for each in pending.values.get("request_ids") or ()]
    refs = refs_in(meant.folded, prefixes=heard.prefixes, bare=True)
    numbers = [each.number for each in refs if each.number not in about]
    if not about or not numbers or pending.awaiting != "confirm" or not pending.intent.startswith("approval."):
        return None
    if (meant.amounts and any(each.sure for each in meant.amounts)) or content_in(meant, [each.span for each in refs]):
        return None
    return Intent(pending.intent, {"request_ids": numbers})


def days_alone(heard: Heard, kind: Any, pending: Pending) -> dict[str, Any]:
    """Days told in short under a form that has days: "no wait, 15 to 17"."""
    heard = unhedged(heard)
    found = heard.days(bare=True)
    if not found or first_and_last(kind.sayable())[0] is None or content_in(heard, [each.span for each in found]):
        return {}
    return values_in(heard, kind, awaiting="dates", pending=pending.values)


def _named(heard: Heard) -> dict[str, Any]:
    """The first person who is named, under "to"."""
    people = names.names_in(heard.clean, heard.turn.colleagues)
    return {"to": people[0].value} if people else {}


def _start_of(heard: Heard) -> Any:
    return _day_of(heard, "start")


def _day_of(heard: Heard, name: str) -> Any:
    value = heard.turn.pending.values.get(name) if heard.turn.pending else None
    try:
        return datetime.fromisoformat(str(value)).date() if value else None
    except ValueError:
        return None


def _choice(heard: Heard) -> dict[str, Any]:
    """Which of several requests is meant: by number, or by words that only one of them has."""
    if (nth := nth_in(heard.folded)) is not None:
        return {"nth": nth}
    if says_all(heard.text) and len(heard.folded.split()) <= 5:
        return {"everything": True}
    numbers = re.findall(r"\d{1,7}", heard.folded)
    known = {each.number for each in heard.turn.known}
    for number in numbers:
        if not known or int(number) in known:
            return {"request_id": int(number)}
    if days := heard.days(bare=True):
        said = str(days[0].start or days[0].end)
        on = [
            each
            for each in heard.turn.known
            if str(each.values.get("start", "")) <= said <= str(each.values.get("end", ""))
        ]
        if len(on) == 1:
            return {"request_id": on[0].number}
    words = set(re.findall(r"[a-z]{3,}", heard.folded)) - {"the", "one", "from", "that", "request"}
    fits = [
        each
        for each in heard.turn.known
        if words
        & set(
            re.findall(
                r"[a-z]{3,}",
                clean(f"{each.summary} {each.kind} {each.by} {' '.join(map(str, each.values.values()))}").folded,
            )
        )
    ]
    return {"request_id": fits[0].number} if len(fits) == 1 else {"choice": heard.text.strip(" .")}
