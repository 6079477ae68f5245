"""Acts on requests: approve, reject, cancel, ask how it stands; recognised by verb and number, in six languages."""

import re

from bot.brain import acts
from bot.brain.amounts import corrected
from bot.brain.changes import change
from bot.brain.clean import fold
from bot.brain.colleagues import colleague_asked
from bot.brain.finer import finer
from bot.brain.hearing import QUESTION, Heard
from bot.brain.later import later
from bot.brain.lead_in import LEAD_IN
from bot.brain.negations import DO_NOT, NOT
from bot.brain.owed import arrived, budget_left, owed
from bot.brain.previews import preview
from bot.brain.spent import spent
from bot.brain.unrelated import ELSEWHERE
from bot.brain.whys import why
from bot.brain.withdrawing import CANCEL, SIGNS
from bot.message import Intent

APPROVE = (
    r"approved?|(?:yep|yeah|yes|ok|okay|aye|1|thumbs up|go) on|aprove|appove|approv|accept|authori[sz]e|okay|ok"
    r"|sign off(?: on)?|grant|greenlight|green light"
    r"|confirm|yes to|lgtm|allow|aprueba|aprobar|aprueb[oa]|acepta|aceptar|autoriza|autorizar|aprova|aprovar|aprovo"
    r"|aceita|aceitar|libera|liberar|libere|"
    r"approuve[rz]?|valide[rz]?|accepte[rz]?|autorise[rz]?|genehmige?n?|genehmigt|bewillige?n?|akzeptiere?n?"
    r"|freigeben|gib frei|c'est (?:bon|ok) pour|approva|approvare|approvo|accetta|accettare|autorizza"
    r"|(?:dale|da|doy|dame) (?:el )?(?:visto bueno|ok|luz verde)|(?:da|dou|da-lhe) (?:o )?(?:ok|luz verde|aval)"
    r"|(?:donne|je donne) (?:le |mon )?(?:feu vert|accord)|(?:gib|ich gebe) (?:grunes licht|das ok)|(?:dai"
    r"|do) (?:l'ok|il via libera)"
    r"|(?:freigabe|genehmigung|zustimmung)(?=.*\berteilt\b)|visto bueno|luz verde|feu vert|via libera"
    r"|go ahead with|give (?:the )?(?:ok|okay|green light|go-ahead)(?: to| for)?"
)
REJECT = (
    r"rejecte?d?|(?:nope|nah|no|hard no|thumbs down) (?:on|for)|decline|deny|refuse|turn down|disapprove|no to"
    r"|say no to|not ok(?:ay)? (?:for|with|on)|dismiss|veto|knock back|rechaza|rechazar"
    r"|rechazo|deniega|denegar|no a la|no al|no a|rejeita|rejeitar|recusa|recusar|nega|negar|nao a|nao ao|"
    r"refuse[rz]?|rejette|rejeter|decline[rz]?|non a|lehne?|ablehnen|abgelehnt|verweigere?|nein zu|rifiuta|rifiutare"
    r"|respingi|respingere|declina|no alla|no al"
)
_STATUS = re.compile(
    r"\b(?:status|state|update|news|progress|where is|where's|how is|how's|what about|what happened|happened"
    r"|happening|approved yet|decided|paid|stand|stands|check|see|show|look up|info|details|follow up|any word|heard|"
    r"estado|como va|como esta|que pasa|novedades|noticias|situacao|novidades|ponto|ou en est|statut|etat|nouvelles"
    r"|wie steht|stand|was ist mit|a che punto|stato|come va|notizie)\b"
    r"|^(?:is|has|was|did|are|have|esta|ha sido|fue|foi|est-ce|est|ist|wurde|hat|e stata|e stato|why|por que|porque"
    r"|pourquoi|warum|perche|when|cuando|quando|quand|wann)\b"
)
_NOT = re.compile(rf"\b(?:{DO_NOT}|{NOT})\s+(?:\w+\s+){{0,2}}$")
_NOT_TO = re.compile(
    r"(?:\b(?:don't|dont|do not|please don't|not)\s+(?:please\s+)?(?:approve|accept|sign off|authori[sz]e|grant|allow)"
    r"|\bno\s+(?:(?:le|les|lo|la|los|las|me)\s+)?(?:apruebes?|aprobes|aprueben|autorices?|aceptes?|valides?)"
    r"|\bnao\s+(?:(?:lhe|lhes|me|o|a)\s+)?(?:aproves?|aprova|aprovem|autorizes?|autoriza|aceites?|aceita)"
    r"|\b(?:ne |n'|n )(?:l[ae]s? |lui |leur )?(?:approuve|accepte|valide|autorise)[zs]?(?:\s+\w+){0,1}?\s+pas"
    r"|\bnon\s+(?:approvare|approvate|approvi|accettare|accetti|autorizzare)"
    r"|\b(?:nicht|keinesfalls)\s+(?:genehmigen|bewilligen|freigeben|akzeptieren|genehmigt|annehmen)"
    r"|\bgenehmige?\w*\s(?:[\w.]+\s){0,5}nicht)\b"
)
"""An approval that is forbidden: to say so is to reject."""


