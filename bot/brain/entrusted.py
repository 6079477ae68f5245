"""What is ordered about a colleague by name: to assist, to assist or stand in no more, a balance to be corrected."""

import re
from decimal import Decimal
from typing import Any

from bot.brain import numbers
from bot.brain.asking import kind_in, leave_type
from bot.brain.hearing import QUESTION, Heard
from bot.brain.lead_in import LEAD_IN
from bot.brain.things import reason_in
from bot.message import Intent

_ASSISTANT = re.compile(
    r"\b(?:my|mi|meu|minha|mon|ma|mein|meine[mnrs]?|mio|mia|an|una?|uma?|une?|eine?n?|as|als|como|comme|come)\s+"
    r"(?:\w+\s+)?(?:assistants?|asistente|assistentin|assistent[ei]?|assistenz|assistante)\b|\bassists? me\b"
)
_OVER = re.compile(
    r"\b(?:no longer|not .*any ?more|isn't|is not|any ?more|remove|stop|end|drop|withdraw|revoke|ya no|quita\w*|deja de"
    r"|ja nao"
    r"|deixa de|retira\w*|tira|n'est plus|ne .* plus|plus|retire\w*|enleve\w*|nicht mehr|kein\w* .*mehr|entfern\w*"
    r"|non .* piu|rimuovi|togli)\b"
)
_STAND_IN = (
    r"(?:stand-?ins?|stand(?:s|ing)? in|deput(?:y|ies|i[sz]es?|i[sz]ing)|substitut\w*|delegat\w*|cover(?:s|ing)?"
    r"|represent\w*"
    r"|approv(?:e|es|ing) for me|decid(?:e|es|ing) for me|sustitu\w+|suplente|delega\w*|aprob\w+ por mi"
    r"|aprov\w+ por mim"
    r"|remplac\w+|suppleant\w*|vertret\w+|vertritt|stellvertret\w*|vertretung|sostitu\w+)"
)
_ENDS = re.compile(
    r"(?:^|[,.;!]\s*|\b(?:and|so|can you|could you|please|want to|y|e|et|und|puedes|podes|quiero|quero|bitte"
    r"|peux-tu|je veux"
    r"|puoi|vorrei)\s+)"
    r"(?:end|stop|cancel|remove|revoke|terminate|call off|undo|withdraw|finish|termina\w*|finaliza\w*|cancela\w*"
    r"|quita\w*"
    r"|anula\w*|acaba\w*|retira\w*|arrete\w*|annule\w*|supprime\w*|retire\w*|beende\w*|stoppe?|widerrufe?|entferne?"
    r"|hebe?|annulla|revoca|togli|rimuovi)\b[^,.;]{0,40}?\b" + _STAND_IN + r"\b"
    r"|\b(?:no longer|not|does(?:n't| not)|need not|needn't|ya no|ja nao|nao|ne|n'|non)\b[^,.;]{0,25}?\b"
    + _STAND_IN
    + r"\b(?![^,.;]*\b(?:yet|who|quien|quem|qui|wer|chi)\b)"
    r"|\b" + _STAND_IN + r"\b[^,.;]{0,30}\b(?:no longer|any ?more|nicht mehr|nicht langer|piu|mas)\b"
    r"|\b(?:take|get|have|want|give me|taking|hole?|nehme?|recupero|reprends?|riprendo|retomo)\b[^,.;]{0,20}?\bmy "
    r"(?:approvals|sign-?offs|decisions|requests)\b[^.;]{0,10}\b(?:back|again)\b"
)
"""That somebody stands in is over: "I'm back, end Tom's stand-in", "Tom no longer covers for me"."""
_MAY_DECIDE = re.compile(
    r"\b(?:may|can|let|lets?|allow\w*|puede|deja|pode|peut|laisse|darf|kann|lass|puo|lascia)\b.*"
    r"\b(?:approv\w*|decid\w*|sign|aprob\w*|aprov\w*|approuv\w*|entscheid\w*|genehmig\w*|freigeb\w*)\b"
)
_FOR_ME = re.compile(r"\b(?:for me|on my behalf|por mi|en mi nombre|por mim|pour moi|a ma place|fur mich|per me)\b")
_UP_TO = re.compile(r"\b(?:up to|until|under|below|hasta|ate|jusqu'a|bis(?: zu)?|fino a)\s")
_UP_TO_DAYS = re.compile(
    r"\b(?:up to|hasta|ate|jusqu'a|bis(?: zu)?|fino a)\s+(?P<count>\d{1,2}(?:[.,]5)?|[a-z]+)\s+"
    r"(?:days?|dias?|jours?|tagen?|tage|giorn[oi])\b"
)
_MORE = re.compile(
    LEAD_IN
    + r"(?:add|give|grant|credit|book back|suma|anade|dale?|abona|adiciona|soma|acrescenta|da|ajoute[rz]?|donne[rz]?"
    r"|credite[rz]?|gib|fuge?|schreibe?|aggiungi|dai|accredita)\b"
)
_LESS = re.compile(
    LEAD_IN
    + r"(?:take|deduct|subtract|remove|dock|resta|quita|descuenta|retira|subtrai|desconta|enleve[rz]?|retire[rz]?"
    r"|deduis|zieh\w*|nimm|streiche?|togli|sottrai|detrai)\b"
)
_CORRECT = re.compile(
    LEAD_IN + r"(?:correct|adjust|fix|change|corrige|ajusta|corrija|ajuste[rz]?|korrigiere?|berichtige?|correggi)\b"
)
_FROM = re.compile(r"\b(?:from|off|de|del|da|do|du|des|vom|von|ab|dal|dalle|dai|a|ao)\b")
_AMOUNT = re.compile(r"(?<![\w.,:])(?P<sign>[-+−]\s?)?(?P<count>\d{1,3}(?:[.,]\d{1,2})?)(?![\w:%€$£])")
_BALANCE = re.compile(
    r"\b(?:balance|saldo|solde|konto|urlaubskonto|days?|hours?|dias?|horas?|jours?|heures?|tage?n?|stunden?"
    r"|giorn[oi]|ore|ora"
    r"|vacation|holidays?|leave|pto|vacaciones|ferias|conges?|\w*urlaub\w*|ferie)\b"
)
_WHY = re.compile(
    r"\s*(?:[:;]|,|\s-\s|\.\s|\b(?:because(?: of)?|since|as|due to|for|reason|porque|por|pois|parce que|car|pour|weil"
    r"|wegen|da|denn|perche|per)\b)\s*"
)


