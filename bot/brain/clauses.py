"""Messages of several parts: where they are cut, which parts belong together, and what one says for the other."""

import re
from collections.abc import Mapping
from typing import Any

from bot.brain.asking import asked, item_in, kind_in
from bot.brain.commands import APPROVE, REJECT, about_that, command, comment_in
from bot.brain.dates import Lean
from bot.brain.hearing import Heard
from bot.brain.negations import BUT
from bot.brain.supposing import LEAVE
from bot.brain.things import content_in
from bot.brain.withdrawing import CANCEL
from bot.message import Intent

_OPENERS = (
    r"i|i'm|i'd|i'll|i've|can|could|would|please|pls|also|what|what's|whats|who|who's|whos|how|hows|wheres"
    r"|whens|where|when|is|are|has|book|cancel"
    r"|approve|reject|decline|deny|expense|claim|order|buy|submit|file|request|show|tell|log|get|reimburse|withdraw"
    r"|accept|delegate|"
    r"we|let|put|do|set|list|instead|need|take|give|check|there|any|my|"
    r"quiero|necesito|puedes|puedo|cancela|anula|aprueba|rechaza|pide|compra|cuantos|quien|tambien|he|estoy|quero"
    r"|preciso|podes|posso|aprova|rejeita|quantos|quem|tambem|paguei|estou|je|j'ai|peux-tu|annule|approuve|refuse"
    r"|combien|qui|aussi|commande|"
    r"ich|kannst|bitte|storniere|genehmige|lehne|wie|wer|auch|bestelle|wir|vorrei|ho|puoi|annulla|approva|rifiuta"
    r"|quanti|chi|anche|sono|ordina|"
    r"dime|dile|muestra|muestrame|cuantas|cuanto|hay|reserva|apunta|manda|diz-me|diz|mostra|mostra-me|quantas|quanto"
    r"|reserva|marca|envia|regista|dis-moi|montre|montre-moi|dites|montrez|donnez|indiquez|reserve|pose|envoie|je|il"
    r"|sag|zeig|zeige|nimm|trag|buche"
    r"|gib"
    r"|schick|ist|sind|dimmi|mostrami|quante|quanto|prenota|manda|segna|c'e|anyone|anybody|which|do|does|did|will|it's"
    r"|(?:yes|no|(?:not )?ok(?:ay)?|si|nao|ja|nein|oui|non|sim) (?:to|for|a|al|ao|au|zu|zum|alla?|pour|para)"
    r"|(?:aprueb|aprob|rechaz|cancel|anul|aprov|rejeit|approv|rifiut|annull|annul|approuv"
    r"|refus)\w*-?l?[aeio]s?(?=\W*$)"
    r"|(?:mi|me|nos|ci|te|vos|mir|uns) (?:serve|servono|hace falta|hacen falta|faut|fehlt|fehlen|deben|debeis|devi"
    r"|devono"
    r"|doit|doivent)|il (?:me|nous) faut|you owe me|i'm owed"
    r"|(?:pon|poni|apunta|anota|da|manda|pide|compra|reserva|registra|met|metti|segna|da[mn]?|fa[mn]?|prenota|ordina"
    r"|compra|marca|poe|regista|mets|mettez|prends|donne|commande)-?(?:mi|me|nos|ci|melo|mela|lo|la|moi|mos)"
    r"|(?:que|qu'il|che|dass) \w+ (?:apruebe|firme|decida|autorice|aprove|assine|approuve|signe|valide|approvi"
    r"|firmi|decida)"
    rf"|#?\d{{3,7}}(?=\s+(?:please\s+)?(?:{APPROVE}|{REJECT})\b)"
    r"|remind|make|take|record|enter|note|pay|rechazo|apruebo|rejeito|aprovo|rechace|aprueben|deniega|refuse|valide"
)
_BUT_DECIDES = rf"|\s*,?\s*\b(?:{BUT})\s+(?=(?:{APPROVE}|{REJECT}|{CANCEL})\b)"
"""A verdict that another is set against: "approve the first but reject the second"."""
_SPLIT = re.compile(
    rf"(?:\s*[,;]\s*(?:and also|and then|and|also|then|plus|but|oh and|y tambien|y|e tambem|e|et aussi|et|und auch"
    rf"|und|e anche)?\s*(?:please\s+|pls\s+|instead\s+|also\s+)*|[.!?\n]+\s*(?:and also|and|also|plus|oh and|y|e|et"
    rf"|und)?,?\s*(?:please\s+|also\s+)*"
    rf"|\s+(?:\+|&|and also|and then|and instead|and please|and|also|plus|then|y tambien|y|e tambem|e|et aussi|et"
    rf"|und auch"
    rf"|und|e anche)\s+(?:please\s+|instead\s+|also\s+)*)(?=(?:{_OPENERS})\b){_BUT_DECIDES}"
)
_JOINT = re.compile(r"\s*(?:,|;|\+|&|\b(?:and|plus|y|e|et|und)\b)\s*(?:(?:also|tambien|tambem|aussi|auch|anche)\s+)?")
_THOSE_DAYS = re.compile(
    r"\b(?:then|(?:on )?that (?:day|week|weekend|time)|those (?:days|dates|weeks)|the same (?:days?|week|dates|time)"
    r"|entonces|ese dia|esa semana|esos dias|esas fechas|entao|nesse dia|nessa semana|nesses dias|nessas datas|alors"
    r"|ce jour-la|cette semaine-la|ces jours-la|a ce moment-la|dann|an dem tag|an diesem tag|in der woche"
    r"|in dieser woche"
    r"|an den tagen|in der zeit|allora|quel giorno|quella settimana|quei giorni|in quel periodo)\b"
)
"""Days that were said before: "who else is off then?"."""