def forbidden(heard: Heard) -> bool:
    """Whether a message says not to approve something: "don't approve it", "bitte nicht genehmigen"."""
    folded = heard.folded
    found = _NOT_TO.search(folded)
    if found is None or folded.rstrip().endswith("?") or QUESTION.match(folded):
        return False
    return not re.search(r"\b(?:i|we|she|he|they|you|why|if|until|unless)\s+(?:\w+\s+)?$", folded[: found.start()])


_AFTER = re.compile(
    r"^[\s,:-]*(?:is (?:a )?|are |both |all |bitte |please |can be |por favor |esta |estan |ist |sind |est |sont |e "
    r"|sono )*(?P<yes>approved|approve|ok|okay|sound|grand|fine|lgtm|accepted|good|looks good|yes|go"
    r"|granted|aprobad[oa]|aprovad[oa]|approuve|genehmigt|approvat[oa]|si|sim|oui|ja|genehmigen|freigeben|bewilligen"
    r"|aprobar|aprovar|approuver|valider|approvare|can be approved|passt|vale|va bene)\b|^[\s,:-]*(?:is (?:a )?"
    r"|are |bitte |please |por favor |esta |ist |est |e )*(?P<no>(?:not|nicht|nao|non|pas|no) (?:ok|okay|fine|good"
    r"|approved|gut|genehmigt|bem|bene|bien)|no chance|not a chance|rejected|reject|declined|denied|no|nope"
    r"|not ok|nein"
    r"|nao|non|rechazad[oa]|rejeitad[oa]|abgelehnt"
    r"|rifiutat[oa]|ablehnen|rechazar|denegar|rejeitar|recusar|refuser|rejeter|rifiutare|respingere)\b"
)
_IT = re.compile(
    r"\b(?:(?:the|this) (?:whole )?(?:thing|lot)|it all|all of it|das ganze|tout ca|tutto quanto|todo (?:esto|eso)"
    r"|it|that|this|that one|this one|that request|this request|the last one|the last request|lo|la|eso|esa|isso"
    r"|essa|ca|cela|celle-ci|es|das|den|ihn|sie|esta|este|esto|them|both|those|quello|quella|cancelalo|anulalo"
    r"|apruebalo|aprobalo)\b|alo\b|ala\b|annullalo\b"
    r"|approvalo\b"
)


