"""What was spent is asked for as a sum: by whom, on what, and when; in six languages."""

import re
from typing import Any

from backend.forms import Widget
from bot.brain.choices import chosen
from bot.brain.dates import Lean
from bot.brain.hearing import Heard
from bot.brain.lead_in import LEAD_IN
from bot.brain.teams import team_in
from bot.message import Intent

_SPENT = re.compile(
    LEAD_IN + r"(?:"
    r"(?:how much|what|what all)(?: money)? (?:did|have|has|was|were)\b.*\b(?:spend|spent)\b"
    r"|how much\b.*\b(?:spent|expenses? (?:add up|come|amount))\b"
    r"|(?:cuanto|que)(?: dinero)? (?:(?:me |nos )?(?:he|hemos|ha|han|llevo|llevamos|lleva|llevan) gastado"
    r"|gaste|gasto|gastamos|gastaron|(?:se )?ha gastado)\b"
    r"|(?:quanto|o que)(?: e que| dinheiro)? (?:(?:eu|nos|ja|foi) )?"
    r"(?:gastei|gastou|gastamos|gastaram|tenho gasto|gasto)\b"
    r"|quanto (?:e que )?.*\b(?:gastou|gastaram)\b"
    r"|(?:combien|qu'ai-je|qu'avons-nous|qu'est-ce que)\b.*\bdepensee?s?\b"
    r"|(?:wie ?viel|was)\b.*\bausgegeben\b"
    r"|(?:quanto|cosa|che cosa) (?:(?:io|noi) )?(?:ho|abbiamo|ha|hanno|si e)\b.*\bspeso\b"
    r"|(?:(?:what(?:'s| is| are)|give me|show me|sum(?: up)?|total(?: of)?|how much (?:is|are|were)) )+(?:the )?"
    r"(?:total (?:of )?)?(?:all )?(?:of )?(?:my|our) (?:team's )?(?:total )?(?:spending|expenses)\b(?=.*\S)"
    r"|(?:total|suma|cuanto suman|quanto somam|total de|somme de|total des?|summe|gesamtsumme|totale(?: delle)?"
    r"|somma(?: delle)?)\b.*\b(?:mis gastos|nuestros gastos|minhas despesas|nossas despesas|mes frais|mes depenses"
    r"|nos frais|meiner (?:spesen|ausgaben|auslagen)|unserer (?:spesen|ausgaben)|mie spese|nostre spese)\b"
    r")"
)
_MAY = re.compile(
    r"\b(?:can|may|could|should|allowed|limit|maximum|max|budgets?|puedo|podemos|limite|posso|maximo|peux|peut|puis-je"
    r"|darf|kann|konnen|massimo|presupuesto|orcamento)\b"
)
"""The rule is asked for, or a budget, and no sum."""
_REPORTS = re.compile(
    r"\b(?:(?:my|our) (?:team|reports|people|direct reports|group|department)|(?:mi|nuestro) (?:equipo|gente)"
    r"|(?:a )?(?:minha|nossa) equipa|(?:a )?(?:minha|nossa) equipe|(?:mon|notre) equipe"
    r"|(?:mein|unser|meinem|unserem) team"
    r"|(?:il )?(?:mio|nostro) team|(?:la )?(?:mia|nostra) squadra)\b"
)
_EVERYBODY = re.compile(
    r"\b(?:the company|everybody|everyone|we|us|empresa|hemos|llevamos|gastamos|toda la gente|l'entreprise|avons"
    r"|die firma|wir|alle|l'azienda|abbiamo|noi)\b|\bour (?:spending|expenses)\b"
)
_TRAVEL = re.compile(
    r"\b(?:travel(?:ling|ing)?|trips?|viajes?|viajar|viagens|viagem|voyages?|deplacements?|reisen?|reisekosten|viaggi"
    r"|viaggio|trasfert[ae])\b"
)


def spent(heard: Heard) -> Intent | None:
    """The sum of expenses that is asked for; None: it is something else."""
    said = heard.folded
    if heard.refs or any(each.sure or each.currency for each in heard.amounts):
        return None
    if not _SPENT.match(said) or _MAY.search(said):
        return None
    return Intent("spending.sum", {**_whose(heard), **_of_what(heard), **_when(heard)})


def _whose(heard: Heard) -> dict[str, Any]:
    if heard.names:
        return {"person": heard.names[0].value}
    if _REPORTS.search(heard.folded):
        return {"whose": "reports"}
    if (team := team_in(heard)) is not None:
        return {"whose": "company", "team": team[0]}
    return {"whose": "company"} if _EVERYBODY.search(heard.folded) else {}


def _of_what(heard: Heard) -> dict[str, Any]:
    if _TRAVEL.search(heard.folded):
        return {"category": "travel"}
    kind = heard.turn.kinds.get("expense")
    blanks = [each for each in kind.sayable() if each.widget is Widget.CHOICE and each.required] if kind else []
    found = chosen(heard.folded, blanks[0].options, fuzzy=False) if blanks else None
    return {"category": found[0]} if found else {}


_YEAR = re.compile(
    r"\b(?:(?P<this>this year|este ano|cette annee|dieses jahr|in diesem jahr|quest'anno|so far this year)"
    r"|(?P<last>last year|el ano pasado|ano passado|l'annee derniere|letztes jahr|l'anno scorso|anno scorso)"
    r"|(?:in|en|em|im jahr|nel) (?P<n>20\d\d))\b"
)


_SINCE = re.compile(r"\b(?:since|desde|depuis|seit|da|dal|dall')\b")


def _when(heard: Heard) -> dict[str, Any]:
    if found := _YEAR.search(heard.folded):
        year = int(found["n"]) if found["n"] else heard.today.year - (1 if found["last"] else 0)
        return {"start": f"{year}-01-01", "end": f"{year}-12-31"}
    found_days = next((each for each in heard.said_days(Lean.PAST) if each.start or each.end), None)
    ends = {"start": found_days.start, "end": found_days.end} if found_days else {}
    if found_days and _SINCE.search(heard.folded[: found_days.span[0] + 6]):
        ends["end"] = None  # to this day
    return {name: day.isoformat() for name, day in ends.items() if day}
