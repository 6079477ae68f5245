"""Work that is told, money that is asked about: "pay back the expenses", "the webcam arrived", "what is left"."""

import re
from typing import Any

from bot.brain.clean import fold
from bot.brain.hearing import Heard
from bot.brain.lead_in import LEAD_IN
from bot.brain.lexicon import listed
from bot.message import Intent

_ORDER = re.compile(
    LEAD_IN + r"(?:"
    r"(?:pay (?:back|out)|reimburse|settle)\s+(?:all |the |our |approved |open |everyone'?s? |everybody'?s? )*"
    r"(?:expenses|expense claims|claims|reimbursements|everyone|everybody|people|employees|staff)"
    r"|(?:make|start|prepare|create|run|do)\s+(?:the |a |this month'?s )*(?:payment|reimbursement|payout)s?"
    r"(?: (?:run|batch|file))?"
    r"|(?:show|list|see)(?: me)?\s+(?:the |all |what )*(?:reimbursements|we owe(?: (?:people|employees|everybody))?"
    r"|(?:is )?to be (?:paid back|reimbursed))"
    r"|(?:(?:give|list|see)(?: me)? )?(?:which |what |all |the |our |open |approved )*(?:expenses"
    r"|expense claims|claims"
    r"|reimbursements|bills|receipts)(?: (?:that|which))?(?: (?:still|are|do|have|has|need|needs|got|i|we|must"
    r"|should|left"
    r"|due|waiting|open|now|to|be|being|get))* (?:paid|pay|reimbursed?|paid back|paid out|payment)(?: (?:out"
    r"|back|now|today"
    r"|this week|this month))?"
    r"|(?:(?:que|los|las|muestra\w*|lista) )*gastos (?:que hay que|que tenemos que|por|pendientes de"
    r"|a) (?:pagar|reembolsar)"
    r"|(?:(?:que|as|quais|mostra\w*|lista) )*despesas (?:que (?:temos de|e preciso|faltam)|por|a) (?:pagar|reembolsar)"
    r"|(?:(?:quels?|quelles|les|montre\w*|liste) )*(?:frais|notes de frais) (?:a|qu'il faut|restant a) (?:payer"
    r"|rembourser)"
    r"|(?:(?:welche|die|zeige?|liste)(?: mir)? )*(?:spesen|auslagen),? (?:die )?(?:(?:noch|zu|mussen|sind) )*"
    r"(?:(?:be)?zahlt|erstattet|(?:be)?zahlen|erstatten)(?: werden)?(?: (?:mussen|sind))?"
    r"|(?:(?:quali|le|mostra\w*|elenca) )*(?:spese|note spese) (?:da|che dobbiamo|ancora da) (?:pagare|rimborsare)"
    r"|what(?:'s| is| has| have| needs?| (?:do|must|should) (?:we|i)(?: still)?(?: (?:have|need))?)(?: still)?"
    r"(?: to be)? (?:to (?:be )?)?(?:paid|pay)(?: out)?(?: (?:now|today|this week|this month))?"
    r"|que (?:hay que|tenemos que|debemos) pagar(?: hoy| ahora| esta semana)?"
    r"|o que (?:ha (?:para|a)|temos (?:de|que)|e preciso|falta) pagar(?: hoje| agora| esta semana)?"
    r"|(?:qu'est-ce qu'il faut|que faut-il|qu'avons-nous a|que devons-nous"
    r"|qu'est-ce qu'on doit) payer(?: aujourd'hui)?"
    r"|was (?:muss|mussen wir|ist|haben wir)(?: noch| heute| diese woche)? (?:be)?zahl(?:t werden|en)"
    r"|was ist(?: noch)? zu (?:be)?zahlen"
    r"|(?:cosa|che cosa) (?:c'e da|dobbiamo|bisogna|resta da) pagare(?: oggi| adesso| questa settimana)?"
    r"|what (?:do we owe|is owed|is to be (?:paid back|reimbursed)|has to be (?:paid back|reimbursed)).*"
    r"|(?:paga|pagar|reembolsa|reembolsar)\s+(?:todos |los |las )*(?:gastos|reembolsos)(?: pendientes| aprobados)?"
    r"|(?:paga|pagar|reembolsa|reembolsar)\s+(?:todas |as |os )*(?:despesas|reembolsos)(?: pendentes| aprovadas)?"
    r"|(?:payer|paie|rembourse|rembourser|regler)\s+(?:tous |toutes |les )*(?:frais|notes de frais|remboursements)"
    r"|(?:zahle?|erstatte?|uberweise?)\s+(?:alle |die )*(?:spesen|auslagen|erstattungen)(?: aus| zuruck)?"
    r"|(?:spesen|auslagen|erstattungen)\s+(?:auszahlen|erstatten|uberweisen)"
    r"|(?:paga|pagare|rimborsa|rimborsare)\s+(?:tutte |tutti |le |i )*(?:spese|rimborsi|note spese)"
    r")\s*[.!?]*\s*$"
)
_BUDGET = re.compile(
    r"(?:(?P<before>[\w'-]+)\s+)?\b(?:budgets?|presupuestos?|orcamentos?)\b"
    r"(?:\s+(?:for|of|in|de|del|do|da|du|di|des|der|fur|von|pour|para|per|per il|per la)\s+"
    r"(?:the |la |el |o |a |le |l'|die |das |den |il )?(?P<after>[\w'-]+))?"
)
_LEFT = re.compile(
    r"\b(?:left|remaining|remains?|spent|available|used up|used|stands?|doing|queda\w*|disponible|gastad[oa]|llevamos"
    r"|resta\w*|sobra\w*|disponivel|gast(?:o|ou|amos)|reste\w*|disponible|depense\w*|ubrig|verfugbar|ausgegeben"
    r"|verbraucht"
    r"|rimane\w*|resta|speso|disponibile)\b|\bhow much (?:of )?(?:the |our )?\w* ?budget (?:do|does|is|have)\b"
)
_WHOLE = listed("whole")
"""Words beside which a budget is that of a team: a budget for training, or for a desk, is one of the handbook."""


def budget_left(heard: Heard) -> Intent | None:
    """What is left of the budget of a team is asked for; None: it is something else."""
    found = _BUDGET.search(heard.folded)
    if found is None or heard.amounts or not _LEFT.search(heard.folded):
        return None
    teams = {fold(each.team): each.team for each in heard.turn.colleagues if each.team}
    said = [each.removesuffix("'s") for each in (found["before"], found["after"]) if each]
    if not all(each in teams or each in _WHOLE or each.isdigit() for each in said):
        return None
    named = next(
        (team for word, team in teams.items() if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", heard.folded)), None
    )
    args: dict[str, Any] = {"team": named} if named else {}
    return Intent("budget.left", args)


_ARRIVED = re.compile(
    r"\b(?:arrived|has come|have come|came in|got here|(?:was|were|got|been) delivered|received|llegado|llego|llegaron"
    r"|recibi(?:do|mos)?|chegou|chegaram|recebi|recebemos|arrivee?s?|livree?s?|recue?s?|angekommen|geliefert"
    r"|eingetroffen"
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