_SIGNS = tuple(
    re.compile(pattern)
    for pattern in (
        SIGNS,
        rf"\b(?:{APPROVE})\b",
        rf"\b(?:{REJECT})\b",
        r"\b(?:left|remaining|remain|balance|available|used|accrued|quedan?|saldo|restam|sobram|reste|restants?|solde"
        r"|ubrig|verbleibend\w*|resturlaub|restano|rimangono)\b",
        r"\b(?:paid|spent|bought|owed|out of (?:my own )?pocket|comprei|gekauft|comprato|ausgelegt|vorgestreckt|avance"
        r"|adelant[eo]|anticipato|expense[sd]?|reimburse\w*|refund|claim|receipt|invoice|pague|pagado|gastado"
        r"|gaste|gasto"
        r"|reembolso|recibo|factura|paguei|gastei|despesa|fatura|paye|depense|frais|rembours\w*|recu|facture|bezahlt"
        r"|ausgegeben|spesen|"
        r"quittung|beleg|erstattung|auslagen|pagato|speso|spesa|rimborso|ricevuta|fattura|cost me)\b",
        r"\b(?:buy|order|purchase|procure|comprar|compra|pedir|encargar|encomendar|encomenda|acheter|achat|commander"
        r"|commande|kaufen|bestellen|bestellung|anschaffen|comprare|acquistare|acquisto|ordinare|ordine)\b",
        r"\b(?:off|leave|vacations?|holidays?|pto|sick|ill|absent|away|vacaciones|libre|baja|permiso|enferm[oa]"
        r"|ferias|folga|doente|licenca|conges?|malade|vacances|absent|urlaub|frei|krank|ferie|permesso|malat[oa]"
        r"|liber[oi])\b",
        r"^(?:\W*)(?:who|quien|quem|qui|wer|chi)\b|\b(?:anyone|anybody|alguien|alguem|quelqu'un|jemand|qualcuno)\b",
        r"\b(?:policy|policies|rules?|allowed|entitled|handbook|politica|norma|permitid[oa]|politique|regle|regelung"
        r"|richtlinie|darf|erlaubt|regola|consentito|per year|al ano|par an|im jahr|all'anno|por ano|carry|carried"
        r"|carry-?over"
        r"|roll(?:s|ed|ing)? over|expires?|expired|lapses?|until when|by when|caduca\w*|hasta cuando|caducan"
        r"|ate quando"
        r"|transitam|jusqu'a quand|reporter|reportes?|expirent|bis wann|verfall\w*|verfallt|ubertrag\w*|scad\w+"
        r"|fino a quando|riporta\w*)\b",
        r"\b(?:status|approved|processed|my requests?|estado|aprobad[oa]|aprovad[oa]|statut|approuvee?s?|validee?s?"
        r"|genehmigt|approvat[oa]|stato)\b",
        r"\b(?:for me|my approvals?|deputy|delegate|stand-?in|substitute|on my behalf|por mi|por mim|pour moi"
        r"|fur mich|vertritt|vertretung|per me|sustitu\w+|substitu\w+|remplace\w*|sostitui\w*|delega|delegue)\b",
        *ELSEWHERE,
    )
)


def signs_in(folded: str) -> tuple[float, ...]:
    """Which verbs and nouns of the office a folded text holds, in whatever language; for the classifier."""
    return tuple(float(bool(pattern.search(folded))) for pattern in _SIGNS)


_ALL = re.compile(
    r"\b(?:all|both|every one|everything|todas?|todos|ambas|ambos|tudo|tous|toutes|tout|les deux|alle[sn]?|beide"
    r"|tutti|tutte|tutto|entramb[ie])\b"
)
_GIVES_BACK = re.compile(
    r"\b(?:(?:give|gave|hand|giving|handing|giv)(?: \w+){0,6}? back|(?:give|hand|return)(?:ing)? back|devuelvo"
    r"|devolver"
    r"|devuelve|devolvo|rend(?:re|s)|restitue[rz]?|zuruckgeben|gebe?(?: \w+){1,6} zuruck|restituire|restituisco)\b"
)


def says_all(text: str) -> bool:
    """Whether a message is about all that there is: "approve everything"."""
    return bool(_ALL.search(fold(text)))


def gives_days_back(text: str) -> bool:
    """Whether a message gives days of a leave back, and not the leave: "give back the 16th"."""
    return bool(_GIVES_BACK.search(fold(text)))


