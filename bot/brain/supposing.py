"""What a message speaks of and does not ask for: what is only supposed, what shall not be done."""

import re

from bot.brain.asking import asked, leave_type
from bot.brain.commands import forbidden
from bot.brain.hearing import Heard
from bot.message import Intent

_SUPPOSED = re.compile(
    r"\b(?:if (?:i|we)|suppos(?:e|ing)|assuming|say (?:i|we)|were i|should i|si (?:me|nos|yo|je|j'|nous|on|tomo|tomara"
    r"|cojo|cogiera|pido|pidiera|uso|gasto)|se (?:eu|io|tirar|tirasse|pegar|pegasse|prend\w+|uso|usassi)"
    r"|(?:wenn|falls) (?:ich|wir)|angenommen)\b"
)
_HOW_MANY = re.compile(
    r"\b(?:how many|how much|what|cuant[oa]s?|quant[oa]s?|qnt[oa]?s?|combien|cb|wie ?viele?|quant[ie]|reste-t-il)\b"
)
_LEFT = re.compile(
    r"\b(?:left|remain\w*|balance|leave me with|have over|qued(?:an?|aria[ns]?|arian)|rest(?:am|ariam|aria|aran)"
    r"|sobra(?:m|riam|ria)?|ficaria|fico com|saldo|rester(?:ait|aient|a|ebbero|ebbe)|restent|reste|ubrig|noch"
    r"|resturlaub|rest(?:ano|erebbe)|rimarrebb\w+|rimangono|avanz\w+)\b"
)
_NOT_BUT = re.compile(
    r"^(?:(?:please|pls|no|hi|hey|ok)[,.!]?\s+)*(?:don't|dont|do not|no need to|not asking (?:you )?to|no (?:hace falta"
    r"|quiero|hagas|pidas)|nao (?:e preciso|quero|facas|marques|marque)|pas besoin de|ne \w+ (?:rien|pas)|nicht\w*"
    r"|non (?:serve|voglio|prenotare|fare))\b[^,.;!?]{0,40}[,.;!]\s*(?:(?:i|ich|je|yo|eu|io)(?:'m| am| only| just)*"
    r"\s+)?(?:just|only|simply|solo|solamente|so|apenas|juste|seulement|nur|bloss|soltanto)\b\s*"
)
_NOT_DONE = re.compile(
    r"^(?:(?:please|pls|no|hi|hey|ok|so|and)[,.!]?\s+)*(?:(?:don't|dont|do not)\s+(?:\w+\s+)?(?:cancel|withdraw|reject"
    r"|decline|refuse|book|order|buy|purchase|submit|file|send|request|claim|expense|log)"
    r"|no\s+(?:(?:me|le|lo|la)\s+)?(?:canceles|anules|rechaces|reserves|compres|pidas|envies)"
    r"|nao\s+(?:(?:me|o|a)\s+)?(?:canceles?|anules?|recuses?|rejeites?|marques?|compres?|pecas?|envies?)"
    r"|n[e'] ?(?:annule|refuse|rejette|commande|reserve|pose|envoie)[sz]?\s+pas"
    r"|non\s+(?:annullare|rifiutare|respingere|prenotare|comprare|ordinare|inviare))\b"
)


