"""Work that is told or asked about: "pay back the expenses", "the webcam arrived". By rule, in six languages."""

import re

from bot.brain.clean import fold
from bot.brain.hearing import Heard
from bot.message import Intent

_LEAD = (
    r"^\s*(?:(?:please|pls|por favor|s'il te plait|bitte|per favore|can you|could you|can we|let's|lets|i want to|"
    r"i'd like to|quiero|quero|je veux|ich mochte|vorrei|kannst du|puedes|podes|puoi|peux-tu),?\s+)*"
)
_ORDER = re.compile(
    _LEAD + r"(?:"
    r"(?:pay (?:back|out)|reimburse|settle)\s+(?:all |the |our |approved |open |everyone'?s? |everybody'?s? )*"
    r"(?:expenses|expense claims|claims|reimbursements|everyone|everybody|people|employees|staff)"
    r"|(?:make|start|prepare|create|run|do)\s+(?:the |a |this month'?s )*(?:payment|reimbursement|payout)s?"
    r"(?: (?:run|batch|file))?"
    r"|(?:show|list|see)(?: me)?\s+(?:the |all |what )*(?:reimbursements|we owe(?: (?:people|employees|everybody))?"
    r"|(?:is )?to be (?:paid back|reimbursed))"
    r"|what (?:do we owe|is owed|is to be (?:paid back|reimbursed)|has to be (?:paid back|reimbursed)).*"
    r"|(?:paga|pagar|reembolsa|reembolsar)\s+(?:todos |los |las )*(?:gastos|reembolsos)(?: pendientes| aprobados)?"
    r"|(?:paga|pagar|reembolsa|reembolsar)\s+(?:todas |as |os )*(?:despesas|reembolsos)(?: pendentes| aprovadas)?"
    r"|(?:payer|paie|rembourse|rembourser|regler)\s+(?:tous |toutes |les )*(?:frais|notes de frais|remboursements)"
    r"|(?:zahle?|erstatte?|uberweise?)\s+(?:alle |die )*(?:spesen|auslagen|erstattungen)(?: aus| zuruck)?"
    r"|(?:spesen|auslagen|erstattungen)\s+(?:auszahlen|erstatten|uberweisen)"
    r"|(?:paga|pagare|rimborsa|rimborsare)\s+(?:tutte |tutti |le |i )*(?:spese|rimborsi|note spese)"
    r")\s*[.!?]*\s*$"
)


_ARRIVED = re.compile(
    r"\b(?:arrived|has come|have come|came in|got here|(?:was|were|got|been) delivered|received|llegado|llego|llegaron"
    r"|recibi(?:do|mos)?|chegou|chegaram|recebi|recebemos|arrivee?s?|livree?s?|recue?s?|angekommen|geliefert|eingetroffen"
    r"|erhalten|arrivat[oaie]|consegnat[oaie]|ricevut[oaie])\b"
)


def arrived(heard: Heard) -> Intent | None:
    """Something that was ordered has arrived: the request whose work that is; None: it is something else."""
    paid = any(each.sure or each.currency for each in heard.amounts)
    if heard.turn.pending is not None or paid or "?" in heard.text or not _ARRIVED.search(heard.folded):
        return None
    mine = [each for each in heard.turn.known if each.waiting_for_me and each.state != "pending"]
    said = {each.rstrip("s") for each in re.findall(r"\w{3,}", heard.folded)}
    fits = [
        each
        for each in mine
        if {word.rstrip("s") for word in re.findall(r"\w{3,}", fold(each.summary))} & said
        or str(each.number) in re.findall(r"\d+", heard.folded)
    ]
    return Intent("request.status", {"request_id": fits[0].number}) if len(fits) == 1 else None


def owed(heard: Heard) -> Intent | None:
    """What is to be paid back is asked for; None: it is something else."""
    if heard.turn.pending is None and _ORDER.match(heard.folded):
        return Intent("payments.owed")
    return None