def command(heard: Heard) -> Intent | None:
    """The act on requests that a message orders by verb and number ("approve 214"), or None."""
    if (put := later(heard) or change(heard)) is not None:
        return put
    for read in (owed, arrived, budget_left, spent, why, colleague_asked, finer, preview):
        if (asked := read(heard)) is not None:
            return asked
    folded = heard.folded
    for name, verb in (("approval.reject", REJECT), ("approval.approve", APPROVE), ("cancel", CANCEL)):
        found = re.match(rf"{LEAD_IN}(?P<verb>(?:{verb}))\b", folded)
        if not found:
            continue
        refs = _refs_after(heard, found.end())
        if not refs:
            meant = list(heard.turn.pending.values.get("request_ids") or []) if heard.turn.pending else []
            if _points(heard, found.end()) and meant:
                return _with_numbers(heard, name, [int(each) for each in meant])
            if _points(heard, found.end()) and heard.last_shown is not None:
                return _with_numbers(heard, name, [heard.last_shown])
            return None
        if name == "cancel":
            return _with_numbers(heard, name, [refs[0].number], prefix=refs[0].prefix)
        if folded[found.start("verb") : found.end("verb")].startswith("lehn") or not _NOT.search(
            folded[: found.start("verb")]
        ):
            return _with_numbers(heard, name, [each.number for each in refs])
    if not heard.refs and (about := _asked_about(heard)):
        return Intent("request.status", {"request_id": about[0].number})
    refs = (
        heard.refs
        or acts.refs_in(folded, prefixes=heard.prefixes, known=frozenset(each.number for each in heard.turn.known))
        or _leading(heard)
    )
    if not refs:
        return None
    last = refs[-1].span[1]
    if refs[0].span[0] <= 8 and heard.clean.thumbs and not folded[last:].strip(" .!:"):
        return _with_numbers(
            heard, "approval.approve" if heard.clean.thumbs > 0 else "approval.reject", [each.number for each in refs]
        )
    if (
        refs[0].span[0] <= 12
        and not re.match(r"^(?:is|are|has|was|did|were|have|ist|esta|est|wurde)\b", folded)
        and "?" not in folded
    ) and (after := _AFTER.match(folded[last:])):
        return _with_numbers(
            heard, "approval.approve" if after["yes"] else "approval.reject", [each.number for each in refs]
        )
    if refs[0].span[0] <= 8 and re.match(
        rf"[\s,:-]*(?:please |pls )?(?:{CANCEL})\b(?: it| this| that)?\W*$", folded[last:]
    ):
        return _with_numbers(heard, "cancel", [refs[0].number], prefix=refs[0].prefix)
    alone = len(re.sub(r"[^a-z]", "", folded[: refs[0].span[0]] + folded[last:])) == 0
    if (_STATUS.search(folded) or alone) and not re.search(rf"\b(?:{CANCEL})\b", folded):
        return Intent("request.status", {"request_id": refs[0].number})
    return None


def _leading(heard: Heard) -> list[acts.Ref]:
    """A number that a message opens with or asks about: "218 lgtm", "is 205 approved"."""
    found = re.match(
        rf"{LEAD_IN}(?:is|has|was|did|what about|how about|esta|ist|est|status(?: of)?:?|estado de(?: la)?"
        r"|any news on|y la|e a)?\s*(?:the |la |el |a |o |le |die )?"
        r"(?P<n>\d{2,7})\b(?!\s?(?:€|\$|£|eur|usd|k\b|x\b|%|[.,:/-]\d|days?"
        r"|st\b|nd\b|rd\b|th\b))",
        heard.folded,
    )
    if not found or heard.days():
        return []
    refs = acts.refs_in(heard.folded, prefixes=heard.prefixes, bare=True)
    rest = heard.folded[max([found.end(), *(each.span[1] for each in refs if each.span[0] <= found.end() + 12)]) :]
    if not (
        _AFTER.match(rest)
        or _HOW.fullmatch(rest)
        or heard.clean.thumbs
        or (int(found["n"]) > 99 and not rest.strip(" ?!."))
        or (found.start("n") and (_STATUS.search(heard.folded) or not rest.strip(" ?")))
    ):
        return []
    return refs


_HOW = re.compile(r"\s*(?:any )?(?:status|state|update|news|stand|estado|statut|stato)\W*")
_ABOUT = re.compile(
    r"\b(?P<by>with|on|about|of|request|con|de|sobre|com|da|do|avec|mit|von|zu|um|della|sulla|su|and|y|e|et|und)\s+"
    r"(?:the |number |no\.? |nr\.? |la |el |a |o |le |die |der |dem )?(?P<n>\d{2,7})\W*$"
)


_WHERE = re.compile(
    r"\b(?:where|how|what|whether|if|donde|como|onde|ou|comment|wo|wie|ob|dove|come|se)\s+(?:the |la |el |a |o |le )?"
    r"(?P<n>\d{3,7})\s+(?:is|was|stands?|has|went|got|esta|anda|va|en est|est|steht|ist|sta|e)\b"
)
"""A number in the middle of a question about it: "tell me where 198 is"."""


