"""A preview of a post that is told by itself: "send me a preview of the weekly report". By rule, in six languages."""

import re

from bot.brain.hearing import Heard
from bot.brain.lead_in import LEAD_IN
from bot.message import Intent

_PREVIEW = re.compile(
    r"\b(?:preview|vista previa|previsualiza\w*|pre-?visualiza\w*|apercu|previsualis\w*|vorschau|anteprima)\b"
)
_REPORT = re.compile(
    LEAD_IN + r"(?:show|send|give|get|see|muestra(?:me)?|ensename|envia(?:me)?|manda(?:me)?|mostra(?:-me|mi)?|envia-me"
    r"|montre(?:-moi)?"
    r"|envoie(?:-moi)?|zeig(?:e)?|schick(?:e)?|mandami|inviami)\b"
    r".{0,20}\b(?:(?:weekly|operations|ops) report|informe (?:semanal|de operaciones)"
    r"|relatorio (?:semanal|de operacoes)|rapport (?:hebdomadaire|d'activite)|wochenbericht|betriebsbericht"
    r"|(?:rapporto|report) (?:settimanale|operativo))\b"
)
"""The report is asked for by its name also without the word preview."""

_TOPICS = (
    (
        "who_is_out",
        r"who(?:'s| is)? (?:out|away|off)|absences?|quien (?:esta fuera|falta)|ausencias|quem (?:esta fora|falta)"
        r"|qui est absent|wer (?:nicht da|weg|fehlt)|abwesen\w*|chi (?:e assente|manca)|assenze",
    ),
    ("lapsing", r"laps\w+|expir\w+|caduca\w*|caducar|verf[a-z]*ll\w*|verfall\w*|scad\w+"),
    ("budgets", r"budgets?|presupuestos?|orcamentos?"),
    (
        "holidays",
        r"(?:public |bank |next year'?s )?holidays|festivos|feriados|jours feries|feiertag\w*|festivita|festivi",
    ),
    (
        "waiting",
        r"wait\w*|approvals?|pending|pendientes?|espera\w*|aprobaciones|aprovacoes|attente|attend\w*|wart\w*|attesa",
    ),
    ("report", r"report|operations|informe|relatorio|rapport|bericht|\w+bericht|rapporto"),
)
_NAMED = tuple((what, re.compile(rf"\b(?:{words})\b")) for what, words in _TOPICS)


_POSTS = re.compile(r"\b(?:posts?|publicacion\w*|publicac\w+|beitra\w+|messages? programmes|pubblicazion\w*)\b")
_OTHER = re.compile(r"\b(?:expense|my (?:request|leave|order)|gastos?|despesas?|frais|spesen\w*|spese)\b")
"""What else may be looked at before it is sent."""


def preview(heard: Heard) -> Intent | None:
    """The preview that a message asks for, with the post that it names; None: it is something else."""
    if heard.turn.pending is not None:
        return None
    folded = heard.folded
    if _REPORT.match(folded):
        return Intent("posts.preview", {"what": "report"})
    if not _PREVIEW.search(folded) or _OTHER.search(folded):
        return None
    what = next((name for name, words in _NAMED if words.search(folded)), None)
    if what is None and not _POSTS.search(folded):
        return None
    return Intent("posts.preview", {"what": what} if what else {})
