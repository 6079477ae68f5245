"""What is denied: the words for not in six languages, and a message without the parts that say what is not meant."""

import re

from bot.brain.acts import Act, opening
from bot.brain.hearing import QUESTION, Heard
from bot.brain.lead_in import LEAD_IN
from bot.brain.things import content_in

NOT = r"not|no|nao|nicht|pas|non"
"""Not, before what is not meant."""
INSTEAD = (
    r"instead of|rather than|en vez de|en lugar de|em vez de|au lieu de|anstatt|anstelle von|statt|invece di"
    r"|invece che"
)
"""In place of what follows."""
NOT_THAT = rf"{INSTEAD}|and not|y no|e non|e nao|und nicht|et pas|{NOT}"
"""Everything that stands before what is not meant: "Friday, not Monday", "a mouse instead of a keyboard"."""
BUT = r"but|sino|pero|mas|sondern|aber|mais|ma|bensi"
"""What leads over from what is not meant to what is."""
DO_NOT = r"don't|dont|do not|never|cannot|can't|cant|won't|n[e'] ?"
"""What denies a verb."""
WORDS = frozenset(re.findall(r"[a-z]+", f"{NOT_THAT} {BUT} rather"))
"""The words of all these by themselves."""
WITHOUT = r"without|sin|sem|sans|ohne|senza|kein\w*"

_BOUND = re.compile(rf"[.;!?\n]+(?=\s|$)|[,:]+(?=\s|$)|\s-+\s|\s(?=(?:{BUT})\s)")
_BUT = re.compile(rf"\s*(?:(?:{BUT})\b[,\s]*)?(?:(?:only|just|rather)\b\s*)?")
_ARTICLE = (
    r"(?:the|an?|my|his|her|our|their|this|that|those|these|any(?:thing)?|for|as|from|on|el|la|los|las|un|una"
    r"|mi|lo|eso"
    r"|o|os|as|um|uma|meu|minha|le|les|l'|une|mon|ma|pour|der|die|das|den|dem|ein\w*|mein\w*|il|gli|uno|mio|mia)"
)
_DENIED = re.compile(
    r"(?:\b(?:it's|it is) not that\b|\b(?:i|we) never (?:said|asked|wanted|meant|requested|ordered)\b"
    r"|\b(?:nunca (?:dije|pedi|quise|disse|quis)|je n'ai jamais (?:dit|demande|voulu)|ich habe nie (?:gesagt|verlangt)"
    r"|non ho mai (?:detto|chiesto|voluto))\b|\b(?:it|that|this)(?:'s| is| was) not\s+|\b(?:it|that"
    r"|this) (?:isn't|wasn't)\s+"
    r"|\b(?:i|we) (?:don't|do not|didn't|did not) (?:want|mean|wish|ask|pay|buy|order|book|request|claim|say)\b"
    r"|\b(?:i'm|i am|we're|we are) not (?:asking|booking|requesting|claiming|after|looking|taking|cancelling"
    r"|canceling|withdrawing|ordering|buying|sick|ill)\b"
    r"|\b(?:don't|dont|do not) (?:touch|book|order|buy|cancel|withdraw|file|submit|send|reject|claim|change)\b"
    r"|\b(?:no need|not necessary) (?:to|for)\b|\bno \w+ (?:this time|needed)\b"
    r"|\bno (?:quiero|quisiera|pague|compre|pedi|reserves|pidas|compres|toques|canceles|hace falta|me refiero)\b"
    r"|\bnao (?:quero|queria|paguei|comprei|pedi|reserves|pecas|compres|mexas|canceles|e preciso|me refiro)\b"
    r"|\b(?:je ne|n[e'])\s?(?:veux|voulais|demande|parle|touche|reserve|commande|annule)\w*\s(?:rien|pas)\b"
    r"|\bich (?:will|wollte|mochte|meine|brauche)(?: \w+){0,2} (?:nicht|kein\w*)\b|\bkeine[nm]? (?=\w)"
    r"|\bnon (?:voglio|vorrei|ho pagato|ho comprato|ho chiesto|toccare|prenotare|ordinare|annullare|serve|intendo)\b"
    rf"|\b(?:{NOT})\s+(?=(?P<noun>{_ARTICLE}\b|\d)|(?P<other>\w)))"
)
"""What is not wanted, was not done or is not meant. Being away or unwell is no denial: it is what leave is for."""
_NO_LONGER = re.compile(
    r"\b(?:any ?more|any longer|after all|no longer|left|mehr|mas|ya no|ja nao|plus|piu|mais (?:de|do)|doch)\b"
    r"|\b(?:more|less|later|before|until|over|above|including|sure|enough|mehr als|mas de|plus de)\b"
)
"""What is denied only from now on, or in part."""
_WISH = re.compile(
    r"\b(?:want|need|like|order|book|buy|take|get|put|file|claim|reimburse|expense|tell|show|know|see|please|only|just"
    r"|quiero|necesito|pide\w*|dime|saber|solo|quero|preciso|diz\w*|apenas|so|veux|voudrais|besoin|dis\w*|juste"
    r"|will|mochte|brauche|bitte|sag\w*|nur|wissen|vorrei|voglio|dimmi|sapere|serve|should|soll|debe|deve|doit)\b"
)