def _asked_about(heard: Heard) -> list[acts.Ref]:
    """A number that a question ends with, or is about: "where are we with 209?"."""
    if inside := _WHERE.search(heard.folded):
        refs = acts.refs_in(heard.folded, prefixes=heard.prefixes, bare=True)
        return [each for each in refs if each.span[1] == inside.end("n")]
    found = _ABOUT.search(heard.folded)
    if found and 1900 <= int(found["n"]) < 2100 and int(found["n"]) not in {each.number for each in heard.turn.known}:
        return []  # a year
    of_something = found is not None and found["by"] in ("of", "de", "da", "do", "von", "della")
    if not found or not (_STATUS.search(heard.folded) or (QUESTION.match(heard.folded) and not of_something)):
        return []
    taken = [each.span for each in [*heard.days(), *(each for each in heard.amounts if each.sure or each.currency)]]
    if any(start < found.end("n") and found.start("n") < end for start, end in taken):
        return []
    return [
        each
        for each in acts.refs_in(heard.folded, prefixes=heard.prefixes, bare=True)
        if each.span[1] == found.end("n")
    ]


def verdicts(heard: Heard) -> tuple[Intent, ...]:
    """Numbers with a verdict after each: "218 ok, 221 no"; none where they are not told so."""
    refs = acts.refs_in(heard.folded, prefixes=heard.prefixes, bare=True)
    before = heard.folded[: refs[0].span[0]] if refs else ""
    if not refs or not re.fullmatch(
        r"(?:(?:yeah|yes|ok|okay|right|so|hi|hey|well|the|la|el|los|las|o|a|le|les|die|der|den|il|no\.?|nr\.?"
        r"|#)[\s,]*)*",
        before,
    ):
        return ()
    given: list[tuple[int, bool]] = []
    together: list[int] = []
    for each, after in zip(refs, [*(other.span[0] for other in refs[1:]), len(heard.folded)], strict=True):
        together.append(each.number)
        told = re.sub(
            r"(?:[\s,;.&+]|\b(?:and|but|y|e|et|und|the|la|el|o|a|le|die|der|den|il)\b)+$",
            "",
            heard.folded[each.span[1] : after],
        )
        if not told and after < len(heard.folded):
            continue  # "215 and 216 ok"
        told = re.sub(r"^\s*(?:(?:both|all|is|are|as well|too)\s+)+", "", told)
        said = acts.act_of(told)
        way = _AFTER.match(f" {told.strip()}")  # what comes after it is why
        if said not in (acts.Act.YES, acts.Act.GOOD, acts.Act.NO) and way is None:
            return ()
        yes = way["yes"] is not None if way else said is not acts.Act.NO
        given += [(number, yes) for number in together]
        together = []
    if len({yes for _, yes in given}) < 2:
        return ()
    return tuple(
        Intent("approval.approve" if way else "approval.reject", {"request_ids": [n for n, yes in given if yes is way]})
        for way in (True, False)
    )


_BUT_NOT = re.compile(r"[\s,;]*\b(?:but not|mais pas|pero no|mas nao|aber nicht|ma non)\b")


def all_but(heard: Heard) -> tuple[Intent, ...]:
    """A decision about some numbers and not about others: "approve 214 but not 216"; none where it is not told so."""
    found = _BUT_NOT.search(heard.folded)
    others = acts.refs_in(heard.folded[found.end() :], prefixes=heard.prefixes, bare=True) if found else []
    said = command(heard.clause(0, found.start())) if found and others else None
    if said is None or said.intent not in ("approval.approve", "approval.reject"):
        return ()
    other = "approval.reject" if said.intent == "approval.approve" else "approval.approve"
    return (said, Intent(other, {"request_ids": [each.number for each in others]}))


