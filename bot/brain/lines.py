"""What is said of the lines of an open draft: one more, several more, one less, one of them otherwise."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from backend.forms import Widget
from backend.kinds import Kind
from bot.brain import several
from bot.brain.amounts import EXTRA
from bot.brain.choices import chosen
from bot.brain.clean import fold
from bot.brain.corrections import at_once, corrected, unhedged
from bot.brain.hearing import QUESTION, Heard
from bot.brain.lead_in import LEAD_IN
from bot.brain.numbers import decimal, places_in
from bot.brain.port import Pending
from bot.brain.slots import values_in
from bot.brain.things import content_in

_ANOTHER = re.compile(
    LEAD_IN + r"(?:add|anade|adiciona|ajoute|aggiungi)\s+"
    r"(?:another|one more|a (?:new |second )?line|otr[oa]|outr[oa]|une? autre|un[ ']?altr[oa])\b"
    r"(?:\s+(?:one|line|item|expense|gasto|despesa|depense|spesa)\b)?[\s:,-]*"
)
"""One more line for what is open: "add another: taxi 12 euros"."""
_MORE = re.compile(
    LEAD_IN + r"(?:(?:oh|ah|wait|ah si|ah oui)[\s,]+)*(?:add|also|plus|and|anade|agrega|suma|adiciona|acrescenta|junta"
    r"|ajoute|fuge|aggiungi|y|e|et|und|tambien|tambem"
    r"|aussi|auch|dazu|noch|anche)\s+(?:(?:also|tambien|tambem|aussi|auch|noch|anche|then|a|an|the|on|to it)\s+)*"
)
_TAKEN_BACK = re.compile(r"\b(?:no|not|isn't|wasn't|nicht|sondern|pas|non|nao|nein|sino|mas sim)\b")
"""What corrects and adds nothing: "it was not 40, it was 45"."""
_OUT = re.compile(
    LEAD_IN
    + r"(?:remove|delete|drop|take (?:out|off|away)|leave (?:out|off)|scrap|strike|cancel|forget(?: about)?|skip"
    r"|without"
    r"|get rid of|cut|lose|not|no|minus|except|quita\w*|elimina\w*|borra\w*|saca\w*|olvida|deja fuera|sin|menos"
    r"|remove\w*|retira\w*|tira\w*|apaga\w*|esquece|deixa de fora|sem|exceto|enleve[rz]?|supprime[rz]?|retire[rz]?"
    r"|oublie"
    r"|laisse|sans|sauf|streiche?|entferne?|losche?|nimm|lass|vergiss|ohne|ausser|togli|rimuovi|cancella|leva"
    r"|scorda|lascia"
    r"|senza|tranne)\s+(?P<what>.+?)"
    r"(?:\s+(?:weg|raus|heraus|out|off|again|please|from (?:it|that|the list)|de fora|fuera|de la lista|de cote|stare"
    r"|bitte|por favor|wieder))*\W*$"
)
"""A line that is taken out again: "remove the taxi"."""
_TAKEN_OUT = re.compile(r"^(?P<what>.+?)\s+(?:weg|raus|streichen|entfernen|out|loschen)\W*$")
_NUMBERED = re.compile(r"\b(?:line|item|number|position|linea|linha|ligne|zeile|posten|riga|voce)\s*(?P<n>\d{1,2})\b")


def lines_now(heard: Heard, kind: Kind[Any], pending: Pending) -> list[dict[str, Any]]:
    """All lines as they are after a message that takes one out or says one otherwise; none where it does neither."""
    lines = [dict(each) for each in pending.lines]
    if len(lines) < 2 or QUESTION.match(heard.folded) or heard.folded.rstrip().endswith("?"):
        return []
    plain = unhedged(heard)
    for said in (heard, plain):
        out = _OUT.match(said.folded) or _TAKEN_OUT.match(said.folded)
        gone = _meant(said.clause(*out.span("what")), kind, lines) if out else []
        if gone and len(gone) < len(lines):
            return [each for nth, each in enumerate(lines) if nth not in gone]
    if pending.awaiting not in (None, "confirm"):
        return []
    changed = [(nth, at_once(plain, kind, each)) for nth, each in enumerate(lines)]
    days = {each.name for each in kind.sayable() if each.widget is Widget.DATE}
    changed = [each for each in changed if each[1].keys() - days] or [each for each in changed if each[1]]
    named = _meant(plain, kind, lines, by_amount=False)
    if len(changed) != 1 and len(named) == 1:
        changed = [(named[0], _otherwise(plain, kind, lines[named[0]]))]
    if len(changed) != 1 or not kind.split(changed[0][1])[1]:
        return []
    lines[changed[0][0]] |= kind.split(changed[0][1])[1]
    return lines


def _otherwise(heard: Heard, kind: Kind[Any], line: Mapping[str, Any]) -> dict[str, Any]:
    """What a message says of one line: its price, how many, its day."""
    money = next((each.name for each in kind.sayable() if each.widget is Widget.MONEY), None)
    said = values_in(heard, kind, awaiting=money, pending=line)
    typed = {each.name for each in kind.sayable() if each.widget in (Widget.MONEY, Widget.NUMBER, Widget.DATE)}
    return {name: value for name, value in said.items() if name in typed and str(value) != str(line.get(name))}


def _meant(heard: Heard, kind: Kind[Any], lines: Sequence[Mapping[str, Any]], *, by_amount: bool = True) -> list[int]:
    """Which lines are meant: by their place, or by what they are or cost; none where that is not one each."""
    if found := _NUMBERED.search(heard.folded):
        return [int(found["n"]) - 1] if 0 < int(found["n"]) <= len(lines) else []
    if places := places_in(heard.folded):
        return sorted({place - 1 if place > 0 else len(lines) - 1 for place in places if place <= len(lines)})
    out: set[int] = set()
    for part in re.split(r"\s*(?:,|&|\b(?:and|y|e|et|und)\b)\s*", heard.folded):
        fits = [nth for nth, each in enumerate(lines) if _names(part, kind, each, by_amount=by_amount)]
        if len(fits) == 1:
            out.add(fits[0])
        elif by_amount or len(fits) > 1:
            return []
    return sorted(out)


def _names(said: str, kind: Kind[Any], line: Mapping[str, Any], *, by_amount: bool) -> bool:
    """Whether words are about a line: its thing, what its choices are called, and with `by_amount` its price."""
    words = {each.rstrip("s") for each in re.findall(r"[a-z]{3,}", said)}
    for blank in kind.sayable():
        held = line.get(blank.name)
        if held in (None, "") or blank.free_text:
            continue
        match blank.widget:
            case Widget.LINE if words & {each.rstrip("s") for each in re.findall(r"[a-z]{3,}", fold(str(held)))}:
                return True
            case Widget.CHOICE if (found := chosen(said, blank.options, fuzzy=False)) and found[0] == held:
                return True
            case Widget.MONEY if by_amount and Decimal(str(held)) in [
                decimal(each) for each in re.findall(r"\d+(?:[.,]\d+)?", said)
            ]:
                return True
            case _:
                pass
    return False


def another(heard: Heard, kind: Kind[Any]) -> list[dict[str, Any]]:
    """The lines that a message adds which says so first: "add another: taxi 12"; none where it says no such thing."""
    found = _ANOTHER.match(heard.folded)
    if found is None:
        return []
    line = heard.clause(found.end(), len(heard.text))
    said = several.lines_in(line, kind) if line.folded else None
    return said[1] if said else [kind.split(values_in(line, kind))[1] if line.folded else {}]


def more(heard: Heard, kind: Kind[Any], pending: Pending) -> list[dict[str, Any]]:
    """More lines, told by their price and what they were: "add 12.50 for lunch"; none where it is anything else."""
    found = _MORE.match(heard.folded)
    if found is None and (_TAKEN_BACK.search(heard.folded) or corrected(heard, kind, pending.values)):
        return []
    body = heard.clause(found.end() if found else 0, len(heard.text))
    if (said := several.lines_in(body, kind)) is not None:
        return said[1]
    if found is None or EXTRA.search(heard.folded) or pending.awaiting not in (None, "confirm"):
        return []
    if QUESTION.match(body.folded) or not content_in(body, body.spans()):
        return []
    line = kind.split(values_in(body, kind))[1]
    money = [each.name for each in kind.sayable() if each.widget is Widget.MONEY]
    own = [
        each.name for each in kind.sayable() if each.required and each.name in line and each.widget is not Widget.DATE
    ]
    priced = any(name in line for name in money)
    return [line] if priced and len(own) > 1 and len(own) > sum(name in line for name in money) else []