_BY = re.compile(r"(?:by|before|until|antes|ate|avant|d'ici|bis|vor|entro|prima)\b")


def clauses_in(folded: str) -> list[tuple[int, int]]:
    """Where the parts of a message stand that could each be a request of their own; at most four."""
    cuts = [found.span() for found in _SPLIT.finditer(folded) if found.start() > 0][:3]
    bounds = [0, *[end for _, end in cuts]]
    ends = [*[start for start, _ in cuts], len(folded)]
    return [(start, end) for start, end in zip(bounds, ends, strict=True) if folded[start:end].strip(" ,;.")] or [
        (0, len(folded))
    ]


def by_their_looks(body: Heard) -> list[tuple[int, int]]:
    """The two parts of a message that its joints alone suggest, each with days, money or a number of its own.

    Whether they are two requests is told by how sure each of them is.
    """
    taken = [each.span for each in [*body.days(), *body.amounts, *body.names]]
    for joint in _JOINT.finditer(body.folded):
        if any(start < joint.end() and joint.start() < end for start, end in taken):
            continue
        before, after = body.clause(0, joint.start()), body.clause(joint.end(), len(body.text))
        if _BY.match(after.folded):
            continue  # by when something is needed
        if all(
            len(each.folded.split()) > 2
            and (each.days() or each.amounts or each.refs or each.names)
            and content_in(each, each.spans(Lean.PAST))
            for each in (before, after)
        ):
            return [(0, joint.start()), (joint.end(), len(body.text))]
    return []


def leave_and_thing(body: Heard) -> list[tuple[int, int]]:
    """Days off, and a thing with its price, under one verb: "I need friday off and two keyboards, 45 each"."""
    for joint in _JOINT.finditer(body.folded):
        before, after = body.clause(0, joint.start()), body.clause(joint.end(), len(body.text))
        priced = any(each.sure or each.currency for each in after.amounts)
        if before.days() and LEAVE.search(before.folded) and not before.amounts and priced and not after.days():
            return [(0, joint.start()), (joint.end(), len(body.text))]
    return []


def joined(body: Heard, one: Heard, other: Heard) -> Heard:
    start = body.text.find(one.text)
    end = body.text.find(other.text) + len(other.text)
    return body.clause(max(start, 0), end) if end > start >= 0 else body