def plain_decision(heard: Heard) -> Intent | None:
    """A yes or a no to requests that are only named: "fine by me: 223"."""
    act, begin = acts.opening(heard.folded)
    rest = heard.folded[begin:]
    if act not in (acts.Act.YES, acts.Act.GOOD, acts.Act.NO) or not begin:
        return None
    refs = acts.refs_in(rest, prefixes=heard.prefixes, bare=True)
    for each in reversed(refs):
        rest = rest[: each.span[0]] + rest[each.span[1] :]
    if not refs or re.sub(r"\b(?:and|y|e|et|und|to|for|a|la|both|request|requests|the)\b|[\W_]", "", rest):
        return None
    name = "approval.reject" if act is acts.Act.NO else "approval.approve"
    return _with_numbers(heard, name, [each.number for each in refs])


def _refs_after(heard: Heard, at: int) -> list[acts.Ref]:
    """The numbers that are the object of a verb: "reject 221: we just bought 3 desks" has one."""
    sure = [each for each in heard.refs if each.span[0] >= at]
    if sure:
        return sure
    found = re.match(
        r"\s*(?:only |just |solo |so |nur |seulement |for |para |pour |fur |per |please |por favor |bitte |to |of "
        r"|on |off |with |both |all |requests? "
        r"|numbers? |no\.? |nr\.? |die |der |den |antrag |la |las "
        r"|el |los |lo |a |as |o |os |le |les |l'|il |the |zu |alla |al |solicitud |peticion |pedido |demande "
        r"|richiesta |gasto |despesa |one |ones |ids? |mi |mine |my |meinen )*(?=\d)",
        heard.folded[at:],
    )
    if not found:
        return []
    refs = list(acts.refs_in(heard.folded[at + found.end() :], prefixes=heard.prefixes, bare=True))
    if not refs or refs[0].span[0] > 0:
        return []
    out = [refs[0]]
    rest = heard.folded[at + found.end() :]
    for each in refs[1:]:
        between = rest[out[-1].span[1] : each.span[0]]
        if corrected(rest, out[-1].span[1], each.span[0]):
            out = [each]  # "approve 31, sorry, 32"
            continue
        if re.fullmatch(
            r"\s+|\s*(?:,|&|\+|and|y|e|et|und|,\s*(?:and|y|e|et|und))\s*(?:#|the |la |el |a |o |le |die |den )?",
            between,
        ):
            out.append(each)
        else:
            break
    return out


_CLITIC = re.compile(
    r"\b(?P<yes>apruebal[oa]s?|aprobal[oa]s?|aprova-[oa]s?|approuve[rz]?-l[ae]s?|valide[rz]?-l[ae]s?|approval[oaie])\b"
    r"|\b(?P<no>rechazal[oa]s?|deniegal[oa]s?|rejeita-[oa]s?|recusa-[oa]s?|rejette[rz]?-l[ae]s?|refuse[rz]?-l[ae]s?"
    r"|rifiutal[oaie]|respingil[oaie])\b"
    r"|\b(?P<off>cancelal[oa]s?|anulal[oa]s?|cancela-[oa]s?|anula-[oa]s?|annule[rz]?-l[ae]s?|annullal[oaie]"
    r"|cancellal[oaie])\b"
)


def about_that(heard: Heard) -> str | None:
    """The intent of an order about what was said just before ("approve it"), or None where it names anything itself."""
    if heard.refs or heard.names:
        return None
    found = _CLITIC.search(heard.folded)
    if found and len(heard.folded.split()) <= 4:
        return "approval.approve" if found["yes"] else "approval.reject" if found["no"] else "cancel"
    for name, verb in (("approval.reject", REJECT), ("approval.approve", APPROVE), ("cancel", CANCEL)):
        found = re.match(rf"{LEAD_IN}(?P<verb>(?:{verb}))\b", heard.folded)
        if found and not found["verb"].startswith(("confirm", "ok")) and _points(heard, found.end()):
            return name
    return None


_OWN = re.compile(r"\b(?:my|mine|mi|mis|meu|minha|meus|mon|ma|mes|mein|meine[nrs]?|mio|mia|miei|mie)\b")


_A_REQUEST = re.compile(
    r"\b(?:my|our|mi|mis|meu|minha|mon|ma|mes|mein\w*|mio|mia)\b(?:\s[\w'-]+){0,4}?\s?"
    r"(?:requests?|claims?|solicitud\w*|peticion\w*|pedidos?|demandes?|antrag\w*|richiest[ae])\b"
)
"""One's own request is no new one, whoever is to approve it: "can you approve my keyboard request"."""


