"""A question about one's own balance and the rule for it in one: "how much vacation do I have left, until when?"."""

import re

from bot.brain.hearing import Heard
from bot.message import Intent

_LEAVE = (
    r"\b(?:vacations?|holidays?|annual leave|pto|time off|days off|vacaciones|ferias|conges?|vacances|"
    r"(?:rest)?urlaub(?:s?tage?)?|ferie)\b"
)
_LEFT = (
    r"\b(?:left|remaining|still have|have i (?:still )?got|quedan?|restam?|sobram?|me sobra|reste(?:nt)?|ai-je encore|"
    r"noch|ubrig|restano|rimangono|ho ancora|mi restano)\b"
)
_UNTIL = re.compile(
    r"\b(?:(?:and |y |e |et |und |ed )?(?:(?:un)?til when|till when|by when|"
    r"when (?:do|does|will) (?:it|they|the days|that) (?:expire|lapse|run out)|"
    r"do (?:they|the days) (?:expire|carry over)|can i carry (?:it|them) over|"
    r"hasta cuando|cuando (?:caducan|vencen|se pierden)|ate quando|quando (?:expiram|caducam|vencem)|"
    r"jusqu.a quand|jusqu.en quand|quand expirent|bis wann|wann verfall\w+|verfall\w+|fino a quando|entro quando|"
    r"quando scad\w+))\b.*"
)
_RULE = {
    "en": "until when can unused vacation days be carried over into the next year?",
    "es": "¿hasta cuándo se pueden pasar al año siguiente las vacaciones no disfrutadas?",
    "pt": "até quando se podem transferir para o ano seguinte as férias não gozadas?",
    "fr": "jusqu'à quand peut-on reporter sur l'année suivante les congés non pris ?",
    "de": "bis wann kann man Resturlaub ins nächste Jahr übertragen?",
    "it": "fino a quando si possono riportare all'anno successivo le ferie non godute?",
}

_SICK = (
    r"\b(?:sick (?:days?|leave)|days? (?:off )?sick|sickness days?|dias? (?:de |por )?(?:baja|baixa|enfermedad|doenca)|"
    r"(?:jours?|arrets?) (?:de |d.arret )?maladie|krank(?:heits|en)?tage?|tage krank|giorni di malattia)\b"
)
_COUNTED = r"\b(?:how (?:many|much)|cuantos|llevo|quantos|combien|wie ?viele?|quanti)\b"
_PROOF = (
    r"\b(?:(?:doctor.?s|sick|fit|medical) (?:note|certificate)s?|certificates?|certificado|justificante|parte de baja|"
    r"atestado|certificats?|arret de travail|attest|krankmeldung|krankschreibung|krankenschein|certificat[oi])\b"
)
_PROVEN = {
    "en": "when do I need a doctor's note?",
    "es": "¿cuándo hace falta un certificado médico?",
    "pt": "quando é preciso um atestado médico?",
    "fr": "quand faut-il un certificat médical ?",
    "de": "ab wann brauche ich ein Attest?",
    "it": "quando serve il certificato medico?",
}


def balance_and_rule(heard: Heard) -> tuple[Intent, ...] | None:
    """The balance and the rule where both are asked for in one message; None: it is something else."""
    said = heard.folded
    if re.search(_SICK, said) and re.search(_COUNTED, said) and re.search(_PROOF, said):
        rule = _PROVEN.get(heard.language, _PROVEN["en"])
        return Intent("time_off.balance", {"leave_type": "sick"}), Intent("policy.ask", {"question": rule})
    counted = re.search(_LEFT, said) or re.search(_COUNTED, said)
    if not (counted and re.search(_LEAVE, said) and _UNTIL.search(said)):
        return None
    rule = _RULE.get(heard.language, _RULE["en"])
    return Intent("time_off.balance", {"leave_type": "vacation"}), Intent("policy.ask", {"question": rule})
