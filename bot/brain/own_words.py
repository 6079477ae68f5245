"""What of a model's own words a person may be sent where no record and no passage stands behind them: questions.

A model says nothing about what is so. A sentence that claims something is left out; a question is sent unless it
holds a claim, a number that the person did not write, a link, or asks for what nobody should tell. A greeting is
answered in its words, as short.
"""

import re

from bot.brain.clean import fold
from bot.brain.prying import pries

LONGEST = 400
"""Characters."""

_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
_DONE = re.compile(
    r"\b(?:submit|approv|reject|book(?:ed|ing)|sent\b|withdr|cancel|paid\b|pay(?:ed|ment)|reimburs|record(?:ed)|granted"
    r"|register|schedul|transfer|confirm(?:ed)|updat(?:ed)|balance|remaining"
    r"|enviad|aprob|aprov|rechaz|rejeit|recus|reservad|anulad|cancelad|pagad|pago\b|registrad|concedid|confirmad|saldo"
    r"|pagas?\b"
    r"|envoye|approuv|refus|reserve\b|annule|paye|rembours|enregistr|accord|confirme\b|solde"
    r"|eingereicht|gesendet|genehmigt|bewilligt|abgelehnt|gebucht|storniert|bezahlt|erstattet|bestatigt|eingetragen"
    r"|resturlaub|guthaben"
    r"|inviat|approvat|rifiutat|prenotat|annullat|pagat|rimborsat|registrat|concess|confermat)"
)


def questions_in(words: str, *, said: str) -> str:
    """The questions among a model's words that may be sent as they stand, in one line; "" where there are none.

    said  what the person wrote: a number that stands in it may come back
    """
    asked = [each.strip() for each in _SENTENCE.split(words) if each.strip().endswith("?")]
    text = " ".join(asked)
    return text if asked and _harmless(text, said=said) else ""


def courtesy(words: str) -> str:
    """A model's answer to a greeting or thanks, if it is no more than that; else ""."""
    text = " ".join(words.split())
    return text if len(text) <= LONGEST // 2 and _harmless(text, said="") else ""


def _harmless(text: str, *, said: str) -> bool:
    known = set(_NUMBER.findall(said))
    numbers = set(_NUMBER.findall(text))
    short = bool(text) and len(text) <= LONGEST
    return short and numbers <= known and not _DONE.search(fold(text)) and not pries(text, said=said)
