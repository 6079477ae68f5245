"""A request like one before: "same as last time", "same again for today", "lo mismo que la última vez"."""

import re
from typing import Any

from backend.forms import Widget
from bot.brain.amounts import amounts_in
from bot.brain.asking import item_in, kind_in
from bot.brain.choices import nouns
from bot.brain.clean import fold
from bot.brain.hearing import Heard
from bot.brain.lead_in import LEAD_IN
from bot.brain.lexicon import listed
from bot.brain.port import Known
from bot.brain.slots import values_in
from bot.message import Intent

_AGAIN = re.compile(
    LEAD_IN + r"(?:(?:i need|i'd like|i want|order|book|claim|buy|do|put in|make it|pide|haz|faz|ich brauche|fais|fai)"
    r"[,!]?\s+)*"
    r"(?:the )?(?:same (?P<thing>(?!as\b|for\b|again\b)[\w -]{2,30}?) (?:again\b.*?last time|again|as (?:last time"
    r"|before|the last time|the last one"
    r"|always|usual)|like last time)|same (?:again|thing again|as (?:last time|before|the last(?: one| time)?"
    r"|yesterday|last (?:week"
    r"|month))|one again"
    r"|thing as|for|on|but|with|order (?:again|as)|expense (?:again|as)|request (?:again|as))|(?:one"
    r"|another) (?:more )?like (?:the last|last time|before)"
    r"|repeat (?:my |the )?last|again (?:the same|like last time)"
    r"|another one (?:for|on)|lo mismo (?:para|el|pero)|o mesmo (?:para|na|no|mas)|(?:la )?meme chose (?:pour|le|mais)"
    r"|das ?(?:gleiche|selbe) (?:fur|am|aber)|(?:la stessa cosa|lo stesso) (?:per|il|ma)"
    r"|(?:otra vez )?lo mismo(?: que (?:la ultima vez|antes|ayer)| otra vez| de nuevo)|igual que (?:la ultima vez"
    r"|antes)"
    r"|(?:outra vez )?o mesmo(?: que (?:da ultima vez|antes|ontem)| outra vez| de novo)|igual a ultima vez"
    r"|como da ultima vez"
    r"|(?:la )?meme chose(?: que (?:la derniere fois|d'habitude|hier)| encore)|comme la derniere fois"
    r"|pareil que la derniere fois"
    r"|(?:nochmal )?das ?(?:gleiche|selbe)(?: wie (?:letztes mal|beim letzten mal|gestern|zuletzt)| noch ?mal)"
    r"|wie (?:beim )?letzte[sn] mal"
    r"|(?:di nuovo )?(?:la stessa cosa|lo stesso)(?: dell'ultima volta| di prima| di ieri| di nuovo| dell'altra volta)"
    r"|come l'ultima volta)\b"
)

_SAME = re.compile(
    r"\b(?:the same|same|lo mismo|igual que|o mesmo|igual a|la meme|pareil|das ?gleiche|das ?selbe|la stessa"
    r"|lo stesso)\b"
)
_LEAD = listed("lead")


def again(heard: Heard) -> Intent | None:
    """The newest request like the one that is meant, with what is said anew; None where nothing is to be repeated.

    Its days are not taken over: they are over, and are said or asked for.
    """
    start = _led_to(heard)
    found = _AGAIN.match(heard.folded[start:])
    before = _meant(heard, found["thing"] or "") if found else None
    if found is None or before is None:
        return None
    kind = heard.turn.kinds[before.kind]
    blanks = {each.name: each for each in kind.sayable()}
    kept: dict[str, Any] = {
        name: value
        for name, value in before.values.items()
        if name in blanks and blanks[name].widget not in (Widget.DATE, Widget.FILE) and value not in (None, "")
    }
    rest = heard.clause(start + found.end(), len(heard.text))
    money = next((each.name for each in kind.sayable() if each.widget is Widget.MONEY), None)
    bare = amounts_in(rest.folded, hidden=tuple(each.span for each in [*rest.days(), *rest.counts]), bare=True)
    awaiting = money if bare else None  # "but 26.10" says how much, as an answer would
    said = values_in(rest, kind, awaiting=awaiting, pending=kept) if rest.folded else {}
    return Intent(kind.intent, {**kept, **said})


def _led_to(heard: Heard) -> int:
    """Where "the same" begins behind words that only lead up to it: "submit an expense same as last time"."""
    found = _SAME.search(heard.folded)
    if found is None:
        return 0
    nouns_ = {word for kind in heard.turn.kinds.values() for noun in nouns(kind) for word in noun.split()}
    before = re.findall(r"[a-z']+", heard.folded[: found.start()])
    return found.start() if all(word in _LEAD or word in nouns_ for word in before) else 0


def _meant(heard: Heard, thing: str) -> Known | None:
    mine = [each for each in heard.turn.known if each.by == heard.turn.speaker and each.kind in heard.turn.kinds]
    if named := kind_in(heard):
        mine = [each for each in mine if each.kind == named[0]]
    if thing:
        words = set(thing.split())
        mine = [each for each in mine if words & set(re.findall(r"[a-z]{3,}", fold(each.summary)))]
    elif item := item_in(heard):
        mine = [each for each in mine if item.lower() in each.summary.lower()] or mine
    return max(mine, key=lambda each: each.number, default=None)
