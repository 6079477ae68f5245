"""A question that goes on from the one before: "and for Tom?", "what about next week?", "and personal days?"."""

import re
from datetime import timedelta
from typing import Any

from backend.kinds import WHOSE
from bot.brain.asking import asked, kind_in, leave_type
from bot.brain.dates import kept_day, working_days_from
from bot.brain.hearing import Heard
from bot.brain.things import content_in
from bot.message import Intent

_GOES_ON = re.compile(
    r"^(?:(?:ok|okay|thanks|great|cool|right|vale|bien|bueno|bom|gut|va bene|d'accord|hm+|so|good)[\s,.!-]+)*"
    r"(?:(?:and|y|e|ed|et|und|also|then|but|pero|mas|mais|aber|ma)[\s,]+)*"
    r"(?P<lead>and|what about|how about|what of|same for|y|e|ed|et|und|que hay de|que tal|y que pasa con"
    r"|que pasa con|e quanto a|quanto a|que tal|qu'en est-il de|et pour|pour|was ist mit|wie ist es mit"
    r"|wie sieht es mit|wie sieht's mit|che ne e di|che mi dici di|for|para|fur|per)\b\W*"
)
_AFTER = re.compile(
    r"\b(?:the )?(?:(?P<week>week|semana|semaine|woche|settimana)|(?P<day>day|dia|jour|tag|giorno))\s+"
    r"(?:after(?: that)?|despues|siguiente|seguinte|depois|d'apres|suivante?|danach|darauf|dopo|successiv[ao])\b"
    r"|\b(?:la siguiente|a seguinte|la suivante|die (?:ubernachste|folgende)|quella dopo|the (?:one|next one) after)\b"
)
_WORDS = re.compile(
    r"\b(?:days?|leave|left|off|out|away|in|on|requests?"
    r"|dias?|tage?|jours?|giorni|team|there|too|then|mine|my"
    r"|the|for|de|del|of|my|mes|mis|meus|meine|miei)\b"
)


def follow_up(heard: Heard) -> Intent | None:
    """The question before, with what is said anew; None where a message asks something of its own."""
    before = heard.turn.before
    found = _GOES_ON.match(heard.folded)
    if before is None or found is None or before.intent not in ("who_is_out", "time_off.balance", "request.status"):
        return None
    rest = heard.clause(found.start("lead"), len(heard.text))
    rest = rest.clause(found.end() - found.start("lead"), len(rest.text))
    if not rest.folded or len(rest.folded.split()) > 6:
        return None
    said = _said(rest, before)
    if not said or [word for word in content_in(rest, _spans(rest)) if not _WORDS.fullmatch(word)]:
        return None
    if before.intent == "who_is_out":
        kept = {name: value for name, value in before.args.items() if name not in ("person", "team") or name in said}
        kept = kept if {"person", "team"} & set(said) else dict(before.args)
        return Intent(before.intent, {**kept, **said})
    return Intent(before.intent, said)


def _said(rest: Heard, before: Intent) -> dict[str, Any]:
    said = dict(asked(before.intent, rest).args)
    if before.intent == "time_off.balance" and (people := [each for each in rest.names if len(each.handles) == 1]):
        kept = {name: value for name, value in before.args.items() if name == "leave_type"}
        return {**kept, **said, WHOSE: people[0].value}
    if before.intent == "who_is_out" and "start" not in said and (found := _AFTER.search(rest.folded)):
        start, end = (kept_day(before.args.get(name)) for name in ("start", "end"))
        if start is not None and end is not None:
            if found["day"]:
                start = end = working_days_from(end + timedelta(days=1), 1)
            else:
                start = start - timedelta(days=start.weekday()) + timedelta(days=7)
                end = start + timedelta(days=4)
            said |= {"start": start.isoformat(), "end": end.isoformat()}
    return said


def _spans(rest: Heard) -> list[tuple[int, int]]:
    named = kind_in(rest)
    after = _AFTER.search(rest.folded)
    spans = [*rest.spans(), *(each.span for each in rest.names), *([named[1]] if named else [])]
    kind = rest.turn.kinds.get("time_off")
    if kind is not None and leave_type(rest):
        spans.append((0, len(rest.folded)))
    return [*spans, *([after.span()] if after else [])]
