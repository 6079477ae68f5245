"""Questions about who works with whom: "who is my manager?", "who is in Tom's team?"; by rule, in six languages."""

import re
from typing import Any

from bot.brain.hearing import Heard
from bot.brain.lead_in import LEAD_IN
from bot.brain.lexicon import listed
from bot.brain.teams import team_in
from bot.message import Intent

_WHO = re.compile(r"\b(?:who|whom|who's|whos|quien|quienes|quem|qui|wer|wem|chi)\b")
_TELL = re.compile(
    r"\b(?:what|which|tell|give|cual|dime|dame|qual|diz|da|quel|quelle|donne|wie|welche|gib|dimmi|dammi)\b"
)
_MANAGER = re.compile(
    r"\b(?:managers?|boss(?:es)?|supervisors?|team ?leads?|jef[ea]s?|gerentes?|responsables?|superior(?:es)?|chefes?"
    r"|gestor(?:a|es)?|responsavel|responsaveis|chef(?:fe|in|s)?|superieure?|vorgesetzte[rn]?|teamleiter(?:in)?"
    r"|fuhrungskraft|cap[oi]|responsabil[ei]|superiore)\b"
)
_ANSWERS_TO = re.compile(
    r"\b(?:do|does) (?P<who>[\w' -]+?) (?:report|answer)s? to\b|\b(?:report|answer) to\?*$"
    r"|\ba quien (?:le )?report(?:o|a)\b|\ba quem (?:e que )?(?:eu )?(?:reporto|reporta|respondo|responde)\b"
    r"|\ba qui (?:dois-je|je|est-ce que je) (?:rend\w* (?:des )?comptes?|rapporte\w*)\b|\ban wen bericht\w*\b"
    r"|\bwem (?:bin ich|ist) .*unterstellt\b|\ba chi (?:riport|rispond)\w*\b"
)
_REPORTS = re.compile(
    LEAD_IN + r"who (?:all )?(?:reports?|answers?) to\b"
    r"|" + LEAD_IN + r"(?:who|which people) (?:are|is) (?:my|[\w']+'s) reports?\b"
    r"|\bquien(?:es)? (?:me |le )report\w+|\bquem (?:me |lhe )report\w+|\bqui (?:me |lui )rapporte\w*"
    r"|\bwer bericht\w* an\b|\bchi (?:mi |gli |le )?(?:riporta|risponde) a?\b"
)
_TEAM = re.compile(
    r"\b(?:teams?|department|equipos?|departamento|equipas?|equipes?|departement|service|abteilung|squadra|reparto)\b"
)
_EMAIL = re.compile(
    r"\b(?:e-?mails?(?:[- ]?(?:address|adresse))?|mail(?:[- ]?adresse)?|correo(?: electronico)?|adresse (?:e-?)?mail"
    r"|indirizzo (?:e-?)?mail|endereco de e-?mail)\b"
)
_FILLING = listed("colleagues")


def colleague_asked(heard: Heard) -> Intent | None:
    """Somebody's manager, reports, team or address is asked for, and nothing else; None: it is another message."""
    text = heard.folded
    about = _about(text)
    if about is None or heard.refs or heard.amounts or heard.days():
        return None
    names = [each for each in heard.names if len(each.handles) == 1]
    team = team_in(heard) if about == "team" and not names else None
    if about == "email" and not names:
        return None
    spans = [*(each.span for each in heard.names), *([team[1]] if team else [])]
    if _says_more(text, spans, about) or len(names) != len(heard.names):
        return None
    args: dict[str, Any] = {"about": about}
    if names and names[0].handles[0] != heard.turn.speaker:
        args["person"] = names[0].handles[0]
    if team:
        args["team"] = team[0]
    return Intent("colleague.ask", args)


def _about(text: str) -> str | None:
    if _EMAIL.search(text) and (_TELL.search(text) or _WHO.search(text)):
        return "email"
    if not _WHO.search(text):
        return None
    if _REPORTS.search(text):
        return "reports"
    if _MANAGER.search(text) or _ANSWERS_TO.search(text):
        return "manager"
    return "team" if _TEAM.search(text) else None


def _says_more(text: str, spans: list[tuple[int, int]], about: str) -> bool:
    """Whether anything is said besides who, of whom, and the words that fill."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    lead = re.match(LEAD_IN, text)
    text = text[lead.end() :] if lead else text
    for pattern in {"email": (_EMAIL,), "reports": (_REPORTS,), "team": (_TEAM,)}.get(about, (_MANAGER, _ANSWERS_TO)):
        text = pattern.sub(" ", text)
    return not all(word in _FILLING for word in re.findall(r"[\w'-]+", text.replace("'s ", " ")))