def merged(intents: list[Intent]) -> tuple[Intent, ...]:
    """The same decision about several requests is one."""
    out: list[Intent] = []
    for each in intents:
        last = out[-1] if out else None
        if (
            last is not None
            and last.intent == each.intent
            and "request_ids" in last.args
            and "request_ids" in each.args
        ):
            out[-1] = Intent(
                each.intent,
                {
                    **last.args,
                    **each.args,
                    "request_ids": list(dict.fromkeys([*last.args["request_ids"], *each.args["request_ids"]])),
                },
            )
        else:
            out.append(each)
    return tuple(out)


def pointing_back(clauses: list[Heard], ordered: list[Intent | None]) -> tuple[list[Heard], list[Intent | None]]:
    """Parts that order something for what the one before names are one with it: "Priya's is fine, approve it"."""
    kept: list[tuple[Heard, Intent | None]] = []
    for clause, order in zip(clauses, ordered, strict=True):
        name = about_that(clause) if kept else None
        before = kept[-1][0] if kept else None
        known = kept[-1][1] if kept else None
        numbered = known is not None and known.args.keys() & {"request_id", "request_ids"}
        named = before is not None and (
            numbered or before.names or re.search(r"\b\d{2,7}\b", before.folded) or kind_in(before) or item_in(before)
        )
        if name is None or before is None or not named:
            kept.append((clause, order))
            continue
        said = asked("time_off.cancel" if name == "cancel" else name, before)
        if known is not None and numbered and name != "cancel":
            said = Intent(name, {"request_ids": known.args.get("request_ids") or [known.args["request_id"]]})
        if name != "cancel" and (why := comment_in(clause)):
            said = Intent(said.intent, {**said.args, "comment": why})
        kept[-1] = (before, said)
    return [each for each, _ in kept], [order for _, order in kept]


def decided_otherwise(heard: Heard) -> list[Intent]:
    """The decision that is meant after all, with another still open: "actually it's fine, approve it", "only 215"."""
    pending = heard.turn.pending
    about = [int(each) for each in pending.values.get("request_ids") or ()] if pending else []
    if pending is None or not about or not pending.intent.startswith("approval."):
        return []
    for start, end in clauses_in(heard.folded):
        part = heard.clause(start, end)
        that, said = about_that(part), command(part)
        if that in ("approval.approve", "approval.reject") and that != pending.intent:
            return [Intent(that, {"request_ids": about})]
        numbers = list(said.args.get("request_ids") or ()) if said is not None else []
        if said is not None and numbers and (said.intent, numbers) != (pending.intent, about):
            return [said]
    return []


def same_days(body: Heard, clauses: list[Heard], intents: list[Intent]) -> list[Intent]:
    """Days said for all parts of a message at once: "yesterday I paid 12 for parking and 30 for lunch"."""
    out = intents[:1]
    lead = bool(body.days(Lean.PAST)) and body.days(Lean.PAST)[0].span[0] == 0
    for clause, each in zip(clauses[1:], intents[1:], strict=True):
        before = out[-1]
        each = on_those_days(each, clause, before.args)
        missing = {name: value for name, value in before.args.items() if name == "date" and name not in each.args}
        out.append(Intent(each.intent, {**each.args, **missing}) if lead and each.intent == before.intent else each)
    return out


def on_those_days(intent: Intent, heard: Heard, before: Mapping[str, Any]) -> Intent:
    """A question about the days that were said before, with those days."""
    days = {name: before[name] for name in ("start", "end") if before.get(name)}
    if intent.intent != "who_is_out" or "start" in intent.args or not days or not _THOSE_DAYS.search(heard.folded):
        return intent
    return Intent(intent.intent, {**intent.args, **days})


def decided_while_away(intents: list[Intent]) -> Intent | None:
    """I'm on a plane tomorrow, let Elena decide: the days say when she stands in, and ask for no leave."""
    match intents:
        case [Intent(intent="time_off.submit", args=away), Intent(intent="approvals.delegate", args=stood)]:
            if "start" in stood or "leave_type" in away or "start" not in away:
                return None
            return Intent("approvals.delegate", {**stood, **{n: away[n] for n in ("start", "end") if n in away}})
        case _:
            return None
