"""Questions that only the handbook can answer, told by how they are asked: what to do now, what the company has."""

import re

from bot.brain.hearing import Heard
from bot.brain.lead_in import LEAD_IN
from bot.brain.teams import team_in
from bot.brain.unrelated import sounds_elsewhere
from bot.message import Intent

_WHAT_NOW = re.compile(
    r"(?:^|[,.;:!?]\s+|\s-\s)(?:(?:so|and|y|e|et|und|ok)[,]?\s+)*(?:what now|now what|what next|what (?:do"
    r"|should|can|must|shall) i do"
    r"(?: now| then| about it)?|what am i supposed to do|how do i proceed|y ahora que|que (?:hago"
    r"|tengo que hacer|debo hacer"
    r"|puedo hacer)(?: ahora)?|(?:e agora|o que (?:faco|devo fazer|posso fazer))(?: agora)?|(?:que|qu'est-ce que) "
    r"(?:dois-je faire|je (?:fais|dois faire)|faire)(?: maintenant)?|et maintenant|was (?:nun|jetzt|tun"
    r"|(?:soll|muss|kann|mache?) ich(?: jetzt| nun)?(?: tun| machen)?)|und jetzt|(?:che )?cosa (?:faccio"
    r"|devo fare|posso fare)"
    r"(?: adesso| ora)?|e adesso|e ora)\W*$"
)
_IF_ONE_MAY = re.compile(
    r"^(?:whether|if|si|se|ob) (?:i|we|one|you|ich|wir|man|je|on|nous|eu|nos|io|noi)?\s*(?:may|can|could|am allowed"
    r"|are allowed|is allowed|darf|durfen|kann|puedo|podemos|se puede|posso|podemos|se pode|peux|peut|pouvons|possiamo"
    r"|si puo)\b"
)
_NOT_FOUND = re.compile(
    r"\b(?:can't|cannot|can not|couldn't|don't|didn't|unable to) (?:seem to )?find (?:anything|something|a word|a rule"
    r"|the (?:rules?|policy|page|section)|what (?:it|the handbook) says|out) (?:about|on|for|regarding"
    r"|in the handbook)\b"
    r"|\bno encuentro (?:nada|ninguna norma) (?:sobre|de)\b|\bnao encontro (?:nada|nenhuma regra) (?:sobre|de)\b"
    r"|\bje ne trouve (?:rien|aucune regle) (?:sur|pour)\b|\bich finde (?:nichts|keine regel) (?:zu|zum|zur"
    r"|uber|fur)\b"
    r"|\bnon trovo (?:niente|nulla|nessuna regola) (?:su|sul|sulla|per)\b"
)
_WORKED = re.compile(
    r"\b(?:i|we) (?:have |had to |also )*work(?:ed)? (?:on |over |all |the )*(?:sat|sun|weekend|bank holiday"
    r"|public holiday"
    r"|holiday|night|overtime|extra)|\b(?:trabaje|he trabajado|trabalhei|j'ai travaille|habe\b.*\bgearbeitet"
    r"|ho lavorato)\b"
)
_BACK = re.compile(
    r"\b(?:back|in lieu|instead|time off|compensat\w*|extra pay|recuper\w*|compens\w*|devolv\w*|en cambio"
    r"|em troca|repos"
    r"|zuruck|ausgleich\w*|frei|riposo|in cambio|off)\b"
)
_HOW_HIGH = re.compile(
    rf"{LEAD_IN}(?:what(?:'s| is| was| are| were|s)|how (?:much|high|big) (?:is|was|are|were)|cual(?:es)? (?:es"
    rf"|era|fue|son)"
    r"|qual (?:e|era|foi)|quel(?:le)? (?:est|etait)|wie hoch (?:ist|war)|was (?:ist|war)|qual'?\s?(?:e|era)"
    r"|quanto (?:e|era)"
    r"|(?:de )?cuanto (?:es|era))\s+(?:\w+\s+){0,2}?"
    r"(?:(?:budget|allowance|limit|per diem|rate|cap|ceiling|threshold)|(?:\w+ ){1,2}(?:budget|allowance|limit"
    r"|rate|cap)"
    r"|presupuesto|limite|dietas?|orcamento|plafond|forfait|pauschale|\w+(?:budget|pauschale|grenze)|budget"
    r"|tetto|diaria)\b"
)
_OWN = re.compile(
    r"\b(?:left|remaining|my team|our team|request|order|claim|approved|queda|resta|reste|ubrig|rimane)\b"
)
_THERE_IS = re.compile(
    rf"{LEAD_IN}(?:is there|are there|do we (?:have|get|offer)|have we got|does (?:the|our) (?:office|company"
    rf"|building|firm)"
    r"|where (?:is|are|can i find|do i find) (?:the|our)|hay|tenemos|donde (?:esta|hay)|ha|temos|existe"
    r"|onde (?:e|fica|ha)"
    r"|y a-t-il|il y a|avons-nous|on a|ou (?:est|se trouve)|gibt es|haben wir|wo (?:ist|finde ich|gibt es)|c'e|ci sono"
    r"|abbiamo|dov'e|dove (?:e|si trova))\b"
)
_AT_WORK = re.compile(
    r"\b(?:office|company|building|work|we|our|us|here|oficina|empresa|edificio|tenemos|escritorio|temos|bureau"
    r"|entreprise"
    r"|chez nous|buro|firma|haben wir|bei uns|ufficio|azienda|abbiamo)\b"
)
_IN_TOWN = re.compile(
    r"\b(?:nearby|near (?!the office|the building|our |work)\w+|around here|in town|tonight|on tv|cerca|por aqui|perto"
    r"|pres d\w+|in der nahe|vicino)\b"
)


def about_rules(heard: Heard) -> Intent | None:
    """The question to the handbook that a message is, told by its form alone; None: it is something else."""
    if heard.refs or heard.turn.pending is not None:
        return None
    folded = heard.folded
    priced = any(each.sure or each.currency for each in heard.amounts)
    if _IF_ONE_MAY.match(folded) and not heard.days() and not priced and not sounds_elsewhere(folded):
        return Intent("policy.ask")
    if (_WHAT_NOW.search(folded) or _NOT_FOUND.search(folded)) and not priced:
        return Intent("policy.ask")
    if _WORKED.search(folded) and _BACK.search(folded) and folded.rstrip().endswith("?"):
        return Intent("policy.ask")
    if _HOW_HIGH.match(folded) and not _OWN.search(folded) and not priced and team_in(heard) is None:
        return Intent("policy.ask")
    return None


def asks_what_there_is(heard: Heard, *, elsewhere: float) -> bool:
    """Whether it is asked what the company has: "is there parking?"; not what there is in town or in the world.

    elsewhere  how likely the message is about something that no back office does
    """
    folded = heard.folded
    if (
        not _THERE_IS.match(folded)
        or heard.names
        or heard.days()
        or sounds_elsewhere(folded)
        or _IN_TOWN.search(folded)
    ):
        return False
    return elsewhere < 0.9 or bool(_AT_WORK.search(folded))
