"""Why a request goes to somebody, and to whom: "why does this need finance?", "who has to approve that?", by rule."""

import re
from typing import Any

from bot.brain import acts
from bot.brain.clean import fold
from bot.brain.hearing import Heard
from bot.brain.lead_in import LEAD_IN
from bot.message import Intent

_WHY = (
    LEAD_IN + r"(?:(?:hm+|aber|mais|ma|pero|mas)[,.]?\s+)*"
    r"(?:why|how come|por que(?: motivo)?|porque(?: e que)?|pourquoi|warum|wieso|weshalb|perche)\s+"
)
_ROLE = (
    r"(?:finance|hr|human resources|(?:my |a |the |your )?(?:manager|boss)|admins?|approval|approvals|sign-?off"
    r"|two people|me|my (?:approval|signature|ok|decision|sign-?off)|mi (?:firma|aprobacion|visto bueno)|mim"
    r"|minha (?:aprovacao|assinatura)|mon (?:accord|aval|approbation)|mich|meine[rn]? (?:zustimmung|genehmigung)"
    r"|mia (?:firma|approvazione)|finanzas|rrhh|recursos humanos|(?:mi |el |la |un )?(?:jefe|jefa|gerente)|aprobacion"
    r"|financas|rh|(?:o |a |um )?(?:gestor|gestora|chefe)|aprovacao"
    r"|finances?|(?:la )?(?:compta\w*|direction)|(?:mon |le |un )?(?:responsable|superieur)|approbation|validation"
    r"|finanzen|finanzabteilung|buchhaltung|personalabteilung|vorgesetzten?|chef\w*|genehmigung|zustimmung|freigabe"
    r"|finanza|risorse umane|(?:il |un )?(?:capo|responsabile)|approvazione)"
)
_POINT = (
    r"(?:this|it|that|these|the (?:request|expense|purchase|order|leave)|my (?:request|expense|purchase|order|leave)"
    r"|esto|esta|este|eso|esa|la solicitud|mi (?:gasto|solicitud|compra)|isto|isso|essa|o pedido|a despesa"
    r"|ca|cela|ceci|cette|la demande|ma (?:demande|note)|das|dies|diese[rs]?|es|der antrag|mein antrag"
    r"|questo|questa|la richiesta|la mia (?:richiesta|spesa)|a|o)"
)
_GOES = (
    r"(?:needs?|needed|requires?|required|go|goes|going|went|sent|have to go|has to go|involves?"
    r"|necesita|requiere|va a|pasa por|tiene que (?:pasar|ir)|precisa|requer|vai (?:para|a)|passa (?:por|pel[oa])"
    r"|tem (?:de|que) ir|a besoin|besoin|necessite|requiert|va (?:a|chez)|passe par|doit (?:passer|aller)|faut(?:-il)?"
    r"|braucht|brauche|benotigt|erfordert|geht|muss|lauft|serve|ha bisogno|occorre|richiede|va|passa da"
    r"|deve (?:passare|andare))"
)
_DECIDES = (
    r"(?:approve|sign|decide|see|look at|be asked|asked|aprobar\w*|aprueba|firmar\w*|decidir\w*|aprovar|approuver"
    r"|valider|decider|signer|genehmigen|entscheiden|freigeben|zustimmen|approvare|approvarl[oa]|firmare|decidere)"
)
_LATER = re.compile(r"\b(?:still|yet|so long|taking|pending|waiting|not|todavia|aun|ainda|encore|noch|ancora)\b")
_NEEDS = re.compile(rf"{_WHY}(?P<what>.*?)\b{_GOES}\b(?P<whom>.*)$")
_SIGNS = re.compile(rf"{_WHY}(?P<whom>.*?)\b{_DECIDES}\b(?P<what>.*)$")
_WHO = re.compile(
    LEAD_IN + r"(?:(?:to|by|a|von|par|da|por) )?"
    r"(?:who|whom|quien|quienes|quem|qui|wer|wem|chi)\b(?P<said>.*)$"
)
_TO_DECIDE = re.compile(
    r"\b(?:approves?|signs?|decides?|aprob\w+|aprueba\w*|firma\w*|decid\w+|aprov\w+|assina\w*|approuv\w+|valide\w*"
    r"|signe\w*|genehmig\w+|entscheide\w*|freigeben|approv\w+)\b"
)
_IN_GENERAL = re.compile(r"\b(?:kind|type|sort)s? of\b")
_A_ROLE = re.compile(rf"\b{_ROLE}\b")
_POINTED = re.compile(rf"(?:^|\s){_POINT}(?:$|[\s?!.,])")


def why(heard: Heard) -> Intent | None:
    """The question why a request goes to somebody, with the number that it names or means; None: it is another."""
    folded = heard.folded.rstrip(" ?!.").replace("\u00bf", " ")
    if _LATER.search(folded):
        return None
    if (who := _WHO.match(folded)) and _TO_DECIDE.search(who["said"]) and not _IN_GENERAL.search(folded):
        return _explained(heard, folded, who["said"])
    found = _NEEDS.match(folded)
    if found is None or not _somebody(heard, found["whom"], found.start("whom")):
        found = _SIGNS.match(folded)
        if found is None or not _somebody(heard, found["whom"], found.start("whom")):
            return None
    what = re.sub(r"^(?:does|do|did|must|should|has|would|is|was)\s+", "", found["what"].strip())
    after = " ".join(found["whom"].split()[:2]) if not what else ""  # "warum braucht das ...": the verb comes first
    return _explained(heard, folded, what or after)


def _explained(heard: Heard, folded: str, pointing: str) -> Intent | None:
    """The question about the request that is named, or pointed at; None where none is."""
    refs = heard.refs or acts.refs_in(
        folded, prefixes=heard.prefixes, known=frozenset(each.number for each in heard.turn.known)
    )
    if refs:
        return Intent("request.explain", {"request_id": refs[0].number})
    pending = heard.turn.pending
    about: list[Any] = list(pending.values.get("request_ids") or []) if pending else []
    if (named := _by_words(heard, pointing, about)) is not None:
        return Intent("request.explain", {"request_id": named})
    if not _POINTED.search(f" {pointing} "):
        return None
    if about:
        return Intent("request.explain", {"request_id": int(about[0])})
    if pending is not None and heard.turn.kinds.by_intent(pending.intent) is not None:
        return Intent("request.explain", {})
    if heard.last_shown is not None:
        return Intent("request.explain", {"request_id": heard.last_shown})
    return None


def _by_words(heard: Heard, pointing: str, about: list[Any]) -> int | None:
    """The request that bears the thing that is named: "why do the desks need me?"; of those that are open, first."""
    said = {each.rstrip("s") for each in re.findall(r"[a-z]{4,}", pointing)}
    known = [each for each in heard.turn.known if each.number in about] or list(heard.turn.known)
    fits = [
        each.number
        for each in known
        if said & {word.rstrip("s") for word in re.findall(r"[a-z]{4,}", fold(each.summary))}
    ]
    return fits[0] if len(fits) == 1 else None


def _somebody(heard: Heard, text: str, at: int) -> bool:
    """Whether a part of the message names a role, or a colleague."""
    span = (at, at + len(text))
    return bool(_A_ROLE.search(text)) or any(span[0] <= each.span[0] < span[1] for each in heard.names)