_DEAR = re.compile(
    r"^(?:dear|liebe[rs]?|sehr geehrte[rs]?|estimad[oa]s?|querid[oa]s?|prezad[oa]s?|car[oiae]|gentil[ei]|cher|chere"
    r"|madame|bonjour|buenos dias|buenas tardes|bom dia|boa tarde|guten (?:tag|morgen)|buongiorno|hello|hi)\b"
    r"[^,.!:;\n\d]{0,40}[,!:\n]\s*(?=\S)"
)
_REGARDS = re.compile(
    r"[\s,.;!-]+(?:(?:kind|best|warm|many) (?:regards|wishes|thanks)|regards|cheers|sincerely"
    r"|thanks(?: in advance| a lot)?|(?:mit )?(?:freundlichen|besten|lieben|viele|liebe|beste) grus+en?|mfg|vg|lg"
    r"|(?:un |cordiales )?saludos?|atentamente|gracias(?: de antemano)?|cordialement"
    r"|bien a vous|merci(?: d'avance| beaucoup)?|cumprimentos|atenciosamente"
    r"|obrigad[oa]|abracos?|(?:cordiali |distinti )?saluti|grazie(?: mille| in anticipo)?|danke(?: im voraus)?)"
    r"(?:[\s,.!-]+(?:[a-z]+\s?){0,2})?[\s.!]*$"
)
LEAVE = re.compile(
    r"\b(?:off|leave|holidays?|vacations?|pto|libres?|vacaciones|permiso|folga|ferias|conges?|freie?[nmrs]?|urlaub\w*"
    r"|ferie|permesso)\b"
)
_NO_LONGER = re.compile(
    r"\b(?:(?:don't|dont|do not|won't|wont|will not|didn't) (?:need|want|be needing)\b.*\b(?:any ?more|any longer"
    r"|after all)|(?:no longer|not) (?:need|want|taking)|ya no (?:necesito|quiero|me hace(?:n)? falta|cojo)"
    r"|ja nao (?:preciso|quero|vou)|nao (?:preciso|quero|vou precisar) mais|(?:n'ai|n'aurai) plus besoin|ne veux plus"
    r"|(?:brauche|will|nehme)\b.*\b(?:nicht mehr|doch nicht|doch keinen)"
    r"|non (?:mi serv\w+|voglio|ho) piu)\b"
)
_OF_ME = re.compile(
    r"^(?:(?:so|and|but|hi|hey|ok|well|y|e|et|und|also)[,.!]?\s+)*(?:(?:should|do|did|must|have|had|am|was) i"
    r"|(?:debo|deberia|tengo|he|hice|pedi)|(?:devo|deveria|tenho|fiz|pedi)|(?:dois|devrais|ai)-je|est-ce que (?:je dois"
    r"|j'ai)|(?:soll|sollte|muss|habe|hab|hatte|bin) ich|(?:devo|dovrei|ho))\b"
)
"""Questions about oneself: can, may and could are left out, for by these people request."""


def supposed(heard: Heard) -> Intent | None:
    """What would be left if days were taken is a question about the balance: nothing is asked for."""
    folded = heard.folded
    if not _SUPPOSED.search(folded) or not (_HOW_MANY.search(folded) and _LEFT.search(folded)):
        return None
    return None if heard.amounts or re.search(r"\b(?:budget|presupuesto|orcamento)\b", folded) else _balance(heard)


def _balance(heard: Heard) -> Intent:
    return Intent("time_off.balance", leave_type(heard))


def without_refusal(heard: Heard) -> Heard:
    """The message without what it says not to do in front: "don't book anything, just tell me who is out"."""
    found = _NOT_BUT.match(heard.folded)
    rest = heard.clause(found.end(), len(heard.text)) if found else heard
    return rest if rest.folded else heard


def without_courtesies(heard: Heard) -> Heard:
    """The message without the forms of a letter around it: "Dear team", "Kind regards, Ana"."""
    begin = found.end() if (found := _DEAR.match(heard.folded)) else 0
    close = _REGARDS.search(heard.folded, begin + 1)
    if not begin and not close:
        return heard
    rest = heard.clause(begin, close.start() if close else len(heard.text))
    return rest if len(rest.folded.split()) > 2 else heard


def no_longer(heard: Heard) -> Intent | None:
    """Days off that are not needed any more are given back: "I won't need that Monday off any longer"."""
    if not _NO_LONGER.search(heard.folded) or heard.amounts or not heard.days():
        return None
    return asked("time_off.cancel", heard) if LEAVE.search(heard.folded) else None


def not_approved(heard: Heard) -> Intent | None:
    """An approval that is forbidden is a rejection, where it is said of what."""
    if not forbidden(heard):
        return None
    said = asked("approval.reject", heard)
    if "request_ids" not in said.args and not said.args.keys() & {"person", "kind", "item"}:
        return None if heard.last_shown is None else Intent("approval.reject", {"request_ids": [heard.last_shown]})
    return said


def about_oneself(heard: Heard) -> bool:
    """Whether a question asks what one has, did or ought to do, and requests nothing: "do I have enough leave?"."""
    found = _OF_ME.match(heard.folded)
    return bool(found) and (heard.folded.rstrip().endswith("?") or found[0].endswith((" i", "-je", " ich")))


def not_to_be_done(heard: Heard) -> bool:
    """Whether a message begins by saying that something shall not be done: none of it is proposed then."""
    return bool(_NOT_DONE.match(heard.folded))
