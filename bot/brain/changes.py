"""Changes to a request that was sent, named by its number: "move TO-214 to 3 December"; by rule, in six languages."""

import re

from bot.brain.hearing import Heard
from bot.brain.lead_in import LEAD_IN
from bot.brain.slots import values_in
from bot.message import Intent

CHANGE = (
    r"change|make|move|shift|reschedule|postpone|amend|edit|modify"
    r"|cambia|cambiar|mueve|mover|modifica|modificar|aplaza|aplazar|muda|mudar|altera|alterar|adia|adiar"
    r"|changer|deplace|deplacer|modifie|modifier|decale|decaler|andere|andern|verschiebe|verschieben|verlege|verlegen"
    r"|cambiare|sposta|spostare|modificare"
)
_ORDER = re.compile(
    rf"{LEAD_IN}(?P<verb>{CHANGE})\s+(?:(?:my|the|our|request|number|mi|la|el|mon|ma|le|o|a|minha|meu|meine|meinen|den|die|das|il"
    r"|solicitud|peticion|pedido|demande|antrag|richiesta)\s+)*"
    r"(?P<ref>(?:(?P<prefix>[a-z]{2,4})-|#\s?)?(?P<number>\d{1,7}))(?![\d.,:/-]*\d)\s*"
    r"(?:(?:to|so|a|al|para|ao|pour|au|auf|zu|zum|il|su|onto|into)\s+)?"
)


def change(heard: Heard) -> Intent | None:
    """The change that a message orders for one of the speaker's own requests; None if it orders none."""
    found = _ORDER.match(heard.folded)
    if found is None:
        return None
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
