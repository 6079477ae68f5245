"""Absences with days and little else: several are everybody's, so it is asked who is out; one is one's own leave."""

import re

from bot.brain.hearing import Heard
from bot.brain.lexicon import listed
from bot.brain.teams import team_in

_SEVERAL = re.compile(
    r"\b(?:absences|ausencias|abwesenheiten|assenze"
    r"|(?:people|colleagues|staff|everybody|everyone) (?:away|out|off|absent|on (?:leave|holiday|vacation)))\b"
)
_ONE = re.compile(r"\b(?:absence|ausencia|abwesenheit|assenza)\b")
_BESIDE = listed("small") | listed("everybodys")
_OWN = re.compile(r"\b(?:my|i|mi|mis|minhas?|mes|mon|meine?|ich|je|mie|mia|book|register|need|want|take|request)\b")


def absences(heard: Heard) -> str | None:
    """The intent of "absences next week" and of "absence next week"; None where more than days stands beside it."""
    several = _SEVERAL.search(heard.folded)
    word = several or _ONE.search(heard.folded)
    if word is None or not heard.days() or heard.names:
        return None
    spans = [word.span(), *heard.spans()]
    if several and (team := team_in(heard)) is not None:
        spans.append(team[1])
    rest = heard.folded
    for start, end in spans:
        rest = rest[:start] + " " * (end - start) + rest[end:]
    if any(each not in _BESIDE for each in re.findall(r"[a-z']+", rest)):
        return None
    if several:
        return None if _OWN.search(rest) else "who_is_out"
    return "time_off.submit" if "time_off" in heard.turn.kinds and not heard.folded.rstrip().endswith("?") else None
