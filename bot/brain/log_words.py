"""How people ask for the log of what was done, and whether it stands as it was written."""

import re

from bot.brain.hearing import Heard
from bot.message import Intent

_LOG = r"(?:log|registr?o|bitacora|diario|journal|piste|protokoll|traccia)"
_THE = r"(?:the|our|el|la|o|le|il|das|unser)"
_AUDIT_LOG = re.compile(
    r"\baudit[- ]?(?:log|trail|history|protokoll)s?\b|\bprufprotokoll\w*\b"
    rf"|\b{_LOG}(?: (?:de|of|d|di|der|da) ?|[- ]|'| d')(?:l[ao] )?(?:audit\w*|actividad|atividade|activite|attivita)\b"
)
_AS_WRITTEN = re.compile(
    rf"\b{_THE} {_LOG}\b.{{0,40}}\b(?:as it was(?: written)?|chang\w+|altered|intact|sound|tampered|verif\w+"
    r"|cambiad\w+|alterad\w+|manipulad\w+|integr\w+|modifi\w+|falsifi\w+|verander\w*|unverandert|manipuliert\w*"
    r"|vollstandig|alterat\w+)\b"
    r"|^\W*(?:please |can you |could you )?(?:verify|check|show(?: me)?|read|verifica|comprueba|muestra\w*|mostra\w*"
    rf"|verifie|montre\w*|prufe|zeig\w*(?: mir)?) {_THE} {_LOG}\W*$"
)


def about_the_log(heard: Heard) -> Intent | None:
    """The question for the log that a message is; None: it is something else."""
    asks = _AUDIT_LOG.search(heard.folded) or _AS_WRITTEN.search(heard.folded)
    return Intent("log.read") if asks and len(heard.folded.split()) <= 20 else None