def own_request(heard: Heard) -> bool:
    """Whether a message is about a request of the speaker's own, and tells no days of a new one."""
    return bool(_A_REQUEST.search(heard.folded)) and not heard.days()


def ordered_by(heard: Heard) -> str | None:
    """What a message orders by its first verb: an approval, a refusal, a withdrawal; None where it orders nothing."""
    for name, verb in (("approval.reject", REJECT), ("approval.approve", APPROVE), ("time_off.cancel", CANCEL)):
        found = re.match(
            rf"{LEAD_IN}(?P<verb>(?:{verb}))\b\s+(?!(?:that|this|it|them|eso|isso|ca|das|es)\b)\w", heard.folded
        )
        if found and (name == "time_off.cancel" or not _OWN.search(heard.folded) or own_request(heard)):
            return name
    return None


_WHY_SO = re.compile(
    r"[,.:;]|\s-\s|\b(?:because|since|as (?:we|i|it|the|he|she|they)|porque|ya que|pois|parce|car|weil|da|perche)\b"
)


def _points(heard: Heard, at: int) -> bool:
    rest = _WHY_SO.split(heard.folded[at:].strip(" .!,"), maxsplit=1)[0].strip()
    if not rest:
        return True
    found = _IT.match(rest) if not re.search(r"\d{2}", rest) else None  # "rechaza la 221" names what it is about
    named = any(each.span[0] >= at for each in heard.names)  # "aprueba lo de Tom" points at nothing that was shown
    return bool(found and len(rest.split()) <= 4) and not named


def _with_numbers(heard: Heard, name: str, numbers: list[int], prefix: str | None = None) -> Intent:
    if name == "cancel":
        return Intent(cancel_intent(heard, numbers[0], prefix), {"request_id": numbers[0]})
    args: dict[str, object] = {"request_ids": list(dict.fromkeys(numbers))}
    if comment := comment_in(heard):
        args["comment"] = comment
    return Intent(name, args)


def cancel_intent(heard: Heard, number: int | None, prefix: str | None = None) -> str:
    """Which intent withdraws a request: its kind's own, where the kind is known."""
    known = next((each for each in heard.turn.known if each.number == number), None)
    for kind in heard.turn.kinds.values():
        if (known is not None and known.kind == kind.name) or (known is None and prefix == kind.prefix):
            return kind.cancel_intent
    return "time_off.cancel" if "time_off" in heard.turn.kinds else "request.cancel"


_COMMENT = re.compile(
    r"(?:\s*[:;]\s*|\s+-\s+|,\s*|\.\s+|\s+(?=(?:because|since|as\s(?:we|i|it|the|there)|due to|reason|porque|ya que"
    r"|pois|parce que|car|puisque|weil|da\s|denn|perche|poiche)\b)|\s+(?=with (?:the )?(?:comment|note"
    r"|reason)))(?P<comment>[^\n]{3,300})$"
)


def comment_in(heard: Heard) -> str | None:
    """The words that go with a decision: what follows a colon, a comma or "because" after the request."""
    start = max((each.span[1] for each in acts.refs_in(heard.folded, prefixes=heard.prefixes, bare=True)), default=0)
    found = _COMMENT.search(heard.folded, start)
    if not found:
        return None
    text = heard.text[found.start("comment") : found.end("comment")].strip(" .,;:")
    folded = heard.folded[found.start("comment") : found.end("comment")].strip(" .,;:")
    if again := re.match(
        rf"(?:{APPROVE}|{REJECT})\b(?: (?:it|that|them|lo|la|es|das|le))?(?:\s*[:;,-]\s*|\W*$)", folded
    ):
        text, folded = text[again.end() :], folded[again.end() :]  # "don't approve 223, reject it: release week"
    lead = re.match(
        r"(?:(?:please|and|but|because|since|as|due to|reason:?|with (?:the )?(?:comment|note|reason):?|porque|ya que"
        r"|pois|parce que|car|weil|denn|perche)\s+)+",
        folded,
    )
    if lead:
        text = text[lead.end() :]
    if not text or acts.act_of(folded) is not None or re.fullmatch(r"\d+|[\d, and]+", text):
        return None
    return text
