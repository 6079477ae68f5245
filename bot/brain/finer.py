"""Finer decisions said in chat: for less, sent back with a question, undone. By rule, narrow, in six languages."""

import re

from bot.brain import acts
from bot.brain.hearing import Heard
from bot.brain.lead_in import LEAD_IN
from bot.message import Intent

_BACK = re.compile(
    LEAD_IN + r"(?:"
    r"(?:send|give|hand) (?:back )?(?=[^:]*\d)|(?:ask|question) (?:[\w'. -]+ )?(?:about|on|re) |question (?:on|about) "
    r"|devuelve(?:le)? |pregunta(?:le)? (?:a [\w. -]+ )?(?:por|sobre) |devolve |pergunta (?:a [\w. -]+ )?sobre "
    r"|renvoie |demande (?:a [\w. -]+ )?(?:pour|sur) |schicke? |frage? (?:[\w. -]+ )?(?:zu|nach) "
    r"|rimanda |chiedi (?:ad? [\w. -]+ )?(?:di|su|per) )"
)
_RETURNED = re.compile(r"^\W*(?:back|zuruck|indietro|atras|de volta)?\W*")
_SENDING = re.compile(LEAD_IN + r"(?:send|give|hand|schicke?)\b")
_NOUN = (
    r"(?:decision|approval|rejection|aprobacion|rechazo|decisao|aprovacao|rejeicao|approbation|refus|entscheidung"
    r"|genehmigung|ablehnung|zusage|absage|decisione|approvazione|rifiuto)"
)
_UNDO = re.compile(
    LEAD_IN + r"(?:"
    r"(?:undo(?: that| it| this)?|deshazlo|deshaz eso|desfaz(?: isso)?|mach (?:das|es) (?:wieder )?ruckgangig"
    r"|defais ca|disfa(?:llo)?)(?: please)?\W*$"
    rf"|(?:undo|revert|reverse|take back|deshaz|deshacer|anula|desfaz|desfazer|annule|reviens sur|nimm|mach|annulla)"
    rf" (?:[\w']+ ){{0,2}}?{_NOUN}\b)"
)
_LESS = re.compile(r"^\W*(?:but )?(?:only )?(?:for|up to|por|hasta|ate|pour|jusqu'a|fur|bis|per|fino a)\s")
_YES = re.compile(LEAD_IN + r"(?:approve|aprueba|aprova|approuve|genehmige?|approva)\b")


def finer(heard: Heard) -> Intent | None:
    """The finer decision that a message orders, with the request that it names; None: it is something else."""
    folded = heard.folded
    if heard.turn.pending is None and _UNDO.match(folded):
        refs = _refs(heard, 0)
        if not refs and (sent := _sent_last(heard)) is not None:
            return sent
        return Intent("approval.undo", {"request_ids": [each.number for each in refs[:1]]} if refs else {})
    found = _BACK.match(folded)
    if found and (refs := _refs(heard, found.end() - 1)):
        return _sent_back(heard, found.end() - 1 + refs[0].span[1], refs[0].number)
    found = _YES.match(folded)
    if found and len(refs := _refs(heard, found.end())) == 1:
        return _for_less(heard, found.end() + refs[0].span[1], refs[0].number)
    return None


def _sent_last(heard: Heard) -> Intent | None:
    """Taking back the request of one's own that was shown last: "undo that" after sending it."""
    shown = next((each for each in heard.turn.known if each.number == heard.last_shown), None)
    if shown is None or shown.by != heard.turn.speaker or re.search(_NOUN, heard.folded):
        return None
    return Intent(heard.turn.kinds[shown.kind].cancel_intent, {"request_id": shown.number})


def _sent_back(heard: Heard, at: int, number: int) -> Intent | None:
    returned = _RETURNED.match(heard.folded[at:])
    rest = heard.text[at + (returned.end() if returned else 0) :].strip(" .,:;-")
    if _SENDING.match(heard.folded) and not re.search(r"\b(?:back|zuruck)\b", heard.folded):
        return None
    known = any(each.number == number and each.waiting_for_me for each in heard.turn.known)
    if not known or (rest and len(rest.split()) < 2):
        return None
    return Intent("approval.send_back", {"request_ids": [number], **({"comment": rest} if rest else {})})


def _for_less(heard: Heard, at: int, number: int) -> Intent | None:
    amounts = [each for each in heard.amounts if each.span[0] >= at]
    if not amounts or not _LESS.match(heard.folded[at:]):
        return None
    last = amounts[0]
    rest = heard.text[last.span[1] :].strip(" .,:;-")
    rest = re.sub(r"^(?:because(?! of)|since|as|porque|weil|parce que|perche|perché)\s+", "", rest)
    args: dict[str, object] = {"request_ids": [number], "amount": f"{last.value:f}"}
    return Intent("approval.approve", args | ({"comment": rest} if rest else {}))


def _refs(heard: Heard, at: int) -> list[acts.Ref]:
    """The requests named after a place in the message; their spans count from there."""
    return list(acts.refs_in(heard.folded[at:], prefixes=heard.prefixes, bare=True))