def entrusted(heard: Heard) -> Intent | None:
    """The order about a colleague that a message is; None: it is something else."""
    if heard.folded.rstrip().endswith("?") or (
        QUESTION.match(heard.folded) and not heard.folded.startswith(("can ", "could "))
    ):
        return None
    return _assistant(heard) or _correction(heard)


def how_much(heard: Heard) -> dict[str, Any]:
    """By how much a balance is corrected, where that was asked."""
    found = _AMOUNT.search(heard.folded)
    return {"days": _signed(found)} if found else {}


def _assistant(heard: Heard) -> Intent | None:
    others = [each for each in heard.names if heard.turn.speaker not in each.handles]
    called = _ASSISTANT.search(heard.folded)
    if called and _OVER.search(heard.folded):
        return Intent("approvals.unassist", {"to": others[0].value} if others else {})
    if _ENDS.search(heard.folded) and len(others) < 2 and not heard.days():
        return Intent("approvals.unassist", {"to": others[0].value} if others else {})
    if len(others) != 1:
        return None
    limits = _limits(heard)
    decides = _MAY_DECIDE.search(heard.folded) and _FOR_ME.search(heard.folded) and limits and not heard.refs
    if not called and not decides:
        return None
    kind = kind_in(heard)
    return Intent("approvals.assist", {"to": others[0].value, **limits, **({"kind": kind[0]} if kind else {})})


def _limits(heard: Heard) -> dict[str, Any]:
    """Up to which amount and how many days."""
    out: dict[str, Any] = {}
    own = [each for each in heard.amounts if each.currency in (None, heard.turn.currency)]
    sums = [each for each in own if _UP_TO.search(heard.folded[: each.span[0]])]
    days = _UP_TO_DAYS.search(heard.folded)
    if days:
        many = days["count"].replace(",", ".")
        count = Decimal(many) if many[0].isdigit() else numbers.word(many)
        out |= {"up_to_days": f"{count}"} if count else {}
        sums = [each for each in sums if each.span[1] <= days.start() or days.end() <= each.span[0]]
    return {**({"up_to": f"{sums[0].value:f}"} if sums else {}), **out}


def _correction(heard: Heard) -> Intent | None:
    named = heard.names
    verb = _MORE.match(heard.folded) or _LESS.match(heard.folded) or _CORRECT.match(heard.folded)
    if verb is None or not named or heard.refs:
        return None
    amount = _AMOUNT.search(heard.folded, verb.end())
    begins = max(named[0].span[1], amount.end() if amount else 0)
    why = next((each for each in _WHY.finditer(heard.folded) if each.start() >= begins), None)
    about = heard.clause(0, why.start()) if why else heard
    of = leave_type(about)
    corrects = _CORRECT.match(heard.folded) is not None
    if not _BALANCE.search(about.folded) or about.days() or (amount is None and not corrects):
        return None
    if corrects and not re.search(r"\b(?:balance|saldo|solde|\w*konto)\b", about.folded):
        return None
    less = _LESS.match(heard.folded) is not None
    if less and not _FROM.search(about.folded[verb.end() :]):
        return None
    out: dict[str, Any] = {"to": named[0].value, **of}
    if amount is not None:
        count = _signed(amount)
        out["days"] = f"-{count}" if less and not count.startswith("-") else count
    reason = heard.text[why.end() :].strip(" .") if why else reason_in(heard)
    return Intent("balance.correct", {**out, **({"comment": reason} if reason else {})})


def _signed(found: re.Match[str]) -> str:
    minus = "-" if (found["sign"] or "").strip() in ("-", "−") else ""
    return minus + found["count"].replace(",", ".")
