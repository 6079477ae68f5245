"""Changes to a request that was sent, named by its number: "move TO-214 to 3 December"; by rule, in six languages."""

import re

from bot.brain.clean import fold
from bot.brain.corrections import at_once, corrected
from bot.brain.hearing import Heard
from bot.brain.lead_in import LEAD_IN
from bot.brain.slots import counted, values_in
from bot.message import Intent

CHANGE = (
    r"change|make|move|shift|reschedule|postpone|amend|edit|modify"
    r"|cambia|cambiar|mueve|mover|modifica|modificar|aplaza|aplazar|muda|mudar|altera|alterar|adia|adiar"
    r"|changer|deplace|deplacer|modifie|modifier|decale|decaler|andere|andern|verschiebe|verschieben|verlege|verlegen"
    r"|cambiare|sposta|spostare|modificare"
)
_ORDER = re.compile(
    rf"{LEAD_IN}(?P<verb>{CHANGE})\s+(?:(?:my|the|our|request|number|mi|la|el|mon|ma|le|o|a|minha|meu|meine"
    rf"|meinen|den|die|das|il"
    r"|solicitud|peticion|pedido|demande|antrag|richiesta)\s+)*"
    r"(?P<ref>(?:(?P<prefix>[a-z]{2,4})-|#\s?)?(?P<number>\d{1,7}))(?![\d.,:/-]*\d)\s*"
    r"(?:(?:to|so|a|al|para|ao|pour|au|auf|zu|zum|il|su|onto|into)\s+)?"
)


_MINE = r"(?:my|our|the|mi|nuestr[oa]|meu|minha|o meu|a minha|mon|ma|notre|mein\w*|unser\w*|il mio|la mia|mio|mia)"
_NOUN = (
    r"(?:orders?|requests?|purchases?|claims?|leave|days? off|expenses?|pedido|solicitud|compra|gasto|peticion"
    r"|encomenda"
    r"|despesa|commande|demande|achat|note de frais|bestellung|antrag|anfrage|ordine|richiesta|acquisto|spesa)"
)
_BEFORE_IT = re.compile(
    rf"{LEAD_IN}(?:about |sobre |zu |a propos de |riguardo a )?{_MINE} (?P<thing>[\w' -]{{2,50}}?)\s*[,:;.-]\s+"
    rf"{LEAD_IN.removeprefix('^')}(?:{CHANGE}|ponl[oa]|faz|mets|mach|fallo)\b-?(?:l[oa]s?|le|os|as)?"
    r"(?: (?:it|that|this|them|lo|la|isso|ca|es|ihn|sie))?\s+(?:(?:to|a|en|para|em|de|auf|zu|su)\s+)?"
)
"""What a request is of, and then the change: "my keyboard order, can you make it two?"."""
_WITH_IT = re.compile(
    rf"{LEAD_IN}(?:{CHANGE})\s+{_MINE} (?P<thing>[\w' -]{{2,50}}?)\s+(?:to|so that|into|a|al|para|ao|pour|au"
    rf"|auf|zu|zum|su)\s+"
)


def _by_its_thing(heard: Heard) -> Intent | None:
    """The change of the one open request of one's own that bears the thing that is named."""
    if heard.turn.pending is not None:
        return None
    found = _BEFORE_IT.match(heard.folded) or _WITH_IT.match(heard.folded)
    if found is None:
        return None
    said = {each.rstrip("s") for each in re.findall(r"[a-z0-9]{3,}", found["thing"])}
    mine = [each for each in heard.turn.known if each.by == heard.turn.speaker and each.state == "pending"]
    fits = [
        each for each in mine if said & {word.rstrip("s") for word in re.findall(r"[a-z0-9]{3,}", fold(each.summary))}
    ]
    if len(fits) != 1:
        own = re.search(rf"\b{_NOUN}\b", found["thing"]) is not None
        return Intent("request.status") if own and mine else None  # which one is asked for by showing them
    known = fits[0]
    kind, rest = heard.turn.kinds[known.kind], heard.clause(found.end(), len(heard.text))
    values = at_once(rest, kind, known.values) or corrected(rest, kind, known.values)
    values = values or values_in(rest, kind, pending=known.values)
    return Intent("request.change", {"request_id": known.number, **counted(values, kind, known.values)})


def change(heard: Heard) -> Intent | None:
    """The change that a message orders for one of the speaker's own requests; None if it orders none."""
    found = _ORDER.match(heard.folded)
    if found is None:
        return _by_its_thing(heard)
    prefix = found["prefix"].upper() if found["prefix"] else None
    known = next((each for each in heard.turn.known if each.number == int(found["number"])), None)
    if known is None or known.by != heard.turn.speaker or (prefix and not known.ref.startswith(f"{prefix}-")):
        return None
    rest = heard.clause(found.end(), len(heard.text))
    if found["verb"] == "make" and not (found["prefix"] or rest.folded):
        return None
    values = values_in(rest, heard.turn.kinds[known.kind], pending=known.values) if rest.folded else {}
    if rest.folded and not values:
        return None
    start = values.get("start")
    if start and values.get("end") == start and known.values.get("start") != known.values.get("end"):
        del values["end"]  # where it begins from now on; how long it is stays
    return Intent("request.change", {"request_id": known.number, **values})
