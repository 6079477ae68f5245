"""What is entered or asked about a colleague's leave: recognised by verb, by the word for leave and by name alone."""

import re

from backend.kinds import WHOSE
from bot.brain.asking import leave_type
from bot.brain.clean import clean
from bot.brain.entrusted import entrusted
from bot.brain.hearing import Heard
from bot.brain.lead_in import LEAD_IN
from bot.brain.names import Named
from bot.brain.port import Turn
from bot.brain.slots import values_in
from bot.message import Intent

_ENTER = re.compile(
    LEAD_IN + r"(?:record|enter|log|register|note|put in|put down|book|file|request|ask for"
    r"|registra|registrar|anota|anotar|apunta|apuntar|pide|regista|registar|enregistre[rz]?|note[rz]?|saisis|demande[rz]?"
    r"|erfasse?n?|trage?|buche?n?|beantrage?n?|notiere?n?|annota|annotare|registrare|chiedi)\b"
)
_FOR = re.compile(r"\b(?:for|para|a favor de|fur|pour|per|that|que|dass|che)\s+(?:el |la |o |a |il |le |der |die )?$")
_LEAVE = re.compile(
    r"\b(?:off|leave|absence|absent|away|libre|ausencia|permiso|folga|ausente|frei|abwesenheit|absent[e]?|conges?"
    r"|assenza|permesso)\b"
)
_HOW_MUCH = re.compile(r"\b(?:how many|how much|cuant[oa]s?|quant[oa]s?|combien|wie ?viele?|quant[ie])\b")
_BALANCE = re.compile(r"\b(?:balance|saldo|solde|resturlaub|urlaubskonto)\b")
_DAYS = re.compile(
    r"\b(?:days?|hours?|leave|vacation|holidays?|pto|dias?|vacaciones|ferias|tage?|\w*urlaub\w*|jours?|conges?|giorni|ferie)\b"
)
_HAS = re.compile(
    r"\b(?:have|has|got|left|remaining|available|tiene|quedan?|tem|restam|sobram|hat|ubrig|reste\w*|ha|rimangono|restano)\b"
)
_USED = re.compile(r"\b(?:took|takes?|taken|used|booked|requested|approved|sick|out|away|off|policy)\b")

_MADE_OF = re.compile(
    r"\b(?:made up|made of|break ?down|broken down|entries|calculated|computed|worked out|comes? about|come from"
    r"|desglose|se compone|calcula\w*|movimientos|composicao|movimentos|detail\w*|calcule\w*|zusammen\w*|berechnet"
    r"|compost[oa]|calcolat\w*|movimenti)\b"
)


_ILL = re.compile(
    r"^(?:'s)?\W*(?:(?:has|have|just|also|is|was|will|be|won't|wont|ist|war|bleibt|hat|sich|esta|ha|estara|se|fica|ficou"
    r"|vai|tem|est|a|sera|reste|e|sara|resta|still|again|at|home|out|off|in|on|with|the|a|called|reported|not|coming"
    r"|leider|heute|fur|she|he|they|he.s|she.s|er|sie|ella|elle|il|lui|lei|ele|ela|en|de|com|con|mit|au|em|unfortunately|encuentra|llamado|porque|because|since|today|tomorrow)\W+)*$"
)
"""What may stand between a name and the word for an illness: "Tom is off", "Tom has called in"."""
_SICK = re.compile(
    r"\b(?:sick|ill|unwell|flu|enferm[oa]|baja|doente|malade|arret maladie|arret|krank\w*|malat[oa]|malattia)\b"
)
_SAID_TO_BE = re.compile(r"^(?:(?:hi|hey|hello|fyi|just so you know|heads up|note)[,.!:]?\s+)*$")


def asks_what_it_is_made_of(text: str) -> bool:
    """Whether a question about a balance asks for the entries behind it."""
    return bool(_MADE_OF.search(clean(text).folded))


def about_others(heard: Heard) -> Intent | None:
    """A request for a colleague, or a question about a colleague's balance, who is named under WHOSE."""
    if (told := entrusted(heard)) is not None:
        return told
    kind = heard.turn.kinds.get("time_off")
    named = [each for each in heard.names if each.value != heard.turn.speaker]
    if kind is None or not kind.for_others or len(named) != 1 or len(named) != len(heard.names):
        return None
    folded, person = heard.folded, named[0]
    if _ENTER.match(folded) and _FOR.search(folded[: person.span[0]]) and (leave_type(heard) or _LEAVE.search(folded)):
        return Intent(kind.intent, {**values_in(heard, kind), WHOSE: person.value})
    if _is_ill(heard, person):
        return Intent(kind.intent, {**values_in(heard, kind), WHOSE: person.value})
    asks = _BALANCE.search(folded) or (_HOW_MUCH.search(folded) and _DAYS.search(folded) and _HAS.search(folded))
    if asks and len(person.handles) == 1 and not heard.days() and not _USED.search(folded):
        return Intent("time_off.balance", {**leave_type(heard), WHOSE: person.value})
    return None


def _is_ill(heard: Heard, person: Named) -> bool:
    """Whether somebody who may enter it tells that a colleague is ill: "Tom is sick today"."""
    turn, folded = heard.turn, heard.folded
    if "?" in heard.text or len(person.handles) != 1 or not (turn.hr or _leads(turn, person.handles[0])):
        return False
    if not _SAID_TO_BE.match(folded[: person.span[0]]) or leave_type(heard).get("leave_type") != "sick":
        return False
    rest = folded[person.span[1] :]
    return any(_ILL.match(rest[: each.start()]) for each in _SICK.finditer(rest))


def _leads(turn: Turn, handle: str) -> bool:
    """Whether the speaker is above a colleague in the chain of managers."""
    above = {each.handle: each.manager for each in turn.colleagues}
    seen = {handle}
    while (handle := above.get(handle) or "") and handle not in seen:
        if handle == turn.speaker:
            return True
        seen.add(handle)
    return False
