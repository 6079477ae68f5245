"""Mails that are handed on: whose words are whose, without headers, without what is only quoted."""

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


_MARKED = re.compile(r"^\s*(?:>|&gt;)+\s?")
_SUBJECT = re.compile(r"^\W*(?:fwd?|re|tr|rv|wg|aw|enc)\s*:\s*(?P<subject>.*)$")
_BEGINS = re.compile(
    r"^\W*(?:from|de|von|da)\s*:\s*\S|^[\W_]*(?:-{3,}|_{3,})|^.{0,80}\b(?:wrote|escribio|escreveu|a ecrit|schrieb"
    r"|ha scritto)\s*:\s*$"
)
"""The first line of a mail that stands below one's own words."""
_POINTING = re.compile(
    r"^\W*(?:(?:please )?see (?:below|attached)|as below|fyi|zur info|para info|pour info|per info)\W*"
)


def handed_on(heard: Heard) -> tuple[Heard, Heard] | None:
    """(one's own words, these and the mail below or above them) of a message that hands on a mail, else None."""
    own: list[str] = []
    theirs: list[str] = []
    subject: list[str] = []
    below = False
    for line in heard.turn.text.splitlines():
        marked = _MARKED.match(line)
        below = below or bool(own and not marked and _BEGINS.match(fold(line)))
        if marked or below:
            theirs.append(line[marked.end() :] if marked else line)
        elif not own and not theirs and (found := _SUBJECT.match(fold(line))):
            subject.append(line[found.start("subject") :])
        elif line.strip():
            own.append(line)
    mine = heard.worded("\n".join(own))
    mine = mine.clause(pointing.end(), len(mine.text)) if (pointing := _POINTING.match(mine.folded)) else mine
    if not theirs or not mine.folded:
        return None
    return mine, heard.worded("\n".join([mine.text, *theirs, *subject]))


def without_headers(heard: Heard) -> Heard:
    """The message without the lines that a mail program put there: who wrote it, when, about what."""
    if "\n" not in heard.folded or not (found := list(_HEADER.finditer(heard.folded))):
        return heard
    text = heard.text
    mailed = any(_BEGINS.match(line) for line in heard.folded.splitlines())
    for each in reversed(found):
        kept = _told_by(heard, *each.span(), mailed=mailed)
        text = text[: each.start()] + kept + text[each.end() :]
    text = re.sub(r"\s*\n\s*", "\n", text).strip()
    rest = heard.worded(text)
    return rest if len(rest.folded.split()) > 2 else heard


def _told_by(heard: Heard, start: int, end: int, *, mailed: bool) -> str:
    """What a header line tells of the matter: a shop that writes, a subject with figures; else nothing.

    mailed  whether a mail was handed on, whose day is when it was sent; that of a receipt is told
    """
    label, colon, value = heard.text[start:end].partition(":")
    inside = any(start <= each.span[0] < end for each in heard.names)
    if not colon or inside or "@" in value or (mailed and fold(label).strip(" >") in _DATES):
        return ""
    who = fold(label).strip() in ("from", "de", "von", "da")
    return f"{label.strip(' >')} {value.strip()}" if who else value.strip() if re.search(r"\d", value) else ""


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
