"""Mails that are handed on: without their headers, and without what is only quoted where something else is asked."""

import re

from bot.brain.clean import fold
from bot.brain.hearing import QUESTION, Heard
from bot.brain.lead_in import LEAD_IN
from bot.brain.things import content_in

_HEADER = re.compile(
    r"^\W*(?:from|to|cc|bcc|date|sent|subject|reply-to|de|para|fecha|enviado|asunto|assunto|data|von|an|datum|gesendet"
    r"|betreff|objet|envoye|a|da|oggetto|inviato)\s*:.*$"
    r"|^[\W_]*(?:-{2,}|_{3,}).*$|^.{0,60}\b(?:wrote|escribio|escreveu|a ecrit|schrieb|ha scritto)\s*:\s*$"
    r"|^\W*(?:begin )?(?:forwarded|original) message\W*$",
    re.MULTILINE,
)
_DATES = frozenset({"date", "sent", "fecha", "enviado", "data", "datum", "gesendet", "envoye", "inviato"})
_QUOTED = re.compile(r"\"(?P<double>[^\"\n]{15,600})\"|(?<!\w)'(?P<single>[^'\n]{15,600})'(?!\w)")
_POINTS = re.compile(
    r"\b(?:answer|reply|respond|say|tell (?:them|him|her)|contesto|respondo|digo|responder|repond\w*|reponse"
    r"|antworte\w*|sage ich|rispond\w*|dico)\b"
)
_PLEA = re.compile(r"^(?:can|could|would|will|may|puedes|podrias|podes|pode|peux|pouvez|kannst|konnen|puoi|potresti)\b")


def without_headers(heard: Heard) -> Heard:
    """The message without the lines that a mail program put there: who wrote it, when, about what."""
    if "\n" not in heard.folded or not (found := list(_HEADER.finditer(heard.folded))):
        return heard
    text = heard.text
    for each in reversed(found):
        kept = _told_by(heard, *each.span())
        text = text[: each.start()] + kept + text[each.end() :]
    text = re.sub(r"\s*\n\s*", "\n", text).strip()
    rest = heard.worded(text)
    return rest if len(rest.folded.split()) > 2 else heard


def _told_by(heard: Heard, start: int, end: int) -> str:
    """What a header line tells of the matter: a shop that writes, or a subject with figures; else nothing."""
    label, colon, value = heard.text[start:end].partition(":")
    inside = any(start <= each.span[0] < end for each in heard.names)
    if not colon or inside or "@" in value or fold(label).strip() in _DATES:
        return ""
    who = fold(label).strip() in ("from", "de", "von", "da")
    return value.strip() if who or re.search(r"\d", value) else ""


def without_quoted(heard: Heard) -> Heard:
    """The question that stands beside a quotation; the message as it is where what is asked stands in the quotation."""
    found = _QUOTED.search(heard.folded)
    if found is None:
        return heard
    after = heard.clause(found.end(), len(heard.text))
    lead = re.match(LEAD_IN, after.folded)
    asks = QUESTION.match(after.folded) or after.folded.rstrip().endswith("?")
    plea = _PLEA.match(after.folded) or (lead and _PLEA.search(after.folded[: lead.end()]))
    if _POINTS.search(after.folded):
        return heard  # "what do I answer?": to what stands there
    return after if asks and not plea and len(content_in(after, after.spans())) > 1 else heard