def without_denied(heard: Heard) -> Heard:
    """The message without the parts that say what is not meant, where the rest asks for something by itself.

    "Not Tom: Priya should decide", "I don't want the dear one, order the mouse for 29 euros", "yesterday I didn't
    pay dinner but the taxi".
    """
    folded, kept = heard.folded, heard.text
    bounds = [*(found.span() for found in _BOUND.finditer(folded)), (len(folded), len(folded))]
    start, gone = 0, False
    for stop, begin in bounds:
        found = _denial(heard, start, stop)
        if found is not None:
            after = _BUT.match(folded, begin)
            until = after.end() if after else begin
            kept = kept[:found] + " " * (until - found) + kept[until:]
            gone = True
        start = begin
    if not gone:
        return heard
    rest = heard.worded(re.sub(r"\s{2,}", " ", kept).strip(" ,;:-"))
    act, begin = opening(rest.folded)
    rest = rest.clause(begin, len(rest.text)) if act in (Act.NO, Act.CANCEL) else rest
    return rest if _stands_alone(rest) else heard


def only_denies(heard: Heard) -> bool:
    """Whether a message says what is not meant, and nothing else: "I never said I wanted Thursday off"."""
    return _denial(heard, 0, len(heard.folded)) == 0 and not re.search(rf"\b(?:{BUT})\b|[.:;!?\n]\s", heard.folded)


def _denial(heard: Heard, start: int, stop: int) -> int | None:
    """Where in a part of the message it begins to say what is not meant; None where it does not."""
    part = heard.folded[start:stop]
    found = _DENIED.search(part)
    if found is None or _NO_LONGER.search(part) or part.rstrip().endswith("?"):
        return None
    if re.match(r"\s*(?:no|nao|non|nein),?\s+\d", part):
        return None  # "three mice, no 4": that is how many after all
    if found[0].startswith("kein") and any(start <= each.span[0] < start + found.start() for each in heard.names):
        return None  # "Jonas gets no leave": that is decided
    lead = re.match(rf"{LEAD_IN}", part)
    first = found.start() <= (lead.end() if lead else 0)
    if found["other"] and not _named(heard, start + found.end()):
        return None
    if found["noun"] and not first:
        return None  # "the mouse is not the right one"
    return start + found.start()


def _named(heard: Heard, at: int) -> bool:
    """Whether a colleague or a day is named at a place."""
    return any(each.span[0] == at for each in [*heard.names, *heard.days()])


def _stands_alone(rest: Heard) -> bool:
    """Whether what is left asks for something by itself, and is no mere reason."""
    told = rest.refs or rest.days() or rest.amounts or rest.names or re.search(r"\b\d{2,7}\b", rest.folded)
    asks = rest.folded.rstrip().endswith("?") or QUESTION.match(rest.folded) or _WISH.search(rest.folded)
    if re.match(r"(?:that (?:i|we)|dass|que|che|qu')\b", rest.folded):
        return False  # what was not said belongs to it
    return bool((told or asks) and content_in(rest, [each.span for each in rest.days()]))
